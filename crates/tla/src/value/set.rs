//! Sets held as their elements, in order.

use std::cmp::Ordering;

use triomphe::ThinArc;

use super::hash::{Hasher, Kind};
use super::node::Node;
use super::{DeferredValue, Interval, Problem, Value, ValueError};

/// Greatest number of elements of a set that is held as its elements.
pub const MAX_SET: usize = 1_000_000;

/// Most elements of a lazy set that one operation looks at.
pub(super) const MAX_VISITED: usize = 50_000_000;

/// A set held as its distinct elements in TLC's order; never empty (that is an empty interval).
#[derive(Debug, Clone)]
pub struct EnumSet(ThinArc<Node, Value>);

impl EnumSet {
    /// The elements in order.
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

    /// Whether it has no elements (which does not occur).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// Whether both are held in the same place.
    #[must_use]
    #[inline]
    pub fn is_same(&self, other: &EnumSet) -> bool {
        std::ptr::eq(self.as_slice(), other.as_slice())
    }

    /// The place of an element among the elements.
    ///
    /// # Errors
    /// When the value cannot be compared with an element it meets.
    pub fn position(&self, element: &Value) -> Result<Option<usize>, ValueError> {
        Ok(self.search(element)?.ok())
    }

    /// The place of an element, or where it would stand.
    fn search(&self, element: &Value) -> Result<Result<usize, usize>, ValueError> {
        let elements = self.as_slice();
        let (mut low, mut high) = (0, elements.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match element.compare(&elements[middle])? {
                Ordering::Equal => return Ok(Ok(middle)),
                Ordering::Less => high = middle,
                Ordering::Greater => low = middle + 1,
            }
        }
        Ok(Err(low))
    }

    /// This set and one element.
    fn insert(&self, element: &Value) -> Result<Value, ValueError> {
        let Err(place) = self.search(element)? else {
            return Ok(Value::Set(self.clone()));
        };
        let own = self.as_slice();
        let count = own.len() + 1;
        if count > MAX_SET {
            return Err(ValueError::too_large());
        }
        let node = self.node().with(element.measure())?;
        let elements = (0..count).map(|i| match i.cmp(&place) {
            Ordering::Less => own[i].clone(),
            Ordering::Equal => element.clone(),
            Ordering::Greater => own[i - 1].clone(),
        });
        Ok(Value::Set(EnumSet(ThinArc::from_header_and_iter(
            node, elements,
        ))))
    }

    /// This set without one element.
    fn remove(&self, element: &Value) -> Result<Value, ValueError> {
        let Ok(place) = self.search(element)? else {
            return Ok(Value::Set(self.clone()));
        };
        let own = self.as_slice();
        let count = own.len() - 1;
        if count == 0 {
            return Ok(Value::empty_set());
        }
        let kept = |i: usize| &own[if i < place { i } else { i + 1 }];
        let node = Node::above((0..count).map(|i| kept(i).measure()))?;
        let elements = (0..count).map(|i| kept(i).clone());
        Ok(Value::Set(EnumSet(ThinArc::from_header_and_iter(
            node, elements,
        ))))
    }

    /// Whether a value is an element.
    ///
    /// # Errors
    /// When the value cannot be compared with an element it meets.
    #[inline]
    pub fn contains(&self, element: &Value) -> Result<bool, ValueError> {
        Ok(self.position(element)?.is_some())
    }

    pub(super) fn node(&self) -> &Node {
        &self.0.header.header
    }

    pub(super) fn content_hash(&self) -> Result<u64, ValueError> {
        self.node().hash(|| {
            let mut hasher = Hasher::of(Kind::Set, self.len() as u64);
            for element in self.as_slice() {
                hasher.word(element.fingerprint()?);
            }
            Ok(hasher.finish())
        })
    }
}

