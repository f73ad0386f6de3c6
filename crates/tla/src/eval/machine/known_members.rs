//! Values that were found in a constant set before.
//!
//! An invariant such as `x \in [Proc -> SUBSET Message]` looks at all that is in a value, in every
//! state; but most states share the values of most variables. So what was found to be in a constant
//! set that is not held as its elements is known from then on, by the fingerprint of the value. That
//! something is not in the set, or cannot be compared with its elements, is found out each time.

use crate::eval::code::CellId;
use crate::value::{Hasher, Value};

/// Slots of the table.
const SLOTS: usize = 1 << 14;

/// Nodes of a value for which looking costs less than finding out, at least.
const WORTH_LOOKING: usize = 4;

/// Which values are known to be in which sets.
#[derive(Debug, Default)]
pub(super) struct KnownMembers {
    /// Keys by their low bits; 0 is none. Empty until it is needed.
    keys: Vec<u64>,
}

/// A value and a set, as one number.
#[derive(Debug, Clone, Copy)]
pub(super) struct MemberKey(u64);

impl MemberKey {
    /// The key of a value in the set of a cell, or among the subsets of that; `None` where it does
    /// not pay to look.
    #[inline]
    pub(super) fn new(value: &Value, set: CellId, as_subset: bool) -> Option<MemberKey> {
        if value.nodes() < WORTH_LOOKING || matches!(value, Value::Lazy(_) | Value::Deferred(_)) {
            return None;
        }
        let mut hasher = Hasher::new();
        hasher.word(value.fingerprint().ok()?);
        hasher.word(u64::from(set.0) << 1 | u64::from(as_subset));
        Some(MemberKey(hasher.finish()))
    }

    fn slot(self) -> usize {
        usize::try_from(self.0 % SLOTS as u64).unwrap_or(0)
    }
}

impl KnownMembers {
    /// Whether the value is known to be in the set.
    #[inline]
    pub(super) fn contains(&self, key: MemberKey) -> bool {
        self.keys.get(key.slot()) == Some(&key.0)
    }

    /// Notes that the value is in the set.
    pub(super) fn insert(&mut self, key: MemberKey) {
        if self.keys.is_empty() {
            self.keys.resize(SLOTS, 0);
        }
        if let Some(place) = self.keys.get_mut(key.slot()) {
            *place = key.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::literal;

    #[test]
    fn what_is_known_is_known_of_this_value_and_this_set_only() {
        let value = literal("<<1, {2}, 3>>");
        let key =
            |value: &Value, set, as_subset| MemberKey::new(value, CellId(set), as_subset).unwrap();
        let mut known = KnownMembers::default();
        assert!(!known.contains(key(&value, 0, false)));
        known.insert(key(&value, 0, false));
        assert!(known.contains(key(&literal("<<1, {2}, 3>>"), 0, false)));
        assert!(!known.contains(key(&value, 1, false)));
        assert!(!known.contains(key(&value, 0, true)));
        assert!(!known.contains(key(&literal("<<1, {2}, 4>>"), 0, false)));
    }

    #[test]
    fn looking_pays_for_values_of_some_size_that_have_a_hash() {
        assert!(MemberKey::new(&literal("{1}"), CellId(0), false).is_none());
        let lazy = Value::power_set(literal("{1, 2, 3, 4}")).unwrap();
        assert!(MemberKey::new(&lazy, CellId(0), false).is_none());
    }
}
