//! What can go wrong with values, in TLC's words where its users know them.

use std::fmt;

use super::{Form, Shown, Value};
use crate::control::StopReason;

/// Why an operation on values has no result. One word, so that results stay small.
#[derive(Debug, Clone)]
pub struct ValueError(Box<Problem>);

/// What went wrong.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Problem {
    /// Values of different kinds were tested for equality.
    Equality {
        /// Left operand.
        left: Value,
        /// Right operand.
        right: Value,
    },
    /// Values of different kinds were put in order (in a set, or in the domain of a function).
    Order {
        /// What was to be placed.
        left: Value,
        /// What it was compared with.
        right: Value,
    },
    /// The value cannot tell whether the element is in it.
    Member {
        /// The supposed element.
        element: Value,
        /// The supposed set.
        set: Value,
    },
    /// A set was needed.
    NotASet {
        /// What needed it, such as `\cup`.
        operator: &'static str,
        /// What was there.
        found: Value,
    },
    /// A function was needed.
    NotAFunction {
        /// What needed it, such as `DOMAIN`.
        operator: &'static str,
        /// What was there.
        found: Value,
    },
    /// A function was applied outside its domain.
    NotInDomain {
        /// The function.
        function: Value,
        /// The argument.
        argument: Value,
    },
    /// A value occurs twice in what should be the domain of a function.
    DuplicateArgument(Value),
    /// The elements of a set cannot be listed.
    NotEnumerable(Value),
    /// A set or value is larger than can be held: a set of more than [`super::MAX_SET`] elements,
    /// a value of more than [`super::MAX_SIZE`] nodes or nested deeper than [`super::MAX_DEPTH`].
    TooLarge,
    /// A number left the range of 64 bits. Holds what was computed.
    Overflow(String),
    /// A set has more elements than 64 bits can count.
    Uncountable(Value),
    /// The second argument of `\div` is 0.
    DivisionByZero,
    /// No element satisfies the condition of a `CHOOSE`.
    EmptyChoose,
    /// An argument of an operator is not of the kind it needs.
    Argument {
        /// The operator.
        operator: &'static str,
        /// `first`, `second` …; empty when there is one argument only.
        position: &'static str,
        /// What it should be, such as `natural number`.
        expected: &'static str,
        /// What it is.
        found: Value,
    },
    /// The value is not computed yet and only the evaluator can compute it.
    Deferred,
    /// The computation was told to stop.
    Stopped(StopReason),
    /// What this engine does not compute, with the reason.
    Refused(&'static str),
    /// Anything else, in words.
    Other(String),
}

impl ValueError {
    /// What went wrong.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.0
    }

    /// Anything else, in words.
    #[must_use]
    pub fn other(text: impl Into<String>) -> ValueError {
        Problem::Other(text.into()).into()
    }

    /// An argument of the wrong kind.
    #[must_use]
    pub fn argument(
        operator: &'static str,
        position: &'static str,
        expected: &'static str,
        found: &Value,
    ) -> ValueError {
        let found = found.clone();
        Problem::Argument {
            operator,
            position,
            expected,
            found,
        }
        .into()
    }

    #[cold]
    pub(crate) fn too_large() -> ValueError {
        Problem::TooLarge.into()
    }

    #[cold]
    pub(crate) fn not_a_set(operator: &'static str, found: &Value) -> ValueError {
        if matches!(found, Value::Deferred(_)) {
            return Problem::Deferred.into();
        }
        let found = found.clone();
        Problem::NotASet { operator, found }.into()
    }

    #[cold]
    pub(crate) fn not_a_function(operator: &'static str, found: &Value) -> ValueError {
        if matches!(found, Value::Deferred(_)) {
            return Problem::Deferred.into();
        }
        let found = found.clone();
        Problem::NotAFunction { operator, found }.into()
    }

    #[cold]
    pub(crate) fn not_enumerable(set: &Value) -> ValueError {
        Problem::NotEnumerable(set.clone()).into()
    }
}

impl From<StopReason> for ValueError {
    #[cold]
    fn from(reason: StopReason) -> ValueError {
        Problem::Stopped(reason).into()
    }
}

impl From<Problem> for ValueError {
    #[cold]
    fn from(problem: Problem) -> ValueError {
        ValueError(Box::new(problem))
    }
}

