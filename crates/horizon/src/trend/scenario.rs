//! Lines that go on from the newest leader at a given pace.

use std::f64::consts::LN_2;

use serde::Serialize;

use super::growth::{Arrival, Growth};
use super::leaders::{Leaders, Release, ShortHorizons, TrendError, Window};
use super::line::Line;
use crate::horizon::Horizon;

/// Mean length of a month, for doubling times told in months.
pub const DAYS_PER_MONTH: f64 = 365.25 / 12.0;

/// Growth from the newest leading agent on, with a doubling time that was chosen, not fitted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scenario {
    /// The doubling time in days.
    pub doubling_days: f64,
    /// The agent that it starts from.
    pub agent: String,
    /// Its release day, from 1970-01-01.
    pub from_day: f64,
    /// Its horizon in minutes.
    pub from_minutes: f64,
    /// The line, of use from `from_day` on.
    pub line: Line,
}

/// A scenario for every doubling time that is a finite number of days above zero, from the newest
/// leading agent whose horizon a trend can use; where several came out on one day, the last by
/// name.
///
/// # Errors
/// A release day that is no number, or no leading agent.
pub fn scenarios(
    releases: &[Release],
    window: Window,
    doubling_days: &[f64],
) -> Result<Vec<Scenario>, TrendError> {
    let leaders = Leaders::of(releases, window, ShortHorizons::LeaveOut)?;
    let newest = leaders.points.last();
    let newest = newest.ok_or(TrendError::TooFewPoints { found: 0 })?;
    let possible = |days: &&f64| days.is_finite() && **days > 0.0;
    let scenario = |&doubling_days: &f64| {
        let slope_per_day = LN_2 / doubling_days;
        Scenario {
            doubling_days,
            agent: newest.agent.clone(),
            from_day: newest.day,
            from_minutes: newest.ln_minutes.exp(),
            line: Line {
                slope_per_day,
                intercept: newest.ln_minutes - slope_per_day * newest.day,
                r_squared: None,
            },
        }
    };
    Ok(doubling_days
        .iter()
        .filter(possible)
        .map(scenario)
        .collect())
}

impl Scenario {
    /// Horizons on given days, without those before the start.
    #[must_use]
    pub fn points(&self, days: &[f64]) -> Vec<(f64, Horizon)> {
        let later = days.iter().filter(|&&day| day >= self.from_day);
        later.map(|&day| (day, self.line.horizon(day))).collect()
    }

    /// When the horizon reaches a target in minutes. A target that the newest leader has passed
    /// was reached on a day before its own.
    #[must_use]
    pub fn arrival(&self, target_minutes: f64) -> Arrival {
        Growth::Exponential(self.line).arrival(target_minutes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_doubles_at_its_pace_from_the_newest_leader() {
        let releases = [("a", 0.0, 4.0), ("b", 100.0, 8.0), ("weak", 150.0, 1.0)].map(
            |(agent, day, minutes)| Release {
                agent: agent.into(),
                day,
                horizon: Horizon::from_minutes(minutes),
                replicates_minutes: Vec::new(),
            },
        );
        let paces = [4.0 * DAYS_PER_MONTH, 50.0, -1.0, f64::NAN];
        let found = scenarios(&releases, Window::default(), &paces).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].agent, "b");
        let points = found[1].points(&[0.0, 100.0, 200.0]);
        let minutes: Vec<f64> = points
            .iter()
            .map(|point| point.1.minutes().unwrap())
            .collect();
        assert!((minutes[0] - 8.0).abs() < 1e-9 && (minutes[1] - 32.0).abs() < 1e-9);
        let Arrival::Day(day) = found[1].arrival(64.0) else {
            panic!("{found:?}");
        };
        assert!((day - 250.0).abs() < 1e-9);
        let nobody = scenarios(&[], Window::default(), &paces);
        assert_eq!(nobody, Err(TrendError::TooFewPoints { found: 0 }));
    }
}
