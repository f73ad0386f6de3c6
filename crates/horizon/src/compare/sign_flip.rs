//! Whether two agents succeed equally often, by swapping them family by family.
//!
//! Were two agents alike, each family's difference in success would be as likely to come out with
//! the other sign. The test flips the signs of whole families, so tasks of a family may resemble
//! each other in any way, and nothing is assumed of curves. It asks for equal *success* at the
//! tasks that both tried, not for equal horizons: agents whose curves cross may have the one and
//! not the other. Where the agents have different numbers of runs at a task the flipped difference
//! has only the same mean and spread, so that the test is then approximate.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use crate::data::Dataset;
use crate::weights::Weighting;

/// With so many families that differ, or fewer, all flips are tried.
const MOST_FAMILIES_FOR_ALL_FLIPS: usize = 16;
/// With more, so many are drawn.
const DRAWN_FLIPS: usize = 99_999;
/// Sums that differ by less than this share of the largest possible one are equal but for rounding.
const ROUNDING: f64 = 1e-12;

/// The outcome of the test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SignFlip {
    /// Tasks that both agents tried.
    pub tasks: usize,
    /// Their families.
    pub families: usize,
    /// Weighted success of the first agent less that of the second at these tasks, from −1 to 1.
    pub success_difference: f64,
    /// Share of flips with a difference at least as large, to either side.
    pub p_value: f64,
    /// Whether all flips were tried, or some drawn.
    pub exact: bool,
}

/// Tests two agents, by position, on the tasks that both tried; `None` where there are none.
#[must_use]
pub fn sign_flip(
    dataset: &Dataset,
    first: usize,
    second: usize,
    weighting: Weighting,
    seed: u64,
) -> Option<SignFlip> {
    let tried = |agent, task| !dataset.successes(agent, task).is_empty();
    let common = dataset.filtered(|agent, task| {
        (agent == first || agent == second) && tried(first, task) && tried(second, task)
    });
    // Positions of the two in the smaller dataset; one agent against itself has no second.
    let (first, second) = match (first < second, common.agents().len()) {
        (true, 2) => (0, 1),
        (false, 2) => (1, 0),
        _ => return None,
    };
    // Both tried the same tasks, so both have these weights.
    let weights = weighting.task_weights(&common, first);
    let rate = |agent, task| {
        let successes = common.successes(agent, task);
        successes.iter().sum::<f64>() / successes.len() as f64
    };
    let differences: Vec<f64> = common
        .families()
        .iter()
        .map(|family| {
            let difference = |task| weights[task] * (rate(first, task) - rate(second, task));
            family.tasks.clone().map(difference).sum()
        })
        .collect();
    let (p_value, exact) = p_value(&differences, seed);
    Some(SignFlip {
        tasks: common.tasks().len(),
        families: common.families().len(),
        success_difference: differences.iter().sum(),
        p_value,
        exact,
    })
}

/// The p-value of a sum of differences whose signs may flip, and whether all flips were tried.
fn p_value(differences: &[f64], seed: u64) -> (f64, bool) {
    // A difference of zero flips to itself.
    let differing = differences.iter().copied().filter(|d| *d != 0.0);
    let differing: Vec<f64> = differing.collect();
    let total: f64 = differing.iter().sum();
    let largest: f64 = differing.iter().map(|d| d.abs()).sum();
    let least = total.abs() - ROUNDING * largest;
    let extreme = |signs: &mut dyn FnMut() -> bool| {
        let flip = |d: &f64| if signs() { -d } else { *d };
        let sum: f64 = differing.iter().map(flip).sum();
        sum.abs() >= least
    };
    if differing.len() <= MOST_FAMILIES_FOR_ALL_FLIPS {
        let flips = 1_u32 << differing.len();
        let count = (0..flips)
            .filter(|flip| {
                let mut bits = *flip;
                extreme(&mut || {
                    let bit = bits & 1 == 1;
                    bits >>= 1;
                    bit
                })
            })
            .count();
        return (count as f64 / f64::from(flips), true);
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let count = (0..DRAWN_FLIPS)
        .filter(|_| {
            let (mut bits, mut left) = (0, 0);
            extreme(&mut || {
                if left == 0 {
                    (bits, left) = (random.next_u64(), u64::BITS);
                }
                let bit = bits & 1 == 1;
                (bits, left) = (bits >> 1, left - 1);
                bit
            })
        })
        .count();
    // The flip that was found is one of those that might have been.
    ((count + 1) as f64 / (DRAWN_FLIPS + 1) as f64, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_families_are_flipped_in_all_ways() {
        // Of the sixteen signed sums of 1, 2, 3 and 4 only ±10 reach 10, and ±10, ±8, ±6 (twice,
        // as 3 or 1 + 2 is flipped) reach 6.
        assert_eq!(p_value(&[1.0, 2.0, 3.0, 4.0], 1), (2.0 / 16.0, true));
        assert_eq!(
            p_value(&[-1.0, -2.0, 3.0, -4.0, 0.0], 1),
            (10.0 / 16.0, true)
        );
        assert_eq!(p_value(&[], 1), (1.0, true));
        assert_eq!(p_value(&[0.1, -0.1], 1), (1.0, true));
    }

    #[test]
    fn many_families_are_flipped_by_chance() {
        // Twenty equal differences, fifteen of one sign: the sign test's 2·P(X ≥ 15) = 0.0414.
        let mut differences = [1.0; 20];
        differences[..5].fill(-1.0);
        let (p, exact) = p_value(&differences, 1);
        // Four standard deviations of the drawn share.
        assert!(!exact && (p - 0.041_389).abs() < 0.002_6, "{p}");
        assert_eq!(p_value(&differences, 1), (p, exact));
        assert_ne!(p_value(&differences, 2).0, p);
    }
}