/// The set of elements that are in order and distinct.
///
/// # Errors
/// When there are more than [`MAX_SET`] elements or the value becomes too large.
pub(super) fn sorted_set(elements: Vec<Value>) -> Result<Value, ValueError> {
    if elements.is_empty() {
        return Ok(Value::empty_set());
    }
    if elements.len() > MAX_SET {
        return Err(ValueError::too_large());
    }
    let node = Node::above(elements.iter().map(Value::measure))?;
    Ok(Value::Set(EnumSet(ThinArc::from_header_and_iter(
        node,
        elements.into_iter(),
    ))))
}

/// The set of elements in any order, with repetitions.
///
/// # Errors
/// As [`sorted_set`], and when elements cannot be compared.
pub(super) fn set_of(mut elements: Vec<Value>) -> Result<Value, ValueError> {
    sort_distinct(&mut elements)?;
    sorted_set(elements)
}

/// Sorts and removes repetitions.
///
/// # Errors
/// When elements cannot be compared.
pub(super) fn sort_distinct(elements: &mut Vec<Value>) -> Result<(), ValueError> {
    if is_increasing(elements).map_err(|error| conflict(elements).unwrap_or(error))? {
        return Ok(());
    }
    let mut failure = None;
    elements.sort_by(|a, b| {
        a.compare(b).unwrap_or_else(|error| {
            failure.get_or_insert(error);
            Ordering::Equal
        })
    });
    if let Some(error) = failure {
        return Err(error);
    }
    // What is in order and not less than its successor is equal to it.
    elements.dedup_by(|later, earlier| earlier.compare(later).is_ok_and(Ordering::is_eq));
    Ok(())
}

/// The error with which TLC's sort ends, which inserts element after element among those before it.
#[cold]
fn conflict(elements: &[Value]) -> Option<ValueError> {
    let mut sorted: Vec<&Value> = Vec::new();
    for element in elements {
        let (mut low, mut high) = (0, sorted.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match element.compare(sorted[middle]) {
                Ok(Ordering::Equal) => break,
                Ok(Ordering::Less) => high = middle,
                Ok(Ordering::Greater) => low = middle + 1,
                Err(error) => return Some(error),
            }
        }
        if low == high {
            sorted.insert(low, element);
        }
    }
    None
}

fn is_increasing(elements: &[Value]) -> Result<bool, ValueError> {
    for pair in elements.windows(2) {
        if pair[0].compare(&pair[1])?.is_ge() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What to keep when two sorted sets are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    Either,
    Both,
    OnlyLeft,
}

/// The elements of a set that is an [`EnumSet`] or an interval, one by one in order.
#[derive(Debug, Clone, Copy)]
enum Sorted<'a> {
    Slice(&'a [Value]),
    Numbers(Interval, i64),
}

impl<'a> Sorted<'a> {
    fn of(set: &'a Value) -> Option<Sorted<'a>> {
        match set {
            Value::Set(set) => Some(Sorted::Slice(set.as_slice())),
            Value::Interval(interval) => Some(Sorted::Numbers(*interval, interval.low())),
            _ => None,
        }
    }

    fn len(self) -> usize {
        match self {
            Sorted::Slice(slice) => slice.len(),
            Sorted::Numbers(interval, _) => interval.len() as usize,
        }
    }
}

impl Iterator for Sorted<'_> {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        match self {
            Sorted::Slice(slice) => {
                let (first, rest) = slice.split_first()?;
                *slice = rest;
                Some(first.clone())
            }
            Sorted::Numbers(interval, next) => {
                let number = *next;
                *next = number.wrapping_add(1);
                interval.contains(number).then_some(Value::Int(number))
            }
        }
    }
}

fn merge(left: &Value, right: &Value, keep: Keep) -> Result<Value, ValueError> {
    let (Some(a), Some(b)) = (Sorted::of(left), Sorted::of(right)) else {
        return Err(ValueError::not_enumerable(left));
    };
    merged(a, b, keep).map_err(|error| {
        // TLC looks up each element of one set in the other.
        let (elements, set) = match keep {
            Keep::Either => (b, left),
            Keep::Both | Keep::OnlyLeft => (a, right),
        };
        let first = elements.map(|element| set.contains(&element));
        first.filter_map(Result::err).next().unwrap_or(error)
    })
}

