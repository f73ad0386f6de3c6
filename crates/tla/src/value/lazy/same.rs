//! Comparison of sets that are not held as their elements.

use std::cmp::Ordering;

use super::{Form, LazySet};
use crate::value::order::{all_equal, unequal_kinds, unordered_kinds};
use crate::value::{Value, ValueError};

/// Sets that TLC compares by name because they have no list of elements. `Seq(S)` comes with `S`.
fn named(set: &Value) -> Option<(u8, Option<&Value>)> {
    let Value::Lazy(lazy) = set else {
        return None;
    };
    match lazy.form() {
        Form::Nat => Some((0, None)),
        Form::Int => Some((1, None)),
        Form::Strings => Some((2, None)),
        Form::Any => Some((3, None)),
        Form::Seq(set) => Some((4, Some(set))),
        _ => None,
    }
}

impl LazySet {
    /// `own = other`, where `other` is a set.
    pub(in crate::value) fn equals_set(
        &self,
        own: &Value,
        other: &Value,
    ) -> Result<bool, ValueError> {
        if let Value::Lazy(lazy) = other {
            if self.is_same(lazy) {
                return Ok(true);
            }
            match (self.form(), lazy.form()) {
                (Form::PowerSet(a), Form::PowerSet(b)) => return a.equals(b),
                (Form::LongInterval(a, b), Form::LongInterval(c, d)) => {
                    return Ok((a, b) == (c, d));
                }
                (Form::FnSet(s, t), Form::FnSet(u, v)) => return Ok(s.equals(u)? && t.equals(v)?),
                (Form::Product(a), Form::Product(b)) => {
                    return match (own.is_empty_set()?, other.is_empty_set()?) {
                        (false, false) => all_equal(a, b),
                        (a, b) => Ok(a == b),
                    };
                }
                (Form::RecordSet(names, a), Form::RecordSet(others, b)) => {
                    return match (own.is_empty_set()?, other.is_empty_set()?) {
                        (false, false) => {
                            Ok(names.as_slice() == others.as_slice() && all_equal(a, b)?)
                        }
                        (a, b) => Ok(a == b),
                    };
                }
                _ => {}
            }
        }
        if named(own).is_some() || named(other).is_some() {
            return self
                .compare_named(own, other)
                .map(Ordering::is_eq)
                .ok_or_else(|| unequal_kinds(own, other));
        }
        own.materialize()?.equals(&other.materialize()?)
    }

    /// `other = own`, where `other` is a set that is not lazy.
    pub(in crate::value) fn set_equals(
        &self,
        other: &Value,
        own: &Value,
    ) -> Result<bool, ValueError> {
        if named(own).is_some() {
            return Err(unequal_kinds(other, own));
        }
        other.equals(&own.materialize()?)
    }

    /// The order of `own` and `other`, which is a set.
    pub(in crate::value) fn compare_set(
        &self,
        own: &Value,
        other: &Value,
    ) -> Result<Ordering, ValueError> {
        if let Value::Lazy(lazy) = other
            && self.is_same(lazy)
        {
            return Ok(Ordering::Equal);
        }
        if named(own).is_some() || named(other).is_some() {
            return self
                .compare_named(own, other)
                .ok_or_else(|| unordered_kinds(own, other));
        }
        if let Value::Lazy(lazy) = other {
            match (self.form(), lazy.form()) {
                (Form::PowerSet(a), Form::PowerSet(b)) => return a.compare(b),
                (Form::LongInterval(a, b), Form::LongInterval(c, d)) => {
                    let spans = (
                        i128::from(*b) - i128::from(*a),
                        i128::from(*d) - i128::from(*c),
                    );
                    return Ok(spans.0.cmp(&spans.1).then_with(|| a.cmp(c)));
                }
                _ => {}
            }
        }
        own.materialize()?.compare(&other.materialize()?)
    }

    fn compare_named(&self, own: &Value, other: &Value) -> Option<Ordering> {
        match (named(own)?, named(other)?) {
            ((4, Some(a)), (4, Some(b))) => a.compare(b).ok(),
            // `Nat` and `Int` can be compared with each other, the others with themselves.
            ((a @ (0 | 1), _), (b @ (0 | 1), _)) => Some(a.cmp(&b)),
            ((2, _), (2, _)) => Some(Ordering::Equal),
            _ => None,
        }
    }
}
