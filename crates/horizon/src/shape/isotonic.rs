//! Success that falls with length in whatever way fits best.
//!
//! Weighted isotonic regression: of all functions that never rise, the one with the least squared
//! error, which is also the most likely for successes and failures (Barlow, Bartholomew, Bremner
//! and Brunk 1972). Adjacent lengths are pooled until rates fall. It assumes nothing of the shape,
//! so where it disagrees with a curve, the curve is to blame, or chance.
//!
//! The result is known only at the lengths that were tried, and flat over pooled ones. Where it
//! crosses a probability is therefore a stretch of lengths ([`IsotonicHorizon::Crossed`]). As the
//! single figure, success is interpolated between the centres of neighbouring blocks, linearly in
//! log₂ minutes: centred isotonic regression (Oron and Flournoy 2017). Blocks without any success
//! or without any failure stay flat, as they do there. It is chosen since it is continuous, falls
//! strictly between 1 and 0, and uses where the runs of a block lie, while the middle of the
//! stretch moves by jumps when a single run changes.

use serde::Serialize;

use crate::horizon::Horizon;
use crate::logistic::Observation;

/// Success by length as blocks of falling rates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Isotonic {
    /// By length; rates fall strictly from block to block. Empty where no run carries weight.
    pub blocks: Vec<Block>,
}

/// Neighbouring lengths at which the fitted rate is the same.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Block {
    /// Shortest length, in minutes.
    pub from_minutes: f64,
    /// Longest length, in minutes.
    pub to_minutes: f64,
    /// Weighted mean of log₂ minutes: where interpolation places the block.
    pub centre_log2_minutes: f64,
    /// Weighted share of success, from 0 to 1.
    pub success: f64,
    /// Total weight of the runs.
    pub weight: f64,
}

/// Where isotonic success falls to a probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IsotonicHorizon {
    /// Somewhere in a stretch of lengths.
    Crossed {
        /// Longest length up to which success is above the probability; where a block lies at the
        /// probability exactly, its shortest length.
        from_minutes: f64,
        /// Shortest length from which success is below; or that block's longest.
        to_minutes: f64,
        /// The middle of the two on a logarithmic scale.
        midpoint_minutes: f64,
        /// Whether a block lies at the probability, so that success is flat there; otherwise it
        /// jumps across.
        flat: bool,
        /// Where interpolated success crosses. It may lie outside the stretch, within the blocks
        /// on either side.
        interpolated_minutes: f64,
    },
    /// Success is below even at the shortest length.
    BelowShortest {
        /// That length, in minutes.
        shortest_minutes: f64,
        /// The rate there.
        success: f64,
    },
    /// Success is above even at the longest length.
    BeyondLongest {
        /// That length, in minutes.
        longest_minutes: f64,
        /// The rate there.
        success: f64,
    },
    /// No run carries any weight.
    NoData,
}

/// Pools observations into blocks of falling rates.
#[must_use]
pub fn isotonic(observations: &[Observation]) -> Isotonic {
    let mut sorted: Vec<&Observation> = observations.iter().filter(|o| o.weight > 0.0).collect();
    sorted.sort_by(|a, b| a.log2_minutes.total_cmp(&b.log2_minutes));
    let mut pools: Vec<Pool> = Vec::new();
    for length in sorted.chunk_by(|a, b| a.log2_minutes == b.log2_minutes) {
        let Some(mut pool) = Pool::at(length) else {
            continue;
        };
        while let Some(before) = pools.pop_if(|before| before.rate() <= pool.rate()) {
            pool = before.with(&pool);
        }
        pools.push(pool);
    }
    Isotonic {
        blocks: pools.iter().map(Pool::block).collect(),
    }
}

impl Isotonic {
    /// Interpolated chance of success at a length of so many minutes; before the first block's
    /// centre and after the last one's, their rates. `None` without data.
    #[must_use]
    pub fn probability(&self, minutes: f64) -> Option<f64> {
        let x = minutes.log2();
        let knots = self.knots();
        let after = knots.partition_point(|knot| knot.0 <= x);
        let right = knots.get(after);
        let left = after.checked_sub(1).and_then(|index| knots.get(index));
        match (left, right) {
            (Some(left), Some(right)) => {
                let share = (x - left.0) / (right.0 - left.0);
                Some(left.1 + (right.1 - left.1) * share)
            }
            (one, other) => one.or(other).map(|knot| knot.1),
        }
    }

    /// Points of log₂ minutes and success between which success is interpolated.
    fn knots(&self) -> Vec<(f64, f64)> {
        let knots = self.blocks.iter().flat_map(|block| {
            let certain = block.success <= 0.0 || block.success >= 1.0;
            let (from, to) = (block.from_minutes.log2(), block.to_minutes.log2());
            if certain && from < to {
                vec![(from, block.success), (to, block.success)]
            } else {
                vec![(block.centre_log2_minutes, block.success)]
            }
        });
        knots.collect()
    }

