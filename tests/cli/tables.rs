//! `horizon` on what it is given: tables from anyone, and runs of which a part is missing.

use serde_json::Value;
use sextant::attempt::{Attempt, Outcome, RunFolder};

use super::support::{MODEL, Project, Server};
use sextant::model::mock_server::{Action, MockScript, Step};

const METR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/results/metr-2025-01");

fn metr() -> Vec<Attempt> {
    RunFolder::new(METR).read().unwrap()
}

fn success(attempt: &Attempt) -> bool {
    matches!(attempt.outcome, Outcome::Scored { success: true, .. })
}

/// What `horizon` says of a table, without intervals.
fn agents(project: &Project, arguments: &[&str]) -> Value {
    let all = [&["horizon", "--replicates", "0", "--json"], arguments].concat();
    let ended = project.sextant(&all).with_code(0);
    ended.json()["analysis"]["agents"].clone()
}

#[test]
fn a_table_in_hours_with_other_names_gives_the_same_horizons() {
    let project = Project::empty();
    let expected = agents(&project, &[METR]);
    let mut table = "who;challenge;duration;passed;ignored\n".to_owned();
    for attempt in metr() {
        // A power of two as the unit would be exact; hours are not, so compare to the last digits.
        let hours = attempt.human_minutes.unwrap() / 60.0;
        table.push_str(&format!(
            "{};{};{hours:?};{};x\n",
            attempt.alias,
            attempt.task_id,
            if success(&attempt) { "yes" } else { "no" }
        ));
    }
    project.write("mine.csv", table);
    let map = "model=who,task=challenge,human_hours=duration";
    let found = agents(&project, &["mine.csv", "--map", map]);
    let (expected, found) = (expected.as_array().unwrap(), found.as_array().unwrap());
    assert_eq!(expected.len(), found.len());
    for (one, other) in expected.iter().zip(found) {
        assert_eq!(one["agent"], other["agent"]);
        assert_eq!(one["runs"], other["runs"]);
        let p50 = |agent: &Value| agent["horizons"][0]["horizon"]["minutes"].as_f64();
        match (p50(one), p50(other)) {
            (Some(a), Some(b)) => assert!((a / b - 1.0).abs() < 1e-9, "{a} {b}"),
            (a, b) => assert_eq!(a, b),
        }
    }
}

#[test]
fn metrs_own_lines_need_no_import() {
    let project = Project::empty();
    let mut lines = String::new();
    for attempt in metr() {
        lines.push_str(&format!(
            "{}\n",
            serde_json::json!({
                "run_id": attempt.run_id, "task_id": attempt.task_id,
                "task_family": attempt.task_family, "alias": attempt.alias,
                "model": attempt.model, "score_binarized": attempt.score_binarized,
                "score_cont": attempt.score_cont, "human_minutes": attempt.human_minutes,
                "human_source": attempt.human_source, "extra": {"deep": [1, null]},
            })
        ));
    }
    let packed = zstd::encode_all(lines.as_bytes(), 1).unwrap();
    project.write("runs.jsonl.zst", packed);
    assert_eq!(
        agents(&project, &["runs.jsonl.zst"]),
        agents(&project, &[METR])
    );
}

#[test]
fn what_is_wrong_with_a_table_is_named_with_its_line() {
    let project = Project::empty();
    let head = "model,task,minutes,success,run_id,released_on\n";
    for (rows, complaint) in [
        ("a,t,NaN,1,1,\n", "mine.csv:2: `human_minutes` is NaN"),
        (
            "a,t,1,1,1,\na,u,0,1,2,\n",
            "mine.csv:3: `human_minutes` is 0",
        ),
        ("a,t,-3,1,1,\n", "`human_minutes` is -3"),
        (
            "a,t,soon,1,1,\n",
            "`human_minutes` is `soon`; it must be a number",
        ),
        ("a,t,1,0.5,1,\n", "`success` is 0.5; it must be 0 or 1"),
        (
            "a,t,1,1,1,\na,u,1,1,1,\n",
            "mine.csv:3: run `1` stands on line 2 already",
        ),
        (
            "a,t,1,1,1,soon\n",
            "`released_on` is soon; write the day as YYYY-MM-DD",
        ),
        (
            "a,t,1,1,1,2025-01-01\na,u,1,1,2,2025-01-02\n",
            "`a` was released on 2025-01-01 above",
        ),
        ("a,t,1,1\n", "mine.csv:2: has 4 columns; the header has 6"),
        (",t,1,1,1,\n", "`model` is missing"),
        ("a,t,1,1,1,\nb,t,2,1,2,\n", "a task has one length"),
        ("", "mine.csv holds no runs"),
    ] {
        project.write("mine.csv", format!("{head}{rows}"));
        project
            .sextant(&["horizon", "mine.csv"])
            .with_code(2)
            .complains_of(&[complaint]);
    }
    project.write("mine.csv", "model,task,success\na,t,1\n");
    project
        .sextant(&["horizon", "mine.csv"])
        .with_code(2)
        .complains_of(&[
            "no column is known to hold `human_minutes`",
            "model, task, success",
        ]);
    project.write("mine.jsonl", "{\"model\": \"a\"\n");
    project
        .sextant(&["horizon", "mine.jsonl"])
        .with_code(2)
        .complains_of(&["mine.jsonl:1: is no JSON object"]);
    project.write("mine.json", "[{}]");
    project
        .sextant(&["horizon", "mine.json"])
        .with_code(2)
        .complains_of(&["write one object a line"]);
}

