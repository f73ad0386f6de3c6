//! How much each run counts.

use serde::Serialize;

use crate::data::Dataset;

/// A rule that spreads a total weight of 1 over the runs of one agent.
///
/// Under both rules the runs of one task share the task's weight evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum Weighting {
    /// A task weighs 1/√k, where k is the number of tasks of its family that the agent tried:
    /// large families count for more than small ones, yet not in proportion to their size.
    /// METR's headline rule.
    #[default]
    #[serde(rename = "invsqrt")]
    InverseSqrtFamily,
    /// Every task weighs the same.
    #[serde(rename = "equal")]
    Equal,
}

impl Weighting {
    /// The name written in results: `invsqrt` or `equal`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InverseSqrtFamily => "invsqrt",
            Self::Equal => "equal",
        }
    }

    /// Weight of each task for one agent, in the order of [`Dataset::tasks`]: zero where the
    /// agent never tried, otherwise adding up to 1. A run weighs its task's share, divided by
    /// the number of the agent's runs at that task.
    #[must_use]
    pub fn task_weights(self, dataset: &Dataset, agent: usize) -> Vec<f64> {
        let tried: Vec<bool> = (0..dataset.tasks().len())
            .map(|task| !dataset.successes(agent, task).is_empty())
            .collect();
        let families: Vec<usize> = dataset.tasks().iter().map(|task| task.family).collect();
        self.weights_of_tried(&tried, &families)
    }

    /// Weight of each task for all agents together, in the order of [`Dataset::tasks`]: as for an
    /// agent that tried every task.
    #[must_use]
    pub fn suite_weights(self, dataset: &Dataset) -> Vec<f64> {
        let families: Vec<usize> = dataset.tasks().iter().map(|task| task.family).collect();
        self.weights_of_tried(&vec![true; families.len()], &families)
    }

    /// Weights of any set of tried tasks, given the family of each task.
    pub(crate) fn weights_of_tried(self, tried: &[bool], families: &[usize]) -> Vec<f64> {
        let mut siblings = vec![0_usize; families.iter().max().map_or(0, |last| last + 1)];
        for (_, &family) in tried.iter().zip(families).filter(|(tried, _)| **tried) {
            siblings[family] += 1;
        }
        let mut weights: Vec<f64> = tried
            .iter()
            .zip(families)
            .map(|(&tried, &family)| match self {
                _ if !tried => 0.0,
                Self::Equal => 1.0,
                Self::InverseSqrtFamily => 1.0 / (siblings[family] as f64).sqrt(),
            })
            .collect();
        let total: f64 = weights.iter().sum();
        if total > 0.0 {
            for weight in &mut weights {
                *weight /= total;
            }
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Run;

    #[test]
    fn a_family_of_four_weighs_twice_a_family_of_one() {
        let runs = ["f/1", "f/2", "f/3", "f/4", "g/1", "g/1"].map(|task| Run {
            agent: "a".to_owned(),
            task: task.to_owned(),
            family: task[..1].to_owned(),
            human_minutes: 1.0,
            success: 1.0,
        });
        let dataset = Dataset::new(runs).unwrap();
        let weights = Weighting::InverseSqrtFamily.task_weights(&dataset, 0);
        assert!((weights[0] - 1.0 / 6.0).abs() < 1e-15);
        assert!((weights[4] - 1.0 / 3.0).abs() < 1e-15);
        assert_eq!(
            Weighting::InverseSqrtFamily.suite_weights(&dataset),
            weights
        );
        let equal = Weighting::Equal.task_weights(&dataset, 0);
        assert!(equal.iter().all(|weight| (weight - 0.2).abs() < 1e-15));
    }
}
