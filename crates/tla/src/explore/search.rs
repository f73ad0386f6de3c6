//! Breadth-first search of all reachable states.

use std::collections::BTreeMap;
use std::sync::RwLock;
use std::thread;

use super::checks::Checker;
use super::finding::{Finding, Problem};
use super::initial::initial_states;
use super::limits::{Limits, Meter, Observer, Watch};
use super::merge::{End, Merger};
use super::outcome::{Collision, Coverage, EngineError, Outcome, Phase, Report, Trace};
use super::pool::{Explored, add_coverage, explore};
use super::seen::Seen;
use super::system::{System, Worker};
use super::trace::{follow, present};
use crate::control::Progress;
use crate::control::{Control, StopReason};
use crate::stack::with_deep_stack;

/// A collision estimated as less likely than this is not worth looking at the fingerprints.
const NEGLIGIBLE: f64 = 1e-10;

/// How to search.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// What it may take.
    pub limits: Limits,
    /// Threads that expand states; `None` for as many as there are processors.
    pub threads: Option<usize>,
    /// Who is told how it goes.
    pub observer: Option<Observer<'a>>,
    /// Leave the postconditions to [`check_postconditions`].
    pub leave_postconditions: bool,
}

/// Explores all states that can be reached, breadth first, and stops at the first thing that is
/// wrong.
///
/// The outcome, the counts, the trace and the coverage of actions are those of TLC with one
/// worker, whatever the number of threads, unless a limit of time or memory or a cancellation ends
/// the search. `control` must be the one that the system's workers poll.
///
/// # Errors
/// When the system refuses the threads.
pub fn search<S: System>(
    system: &S,
    control: &Control,
    options: &Options<'_>,
) -> Result<Report, EngineError> {
    let meter = Meter::new();
    watched(control, &options.limits, options.observer, &meter, || {
        run(system, control, options, &meter)
    })
}

/// Runs a computation on a deep stack while limits of time and memory are watched.
pub(crate) fn with_limits<T: Send>(
    control: &Control,
    limits: &Limits,
    work: impl FnOnce() -> T + Send,
) -> Result<T, EngineError> {
    watched(control, limits, None, &Meter::new(), work)
}

/// Runs a computation on a deep stack while limits are watched.
pub(super) fn watched<T: Send>(
    control: &Control,
    limits: &Limits,
    observer: Option<Observer<'_>>,
    meter: &Meter,
    work: impl FnOnce() -> T + Send,
) -> Result<T, EngineError> {
    let watch = Watch::default();
    thread::scope(|scope| {
        if Watch::is_needed(limits, observer) {
            thread::Builder::new()
                .name("tla-watch".into())
                .spawn_scoped(scope, || watch.keep(limits, observer, meter, control))?;
        }
        let result = with_deep_stack(work);
        watch.end();
        result
    })
    .map_err(EngineError::Threads)
}

fn run<S: System>(system: &S, control: &Control, options: &Options<'_>, meter: &Meter) -> Report {
    let seen = RwLock::new(Seen::new());
    let mut merger = Merger::new(&seen, system.actions().len(), &options.limits, meter);
    let mut checker = Checker::new(system, control);
    if let Some(outcome) = assumptions(system, &mut checker) {
        let explored = Explored {
            end: None,
            exhausted: false,
            merger,
            checker,
            coverage: BTreeMap::new(),
            threads: 1,
        };
        return Run { system, meter }.report(explored, outcome, Trace::default());
    }
    let mut states = Vec::new();
    let explored = match initial_states(system, control, &mut checker, &mut merger, &mut states) {
        Ok(true) => {
            let threads = options.threads.unwrap_or_else(available_threads);
            explore(system, control, &seen, threads, checker, merger, states)
        }
        stopped_or_end => Explored {
            end: stopped_or_end.err(),
            exhausted: false,
            merger,
            checker,
            coverage: BTreeMap::new(),
            threads: 1,
        },
    };
    // Only now is nobody left who should stop because the answer is known.
    control.resume();
    Run { system, meter }.conclude(control, options, explored)
}

/// As many threads as there are processors for this process.
pub(super) fn available_threads() -> usize {
    thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)
}

/// The verdict on the assumptions, unless all hold.
pub(super) fn assumptions<'a, S: System + 'a>(
    system: &S,
    checker: &mut Checker<'a, S::Worker<'a>>,
) -> Option<Outcome> {
    for (index, check) in system.assumptions().iter().enumerate() {
        match checker.worker.assumption(index) {
            Ok(true) => {}
            Ok(false) => return Some(Outcome::AssumptionFalse(check.clone())),
            Err(error) => {
                return Some(checker.failed(&error, Phase::Assumption(index)));
            }
        }
    }
    None
}

