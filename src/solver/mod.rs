//! How a task is asked: from a task to a request, and from a reply to an answer.
//!
//! `direct` asks once. A solver knows tasks and models, and nothing of grading.

mod direct;
mod extract;

pub use direct::{SolveError, Taken, read_reply, render_reply, request};

use serde::{Deserialize, Serialize};

/// A way of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Solver {
    /// One prompt, one reply.
    #[default]
    Direct,
}

impl Solver {
    /// The name used on the command line and in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
        }
    }
}
