//! Simulation.

use std::collections::HashSet;
use std::sync::Mutex;
use std::time::Duration;

use super::super::toy::{Toy, ToyError};
use super::super::*;
use super::{THREADS, counters, path};
use crate::control::{Control, StopReason};

fn options(seed: u64, depth: u32, traces: u64) -> Simulation<'static> {
    Simulation {
        seed,
        depth,
        traces: Some(traces),
        limits: Limits::default(),
        threads: None,
        observer: None,
    }
}

/// Simulates with several numbers of threads, all of which must give the same.
fn run(system: &Toy, options: Simulation<'_>) -> Report {
    let mut reports = THREADS.map(|threads| {
        let options = Simulation {
            threads: Some(threads),
            ..options
        };
        let mut report = simulate(system, &Control::new(), &options).unwrap();
        report.duration = Duration::ZERO;
        report.threads = 0;
        report
    });
    for report in &reports {
        assert_eq!(report, &reports[0]);
    }
    reports.swap(0, 1);
    let [report, ..] = reports;
    report
}

#[test]
fn generates_as_many_behaviours_as_asked() {
    let report = run(&counters(3, 9), options(1, 10, 100));
    assert_eq!(report.outcome, Outcome::Ok);
    assert_eq!(
        report.simulation,
        Some(Simulated {
            seed: 1,
            traces: 100
        })
    );
    assert_eq!(report.counts.depth, 11);
    // Nearly every state has three successors until a digit is full.
    assert!((2_900..=3_001).contains(&report.counts.generated));
}

#[test]
fn finds_what_is_wrong_and_the_behaviour_that_shows_it() {
    let mut system = counters(2, 9);
    system.invariant = Box::new(|state| Ok(state != 0x44));
    let report = run(&system, options(7, 100, 10_000));
    assert_eq!(report.outcome.name(), "invariant");
    let path = path(&report);
    assert_eq!((path.len(), path.last()), (9, Some(&0x44)));
    assert!(report.trace.steps[1..].iter().all(|step| step.by.is_some()));
    // Another seed, another way; the same seed, the same way.
    let ways: HashSet<_> = (0..8)
        .map(|seed| super::path(&run(&system, options(seed, 100, 10_000))))
        .collect();
    assert!(ways.len() > 1);
}

#[test]
fn checks_steps_constraints_deadlocks_and_errors() {
    let mut system = counters(1, 9);
    assert_eq!(run(&system, options(1, 20, 20)).outcome, Outcome::Ok);
    system.deadlock = true;
    let report = run(&system, options(1, 20, 20));
    assert_eq!(
        (&report.outcome, path(&report).len()),
        (&Outcome::Deadlock, 10)
    );
    assert_eq!(run(&system, options(1, 9, 20)).outcome, Outcome::Ok);
    system.constraint = Box::new(|state| Ok(state < 4));
    assert_eq!(path(&run(&system, options(1, 9, 20))), [0, 1, 2, 3]);
    system.action_property = Box::new(|step| Ok(step != (1, 2)));
    let report = run(&system, options(1, 9, 20));
    assert_eq!(report.outcome.name(), "action-property");
    assert_eq!(path(&report), [0, 1, 2]);
    system.next = Box::new(|_, _| Err(ToyError("no next")));
    let report = run(&system, options(1, 9, 20));
    assert_eq!(report.outcome.name(), "error");
    assert_eq!(path(&report), [0]);
    system.initial_property = Box::new(|_| Ok(false));
    assert_eq!(
        run(&system, options(1, 9, 20)).outcome.name(),
        "initial-property"
    );
}

#[test]
fn visits_all_successors_about_equally_often() {
    let ends = Mutex::new([0_u32; 4]);
    let ends: &'static Mutex<[u32; 4]> = Box::leak(Box::new(ends));
    let system = Toy::new(vec![0], |state, next| {
        if state == 0 {
            next.extend([(0, 1), (0, 2), (1, 3)]);
        } else {
            ends.lock().unwrap()[state as usize] += 1;
        }
        Ok(())
    });
    let one = Simulation {
        threads: Some(1),
        ..options(3, 2, 3_000)
    };
    simulate(&system, &Control::new(), &one).unwrap();
    for count in &ends.lock().unwrap()[1..] {
        assert!((900..1_100).contains(count), "{count}");
    }
}

#[test]
fn without_a_number_of_behaviours_a_limit_ends_it() {
    let states = Limits {
        states: Some(5_000),
        ..Limits::default()
    };
    let endless = Simulation {
        traces: None,
        limits: states,
        ..options(1, 10, 0)
    };
    let report = run(&counters(3, 9), endless);
    assert_eq!(report.outcome, Outcome::Limit(StopReason::States));
    assert!(report.counts.generated >= 5_000);
    let time = Limits {
        time: Some(Duration::from_millis(30)),
        ..Limits::default()
    };
    let endless = Simulation {
        limits: time,
        ..endless
    };
    let report = simulate(&counters(3, 9), &Control::new(), &endless).unwrap();
    assert_eq!(report.outcome, Outcome::Limit(StopReason::Time));
}
