//! Success rates by task length, straight from the runs: what a fitted curve is held against.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal};
use thiserror::Error;

use crate::data::Dataset;
use crate::quantile::interval_ends;
use crate::weights::Weighting;

/// One agent's runs at tasks of similar length.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bin {
    /// Shortest length that belongs here, in minutes.
    pub from_minutes: f64,
    /// Shortest length that no longer belongs here, in minutes.
    pub to_minutes: f64,
    /// Number of tasks.
    pub tasks: usize,
    /// Number of runs.
    pub runs: usize,
    /// How they went; absent without runs.
    pub rate: Option<Rate>,
}

/// A weighted success rate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rate {
    /// Weighted share of success, from 0 to 1.
    pub success: f64,
    /// Number of equally weighted runs that would tell as much: (Σw)²/Σw². It takes runs for
    /// independent, though runs at one task resemble each other.
    pub effective_runs: f64,
    /// √(p(1 − p)/effective runs), as METR draws it; zero where all runs went the same way.
    pub standard_error: f64,
    /// Lower end of the 95 % Wilson interval at the effective number of runs. Unlike ±2 standard
    /// errors it stays within 0 and 1 and has a width also where all runs went the same way.
    pub low: f64,
    /// Upper end of the same.
    pub high: f64,
}

/// Bin edges that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum EdgesError {
    /// Fewer than two edges.
    #[error("{0} bin edges bound no bin; give at least two, in minutes")]
    TooFew(usize),
    /// An edge that is no positive number, or not above the edge before it.
    #[error("bin edge {position} is {minutes}; give finite minutes above zero, in rising order")]
    Order {
        /// Position of the edge, from 1.
        position: usize,
        /// The edge.
        minutes: f64,
    },
}

/// Success of one agent by task length. `edges_minutes` are in rising order; a bin holds the
/// tasks from its lower edge up to but without its upper one, and tasks outside all bins are left
/// out.
///
/// # Errors
/// Refuses edges that are fewer than two, not positive or not in rising order.
pub fn success_by_length(
    dataset: &Dataset,
    agent: usize,
    weighting: Weighting,
    edges_minutes: &[f64],
) -> Result<Vec<Bin>, EdgesError> {
    check_edges(edges_minutes)?;
    let weights = weighting.task_weights(dataset, agent);
    let z = wilson_z();
    let bin = |edges: &[f64]| {
        let (from_minutes, to_minutes) = (edges[0], edges[1]);
        let lengths = from_minutes..to_minutes;
        let mut sums = Sums::default();
        for task in dataset.tried(agent) {
            if lengths.contains(&dataset.tasks()[task].human_minutes) {
                sums.add(weights[task], dataset.successes(agent, task));
            }
        }
        let Sums { tasks, runs, .. } = sums;
        Bin {
            from_minutes,
            to_minutes,
            tasks,
            runs,
            rate: sums.rate(z),
        }
    };
    Ok(edges_minutes.windows(2).map(bin).collect())
}

/// Edges that cover lengths from `shortest` to `longest` minutes, both positive and finite: the
/// ticks of METR's plots (1, 2, 4, 8, 15, 30 seconds and minutes; 1, 2, 4, 8, 16 hours; 1, 2, 4,
/// 8 days), and doublings beyond them. The longest task falls inside the last bin.
#[must_use]
pub fn default_edges_minutes(shortest: f64, longest: f64) -> Vec<f64> {
    let usable = |minutes: f64| minutes.is_finite() && minutes > 0.0;
    if !(usable(shortest) && usable(longest) && shortest <= longest) {
        return Vec::new();
    }
    let mut edges: Vec<f64> = TICKS_SECONDS.iter().map(|seconds| seconds / 60.0).collect();
    let (first, last) = (
        TICKS_SECONDS[0] / 60.0,
        TICKS_SECONDS[TICKS_SECONDS.len() - 1] / 60.0,
    );
    let below = std::iter::successors(Some(first / 2.0), |edge| Some(edge / 2.0));
    edges.extend(below.take_while(|edge| *edge > shortest / 2.0 && *edge > 0.0));
    let above = std::iter::successors(Some(last * 2.0), |edge| Some(edge * 2.0));
    edges.extend(above.take_while(|edge| *edge <= longest * 2.0 && edge.is_finite()));
    edges.sort_by(f64::total_cmp);
    let start = edges
        .partition_point(|edge| *edge <= shortest)
        .saturating_sub(1);
    let end = (edges.partition_point(|edge| *edge <= longest) + 1).min(edges.len());
    edges[start..end].to_vec()
}

const TICKS_SECONDS: [f64; 21] = [
    1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0, 900.0, 1_800.0, 3_600.0, 7_200.0,
    14_400.0, 28_800.0, 57_600.0, 86_400.0, 172_800.0, 345_600.0, 691_200.0,
];

