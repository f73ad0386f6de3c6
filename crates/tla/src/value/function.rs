//! Functions: sequences, records and all others.

use std::sync::OnceLock;

use triomphe::ThinArc;

use super::error::Problem;
use super::hash::{Hasher, Kind};
use super::node::{LEAF, Measure, Node};
use super::{EnumSet, Interval, Value, ValueError};
use crate::symbol::Symbol;

/// A function with domain `1 .. n`: a sequence or tuple. The function with an empty domain is the
/// empty sequence.
#[derive(Debug, Clone)]
pub struct Tuple(ThinArc<Node, Value>);

impl Tuple {
    /// The elements.
    #[must_use]
    #[inline]
    pub fn as_slice(&self) -> &[Value] {
        &self.0.slice
    }

    /// Number of elements.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// Whether it has no elements.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// Whether both are held in the same place.
    #[must_use]
    #[inline]
    pub fn is_same(&self, other: &Tuple) -> bool {
        std::ptr::eq(self.as_slice(), other.as_slice())
    }

    pub(super) fn node(&self) -> &Node {
        &self.0.header.header
    }

    pub(super) fn content_hash(&self) -> Result<u64, ValueError> {
        self.node().hash(|| {
            let mut hasher = Hasher::of(Kind::Tuple, self.len() as u64);
            for element in self.as_slice() {
                hasher.word(element.fingerprint()?);
            }
            Ok(hasher.finish())
        })
    }

    /// This sequence with another element at a place.
    fn with(&self, position: usize, new: Value) -> Result<Value, ValueError> {
        let own = self.as_slice();
        let node = match self
            .node()
            .with_replaced(own[position].measure(), new.measure())
        {
            Some(node) => node,
            None => Node::above(measures_with(own, position, &new))?,
        };
        let values = values_with(self.as_slice(), position, new);
        Ok(Value::Tuple(Tuple(ThinArc::from_header_and_iter(
            node, values,
        ))))
    }

    /// This sequence with another element behind the last.
    ///
    /// # Errors
    /// When the value becomes too large.
    pub fn append(&self, last: &Value) -> Result<Value, ValueError> {
        let node = self.node().with(last.measure())?;
        let own = self.as_slice();
        let count = own.len() + 1;
        let values = (0..count).map(|i| own.get(i).unwrap_or(last).clone());
        Ok(Value::Tuple(Tuple(ThinArc::from_header_and_iter(
            node, values,
        ))))
    }

    fn position(index: &Value) -> Option<usize> {
        match index {
            Value::Int(index) => usize::try_from(*index).ok()?.checked_sub(1),
            _ => None,
        }
    }
}

/// The domain of a [`Function`]: held as an interval exactly when it is one.
#[derive(Debug, Clone)]
pub enum Domain {
    /// Consecutive integers.
    Interval(Interval),
    /// Anything else; not empty.
    Set(EnumSet),
}

impl Domain {
    fn of(set: &Value) -> Result<Domain, ValueError> {
        match set {
            Value::Interval(interval) => Ok(Domain::Interval(*interval)),
            Value::Set(set) => Ok(consecutive(set.as_slice())
                .map_or_else(|| Domain::Set(set.clone()), Domain::Interval)),
            Value::Lazy(_) => Domain::of(&set.materialize()?),
            _ => Err(ValueError::not_a_set("[x \\in S |-> e]", set)),
        }
    }

    fn len(&self) -> usize {
        match self {
            Domain::Interval(interval) => interval.len() as usize,
            Domain::Set(set) => set.len(),
        }
    }

    fn measure(&self) -> Measure {
        match self {
            Domain::Interval(_) => LEAF,
            Domain::Set(set) => set.node().measure(),
        }
    }

    /// What it adds to the hash of a function.
    pub(super) fn content_hash(&self) -> Result<u64, ValueError> {
        match self {
            Domain::Set(set) => set.content_hash(),
            Domain::Interval(interval) => Ok(interval.low().cast_unsigned()),
        }
    }

    fn value(&self) -> Value {
        match self {
            Domain::Interval(interval) => Value::Interval(*interval),
            Domain::Set(set) => Value::Set(set.clone()),
        }
    }
}

fn consecutive(elements: &[Value]) -> Option<Interval> {
    let (Value::Int(low), Value::Int(high)) = (elements.first()?, elements.last()?) else {
        return None;
    };
    let interval = Interval::new(*low, *high)?;
    // Distinct, in order, and as many as there are integers between the first and the last; model
    // values, which may be among integers, come before them.
    (interval.len() as usize == elements.len()).then_some(interval)
}

