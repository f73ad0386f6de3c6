//! Module FiniteSets.

use super::Native;
use crate::value::Value;

pub(super) fn lookup(operator: &str) -> Option<Native> {
    Some(match operator {
        "Cardinality" => Native::Pure1(|set| set.cardinality().map(Value::Int)),
        "IsFiniteSet" => Native::Pure1(|set| set.is_finite().map(Value::Bool)),
        _ => return None,
    })
}