fn check_edges(edges_minutes: &[f64]) -> Result<(), EdgesError> {
    if edges_minutes.len() < 2 {
        return Err(EdgesError::TooFew(edges_minutes.len()));
    }
    let mut previous = 0.0;
    for (index, &minutes) in edges_minutes.iter().enumerate() {
        if !(minutes.is_finite() && minutes > previous) {
            return Err(EdgesError::Order {
                position: index + 1,
                minutes,
            });
        }
        previous = minutes;
    }
    Ok(())
}

/// How many standard deviations an interval reaches to each side.
pub(crate) fn wilson_z() -> f64 {
    Normal::standard().inverse_cdf(interval_ends().1)
}

/// Runs of some tasks, added up.
#[derive(Default)]
pub(crate) struct Sums {
    pub(crate) tasks: usize,
    pub(crate) runs: usize,
    weight: f64,
    /// Sum of the squares of the runs' weights.
    squares: f64,
    success: f64,
}

impl Sums {
    pub(crate) fn add(&mut self, task_weight: f64, successes: &[f64]) {
        let run_weight = task_weight / successes.len() as f64;
        self.tasks += 1;
        self.runs += successes.len();
        self.weight += task_weight;
        self.squares += task_weight * run_weight;
        self.success += run_weight * successes.iter().sum::<f64>();
    }

    pub(crate) fn rate(&self, z: f64) -> Option<Rate> {
        (self.weight > 0.0).then(|| {
            // Rounding may leave a rate a hair above 1.
            let success = (self.success / self.weight).clamp(0.0, 1.0);
            let effective_runs = self.weight * self.weight / self.squares;
            let variance = success * (1.0 - success) / effective_runs;
            let (low, high) = wilson(success, effective_runs, z);
            Rate {
                success,
                effective_runs,
                standard_error: variance.sqrt(),
                low,
                high,
            }
        })
    }
}

/// Wilson's score interval (1927) for a rate observed in `runs` trials.
fn wilson(rate: f64, runs: f64, z: f64) -> (f64, f64) {
    let shrink = 1.0 + z * z / runs;
    let centre = (rate + z * z / (2.0 * runs)) / shrink;
    let spread = rate * (1.0 - rate) / runs + z * z / (4.0 * runs * runs);
    let half_width = z * spread.sqrt() / shrink;
    (
        (centre - half_width).max(0.0),
        (centre + half_width).min(1.0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Run;

    #[test]
    fn wilson_agrees_with_a_worked_example() {
        // 15 of 50: 0.1910 to 0.4375 in the usual tables.
        let (low, high) = wilson(0.3, 50.0, wilson_z());
        assert!(
            (low - 0.191_0).abs() < 5e-5 && (high - 0.437_5).abs() < 5e-5,
            "{low} {high}"
        );
        let (low, high) = wilson(0.0, 10.0, wilson_z());
        assert!(low < 1e-15 && (high - 0.277_5).abs() < 5e-5, "{low} {high}");
        let (low, high) = wilson(1.0, 3.0, wilson_z());
        assert!(low > 0.0 && high <= 1.0);
    }

    #[test]
    fn lower_edges_belong_and_upper_ones_do_not() {
        let runs = [(1.0, 1.0), (2.0, 0.0), (2.5, 1.0)].map(|(human_minutes, success)| Run {
            agent: "a".to_owned(),
            task: format!("f/{human_minutes}"),
            family: "f".to_owned(),
            human_minutes,
            success,
        });
        let dataset = Dataset::new(runs).unwrap();
        let edges = [1.0, 2.0, 4.0, 8.0];
        let bins = success_by_length(&dataset, 0, Weighting::Equal, &edges).unwrap();
        assert_eq!(
            bins.iter().map(|bin| bin.runs).collect::<Vec<_>>(),
            [1, 2, 0]
        );
        assert!((bins[1].rate.unwrap().success - 0.5).abs() < 1e-15);
        assert!((bins[1].rate.unwrap().effective_runs - 2.0).abs() < 1e-12);
        assert_eq!(bins[2].rate, None);
        let check =
            |edges: &[f64]| success_by_length(&dataset, 0, Weighting::Equal, edges).unwrap_err();
        assert_eq!(check(&[1.0]), EdgesError::TooFew(1));
        let order = EdgesError::Order {
            position: 2,
            minutes: 1.0,
        };
        assert_eq!(check(&[1.0, 1.0]), order);
    }

    #[test]
    fn default_edges_cover_the_data_and_no_more() {
        assert_eq!(default_edges_minutes(1.0, 8.0), [1.0, 2.0, 4.0, 8.0, 15.0]);
        assert_eq!(default_edges_minutes(3.0, 3.0), [2.0, 4.0]);
        assert!(default_edges_minutes(2.0, 1.0).is_empty());
        for (shortest, longest) in [(1e-4, 1e6), (0.02, 1_800.0), (1e5, 1e5), (1e-9, 1e-9)] {
            let edges = default_edges_minutes(shortest, longest);
            assert!(check_edges(&edges).is_ok(), "{edges:?}");
            assert!(edges[0] <= shortest && shortest < edges[1], "{edges:?}");
            let last = edges.len() - 1;
            assert!(
                edges[last - 1] <= longest && longest < edges[last],
                "{edges:?}"
            );
        }
    }
}
