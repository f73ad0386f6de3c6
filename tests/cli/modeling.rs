//! Tasks that ask for a model of a system: proving them, grading answers, running models on them.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::support::{MODEL, Project, Server};
use sextant::model::mock_server::{Action, MockScript, Rule, Step};

const GATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/gate");
const ID: &str = "gate/plain";

/// A project with the gate in both variants, which here are the same.
fn project() -> Project {
    let project = Project::empty();
    copy(&project, Path::new(GATE), "tasks/gate/plain");
    copy(&project, Path::new(GATE), "tasks/gate/bent");
    for (name, from, to) in [
        ("bent", "gate/plain", "gate/bent"),
        ("bent", "textbook", "twisted"),
    ] {
        let path = format!("tasks/gate/{name}/task.toml");
        let text = project.read(&path).replace(from, to);
        project.write(&path, text);
    }
    project.add_baseline("gate", &["gate/plain", "gate/bent"]);
    project
}

fn copy(project: &Project, from: &Path, to: &str) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = format!("{to}/{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => copy(project, &entry.path(), &to),
            false => project.write(&to, fs::read(entry.path()).unwrap()),
        }
    }
}

/// Grades a specification, with the reference's claims, and gives the verdict.
fn graded(project: &Project, spec: &str, arguments: &[&str]) -> Value {
    project.write("answer/Spec.tla", spec);
    let claims = project.read("tasks/gate/plain/solution/Claims.tla");
    project.write("answer/Claims.tla", claims);
    let all = [&["grade", "--task", ID, "answer", "--json"], arguments].concat();
    let ended = project.sextant(&all);
    assert!(matches!(ended.code, Some(0 | 1)), "{}", ended.stderr);
    ended.json()["verdict"].clone()
}

/// The score of a part of a verdict; parts that lost nothing are left out of it.
fn part(verdict: &Value, name: &str) -> (f64, String) {
    let parts = verdict["parts"].as_array().unwrap();
    match parts.iter().find(|part| part["name"] == name) {
        Some(part) => (
            part["score"].as_f64().unwrap(),
            part["detail"].as_str().unwrap().to_owned(),
        ),
        None => (1.0, String::new()),
    }
}

fn reference(project: &Project) -> String {
    project.read("tasks/gate/plain/solution/Spec.tla")
}

#[test]
fn a_sound_task_is_proven_and_its_impossible_windows_can_be_made_again() {
    let project = project();
    project
        .sextant(&["task", "check", ID, "gate/bent"])
        .with_code(0)
        .prints(&["sound    gate/plain", "sound    gate/bent"]);
    let path = "tasks/gate/plain/tests/impossible.jsonl";
    let before = project.read(path);
    project
        .sextant(&["task", "impossible", ID])
        .with_code(0)
        .prints(&["Enter: 12 impossible windows"]);
    assert_eq!(project.read(path), before);
}

