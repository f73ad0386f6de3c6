//! From a measurement to figures.

use std::collections::BTreeMap;

use horizon::analysis::{AgentSummary, HorizonEstimate};
use horizon::bins::{default_edges_minutes, success_by_length};
use horizon::{Fit, Horizon, Trend};

use super::{
    BandPoint, CurveBin, CurvePanel, Curves, Day, Estimate, Extent, FitSettings, Headline,
    HeadlinePoint, LogisticCurve, TrendLine,
};
use crate::measure::{Measurement, estimate_at, window_in_words};

/// Coverage of every interval in the figures; that of the bootstrap's and Wilson's.
const LEVEL: f64 = 0.95;
/// The band reaches this far beyond the first and the last model, in days.
const BAND_MARGIN_DAYS: i32 = 270;
/// Distance of the band's points, in days.
const BAND_STEP_DAYS: usize = 15;

impl Headline {
    /// Horizons by release date, with the trend. `source` names the runs.
    pub fn of(measurement: &Measurement, source: &str) -> Self {
        let frontier: &[String] = measurement
            .trend
            .as_ref()
            .map(|trend| trend.frontier.as_slice())
            .unwrap_or_default();
        let points = measurement
            .by_horizon()
            .into_iter()
            .map(|(_, agent)| HeadlinePoint {
                label: agent.agent.clone(),
                released: measurement.release_days.get(&agent.agent).copied().map(Day),
                p50: estimate(estimate_at(agent, 0.5)),
                frontier: frontier.contains(&agent.agent),
                group: None,
                remark: remark(&agent.fit).map(str::to_owned),
            })
            .collect();
        let trend = measurement
            .trend
            .as_ref()
            .ok()
            .and_then(|trend| trend_line(trend, &measurement.release_days));
        Self {
            title: "Length of tasks that models complete with 50 % reliability".into(),
            subtitle: subtitle(measurement, source),
            notes: headline_notes(measurement),
            points,
            settings: fit_settings(measurement, trend.is_some()),
            trend,
        }
    }
}

impl Curves {
    /// Success by task length, model by model. `source` names the runs.
    pub fn of(measurement: &Measurement, source: &str) -> Self {
        let panels = measurement
            .by_horizon()
            .into_iter()
            .map(|(index, agent)| panel(measurement, index, agent));
        Self {
            title: "Success by length of task".into(),
            subtitle: subtitle(measurement, source),
            notes: left_out_note(measurement).into_iter().collect(),
            level: LEVEL,
            panels: panels.collect(),
        }
    }
}

fn panel(measurement: &Measurement, index: usize, agent: &AgentSummary) -> CurvePanel {
    let edges = default_edges_minutes(agent.shortest_minutes, agent.longest_minutes);
    let weighting = measurement.analysis.settings.weighting;
    // The edges are rising and positive by construction; without any there are no bins.
    let bins =
        success_by_length(&measurement.dataset, index, weighting, &edges).unwrap_or_default();
    CurvePanel {
        label: agent.agent.clone(),
        n_tasks: agent.tasks,
        n_attempts: agent.runs,
        curve: agent.fit.curve().map(|curve| LogisticCurve {
            slope: curve.slope,
            intercept: curve.intercept,
        }),
        verdict_text: remark(&agent.fit).map(str::to_owned),
        bins: bins
            .iter()
            .filter_map(|bin| {
                let rate = bin.rate?;
                Some(CurveBin {
                    low_minutes: bin.from_minutes,
                    high_minutes: bin.to_minutes,
                    rate: rate.success,
                    low: rate.low,
                    high: rate.high,
                    attempts: bin.runs,
                })
            })
            .collect(),
        p50: estimate(estimate_at(agent, 0.5)),
        p80: estimate(estimate_at(agent, 0.8)),
    }
}

fn extent(horizon: Horizon) -> Extent {
    match horizon {
        Horizon::Minutes(minutes) => Extent::Minutes(minutes),
        Horizon::BelowAll => Extent::Below,
        Horizon::BeyondAll => Extent::Beyond,
        Horizon::Undefined => Extent::Undefined,
    }
}

