//! The whole analysis of a dataset in one call.

use serde::Serialize;
use thiserror::Error;

use crate::bootstrap::{Bootstrap, Replicated, Resampling};
use crate::data::Dataset;
use crate::horizon::{Horizon, Reach};
use crate::interval::{IntervalError, IntervalMethod, Target};
use crate::lambda::Lambda;
use crate::logistic::{Fit, fit};
use crate::observe::{average_success, observations};
use crate::replay::Rows;
use crate::trend::Release;
use crate::weights::Weighting;

/// Everything that determines an analysis, besides the data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Settings {
    /// Penalty of the fits.
    pub lambda: Lambda,
    /// How much each run counts.
    pub weighting: Weighting,
    /// Chances of success at which to report horizons, each between 0 and 1.
    pub probabilities: Vec<f64>,
    /// Number of bootstrap replicates; zero for none.
    pub replicates: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
    /// How intervals of horizons are computed.
    pub interval: IntervalMethod,
}

/// METR's present choices: λ = 1e-5, weights by inverse square root, 50 % and 80 %, a thousand
/// replicates and their percentiles.
impl Default for Settings {
    fn default() -> Self {
        Self {
            lambda: Lambda::default(),
            weighting: Weighting::default(),
            probabilities: vec![0.5, 0.8],
            replicates: 1_000,
            seed: 42,
            interval: IntervalMethod::default(),
        }
    }
}

/// Settings that make no sense.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum SettingsError {
    /// A probability at which no horizon exists.
    #[error("probability {0} has no horizon; give one above 0 and below 1")]
    Probability(f64),
}

/// Curves and horizons of all agents.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Analysis {
    /// What was asked for.
    pub settings: Settings,
    /// How the replicates were drawn.
    pub resampling: Resampling,
    /// One summary an agent, in the order of [`Dataset::agents`].
    pub agents: Vec<AgentSummary>,
    /// The replicates behind all intervals.
    #[serde(skip)]
    pub bootstrap: Bootstrap,
}

/// What is known of one agent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgentSummary {
    /// Its name.
    pub agent: String,
    /// Number of its runs.
    pub runs: usize,
    /// Number of tasks it tried.
    pub tasks: usize,
    /// Length of the shortest task it tried, in minutes.
    pub shortest_minutes: f64,
    /// Length of the longest task it tried, in minutes.
    pub longest_minutes: f64,
    /// Weighted share of success, from 0 to 1.
    pub average: f64,
    /// Its curve, or why there is none.
    pub fit: Fit,
    /// Its horizons, in the order of [`Settings::probabilities`].
    pub horizons: Vec<HorizonEstimate>,
    /// Bootstrap replicates in which success does not fall with length.
    pub rising_replicates: usize,
}

/// A horizon with its uncertainty.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HorizonEstimate {
    /// Chance of success at the horizon.
    pub probability: f64,
    /// The horizon.
    pub horizon: Horizon,
    /// Whether it lies within the lengths that the agent tried, or is extrapolated.
    pub reach: Reach,
    /// What the bootstrap says of it, with the interval by the method of the settings.
    #[serde(flatten)]
    pub replicated: Replicated,
    /// Why that method gives no interval; absent where it gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_interval: Option<IntervalError>,
}

/// Fits all agents and bootstraps their horizons.
///
/// # Errors
/// Refuses probabilities that are not between 0 and 1.
pub fn analyse(dataset: &Dataset, settings: &Settings) -> Result<Analysis, SettingsError> {
    analyse_with(dataset, settings, |settings| {
        let Settings {
            lambda,
            weighting,
            replicates,
            seed,
            ..
        } = *settings;
        Bootstrap::new(dataset, weighting, lambda, replicates, seed)
    })
}

/// Fits all agents and bootstraps their horizons with the very draws of METR's own code: replicate
/// i takes seed [`Settings::seed`] + i.
///
/// # Errors
/// Refuses probabilities that are not between 0 and 1.
pub fn analyse_replayed(rows: &Rows, settings: &Settings) -> Result<Analysis, SettingsError> {
    analyse_with(rows.dataset(), settings, |settings| {
        let Settings {
            lambda,
            weighting,
            replicates,
            seed,
            ..
        } = *settings;
        rows.bootstrap(weighting, lambda, replicates, seed)
    })
}

fn analyse_with(
    dataset: &Dataset,
    settings: &Settings,
    bootstrap: impl FnOnce(&Settings) -> Bootstrap,
) -> Result<Analysis, SettingsError> {
    if let Some(&wrong) = settings
        .probabilities
        .iter()
        .find(|p| !(**p > 0.0 && **p < 1.0))
    {
        return Err(SettingsError::Probability(wrong));
    }
    let bootstrap = bootstrap(settings);
    let agents = (0..dataset.agents().len())
        .map(|agent| summarise(dataset, agent, settings, &bootstrap))
        .collect();
    Ok(Analysis {
        settings: settings.clone(),
        resampling: bootstrap.resampling(),
        agents,
        bootstrap,
    })
}

fn summarise(
    dataset: &Dataset,
    agent: usize,
    settings: &Settings,
    bootstrap: &Bootstrap,
) -> AgentSummary {
    let observations = observations(dataset, agent, settings.weighting);
    let fit = fit(&observations, settings.lambda);
    // An agent is in a dataset only by its runs, so neither default is ever used.
    let range = dataset.length_range_minutes(agent).unwrap_or_default();
    let average = average_success(&observations).unwrap_or_default();
    let estimate = |&probability: &f64| {
        let horizon = fit.horizon(probability);
        let target = Target {
            dataset,
            agent,
            weighting: settings.weighting,
            lambda: settings.lambda,
            probability,
        };
        let (interval, no_interval) = match settings.interval.interval(&target, bootstrap) {
            Ok(interval) => (Some(interval), None),
            Err(error) => (None, Some(error)),
        };
        let replicated = Replicated {
            interval,
            ..bootstrap.replicated(agent, probability)
        };
        HorizonEstimate {
            probability,
            horizon,
            reach: horizon.reach(range),
            replicated,
            no_interval,
        }
    };
    AgentSummary {
        agent: dataset.agents()[agent].clone(),
        runs: dataset.run_count(agent),
        tasks: observations.len(),
        shortest_minutes: range.0,
        longest_minutes: range.1,
        average,
        fit,
        horizons: settings.probabilities.iter().map(estimate).collect(),
        rising_replicates: bootstrap.rising(agent),
    }
}

impl Analysis {
    /// The agents whose release day is known, ready for [`crate::trend::trend`]. `day_of` gives
    /// the day, counted from 1970-01-01, for a name; humans, say, have none.
    #[must_use]
    pub fn releases(&self, probability: f64, day_of: impl Fn(&str) -> Option<f64>) -> Vec<Release> {
        let release = |(index, summary): (usize, &AgentSummary)| {
            Some(Release {
                agent: summary.agent.clone(),
                day: day_of(&summary.agent)?,
                horizon: summary.fit.horizon(probability),
                replicates_minutes: self.bootstrap.crossings_minutes(index, probability),
            })
        };
        self.agents.iter().enumerate().filter_map(release).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_dataset_and_a_wrong_probability() {
        let dataset = Dataset::new([]).unwrap();
        assert!(
            analyse(&dataset, &Settings::default())
                .unwrap()
                .agents
                .is_empty()
        );
        let settings = Settings {
            probabilities: vec![0.5, 1.0],
            ..Settings::default()
        };
        assert_eq!(
            analyse(&dataset, &settings),
            Err(SettingsError::Probability(1.0))
        );
    }
}
