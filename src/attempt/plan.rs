//! The plan: everything that determines a run's result.

use serde::{Deserialize, Serialize};

use super::AttemptKey;
use crate::model::Parameters;

/// What a run sets out to do. Operational choices (concurrency, retries) are no part of it: they
/// may change when a run goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Version of this file's format.
    pub schema_version: u32,
    /// The program's version.
    pub sextant_version: String,
    /// The graders' versions, for instance `answer 1, tests 1`.
    pub graders: String,
    /// The suite's name, or the ids given by hand.
    pub selection: String,
    /// The tasks, sorted by id.
    pub tasks: Vec<PlannedTask>,
    /// The models, in the order given.
    pub models: Vec<PlannedModel>,
    /// The solver's name.
    pub solver: String,
    /// Repetitions of each task by each model.
    pub epochs: u32,
    /// Seeds everything random in the run.
    pub seed: u64,
    /// Where handed-in code runs: `namespaces` or `none`.
    pub sandbox: String,
}

/// A task pinned by its content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedTask {
    /// `family/name`.
    pub id: String,
    /// The author's version.
    pub version: String,
    /// `sha256:<hex>` over the task's files.
    pub digest: String,
}

/// A model with everything sent along.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedModel {
    /// `provider/model`.
    pub name: String,
    /// The server asked, where it is not the provider's own; never with credentials.
    pub base_url: Option<String>,
    /// Sampling parameters that the user set.
    pub parameters: Parameters,
}

/// The format that this program writes.
pub(crate) const PLAN_SCHEMA: u32 = 1;

impl Plan {
    /// How many attempts the plan holds.
    pub fn len(&self) -> usize {
        self.tasks.len() * self.models.len() * self.epochs as usize
    }

    /// Whether the plan holds nothing to do.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The task, model and epoch of the attempt at `index`: epochs outermost, so that an
    /// interrupted run has covered tasks evenly.
    pub fn position(&self, index: usize) -> (usize, usize, u32) {
        let per_epoch = self.tasks.len() * self.models.len();
        let within = index % per_epoch;
        let epoch = u32::try_from(index / per_epoch)
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        (
            within / self.models.len(),
            within % self.models.len(),
            epoch,
        )
    }

    /// What identifies the attempt at `index`.
    pub fn key(&self, index: usize) -> AttemptKey {
        let (task, model, epoch) = self.position(index);
        AttemptKey {
            task_id: self.tasks[task].id.clone(),
            model: self.models[model].name.clone(),
            solver: self.solver.clone(),
            epoch,
        }
    }

    /// Where the attempt with this identity stands, or `None` when the plan has none such.
    pub fn index_of(&self, key: &AttemptKey) -> Option<usize> {
        let task = self
            .tasks
            .binary_search_by(|task| task.id.as_str().cmp(&key.task_id))
            .ok()?;
        let model = self
            .models
            .iter()
            .position(|model| model.name == key.model)?;
        if key.solver != self.solver || key.epoch == 0 || key.epoch > self.epochs {
            return None;
        }
        let per_epoch = self.tasks.len() * self.models.len();
        Some((key.epoch as usize - 1) * per_epoch + task * self.models.len() + model)
    }

    /// What differs from `other`, a line each; empty when they are the same.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut compare = |what: &str, here: String, there: String| {
            if here != there {
                lines.push(format!("{what}: {here} there, {there} now"));
            }
        };
        compare(
            "plan format",
            self.schema_version.to_string(),
            other.schema_version.to_string(),
        );
        compare(
            "sextant version",
            self.sextant_version.clone(),
            other.sextant_version.clone(),
        );
        compare("graders", self.graders.clone(), other.graders.clone());
        compare("selection", self.selection.clone(), other.selection.clone());
        compare("solver", self.solver.clone(), other.solver.clone());
        compare("epochs", self.epochs.to_string(), other.epochs.to_string());
        compare("seed", self.seed.to_string(), other.seed.to_string());
        compare("sandbox", self.sandbox.clone(), other.sandbox.clone());
        let models = |plan: &Self| {
            plan.models
                .iter()
                .map(describe_model)
                .collect::<Vec<_>>()
                .join(", ")
        };
        compare("models", models(self), models(other));
        for task in &self.tasks {
            match other.tasks.iter().find(|candidate| candidate.id == task.id) {
                None => lines.push(format!("task {}: there, but not now", task.id)),
                Some(now) if now.version != task.version => lines.push(format!(
                    "task {}: version {} there, {} now",
                    task.id, task.version, now.version
                )),
                Some(now) if now.digest != task.digest => lines.push(format!(
                    "task {}: its files have changed under the same version {}",
                    task.id, task.version
                )),
                Some(_) => {}
            }
        }
        for task in &other.tasks {
            if !self.tasks.iter().any(|candidate| candidate.id == task.id) {
                lines.push(format!("task {}: now, but not there", task.id));
            }
        }
        lines
    }
}

fn describe_model(model: &PlannedModel) -> String {
    let parameters = serde_json::to_string(&model.parameters).unwrap_or_default();
    match &model.base_url {
        Some(url) => format!("{} at {url} {parameters}", model.name),
        None => format!("{} {parameters}", model.name),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(in crate::attempt) fn plan(tasks: &[&str], models: &[&str], epochs: u32) -> Plan {
        Plan {
            schema_version: PLAN_SCHEMA,
            sextant_version: "0.0.0".into(),
            graders: "answer 1".into(),
            selection: "test".into(),
            tasks: tasks
                .iter()
                .map(|id| PlannedTask {
                    id: (*id).into(),
                    version: "1".into(),
                    digest: "d".into(),
                })
                .collect(),
            models: models
                .iter()
                .map(|name| PlannedModel {
                    name: (*name).into(),
                    base_url: None,
                    parameters: Parameters::default(),
                })
                .collect(),
            solver: "direct".into(),
            epochs,
            seed: 0,
            sandbox: "none".into(),
        }
    }

    proptest! {
        #[test]
        fn index_and_key_are_inverse(index in 0_usize..24) {
            let plan = plan(&["a/1", "a/2", "b/1"], &["m/x", "m/y"], 4);
            prop_assert_eq!(plan.index_of(&plan.key(index)), Some(index));
        }
    }

    #[test]
    fn differences_name_the_task() {
        let before = plan(&["a/1", "a/2"], &["m/x"], 1);
        let mut after = plan(&["a/1", "a/3"], &["m/x"], 1);
        after.tasks[0].digest = "e".into();
        assert_eq!(
            before.differences(&after),
            [
                "task a/1: its files have changed under the same version 1",
                "task a/2: there, but not now",
                "task a/3: now, but not there",
            ]
        );
        assert!(before.differences(&before.clone()).is_empty());
    }
}
