//! Simulation: random behaviours of bounded length.
//!
//! Behaviour number `i` depends on the seed and on `i` alone. Threads generate batches of
//! behaviours side by side; the batches are merged in order, so that the first behaviour that
//! shows something wrong is the same at any number of threads.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::checks::{Checker, Stopped, problem};
use super::finding::{Failure, Problem};
use super::limits::{Limits, Meter, Observer};
use super::merge::Tally;
use super::outcome::{
    Collision, Counts, Coverage, EngineError, Outcome, Phase, Report, Simulated, Trace,
};
use super::pool::add_coverage;
use super::search::{assumptions, available_threads, outcome_of, watched};
use super::system::{System, Worker};
use super::trace::{Taken, Visit, present};
use crate::control::Progress;
use crate::control::{Control, StopReason};
use crate::source::Span;
use crate::stack::STACK_BYTES;
use crate::step::{State, Successor};

/// Behaviours a thread generates at a time.
const BATCH: u64 = 16;

/// How to simulate.
#[derive(Clone, Copy)]
pub struct Simulation<'a> {
    /// Decides all that is random.
    pub seed: u64,
    /// Steps of a behaviour at most.
    pub depth: u32,
    /// Behaviours to generate; `None` to go on until a limit.
    pub traces: Option<u64>,
    /// What it may take. States are those generated, looked at after every few behaviours; the
    /// depth is that of this structure.
    pub limits: Limits,
    /// Threads; `None` for as many as there are processors.
    pub threads: Option<usize>,
    /// Who is told how it goes.
    pub observer: Option<Observer<'a>>,
}

/// Generates random behaviours: an initial state, then as often as may be one of the successors
/// within the constraints, all equally likely. Every successor generated on the way is checked, as
/// TLC does; a state with no successor within the constraints is a deadlock, as for TLC.
///
/// # Errors
/// When the system refuses the threads.
pub fn simulate<S: System>(
    system: &S,
    control: &Control,
    options: &Simulation<'_>,
) -> Result<Report, EngineError> {
    let meter = Meter::new();
    watched(control, &options.limits, options.observer, &meter, || {
        Run {
            system,
            control,
            options,
            meter: &meter,
        }
        .run()
    })
}

struct Run<'r, S> {
    system: &'r S,
    control: &'r Control,
    options: &'r Simulation<'r>,
    meter: &'r Meter,
}

/// Something wrong, and the behaviour that shows it.
struct Shown {
    problem: Problem,
    visits: Vec<Visit>,
}

/// Why a behaviour ends before its length.
enum Break {
    Stopped,
    Shown(Box<Shown>),
}

impl From<Stopped> for Break {
    fn from(_: Stopped) -> Break {
        Break::Stopped
    }
}

/// What a batch of behaviours gave.
#[derive(Default)]
struct Batch {
    traces: u64,
    generated: u64,
    longest: u32,
    tallies: Vec<Tally>,
    shown: Option<Box<Shown>>,
    stopped: bool,
}

/// What was merged so far.
#[derive(Default)]
struct Merged {
    /// Batches that wait for an earlier one.
    ready: BTreeMap<u64, Batch>,
    taken: u64,
    merged: u64,
    total: Batch,
    limit: Option<StopReason>,
    over: bool,
    expressions: BTreeMap<Span, u64>,
}

