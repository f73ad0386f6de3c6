//! The elements of a set, one by one in TLC's order.

use super::lazy::LazyElements;
use super::{EnumSet, Interval, MAX_SET, MAX_SIZE, Value, ValueError};
use crate::control::patience;

/// The elements of a set in TLC's order, each once. Those of a lazy set are made as they are asked
/// for.
#[derive(Debug, Clone)]
pub struct Elements(Source);

#[derive(Debug, Clone)]
enum Source {
    Set { set: EnumSet, next: usize },
    Interval { interval: Interval, next: u32 },
    Lazy(Box<LazyElements>),
}

impl Elements {
    pub(super) fn lazy(elements: LazyElements) -> Elements {
        Elements(Source::Lazy(Box::new(elements)))
    }

    /// Roughly how many words it takes to copy this.
    pub(super) fn weight(&self) -> usize {
        match &self.0 {
            Source::Lazy(elements) => elements.weight(),
            Source::Set { .. } | Source::Interval { .. } => 1,
        }
    }
}

impl Iterator for Elements {
    type Item = Result<Value, ValueError>;

    #[inline]
    fn next(&mut self) -> Option<Result<Value, ValueError>> {
        match &mut self.0 {
            Source::Set { set, next } => {
                let element = set.as_slice().get(*next)?;
                *next += 1;
                Some(Ok(element.clone()))
            }
            Source::Interval { interval, next } => {
                if *next == interval.len() {
                    return None;
                }
                // Short ones are not worth a look.
                if *next & 0xFFF == 0xFFF
                    && let Err(reason) = patience()
                {
                    return Some(Err(reason.into()));
                }
                let number = interval.low().wrapping_add(i64::from(*next));
                *next += 1;
                Some(Ok(Value::Int(number)))
            }
            Source::Lazy(elements) => elements.next(),
        }
    }
}

impl Value {
    /// The elements in TLC's order.
    ///
    /// # Errors
    /// When this is not a set that can be enumerated.
    #[inline]
    pub fn elements(&self) -> Result<Elements, ValueError> {
        match self {
            Value::Set(set) => Ok(Elements(Source::Set {
                set: set.clone(),
                next: 0,
            })),
            Value::Interval(interval) => Ok(Elements(Source::Interval {
                interval: *interval,
                next: 0,
            })),
            Value::Lazy(lazy) => lazy.elements(self),
            _ => Err(ValueError::not_a_set("an enumeration", self)),
        }
    }

    /// The elements, held in order.
    ///
    /// # Errors
    /// When this is not a set that can be enumerated and has at most [`MAX_SET`] elements, which
    /// together have at most [`MAX_SIZE`] nodes.
    pub fn to_vec(&self) -> Result<Vec<Value>, ValueError> {
        match self {
            Value::Set(set) => Ok(set.as_slice().to_vec()),
            _ if self.cardinality()? > super::length(MAX_SET) => Err(ValueError::too_large()),
            Value::Interval(_) => self.elements()?.collect(),
            _ => {
                let mut elements = Vec::new();
                let mut size = 0_u32;
                for element in self.elements()? {
                    let element = element?;
                    size = size.saturating_add(element.measure().size);
                    if size > MAX_SIZE {
                        return Err(ValueError::too_large());
                    }
                    elements.push(element);
                }
                Ok(elements)
            }
        }
    }

    /// The same set, held as its elements or as an interval.
    ///
    /// # Errors
    /// As [`Value::to_vec`].
    pub fn materialize(&self) -> Result<Value, ValueError> {
        match self {
            Value::Lazy(lazy) => lazy.materialize(self),
            _ if self.is_set() => Ok(self.clone()),
            _ => Err(ValueError::not_a_set("an enumeration", self)),
        }
    }

    /// `Cardinality(S)`
    ///
    /// # Errors
    /// When this is not a finite set that can be counted, and when the count leaves the range of
    /// 64 bits.
    #[inline]
    pub fn cardinality(&self) -> Result<i64, ValueError> {
        match self {
            Value::Set(set) => Ok(super::length(set.len())),
            Value::Interval(interval) => Ok(i64::from(interval.len())),
            Value::Lazy(lazy) => lazy.cardinality(self),
            _ => Err(ValueError::not_a_set("Cardinality", self)),
        }
    }

    /// Whether a set is finite, as far as TLC can tell.
    ///
    /// # Errors
    /// When this is not a set, or a lazy set TLC cannot tell it of.
    pub fn is_finite(&self) -> Result<bool, ValueError> {
        match self {
            Value::Set(_) | Value::Interval(_) => Ok(true),
            Value::Lazy(lazy) => lazy.is_finite(self),
            _ => Err(ValueError::not_a_set("IsFiniteSet", self)),
        }
    }

    /// Whether a set has no elements, found without counting them.
    ///
    /// # Errors
    /// When this is not a set that can be enumerated.
    pub fn is_empty_set(&self) -> Result<bool, ValueError> {
        match self.elements()?.next() {
            None => Ok(true),
            Some(Ok(_)) => Ok(false),
            Some(Err(error)) => Err(error),
        }
    }
}
