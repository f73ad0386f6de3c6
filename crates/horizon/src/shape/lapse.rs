//! A logistic curve that need not reach 0 and 1.
//!
//! An agent may fail even the shortest tasks now and then, and may guess some of the longest. A
//! plain logistic curve can follow such data only by becoming flatter, which moves its horizons.
//! Here, as in psychophysics (Wichmann and Hill 2001),
//!
//! p(x) = γ + (1 − γ − δ)·σ(slope·x + intercept), x = log₂(human minutes),
//!
//! with a floor γ, a ceiling 1 − δ, or both. The fit minimises the function that
//! [`crate::logistic`] minimises, Σ wᵢ ℓᵢ + (λ/2)·slope², over slope, intercept and the γ and δ
//! that are free, each from 0 to [`LARGEST_LAPSE`].
//!
//! This function may have several minima: a steep curve between a floor and a ceiling and a flat
//! one without can fit about as well. The search therefore starts from a fixed set of places, of
//! which the plain logistic fit is one, and keeps the lowest end. It never ends above the plain
//! fit, which is the case γ = δ = 0.

use serde::Serialize;

use super::lapse_starts::starts;
use super::minimise::{Local, Minimum, Objective, minimise};
use crate::horizon::Horizon;
use crate::lambda::Lambda;
use crate::logistic::{Curve, Fit, Observation, Spread, fit, sigmoid};

/// Largest floor, and largest distance of the ceiling from 1. Above it a curve that is said to
/// have lapses would rather be two rates with a step between them.
pub const LARGEST_LAPSE: f64 = 0.4;

/// Ends of a search whose objectives differ by less, per unit of weight, are the same minimum.
const SAME_OBJECTIVE: f64 = 1e-9;
/// Newton steps that a search may take from each start, and then from the best of their ends.
const SHORT_SEARCH: u32 = 10;
const LONG_SEARCH: u32 = 500;
const LONG_SEARCHES: usize = 6;
/// Log-odds beyond this are taken for it, so that no chance is ever exactly 0 or 1.
const LARGEST_LOG_ODDS: f64 = 700.0;

/// Which ends of the curve are free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lapses {
    /// The floor γ.
    Floor,
    /// The ceiling 1 − δ.
    Ceiling,
    /// Both.
    FloorAndCeiling,
}

/// A logistic curve between a floor and a ceiling.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LapseCurve {
    /// The logistic part, before it is squeezed between floor and ceiling.
    #[serde(flatten)]
    pub curve: Curve,
    /// γ: chance of success at endless tasks.
    pub floor: f64,
    /// 1 − δ: chance of success at the shortest of tasks.
    pub ceiling: f64,
}

/// A fitted curve and the evidence that it is a minimum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LapseFitted {
    /// The curve.
    #[serde(flatten)]
    pub curve: LapseCurve,
    /// Whether floor or ceiling ended at [`LARGEST_LAPSE`]: the data ask for more than a lapse.
    pub at_bound: bool,
    /// Value of the minimised function: weighted cross-entropy plus penalty.
    pub objective: f64,
    /// Largest component of the gradient there, divided by the total weight; a floor or ceiling at
    /// its bound counts only where it would move inwards.
    pub gradient_norm: f64,
    /// The Newton step still to go: the largest of its components, each relative to its parameter
    /// plus 1.
    pub remaining_step: f64,
    /// Newton steps taken from the start that led here.
    pub iterations: u32,
    /// Places from which the search began.
    pub starts: usize,
    /// Objective of the next higher minimum that was met: how nearly another curve fits as well.
    pub next_minimum: Option<f64>,
}

/// What a fit can come to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LapseFit {
    /// A minimum, the lowest that was found, and success falls with length.
    Converged(LapseFitted),
    /// The same, but success does not fall with length, so there are no horizons.
    Rising(LapseFitted),
    /// The lowest point that was found is no certified minimum: typically a step, which without a
    /// penalty fits ever better the steeper it is, or a curve so flat that its height and its
    /// floor say the same.
    Unconverged(LapseFitted),
    /// No curve of any kind is determined, for the reason given.
    Undetermined(Fit),
}

