//! What is observed of a step: what it changes, and which action it is.

use schedule::{Scene, Step};
use serde_json::{Map, Value, json};

use crate::clients::{HOLDING, IDLE, REFUSED, SPINNING};
use crate::locks::Word;

/// The number of the lock's cell; 0 is the value that it protects.
const LOCK: usize = 1;

/// What is visible between two steps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Observation {
    locked: bool,
    status: Vec<u64>,
    claim: Option<Claim>,
}

/// What else is visible of a lock that can be claimed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    /// The number of the thread, 0 if it is none.
    holder: u64,
    misses: Vec<u64>,
}

impl Observation {
    pub(crate) fn new(scene: &Scene, word: Word) -> Self {
        let cell = scene.cells[LOCK];
        Self {
            locked: cell & 1 == 1,
            status: scene.notes.iter().map(|note| note & 3).collect(),
            claim: (word == Word::Claimable).then(|| Claim {
                holder: cell >> 1,
                misses: scene.rounds.clone(),
            }),
        }
    }

    /// The action that a step is: none if nothing visible changes, or nothing that has a name.
    pub(crate) fn action(&self, step: &Step<'_>, after: &Self) -> Option<&'static str> {
        let thread = step.thread;
        let claimed = |it: &Self| it.claim.as_ref().map(|claim| claim.holder);
        let missed = |it: &Self| it.claim.as_ref().map(|claim| claim.misses[thread]);
        match (self.status[thread], after.status[thread]) {
            _ if self == after => None,
            (IDLE | REFUSED, SPINNING) => Some("Lock"),
            (SPINNING, HOLDING) => Some("Acquire"),
            (IDLE | REFUSED, HOLDING) => Some("TryLock"),
            (IDLE | REFUSED, REFUSED) => Some("Refuse"),
            (HOLDING, IDLE) => Some("Release"),
            (SPINNING, SPINNING) if claimed(self) != claimed(after) => Some("Claim"),
            (SPINNING, SPINNING) if missed(self) != missed(after) => Some("Miss"),
            _ => None,
        }
    }

    /// As it is written in windows and traces, with sorted keys.
    pub(crate) fn value(&self) -> Value {
        let by_thread = |values: Vec<Value>| -> Value {
            let named = values
                .into_iter()
                .enumerate()
                .map(|(t, value)| (name(t + 1), value));
            named.collect::<Map<_, _>>().into()
        };
        let mut fields = Map::new();
        if let Some(claim) = &self.claim {
            let holder = usize::try_from(claim.holder).unwrap_or(usize::MAX);
            let holder = if holder == 0 {
                "none".to_owned()
            } else {
                name(holder)
            };
            fields.insert("claim".to_owned(), json!(holder));
        }
        fields.insert("locked".to_owned(), json!(self.locked));
        if let Some(claim) = &self.claim {
            let misses = claim.misses.iter().map(|&misses| json!(misses));
            fields.insert("misses".to_owned(), by_thread(misses.collect()));
        }
        let status = self.status.iter().map(|&status| json!(status_name(status)));
        fields.insert("status".to_owned(), by_thread(status.collect()));
        fields.into()
    }
}

/// What the thread with this number, from 1, is called.
pub(crate) fn name(number: usize) -> String {
    format!("t{number}")
}

fn status_name(status: u64) -> &'static str {
    match status {
        SPINNING => "spinning",
        HOLDING => "holding",
        REFUSED => "refused",
        _ => "idle",
    }
}
