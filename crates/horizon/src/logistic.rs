//! Success against task length: a weighted logistic curve, fitted exactly.
//!
//! With x = log₂(human minutes), the chance of success is σ(slope·x + intercept). The fit
//! minimises Σ wᵢ ℓᵢ + (λ/2)·slope², where ℓ is the cross-entropy and the intercept goes
//! unpenalised. METR minimises the same function, but stops early; this one runs Newton's method
//! to convergence and says how far it got.

use serde::Serialize;

use crate::horizon::Horizon;
use crate::lambda::Lambda;
use crate::newton::Newton;

/// All runs at one task length, collapsed.
///
/// The loss is linear in success, so any number of runs that share a length can be replaced
/// by their total weight and their weighted success, without changing the fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// log₂ of the task's length in human minutes.
    pub log2_minutes: f64,
    /// Total weight of the runs; zero or above.
    pub weight: f64,
    /// Sum of weight × success; from zero to `weight`.
    pub success_weight: f64,
}

/// A curve: chance of success = σ(slope · log₂ minutes + intercept).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Curve {
    /// Change of log-odds for every doubling of the task's length; negative for normal agents.
    pub slope: f64,
    /// Log-odds of success at one minute.
    pub intercept: f64,
}

/// A fitted curve and the evidence that it is the minimum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Fitted {
    /// The curve.
    #[serde(flatten)]
    pub curve: Curve,
    /// Value of the minimised function: weighted cross-entropy plus penalty.
    pub objective: f64,
    /// Largest component of the gradient there, divided by the total weight, with lengths
    /// measured from their mean.
    pub gradient_norm: f64,
    /// The Newton step still to go: the larger of its two components, each relative to its
    /// parameter plus 1. Estimates how far the parameters are from the minimum.
    pub remaining_step: f64,
    /// Newton steps taken.
    pub iterations: u32,
}

/// What a fit can come to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// The minimum, and success falls with length.
    Converged(Fitted),
    /// The minimum, but success does not fall with length, so there are no horizons.
    Rising(Fitted),
    /// No run has any success: every horizon is zero.
    AllFail,
    /// Every run succeeds: every horizon lies beyond the data.
    AllSucceed,
    /// Without a penalty, and with every success at or below (`falling`), or every success at
    /// or above, the length of every failure, ever steeper curves fit ever better. A falling
    /// curve crosses every probability between the two lengths, and nothing more is known.
    Separated {
        /// Whether the short tasks are those that succeed.
        falling: bool,
        /// Longest length on the short side, in minutes.
        from_minutes: f64,
        /// Shortest length on the long side, in minutes.
        to_minutes: f64,
    },
    /// Successes and failures, but all at one length: nothing says how success depends on it.
    OneLength {
        /// The length in minutes.
        minutes: f64,
        /// Weighted share of successes.
        success_rate: f64,
    },
    /// Newton's method stopped short of the minimum; the figures are those of its last step.
    Unconverged(Fitted),
    /// No run carries any weight.
    NoData,
}

impl Curve {
    /// Chance of success at a length of so many minutes.
    #[must_use]
    pub fn probability(&self, minutes: f64) -> f64 {
        sigmoid(self.slope * minutes.log2() + self.intercept)
    }

    /// Length in minutes at which the curve crosses a probability, whichever way it crosses;
    /// zero or infinite where it leaves the range of numbers, and not a number for a flat one.
    #[must_use]
    pub fn crossing_minutes(&self, probability: f64) -> f64 {
        ((logit(probability) - self.intercept) / self.slope).exp2()
    }
}

impl Fit {
    /// The curve, where there is one that can be trusted: converged, falling or rising.
    #[must_use]
    pub fn curve(&self) -> Option<Curve> {
        match self {
            Self::Converged(fitted) | Self::Rising(fitted) => Some(fitted.curve),
            _ => None,
        }
    }

    /// The length at which success falls to a probability between 0 and 1.
    #[must_use]
    pub fn horizon(&self, probability: f64) -> Horizon {
        match self {
            Self::Converged(fitted) => {
                Horizon::from_minutes(fitted.curve.crossing_minutes(probability))
            }
            Self::AllFail => Horizon::BelowAll,
            Self::AllSucceed => Horizon::BeyondAll,
            _ => Horizon::Undefined,
        }
    }
}

/// Fits a curve, starting from a flat one.
#[must_use]
pub fn fit(observations: &[Observation], lambda: Lambda) -> Fit {
    fit_from(observations, lambda, None)
}

