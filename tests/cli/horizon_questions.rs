//! `horizon compare`, `horizon plan`, and the ways to an interval.

use serde_json::Value;

use super::support::Project;

const METR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/results/metr-2025-01");

/// METR's own thousand replicates at λ = 0.1 give o1 these ends of p50, in minutes.
const O1_PERCENTILES: [f64; 2] = [1.92, 301.9];

fn json(arguments: &[&str]) -> Value {
    let all = [&["horizon"], arguments, &["--json"]].concat();
    Project::empty().sextant(&all).with_code(0).json()
}

fn interval(analysis: &Value, agent: &str) -> [f64; 2] {
    let agents = analysis["analysis"]["agents"].as_array().unwrap();
    let found = agents.iter().find(|it| it["agent"] == agent).unwrap();
    let interval = &found["horizons"][0]["interval"];
    ["low", "high"].map(|end| interval[end]["minutes"].as_f64().unwrap())
}

#[test]
fn metrs_own_replicates_are_drawn_again() {
    let replayed = json(&[
        METR,
        "--preset",
        "metr-th1.0",
        "--resampling",
        "numpy-replay",
    ]);
    assert_eq!(replayed["analysis"]["resampling"], "numpy_replay");
    for (found, printed) in interval(&replayed, "o1").into_iter().zip(O1_PERCENTILES) {
        // As many digits as are printed.
        assert!((found / printed - 1.0).abs() < 3e-3, "{found} {printed}");
    }
}

#[test]
fn every_kind_of_interval_holds_the_horizon_and_says_its_name() {
    for method in ["percentile", "bca", "profile"] {
        let found = json(&[METR, "--replicates", "200", "--interval", method]);
        assert_eq!(found["analysis"]["settings"]["interval"], method);
        let [low, high] = interval(&found, "GPT-4o");
        assert!(low < 7.8 && 7.8 < high, "{method}: {low} {high}");
    }
}

#[test]
fn models_are_compared_in_pairs_and_with_the_trend_before_them() {
    let compare = [
        "compare",
        METR,
        "--replicates",
        "300",
        "--model",
        "GPT-4o,o1-preview",
    ];
    let found = json(&compare);
    let pair = &found["pairs"][0];
    assert_eq!(
        (&pair["first"], &pair["second"]),
        (&"o1-preview".into(), &"GPT-4o".into())
    );
    assert_eq!(pair["common_tasks"], 82);
    let ratio = pair["ratio"]["estimate"].as_f64().unwrap();
    assert!((4.0..4.4).contains(&ratio), "{pair}");
    assert_eq!(found["against_trend"].as_array().unwrap().len(), 2);
    let project = Project::empty();
    project
        .sextant(&[&["horizon"], &compare[..]].concat())
        .with_code(0)
        .prints(&["o1-preview  GPT-4o", "sign flip", "trend before"]);
    project
        .sextant(&["horizon", "compare", METR, "--model", "o1"])
        .with_code(2)
        .complains_of(&["a comparison needs two models"]);
    project
        .sextant(&["horizon", "compare", METR, "--model", "o1,o9"])
        .with_code(2)
        .complains_of(&["--model o9: there is no such model here"]);
}

#[test]
fn a_plan_names_attempts_and_what_they_are_expected_to_bring() {
    let plan = ["plan", METR, "--replicates", "0", "--model", "GPT-4o"];
    let found = json(&[&plan[..], &["--attempts", "5"]].concat());
    assert_eq!(found["attempts"], 5);
    let ratio = |width: &Value| width["ratio"].as_f64().unwrap();
    assert!(ratio(&found["after"]) < ratio(&found["before"]), "{found}");
    let project = Project::empty();
    let ask = |more: &[&str]| project.sextant(&[&["horizon"], &plan[..], more].concat());
    ask(&["--ratio", "1000"])
        .with_code(0)
        .prints(&["no attempt is needed"]);
    ask(&["--ratio", "2"])
        .with_code(1)
        .prints(&["No number of attempts at these tasks", "further tasks"]);
    ask(&["--per", "dollars"])
        .with_code(2)
        .complains_of(&["none has a known cost in dollars", "--per attempt"]);
    ask(&["--ratio", "0.5"])
        .with_code(2)
        .complains_of(&["ratio 0.5"]);
}
