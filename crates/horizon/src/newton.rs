//! Newton's method for the two parameters of a penalised logistic curve.

use crate::lambda::Lambda;
use crate::logistic::{Curve, Fit, Fitted, Observation, Spread, logit};

/// A fit has converged when both the gradient per unit of weight and the Newton step that is
/// still to go are below these. Newton's steps square the error, so the last one usually lands
/// far below. The gradient alone would not do: where nearly all chances are 0 or 1 the function is
/// so flat that a tiny gradient can be far from the minimum.
const GRADIENT_TOLERANCE: f64 = 1e-12;
const STEP_TOLERANCE: f64 = 1e-9;
/// Newton needs fewer than ten steps on ordinary data; separated data with a tiny penalty, a few
/// dozen.
const MAX_ITERATIONS: u32 = 500;
const MAX_HALVINGS: u32 = 60;
/// Furthest that one step may move any log-odds. Longer steps can leap into regions where all
/// chances are 0 or 1 to the last digit and no curvature is left to return by.
const MAX_LOG_ODDS_STEP: f64 = 8.0;

/// Newton's method on slope and centred intercept.
///
/// Measuring x from its mean leaves the problem as it is, since the intercept is free, and keeps
/// the two-by-two system well conditioned.
pub(crate) struct Newton<'a> {
    observations: &'a [Observation],
    lambda: f64,
    weight: f64,
    mean_x: f64,
    /// Largest distance of a length from the mean.
    half_width: f64,
    slope: f64,
    /// Log-odds at the mean length.
    level: f64,
}

/// The objective with its derivatives at one point.
#[derive(Clone, Copy)]
struct Local {
    objective: f64,
    gradient: (f64, f64),
    /// Second derivatives: slope-slope, slope-level, level-level.
    hessian: (f64, f64, f64),
}

impl<'a> Newton<'a> {
    /// A search that starts from a guess, or else from a flat curve at the average.
    pub(crate) fn new(
        observations: &'a [Observation],
        lambda: Lambda,
        spread: &Spread,
        guess: Option<Curve>,
    ) -> Self {
        let flat = (0.0, logit(spread.success_weight / spread.weight));
        let (slope, level) = guess.map_or(flat, |curve| {
            (curve.slope, curve.intercept + curve.slope * spread.mean_x)
        });
        let usable = slope.is_finite() && level.is_finite();
        let (slope, level) = if usable { (slope, level) } else { flat };
        let (weight, mean_x) = (spread.weight, spread.mean_x);
        Self {
            observations,
            lambda: lambda.value(),
            weight,
            mean_x,
            half_width: spread.half_width(),
            slope,
            level,
        }
    }

    /// Steps until the minimum is reached or no further step helps.
    pub(crate) fn run(mut self) -> Fit {
        let mut here = self.local(self.slope, self.level);
        let mut iterations = 0;
        loop {
            let step = here.newton_step();
            let fitted = self.fitted(&here, step, iterations);
            if fitted.gradient_norm <= GRADIENT_TOLERANCE && fitted.remaining_step <= STEP_TOLERANCE
            {
                let falling = fitted.curve.slope < 0.0;
                return if falling {
                    Fit::Converged(fitted)
                } else {
                    Fit::Rising(fitted)
                };
            }
            let descent = if iterations < MAX_ITERATIONS {
                self.descend(&here, step)
            } else {
                None
            };
            let Some((slope, level, there)) = descent else {
                return Fit::Unconverged(fitted);
            };
            (self.slope, self.level, here) = (slope, level, there);
            iterations += 1;
        }
    }

    /// The present point with its evidence.
    fn fitted(&self, here: &Local, step: (f64, f64), iterations: u32) -> Fitted {
        let relative = |change: f64, parameter: f64| change.abs() / (parameter.abs() + 1.0);
        Fitted {
            curve: Curve {
                slope: self.slope,
                intercept: self.level - self.slope * self.mean_x,
            },
            objective: here.objective,
            gradient_norm: here.gradient.0.abs().max(here.gradient.1.abs()) / self.weight,
            // Where curvature vanishes there is no step; the largest number says so in any format.
            remaining_step: relative(step.0, self.slope)
                .max(relative(step.1, self.level))
                .min(f64::MAX),
            iterations,
        }
    }

    /// Goes along a step, halved until the objective falls enough; `None` where it cannot.
    fn descend(&self, here: &Local, step: (f64, f64)) -> Option<(f64, f64, Local)> {
        let promised = here.gradient.0 * step.0 + here.gradient.1 * step.1;
        // Near the minimum the true decrease drowns in rounding, and must not block a good step.
        let rounding = 16.0 * f64::EPSILON * here.objective;
        let reach = (step.0 * self.half_width).abs() + step.1.abs();
        let mut length = (MAX_LOG_ODDS_STEP / reach).min(1.0);
        for _ in 0..MAX_HALVINGS {
            let (slope, level) = (self.slope + length * step.0, self.level + length * step.1);
            let there = self.local(slope, level);
            if there.objective <= here.objective + 1e-4 * length * promised + rounding {
                return Some((slope, level, there));
            }
            length *= 0.5;
        }
        None
    }

    /// Objective, gradient and curvature at a point.
    fn local(&self, slope: f64, level: f64) -> Local {
        let mut objective = 0.5 * self.lambda * slope * slope;
        let mut gradient = (self.lambda * slope, 0.0);
        let mut hessian = (self.lambda, 0.0, 0.0);
        for observation in self.observations {
            let x = observation.log2_minutes - self.mean_x;
            let log_odds = slope * x + level;
            // With e = exp(-|log odds|) nothing here can overflow.
            let e = (-log_odds.abs()).exp();
            let (smaller, larger) = (e / (1.0 + e), 1.0 / (1.0 + e));
            let rising = log_odds >= 0.0;
            let (success, failure) = if rising {
                (larger, smaller)
            } else {
                (smaller, larger)
            };
            // Losses and residuals are sums of terms without cancellation, so that they stay
            // exact where chances are next to 0 or 1.
            let weight = observation.weight;
            let failure_weight = weight - observation.success_weight;
            let wrong = if rising {
                failure_weight
            } else {
                observation.success_weight
            };
            objective += weight * e.ln_1p() + wrong * log_odds.abs();
            let residual = failure_weight * success - observation.success_weight * failure;
            gradient.0 += residual * x;
            gradient.1 += residual;
            let curvature = weight * smaller * larger;
            hessian.0 += curvature * x * x;
            hessian.1 += curvature * x;
            hessian.2 += curvature;
        }
        Local {
            objective,
            gradient,
            hessian,
        }
    }
}

impl Local {
    /// The step to the minimum of the local parabola; not finite where there is none.
    fn newton_step(&self) -> (f64, f64) {
        let (slope_slope, slope_level, level_level) = self.hessian;
        let (by_slope, by_level) = self.gradient;
        let determinant = slope_slope * level_level - slope_level * slope_level;
        (
            (slope_level * by_level - level_level * by_slope) / determinant,
            (slope_level * by_slope - slope_slope * by_level) / determinant,
        )
    }
}