/// Fits a curve, starting from a guess. The minimum is unique, so a guess saves time and changes
/// nothing but the last digits.
#[must_use]
pub fn fit_from(observations: &[Observation], lambda: Lambda, guess: Option<Curve>) -> Fit {
    let spread = match Spread::of(observations) {
        Ok(spread) => spread,
        Err(named) => return named,
    };
    if let (true, Some(separated)) = (lambda == Lambda::NONE, spread.separation()) {
        return separated;
    }
    let flat = || Newton::new(observations, lambda, &spread, None).run();
    match guess {
        None => flat(),
        Some(_) => match Newton::new(observations, lambda, &spread, guess).run() {
            // A wild guess may lie where the function is too flat to find a way out.
            Fit::Unconverged(_) => flat(),
            settled => settled,
        },
    }
}

/// Extent of successes and failures, and what follows from it without any fitting.
pub(crate) struct Spread {
    pub(crate) weight: f64,
    pub(crate) success_weight: f64,
    /// Weighted mean of x = log₂ minutes.
    pub(crate) mean_x: f64,
    /// Smallest and largest x with any success.
    success: (f64, f64),
    /// Smallest and largest x with any failure.
    failure: (f64, f64),
}

impl Spread {
    pub(crate) fn of(observations: &[Observation]) -> Result<Self, Fit> {
        let nowhere = (f64::INFINITY, f64::NEG_INFINITY);
        let widen = |(low, high): (f64, f64), x: f64| (low.min(x), high.max(x));
        let mut weight = 0.0;
        let mut success_weight = 0.0;
        let mut weighted_x = 0.0;
        let (mut success, mut failure) = (nowhere, nowhere);
        for observation in observations
            .iter()
            .filter(|observation| observation.weight > 0.0)
        {
            weight += observation.weight;
            success_weight += observation.success_weight;
            weighted_x += observation.weight * observation.log2_minutes;
            if observation.success_weight > 0.0 {
                success = widen(success, observation.log2_minutes);
            }
            if observation.success_weight < observation.weight {
                failure = widen(failure, observation.log2_minutes);
            }
        }
        if weight <= 0.0 {
            return Err(Fit::NoData);
        }
        if success == nowhere {
            return Err(Fit::AllFail);
        }
        if failure == nowhere {
            return Err(Fit::AllSucceed);
        }
        if success == failure && success.0 == success.1 {
            return Err(Fit::OneLength {
                minutes: success.0.exp2(),
                success_rate: success_weight / weight,
            });
        }
        Ok(Self {
            weight,
            success_weight,
            mean_x: weighted_x / weight,
            success,
            failure,
        })
    }

    /// Largest distance of a length from the mean.
    pub(crate) fn half_width(&self) -> f64 {
        let lowest = self.success.0.min(self.failure.0);
        let highest = self.success.1.max(self.failure.1);
        (self.mean_x - lowest).max(highest - self.mean_x)
    }

    /// Separation, where a finite maximum of the likelihood does not exist.
    fn separation(&self) -> Option<Fit> {
        let (falling, from, to) = if self.success.1 <= self.failure.0 {
            (true, self.success.1, self.failure.0)
        } else if self.failure.1 <= self.success.0 {
            (false, self.failure.1, self.success.0)
        } else {
            return None;
        };
        Some(Fit::Separated {
            falling,
            from_minutes: from.exp2(),
            to_minutes: to.exp2(),
        })
    }
}

/// Log-odds of a probability.
pub(crate) fn logit(probability: f64) -> f64 {
    (probability / (1.0 - probability)).ln()
}

