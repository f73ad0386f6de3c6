//! Elements made one by one, in TLC's order.

use std::sync::Arc;

use super::super::Elements;
use super::super::set::sorted_set;
use crate::control::patience_for;
use crate::value::{EnumSet, Value, ValueError};

/// Greatest weight of the elements of a lazy set: many arguments times nested sets of functions
/// would not fit into memory.
const MAX_WEIGHT: usize = 1_000_000;

/// Makes the elements of a lazy set one after the other.
#[derive(Debug, Clone)]
pub(in crate::value) enum LazyElements {
    LongInterval {
        next: Option<i64>,
        high: i64,
    },
    /// Subsets by size, those of one size in the order of their elements.
    Subsets {
        base: Arc<[Value]>,
        /// Places of the elements of the next subset; none when there are no more.
        chosen: Option<Vec<usize>>,
    },
    /// Subsets of one size in the order of their greatest elements that differ.
    KSubsets {
        base: Arc<[Value]>,
        chosen: Option<Vec<usize>>,
    },
    /// Functions, records or tuples: the last value changes fastest.
    Odometer {
        shape: Shape,
        wheels: Option<Vec<Wheel>>,
    },
}

#[derive(Debug, Clone)]
pub(in crate::value) enum Shape {
    Function(Value),
    Tuple,
}

/// One of the values of an [`LazyElements::Odometer`].
#[derive(Debug, Clone)]
pub(in crate::value) struct Wheel {
    start: Elements,
    rest: Elements,
    current: Value,
}

impl Wheel {
    /// A wheel at its first value; none if there is none.
    fn new(set: &Value) -> Result<Option<Wheel>, ValueError> {
        let start = set.elements()?;
        let mut rest = start.clone();
        let first = rest.next().transpose()?;
        Ok(first.map(|current| Wheel {
            start,
            rest,
            current,
        }))
    }

    fn weight(&self) -> usize {
        self.start.weight().saturating_add(1)
    }

    /// Turns to the next value; at the end to the first again, which gives false.
    fn turn(&mut self) -> Result<bool, ValueError> {
        if let Some(next) = self.rest.next() {
            self.current = next?;
            return Ok(true);
        }
        self.rest = self.start.clone();
        if let Some(first) = self.rest.next() {
            self.current = first?;
        }
        Ok(false)
    }
}

impl LazyElements {
    pub(super) fn long_interval(low: i64, high: i64) -> LazyElements {
        LazyElements::LongInterval {
            next: Some(low),
            high,
        }
    }

    pub(super) fn subsets(base: Vec<Value>) -> LazyElements {
        LazyElements::Subsets {
            base: base.into(),
            chosen: Some(Vec::new()),
        }
    }

    pub(super) fn k_subsets(base: Vec<Value>, count: u32) -> LazyElements {
        LazyElements::KSubsets {
            base: base.into(),
            chosen: Some((0..count as usize).collect()),
        }
    }

    pub(super) fn functions(domain: &Value, range: &Value) -> Result<LazyElements, ValueError> {
        let domain = domain.materialize()?;
        let count = usize::try_from(domain.cardinality()?).unwrap_or(usize::MAX);
        let wheels = if count == 0 {
            Some(Vec::new())
        } else if count > super::MAX_SET {
            return Err(ValueError::too_large());
        } else {
            match Wheel::new(range)? {
                Some(wheel) if count.saturating_mul(wheel.weight()) > MAX_WEIGHT => {
                    return Err(ValueError::too_large());
                }
                wheel => wheel.map(|wheel| vec![wheel; count]),
            }
        };
        Ok(LazyElements::Odometer {
            shape: Shape::Function(domain),
            wheels,
        })
    }

    pub(super) fn records(names: &EnumSet, sets: &[Value]) -> Result<LazyElements, ValueError> {
        Ok(LazyElements::Odometer {
            shape: Shape::Function(Value::Set(names.clone())),
            wheels: wheels(sets)?,
        })
    }

    pub(super) fn tuples(sets: &[Value]) -> Result<LazyElements, ValueError> {
        Ok(LazyElements::Odometer {
            shape: Shape::Tuple,
            wheels: wheels(sets)?,
        })
    }

