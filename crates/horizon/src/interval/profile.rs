//! Profile-likelihood intervals of a horizon.
//!
//! With the horizon held at h, log₂ minutes, the curve of log-odds slope·(x − h) + logit q has one
//! parameter left. D(h) = 2n·(min over slope ≤ 0 of the loss at h − the least loss of all) is
//! then compared with the 95 % quantile of χ² with one degree of freedom, and the interval holds
//! the h below it. Curves with one horizon form a ray in the half-plane of falling curves, all rays
//! start at the flat curve of height q, and the loss is convex; so D falls up to the estimate and
//! rises after it, and the set is an interval. Far out the rays approach flat curves: where those
//! are not ruled out, an end is open, and is named `below_all` or `beyond_all`.
//!
//! The loss is a mean: its weights add up to 1, not to a number of observations, and it is only a
//! pseudo-likelihood, since weights differ and runs resemble each other. The effective number n
//! makes up for that. For independent units with weights v adding up to 1, the variance of the
//! score is Σv² times what the curvature of the mean loss says, so that D has the mean of its χ²
//! for Kish's n = 1/Σv² ("Survey Sampling", 1965). [`Unit`] says what counts as independent.
//!
//! Neglected are: the noise of the human lengths; the lack of fit of the curve; that n for families
//! is itself an estimate, and that a single n serves both ends. The penalty is part of the loss.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal};

use super::{IntervalError, Target};
use crate::horizon::Horizon;
use crate::logistic::{Curve, Fit, Observation, logit};
use crate::quantile::{HorizonInterval, interval_ends};

/// log₂ minutes beyond which minutes are zero or infinite as numbers.
const FURTHEST_LOG2_MINUTES: f64 = 1_100.0;
/// Precision of an end, in doublings.
const END_PRECISION: f64 = 1e-9;
/// No slope is steeper: it would take a billionth of a doubling from success to failure.
const STEEPEST_SLOPE: f64 = -1e10;
const MAX_STEPS: u32 = 200;
/// Where success turns to failure at one length that has both, the horizon lies this many doublings
/// beside that length.
const BESIDE: f64 = 1e-6;

/// What is taken to be independent, which decides how many observations the likelihood counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Runs, by Kish's formula. Neglects that runs at one task resemble each other, and is far too
    /// sure where tasks have many runs.
    Runs,
    /// Tasks, by Kish's formula, as if all runs at one task went the same way. Neglects that tasks
    /// of a family resemble each other; defined whatever the runs.
    Tasks,
    /// Families, by the spread of their scores around the fitted curve (Godambe's information, with
    /// the adjustment of Pace, Salvan and Sartori, "Adjusting Composite Likelihood Ratio
    /// Statistics", 2011): with H the curvature of the loss, J = F/(F − 1) Σ sᶠsᶠ' over the scores
    /// of F families, and g the gradient of the horizon, n = g'H⁻¹g / g'H⁻¹JH⁻¹g. What
    /// resembles each other within a family may do so in any way.
    Families,
}

/// A profile interval and the scale of its likelihood.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Profile {
    /// The interval.
    pub interval: HorizonInterval,
    /// What was taken to be independent.
    pub unit: Unit,
    /// n: how many observations the likelihood counts.
    pub effective_number: f64,
}

/// The profile interval of a horizon. It has a bounded upper end also for an agent that always
/// fails, and a bounded lower one for one that always succeeds.
///
/// # Errors
/// Runs that determine no falling curve, or no effective number of the unit.
pub fn profile(target: &Target<'_>, unit: Unit) -> Result<Profile, IntervalError> {
    let (observations, fit) = target.fit();
    let log_odds = logit(target.probability);
    let (least_loss, start) = least(&observations, &fit, log_odds)?;
    let effective_number = effective_number(target, &observations, &fit, unit)?;
    let z = Normal::standard().inverse_cdf(interval_ends().1);
    let likelihood = Likelihood {
        observations: &observations,
        lambda: target.lambda.value(),
        log_odds,
        highest: least_loss + z * z / (2.0 * effective_number),
    };
    let interval = HorizonInterval {
        low: likelihood.end(start, -FURTHEST_LOG2_MINUTES),
        high: likelihood.end(start, FURTHEST_LOG2_MINUTES),
    };
    Ok(Profile {
        interval,
        unit,
        effective_number,
    })
}

/// The profile interval at the smaller of the effective numbers of tasks and families, or of tasks
/// alone where no curve is determined. Where hardly any run succeeds the few scores that are not zero
/// say too little of how families spread, and their effective number can come out far above that of
/// tasks.
///
/// # Errors
/// Runs that determine no falling curve.
pub fn cautious(target: &Target<'_>) -> Result<Profile, IntervalError> {
    let by_tasks = profile(target, Unit::Tasks)?;
    match profile(target, Unit::Families) {
        Ok(by_families) if by_families.effective_number < by_tasks.effective_number => {
            Ok(by_families)
        }
        Ok(_) | Err(IntervalError::NoCurve) => Ok(by_tasks),
        Err(other) => Err(other),
    }
}

