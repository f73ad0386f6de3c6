//! One agent in a design: what each task's outcomes weigh in the target, and what is known of them.

use super::planning::{Basis, Planning};
use crate::data::Dataset;
use crate::logistic::{Observation, logit};
use crate::observe::observations;
use crate::{Lambda, Weighting};

/// Share of the variance of outcomes that lies between tasks of one length, where runs do not
/// tell: METR's agents of January 2025 have from 0.28 to 0.68.
const PRIOR_BETWEEN: f64 = 0.5;
/// Outcome variance behind that assumption: as much as four tasks of even odds have.
const PRIOR_VARIANCE: f64 = 1.0;
/// Keeps both shares away from zero.
const BETWEEN_LIMITS: (f64, f64) = (0.02, 0.98);

/// One agent of a design.
#[derive(Debug, Clone)]
pub(super) struct Arm {
    /// Position of the agent in its dataset.
    pub(super) agent: usize,
    /// What one unit of the agent's ln horizon adds to the target.
    leverage: f64,
    probability: f64,
    lambda: f64,
    pub(super) planning: Planning,
    /// Share of the variance of outcomes that lies between tasks of one length.
    between_share: f64,
    /// One cell a task.
    pub(super) cells: Vec<Cell>,
}

/// One agent at one task.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    log2_minutes: f64,
    /// Chance of success on the planning curve.
    pub(super) chance: f64,
    /// Runs that there are.
    pub(super) runs: usize,
    /// Mean success of these runs, minus the chance on the curve.
    pub(super) residual: f64,
    /// Variance of these runs around their mean, divided by their number.
    pub(super) plug_in_variance: f64,
    /// Variance of one more run around the task's own chance.
    pub(super) run_variance: f64,
    /// Variance of the task's own chance around the curve, before any run.
    pub(super) between_variance: f64,
}

/// What outcomes weigh in a target.
#[derive(Debug, Clone, Default)]
pub(super) struct Effects {
    /// By how much the target moves with each task's mean success.
    pub(super) of_tasks: Vec<f64>,
    /// Variance of the target that imagined tasks leave, each with one outcome.
    pub(super) imagined_variance: f64,
}

impl Arm {
    pub(super) fn new(
        dataset: &Dataset,
        agent: usize,
        weighting: Weighting,
        lambda: Lambda,
        probability: f64,
    ) -> Self {
        let log2_lengths: Vec<f64> = dataset
            .tasks()
            .iter()
            .map(|task| task.human_minutes.log2())
            .collect();
        let observations: Vec<Observation> = observations(dataset, agent, weighting);
        let planning = Planning::new(&observations, &log2_lengths, lambda);
        let mut arm = Self {
            agent,
            leverage: 1.0,
            probability,
            lambda: lambda.value(),
            planning,
            between_share: between_share(dataset, agent, &planning),
            cells: Vec::with_capacity(log2_lengths.len()),
        };
        for (task, log2_minutes) in log2_lengths.into_iter().enumerate() {
            arm.add_cell(log2_minutes, dataset.successes(agent, task));
        }
        arm
    }

    /// The same agent, when the target changes by `leverage` with each unit of its ln horizon.
    pub(super) fn with_leverage(self, leverage: f64) -> Self {
        Self { leverage, ..self }
    }

    /// ln minutes of the horizon on the planning curve.
    pub(super) fn ln_horizon(&self) -> f64 {
        self.horizon_log2_minutes() * std::f64::consts::LN_2
    }

    fn horizon_log2_minutes(&self) -> f64 {
        let curve = self.planning.curve;
        (logit(self.probability) - curve.intercept) / curve.slope
    }

