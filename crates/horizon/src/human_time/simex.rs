//! Curves freed of the noise of human times, by simulation and extrapolation.
//!
//! Noise in lengths flattens a curve. SIMEX (Cook and Stefanski 1994) adds more noise of the same
//! kind, sees how curves change with it, and extrapolates back to none: noise of variance ζ·sd² is
//! added to ln minutes for some ζ, the lengths then carry 1 + ζ times the variance they came with,
//! and ζ = −1 stands for lengths without noise.
//!
//! What is extrapolated are slope and intercept, not horizons. They change smoothly with ζ, and are
//! the parameters for which the method was made; a horizon is their ratio, whose mean over draws
//! is ruled by the flattest of them. Since extrapolation is linear in the means, measuring lengths
//! from anywhere else than one minute would give the same curve. A quadratic is the usual
//! extrapolant: it takes off too little rather than too much.

use rayon::prelude::*;
use serde::Serialize;
use thiserror::Error;

use super::noise::{FIRST_NOISE_STREAM, NoisyLengths};
use super::times::{HumanTimeError, HumanTimes};
use crate::data::Dataset;
use crate::horizon::Horizon;
use crate::lambda::Lambda;
use crate::least_squares::{Row, solve};
use crate::logistic::{Curve, Fit, Observation, fit, fit_from};
use crate::observe::observations;
use crate::random::stream;
use crate::weights::Weighting;

/// How parameters are taken to depend on ζ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Extrapolant {
    /// a + bζ: too little, but steady.
    Linear,
    /// a + bζ + cζ².
    #[default]
    Quadratic,
}

/// Everything that determines a SIMEX correction, besides data and fits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SimexSettings {
    /// The ζ: variances of the noise that is added, as multiples of the noise there is.
    pub added_variances: Vec<f64>,
    /// Draws of noise for every ζ.
    pub draws: usize,
    /// How parameters are extrapolated.
    pub extrapolant: Extrapolant,
    /// Seed of the draws.
    pub seed: u64,
}

/// ζ from 0 to 2 in halves, 200 draws, a quadratic.
impl Default for SimexSettings {
    fn default() -> Self {
        Self {
            added_variances: vec![0.0, 0.5, 1.0, 1.5, 2.0],
            draws: 200,
            extrapolant: Extrapolant::default(),
            seed: 42,
        }
    }
}

/// Why nothing was corrected.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SimexError {
    /// A ζ that is negative or no number.
    #[error("an added variance of {0}; give finite multiples, zero or above")]
    AddedVariance(f64),
    /// Too few ζ for the extrapolant.
    #[error("{found} different added variances do not determine a {needed}-parameter extrapolant")]
    TooFewVariances {
        /// How many there are.
        found: usize,
        /// Parameters of the extrapolant.
        needed: usize,
    },
    /// Times that do not fit the dataset.
    #[error(transparent)]
    HumanTimes(#[from] HumanTimeError),
}

/// An agent's curve with and without the noise of human times.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Simex {
    /// The agent's name.
    pub agent: String,
    /// The fit to the lengths as they are, estimates freed of their bias.
    pub plain: Fit,
    /// Mean curves by ζ, in the order of [`SimexSettings::added_variances`].
    pub steps: Vec<SimexStep>,
    /// The curve extrapolated to lengths without noise; absent where some ζ has no mean curve.
    pub corrected: Option<Curve>,
}

/// Refits at one ζ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SimexStep {
    /// ζ.
    pub added_variance: f64,
    /// Mean of slopes and of intercepts over the draws that determine a curve.
    pub mean: Option<Curve>,
    /// Draws that determine none.
    pub missing: usize,
}

/// Corrects the curves of all agents, in the order of [`Dataset::agents`].
///
/// All agents and all ζ share the draws, which leaves less to chance. Noise moves only lengths, so
/// weights stay.
///
/// # Errors
/// Settings that determine no extrapolation, or times of other tasks than the dataset's.
pub fn simex(
    dataset: &Dataset,
    times: &HumanTimes,
    weighting: Weighting,
    lambda: Lambda,
    settings: &SimexSettings,
) -> Result<Vec<Simex>, SimexError> {
    settings.check()?;
    let lengths = NoisyLengths::new(dataset, times)?;
    let draws: Vec<Vec<f64>> = (0..settings.draws as u64)
        .map(|draw| lengths.draw(&mut stream(settings.seed, FIRST_NOISE_STREAM + draw)))
        .collect();
    let correct = |agent| {
        let noisy = Agent {
            tasks: dataset.tried(agent).collect(),
            observations: observations(dataset, agent, weighting),
            lambda,
        };
        let plain = fit(&noisy.at(&lengths.quiet()), lambda);
        let steps: Vec<SimexStep> = settings
            .added_variances
            .iter()
            .map(|&variance| noisy.step(&lengths, variance, &draws, plain.curve()))
            .collect();
        Simex {
            agent: dataset.agents()[agent].clone(),
            plain,
            corrected: settings.extrapolate(&steps),
            steps,
        }
    };
    Ok((0..dataset.agents().len())
        .into_par_iter()
        .map(correct)
        .collect())
}

