//! What is wrong with a state or a step, and where in the search it was met.

use super::ancestry::StateIndex;
use super::outcome::EvaluationError;

/// What is wrong.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Problem {
    /// The invariant of this number does not hold.
    Invariant(usize),
    /// The property of initial states of this number does not hold.
    InitialProperty(usize),
    /// The property of steps of this number does not hold.
    ActionProperty(usize),
    /// There is no successor.
    Deadlock,
    /// Something could not be evaluated.
    Evaluation(Box<EvaluationError>),
}

/// A problem and where it was met.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Finding {
    /// What is wrong.
    pub(super) problem: Problem,
    /// The state at hand; `None` when it is about an initial state or none at all.
    pub(super) parent: Option<StateIndex>,
    /// Which of its successors (or of the initial states); `None` when it is about the state
    /// itself.
    pub(super) ordinal: Option<u32>,
}

/// Why an evaluation gave no result.
#[derive(Debug)]
pub(super) enum Failure {
    /// It failed.
    Error(Box<EvaluationError>),
    /// It was stopped.
    Stopped,
}
