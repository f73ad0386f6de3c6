//! Shapes that the growth of horizons may have, as curves of ln minutes against days.

use std::f64::consts::LN_2;

use serde::Serialize;

use super::leaders::FURTHEST_DAY;
use super::line::Line;
use crate::horizon::Horizon;

/// Working hours of a month, 167, in minutes: METR's one-month horizon.
pub const ONE_MONTH_MINUTES: f64 = 10_020.0;

/// A family of curves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A straight line of ln minutes: a constant doubling time.
    Exponential,
    /// Two lines that meet on one day: the doubling time changed once.
    Piecewise,
    /// A parabola of ln minutes: the growth rate itself changes steadily. Superexponential where
    /// it opens upwards.
    Quadratic,
    /// minutes = a / (t* − day): superexponential, and infinite on the day t*.
    Hyperbolic,
    /// minutes = K / (1 + exp(−r·(day − m))): exponential first, then saturating at K.
    Logistic,
}

/// A curve of ln minutes against days from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Growth {
    /// One line.
    Exponential(Line),
    /// Two lines.
    Piecewise {
        /// Day on which they meet.
        break_day: f64,
        /// ln minutes on that day.
        ln_minutes_at_break: f64,
        /// Growth of ln minutes per day before it.
        slope_before_per_day: f64,
        /// And after it.
        slope_after_per_day: f64,
    },
    /// ln minutes = `ln_minutes` + `slope_per_day`·x + `curvature_per_day_squared`·x², where x
    /// counts days from `origin_day`.
    Quadratic {
        /// Day on which x is zero.
        origin_day: f64,
        /// ln minutes on that day.
        ln_minutes: f64,
        /// Growth of ln minutes per day, on that day.
        slope_per_day: f64,
        /// Half of the growth of the slope per day.
        curvature_per_day_squared: f64,
    },
    /// ln minutes = `ln_minute_days` − ln(`singular_day` − day).
    Hyperbolic {
        /// ln of a, in minutes times days.
        ln_minute_days: f64,
        /// t*, the day on which the horizon becomes infinite.
        singular_day: f64,
    },
    /// ln minutes = `ln_ceiling_minutes` − ln(1 + exp(−`rate_per_day`·(day − `midpoint_day`))).
    Logistic {
        /// ln of K, which the horizon never exceeds.
        ln_ceiling_minutes: f64,
        /// r, the growth of ln minutes per day long before the midpoint.
        rate_per_day: f64,
        /// m, the day on which half of K is reached.
        midpoint_day: f64,
    },
}

/// When a curve rises through a target.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrival {
    /// On this day, from 1970-01-01.
    Day(f64),
    /// On no day, or on one more than a million days away: the curve falls, peaks or levels off
    /// below the target.
    Never,
    /// The curve lies above the target on all days.
    Always,
}

impl Shape {
    /// All shapes, the simplest first.
    pub const ALL: [Self; 5] = [
        Self::Exponential,
        Self::Hyperbolic,
        Self::Quadratic,
        Self::Logistic,
        Self::Piecewise,
    ];

    /// The name written in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Exponential => "exponential",
            Self::Piecewise => "piecewise",
            Self::Quadratic => "quadratic",
            Self::Hyperbolic => "hyperbolic",
            Self::Logistic => "logistic",
        }
    }

    /// Number of parameters that a fit chooses, the day of a break among them.
    #[must_use]
    pub fn parameters(self) -> usize {
        match self {
            Self::Exponential | Self::Hyperbolic => 2,
            Self::Quadratic | Self::Logistic => 3,
            Self::Piecewise => 4,
        }
    }
}

impl Growth {
    /// ln minutes on a day; `None` from a singularity on.
    #[must_use]
    pub fn ln_minutes(&self, day: f64) -> Option<f64> {
        match *self {
            Self::Exponential(line) => Some(line.ln_minutes(day)),
            Self::Piecewise {
                break_day,
                ln_minutes_at_break,
                slope_before_per_day,
                slope_after_per_day,
            } => {
                let slope = if day < break_day {
                    slope_before_per_day
                } else {
                    slope_after_per_day
                };
                Some(ln_minutes_at_break + slope * (day - break_day))
            }
            Self::Quadratic {
                origin_day,
                ln_minutes,
                slope_per_day,
                curvature_per_day_squared,
            } => {
                let x = day - origin_day;
                Some(ln_minutes + (slope_per_day + curvature_per_day_squared * x) * x)
            }
            Self::Hyperbolic {
                ln_minute_days,
                singular_day,
            } => (day < singular_day).then(|| ln_minute_days - (singular_day - day).ln()),
            Self::Logistic {
                ln_ceiling_minutes,
                rate_per_day,
                midpoint_day,
            } => Some(ln_ceiling_minutes - softplus(-rate_per_day * (day - midpoint_day))),
        }
    }