fn merged(left: Sorted<'_>, right: Sorted<'_>, keep: Keep) -> Result<Value, ValueError> {
    let bound = match keep {
        Keep::Either => left.len().saturating_add(right.len()),
        Keep::Both => left.len().min(right.len()),
        Keep::OnlyLeft => left.len(),
    };
    let mut merged = Vec::with_capacity(bound.min(MAX_SET));
    let (mut left, mut right) = (left, right);
    let (mut a, mut b) = (left.next(), right.next());
    loop {
        if merged.len() > MAX_SET {
            return Err(ValueError::too_large());
        }
        let order = match (&a, &b) {
            (Some(a), Some(b)) => a.compare(b)?,
            (Some(_), None) if keep != Keep::Both => Ordering::Less,
            (None, Some(_)) if keep == Keep::Either => Ordering::Greater,
            _ => return sorted_set(merged),
        };
        match order {
            Ordering::Less => {
                let taken = std::mem::replace(&mut a, left.next());
                if keep != Keep::Both {
                    merged.extend(taken);
                }
            }
            Ordering::Equal => {
                let taken = std::mem::replace(&mut a, left.next());
                b = right.next();
                if keep != Keep::OnlyLeft {
                    merged.extend(taken);
                }
            }
            Ordering::Greater => {
                let taken = std::mem::replace(&mut b, right.next());
                if keep == Keep::Either {
                    merged.extend(taken);
                }
            }
        }
    }
}

impl Value {
    /// `v \in S`, for the set `self`.
    ///
    /// # Errors
    /// When `self` is not a set, when the value cannot be compared with an element it meets, and
    /// when an interval or special set meets a value of another kind than its elements.
    #[inline]
    pub fn contains(&self, element: &Value) -> Result<bool, ValueError> {
        match self {
            Value::Set(set) => set.contains(element),
            Value::Interval(interval) => match element {
                Value::Int(number) => Ok(interval.contains(*number)),
                _ if interval.is_empty() => Ok(false),
                Value::Model(model) if model.type_letter().is_none() => Ok(false),
                _ => Err(not_a_member(element, self)),
            },
            Value::Lazy(lazy) => {
                let unknown = &mut |_: &DeferredValue, _: &Value| Err(Problem::Deferred.into());
                lazy.contains(self, element, unknown)
            }
            _ => Err(not_a_member(element, self)),
        }
    }

    /// `v \in S` where deferred sets may be among those that `S` is made of, such as the range of
    /// a set of functions: `ask` tells whether a value is in a deferred set.
    ///
    /// # Errors
    /// As [`Value::contains`], and those of `ask`.
    pub fn contains_asking<E: From<ValueError>>(
        &self,
        element: &Value,
        ask: &mut dyn FnMut(&DeferredValue, &Value) -> Result<bool, E>,
    ) -> Result<bool, E> {
        match self {
            Value::Lazy(lazy) => lazy.contains(self, element, ask),
            Value::Deferred(deferred) => ask(deferred, element),
            _ => Ok(self.contains(element)?),
        }
    }

