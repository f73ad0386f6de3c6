//! Verdicts, counts and traces of the search.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::super::toy::{Toy, ToyError};
use super::super::*;
use super::{THREADS, counters, counts, jugs, path, run, run_within};
use crate::control::{Control, StopReason};

#[test]
fn measures_four_gallons() {
    let report = run(&jugs());
    assert_eq!(report.outcome.violated().unwrap().name.as_str(), "Inv");
    assert_eq!(report.outcome.name(), "invariant");
    assert_eq!(path(&report).len(), 7);
    assert_eq!(path(&report)[6] / 8, 4);
    let mut all = jugs();
    all.invariant = Box::new(|_| Ok(true));
    let report = run(&all);
    assert_eq!(report.outcome, Outcome::Ok);
    assert_eq!(counts(&report), (97, 16, 0, 8));
    assert_eq!(report.trace, Trace::default());
    assert_eq!(report.coverage.actions[0].generated, 96);
    assert_eq!(report.coverage.actions[0].distinct, 15);
}

#[test]
fn counts_diamonds_once() {
    let report = run(&counters(4, 9));
    assert_eq!(report.outcome, Outcome::Ok);
    assert_eq!(counts(&report), (4 * 9 * 1000 + 1, 10_000, 0, 37));
}

#[test]
fn finds_a_late_violation_by_a_shortest_path() {
    let mut system = counters(5, 7);
    system.invariant = Box::new(|state| Ok(state != 0x65_432));
    let report = run(&system);
    assert_eq!(report.outcome.name(), "invariant");
    let path = path(&report);
    assert_eq!(path.len(), 21);
    assert_eq!((path[0], path[20]), (0, 0x65_432));
    for pair in path.windows(2) {
        assert_eq!((pair[1] - pair[0]).count_ones(), 1);
    }
    let moved = report.trace.steps[20].by.as_ref().unwrap();
    assert!(["A", "B"].contains(&moved.action.as_str()));
    assert_eq!(moved.arguments[0].0.as_str(), "to");
    let changed = report.trace.steps[20]
        .shown
        .iter()
        .map(|shown| shown.changed);
    assert_eq!(
        changed.collect::<Vec<_>>(),
        [path[20] % 2 != path[19] % 2, true]
    );
}

#[test]
fn a_state_without_successor_is_a_deadlock_only_if_asked() {
    let mut system = counters(2, 3);
    assert_eq!(run(&system).outcome, Outcome::Ok);
    system.deadlock = true;
    let report = run(&system);
    assert_eq!(report.outcome, Outcome::Deadlock);
    assert_eq!(path(&report).last(), Some(&0x33));
    assert_eq!(path(&report).len(), 7);
}

#[test]
fn a_successor_outside_the_constraint_is_no_deadlock_but_is_checked() {
    let mut system = Toy::new(vec![0], |state, next| {
        next.push((0, state + 1));
        Ok(())
    });
    system.deadlock = true;
    system.constraint = Box::new(|state| Ok(state < 10));
    let report = run(&system);
    assert_eq!(report.outcome, Outcome::Ok);
    assert_eq!(counts(&report), (11, 10, 0, 10));
    system.invariant = Box::new(|state| Ok(state < 10));
    let report = run(&system);
    assert_eq!(report.outcome.name(), "invariant");
    assert_eq!(path(&report), (0..=10).collect::<Vec<_>>());
    assert_eq!(counts(&report), (11, 10, 0, 10));
}

#[test]
fn steps_to_known_states_are_checked() {
    let mut system = Toy::new(vec![0], |state, next| {
        next.push((0, (state + 1) % 5));
        Ok(())
    });
    system.action_property = Box::new(|(from, to)| Ok(from < to));
    let report = run(&system);
    assert_eq!(report.outcome.name(), "action-property");
    assert_eq!(path(&report), [0, 1, 2, 3, 4, 0]);
}

#[test]
fn an_action_constraint_cuts_steps() {
    let mut system = counters(2, 3);
    system.action_constraint = Box::new(|(_, to)| Ok(to & 15 >= to >> 4));
    let report = run(&system);
    assert_eq!(counts(&report).1, 10);
}

