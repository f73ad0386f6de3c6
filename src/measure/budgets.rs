//! Horizons at a budget: how far a model reaches if an attempt may take only so much.

use horizon::logistic::{Observation, fit};
use horizon::{DataError, Dataset, Horizon};
use serde::Serialize;

use super::{Measurement, Sample};

/// What a budget is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BudgetUnit {
    /// Tokens, in and out.
    Tokens,
    /// US dollars.
    Dollars,
}

impl BudgetUnit {
    /// The unit in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tokens => "tokens",
            Self::Dollars => "dollars",
        }
    }

    /// What an attempt took.
    fn of(self, sample: &Sample) -> Option<f64> {
        match self {
            Self::Tokens => sample.known_tokens(),
            Self::Dollars => sample.known_dollars(),
        }
    }
}

/// One model's p50 by budget.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BudgetCurve {
    /// The model.
    pub model: String,
    /// Attempts of which it is known what they took.
    pub attempts: usize,
    /// Attempts of which it is not; they are left out.
    pub unknown: usize,
    /// Budgets in rising order, with the horizon at each; the last holds all attempts.
    pub points: Vec<BudgetPoint>,
}

/// A horizon at a budget.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BudgetPoint {
    /// The budget of one attempt, in the unit asked for.
    pub budget: f64,
    /// p50 if attempts that took more had failed.
    pub p50: Horizon,
}

/// p50 of every model at `budgets` of them, evenly spaced on a logarithmic scale between the
/// cheapest and the dearest attempt of all. As METR's `score_over_resource_horizon` has it, an
/// attempt that took more than the budget counts as a failure. Models of which nothing is known
/// are left out.
///
/// # Errors
/// Attempts that contradict each other.
pub fn budget_curves(
    measurement: &Measurement,
    unit: BudgetUnit,
    budgets: usize,
) -> Result<Vec<BudgetCurve>, DataError> {
    let settings = &measurement.analysis.settings;
    let known: Vec<(&Sample, f64, f64)> = measurement
        .samples
        .iter()
        .filter_map(|sample| Some((sample, unit.of(sample)?, measurement.label.of(sample)?)))
        .collect();
    let runs = known.iter().map(|(sample, _, label)| sample.as_run(*label));
    let dataset = Dataset::of(runs)?;
    let steps = steps(known.iter().map(|(_, used, _)| *used), budgets);
    let curve = |(index, model): (usize, &String)| {
        let weights = settings.weighting.task_weights(&dataset, index);
        let mut tasks: Vec<Vec<(f64, f64)>> = vec![Vec::new(); dataset.tasks().len()];
        for (sample, used, label) in known.iter().filter(|(sample, ..)| sample.model == *model) {
            let position = dataset
                .tasks()
                .iter()
                .position(|task| task.name == sample.task);
            if let Some(runs) = position.and_then(|position| tasks.get_mut(position)) {
                runs.push((*used, *label));
            }
        }
        let at = |&budget: &f64| {
            let tried = tasks
                .iter()
                .enumerate()
                .filter(|(_, runs)| !runs.is_empty());
            let observations: Vec<Observation> = tried
                .map(|(task, runs)| {
                    let within = runs.iter().filter(|(used, _)| *used <= budget);
                    let successes: f64 = within.map(|(_, label)| label).sum();
                    Observation {
                        log2_minutes: dataset.tasks()[task].human_minutes.log2(),
                        weight: weights[task],
                        success_weight: weights[task] * successes / runs.len() as f64,
                    }
                })
                .collect();
            BudgetPoint {
                budget,
                p50: fit(&observations, settings.lambda).horizon(0.5),
            }
        };
        let attempts = dataset.run_count(index);
        let all = measurement
            .samples
            .iter()
            .filter(|sample| sample.model == *model);
        BudgetCurve {
            model: model.clone(),
            attempts,
            unknown: all.count() - attempts,
            points: steps.iter().map(at).collect(),
        }
    };
    Ok(dataset.agents().iter().enumerate().map(curve).collect())
}

/// So many budgets from the least to the most that was used.
fn steps(used: impl Iterator<Item = f64>, count: usize) -> Vec<f64> {
    let range = used.fold(None, |range: Option<(f64, f64)>, used| match range {
        None => Some((used, used)),
        Some((least, most)) => Some((least.min(used), most.max(used))),
    });
    let Some((least, most)) = range else {
        return Vec::new();
    };
    let last = count.max(2) - 1;
    (0..=last)
        .map(|step| match step {
            // The ends exactly, so that the last budget holds the dearest attempt.
            0 => least,
            step if step == last => most,
            step => least * (most / least).powf(step as f64 / last as f64),
        })
        .collect()
}
