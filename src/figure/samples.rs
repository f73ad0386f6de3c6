//! Figures for tests. Every number and every model here is made up.
//!
//! Shared with the snapshot tests, which include this file: the types come from the parent module,
//! whichever that is.

use super::{
    BandPoint, CurveBin, CurvePanel, Curves, Day, Estimate, Extent, FitSettings, Headline,
    HeadlinePoint, LogisticCurve, TrendLine,
};

fn estimate(minutes: f64, spread: f64) -> Estimate {
    Estimate {
        value: Extent::Minutes(minutes),
        low: Extent::Minutes(minutes / spread),
        high: Extent::Minutes(minutes * spread),
    }
}

fn settings(models: usize) -> FitSettings {
    FitSettings {
        lambda: Some(1e-5),
        weighting: Some("1/√family".to_owned()),
        models,
        tasks: 169,
        estimated_tasks: 48,
        task_range_minutes: Some((0.03, 960.0)),
        level: 0.95,
    }
}

/// `count` models that double every 200 days from 2019 on, ever more crowded, in three groups.
pub(crate) fn dated(count: i32) -> Headline {
    let first = 17_950;
    let point = |number: i32| {
        let last = (count - 1).max(1);
        let group = usize::try_from(number % 3).unwrap_or(0);
        let released = Day(first + 2_600 * number * (2 * last - number) / (last * last));
        let wobble = f64::from(number * 37 % 11 - 5) / 4.0;
        let doublings = f64::from(released.0 - first) / 200.0 + wobble;
        HeadlinePoint {
            label: format!(
                "Made-up {}{number}",
                ["Alpha ", "B", "Gamma Long Name "][group]
            ),
            released: Some(released),
            p50: estimate(0.05 * doublings.exp2(), 1.6 + f64::from(number % 4) * 0.4),
            frontier: number % 3 != 1,
            group: Some(["Lab One", "Lab Two", "Lab Three"][group].to_owned()),
            remark: None,
        }
    };
    let band = (0..=40)
        .map(|step| {
            let day = first - 200 + step * 85;
            let middle = 0.05 * (f64::from(day - first) / 200.0).exp2();
            let spread = 1.3 + f64::from((step - 20).abs()) * 0.06;
            BandPoint {
                day: Day(day),
                low_minutes: middle / spread,
                high_minutes: middle * spread,
            }
        })
        .collect();
    let slope_ln_per_day = 2f64.ln() / 200.0;
    Headline {
        title: "Length of tasks that models complete with 50 % reliability".to_owned(),
        subtitle: "169 made-up software tasks, timed by people who do not exist".to_owned(),
        notes: vec!["Source: made up for a test.".to_owned()],
        points: (0..count).map(point).collect(),
        trend: Some(TrendLine {
            slope_ln_per_day,
            intercept_ln_minutes: 0.05f64.ln() - slope_ln_per_day * f64::from(first),
            r_squared: Some(0.97),
            doubling_days: Some(200.0),
            doubling_low_days: Some(168.0),
            doubling_high_days: Some(243.0),
            first: Day(first),
            last: Day(first + 2_600),
            band,
        }),
        settings: settings(count.unsigned_abs() as usize),
    }
}

/// The dated models with every odd case among them: off the axis on both sides, without a horizon,
/// without a date, and with an interval that has no end.
pub(crate) fn odd() -> Headline {
    let mut figure = dated(9);
    let none = Estimate {
        value: Extent::Undefined,
        low: Extent::Undefined,
        high: Extent::Undefined,
    };
    figure.points[1].p50.value = Extent::Below;
    figure.points[7].p50.value = Extent::Beyond;
    figure.points[5].p50.low = Extent::Below;
    figure.points[6].p50.high = Extent::Beyond;
    figure.points[4].p50 = none;
    figure.points[4].remark = Some("never succeeds".to_owned());
    figure.points[8].released = None;
    figure
}

/// `count` models without dates.
pub(crate) fn undated(count: i32) -> Headline {
    let mut figure = dated(count);
    for (number, point) in figure.points.iter_mut().enumerate() {
        point.released = None;
        point.group = None;
        point.frontier = true;
        point.label = format!("local/made-up-{number}b-instruct");
    }
    if count > 3 {
        figure.points[1].p50.high = Extent::Beyond;
        figure.points[2].p50 = Estimate {
            value: Extent::Below,
            low: Extent::Undefined,
            high: Extent::Undefined,
        };
        figure.points[3].p50.value = Extent::Undefined;
        figure.points[3].remark = Some("never succeeds".to_owned());
    }
    figure.trend = None;
    figure
}

/// `count` panels; the last but one fails everything and the last succeeds at everything.
pub(crate) fn curves(count: i32) -> Curves {
    let panel = |number: i32| {
        let (all_fail, all_succeed) = (
            count > 2 && number == count - 2,
            count > 2 && number == count - 1,
        );
        let curve = LogisticCurve {
            slope: -0.6,
            intercept: f64::from(number % 7) * 0.9 + 0.5,
        };
        let crossing = |logit: f64| ((logit - curve.intercept) / curve.slope).exp2();
        let bins = (0..9)
            .map(|bin| {
                let (low, high) = (0.5 * 2.4f64.powi(bin), 0.5 * 2.4f64.powi(bin + 1));
                let wobble = f64::from((bin * 5 + number * 3) % 7 - 3) / 25.0;
                let rate = match (all_fail, all_succeed) {
                    (true, _) => 0.0,
                    (_, true) => 1.0,
                    _ => (curve.at((low * high).sqrt()) + wobble).clamp(0.0, 1.0),
                };
                CurveBin {
                    low_minutes: low,
                    high_minutes: high,
                    rate,
                    low: (rate - 0.12).max(0.0),
                    high: (rate + 0.12).min(1.0),
                    attempts: 6 + (bin * 31 % 40).unsigned_abs() as usize,
                }
            })
            .collect();
        let odd = |value| Estimate {
            value,
            low: Extent::Undefined,
            high: Extent::Undefined,
        };
        let (curve, verdict, p50, p80) = if all_fail {
            (
                None,
                Some("Fails every task: its horizon lies below the shortest one"),
                odd(Extent::Below),
                odd(Extent::Undefined),
            )
        } else if all_succeed {
            (
                None,
                Some("Succeeds at every task: its horizon lies beyond the longest one"),
                odd(Extent::Beyond),
                odd(Extent::Undefined),
            )
        } else {
            (
                Some(curve),
                None,
                estimate(crossing(0.0), 1.9),
                estimate(crossing(4f64.ln()), 2.3),
            )
        };
        CurvePanel {
            label: format!("Made-up model {number}"),
            n_tasks: 84,
            n_attempts: 420,
            curve,
            verdict_text: verdict.map(str::to_owned),
            bins,
            p50,
            p80,
        }
    };
    Curves {
        title: "Success by length of task".to_owned(),
        subtitle: "84 made-up tasks, five attempts each".to_owned(),
        notes: vec!["Source: made up for a test.".to_owned()],
        level: 0.95,
        panels: (0..count).map(panel).collect(),
    }
}
