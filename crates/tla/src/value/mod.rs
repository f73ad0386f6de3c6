//! Values, with TLC's equality, order and errors.
//!
//! A [`Value`] is 16 bytes, immutable and cheap to clone. Forms are canonical, so that equal values
//! are mostly equal in form: a function with domain `1 .. n` is a [`Tuple`], the empty set an empty
//! [`Interval`], a domain of consecutive integers an interval, the elements of a set and of a
//! domain are distinct and in order. An interval and the set of its elements are the one case of
//! two forms of a finite set that is not lazy.
//!
//! Everything is bounded: [`MAX_SET`] elements in a set, [`MAX_SIZE`] nodes in a value, nested at
//! most [`MAX_DEPTH`] deep. What recurses over a value therefore needs little stack.

mod display;
mod elements;
mod error;
mod function;
mod hash;
mod interval;
mod itf;
mod json;
#[cfg(test)]
mod laws;
mod lazy;
#[cfg(test)]
mod literal;
mod node;
mod order;
mod permutation;
mod ranks;
mod set;
mod text;

pub use display::Shown;
pub use elements::Elements;
pub use error::{Problem, ValueError};
pub use function::{Domain, Function, Tuple};
pub use hash::{Hasher, hash_text};
pub use interval::Interval;
pub use lazy::{Form, LazySet};
pub use node::{MAX_DEPTH, MAX_SIZE};
pub use permutation::{ImageHashes, Permutation};
pub use ranks::Ranks;
pub use set::{EnumSet, MAX_SET};
pub use text::{MadeText, ModelValue, Ranked, Text};

pub(crate) use function::length;
#[cfg(test)]
pub(crate) use literal::{literal, try_literal};

use std::any::Any;
use std::fmt;

use triomphe::Arc;

use crate::symbol::Symbol;
use hash::Kind;

#[cfg(test)]
mod tests;

/// A value.
#[derive(Clone)]
pub enum Value {
    /// A Boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A string.
    String(Text),
    /// A model value.
    Model(ModelValue),
    /// A function with domain `1 .. n`.
    Tuple(Tuple),
    /// Any other function.
    Function(Function),
    /// A set held as its elements; not empty.
    Set(EnumSet),
    /// Consecutive integers, or none.
    Interval(Interval),
    /// A set that is not held as its elements.
    Lazy(LazySet),
    /// What only the evaluator can compute.
    Deferred(DeferredValue),
}

const _: () = assert!(size_of::<Value>() == 16 && size_of::<Result<Value, ValueError>>() <= 24);

/// What only the evaluator can compute: a function of infinite domain, a filtered infinite set.
/// Every operation of this module on one is [`Problem::Deferred`].
pub trait Deferred: fmt::Debug + Send + Sync {
    /// For the evaluator to recognise what it made.
    fn as_any(&self) -> &dyn Any;
}

/// A shared [`Deferred`].
#[derive(Debug, Clone)]
pub struct DeferredValue(Arc<Box<dyn Deferred>>);

impl DeferredValue {
    /// What the evaluator made.
    #[must_use]
    pub fn get(&self) -> &dyn Deferred {
        &**self.0
    }
}

impl Value {
    /// A string.
    #[must_use]
    pub fn string(text: &str) -> Value {
        Value::String(Text::new(text))
    }

    /// The string with the text of a symbol.
    #[must_use]
    #[inline]
    pub fn symbol_string(text: Symbol) -> Value {
        Value::String(Text::symbol(text))
    }

    /// A model value.
    #[must_use]
    pub fn model(name: Symbol) -> Value {
        Value::Model(ModelValue::new(name))
    }

    /// What only the evaluator can compute.
    #[must_use]
    pub fn deferred(what: impl Deferred + 'static) -> Value {
        Value::Deferred(DeferredValue(Arc::new(Box::new(what))))
    }

    /// `{}`
    #[must_use]
    #[inline]
    pub fn empty_set() -> Value {
        Value::Interval(Interval::EMPTY)
    }

    /// `{a, b}`: elements in any order, with repetitions.
    ///
    /// # Errors
    /// When elements cannot be compared, and when there are too many.
    pub fn set(elements: Vec<Value>) -> Result<Value, ValueError> {
        set::set_of(elements)
    }

    /// The set of elements that are distinct and in order, as those of another set are.
    ///
    /// # Errors
    /// When there are too many.
    pub fn set_in_order(elements: Vec<Value>) -> Result<Value, ValueError> {
        set::sorted_set(elements)
    }

