//! From runs to what a fit needs.

use crate::data::Dataset;
use crate::logistic::{Fit, Observation, fit};
use crate::{Lambda, Weighting};

/// One agent's runs, collapsed to one observation for each task it tried.
#[must_use]
pub fn observations(dataset: &Dataset, agent: usize, weighting: Weighting) -> Vec<Observation> {
    let weights = weighting.task_weights(dataset, agent);
    dataset
        .tried(agent)
        .map(|task| {
            let successes = dataset.successes(agent, task);
            let rate = successes.iter().sum::<f64>() / successes.len() as f64;
            Observation {
                log2_minutes: dataset.tasks()[task].human_minutes.log2(),
                weight: weights[task],
                success_weight: weights[task] * rate,
            }
        })
        .collect()
}

/// The curve of one agent.
#[must_use]
pub fn fit_agent(dataset: &Dataset, agent: usize, weighting: Weighting, lambda: Lambda) -> Fit {
    fit(&observations(dataset, agent, weighting), lambda)
}

/// Share of one agent's weight that succeeded, from 0 to 1; `None` without runs.
#[must_use]
pub fn average_success(observations: &[Observation]) -> Option<f64> {
    let weight: f64 = observations
        .iter()
        .map(|observation| observation.weight)
        .sum();
    let success: f64 = observations
        .iter()
        .map(|observation| observation.success_weight)
        .sum();
    (weight > 0.0).then_some(success / weight)
}
