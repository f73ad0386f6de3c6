//! Modules TLCExt and Randomization.

use super::{ContextOperator, Native};
use crate::value::Value;

pub(super) fn lookup(operator: &str) -> Option<Native> {
    Some(Native::Context(match operator {
        "TLCNoOp" => return Some(Native::Pure1(|value: &Value| Ok(value.clone()))),
        "AssertError" => ContextOperator::AssertError,
        "AssertEq" => ContextOperator::AssertEq,
        "PickSuccessor" => ContextOperator::PickSuccessor,
        "CounterExample" => ContextOperator::CounterExample,
        "Trace" => ContextOperator::Trace,
        "TLCDefer" => ContextOperator::TLCDefer,
        "TLCModelValue" => ContextOperator::TLCModelValue,
        "TLCCache" => ContextOperator::TLCCache,
        "TLCFP" => ContextOperator::TLCFP,
        "TLCEvalDefinition" => ContextOperator::TLCEvalDefinition,
        "TLCGetOrDefault" => ContextOperator::TLCGetOrDefault,
        _ => return None,
    }))
}

pub(super) fn lookup_random(operator: &str) -> Option<Native> {
    Some(Native::Context(match operator {
        "RandomSubset" => ContextOperator::RandomSubset,
        "RandomSetOfSubsets" => ContextOperator::RandomSetOfSubsets,
        _ => return None,
    }))
}
