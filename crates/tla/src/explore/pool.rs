//! Threads that expand chunks side by side and merge them in order.
//!
//! Whoever has expanded a chunk hands it over; whoever finds nobody merging merges all chunks that
//! are next in order. So the states are found in the order in which a single thread would find
//! them, whatever the number of threads, while no thread waits for another as long as there are
//! states to expand.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use super::checks::Checker;
use super::expand::{Expander, Expansion};
use super::frontier::{Chunk, Frontier};
use super::merge::{End, Merger};
use super::seen::Seen;
use super::system::{System, Worker};
use crate::control::{Control, StopReason};
use crate::source::Span;
use crate::stack::STACK_BYTES;
use crate::step::State;

/// How long expanding a chunk should take: long enough that handing it over costs nothing, short
/// enough that the threads share evenly.
const CHUNK_TIME: Duration = Duration::from_millis(1);

/// States of a chunk at most.
const CHUNK_STATES: usize = 1024;

/// A search that is over before that needs no further threads. Tests want them at once.
const SLOW: Duration = Duration::from_millis(if cfg!(test) { 0 } else { 2 });

/// Chunks per thread that may be expanded ahead of merging.
const AHEAD: u64 = 4;

/// How a search ended and what it leaves.
pub(super) struct Explored<'a, W> {
    /// Why it ended early; `None` when it was stopped or all was looked at.
    pub(super) end: Option<End>,
    /// All was looked at.
    pub(super) exhausted: bool,
    /// All that was merged.
    pub(super) merger: Merger<'a>,
    /// The worker of the present thread.
    pub(super) checker: Checker<'a, W>,
    /// Evaluations by the other workers.
    pub(super) coverage: BTreeMap<Span, u64>,
    /// Threads that took part.
    pub(super) threads: usize,
}

/// Expands states until none waits, on the present thread and, once that takes time, on others.
pub(super) fn explore<'a, S: System>(
    system: &'a S,
    control: &'a Control,
    seen: &'a RwLock<Seen>,
    threads: usize,
    checker: Checker<'a, S::Worker<'a>>,
    merger: Merger<'a>,
    mut states: Vec<State>,
) -> Explored<'a, S::Worker<'a>> {
    let in_order = system.depends_on_order();
    let threads = if in_order { 1 } else { threads.max(1) };
    let mut frontier = Frontier::default();
    frontier.extend(merger.level(), &mut states);
    let shared = Shared {
        queue: Mutex::new(Queue {
            frontier,
            ready: BTreeMap::new(),
            merged: 0,
            over: false,
            exhausted: false,
            end: None,
        }),
        wake: Condvar::new(),
        merger: Mutex::new(merger),
        coverage: Mutex::default(),
        control,
        threads,
        in_order,
    };
    let started = Instant::now();
    let mut helpers = None;
    let mut expander = Expander::new(system, checker, seen, control);
    thread::scope(|scope| {
        let shared = &shared;
        let help = || {
            let checker = Checker::new(system, control);
            let mut expander = Expander::new(system, checker, seen, control);
            shared.work(&mut expander, || {});
            shared.add_coverage(&expander.checker.worker);
        };
        shared.work(&mut expander, || {
            if helpers.is_none() && started.elapsed() >= SLOW && shared.has_work_for_others() {
                // A thread that is refused is no loss but of time: the others do its work.
                let spawned = (1..threads).map(|_| {
                    thread::Builder::new()
                        .name("tla".into())
                        .stack_size(STACK_BYTES)
                        .spawn_scoped(scope, help)
                });
                helpers = Some(spawned.filter(std::io::Result::is_ok).count());
            }
        });
    });
    let queue = shared
        .queue
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    Explored {
        end: queue.end,
        exhausted: queue.exhausted,
        merger: shared
            .merger
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner),
        checker: expander.checker,
        coverage: shared
            .coverage
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner),
        threads: 1 + helpers.unwrap_or(0),
    }
}

struct Shared<'a> {
    queue: Mutex<Queue>,
    wake: Condvar,
    merger: Mutex<Merger<'a>>,
    coverage: Mutex<BTreeMap<Span, u64>>,
    control: &'a Control,
    threads: usize,
    in_order: bool,
}

struct Queue {
    frontier: Frontier,
    /// Expanded chunks by number.
    ready: BTreeMap<u64, (Chunk, Expansion)>,
    /// Chunks merged.
    merged: u64,
    over: bool,
    exhausted: bool,
    end: Option<End>,
}

