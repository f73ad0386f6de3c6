//! Membership in sets that are not held as their elements.

use super::{Form, LazySet};
use crate::value::set::not_a_member;
use crate::value::{Domain, Problem, Value, ValueError};

impl LazySet {
    /// `element \in own`
    pub(in crate::value) fn contains(
        &self,
        own: &Value,
        element: &Value,
    ) -> Result<bool, ValueError> {
        // Sets of which the elements have a kind of their own contain no model value.
        let kinds = !matches!(
            self.form(),
            Form::Any
                | Form::PowerSet(_)
                | Form::KSubsets(..)
                | Form::Cup(..)
                | Form::Cap(..)
                | Form::Diff(..)
                | Form::BigUnion(_)
        );
        if kinds && let Value::Model(model) = element {
            return match model.type_letter() {
                None => Ok(false),
                Some(_) => Err(not_a_member(element, own)),
            };
        }
        match (self.form(), element) {
            (Form::Any, _) => Ok(true),
            (Form::Nat, Value::Int(number)) => Ok(*number >= 0),
            (Form::Int, Value::Int(_)) | (Form::Strings, Value::String(_)) => Ok(true),
            (Form::LongInterval(low, high), Value::Int(number)) => {
                Ok((*low..=*high).contains(number))
            }
            (Form::Seq(set), Value::Tuple(tuple)) => all_in(tuple.as_slice(), |_| set),
            (Form::PowerSet(set), subset) if subset.is_set() => is_within(subset, set),
            (Form::KSubsets(count, set), subset) if subset.is_set() => {
                Ok(subset.cardinality()? == i64::from(*count) && is_within(subset, set)?)
            }
            (Form::FnSet(domain, range), function) if function.is_function() => {
                if !same_domain(domain, function)? {
                    return Ok(false);
                }
                let values = match function {
                    Value::Function(function) => function.values(),
                    other => other.as_tuple().unwrap_or_default(),
                };
                all_in(values, |_| range)
            }
            (Form::RecordSet(..), Value::Tuple(tuple)) if tuple.is_empty() => Ok(false),
            (Form::RecordSet(names, sets), Value::Function(record)) if record.is_record() => {
                let Domain::Set(own_names) = record.domain() else {
                    return Ok(false);
                };
                if own_names.len() != names.len() {
                    return Ok(false);
                }
                let shared = own_names.is_same(names);
                for (i, value) in record.values().iter().enumerate() {
                    if !shared && !own_names.as_slice()[i].equals(&names.as_slice()[i])? {
                        return Ok(false);
                    }
                    if !sets[i].contains(value)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Form::Product(sets), Value::Tuple(tuple)) => {
                if tuple.len() != sets.len() {
                    return Ok(false);
                }
                all_in(tuple.as_slice(), |i| &sets[i])
            }
            (Form::Product(_), Value::Function(function)) => match function.domain() {
                Domain::Interval(_) => Ok(false),
                Domain::Set(arguments)
                    if arguments
                        .as_slice()
                        .iter()
                        .all(|argument| matches!(argument, Value::Int(_))) =>
                {
                    Ok(false)
                }
                Domain::Set(_) => Err(not_a_member(element, own)),
            },
            (Form::Cup(a, b), _) => Ok(a.contains(element)? || b.contains(element)?),
            (Form::Cap(a, b), _) => Ok(a.contains(element)? && b.contains(element)?),
            (Form::Diff(a, b), _) => Ok(a.contains(element)? && !b.contains(element)?),
            (Form::BigUnion(sets), _) => {
                for set in sets.elements()? {
                    if set?.contains(element)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            (_, Value::Deferred(_)) => Err(Problem::Deferred.into()),
            _ => Err(not_a_member(element, own)),
        }
    }

    /// `self \subseteq other`, where it can be told without the elements.
    pub(in crate::value) fn subset_eq(&self, other: &Value) -> Result<Option<bool>, ValueError> {
        match (self.form(), other) {
            (Form::PowerSet(a), Value::Lazy(other)) => match other.form() {
                Form::PowerSet(b) if a.is_set() => a.subset_eq(b).map(Some),
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }
}

fn all_in<'a>(values: &[Value], set: impl Fn(usize) -> &'a Value) -> Result<bool, ValueError> {
    for (i, value) in values.iter().enumerate() {
        if !set(i).contains(value)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_within(subset: &Value, set: &Value) -> Result<bool, ValueError> {
    if set.is_set() {
        return subset.subset_eq(set);
    }
    for element in subset.elements()? {
        if !set.contains(&element?)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn same_domain(domain: &Value, function: &Value) -> Result<bool, ValueError> {
    match (function, domain) {
        (Value::Function(function), Value::Set(domain)) => {
            if let Domain::Set(own) = function.domain()
                && own.is_same(domain)
            {
                return Ok(true);
            }
        }
        (Value::Tuple(tuple), Value::Interval(interval)) => {
            return Ok(interval.len() as usize == tuple.len() && interval.low() == 1);
        }
        _ => {}
    }
    domain.equals(&function.domain()?)
}
