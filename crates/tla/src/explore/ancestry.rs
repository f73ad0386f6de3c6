//! How each state was first reached: enough to find the way to it by running again.

use std::collections::HashMap;

/// Index of a state in the order in which states are found.
pub(super) type StateIndex = u32;

/// Stands for the parent of an initial state.
const ROOT: StateIndex = StateIndex::MAX;

/// Ordinals from here on are kept apart.
const LARGE: u16 = u16::MAX;

/// For each state its parent and which of the parent's successors it was: six bytes a state.
#[derive(Debug, Default)]
pub(super) struct Ancestry {
    parents: Vec<StateIndex>,
    ordinals: Vec<u16>,
    large: HashMap<StateIndex, u32>,
}

impl Ancestry {
    /// How many states are known.
    pub(super) fn len(&self) -> usize {
        self.parents.len()
    }

    /// Adds a state: its parent (`None` for an initial state) and which of the parent's successors
    /// (or of the initial states) it is, from zero. `None` when there are as many as can be told
    /// apart.
    pub(super) fn push(&mut self, parent: Option<StateIndex>, ordinal: u32) -> Option<StateIndex> {
        let index = u32::try_from(self.parents.len())
            .ok()
            .filter(|&index| index != ROOT)?;
        let short = u16::try_from(ordinal).unwrap_or(LARGE);
        if short == LARGE {
            self.large.insert(index, ordinal);
        }
        self.parents.push(parent.unwrap_or(ROOT));
        self.ordinals.push(short);
        Some(index)
    }

    /// The way to a state: which initial state, then which successor each time.
    pub(super) fn way_to(&self, index: StateIndex) -> Vec<u32> {
        let mut way = Vec::new();
        let mut at = index;
        while let (Some(&parent), Some(&short)) = (
            self.parents.get(at as usize),
            self.ordinals.get(at as usize),
        ) {
            way.push(match short {
                LARGE => self.large.get(&at).copied().unwrap_or(u32::from(LARGE)),
                short => u32::from(short),
            });
            at = parent;
        }
        way.reverse();
        way
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_leads_from_an_initial_state_by_ordinals_of_any_size() {
        let mut ancestry = Ancestry::default();
        let first = ancestry.push(None, 70_000);
        let second = ancestry.push(first, 3);
        let other = ancestry.push(first, 65_535);
        let third = ancestry.push(second, 65_534);
        assert_eq!(ancestry.len(), 4);
        assert_eq!(first.map(|at| ancestry.way_to(at)), Some(vec![70_000]));
        assert_eq!(
            third.map(|at| ancestry.way_to(at)),
            Some(vec![70_000, 3, 65_534])
        );
        assert_eq!(
            other.map(|at| ancestry.way_to(at)),
            Some(vec![70_000, 65_535])
        );
    }
}