#[test]
fn a_task_is_refused_for_what_is_wrong_with_it() {
    let task = "tasks/gate/plain";
    let add = |project: &Project, file: &str, line: &str| {
        let path = format!("{task}/tests/{file}");
        let text = project.read(&path) + line + "\n";
        project.write(&path, text);
    };
    let out = r#"{"inside":{"a":false,"b":false},"open":true}"#;
    let both = r#"{"inside":{"a":true,"b":true},"open":false}"#;
    let seen = r#"{"inside":{"a":true,"b":false},"open":false}"#;
    let window = |after: &str| {
        format!(r#"{{"before":{out},"action":"Enter","args":["a"],"after":{after}}}"#)
    };
    let check = |project: &Project, code: i32, demand: &str| {
        let ended = project.sextant(&["task", "check", ID]);
        ended.with_code(code).prints(&[demand]);
    };
    // A window that the reference does not allow.
    let one = project();
    add(&one, "windows.jsonl", &window(both));
    check(&one, 1, "reference: scores");
    // A window that is said to be impossible, but was seen.
    let two = project();
    add(&two, "impossible.jsonl", &window(seen));
    check(&two, 1, "is called impossible, but was seen");
    // A recording that lacks a step of the reference.
    let three = project();
    let path = format!("{task}/tests/windows.jsonl");
    let text = three.read(&path);
    let first = text.lines().next().unwrap();
    three.write(&path, text.replace(first, ""));
    check(&three, 1, "was never seen on the real system");
    // A property that is true of everything.
    let four = project();
    let path = format!("{task}/tests/Properties.tla");
    let text = four
        .read(&path)
        .replace("[]<>view.open", "[](view.open \\/ ~view.open)");
    four.write(&path, text);
    check(&four, 1, "`OpensAgain` holds of every mutant too");
    // One that is false of the reference.
    let five = project();
    let text = five.read(&path).replace("[]<>view.open", "[]view.open");
    five.write(&path, text);
    check(&five, 1, "reference: scores");
    // A family without its twisted variant.
    let six = project();
    fs::remove_dir_all(six.path("tasks/gate/bent")).unwrap();
    check(&six, 1, "variants: its family has no twisted variant");
    // A window of an action that there is not.
    let seven = project();
    add(
        &seven,
        "windows.jsonl",
        &window(seen).replace("Enter", "Jump"),
    );
    check(&seven, 1, "windows.jsonl:5: the interface has no `Jump`");
}

#[test]
fn every_lost_point_has_its_reason() {
    let project = project();
    let whole = graded(&project, &reference(&project), &[]);
    assert_eq!(
        (whole["score"].as_f64(), &whole["success"]),
        (Some(1.0), &true.into())
    );
    assert_eq!(part(&whole, "strength").0, 1.0);

    // Text that is no TLA+.
    let broken = reference(&project).replace("who = {} /\\", "who == {} /\\");
    let verdict = graded(&project, &broken, &[]);
    assert_eq!(verdict["score"], 0.0);
    assert!(
        part(&verdict, "syntax/text").1.contains("Spec.tla:5"),
        "{verdict}"
    );

    // An action that is missing, and one with another number of parameters.
    let renamed = reference(&project).replace("Leave", "Quit");
    let verdict = graded(&project, &renamed, &[]);
    assert!(
        part(&verdict, "syntax/contract")
            .1
            .contains("`Leave` is not defined")
    );
    assert_eq!(part(&verdict, "conformance/Leave").0, 0.0);
    assert_eq!(part(&verdict, "conformance/Enter").0, 1.0);
    assert!(
        part(&verdict, "runtime/named")
            .1
            .contains("none of the interface's actions")
    );

    // A constant that nothing gives a value.
    let more = reference(&project).replace("CONSTANT Users", "CONSTANTS Users, Size");
    let verdict = graded(&project, &more, &[]);
    assert!(
        part(&verdict, "syntax/contract")
            .1
            .contains("nothing gives the constant `Size` a value")
    );

    // An observation of another shape.
    let shape = reference(&project).replace("open |-> who = {}", "open |-> \"yes\"");
    let verdict = graded(&project, &shape, &[]);
    assert_eq!(part(&verdict, "runtime/view").0, 0.0);

    // An evaluation that fails.
    let fails = reference(&project).replace("u \\in who /\\", "u \\in who /\\ who[u] /\\");
    let verdict = graded(&project, &fails, &[]);
    assert_eq!(part(&verdict, "runtime").0, 0.0);
    assert!(
        part(&verdict, "runtime/explored").1.contains("Spec.tla:6"),
        "{verdict}"
    );
    assert_eq!(verdict["undecided"], false);

    // No fairness: safe, but it need not go on.
    let unfair = reference(&project).replace(" /\\ \\A u \\in Users : WF_who(Leave(u))", "");
    let verdict = graded(&project, &unfair, &[]);
    assert_eq!(part(&verdict, "properties").0, 0.5);
    assert_eq!(verdict["success"], false);
}

#[test]
fn what_allows_everything_or_nothing_earns_no_conformance() {
    let project = project();
    let everything = "---- MODULE Spec ----\nCONSTANT Users\nVARIABLES inside, open\n\
         vars == <<inside, open>>\nAny == inside' \\in [Users -> BOOLEAN] /\\ open' \\in BOOLEAN\n\
         Init == inside = [u \\in Users |-> FALSE] /\\ open\nEnter(u) == Any\nLeave(u) == Any\n\
         Next == \\E u \\in Users : Enter(u) \\/ Leave(u)\nSpec == Init /\\ [][Next]_vars\n\
         View == [inside |-> inside, open |-> open]\n====\n";
    let verdict = graded(&project, everything, &[]);
    assert_eq!(part(&verdict, "conformance").0, 0.0);
    assert_eq!(part(&verdict, "properties").0, 0.0);
    let nothing = reference(&project).replace("Next == ", "Next == FALSE /\\ ");
    let verdict = graded(&project, &nothing, &[]);
    assert_eq!(part(&verdict, "conformance").0, 0.0);
    assert_eq!(
        part(&verdict, "properties").0,
        0.0,
        "vacuous properties count for nothing"
    );
}

#[test]
fn fairness_cannot_be_used_to_wish_trouble_away() {
    let project = project();
    // `Stuck` is never a step of Next, so its fairness rules out every behaviour in which a stays in.
    let wish = reference(&project)
        .replace(
            "Next ==",
            "Stuck == \"a\" \\in who /\\ who' = {\"b\"}\nNext ==",
        )
        .replace("\\A u \\in Users : WF_who(Leave(u))", "WF_who(Stuck)");
    let verdict = graded(&project, &wish, &[]);
    assert!(
        part(&verdict, "runtime/fairness")
            .1
            .contains("demands a step that `Next` never takes")
    );
    assert_eq!(verdict["success"], false);
    let other = reference(&project).replace("WF_who(Leave(u))", "[]<>(who = {})");
    let verdict = graded(&project, &other, &[]);
    assert!(
        part(&verdict, "syntax/contract")
            .1
            .contains("fairness may only be")
    );
}

#[test]
fn a_bound_cannot_be_used_to_hide_states() {
    let project = project();
    let hidden = reference(&project)
        .replace(
            "Enter(u) == who = {} /\\ who' = {u}",
            "Enter(u) == u \\notin who /\\ who' = who \\cup {u}",
        )
        .replace("====", "Bound == who # Users\n====");
    let verdict = graded(&project, &hidden, &[]);
    assert_eq!(part(&verdict, "runtime/bound").0, 0.0);
    assert_eq!(part(&verdict, "properties/OneInside").0, 0.0);
    assert!(
        part(&verdict, "conformance/Enter").0 < 1.0,
        "steps beyond the bound count"
    );
}

#[test]
fn what_has_no_end_is_inconclusive() {
    let project = project();
    let counts = reference(&project)
        .replace(
            "CONSTANT Users",
            "EXTENDS Naturals\nCONSTANT Users\nVARIABLE n",
        )
        .replace("Init ==", "Init == n = 0 /\\")
        .replace(
            "Next == \\E u \\in Users : ",
            "Next == n' = n + 1 /\\ \\E u \\in Users : ",
        );
    let verdict = graded(&project, &counts, &[]);
    assert_eq!(
        (&verdict["undecided"], &verdict["success"]),
        (&true.into(), &false.into())
    );
    assert_eq!(part(&verdict, "runtime").1, "inconclusive");
}

#[test]
fn names_of_the_grader_and_hostile_texts_are_no_way_around() {
    let project = project();
    let names =
        reference(&project).replace("====", "SextantFits == TRUE\nSextantGrading == TRUE\n====");
    assert_eq!(graded(&project, &names, &[])["score"], 1.0);
    let named = reference(&project).replace("MODULE Spec", "MODULE Gate");
    assert_eq!(graded(&project, &named, &[])["score"], 1.0);
    for text in [
        "",
        "====",
        "---- MODULE Spec ----",
        "\u{0}",
        "---- MODULE Spec ----\nEXTENDS Spec\n====",
    ] {
        assert_eq!(graded(&project, text, &[])["score"], 0.0, "{text:?}");
    }
    let peeks = reference(&project).replace("CONSTANT", "EXTENDS Properties\nCONSTANT");
    assert_eq!(graded(&project, &peeks, &[])["score"], 0.0);
}

#[test]
fn claims_are_measured_by_the_mutants_they_tell() {
    let project = project();
    project.write("answer/Spec.tla", reference(&project));
    let claims = project.read("tasks/gate/plain/solution/Claims.tla");
    let strength = |claims: &str| {
        project.write("answer/Claims.tla", claims);
        let ended = project.sextant(&["grade", "--task", ID, "answer", "--json"]);
        part(&ended.json()["verdict"], "strength").0
    };
    assert_eq!(strength(&claims), 1.0);
    assert_eq!(strength(&claims.replace("ClaimOut", "Other")), 0.5);
    let tautology =
        "---- MODULE Claims ----\nCONSTANT Users\nVARIABLE view\nClaim == [](view = view)\n====\n";
    assert_eq!(strength(tautology), 0.0);
    let false_claim = claims.replace("u = v", "u # v");
    assert_eq!(strength(&false_claim.replace("ClaimOut", "Other")), 0.0);
    assert_eq!(strength("no module"), 0.0);
}

#[test]
fn twenty_gradings_at_two_thread_counts_give_the_same_bytes() {
    let project = project();
    let greedy = project.read("tasks/gate/plain/tests/mutants/greedy/Spec.tla");
    let first = graded(&project, &greedy, &["--threads", "1"]).to_string();
    for round in 0..10 {
        for threads in ["1", "2"] {
            let again = graded(&project, &greedy, &["--threads", threads]).to_string();
            assert_eq!(again, first, "round {round}, {threads} threads");
        }
    }
}

#[test]
fn a_study_lists_all_that_lies_with_a_task() {
    let project = project();
    project
        .sextant(&["task", "study", ID])
        .with_code(0)
        .prints(&[
            "### gate/plain",
            "| reference | reference | yes | 1.000 | 1.00 | 1.00 | 1.00 | 1.00 |",
            "| greedy | mutant | no | 0.621 |",
        ]);
    project
        .sextant(&["task", "study", ID, "--checker", "both"])
        .with_code(4)
        .complains_of(&["TLA2TOOLS_JAR does not say where TLC is"]);
}

#[test]
fn a_run_can_be_graded_again_word_for_word() {
    let project = project();
    let run = ["run", "--task", "gate/plain,gate/bent", "--run", "r"];
    let models = ["--model", "builtin/oracle", "--model", "builtin/blank"];
    project
        .sextant(&[&run[..], &models[..]].concat())
        .with_code(0)
        .prints(&["recitation gap", "builtin/oracle  1/1       1/1      +0.00"]);
    project
        .sextant(&["grade", "results/r"])
        .with_code(0)
        .prints(&["gate__plain.builtin-oracle.direct.e00001", "same"]);
    let first = project
        .sextant(&["grade", "results/r", "--json"])
        .with_code(0);
    let again = project
        .sextant(&["grade", "results/r", "--json", "--threads", "1"])
        .with_code(0);
    assert_eq!(first.stdout, again.stdout);
    // An answer that was tampered with is noticed.
    let folder = "results/r/answers/gate__plain.builtin-oracle.direct.e00001";
    let stuck = project.read("tasks/gate/plain/tests/mutants/stuck/Spec.tla");
    project.write(&format!("{folder}/Spec.tla"), stuck);
    project
        .sextant(&["grade", "results/r"])
        .with_code(1)
        .prints(&["DIFFERS"]);
    project
        .sextant(&["grade", "nowhere"])
        .with_code(2)
        .complains_of(&["no run at"]);
}

/// What a model would say that hands in `spec`, with the reference's claims.
fn reply(project: &Project, spec: &str) -> String {
    let claims = project.read("tasks/gate/plain/solution/Claims.tla");
    format!("```tla Spec.tla\n{spec}```\n```tla Claims.tla\n{claims}```\n")
}

/// A model that hands in text that is no module, and the reference once the checker has said so.
fn repairing(project: &Project) -> MockScript {
    MockScript {
        reply: reply(
            project,
            "---- MODULE Spec ----\nInit == open = FALSE\n====\n",
        ),
        rules: vec![Rule {
            contains: "This is what the checker says".into(),
            reply: reply(project, &reference(project)),
        }],
        ..MockScript::default()
    }
}

/// Asks `server` for the gate with the `repair` solver, and gives the attempt.
fn repaired(project: &Project, server: &Server, repairs: &str) -> Value {
    let run = ["run", "--task", ID, "--run", "r", "--model", MODEL];
    let url = server.url();
    let how = [
        "--solver",
        "repair",
        "--repairs",
        repairs,
        "--base-url",
        &url,
    ];
    project.sextant(&[&run[..], &how[..]].concat()).with_code(0);
    project.attempts("r").remove(0)
}

#[test]
fn the_repair_solver_sends_back_what_the_checker_says() {
    let project = project();
    let server = Server::start(repairing(&project));
    let attempt = repaired(&project, &server, "2");
    assert_eq!(server.requests(), 2, "an answer that succeeds stands");
    assert_eq!(attempt["outcome"]["success"], true, "{attempt}");
    assert_eq!(attempt["solver"], "repair-2");
    assert_eq!(attempt["details"][0], "reply 1: scored 0", "{attempt}");
    let stem = attempt["run_id"].as_str().unwrap();
    let transcript = project.path(&format!("results/r/transcripts/{stem}.json.zst"));
    let transcript = zstd::decode_all(&*fs::read(transcript).unwrap()).unwrap();
    let transcript: Value = serde_json::from_slice(&transcript).unwrap();
    assert_eq!(transcript["rounds"].as_array().unwrap().len(), 2);
    // The words name the place, and what the replies used is added up.
    let told = server.last_message();
    assert!(told.contains("Spec.tla") && told.contains("open"), "{told}");
    let used = |round: usize| {
        let usage = &transcript["rounds"][round]["reply"]["usage"];
        usage["output_tokens"].as_u64().unwrap()
    };
    assert_eq!(attempt["usage"]["output_tokens"], used(0) + used(1));
    // The last answer is the one that was stored.
    project
        .sextant(&["grade", "results/r"])
        .with_code(0)
        .prints(&["repair-2", "same"]);
}

#[test]
fn repairs_end_at_their_number_and_at_the_context() {
    let hopeless = project();
    let server = Server::start(MockScript {
        rules: Vec::new(),
        ..repairing(&hopeless)
    });
    let attempt = repaired(&hopeless, &server, "2");
    assert_eq!(server.requests(), 3);
    assert_eq!(attempt["outcome"]["score"], 0.0, "{attempt}");

    let narrow = project();
    let server = Server::start(MockScript {
        steps: vec![
            Step::once(Action::Answer),
            Step::once(Action::ContextLength),
        ],
        ..repairing(&narrow)
    });
    let attempt = repaired(&narrow, &server, "2");
    assert_eq!(server.requests(), 2);
    assert_eq!(attempt["outcome"]["kind"], "scored", "{attempt}");
    assert_eq!(attempt["outcome"]["limit"], "context", "{attempt}");
}

/// The systems in Rust are recorded again by tests of their recorders; this one is in Python.
#[test]
fn the_lock_service_is_recorded_as_it_was() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let recorder = root.join("tasks/lock-service/record/record.py");
    let ended = std::process::Command::new("python3")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(recorder)
        .arg("--check")
        .output();
    match ended {
        Ok(ended) => assert!(
            ended.status.success(),
            "{}{}",
            String::from_utf8_lossy(&ended.stdout),
            String::from_utf8_lossy(&ended.stderr)
        ),
        Err(error) => eprintln!("passed over, for want of python3: {error}"),
    }
}
