//! What paired replicates say of a difference.

use std::cmp::Ordering;

use serde::Serialize;

use crate::quantile::{interval_ends, quantile};

/// A ratio or a difference with the percentile interval of its replicates.
///
/// Replicates with an infinite value count as such. Figures that are infinite, or that do not exist,
/// are absent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Contrast {
    /// The value for the agents' own horizons.
    pub estimate: Option<f64>,
    /// Lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Median of the replicates.
    pub median: Option<f64>,
    /// Upper end of the 95 % interval.
    pub high: Option<f64>,
    /// Replicates that have a value, be it infinite.
    pub replicates: usize,
}

/// How often one side was ahead.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Tally {
    /// Replicates in which the first is longer.
    pub wins: usize,
    /// Replicates in which both are the same, or both zero or both infinite.
    pub ties: usize,
    /// Replicates in which the first is shorter.
    pub losses: usize,
}

impl Contrast {
    /// Replicates that are not a number (∞/∞, 0/0, ∞ − ∞) are left out.
    pub(super) fn of(estimate: Option<f64>, replicates: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = replicates.filter(|value| !value.is_nan()).collect();
        values.sort_by(f64::total_cmp);
        let finite = |value: &f64| value.is_finite();
        let (low, high) = interval_ends();
        Self {
            estimate: estimate.filter(finite),
            low: quantile(&values, low).filter(finite),
            median: quantile(&values, 0.5).filter(finite),
            high: quantile(&values, high).filter(finite),
            replicates: values.len(),
        }
    }
}

impl Tally {
    pub(super) fn of(pairs: impl Iterator<Item = (f64, f64)>) -> Self {
        let mut tally = Self::default();
        for (first, second) in pairs {
            match first.total_cmp(&second) {
                Ordering::Greater => tally.wins += 1,
                Ordering::Equal => tally.ties += 1,
                Ordering::Less => tally.losses += 1,
            }
        }
        tally
    }

    /// Number of replicates that were compared.
    #[must_use]
    pub fn compared(&self) -> usize {
        self.wins + self.ties + self.losses
    }

    /// Two-sided bootstrap p-value: twice the share of replicates on the rarer side, ties by half,
    /// with one imagined replicate on that side so that it is never zero (Davison and Hinkley,
    /// "Bootstrap Methods and their Application", 1997). It inverts the percentile interval: below
    /// 0.05 where the 95 % interval of the ratio leaves out 1. `None` without replicates.
    #[must_use]
    pub fn p_value(&self) -> Option<f64> {
        let compared = self.compared();
        let rarer = self.wins.min(self.losses) as f64 + 0.5 * self.ties as f64;
        let p = 2.0 * (rarer + 1.0) / (compared as f64 + 1.0);
        (compared > 0).then_some(p.min(1.0))
    }
}

/// Holm's step-down correction ("A Simple Sequentially Rejective Multiple Test Procedure", 1979)
/// of as many p-values as there are; absent ones do not count.
pub(super) fn holm(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<(usize, f64)> = p_values
        .iter()
        .enumerate()
        .filter_map(|(index, p)| Some((index, (*p)?)))
        .collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut corrected = vec![None; p_values.len()];
    let mut highest: f64 = 0.0;
    for (rank, &(index, p)) in order.iter().enumerate() {
        highest = highest.max((p * (order.len() - rank) as f64).min(1.0));
        corrected[index] = Some(highest);
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinities_count_and_nothing_infinite_is_reported() {
        let pairs = [
            (1.0, 2.0),
            (f64::INFINITY, 2.0),
            (f64::INFINITY, f64::INFINITY),
            (0.0, 0.0),
        ];
        let tally = Tally::of(pairs.into_iter());
        assert_eq!((tally.wins, tally.ties, tally.losses), (1, 2, 1));
        assert_eq!(tally.p_value(), Some(1.0));
        let ratio = Contrast::of(Some(f64::NAN), pairs.iter().map(|(a, b)| a / b));
        assert_eq!(
            (ratio.estimate, ratio.replicates, ratio.high),
            (None, 2, None)
        );
        assert_eq!(Tally::default().p_value(), None);
        let clear = Tally {
            wins: 999,
            ties: 0,
            losses: 0,
        };
        assert_eq!(clear.p_value(), Some(0.002));
    }

    #[test]
    fn holm_s_correction_is_that_of_r() {
        // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") = 0.03 0.06 0.06 0.02
        let p = [Some(0.01), None, Some(0.04), Some(0.03), Some(0.005)];
        let found = holm(&p);
        for (found, expected) in found.into_iter().zip([0.03, f64::NAN, 0.06, 0.06, 0.02]) {
            match found {
                Some(found) => assert!((found - expected).abs() < 1e-15),
                None => assert!(expected.is_nan()),
            }
        }
        assert_eq!(holm(&[Some(0.9), Some(0.8)]), [Some(1.0), Some(1.0)]);
    }
}
