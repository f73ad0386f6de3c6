//! The explorer as a whole, against toy systems.

mod graph;
mod search;
mod simulate;
mod single_worker;

use std::time::Duration;

use super::toy::{Toy, decode_values};
use super::*;
use crate::control::Control;

pub(super) const THREADS: [usize; 4] = [1, 2, 3, 7];

pub(super) fn with(system: &Toy, threads: usize, limits: Limits) -> Report {
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
pub(super) fn run_within(system: &Toy, limits: Limits) -> Report {
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

pub(super) fn run(system: &Toy) -> Report {
    run_within(system, Limits::default())
}

pub(super) fn path(report: &Report) -> Vec<u32> {
    report
        .trace
        .steps
        .iter()
        .map(|step| decode_values(step.shown.iter().map(|shown| &shown.value)))
        .collect()
}

/// generated, distinct, queue, depth
pub(super) fn counts(report: &Report) -> (u64, u64, u64, u32) {
    let counts = report.counts;
    (
        counts.generated,
        counts.distinct,
        counts.queue,
        counts.depth,
    )
}

/// Two jugs of 3 and 5, in the order of actions of the well-known specification.
pub(super) fn jugs() -> Toy {
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

/// All ways to raise `count` digits from 0 to `most`, one step at a time: many diamonds.
pub(super) fn counters(count: u32, most: u32) -> Toy {
    Toy::new(vec![0], move |state, next| {
        for digit in 0..count {
            if state >> (4 * digit) & 15 < most {
                next.push((digit % 2, state + (1 << (4 * digit))));
            }
        }
        Ok(())
    })
}
