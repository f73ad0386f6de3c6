//! `run` from its first attempt to its last, through every way of being interrupted.

use std::fs;
use std::process::Child;
use std::time::{Duration, Instant};

use super::support::{
    Ended, MODEL, PROGRAM, Project, RIGHT, Server, files_below, right_script, signal, wait_until,
    with_options,
};
use sextant::model::mock_server::{MockScript, Rule};

/// Starts asking `server` all facts, and waits until it has `requests` of them.
fn start_asking(project: &Project, server: &Server, options: &[&str], requests: u64) -> Child {
    let child = project.start(&with_options(&server.question("r"), options));
    wait_until("the server is asked", || server.requests() >= requests);
    child
}

#[test]
fn a_full_run_leaves_a_line_an_answer_and_a_transcript_for_every_attempt() {
    let project = Project::with_facts(3);
    let server = Server::start(MockScript {
        rules: vec![Rule {
            contains: "What is 1 +".into(),
            reply: "ANSWER: 41".into(),
        }],
        ..right_script()
    });
    project
        .ask(&server, "r", &["--epochs", "2"])
        .with_code(0)
        .prints(&[MODEL])
        .complains_of(&["6 attempts planned, 0 scored before", "sextant horizon"]);
    project.assert_scored_once("r", 6);
    assert_eq!(server.requests(), 6);
    let attempts = project.attempts("r");
    for attempt in &attempts {
        let right = attempt["task_id"] != "facts/q01";
        assert_eq!(attempt["outcome"]["success"], right, "{attempt}");
        assert_eq!(attempt["score_binarized"], u8::from(right));
        assert_eq!(attempt["model_returned"], "fake");
    }
    let files = files_below(&project.path("results/r"));
    let below = |folder: &str| files.keys().filter(|path| path.starts_with(folder)).count();
    assert_eq!((below("answers"), below("transcripts")), (6, 6));
    let transcript = files
        .iter()
        .find(|(path, _)| path.starts_with("transcripts"))
        .map(|(_, content)| serde_json::from_slice::<serde_json::Value>(content).unwrap())
        .unwrap();
    let prompt = transcript["request"]["messages"][0]["content"].as_str();
    assert!(prompt.unwrap().contains("+ 42 -"), "{transcript}");
    assert_eq!(transcript["rounds"][0]["reply"]["text"], RIGHT);
}

#[test]
fn a_finished_run_is_not_asked_again() {
    let project = Project::with_facts(3);
    let server = Server::right(0);
    project.ask(&server, "r", &[]).with_code(0);
    let before = fs::read(project.path("results/r/attempts.jsonl")).unwrap();
    project
        .ask(&server, "r", &["--concurrency", "1", "--max-tries", "2"])
        .with_code(0)
        .complains_of(&["3 scored before"]);
    assert_eq!(server.requests(), 3);
    assert_eq!(
        fs::read(project.path("results/r/attempts.jsonl")).unwrap(),
        before
    );
}

#[test]
fn the_same_command_without_a_name_finds_its_run_again() {
    let project = Project::with_facts(2);
    let server = Server::right(0);
    let url = server.url();
    let question = [
        "run",
        "--suite",
        "facts",
        "--model",
        MODEL,
        "--base-url",
        &url,
    ];
    project.sextant(&question).with_code(0);
    project
        .sextant(&question)
        .with_code(0)
        .complains_of(&["2 scored before"]);
    assert_eq!(server.requests(), 2);
}