/// The least loss of any falling curve, and a log₂ horizon where it is reached or approached.
fn least(
    observations: &[Observation],
    fit: &Fit,
    log_odds: f64,
) -> Result<(f64, f64), IntervalError> {
    let within = |log2: f64| log2.clamp(-FURTHEST_LOG2_MINUTES, FURTHEST_LOG2_MINUTES);
    match *fit {
        Fit::Converged(fitted) => {
            let Curve { slope, intercept } = fitted.curve;
            Ok((fitted.objective, within((log_odds - intercept) / slope)))
        }
        Fit::AllFail => Ok((0.0, -FURTHEST_LOG2_MINUTES)),
        Fit::AllSucceed => Ok((0.0, FURTHEST_LOG2_MINUTES)),
        Fit::Separated { falling: true, .. } => Ok(least_of_separated(observations, log_odds)),
        Fit::Separated { falling: false, .. } | Fit::Rising(_) => Err(IntervalError::Rising),
        Fit::OneLength { .. } => Err(IntervalError::OneLength),
        Fit::Unconverged(_) => Err(IntervalError::Unconverged),
        Fit::NoData => Err(IntervalError::NoData),
    }
}

/// The same for runs that a step at one length explains, up to runs of that very length.
fn least_of_separated(observations: &[Observation], log_odds: f64) -> (f64, f64) {
    let weighty = || observations.iter().filter(|o| o.weight > 0.0);
    let succeeding = weighty().filter(|o| o.success_weight > 0.0);
    let longest_success = succeeding.fold(f64::NEG_INFINITY, |x, o| x.max(o.log2_minutes));
    let failing = weighty().filter(|o| o.success_weight < o.weight);
    let shortest_failure = failing.fold(f64::INFINITY, |x, o| x.min(o.log2_minutes));
    let at_step = weighty().filter(|o| o.log2_minutes == longest_success);
    let (success, failure) = at_step.fold((0.0, 0.0), |(success, failure), o| {
        (
            success + o.success_weight,
            failure + o.weight - o.success_weight,
        )
    });
    if failure <= 0.0 {
        return (0.0, 0.5 * (longest_success + shortest_failure));
    }
    let weight = success + failure;
    let loss = -success * (success / weight).ln() - failure * (failure / weight).ln();
    let beside = ((success / failure).ln() - log_odds).clamp(-1.0, 1.0) * BESIDE;
    (loss, longest_success + beside)
}

fn effective_number(
    target: &Target<'_>,
    observations: &[Observation],
    fit: &Fit,
    unit: Unit,
) -> Result<f64, IntervalError> {
    let tasks = target.dataset.tried(target.agent).zip(observations);
    let sum_of_squares: f64 = match unit {
        Unit::Runs => tasks
            .map(|(task, observation)| {
                let runs = target.dataset.successes(target.agent, task).len();
                observation.weight * observation.weight / runs as f64
            })
            .sum(),
        Unit::Tasks => tasks.map(|(_, o)| o.weight * o.weight).sum(),
        Unit::Families => {
            let curve = fit.curve().ok_or(IntervalError::NoCurve)?;
            return number_of_families(target, observations, curve);
        }
    };
    Ok(1.0 / sum_of_squares)
}

/// n = g'H⁻¹g / g'H⁻¹JH⁻¹g; see [`Unit::Families`].
fn number_of_families(
    target: &Target<'_>,
    observations: &[Observation],
    curve: Curve,
) -> Result<f64, IntervalError> {
    let tried: Vec<usize> = target.dataset.tried(target.agent).collect();
    let mut hessian = (target.lambda.value(), 0.0, 0.0);
    let mut scores = Vec::new();
    for family in target.dataset.families() {
        let mut score = (0.0, 0.0);
        let mut has_runs = false;
        let members = tried.iter().zip(observations);
        for (_, o) in members.filter(|(task, _)| family.tasks.contains(task)) {
            has_runs = true;
            let x = o.log2_minutes;
            let p = curve.probability(x.exp2());
            let (residual, curvature) = (o.weight * p - o.success_weight, o.weight * p * (1.0 - p));
            score = (score.0 + residual * x, score.1 + residual);
            hessian.0 += curvature * x * x;
            hessian.1 += curvature * x;
            hessian.2 += curvature;
        }
        if has_runs {
            scores.push(score);
        }
    }
    // The gradient of the horizon (log-odds − intercept)/slope, but for a factor that cancels.
    let log2_horizon = (logit(target.probability) - curve.intercept) / curve.slope;
    let gradient = (log2_horizon, 1.0);
    let determinant = hessian.0 * hessian.2 - hessian.1 * hessian.1;
    // H⁻¹g.
    let direction = (
        (hessian.2 * gradient.0 - hessian.1 * gradient.1) / determinant,
        (hessian.0 * gradient.1 - hessian.1 * gradient.0) / determinant,
    );
    let expected = gradient.0 * direction.0 + gradient.1 * direction.1;
    let families = scores.len() as f64;
    let along = |score: &(f64, f64)| (score.0 * direction.0 + score.1 * direction.1).powi(2);
    let found = families / (families - 1.0) * scores.iter().map(along).sum::<f64>();
    let number = expected / found;
    if number.is_finite() && number > 0.0 {
        Ok(number)
    } else {
        Err(IntervalError::NoCurve)
    }
}

