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
fn a_behaviour_that_never_gets_there_is_shown_with_how_it_goes_on() {
    let project = project("SPECIFICATION Spec\nPROPERTY Solved\n");
    tla(&project, "check Jugs").with_code(1).prints(&[
        "Property Solved is violated by a behaviour that goes on for ever",
        "  1. Initial state",
        "and so for ever: nothing changes any more",
    ]);
    let report = tla(&project, "check Jugs --json").with_code(1).json();
    assert_eq!(report["verdict"], "liveness");
    assert_eq!(report["trace_again"]["stutters"], true);
    tla(&project, "check Jugs --format tlc")
        .with_code(1)
        .prints(&[
            "Error: Temporal property Solved was violated.",
            "State 2: Stuttering",
        ]);
}

#[test]
fn a_cycle_comes_with_why_it_is_fair() {
    let project = Project::empty();
    let module = "---- MODULE Turns ----
EXTENDS Naturals
VARIABLES x, done
vars == <<x, done>>
Init == x = 0 /\\ done = FALSE
Turn == x' = 1 - x /\\ UNCHANGED done
Finish == x = 1 /\\ done' = TRUE /\\ UNCHANGED x
Spec == /\\ Init /\\ [][Turn \\/ Finish]_vars
        /\\ WF_vars(Turn)
        /\\ WF_vars(Finish)
Done == <>done
====
";
    project.write("Turns.tla", module);
    project.write("Turns.cfg", "SPECIFICATION Spec\nPROPERTY Done\n");
    tla(&project, "check Turns").with_code(1).prints(&["
  1. Initial state
       x    = 0
       done = FALSE
  2. Turn  [Turns.tla:6:9]
       x    = 1
     back to 1 by Turn  [Turns.tla:6:9]
     fair by WF [Turns.tla:9:12]: taken in the step from state 1
     fair by WF [Turns.tla:10:12]: not enabled in state 1
"]);
    tla(&project, "check Turns --format tlc")
        .with_code(1)
        .prints(&["Back to state 1: <Turn line 6, col 9 to line 6, col 36 of module Turns>"]);
    let strong = module.replace("WF_vars(Finish)", "SF_vars(Finish)");
    project.write("Turns.tla", strong);
    tla(&project, "check Turns").with_code(0);
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

const LOCK: &str = "---- MODULE Lock ----
CONSTANT Threads
VARIABLES holder, waiting
Init == holder = \"none\" /\\ waiting = {}
Try(t) == holder = \"none\" /\\ holder' = t /\\ waiting' = waiting \\ {t}
Wait(t) == /\\ t \\notin waiting /\\ holder # t
           /\\ waiting' = waiting \\cup {t} /\\ UNCHANGED holder
Release(t) == holder = t /\\ holder' = \"none\" /\\ UNCHANGED waiting
Next == \\E t \\in Threads : Try(t) \\/ Wait(t) \\/ Release(t)
Spec == Init /\\ [][Next]_<<holder, waiting>>
View == [holder |-> holder]
====
";

/// A lock, one that prefers who waits, and one that one thread does not give back.
fn locks() -> Project {
    let project = Project::empty();
    let fair = LOCK.replace(
        "Try(t) ==",
        "Try(t) == (waiting = {} \\/ t \\in waiting) /\\",
    );
    let sticky = LOCK.replace("Release(t) ==", "Release(t) == t # \"b\" /\\");
    for (name, text) in [("Lock", LOCK), ("Fair", &fair), ("Sticky", &sticky)] {
        let text = text.replace("MODULE Lock", &format!("MODULE {name}"));
        project.write(&format!("{name}.tla"), text);
        project.write(
            &format!("{name}.cfg"),
            "CONSTANT Threads = {\"a\", \"b\"}\nSPECIFICATION Spec\n",
        );
    }
    project
}

#[test]
fn windows_are_allowed_in_some_state_or_in_every_state() {
    let project = locks();
    let window = |before: &str, action: &str, thread: &str, after: &str| {
        format!(
            "{{\"before\": {{\"holder\": \"{before}\"}}, \"action\": \"{action}\", \
             \"args\": [\"{thread}\"], \"after\": {{\"holder\": \"{after}\"}}}}\n"
        )
    };
    project.write("good.jsonl", window("none", "Try", "a", "a"));
    tla(&project, "window Fair good.jsonl").with_code(0);
    tla(&project, "window Lock good.jsonl --every-state").with_code(0);
    // With someone else waiting, the fair one does not let this thread in.
    tla(&project, "window Fair good.jsonl --every-state")
        .with_code(1)
        .prints(&["good.jsonl:1: Try is forbidden"]);
    let others = [
        window("a", "Release", "a", "b"),
        window("c", "Release", "c", "none"),
    ];
    project.write("others.jsonl", others.concat());
    tla(&project, "window Lock others.jsonl")
        .with_code(1)
        .prints(&[
            "others.jsonl:1: Release is forbidden",
            "[holder |-> \"none\"]",
            "others.jsonl:2: Release is unreachable",
            "Release: 0 of 2 windows allowed",
        ]);
    tla(&project, "window Lock good.jsonl --view view")
        .with_code(1)
        .prints(&["the view `view` is not defined", "did you mean `View`?"]);
    project.write("torn.jsonl", "{\"before\": ");
    tla(&project, "window Lock torn.jsonl")
        .with_code(2)
        .complains_of(&["torn.jsonl:1"]);
    // What was explored decides what is possible, and nothing else.
    tla(&project, "window Lock others.jsonl --max-states 2")
        .with_code(3)
        .prints(&["others.jsonl:1: Release is undecided"])
        .complains_of(&["2 states were looked at, and there are more"]);
}

#[test]
fn a_trace_is_followed_where_the_states_have_no_end() {
    let project = Project::empty();
    let text = "---- MODULE Count ----\nEXTENDS Naturals\nVARIABLES n, steps\n\
         Init == n = 0 /\\ steps = 0\nAdd(k) == n' = n + k /\\ steps' = steps + 1\n\
         Think == n' = n /\\ steps < 3 /\\ steps' = steps + 1\n\
         Next == Think \\/ \\E k \\in 1 .. 3 : Add(k)\nSpec == Init /\\ [][Next]_<<n, steps>>\n\
         View == [n |-> n]\n====\n";
    project.write("Count.tla", text);
    project.write("Count.cfg", "SPECIFICATION Spec\n");
    let add = |k: i32, n: i32| {
        format!("{{\"action\": \"Add\", \"args\": [{k}], \"after\": {{\"n\": {n}}}}}\n")
    };
    let first = "{\"state\": {\"n\": 0}}\n".to_owned();
    project.write("good.jsonl", [&*first, &add(3, 3), &add(1, 4)].concat());
    tla(&project, "trace Count good.jsonl --max-states 100")
        .with_code(0)
        .prints(&["all 2 steps"]);
    project.write("bad.jsonl", [&*first, &add(3, 3), &add(1, 5)].concat());
    tla(&project, "trace Count bad.jsonl --max-states 100")
        .with_code(1)
        .prints(&["bad.jsonl:3: Add does not lead to this", "[n |-> 4]"]);
    tla(&project, "trace Count good.jsonl --max-states 5")
        .with_code(3)
        .prints(&["Undecided"]);
}

#[test]
fn a_trace_is_a_behaviour_up_to_a_line() {
    let project = locks();
    let first = "{\"state\": {\"holder\": \"none\"}}\n";
    let step = |action: &str, after: &str| {
        format!(
            "{{\"action\": \"{action}\", \"args\": [\"a\"], \"after\": {{\"holder\": \"{after}\"}}}}\n"
        )
    };
    let good = [
        first,
        &step("Wait", "none"),
        &step("Try", "a"),
        &step("Release", "none"),
    ];
    project.write("good.jsonl", good.concat());
    tla(&project, "trace Fair good.jsonl")
        .with_code(0)
        .prints(&["all 3 steps"]);
    let bad = [first, &step("Try", "a"), &step("Try", "a")];
    project.write("bad.jsonl", bad.concat());
    let report = tla(&project, "trace Lock bad.jsonl --json")
        .with_code(1)
        .json();
    assert_eq!(report["line"], 3);
    assert_eq!(report["others"][0], "[holder |-> \"none\"]");
}

#[test]
fn specifications_are_told_apart_by_what_is_seen_of_them() {
    let project = locks();
    // Who waits is not seen, and each may get the lock in either.
    tla(&project, "compare Lock Fair --actions Try,Release,Wait")
        .with_code(0)
        .prints(&[
            "Fair has every behaviour of Lock",
            "Lock has every behaviour of Fair",
        ]);
    let report = tla(&project, "compare Lock Sticky --actions Try,Release --json")
        .with_code(1)
        .json();
    assert_eq!(report["only_second"], serde_json::Value::Null);
    let steps = report["only_first"]["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 2);
    assert_eq!(steps[1]["action"], "Release(\"b\")");
    assert_eq!(report["actions"]["Release"]["recall"], 0.5);
    assert_eq!(report["actions"]["Try"]["precision"], 1.0);
}