/// Where a curve with floor and ceiling crosses a probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LapseCrossing {
    /// There, or at a named end.
    At(Horizon),
    /// Nowhere: the curve stays below, at tasks of any length.
    AboveCeiling,
    /// Nowhere: the curve stays above, at tasks of any length.
    BelowFloor,
    /// There is no falling curve that could cross.
    Undefined,
}

impl LapseCurve {
    /// Chance of success at a length of so many minutes.
    #[must_use]
    pub fn probability(&self, minutes: f64) -> f64 {
        self.floor + (self.ceiling - self.floor) * self.curve.probability(minutes)
    }
}

impl LapseFit {
    /// The fit where it is a minimum, falling or rising.
    #[must_use]
    pub fn fitted(&self) -> Option<&LapseFitted> {
        match self {
            Self::Converged(fitted) | Self::Rising(fitted) => Some(fitted),
            _ => None,
        }
    }

    /// Where success falls to a probability between 0 and 1, or why it never does.
    #[must_use]
    pub fn crossing(&self, probability: f64) -> LapseCrossing {
        let fitted = match self {
            Self::Converged(fitted) => fitted,
            Self::Undetermined(named @ (Fit::AllFail | Fit::AllSucceed)) => {
                return LapseCrossing::At(named.horizon(probability));
            }
            _ => return LapseCrossing::Undefined,
        };
        let LapseCurve {
            curve,
            floor,
            ceiling,
        } = fitted.curve;
        if probability >= ceiling {
            LapseCrossing::AboveCeiling
        } else if probability <= floor {
            LapseCrossing::BelowFloor
        } else {
            let share = (probability - floor) / (ceiling - floor);
            LapseCrossing::At(Horizon::from_minutes(curve.crossing_minutes(share)))
        }
    }

    /// The same as a plain horizon, undefined where the curve never crosses.
    #[must_use]
    pub fn horizon(&self, probability: f64) -> Horizon {
        match self.crossing(probability) {
            LapseCrossing::At(horizon) => horizon,
            _ => Horizon::Undefined,
        }
    }
}

/// Fits a curve with the free ends that `lapses` names.
#[must_use]
pub fn fit_lapse(observations: &[Observation], lambda: Lambda, lapses: Lapses) -> LapseFit {
    let plain = fit(observations, lambda);
    let spread = match (Spread::of(observations), plain) {
        (Err(named), _) | (_, named @ Fit::Separated { .. }) => {
            return LapseFit::Undetermined(named);
        }
        (Ok(spread), _) => spread,
    };
    let loss = Loss {
        observations,
        lambda: lambda.value(),
        mean_x: spread.mean_x,
    };
    let anywhere = (f64::NEG_INFINITY, f64::INFINITY);
    let (none, free) = ((0.0, 0.0), (0.0, LARGEST_LAPSE));
    let (floor, drop) = match lapses {
        Lapses::Floor => (free, none),
        Lapses::Ceiling => (none, free),
        Lapses::FloorAndCeiling => (free, free),
    };
    let bounds = [anywhere, anywhere, floor, drop];
    let slack = SAME_OBJECTIVE * spread.weight;
    let search = |start: &[f64], steps| minimise(&loss, start, &bounds, spread.weight, steps);
    let starts = starts(observations, &spread, plain.curve(), lapses);
    let mut ends: Vec<Minimum> = starts
        .iter()
        .map(|start| search(start, SHORT_SEARCH))
        .collect();
    ends.sort_by(|a, b| a.value.total_cmp(&b.value));
    ends.dedup_by(|b, a| b.converged && a.converged && b.value <= a.value + slack);
    ends.truncate(LONG_SEARCHES);
    for end in ends.iter_mut().filter(|end| !end.converged) {
        let further = search(&end.at, LONG_SEARCH);
        *end = Minimum {
            iterations: end.iterations + further.iterations,
            ..further
        };
    }
    lowest(&ends, starts.len(), &spread)
}