    /// The horizon on a day, beyond all tasks from a singularity on.
    #[must_use]
    pub fn horizon(&self, day: f64) -> Horizon {
        self.ln_minutes(day)
            .map_or(Horizon::BeyondAll, |ln_minutes| {
                Horizon::from_minutes(ln_minutes.exp())
            })
    }

    /// Days in which the horizon would double at the growth rate of a day; `None` where it does
    /// not grow.
    #[must_use]
    pub fn doubling_days(&self, day: f64) -> Option<f64> {
        let slope = match *self {
            Self::Exponential(line) => line.slope_per_day,
            Self::Piecewise {
                break_day,
                slope_before_per_day,
                slope_after_per_day,
                ..
            } => {
                if day < break_day {
                    slope_before_per_day
                } else {
                    slope_after_per_day
                }
            }
            Self::Quadratic {
                origin_day,
                slope_per_day,
                curvature_per_day_squared,
                ..
            } => slope_per_day + 2.0 * curvature_per_day_squared * (day - origin_day),
            Self::Hyperbolic { singular_day, .. } => (singular_day - day).recip(),
            Self::Logistic {
                rate_per_day,
                midpoint_day,
                ..
            } => rate_per_day / (1.0 + (rate_per_day * (day - midpoint_day)).exp()),
        };
        let days = LN_2 / slope;
        (slope > 0.0 && days.is_finite()).then_some(days)
    }

    /// When the horizon rises through a target in minutes. A target that is no positive number
    /// is never reached.
    #[must_use]
    pub fn arrival(&self, target_minutes: f64) -> Arrival {
        if !(target_minutes.is_finite() && target_minutes > 0.0) {
            return Arrival::Never;
        }
        let target = target_minutes.ln();
        match *self {
            Self::Exponential(line) => rise(0.0, line.intercept, line.slope_per_day, target),
            Self::Piecewise {
                break_day,
                ln_minutes_at_break: level,
                slope_before_per_day: before,
                slope_after_per_day: after,
            } => {
                if target > level {
                    rise(break_day, level, after, target)
                } else if before > 0.0 {
                    rise(break_day, level, before, target)
                } else if after >= 0.0 {
                    Arrival::Always
                } else {
                    Arrival::Never
                }
            }
            Self::Quadratic {
                origin_day,
                ln_minutes,
                slope_per_day,
                curvature_per_day_squared,
            } => {
                let missing = target - ln_minutes;
                let discriminant =
                    slope_per_day * slope_per_day + 4.0 * curvature_per_day_squared * missing;
                if discriminant < 0.0 {
                    return if curvature_per_day_squared > 0.0 {
                        Arrival::Always
                    } else {
                        Arrival::Never
                    };
                }
                // Of two crossings the one where the curve rises; written without cancellation.
                let root = discriminant.sqrt();
                let x = if slope_per_day > 0.0 {
                    2.0 * missing / (slope_per_day + root)
                } else {
                    (root - slope_per_day) / (2.0 * curvature_per_day_squared)
                };
                Arrival::on(origin_day + x)
            }
            Self::Hyperbolic {
                ln_minute_days,
                singular_day,
            } => Arrival::on(singular_day - (ln_minute_days - target).exp()),
            Self::Logistic {
                ln_ceiling_minutes,
                rate_per_day,
                midpoint_day,
            } => {
                let room = ln_ceiling_minutes - target;
                if room <= 0.0 {
                    return Arrival::Never;
                }
                // ln(exp(room) − 1), without overflow.
                let log_odds = room + (-(-room).exp()).ln_1p();
                Arrival::on(midpoint_day - log_odds / rate_per_day)
            }
        }
    }
}

impl Arrival {
    /// A day, unless it is out of all reach.
    fn on(day: f64) -> Self {
        if day < -FURTHEST_DAY {
            Self::Always
        } else if day <= FURTHEST_DAY {
            Self::Day(day)
        } else {
            // Not a number is here as well: a curve that is flat or rises nowhere.
            Self::Never
        }
    }

    /// A number that puts arrivals in order: infinite for never, minus infinite for always.
    pub(crate) fn order(self) -> f64 {
        match self {
            Self::Day(day) => day,
            Self::Never => f64::INFINITY,
            Self::Always => f64::NEG_INFINITY,
        }
    }

    /// The reverse of [`Self::order`].
    pub(crate) fn from_order(day: f64) -> Self {
        if day.is_nan() {
            Self::Always
        } else {
            Self::on(day)
        }
    }
}

/// When a line through a point rises through a target.
fn rise(day: f64, level: f64, slope: f64, target: f64) -> Arrival {
    if slope > 0.0 {
        Arrival::on(day + (target - level) / slope)
    } else {
        Arrival::Never
    }
}

