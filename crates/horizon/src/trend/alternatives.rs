//! Which shape of growth predicts best.
//!
//! Curves with more parameters always fit better. What tells them apart, as far as a handful of
//! points can, is how well they predict points that they were not fitted to: later ones, and each
//! one from all others.

use std::collections::BTreeMap;

use serde::Serialize;

use super::backtest::{RollingOrigin, Score, ScoreSummary, leave_one_out, rolling_origin};
use super::growth::Shape;
use super::leaders::{Leaders, Point, Release, ShortHorizons, Window};
use super::shape_fit::{GrowthError, GrowthFit, fit_growth};

/// One shape with its scores.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alternative {
    /// The shape.
    pub shape: Shape,
    /// Its fit to all points, or why there is none.
    pub fit: Result<GrowthFit, GrowthError>,
    /// Scores on later points, from all origins.
    pub rolling_origin: Option<ScoreSummary>,
    /// The same, beside the exponential's.
    pub rolling_origin_advantage: Option<Advantage>,
    /// Scores on each point by a fit to all others.
    pub leave_one_out: Option<ScoreSummary>,
    /// The same, beside the exponential's.
    pub leave_one_out_advantage: Option<Advantage>,
}

/// Log scores of a shape less those of the exponential, on predictions that both made: shapes with
/// more parameters make fewer, and means over different predictions do not compare.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Advantage {
    /// Predictions that both made.
    pub predictions: usize,
    /// Mean difference; above zero where the shape predicts better.
    pub mean_log_score: f64,
}

/// Scores all shapes on the leading agents of a window.
///
/// Predictions are Student's t around fits to point horizons ([`GrowthFit::predictive`]), so that
/// shapes are compared by nothing but their curves; replicates play no part.
///
/// # Errors
/// A release day that is no number.
pub fn alternatives(releases: &[Release], window: Window) -> Result<Vec<Alternative>, GrowthError> {
    let points_only: Vec<Release> = releases
        .iter()
        .map(|release| Release {
            agent: release.agent.clone(),
            day: release.day,
            horizon: release.horizon,
            replicates_minutes: Vec::new(),
        })
        .collect();
    let points = Leaders::of(&points_only, window, ShortHorizons::LeaveOut)?.points;
    let predictions = |shape| Predictions::of(&points_only, &points, window, shape);
    let exponential = predictions(Shape::Exponential)?;
    Shape::ALL
        .into_iter()
        .map(|shape| {
            let own = predictions(shape)?;
            let pairs: Vec<(f64, f64)> = points.iter().map(Point::pair).collect();
            Ok(Alternative {
                shape,
                fit: fit_growth(&pairs, shape),
                rolling_origin: own.rolling.summary,
                rolling_origin_advantage: advantage(
                    &later(&own.rolling),
                    &later(&exponential.rolling),
                ),
                leave_one_out: ScoreSummary::of(own.left_out.iter().flatten()),
                leave_one_out_advantage: advantage(
                    &each(&own.left_out),
                    &each(&exponential.left_out),
                ),
            })
        })
        .collect()
}

/// All predictions of one shape.
struct Predictions {
    rolling: RollingOrigin,
    left_out: Vec<Option<Score>>,
}

impl Predictions {
    fn of(
        releases: &[Release],
        points: &[Point],
        window: Window,
        shape: Shape,
    ) -> Result<Self, GrowthError> {
        Ok(Self {
            rolling: rolling_origin(releases, window, shape)?,
            left_out: leave_one_out(points, shape),
        })
    }
}

/// Log scores by the number of points that a fit knew and the agent that it predicted.
fn later(rolling: &RollingOrigin) -> BTreeMap<(usize, &str), f64> {
    let of_origin = |origin: &'_ super::backtest::Backtest| origin.forecast.points.len();
    rolling
        .origins
        .iter()
        .flat_map(|origin| {
            origin
                .scores
                .iter()
                .map(move |score| (of_origin(origin), score))
        })
        .filter_map(|(known, score)| Some(((known, score.agent.as_str()), score.log_score?)))
        .collect()
}

/// Log scores by the position of the point that was left out.
fn each(scores: &[Option<Score>]) -> BTreeMap<usize, f64> {
    let scored = scores.iter().enumerate();
    scored
        .filter_map(|(index, score)| Some((index, score.as_ref()?.log_score?)))
        .collect()
}

fn advantage<K: Ord>(own: &BTreeMap<K, f64>, other: &BTreeMap<K, f64>) -> Option<Advantage> {
    let differences: Vec<f64> = own
        .iter()
        .filter_map(|(key, score)| Some(score - other.get(key)?))
        .collect();
    let predictions = differences.len();
    (predictions > 0).then(|| Advantage {
        predictions,
        mean_log_score: differences.iter().sum::<f64>() / predictions as f64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::horizon::Horizon;

    fn found(ln_minutes: impl Fn(f64) -> f64) -> Vec<Alternative> {
        let releases: Vec<Release> = (0..14_u32)
            .map(|index| {
                let day = 100.0 * f64::from(index);
                let wobble = 0.05 * f64::from(index * 7 % 5) - 0.1;
                Release {
                    agent: format!("a{index:02}"),
                    day,
                    horizon: Horizon::from_minutes((ln_minutes(day) + wobble).exp()),
                    replicates_minutes: Vec::new(),
                }
            })
            .collect();
        alternatives(&releases, Window::default()).unwrap()
    }

    fn gain(found: &[Alternative], shape: Shape) -> (f64, f64) {
        let one = found.iter().find(|one| one.shape == shape).unwrap();
        (
            one.rolling_origin_advantage.unwrap().mean_log_score,
            one.leave_one_out_advantage.unwrap().mean_log_score,
        )
    }

    #[test]
    fn the_shape_that_made_the_points_predicts_them_best() {
        let straight = found(|day| 0.004 * day);
        assert_eq!(gain(&straight, Shape::Exponential), (0.0, 0.0));
        for shape in [Shape::Quadratic, Shape::Piecewise, Shape::Hyperbolic] {
            let (_, each) = gain(&straight, shape);
            assert!(each < 0.0, "{shape:?} {each}");
        }
        // Wide intervals of a wrong shape may score well where three points happened to lie on a
        // line; parabolas, which are nearly right, do not have them.
        assert!(gain(&straight, Shape::Quadratic).0 < 0.0);
        let quickening = found(|day| 0.001 * day + 4e-6 * day * day);
        let (rolling, each) = gain(&quickening, Shape::Quadratic);
        assert!(rolling > 0.5 && each > 0.5, "{rolling} {each}");
    }

    #[test]
    fn shapes_without_a_fit_say_why() {
        let straight = found(|day| 0.004 * day);
        let logistic = straight
            .iter()
            .find(|one| one.shape == Shape::Logistic)
            .unwrap();
        assert!(serde_json::to_string(logistic).is_ok());
        let none = alternatives(&[], Window::default()).unwrap();
        assert!(
            none.iter()
                .all(|one| one.fit.is_err() && one.rolling_origin.is_none())
        );
    }
}