/// The lowest end of all searches, a certified one where it is as low as any.
fn lowest(ends: &[Minimum], starts: usize, spread: &Spread) -> LapseFit {
    let slack = SAME_OBJECTIVE * spread.weight;
    let objective = ends
        .iter()
        .map(|end| end.value)
        .fold(f64::INFINITY, f64::min);
    let as_low = |end: &&Minimum| end.value <= objective + slack;
    let certified = ends.iter().filter(as_low).find(|end| end.converged);
    let Some(best) = certified.or_else(|| ends.iter().find(as_low)) else {
        return LapseFit::Undetermined(Fit::NoData);
    };
    let [slope, level, floor, drop] = best.at[..] else {
        return LapseFit::Undetermined(Fit::NoData);
    };
    let others = ends.iter().filter(|end| end.converged && !as_low(end));
    let fitted = LapseFitted {
        curve: LapseCurve {
            curve: Curve {
                slope,
                intercept: level - slope * spread.mean_x,
            },
            floor,
            ceiling: 1.0 - drop,
        },
        at_bound: floor.max(drop) >= LARGEST_LAPSE,
        objective: best.value,
        gradient_norm: best.gradient_norm,
        remaining_step: best.remaining_step,
        iterations: best.iterations,
        starts,
        next_minimum: others.map(|end| end.value).min_by(f64::total_cmp),
    };
    if !best.converged {
        LapseFit::Unconverged(fitted)
    } else if slope < 0.0 {
        LapseFit::Converged(fitted)
    } else {
        LapseFit::Rising(fitted)
    }
}

/// Weighted cross-entropy plus penalty, with lengths measured from their mean.
struct Loss<'a> {
    observations: &'a [Observation],
    lambda: f64,
    mean_x: f64,
}

/// The two chances of one observation, and those of the logistic part.
struct Chances {
    success: f64,
    failure: f64,
    upper: f64,
    lower: f64,
}

impl Chances {
    fn at(log_odds: f64, floor: f64, drop: f64) -> Self {
        let log_odds = log_odds.clamp(-LARGEST_LOG_ODDS, LARGEST_LOG_ODDS);
        let (upper, lower) = (sigmoid(log_odds), sigmoid(-log_odds));
        // Sums without cancellation stay exact next to 0 and 1.
        Self {
            success: floor * lower + (1.0 - drop) * upper,
            failure: (1.0 - floor) * lower + drop * upper,
            upper,
            lower,
        }
    }
}

