//! Which runs to add next, so that a horizon or a doubling time is known better.
//!
//! # What a further run can change
//!
//! A fit solves Σ wₜ(pₜ − ȳₜ)x̃ₜ + λ·slope·e = 0 over an agent's tasks, with x̃ = (log₂ minutes, 1), ȳ the
//! mean success of a task's n runs and p the curve. When a task's ȳ moves by d, the curve moves by
//! H⁻¹ wₜx̃ₜd, where H = Σ wₜpₜ(1 − pₜ)x̃ₜx̃ₜᵀ + λeeᵀ, and the logarithm of a horizon by eₜ·d with the task's
//! *effect* eₜ = wₜ·∇(ln horizon)ᵀH⁻¹x̃ₜ (an influence function; Hampel 1974). A trend is linear in
//! the ln horizons of its agents, and its effects are theirs times each agent's leverage.
//!
//! To first order, the hierarchical bootstrap of [`crate::bootstrap`] therefore has the variance
//! of a sum of aₜ = eₜ(ȳₜ − pₜ), drawn as it draws: with A the sums over families of k tasks,
//!
//! - families: Σ A², a sandwich clustered by family (Liang and Zeger 1986);
//! - tasks within families: Σ aₜ² − Σ A²/k;
//! - runs within tasks: Σ eₜ²sₜ²/nₜ, with s² the variance of a task's runs around their mean.
//!
//! Residuals ȳ − p hold the noise of runs as well. With the variance σ² of one run around its own
//! task's chance, a task's noise is in the bootstrap's variance eₜ²σₜ²·(3 − 1/k − 1/n)/n times on
//! average: once by families, 1 − 1/k by tasks and 1 − 1/n by runs. Further runs at a task change
//! n and leave weights, and with them effects, as they are; so the expected gain of each has a closed
//! form, is positive and falls with n, and runs at these tasks that are chosen one after the other by
//! gain per cost are the best set for what they cost.
//!
//! What tasks differ by, beyond their lengths, does not fall with n: it is the *floor* of any number
//! of runs at the same tasks. A new task changes all weights and effects. Its outcome is expected
//! on the curve, with the variance between tasks that the other tasks show, and its gain is the
//! difference of two whole variances; it may be negative.
//!
//! σ² is shrunk: a task's own chance is beta distributed around the curve's. The share of variance
//! between tasks is estimated from tasks with several runs. Where the runs determine no
//! falling curve, a design starts from one that is drawn towards an assumed one; see [`Basis`].
//!
//! # How far to trust it
//!
//! First order means: as if ln horizon were linear in the outcomes. Bootstrap intervals of flat
//! curves are skewed, and wider than the widths here: the ln widths of METR's agents of January
//! 2025 are 0.82 to 0.95 of the bootstrap's at p50, and 0.70 for o1, whose curve is the flattest.
//! With one run a task nothing tells what varies between runs, and floors rest on the assumed share
//! of one half; where the true share is 0.3, say, a floor comes out twice too high in variance.
//! From two runs a task on, expected variances after 4 to 8 further runs matched simulated ones
//! to 5 %.

mod arm;
mod plan;
mod planning;
mod variance;

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal};
use thiserror::Error;

use crate::data::{Dataset, Task};
use crate::quantile::interval_ends;
use crate::trend::{Line, TrendError};
use crate::{Lambda, Weighting};
use arm::Arm;
use variance::Layout;

pub use plan::{Answer, Candidate, OutOfReach, Plan, Suggestion};
pub use planning::Basis;
pub use variance::Components;

/// What is to be known better. Agents are positions in [`Dataset::agents`].
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// ln of the horizon of one agent.
    Horizon {
        /// The agent.
        agent: usize,
        /// Chance of success at the horizon, between 0 and 1.
        probability: f64,
    },
    /// ln of the doubling time of the trend through these agents.
    DoublingTime {
        /// Agents with their release days, counted from 1970-01-01.
        releases: Vec<(usize, f64)>,
        /// Chance of success at the horizons, between 0 and 1.
        probability: f64,
    },
}

