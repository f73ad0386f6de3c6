//! The search as a whole, against toy systems.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::toy::{Toy, ToyError, decode_values};
use super::*;
use crate::control::{Control, StopReason};

const THREADS: [usize; 4] = [1, 2, 3, 7];

fn with(system: &Toy, threads: usize, limits: Limits) -> Report {
    search(
        system,
        &Control::new(),
        &Options {
            limits,
            threads: Some(threads),
            ..Options::default()
        },
    )
    .unwrap()
}

/// Searches with several numbers of threads, all of which must give the same.
fn run_within(system: &Toy, limits: Limits) -> Report {
    let mut first: Option<Report> = None;
    for threads in THREADS {
        let mut report = with(system, threads, limits);
        report.duration = Duration::ZERO;
        report.threads = 0;
        match &first {
            None => first = Some(report),
            Some(first) => assert_eq!(first, &report, "{threads} threads"),
        }
    }
    first.unwrap()
}

fn run(system: &Toy) -> Report {
    run_within(system, Limits::default())
}

fn path(report: &Report) -> Vec<u32> {
    report
        .trace
        .steps
        .iter()
        .map(|step| decode_values(step.shown.iter().map(|shown| &shown.value)))
        .collect()
}

/// generated, distinct, queue, depth
fn counts(report: &Report) -> (u64, u64, u64, u32) {
    let counts = report.counts;
    (
        counts.generated,
        counts.distinct,
        counts.queue,
        counts.depth,
    )
}

/// Two jugs of 3 and 5, in the order of actions of the well-known specification.
fn jugs() -> Toy {
    let mut toy = Toy::new(vec![0], |state, next| {
        let (small, big) = (state % 8, state / 8);
        for (small_to, big_to) in [
            (3, big),
            (small, 5),
            (0, big),
            (small, 0),
            (small - small.min(5 - big), big + small.min(5 - big)),
            (small + big.min(3 - small), big - big.min(3 - small)),
        ] {
            next.push((0, small_to + 8 * big_to));
        }
        Ok(())
    });
    toy.invariant = Box::new(|state| Ok(state / 8 != 4));
    toy
}

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

/// All ways to raise `count` digits from 0 to `most`, one step at a time: many diamonds.
fn counters(count: u32, most: u32) -> Toy {
    Toy::new(vec![0], move |state, next| {
        for digit in 0..count {
            if state >> (4 * digit) & 15 < most {
                next.push((digit % 2, state + (1 << (4 * digit))));
            }
        }
        Ok(())
    })
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
    assert_eq!(moved.arguments[0].0.as_str(), "even");
    let changed = report.trace.steps[20]
        .shown
        .iter()
        .filter(|shown| shown.changed);
    assert_eq!(changed.count(), (path[20] ^ path[19]).count_ones() as usize);
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

/// What one worker that takes state after state finds: outcome, counts and path.
fn naive(system: &Toy) -> (&'static str, (u64, u64, u64, u32), Vec<u32>) {
    let mut parents: HashMap<u32, Option<u32>> = HashMap::new();
    let mut queue = VecDeque::new();
    let (mut generated, mut depth) = (0, 0);
    let way = |parents: &HashMap<u32, Option<u32>>, last: u32, more: Option<u32>| {
        let mut way: Vec<u32> = std::iter::successors(Some(last), |at| parents[at]).collect();
        way.reverse();
        way.extend(more);
        way
    };
    for &state in &system.initial {
        generated += 1;
        depth = depth.max(1);
        let within = (system.constraint)(state).unwrap();
        let new = within && !parents.contains_key(&state);
        if new {
            parents.insert(state, None);
        }
        if (new || !within) && !(system.invariant)(state).unwrap() {
            let left = queue.len() as u64;
            return (
                "invariant",
                (generated, parents.len() as u64, left, depth),
                vec![state],
            );
        }
        if new {
            queue.push_back((state, 1));
        }
    }
    while let Some((state, level)) = queue.pop_front() {
        let mut steps = Vec::new();
        let result = (system.next)(state, &mut steps);
        let enabled = !steps.is_empty();
        for (_, to) in steps {
            generated += 1;
            let within = (system.constraint)(to).unwrap()
                && (system.action_constraint)((state, to)).unwrap();
            let new = within && !parents.contains_key(&to);
            let before = way(&parents, state, Some(to));
            if new {
                parents.insert(to, Some(state));
                depth = depth.max(level + 1);
            }
            let wrong = if (new || !within) && !(system.invariant)(to).unwrap() {
                Some("invariant")
            } else if !(system.action_property)((state, to)).unwrap() {
                Some("action-property")
            } else {
                None
            };
            if let Some(wrong) = wrong {
                let left = queue.len() as u64;
                return (
                    wrong,
                    (generated, parents.len() as u64, left, depth),
                    before,
                );
            }
            if new {
                queue.push_back((to, level + 1));
            }
        }
        let wrong = match result {
            Err(_) => Some("error"),
            Ok(()) if system.deadlock && !enabled => Some("deadlock"),
            Ok(()) => None,
        };
        if let Some(wrong) = wrong {
            let counts = (generated, parents.len() as u64, queue.len() as u64, depth);
            return (wrong, counts, way(&parents, state, None));
        }
    }
    (
        "ok",
        (generated, parents.len() as u64, 0, depth),
        Vec::new(),
    )
}

fn graph() -> impl Strategy<Value = Vec<Vec<u32>>> {
    (2_u32..60).prop_flat_map(|nodes| {
        let targets = prop::collection::vec(0..nodes, 0..4);
        prop::collection::vec(targets, nodes as usize)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// On any graph, with any mixture of checks, the search is what one worker does.
    #[test]
    fn agrees_with_a_single_worker(
        edges in graph(),
        initial in prop::collection::vec(0_u32..20, 1..4),
        bad in 0_u32..120,
        bad_step in (0_u32..120, 0_u32..60),
        outside in 0_u32..120,
        outside_step in (0_u32..60, 0_u32..60),
        failing in 0_u32..120,
        deadlock: bool,
    ) {
        let nodes = u32::try_from(edges.len()).unwrap();
        let initial = initial.into_iter().map(|state| state % nodes).collect();
        let mut system = Toy::new(initial, move |state, next| {
            next.extend(edges[state as usize].iter().map(|&to| (to % 2, to)));
            if state == failing { Err(ToyError("failing")) } else { Ok(()) }
        });
        system.deadlock = deadlock;
        system.invariant = Box::new(move |state| Ok(state != bad));
        system.action_property = Box::new(move |step| Ok(step != bad_step));
        system.constraint = Box::new(move |state| Ok(state != outside));
        system.action_constraint = Box::new(move |step| Ok(step != outside_step));
        let report = run(&system);
        let found = (report.outcome.name(), counts(&report), path(&report));
        prop_assert_eq!(found, naive(&system));
        let generated: u64 = report.coverage.actions.iter().map(|action| action.generated).sum();
        prop_assert_eq!(generated + report.counts.initial_generated, report.counts.generated);
        let distinct: u64 = report.coverage.actions.iter().map(|action| action.distinct).sum();
        prop_assert_eq!(distinct + report.counts.initial_distinct, report.counts.distinct);
    }
}
