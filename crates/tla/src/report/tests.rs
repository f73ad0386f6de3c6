//! What reports look like.

use std::time::Duration;

use super::*;
use crate::control::Control;
use crate::explore::toy::{Toy, ToyError};
use crate::explore::{GraphOptions, Limits, Options, Report, graph, search};
use crate::source::SourceMap;

/// Twelve lines of nine characters and a line break.
fn sources() -> SourceMap {
    let mut sources = SourceMap::default();
    sources.add("specs/Toy.tla", "123456789\n".repeat(12));
    sources
}

fn run_within(system: &Toy, limits: Limits) -> Report {
    let options = Options {
        limits,
        threads: Some(1),
        ..Options::default()
    };
    let mut report = search(system, &Control::new(), &options).unwrap();
    report.duration = Duration::from_millis(1_500);
    report
}

fn run(system: &Toy) -> Report {
    run_within(system, Limits::default())
}

/// Counts up to 3, by `A` to odd and by `B` to even numbers.
fn counter() -> Toy {
    Toy::new(vec![0], |state, next| {
        if state < 3 {
            next.push((state % 2, state + 1));
        }
        Ok(())
    })
}

#[test]
fn a_violation_for_people() {
    let mut system = counter();
    system.invariant = Box::new(|state| Ok(state < 2));
    assert_eq!(
        text(&run(&system), &sources()).to_string(),
        "Invariant Inv is violated (specs/Toy.tla:5:1).

  1. Initial state
       even   = TRUE
       number = 0
  2. A(to = 1)  [specs/Toy.tla:2:1]
       even   = FALSE
       number = 1
  3. B(to = 2)  [specs/Toy.tla:3:1]
       even   = TRUE
       number = 2

3 distinct states, 3 generated, depth 3; 1.500 s on 1 thread.
"
    );
}

#[test]
fn a_violation_as_tlc_prints_it() {
    let mut system = counter();
    system.action_property = Box::new(|(_, to)| Ok(to < 2));
    assert_eq!(
        tlc(&run(&system), &sources()).to_string(),
        "Error: Action property Steps is violated.
Error: The behavior up to this point is:
State 1: <Initial predicate>
/\\ even = TRUE
/\\ number = 0

State 2: <A line 2, col 1 to line 2, col 5 of module Toy>
/\\ even = FALSE
/\\ number = 1

State 3: <B(2) line 3, col 1 to line 3, col 5 of module Toy>
/\\ even = TRUE
/\\ number = 2

3 states generated, 3 distinct states found, 0 states left on queue.
The depth of the complete state graph search is 3.
"
    );
    system.invariant = Box::new(|_| Ok(false));
    assert_eq!(
        tlc(&run(&system), &sources()).to_string(),
        "Error: Invariant Inv is violated by the initial state:\n/\\ even = TRUE\n/\\ number = 0\n\n"
    );
    system.assumption = false;
    assert_eq!(
        tlc(&run(&system), &sources()).to_string(),
        "Error: Assumption line 4, col 1 to line 4, col 5 of module Toy is false.\n"
    );
}

#[test]
fn success_and_errors_as_tlc_prints_them() {
    let mut system = counter();
    assert_eq!(
        tlc(&run(&system), &sources()).to_string(),
        "Model checking completed. No error has been found.
  Estimates of the probability that TLC did not check all reachable states
  because two distinct states had the same fingerprint:
  calculated (optimistic):  val = 0.0
4 states generated, 4 distinct states found, 0 states left on queue.
The depth of the complete state graph search is 4.
"
    );
    system.next = Box::new(|state, next| {
        if state == 1 {
            return Err(ToyError("No way on."));
        }
        next.push((0, state + 1));
        Ok(())
    });
    assert_eq!(
        tlc(&run(&system), &sources()).to_string(),
        "Error: No way on.
Error: The behavior up to this point is:
State 1: <Initial predicate>
/\\ even = TRUE
/\\ number = 0

State 2: <A line 2, col 1 to line 2, col 5 of module Toy>
/\\ even = FALSE
/\\ number = 1

Error: The error occurred when TLC was evaluating the nested
expressions at the following positions:
0. Line 8, column 1 to line 8, column 5 in Toy


2 states generated, 2 distinct states found, 0 states left on queue.
The depth of the complete state graph search is 2.
"
    );
    assert!(
        text(&run(&system), &sources())
            .to_string()
            .starts_with("Error in the next-state relation: No way on.\n  at specs/Toy.tla:8:1\n")
    );
}

