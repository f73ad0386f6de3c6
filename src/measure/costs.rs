//! What attempts cost.

use std::collections::HashMap;

use super::Sample;

/// Mean cost of recorded attempts, by model and task and by task alone.
#[derive(Debug, Clone, Default)]
pub struct Costs {
    dollars: Means,
    tokens: Means,
}

#[derive(Debug, Clone, Default)]
struct Means {
    by_model: HashMap<(String, String), Mean>,
    by_task: HashMap<String, Mean>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    sum: f64,
    count: f64,
}

impl Costs {
    /// The costs that these attempts record.
    pub fn of(samples: &[Sample]) -> Self {
        let mut costs = Self::default();
        for sample in samples {
            if let Some(dollars) = sample.known_dollars() {
                costs.dollars.add(sample, dollars);
            }
            if let Some(tokens) = sample.known_tokens() {
                costs.tokens.add(sample, tokens);
            }
        }
        costs
    }

    /// US dollars that an attempt takes: the mean of the model's own at the task, or else of all
    /// models' there.
    pub fn dollars(&self, model: &str, task: &str) -> Option<f64> {
        self.dollars.mean(model, task)
    }

    /// Tokens that an attempt takes, likewise.
    pub fn tokens(&self, model: &str, task: &str) -> Option<f64> {
        self.tokens.mean(model, task)
    }
}

impl Means {
    fn add(&mut self, sample: &Sample, cost: f64) {
        let key = (sample.model.clone(), sample.task.clone());
        for mean in [
            self.by_model.entry(key).or_default(),
            self.by_task.entry(sample.task.clone()).or_default(),
        ] {
            mean.sum += cost;
            mean.count += 1.0;
        }
    }

    fn mean(&self, model: &str, task: &str) -> Option<f64> {
        let own = self.by_model.get(&(model.to_owned(), task.to_owned()));
        let mean = own.or_else(|| self.by_task.get(task))?;
        Some(mean.sum / mean.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(model: &str, cost_dollars: f64) -> Sample {
        Sample {
            model: model.into(),
            task: "f/1".into(),
            family: "f".into(),
            human_minutes: 1.0,
            length_source: crate::measure::LengthSource::Measured,
            duration_minutes: None,
            success: Some(true),
            score: 1.0,
            tokens: None,
            cost_dollars: Some(cost_dollars),
        }
    }

    #[test]
    fn a_model_without_costs_of_its_own_is_taken_for_the_others() {
        let costs = Costs::of(&[
            sample("a", 1.0),
            sample("a", 3.0),
            sample("b", 8.0),
            sample("c", 0.0),
        ]);
        assert_eq!(costs.dollars("a", "f/1"), Some(2.0));
        assert_eq!(costs.dollars("c", "f/1"), Some(4.0));
        assert_eq!(costs.dollars("a", "f/2"), None);
        assert_eq!(costs.tokens("a", "f/1"), None);
    }
}
