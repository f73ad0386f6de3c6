//! Comparisons of two measurements.

use super::headline::{fit_settings, points, trend_at, trend_line, trend_notes};
use super::{horizon_intervals_note, left_out_note, subtitle};
use crate::figure::headline::percent;
use crate::figure::{ComparedVersion, Comparison, Scale};
use crate::measure::Measurement;

impl Comparison {
    /// Horizons and trends of `first` and `second`, each with the name of its runs.
    pub fn of(
        first: (&Measurement, &str),
        second: (&Measurement, &str),
        probability: f64,
        scale: Scale,
    ) -> Self {
        let both = [first, second];
        let mut notes = Vec::new();
        for (measurement, name) in both {
            let trend = trend_at(measurement, probability);
            let own = trend.iter().flat_map(trend_notes);
            let all = left_out_note(measurement).into_iter().chain(own);
            notes.extend(all.map(|note| format!("{name}: {note}")));
        }
        let intervals = horizon_intervals_note(first.0).or(horizon_intervals_note(second.0));
        notes.extend(intervals);
        let reliability = percent(probability);
        Self {
            title: format!(
                "Horizons at {reliability} by {} and by {}",
                first.1, second.1
            ),
            subtitle: both
                .map(|(measurement, name)| subtitle(measurement, name))
                .join("; "),
            notes,
            probability,
            scale,
            first: version(first, probability),
            second: version(second, probability),
        }
    }
}

fn version((measurement, name): (&Measurement, &str), probability: f64) -> ComparedVersion {
    let trend = trend_at(measurement, probability);
    ComparedVersion {
        name: name.to_owned(),
        points: points(measurement, trend.as_ref(), probability),
        settings: fit_settings(measurement, trend.as_ref()),
        trend: trend.and_then(|trend| trend_line(&trend, &measurement.release_days)),
    }
}
