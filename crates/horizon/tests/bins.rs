//! Success rates by length against METR's buckets and histogram bins.

#[cfg(test)]
mod metr;

use horizon::Weighting;
use horizon::bins::{default_edges_minutes, success_by_length};
use metr::{dataset, number, table};

/// Gold figures have ten digits.
const TOLERANCE: f64 = 1e-9;

#[test]
fn rates_equal_metr_s() {
    let dataset = dataset();
    let mut compared = 0;
    for row in table("empirical_bins_dd29c6c0.csv") {
        let agent = dataset.agent_index(&row["alias"]).unwrap();
        let Some(rate) = number(&row, "rate") else {
            continue;
        };
        let (from, to) = row["bin"].trim_end_matches(" min").split_once('-').unwrap();
        let edges = [from.parse().unwrap(), to.parse().unwrap()];
        let bins =
            success_by_length(&dataset, agent, Weighting::InverseSqrtFamily, &edges).unwrap();
        let found = bins[0].rate.unwrap();
        assert!(
            (found.success - rate).abs() < TOLERANCE,
            "{row:?}: {found:?}"
        );
        assert!(
            0.0 <= found.low && found.low <= rate + TOLERANCE,
            "{row:?}: {found:?}"
        );
        assert!(
            rate - TOLERANCE <= found.high && found.high <= 1.0,
            "{row:?}: {found:?}"
        );
        if let Some(effective_runs) = number(&row, "n_eff") {
            let error = number(&row, "se").unwrap();
            assert!(
                (found.effective_runs / effective_runs - 1.0).abs() < TOLERANCE,
                "{row:?}"
            );
            assert!(
                (found.standard_error - error).abs() < TOLERANCE,
                "{row:?}: {found:?}"
            );
            assert_eq!(bins[0].runs as f64, number(&row, "n_runs").unwrap());
        }
        compared += 1;
    }
    assert!(compared > 100, "{compared} bins compared");
}

#[test]
fn default_bins_hold_every_run() {
    let dataset = dataset();
    for agent in 0..dataset.agents().len() {
        let (shortest, longest) = dataset.length_range_minutes(agent).unwrap();
        let edges = default_edges_minutes(shortest, longest);
        let bins = success_by_length(&dataset, agent, Weighting::Equal, &edges).unwrap();
        let runs: usize = bins.iter().map(|bin| bin.runs).sum();
        assert_eq!(runs, dataset.run_count(agent));
    }
}