    /// Adds a task at the end.
    ///
    /// A task's own chance is taken to be beta distributed around the curve's, with the variance
    /// that `between_share` gives; what a run would vary by follows from that and the runs so far.
    pub(super) fn add_cell(&mut self, log2_minutes: f64, successes: &[f64]) {
        let chance = self.planning.curve.probability(log2_minutes.exp2());
        let runs = successes.len() as f64;
        let total: f64 = successes.iter().sum();
        let imagined_runs = 1.0 / self.between_share - 1.0;
        let good = imagined_runs * chance + total;
        let bad = imagined_runs * (1.0 - chance) + runs - total;
        let both = good + bad;
        let mean = total / runs.max(1.0);
        let squares: f64 = successes
            .iter()
            .map(|success| (success - mean).powi(2))
            .sum();
        self.cells.push(Cell {
            log2_minutes,
            chance,
            runs: successes.len(),
            residual: if successes.is_empty() {
                0.0
            } else {
                mean - chance
            },
            plug_in_variance: squares / runs.max(1.0),
            run_variance: good * bad / (both * (both + 1.0)),
            between_variance: self.between_share * chance * (1.0 - chance),
        });
    }

    /// By how much the target moves with the mean success of each task, given the tasks' weights:
    /// leverage × weight × ∂ ln horizon/∂θ · H⁻¹x.
    pub(super) fn effects(&self, weights: &[f64]) -> Effects {
        // Lengths are measured from the horizon, where the gradient of ln horizon has no
        // component along the slope: it is (0, −ln 2/slope).
        let horizon = self.horizon_log2_minutes();
        let tried = weights
            .iter()
            .filter(|&&weight| weight > 0.0)
            .count()
            .max(1) as f64;
        let imagined_weight = self.planning.imagined_tasks / (tried * weights.len().max(1) as f64);
        let (mut slope_slope, mut slope_level, mut level_level) = (self.lambda, 0.0, 0.0);
        for (cell, weight) in self.cells.iter().zip(weights) {
            let x = cell.log2_minutes - horizon;
            let curvature = (weight + imagined_weight) * cell.chance * (1.0 - cell.chance);
            slope_slope += curvature * x * x;
            slope_level += curvature * x;
            level_level += curvature;
        }
        let determinant = slope_slope * level_level - slope_level * slope_level;
        let gradient = -self.leverage * std::f64::consts::LN_2 / self.planning.curve.slope;
        let by_x = -gradient * slope_level / determinant;
        let by_level = gradient * slope_slope / determinant;
        let mut effects = Effects::default();
        for (cell, weight) in self.cells.iter().zip(weights) {
            let influence = by_x * (cell.log2_minutes - horizon) + by_level;
            // Where the curvature is singular, no outcome is known to move anything.
            let influence = if influence.is_finite() {
                influence
            } else {
                0.0
            };
            effects.of_tasks.push(weight * influence);
            // Each imagined task weighs what a tried one does on average, 1/tried.
            effects.imagined_variance +=
                imagined_weight / tried * influence.powi(2) * cell.chance * (1.0 - cell.chance);
        }
        effects
    }

    /// Whether the curve is the agent's own fit, so that its residuals tell how far tasks differ.
    pub(super) fn is_fitted(&self) -> bool {
        self.planning.basis == Basis::Fitted
    }
}

/// Share of the variance of outcomes around the curve that lies between tasks of one length rather
/// than between runs of one task: one minus the unbiased variance within tasks over p(1 − p), both
/// summed over the tasks with two runs or more, and drawn towards [`PRIOR_BETWEEN`].
fn between_share(dataset: &Dataset, agent: usize, planning: &Planning) -> f64 {
    let mut within = PRIOR_VARIANCE * (1.0 - PRIOR_BETWEEN);
    let mut all = PRIOR_VARIANCE;
    for task in dataset.tried(agent) {
        let successes = dataset.successes(agent, task);
        if successes.len() > 1 {
            let runs = successes.len() as f64;
            let mean = successes.iter().sum::<f64>() / runs;
            let squares: f64 = successes
                .iter()
                .map(|success| (success - mean).powi(2))
                .sum();
            let chance = planning
                .curve
                .probability(dataset.tasks()[task].human_minutes);
            within += squares / (runs - 1.0);
            all += chance * (1.0 - chance);
        }
    }
    let (low, high) = BETWEEN_LIMITS;
    (1.0 - within / all).clamp(low, high)
}
