//! Two agents at a time.

use serde::Serialize;
use thiserror::Error;

use super::contrast::{Contrast, Tally, holm};
use super::sign_flip::{SignFlip, sign_flip};
use crate::analysis::{Analysis, Settings};
use crate::bootstrap::{Bootstrap, Resampling};
use crate::data::Dataset;
use crate::horizon::Horizon;
use crate::observe::fit_agent;

/// Which tasks a comparison looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskScope {
    /// Each agent's own tasks, with the replicates of the analysis: compares the horizons that are
    /// reported. Where agents tried different tasks, part of a difference may be due to these.
    #[default]
    All,
    /// The tasks that both agents tried, with fits and replicates of their own, which are always
    /// drawn from [`Resampling::Streams`].
    Common,
}

/// Two agents' horizons, compared over shared replicates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairComparison {
    /// Name of the first agent.
    pub first: String,
    /// Name of the second agent.
    pub second: String,
    /// Chance of success at the horizons.
    pub probability: f64,
    /// Which tasks were looked at.
    pub scope: TaskScope,
    /// How the replicates were drawn.
    pub resampling: Resampling,
    /// Number of tasks the first agent tried.
    pub first_tasks: usize,
    /// Number of tasks the second agent tried.
    pub second_tasks: usize,
    /// Number of tasks that both tried.
    pub common_tasks: usize,
    /// The first agent's horizon on the tasks of the scope.
    pub first_horizon: Horizon,
    /// The second agent's.
    pub second_horizon: Horizon,
    /// First horizon divided by second.
    pub ratio: Contrast,
    /// First horizon less second, in minutes.
    pub difference_minutes: Contrast,
    /// In how many replicates the first horizon is the longer one.
    pub tally: Tally,
    /// The tally as shares of 1 of the compared replicates; absent without any.
    pub win_share: Option<f64>,
    /// Share of ties.
    pub tie_share: Option<f64>,
    /// Share of losses.
    pub loss_share: Option<f64>,
    /// Replicates in which either agent has no curve; they are compared in no way.
    pub missing: usize,
    /// Compared replicates in which either horizon is infinite.
    pub infinite: usize,
    /// Two-sided p-value of equal horizons, by the replicates: see [`Tally::p_value`].
    pub p_value: Option<f64>,
    /// The same, corrected for the number of pairs compared at once (Holm).
    pub holm_p_value: Option<f64>,
    /// A test of equal success at the common tasks; absent where there are none.
    pub sign_flip: Option<SignFlip>,
}

/// Pairs that cannot be compared.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum PairError {
    /// A position with no agent.
    #[error("there is no agent number {position}; the dataset has {agents}, counted from 0")]
    NoAgent {
        /// The position.
        position: usize,
        /// Number of agents.
        agents: usize,
    },
    /// One agent twice.
    #[error("agent `{agent}` is compared with itself; name two different agents")]
    Itself {
        /// The agent.
        agent: String,
    },
    /// Two agents without a common task, where only common tasks are looked at.
    #[error("agents `{first}` and `{second}` tried no task in common; compare them on all tasks")]
    NoCommonTasks {
        /// Name of the first agent.
        first: String,
        /// Name of the second agent.
        second: String,
    },
    /// A probability at which no horizon exists.
    #[error("probability {0} has no horizon; give one above 0 and below 1")]
    Probability(f64),
}

/// Every pair of so many agents, each once.
#[must_use]
pub fn all_pairs(agents: usize) -> Vec<(usize, usize)> {
    (0..agents)
        .flat_map(|first| (first + 1..agents).map(move |second| (first, second)))
        .collect()
}