impl std::error::Error for ValueError {}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Problem::Equality { left, right } => equality(f, left, right),
            Problem::Order { left, right } => order(f, left, right),
            Problem::Member { element, set } => member(f, element, set),
            Problem::NotASet { operator, found } => not_a_set(f, operator, found),
            Problem::NotAFunction { operator, found } => not_a_function(f, operator, found),
            Problem::NotInDomain { function, argument } => not_in_domain(f, function, argument),
            Problem::DuplicateArgument(value) => write!(
                f,
                "The value\n{}\noccurs multiple times in the function domain.",
                Shown(value)
            ),
            Problem::NotEnumerable(set) => {
                write!(f, "Attempted to enumerate the set {}", Shown(set))?;
                f.write_str(", which cannot be enumerated.")
            }
            Problem::TooLarge => f.write_str(
                "Attempted to construct a set or value with too many elements (>1000000).",
            ),
            Problem::Overflow(what) => write!(f, "Overflow when computing {what}"),
            Problem::Uncountable(set) => write!(
                f,
                "Overflow when computing the number of elements in:\n{}",
                Shown(set)
            ),
            Problem::DivisionByZero => f.write_str("The second argument of \\div is 0."),
            Problem::EmptyChoose => f.write_str(
                "Attempted to compute the value of an expression of form\nCHOOSE x \\in S: P, but \
                 no element of S satisfied P.",
            ),
            Problem::Argument {
                operator,
                position,
                expected,
                found,
            } => {
                let article = match expected.chars().next() {
                    Some('a' | 'e' | 'i' | 'o') => "an",
                    _ => "a",
                };
                match *position {
                    "" => write!(f, "The argument of {operator} should be")?,
                    _ => write!(f, "The {position} argument of {operator} should be")?,
                }
                write!(
                    f,
                    " {article} {expected}, but instead it is:\n{}",
                    Shown(found)
                )
            }
            Problem::Deferred => f.write_str("A value was used that is not computed yet."),
            Problem::Stopped(reason) => reason.fmt(f),
            Problem::Refused(reason) => f.write_str(reason),
            Problem::Other(text) => f.write_str(text),
        }
    }
}

fn equality(f: &mut fmt::Formatter<'_>, left: &Value, right: &Value) -> fmt::Result {
    let (a, b) = (Shown(left), Shown(right));
    match (left, right) {
        (Value::Model(_), Value::Model(_)) => write!(
            f,
            "Attempted to check equality of the differently-typed model values {a} and {b}"
        ),
        (Value::Model(_), _) => write!(
            f,
            "Attempted to check equality of typed model value {a} and non-model value\n{b}"
        ),
        (_, Value::Model(_)) => write!(
            f,
            "Attempted to check equality of the typed model value {b} and the non-model value\n{a}"
        ),
        (Value::Bool(_), _) => write!(
            f,
            "Attempted to compare equality of boolean {a} with non-boolean:\n{b}"
        ),
        (Value::Int(_), _) => write!(
            f,
            "Attempted to check equality of integer {a} with non-integer:\n{b}"
        ),
        (Value::String(_), _) => write!(
            f,
            "Attempted to check equality of string {a} with non-string:\n{b}"
        ),
        (Value::Function(function), _) if function.is_record() => write!(
            f,
            "Attempted to check equality of record:\n{a}\nwith non-record\n{b}"
        ),
        (Value::Tuple(_) | Value::Function(_), _) => write!(
            f,
            "Attempted to check equality of the function {a} with the value:\n{b}"
        ),
        _ => write!(
            f,
            "Attempted to check equality of the set {a} with the value:\n{b}"
        ),
    }
}

fn order(f: &mut fmt::Formatter<'_>, left: &Value, right: &Value) -> fmt::Result {
    let (a, b) = (Shown(left), Shown(right));
    match (left, right) {
        (Value::Model(_), Value::Model(_)) => write!(
            f,
            "Attempted to compare the differently-typed model values {a} and {b}"
        ),
        (Value::Model(_), _) => write!(
            f,
            "Attempted to compare the typed model value {a} and non-model value\n{b}"
        ),
        (_, Value::Model(_)) => write!(
            f,
            "Attempted to compare the typed model value {b} and the non-model value\n{a}"
        ),
        (Value::Bool(_), _) => write!(f, "Attempted to compare boolean {a} with non-boolean:\n{b}"),
        (Value::Int(_), _) => write!(f, "Attempted to compare integer {a} with non-integer:\n{b}"),
        (Value::String(_), _) => {
            write!(f, "Attempted to compare string {a} with non-string:\n{b}")
        }
        (Value::Function(function), _) if function.is_record() => {
            write!(f, "Attempted to compare record:\n{a}\nwith non-record\n{b}")
        }
        (Value::Tuple(_) | Value::Function(_), _) => write!(
            f,
            "Attempted to compare the function {a} with the value:\n{b}"
        ),
        _ => write!(f, "Attempted to compare the set {a} with the value:\n{b}"),
    }
}

