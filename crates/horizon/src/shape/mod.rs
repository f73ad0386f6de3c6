//! Other shapes of the success curve, and where they disagree with the logistic one.
//!
//! A logistic curve in the logarithm of length is a choice. [`lapse`] frees its ends, [`isotonic`]
//! assumes only that success falls, and [`item_response`] lets tasks of one length differ in
//! difficulty, for all agents at once. [`cross_validation`] says which shape foretells families
//! that it has not seen, and [`mod@disagreement`] where the choice matters for a horizon.

mod cholesky;
pub mod cross_validation;
pub mod disagreement;
pub mod isotonic;
pub mod item_response;
mod joint_model;
pub mod lapse;
mod lapse_starts;
mod logistic_normal;
mod minimise;
mod task_posterior;

use serde::Serialize;

use crate::horizon::Horizon;
use crate::lambda::Lambda;
use crate::logistic::{Fit, Observation, fit};
use crate::observe::average_success;
use isotonic::Isotonic;
use lapse::{LapseFit, Lapses, fit_lapse};

/// A shape that is fitted to one agent alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// The same chance at every length: what any other shape must beat.
    Constant,
    /// The logistic curve.
    Logistic,
    /// A logistic curve with a floor.
    Floor,
    /// A logistic curve with a ceiling.
    Ceiling,
    /// A logistic curve with both.
    FloorAndCeiling,
    /// Falling, and otherwise free.
    Isotonic,
}

/// A shape after fitting.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shaped {
    /// The weighted share of success; absent without data.
    Constant(Option<f64>),
    /// A logistic curve.
    Logistic(Fit),
    /// A logistic curve with floor, ceiling or both.
    Lapse(LapseFit),
    /// Blocks of falling rates.
    Isotonic(Isotonic),
}

impl Shape {
    /// All shapes, simple ones first.
    pub const ALL: [Self; 6] = [
        Self::Constant,
        Self::Logistic,
        Self::Floor,
        Self::Ceiling,
        Self::FloorAndCeiling,
        Self::Isotonic,
    ];

    /// Fits the shape. The penalty concerns slopes, so constant and isotonic shapes have none.
    #[must_use]
    pub fn fit(self, observations: &[Observation], lambda: Lambda) -> Shaped {
        let lapse = |lapses| Shaped::Lapse(fit_lapse(observations, lambda, lapses));
        match self {
            Self::Constant => Shaped::Constant(average_success(observations)),
            Self::Logistic => Shaped::Logistic(fit(observations, lambda)),
            Self::Floor => lapse(Lapses::Floor),
            Self::Ceiling => lapse(Lapses::Ceiling),
            Self::FloorAndCeiling => lapse(Lapses::FloorAndCeiling),
            Self::Isotonic => Shaped::Isotonic(isotonic::isotonic(observations)),
        }
    }
}

impl Shaped {
    /// Chance of success at a length of so many minutes; `None` where the data determine none.
    #[must_use]
    pub fn probability(&self, minutes: f64) -> Option<f64> {
        match self {
            Self::Constant(average) => *average,
            Self::Logistic(fit) | Self::Lapse(LapseFit::Undetermined(fit)) => {
                probability(fit, minutes)
            }
            Self::Lapse(fit) => Some(fit.fitted()?.curve.probability(minutes)),
            Self::Isotonic(fit) => fit.probability(minutes),
        }
    }

    /// Where success falls to a probability between 0 and 1. A constant never does.
    #[must_use]
    pub fn horizon(&self, probability: f64) -> Horizon {
        match self {
            Self::Constant(_) => Horizon::Undefined,
            Self::Logistic(fit) => fit.horizon(probability),
            Self::Lapse(fit) => fit.horizon(probability),
            Self::Isotonic(fit) => fit.horizon(probability),
        }
    }
}

/// What a logistic fit says of one length, named cases included.
fn probability(fit: &Fit, minutes: f64) -> Option<f64> {
    match fit {
        Fit::Converged(fitted) | Fit::Rising(fitted) => Some(fitted.curve.probability(minutes)),
        Fit::AllFail => Some(0.0),
        Fit::AllSucceed => Some(1.0),
        Fit::OneLength { success_rate, .. } => Some(*success_rate),
        Fit::Separated { .. } | Fit::Unconverged(_) | Fit::NoData => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_follows_falling_data() {
        let observations: Vec<Observation> = [0.95, 0.9, 0.7, 0.35, 0.1, 0.05]
            .iter()
            .zip(0_u32..)
            .map(|(rate, index)| Observation {
                log2_minutes: f64::from(index),
                weight: 1.0,
                success_weight: *rate,
            })
            .collect();
        for shape in Shape::ALL {
            let shaped = shape.fit(&observations, Lambda::NONE);
            let (short, long) = (shaped.probability(1.0), shaped.probability(32.0));
            if shape == Shape::Constant {
                assert_eq!((short, shaped.horizon(0.5)), (long, Horizon::Undefined));
                continue;
            }
            assert!(short.unwrap() > 0.85 && long.unwrap() < 0.15, "{shaped:?}");
            let p50 = shaped.horizon(0.5).minutes().unwrap();
            assert!((4.0..8.0).contains(&p50), "{shape:?}: {p50}");
            assert!((shaped.probability(p50).unwrap() - 0.5).abs() < 1e-9);
        }
    }

    #[test]
    fn agents_that_always_fail_or_never_tried_are_told_apart() {
        let failing = [Observation {
            log2_minutes: 1.0,
            weight: 1.0,
            success_weight: 0.0,
        }];
        for shape in Shape::ALL {
            let fitted = shape.fit(&failing, Lambda::default());
            assert_eq!(fitted.probability(8.0), Some(0.0), "{shape:?}");
            let nothing = shape.fit(&[], Lambda::default());
            assert_eq!(nothing.probability(8.0), None, "{shape:?}");
        }
    }
}