#[test]
fn json_tells_what_holds_what_does_not_and_what_is_undecided() {
    let mut system = counter();
    let holds = json(&run(&system), &sources());
    assert_eq!(holds["verdict"], "ok");
    assert_eq!(holds["holds"], true);
    assert_eq!(holds["distinct_states"], 4);
    assert_eq!(holds["coverage"]["actions"][1]["generated"], 1);
    let limits = Limits {
        depth: Some(2),
        ..Limits::default()
    };
    let undecided = json(&run_within(&system, limits), &sources());
    assert_eq!(
        (&undecided["verdict"], &undecided["limit"]),
        (&"limit".into(), &"depth".into())
    );
    assert!(undecided["holds"].is_null());
    system.invariant = Box::new(|state| Ok(state < 2));
    let fails = json(&run(&system), &sources());
    assert_eq!(fails["holds"], false);
    assert_eq!(
        fails["violated"],
        serde_json::json!({
            "name": "Inv",
            "location": "line 5, col 1 to line 5, col 5 of module Toy",
        })
    );
    assert_eq!(
        fails["trace"][2],
        serde_json::json!({
            "action": {
                "name": "B",
                "location": "line 3, col 1 to line 3, col 5 of module Toy",
                "arguments": { "to": "2" },
            },
            "values": { "even": true, "number": 2 },
            "text": { "even": "TRUE", "number": "2" },
            "changed": ["even", "number"],
        })
    );
    assert!(fails["trace"][0]["action"].is_null());
    system.invariant = Box::new(|_| Err(ToyError("What?")));
    let error = json(&run(&system), &sources());
    assert_eq!(error["verdict"], "error");
    assert_eq!(error["error"]["message"], "What?");
    assert_eq!(error["error"]["in"], "invariant Inv");
}

#[test]
fn people_are_told_of_limits_and_of_actions_never_taken() {
    let limits = Limits {
        states: Some(2),
        ..Limits::default()
    };
    assert_eq!(
        text(&run_within(&counter(), limits), &sources()).to_string(),
        "Undecided: limit of distinct states reached.

2 distinct states, 3 generated, depth 2, 0 not expanded; 1.500 s on 1 thread.
"
        .replace(", 0 not expanded", "")
    );
    let still = Toy::new(vec![0], |state, next| {
        next.push((0, state));
        Ok(())
    });
    assert_eq!(
        text(&run(&still), &sources()).to_string(),
        "No error found.

1 distinct states, 2 generated, depth 1; 1.500 s on 1 thread.
Action B was never enabled (specs/Toy.tla:3:1).
"
    );
}

#[test]
fn graphs_for_other_tools() {
    use crate::explore::System;
    let system = Toy::new(vec![0], |state, next| {
        if state < 1 {
            next.push((1, state + 1));
        }
        Ok(())
    });
    let found = graph(
        &system,
        &Control::new(),
        &Limits::default(),
        GraphOptions {
            arguments: true,
            ..GraphOptions::default()
        },
    )
    .unwrap();
    let (variables, actions) = (system.variables(), system.actions());
    assert_eq!(
        dot(&found, variables, actions).to_string(),
        r#"digraph states {
  0 [label="/\\ even = TRUE\l/\\ number = 0\l", style=filled];
  1 [label="/\\ even = FALSE\l/\\ number = 1\l"];
  0 -> 1 [label="B"];
}
"#
    );
    assert_eq!(
        json_lines(&found, variables, actions).to_string(),
        r#"{"initial":true,"state":0,"steps":[{"action":"B","arguments":{"to":"1"},"to":1}],"values":{"even":true,"number":0}}
{"initial":false,"state":1,"steps":[],"values":{"even":false,"number":1}}
"#
    );
}

#[test]
fn probabilities_have_two_digits() {
    for (value, expected) in [
        (0.0, "0.0"),
        (2.71e-19, "2.7E-19"),
        (0.001_26, "0.0013"),
        (0.012_6, "0.013"),
        (0.5, "0.50"),
    ] {
        assert_eq!(probability(value), expected);
    }
}

#[test]
fn a_module_is_named_by_its_file() {
    assert_eq!(module_of("a/b\\M.tla"), "M");
    assert_eq!(module_of("M"), "M");
}
