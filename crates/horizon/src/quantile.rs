//! Quantiles of bootstrap replicates, and the intervals between them.

use serde::Serialize;

use crate::horizon::Horizon;

/// Share of replicates that an interval covers; as much is left out below as above.
pub const INTERVAL_COVERAGE: f64 = 0.95;

/// The probabilities at which an interval ends.
pub(crate) fn interval_ends() -> (f64, f64) {
    (
        (1.0 - INTERVAL_COVERAGE) / 2.0,
        (1.0 + INTERVAL_COVERAGE) / 2.0,
    )
}

/// A percentile interval of a horizon.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HorizonInterval {
    /// Lower end.
    pub low: Horizon,
    /// Upper end.
    pub high: Horizon,
}

impl HorizonInterval {
    /// The interval of [`INTERVAL_COVERAGE`] of sorted minutes, infinite ones included; `None`
    /// without any.
    #[must_use]
    pub fn of_sorted_minutes(sorted: &[f64]) -> Option<Self> {
        let (low, high) = interval_ends();
        Some(Self {
            low: Horizon::from_minutes(quantile(sorted, low)?),
            high: Horizon::from_minutes(quantile(sorted, high)?),
        })
    }
}

/// The value below which a share `probability` (0 to 1) of sorted values lies, with linear
/// interpolation between neighbours: the common "type 7", which numpy uses too. Infinite values
/// count as such: a quantile next to one is infinite. `None` without values.
#[must_use]
pub fn quantile(sorted: &[f64], probability: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = probability.clamp(0.0, 1.0) * last as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the position lies between 0 and the last index, and its floor is wanted"
    )]
    let index = position as usize;
    let share = position.fract();
    let below = *sorted.get(index)?;
    let above = *sorted.get(index + 1).unwrap_or(&below);
    // Two equal infinities have no difference, and a share of zero of an infinity is none.
    Some(if share == 0.0 || below == above {
        below
    } else {
        below + (above - below) * share
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn interpolates_and_keeps_infinities() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[3.0], 0.9), Some(3.0));
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), Some(3.0));
        let ends = [0.0, 1.0, f64::INFINITY, f64::INFINITY];
        assert_eq!(quantile(&ends, 1.0 / 3.0), Some(1.0));
        assert_eq!(quantile(&ends, 0.4), Some(f64::INFINITY));
        assert_eq!(quantile(&ends, 0.9), Some(f64::INFINITY));
    }

    proptest! {
        #[test]
        fn quantiles_are_monotone_and_within_the_values(
            mut values in prop::collection::vec(-1e6..1e6_f64, 1..50),
            a in 0.0..=1.0_f64,
            b in 0.0..=1.0_f64,
        ) {
            values.sort_by(f64::total_cmp);
            let low = quantile(&values, a.min(b)).unwrap();
            let high = quantile(&values, a.max(b)).unwrap();
            prop_assert!(low <= high + 1e-9);
            prop_assert!(values[0] <= low && high <= values[values.len() - 1]);
        }
    }
}
