//! Attempts as METR's `runs.jsonl`, so that their code and ours can be run on the same file.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};

use horizon::{DataError, Dataset, Run, Weighting};
use serde_json::{Map, Value, json};

use crate::attempt::{Attempt, Outcome};

/// Why attempts could not be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// No attempt is scored and has a human time.
    #[error(
        "no attempt can be exported: METR's format holds scored attempts at tasks with a human time, and there is none"
    )]
    Nothing,
    /// Two attempts disagree about a task.
    #[error("the attempts do not fit together: {0}")]
    Data(#[from] DataError),
    /// The file could not be written.
    #[error("cannot write: {0}")]
    Io(#[from] io::Error),
}

/// What an export wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Exported {
    /// Lines.
    pub runs: usize,
    /// Attempts without a score or a human time, for which METR's format has no place.
    pub left_out: usize,
    /// Attempts scored again under the same identity; the first stands.
    pub repeated: usize,
}

/// Writes attempts, one line each, in their order. Fields of an import that have no place in
/// [`Attempt`] come back as they were; weights are computed anew.
///
/// # Errors
/// When no attempt can be written, two disagree about a task, or `out` fails.
pub fn export_metr(attempts: &[Attempt], out: &mut dyn Write) -> Result<Exported, ExportError> {
    let mut seen = HashSet::new();
    let mut exported = Exported {
        runs: 0,
        left_out: 0,
        repeated: 0,
    };
    let mut kept = Vec::new();
    for attempt in attempts {
        let Some(run) = run_of(attempt) else {
            exported.left_out += 1;
            continue;
        };
        match seen.insert((attempt.alias.clone(), attempt.key())) {
            true => kept.push((attempt, run)),
            false => exported.repeated += 1,
        }
    }
    if kept.is_empty() {
        return Err(ExportError::Nothing);
    }
    let dataset = Dataset::new(kept.iter().map(|(_, run)| run.clone()))?;
    let weights = [Weighting::Equal, Weighting::InverseSqrtFamily]
        .map(|weighting| run_weights(&dataset, weighting));
    for (attempt, run) in &kept {
        let key = (run.agent.as_str(), run.task.as_str());
        let [equal, invsqrt] = [&weights[0], &weights[1]].map(|of| of.get(&key).copied());
        serde_json::to_writer(&mut *out, &line(attempt, equal, invsqrt))
            .map_err(io::Error::from)?;
        out.write_all(b"\n")?;
        exported.runs += 1;
    }
    out.flush()?;
    Ok(exported)
}

fn run_of(attempt: &Attempt) -> Option<Run> {
    let Outcome::Scored { success, .. } = attempt.outcome else {
        return None;
    };
    Some(Run {
        agent: attempt.alias.clone(),
        task: attempt.task_id.clone(),
        family: attempt.task_family.clone(),
        human_minutes: attempt.human_minutes?,
        success: f64::from(u8::from(success)),
    })
}

/// The weight of one run, by agent and task.
fn run_weights(dataset: &Dataset, weighting: Weighting) -> BTreeMap<(&str, &str), f64> {
    let mut weights = BTreeMap::new();
    for (index, agent) in dataset.agents().iter().enumerate() {
        let of_tasks = weighting.task_weights(dataset, index);
        for task in dataset.tried(index) {
            let runs = dataset.successes(index, task).len() as f64;
            let name = dataset.tasks()[task].name.as_str();
            weights.insert((agent.as_str(), name), of_tasks[task] / runs);
        }
    }
    weights
}

fn line(attempt: &Attempt, equal: Option<f64>, invsqrt: Option<f64>) -> Map<String, Value> {
    let source = match attempt.human_source.as_deref() {
        Some("measured") => Some("baseline"),
        other => other,
    };
    let known = json!({
        "run_id": attempt.run_id,
        "task_id": attempt.task_id,
        "task_family": attempt.task_family,
        "task_version": attempt.task_version,
        "alias": attempt.alias,
        "model": attempt.model,
        "scaffold": attempt.solver,
        "score_cont": attempt.score_cont,
        "score_binarized": attempt.score_binarized,
        "fatal_error_from": attempt.fatal_error_from,
        "human_minutes": attempt.human_minutes,
        "human_source": source,
        "started_at": attempt.started_at,
        "completed_at": attempt.completed_at,
        "generation_cost": attempt.generation_cost,
        "tokens_count": attempt.tokens_count,
    });
    let mut fields = match known {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    // What an import kept aside is as it was in its source, numbers as run ids among it.
    fields.extend(attempt.foreign.clone());
    fields.insert("equal_task_weight".into(), json!(equal));
    fields.insert("invsqrt_task_weight".into(), json!(invsqrt));
    fields
}
