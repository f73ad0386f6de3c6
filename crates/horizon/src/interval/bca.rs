//! Bias-corrected and accelerated percentile intervals (Efron, "Better Bootstrap Confidence
//! Intervals", 1987).
//!
//! Where replicates lie mostly to one side of the estimate, or spread wider the longer the horizon,
//! plain percentiles miss the truth more often on one side than on the other. BCa takes the
//! quantiles at
//!
//! Φ(z₀ + (z₀ + z) / (1 − a·(z₀ + z)))
//!
//! instead of at Φ(z), with the bias z₀ = Φ⁻¹(share of replicates below the estimate, ties by half)
//! and the acceleration a = Σd³ / (6·(Σd²)^(3/2)) over jackknife deviations d.
//!
//! The jackknife leaves out one family at a time, since families are what the bootstrap draws first
//! and most of the spread comes from. What remains keeps its weights, scaled by F/(F − 1) for F
//! families: the total that a replicate has on average, so that the penalty counts as much as in
//! replicates. Deviations are of log₂ minutes; the bias is the same on any scale, the acceleration
//! is not, and horizons are closest to symmetric in logarithms.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal};

use super::{IntervalError, Target};
use crate::bootstrap::Bootstrap;
use crate::horizon::Horizon;
use crate::logistic::{Curve, Observation, fit_from, logit};
use crate::quantile::{HorizonInterval, interval_ends, quantile};

/// A BCa interval and what moved it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bca {
    /// The interval.
    pub interval: HorizonInterval,
    /// z₀: zero where half of the replicates lie below the estimate.
    pub bias: f64,
    /// a: zero where leaving out families moves the horizon as far down as up.
    pub acceleration: f64,
    /// Share of replicates below the lower end, instead of 0.025.
    pub low_share: f64,
    /// Share of replicates below the upper end, instead of 0.975.
    pub high_share: f64,
    /// Replicates without a curve, which count nowhere, as in the percentile interval.
    pub missing: usize,
}

/// The BCa interval of a horizon. Infinite replicates count as such.
///
/// # Errors
/// A horizon that is no finite length, no replicates or all to one side of it, a family without
/// which there is no horizon, or skewness that no quantile can make up for.
pub fn bca(target: &Target<'_>, bootstrap: &Bootstrap) -> Result<Bca, IntervalError> {
    let (observations, fit) = target.fit();
    let (Horizon::Minutes(estimate), Some(curve)) = (fit.horizon(target.probability), fit.curve())
    else {
        return Err(IntervalError::NoHorizon);
    };
    let crossings = bootstrap.crossings_minutes(target.agent, target.probability);
    let mut minutes: Vec<f64> = crossings.iter().copied().flatten().collect();
    if minutes.is_empty() {
        return Err(IntervalError::NoReplicates);
    }
    minutes.sort_by(f64::total_cmp);

    let below = minutes.partition_point(|&replicate| replicate < estimate);
    let not_above = minutes.partition_point(|&replicate| replicate <= estimate);
    let share = (below + not_above) as f64 / (2.0 * minutes.len() as f64);
    if share <= 0.0 || share >= 1.0 {
        return Err(IntervalError::OneSided);
    }
    let normal = Normal::standard();
    let bias = normal.inverse_cdf(share);
    let acceleration = acceleration(target, &observations, curve)?;
    let moved = |share: f64| {
        let z = bias + normal.inverse_cdf(share);
        let stretch = 1.0 - acceleration * z;
        (stretch > 0.0)
            .then(|| normal.cdf(bias + z / stretch))
            .ok_or(IntervalError::TooSkewed)
    };
    let (low, high) = interval_ends();
    let (low_share, high_share) = (moved(low)?, moved(high)?);
    let end = |share| {
        quantile(&minutes, share)
            .map(Horizon::from_minutes)
            .ok_or(IntervalError::NoReplicates)
    };
    Ok(Bca {
        interval: HorizonInterval {
            low: end(low_share)?,
            high: end(high_share)?,
        },
        bias,
        acceleration,
        low_share,
        high_share,
        missing: crossings.len() - minutes.len(),
    })
}

/// a, by leaving out family after family.
fn acceleration(
    target: &Target<'_>,
    observations: &[Observation],
    curve: Curve,
) -> Result<f64, IntervalError> {
    let families = target.dataset.families();
    let scale = families.len() as f64 / (families.len() as f64 - 1.0);
    let tried: Vec<usize> = target.dataset.tried(target.agent).collect();
    let mut rest = Vec::with_capacity(observations.len());
    let mut logs = Vec::with_capacity(families.len());
    for family in families {
        rest.clear();
        let others = tried.iter().zip(observations);
        let others = others.filter(|(task, _)| !family.tasks.contains(task));
        rest.extend(others.map(|(_, observation)| Observation {
            weight: observation.weight * scale,
            success_weight: observation.success_weight * scale,
            ..*observation
        }));
        let refitted = fit_from(&rest, target.lambda, Some(curve)).curve();
        let log = refitted
            .map(|curve| (logit(target.probability) - curve.intercept) / curve.slope)
            .filter(|log| log.is_finite());
        logs.push(log.ok_or_else(|| IntervalError::Jackknife {
            family: family.name.clone(),
        })?);
    }
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    let moment = |power| logs.iter().map(|log| (mean - log).powi(power)).sum::<f64>();
    let (squares, cubes) = (moment(2), moment(3));
    // Families that change nothing have no skewness either.
    Ok(if squares > 0.0 {
        cubes / (6.0 * squares.powf(1.5))
    } else {
        0.0
    })
}
