//! How well forecasts of the past came out.

use std::f64::consts::LN_2;

use serde::Serialize;

use super::forecast::{Forecast, forecast};
use super::growth::Shape;
use super::leaders::{Leaders, Point, Release, ShortHorizons, Window};
use super::predictive::Predictive;
use super::shape_fit::{GrowthError, fit_growth};
use crate::horizon::Horizon;
use crate::quantile::HorizonInterval;

/// One prediction beside what came.
///
/// Only agents that led when they came out are scored: what is forecast is the frontier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// The agent that came.
    pub agent: String,
    /// Its release day, from 1970-01-01.
    pub day: f64,
    /// Its horizon in minutes.
    pub actual_minutes: f64,
    /// What the curve said for that day.
    pub predicted: Horizon,
    /// The prediction interval; absent from a singularity on.
    pub interval: Option<HorizonInterval>,
    /// Doublings by which the actual horizon exceeds the predicted one; absent where that is
    /// infinite.
    pub error_doublings: Option<f64>,
    /// Whether the interval holds the actual horizon.
    pub covered: bool,
    /// ln of the density that the prediction gave to the actual ln minutes; larger is better.
    /// Absent where the prediction has no density there.
    pub log_score: Option<f64>,
}

/// Scores of several predictions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ScoreSummary {
    /// How many predictions.
    pub predictions: usize,
    /// Those among them that have an error, and a log score; the means are theirs.
    pub scored: usize,
    /// Mean of the errors in doublings: above zero where growth was underestimated.
    pub mean_error_doublings: f64,
    /// Mean size of the errors in doublings.
    pub mean_absolute_error_doublings: f64,
    /// Share of all predictions whose interval held what came.
    pub coverage: f64,
    /// Mean log score.
    pub mean_log_score: f64,
}

/// A forecast from one day, with all that came later.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Backtest {
    /// Last release day that the fit knew, from 1970-01-01.
    pub origin_day: f64,
    /// The fit.
    pub forecast: Forecast,
    /// One score for every later leading agent with a usable horizon.
    pub scores: Vec<Score>,
}

/// A day from which no forecast could be made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unfitted {
    /// The day, from 1970-01-01.
    pub origin_day: f64,
    /// Why not.
    pub reason: GrowthError,
}

/// Forecasts from every release day of a leading agent but the last.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RollingOrigin {
    /// The shape.
    pub shape: Shape,
    /// Origins that had a forecast, in order.
    pub origins: Vec<Backtest>,
    /// Origins that had none, in order.
    pub unfitted: Vec<Unfitted>,
    /// All scores together; absent without any.
    pub summary: Option<ScoreSummary>,
}

/// Fits a shape to what had come out up to and including a day, and scores it by what came after
/// within the window. Who leads is decided by what came before, so the past saw the same leaders.
///
/// # Errors
/// A release day that is no number, or points up to the day that do not determine the shape.
pub fn backtest(
    releases: &[Release],
    window: Window,
    shape: Shape,
    origin_day: f64,
) -> Result<Backtest, GrowthError> {
    let leaders = Leaders::of(releases, window, ShortHorizons::LeaveOut)?;
    let known: Vec<Release> = releases
        .iter()
        .filter(|release| release.day <= origin_day)
        .cloned()
        .collect();
    let forecast = forecast(&known, window, ShortHorizons::LeaveOut, shape)?;
    let scores = leaders
        .points
        .iter()
        .filter(|point| point.day > origin_day)
        .map(|point| {
            let predicted = forecast.fit.growth.ln_minutes(point.day);
            Score::of(point, predicted, forecast.predictive(point.day).as_ref())
        })
        .collect();
    Ok(Backtest {
        origin_day,
        forecast,
        scores,
    })
}

/// Back-tests from the release day of every leading agent but the last.
///
/// # Errors
/// A release day that is no number.
pub fn rolling_origin(
    releases: &[Release],
    window: Window,
    shape: Shape,
) -> Result<RollingOrigin, GrowthError> {
    let leaders = Leaders::of(releases, window, ShortHorizons::LeaveOut)?;
    let mut days: Vec<f64> = leaders.points.iter().map(|point| point.day).collect();
    days.dedup();
    days.pop();
    let (mut origins, mut unfitted) = (Vec::new(), Vec::new());
    for origin_day in days {
        match backtest(releases, window, shape, origin_day) {
            Ok(backtest) => origins.push(backtest),
            Err(reason) => unfitted.push(Unfitted { origin_day, reason }),
        }
    }
    let scores = origins.iter().flat_map(|origin| &origin.scores);
    Ok(RollingOrigin {
        shape,
        summary: ScoreSummary::of(scores),
        origins,
        unfitted,
    })
}

/// Scores each point by a fit to all others; `None` for a point without which the shape is not
/// determined.
pub(crate) fn leave_one_out(points: &[Point], shape: Shape) -> Vec<Option<Score>> {
    let score = |(index, point): (usize, &Point)| {
        let others: Vec<(f64, f64)> = points
            .iter()
            .enumerate()
            .filter(|&(other, _)| other != index)
            .map(|(_, point)| point.pair())
            .collect();
        let fit = fit_growth(&others, shape).ok()?;
        let predicted = fit.growth.ln_minutes(point.day);
        Some(Score::of(
            point,
            predicted,
            fit.predictive(point.day).as_ref(),
        ))
    };
    points.iter().enumerate().map(score).collect()
}

