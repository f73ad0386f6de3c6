//! The function that a joint fit of agents and tasks minimises.
//!
//! Its meaning is told in [`super::item_response`]. Parameters are, for each agent that takes
//! part, log-odds at the mean length and slope, and then σ.

use super::minimise::{Local, Objective};
use super::task_posterior::{Node, Posterior, TaskRuns, Tries};
use crate::data::Dataset;
use crate::lambda::Lambda;
use crate::logistic::{Curve, Fit, Observation, fit, sigmoid};
use crate::weights::Weighting;

/// Least penalty of the logistic fits that the search starts from: it keeps them finite.
const START_LAMBDA: f64 = 1e-3;

/// The data as the fit needs them.
pub(super) struct Model {
    lambda: f64,
    /// Mean of log₂ human minutes over tasks: where curves are centred here.
    pub(super) mean_x: f64,
    /// Weighted number of all runs that take part.
    pub(super) scale: f64,
    pub(super) tasks: Vec<TaskRuns>,
    /// One entry an agent of the dataset: its position among those that take part, or why not.
    pub(super) places: Vec<Result<usize, Fit>>,
    included: Vec<Included>,
}

/// An agent that takes part.
struct Included {
    /// Weighted number of its runs.
    runs: f64,
    /// Its logistic curve, centred.
    curve: Curve,
}

impl Model {
    /// Collects the runs of all agents whose curves are determined.
    pub(super) fn new(dataset: &Dataset, weighting: Weighting, lambda: Lambda) -> Self {
        let tasks = dataset.tasks();
        let mut weights = weighting.suite_weights(dataset);
        for weight in &mut weights {
            *weight *= tasks.len() as f64;
        }
        let xs: Vec<f64> = tasks.iter().map(|task| task.human_minutes.log2()).collect();
        let mean_x = xs.iter().sum::<f64>() / (xs.len().max(1) as f64);
        let mut model = Self {
            lambda: lambda.value(),
            mean_x,
            scale: 0.0,
            tasks: Vec::new(),
            places: Vec::new(),
            included: Vec::new(),
        };
        for task in 0..tasks.len() {
            model.tasks.push(TaskRuns {
                task,
                x: xs[task] - mean_x,
                weight: weights[task],
                tries: Vec::new(),
            });
        }
        for agent in 0..dataset.agents().len() {
            let place = model.include(dataset, agent, lambda);
            model.places.push(place);
        }
        model
    }

    /// Adds an agent's runs, or says why its curve is not determined.
    fn include(&mut self, dataset: &Dataset, agent: usize, lambda: Lambda) -> Result<usize, Fit> {
        let tries = |task: &TaskRuns| {
            let successes = dataset.successes(agent, task.task);
            (successes.len() as f64, successes.iter().sum::<f64>())
        };
        let runs: f64 = self
            .tasks
            .iter()
            .map(|task| task.weight * tries(task).0)
            .sum();
        let observations: Vec<Observation> = self
            .tasks
            .iter()
            .map(|task| {
                let (count, successes) = tries(task);
                Observation {
                    log2_minutes: task.x,
                    weight: task.weight * count / runs,
                    success_weight: task.weight * successes / runs,
                }
            })
            .filter(|observation| observation.weight > 0.0)
            .collect();
        match fit(&observations, lambda) {
            named @ (Fit::NoData | Fit::AllFail | Fit::AllSucceed) => return Err(named),
            // Named by lengths from the mean there, and by lengths in minutes here.
            Fit::OneLength {
                minutes,
                success_rate,
            } => {
                return Err(Fit::OneLength {
                    minutes: minutes * self.mean_x.exp2(),
                    success_rate,
                });
            }
            Fit::Separated {
                falling,
                from_minutes,
                to_minutes,
            } => {
                return Err(Fit::Separated {
                    falling,
                    from_minutes: from_minutes * self.mean_x.exp2(),
                    to_minutes: to_minutes * self.mean_x.exp2(),
                });
            }
            Fit::Converged(_) | Fit::Rising(_) | Fit::Unconverged(_) => {}
        }
        let place = self.included.len();
        for task in &mut self.tasks {
            let successes = dataset.successes(agent, task.task);
            if !successes.is_empty() {
                task.tries.push(Tries {
                    agent: place,
                    runs: successes.len() as f64,
                    successes: successes.iter().sum(),
                });
            }
        }
        let penalty = Lambda::new(lambda.value().max(START_LAMBDA)).unwrap_or(lambda);
        let flat = Curve {
            slope: 0.0,
            intercept: 0.0,
        };
        self.included.push(Included {
            runs,
            curve: fit(&observations, penalty).curve().unwrap_or(flat),
        });
        self.scale += runs;
        Ok(place)
    }

