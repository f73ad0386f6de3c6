//! The curve that a design starts from.

use serde::Serialize;

use crate::lambda::Lambda;
use crate::logistic::{Curve, Fit, Observation, fit};

/// Change of log-odds per doubling of length that is assumed where data say nothing: between
/// those of METR's agents of January 2025, which lie from −0.26 to −0.45.
const PRIOR_SLOPE: f64 = -0.4;
/// Doublings of the imagined tasks' weight before the data are given up.
const MAX_DOUBLINGS: i32 = 20;

/// What a planning curve rests on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The agent's own fit.
    Fitted,
    /// The agent's runs determine no falling curve, so the fit was drawn towards an assumed one.
    Shrunk {
        /// How many tasks' weight the assumed curve carries beside those that the agent tried.
        imagined_tasks: f64,
    },
}

/// A falling curve to plan with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Planning {
    pub(super) curve: Curve,
    pub(super) basis: Basis,
    /// How many tasks' weight the assumed outcomes carry; zero for an agent's own fit.
    pub(super) imagined_tasks: f64,
}

impl Planning {
    /// The agent's own fit where its runs determine a falling one without the help of a penalty.
    ///
    /// Otherwise the runs are joined by imagined ones, spread evenly over all lengths, whose rates
    /// lie on a curve of slope −0.4 with its p50 at the mean length (a prior by data augmentation;
    /// Clogg et al. 1991). They weigh as much as one task, or as the first of 2, 4, 8, … tasks with
    /// which the curve falls.
    pub(super) fn new(observations: &[Observation], log2_lengths: &[f64], lambda: Lambda) -> Self {
        let fitted = fit(observations, lambda);
        let penalised = matches!(fit(observations, Lambda::NONE), Fit::Separated { .. });
        if let (Fit::Converged(fitted), false) = (fitted, penalised) {
            return Self {
                curve: fitted.curve,
                basis: Basis::Fitted,
                imagined_tasks: 0.0,
            };
        }
        let lengths = log2_lengths.len().max(1) as f64;
        let mean = log2_lengths.iter().sum::<f64>() / lengths;
        let assumed = Curve {
            slope: PRIOR_SLOPE,
            intercept: -PRIOR_SLOPE * mean,
        };
        let tried = observations.len().max(1) as f64;
        let shrunk = |curve, imagined_tasks: f64| Self {
            curve,
            basis: Basis::Shrunk { imagined_tasks },
            imagined_tasks,
        };
        for doublings in 0..MAX_DOUBLINGS {
            let candidate = shrunk(assumed, f64::from(doublings).exp2());
            let weight = candidate.imagined_tasks / (tried * lengths);
            let imagined = log2_lengths.iter().map(|&log2_minutes| Observation {
                log2_minutes,
                weight,
                success_weight: weight * assumed.probability(log2_minutes.exp2()),
            });
            let joined: Vec<Observation> = observations.iter().copied().chain(imagined).collect();
            if let Fit::Converged(fitted) = fit(&joined, lambda) {
                return Self {
                    curve: fitted.curve,
                    ..candidate
                };
            }
        }
        shrunk(assumed, f64::from(MAX_DOUBLINGS).exp2())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observations(rates: &[f64]) -> Vec<Observation> {
        let weight = 1.0 / rates.len() as f64;
        let observation = |(x, rate): (usize, &f64)| Observation {
            log2_minutes: x as f64,
            weight,
            success_weight: weight * rate,
        };
        rates.iter().enumerate().map(observation).collect()
    }

    #[test]
    fn every_set_of_runs_has_a_falling_curve() {
        let lengths: Vec<f64> = (0..8).map(f64::from).collect();
        for rates in [
            &[][..],
            &[0.0; 8],
            &[1.0; 8],
            &[0.5],
            &[1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0],
            &[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0],
        ] {
            for lambda in [Lambda::NONE, Lambda::default(), Lambda::METR_TH1_0] {
                let planning = Planning::new(&observations(rates), &lengths, lambda);
                assert!(planning.curve.slope < 0.0, "{rates:?}: {planning:?}");
                assert!(matches!(planning.basis, Basis::Shrunk { .. }), "{rates:?}");
            }
        }
        let fitted = Planning::new(
            &observations(&[1.0, 0.5, 0.7, 0.0]),
            &lengths,
            Lambda::default(),
        );
        assert_eq!(fitted.basis, Basis::Fitted);
    }

    #[test]
    fn an_agent_without_success_is_planned_below_one_without_failure() {
        let lengths: Vec<f64> = (0..8).map(f64::from).collect();
        let p50 = |rate| {
            Planning::new(&observations(&[rate; 8]), &lengths, Lambda::default())
                .curve
                .crossing_minutes(0.5)
        };
        assert!(p50(0.0) < p50(1.0) / 16.0, "{} {}", p50(0.0), p50(1.0));
    }
}
