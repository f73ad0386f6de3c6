//! Values of parts kept by the values of their inputs.
//!
//! States differ little from each other, so most parts of a specification meet the same inputs
//! again and again. What was computed for them is kept in a table of fixed size, where a new value
//! takes the place of an old one. Inputs are known by the fingerprints of their values, as states
//! are.
//!
//! Not every part meets its inputs again. One for which the table is hardly ever of use is left
//! alone for a while.

use crate::eval::code::MemoId;
use crate::value::{Hasher, Value};

/// Places of the table.
const PLACES: usize = 1 << 13;

/// Nodes of a value that is kept, at most.
const MAX_NODES: usize = 1 << 12;

/// Nodes of all values in the table, at most.
const MAX_TOTAL: usize = 1 << 21;

/// Looks after which a part is judged.
const TRIAL: u32 = 512;

/// How many times as long as a trial a part is left alone that failed it.
const PAUSE: u32 = 32;

/// One look in so many must find something.
const LEAST_SHARE: u32 = 4;

/// A part and the values of its inputs, as one number.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeptKey(u64);

impl KeptKey {
    /// Of a part, before its inputs.
    #[inline]
    pub(super) fn of(part: MemoId) -> KeptKey {
        KeptKey(u64::from(part.0))
    }

    /// With a further input; `None` if it has no fingerprint or that would take long.
    #[inline]
    pub(super) fn with(self, input: &Value) -> Option<KeptKey> {
        if matches!(input, Value::Lazy(_) | Value::Deferred(_)) {
            return None;
        }
        let mut hasher = Hasher::new();
        hasher.word(self.0);
        hasher.word(input.fingerprint().ok()?);
        Some(KeptKey(hasher.finish()))
    }

    fn place(self) -> usize {
        usize::try_from(self.0 % PLACES as u64).unwrap_or(0)
    }
}

/// How useful the table is to a part.
#[derive(Debug, Clone, Copy, Default)]
struct Record {
    looks: u32,
    found: u32,
    /// Looks that are left out from here on.
    pause: u32,
}

/// The table.
#[derive(Debug)]
pub(super) struct KeptValues {
    /// Keys and values; empty until it is needed.
    places: Vec<(u64, Value)>,
    nodes: usize,
    records: Box<[Record]>,
}

impl KeptValues {
    /// For so many parts.
    pub(super) fn new(parts: u32) -> KeptValues {
        KeptValues {
            places: Vec::new(),
            nodes: 0,
            records: (0..parts).map(|_| Record::default()).collect(),
        }
    }

    /// Whether to look for a value of a part now.
    #[inline]
    pub(super) fn is_worth_a_look(&mut self, part: MemoId) -> bool {
        let Some(record) = self.records.get_mut(part.0 as usize) else {
            return false;
        };
        if record.pause > 0 {
            record.pause -= 1;
            return false;
        }
        if record.looks >= TRIAL {
            let failed = record.found < TRIAL / LEAST_SHARE;
            *record = Record {
                pause: if failed { TRIAL * PAUSE } else { 0 },
                ..Record::default()
            };
        }
        record.looks += 1;
        true
    }

    /// The value for these inputs.
    #[inline]
    pub(super) fn get(&mut self, part: MemoId, key: KeptKey) -> Option<&Value> {
        let (held, value) = self.places.get(key.place())?;
        if *held != key.0 {
            return None;
        }
        if let Some(record) = self.records.get_mut(part.0 as usize) {
            record.found += 1;
        }
        Some(value)
    }

    /// Keeps the value for these inputs.
    pub(super) fn put(&mut self, key: KeptKey, value: &Value) {
        let nodes = value.nodes();
        // A value that is not computed yet holds more than its nodes.
        let is_open = matches!(value, Value::Lazy(_) | Value::Deferred(_));
        if is_open || nodes > MAX_NODES {
            return;
        }
        if self.nodes + nodes > MAX_TOTAL {
            self.places.clear();
        }
        if self.places.is_empty() {
            self.places.resize(PLACES, (0, Value::Bool(false)));
            self.nodes = PLACES;
        }
        if let Some(place) = self.places.get_mut(key.place()) {
            self.nodes = self.nodes + nodes - place.1.nodes();
            *place = (key.0, value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::literal;

    fn key(part: u32, inputs: &[&str]) -> KeptKey {
        inputs.iter().fold(KeptKey::of(MemoId(part)), |key, input| {
            key.with(&literal(input)).unwrap()
        })
    }

    #[test]
    fn a_value_is_found_for_its_part_and_inputs_only() {
        let mut kept = KeptValues::new(2);
        let first = key(0, &["<<1, 2>>", "3"]);
        assert!(kept.get(MemoId(0), first).is_none());
        kept.put(first, &literal("{7}"));
        let again = key(0, &["<<1, 2>>", "3"]);
        assert_eq!(kept.get(MemoId(0), again), Some(&literal("{7}")));
        let others = [
            key(1, &["<<1, 2>>", "3"]),
            key(0, &["3", "<<1, 2>>"]),
            key(0, &["<<1, 2>>"]),
        ];
        for other in others {
            assert!(kept.get(MemoId(0), other).is_none());
        }
    }

    #[test]
    fn what_cannot_be_known_or_takes_much_is_not_kept() {
        let lazy = Value::power_set(literal("{1, 2, 3, 4}")).unwrap();
        assert!(KeptKey::of(MemoId(0)).with(&lazy).is_none());
        let mut kept = KeptValues::new(1);
        let key = key(0, &["1"]);
        kept.put(key, &lazy);
        let long = (0..MAX_NODES).map(|_| Value::Int(0)).collect();
        kept.put(key, &Value::tuple(long).unwrap());
        assert!(kept.get(MemoId(0), key).is_none());
    }

    #[test]
    fn all_values_together_stay_within_bounds() {
        let mut kept = KeptValues::new(1);
        let count = i64::try_from(MAX_NODES - 1).unwrap();
        let long = Value::tuple((0..count).map(Value::Int).collect()).unwrap();
        for input in 0..2_000 {
            let key = KeptKey::of(MemoId(0)).with(&Value::Int(input)).unwrap();
            kept.put(key, &long);
            assert!(kept.nodes <= MAX_TOTAL + MAX_NODES);
            let held: usize = kept.places.iter().map(|(_, value)| value.nodes()).sum();
            assert_eq!(kept.nodes, held);
        }
    }

    #[test]
    fn a_part_that_never_meets_its_inputs_again_is_left_alone_for_a_while() {
        let mut kept = KeptValues::new(2);
        let looks = |kept: &mut KeptValues, found: bool| {
            let input = literal("1");
            let key = KeptKey::of(MemoId(0)).with(&input).unwrap();
            kept.put(key, &input);
            (0..10 * TRIAL)
                .filter(|_| {
                    let looks = kept.is_worth_a_look(MemoId(0));
                    if looks && found {
                        assert!(kept.get(MemoId(0), key).is_some());
                    }
                    looks
                })
                .count()
        };
        assert_eq!(looks(&mut kept, true), 10 * TRIAL as usize);
        assert!(looks(&mut kept, false) <= 2 * TRIAL as usize);
    }
}