    /// `S \subseteq T`
    ///
    /// # Errors
    /// When one is not a set, when `self` cannot be enumerated, and as [`Value::contains`].
    pub fn subset_eq(&self, other: &Value) -> Result<bool, ValueError> {
        self.need_set("\\subseteq")?;
        other.need_set("\\subseteq")?;
        match (self, other) {
            (Value::Set(a), Value::Set(b)) if a.is_same(b) => return Ok(true),
            (Value::Interval(a), Value::Interval(b)) => {
                return Ok(a.is_empty() || (a.low() >= b.low() && a.high() <= b.high()));
            }
            (Value::Lazy(lazy), _) => {
                if let Some(known) = lazy.subset_eq(other)? {
                    return Ok(known);
                }
            }
            _ => {}
        }
        let elements = self.elements().map_err(|error| match error.problem() {
            Problem::NotEnumerable(_) => ValueError::not_a_set("\\subseteq", self),
            _ => error,
        })?;
        for (visited, element) in elements.enumerate() {
            if visited == MAX_VISITED {
                return Err(ValueError::too_large());
            }
            if !other.contains(&element?)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// `S \cup T`; not enumerated when one of them cannot be.
    ///
    /// # Errors
    /// When one is not a set, when elements cannot be compared, and when the result is too large.
    pub fn union(&self, other: &Value) -> Result<Value, ValueError> {
        self.need_set("\\cup")?;
        if self.is_known_empty() {
            return Ok(other.clone());
        }
        other.need_set("\\cup")?;
        match (self, other) {
            (Value::Interval(interval), _) if interval.is_empty() => Ok(other.clone()),
            (Value::Set(_), Value::Interval(interval)) if interval.is_empty() => Ok(self.clone()),
            (Value::Lazy(_), _) | (_, Value::Lazy(_)) => super::lazy::union(self, other),
            (Value::Set(set), Value::Set(one)) if one.len() == 1 => set.insert(&one.as_slice()[0]),
            (Value::Set(one), Value::Set(set)) if one.len() == 1 => set.insert(&one.as_slice()[0]),
            _ => merge(self, other, Keep::Either),
        }
    }

    /// `S \cap T`; not enumerated when neither can be.
    ///
    /// # Errors
    /// When one is not a set and when elements cannot be compared.
    pub fn intersection(&self, other: &Value) -> Result<Value, ValueError> {
        self.need_set("\\cap")?;
        if self.is_known_empty() {
            return Ok(self.clone());
        }
        other.need_set("\\cap")?;
        match (self, other) {
            (Value::Lazy(_), _) | (_, Value::Lazy(_)) => super::lazy::intersection(self, other),
            (Value::Interval(a), Value::Interval(b)) => {
                let (low, high) = (a.low().max(b.low()), a.high().min(b.high()));
                Value::interval(low, high)?.enumerated()
            }
            _ => merge(self, other, Keep::Both),
        }
    }

    /// `S \ T`; not enumerated when `S` cannot be.
    ///
    /// # Errors
    /// When one is not a set and when elements cannot be compared.
    pub fn difference(&self, other: &Value) -> Result<Value, ValueError> {
        self.need_set("\\")?;
        if self.is_known_empty() {
            return Ok(self.clone());
        }
        other.need_set("\\")?;
        match (self, other) {
            (Value::Lazy(_), _) | (_, Value::Lazy(_)) => super::lazy::difference(self, other),
            (Value::Set(_), Value::Interval(interval)) if interval.is_empty() => Ok(self.clone()),
            (Value::Set(set), Value::Set(one)) if one.len() == 1 => set.remove(&one.as_slice()[0]),
            _ => merge(self, other, Keep::OnlyLeft),
        }
    }

    /// An interval as its elements: TLC prints the results of operators on sets so.
    fn enumerated(self) -> Result<Value, ValueError> {
        match self {
            Value::Interval(interval) if interval.len() as usize <= MAX_SET => {
                sorted_set(interval.numbers().map(Value::Int).collect())
            }
            other => Ok(other),
        }
    }

    /// Whether this is the empty set in the form in which sets are held: TLC then does not look at
    /// the other side of an operator.
    fn is_known_empty(&self) -> bool {
        matches!(self, Value::Interval(interval) if interval.is_empty())
    }

    pub(crate) fn need_set(&self, operator: &'static str) -> Result<(), ValueError> {
        if self.is_set() {
            return Ok(());
        }
        Err(ValueError::not_a_set(operator, self))
    }
}

#[cold]
pub(super) fn not_a_member(element: &Value, set: &Value) -> ValueError {
    if matches!(element, Value::Deferred(_)) || matches!(set, Value::Deferred(_)) {
        return Problem::Deferred.into();
    }
    let (element, set) = (element.clone(), set.clone());
    Problem::Member { element, set }.into()
}
