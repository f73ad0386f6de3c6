//! The state graph.

use super::super::toy::{Toy, ToyError, decode};
use super::super::*;
use super::{counters, jugs};
use crate::control::{Control, StopReason};

fn build(system: &Toy, limits: Limits) -> Result<Graph, GraphError> {
    graph(
        system,
        &Control::new(),
        &limits,
        GraphOptions {
            arguments: true,
            ..GraphOptions::default()
        },
    )
}

#[test]
fn has_the_states_and_steps_of_the_search() {
    let found = build(&jugs(), Limits::default()).unwrap();
    assert_eq!((found.states().len(), found.edge_count()), (16, 96));
    assert_eq!(found.initial(), [Node(0)]);
    assert_eq!(
        found
            .nodes()
            .map(|node| found.edges(node).len())
            .sum::<usize>(),
        96
    );
    let from_start: Vec<u32> = found
        .edges(Node(0))
        .iter()
        .map(|edge| decode(&found.states()[edge.to.0 as usize]))
        .collect();
    assert_eq!(from_start, [3, 40, 0, 0, 0, 0]);
}

#[test]
fn leaves_out_what_the_constraints_exclude() {
    let mut system = counters(2, 3);
    system.constraint = Box::new(|state| Ok(state & 15 < 2));
    let found = build(&system, Limits::default()).unwrap();
    assert_eq!((found.states().len(), found.edge_count()), (8, 10));
}

#[test]
fn is_complete_or_not_at_all() {
    let limits = |states, depth| Limits {
        states,
        depth,
        ..Limits::default()
    };
    let system = counters(2, 3);
    for limits in [limits(Some(15), None), limits(None, Some(6))] {
        assert!(matches!(
            build(&system, limits),
            Err(GraphError::Limit(StopReason::States | StopReason::Depth))
        ));
    }
    assert!(build(&system, limits(Some(16), Some(8))).is_ok());
    let failing = Toy::new(vec![0], |_, _| Err(ToyError("no successors")));
    let error = build(&failing, Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "no successors");
}