impl<'r, S: System> Run<'r, S> {
    fn run(&self) -> Report {
        let mut checker = Checker::new(self.system, self.control);
        checker.tell(|progress| progress.simulation = true);
        let mut merged = Merged::default();
        merged.total.tallies = vec![Tally::default(); self.system.actions().len()];
        if let Some(outcome) = assumptions(self.system, &mut checker) {
            return self.report(merged, outcome, Trace::default(), 1);
        }
        let mut initial = Vec::new();
        let found = self.initial_states(&mut checker, &mut merged, &mut initial);
        if let Err(end) = found {
            match end {
                Break::Stopped => merged.total.stopped = true,
                Break::Shown(shown) => merged.total.shown = Some(shown),
            }
            return self.conclude(&mut checker, merged, 1);
        }
        let merged = Mutex::new(merged);
        let threads = self
            .options
            .threads
            .unwrap_or_else(available_threads)
            .max(1);
        let mut running = 1;
        if !initial.is_empty() {
            thread::scope(|scope| {
                let help = || {
                    let mut checker = Checker::new(self.system, self.control);
                    checker.tell(|progress| progress.simulation = true);
                    self.work(&mut checker, &initial, &merged);
                    add_coverage(&mut lock(&merged).expressions, &checker.worker);
                };
                let spawned = (1..threads).map(|_| {
                    thread::Builder::new()
                        .name("tla".into())
                        .stack_size(STACK_BYTES)
                        .spawn_scoped(scope, help)
                });
                running += spawned.filter(std::io::Result::is_ok).count();
                self.work(&mut checker, &initial, &merged);
            });
        }
        self.control.resume();
        let merged = merged.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.conclude(&mut checker, merged, running)
    }

