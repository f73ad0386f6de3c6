//! Figures for tests. Every number and every model here is made up.
//!
//! Shared with the snapshot tests, which include this file: the types come from the parent module,
//! whichever that is.

use super::{
    BandPoint, BudgetCurve, BudgetLine, BudgetStep, BudgetUnit, ComparedVersion, Comparison,
    CurveBin, CurvePanel, Curves, Day, Estimate, Extent, FitSettings, Headline, HeadlinePoint,
    LengthPart, LogisticCurve, Multiverse, NamedLine, Quantity, ResidualBin, ResidualPanel,
    Residuals, Scale, Spread, TaskDot, TaskLengths, TrendLine,
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
        unknown_tasks: 0,
        estimated_share: None,
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
            horizon: estimate(0.05 * doublings.exp2(), 1.6 + f64::from(number % 4) * 0.4),
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
        probability: 0.5,
        scale: Scale::Log,
        points: (0..count).map(point).collect(),
        lines: Vec::new(),
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
    figure.points[1].horizon.value = Extent::Below;
    figure.points[7].horizon.value = Extent::Beyond;
    figure.points[5].horizon.low = Extent::Below;
    figure.points[6].horizon.high = Extent::Beyond;
    figure.points[4].horizon = none;
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
        figure.points[1].horizon.high = Extent::Beyond;
        figure.points[2].horizon = Estimate {
            value: Extent::Below,
            low: Extent::Undefined,
            high: Extent::Undefined,
        };
        figure.points[3].horizon.value = Extent::Undefined;
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

/// The dated models on a linear axis, with what two scenarios make of their trend.
pub(crate) fn linear(count: i32) -> Headline {
    let mut figure = dated(count);
    figure.scale = Scale::Linear;
    let trend_at = |day: i32| 0.05 * (f64::from(day - 17_950) / 200.0).exp2();
    let scenario = |label: &str, doubling_days: f64| NamedLine {
        label: label.to_owned(),
        points: (0..=4)
            .map(|step| (20_550 + 90 * step, f64::from(90 * step)))
            .map(|(day, later)| (Day(day), trend_at(20_550) * (later / doubling_days).exp2()))
            .collect(),
    };
    figure.lines = vec![
        scenario("if it doubles every 100 days", 100.0),
        scenario("if it doubles every 400 days", 400.0),
    ];
    figure
}

/// The dated models at 80 %, with the trend at 50 % for comparison.
pub(crate) fn p80(count: i32) -> Headline {
    let mut figure = dated(count);
    figure.title = "Length of tasks that models complete with 80 % reliability".to_owned();
    figure.probability = 0.8;
    figure.lines = vec![NamedLine {
        label: "trend of p50, doubling in 200 days".to_owned(),
        points: [17_950, 20_550]
            .map(|day| (Day(day), 0.25 * (f64::from(day - 17_950) / 200.0).exp2()))
            .to_vec(),
    }];
    figure
}

/// `count` panels of residuals; the last has no curve.
pub(crate) fn residuals(count: i32) -> Residuals {
    let panel = |number: i32| {
        let curve = (count < 3 || number < count - 1).then_some(LogisticCurve {
            slope: -0.6,
            intercept: f64::from(number % 7) * 0.9 + 0.5,
        });
        let tasks: Vec<TaskDot> = (0..84)
            .map(|task| {
                let human_minutes = 0.5 * 1.1f64.powi(task);
                let wobble = f64::from((task * 7 + number * 3) % 11 - 5) / 12.0;
                let success = curve.map_or(0.0, |curve| curve.at(human_minutes) + wobble);
                TaskDot {
                    human_minutes,
                    success: (success.clamp(0.0, 1.0) * 8.0).round() / 8.0,
                    weight: [1.0, 0.5, 0.25][(task % 3).unsigned_abs() as usize],
                }
            })
            .collect();
        let bins = (0..9)
            .filter(|_| curve.is_some())
            .map(|bin| ResidualBin {
                low_minutes: 0.5 * 2.4f64.powi(bin),
                high_minutes: 0.5 * 2.4f64.powi(bin + 1),
                residual: f64::from((bin * 5 + number * 3) % 7 - 3) / 20.0,
                standard_error: (bin > 0).then_some(0.04 + 0.01 * f64::from(bin)),
                tasks: 9,
            })
            .collect();
        ResidualPanel {
            label: format!("Made-up model {number}"),
            n_attempts: 672,
            curve,
            verdict_text: curve.is_none().then(|| "never succeeds".to_owned()),
            fit_text: curve.map(|_| "explains 31 % of the deviance".to_owned()),
            tasks,
            bins,
        }
    };
    Residuals {
        title: "Success of tasks, and what the fitted curve leaves over".to_owned(),
        subtitle: "84 made-up tasks, eight attempts each".to_owned(),
        notes: vec!["Source: made up for a test.".to_owned()],
        panels: (0..count).map(panel).collect(),
    }
}

/// Tasks of `count` families by length, and of others; from two families on with an earlier version.
pub(crate) fn task_lengths(count: i32) -> TaskLengths {
    let part = |number: i32, label: String| LengthPart {
        label,
        tasks: (0..16)
            .map(|bar| (6 - (bar - 3 - number).abs()).max(0).unsigned_abs() as usize)
            .collect(),
    };
    let edges_minutes = [1.0, 2.0, 4.0, 8.0, 15.0, 30.0]
        .into_iter()
        .map(|seconds| seconds / 60.0)
        .chain([
            1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0, 960.0,
        ]);
    TaskLengths {
        title: "Tasks by length".to_owned(),
        subtitle: "Made-up tasks, timed by people who do not exist".to_owned(),
        notes: vec!["Source: made up for a test.".to_owned()],
        edges_minutes: edges_minutes.collect(),
        parts: (0..count)
            .map(|number| part(number, format!("family-{number}")))
            .collect(),
        others: (count > 0).then(|| part(9, "12 other families".to_owned())),
        overlay: (count > 1).then(|| part(5, "the version before".to_owned())),
    }
}

/// Up to `count` models by two versions; every fourth is in only one of them.
pub(crate) fn comparison(count: i32) -> Comparison {
    let version = |name: &str, factor: f64, without: usize| {
        let mut figure = dated(count);
        for point in &mut figure.points {
            let minutes = point.horizon.value.minutes().unwrap_or(1.0) * factor;
            point.horizon = estimate(minutes, 2.0);
            if without == 3 && count > 5 && point.label.ends_with("B4") {
                point.horizon.value = Extent::Beyond;
            }
        }
        let mut number = 0;
        figure.points.retain(|_| {
            number += 1;
            number % 8 != without
        });
        if let Some(trend) = &mut figure.trend {
            trend.intercept_ln_minutes += factor.ln();
            for point in &mut trend.band {
                point.low_minutes *= factor;
                point.high_minutes *= factor;
            }
        }
        ComparedVersion {
            name: name.to_owned(),
            points: figure.points,
            trend: figure.trend,
            settings: figure.settings,
        }
    };
    Comparison {
        title: "Horizons at 50 % by two versions of the tasks".to_owned(),
        subtitle: "169 made-up software tasks before and after".to_owned(),
        notes: vec!["Source: made up for a test.".to_owned()],
        probability: 0.5,
        scale: Scale::Log,
        first: version("Version 1.0", 1.0, 0),
        second: version("Version 1.1", 2.5, 3),
    }
}

/// The same without dates.
pub(crate) fn undated_comparison(count: i32) -> Comparison {
    let mut figure = comparison(count);
    for version in [&mut figure.first, &mut figure.second] {
        version.trend = None;
        for point in &mut version.points {
            point.released = None;
        }
    }
    figure
}

/// `count` models by budget: one reaches beyond the tasks, one has no horizon at all.
pub(crate) fn budget(count: i32) -> BudgetCurve {
    let line = |number: i32| {
        let step = |step: i32| {
            let log10_tokens = 3.5 + 0.25 * f64::from(step) + 0.03 * f64::from(number % 4);
            let log2_minutes = f64::from(step) * 0.55 + f64::from(number * 7 % 41) * 0.17 - 4.0;
            let horizon = match (number, step) {
                (3, _) | (_, 0) => Extent::Below,
                (1, 13..) => Extent::Beyond,
                _ => Extent::Minutes(log2_minutes.exp2()),
            };
            BudgetStep {
                budget: 10f64.powf(log10_tokens),
                horizon,
            }
        };
        BudgetLine {
            label: format!("Made-up model {number}"),
            steps: (0..16).map(step).collect(),
        }
    };
    BudgetCurve {
        title: "Horizon at a budget of tokens".to_owned(),
        subtitle: "169 made-up software tasks".to_owned(),
        notes: vec!["Source: made up for a test.".to_owned()],
        probability: 0.5,
        unit: BudgetUnit::Tokens,
        lines: (0..count).map(line).collect(),
        task_range_minutes: Some((0.03, 960.0)),
    }
}

/// Dates by `count` sources of uncertainty, and two rows where all vary; one is often never reached.
pub(crate) fn multiverse(count: i32) -> Multiverse {
    let spread = |label: &str, median: f64, half_years: f64| Spread {
        label: label.to_owned(),
        draws: 1000,
        never: 0,
        quantiles: [-1.9, -0.8, 0.0, 1.0, 2.6].map(|z| Some(median + 365.0 * half_years * z)),
    };
    let mut often_never = spread("Overall, from 2024 on", 20_900.0, 1.2);
    often_never.never = 300;
    often_never.quantiles[3] = Some(24_000.0);
    often_never.quantiles[4] = None;
    let component = |number: i32| {
        let label = format!("Source of uncertainty {number}");
        let width = 0.05 + 0.2 * f64::from(number * 5 % 7);
        spread(&label, 21_500.0 + 40.0 * f64::from(number % 5), width)
    };
    Multiverse {
        title: "When the trend reaches one month of work".to_owned(),
        subtitle: "A thousand made-up analyses a row".to_owned(),
        notes: vec!["Source: made up for a test.".to_owned()],
        quantity: Quantity::Date(
            "Date on which the trend reaches one month of work (167 h)".to_owned(),
        ),
        reference: Some(21_480.0),
        overall: vec![spread("Overall, from 2019 on", 21_850.0, 1.0), often_never],
        components: (0..count).map(component).collect(),
    }
}

/// Doubling times in the same manner.
pub(crate) fn doubling_multiverse(count: i32) -> Multiverse {
    let mut figure = multiverse(count);
    figure.title = "Doubling time of the horizon".to_owned();
    figure.quantity = Quantity::DoublingDays("Doubling time in days".to_owned());
    figure.reference = Some(212.0);
    for row in figure.overall.iter_mut().chain(&mut figure.components) {
        let days = |day: f64| 212.0 + (day - 21_480.0) / 20.0;
        row.quantiles = row.quantiles.map(|quantile| quantile.map(days));
    }
    figure
}
