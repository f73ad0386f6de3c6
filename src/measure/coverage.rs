//! How much of what was planned is scored.

use serde::Serialize;

/// Attempts of one model, planned and done. Without a plan, what was begun counts as planned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Planned, or begun.
    pub planned: usize,
    /// Scored.
    pub scored: usize,
    /// Ended by a failure of the harness or the API, and not made good.
    pub infra_errors: usize,
    /// Stopped by the user.
    pub cancelled: usize,
}

impl Coverage {
    /// Whether all that was planned is scored.
    pub fn is_complete(&self) -> bool {
        self.scored == self.planned
    }

    /// `40 of 40`.
    pub fn in_words(&self) -> String {
        format!("{} of {}", self.scored, self.planned)
    }
}