    /// Finds and checks all initial states; those within the constraints are added to `initial`.
    fn initial_states<'a>(
        &'a self,
        checker: &mut Checker<'a, S::Worker<'a>>,
        merged: &mut Merged,
        initial: &mut Vec<State>,
    ) -> Result<(), Break> {
        let mut generator = Checker::new(self.system, self.control);
        let first = Progress {
            level: 1,
            simulation: true,
            ..Progress::default()
        };
        // While there is no state yet, `TLCGet("level")` is 0.
        generator.set_progress(Progress { level: 0, ..first });
        checker.set_progress(first);
        let mut broken = Ok(());
        let end = generator.worker.initial_states(&mut |state| {
            merged.total.generated += 1;
            merged.total.longest = 1;
            let result = if self.control.stopped().is_some() {
                Err(Break::Stopped)
            } else {
                take_initial(checker, &state)
            };
            match result {
                Ok(true) => initial.push(state),
                Ok(false) => {}
                Err(end) => {
                    broken = Err(end);
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        });
        broken?;
        end.map_err(|error| match generator.failure(&error, Phase::Initial) {
            Failure::Stopped => Break::Stopped,
            Failure::Error(error) => Break::Shown(Box::new(Shown {
                problem: Problem::Evaluation(error),
                visits: Vec::new(),
            })),
        })
    }

    /// Generates batches of behaviours until there is no need for more.
    fn work<'a>(
        &self,
        checker: &mut Checker<'a, S::Worker<'a>>,
        initial: &[State],
        merged: &Mutex<Merged>,
    ) where
        S: 'a,
    {
        while let Some(number) = self.take(merged) {
            let batch = self.batch(checker, initial, number);
            self.deliver(merged, number, batch);
        }
    }

    fn take(&self, merged: &Mutex<Merged>) -> Option<u64> {
        let mut merged = lock(merged);
        let number = merged.taken;
        let all_taken = self
            .options
            .traces
            .is_some_and(|traces| number.saturating_mul(BATCH) >= traces);
        if merged.over || all_taken || self.control.stopped().is_some() {
            return None;
        }
        merged.taken += 1;
        Some(number)
    }

    fn deliver(&self, merged: &Mutex<Merged>, number: u64, batch: Batch) {
        let mut merged = lock(merged);
        merged.ready.insert(number, batch);
        while !merged.over {
            let next = merged.merged;
            let Some(batch) = merged.ready.remove(&next) else {
                break;
            };
            merged.merged += 1;
            merged.total.add(batch);
            let generated = merged.total.generated;
            if self
                .options
                .limits
                .states
                .is_some_and(|most| generated >= most)
                && merged.total.shown.is_none()
            {
                merged.limit = Some(StopReason::States);
            }
            if merged.total.shown.is_some() || merged.limit.is_some() {
                merged.over = true;
                self.control.stop(StopReason::Settled);
            }
        }
        let total = &merged.total;
        self.meter.set(&Progress {
            level: total.longest,
            diameter: total.longest,
            generated: total.generated,
            distinct: 0,
            queue: 0,
            duration_seconds: 0,
            simulation: true,
        });
    }

    fn batch<'a>(
        &self,
        checker: &mut Checker<'a, S::Worker<'a>>,
        initial: &[State],
        number: u64,
    ) -> Batch
    where
        S: 'a,
    {
        let mut batch = Batch {
            tallies: vec![Tally::default(); self.system.actions().len()],
            ..Batch::default()
        };
        let first = number * BATCH;
        let end = self.options.traces.unwrap_or(u64::MAX).min(first + BATCH);
        for trace in first..end {
            batch.traces += 1;
            match self.behaviour(checker, initial, trace, &mut batch) {
                Ok(()) => {}
                Err(Break::Stopped) => {
                    batch.stopped = true;
                    break;
                }
                Err(Break::Shown(shown)) => {
                    batch.shown = Some(shown);
                    break;
                }
            }
        }
        batch
    }

    /// One random behaviour.
    fn behaviour<'a>(
        &self,
        checker: &mut Checker<'a, S::Worker<'a>>,
        initial: &[State],
        trace: u64,
        batch: &mut Batch,
    ) -> Result<(), Break>
    where
        S: 'a,
    {
        let mut random = ChaCha8Rng::seed_from_u64(self.options.seed);
        random.set_stream(trace);
        let Some(start) = initial.get(random.random_range(0..initial.len())) else {
            return Ok(());
        };
        let mut visits = vec![Visit {
            by: None,
            state: start.clone(),
        }];
        let mut found = Vec::new();
        let mut level = 1;
        batch.longest = batch.longest.max(1);
        while level <= self.options.depth {
            let Some(last) = visits.last() else { break };
            let checked = self.step(checker, level, &last.state, &mut found, batch);
            match checked {
                Ok(()) => {}
                Err(Wrong::Stopped) => return Err(Break::Stopped),
                Err(Wrong::Problem(problem, reached)) => {
                    visits.extend(reached.map(|reached| visit(*reached)));
                    batch.longest = batch.longest.max(level);
                    return Err(Break::Shown(Box::new(Shown { problem, visits })));
                }
            }
            if found.is_empty() {
                if self.system.checks_deadlock() {
                    return Err(Break::Shown(Box::new(Shown {
                        problem: Problem::Deadlock,
                        visits,
                    })));
                }
                break;
            }
            let chosen = random.random_range(0..found.len());
            visits.push(visit(found.swap_remove(chosen)));
            level += 1;
            batch.longest = batch.longest.max(level);
        }
        Ok(())
    }

    /// Generates and checks the successors of a state; leaves those within the constraints in
    /// `found`.
    fn step<'a>(
        &self,
        checker: &mut Checker<'a, S::Worker<'a>>,
        level: u32,
        from: &State,
        found: &mut Vec<Successor>,
        batch: &mut Batch,
    ) -> Result<(), Wrong>
    where
        S: 'a,
    {
        if self.control.stopped().is_some() {
            return Err(Wrong::Stopped);
        }
        found.clear();
        checker.set_level(level);
        let end = checker.worker.successors(from, found);
        let mut kept = 0;
        for at in 0..found.len() {
            if self.control.stopped().is_some() {
                return Err(Wrong::Stopped);
            }
            let action = found[at].action.0 as usize;
            batch.generated += 1;
            if let Some(tally) = batch.tallies.get_mut(action) {
                tally.generated += 1;
            }
            match take_step(checker, level, from, &found[at].state) {
                Ok(true) => {
                    if let Some(tally) = batch.tallies.get_mut(action) {
                        tally.distinct += 1;
                    }
                    found.swap(kept, at);
                    kept += 1;
                }
                Ok(false) => {}
                Err(None) => return Err(Wrong::Stopped),
                Err(Some(problem)) => {
                    let reached = Box::new(found.swap_remove(at));
                    return Err(Wrong::Problem(problem, Some(reached)));
                }
            }
        }
        found.truncate(kept);
        end.map_err(|error| match checker.failure(&error, Phase::Next) {
            Failure::Stopped => Wrong::Stopped,
            Failure::Error(error) => Wrong::Problem(Problem::Evaluation(error), None),
        })
    }

    fn conclude<'a>(
        &self,
        checker: &mut Checker<'a, S::Worker<'a>>,
        mut merged: Merged,
        threads: usize,
    ) -> Report
    where
        S: 'a,
    {
        add_coverage(&mut merged.expressions, &checker.worker);
        let mut trace = Trace::default();
        let outcome = if let Some(shown) = merged.total.shown.take() {
            let mut visits = shown.visits;
            // As TLC, without the steps that change nothing.
            visits.dedup_by(|after, before| after.state == before.state);
            let progress = Progress {
                simulation: true,
                ..Progress::default()
            };
            trace = present(self.system, &mut checker.worker, visits, progress, None);
            outcome_of(self.system, shown.problem)
        } else if let Some(reason) = self.control.stopped().or(merged.limit) {
            Outcome::Limit(reason)
        } else {
            checker.set_progress(Progress {
                diameter: merged.total.longest,
                generated: merged.total.generated,
                simulation: true,
                ..Progress::default()
            });
            checker.postconditions()
        };
        self.report(merged, outcome, trace, threads)
    }

    fn report(&self, merged: Merged, outcome: Outcome, trace: Trace, threads: usize) -> Report {
        let Merged {
            total, expressions, ..
        } = merged;
        Report {
            outcome,
            counts: Counts {
                generated: total.generated,
                depth: total.longest,
                ..Counts::default()
            },
            trace,
            coverage: Coverage::of(self.system, &total.tallies, expressions),
            collision: Collision::default(),
            simulation: Some(Simulated {
                seed: self.options.seed,
                traces: total.traces,
            }),
            duration: self.meter.elapsed(),
            threads,
        }
    }
}

