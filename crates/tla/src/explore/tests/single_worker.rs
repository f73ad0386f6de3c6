//! The search against a plain one that takes state after state.

use std::collections::{HashMap, VecDeque};
use std::thread;
use std::time::Duration;

use proptest::prelude::*;

use super::super::toy::{Toy, ToyError};
use super::{counts, path, run};

/// What one worker that takes state after state finds: outcome, counts and path.
fn naive(system: &Toy) -> (&'static str, (u64, u64, u64, u32), Vec<u32>) {
    // By the image of a state: the state found first, and the image of its parent.
    let mut known: HashMap<u32, (u32, Option<u32>)> = HashMap::new();
    let mut queue = VecDeque::new();
    let (mut generated, mut depth) = (0, 0);
    let way = |known: &HashMap<u32, (u32, Option<u32>)>, last: u32, more: Option<u32>| {
        let mut way: Vec<u32> = std::iter::successors(Some(last), |at| known[at].1)
            .map(|at| known[&at].0)
            .collect();
        way.reverse();
        way.extend(more);
        way
    };
    for &state in &system.initial {
        generated += 1;
        depth = depth.max(1);
        let within = (system.constraint)(state).unwrap();
        let new = within && !known.contains_key(&(system.view)(state));
        if new {
            known.insert((system.view)(state), (state, None));
        }
        if (new || !within) && !(system.invariant)(state).unwrap() {
            let left = queue.len() as u64;
            return (
                "invariant",
                (generated, known.len() as u64, left, depth),
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
            let new = within && !known.contains_key(&(system.view)(to));
            let before = way(&known, (system.view)(state), Some(to));
            if new {
                known.insert((system.view)(to), (to, Some((system.view)(state))));
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
                return (wrong, (generated, known.len() as u64, left, depth), before);
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
            let counts = (generated, known.len() as u64, queue.len() as u64, depth);
            return (wrong, counts, way(&known, (system.view)(state), None));
        }
    }
    ("ok", (generated, known.len() as u64, 0, depth), Vec::new())
}

fn graph() -> impl Strategy<Value = Vec<Vec<u32>>> {
    (2_u32..30).prop_flat_map(|nodes| {
        let targets = prop::collection::vec(0..nodes, 0..4);
        prop::collection::vec(targets, nodes as usize)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// On any graph, with any mixture of checks, the search is what one worker does.
    #[test]
    fn agrees_with_a_single_worker(
        edges in graph(),
        initial in prop::collection::vec(0_u32..20, 1..4),
        bad in 0_u32..60,
        bad_step in (0_usize..60, 0_usize..4),
        outside in 0_u32..60,
        outside_step in (0_usize..60, 0_usize..4),
        failing in 0_u32..60,
        deadlock: bool,
        coarse in 1_u32..3,
        in_order: bool,
    ) {
        let nodes = u32::try_from(edges.len()).unwrap();
        let step = |(from, nth): (usize, usize)| {
            let to = *edges.get(from)?.get(nth)?;
            Some((u32::try_from(from).unwrap(), to))
        };
        let (bad_step, outside_step) = (step(bad_step), step(outside_step));
        let initial = initial.into_iter().map(|state| state % nodes).collect();
        let mut system = Toy::new(initial, move |state, next| {
            // Long enough that other threads come to take part, at different times.
            thread::sleep(Duration::from_micros(20 * u64::from(state % 4)));
            next.extend(edges[state as usize].iter().map(|&to| (to % 2, to)));
            if state == failing { Err(ToyError("failing")) } else { Ok(()) }
        });
        system.deadlock = deadlock;
        system.view = Box::new(move |state| state / coarse);
        system.in_order = in_order;
        system.invariant = Box::new(move |state| Ok(state != bad));
        system.action_property = Box::new(move |step| Ok(Some(step) != bad_step));
        system.constraint = Box::new(move |state| Ok(state != outside));
        system.action_constraint = Box::new(move |step| Ok(Some(step) != outside_step));
        let report = run(&system);
        let found = (report.outcome.name(), counts(&report), path(&report));
        prop_assert_eq!(found, naive(&system));
        let generated: u64 = report.coverage.actions.iter().map(|action| action.generated).sum();
        prop_assert_eq!(generated + report.counts.initial_generated, report.counts.generated);
        let distinct: u64 = report.coverage.actions.iter().map(|action| action.distinct).sum();
        prop_assert_eq!(distinct + report.counts.initial_distinct, report.counts.distinct);
    }
}