fn estimate(estimate: Option<&HorizonEstimate>) -> Estimate {
    let interval = estimate.and_then(|estimate| estimate.replicated.interval);
    let end = |end: Option<Horizon>| end.map_or(Extent::Undefined, extent);
    Estimate {
        value: end(estimate.map(|estimate| estimate.horizon)),
        low: end(interval.map(|interval| interval.low)),
        high: end(interval.map(|interval| interval.high)),
    }
}

/// Why a fit has no horizon, in words.
pub(crate) fn remark(fit: &Fit) -> Option<&'static str> {
    match fit {
        Fit::Converged(_) => None,
        Fit::Rising(_) => Some("success does not fall with length"),
        Fit::AllFail => Some("never succeeds"),
        Fit::AllSucceed => Some("always succeeds"),
        Fit::Separated { .. } => Some("succeeds up to a length and fails beyond"),
        Fit::OneLength { .. } => Some("all tasks have one length"),
        Fit::Unconverged(_) => Some("the fit did not converge"),
        Fit::NoData => Some("no attempts"),
    }
}

fn trend_line(trend: &Trend, release_days: &BTreeMap<String, i32>) -> Option<TrendLine> {
    let days: Vec<i32> = trend
        .fitted()
        .filter_map(|agent| release_days.get(agent).copied())
        .collect();
    let (first, last) = (*days.iter().min()?, *days.iter().max()?);
    let steps = (first - BAND_MARGIN_DAYS..=last + BAND_MARGIN_DAYS).step_by(BAND_STEP_DAYS);
    let band = steps
        .filter_map(|day| {
            let interval = trend.band(&[day.into()]).first()?.interval?;
            Some(BandPoint {
                day: Day(day),
                low_minutes: interval.low.minutes()?,
                high_minutes: interval.high.minutes()?,
            })
        })
        .collect();
    Some(TrendLine {
        slope_ln_per_day: trend.line.slope_per_day,
        intercept_ln_minutes: trend.line.intercept,
        r_squared: trend.line.r_squared,
        doubling_days: trend.doubling_days,
        doubling_low_days: trend.doubling_interval.map(|interval| interval.low_days),
        doubling_high_days: trend.doubling_interval.map(|interval| interval.high_days),
        first: Day(first),
        last: Day(last),
        band,
    })
}

fn fit_settings(measurement: &Measurement, has_trend: bool) -> FitSettings {
    let settings = &measurement.analysis.settings;
    let tasks = measurement.dataset.tasks();
    let lengths = tasks.iter().map(|task| task.human_minutes);
    let shortest = lengths.clone().fold(f64::INFINITY, f64::min);
    let longest = lengths.fold(0.0, f64::max);
    let trend = measurement.trend.as_ref().ok().filter(|_| has_trend);
    FitSettings {
        lambda: Some(settings.lambda.value()),
        weighting: Some(settings.weighting.name().to_owned()),
        models: trend.map_or(measurement.analysis.agents.len(), |trend| {
            trend.fitted().count()
        }),
        tasks: measurement.sources.tasks,
        estimated_tasks: measurement.sources.estimated,
        task_range_minutes: (shortest <= longest).then_some((shortest, longest)),
        level: LEVEL,
    }
}

fn subtitle(measurement: &Measurement, source: &str) -> String {
    let runs: usize = measurement
        .analysis
        .agents
        .iter()
        .map(|agent| agent.runs)
        .sum();
    format!(
        "{source}: {runs} attempts at {} tasks of {} families",
        measurement.sources.tasks,
        measurement.dataset.families().len()
    )
}

fn left_out_note(measurement: &Measurement) -> Option<String> {
    let left_out = measurement.left_out.in_words();
    (!left_out.is_empty()).then(|| format!("Left out: {}.", left_out.join(", ")))
}

fn headline_notes(measurement: &Measurement) -> Vec<String> {
    let mut notes: Vec<String> = left_out_note(measurement).into_iter().collect();
    if let Ok(trend) = &measurement.trend {
        if let Some(window) = window_in_words(trend.window) {
            notes.push(format!("Trend through models released {window}."));
        }
        if !trend.left_out.is_empty() {
            let names = trend.left_out.join(", ");
            notes.push(format!(
                "Not in the trend, for want of a finite horizon: {names}."
            ));
        }
    }
    notes
}
