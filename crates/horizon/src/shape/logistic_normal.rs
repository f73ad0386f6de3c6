//! A logistic curve averaged over a normal variable.
//!
//! E[σ(m + s·u)], u ~ N(0, 1), has no closed form. The trapezoidal rule on the whole line
//! converges geometrically for such functions (Trefethen and Weideman 2014): the error is about
//! exp(−2π·d/step), where d = π/s is the distance of the nearest pole from the real line.

use std::f64::consts::PI;

use crate::logistic::{logit, sigmoid};

/// Standard deviations to each side beyond which nothing counts: exp(−9.5²/2) is below 1e-19.
const REACH: f64 = 9.5;
/// Steps per standard deviation: those that the normal density needs, and the most that are taken
/// for a logistic curve that is steeper than it is wide.
const FEWEST_STEPS: f64 = 4.0;
const MOST_STEPS: f64 = 2_000.0;

/// The mean of σ(m + s·u) over standard normal u.
pub(super) fn mean(m: f64, s: f64) -> f64 {
    let steps = (2.0 * s.abs()).clamp(FEWEST_STEPS, MOST_STEPS).ceil();
    let step = 1.0 / steps;
    let density = |u: f64| (-0.5 * u * u).exp();
    let mut sum = sigmoid(m);
    let mut node = step;
    while node <= REACH {
        sum += density(node) * (sigmoid(m + s * node) + sigmoid(m - s * node));
        node += step;
    }
    (sum * step / (2.0 * PI).sqrt()).min(1.0)
}

/// The m at which the mean is `probability`, between 0 and 1.
pub(super) fn level(probability: f64, s: f64) -> f64 {
    let plain = logit(probability);
    if !(plain.is_finite() && s.is_finite()) || plain == 0.0 {
        // At one half the average is the curve itself, by symmetry.
        return plain;
    }
    // Averaging pulls chances towards one half, so the level lies further out than the plain one.
    let (mut near, mut far) = (0.0, plain);
    let target = probability.max(1.0 - probability);
    let beyond = |m: f64| mean(m.abs(), s) >= target;
    while !beyond(far) && far.abs() < f64::MAX / 2.0 {
        (near, far) = (far, 2.0 * far);
    }
    loop {
        let middle = 0.5 * (near + far);
        if middle == near || middle == far {
            return far;
        }
        if beyond(middle) {
            far = middle;
        } else {
            near = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_equal_adaptive_quadrature() {
        // scipy.integrate.quad of expit(m + s·u)·norm.pdf(u), with epsabs 1e-14.
        for (m, s, expected) in [
            (0.0, 1.0, 0.5),
            (1.386_294_361_119_890_6, 0.5, 0.788_665_727_206_258_9),
            (-2.0, 3.0, 0.282_576_014_104_323_7),
            (4.0, 12.0, 0.629_153_782_350_065_7),
        ] {
            let found = mean(m, s);
            assert!((found - expected).abs() < 1e-12, "{m} {s}: {found}");
        }
    }

    #[test]
    fn levels_invert_means() {
        for s in [0.0, 0.3, 1.0, 4.0, 30.0] {
            for probability in [0.01, 0.2, 0.5, 0.8, 0.999] {
                let m = level(probability, s);
                assert!(
                    (mean(m, s) - probability).abs() < 1e-12,
                    "{s} {probability}"
                );
                assert!(m.abs() >= logit(probability).abs() - 1e-12);
            }
        }
    }
}
