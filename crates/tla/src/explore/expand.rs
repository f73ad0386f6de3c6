//! Expanding a chunk of states: what one thread does without the others.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{PoisonError, RwLock};

use super::checks::{Checker, Stopped, problem};
use super::finding::{Failure, Problem};
use super::frontier::Chunk;
use super::outcome::Phase;
use super::seen::Seen;
use super::system::{System, Worker};
use crate::control::Control;
use crate::step::{ActionId, State, Successor};

/// A successor that was not known when it was generated.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) state: State,
    pub(super) fingerprint: u64,
    /// Position of its parent in the chunk.
    pub(super) parent: u32,
    /// Which of the parent's successors.
    pub(super) ordinal: u32,
    /// Successors of the chunk generated up to this one.
    pub(super) position: usize,
    /// What is wrong with it, if it is new.
    pub(super) problem: Option<Box<Problem>>,
}

/// A problem that ends the search at its place, come what may.
#[derive(Debug)]
pub(super) struct Stumble {
    pub(super) problem: Problem,
    /// Position of the state in the chunk.
    pub(super) parent: u32,
    /// Which of its successors; `None` for the state itself.
    pub(super) ordinal: Option<u32>,
}

/// What a chunk gave.
#[derive(Debug)]
pub(super) struct Expansion {
    /// New states, in order.
    pub(super) candidates: Vec<Candidate>,
    /// The action of each successor generated, in order.
    pub(super) generated: Vec<ActionId>,
    /// What ended the chunk before its end, after the candidates.
    pub(super) stumble: Option<Stumble>,
    /// The computation was stopped; the chunk is not complete.
    pub(super) stopped: bool,
}

/// Expands chunks; one per thread.
pub(super) struct Expander<'a, W> {
    pub(super) checker: Checker<'a, W>,
    seen: &'a RwLock<Seen>,
    control: &'a Control,
    checks_deadlock: bool,
    /// Whether evaluation is told of every state that is found. A chunk is a single state then.
    in_order: bool,
    successors: Vec<Successor>,
    /// Fingerprints of the present chunk's candidates.
    local: HashSet<u64, BuildHasherDefault<Identity>>,
}

/// Why a state's successors are not followed to the last.
enum Break {
    Stopped,
    Stumble(Problem, Option<u32>),
}

impl From<Stopped> for Break {
    fn from(_: Stopped) -> Break {
        Break::Stopped
    }
}

impl<'a, W: Worker> Expander<'a, W> {
    /// One for a thread of its own.
    pub(super) fn new<S>(
        system: &'a S,
        mut checker: Checker<'a, W>,
        seen: &'a RwLock<Seen>,
        control: &'a Control,
    ) -> Expander<'a, W>
    where
        S: System<Worker<'a> = W>,
    {
        checker.worker.want_arguments(false);
        Expander {
            checker,
            seen,
            control,
            checks_deadlock: system.checks_deadlock(),
            in_order: system.depends_on_order(),
            successors: Vec::new(),
            local: HashSet::default(),
        }
    }

    /// Generates and checks the successors of all states of a chunk.
    pub(super) fn expand(&mut self, chunk: &Chunk) -> Expansion {
        let mut expansion = Expansion {
            candidates: Vec::new(),
            generated: Vec::new(),
            stumble: None,
            stopped: false,
        };
        self.local.clear();
        self.checker.set_progress(chunk.progress);
        for (parent, state) in (0_u32..).zip(&chunk.states) {
            match self.expand_state(chunk.progress.level, parent, state, &mut expansion) {
                Ok(()) => {}
                Err(Break::Stopped) => {
                    expansion.stopped = true;
                    break;
                }
                Err(Break::Stumble(problem, ordinal)) => {
                    expansion.stumble = Some(Stumble {
                        problem,
                        parent,
                        ordinal,
                    });
                    break;
                }
            }
        }
        expansion
    }

