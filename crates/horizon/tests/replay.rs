//! METR's own replicates, drawn again run by run.

#[cfg(test)]
mod metr;

use std::collections::HashMap;

use horizon::logistic::fit;
use horizon::{Lambda, Observation, Resampling, Settings, Weighting, analyse_replayed};
use metr::{dataset, number, relative, rows, table};

const FIRST_SEED: u64 = 42;
const REPLICATES: usize = 1_000;

const SETTINGS: [(&str, Lambda); 2] = [
    ("bootstrap_exact_lam0.1_n1000.csv.xz", Lambda::METR_TH1_0),
    ("bootstrap_exact_lam1e-5_n1000.csv.xz", Lambda::METR_2026_03),
];

/// How far a figure may be off. The gold refits have METR's weights, rounded to ten decimals, so
/// slopes and intercepts agree to about 1e-7. A horizon is 2 to the power of their quotient: where
/// a curve is nearly flat and crosses a probability hundreds of doublings away, its relative error
/// is that of the exponent times the exponent.
const TOLERANCE: f64 = 1e-6;

/// Horizons of lengths that any task could have, in minutes, agree without regard to exponents.
const ORDINARY_MINUTES: std::ops::Range<f64> = 1e-3..1e6;

fn assert_agrees(found: f64, expected: f64, what: &str) {
    let slack = if ORDINARY_MINUTES.contains(&expected) {
        1.0
    } else {
        expected.log2().abs().max(1.0)
    };
    let same_end = found == expected && (found == 0.0 || found.is_infinite());
    assert!(
        same_end || relative(found, expected) < TOLERANCE * slack,
        "{what}: {found:e}, not {expected:e}"
    );
}

/// The rows that METR's code draws, by seed.
#[cfg(test)]
fn drawn_by_metr() -> HashMap<u64, Vec<usize>> {
    let mut drawn: HashMap<u64, Vec<usize>> = HashMap::new();
    for row in table("bootstrap_indices_seeds42_46.csv.xz") {
        let rows = drawn.entry(row["seed"].parse().unwrap()).or_default();
        assert_eq!(rows.len().to_string(), row["pos"]);
        rows.push(row["row"].parse().unwrap());
    }
    drawn
}

#[test]
fn the_file_holds_the_runs_of_the_dataset() {
    assert_eq!(*rows().dataset(), dataset());
}

#[test]
fn rows_are_drawn_as_metr_s_code_draws_them() {
    let rows = rows();
    let expected = drawn_by_metr();
    assert_eq!(expected.len(), 5);
    for (seed, expected) in expected {
        assert_eq!(rows.drawn(seed), expected, "seed {seed}");
    }
}

/// Fits the rows that METR's code drew, without drawing any.
#[test]
fn refits_of_given_rows_equal_the_exact_ones() {
    let rows = rows();
    let dataset = rows.dataset();
    let runs: Vec<(String, String, f64)> = table("runs_in_file_order_dd29c6c0.csv")
        .into_iter()
        .flat_map(|row| {
            let outcomes: Vec<char> = row["outcomes"].chars().collect();
            outcomes.into_iter().map(move |outcome| {
                let success = f64::from(outcome.to_digit(2).unwrap());
                (row["alias"].clone(), row["task_id"].clone(), success)
            })
        })
        .collect();
    let weights: Vec<Vec<f64>> = (0..dataset.agents().len())
        .map(|agent| Weighting::InverseSqrtFamily.task_weights(dataset, agent))
        .collect();
    let positions: HashMap<&str, usize> = dataset
        .tasks()
        .iter()
        .enumerate()
        .map(|(position, task)| (task.name.as_str(), position))
        .collect();
    for (file, lambda) in SETTINGS {
        let expected = table(file);
        for (seed, drawn) in drawn_by_metr() {
            let mut observations = vec![Vec::new(); dataset.agents().len()];
            for row in drawn {
                let (agent, task, success) = &runs[row];
                let agent = dataset.agent_index(agent).unwrap();
                let task = positions[task.as_str()];
                let weight = weights[agent][task] / dataset.successes(agent, task).len() as f64;
                observations[agent].push(Observation {
                    log2_minutes: dataset.tasks()[task].human_minutes.log2(),
                    weight,
                    success_weight: weight * success,
                });
            }
            let expected = &expected[usize::try_from(seed - FIRST_SEED).unwrap()];
            for (agent, observations) in dataset.agents().iter().zip(&observations) {
                let curve = fit(observations, lambda).curve();
                for (probability, column) in [(0.5, "p50"), (0.8, "p80")] {
                    let column = format!("{agent}_{column}");
                    let expected = expected
                        .contains_key(&column)
                        .then(|| number(expected, &column));
                    let found = curve.map(|curve| curve.crossing_minutes(probability));
                    assert_eq!(found.is_some(), expected.flatten().is_some(), "{column}");
                    if let (Some(found), Some(Some(expected))) = (found, expected) {
                        assert_agrees(found, expected, &format!("{column}, seed {seed}"));
                    }
                }
            }
        }
    }
}

/// Replicates with one outcome only are blank in the gold table and have no curve here; curves so
/// flat that a horizon leaves the range of numbers are at the same end here and there.
#[test]
fn all_replicates_equal_the_exact_refits() {
    let rows = rows();
    let dataset = rows.dataset();
    for (file, lambda) in SETTINGS {
        let weighting = Weighting::InverseSqrtFamily;
        let bootstrap = rows.bootstrap(weighting, lambda, REPLICATES, FIRST_SEED);
        let expected = table(file);
        assert_eq!(expected.len(), REPLICATES);
        let (mut compared, mut blank) = (0, 0);
        for (agent, name) in dataset.agents().iter().enumerate() {
            for (probability, column) in [(0.5, "p50"), (0.8, "p80")] {
                let column = format!("{name}_{column}");
                let crossings = bootstrap.crossings_minutes(agent, probability);
                for (seed, (found, row)) in (FIRST_SEED..).zip(crossings.iter().zip(&expected)) {
                    // The agent that always fails has no column.
                    let expected = row
                        .contains_key(&column)
                        .then(|| number(row, &column))
                        .flatten();
                    let what = format!("{file}, {column}, seed {seed}");
                    match (found, expected) {
                        (Some(found), Some(expected)) => assert_agrees(*found, expected, &what),
                        (found, expected) => {
                            assert_eq!(*found, expected, "{what}");
                            blank += 1;
                        }
                    }
                    compared += 1;
                }
            }
        }
        // The agent that always fails, and 144 replicates of the one that nearly does.
        assert_eq!((compared, blank), (22_000, 2 * (1_000 + 144)));
    }
}

/// The intervals of the replayed replicates are those of the gold table.
#[test]
fn an_analysis_can_take_metr_s_draws() {
    let rows = rows();
    let analysis = analyse_replayed(&rows, &Settings::default()).unwrap();
    assert_eq!(analysis.resampling, Resampling::NumpyReplay);
    let mut compared = 0;
    for row in table("agent_summary_dd29c6c0.csv") {
        if row["setting"] != "exact_lam1e-5" || row["agent"] == "davinci-002" {
            continue;
        }
        let agent = rows.dataset().agent_index(&row["agent"]).unwrap();
        for (estimate, column) in analysis.agents[agent].horizons.iter().zip(["p50", "p80"]) {
            let interval = estimate.replicated.interval.unwrap();
            for (end, found) in [("low", interval.low), ("high", interval.high)] {
                let expected = number(&row, &format!("{column}_ci_{end}")).unwrap();
                assert_agrees(found.minutes().unwrap(), expected, &format!("{row:?}"));
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 40);
}
