//! Where the search for a curve with lapses begins.

use super::lapse::{LARGEST_LAPSE, Lapses};
use crate::logistic::{Curve, Observation, Spread, logit};

/// Lapses to begin with; none is zero, where a search might stay.
const SMALL: f64 = 0.02;
const LARGE: f64 = 0.2;
/// How many of the best steps to begin with, and how steeply, in log-odds per doubling.
const BEST_STEPS: usize = 3;
const STEEPNESS: [f64; 3] = [1.5, 6.0, 20.0];

/// Parameters in the order slope, log-odds at the mean length, γ, δ: the plain curve; the same
/// and other curves, flat and steep, early and late, with small and large lapses; and the best
/// steps from one rate to another.
pub(super) fn starts(
    observations: &[Observation],
    spread: &Spread,
    plain: Option<Curve>,
    lapses: Lapses,
) -> Vec<[f64; 4]> {
    let (floor_free, ceiling_free) = match lapses {
        Lapses::Floor => (true, false),
        Lapses::Ceiling => (false, true),
        Lapses::FloorAndCeiling => (true, true),
    };
    let choices = |free| if free { &[SMALL, LARGE][..] } else { &[0.0] };
    let level = logit(spread.success_weight / spread.weight);
    let (slope, level) = plain.map_or((-0.5, level), |curve| {
        (curve.slope, curve.intercept + curve.slope * spread.mean_x)
    });
    let mut curves = vec![(slope, level)];
    let steepness = slope.abs().max(1.0 / spread.half_width());
    for slope in [-steepness, -4.0 * steepness] {
        for centre in [-0.5, 0.0, 0.5] {
            curves.push((slope, -slope * centre * spread.half_width()));
        }
    }
    let mut starts = vec![[slope, level, 0.0, 0.0]];
    for (slope, level) in curves {
        for &floor in choices(floor_free) {
            starts.extend(
                choices(ceiling_free)
                    .iter()
                    .map(|&drop| [slope, level, floor, drop]),
            );
        }
    }
    for step in best_steps(observations, floor_free, ceiling_free) {
        for slope in STEEPNESS.map(|steepness| -steepness) {
            let level = -slope * (step.x - spread.mean_x);
            starts.push([slope, level, step.after, 1.0 - step.before]);
        }
    }
    starts
}

/// A step from one rate to a lower one.
struct Step {
    /// log₂ minutes half-way between two lengths.
    x: f64,
    before: f64,
    after: f64,
    loss: f64,
}

/// The steps with the least cross-entropy: what ever steeper curves come to.
fn best_steps(observations: &[Observation], floor_free: bool, ceiling_free: bool) -> Vec<Step> {
    let mut sorted: Vec<&Observation> = observations.iter().filter(|o| o.weight > 0.0).collect();
    sorted.sort_by(|a, b| a.log2_minutes.total_cmp(&b.log2_minutes));
    // An end that is not free still lapses a little here, or most steps would be impossible.
    let most = |free| if free { LARGEST_LAPSE } else { SMALL };
    let total = sorted.iter().fold((0.0, 0.0), |sum, o| add(sum, o));
    let mut left = (0.0, 0.0);
    let mut steps = Vec::new();
    for pair in sorted.windows(2) {
        let [here, next] = pair else { continue };
        left = add(left, here);
        if here.log2_minutes == next.log2_minutes {
            continue;
        }
        let right = (total.0 - left.0, total.1 - left.1);
        let before = (left.1 / left.0).clamp(1.0 - most(ceiling_free), 1.0 - SMALL);
        let after = (right.1 / right.0).clamp(SMALL, most(floor_free));
        steps.push(Step {
            x: 0.5 * (here.log2_minutes + next.log2_minutes),
            before,
            after,
            loss: cross_entropy(left, before) + cross_entropy(right, after),
        });
    }
    steps.sort_by(|a, b| a.loss.total_cmp(&b.loss));
    steps.truncate(BEST_STEPS);
    steps
}

/// Weight and success weight with one observation more.
fn add((weight, success): (f64, f64), observation: &Observation) -> (f64, f64) {
    (
        weight + observation.weight,
        success + observation.success_weight,
    )
}

fn cross_entropy((weight, success): (f64, f64), rate: f64) -> f64 {
    -success * rate.ln() - (weight - success) * (1.0 - rate).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_step_is_where_the_rate_drops() {
        let rates = [0.8, 0.9, 0.8, 0.9, 0.2, 0.1, 0.2];
        let observations: Vec<Observation> = (0_u32..)
            .zip(rates)
            .map(|(index, rate)| Observation {
                log2_minutes: f64::from(index),
                weight: 1.0,
                success_weight: rate,
            })
            .collect();
        let best = &best_steps(&observations, true, true)[0];
        assert_eq!(best.x, 3.5);
        assert!((best.before - 0.85).abs() < 1e-12 && (best.after - 0.5 / 3.0).abs() < 1e-12);
        assert!(best_steps(&observations[..1], true, true).is_empty());
    }
}