/// Probability of log-odds.
pub(crate) fn sigmoid(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
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

    #[test]
    fn two_lengths_are_fitted_through_both_rates() {
        // A curve with two parameters meets two rates exactly: 0.8 at 1 minute, 0.2 at 16.
        let observations = [observation(1.0, 0.5, 0.8), observation(16.0, 0.5, 0.2)];
        let fit = fit(&observations, Lambda::NONE);
        let curve = fit.curve().unwrap();
        assert!((curve.probability(1.0) - 0.8).abs() < 1e-12);
        assert!((curve.probability(16.0) - 0.2).abs() < 1e-12);
        let p50 = fit.horizon(0.5).minutes().unwrap();
        let p80 = fit.horizon(0.8).minutes().unwrap();
        assert!(
            (p50 - 4.0).abs() < 1e-11 && (p80 - 1.0).abs() < 1e-11,
            "{p50} {p80}"
        );
    }

    #[test]
    fn degenerate_data_have_names() {
        let penalised = Lambda::default();
        assert_eq!(fit(&[], penalised), Fit::NoData);
        assert_eq!(fit(&[observation(1.0, 0.0, 0.0)], penalised), Fit::NoData);
        let all_fail = fit(&[observation(1.0, 1.0, 0.0)], penalised);
        assert_eq!(
            (all_fail, all_fail.horizon(0.5)),
            (Fit::AllFail, Horizon::BelowAll)
        );
        let all_succeed = fit(&[observation(1.0, 1.0, 1.0)], penalised);
        assert_eq!(
            (all_succeed, all_succeed.horizon(0.5)),
            (Fit::AllSucceed, Horizon::BeyondAll)
        );
        let one = fit(
            &[observation(2.0, 1.0, 1.0), observation(2.0, 1.0, 0.0)],
            penalised,
        );
        assert_eq!(
            one,
            Fit::OneLength {
                minutes: 2.0,
                success_rate: 0.5
            }
        );
        let rising = fit(
            &[observation(1.0, 1.0, 0.2), observation(4.0, 1.0, 0.9)],
            penalised,
        );
        assert!(matches!(rising, Fit::Rising(_)));
        assert_eq!(rising.horizon(0.5), Horizon::Undefined);
    }

    #[test]
    fn separation_is_named_without_a_penalty_and_fitted_with_one() {
        let falling = [observation(1.0, 1.0, 1.0), observation(4.0, 1.0, 0.0)];
        let named = Fit::Separated {
            falling: true,
            from_minutes: 1.0,
            to_minutes: 4.0,
        };
        assert_eq!(fit(&falling, Lambda::NONE), named);
        assert_eq!(named.horizon(0.5), Horizon::Undefined);
        let fitted = fit(&falling, Lambda::new(1e-12).unwrap());
        let p50 = fitted.horizon(0.5).minutes().unwrap();
        assert!((p50 - 2.0).abs() < 1e-9, "{fitted:?}");

        let rising = [observation(1.0, 1.0, 0.0), observation(4.0, 1.0, 1.0)];
        assert!(matches!(
            fit(&rising, Lambda::NONE),
            Fit::Separated { falling: false, .. }
        ));
        // Successes and failures that meet at one length are separated as well.
        let touching = [
            observation(1.0, 1.0, 1.0),
            observation(2.0, 1.0, 0.5),
            observation(4.0, 1.0, 0.0),
        ];
        let named = Fit::Separated {
            falling: true,
            from_minutes: 2.0,
            to_minutes: 2.0,
        };
        assert_eq!(fit(&touching, Lambda::NONE), named);
    }

    #[test]
    fn runs_of_one_task_may_be_collapsed() {
        let runs: Vec<Observation> = [(1.0, 1.0), (1.0, 0.25), (4.0, 1.0), (4.0, 0.0), (64.0, 0.1)]
            .map(|(minutes, success)| observation(minutes, 0.2, success))
            .to_vec();
        let means = [
            observation(1.0, 0.4, 0.625),
            observation(4.0, 0.4, 0.5),
            observation(64.0, 0.2, 0.1),
        ];
        let (each, collapsed) = (fit(&runs, Lambda::NONE), fit(&means, Lambda::NONE));
        let (each, collapsed) = (each.curve().unwrap(), collapsed.curve().unwrap());
        assert!((each.slope - collapsed.slope).abs() < 1e-12);
        assert!((each.intercept - collapsed.intercept).abs() < 1e-12);
    }

    fn observations() -> impl Strategy<Value = Vec<Observation>> {
        let one = (-6.0..12.0_f64, 1e-4..1.0_f64, 0.0..=1.0_f64).prop_map(
            |(log2_minutes, weight, rate)| {
                // Plenty of whole failures and successes, as in real data.
                let rate = if rate < 0.3 {
                    0.0
                } else if rate > 0.7 {
                    1.0
                } else {
                    rate
                };
                Observation {
                    log2_minutes,
                    weight,
                    success_weight: weight * rate,
                }
            },
        );
        prop::collection::vec(one, 1..40)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn the_gradient_vanishes_at_the_minimum(
            observations in observations(),
            lambda in prop::sample::select(vec![0.2, 0.1, 1e-3, 1e-5, 1e-8, 0.0]),
        ) {
            let fit = fit(&observations, Lambda::new(lambda).unwrap());
            prop_assert!(!matches!(fit, Fit::Unconverged(_)), "{fit:?}");
            if let Some(curve) = fit.curve() {
                let mut by_slope = lambda * curve.slope;
                let mut by_intercept = 0.0;
                for o in &observations {
                    let p = curve.probability(o.log2_minutes.exp2());
                    by_slope += (o.weight * p - o.success_weight) * o.log2_minutes;
                    by_intercept += o.weight * p - o.success_weight;
                }
                prop_assert!(by_slope.abs() < 1e-9 && by_intercept.abs() < 1e-10, "{fit:?}");
            }
        }

        #[test]
        fn a_guess_changes_nothing(
            observations in observations(), slope in -20.0..20.0_f64, intercept in -50.0..50.0_f64,
        ) {
            let lambda = Lambda::METR_TH1_0;
            let plain = fit(&observations, lambda);
            let guessed = fit_from(&observations, lambda, Some(Curve { slope, intercept }));
            match (plain.curve(), guessed.curve()) {
                (Some(a), Some(b)) => prop_assert!(
                    (a.slope - b.slope).abs() < 1e-8 && (a.intercept - b.intercept).abs() < 1e-8
                ),
                _ => prop_assert_eq!(plain, guessed),
            }
        }
    }
}