/// A function with any other domain than `1 .. n`; a record when the domain is a set of strings.
#[derive(Debug, Clone)]
pub struct Function(ThinArc<FunctionHeader, Value>);

#[derive(Debug)]
struct FunctionHeader {
    node: Node,
    domain: Domain,
}

impl Function {
    /// The domain.
    #[must_use]
    #[inline]
    pub fn domain(&self) -> &Domain {
        &self.0.header.header.domain
    }

    /// The values, in the order of the domain.
    #[must_use]
    #[inline]
    pub fn values(&self) -> &[Value] {
        &self.0.slice
    }

    /// Size of the domain; at least 1.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.values().len()
    }

    /// Whether the domain is empty (which does not occur).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values().is_empty()
    }

    /// Whether both are held in the same place.
    #[must_use]
    #[inline]
    pub fn is_same(&self, other: &Function) -> bool {
        std::ptr::eq(self.values(), other.values())
    }

    /// Whether both domains are equal because they are held in the same place. Records of one
    /// expression, and functions made from one another with `EXCEPT`, share their domain, so that
    /// the place of a field in one of them is its place in all.
    #[must_use]
    #[inline]
    pub fn shares_domain(&self, other: &Function) -> bool {
        match (self.domain(), other.domain()) {
            (Domain::Interval(a), Domain::Interval(b)) => a == b,
            (Domain::Set(a), Domain::Set(b)) => a.is_same(b),
            _ => false,
        }
    }

    /// Whether the domain is a set of strings.
    #[must_use]
    pub fn is_record(&self) -> bool {
        match self.domain() {
            // Model values, which may be among strings, come first.
            Domain::Set(names) => {
                matches!(names.as_slice().first(), Some(Value::String(_)))
            }
            Domain::Interval(_) => false,
        }
    }

    /// Arguments and values, in the order of the domain.
    pub fn pairs(&self) -> impl Iterator<Item = (Value, &Value)> {
        let domain = self.domain();
        self.values().iter().enumerate().map(move |(i, value)| {
            let argument = match domain {
                Domain::Set(set) => set.as_slice()[i].clone(),
                Domain::Interval(interval) => Value::Int(
                    interval
                        .low()
                        .wrapping_add(i64::try_from(i).unwrap_or(i64::MAX)),
                ),
            };
            (argument, value)
        })
    }

    /// The place of an argument in the domain.
    ///
    /// # Errors
    /// When the argument cannot be compared with an element of the domain that it meets.
    #[inline]
    pub fn position(&self, argument: &Value) -> Result<Option<usize>, ValueError> {
        match (self.domain(), argument) {
            (Domain::Interval(interval), Value::Int(number)) => Ok(interval.position(*number)),
            (Domain::Interval(_), _) => Err(ValueError::other(format!(
                "Attempted to apply function with integer domain to the non-integer argument {}",
                super::Shown(argument)
            ))),
            (Domain::Set(_), Value::String(super::Text::Symbol(name))) if self.is_record() => {
                Ok(self.field_position(name.symbol()))
            }
            (Domain::Set(set), Value::String(_)) => set.position(argument),
            (Domain::Set(_), _) if self.is_record() => {
                Err(outside(&Value::Function(self.clone()), argument))
            }
            (Domain::Set(set), _) => set.position(argument).map_err(|error| {
                // TLC looks for an equal argument, one after the other.
                match error.problem() {
                    Problem::Order { left, right } => super::order::unequal_kinds(right, left),
                    _ => error,
                }
            }),
        }
    }

    /// The place of a field of a record.
    #[must_use]
    #[inline]
    pub fn field_position(&self, name: Symbol) -> Option<usize> {
        let Domain::Set(names) = self.domain() else {
            return None;
        };
        names
            .as_slice()
            .iter()
            .position(|own| matches!(own, Value::String(own) if own.is(name)))
    }

    /// This function with another value at a place in the domain.
    fn with(&self, position: usize, new: Value) -> Result<Value, ValueError> {
        let own = self.values();
        let node = match self
            .node()
            .with_replaced(own[position].measure(), new.measure())
        {
            Some(node) => node,
            None => {
                let parts = measures_with(own, position, &new);
                Node::above(parts.chain([self.domain().measure()]))?
            }
        };
        let header = FunctionHeader {
            node,
            domain: self.domain().clone(),
        };
        let values = values_with(self.values(), position, new);
        Ok(Value::Function(Function(ThinArc::from_header_and_iter(
            header, values,
        ))))
    }

    pub(super) fn node(&self) -> &Node {
        &self.0.header.header.node
    }

    pub(super) fn content_hash(&self) -> Result<u64, ValueError> {
        self.node().hash(|| {
            let mut hasher = Hasher::of(Kind::Function, self.len() as u64);
            hasher.word(self.domain().content_hash()?);
            for value in self.values() {
                hasher.word(value.fingerprint()?);
            }
            Ok(hasher.finish())
        })
    }
}

