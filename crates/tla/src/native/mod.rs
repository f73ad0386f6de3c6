//! Operators of standard and community modules with an implementation of their own.
//!
//! The modules define their operators in TLA+ as well; [`lookup`] tells which of them are computed
//! here instead, as TLC computes them: the same results, the same choice among several (the order
//! of `SetToSeq`), the same errors.

mod arithmetic;
mod bags;
mod bitwise;
mod finite_sets;
mod finite_sets_ext;
mod functions;
mod graphs;
mod json;
mod refused;
mod sequences;
mod sequences_ext;
mod tlc;
mod tlc_ext;
mod vector_clocks;

#[cfg(test)]
mod tests;

use std::error::Error;
use std::fmt;

use crate::value::{Value, ValueError};

/// What an operator gives.
pub type R = Result<Value, ValueError>;
/// An operator of one value.
pub type Pure1 = fn(&Value) -> R;
/// An operator of two values.
pub type Pure2 = fn(&Value, &Value) -> R;
/// An operator of any number of values, or a constant.
pub type Pure = fn(&[Value]) -> R;
/// An operator that takes operators.
pub type HigherNative = fn(&mut dyn Caller, &[Argument]) -> Result<Value, CallError>;

/// The implementation of an operator.
#[derive(Debug, Clone, Copy)]
pub enum Native {
    /// Of one value.
    Pure1(Pure1),
    /// Of two values.
    Pure2(Pure2),
    /// Of any number of values, none for a constant such as `Nat`.
    Pure(Pure),
    /// Takes operators.
    Higher(HigherNative),
    /// Needs to know the state of the evaluation.
    Context(ContextOperator),
}

/// Operators that only the evaluator can compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContextOperator {
    /// `Print(out, v)`: prints both, is `v`.
    Print,
    /// `PrintT(out)`: prints, is `TRUE`.
    PrintT,
    /// `Assert(p, out)`: is `TRUE`, or an error with the printed `out`.
    Assert,
    /// `TLCGet(i)`: a register or a figure of the search.
    TLCGet,
    /// `TLCSet(i, v)`
    TLCSet,
    /// `TLCEval(v)`: the value, computed in full.
    TLCEval,
    /// `JavaTime`: seconds since 1970.
    JavaTime,
    /// `RandomElement(S)`
    RandomElement,
    /// `RandomSubset(k, S)` of module Randomization.
    RandomSubset,
    /// `RandomSetOfSubsets(k, n, S)` of module Randomization.
    RandomSetOfSubsets,
    /// `AssertError(message, e)`: whether `e` fails with this message.
    AssertError,
    /// `AssertEq(a, b)`: whether they are equal, printing both if not.
    AssertEq,
    /// `PickSuccessor(e)`
    PickSuccessor,
    /// `CounterExample`
    CounterExample,
    /// `Trace`: the states up to the present one.
    Trace,
    /// `TLCDefer(e)`: evaluates `e` after the step is taken, is `TRUE`.
    TLCDefer,
    /// `TLCModelValue(s)`: the model value of this name.
    TLCModelValue,
    /// `TLCCache(e, closure)`
    TLCCache,
    /// `TLCFP(v)`: the fingerprint of a value.
    TLCFP,
    /// `TLCEvalDefinition(s)`: the value of the definition of this name.
    TLCEvalDefinition,
    /// `TLCGetOrDefault(i, v)`
    TLCGetOrDefault,
    /// `JsonDeserialize(file)`: the value that a file beside the specification shows.
    JsonDeserialize,
    /// `ndJsonDeserialize(file)`: the values of its lines.
    NdJsonDeserialize,
    /// An operator that is not computed, with the reason.
    Refused(&'static str),
}

/// An argument of a [`Native::Higher`].
#[derive(Debug, Clone)]
pub enum Argument {
    /// A value.
    Value(Value),
    /// An operator, by the number to call it with.
    Operator(usize),
}

