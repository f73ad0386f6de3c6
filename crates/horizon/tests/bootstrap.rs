//! Bootstrap intervals and trends against those of METR's own code.
//!
//! Generators differ, so intervals agree only up to the noise of drawing. What is compared is
//! therefore a count: the share of our replicates below METR's interval end. METR's ends come
//! from 1,000 replicates and our share from 10,000; were both methods the same, the share would
//! have mean q and variance q(1 − q)(1/1,000 + 1/10,000), and would leave ±3.29 standard deviations
//! once in a thousand.

#[cfg(test)]
mod metr;

use std::collections::HashMap;
use std::sync::LazyLock;

use horizon::trend::ShortHorizons;
use horizon::{Analysis, Lambda, Release, Settings, Window, analyse, trend};
use metr::{dataset, day_of, number, relative, table, text};

const METR_REPLICATES: f64 = 1_000.0;
const REPLICATES: usize = 10_000;

/// The day after the release of the agent that always fails.
const AFTER_DAVINCI: f64 = 18_411.0;
const FROM_2023_03_13: f64 = 19_429.0;
const FROM_2024: f64 = 19_723.0;

#[cfg(test)]
static ANALYSES: LazyLock<[(&str, Analysis); 2]> = LazyLock::new(|| {
    let dataset = dataset();
    [
        ("lam0.1", Lambda::METR_TH1_0),
        ("lam1e-5", Lambda::METR_2026_03),
    ]
    .map(|(name, lambda)| {
        let settings = Settings {
            lambda,
            replicates: REPLICATES,
            ..Settings::default()
        };
        (name, analyse(&dataset, &settings).unwrap())
    })
});

/// How far a share may stray from `q` when `metr` and `ours` values were drawn; see above.
fn tolerance(q: f64, metr: f64, ours: f64) -> f64 {
    3.29 * (q * (1.0 - q) * (1.0 / metr + 1.0 / ours)).sqrt()
}

/// Checks how many replicates are of some kind against METR's count. Two imagined replicates of
/// either kind keep the variance from vanishing where METR counted none or all (Agresti, Coull).
fn check_count(ours: usize, metr: f64, what: &str) {
    let share = ours as f64 / REPLICATES as f64;
    let q = (metr + 2.0) / (METR_REPLICATES + 4.0);
    let slack = tolerance(q, METR_REPLICATES, REPLICATES as f64);
    assert!(
        (share - metr / METR_REPLICATES).abs() < slack,
        "{what}: {share}, but {metr}"
    );
}

fn check_share(values: &[f64], bound: f64, q: f64, metr: f64, what: &str) {
    let below = values.iter().filter(|&&value| value < bound).count() as f64;
    let share = below / values.len() as f64;
    let tolerance = tolerance(q, metr, values.len() as f64);
    assert!(
        (share - q).abs() < tolerance,
        "{what}: {share} below {bound}, not {q} ± {tolerance}"
    );
}

#[test]
fn intervals_agree_with_metr_up_to_drawing_noise() {
    for (name, analysis) in ANALYSES.iter() {
        // Exact refits of METR's own draws: they differ from ours by the draws alone.
        let setting = format!("exact_{name}");
        let mut compared = 0;
        for row in table("agent_summary_dd29c6c0.csv") {
            if row["setting"] != setting {
                continue;
            }
            let what = format!("{setting}, {}", row["agent"]);
            let agent = analysis
                .agents
                .iter()
                .position(|a| a.agent == row["agent"])
                .unwrap();
            let summary = &analysis.agents[agent];
            for (index, column) in ["p50", "p80"].into_iter().enumerate() {
                let estimate = &summary.horizons[index];
                let Some(point) = number(&row, column).filter(|&point| point > 0.0) else {
                    assert_eq!(estimate.horizon, horizon::Horizon::BelowAll, "{what}");
                    assert_eq!(estimate.replicated.missing, REPLICATES, "{what}");
                    assert_eq!(estimate.replicated.interval, None, "{what}");
                    continue;
                };
                assert!(
                    relative(estimate.horizon.minutes().unwrap(), point) < 1e-8,
                    "{what}"
                );
                let crossings = analysis
                    .bootstrap
                    .crossings_minutes(agent, estimate.probability);
                let minutes: Vec<f64> = crossings.into_iter().flatten().collect();
                let valid = number(&row, &format!("{column}_n_valid")).unwrap();
                check_count(minutes.len(), valid, &what);
                let infinite = number(&row, &format!("{column}_n_inf")).unwrap();
                check_count(estimate.replicated.infinite, infinite, &what);
                for (end, q) in [("low", 0.025), ("high", 0.975)] {
                    let bound = number(&row, &format!("{column}_ci_{end}")).unwrap();
                    check_share(
                        &minutes,
                        bound,
                        q,
                        valid,
                        &format!("{what}, {column} {end}"),
                    );
                    compared += 1;
                }
            }
        }
        assert_eq!(compared, 40);
    }
}