    /// Whether no agent takes part.
    pub(super) fn is_empty(&self) -> bool {
        self.included.is_empty()
    }

    /// Number of parameters.
    pub(super) fn size(&self) -> usize {
        2 * self.included.len() + 1
    }

    /// The agents' logistic curves, and a standard deviation.
    pub(super) fn start(&self, sd: f64) -> Vec<f64> {
        let curves = self.included.iter().map(|agent| agent.curve);
        let pairs = curves.flat_map(|curve| [curve.intercept, curve.slope]);
        pairs.chain([sd]).collect()
    }

    /// Curves of the agents that take part, centred, and σ.
    pub(super) fn unpack(&self, at: &[f64]) -> (Vec<Curve>, f64) {
        let curves = at.chunks_exact(2).map(|pair| Curve {
            intercept: pair[0],
            slope: pair[1],
        });
        (curves.collect(), at.last().copied().unwrap_or_default())
    }

    fn penalty(&self, at: &[f64]) -> f64 {
        let terms = self.included.iter().zip(at.chunks_exact(2));
        let squares = terms.map(|(agent, pair)| agent.runs * pair[1] * pair[1]);
        0.5 * self.lambda * squares.sum::<f64>()
    }
}

impl Objective for Model {
    fn value(&self, at: &[f64]) -> f64 {
        let (curves, sd) = self.unpack(at);
        let loss = |task: &TaskRuns| -task.weight * task.posterior(&curves, sd).ln_likelihood;
        self.penalty(at) + self.tasks.iter().map(loss).sum::<f64>()
    }

    /// By Fisher's and Louis's identities: the gradient of ln L is the posterior mean of the
    /// gradient given ε, and its second derivatives are the posterior mean of those given ε plus
    /// the posterior covariance of the gradient given ε.
    fn local(&self, at: &[f64]) -> Local {
        let (curves, sd) = self.unpack(at);
        let size = self.size();
        let last = size - 1;
        let mut value = self.penalty(at);
        let mut gradient = vec![0.0; size];
        let mut hessian = vec![0.0; size * size];
        for (place, agent) in self.included.iter().enumerate() {
            let slope = 2 * place + 1;
            gradient[slope] = self.lambda * agent.runs * at[slope];
            hessian[slope * size + slope] = self.lambda * agent.runs;
        }
        for task in &self.tasks {
            let posterior = task.posterior(&curves, sd);
            value -= task.weight * posterior.ln_likelihood;
            // Parameters that the task depends on: those of its agents, and σ.
            let pairs = task
                .tries
                .iter()
                .flat_map(|t| [2 * t.agent, 2 * t.agent + 1]);
            let touched: Vec<usize> = pairs.chain([last]).collect();
            let part = TaskPart::of(task, &posterior, &curves, sd);
            for (i, &row) in touched.iter().enumerate() {
                gradient[row] += task.weight * part.gradient[i];
                for (j, &column) in touched.iter().enumerate().take(i + 1) {
                    hessian[row * size + column] +=
                        task.weight * part.hessian[i * touched.len() + j];
                }
            }
        }
        Local {
            value,
            gradient,
            hessian,
        }
    }
}