/// Names what is wrong.
pub(super) fn outcome_of<S: System>(system: &S, problem: Problem) -> Outcome {
    let (checks, index, wrap): (_, _, fn(_) -> Outcome) = match problem {
        Problem::Invariant(index) => (system.invariants(), index, Outcome::Invariant),
        Problem::InitialProperty(index) => {
            (system.initial_properties(), index, Outcome::InitialProperty)
        }
        Problem::ActionProperty(index) => {
            (system.action_properties(), index, Outcome::ActionProperty)
        }
        Problem::Deadlock => return Outcome::Deadlock,
        Problem::Evaluation(error) => return Outcome::of_error(*error),
    };
    checks.get(index).cloned().map_or(Outcome::Deadlock, wrap)
}

struct Run<'r, S> {
    system: &'r S,
    meter: &'r Meter,
}

impl<S: System> Run<'_, S> {
    fn conclude<'a>(
        &self,
        control: &Control,
        options: &Options<'_>,
        mut explored: Explored<'a, S::Worker<'a>>,
    ) -> Report
    where
        S: 'a,
    {
        let mut trace = Trace::default();
        let outcome = match explored.end.take() {
            Some(End::Limit(reason)) => Outcome::Limit(reason),
            Some(End::Finding(finding)) => {
                trace = self.trace(&mut explored, &finding);
                outcome_of(self.system, finding.problem)
            }
            None if !explored.exhausted => {
                Outcome::Limit(control.stopped().unwrap_or(StopReason::Cancelled))
            }
            None if explored.merger.cut => Outcome::Limit(StopReason::Depth),
            None if options.leave_postconditions => Outcome::Ok,
            None => {
                // No state is at hand.
                let progress = explored.merger.progress(0);
                explored.checker.set_progress(progress);
                explored.checker.postconditions()
            }
        };
        self.report(explored, outcome, trace)
    }

    fn trace<'a>(&self, explored: &mut Explored<'a, S::Worker<'a>>, finding: &Finding) -> Trace
    where
        S: 'a,
    {
        let mut way = finding
            .parent
            .map_or_else(Vec::new, |parent| explored.merger.ancestry.way_to(parent));
        way.extend(finding.ordinal);
        let progress = explored.merger.progress(0);
        let worker = &mut explored.checker.worker;
        let (visits, flaw) = follow(worker, &way, progress);
        present(self.system, worker, visits, progress, flaw)
    }

    fn report<'a>(
        &self,
        explored: Explored<'a, S::Worker<'a>>,
        outcome: Outcome,
        trace: Trace,
    ) -> Report
    where
        S: 'a,
    {
        let Explored {
            merger,
            checker,
            mut coverage,
            threads,
            ..
        } = explored;
        add_coverage(&mut coverage, &checker.worker);
        let mut counts = merger.counts;
        if counts.generated > 0 {
            counts.depth = counts.depth.max(1);
        }
        Report {
            outcome,
            counts,
            trace,
            coverage: Coverage::of(self.system, &merger.tallies, coverage),
            collision: merger.collision(),
            simulation: None,
            duration: self.meter.elapsed(),
            threads,
        }
    }
}

impl Merger<'_> {
    /// How likely it is that a state was missed.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a probability of two significant digits"
    )]
    fn collision(&self) -> Collision {
        let distinct = self.counts.distinct as f64;
        let duplicates = self.counts.generated.saturating_sub(self.counts.distinct) as f64;
        let estimated = distinct * duplicates / 2_f64.powi(64);
        let observed = (estimated >= NEGLIGIBLE)
            .then(|| self.least_distance())
            .flatten()
            .map(|distance| 1.0 / distance as f64);
        Collision {
            estimated,
            observed,
        }
    }
}

/// Evaluates the postconditions after a search that left them, if nothing was wrong so far, and
/// updates the outcome.
///
/// # Errors
/// When the system refuses a thread.
pub fn check_postconditions<S: System>(
    system: &S,
    control: &Control,
    report: &mut Report,
) -> Result<(), EngineError> {
    if report.outcome != Outcome::Ok {
        return Ok(());
    }
    let counts = report.counts;
    let progress = Progress {
        level: 0,
        diameter: counts.depth.max(1),
        generated: counts.generated,
        distinct: counts.distinct,
        queue: counts.queue,
        duration_seconds: report.duration.as_secs(),
        simulation: false,
    };
    report.outcome = with_deep_stack(|| {
        let mut checker: Checker<'_, S::Worker<'_>> = Checker::new(system, control);
        checker.set_progress(progress);
        checker.postconditions()
    })
    .map_err(EngineError::Threads)?;
    Ok(())
}
