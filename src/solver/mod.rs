//! How a task is asked: from a task to a request, and from a reply to an answer.
//!
//! `direct` asks once; `repair` goes on with what the checker says of each answer, which it is
//! handed as text. A solver knows tasks and models, and nothing of grading.

mod direct;
mod extract;
mod repair;

pub use direct::{SolveError, Taken, read_reply, render_reply, request};

use crate::model::Request;

/// A way of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Solver {
    /// One prompt, one reply.
    #[default]
    Direct,
    /// Answers go back with the checker's words until there are none, or none are left.
    Repair {
        /// How often, at most: `rounds` repairs make `rounds + 1` replies.
        rounds: u32,
    },
}

impl Solver {
    /// The name in plans and records, which tells everything about the way of asking: `direct`,
    /// `repair-3`.
    pub fn name(self) -> String {
        match self {
            Self::Direct => "direct".into(),
            Self::Repair { rounds } => format!("repair-{rounds}"),
        }
    }

    /// The request after a `reply` to `request`, of which the checker says `checker`; `replies`
    /// counts the replies so far. `None` when the answer stands.
    pub fn next(
        self,
        replies: usize,
        request: &Request,
        reply: &str,
        checker: &str,
    ) -> Option<Request> {
        match self {
            Self::Repair { rounds } if replies <= rounds as usize && !checker.is_empty() => {
                Some(repair::follow_up(request, reply, checker))
            }
            Self::Repair { .. } | Self::Direct => None,
        }
    }
}