    /// `low .. high`
    ///
    /// # Errors
    /// When there are more than 2^63 - 1 elements.
    #[inline]
    pub fn interval(low: i64, high: i64) -> Result<Value, ValueError> {
        match Interval::new(low, high) {
            Some(interval) => Ok(Value::Interval(interval)),
            None => LazySet::long_interval(low, high),
        }
    }

    /// `BOOLEAN`
    #[must_use]
    pub fn boolean_set() -> Value {
        static BOOLEAN: std::sync::OnceLock<Value> = std::sync::OnceLock::new();
        BOOLEAN
            .get_or_init(|| {
                set::sorted_set(vec![Value::Bool(false), Value::Bool(true)])
                    .unwrap_or_else(|_| Value::empty_set())
            })
            .clone()
    }

    /// Whether this is a set in any form.
    #[must_use]
    #[inline]
    pub fn is_set(&self) -> bool {
        matches!(self, Value::Set(_) | Value::Interval(_) | Value::Lazy(_))
    }

    /// Whether this is a function in any form.
    #[must_use]
    #[inline]
    pub fn is_function(&self) -> bool {
        matches!(self, Value::Tuple(_) | Value::Function(_))
    }

    /// Whether both are the same scalar or are held in the same place. Equal values may differ in
    /// this; it costs next to nothing and cannot fail.
    #[must_use]
    #[inline]
    pub fn is_identical(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::String(Text::Symbol(a)), Value::String(Text::Symbol(b))) => a == b,
            (Value::Model(a), Value::Model(b)) => a == b,
            (Value::Tuple(a), Value::Tuple(b)) => a.is_same(b),
            (Value::Function(a), Value::Function(b)) => a.is_same(b),
            (Value::Set(a), Value::Set(b)) => a.is_same(b),
            (Value::Interval(a), Value::Interval(b)) => a == b,
            _ => false,
        }
    }

    /// What TLC calls this kind of value in messages, with its article.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Bool(_) => "a Boolean value",
            Value::Int(_) => "an integer",
            Value::String(_) => "a string",
            Value::Model(_) => "a model value",
            Value::Tuple(_) => "a tuple",
            Value::Function(function) if function.is_record() => "a record",
            Value::Function(_) => "a function  of the form (d1 :> e1 @@ ... @@ dN :> eN)",
            Value::Set(_) => "a set of the form {e1, ... ,eN}",
            Value::Interval(_) => "a set of the form i..j",
            Value::Lazy(lazy) => lazy.form().kind(),
            Value::Deferred(_) => "a value represented in lazy form",
        }
    }

    /// The content hash: equal values have equal hashes, whatever their form; the same on every
    /// machine. Computed once for each compound value.
    ///
    /// # Errors
    /// When a lazy set in it cannot be enumerated or is too large, and when a value is deferred.
    pub fn fingerprint(&self) -> Result<u64, ValueError> {
        match self {
            Value::Bool(value) => Ok(scalar(Kind::Bool, u64::from(*value))),
            Value::Int(value) => Ok(scalar(Kind::Int, value.cast_unsigned())),
            Value::String(text) => Ok(text.content_hash()),
            Value::Model(model) => Ok(model.content_hash()),
            Value::Tuple(tuple) => tuple.content_hash(),
            Value::Function(function) => function.content_hash(),
            Value::Set(set) => set.content_hash(),
            Value::Interval(interval) => Ok(interval.content_hash()),
            Value::Lazy(lazy) => lazy.content_hash(self),
            Value::Deferred(_) => Err(Problem::Deferred.into()),
        }
    }

    /// Nodes of the tree that it is.
    #[must_use]
    #[inline]
    pub fn nodes(&self) -> usize {
        self.measure().size as usize
    }

    /// Size, depth and whether there are model values.
    #[inline]
    fn measure(&self) -> node::Measure {
        match self {
            Value::Tuple(tuple) => tuple.node().measure(),
            Value::Function(function) => function.node().measure(),
            Value::Set(set) => set.node().measure(),
            Value::Lazy(lazy) => lazy.node().measure(),
            Value::Model(_) => node::MODEL,
            _ => node::LEAF,
        }
    }
}

fn scalar(kind: Kind, word: u64) -> u64 {
    let mut hasher = Hasher::of(kind, 1);
    hasher.word(word);
    hasher.finish()
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(value)
    }
}