/// Why there is no design, or no plan.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum DesignError {
    /// An agent that is not in the dataset.
    #[error(
        "there is no agent number {agent} among {agents}; give a position in the dataset's list"
    )]
    Agent {
        /// The position that was given.
        agent: usize,
        /// Number of agents.
        agents: usize,
    },
    /// A probability at which no horizon exists.
    #[error("probability {0} has no horizon; give one above 0 and below 1")]
    Probability(f64),
    /// The agents determine no line.
    #[error(transparent)]
    Trend(#[from] TrendError),
    /// The trend has no doubling time to narrow.
    #[error(
        "the horizons of these agents do not grow with their release days, so that there is no \
         doubling time to narrow; choose other agents"
    )]
    NotGrowing,
    /// A further task that is already there.
    #[error("task `{0}` is already among the candidates; give every task a name of its own")]
    KnownTask(String),
    /// A length that no task has.
    #[error(
        "task `{task}`: human_minutes is {minutes}; give a finite number of minutes above zero"
    )]
    Minutes {
        /// The task.
        task: String,
        /// The value that was given.
        minutes: f64,
    },
    /// A cost that is zero, negative, infinite or not a number.
    #[error("an attempt at task `{task}` costs {cost}; give a finite cost above zero, or none")]
    Cost {
        /// The task.
        task: String,
        /// The value that was given.
        cost: f64,
    },
    /// A width that no interval has.
    #[error("ratio {0} is no width of an interval; give high over low, a finite number above 1")]
    Ratio(f64),
}

/// The width of an interval of [`crate::quantile::INTERVAL_COVERAGE`], as the normal
/// approximation has it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Width {
    /// Standard deviation of ln of the target.
    pub ln_standard_deviation: f64,
    /// High end over low end; absent where it is beyond all numbers.
    pub ratio: Option<f64>,
}

impl Width {
    fn of_variance(variance: f64) -> Self {
        let ln_standard_deviation = variance.max(0.0).sqrt();
        let ratio = (2.0 * normal_end() * ln_standard_deviation).exp();
        Self {
            ln_standard_deviation,
            ratio: ratio.is_finite().then_some(ratio),
        }
    }

    /// The variance of ln of the target at which an interval is as wide as this ratio.
    fn variance_at(ratio: f64) -> f64 {
        (ratio.ln() / (2.0 * normal_end())).powi(2)
    }
}

/// The upper end of an interval of a standard normal distribution: 1.96.
fn normal_end() -> f64 {
    Normal::standard().inverse_cdf(interval_ends().1)
}

/// What is known of a target, and what further runs would change.
#[derive(Debug, Clone)]
pub struct Design {
    /// Names of all agents of the dataset.
    agent_names: Vec<String>,
    tasks: Vec<Task>,
    family_names: Vec<String>,
    /// Family of each task.
    families: Vec<usize>,
    /// How many of the tasks, the first ones, are in the dataset.
    recorded_tasks: usize,
    weighting: Weighting,
    arms: Vec<Arm>,
}

impl Design {
    /// Takes stock of the runs behind a target. Candidates for further runs are all tasks of the
    /// dataset, tried by the agents of the target or not, and those added by
    /// [`Design::add_task`].
    ///
    /// # Errors
    /// Refuses agents that are not there, probabilities without a horizon, and trends without a
    /// doubling time.
    pub fn new(
        dataset: &Dataset,
        weighting: Weighting,
        lambda: Lambda,
        target: &Target,
    ) -> Result<Self, DesignError> {
        let (agents, probability): (Vec<usize>, f64) = match target {
            Target::Horizon { agent, probability } => (vec![*agent], *probability),
            Target::DoublingTime {
                releases,
                probability,
            } => (
                releases.iter().map(|release| release.0).collect(),
                *probability,
            ),
        };
        if !(probability > 0.0 && probability < 1.0) {
            return Err(DesignError::Probability(probability));
        }
        let count = dataset.agents().len();
        if let Some(&agent) = agents.iter().find(|&&agent| agent >= count) {
            return Err(DesignError::Agent {
                agent,
                agents: count,
            });
        }
        let mut arms: Vec<Arm> = agents
            .iter()
            .map(|&agent| Arm::new(dataset, agent, weighting, lambda, probability))
            .collect();
        if let Target::DoublingTime { releases, .. } = target {
            arms = with_leverages(arms, releases)?;
        }
        Ok(Self {
            agent_names: dataset.agents().to_vec(),
            tasks: dataset.tasks().to_vec(),
            family_names: dataset
                .families()
                .iter()
                .map(|family| family.name.clone())
                .collect(),
            families: dataset.tasks().iter().map(|task| task.family).collect(),
            recorded_tasks: dataset.tasks().len(),
            weighting,
            arms,
        })
    }