    fn expand_state(
        &mut self,
        level: u32,
        parent: u32,
        state: &State,
        expansion: &mut Expansion,
    ) -> Result<(), Break> {
        if self.control.stopped().is_some() {
            return Err(Break::Stopped);
        }
        let mut successors = std::mem::take(&mut self.successors);
        successors.clear();
        self.checker.set_level(level);
        if self.in_order {
            self.checker
                .tell(|progress| progress.queue = progress.queue.saturating_sub(1));
        }
        let end = self.checker.worker.successors(state, &mut successors);
        let deadlock = successors.is_empty() && end.is_ok();
        let mut checked = Ok(());
        for (ordinal, successor) in (0_u32..).zip(successors.drain(..)) {
            // There can be millions, whether or not that is all of them.
            if self.control.stopped().is_some() {
                checked = Err(Break::Stopped);
                break;
            }
            expansion.generated.push(successor.action);
            if self.in_order {
                self.checker.tell(|progress| progress.generated += 1);
            }
            checked = self.check(level, state, (parent, ordinal), successor.state, expansion);
            if checked.is_err() {
                break;
            }
        }
        self.successors = successors;
        checked?;
        if let Err(error) = end {
            return Err(match self.checker.failure(&error, Phase::Next) {
                Failure::Stopped => Break::Stopped,
                Failure::Error(error) => Break::Stumble(Problem::Evaluation(error), None),
            });
        }
        if deadlock && self.checks_deadlock {
            return Err(Break::Stumble(Problem::Deadlock, None));
        }
        Ok(())
    }

    /// Checks one successor, in TLC's order: constraints, then invariants unless it is known, then
    /// the properties of the step.
    fn check(
        &mut self,
        level: u32,
        from: &State,
        (parent, ordinal): (u32, u32),
        to: State,
        expansion: &mut Expansion,
    ) -> Result<(), Break> {
        let stumble = |failure| match failure {
            Failure::Stopped => Break::Stopped,
            Failure::Error(error) => Break::Stumble(Problem::Evaluation(error), Some(ordinal)),
        };
        self.checker.set_level(level + 1);
        let mut within = self.checker.within(&to).map_err(stumble)?;
        if within {
            self.checker.set_level(level);
            within = self.checker.step_within(from, &to).map_err(stumble)?;
        }
        let mut new = None;
        if within {
            // A view may ask for the level of the state it is of.
            self.checker.set_level(level + 1);
            let fingerprint = self.checker.fingerprint(&to).map_err(stumble)?;
            if !self.is_known(fingerprint) {
                new = Some(fingerprint);
            }
        }
        let mut wrong = None;
        if new.is_some() || !within {
            self.checker.set_level(level + 1);
            if self.in_order && new.is_some() {
                self.checker.tell(|progress| {
                    progress.distinct += 1;
                    progress.diameter = progress.diameter.max(level + 1);
                });
            }
            wrong = problem(self.checker.invariants(&to))?;
            if !within && let Some(problem) = wrong {
                return Err(Break::Stumble(problem, Some(ordinal)));
            }
        }
        self.checker.set_level(level);
        let step = problem(self.checker.action_properties(from, &to))?;
        if let Some(fingerprint) = new {
            if self.in_order {
                self.checker.tell(|progress| progress.queue += 1);
            }
            self.local.insert(fingerprint);
            expansion.candidates.push(Candidate {
                state: to,
                fingerprint,
                parent,
                ordinal,
                position: expansion.generated.len(),
                problem: wrong.map(Box::new),
            });
        }
        match step {
            Some(problem) => Err(Break::Stumble(problem, Some(ordinal))),
            None => Ok(()),
        }
    }

    /// Whether a state was merged before or is among the present candidates.
    fn is_known(&self, fingerprint: u64) -> bool {
        self.local.contains(&fingerprint)
            || self
                .seen
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .contains(fingerprint)
    }
}

/// Fingerprints are hashes already.
#[derive(Debug, Default)]
struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }

    fn write_u64(&mut self, fingerprint: u64) {
        self.0 = fingerprint.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}