/// Applies operators that were passed as arguments.
pub trait Caller {
    /// Applies one.
    ///
    /// # Errors
    /// What its evaluation fails with.
    fn call(&mut self, operator: usize, arguments: &[Value]) -> Result<Value, CallError>;
}

/// Why a [`Native::Higher`] has no result.
#[derive(Debug)]
pub enum CallError {
    /// The operator itself fails.
    Value(ValueError),
    /// An operator that it applies fails, in the evaluator's terms.
    Evaluator(Box<dyn Error + Send + Sync>),
}

impl From<ValueError> for CallError {
    fn from(error: ValueError) -> CallError {
        CallError::Value(error)
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallError::Value(error) => error.fmt(f),
            CallError::Evaluator(error) => error.fmt(f),
        }
    }
}

impl Error for CallError {}

/// The implementation of an operator of a module, if it has one.
#[must_use]
pub fn lookup(module: &str, operator: &str) -> Option<Native> {
    if let Some(refused) = refused::lookup(module, operator) {
        return Some(refused);
    }
    match module {
        "Naturals" | "Integers" => arithmetic::lookup(module, operator),
        "Sequences" => sequences::lookup(operator),
        "FiniteSets" => finite_sets::lookup(operator),
        "TLC" => tlc::lookup(operator),
        "TLCExt" => tlc_ext::lookup(operator),
        "Randomization" => tlc_ext::lookup_random(operator),
        "Bags" => bags::lookup(operator),
        "BagsExt" => bags::lookup_ext(operator),
        "Json" | "IOUtils" => json::lookup(module, operator),
        "SequencesExt" => sequences_ext::lookup(operator),
        "FiniteSetsExt" | "Folds" => finite_sets_ext::lookup(operator),
        "Functions" => functions::lookup(operator),
        "Bitwise" | "Combinatorics" | "DyadicRationals" => bitwise::lookup(module, operator),
        "Graphs" | "UndirectedGraphs" | "Relation" => graphs::lookup(module, operator),
        "VectorClocks" => vector_clocks::lookup(operator),
        _ => None,
    }
}

/// The value among the arguments at a place.
fn value(arguments: &[Argument], place: usize) -> Result<&Value, ValueError> {
    match arguments.get(place) {
        Some(Argument::Value(value)) => Ok(value),
        _ => Err(ValueError::other(
            "An operator was used where a value is needed.",
        )),
    }
}

/// The operator among the arguments at a place.
fn operator(arguments: &[Argument], place: usize) -> Result<usize, ValueError> {
    match arguments.get(place) {
        Some(Argument::Operator(operator)) => Ok(*operator),
        _ => Err(ValueError::other(
            "A value was used where an operator is needed.",
        )),
    }
}

/// Applies an operator that must give a Boolean.
fn test(
    caller: &mut dyn Caller,
    operator: usize,
    name: &'static str,
    arguments: &[Value],
) -> Result<bool, CallError> {
    match caller.call(operator, arguments)? {
        Value::Bool(holds) => Ok(holds),
        other => {
            Err(ValueError::argument(name, "second", "boolean-valued operator", &other).into())
        }
    }
}

/// The elements of a sequence, or why it is none.
fn sequence<'a>(
    value: &'a Value,
    operator: &'static str,
    position: &'static str,
) -> Result<&'a [Value], ValueError> {
    match value {
        Value::Tuple(tuple) => Ok(tuple.as_slice()),
        Value::Deferred(_) => Err(crate::value::Problem::Deferred.into()),
        _ => Err(ValueError::argument(operator, position, "sequence", value)),
    }
}

/// An integer, or why it is none.
fn integer(
    value: &Value,
    operator: &'static str,
    position: &'static str,
    expected: &'static str,
) -> Result<i64, ValueError> {
    match value {
        Value::Int(number) => Ok(*number),
        _ => Err(ValueError::argument(operator, position, expected, value)),
    }
}
