//! What a search or a simulation found.

use std::collections::BTreeMap;
use std::time::Duration;

use super::merge::Tally;
use super::system::{CheckInfo, System};
use crate::control::StopReason;
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::Value;

/// The verdict.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Everything that was to be looked at was looked at, and holds.
    Ok,
    /// An assumption does not hold.
    AssumptionFalse(CheckInfo),
    /// A reachable state does not satisfy an invariant.
    Invariant(CheckInfo),
    /// An initial state does not satisfy a property.
    InitialProperty(CheckInfo),
    /// A step does not satisfy a property.
    ActionProperty(CheckInfo),
    /// A fair behaviour, whose trace goes round for ever, does not satisfy a property.
    Liveness(CheckInfo),
    /// A reachable state has no successor.
    Deadlock,
    /// Something could not be evaluated.
    EvaluationError(EvaluationError),
    /// Something is needed that the engine does not do, such as writing a file: neither holds nor
    /// fails.
    Refused(EvaluationError),
    /// The postcondition of this number (from zero) does not hold.
    PostconditionFalse(usize),
    /// Stopped before the answer was known: neither holds nor fails.
    Limit(StopReason),
    /// Nothing that was looked at is wrong, but these properties are beyond the engine and were not
    /// looked at: neither holds nor fails.
    Unsupported(Vec<CheckInfo>),
}

impl Outcome {
    /// What an error means.
    pub(crate) fn of_error(error: EvaluationError) -> Outcome {
        if error.is_refusal {
            Outcome::Refused(error)
        } else {
            Outcome::EvaluationError(error)
        }
    }

    /// Stable name, for programs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::AssumptionFalse(_) => "assumption",
            Outcome::Invariant(_) => "invariant",
            Outcome::InitialProperty(_) => "initial-property",
            Outcome::ActionProperty(_) => "action-property",
            Outcome::Liveness(_) => "liveness",
            Outcome::Deadlock => "deadlock",
            Outcome::EvaluationError(_) => "error",
            Outcome::PostconditionFalse(_) => "postcondition",
            Outcome::Limit(_) => "limit",
            Outcome::Unsupported(_) | Outcome::Refused(_) => "unsupported",
        }
    }

    /// Whether everything that was to be checked holds; `None` where that is not known.
    #[must_use]
    pub fn holds(&self) -> Option<bool> {
        match self {
            Outcome::Ok => Some(true),
            Outcome::Limit(_) | Outcome::Unsupported(_) | Outcome::Refused(_) => None,
            _ => Some(false),
        }
    }

    /// What is violated, if it has a name.
    #[must_use]
    pub fn violated(&self) -> Option<&CheckInfo> {
        match self {
            Outcome::AssumptionFalse(check)
            | Outcome::Invariant(check)
            | Outcome::InitialProperty(check)
            | Outcome::ActionProperty(check)
            | Outcome::Liveness(check) => Some(check),
            _ => None,
        }
    }
}

/// What was being evaluated; numbers are those of the system's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// An assumption.
    Assumption(usize),
    /// The initial predicate.
    Initial,
    /// The next-state relation.
    Next,
    /// A state constraint.
    Constraint,
    /// An action constraint.
    ActionConstraint,
    /// An invariant.
    Invariant(usize),
    /// A property of initial states.
    InitialProperty(usize),
    /// A property of steps.
    ActionProperty(usize),
    /// A property of behaviours, or what says which are fair.
    TemporalProperty(usize),
    /// The view, or the fingerprint of a state.
    Fingerprint,
    /// The alias.
    Alias,
    /// A postcondition.
    Postcondition,
}

/// An evaluation that failed.
#[derive(Debug, Clone, PartialEq)]
pub struct EvaluationError {
    /// What was being evaluated.
    pub phase: Phase,
    /// Its name and place, if it is one of several checks.
    pub check: Option<CheckInfo>,
    /// What is wrong.
    pub message: String,
    /// Whether the engine does not do what was asked, though it may make sense.
    pub is_refusal: bool,
    /// Where, the innermost expression first.
    pub places: Vec<Span>,
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// States generated, initial ones and duplicates included.
    pub generated: u64,
    /// Distinct states found.
    pub distinct: u64,
    /// States found but not expanded.
    pub queue: u64,
    /// Length in states of the longest of the shortest paths to the states found.
    pub depth: u32,
    /// Initial states generated, duplicates included.
    pub initial_generated: u64,
    /// Distinct initial states.
    pub initial_distinct: u64,
}

