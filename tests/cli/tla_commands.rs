//! `sextant tla`: verdicts, exit codes and what is said about mistakes.

use std::fs;

use crate::support::{Ended, Project};

const JUGS: &str = "---- MODULE Jugs ----
EXTENDS Naturals
VARIABLES big, small
vars == <<big, small>>
Least(a, b) == IF a < b THEN a ELSE b
Init == big = 0 /\\ small = 0
Fill == \\/ big' = 5 /\\ UNCHANGED small
        \\/ small' = 3 /\\ UNCHANGED big
Empty == \\/ big' = 0 /\\ UNCHANGED small
         \\/ small' = 0 /\\ UNCHANGED big
ToBig == LET amount == Least(small, 5 - big)
         IN  big' = big + amount /\\ small' = small - amount
ToSmall == LET amount == Least(big, 3 - small)
           IN  big' = big - amount /\\ small' = small + amount
Next == Fill \\/ Empty \\/ ToBig \\/ ToSmall
Spec == Init /\\ [][Next]_vars
TypeOK == big \\in 0..5 /\\ small \\in 0..3
Unsolved == big /= 4
Solved == <>(big = 4)
====
";

fn project(config: &str) -> Project {
    let project = Project::empty();
    project.write("Jugs.tla", JUGS);
    project.write("Jugs.cfg", config);
    project
}

fn tla(project: &Project, arguments: &str) -> Ended {
    let arguments: Vec<&str> = ["tla"].into_iter().chain(arguments.split(' ')).collect();
    project.sextant(&arguments)
}

#[test]
fn a_specification_that_holds_ends_with_success() {
    let project = project("SPECIFICATION Spec\nINVARIANT TypeOK\n");
    tla(&project, "check Jugs").with_code(0).prints(&[
        "No error found.",
        "16 distinct states, 97 generated, depth 8",
    ]);
}

#[test]
fn a_violation_comes_with_the_shortest_way_to_it() {
    let project = project("SPECIFICATION Spec\nINVARIANTS TypeOK Unsolved\n");
    let report = tla(&project, "check Jugs.tla --json").with_code(1).json();
    assert_eq!(report["verdict"], "invariant");
    assert_eq!(report["violated"]["name"], "Unsolved");
    let trace = report["trace"].as_array().unwrap();
    assert_eq!(trace.len(), 7);
    assert_eq!(trace[6]["values"]["big"], 4);
}

#[test]
fn tlcs_own_format_is_what_tlc_prints() {
    let project = project("SPECIFICATION Spec\nINVARIANT Unsolved\n");
    tla(&project, "check Jugs --format tlc")
        .with_code(1)
        .prints(&["Error: Invariant Unsolved is violated.
Error: The behavior up to this point is:
State 1: <Initial predicate>
/\\ big = 0
/\\ small = 0

State 2: <Fill line 7, col 12 to line 7, col 38 of module Jugs>
/\\ big = 5
/\\ small = 0
"]);
}

#[test]
fn what_is_not_supported_is_undecided_and_named() {
    let project = project("SPECIFICATION Spec\nPROPERTY Solved\n");
    tla(&project, "check Jugs")
        .with_code(3)
        .prints(&["Undecided", "not checked: Solved"]);
}

#[test]
fn a_limit_is_undecided() {
    let project = project("SPECIFICATION Spec\n");
    let report = tla(&project, "check Jugs --max-states 5 --json")
        .with_code(3)
        .json();
    assert_eq!(report["limit"], "states");
}

#[test]
fn mistakes_are_shown_with_their_place_and_cause() {
    let project = project("SPECIFICATION Spec\n");
    project.write(
        "Bad.tla",
        "---- MODULE Bad ----\nEXTENDS Naturals\nVARIABLE x\nInit == x = 0 && TRUE\nNext == x' := x\n====\n",
    );
    tla(&project, "parse Bad").with_code(1).prints(&[
        "Bad.tla:4:15",
        "`&&` is not an operator; use `/\\`",
        "Bad.tla:5",
        "`:=` is PlusCal; in TLA+ write `x' = …`",
        "rejected (2 errors)",
    ]);
}

#[test]
fn a_missing_file_is_a_usage_error() {
    let project = project("SPECIFICATION Spec\n");
    tla(&project, "check Nowhere")
        .with_code(2)
        .complains_of(&["no file Nowhere.tla"]);
}

#[test]
fn tlcs_spelling_of_an_option_is_answered_with_ours() {
    let project = project("SPECIFICATION Spec\n");
    tla(&project, "check Jugs -workers 4")
        .with_code(2)
        .complains_of(&["TLC's -workers is here: --workers N"]);
}

#[test]
fn a_mistake_in_the_configuration_points_into_it() {
    let project = project("SPECIFICATION Spce\nINVARIANT TypeOK\n");
    tla(&project, "check Jugs")
        .with_code(1)
        .prints(&["Jugs.cfg:1:15", "Spce"]);
}

#[test]
fn a_simulation_is_repeated_by_its_seed() {
    let project = project("SPECIFICATION Spec\nINVARIANT Unsolved\n");
    let trace = |workers: u32, seed: u32| {
        let line = format!("simulate Jugs --traces 500 --seed {seed} --workers {workers} --json");
        tla(&project, &line).with_code(1).json()["trace"].clone()
    };
    assert_eq!(trace(1, 7), trace(2, 7));
    assert_ne!(trace(1, 7), trace(1, 8));
}

#[test]
fn the_state_graph_is_written_where_asked() {
    let project = project("SPECIFICATION Spec\n");
    tla(&project, "check Jugs --dump graph.dot").with_code(0);
    let graph = fs::read_to_string(project.path("graph.dot")).unwrap();
    assert!(graph.starts_with("digraph"), "{graph}");
    assert!(graph.contains("ToSmall"), "{graph}");
}

#[test]
fn coverage_counts_actions_and_expressions() {
    let project = project("SPECIFICATION Spec\n");
    tla(&project, "check Jugs --coverage")
        .with_code(0)
        .prints(&["Actions: distinct states found", "Expressions: evaluations"]);
}
