//! The noise of human times, carried into the bootstrap.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::times::{HumanTimeError, HumanTimes};
use crate::bootstrap::{Bootstrap, Draw, draw_copies};
use crate::data::Dataset;
use crate::lambda::Lambda;
use crate::quantile::{HorizonInterval, quantile};
use crate::random::{standard_normal, stream};
use crate::weights::Weighting;

/// Noise has streams of its own, far from those of the other draws, which therefore stay the
/// same with and without it.
pub(crate) const FIRST_NOISE_STREAM: u64 = 1 << 63;

/// Lengths of all tasks, ready to be disturbed.
pub(crate) struct NoisyLengths {
    /// log₂ of each task's minutes × bias, with its spread in the same unit.
    tasks: Vec<(f64, f64)>,
}

impl NoisyLengths {
    /// The lengths of a dataset's tasks.
    ///
    /// # Errors
    /// Times of other tasks than the dataset's.
    pub(crate) fn new(dataset: &Dataset, times: &HumanTimes) -> Result<Self, HumanTimeError> {
        times.check_tasks(dataset)?;
        let tasks = times
            .tasks
            .iter()
            .map(|time| {
                let ln_2 = std::f64::consts::LN_2;
                (time.minutes.log2() + time.bias.log2(), time.ln_sd / ln_2)
            })
            .collect();
        Ok(Self { tasks })
    }

    /// log₂ minutes without noise, estimates freed of their bias.
    pub(crate) fn quiet(&self) -> Vec<f64> {
        self.tasks.iter().map(|&(length, _)| length).collect()
    }

    /// log₂ minutes in replicate number `replicate`, from a stream of its own.
    pub(crate) fn of_replicate(&self, seed: u64, replicate: u64) -> Vec<f64> {
        let mut random = stream(seed, FIRST_NOISE_STREAM + replicate);
        self.noisy(&self.draw(&mut random), 1.0)
    }

    /// A standard normal number for every task.
    pub(crate) fn draw(&self, random: &mut impl Rng) -> Vec<f64> {
        self.tasks.iter().map(|_| standard_normal(random)).collect()
    }

    /// log₂ minutes with noise whose standard deviation is `scale` times what is known.
    pub(crate) fn noisy(&self, draws: &[f64], scale: f64) -> Vec<f64> {
        self.tasks
            .iter()
            .zip(draws)
            .map(|(&(length, sd), draw)| length + scale * sd * draw)
            .collect()
    }
}

/// The hierarchical bootstrap with uncertain lengths: every replicate also draws ln minutes from
/// N(ln(minutes × bias), `ln_sd`²), once a task, for all agents and all copies of the task alike.
///
/// Families, tasks and runs are the draws of [`Bootstrap::new`] with the same seed, so replicate i
/// of both differs by the noise alone. The dataset's lengths carry noise already, and replicates
/// carry it twice: their intervals show how far horizons move, but their middle is flattened once
/// more. See [`super::simex`] for the other direction.
///
/// # Errors
/// Times of other tasks than the dataset's.
pub fn noisy_bootstrap(
    dataset: &Dataset,
    times: &HumanTimes,
    weighting: Weighting,
    lambda: Lambda,
    replicates: usize,
    seed: u64,
) -> Result<Bootstrap, HumanTimeError> {
    let lengths = NoisyLengths::new(dataset, times)?;
    let families = dataset.task_ranges();
    let draw = |replicate, random: &mut ChaCha8Rng| Draw {
        copies: draw_copies(&families, random),
        log2_minutes: lengths.of_replicate(seed, replicate),
    };
    Ok(Bootstrap::from_draws(
        dataset, weighting, lambda, replicates, seed, draw,
    ))
}

/// What noise does to one agent's horizon.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NoiseEffect {
    /// The agent's name.
    pub agent: String,
    /// Chance of success at the horizon.
    pub probability: f64,
    /// Its interval with lengths as they are.
    pub without_noise: Option<HorizonInterval>,
    /// Its interval with uncertain lengths.
    pub with_noise: Option<HorizonInterval>,
    /// How many doublings wider the second is than the first; absent where either has an end
    /// that is zero, infinite or undefined.
    pub widening_doublings: Option<f64>,
    /// Median over replicates of the doublings by which noise lengthens the horizon.
    pub median_shift_doublings: Option<f64>,
}