    /// Where interpolated success passes a probability that it goes above and below.
    fn interpolated_log2_minutes(&self, probability: f64) -> Option<f64> {
        let knots = self.knots();
        let below = knots.partition_point(|knot| knot.1 > probability);
        let (left, right) = (knots.get(below.checked_sub(1)?)?, knots.get(below)?);
        Some(left.0 + (right.0 - left.0) * (left.1 - probability) / (left.1 - right.1))
    }

    /// Where success falls to a probability between 0 and 1.
    #[must_use]
    pub fn crossing(&self, probability: f64) -> IsotonicHorizon {
        let above = self
            .blocks
            .partition_point(|block| block.success > probability);
        let below = self
            .blocks
            .partition_point(|block| block.success >= probability);
        let last_above = above
            .checked_sub(1)
            .and_then(|index| self.blocks.get(index));
        let level = (above < below).then(|| self.blocks.get(above)).flatten();
        match (last_above, level, self.blocks.get(below)) {
            (_, Some(block), _) => {
                let ends = (block.from_minutes, block.to_minutes);
                crossed(ends, true, block.centre_log2_minutes)
            }
            (Some(left), None, Some(right)) => {
                let ends = (left.to_minutes, right.from_minutes);
                let crossing = self.interpolated_log2_minutes(probability);
                // Success is above and below, so it crosses, and the default is never used.
                crossed(ends, false, crossing.unwrap_or_default())
            }
            (None, None, Some(first)) => IsotonicHorizon::BelowShortest {
                shortest_minutes: first.from_minutes,
                success: first.success,
            },
            (Some(last), None, None) => IsotonicHorizon::BeyondLongest {
                longest_minutes: last.to_minutes,
                success: last.success,
            },
            (None, None, None) => IsotonicHorizon::NoData,
        }
    }

    /// The interpolated horizon. An agent that always fails or always succeeds has the ends that
    /// a logistic fit gives it; where success stays above or below at the lengths tried, the
    /// horizon is undefined, and [`Isotonic::crossing`] says on which side it lies.
    #[must_use]
    pub fn horizon(&self, probability: f64) -> Horizon {
        match self.crossing(probability) {
            IsotonicHorizon::Crossed {
                interpolated_minutes,
                ..
            } => Horizon::from_minutes(interpolated_minutes),
            IsotonicHorizon::BelowShortest { success, .. } if success <= 0.0 => Horizon::BelowAll,
            IsotonicHorizon::BeyondLongest { success, .. } if success >= 1.0 => Horizon::BeyondAll,
            _ => Horizon::Undefined,
        }
    }
}

fn crossed(
    (from_minutes, to_minutes): (f64, f64),
    flat: bool,
    interpolated_log2_minutes: f64,
) -> IsotonicHorizon {
    IsotonicHorizon::Crossed {
        from_minutes,
        to_minutes,
        midpoint_minutes: (0.5 * (from_minutes.log2() + to_minutes.log2())).exp2(),
        flat,
        interpolated_minutes: interpolated_log2_minutes.exp2(),
    }
}

/// A block while it grows.
struct Pool {
    /// Shortest and longest log₂ minutes.
    from: f64,
    to: f64,
    weight: f64,
    success_weight: f64,
    /// Sum of weight × log₂ minutes.
    moment: f64,
}

impl Pool {
    /// All observations at one length: one rate, whatever the rates of its tasks.
    fn at(length: &[&Observation]) -> Option<Self> {
        let x = length.first()?.log2_minutes;
        let weight: f64 = length.iter().map(|o| o.weight).sum();
        Some(Self {
            from: x,
            to: x,
            weight,
            success_weight: length.iter().map(|o| o.success_weight).sum(),
            moment: weight * x,
        })
    }

    fn with(self, longer: &Self) -> Self {
        Self {
            from: self.from,
            to: longer.to,
            weight: self.weight + longer.weight,
            success_weight: self.success_weight + longer.success_weight,
            moment: self.moment + longer.moment,
        }
    }

    fn rate(&self) -> f64 {
        self.success_weight / self.weight
    }