impl Batch {
    fn add(&mut self, other: Batch) {
        self.traces += other.traces;
        self.generated += other.generated;
        self.longest = self.longest.max(other.longest);
        for (tally, more) in self.tallies.iter_mut().zip(other.tallies) {
            tally.distinct += more.distinct;
            tally.generated += more.generated;
        }
        self.shown = other.shown;
        self.stopped |= other.stopped;
    }
}

/// Why the successors of a state are not followed.
enum Wrong {
    Stopped,
    Problem(Problem, Option<Box<Successor>>),
}

fn visit(successor: Successor) -> Visit {
    Visit {
        by: Some(Taken {
            action: successor.action,
            arguments: successor.arguments,
        }),
        state: successor.state,
    }
}

/// Checks an initial state; whether it is within the constraints.
fn take_initial<W: Worker>(checker: &mut Checker<'_, W>, state: &State) -> Result<bool, Break> {
    let shown = |problem| {
        Break::Shown(Box::new(Shown {
            problem,
            visits: vec![Visit {
                by: None,
                state: state.clone(),
            }],
        }))
    };
    for check in [Checker::invariants, Checker::initial_properties] {
        if let Some(problem) = problem(check(checker, state))? {
            return Err(shown(problem));
        }
    }
    checker.within(state).map_err(|failure| match failure {
        Failure::Stopped => Break::Stopped,
        Failure::Error(error) => shown(Problem::Evaluation(error)),
    })
}

/// Checks a successor in TLC's order; whether it is within the constraints. The error is `None`
/// when the computation was stopped.
fn take_step<W: Worker>(
    checker: &mut Checker<'_, W>,
    level: u32,
    from: &State,
    to: &State,
) -> Result<bool, Option<Problem>> {
    let failed = |failure| match failure {
        Failure::Stopped => None,
        Failure::Error(error) => Some(Problem::Evaluation(error)),
    };
    checker.set_level(level + 1);
    if let Some(problem) = checker.invariants(to).map_err(failed)? {
        return Err(Some(problem));
    }
    checker.set_level(level);
    if let Some(problem) = checker.action_properties(from, to).map_err(failed)? {
        return Err(Some(problem));
    }
    checker.set_level(level + 1);
    let within = checker.within(to).map_err(failed)?;
    checker.set_level(level);
    Ok(within && checker.step_within(from, to).map_err(failed)?)
}

fn lock(merged: &Mutex<Merged>) -> MutexGuard<'_, Merged> {
    merged.lock().unwrap_or_else(PoisonError::into_inner)
}
