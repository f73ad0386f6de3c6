//! Three ways to an interval of a horizon.
//!
//! - *Percentile*: quantiles of the bootstrap's horizons, as METR reports them.
//! - *BCa* ([`bca`]): other quantiles of the same horizons, moved for bias and skewness.
//! - *Profile* ([`profile`]): lengths that the likelihood of the curve does not rule out. It needs
//!   no replicates, and has a bounded end also for an agent that always fails or always succeeds.

pub mod bca;
pub mod profile;

use serde::Serialize;
use thiserror::Error;

use crate::bootstrap::Bootstrap;
use crate::data::Dataset;
use crate::lambda::Lambda;
use crate::logistic::{Fit, Observation, fit};
use crate::observe::observations;
use crate::quantile::HorizonInterval;
use crate::weights::Weighting;

/// How an interval of a horizon is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalMethod {
    /// Percentiles of the bootstrap. METR's method.
    #[default]
    Percentile,
    /// Bias-corrected and accelerated percentiles of the same replicates: see [`bca::bca`].
    Bca,
    /// Profile likelihood at the cautious effective number: see [`profile::cautious`].
    Profile,
}

/// Which horizon an interval is for.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The runs.
    pub dataset: &'a Dataset,
    /// Position of the agent in [`Dataset::agents`].
    pub agent: usize,
    /// How much each run counts.
    pub weighting: Weighting,
    /// Penalty of the fit.
    pub lambda: Lambda,
    /// Chance of success at the horizon, between 0 and 1.
    pub probability: f64,
}

/// Why a method gives no interval.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalError {
    /// There are no replicates with a curve.
    #[error("no bootstrap replicate has a curve; draw more, or use the profile interval")]
    NoReplicates,
    /// The horizon itself is not a length.
    #[error("the horizon itself is no finite length, so BCa has nothing to correct from")]
    NoHorizon,
    /// Without one family there is no horizon.
    #[error(
        "without family `{family}` the runs determine no horizon, so BCa has no acceleration; use \
         the percentile interval"
    )]
    Jackknife {
        /// The family in question.
        family: String,
    },
    /// All replicates lie to one side of the estimate.
    #[error("all replicates lie to one side of the estimate; use the percentile interval")]
    OneSided,
    /// The skewness is so large that an end is out of reach.
    #[error("the acceleration moves an end beyond all replicates; use the percentile interval")]
    TooSkewed,
    /// Success does not fall with length.
    #[error("success does not fall with length, so there is no horizon")]
    Rising,
    /// All runs have one length.
    #[error("all runs are at one length, which tells nothing of others")]
    OneLength,
    /// No run carries any weight.
    #[error("the agent has no runs")]
    NoData,
    /// Newton's method stopped short of the minimum.
    #[error("the fit did not converge, so there is no likelihood to compare with")]
    Unconverged,
    /// The effective number of families is not determined.
    #[error("no curve is determined, and with it no effective number of families; count tasks")]
    NoCurve,
}

impl IntervalMethod {
    /// The name written in results: `percentile`, `bca` or `profile`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Percentile => "percentile",
            Self::Bca => "bca",
            Self::Profile => "profile",
        }
    }

    /// The interval of a horizon by this method. The bootstrap must be of the same dataset,
    /// weighting and penalty; the profile does not look at it.
    ///
    /// # Errors
    /// Says why the method gives none.
    pub fn interval(
        self,
        target: &Target<'_>,
        bootstrap: &Bootstrap,
    ) -> Result<HorizonInterval, IntervalError> {
        match self {
            Self::Percentile => bootstrap
                .replicated(target.agent, target.probability)
                .interval
                .ok_or(IntervalError::NoReplicates),
            Self::Bca => bca::bca(target, bootstrap).map(|bca| bca.interval),
            Self::Profile => profile::cautious(target).map(|profile| profile.interval),
        }
    }
}