#[test]
fn fractions_are_fitted_on_request_only() {
    let project = Project::empty();
    project.write(
        "mine.csv",
        "model,task,seconds,score\na,x/1,60,0.9\na,x/2,240,0.5\na,y/3,960,0.2\n",
    );
    project
        .sextant(&["horizon", "mine.csv"])
        .with_code(2)
        .complains_of(&["a at `x/1` has a score of 0.9", "--label score"]);
    let found = agents(&project, &["mine.csv", "--label", "score"]);
    let p50 = found[0]["horizons"][0]["horizon"]["minutes"]
        .as_f64()
        .unwrap();
    assert!((3.5..5.0).contains(&p50), "{found}");
}

#[test]
fn one_task_and_one_model_have_a_name_and_no_number() {
    let project = Project::empty();
    project.write("mine.csv", "model,task,minutes,success\na,t,5,1\na,t,5,0\n");
    project
        .sextant(&["horizon", "mine.csv"])
        .with_code(0)
        .prints(&["all tasks have one length", "No trend"]);
    project.write("mine.csv", "model,task,minutes,success\na,t,5,1\na,u,9,1\n");
    project
        .sextant(&["horizon", "mine.csv"])
        .with_code(0)
        .prints(&["always succeeds"]);
}

#[test]
fn names_are_excluded_and_unknown_ones_refused() {
    let project = Project::empty();
    project
        .sextant(&[
            "horizon",
            METR,
            "--replicates",
            "0",
            "--exclude",
            "model=human",
        ])
        .with_code(0)
        .prints(&["excluded on request", "Excluded: model human."]);
    project
        .sextant(&["horizon", METR, "--exclude", "model=nobody"])
        .with_code(2)
        .complains_of(&["nothing here is called nobody"]);
    project
        .sextant(&["horizon", METR, "--exclude", "agent=o1"])
        .with_code(2)
        .complains_of(&["write model=NAME, family=NAME or task=NAME"]);
}

#[test]
fn weights_that_do_not_add_up_are_told_and_not_used() {
    let project = Project::empty();
    project.write(
        "mine.csv",
        "model,task,minutes,success,invsqrt_task_weight\na,t,5,1,0.5\na,u,9,0,0.4\nb,t,5,1,0.5\nb,u,9,0,0.5\n",
    );
    project
        .sextant(&["horizon", "mine.csv"])
        .with_code(0)
        .complains_of(&["do not add up to 1 (a 0.900000)"]);
}

#[test]
fn a_horizon_from_a_part_of_the_plan_needs_consent() {
    let project = Project::with_facts(3);
    let server = Server::start(MockScript {
        reply: "ANSWER: 42".into(),
        steps: vec![
            Step::once(Action::Answer),
            Step::once(Action::Status {
                status: 401,
                headers: std::collections::BTreeMap::new(),
                body: "{}".into(),
            }),
        ],
        ..MockScript::default()
    });
    project
        .ask(&server, "r", &["--concurrency", "1"])
        .with_code(3);
    project
        .sextant(&["horizon", "results/r"])
        .with_code(3)
        .complains_of(&["1 of 3 attempts scored", MODEL, "--allow-missing"]);
    project
        .sextant(&["horizon", "results/r", "--allow-missing"])
        .with_code(0)
        .prints(&["1 of 3", "INCOMPLETE: 1 of 3 attempts"]);
}

#[test]
fn the_csv_holds_every_horizon_with_what_determines_it() {
    let project = Project::empty();
    let ended = project
        .sextant(&["horizon", METR, "--replicates", "50", "--csv"])
        .with_code(0);
    let mut reader = csv::Reader::from_reader(ended.stdout.as_bytes());
    let rows: Vec<std::collections::HashMap<String, String>> =
        reader.deserialize().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 22);
    let o1 = rows.iter().find(|row| row["model"] == "o1").unwrap();
    assert_eq!((&*o1["probability"], &*o1["lambda"]), ("0.5", "0.00001"));
    assert_eq!((&*o1["seed"], &*o1["released_on"]), ("42", "2024-12-05"));
    let minutes: f64 = o1["horizon_minutes"].parse().unwrap();
    assert!((minutes - 43.2).abs() < 0.1, "{minutes}");
    let never = rows
        .iter()
        .find(|row| row["model"] == "davinci-002")
        .unwrap();
    assert_eq!(
        (&*never["horizon_minutes"], &*never["horizon_status"]),
        ("", "below_all")
    );
    project
        .sextant(&["horizon", METR, "--csv", "--json"])
        .with_code(2)
        .complains_of(&["cannot be used with"]);
}

#[test]
fn a_trend_can_be_stitched_to_published_horizons() {
    let project = Project::empty();
    project.write(
        "old.csv",
        "model,released_on,p50_minutes\ngpt-2,2019-02-14,0.04\nGPT-4o,2024-05-13,999\n",
    );
    let ask = ["horizon", METR, "--replicates", "50", "--stitch", "old.csv"];
    let ended = project
        .sextant(&[&ask[..], &["--json"]].concat())
        .with_code(0);
    let trend = ended.json()["trend"]["Ok"].clone();
    assert_eq!(trend["fixed"], serde_json::json!(["gpt-2"]));
    // What was measured is not taken from a publication.
    let frontier = trend["frontier"].as_array().unwrap();
    assert!(frontier.contains(&"o1-preview".into()), "{trend}");
    project
        .sextant(&ask)
        .with_code(0)
        .prints(&["Of these, gpt-2 are published horizons"]);
    project.write(
        "old.csv",
        "model,released_on,p50_minutes\ngpt-2,2019-02-14,-1\n",
    );
    project
        .sextant(&ask)
        .with_code(2)
        .complains_of(&["old.csv: gpt-2: p50_minutes is -1"]);
}
