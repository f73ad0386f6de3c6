//! Unions, intersections and differences of which an operand is lazy.

use super::super::set::{set_of, sorted_set};
use super::{Form, filtered, lazy};
use crate::value::{Value, ValueError};

fn is_lazy(set: &Value) -> bool {
    matches!(set, Value::Lazy(_))
}

fn is_known_empty(set: &Value) -> bool {
    matches!(set, Value::Interval(interval) if interval.is_empty())
}

/// `S \cup T`, of which at least one is lazy: lazy, so that membership needs no elements. Like TLC,
/// it asks first the one that is not lazy.
pub(in crate::value) fn union(left: &Value, right: &Value) -> Result<Value, ValueError> {
    if is_known_empty(left) {
        return Ok(right.clone());
    }
    if is_known_empty(right) {
        return Ok(left.clone());
    }
    Value::lazy_union(left.clone(), right.clone())
}

/// `S \cap T`, of which at least one is lazy: the elements of the other that are in it.
pub(in crate::value) fn intersection(left: &Value, right: &Value) -> Result<Value, ValueError> {
    if !is_lazy(left) {
        return filtered(left, |element| right.contains(element));
    }
    if !is_lazy(right) {
        return filtered(right, |element| left.contains(element));
    }
    lazy(Form::Cap(left.clone(), right.clone()))
}

/// `S \ T`, of which at least one is lazy.
pub(in crate::value) fn difference(left: &Value, right: &Value) -> Result<Value, ValueError> {
    if !is_lazy(left) {
        return filtered(left, |element| Ok(!right.contains(element)?));
    }
    lazy(Form::Diff(left.clone(), right.clone()))
}

/// `UNION S`: enumerated when the elements of `S` are all held as sets of one form, as TLC does.
pub(super) fn big_union(sets: &Value) -> Result<Value, ValueError> {
    let Value::Set(held) = sets else {
        return match sets {
            Value::Interval(interval) if interval.is_empty() => Ok(Value::empty_set()),
            _ => lazy(Form::BigUnion(sets.clone())),
        };
    };
    let (mut enumerated, mut intervals) = (0_usize, 0_usize);
    for set in held.as_slice() {
        match set {
            Value::Set(_) => enumerated += 1,
            Value::Interval(interval) if interval.is_empty() => {}
            Value::Interval(_) => intervals += 1,
            _ => return lazy(Form::BigUnion(sets.clone())),
        }
    }
    if enumerated > 0 && intervals > 0 {
        return lazy(Form::BigUnion(sets.clone()));
    }
    let mut elements = Vec::new();
    for set in held.as_slice() {
        if set.cardinality()? > super::length(super::MAX_SET) {
            return lazy(Form::BigUnion(sets.clone()));
        }
        elements.extend(set.to_vec()?);
        if elements.len() > 4 * super::MAX_SET {
            super::super::set::sort_distinct(&mut elements)?;
        }
    }
    if elements.is_empty() {
        return sorted_set(elements);
    }
    set_of(elements)
}