/// Sizes and depths of values of which one is replaced.
fn measures_with(values: &[Value], position: usize, new: &Value) -> impl Iterator<Item = Measure> {
    values
        .iter()
        .enumerate()
        .map(move |(i, value)| if i == position { new } else { value }.measure())
}

/// Values of which one is replaced.
fn values_with(
    values: &[Value],
    position: usize,
    mut new: Value,
) -> impl ExactSizeIterator<Item = Value> {
    values.iter().enumerate().map(move |(i, value)| {
        if i == position {
            std::mem::replace(&mut new, Value::Bool(false))
        } else {
            value.clone()
        }
    })
}

fn make_function(domain: Domain, values: Vec<Value>) -> Result<Value, ValueError> {
    if values.len() != domain.len() {
        return Err(ValueError::other(
            "A function needs one value for each element of its domain.",
        ));
    }
    if let Domain::Interval(interval) = domain
        && interval.low() == 1
    {
        return Value::tuple(values);
    }
    let node = Node::above(values.iter().map(Value::measure).chain([domain.measure()]))?;
    let header = FunctionHeader { node, domain };
    Ok(Value::Function(Function(ThinArc::from_header_and_iter(
        header,
        values.into_iter(),
    ))))
}

impl Value {
    /// `<<a, b>>`
    ///
    /// # Errors
    /// When the value becomes too large.
    pub fn tuple(elements: Vec<Value>) -> Result<Value, ValueError> {
        if elements.is_empty() {
            return Ok(Value::empty_tuple());
        }
        let node = Node::above(elements.iter().map(Value::measure))?;
        Ok(Value::Tuple(Tuple(ThinArc::from_header_and_iter(
            node,
            elements.into_iter(),
        ))))
    }

    /// `<<>>`
    #[must_use]
    pub fn empty_tuple() -> Value {
        static EMPTY: OnceLock<Tuple> = OnceLock::new();
        let empty = EMPTY.get_or_init(|| {
            Tuple(ThinArc::from_header_and_iter(
                Node::leaf(),
                std::iter::empty(),
            ))
        });
        Value::Tuple(empty.clone())
    }

    /// `[a |-> e]`, with distinct names in any order. Whoever makes many records of one shape makes
    /// the domain once and calls [`Value::function`], which shares it.
    ///
    /// # Errors
    /// When a name occurs twice and when the value becomes too large.
    pub fn record(fields: Vec<(Symbol, Value)>) -> Result<Value, ValueError> {
        Value::function_from_pairs(
            fields
                .into_iter()
                .map(|(name, value)| (Value::symbol_string(name), value))
                .collect(),
        )
    }

    /// The function with these values, in the order of its domain.
    ///
    /// # Errors
    /// When the domain is not a set that can be enumerated, when there are not as many values as
    /// elements, and when the value becomes too large.
    pub fn function(domain: &Value, values: Vec<Value>) -> Result<Value, ValueError> {
        make_function(Domain::of(domain)?, values)
    }

    /// The function that maps each first to its second.
    ///
    /// # Errors
    /// When arguments cannot be compared or occur twice, and when the value becomes too large.
    pub fn function_from_pairs(mut pairs: Vec<(Value, Value)>) -> Result<Value, ValueError> {
        let mut failure: Option<ValueError> = None;
        pairs.sort_by(|(a, _), (b, _)| {
            a.compare(b).unwrap_or_else(|error| {
                failure.get_or_insert(error);
                std::cmp::Ordering::Equal
            })
        });
        if let Some(error) = failure {
            return Err(error);
        }
        for pair in pairs.windows(2) {
            if pair[0].0.equals(&pair[1].0)? {
                return Err(Problem::DuplicateArgument(pair[0].0.clone()).into());
            }
        }
        let (arguments, values) = pairs.into_iter().unzip();
        Value::function(&super::set::sorted_set(arguments)?, values)
    }

