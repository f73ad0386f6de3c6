//! What goes wrong in evaluation, where, and on which way it was reached.

use std::fmt;

use crate::control::StopReason;
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::{Problem, ValueError};

/// How many definitions an error remembers at either end of the way to it.
const CALLS_KEPT: usize = 16;

/// An evaluation that failed.
#[derive(Debug, Clone)]
pub struct EvalError {
    /// What went wrong.
    pub kind: ErrorKind,
    /// The expression that could not be evaluated.
    pub span: Span,
    /// The definitions that were being evaluated, innermost first; the middle of a long way is
    /// left out.
    pub calls: Vec<CallSite>,
    /// How many definitions were left out after the first few.
    pub calls_left_out: usize,
    /// The frames in use where it arose: those of definitions above were done with.
    pub(crate) frames: usize,
}

/// A definition being evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallSite {
    /// The definition.
    pub name: Symbol,
    /// Where it was used.
    pub span: Span,
}

/// The ways evaluation goes wrong.
#[derive(Debug, Clone)]
pub enum ErrorKind {
    /// An operation on values.
    Value(ValueError),
    /// Something else than `TRUE` or `FALSE` where a formula is needed.
    NotBoolean {
        /// What it was used as, such as `the condition of an IF`.
        role: &'static str,
        /// What it was, bounded in length.
        found: Box<str>,
    },
    /// A variable that has no value (yet), or none at all where it stands.
    Unassigned {
        /// The variable.
        variable: Symbol,
        /// Whether it was asked for its value in the next state.
        primed: bool,
    },
    /// A successor in which not every variable has a value.
    IncompleteSuccessor {
        /// The action.
        action: Option<Symbol>,
        /// The variables without a value.
        missing: Vec<Symbol>,
    },
    /// An initial state in which not every variable has a value.
    IncompleteInitial {
        /// The variables without a value.
        missing: Vec<Symbol>,
    },
    /// The first argument of `Assert` was false; this is the second, bounded in length.
    AssertFailed(Box<str>),
    /// `CHOOSE` from a set without such an element.
    ChooseEmpty,
    /// `CASE` without a true condition.
    CaseFell,
    /// Something else than a function, applied.
    NotAFunction(Box<str>),
    /// `DOMAIN` of something else than a function.
    DomainOfNonFunction(Box<str>),
    /// A field of something that has none.
    NotARecord {
        /// The field.
        field: Symbol,
        /// What it was, bounded in length.
        found: Box<str>,
    },
    /// A record without the field that was asked for.
    NoSuchField {
        /// The field.
        field: Symbol,
        /// The record, bounded in length.
        record: Box<str>,
    },
    /// A set whose elements cannot be listed, where they are needed.
    NotEnumerable(Box<str>),
    /// `<<x, y>> \in S` where an element of `S` is no such tuple.
    NotATuple {
        /// How many components it should have.
        length: usize,
        /// What it was, bounded in length.
        found: Box<str>,
    },
    /// An invariant or property that depends on no state and is false.
    FalseClaim {
        /// Its name.
        name: Symbol,
    },
    /// A value that depends on itself.
    Circular,
    /// Recursion deeper than the stack.
    StackExhausted,
    /// Evaluation was told to stop.
    Stopped(StopReason),
    /// What cannot be evaluated, with the reason.
    Unsupported(Box<str>),
    /// What this engine does not do though TLC may, with the reason: it says nothing about the model.
    Refused(Box<str>),
}

impl EvalError {
    /// An error at a place.
    #[must_use]
    #[cold]
    pub fn new(kind: ErrorKind, span: Span) -> Box<EvalError> {
        let kind = match kind {
            ErrorKind::Value(error) => match error.problem() {
                Problem::Stopped(reason) => ErrorKind::Stopped(*reason),
                Problem::Refused(reason) => ErrorKind::Refused((*reason).into()),
                _ => ErrorKind::Value(error),
            },
            kind => kind,
        };
        Box::new(EvalError {
            kind,
            span,
            calls: Vec::new(),
            calls_left_out: 0,
            frames: usize::MAX,
        })
    }

