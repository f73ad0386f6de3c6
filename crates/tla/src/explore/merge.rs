//! Merging what the threads found, in the order in which one thread would have found it.

use std::sync::{PoisonError, RwLock};

use super::ancestry::{Ancestry, StateIndex};
use super::expand::Expansion;
use super::finding::{Finding, Problem};
use super::frontier::Chunk;
use super::limits::{Limits, Meter};
use super::outcome::Counts;
use super::seen::{Insertion, Seen};
use crate::control::{Progress, StopReason, patience};
use crate::step::{ActionId, State};

/// Why a search ends.
#[derive(Debug)]
pub(super) enum End {
    /// Something is wrong.
    Finding(Finding),
    /// It was stopped.
    Limit(StopReason),
}

/// What an action gave so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) distinct: u64,
    pub(super) generated: u64,
}

/// All that grows with the search except the states themselves.
pub(super) struct Merger<'a> {
    seen: &'a RwLock<Seen>,
    pub(super) ancestry: Ancestry,
    pub(super) counts: Counts,
    pub(super) tallies: Vec<Tally>,
    /// States lie at the depth limit.
    pub(super) cut: bool,
    limits: &'a Limits,
    meter: &'a Meter,
    /// What was known when the first state of the newest level was found.
    level: Progress,
}

impl<'a> Merger<'a> {
    /// Nothing found yet.
    pub(super) fn new(
        seen: &'a RwLock<Seen>,
        actions: usize,
        limits: &'a Limits,
        meter: &'a Meter,
    ) -> Merger<'a> {
        Merger {
            seen,
            ancestry: Ancestry::default(),
            counts: Counts::default(),
            tallies: vec![Tally::default(); actions],
            cut: false,
            limits,
            meter,
            level: Progress::default(),
        }
    }

    /// What evaluation is told of the states found last.
    pub(super) fn level(&self) -> Progress {
        self.level
    }

    /// Adds an initial state within the constraints; whether it is new.
    pub(super) fn add_initial(&mut self, fingerprint: u64, ordinal: u32) -> Result<bool, End> {
        let new = self.add(fingerprint, None, ordinal, 1)?;
        if new {
            self.counts.initial_distinct += 1;
        }
        Ok(new)
    }

    /// Whether states of a level are expanded.
    pub(super) fn expands(&mut self, level: u32) -> bool {
        let expands = self.limits.depth.is_none_or(|most| level < most);
        self.cut |= !expands;
        expands
    }

    /// Merges a chunk; new states to expand are added to `new`.
    pub(super) fn merge(
        &mut self,
        chunk: &Chunk,
        mut expansion: Expansion,
        new: &mut Vec<State>,
    ) -> Result<(), End> {
        let level = chunk.progress.level + 1;
        let before = self.counts.generated;
        let expands = self.limits.depth.is_none_or(|most| level < most);
        let mut newest = None;
        for candidate in expansion.candidates.drain(..) {
            // A single state can have millions of successors.
            patience().map_err(End::Limit)?;
            self.counts.generated = before + candidate.position as u64;
            let parent = chunk.first + candidate.parent;
            self.dequeued(parent);
            let action = expansion.generated[candidate.position - 1];
            match self.add(
                candidate.fingerprint,
                Some(parent),
                candidate.ordinal,
                level,
            ) {
                Ok(false) => continue,
                Ok(true) => {}
                Err(end) => {
                    self.tally(&expansion.generated[..candidate.position]);
                    return Err(end);
                }
            }
            newest = Some((candidate.parent, Some(candidate.ordinal)));
            if let Some(tally) = self.tallies.get_mut(action.0 as usize) {
                tally.distinct += 1;
            }
            if let Some(problem) = candidate.problem {
                self.tally(&expansion.generated[..candidate.position]);
                // It was found but does not wait.
                self.counts.queue -= 1;
                return Err(End::Finding(Finding {
                    problem: *problem,
                    parent: Some(parent),
                    ordinal: Some(candidate.ordinal),
                }));
            }
            if expands {
                new.push(candidate.state);
            } else {
                self.cut = true;
            }
        }
        self.counts.generated = before + expansion.generated.len() as u64;
        self.tally(&expansion.generated);
        if let Some(stumble) = expansion.stumble {
            let parent = chunk.first + stumble.parent;
            self.dequeued(parent);
            if newest == Some((stumble.parent, stumble.ordinal)) {
                // It was found but does not wait.
                self.counts.queue -= 1;
            }
            return Err(End::Finding(Finding {
                problem: stumble.problem,
                parent: Some(parent),
                ordinal: stumble.ordinal,
            }));
        }
        if let Some(last) = u32::try_from(chunk.states.len())
            .ok()
            .and_then(|count| count.checked_sub(1))
        {
            self.dequeued(chunk.first + last);
        }
        self.publish();
        Ok(())
    }

    /// Shows the counts to those outside.
    pub(super) fn publish(&self) {
        self.meter.set(&self.progress(0));
    }

    /// What is known now.
    pub(super) fn progress(&self, level: u32) -> Progress {
        Progress {
            level,
            diameter: self.counts.depth.max(1),
            generated: self.counts.generated,
            distinct: self.counts.distinct,
            queue: self.counts.queue,
            duration_seconds: self.meter.elapsed().as_secs(),
            simulation: false,
        }
    }

    /// Adds a state unless it is known; whether it is new.
    fn add(
        &mut self,
        fingerprint: u64,
        parent: Option<StateIndex>,
        ordinal: u32,
        level: u32,
    ) -> Result<bool, End> {
        if self
            .limits
            .states
            .is_some_and(|most| self.counts.distinct >= most)
        {
            return if self.read_seen().contains(fingerprint) {
                Ok(false)
            } else {
                Err(End::Limit(StopReason::States))
            };
        }
        loop {
            // A guard must not live on to where the set grows.
            let insertion = self.read_seen().insert(fingerprint);
            match insertion {
                Insertion::New => break,
                Insertion::Known => return Ok(false),
                Insertion::Full => self
                    .seen
                    .write()
                    .unwrap_or_else(PoisonError::into_inner)
                    .grow(fingerprint),
            }
        }
        if self.ancestry.push(parent, ordinal).is_none() {
            return Err(End::Limit(StopReason::States));
        }
        if self.level.level != level {
            self.level = self.progress(level);
        }
        self.counts.distinct += 1;
        self.counts.queue += 1;
        self.counts.depth = self.counts.depth.max(level);
        Ok(true)
    }

    /// All states up to this one no longer wait.
    fn dequeued(&mut self, index: StateIndex) {
        self.counts.queue = (self.ancestry.len() as u64).saturating_sub(u64::from(index) + 1);
    }

    fn tally(&mut self, generated: &[ActionId]) {
        for action in generated {
            if let Some(tally) = self.tallies.get_mut(action.0 as usize) {
                tally.generated += 1;
            }
        }
    }

    /// The least distance between two fingerprints.
    pub(super) fn least_distance(&self) -> Option<u64> {
        self.read_seen().least_distance()
    }

    fn read_seen(&self) -> std::sync::RwLockReadGuard<'a, Seen> {
        self.seen.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A problem with an initial state.
