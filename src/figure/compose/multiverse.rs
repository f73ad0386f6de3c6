//! The multiverse from a measurement.

use horizon::multiverse::SourceSpread;
use horizon::quantile::quantile;
use horizon::trend::{Arrival, Growth, Line};

use super::subtitle;
use crate::figure::{Multiverse, Quantity, Spread, human_time};
use crate::measure::{self, Measurement};

/// The shares at which a row's box and whiskers lie.
const SHARES: [f64; 5] = [0.1, 0.25, 0.5, 0.75, 0.9];

impl Multiverse {
    /// When the trend reaches the target of `spreads`, by what varies. `source` names the runs.
    pub fn of(measurement: &Measurement, spreads: &measure::Multiverse, source: &str) -> Self {
        let target = spreads.settings.target_minutes;
        let rows = spreads.sources.iter().map(|spread| row(spread, target));
        let (overall, components) = rows.partition(|row| row.label == "everything");
        let trend = measurement.trend.as_ref().ok();
        let reference = trend.map(|trend| arrival_day(trend.line, target));
        let reference = reference.filter(|day| day.is_finite());
        Self {
            title: "What moves the trend".into(),
            subtitle: subtitle(measurement, source),
            notes: vec![format!(
                "Each row varies one thing and keeps the others; weighting and λ over {} settings.",
                spreads.settings.weightings.len() * spreads.settings.lambdas.len()
            )],
            quantity: Quantity::Date(format!(
                "Date on which the trend of p50 reaches {}",
                human_time::format_minutes(target)
            )),
            reference,
            overall,
            components,
        }
    }
}

/// One source. Universes that never reach the target count as later than all others.
fn row(spread: &SourceSpread, target_minutes: f64) -> Spread {
    let lines = spread.lines.iter();
    let mut days: Vec<f64> = lines
        .map(|line| arrival_day(*line, target_minutes))
        .collect();
    days.sort_by(f64::total_cmp);
    Spread {
        label: spread.source.replace('_', " "),
        draws: spread.universes,
        never: spread.never,
        quantiles: SHARES.map(|share| quantile(&days, share).filter(|day| day.is_finite())),
    }
}

/// The day on which a line reaches the target; infinite where it never does.
fn arrival_day(line: Line, target_minutes: f64) -> f64 {
    match Growth::Exponential(line).arrival(target_minutes) {
        Arrival::Day(day) => day,
        Arrival::Never => f64::INFINITY,
        Arrival::Always => f64::NEG_INFINITY,
    }
}