#[test]
fn a_killed_run_goes_on_without_scoring_anything_twice() {
    const FACTS: usize = 40;
    const CONCURRENCY: &str = "4";
    let project = Project::with_facts(FACTS);
    let server = Server::right(60);
    let options = ["--concurrency", CONCURRENCY];
    for kill_at in [3, 12, 20] {
        let mut child = project.start(&with_options(&server.question("r"), &options));
        wait_until("some are scored", || project.lines("r") >= kill_at);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let kept = project.lines("r");
    assert!(kept < FACTS, "killed in mid-run");
    project
        .ask(&server, "r", &options)
        .with_code(0)
        .complains_of(&[&format!("{kept} scored before")]);
    project.assert_scored_once("r", FACTS);
    let lost = server.requests() - FACTS as u64;
    assert!(lost <= 3 * 4, "{lost} requests repeated after three kills");
}

#[test]
fn one_interrupt_finishes_what_is_in_flight_and_says_how_to_go_on() {
    let project = Project::with_facts(6);
    let server = Server::right(700);
    let child = start_asking(&project, &server, &["--concurrency", "2"], 2);
    signal(&child, "INT");
    Ended::of(child).with_code(3).complains_of(&[
        "stopping: attempts in flight are finished first",
        "4 attempts are not scored yet; run the same command again",
    ]);
    project.assert_scored_once("r", 2);
    assert_eq!(server.requests(), 2);
    project.ask(&server, "r", &[]).with_code(0);
    project.assert_scored_once("r", 6);
    assert_eq!(server.requests(), 6);
}

#[test]
fn two_interrupts_drop_what_is_in_flight() {
    let project = Project::with_facts(3);
    let server = Server::right(60_000);
    let child = start_asking(&project, &server, &["--concurrency", "2"], 2);
    let begun = Instant::now();
    signal(&child, "INT");
    std::thread::sleep(Duration::from_millis(200));
    signal(&child, "INT");
    Ended::of(child).with_code(3).complains_of(&[
        "dropping the attempts in flight",
        "3 attempts are not scored",
    ]);
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert!(project.attempts("r").is_empty());
}

#[test]
fn a_polite_termination_drains_like_an_interrupt() {
    let project = Project::with_facts(3);
    let server = Server::right(500);
    let child = start_asking(&project, &server, &["--concurrency", "1"], 1);
    signal(&child, "TERM");
    Ended::of(child).with_code(3);
    project.assert_scored_once("r", 1);
}

#[test]
fn a_torn_last_line_is_done_again() {
    let project = Project::with_facts(3);
    let server = Server::right(0);
    project.ask(&server, "r", &[]).with_code(0);
    let path = project.path("results/r/attempts.jsonl");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 10]).unwrap();
    project
        .ask(&server, "r", &[])
        .with_code(0)
        .complains_of(&["2 scored before"]);
    project.assert_scored_once("r", 3);
    assert_eq!(server.requests(), 4);
}

