//! What all agents' runs at one task say of its difficulty.
//!
//! A task's log₂ difficulty is x + σ·u, where x is log₂ of its human minutes and u ~ N(0, 1) is
//! not observed. Given u, runs are independent, so the likelihood of all runs at the task is the
//! integral of Π p^k (1 − p)^(n − k) over the density of u. The integrand is log-concave; it is
//! summed by the trapezoidal rule from its mode outwards, at steps of its own width, which here is
//! as good as exact (Trefethen and Weideman 2014). A rule with fixed nodes would miss a task
//! with hundreds of runs, whose integrand is narrow.

use std::f64::consts::PI;

use crate::logistic::{Curve, sigmoid};

/// Runs of one agent at a task.
pub(super) struct Tries {
    /// Position of the agent's curve.
    pub(super) agent: usize,
    pub(super) runs: f64,
    pub(super) successes: f64,
}

/// A task with everybody's runs.
pub(super) struct TaskRuns {
    /// Position in the dataset.
    pub(super) task: usize,
    /// log₂ human minutes, from wherever the curves are centred.
    pub(super) x: f64,
    pub(super) weight: f64,
    pub(super) tries: Vec<Tries>,
}

/// One value of u with its posterior probability.
pub(super) struct Node {
    pub(super) u: f64,
    pub(super) probability: f64,
}

/// The distribution of u, given the runs.
pub(super) struct Posterior {
    pub(super) nodes: Vec<Node>,
    /// Log of the likelihood of all runs at the task.
    pub(super) ln_likelihood: f64,
}

/// The integrand counts until it has fallen to exp(−this) of its mode.
const NEGLIGIBLE: f64 = 38.0;
/// Steps per posterior standard deviation; most that one step may move any log-odds; and shortest
/// step in prior standard deviations.
const STEPS: f64 = 3.0;
const LOG_ODDS_STEP: f64 = 0.65;
const SHORTEST_STEP: f64 = 2e-3;
const MAX_MODE_ITERATIONS: u32 = 200;

impl TaskRuns {
    /// The posterior under the agents' curves and a standard deviation of difficulty.
    pub(super) fn posterior(&self, curves: &[Curve], sd: f64) -> Posterior {
        let terms: Vec<Term> = self
            .tries
            .iter()
            .map(|tries| Term {
                level: curves[tries.agent].slope * self.x + curves[tries.agent].intercept,
                rate: curves[tries.agent].slope * sd,
                runs: tries.runs,
                successes: tries.successes,
            })
            .collect();
        let ln_density =
            |u: f64| terms.iter().map(|t| t.ln_likelihood(u)).sum::<f64>() - 0.5 * u * u;
        let (mode, width) = mode(&terms);
        let steepest = terms.iter().map(|t| t.rate.abs()).fold(0.0, f64::max);
        let step = (width / STEPS)
            .min(LOG_ODDS_STEP / steepest)
            .max(SHORTEST_STEP);
        let highest = ln_density(mode);
        let mut nodes = vec![Node {
            u: mode,
            probability: 1.0,
        }];
        for direction in [-1.0, 1.0] {
            let mut count = 1.0;
            loop {
                let u = mode + direction * count * step;
                let fall = highest - ln_density(u);
                // Curvature is at least that of the prior, so the end is never further than nine.
                if fall >= NEGLIGIBLE || fall.is_nan() {
                    break;
                }
                nodes.push(Node {
                    u,
                    probability: (-fall).exp(),
                });
                count += 1.0;
            }
        }
        let total: f64 = nodes.iter().map(|node| node.probability).sum();
        for node in &mut nodes {
            node.probability /= total;
        }
        Posterior {
            nodes,
            ln_likelihood: highest + (total * step / (2.0 * PI).sqrt()).ln(),
        }
    }
}

impl Posterior {
    /// Mean and standard deviation of u.
    pub(super) fn moments(&self) -> (f64, f64) {
        let moment = |power: i32| -> f64 {
            let terms = self
                .nodes
                .iter()
                .map(|node| node.probability * node.u.powi(power));
            terms.sum()
        };
        let mean = moment(1);
        (mean, (moment(2) - mean * mean).max(0.0).sqrt())
    }
}