fn member(f: &mut fmt::Formatter<'_>, element: &Value, set: &Value) -> fmt::Result {
    let (a, b) = (Shown(element), Shown(set));
    let lazy = match set {
        Value::Lazy(lazy) => Some(lazy.form()),
        _ => None,
    };
    if let (Value::Model(_), Value::Interval(_) | Value::Lazy(_)) = (element, set) {
        return write!(
            f,
            "Attempted to check if the typed model value {a} is an element of\n{b}"
        );
    }
    match lazy {
        Some(Form::PowerSet(_) | Form::KSubsets(..)) => {
            return write!(
                f,
                "Attempted to check if the non-enumerable value\n{a}\nis element of\n{b}"
            );
        }
        Some(Form::FnSet(..)) => {
            return write!(
                f,
                "Attempted to check if \n{a}\nwhich is not a TLC function value, is in the set of \
                 functions:\n{b}"
            );
        }
        Some(Form::RecordSet(..)) => {
            return write!(
                f,
                "Attempted to check if non-record\n{a}\nis in the set of records:\n{b}"
            );
        }
        Some(Form::Product(_)) => {
            return write!(
                f,
                "Attempted to check if non-tuple\n{a}\nis in the set of tuples:\n{b}"
            );
        }
        _ => {}
    }
    write!(f, "Attempted to check if the value:\n{a}\nis ")?;
    match set {
        Value::Bool(_) => write!(f, "an element of the boolean {b}"),
        Value::Int(_) => write!(f, "an element of the integer {b}"),
        Value::String(_) => write!(f, "an element of the string {b}"),
        Value::Model(_) => write!(f, "an element of the model value {b}"),
        Value::Tuple(_) => write!(f, "an element of the tuple {b}"),
        Value::Function(function) if function.is_record() => write!(f, "in the record:\n{b}"),
        Value::Function(_) => write!(f, "an element of the function {b}"),
        Value::Interval(_) => write!(f, "in the integer interval {b}"),
        _ => write!(f, "an element of {b}."),
    }
}

fn not_a_set(f: &mut fmt::Formatter<'_>, operator: &str, found: &Value) -> fmt::Result {
    let value = Shown(found);
    match operator {
        "Cardinality" => write!(f, "Attempted to compute cardinality of the value\n{value}"),
        "IsFiniteSet" => {
            let kind = found.kind();
            let noun = kind.split_once(' ').map_or(kind, |(_, noun)| noun);
            write!(
                f,
                "Attempted to check if the {noun} {value} is a finite set."
            )
        }
        "\\subseteq" => f.write_str(
            "Attempted to evaluate an expression of form S \\subseteq T, but S was not enumerable.",
        ),
        _ => write!(
            f,
            "Attempted to apply {operator} to {}, which is not a set:\n{value}",
            found.kind()
        ),
    }
}

fn not_a_function(f: &mut fmt::Formatter<'_>, operator: &str, found: &Value) -> fmt::Result {
    match operator {
        "[]" => write!(
            f,
            "A non-function ({}) was applied as a function.",
            found.kind()
        ),
        "EXCEPT" => write!(
            f,
            "Attempted to apply EXCEPT construct to the value {}.",
            Shown(found)
        ),
        _ => write!(
            f,
            "Attempted to apply the operator {operator} to a non-function ({})",
            found.kind()
        ),
    }
}

fn not_in_domain(f: &mut fmt::Formatter<'_>, function: &Value, argument: &Value) -> fmt::Result {
    let (a, b) = (Shown(argument), Shown(function));
    match (function, argument) {
        (Value::Tuple(_), Value::Int(_)) => write!(
            f,
            "Attempted to access index {a} of tuple\n{b}\nwhich is out of bounds."
        ),
        (Value::Tuple(_), _) => write!(f, "Attempted to access tuple at a non integral index: {a}"),
        (Value::Function(record), Value::String(name)) if record.is_record() => write!(
            f,
            "Attempted to access nonexistent field '{}' of record\n{b}",
            name.as_str()
        ),
        (Value::Function(record), _) if record.is_record() => write!(
            f,
            "Attempted to access record by a non-string argument: {a}"
        ),
        _ => write!(
            f,
            "Attempted to apply function:\n{b}\nto argument {a}, which is not in the domain of \
             the function."
        ),
    }
}