impl Objective for Loss<'_> {
    fn value(&self, at: &[f64]) -> f64 {
        let loss = |o: &Observation| {
            let log_odds = at[0] * (o.log2_minutes - self.mean_x) + at[1];
            let chances = Chances::at(log_odds, at[2], at[3]);
            -o.success_weight * chances.success.ln()
                - (o.weight - o.success_weight) * chances.failure.ln()
        };
        0.5 * self.lambda * at[0] * at[0] + self.observations.iter().map(loss).sum::<f64>()
    }

    fn local(&self, at: &[f64]) -> Local {
        let &[slope, level, floor, drop] = at else {
            // Never so; an empty answer ends the search unconverged.
            return Local {
                value: f64::MAX,
                gradient: Vec::new(),
                hessian: Vec::new(),
            };
        };
        let mut value = 0.5 * self.lambda * slope * slope;
        let mut gradient = [self.lambda * slope, 0.0, 0.0, 0.0];
        let mut hessian = [[0.0; 4]; 4];
        hessian[0][0] = self.lambda;
        for o in self.observations {
            let x = o.log2_minutes - self.mean_x;
            let chances = Chances::at(slope * x + level, floor, drop);
            let Chances { upper, lower, .. } = chances;
            let (y, n) = (o.success_weight, o.weight - o.success_weight);
            value -= y * chances.success.ln() + n * chances.failure.ln();
            // Derivatives of the loss by the chance of success p, then of p by the parameters.
            let by_chance = n / chances.failure - y / chances.success;
            let curvature = y / chances.success.powi(2) + n / chances.failure.powi(2);
            let bell = upper * lower;
            let by_log_odds = (1.0 - floor - drop) * bell;
            let chain = [by_log_odds * x, by_log_odds, lower, -upper];
            let bend = by_log_odds * (lower - upper);
            for i in 0..4 {
                gradient[i] += by_chance * chain[i];
                for j in 0..=i {
                    hessian[i][j] += curvature * chain[i] * chain[j];
                }
            }
            hessian[0][0] += by_chance * bend * x * x;
            hessian[1][0] += by_chance * bend * x;
            hessian[1][1] += by_chance * bend;
            for by_lapse in &mut hessian[2..] {
                by_lapse[0] -= by_chance * bell * x;
                by_lapse[1] -= by_chance * bell;
            }
        }
        Local {
            value,
            gradient: gradient.to_vec(),
            hessian: hessian.concat(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As many runs as there could be at each of 25 lengths, going exactly as often well as a
    /// curve says.
    fn exact(curve: LapseCurve) -> Vec<Observation> {
        (0..25)
            .map(|index| {
                let log2_minutes = f64::from(index) * 0.5;
                Observation {
                    log2_minutes,
                    weight: 0.04,
                    success_weight: 0.04 * curve.probability(log2_minutes.exp2()),
                }
            })
            .collect()
    }

    fn curve(floor: f64, ceiling: f64) -> LapseCurve {
        let (slope, intercept) = (-0.8, 4.8);
        LapseCurve {
            curve: Curve { slope, intercept },
            floor,
            ceiling,
        }
    }

    #[test]
    fn known_curves_are_recovered() {
        for (lapses, floor, ceiling) in [
            (Lapses::Floor, 0.1, 1.0),
            (Lapses::Ceiling, 0.0, 0.9),
            (Lapses::FloorAndCeiling, 0.05, 0.9),
            (Lapses::FloorAndCeiling, 0.0, 1.0),
        ] {
            let truth = curve(floor, ceiling);
            let fit = fit_lapse(&exact(truth), Lambda::NONE, lapses);
            let found = fit.fitted().unwrap().curve;
            assert!(matches!(fit, LapseFit::Converged(_)), "{fit:?}");
            assert!((found.floor - floor).abs() < 1e-6, "{fit:?}");
            assert!((found.ceiling - ceiling).abs() < 1e-6, "{fit:?}");
            assert!((found.curve.slope + 0.8).abs() < 1e-5, "{fit:?}");
            let minutes = fit.horizon(0.5).minutes().unwrap();
            assert!((truth.probability(minutes) - 0.5).abs() < 1e-6);
        }
    }

    #[test]
    fn a_lapse_bends_the_plain_curve_away_from_the_truth() {
        let observations = exact(curve(0.0, 0.85));
        let lapsing = fit_lapse(&observations, Lambda::NONE, Lapses::Ceiling);
        let plain = fit(&observations, Lambda::NONE);
        assert!(plain.curve().unwrap().slope > -0.6, "flatter than -0.8");
        let p50 = lapsing.horizon(0.5).minutes().unwrap();
        assert!(
            plain.horizon(0.5).minutes().unwrap() < 0.75 * p50,
            "{plain:?}"
        );
    }

    #[test]
    fn probabilities_out_of_reach_are_named() {
        let fit = fit_lapse(
            &exact(curve(0.1, 0.75)),
            Lambda::NONE,
            Lapses::FloorAndCeiling,
        );
        assert_eq!(fit.crossing(0.8), LapseCrossing::AboveCeiling);
        assert_eq!(fit.crossing(0.05), LapseCrossing::BelowFloor);
        assert_eq!(fit.horizon(0.8), Horizon::Undefined);
        assert!(fit.horizon(0.5).minutes().is_some());
    }

    #[test]
    fn degenerate_data_have_names() {
        let one = |minutes: f64, success: f64| Observation {
            log2_minutes: minutes.log2(),
            weight: 1.0,
            success_weight: success,
        };
        let fit = |observations: &[Observation], lambda| {
            fit_lapse(observations, lambda, Lapses::FloorAndCeiling)
        };
        let penalised = Lambda::default();
        assert_eq!(fit(&[], penalised), LapseFit::Undetermined(Fit::NoData));
        let failing = fit(&[one(1.0, 0.0)], penalised);
        assert_eq!(failing, LapseFit::Undetermined(Fit::AllFail));
        assert_eq!(failing.horizon(0.5), Horizon::BelowAll);
        let succeeding = fit(&[one(1.0, 1.0)], penalised);
        assert_eq!(succeeding.horizon(0.5), Horizon::BeyondAll);
        assert!(matches!(
            fit(&[one(1.0, 0.5)], penalised),
            LapseFit::Undetermined(Fit::OneLength { .. })
        ));
        let separated = [one(1.0, 1.0), one(4.0, 0.0)];
        assert!(matches!(
            fit(&separated, Lambda::NONE),
            LapseFit::Undetermined(Fit::Separated { .. })
        ));
        // Two rates and four parameters: a floor and a ceiling cannot be told from a slope.
        let flat = [one(1.0, 0.5), one(4.0, 0.5)];
        assert!(matches!(fit(&flat, Lambda::NONE), LapseFit::Unconverged(_)));
        // A step from one rate to another is fitted ever better by ever steeper curves.
        let step = [
            one(1.0, 0.9),
            one(2.0, 0.9),
            one(64.0, 0.1),
            one(128.0, 0.1),
        ];
        let found = fit(&step, Lambda::NONE);
        assert!(found.fitted().is_none(), "{found:?}");
        assert_eq!(found.crossing(0.5), LapseCrossing::Undefined);
    }

    #[test]
    fn derivatives_are_those_of_the_value() {
        let observations = exact(curve(0.05, 0.9));
        let loss = Loss {
            observations: &observations,
            lambda: 0.1,
            mean_x: 6.0,
        };
        let at = [-0.5, 0.3, 0.1, 0.2];
        let local = loss.local(&at);
        for i in 0..4 {
            let shifted = |by: f64| {
                let mut moved = at;
                moved[i] += by;
                loss.local(&moved)
            };
            let (up, down) = (shifted(1e-5), shifted(-1e-5));
            let slope = (up.value - down.value) / 2e-5;
            assert!((slope - local.gradient[i]).abs() < 1e-8);
            for j in 0..=i {
                let bend = (up.gradient[j] - down.gradient[j]) / 2e-5;
                assert!((bend - local.hessian[i * 4 + j]).abs() < 1e-7, "{i} {j}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn freedom_never_fits_worse(
            rates in prop::collection::vec(0.0..=1.0_f64, 3..15),
            lambda in prop::sample::select(vec![0.1, 1e-3]),
        ) {
            let observations: Vec<Observation> = (0_u32..)
                .zip(&rates)
                .map(|(index, rate)| Observation {
                    log2_minutes: f64::from(index),
                    weight: 1.0,
                    success_weight: if *rate < 0.2 { 0.0 } else { *rate },
                })
                .collect();
            let lambda = Lambda::new(lambda).unwrap();
            let objective = |lapses| match fit_lapse(&observations, lambda, lapses) {
                LapseFit::Converged(f) | LapseFit::Rising(f) | LapseFit::Unconverged(f) => {
                    Some(f.objective)
                }
                LapseFit::Undetermined(_) => None,
            };
            if let Fit::Converged(plain) | Fit::Rising(plain) = fit(&observations, lambda) {
                let one = objective(Lapses::Ceiling).unwrap();
                let other = objective(Lapses::Floor).unwrap();
                prop_assert!(one <= plain.objective + 1e-9);
                prop_assert!(other <= plain.objective + 1e-9);
            }
        }
    }
}
