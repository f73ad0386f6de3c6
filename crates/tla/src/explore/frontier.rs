//! States that wait to be expanded, in the order in which they were found.

use std::collections::VecDeque;

use super::ancestry::StateIndex;
use crate::control::Progress;
use crate::step::State;

/// Consecutive states of one level.
#[derive(Debug)]
pub(super) struct Chunk {
    /// Number of the chunk, from zero; chunks are merged in this order.
    pub(super) number: u64,
    /// Index of the first state; the others follow it.
    pub(super) first: StateIndex,
    /// What evaluation is told of the search; its level is that of the states.
    pub(super) progress: Progress,
    /// The states.
    pub(super) states: Vec<State>,
}

/// First in, first out.
#[derive(Debug, Default)]
pub(super) struct Frontier {
    states: VecDeque<State>,
    /// For each level of which states wait: what was known when its first state was found, and
    /// how many wait.
    levels: VecDeque<(Progress, usize)>,
    first: StateIndex,
    chunks: u64,
}

impl Frontier {
    /// How many states wait.
    pub(super) fn len(&self) -> usize {
        self.states.len()
    }

    /// How many chunks were taken.
    pub(super) fn taken(&self) -> u64 {
        self.chunks
    }

    /// Adds states of one level, which must not be less than that of states added before.
    /// `progress` is what was known when the first of them was found.
    pub(super) fn extend(&mut self, progress: Progress, states: &mut Vec<State>) {
        if states.is_empty() {
            return;
        }
        match self.levels.back_mut() {
            Some((last, waiting)) if last.level == progress.level => *waiting += states.len(),
            _ => self.levels.push_back((progress, states.len())),
        }
        self.states.extend(states.drain(..));
    }

    /// Takes up to so many states off the front.
    pub(super) fn take(&mut self, most: usize) -> Option<Chunk> {
        // The last level stays when it is used up, so that states that are added to it later are
        // told the same.
        while self.levels.len() > 1 && self.levels.front().is_some_and(|&(_, left)| left == 0) {
            self.levels.pop_front();
        }
        let (progress, waiting) = self.levels.front_mut()?;
        let count = most.max(1).min(*waiting);
        if count == 0 {
            return None;
        }
        *waiting -= count;
        let chunk = Chunk {
            number: self.chunks,
            first: self.first,
            progress: *progress,
            states: self.states.drain(..count).collect(),
        };
        self.first = self
            .first
            .saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
        self.chunks += 1;
        Some(chunk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(count: usize) -> Vec<State> {
        (0..count).map(|_| State(Box::new([]))).collect()
    }

    fn level(level: u32, distinct: u64) -> Progress {
        Progress {
            level,
            distinct,
            ..Progress::default()
        }
    }

    #[test]
    fn chunks_are_consecutive_and_never_cross_a_level() {
        let mut frontier = Frontier::default();
        frontier.extend(level(1, 0), &mut states(5));
        frontier.extend(level(2, 5), &mut states(2));
        frontier.extend(level(2, 9), &mut states(1));
        let mut taken = Vec::new();
        while let Some(chunk) = frontier.take(3) {
            taken.push((
                chunk.number,
                chunk.first,
                chunk.states.len(),
                chunk.progress,
            ));
        }
        assert_eq!(
            taken,
            [
                (0, 0, 3, level(1, 0)),
                (1, 3, 2, level(1, 0)),
                (2, 5, 3, level(2, 5)),
            ]
        );
        assert_eq!((frontier.len(), frontier.taken()), (0, 3));
    }

    #[test]
    fn a_level_that_ran_dry_and_goes_on_is_told_the_same() {
        let mut frontier = Frontier::default();
        frontier.extend(level(1, 0), &mut states(1));
        assert!(frontier.take(8).is_some());
        assert!(frontier.take(8).is_none());
        frontier.extend(level(1, 7), &mut states(1));
        assert_eq!(
            frontier.take(8).map(|chunk| chunk.progress),
            Some(level(1, 0))
        );
    }
}