impl Score {
    fn of(actual: &Point, predicted: Option<f64>, predictive: Option<&Predictive>) -> Self {
        let minutes = actual.ln_minutes.exp();
        let interval = predictive.map(Predictive::interval);
        let within = |interval: HorizonInterval| {
            let (low, high) = (interval.low.minutes(), interval.high.minutes());
            low.is_some_and(|low| low <= minutes) && high.is_some_and(|high| minutes <= high)
        };
        Self {
            agent: actual.agent.clone(),
            day: actual.day,
            actual_minutes: minutes,
            predicted: predicted.map_or(Horizon::BeyondAll, |ln| Horizon::from_minutes(ln.exp())),
            interval,
            error_doublings: predicted.map(|ln| (actual.ln_minutes - ln) / LN_2),
            covered: interval.is_some_and(within),
            log_score: predictive.and_then(|known| known.ln_density(actual.ln_minutes)),
        }
    }
}

impl ScoreSummary {
    /// Sums up scores; `None` where none has both an error and a log score.
    pub(crate) fn of<'a>(scores: impl Iterator<Item = &'a Score>) -> Option<Self> {
        let (mut predictions, mut covered) = (0, 0);
        let (mut scored, mut error, mut size, mut log) = (0, 0.0, 0.0, 0.0);
        for score in scores {
            predictions += 1;
            covered += usize::from(score.covered);
            if let (Some(doublings), Some(log_score)) = (score.error_doublings, score.log_score) {
                scored += 1;
                error += doublings;
                size += doublings.abs();
                log += log_score;
            }
        }
        let count = scored as f64;
        (scored > 0).then(|| Self {
            predictions,
            scored,
            mean_error_doublings: error / count,
            mean_absolute_error_doublings: size / count,
            coverage: covered as f64 / predictions as f64,
            mean_log_score: log / count,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn releases() -> Vec<Release> {
        [0.1, 0.9, 2.1, 2.9, 4.0, 1.0, 5.2]
            .iter()
            .enumerate()
            .map(|(index, ln_minutes): (usize, &f64)| Release {
                agent: format!("a{index}"),
                day: 100.0 * index as f64,
                horizon: Horizon::from_minutes(ln_minutes.exp()),
                replicates_minutes: Vec::new(),
            })
            .collect()
    }

    #[test]
    fn the_past_is_scored_by_what_came() {
        let found = backtest(&releases(), Window::default(), Shape::Exponential, 400.0).unwrap();
        assert_eq!(found.forecast.points.len(), 5);
        // The agent of day 500 does not lead. The line says 5.92 for day 600, with a prediction
        // sd of 0.583352 / 3.182446; the density is that of scipy.stats.t(3, 5.92, sd).
        assert_eq!(found.scores.len(), 1);
        let score = &found.scores[0];
        assert_eq!(score.agent, "a6");
        assert!((score.error_doublings.unwrap() - -0.72 / LN_2).abs() < 1e-9);
        assert!(!score.covered);
        assert!(
            (score.log_score.unwrap() - -2.934_854_177).abs() < 1e-6,
            "{score:?}"
        );
    }

    #[test]
    fn every_origin_is_tried_and_those_without_a_forecast_are_named() {
        let found = rolling_origin(&releases(), Window::default(), Shape::Exponential).unwrap();
        let days = |found: &RollingOrigin| -> Vec<f64> {
            found
                .origins
                .iter()
                .map(|origin| origin.origin_day)
                .collect()
        };
        assert_eq!(days(&found), [200.0, 300.0, 400.0]);
        assert_eq!(found.unfitted.len(), 2);
        assert!(matches!(
            found.unfitted[1].reason,
            GrowthError::TooFewPoints { found: 2, .. }
        ));
        let summary = found.summary.unwrap();
        assert_eq!((summary.predictions, summary.scored), (6, 6));
        assert!(summary.mean_error_doublings < 0.0);
        assert!(summary.mean_absolute_error_doublings >= -summary.mean_error_doublings);
    }

    #[test]
    fn leaving_one_out_never_shows_a_fit_its_own_point() {
        let mut points: Vec<Point> = (0..6_u32)
            .map(|index| Point {
                agent: format!("a{index}"),
                day: f64::from(index),
                ln_minutes: f64::from(index) + 0.1 * f64::from(index % 2),
            })
            .collect();
        let before = leave_one_out(&points, Shape::Exponential);
        points[3].ln_minutes = 50.0;
        let after = leave_one_out(&points, Shape::Exponential);
        let predicted = |scores: &[Option<Score>]| scores[3].as_ref().unwrap().predicted;
        assert_eq!(predicted(&before), predicted(&after));
        assert!(
            leave_one_out(&points[..3], Shape::Exponential)
                .iter()
                .all(Option::is_none)
        );
    }
}
