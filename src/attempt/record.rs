//! One attempt: one solver, one model, one task, one epoch.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::model::Usage;

/// What identifies an attempt within a run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptKey {
    /// `family/name`.
    pub task_id: String,
    /// `provider/model`.
    pub model: String,
    /// The solver's name.
    pub solver: String,
    /// Repetition, from 1.
    pub epoch: u32,
}

impl AttemptKey {
    /// The attempt's name as a file name, unique in its run.
    pub fn file_stem(&self) -> String {
        let mut model: String = self
            .model
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') {
                    c
                } else {
                    '-'
                }
            })
            .collect();
        if model != self.model.replace('/', "-") || model.len() > 80 {
            // Different names must not meet in one file name.
            let digest = crate::task::hex(&Sha256::digest(self.model.as_bytes()));
            model = format!(
                "{}-{}",
                model.chars().take(60).collect::<String>(),
                &digest[..8]
            );
        }
        format!(
            "{}.{}.{}.e{:05}",
            self.task_id.replace('/', "__"),
            model,
            self.solver,
            self.epoch
        )
    }
}

impl fmt::Display for AttemptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} × {} ({}), epoch {}",
            self.task_id, self.model, self.solver, self.epoch
        )
    }
}

/// A limit that an attempt reached and was scored at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// The prompt does not fit the model's context.
    Context,
    /// The reply was cut at its token limit.
    Tokens,
    /// A check of what was handed in ended at a limit of the task: that part is inconclusive, and
    /// earns nothing.
    Check,
    /// A limit reported by another harness, such as METR's `usageLimits`.
    Usage,
}

/// How an attempt ended. Only `Scored` enters statistics.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// The answer was judged.
    Scored {
        /// From 0 to 1.
        score: f64,
        /// The label for the horizon.
        success: bool,
        /// A limit that was reached on the way.
        limit: Option<Limit>,
    },
    /// The harness, the API or the grader failed. Says nothing about the model.
    InfraError {
        /// `ask`, `grade` or `store`.
        stage: String,
        /// What failed.
        message: String,
    },
    /// Stopped by the user before it was judged.
    Cancelled,
}

/// A finished attempt: a line of `attempts.jsonl`. The fields named as in METR's `runs.jsonl`
/// mean the same there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// Unique in the file.
    pub run_id: String,
    /// `family/name`.
    pub task_id: String,
    /// The part before the slash, or what the source of an import says.
    pub task_family: String,
    /// The task's version, where known.
    pub task_version: Option<String>,
    /// The name that results are grouped by.
    pub alias: String,
    /// `provider/model`, or an imported internal name.
    pub model: String,
    /// The model version that the server said it used.
    pub model_returned: Option<String>,
    /// How the model was asked; `scaffold` in METR's files.
    pub solver: String,
    /// Repetition, from 1.
    pub epoch: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// The outcome's score; null unless scored.
    pub score_cont: Option<f64>,
    /// 1 for success, 0 for failure; null unless scored.
    pub score_binarized: Option<u8>,
    /// The task's human minutes when the attempt was recorded.
    pub human_minutes: Option<f64>,
    /// `measured`, `estimate`, or the word of an import's source.
    pub human_source: Option<String>,
    /// Milliseconds since 1970; 0 where unknown.
    pub started_at: i64,
    /// Milliseconds since 1970; 0 where unknown.
    pub completed_at: i64,
    /// All tokens, in and out.
    pub tokens_count: Option<u64>,
    /// US dollars, as the provider reported them.
    pub generation_cost: Option<f64>,
    /// Tokens by kind.
    pub usage: Option<Usage>,
    /// `usageLimits` where a limit ended the attempt.
    pub fatal_error_from: Option<String>,
    /// The grader and its version, for instance `tests 1`.
    pub grader: Option<String>,
    /// Where handed-in code ran.
    pub sandbox: Option<String>,
    /// Why the score is what it is, part by part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// Fields of an import's source that have no place of their own here.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub foreign: serde_json::Map<String, serde_json::Value>,
}

impl Attempt {
    /// What identifies this attempt within its run.
    pub fn key(&self) -> AttemptKey {
        AttemptKey {
            task_id: self.task_id.clone(),
            model: self.model.clone(),
            solver: self.solver.clone(),
            epoch: self.epoch,
        }
    }

    /// Sets the outcome and the METR fields that repeat it.
    #[must_use]
    pub fn with_outcome(mut self, outcome: Outcome) -> Self {
        (self.score_cont, self.score_binarized) = match &outcome {
            Outcome::Scored { score, success, .. } => (Some(*score), Some(u8::from(*success))),
            Outcome::InfraError { .. } | Outcome::Cancelled => (None, None),
        };
        self.outcome = outcome;
        self
    }

    /// Whether the attempt was judged.
    pub fn is_scored(&self) -> bool {
        matches!(self.outcome, Outcome::Scored { .. })
    }

    /// What is inconsistent in a line read from a file, if anything.
    pub(super) fn flaw(&self) -> Option<String> {
        if let Outcome::Scored { score, success, .. } = self.outcome {
            if !(0.0..=1.0).contains(&score) {
                return Some(format!("`outcome.score` is {score}, outside 0 to 1"));
            }
            if self.score_binarized != Some(u8::from(success)) || self.score_cont != Some(score) {
                return Some("`score_cont` or `score_binarized` contradicts `outcome`".into());
            }
        }
        match self.human_minutes {
            Some(minutes) if !(minutes.is_finite() && minutes > 0.0) => {
                Some(format!("`human_minutes` is {minutes}; it must be positive"))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stem(model: &str) -> String {
        AttemptKey {
            task_id: "a/b".into(),
            model: model.into(),
            solver: "direct".into(),
            epoch: 3,
        }
        .file_stem()
    }

    #[test]
    fn names_that_differ_never_share_a_file() {
        assert_eq!(stem("openai/gpt-x"), "a__b.openai-gpt-x.direct.e00003");
        assert_ne!(stem("openai/gpt x"), stem("openai/gpt:x"));
        assert!(!stem("../../etc").contains('/'));
    }
}