    /// Adds the next definition on the way out.
    pub(crate) fn push_call(&mut self, name: Symbol, span: Span) {
        if self.calls.len() == 2 * CALLS_KEPT {
            self.calls.remove(CALLS_KEPT);
            self.calls_left_out += 1;
        }
        self.calls.push(CallSite { name, span });
    }

    /// Whether it says nothing about the expression: evaluation ran out of room or was stopped.
    #[must_use]
    pub fn is_resource(&self) -> bool {
        matches!(self.kind, ErrorKind::StackExhausted | ErrorKind::Stopped(_))
    }

    /// Whether it says only that the engine does not do what was asked.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self.kind, ErrorKind::Refused(_))
    }
}

impl std::error::Error for EvalError {}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ErrorKind::Value(error) => error.fmt(f),
            ErrorKind::NotBoolean { role, found } => {
                write!(f, "A non-boolean expression ({found}) was used as {role}.")
            }
            ErrorKind::Unassigned { variable, .. } => write!(
                f,
                "In evaluation, the identifier {variable} is either undefined or not an operator."
            ),
            ErrorKind::IncompleteSuccessor { action, missing } => {
                f.write_str("Successor state is not completely specified by ")?;
                match action {
                    Some(name) => write!(f, "action {name} of the next-state relation. ")?,
                    None => f.write_str("the next-state action. ")?,
                }
                write_missing(f, missing)
            }
            ErrorKind::IncompleteInitial { missing } => {
                f.write_str("State is not completely specified by the initial predicate. ")?;
                write_missing(f, missing)
            }
            ErrorKind::AssertFailed(message) => write!(
                f,
                "The first argument of Assert evaluated to FALSE; the second argument was:\n{message}"
            ),
            ErrorKind::ChooseEmpty => f.write_str(
                "Attempted to compute the value of an expression of form\n\
                 CHOOSE x \\in S: P, but no element of S satisfied P.",
            ),
            ErrorKind::CaseFell => {
                f.write_str("Attempted to evaluate a CASE with no conditions true.")
            }
            ErrorKind::NotAFunction(found) => {
                write!(f, "A non-function ({found}) was applied as a function.")
            }
            ErrorKind::DomainOfNonFunction(found) => write!(
                f,
                "Attempted to apply the operator DOMAIN to a non-function\n({found})"
            ),
            ErrorKind::NotARecord { field, found } => write!(
                f,
                "Attempted to select field \"{field}\" from a non-record value {found}"
            ),
            ErrorKind::NoSuchField { field, record } => write!(
                f,
                "Attempted to select nonexistent field \"{field}\" from the record\n{record}"
            ),
            ErrorKind::NotEnumerable(found) => {
                write!(
                    f,
                    "Attempted to enumerate a set that is not enumerable:\n{found}"
                )
            }
            ErrorKind::NotATuple { length, found } => write!(
                f,
                "A tuple of {length} names was bound to {found}, which is not a tuple of that length."
            ),
            ErrorKind::FalseClaim { name } => write!(
                f,
                "{name} is the constant FALSE: no state has to do with it."
            ),
            ErrorKind::Circular => {
                f.write_str("Attempted to evaluate a value that depends on itself.")
            }
            ErrorKind::StackExhausted => {
                f.write_str("The recursion is too deep: it may have no end.")
            }
            ErrorKind::Stopped(reason) => write!(f, "Evaluation was stopped: {reason}."),
            ErrorKind::Unsupported(reason) | ErrorKind::Refused(reason) => f.write_str(reason),
        }
    }
}

fn write_missing(f: &mut fmt::Formatter<'_>, missing: &[Symbol]) -> fmt::Result {
    f.write_str(if missing.len() == 1 {
        "The following variable is not assigned: "
    } else {
        "The following variables are not assigned: "
    })?;
    for (index, name) in missing.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{name}")?;
    }
    f.write_str(".")
}
