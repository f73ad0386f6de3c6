//! One agent against the trend of those released before it.

use serde::Serialize;
use thiserror::Error;

use super::contrast::{Contrast, Tally};
use crate::horizon::Horizon;
use crate::trend::{
    Leaders, Line, Release, SHORTEST_MINUTES, ShortHorizons, TrendError, Window, trend,
};

/// An agent's horizon beside what the trend of earlier agents says of its day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgainstTrend {
    /// The agent.
    pub agent: String,
    /// Its release day, from 1970-01-01.
    pub day: f64,
    /// The earlier releases that were looked at.
    pub window: Window,
    /// The agents whose trend it is, by day and name: those that led when they came out.
    pub frontier: Vec<String>,
    /// Their line.
    pub line: Line,
    /// The agent's horizon.
    pub horizon: Horizon,
    /// What the line says of its day.
    pub predicted: Horizon,
    /// Horizon divided by prediction, with the interval of the replicates.
    pub ratio: Contrast,
    /// In how many replicates the horizon is longer than predicted.
    pub tally: Tally,
    /// Two-sided p-value of a horizon on the trend: see [`Tally::p_value`]. It knows the noise of
    /// tasks and runs, in the agent and in the trend, but not how agents scatter around a trend.
    pub p_value: Option<f64>,
    /// Replicates without a horizon of the agent, or without a line.
    pub missing: usize,
    /// Replicates in which the agent's horizon is infinite; left out, as in METR's comparison.
    pub infinite: usize,
    /// Replicates in which it is below [`SHORTEST_MINUTES`]; left out likewise.
    pub too_short: usize,
}

/// Why an agent cannot be compared with a trend.
#[derive(Debug, Clone, PartialEq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AgainstTrendError {
    /// No release has that name.
    #[error("no release of agent `{agent}` is known; give its release date")]
    NoRelease {
        /// The name.
        agent: String,
    },
    /// The earlier agents have no trend.
    #[error("the agents before `{agent}` have no trend: {source}")]
    NoTrend {
        /// The agent that was to be compared.
        agent: String,
        /// Why there is none.
        source: TrendError,
    },
}

/// Compares an agent with the trend of all agents released before its day, from `from_day` on.
/// As METR's `compare_trend` does, every replicate compares the agent's replicate with the line
/// through the same replicate of the others.
///
/// # Errors
/// An agent without a release, or too few agents before it for a trend.
pub fn against_trend(
    releases: &[Release],
    agent: &str,
    from_day: Option<f64>,
    short_horizons: ShortHorizons,
) -> Result<AgainstTrend, AgainstTrendError> {
    let of_agent = releases.iter().find(|release| release.agent == agent);
    let newest = of_agent.ok_or_else(|| AgainstTrendError::NoRelease {
        agent: agent.to_owned(),
    })?;
    let window = Window {
        from_day,
        before_day: Some(newest.day),
    };
    let no_trend = |source| AgainstTrendError::NoTrend {
        agent: agent.to_owned(),
        source,
    };
    let earlier = trend(releases, window, short_horizons).map_err(no_trend)?;
    let leaders = Leaders::of(releases, window, short_horizons).map_err(no_trend)?;

    let (mut missing, mut infinite, mut too_short) = (0, 0, 0);
    let mut ratios = Vec::with_capacity(newest.replicates_minutes.len());
    for (index, minutes) in newest.replicates_minutes.iter().enumerate() {
        match (*minutes, leaders.replicate_line(index)) {
            (None, _) | (_, None) => missing += 1,
            (Some(minutes), _) if minutes.is_infinite() => infinite += 1,
            (Some(minutes), _) if minutes < SHORTEST_MINUTES => too_short += 1,
            (Some(minutes), Some(line)) => {
                match ratio(Horizon::from_minutes(minutes), line, newest.day) {
                    Some(ratio) => ratios.push(ratio),
                    None => missing += 1,
                }
            }
        }
    }
    let tally = Tally::of(ratios.iter().map(|&ratio| (ratio, 1.0)));
    Ok(AgainstTrend {
        agent: newest.agent.clone(),
        day: newest.day,
        window,
        frontier: earlier.frontier,
        line: earlier.line,
        horizon: newest.horizon,
        predicted: earlier.line.horizon(newest.day),
        ratio: Contrast::of(
            ratio(newest.horizon, earlier.line, newest.day),
            ratios.iter().copied(),
        ),
        tally,
        p_value: tally.p_value(),
        missing,
        infinite,
        too_short,
    })
}

/// A horizon divided by a line's, where that is a number.
fn ratio(horizon: Horizon, line: Line, day: f64) -> Option<f64> {
    let ratio = horizon.minutes()? / line.horizon(day).minutes()?;
    (!ratio.is_nan()).then_some(ratio)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_horizon_is_held_against_the_line_of_the_same_replicate() {
        let release = |agent: &str, day, minutes: f64, replicates: [Option<f64>; 5]| Release {
            agent: agent.to_owned(),
            day,
            horizon: Horizon::from_minutes(minutes),
            replicates_minutes: replicates.to_vec(),
        };
        let (same, none) = (Some(1.0), None);
        let releases = [
            release(
                "new",
                20.0,
                8.0,
                [Some(8.0), Some(4.0), Some(f64::INFINITY), Some(1e-4), same],
            ),
            release("old", 0.0, 1.0, [same, same, same, same, none]),
            release(
                "middle",
                10.0,
                2.0,
                [Some(2.0), Some(4.0), same, same, same],
            ),
            release("later", 30.0, 1e6, [none; 5]),
        ];
        let find = |agent| against_trend(&releases, agent, None, ShortHorizons::LeaveOut);
        let found = find("new").unwrap();
        assert_eq!(found.frontier, ["old", "middle"]);
        assert!((found.predicted.minutes().unwrap() - 4.0).abs() < 1e-12);
        assert!((found.ratio.estimate.unwrap() - 2.0).abs() < 1e-12);
        // 8 against 4, and 4 against 16.
        assert!((found.ratio.median.unwrap() - 1.125).abs() < 1e-12);
        assert_eq!((found.tally.wins, found.tally.losses), (1, 1));
        assert_eq!((found.missing, found.infinite, found.too_short), (1, 1, 1));

        assert!(matches!(
            find("nobody"),
            Err(AgainstTrendError::NoRelease { .. })
        ));
        let error = find("middle").unwrap_err();
        assert!(
            error.to_string().contains("`middle` have no trend"),
            "{error}"
        );
    }
}