/// The loss of one agent's curves, by horizon.
struct Likelihood<'a> {
    observations: &'a [Observation],
    lambda: f64,
    /// Log-odds at the horizon.
    log_odds: f64,
    /// The loss at the ends of the interval.
    highest: f64,
}

impl Likelihood<'_> {
    /// The end of the interval between `inside` and `limit`; open where the limit is inside too.
    fn end(&self, inside: f64, limit: f64) -> Horizon {
        if self.holds(limit) {
            return Horizon::from_minutes(limit.exp2());
        }
        let (mut inside, mut outside) = (inside, limit);
        let mut reach = limit.signum();
        // Most ends are near, so doubling steps find them sooner than halving the whole range.
        while (outside - inside).abs() > reach.abs() && self.holds(inside + reach) {
            inside += reach;
            reach *= 2.0;
        }
        if (outside - inside).abs() > reach.abs() {
            outside = inside + reach;
        }
        while (outside - inside).abs() > END_PRECISION {
            let middle = 0.5 * (inside + outside);
            if middle == inside || middle == outside {
                break;
            }
            if self.holds(middle) {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        Horizon::from_minutes((0.5 * (inside + outside)).exp2())
    }

    fn holds(&self, log2_horizon: f64) -> bool {
        self.least_loss(log2_horizon) <= self.highest
    }

    /// Least loss of the falling curves with a given horizon: Newton's method on the derivative,
    /// which rises with the slope, kept within a bracket.
    fn least_loss(&self, log2_horizon: f64) -> f64 {
        let flat = self.local(log2_horizon, 0.0);
        if flat.derivative <= 0.0 {
            return flat.loss;
        }
        let (mut steep, mut shallow) = (-1.0, 0.0);
        while self.local(log2_horizon, steep).derivative > 0.0 {
            if steep < STEEPEST_SLOPE {
                return self.local(log2_horizon, steep).loss;
            }
            shallow = steep;
            steep *= 2.0;
        }
        let mut slope = 0.5 * (steep + shallow);
        let mut here = self.local(log2_horizon, slope);
        for _ in 0..MAX_STEPS {
            if here.derivative > 0.0 {
                shallow = slope;
            } else {
                steep = slope;
            }
            let newton = slope - here.derivative / here.curvature;
            let next = if newton > steep && newton < shallow {
                newton
            } else {
                0.5 * (steep + shallow)
            };
            let step = (next - slope).abs();
            slope = next;
            here = self.local(log2_horizon, slope);
            // Newton's steps square the error, and the loss is flat here: it is exact long before
            // the slope is.
            if step <= 1e-9 * slope.abs() {
                break;
            }
        }
        here.loss
    }

    fn local(&self, log2_horizon: f64, slope: f64) -> Local {
        let mut local = Local {
            loss: 0.5 * self.lambda * slope * slope,
            derivative: self.lambda * slope,
            curvature: self.lambda,
        };
        for o in self.observations {
            let x = o.log2_minutes - log2_horizon;
            let log_odds = slope * x + self.log_odds;
            // With e = exp(-|log odds|) nothing here can overflow or cancel.
            let e = (-log_odds.abs()).exp();
            let (smaller, larger) = (e / (1.0 + e), 1.0 / (1.0 + e));
            let failure_weight = o.weight - o.success_weight;
            let (success, failure, wrong) = if log_odds >= 0.0 {
                (larger, smaller, failure_weight)
            } else {
                (smaller, larger, o.success_weight)
            };
            local.loss += o.weight * e.ln_1p() + wrong * log_odds.abs();
            local.derivative += (failure_weight * success - o.success_weight * failure) * x;
            local.curvature += o.weight * smaller * larger * x * x;
        }
        local
    }
}

/// The loss and its derivatives by the slope, with the horizon held.
struct Local {
    loss: f64,
    derivative: f64,
    curvature: f64,
}
