//! TLC's equality and order.
//!
//! Values of different kinds cannot be compared, which is an error, except for model values: an
//! untyped one differs from everything else and comes first. Sets are ordered by cardinality, then
//! by their elements in order; functions by the size of their domain, then by the domain, then by
//! their values. Strings and model values are ordered by when TLC first comes across their texts
//! (`ranks`); with them fields of records are.
//!
//! Whether a comparison is an error must not depend on what was computed before, so unequal hashes
//! are no reason to stop early: elements are compared as TLC compares them.

use std::cmp::Ordering;

use super::error::Problem;
use super::{Domain, Function, ModelValue, Value, ValueError};
use crate::control::patience;

impl Value {
    /// `v = w`
    ///
    /// # Errors
    /// When the values, or parts of them that are looked at, are of different kinds, and when a
    /// set must be enumerated and cannot.
    pub fn equals(&self, other: &Value) -> Result<bool, ValueError> {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => Ok(a == b),
            (Value::Int(a), Value::Int(b)) => Ok(a == b),
            (Value::String(a), Value::String(b)) => Ok(a == b),
            (Value::Model(a), Value::Model(b)) => {
                if a != b && types_differ(*a, *b) {
                    return Err(unequal_kinds(self, other));
                }
                Ok(a == b)
            }
            (Value::Deferred(_), _) | (_, Value::Deferred(_)) => Err(Problem::Deferred.into()),
            (Value::Model(model), _) | (_, Value::Model(model)) => match model.type_letter() {
                None => Ok(false),
                Some(_) => Err(unequal_kinds(self, other)),
            },
            (Value::Tuple(a), Value::Tuple(b)) => {
                if a.is_same(b) {
                    return Ok(true);
                }
                all_equal(a.as_slice(), b.as_slice())
            }
            (Value::Function(a), Value::Function(b)) => functions_equal(self, other, a, b),
            (Value::Function(function), Value::Tuple(tuple)) => {
                if function.is_record() && !tuple.is_empty() {
                    return Err(unequal_kinds(self, other));
                }
                domain_equals_interval(function, 1, tuple.len())
            }
            (Value::Tuple(tuple), Value::Function(function)) => {
                domain_equals_interval(function, 1, tuple.len())
            }
            (Value::Interval(a), Value::Interval(b)) => Ok(a == b),
            (Value::Set(a), Value::Set(b)) => {
                if a.is_same(b) {
                    return Ok(true);
                }
                all_equal(a.as_slice(), b.as_slice())
            }
            (Value::Set(set), Value::Interval(interval)) => {
                if set.len() != interval.len() as usize {
                    return Ok(false);
                }
                for (element, number) in set.as_slice().iter().zip(interval.numbers()) {
                    if !element.equals(&Value::Int(number))? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Value::Interval(interval), Value::Set(set)) => {
                if set.len() != interval.len() as usize {
                    return Ok(false);
                }
                for (number, element) in interval.numbers().zip(set.as_slice()) {
                    if !Value::Int(number).equals(element)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Value::Lazy(lazy), _) if other.is_set() => lazy.equals_set(self, other),
            (_, Value::Lazy(lazy)) if self.is_set() => lazy.set_equals(self, other),
            _ => Err(unequal_kinds(self, other)),
        }
    }

    /// The order in which TLC keeps the elements of a set.
    ///
    /// # Errors
    /// When the values, or parts of them that are looked at, are of different kinds, and when a
    /// set must be enumerated and cannot.
    pub fn compare(&self, other: &Value) -> Result<Ordering, ValueError> {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => Ok(a.cmp(b)),
            (Value::Int(a), Value::Int(b)) => Ok(a.cmp(b)),
            (Value::String(a), Value::String(b)) => Ok(a.cmp(b)),
            (Value::Model(a), Value::Model(b)) => {
                if a != b && types_differ(*a, *b) {
                    return Err(unordered_kinds(self, other));
                }
                Ok(a.cmp(b))
            }
            (Value::Deferred(_), _) | (_, Value::Deferred(_)) => Err(Problem::Deferred.into()),
            (Value::Model(model), _) | (_, Value::Model(model)) => match model.type_letter() {
                Some(_) => Err(unordered_kinds(self, other)),
                None if matches!(self, Value::Model(_)) => Ok(Ordering::Less),
                None => Ok(Ordering::Greater),
            },
            (Value::Tuple(a), Value::Tuple(b)) => {
                if a.is_same(b) {
                    return Ok(Ordering::Equal);
                }
                compare_all(a.as_slice(), b.as_slice())
            }
            (Value::Function(a), Value::Function(b)) => compare_functions(self, other, a, b),
            (Value::Function(function), Value::Tuple(tuple)) => {
                if function.is_record() && !tuple.is_empty() {
                    return Err(unordered_kinds(self, other));
                }
                compare_domain_to_interval(function, 1, tuple.len())
            }
            (Value::Tuple(tuple), Value::Function(function)) => {
                compare_domain_to_interval(function, 1, tuple.len()).map(Ordering::reverse)
            }
            (Value::Interval(a), Value::Interval(b)) => {
                Ok((a.len(), a.low()).cmp(&(b.len(), b.low())))
            }
            (Value::Set(a), Value::Set(b)) => {
                if a.is_same(b) {
                    return Ok(Ordering::Equal);
                }
                compare_all(a.as_slice(), b.as_slice())
            }
            (Value::Set(set), Value::Interval(interval)) => {
                let sizes = set.len().cmp(&(interval.len() as usize));
                if sizes.is_ne() {
                    return Ok(sizes);
                }
                for (element, number) in set.as_slice().iter().zip(interval.numbers()) {
                    let order = element.compare(&Value::Int(number))?;
                    if order.is_ne() {
                        return Ok(order);
                    }
                }
                Ok(Ordering::Equal)
            }
            (Value::Interval(_), Value::Set(_)) => other.compare(self).map(Ordering::reverse),
            (Value::Lazy(lazy), _) if other.is_set() => lazy.compare_set(self, other),
            (_, Value::Lazy(lazy)) if self.is_set() => {
                lazy.compare_set(other, self).map(Ordering::reverse)
            }
            _ => Err(unordered_kinds(self, other)),
        }
    }
}