#[test]
fn an_error_counts_at_its_place_after_the_successors_before_it() {
    let failing = |state: u32, next: &mut Vec<(u32, u32)>| {
        next.push((0, 2 * state));
        next.push((1, 2 * state + 1));
        if state == 11 {
            return Err(ToyError("eleven"));
        }
        Ok(())
    };
    let mut system = Toy::new(vec![1], failing);
    system.constraint = Box::new(|state| Ok(state < 1 << 20));
    let report = run(&system);
    let Outcome::EvaluationError(error) = &report.outcome else {
        panic!("{:?}", report.outcome);
    };
    assert_eq!(
        (error.message.as_str(), error.phase),
        ("eleven", Phase::Next)
    );
    assert_eq!(path(&report), [1, 2, 5, 11]);
    assert_eq!(counts(&report), (23, 23, 12, 5));
    // Its last successor violates an invariant: that comes first.
    system.invariant = Box::new(|state| Ok(state != 23));
    let report = run(&system);
    assert_eq!(report.outcome.name(), "invariant");
    assert_eq!(path(&report), [1, 2, 5, 11, 23]);
    // An invariant that cannot be evaluated.
    system.invariant = Box::new(|state| {
        if state == 13 {
            Err(ToyError("thirteen"))
        } else {
            Ok(true)
        }
    });
    let report = run(&system);
    let Outcome::EvaluationError(error) = &report.outcome else {
        panic!("{:?}", report.outcome);
    };
    assert_eq!(error.phase, Phase::Invariant(0));
    assert_eq!(path(&report), [1, 3, 6, 13]);
}

#[test]
fn initial_states_are_checked_in_order_and_counted_once() {
    let mut system = Toy::new(vec![4, 4, 6, 8], |_, _| Ok(()));
    let report = run(&system);
    assert_eq!(counts(&report), (4, 3, 0, 1));
    assert_eq!(
        (
            report.counts.initial_generated,
            report.counts.initial_distinct
        ),
        (4, 3)
    );
    system.initial_property = Box::new(|state| Ok(state != 6));
    let report = run(&system);
    assert_eq!(report.outcome.name(), "initial-property");
    assert_eq!(path(&report), [6]);
    assert_eq!(counts(&report).0, 3);
    system.invariant = Box::new(|state| Ok(state != 4));
    assert_eq!(run(&system).outcome.name(), "invariant");
    let mut system = Toy::new(vec![1], |_, _| Ok(()));
    system.initial_error = true;
    let report = run(&system);
    assert_eq!(report.outcome.name(), "error");
    assert_eq!(path(&report), Vec::<u32>::new());
}

#[test]
fn without_initial_states_all_holds() {
    let report = run(&Toy::new(vec![], |_, _| Ok(())));
    assert_eq!(report.outcome, Outcome::Ok);
    assert_eq!(counts(&report), (0, 0, 0, 0));
}

#[test]
fn assumptions_come_first_and_postconditions_last() {
    let mut system = jugs();
    system.assumption = false;
    assert_eq!(run(&system).outcome.name(), "assumption");
    let mut system = counters(2, 2);
    system.postcondition = false;
    assert_eq!(run(&system).outcome, Outcome::PostconditionFalse(0));
    let control = Control::new();
    let options = Options {
        leave_postconditions: true,
        ..Options::default()
    };
    let mut report = search(&system, &control, &options).unwrap();
    assert_eq!(report.outcome, Outcome::Ok);
    check_postconditions(&system, &control, &mut report).unwrap();
    assert_eq!(report.outcome, Outcome::PostconditionFalse(0));
}

#[test]
fn the_limit_of_states_is_exact() {
    let system = counters(3, 9);
    let limit = |states| Limits {
        states: Some(states),
        ..Limits::default()
    };
    let report = run_within(&system, limit(500));
    assert_eq!(report.outcome, Outcome::Limit(StopReason::States));
    assert_eq!(report.counts.distinct, 500);
    assert_eq!(run_within(&system, limit(1000)).outcome, Outcome::Ok);
    assert_eq!(run_within(&system, limit(999)).counts.distinct, 999);
}