/// Derivatives of one task's −ln L by level and slope of each of its agents, and by σ.
struct TaskPart {
    gradient: Vec<f64>,
    /// Row by row; only the lower triangle is of meaning.
    hessian: Vec<f64>,
}

impl TaskPart {
    fn of(task: &TaskRuns, posterior: &Posterior, curves: &[Curve], sd: f64) -> Self {
        let last = 2 * task.tries.len();
        let size = last + 1;
        let mut score = vec![0.0; size];
        let mut gradient = vec![0.0; size];
        let mut hessian = vec![0.0; size * size];
        for &Node { u, probability } in &posterior.nodes {
            let x = task.x + sd * u;
            score[last] = 0.0;
            for (place, tries) in task.tries.iter().enumerate() {
                let Curve { slope, intercept } = curves[tries.agent];
                let chance = sigmoid(slope * x + intercept);
                let residual = tries.runs * chance - tries.successes;
                let curvature = probability * tries.runs * chance * (1.0 - chance);
                // How log-odds move with σ.
                let moved = slope * u;
                let (by_level, by_slope) = (2 * place, 2 * place + 1);
                score[by_level] = residual;
                score[by_slope] = residual * x;
                score[last] += residual * moved;
                hessian[by_level * size + by_level] += curvature;
                hessian[by_slope * size + by_level] += curvature * x;
                hessian[by_slope * size + by_slope] += curvature * x * x;
                hessian[last * size + by_level] += curvature * moved;
                hessian[last * size + by_slope] +=
                    curvature * moved * x + probability * residual * u;
                hessian[last * size + last] += curvature * moved * moved;
            }
            for (row, &own) in score.iter().enumerate() {
                gradient[row] += probability * own;
                let scaled = probability * own;
                let entries = hessian[row * size..=row * size + row].iter_mut();
                for (entry, other) in entries.zip(&score) {
                    *entry -= scaled * other;
                }
            }
        }
        for row in 0..size {
            for column in 0..=row {
                hessian[row * size + column] += gradient[row] * gradient[column];
            }
        }
        Self { gradient, hessian }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Run;

    #[test]
    fn derivatives_are_those_of_the_value() {
        let rates = [
            ("a", [(0, 5, 4), (2, 5, 5), (4, 5, 1), (6, 5, 2)]),
            ("b", [(0, 3, 3), (2, 3, 1), (4, 0, 0), (6, 3, 1)]),
        ];
        let runs = rates.into_iter().flat_map(|(agent, tasks)| {
            tasks
                .into_iter()
                .flat_map(move |(log2_minutes, runs, successes)| {
                    (0..runs).map(move |run| Run {
                        agent: agent.to_owned(),
                        task: format!("f{log2_minutes}/t"),
                        family: format!("f{log2_minutes}"),
                        human_minutes: f64::from(log2_minutes).exp2(),
                        success: if run < successes { 1.0 } else { 0.0 },
                    })
                })
        });
        let dataset = Dataset::new(runs).unwrap();
        let model = Model::new(&dataset, Weighting::Equal, Lambda::METR_TH1_0);
        let at = [0.3, -0.6, -0.2, -0.4, 1.3];
        let local = model.local(&at);
        assert!((local.value - model.value(&at)).abs() < 1e-12);
        for i in 0..5 {
            let shifted = |by: f64| {
                let mut moved = at;
                moved[i] += by;
                model.local(&moved)
            };
            let (up, down) = (shifted(1e-5), shifted(-1e-5));
            let slope = (up.value - down.value) / 2e-5;
            assert!((slope - local.gradient[i]).abs() < 1e-7, "{i}");
            for j in 0..=i {
                let bend = (up.gradient[j] - down.gradient[j]) / 2e-5;
                assert!((bend - local.hessian[i * 5 + j]).abs() < 1e-6, "{i} {j}");
            }
        }
    }
}