impl Simex {
    /// The corrected horizon at a probability. An agent without a curve keeps the horizon that it
    /// has without one: zero for one that always fails, say.
    #[must_use]
    pub fn horizon(&self, probability: f64) -> Horizon {
        match self.corrected {
            Some(curve) if curve.slope < 0.0 => {
                Horizon::from_minutes(curve.crossing_minutes(probability))
            }
            Some(_) => Horizon::Undefined,
            None if self.plain.curve().is_some() => Horizon::Undefined,
            None => self.plain.horizon(probability),
        }
    }
}

/// An agent whose tasks may change their lengths.
struct Agent {
    tasks: Vec<usize>,
    observations: Vec<Observation>,
    lambda: Lambda,
}

impl Agent {
    fn at(&self, log2_minutes: &[f64]) -> Vec<Observation> {
        self.tasks
            .iter()
            .zip(&self.observations)
            .map(|(&task, &observation)| Observation {
                log2_minutes: log2_minutes[task],
                ..observation
            })
            .collect()
    }

    fn step(
        &self,
        lengths: &NoisyLengths,
        added_variance: f64,
        draws: &[Vec<f64>],
        guess: Option<Curve>,
    ) -> SimexStep {
        // Without added noise all draws are alike.
        let draws = if added_variance > 0.0 {
            draws
        } else {
            &draws[..draws.len().min(1)]
        };
        let curves: Vec<Curve> = draws
            .iter()
            .filter_map(|draws| {
                let observations = self.at(&lengths.noisy(draws, added_variance.sqrt()));
                fit_from(&observations, self.lambda, guess).curve()
            })
            .collect();
        let mean = |parameter: fn(&Curve) -> f64| {
            curves.iter().map(parameter).sum::<f64>() / curves.len() as f64
        };
        SimexStep {
            added_variance,
            mean: (!curves.is_empty()).then(|| Curve {
                slope: mean(|curve| curve.slope),
                intercept: mean(|curve| curve.intercept),
            }),
            missing: draws.len() - curves.len(),
        }
    }
}

impl SimexSettings {
    fn parameters(&self) -> usize {
        match self.extrapolant {
            Extrapolant::Linear => 2,
            Extrapolant::Quadratic => 3,
        }
    }

    fn check(&self) -> Result<(), SimexError> {
        let possible = |variance: &f64| variance.is_finite() && *variance >= 0.0;
        if let Some(&wrong) = self.added_variances.iter().find(|v| !possible(v)) {
            return Err(SimexError::AddedVariance(wrong));
        }
        let mut different = self.added_variances.clone();
        different.sort_by(f64::total_cmp);
        different.dedup();
        let (found, needed) = (different.len(), self.parameters());
        if found < needed {
            return Err(SimexError::TooFewVariances { found, needed });
        }
        Ok(())
    }