    /// `DOMAIN f`
    ///
    /// # Errors
    /// When the value is not a function.
    pub fn domain(&self) -> Result<Value, ValueError> {
        match self {
            Value::Tuple(tuple) => Value::interval(1, length(tuple.len())),
            Value::Function(function) => Ok(function.domain().value()),
            _ => Err(ValueError::not_a_function("DOMAIN", self)),
        }
    }

    /// `f[e]`
    ///
    /// # Errors
    /// When the value is not a function, and when the argument is not in its domain or cannot be
    /// compared with what is.
    #[inline]
    pub fn apply(&self, argument: &Value) -> Result<Value, ValueError> {
        let found = match self {
            Value::Tuple(tuple) => {
                Tuple::position(argument).and_then(|position| tuple.as_slice().get(position))
            }
            Value::Function(function) => function
                .position(argument)?
                .and_then(|position| function.values().get(position)),
            _ => return Err(ValueError::not_a_function("[]", self)),
        };
        match found {
            Some(value) => Ok(value.clone()),
            None => Err(outside(self, argument)),
        }
    }

    /// `r.name`
    ///
    /// # Errors
    /// When the value is not a record or has no such field.
    #[inline]
    pub fn apply_field(&self, name: Symbol) -> Result<Value, ValueError> {
        if let Value::Function(function) = self
            && let Some(position) = function.field_position(name)
        {
            return Ok(function.values()[position].clone());
        }
        self.apply(&Value::symbol_string(name))
    }

    /// `e \in DOMAIN f`, as TLC finds it where it combines functions: by equality.
    ///
    /// # Errors
    /// When the value is not a function, and when `e` cannot be compared with an argument.
    pub(crate) fn is_argument(&self, argument: &Value) -> Result<bool, ValueError> {
        self.domain()?
            .contains(argument)
            .map_err(|error| match error.problem() {
                Problem::Order { left, right } => super::order::unequal_kinds(left, right),
                _ => error,
            })
    }

    /// `[f EXCEPT ![k1][k2] = new]`: one key for each level. TLC's rule: where a key is not in the
    /// domain, the function stays as it is.
    ///
    /// # Errors
    /// When a key is applied to what is not a function, and when the value becomes too large.
    pub fn except(&self, keys: &[Value], new: Value) -> Result<Value, ValueError> {
        let Some((key, rest)) = keys.split_first() else {
            return Ok(new);
        };
        let Some((position, old)) = self.place(key)? else {
            return Ok(self.clone());
        };
        let new = old.except(rest, new)?;
        self.with_value_at(position, new)
    }

    /// The place and value of a key, for `EXCEPT`; none when it is not in the domain.
    ///
    /// # Errors
    /// When the value is not a function, or the key cannot be compared with its domain.
    pub fn place(&self, key: &Value) -> Result<Option<(usize, &Value)>, ValueError> {
        let (position, values) = match self {
            // The function without arguments, which is also the empty sequence.
            Value::Tuple(tuple) if tuple.is_empty() => return Ok(None),
            Value::Tuple(_) if !matches!(key, Value::Int(_)) => return Err(outside(self, key)),
            Value::Tuple(tuple) => (Tuple::position(key), tuple.as_slice()),
            Value::Function(function) => (function.position(key)?, function.values()),
            _ => return Err(ValueError::not_a_function("EXCEPT", self)),
        };
        Ok(position.and_then(|position| Some((position, values.get(position)?))))
    }

    /// This function with another value at a place that [`Value::place`] gave.
    ///
    /// # Errors
    /// When the value is not a function or has no such place, and when it becomes too large.
    pub fn with_value_at(&self, position: usize, new: Value) -> Result<Value, ValueError> {
        match self {
            Value::Tuple(tuple) if position < tuple.len() => tuple.with(position, new),
            Value::Function(function) if position < function.len() => function.with(position, new),
            _ => Err(ValueError::not_a_function("EXCEPT", self)),
        }
    }

    /// The elements of a sequence.
    #[must_use]
    #[inline]
    pub fn as_tuple(&self) -> Option<&[Value]> {
        match self {
            Value::Tuple(tuple) => Some(tuple.as_slice()),
            _ => None,
        }
    }
}

/// A length as an integer.
pub(crate) fn length(len: usize) -> i64 {
    i64::try_from(len).unwrap_or(i64::MAX)
}

#[cold]
fn outside(function: &Value, argument: &Value) -> ValueError {
    if matches!(argument, Value::Deferred(_)) {
        return Problem::Deferred.into();
    }
    let (function, argument) = (function.clone(), argument.clone());
    Problem::NotInDomain { function, argument }.into()
}
