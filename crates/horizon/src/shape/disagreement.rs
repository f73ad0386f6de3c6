//! Where the shape of the curve matters more than the draw of the tasks.
//!
//! A bootstrap interval says how far a horizon would move, had other tasks been drawn, as long as
//! the curve is logistic. A shape whose horizon lies outside that interval shows an uncertainty
//! that the interval does not hold.

use serde::Serialize;

use super::Shape;
use super::item_response::AgentResponse;
use crate::horizon::Horizon;
use crate::lambda::Lambda;
use crate::logistic::Observation;
use crate::quantile::HorizonInterval;

/// Whose horizon it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// The joint model, at a task of median difficulty.
    ItemResponseTypical,
    /// The joint model, on average over tasks.
    ItemResponseMarginal,
    /// A shape fitted to the agent alone.
    #[serde(untagged)]
    Shape(Shape),
}

/// One shape's horizon.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ShapeHorizon {
    /// Whose it is.
    pub reading: Reading,
    /// The horizon.
    pub horizon: Horizon,
}

/// Where a horizon lies relative to an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Inside, ends included.
    Within,
    /// Shorter than the lower end.
    Below,
    /// Longer than the upper end.
    Above,
    /// The horizon is undefined, or there is no interval.
    Unknown,
}

/// A shape's horizon held against the logistic curve's interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Disagreement {
    /// The shape and its horizon.
    #[serde(flatten)]
    pub shape: ShapeHorizon,
    /// Where it lies.
    pub position: Position,
}

impl Disagreement {
    /// Whether the shapes disagree by more than the interval.
    #[must_use]
    pub fn is_beyond(&self) -> bool {
        matches!(self.position, Position::Below | Position::Above)
    }
}

/// Horizons of all shapes but the logistic one (and the constant, which has none). `joint` is the
/// agent's part of [`super::item_response::item_response`], where it is known; without a horizon
/// at this probability it is left out.
#[must_use]
pub fn shape_horizons(
    observations: &[Observation],
    lambda: Lambda,
    probability: f64,
    joint: Option<&AgentResponse>,
) -> Vec<ShapeHorizon> {
    let shapes = [
        Shape::Floor,
        Shape::Ceiling,
        Shape::FloorAndCeiling,
        Shape::Isotonic,
    ];
    let mut horizons: Vec<ShapeHorizon> = shapes
        .iter()
        .map(|&shape| ShapeHorizon {
            reading: Reading::Shape(shape),
            horizon: shape.fit(observations, lambda).horizon(probability),
        })
        .collect();
    let asked = |agent: &AgentResponse| {
        let found = agent.horizons.iter().find(|h| h.probability == probability);
        found.copied()
    };
    if let Some(joint) = joint.and_then(asked) {
        for (reading, horizon) in [
            (Reading::ItemResponseTypical, joint.typical),
            (Reading::ItemResponseMarginal, joint.marginal),
        ] {
            horizons.push(ShapeHorizon { reading, horizon });
        }
    }
    horizons
}

/// Holds horizons against the bootstrap interval of the logistic one.
#[must_use]
pub fn disagreement(
    interval: Option<HorizonInterval>,
    horizons: &[ShapeHorizon],
) -> Vec<Disagreement> {
    let held = |&shape: &ShapeHorizon| Disagreement {
        shape,
        position: position(shape.horizon, interval),
    };
    horizons.iter().map(held).collect()
}

fn position(horizon: Horizon, interval: Option<HorizonInterval>) -> Position {
    let ends = interval.and_then(|ends| Some((ends.low.minutes()?, ends.high.minutes()?)));
    match (horizon.minutes(), ends) {
        (Some(minutes), Some((low, _))) if minutes < low => Position::Below,
        (Some(minutes), Some((_, high))) if minutes > high => Position::Above,
        (Some(_), Some(_)) => Position::Within,
        _ => Position::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_told_apart_and_ends_belong() {
        let interval = |low: f64, high: f64| {
            Some(HorizonInterval {
                low: Horizon::from_minutes(low),
                high: Horizon::from_minutes(high),
            })
        };
        for (minutes, ends, expected) in [
            (1.0, interval(2.0, 8.0), Position::Below),
            (2.0, interval(2.0, 8.0), Position::Within),
            (8.0, interval(2.0, 8.0), Position::Within),
            (9.0, interval(2.0, 8.0), Position::Above),
            (9.0, interval(2.0, f64::INFINITY), Position::Within),
            (0.0, interval(0.0, 1.0), Position::Within),
            (f64::NAN, interval(2.0, 8.0), Position::Unknown),
            (4.0, None, Position::Unknown),
        ] {
            let horizon = ShapeHorizon {
                reading: Reading::Shape(Shape::Isotonic),
                horizon: Horizon::from_minutes(minutes),
            };
            let found = disagreement(ends, &[horizon]);
            assert_eq!(found[0].position, expected, "{minutes}");
            let outside = matches!(expected, Position::Below | Position::Above);
            assert_eq!(found[0].is_beyond(), outside);
        }
    }

    #[test]
    fn readings_are_written_by_one_name() {
        let name = |reading: Reading| serde_json::to_string(&reading).unwrap();
        assert_eq!(
            name(Reading::Shape(Shape::FloorAndCeiling)),
            "\"floor_and_ceiling\""
        );
        assert_eq!(
            name(Reading::ItemResponseTypical),
            "\"item_response_typical\""
        );
    }
}