impl<'a> Shared<'a> {
    /// Expands chunks until the search is over, and calls `between` after each.
    fn work<W: Worker>(&self, expander: &mut Expander<'_, W>, mut between: impl FnMut()) {
        let guard = OverOnPanic(self);
        let mut pace = Pace::default();
        while let Some(chunk) = self.take(if self.in_order { 1 } else { pace.most }) {
            let started = Instant::now();
            let expansion = expander.expand(&chunk);
            pace.note(chunk.states.len(), started.elapsed());
            self.deliver(chunk, expansion);
            between();
        }
        drop(guard);
    }

    /// Takes a chunk, or waits for one; `None` when the search is over.
    fn take(&self, most: usize) -> Option<Chunk> {
        let mut queue = self.queue();
        loop {
            if queue.over || self.control.stopped().is_some() {
                queue.over = true;
                self.wake.notify_all();
                return None;
            }
            let ahead = queue.frontier.taken() - queue.merged;
            if ahead < AHEAD * self.threads as u64 {
                let share = queue.frontier.len() / (2 * self.threads) + 1;
                let most = if self.threads == 1 {
                    most
                } else {
                    most.min(share)
                };
                if let Some(mut chunk) = queue.frontier.take(most) {
                    if self.in_order {
                        drop(queue);
                        chunk.progress = self.merger().progress(chunk.progress.level);
                    }
                    return Some(chunk);
                }
                if ahead == 0 {
                    queue.over = true;
                    queue.exhausted = true;
                    self.wake.notify_all();
                    return None;
                }
            }
            queue = self
                .wake
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Hands an expanded chunk over and merges what is next, unless another thread does.
    fn deliver(&self, chunk: Chunk, expansion: Expansion) {
        self.queue().ready.insert(chunk.number, (chunk, expansion));
        let mut new = Vec::new();
        // What another thread handed over while this one held the merger is looked for again
        // after letting go, because that thread did not wait.
        while self.has_next() {
            let Ok(mut merger) = self.merger.try_lock() else {
                return;
            };
            while let Some((chunk, expansion)) = self.next() {
                let stopped = expansion.stopped;
                let result = merger.merge(&chunk, expansion, &mut new);
                let mut queue = self.queue();
                queue.frontier.extend(merger.level(), &mut new);
                queue.merged += 1;
                queue.over |= stopped;
                if let Err(end) = result {
                    queue.end = Some(end);
                    queue.over = true;
                    self.control.stop(StopReason::Settled);
                }
                drop(queue);
                self.wake.notify_all();
            }
        }
    }

    fn has_next(&self) -> bool {
        let queue = self.queue();
        !queue.over && queue.ready.contains_key(&queue.merged)
    }

    fn next(&self) -> Option<(Chunk, Expansion)> {
        let mut queue = self.queue();
        if queue.over {
            return None;
        }
        let next = queue.merged;
        queue.ready.remove(&next)
    }

    fn has_work_for_others(&self) -> bool {
        self.queue().frontier.len() > 1
    }

    fn add_coverage<W: Worker>(&self, worker: &W) {
        let mut total = self.coverage.lock().unwrap_or_else(PoisonError::into_inner);
        add_coverage(&mut total, worker);
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn merger(&self) -> MutexGuard<'_, Merger<'a>> {
        self.merger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds what a worker evaluated.
pub(super) fn add_coverage<W: Worker>(total: &mut BTreeMap<Span, u64>, worker: &W) {
    for (span, count) in worker.coverage() {
        *total.entry(span).or_default() += count;
    }
}

/// Ends the search for all when a thread ends unexpectedly, so that none waits for it.
struct OverOnPanic<'a, 'b>(&'a Shared<'b>);

impl Drop for OverOnPanic<'_, '_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.queue().over = true;
            self.0.wake.notify_all();
        }
    }
}

/// How many states make a chunk of [`CHUNK_TIME`].
struct Pace {
    most: usize,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace { most: 4 }
    }
}

impl Pace {
    fn note(&mut self, states: usize, took: Duration) {
        let in_time = CHUNK_TIME.as_nanos() * states as u128 / took.as_nanos().max(1);
        let in_time = usize::try_from(in_time).unwrap_or(CHUNK_STATES);
        self.most = in_time.clamp(1, (self.most * 4).min(CHUNK_STATES));
    }
}