pub(super) fn at_initial(problem: Problem, ordinal: u32) -> End {
    End::Finding(Finding {
        problem,
        parent: None,
        ordinal: Some(ordinal),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::expand::{Candidate, Stumble};

    const ACTION: ActionId = ActionId(0);

    fn chunk(number: u64, first: StateIndex) -> Chunk {
        Chunk {
            number,
            first,
            progress: Progress {
                level: 1,
                ..Progress::default()
            },
            states: vec![State(Box::new([]))],
        }
    }

    /// One successor for each fingerprint; the second of each pair says whether an invariant fails.
    fn expansion(candidates: &[(u64, bool)]) -> Expansion {
        Expansion {
            candidates: (0_u32..)
                .zip(candidates)
                .map(|(ordinal, &(fingerprint, fails))| Candidate {
                    state: State(Box::new([])),
                    fingerprint,
                    parent: 0,
                    ordinal,
                    position: ordinal as usize + 1,
                    problem: fails.then(|| Box::new(Problem::Invariant(0))),
                })
                .collect(),
            generated: vec![ACTION; candidates.len()],
            stumble: None,
            stopped: false,
        }
    }

    /// Two initial states, then a chunk for each of them: the end, and the number of distinct,
    /// generated and waiting states.
    fn merge(first: Expansion, second: Expansion) -> (Option<Finding>, [u64; 3]) {
        let seen = RwLock::new(Seen::new());
        let (limits, meter) = (Limits::default(), Meter::new());
        let mut merger = Merger::new(&seen, 1, &limits, &meter);
        for (fingerprint, ordinal) in [(1, 0), (2, 1)] {
            assert!(merger.add_initial(fingerprint, ordinal).unwrap());
        }
        let mut new = Vec::new();
        let end = merger
            .merge(&chunk(0, 0), first, &mut new)
            .and_then(|()| merger.merge(&chunk(1, 1), second, &mut new));
        let finding = match end {
            Ok(()) => None,
            Err(End::Finding(finding)) => Some(finding),
            Err(End::Limit(reason)) => panic!("{reason}"),
        };
        let Counts {
            distinct,
            generated,
            queue,
            ..
        } = merger.counts;
        assert_eq!(merger.tallies[0].generated, generated);
        (finding, [distinct, generated, queue])
    }

    #[test]
    fn what_two_threads_found_is_counted_once_and_checked_once() {
        // The second thread did not know of the first's state, whose view it shares, and found
        // something wrong with it; one worker would not have looked.
        let second = expansion(&[(11, true), (12, false)]);
        let (finding, counts) = merge(expansion(&[(10, false), (11, false)]), second);
        assert_eq!((finding, counts), (None, [5, 4, 3]));
    }

    #[test]
    fn the_first_problem_in_order_wins_and_nothing_after_it_counts() {
        let second = expansion(&[(12, false), (13, true), (14, true)]);
        let (finding, counts) = merge(expansion(&[(10, false), (11, false)]), second);
        let finding = finding.unwrap();
        assert_eq!((finding.parent, finding.ordinal), (Some(1), Some(1)));
        assert_eq!(counts, [6, 4, 3]);
    }

    #[test]
    fn a_step_to_a_known_state_can_be_wrong() {
        let mut second = expansion(&[(10, false)]);
        second.stumble = Some(Stumble {
            problem: Problem::ActionProperty(0),
            parent: 0,
            ordinal: Some(0),
        });
        let (finding, counts) = merge(expansion(&[(10, false)]), second);
        assert_eq!(finding.unwrap().problem, Problem::ActionProperty(0));
        assert_eq!(counts, [3, 2, 1]);
    }
}