impl Target<'_> {
    /// The agent's runs and their curve.
    fn fit(&self) -> (Vec<Observation>, Fit) {
        let observations = observations(self.dataset, self.agent, self.weighting);
        let fit = fit(&observations, self.lambda);
        (observations, fit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Run;
    use crate::horizon::Horizon;

    /// One run a task, all of one agent.
    fn dataset(runs: &[(&str, f64, f64)]) -> Dataset {
        let run = |(index, &(family, human_minutes, success)): (usize, &(&str, f64, f64))| Run {
            agent: "a".to_owned(),
            task: format!("{family}/{index}"),
            family: family.to_owned(),
            human_minutes,
            success,
        };
        Dataset::new(runs.iter().enumerate().map(run)).unwrap()
    }

    fn find(
        runs: &[(&str, f64, f64)],
        method: IntervalMethod,
    ) -> Result<HorizonInterval, IntervalError> {
        let dataset = dataset(runs);
        let (weighting, lambda) = (Weighting::Equal, Lambda::NONE);
        let bootstrap = Bootstrap::new(&dataset, weighting, lambda, 50, 7);
        let target = Target {
            dataset: &dataset,
            agent: 0,
            weighting,
            lambda,
            probability: 0.5,
        };
        method.interval(&target, &bootstrap)
    }

    #[test]
    fn an_agent_that_always_fails_is_bounded_above() {
        let runs: Vec<(&str, f64, f64)> = (0..40).map(|i| ("f", 1.0 + f64::from(i), 0.0)).collect();
        assert_eq!(
            find(&runs, IntervalMethod::Percentile),
            Err(IntervalError::NoReplicates)
        );
        assert_eq!(
            find(&runs, IntervalMethod::Bca),
            Err(IntervalError::NoHorizon)
        );
        let interval = find(&runs, IntervalMethod::Profile).unwrap();
        assert_eq!(interval.low, Horizon::BelowAll);
        // Both ends as scipy's brentq finds them on the same 40 tasks.
        let high = interval.high.minutes().unwrap();
        assert!((high - 1.441_051_326).abs() < 1e-7, "{high}");

        let succeeding: Vec<_> = runs
            .iter()
            .map(|&(f, minutes, _)| (f, minutes, 1.0))
            .collect();
        let interval = find(&succeeding, IntervalMethod::Profile).unwrap();
        assert_eq!(interval.high, Horizon::BeyondAll);
        let low = interval.low.minutes().unwrap();
        assert!((low - 39.336_675_847).abs() < 1e-6, "{low}");
    }

    #[test]
    fn too_little_data_leaves_both_ends_open() {
        let runs = [
            ("f", 1.0, 1.0),
            ("f", 2.0, 0.0),
            ("g", 4.0, 1.0),
            ("g", 8.0, 0.0),
        ];
        let open = HorizonInterval {
            low: Horizon::BelowAll,
            high: Horizon::BeyondAll,
        };
        assert_eq!(find(&runs, IntervalMethod::Profile), Ok(open));
    }

    #[test]
    fn separated_runs_have_a_profile_around_the_gap() {
        for at_step in [0.0, 1.0] {
            let mut runs: Vec<(&str, f64, f64)> = (0..20)
                .map(|i| ("f", 1.0 + f64::from(i), if i < 10 { 1.0 } else { 0.0 }))
                .collect();
            // Both outcomes at ten minutes, mostly the one or the other.
            runs.extend([("g", 10.0, at_step), ("g", 10.0, 0.0), ("g", 10.0, at_step)]);
            let interval = find(&runs, IntervalMethod::Profile).unwrap();
            let (low, high) = (
                interval.low.minutes().unwrap(),
                interval.high.minutes().unwrap(),
            );
            assert!(
                6.0 < low && low < 10.0 && 10.0 < high && high < 14.0,
                "{interval:?}"
            );
        }
    }

    #[test]
    fn absences_have_names() {
        let profile = |runs: &[(&str, f64, f64)]| find(runs, IntervalMethod::Profile);
        let rising = [
            ("f", 1.0, 0.0),
            ("f", 2.0, 1.0),
            ("g", 4.0, 0.0),
            ("g", 8.0, 1.0),
        ];
        assert_eq!(profile(&rising), Err(IntervalError::Rising));
        assert_eq!(profile(&rising[..2]), Err(IntervalError::Rising));
        let one_length = [("f", 1.0, 0.0), ("f", 1.0, 1.0)];
        assert_eq!(profile(&one_length), Err(IntervalError::OneLength));
        let falling = [
            ("f", 1.0, 1.0),
            ("f", 2.0, 0.0),
            ("f", 4.0, 1.0),
            ("f", 8.0, 0.0),
        ];
        let family = "f".to_owned();
        assert_eq!(
            find(&falling, IntervalMethod::Bca),
            Err(IntervalError::Jackknife { family })
        );
        let names = [
            IntervalMethod::Percentile,
            IntervalMethod::Bca,
            IntervalMethod::Profile,
        ];
        assert_eq!(
            names.map(IntervalMethod::name),
            ["percentile", "bca", "profile"]
        );
    }
}
