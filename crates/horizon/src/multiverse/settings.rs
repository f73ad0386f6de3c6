//! What a multiverse varies, and what it keeps.

use serde::Serialize;
use thiserror::Error;

use crate::data::Dataset;
use crate::human_time::HumanTimeError;
use crate::lambda::Lambda;
use crate::observe::fit_agent;
use crate::trend::{ONE_MONTH_MINUTES, Release, ShortHorizons, Window, frontier, usable_log};
use crate::weights::Weighting;

/// What differs from universe to universe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Varied {
    /// Weighting and penalty: every pair alike.
    pub fits: bool,
    /// Agents, drawn with replacement.
    pub agents: bool,
    /// Families and their tasks, drawn as in the bootstrap.
    pub tasks: bool,
    /// Runs, drawn as in the bootstrap.
    pub runs: bool,
    /// Human times, drawn from what is known of them.
    pub human_times: bool,
}

impl Varied {
    /// Each alone, by name, and all at once.
    pub const EACH_AND_ALL: [(&'static str, Self); 6] = {
        let none = Self {
            fits: false,
            agents: false,
            tasks: false,
            runs: false,
            human_times: false,
        };
        [
            ("weighting_and_lambda", Self { fits: true, ..none }),
            (
                "models",
                Self {
                    agents: true,
                    ..none
                },
            ),
            (
                "tasks",
                Self {
                    tasks: true,
                    ..none
                },
            ),
            ("runs", Self { runs: true, ..none }),
            (
                "human_times",
                Self {
                    human_times: true,
                    ..none
                },
            ),
            (
                "everything",
                Self {
                    fits: true,
                    agents: true,
                    tasks: true,
                    runs: true,
                    human_times: true,
                },
            ),
        ]
    };
}

/// Which agents a line runs through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Through {
    /// Those that led when they came out, by their fits with the base settings.
    #[default]
    Leaders,
    /// All in the window.
    Everyone,
}

/// Everything that determines a multiverse, besides data and sources.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MultiverseSettings {
    /// Weightings to choose from.
    pub weightings: Vec<Weighting>,
    /// Penalties to choose from.
    pub lambdas: Vec<Lambda>,
    /// Weighting where it does not vary.
    pub base_weighting: Weighting,
    /// Penalty where it does not vary.
    pub base_lambda: Lambda,
    /// Chance of success at the horizon, above 0 and below 1.
    pub probability: f64,
    /// The target whose date is asked for, in human minutes.
    pub target_minutes: f64,
    /// Which releases count.
    pub window: Window,
    /// Which agents the line runs through.
    pub through: Through,
    /// What to do with short horizons, in every universe.
    pub short_horizons: ShortHorizons,
    /// Universes of every source that draws.
    pub universes: usize,
    /// Seed of the draws.
    pub seed: u64,
}

/// Both weightings with METR's five penalties and its present one, a one-month horizon, a thousand
/// universes.
impl Default for MultiverseSettings {
    fn default() -> Self {
        let lambda = |value| Lambda::new(value).unwrap_or_default();
        Self {
            weightings: vec![Weighting::InverseSqrtFamily, Weighting::Equal],
            lambdas: [0.2, 0.1, 0.05, 0.02, 0.01, 1e-5].map(lambda).to_vec(),
            base_weighting: Weighting::default(),
            base_lambda: Lambda::default(),
            probability: 0.5,
            target_minutes: ONE_MONTH_MINUTES,
            window: Window::default(),
            through: Through::default(),
            short_horizons: ShortHorizons::default(),
            universes: 1_000,
            seed: 42,
        }
    }
}

/// Why there is no multiverse.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum MultiverseError {
    /// Nothing to choose from.
    #[error("there is no weighting or no penalty to choose from; give at least one of each")]
    NoChoice,
    /// A probability at which no horizon exists.
    #[error("probability {0} has no horizon; give one above 0 and below 1")]
    Probability(f64),
    /// Human times vary, and nobody says by how much.
    #[error("source `{source_name}` varies human times; say what is known of them")]
    NoHumanTimes {
        /// The source in question.
        source_name: String,
    },
    /// Times that do not fit the dataset.
    #[error(transparent)]
    HumanTimes(#[from] HumanTimeError),
}

impl MultiverseSettings {
    /// Positions and release days of the agents that the line runs through.
    pub(crate) fn agents(
        &self,
        dataset: &Dataset,
        day_of: impl Fn(&str) -> Option<f64>,
    ) -> Vec<(usize, f64)> {
        let mut agents = Vec::new();
        let mut releases = Vec::new();
        for (index, name) in dataset.agents().iter().enumerate() {
            let Some(day) = day_of(name).filter(|day| day.is_finite()) else {
                continue;
            };
            let fit = fit_agent(dataset, index, self.base_weighting, self.base_lambda);
            agents.push((index, day));
            releases.push(Release {
                agent: name.clone(),
                day,
                horizon: fit.horizon(self.probability),
                replicates_minutes: Vec::new(),
            });
        }
        match self.through {
            Through::Leaders => frontier(&releases, self.window)
                .into_iter()
                .map(|position| agents[position])
                .collect(),
            Through::Everyone => {
                agents.retain(|agent| self.window.contains(agent.1));
                agents
            }
        }
    }

    pub(crate) fn choices(&self) -> Vec<(Weighting, Lambda)> {
        let pairs = |&weighting| self.lambdas.iter().map(move |&lambda| (weighting, lambda));
        self.weightings.iter().flat_map(pairs).collect()
    }

    pub(crate) fn usable_log(&self, minutes: f64) -> Option<f64> {
        usable_log(Some(self.short_horizons.treat(minutes)))
    }
}