#[test]
fn trends_agree_with_metr() {
    let gold: HashMap<String, serde_json::Value> =
        serde_json::from_str(&text("trend_dd29c6c0.json")).unwrap();
    let windows = [
        // METR's own code stops at an agent that always fails, so its figures are without it.
        (
            "from_2019_excl_davinci",
            AFTER_DAVINCI,
            ShortHorizons::Raise,
        ),
        ("from_2023", FROM_2023_03_13, ShortHorizons::LeaveOut),
        ("from_2024", FROM_2024, ShortHorizons::LeaveOut),
    ];
    for (name, analysis) in ANALYSES.iter() {
        let releases = analysis.releases(0.5, day_of);
        assert_eq!(releases.len(), 10);
        for (window_name, from_day, short_horizons) in windows {
            let gold = &gold[&format!("exact_{name}|{window_name}")];
            let what = format!("{name}, {window_name}");
            let window = Window {
                from_day: Some(from_day),
                before_day: None,
            };
            let found = trend(&releases, window, short_horizons).unwrap();
            let figure = |key: &str| gold[key].as_f64().unwrap();
            assert_eq!(serde_json::json!(found.frontier), gold["sota"], "{what}");
            for (found, key) in [
                (found.line.slope_per_day, "slope_ln_per_day"),
                (found.line.intercept, "intercept"),
                (found.line.r_squared.unwrap(), "r2"),
                (found.doubling_days.unwrap(), "doubling_days"),
            ] {
                assert!(
                    relative(found, figure(key)) < 1e-8,
                    "{what}: {key} is {found}"
                );
            }
            let mut doublings: Vec<f64> = found
                .lines
                .iter()
                .filter_map(horizon::trend::Line::doubling_days)
                .collect();
            doublings.sort_by(f64::total_cmp);
            let positive = figure("n_positive");
            check_count(doublings.len(), positive, &what);
            let interval = found.doubling_interval.unwrap();
            assert!(interval.low_days < interval.median_days);
            assert!(interval.median_days < interval.high_days);
            for (bound, q) in [
                (gold["ci"][0].as_f64().unwrap(), 0.025),
                (figure("median"), 0.5),
                (gold["ci"][1].as_f64().unwrap(), 0.975),
            ] {
                check_share(&doublings, bound, q, positive, &what);
            }
        }
    }
}

#[test]
fn an_agent_that_always_fails_does_not_break_a_trend() {
    let (_, analysis) = &ANALYSES[0];
    let releases: Vec<Release> = analysis.releases(0.5, day_of);
    let found = trend(&releases, Window::default(), ShortHorizons::LeaveOut).unwrap();
    assert_eq!(found.frontier[0], "davinci-002");
    assert_eq!(found.left_out, ["davinci-002", "gpt-3.5-turbo-instruct"]);
    let band = found.band(&[19_000.0, 20_000.0]);
    for point in band {
        let (low, high) = (point.interval.unwrap().low, point.interval.unwrap().high);
        let middle = point.horizon.minutes().unwrap();
        assert!(low.minutes().unwrap() < middle && middle < high.minutes().unwrap());
    }
}

#[test]
fn results_are_valid_json_without_infinities() {
    let (_, analysis) = &ANALYSES[1];
    let json = serde_json::to_value(analysis).unwrap();
    assert_eq!(json["settings"]["lambda"]["name"], "metr-2026-03");
    assert_eq!(json["settings"]["weighting"], "invsqrt");
    let agents = json["agents"].as_array().unwrap();
    let hopeless = agents
        .iter()
        .find(|agent| agent["agent"] == "davinci-002")
        .unwrap();
    assert_eq!(hopeless["fit"], "all_fail");
    assert_eq!(hopeless["horizons"][0]["horizon"], "below_all");
    let o1 = agents.iter().find(|agent| agent["agent"] == "o1").unwrap();
    assert!(o1["fit"]["converged"]["slope"].as_f64().unwrap() < 0.0);
    assert!(
        o1["horizons"][0]["interval"]["low"]["minutes"]
            .as_f64()
            .unwrap()
            > 0.0
    );
    let nulls = json.to_string().matches("null").count();
    assert_eq!(
        nulls, 2,
        "only the two intervals of the agent without curves are absent"
    );
}