#[test]
fn a_damaged_line_in_the_middle_stops_before_anything_is_asked() {
    let project = Project::with_facts(3);
    let server = Server::right(0);
    project.ask(&server, "r", &[]).with_code(0);
    let path = project.path("results/r/attempts.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let damaged =
        text.replacen("\"epoch\"", "\"epooch\"", 2)
            .replacen("\"epooch\"", "\"epoch\"", 1);
    fs::write(&path, damaged).unwrap();
    project
        .ask(&server, "r", &[])
        .with_code(2)
        .complains_of(&["results/r/attempts.jsonl:2:", "epooch"]);
    assert_eq!(server.requests(), 3);
}

#[test]
fn a_run_of_another_plan_is_refused_with_what_differs() {
    let project = Project::with_facts(2);
    let server = Server::right(0);
    project.ask(&server, "r", &[]).with_code(0);
    project
        .ask(&server, "r", &["--epochs", "3", "--temperature", "0.5"])
        .with_code(2)
        .complains_of(&["epochs: 1 there, 3 now", "\"temperature\":0.5", "--run"]);
    let sheet = fs::read_to_string(project.path("tasks/facts/sheet.toml")).unwrap();
    let changed = sheet.replacen("What is 1 +", "How much is 1 +", 1);
    project.write("tasks/facts/sheet.toml", changed);
    project
        .ask(&server, "r", &[])
        .with_code(2)
        .complains_of(&["task facts/q01: its files have changed"]);
    assert_eq!(server.requests(), 2);
}

#[test]
fn two_processes_cannot_write_one_run() {
    let project = Project::with_facts(2);
    let server = Server::right(1_000);
    let first = start_asking(&project, &server, &[], 2);
    project
        .ask(&server, "r", &[])
        .with_code(2)
        .complains_of(&["in use by another sextant process"]);
    Ended::of(first).with_code(0);
    project.assert_scored_once("r", 2);
    assert_eq!(server.requests(), 2);
}

#[test]
fn no_choice_of_tasks_and_odd_names_are_usage_errors() {
    let project = Project::with_facts(1);
    for (arguments, complaint) in [
        (&["run", "--model", "builtin/oracle"][..], "--suite"),
        (&["run", "--suite", "facts"], "--model"),
        (
            &[
                "run",
                "--suite",
                "facts",
                "--model",
                "builtin/oracle",
                "--run",
                "../x",
            ],
            "plain folder name",
        ),
        (
            &[
                "run",
                "--suite",
                "facts",
                "--model",
                "builtin/oracle",
                "--epochs",
                "0",
            ],
            "--epochs",
        ),
        (
            &[
                "run",
                "--suite",
                "facts",
                "--model",
                "builtin/oracle,builtin/oracle",
            ],
            "twice",
        ),
        (
            &["run", "--suite", "facts", "--model", "local/x"],
            "--base-url",
        ),
    ] {
        project
            .sextant(arguments)
            .with_code(2)
            .complains_of(&[complaint]);
    }
}

#[test]
fn a_results_folder_that_cannot_be_written_is_a_failure_of_the_harness() {
    let project = Project::with_facts(1);
    project.write("blocked", "a file, not a folder");
    project
        .sextant(&[
            "run",
            "--suite",
            "facts",
            "--model",
            "builtin/oracle",
            "--results",
            "blocked",
        ])
        .with_code(4)
        .complains_of(&["cannot create blocked/"]);
}

#[test]
fn the_same_run_twice_gives_the_same_scores() {
    let project = Project::with_facts(5);
    let scores = |run: &str| {
        let models = "builtin/oracle,builtin/blank";
        project
            .sextant(&[
                "run", "--suite", "facts", "--model", models, "--epochs", "3", "--run", run,
            ])
            .with_code(0);
        let mut scores: Vec<_> = project
            .attempts(run)
            .iter()
            .map(|attempt| format!("{} {}", attempt["run_id"], attempt["outcome"]))
            .collect();
        scores.sort();
        scores
    };
    let first = scores("first");
    assert_eq!(first.len(), 30);
    assert_eq!(first, scores("second"));
    let plan = |run: &str| fs::read(project.path(&format!("results/{run}/plan.json"))).unwrap();
    assert_eq!(plan("first"), plan("second"));
}

#[test]
fn the_fake_server_serves_a_script_until_interrupted() {
    let project = Project::with_facts(2);
    project.write(
        "script.toml",
        "reply = \"ANSWER: 42\"\nsteps = [{ do = \"refusal\" }]\n",
    );
    let mut server = project.start(&["mock-server", "--script", "script.toml"]);
    let mut url = String::new();
    let mut printed = std::io::BufReader::new(server.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut printed, &mut url).unwrap();
    let run = [
        "run",
        "--suite",
        "facts",
        "--model",
        MODEL,
        "--base-url",
        url.trim(),
        "--run",
        "r",
    ];
    let ended = Ended::of(project.command(PROGRAM, &run).spawn().unwrap()).with_code(0);
    let right = project
        .attempts("r")
        .iter()
        .filter(|attempt| attempt["score_binarized"] == 1)
        .count();
    assert_eq!(right, 1, "{ended:?}");
    signal(&server, "INT");
    Ended::of(server)
        .with_code(0)
        .complains_of(&["2 requests served"]);
    project.write("script.toml", "repply = 1\n");
    project
        .sextant(&["mock-server", "--script", "script.toml"])
        .with_code(2)
        .complains_of(&["script.toml", "repply"]);
}