    /// Roughly how many words it takes to copy this.
    pub(in crate::value) fn weight(&self) -> usize {
        match self {
            LazyElements::LongInterval { .. } => 1,
            LazyElements::Subsets { chosen, .. } | LazyElements::KSubsets { chosen, .. } => {
                chosen.as_ref().map_or(0, Vec::len) + 1
            }
            LazyElements::Odometer { wheels, .. } => wheels
                .iter()
                .flatten()
                .map(Wheel::weight)
                .fold(1, usize::saturating_add),
        }
    }

    pub(in crate::value) fn next(&mut self) -> Option<Result<Value, ValueError>> {
        let parts = match self {
            LazyElements::Odometer { wheels, .. } => wheels.as_ref().map_or(0, Vec::len),
            _ => 0,
        };
        if let Err(reason) = patience_for(parts) {
            return Some(Err(reason.into()));
        }
        match self {
            LazyElements::LongInterval { next, high } => {
                let number = (*next)?;
                *next = (number < *high).then(|| number + 1);
                Some(Ok(Value::Int(number)))
            }
            LazyElements::Subsets { base, chosen } => {
                let places = chosen.as_mut()?;
                let subset = places.iter().map(|place| base[*place].clone()).collect();
                if !advance(places, base.len()) {
                    *chosen = None;
                }
                Some(sorted_set(subset))
            }
            LazyElements::KSubsets { base, chosen } => {
                let places = chosen.as_mut()?;
                let subset = places.iter().map(|place| base[*place].clone()).collect();
                if !advance_least(places, base.len()) {
                    *chosen = None;
                }
                Some(sorted_set(subset))
            }
            LazyElements::Odometer { shape, wheels } => {
                let turning = wheels.as_mut()?;
                let values = turning.iter().map(|wheel| wheel.current.clone()).collect();
                match turn(turning) {
                    Ok(true) => {}
                    Ok(false) => *wheels = None,
                    Err(error) => {
                        *wheels = None;
                        return Some(Err(error));
                    }
                }
                Some(match shape {
                    Shape::Function(domain) => Value::function(domain, values),
                    Shape::Tuple => Value::tuple(values),
                })
            }
        }
    }
}

/// Wheels for all sets; none if one of them is empty.
fn wheels(sets: &[Value]) -> Result<Option<Vec<Wheel>>, ValueError> {
    let mut wheels = Vec::with_capacity(sets.len());
    let mut weight = 0_usize;
    for set in sets {
        match Wheel::new(set)? {
            Some(wheel) => {
                weight = weight.saturating_add(wheel.weight());
                if weight > MAX_WEIGHT {
                    return Err(ValueError::too_large());
                }
                wheels.push(wheel);
            }
            None => return Ok(None),
        }
    }
    Ok(Some(wheels))
}

/// Turns the last wheel, and at its end the one before it; false after the last combination.
fn turn(wheels: &mut [Wheel]) -> Result<bool, ValueError> {
    for wheel in wheels.iter_mut().rev() {
        if wheel.turn()? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The next places of `0 .. count`, in increasing order, by number and then by their order; false
/// after the last.
fn advance(places: &mut Vec<usize>, count: usize) -> bool {
    let size = places.len();
    for i in (0..size).rev() {
        if places[i] + (size - i) < count {
            places[i] += 1;
            for j in i + 1..size {
                places[j] = places[j - 1] + 1;
            }
            return true;
        }
    }
    if size == count {
        return false;
    }
    places.clear();
    places.extend(0..=size);
    true
}

/// The next places of `0 .. count`, as many, where the least that can be raised is raised and those
/// below it start again; false after the last.
fn advance_least(places: &mut [usize], count: usize) -> bool {
    for i in 0..places.len() {
        let bound = places.get(i + 1).copied().unwrap_or(count);
        if places[i] + 1 < bound {
            places[i] += 1;
            for (low, place) in places[..i].iter_mut().enumerate() {
                *place = low;
            }
            return true;
        }
    }
    false
}