    /// The curve at ζ = −1.
    fn extrapolate(&self, steps: &[SimexStep]) -> Option<Curve> {
        let power = |zeta: f64| -> Row { [1.0, zeta, zeta * zeta, 0.0] };
        let rows: Vec<Row> = steps
            .iter()
            .map(|step| power(step.added_variance))
            .collect();
        let means: Vec<Curve> = steps.iter().map(|step| step.mean).collect::<Option<_>>()?;
        let at_none = |parameter: fn(&Curve) -> f64| {
            let outcomes: Vec<f64> = means.iter().map(parameter).collect();
            let solution = solve(&rows, &outcomes, self.parameters())?;
            let terms = solution.coefficients.iter().zip(power(-1.0));
            Some(terms.map(|(coefficient, power)| coefficient * power).sum())
        };
        Some(Curve {
            slope: at_none(|curve| curve.slope)?,
            intercept: at_none(|curve| curve.intercept)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::times::NoiseSettings;
    use super::*;
    use crate::data::Run;
    use crate::random::standard_normal;
    use std::collections::BTreeMap;

    /// Tasks whose recorded lengths are off by noise of a known spread, and an agent whose success
    /// follows the true ones.
    fn noisy_world(ln_sd: f64) -> (Dataset, HumanTimes) {
        let mut random = stream(5, 0);
        let runs = (0..600_u32).map(|task| {
            let true_log2 = f64::from(task % 60) / 6.0;
            let noise = ln_sd / std::f64::consts::LN_2 * standard_normal(&mut random);
            Run {
                agent: "someone".into(),
                task: format!("t/{task}"),
                family: format!("{task}"),
                human_minutes: (true_log2 + noise).exp2(),
                success: 1.0 / (1.0 + (1.2 * (true_log2 - 5.0)).exp()),
            }
        });
        let dataset = Dataset::new(runs).unwrap();
        let settings = NoiseSettings {
            fallback_ln_sd: Some(ln_sd),
            unmeasured_baselines: 1.0,
            ..NoiseSettings::default()
        };
        let times = HumanTimes::new(&dataset, &BTreeMap::new(), settings).unwrap();
        (dataset, times)
    }

    #[test]
    fn a_curve_flattened_by_noise_becomes_steeper_again() {
        let (dataset, times) = noisy_world(0.8);
        let settings = SimexSettings {
            draws: 40,
            ..SimexSettings::default()
        };
        let found = simex(&dataset, &times, Weighting::Equal, Lambda::NONE, &settings).unwrap();
        let plain = found[0].plain.curve().unwrap();
        let corrected = found[0].corrected.unwrap();
        // The truth is −1.2.
        assert!(plain.slope > -0.95, "{plain:?}");
        assert!((-1.3..-1.05).contains(&corrected.slope), "{corrected:?}");
        let p80 = |horizon: Horizon| {
            (horizon.minutes().unwrap().log2() - (5.0 - 4.0_f64.ln() / 1.2)).abs()
        };
        assert!(p80(found[0].horizon(0.8)) < p80(found[0].plain.horizon(0.8)));
    }

    #[test]
    fn without_noise_nothing_is_corrected() {
        let (dataset, times) = noisy_world(0.0);
        let settings = SimexSettings {
            draws: 2,
            ..SimexSettings::default()
        };
        let found = simex(&dataset, &times, Weighting::Equal, Lambda::NONE, &settings).unwrap();
        let (plain, corrected) = (found[0].plain.curve().unwrap(), found[0].corrected.unwrap());
        assert!((plain.slope - corrected.slope).abs() < 1e-9);
        assert!((plain.intercept - corrected.intercept).abs() < 1e-9);
    }

    #[test]
    fn extrapolation_needs_enough_variances() {
        let (dataset, times) = noisy_world(0.0);
        let with = |added_variances: &[f64]| {
            let settings = SimexSettings {
                added_variances: added_variances.to_vec(),
                ..SimexSettings::default()
            };
            simex(&dataset, &times, Weighting::Equal, Lambda::NONE, &settings).unwrap_err()
        };
        assert_eq!(
            with(&[0.0, 1.0, 1.0]),
            SimexError::TooFewVariances {
                found: 2,
                needed: 3
            }
        );
        assert_eq!(with(&[-1.0, 0.0, 1.0]), SimexError::AddedVariance(-1.0));
    }

    #[test]
    fn agents_without_curves_keep_their_horizons() {
        let runs = [1.0, 2.0].map(|minutes| Run {
            agent: "hopeless".into(),
            task: format!("t/{minutes}"),
            family: "t".into(),
            human_minutes: minutes,
            success: 0.0,
        });
        let dataset = Dataset::new(runs).unwrap();
        let settings = NoiseSettings {
            fallback_ln_sd: Some(1.0),
            ..NoiseSettings::default()
        };
        let times = HumanTimes::new(&dataset, &BTreeMap::new(), settings).unwrap();
        let (weighting, lambda) = (Weighting::default(), Lambda::default());
        let found = simex(
            &dataset,
            &times,
            weighting,
            lambda,
            &SimexSettings::default(),
        )
        .unwrap();
        assert_eq!(found[0].corrected, None);
        assert_eq!(found[0].horizon(0.5), Horizon::BelowAll);
    }
}