/// What an action gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionCoverage {
    /// Name of the action.
    pub name: Symbol,
    /// Where it stands.
    pub span: Span,
    /// States first found by it.
    pub distinct: u64,
    /// Successors it gave.
    pub generated: u64,
}

/// How much of the model was exercised.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Per action, in the order of the system.
    pub actions: Vec<ActionCoverage>,
    /// How often each expression was evaluated, in the order of the text; empty unless counted.
    /// Evaluations that turned out unneeded count too, so this may differ between runs.
    pub expressions: Vec<(Span, u64)>,
}

impl Coverage {
    /// From the tally of each action, in the order of the system.
    pub(super) fn of<S: System>(
        system: &S,
        tallies: &[Tally],
        expressions: BTreeMap<Span, u64>,
    ) -> Coverage {
        let actions = system.actions().iter().zip(tallies);
        Coverage {
            actions: actions
                .map(|(info, tally)| ActionCoverage {
                    name: info.name,
                    span: info.span,
                    distinct: tally.distinct,
                    generated: tally.generated,
                })
                .collect(),
            expressions: expressions.into_iter().collect(),
        }
    }
}

/// How likely it is that a state was missed because its fingerprint is that of another.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Collision {
    /// From the numbers of states, as TLC computes it.
    pub estimated: f64,
    /// From the closest two fingerprints; only where the estimate is not negligible.
    pub observed: Option<f64>,
}

/// What led to a state of a trace.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// Name of the action.
    pub action: Symbol,
    /// Where it stands.
    pub span: Span,
    /// Its arguments and the names bound around it.
    pub arguments: Vec<(Symbol, Value)>,
    /// How many of the arguments are parameters of the action; they come first.
    pub parameters: usize,
}

/// A state of a trace and what led to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The action taken; `None` for the initial state.
    pub by: Option<Move>,
    /// What is shown of the state: its variables, or what the alias makes of it.
    pub shown: Vec<Shown>,
}

/// A variable of a state of a trace.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Its name.
    pub name: Symbol,
    /// Its value.
    pub value: Value,
    /// Whether it differs from the state before; always in the first state.
    pub changed: bool,
}

/// A path from an initial state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trace {
    /// The states in order.
    pub steps: Vec<Step>,
    /// Why the trace is not as it should be: it could not be computed to its end, or the alias
    /// could not be evaluated.
    pub flaw: Option<String>,
    /// How it goes on for ever, if it does.
    pub again: Option<Again>,
    /// Why it is fair then: each `WF` and `SF` of the specification.
    pub fairness: Vec<Fair>,
}

/// Why a behaviour that goes round for ever satisfies `WF_v(A)` or `SF_v(A)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Fair {
    /// Where the formula stands.
    pub span: Span,
    /// Whether it is `WF`.
    pub weak: bool,
    /// Values of the names that are bound around it.
    pub bound: Vec<Value>,
    /// Why it holds.
    pub because: Because,
}

/// What makes a cycle fair to an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// The step from this state of the trace, counted from zero, is one of the action.
    Taken(usize),
    /// The action is not enabled in this state of the cycle.
    Disabled(usize),
    /// The action is enabled in no state of the cycle.
    NeverEnabled,
}

/// How a trace goes on for ever after its last state.
#[derive(Debug, Clone, PartialEq)]
pub enum Again {
    /// Nothing changes any more.
    Stutters,
    /// A step leads back.
    Back {
        /// The state it leads to, by its place in the trace from zero.
        to: usize,
        /// The action taken.
        by: Option<Move>,
    },
}

/// The result of a search or simulation.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The verdict.
    pub outcome: Outcome,
    /// How much was looked at.
    pub counts: Counts,
    /// The way to what is wrong; empty when nothing is, or when no state has to do with it.
    pub trace: Trace,
    /// How much of the model was exercised.
    pub coverage: Coverage,
    /// How likely it is that the fingerprints hid a state.
    pub collision: Collision,
    /// Set by a simulation.
    pub simulation: Option<Simulated>,
    /// Wall time.
    pub duration: Duration,
    /// Threads that took part at most.
    pub threads: usize,
}

/// What is particular to a simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Simulated {
    /// The seed that gives the same traces again.
    pub seed: u64,
    /// Traces generated, the last one included.
    pub traces: u64,
}

/// The system refused what the engine needs.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// No thread, or one that ended unexpectedly.
    #[error("cannot run the engine's threads")]
    Threads(#[source] std::io::Error),
}