/// Equality as far as it is defined: values that cannot be compared are not equal. For tests and
/// for collections of whole states; evaluation uses [`Value::equals`].
impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        self.equals(other).unwrap_or(false)
    }
}

fn types_differ(a: ModelValue, b: ModelValue) -> bool {
    match (a.type_letter(), b.type_letter()) {
        (Some(a), Some(b)) => a != b,
        _ => false,
    }
}

#[cold]
pub(super) fn unequal_kinds(left: &Value, right: &Value) -> ValueError {
    let (left, right) = (left.clone(), right.clone());
    Problem::Equality { left, right }.into()
}

#[cold]
pub(super) fn unordered_kinds(left: &Value, right: &Value) -> ValueError {
    let (left, right) = (left.clone(), right.clone());
    Problem::Order { left, right }.into()
}

pub(super) fn all_equal(a: &[Value], b: &[Value]) -> Result<bool, ValueError> {
    patience()?;
    if a.len() != b.len() {
        return Ok(false);
    }
    for (x, y) in a.iter().zip(b) {
        if !x.equals(y)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn compare_all(a: &[Value], b: &[Value]) -> Result<Ordering, ValueError> {
    patience()?;
    let lengths = a.len().cmp(&b.len());
    if lengths.is_ne() {
        return Ok(lengths);
    }
    for (x, y) in a.iter().zip(b) {
        let order = x.compare(y)?;
        if order.is_ne() {
            return Ok(order);
        }
    }
    Ok(Ordering::Equal)
}

fn functions_equal(
    left: &Value,
    right: &Value,
    a: &Function,
    b: &Function,
) -> Result<bool, ValueError> {
    if a.is_same(b) {
        return Ok(true);
    }
    if !a.shares_domain(b) {
        if a.is_record() && !b.is_record() {
            return Err(unequal_kinds(left, right));
        }
        if a.len() != b.len() {
            return Ok(false);
        }
        let same = match (a.domain(), b.domain()) {
            (Domain::Set(a), Domain::Set(b)) => all_equal(a.as_slice(), b.as_slice())?,
            (Domain::Interval(a), Domain::Interval(b)) => a == b,
            (Domain::Interval(interval), Domain::Set(_)) => {
                domain_equals_interval(b, interval.low(), a.len())?
            }
            (Domain::Set(_), Domain::Interval(interval)) => {
                domain_equals_interval(a, interval.low(), b.len())?
            }
        };
        if !same {
            return Ok(false);
        }
    }
    all_equal(a.values(), b.values())
}

fn compare_functions(
    left: &Value,
    right: &Value,
    a: &Function,
    b: &Function,
) -> Result<Ordering, ValueError> {
    if a.is_same(b) {
        return Ok(Ordering::Equal);
    }
    if !a.shares_domain(b) {
        if a.is_record() && !b.is_record() {
            return Err(unordered_kinds(left, right));
        }
        let lengths = a.len().cmp(&b.len());
        if lengths.is_ne() {
            return Ok(lengths);
        }
        let domains = match (a.domain(), b.domain()) {
            (Domain::Set(a), Domain::Set(b)) => compare_all(a.as_slice(), b.as_slice())?,
            (Domain::Interval(a), Domain::Interval(b)) => a.low().cmp(&b.low()),
            (Domain::Interval(interval), Domain::Set(_)) => {
                compare_domain_to_interval(b, interval.low(), a.len())?.reverse()
            }
            (Domain::Set(_), Domain::Interval(interval)) => {
                compare_domain_to_interval(a, interval.low(), b.len())?
            }
        };
        if domains.is_ne() {
            return Ok(domains);
        }
    }
    compare_all(a.values(), b.values())
}

/// Whether a domain is `low .. low + len - 1`. A domain that is not held as an interval is none,
/// but whether that can be told before something other than an integer turns up makes the
/// difference between `FALSE` and an error.
fn domain_equals_interval(function: &Function, low: i64, len: usize) -> Result<bool, ValueError> {
    compare_domain_to_interval(function, low, len).map(Ordering::is_eq)
}

fn compare_domain_to_interval(
    function: &Function,
    low: i64,
    len: usize,
) -> Result<Ordering, ValueError> {
    let lengths = function.len().cmp(&len);
    if lengths.is_ne() {
        return Ok(lengths);
    }
    match function.domain() {
        Domain::Interval(own) => Ok(own.low().cmp(&low)),
        Domain::Set(domain) => {
            for (expected, element) in (low..).zip(domain.as_slice()) {
                let Value::Int(number) = element else {
                    return Err(unordered_kinds(&Value::Int(expected), element));
                };
                let order = number.cmp(&expected);
                if order.is_ne() {
                    return Ok(order);
                }
            }
            Ok(Ordering::Equal)
        }
    }
}
