//! Headline figures from a measurement.

use std::collections::BTreeMap;

use horizon::Trend;
use horizon::trend::ShortHorizons;

use super::{LEVEL, estimate, horizon_intervals_note, left_out_note, remark, subtitle};
use crate::figure::headline::{percent, short_name};
use crate::figure::{
    BandPoint, Day, Estimate, Extent, FitSettings, Headline, HeadlinePoint, NamedLine, Scale,
    TrendLine,
};
use crate::measure::{Measurement, PROBABILITIES, estimate_at, window_in_words};

/// The band reaches this far beyond the first and the last model, in days.
const BAND_MARGIN_DAYS: i32 = 270;
/// Distance of the band's points, in days.
const BAND_STEP_DAYS: usize = 15;

impl Headline {
    /// Horizons at a chance of success by release date, with their trend; other than at p50, with
    /// the trend of p50 for comparison. `source` names the runs.
    pub fn of(measurement: &Measurement, source: &str, probability: f64, scale: Scale) -> Self {
        let trend = trend_at(measurement, probability);
        let line = trend
            .as_ref()
            .and_then(|trend| trend_line(trend, &measurement.release_days));
        let main = PROBABILITIES[0];
        let reference = (probability != main)
            .then(|| trend_at(measurement, main))
            .flatten()
            .and_then(|trend| trend_line(&trend, &measurement.release_days))
            .and_then(|trend| named_line(&trend, main));
        let mut notes: Vec<String> = left_out_note(measurement).into_iter().collect();
        notes.extend(trend.iter().flat_map(trend_notes));
        notes.extend(horizon_intervals_note(measurement));
        let reliability = percent(probability);
        Self {
            title: format!("Length of tasks that models complete with {reliability} reliability"),
            subtitle: subtitle(measurement, source),
            notes,
            probability,
            scale,
            points: points(measurement, trend.as_ref(), probability),
            settings: fit_settings(measurement, trend.as_ref()),
            trend: line,
            lines: reference.into_iter().collect(),
        }
    }
}

/// The models from the longest horizon to the shortest, then those whose p50 is a published one.
pub(super) fn points(
    measurement: &Measurement,
    trend: Option<&Trend>,
    probability: f64,
) -> Vec<HeadlinePoint> {
    let is_leading = |agent: &String| trend.is_some_and(|trend| trend.frontier.contains(agent));
    let published = measurement.published.iter();
    let published = published.filter(|_| probability == PROBABILITIES[0]);
    let published = published.map(|horizon| HeadlinePoint {
        label: format!("{} (published)", horizon.model),
        released: measurement
            .release_days
            .get(&horizon.model)
            .copied()
            .map(Day),
        horizon: Estimate {
            value: Extent::Minutes(horizon.p50_minutes),
            low: Extent::Undefined,
            high: Extent::Undefined,
        },
        frontier: is_leading(&horizon.model),
        group: None,
        remark: None,
    });
    measurement
        .by_horizon()
        .into_iter()
        .map(|(_, agent)| HeadlinePoint {
            label: agent.agent.clone(),
            released: measurement.release_days.get(&agent.agent).copied().map(Day),
            horizon: estimate(estimate_at(agent, probability)),
            frontier: is_leading(&agent.agent),
            group: None,
            remark: remark(&agent.fit).map(str::to_owned),
        })
        .chain(published)
        .collect()
}

/// The trend at a chance of success, in the window of the measurement's own trend.
pub(super) fn trend_at(measurement: &Measurement, probability: f64) -> Option<Trend> {
    let main = measurement.trend.as_ref().ok()?;
    if probability == PROBABILITIES[0] {
        return Some(main.clone());
    }
    let releases = measurement.analysis.releases(probability, |agent| {
        measurement.release_days.get(agent).map(|&day| day.into())
    });
    horizon::trend(&releases, main.window, ShortHorizons::LeaveOut).ok()
}

/// A trend between its first and its last model, for another figure.
fn named_line(trend: &TrendLine, probability: f64) -> Option<NamedLine> {
    let at = |day: Day| {
        let ln = trend.intercept_ln_minutes + trend.slope_ln_per_day * f64::from(day.0);
        (day, ln.exp())
    };
    let name = short_name(probability);
    Some(NamedLine {
        label: format!(
            "trend of {name}, doubling in {:.0} days",
            trend.doubling_days?
        ),
        points: vec![at(trend.first), at(trend.last)],
    })
}

pub(super) fn trend_line(trend: &Trend, release_days: &BTreeMap<String, i32>) -> Option<TrendLine> {
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

pub(super) fn fit_settings(measurement: &Measurement, trend: Option<&Trend>) -> FitSettings {
    let settings = &measurement.analysis.settings;
    FitSettings {
        lambda: Some(settings.lambda.value()),
        weighting: Some(settings.weighting.name().to_owned()),
        models: trend.map_or(measurement.analysis.agents.len(), |trend| {
            trend.fitted().count()
        }),
        tasks: measurement.sources.tasks,
        estimated_tasks: measurement.sources.estimated,
        unknown_tasks: measurement.sources.unknown,
        estimated_share: measurement.estimated_share(),
        task_range_minutes: measurement.task_range_minutes(),
        level: LEVEL,
    }
}

/// Which models the trend goes through, as far as a reader cannot see it.
pub(super) fn trend_notes(trend: &Trend) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(window) = window_in_words(trend.window) {
        notes.push(format!("Trend through models released {window}."));
    }
    if !trend.left_out.is_empty() {
        let names = trend.left_out.join(", ");
        notes.push(format!(
            "Not in the trend, for want of a finite horizon: {names}."
        ));
    }
    notes
}
