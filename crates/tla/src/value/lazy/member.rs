//! Membership in sets that are not held as their elements.

use super::{Form, LazySet};
use crate::value::set::not_a_member;
use crate::value::{DeferredValue, Domain, Value, ValueError};

/// Tells whether a value is in a deferred set.
pub(in crate::value) type Ask<'a, E> = dyn FnMut(&DeferredValue, &Value) -> Result<bool, E> + 'a;

impl LazySet {
    /// `element \in own`
    pub(in crate::value) fn contains<E: From<ValueError>>(
        &self,
        own: &Value,
        element: &Value,
        ask: &mut Ask<'_, E>,
    ) -> Result<bool, E> {
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
                Some(_) => Err(not_a_member(element, own).into()),
            };
        }
        match (self.form(), element) {
            (Form::Any, _) => Ok(true),
            (Form::Nat, Value::Int(number)) => Ok(*number >= 0),
            (Form::Int, Value::Int(_)) | (Form::Strings, Value::String(_)) => Ok(true),
            (Form::LongInterval(low, high), Value::Int(number)) => {
                Ok((*low..=*high).contains(number))
            }
            (Form::Seq(set), Value::Tuple(tuple)) => all_in(tuple.as_slice(), |_| set, ask),
            (Form::PowerSet(set), subset) if subset.is_set() => is_within(subset, set, ask),
            (Form::KSubsets(count, set), subset) if subset.is_set() => {
                Ok(subset.cardinality()? == i64::from(*count) && is_within(subset, set, ask)?)
            }
            (Form::FnSet(domain, range), function) if function.is_function() => {
                if !same_domain(domain, function)? {
                    return Ok(false);
                }
                let values = match function {
                    Value::Function(function) => function.values(),
                    other => other.as_tuple().unwrap_or_default(),
                };
                all_in(values, |_| range, ask)
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
                    if !sets[i].contains_asking(value, ask)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Form::Product(sets), Value::Tuple(tuple)) => {
                if tuple.len() != sets.len() {
                    return Ok(false);
                }
                all_in(tuple.as_slice(), |i| &sets[i], ask)
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
                Domain::Set(_) => Err(not_a_member(element, own).into()),
            },
            (Form::Cup(a, b), _) => {
                Ok(a.contains_asking(element, ask)? || b.contains_asking(element, ask)?)
            }
            (Form::Cap(a, b), _) => {
                Ok(a.contains_asking(element, ask)? && b.contains_asking(element, ask)?)
            }
            (Form::Diff(a, b), _) => {
                Ok(a.contains_asking(element, ask)? && !b.contains_asking(element, ask)?)
            }
            (Form::BigUnion(sets), _) => {
                for set in sets.elements()? {
                    if set?.contains_asking(element, ask)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            _ => Err(not_a_member(element, own).into()),
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

fn all_in<'a, E: From<ValueError>>(
    values: &[Value],
    set: impl Fn(usize) -> &'a Value,
    ask: &mut Ask<'_, E>,
) -> Result<bool, E> {
    for (i, value) in values.iter().enumerate() {
        if !set(i).contains_asking(value, ask)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_within<E: From<ValueError>>(
    subset: &Value,
    set: &Value,
    ask: &mut Ask<'_, E>,
) -> Result<bool, E> {
    if matches!(set, Value::Set(_) | Value::Interval(_)) {
        return Ok(subset.subset_eq(set)?);
    }
    if let Value::Lazy(lazy) = subset
        && let Some(known) = lazy.subset_eq(set)?
    {
        return Ok(known);
    }
    for element in subset.elements()? {
        if !set.contains_asking(&element?, ask)? {
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