/// ln(1 + exp(x)) without overflow.
pub(crate) fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parabola(slope_per_day: f64, curvature_per_day_squared: f64) -> Growth {
        Growth::Quadratic {
            origin_day: 20_000.0,
            ln_minutes: 3.0,
            slope_per_day,
            curvature_per_day_squared,
        }
    }

    fn bent(slope_before_per_day: f64, slope_after_per_day: f64) -> Growth {
        Growth::Piecewise {
            break_day: 20_000.0,
            ln_minutes_at_break: 3.0,
            slope_before_per_day,
            slope_after_per_day,
        }
    }

    #[test]
    fn targets_out_of_reach_have_names() {
        let minutes = |ln_minutes: f64| ln_minutes.exp();
        assert_eq!(parabola(0.01, -1e-4).arrival(minutes(9.0)), Arrival::Never);
        assert_eq!(parabola(0.01, 1e-4).arrival(minutes(2.0)), Arrival::Always);
        assert_eq!(parabola(0.0, 0.0).arrival(minutes(9.0)), Arrival::Never);
        assert_eq!(parabola(1e-9, 0.0).arrival(minutes(9.0)), Arrival::Never);
        assert_eq!(bent(0.01, -0.01).arrival(minutes(4.0)), Arrival::Never);
        assert_eq!(bent(-0.01, 0.01).arrival(minutes(2.0)), Arrival::Always);
        assert_eq!(bent(-0.01, -0.01).arrival(minutes(2.0)), Arrival::Never);
        let logistic = Growth::Logistic {
            ln_ceiling_minutes: 5.0,
            rate_per_day: 0.01,
            midpoint_day: 20_000.0,
        };
        assert_eq!(logistic.arrival(minutes(5.0)), Arrival::Never);
        assert_eq!(logistic.arrival(0.0), Arrival::Never);
        let hyperbolic = Growth::Hyperbolic {
            ln_minute_days: 9.0,
            singular_day: 21_000.0,
        };
        assert_eq!(hyperbolic.horizon(21_000.0), Horizon::BeyondAll);
        assert_eq!(hyperbolic.doubling_days(21_001.0), None);
    }

    fn growths() -> impl Strategy<Value = Growth> {
        let slope = -0.01..0.02_f64;
        prop_oneof![
            (slope.clone(), -1e-5..1e-5_f64).prop_map(|(s, c)| parabola(s, c)),
            (slope.clone(), slope.clone()).prop_map(|(before, after)| bent(before, after)),
            slope.prop_map(|slope| Growth::Exponential(Line {
                slope_per_day: slope,
                intercept: 3.0 - slope * 20_000.0,
                r_squared: None,
            })),
            (3.0..12.0_f64, 20_100.0..30_000.0_f64).prop_map(|(a, day)| Growth::Hyperbolic {
                ln_minute_days: a,
                singular_day: day,
            }),
            (2.0..12.0_f64, 1e-3..0.05_f64, 19_000.0..22_000.0_f64).prop_map(|(k, r, m)| {
                Growth::Logistic {
                    ln_ceiling_minutes: k,
                    rate_per_day: r,
                    midpoint_day: m,
                }
            }),
        ]
    }

    proptest! {
        #[test]
        fn curves_rise_through_the_target_on_the_day_of_arrival(
            growth in growths(), ln_target in -2.0..10.0_f64,
        ) {
            if let Arrival::Day(day) = growth.arrival(ln_target.exp()) {
                let there = growth.ln_minutes(day);
                if let Some(there) = there {
                    prop_assert!((there - ln_target).abs() < 1e-5, "{growth:?} {there}");
                    let later = growth.ln_minutes(day + 0.01);
                    prop_assert!(later.is_none_or(|later| later >= there - 1e-9));
                }
                // Rounding may put an arrival at the singularity itself, nowhere else.
                let singular = matches!(growth, Growth::Hyperbolic { .. });
                prop_assert!(there.is_some() || singular);
            }
        }

        #[test]
        fn the_doubling_time_is_the_slope(growth in growths(), day in 19_000.0..20_090.0_f64) {
            let kinked = matches!(growth, Growth::Piecewise { break_day, .. }
                if (day - break_day).abs() < 1.0);
            prop_assume!(!kinked);
            let step = 1e-2;
            let (before, after) = (growth.ln_minutes(day - step), growth.ln_minutes(day + step));
            let slope = (after.unwrap() - before.unwrap()) / (2.0 * step);
            if let Some(doubling) = growth.doubling_days(day) {
                prop_assert!((LN_2 / doubling - slope).abs() < 1e-8, "{growth:?} {doubling} {slope}");
            } else {
                prop_assert!(slope < 1e-9);
            }
        }
    }
}