    fn block(&self) -> Block {
        Block {
            from_minutes: self.from.exp2(),
            to_minutes: self.to.exp2(),
            centre_log2_minutes: (self.moment / self.weight).clamp(self.from, self.to),
            // Rounding may leave a rate a hair above 1.
            success: self.rate().clamp(0.0, 1.0),
            weight: self.weight,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn observation(minutes: f64, weight: f64, success: f64) -> Observation {
        Observation {
            log2_minutes: minutes.log2(),
            weight,
            success_weight: weight * success,
        }
    }

    fn close(found: f64, expected: f64) -> bool {
        (found - expected).abs() < 1e-12 * expected
    }

    #[test]
    fn a_jump_is_a_stretch_between_two_lengths() {
        let rates = [(1.0, 1.0), (2.0, 0.6), (4.0, 0.8), (16.0, 0.2), (32.0, 0.0)];
        let fit = isotonic(&rates.map(|(minutes, rate)| observation(minutes, 1.0, rate)));
        let successes: Vec<f64> = fit.blocks.iter().map(|block| block.success).collect();
        assert_eq!(successes, [1.0, 0.7, 0.2, 0.0]);
        let IsotonicHorizon::Crossed {
            from_minutes,
            to_minutes,
            midpoint_minutes,
            flat: false,
            interpolated_minutes,
        } = fit.crossing(0.5)
        else {
            panic!("{fit:?}")
        };
        assert!(
            close(from_minutes, 4.0) && close(to_minutes, 16.0) && close(midpoint_minutes, 8.0)
        );
        // From 0.7 at 2^1.5 to 0.2 at 2^4, two fifths of the way.
        assert!(close(interpolated_minutes, 2.5_f64.exp2()));
        assert!((fit.probability(interpolated_minutes).unwrap() - 0.5).abs() < 1e-12);
        assert_eq!(fit.probability(0.01), Some(1.0));
        assert_eq!(fit.probability(1e9), Some(0.0));
    }

    #[test]
    fn blocks_without_failure_or_success_stay_flat() {
        let rates = [(1.0, 1.0), (4.0, 1.0), (16.0, 0.0), (64.0, 0.0)];
        let fit = isotonic(&rates.map(|(minutes, rate)| observation(minutes, 1.0, rate)));
        assert_eq!(fit.probability(3.0), Some(1.0));
        assert_eq!(fit.probability(20.0), Some(0.0));
        assert!(close(fit.horizon(0.5).minutes().unwrap(), 8.0));
    }

    #[test]
    fn a_block_at_the_probability_is_a_stretch_of_its_own() {
        let rates = [(1.0, 1.0), (2.0, 0.5), (8.0, 0.5), (16.0, 0.0)];
        let fit = isotonic(&rates.map(|(minutes, rate)| observation(minutes, 1.0, rate)));
        let IsotonicHorizon::Crossed {
            from_minutes,
            to_minutes,
            flat: true,
            interpolated_minutes,
            ..
        } = fit.crossing(0.5)
        else {
            panic!("{fit:?}")
        };
        assert!(close(from_minutes, 2.0) && close(to_minutes, 8.0));
        assert!(close(interpolated_minutes, 4.0));
    }

    #[test]
    fn ends_are_named() {
        assert_eq!(isotonic(&[]).crossing(0.5), IsotonicHorizon::NoData);
        assert_eq!(isotonic(&[]).probability(1.0), None);
        let high = isotonic(&[observation(1.0, 1.0, 1.0), observation(4.0, 1.0, 0.75)]);
        let beyond = IsotonicHorizon::BeyondLongest {
            longest_minutes: 4.0,
            success: 0.75,
        };
        assert_eq!(high.crossing(0.5), beyond);
        assert_eq!(high.horizon(0.5), Horizon::Undefined);
        let failing = isotonic(&[observation(1.0, 1.0, 0.0), observation(4.0, 1.0, 0.0)]);
        assert_eq!(failing.blocks.len(), 1);
        assert_eq!(failing.horizon(0.5), Horizon::BelowAll);
        let succeeding = isotonic(&[observation(1.0, 1.0, 1.0)]);
        assert_eq!(succeeding.horizon(0.5), Horizon::BeyondAll);
        // Success that rises is flat at best.
        let rising = isotonic(&[observation(1.0, 3.0, 0.0), observation(4.0, 1.0, 1.0)]);
        assert_eq!(rising.blocks.len(), 1);
        assert_eq!(rising.blocks[0].success, 0.25);
        assert!(matches!(
            rising.crossing(0.5),
            IsotonicHorizon::BelowShortest { .. }
        ));
    }

    proptest! {
        #[test]
        fn rates_fall_and_keep_the_average(
            rows in prop::collection::vec((0_u8..12, 1e-3..1.0_f64, 0.0..=1.0_f64), 1..40),
        ) {
            let observations: Vec<Observation> = rows
                .iter()
                .map(|&(x, weight, rate)| observation(f64::from(x).exp2(), weight, rate))
                .collect();
            let fit = isotonic(&observations);
            for pair in fit.blocks.windows(2) {
                prop_assert!(pair[0].success > pair[1].success);
                prop_assert!(pair[0].to_minutes < pair[1].from_minutes);
            }
            let kept: f64 = fit.blocks.iter().map(|block| block.weight * block.success).sum();
            let given: f64 = observations.iter().map(|o| o.success_weight).sum();
            prop_assert!((kept - given).abs() < 1e-12);
            // The minimum of squares in the cone of falling functions: within a block, no first
            // part has a lower rate than the whole (else it had been split off).
            for block in &fit.blocks {
                let mut inside: Vec<&Observation> = observations
                    .iter()
                    .filter(|o| {
                        (block.from_minutes..=block.to_minutes).contains(&o.log2_minutes.exp2())
                    })
                    .collect();
                inside.sort_by(|a, b| a.log2_minutes.total_cmp(&b.log2_minutes));
                let (mut weight, mut success) = (0.0, 0.0);
                for part in inside.chunk_by(|a, b| a.log2_minutes == b.log2_minutes) {
                    weight += part.iter().map(|o| o.weight).sum::<f64>();
                    success += part.iter().map(|o| o.success_weight).sum::<f64>();
                    prop_assert!(success / weight <= block.success + 1e-12);
                }
            }
        }
    }
}