/// Compares two bootstraps of one dataset and seed, the second with noise, for every agent.
#[must_use]
pub fn noise_effects(
    dataset: &Dataset,
    without_noise: &Bootstrap,
    with_noise: &Bootstrap,
    probability: f64,
) -> Vec<NoiseEffect> {
    let effect = |(agent, name): (usize, &String)| {
        let plain = without_noise.replicated(agent, probability).interval;
        let noisy = with_noise.replicated(agent, probability).interval;
        let mut shifts: Vec<f64> = without_noise
            .crossings_minutes(agent, probability)
            .into_iter()
            .zip(with_noise.crossings_minutes(agent, probability))
            .filter_map(|(plain, noisy)| Some((noisy? / plain?).log2()))
            .filter(|shift| !shift.is_nan())
            .collect();
        shifts.sort_by(f64::total_cmp);
        let widening = width_doublings(noisy).zip(width_doublings(plain));
        NoiseEffect {
            agent: name.clone(),
            probability,
            without_noise: plain,
            with_noise: noisy,
            widening_doublings: widening.map(|(noisy, plain)| noisy - plain),
            median_shift_doublings: quantile(&shifts, 0.5).filter(|shift| shift.is_finite()),
        }
    };
    dataset.agents().iter().enumerate().map(effect).collect()
}

/// log₂ of an interval's upper end over its lower end, where it has one.
fn width_doublings(interval: Option<HorizonInterval>) -> Option<f64> {
    let interval = interval?;
    let width = (interval.high.minutes()? / interval.low.minutes()?).log2();
    width.is_finite().then_some(width)
}

#[cfg(test)]
mod tests {
    use super::super::times::NoiseSettings;
    use super::*;
    use crate::data::Run;
    use std::collections::BTreeMap;

    fn dataset() -> Dataset {
        let runs = (0..40_u32).map(|task| Run {
            agent: "someone".into(),
            task: format!("f{}/{task}", task % 10),
            family: format!("f{}", task % 10),
            human_minutes: f64::from(task % 8).exp2(),
            success: if (task * 7) % 11 > task % 8 { 1.0 } else { 0.0 },
        });
        Dataset::new(runs).unwrap()
    }

    fn times(dataset: &Dataset, ln_sd: f64) -> HumanTimes {
        let settings = NoiseSettings {
            fallback_ln_sd: Some(ln_sd),
            unmeasured_baselines: 1.0,
            ..NoiseSettings::default()
        };
        HumanTimes::new(dataset, &BTreeMap::new(), settings).unwrap()
    }

    #[test]
    fn without_spread_nothing_changes() {
        let dataset = dataset();
        let (weighting, lambda) = (Weighting::default(), Lambda::default());
        let plain = Bootstrap::new(&dataset, weighting, lambda, 40, 3);
        let bootstrap =
            |sd| noisy_bootstrap(&dataset, &times(&dataset, sd), weighting, lambda, 40, 3).unwrap();
        assert_eq!(bootstrap(0.0), plain);
        let noisy = bootstrap(1.0);
        assert_ne!(noisy, plain);
        let effect = &noise_effects(&dataset, &plain, &noisy, 0.5)[0];
        assert!(effect.widening_doublings.is_some(), "{effect:?}");
        assert!(effect.median_shift_doublings.is_some());
        let still = &noise_effects(&dataset, &plain, &plain, 0.5)[0];
        assert_eq!(still.median_shift_doublings, Some(0.0));
        assert_eq!(still.widening_doublings, Some(0.0));
    }

    #[test]
    fn the_bias_of_estimates_moves_lengths() {
        let dataset = dataset();
        let guess = super::super::Evidence::Estimated {
            range_minutes: None,
        };
        let evidence: BTreeMap<_, _> = dataset
            .tasks()
            .iter()
            .map(|task| (task.name.clone(), guess.clone()))
            .collect();
        let settings = NoiseSettings {
            estimate_bias: 2.0,
            estimate_ln_sd: Some(0.0),
            ..NoiseSettings::default()
        };
        let times = HumanTimes::new(&dataset, &evidence, settings).unwrap();
        let (weighting, lambda) = (Weighting::default(), Lambda::NONE);
        let plain = Bootstrap::new(&dataset, weighting, lambda, 20, 3);
        let biased = noisy_bootstrap(&dataset, &times, weighting, lambda, 20, 3).unwrap();
        let pairs = plain
            .crossings_minutes(0, 0.5)
            .into_iter()
            .zip(biased.crossings_minutes(0, 0.5));
        for (plain, biased) in pairs {
            let (Some(plain), Some(biased)) = (plain, biased) else {
                assert_eq!(plain, biased);
                continue;
            };
            assert!((biased / plain - 2.0).abs() < 1e-6, "{plain} {biased}");
        }
    }
}
