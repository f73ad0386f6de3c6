//! Which attempts enter statistics.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::attempt::{Attempt, AttemptKey, Outcome};

/// The attempts that count, and how many do not.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Scored attempts at tasks of known length, sorted by identity: one an identity.
    pub attempts: Vec<Attempt>,
    /// The others.
    pub left_out: LeftOut,
}

/// Attempts that do not count, by reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Infrastructure errors that were never made good.
    pub infra_errors: usize,
    /// Stopped before they were judged.
    pub cancelled: usize,
    /// Scored, but the task has no human time.
    pub without_human_time: usize,
    /// Scored again under the same identity; the first stands.
    pub repeated: usize,
}

impl LeftOut {
    /// What was left out, in words; empty when nothing was.
    pub fn in_words(self) -> Vec<String> {
        [
            (
                self.infra_errors,
                "not scored because the harness or the API failed",
            ),
            (self.cancelled, "cancelled"),
            (self.without_human_time, "at tasks without a human time"),
            (self.repeated, "repeated under the same identity"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, reason)| format!("{count} {reason}"))
        .collect()
    }
}

/// Picks one line an identity: the first that is scored, else the latest.
pub fn select(attempts: impl IntoIterator<Item = Attempt>) -> Selection {
    let mut latest: BTreeMap<(String, AttemptKey), Attempt> = BTreeMap::new();
    let mut selection = Selection::default();
    for attempt in attempts {
        let identity = (attempt.alias.clone(), attempt.key());
        match latest.get(&identity) {
            Some(known) if known.is_scored() => {
                selection.left_out.repeated += usize::from(attempt.is_scored());
            }
            _ => {
                latest.insert(identity, attempt);
            }
        }
    }
    for attempt in latest.into_values() {
        match attempt.outcome {
            Outcome::Scored { .. } if attempt.human_minutes.is_none() => {
                selection.left_out.without_human_time += 1;
            }
            Outcome::Scored { .. } => selection.attempts.push(attempt),
            Outcome::InfraError { .. } => selection.left_out.infra_errors += 1,
            Outcome::Cancelled => selection.left_out.cancelled += 1,
        }
    }
    selection
}
