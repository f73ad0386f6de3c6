//! Time Horizon 1.1: two agents from the task-level results that METR publishes.

#[cfg(test)]
mod metr;

use horizon::observe::{average_success, fit_agent, observations};
use horizon::{Bootstrap, Dataset, Lambda, Run, Weighting};
use metr::{number, relative, table, text};

/// scikit-learn, with which the figures were computed, stops before the minimum.
const TOLERANCE: f64 = 1e-3;
const REPLICATES: usize = 4_000;

/// Successes and failures of every task; their order does not matter.
#[cfg(test)]
fn dataset() -> Dataset {
    let rows = table("published/task_results_th1_1.csv");
    let runs = rows.into_iter().flat_map(|row| {
        let count = |column: &str| row[column].parse::<usize>().unwrap();
        let (runs, successes) = (count("n_runs"), count("n_successes"));
        let human_minutes = number(&row, "human_minutes").unwrap();
        (0..runs).map(move |index| Run {
            agent: row["agent"].clone(),
            task: row["task_id"].clone(),
            family: row["task_family"].clone(),
            human_minutes,
            success: f64::from(u8::from(index < successes)),
        })
    });
    Dataset::new(runs).unwrap()
}

#[test]
fn task_level_counts_give_metr_s_fits() {
    let dataset = dataset();
    let weighting = Weighting::InverseSqrtFamily;
    let gold: serde_json::Value = serde_json::from_str(&text("th11_two_agents.json")).unwrap();
    let mut compared = 0;
    for (key, gold) in gold.as_object().unwrap() {
        let (name, lambda) = key.split_once('|').unwrap();
        let lambda = Lambda::new(lambda.parse().unwrap()).unwrap();
        let agent = dataset.agent_index(name).unwrap();
        let figure = |key: &str| gold[key].as_f64().unwrap();
        assert_eq!(dataset.run_count(agent) as f64, figure("n_runs"));
        let average = average_success(&observations(&dataset, agent, weighting)).unwrap();
        assert!(relative(average, figure("avg")) < 1e-9, "{key}: {average}");
        let fit = fit_agent(&dataset, agent, weighting, lambda);
        let curve = fit.curve().unwrap();
        for (found, expected) in [
            (curve.slope, "coef"),
            (curve.intercept, "intercept"),
            (fit.horizon(0.5).minutes().unwrap(), "p50"),
            (fit.horizon(0.8).minutes().unwrap(), "p80"),
        ] {
            let error = relative(found, figure(expected));
            println!("{key}, {expected}: {found}, off by {error:e}");
            assert!(
                error < TOLERANCE,
                "{key}, {expected}: {found}, off by {error:e}"
            );
        }
        compared += 1;
    }
    assert_eq!(compared, 4);
}

/// What METR prints beside its task-level results has three decimals, of fits that stop before the
/// minimum: the last decimal may be off by one.
#[test]
fn fits_are_those_that_metr_prints() {
    let dataset = dataset();
    for row in table("published/task_results_th1_1_printed_fit.csv") {
        let agent = dataset.agent_index(&row["agent"]).unwrap();
        let weighting = Weighting::InverseSqrtFamily;
        let curve = fit_agent(&dataset, agent, weighting, Lambda::METR_2026_03).curve();
        let curve = curve.unwrap();
        assert!(
            (curve.slope - number(&row, "coefficient").unwrap()).abs() < 1.5e-3,
            "{row:?}"
        );
        assert!(
            (curve.intercept - number(&row, "intercept").unwrap()).abs() < 1.5e-3,
            "{row:?}"
        );
    }
}

/// METR's ends come from 1,000 replicates. The share of ours below each has mean q and variance
/// q(1 − q)(1/1,000 + 1/4,000), and strays 3.29 standard deviations once in a thousand.
#[test]
fn intervals_agree_up_to_drawing_noise() {
    let dataset = dataset();
    let gold: serde_json::Value = serde_json::from_str(&text("th11_two_agents.json")).unwrap();
    for lambda in [Lambda::METR_TH1_0, Lambda::METR_2026_03] {
        let weighting = Weighting::InverseSqrtFamily;
        let bootstrap = Bootstrap::new(&dataset, weighting, lambda, REPLICATES, 42);
        let suffix = if lambda == Lambda::METR_TH1_0 {
            "0.1"
        } else {
            "1e-05"
        };
        for (agent, name) in dataset.agents().iter().enumerate() {
            let gold = &gold[format!("{name}|{suffix}")];
            for (probability, key) in [(0.5, "p50_ci"), (0.8, "p80_ci")] {
                let crossings = bootstrap.crossings_minutes(agent, probability);
                for (index, q) in [0.025, 0.975_f64].into_iter().enumerate() {
                    let bound = gold[key][index].as_f64().unwrap();
                    let below = crossings
                        .iter()
                        .flatten()
                        .filter(|minutes| **minutes < bound);
                    let share = below.count() as f64 / REPLICATES as f64;
                    let noise = (q * (1.0 - q) * (1e-3 + 1.0 / REPLICATES as f64)).sqrt();
                    assert!(
                        (share - q).abs() < 3.29 * noise,
                        "{name}, {suffix}, {key}: {share} below {bound}"
                    );
                }
            }
        }
    }
}