    /// Adds a task that no agent of the dataset has tried to the candidates.
    ///
    /// # Errors
    /// Refuses names that are taken and impossible lengths.
    pub fn add_task(
        &mut self,
        name: &str,
        family: &str,
        human_minutes: f64,
    ) -> Result<(), DesignError> {
        if self.tasks.iter().any(|task| task.name == name) {
            return Err(DesignError::KnownTask(name.to_owned()));
        }
        if !(human_minutes.is_finite() && human_minutes > 0.0) {
            return Err(DesignError::Minutes {
                task: name.to_owned(),
                minutes: human_minutes,
            });
        }
        let known = self.family_names.iter().position(|known| known == family);
        let family = known.unwrap_or_else(|| {
            self.family_names.push(family.to_owned());
            self.family_names.len() - 1
        });
        self.families.push(family);
        self.tasks.push(Task {
            name: name.to_owned(),
            family,
            human_minutes,
        });
        for arm in &mut self.arms {
            arm.add_cell(human_minutes.log2(), &[]);
        }
        Ok(())
    }

    /// What the curves of the target's agents rest on, in the order in which the target names them.
    pub fn bases(&self) -> impl Iterator<Item = Basis> + '_ {
        self.arms.iter().map(|arm| arm.planning.basis)
    }

    /// The variance of ln of the target as the bootstrap of the present runs sees it; hardly any
    /// where these determine no curve.
    #[must_use]
    pub fn components(&self) -> Components {
        Layout::new(self, &self.nothing()).observed()
    }

    /// The width of the interval of the present runs: of all [`Design::components`], and of what is
    /// assumed where an agent has no curve of its own.
    #[must_use]
    pub fn width(&self) -> Width {
        Width::of_variance(Layout::new(self, &self.nothing()).present())
    }

    /// The expected width of the interval after further runs, given for each agent of the
    /// target, in its order, and each task, in the order of the dataset and then of
    /// [`Design::add_task`]. What is not given is zero.
    #[must_use]
    pub fn width_after(&self, further: &[Vec<usize>]) -> Width {
        let at = |arm: usize, task: usize| {
            further
                .get(arm)
                .and_then(|tasks| tasks.get(task))
                .copied()
                .unwrap_or_default()
        };
        let further = (0..self.arms.len())
            .map(|arm| (0..self.tasks.len()).map(|task| at(arm, task)).collect())
            .collect();
        Width::of_variance(Layout::new(self, &further).variance(self, &further))
    }

    /// Number of tasks that any agent of the target has tried.
    fn tried_tasks(&self) -> usize {
        let tried = |&task: &usize| self.arms.iter().any(|arm| arm.cells[task].runs > 0);
        (0..self.tasks.len()).filter(tried).count()
    }

    /// No further runs.
    fn nothing(&self) -> variance::Further {
        vec![vec![0; self.tasks.len()]; self.arms.len()]
    }
}

/// Gives every agent its share in ln of the doubling time: with least squares, the slope of
/// the trend is Σ (day − mean)·ln horizon / Σ (day − mean)², and ln(ln 2/slope) falls by 1/slope.
fn with_leverages(arms: Vec<Arm>, releases: &[(usize, f64)]) -> Result<Vec<Arm>, DesignError> {
    let points: Vec<(f64, f64)> = releases
        .iter()
        .zip(&arms)
        .map(|(release, arm)| (release.1, arm.ln_horizon()))
        .collect();
    let line = Line::through(&points)?;
    if line.doubling_days().is_none() {
        return Err(DesignError::NotGrowing);
    }
    let mean = points.iter().map(|point| point.0).sum::<f64>() / points.len() as f64;
    let squares: f64 = points.iter().map(|point| (point.0 - mean).powi(2)).sum();
    let leverage = |day: f64| -(day - mean) / (squares * line.slope_per_day);
    Ok(arms
        .into_iter()
        .zip(&points)
        .map(|(arm, point)| arm.with_leverage(leverage(point.0)))
        .collect())
}
