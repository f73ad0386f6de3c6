//! What `horizon` can be asked beyond the horizons themselves, and the ways to an interval.

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

/// The trend of METR's runs from 2023 on.
const SINCE_2023: [&str; 4] = [METR, "--after", "2023-01-01", "--replicates"];

#[test]
fn forecasts_have_dates_scores_and_scenarios() {
    let ask = [
        &["forecast"],
        &SINCE_2023[..],
        &["200", "--back-test", "2024-06-30"],
    ]
    .concat();
    let found = json(&ask);
    let shapes = found["shapes"].as_array().unwrap();
    let exponential = &shapes[0];
    assert_eq!(exponential["shape"], "exponential");
    // METR's own line through the same models reaches 167 hours on 2028-08-07, day 21403.
    let day = exponential["milestone"]["arrival"]["day"].as_f64().unwrap();
    assert!((day - 21_403.0).abs() < 5.0, "{day}");
    assert_eq!(found["back_test"]["scores"].as_array().unwrap().len(), 2);
    assert_eq!(found["scenarios"].as_array().unwrap().len(), 2);
    let project = Project::empty();
    project
        .sextant(&[&["horizon"], &ask[..]].concat())
        .with_code(0)
        .prints(&[
            "If horizons double every 4 months",
            "Back-test",
            "95 % prediction",
        ]);
    project
        .sextant(&["horizon", "forecast", METR, "--after", "2024-12-01"])
        .with_code(2)
        .complains_of(&["exponential growth has 2 parameters and needs more points"]);
}

#[test]
fn uncertain_human_times_widen_intervals_and_lengthen_short_horizons() {
    let ask = [&["human-time"], &SINCE_2023[..], &["200"]].concat();
    let found = json(&ask);
    let spread = found["times"]["baseline_spread"]["ln_sd"].as_f64().unwrap();
    assert!((0.9..1.1).contains(&spread), "{spread}");
    let agents = found["agents"].as_array().unwrap();
    let gpt4 = agents
        .iter()
        .find(|it| it["noise"]["agent"] == "GPT-4 0314")
        .unwrap();
    let minutes = |horizon: &Value| horizon["minutes"].as_f64().unwrap();
    assert!(
        minutes(&gpt4["corrected_p50"]) > minutes(&gpt4["p50"]),
        "{gpt4}"
    );
    Project::empty()
        .sextant(&[&["horizon"], &ask[..]].concat())
        .with_code(0)
        .prints(&[
            "20 estimated",
            "Failed baselines",
            "Trend through corrected horizons",
        ]);
}

#[test]
fn a_multiverse_varies_one_thing_a_line() {
    let ask = [
        "multiverse",
        METR,
        "--after",
        "2023-01-01",
        "--universes",
        "100",
    ];
    let found = json(&ask);
    let sources = found["sources"].as_array().unwrap();
    assert_eq!(sources.len(), 6);
    let width = |source: &Value| {
        let end = |end: &str| source["doubling"][end].as_f64().unwrap();
        end("high_days") / end("low_days")
    };
    assert!(width(&sources[5]) > width(&sources[0]), "{found}");
    Project::empty()
        .sextant(&[&["horizon"], &ask[..]].concat())
        .with_code(0)
        .prints(&["weighting and lambda", "human times", "everything"]);
}

#[test]
fn a_version_compared_with_itself_is_the_same() {
    let ask = ["versions", METR, "--with", METR, "--replicates", "100"];
    let found = json(&ask);
    assert_eq!(found["shared_tasks"], 83);
    assert_eq!(found["doubling_ratio"], 1.0);
    let interval = &found["doubling_ratio_interval"];
    assert_eq!(
        (&interval["low"], &interval["high"]),
        (&1.0.into(), &1.0.into())
    );
    Project::empty()
        .sextant(&[&["horizon"], &ask[..]].concat())
        .with_code(0)
        .prints(&["1.00 [1.00 – 1.00]", "83 tasks are in both"]);
}

#[test]
fn shapes_that_disagree_by_more_than_the_interval_are_named() {
    let ask = ["shapes", METR, "--replicates", "300"];
    let found = json(&ask);
    let agents = found["agents"].as_array().unwrap();
    let sonnet = agents
        .iter()
        .find(|it| it["agent"] == "Claude 3.5 Sonnet (New)")
        .unwrap();
    let isotonic = sonnet["horizons"][0]["others"].as_array().unwrap();
    let isotonic = isotonic
        .iter()
        .find(|it| it["reading"] == "isotonic")
        .unwrap();
    let minutes = isotonic["horizon"]["minutes"].as_f64().unwrap();
    // As scikit-learn's isotonic regression, read off half-way, has it.
    assert!((minutes - 225.0).abs() < 1.0, "{isotonic}");
    let mcfadden = sonnet["goodness"]["mcfadden"].as_f64().unwrap();
    assert!((mcfadden - 0.155).abs() < 1e-3, "{mcfadden}");
    Project::empty()
        .sextant(&[&["horizon"], &ask[..], &["--cross-validate"]].concat())
        .with_code(0)
        .prints(&[
            "joint, typical",
            "shapes disagree about p50 by more than its interval",
            "not seen",
        ]);
}

#[test]
fn a_budget_turns_what_exceeds_it_into_failures() {
    let project = Project::empty();
    let mut table = "model,task,minutes,success,tokens\n".to_owned();
    for task in 0..8 {
        for attempt in 0..4 {
            // Longer tasks take more tokens, and are done less often.
            let success = u8::from(attempt * 2 < 8 - task);
            let tokens = 100 * (task + 1) + attempt;
            table.push_str(&format!("a,f/{task},{},{success},{tokens}\n", 1 << task));
        }
    }
    table.push_str("a,f/0,1,1,\nb,f/0,1,1,\n");
    project.write("mine.csv", table);
    let ask = ["horizon", "budget", "mine.csv", "--budgets", "5"];
    let found = project
        .sextant(&[&ask[..], &["--json"]].concat())
        .with_code(0)
        .json();
    assert_eq!(
        found.as_array().unwrap().len(),
        1,
        "nothing is known of b: {found}"
    );
    assert_eq!(found[0]["unknown"], 1);
    let points = found[0]["points"].as_array().unwrap();
    let p50: Vec<f64> = points
        .iter()
        .map(|point| point["p50"]["minutes"].as_f64().unwrap_or(0.0))
        .collect();
    assert!(p50.is_sorted() && p50[0] < p50[4], "{p50:?}");
    let whole = project
        .sextant(&["horizon", "mine.csv", "--replicates", "0", "--json"])
        .json();
    let whole = whole["analysis"]["agents"][0]["horizons"][0]["horizon"]["minutes"].as_f64();
    // All but the attempt of which nothing is known.
    assert!(
        (p50[4] / whole.unwrap() - 1.0).abs() < 0.05,
        "{p50:?} {whole:?}"
    );
    project
        .sextant(&ask)
        .with_code(0)
        .prints(&["1 of 33 attempts left out"]);
    project
        .sextant(&["horizon", "budget", METR])
        .with_code(2)
        .complains_of(&["--map tokens=COLUMN"]);
}