#[test]
fn states_at_the_depth_limit_are_checked_but_not_expanded() {
    let mut system = counters(3, 9);
    let limit = |depth| Limits {
        depth: Some(depth),
        ..Limits::default()
    };
    let report = run_within(&system, limit(4));
    assert_eq!(report.outcome, Outcome::Limit(StopReason::Depth));
    assert_eq!(counts(&report), (31, 20, 10, 4));
    system.invariant = Box::new(|state| Ok(state != 0x111));
    assert_eq!(run_within(&system, limit(4)).outcome.name(), "invariant");
    assert_eq!(
        run_within(&system, limit(3)).outcome,
        Outcome::Limit(StopReason::Depth)
    );
    assert_eq!(run_within(&counters(1, 1), limit(3)).outcome, Outcome::Ok);
}

/// Goes on for ever, with many successors each time.
fn endless(control: &Arc<Control>) -> Toy {
    let mut system = Toy::new(vec![0], |state, next| {
        for i in 0..1000 {
            next.push((0, state.wrapping_mul(1009).wrapping_add(i)));
        }
        Ok(())
    });
    let control = Arc::clone(control);
    system.interrupted = Box::new(move || control.stopped().is_some());
    system
}

#[test]
fn time_and_memory_are_limited() {
    for threads in THREADS {
        for (limits, reason) in [
            (
                Limits {
                    time: Some(Duration::from_millis(60)),
                    ..Limits::default()
                },
                StopReason::Time,
            ),
            (
                Limits {
                    memory_bytes: Some(1),
                    ..Limits::default()
                },
                StopReason::Memory,
            ),
        ] {
            if !limits.can_be_kept() {
                continue;
            }
            let control = Arc::new(Control::new());
            let system = endless(&control);
            let options = Options {
                limits,
                threads: Some(threads),
                ..Options::default()
            };
            let started = Instant::now();
            let report = search(&system, &control, &options).unwrap();
            assert_eq!(report.outcome, Outcome::Limit(reason));
            assert!(started.elapsed() < Duration::from_secs(5));
        }
    }
}

#[test]
fn another_thread_cancels_even_a_single_evaluation() {
    for initial in [false, true] {
        let control = Arc::new(Control::new());
        let entered = Arc::new(AtomicBool::new(false));
        let inside = Arc::clone(&entered);
        let polled = Arc::clone(&control);
        let spin = move || {
            inside.store(true, Ordering::Relaxed);
            while polled.stopped().is_none() {
                thread::yield_now();
            }
        };
        let mut system = Toy::new(vec![0], |_, next| {
            next.push((0, 1));
            Ok(())
        });
        if initial {
            system.interrupted = Box::new(move || {
                spin();
                true
            });
        } else {
            system.next = Box::new(move |_, _| {
                spin();
                Err(ToyError("interrupted"))
            });
        }
        let report = thread::scope(|scope| {
            scope.spawn(|| {
                while !entered.load(Ordering::Relaxed) {
                    thread::yield_now();
                }
                control.stop(StopReason::Cancelled);
            });
            search(&system, &control, &Options::default()).unwrap()
        });
        assert_eq!(report.outcome, Outcome::Limit(StopReason::Cancelled));
    }
}

#[test]
fn an_observer_is_told_how_it_goes() {
    let told = AtomicU32::new(0);
    let tell = |progress: Progress| {
        if progress.distinct > 0 {
            told.fetch_add(1, Ordering::Relaxed);
        }
    };
    let control = Arc::new(Control::new());
    let system = endless(&control);
    let options = Options {
        limits: Limits {
            time: Some(Duration::from_millis(100)),
            ..Limits::default()
        },
        observer: Some(Observer {
            every: Duration::from_millis(5),
            tell: &tell,
        }),
        ..Options::default()
    };
    search(&system, &control, &options).unwrap();
    assert!(told.load(Ordering::Relaxed) > 0);
}