/// One agent's part of the integrand: log-odds = level + rate·u.
struct Term {
    level: f64,
    rate: f64,
    runs: f64,
    successes: f64,
}

impl Term {
    fn ln_likelihood(&self, u: f64) -> f64 {
        let log_odds = self.level + self.rate * u;
        let wrong = if log_odds >= 0.0 {
            self.runs - self.successes
        } else {
            self.successes
        };
        -self.runs * (-log_odds.abs()).exp().ln_1p() - wrong * log_odds.abs()
    }
}

/// Where the integrand is highest, and its width there: 1/√(−second derivative of its log).
fn mode(terms: &[Term]) -> (f64, f64) {
    let derivatives = |u: f64| {
        let start = (-u, -1.0);
        terms.iter().fold(start, |(first, second), term| {
            let chance = sigmoid(term.level + term.rate * u);
            let residual = term.successes - term.runs * chance;
            let curvature = term.runs * chance * (1.0 - chance);
            (
                first + term.rate * residual,
                second - term.rate * term.rate * curvature,
            )
        })
    };
    let (first, _) = derivatives(0.0);
    // The likelihood's own slope falls, so the mode is no further out than its slope at zero.
    let (mut low, mut high) = (first.min(0.0), first.max(0.0));
    let mut u = 0.0;
    for _ in 0..MAX_MODE_ITERATIONS {
        let (first, second) = derivatives(u);
        if first > 0.0 {
            low = u;
        } else {
            high = u;
        }
        let newton = u - first / second;
        let inside = newton > low && newton < high;
        let next = if inside { newton } else { 0.5 * (low + high) };
        let moved = (next - u).abs();
        u = next;
        if moved < 1e-9 * (1.0 + u.abs()) {
            break;
        }
    }
    (u, (-derivatives(u).1).sqrt().recip())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(x: f64, tries: &[(f64, f64)]) -> TaskRuns {
        let tries = tries.iter().enumerate();
        TaskRuns {
            task: 0,
            x,
            weight: 1.0,
            tries: tries
                .map(|(agent, &(runs, successes))| Tries {
                    agent,
                    runs,
                    successes,
                })
                .collect(),
        }
    }

    #[test]
    fn integrals_equal_adaptive_quadrature() {
        let curves = [(-0.6, 2.0), (-0.4, 0.5), (-1.5, 4.0)]
            .map(|(slope, intercept)| Curve { slope, intercept });
        // scipy.integrate.quad with the mode given, epsabs 0 and epsrel 1e-13: log of the
        // integral, mean and standard deviation of u.
        let cases = [
            (
                [(9.0, 4.0), (35.0, 3.0), (1.0, 1.0)],
                3.0,
                1.5,
                [
                    -22.753_164_641_168_26,
                    0.777_807_745_637_968_2,
                    0.430_664_739_239_944,
                ],
            ),
            (
                [(0.0, 0.0), (400.0, 0.0), (300.0, 2.0)],
                1.0,
                4.0,
                [
                    -37.641_368_679_258_19,
                    2.450_990_589_799_638,
                    0.210_537_884_828_180_3,
                ],
            ),
            (
                [(5.0, 5.0), (8.0, 8.0), (10.0, 10.0)],
                6.0,
                2.5,
                [
                    -7.721_892_684_228_113,
                    -2.967_623_950_723_885,
                    0.511_556_127_365_115,
                ],
            ),
        ];
        for (tries, x, sd, expected) in cases {
            let posterior = task(x, &tries).posterior(&curves, sd);
            let (mean, deviation) = posterior.moments();
            let found = [posterior.ln_likelihood, mean, deviation];
            for (found, expected) in found.iter().zip(expected) {
                assert!(
                    (found - expected).abs() < 1e-9,
                    "{tries:?}: {found} {expected}"
                );
            }
        }
    }

    #[test]
    fn without_runs_the_posterior_is_the_prior() {
        let posterior = task(3.0, &[]).posterior(&[], 2.0);
        let (mean, deviation) = posterior.moments();
        assert!(mean.abs() < 1e-12 && (deviation - 1.0).abs() < 1e-12);
        assert!(posterior.ln_likelihood.abs() < 1e-12);
    }
}