/// Compares pairs of agents, given by position in [`Dataset::agents`], at one probability, and
/// corrects their p-values for the number of pairs. The analysis must be of the dataset.
///
/// # Errors
/// A probability outside 0 to 1, an unknown agent, one agent twice, or, with [`TaskScope::Common`],
/// two agents without a common task.
pub fn pairs(
    dataset: &Dataset,
    analysis: &Analysis,
    pairs: &[(usize, usize)],
    probability: f64,
    scope: TaskScope,
) -> Result<Vec<PairComparison>, PairError> {
    if !(probability > 0.0 && probability < 1.0) {
        return Err(PairError::Probability(probability));
    }
    let mut comparisons = pairs
        .iter()
        .map(|&pair| {
            check(dataset, pair)?;
            compare(dataset, analysis, pair, probability, scope)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let p_values: Vec<Option<f64>> = comparisons.iter().map(|pair| pair.p_value).collect();
    for (comparison, corrected) in comparisons.iter_mut().zip(holm(&p_values)) {
        comparison.holm_p_value = corrected;
    }
    Ok(comparisons)
}

fn check(dataset: &Dataset, (first, second): (usize, usize)) -> Result<(), PairError> {
    let agents = dataset.agents();
    for position in [first, second] {
        if position >= agents.len() {
            return Err(PairError::NoAgent {
                position,
                agents: agents.len(),
            });
        }
    }
    if first == second {
        return Err(PairError::Itself {
            agent: agents[first].clone(),
        });
    }
    Ok(())
}

fn compare(
    dataset: &Dataset,
    analysis: &Analysis,
    (first, second): (usize, usize),
    probability: f64,
    scope: TaskScope,
) -> Result<PairComparison, PairError> {
    let settings = &analysis.settings;
    let tried = |agent, task| !dataset.successes(agent, task).is_empty();
    let both = |task: &usize| tried(first, *task) && tried(second, *task);
    let common_tasks = (0..dataset.tasks().len()).filter(both).count();
    let name = |agent: usize| dataset.agents()[agent].clone();
    let sides = match scope {
        TaskScope::All => Sides::of(
            dataset,
            settings,
            &analysis.bootstrap,
            [first, second],
            probability,
        ),
        TaskScope::Common if common_tasks == 0 => {
            return Err(PairError::NoCommonTasks {
                first: name(first),
                second: name(second),
            });
        }
        TaskScope::Common => {
            let common =
                dataset.filtered(|agent, task| [first, second].contains(&agent) && both(&task));
            let Settings {
                weighting,
                lambda,
                replicates,
                seed,
                ..
            } = *settings;
            let bootstrap = Bootstrap::new(&common, weighting, lambda, replicates, seed);
            // The smaller dataset holds the two alone, in the same order.
            let positions = if first < second { [0, 1] } else { [1, 0] };
            Sides::of(&common, settings, &bootstrap, positions, probability)
        }
    };
    let contrast = |of: fn(f64, f64) -> f64| {
        let [a, b] = sides.horizons.map(Horizon::minutes);
        let estimate = a.zip(b).map(|(a, b)| of(a, b));
        Contrast::of(estimate, sides.minutes.iter().map(|&(a, b)| of(a, b)))
    };
    let tally = Tally::of(sides.minutes.iter().copied());
    let compared = tally.compared();
    let share = |count: usize| (compared > 0).then(|| count as f64 / compared as f64);
    let infinite = |(a, b): &&(f64, f64)| a.is_infinite() || b.is_infinite();
    Ok(PairComparison {
        first: name(first),
        second: name(second),
        probability,
        scope,
        resampling: sides.resampling,
        first_tasks: dataset.tried(first).count(),
        second_tasks: dataset.tried(second).count(),
        common_tasks,
        first_horizon: sides.horizons[0],
        second_horizon: sides.horizons[1],
        ratio: contrast(|a, b| a / b),
        difference_minutes: contrast(|a, b| a - b),
        tally,
        win_share: share(tally.wins),
        tie_share: share(tally.ties),
        loss_share: share(tally.losses),
        missing: sides.replicates - compared,
        infinite: sides.minutes.iter().filter(infinite).count(),
        p_value: tally.p_value(),
        holm_p_value: None,
        sign_flip: sign_flip(dataset, first, second, settings.weighting, settings.seed),
    })
}

/// Two agents' horizons and their replicates in pairs.
struct Sides {
    resampling: Resampling,
    horizons: [Horizon; 2],
    replicates: usize,
    /// Replicates in which both have a curve.
    minutes: Vec<(f64, f64)>,
}

impl Sides {
    fn of(
        dataset: &Dataset,
        settings: &Settings,
        bootstrap: &Bootstrap,
        agents: [usize; 2],
        probability: f64,
    ) -> Self {
        let horizon = |agent| {
            fit_agent(dataset, agent, settings.weighting, settings.lambda).horizon(probability)
        };
        let [first, second] = agents.map(|agent| bootstrap.crossings_minutes(agent, probability));
        Self {
            resampling: bootstrap.resampling(),
            horizons: agents.map(horizon),
            replicates: bootstrap.replicates(),
            minutes: first
                .into_iter()
                .zip(second)
                .filter_map(|(a, b)| a.zip(b))
                .collect(),
        }
    }
}
