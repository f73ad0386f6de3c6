//! How well a curve fits one agent's runs.
//!
//! Figures of four kinds: the likelihood beside that of a constant (McFadden), the mean squared
//! error (Brier), calibration (are tasks done as often as the curve says?) and residuals by length
//! (where is the curve wrong?). All use the weights of the fit.
//!
//! There is no Hosmer–Lemeshow test. Its statistic has a χ² distribution only for independent
//! runs that count alike; here runs of one task resemble each other and weights differ from run to
//! run, so the usual p-value would call good curves bad. The residuals and their standard errors
//! are what the statistic is made of.

use serde::Serialize;
use thiserror::Error;

use crate::bins::{EdgesError, Rate, Sums, success_by_length, wilson_z};
use crate::data::Dataset;
use crate::lambda::Lambda;
use crate::logistic::{Observation, fit, logit};
use crate::weights::Weighting;

/// Number of equally wide calibration bins.
const CALIBRATION_BINS: usize = 10;
/// Chances closer to 0 or 1 are taken for this where log-odds are needed.
const CLOSEST_TO_CERTAIN: f64 = 1e-12;

/// How well a curve fits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Goodness {
    /// Weighted mean log-likelihood of a run, in nats; `None` where something happened that the
    /// curve holds to be impossible.
    pub log_likelihood: Option<f64>,
    /// The same for the agent's average at every length.
    pub constant_log_likelihood: f64,
    /// McFadden's ρ² (1974), 1 − log-likelihood / that of the constant: 0 for a curve that says no
    /// more than the average, 1 for certainty. `None` where all runs went the same way, as
    /// then the constant is certain too.
    pub mcfadden: Option<f64>,
    /// Brier's score (1950): weighted mean of (success − chance)² over runs.
    pub brier: f64,
    /// The same for the agent's average.
    pub constant_brier: f64,
    /// Whether chances mean what they say.
    pub calibration: Calibration,
    /// Observed less predicted success, by length.
    pub residuals: Vec<LengthResidual>,
}

/// Predicted chances against what happened.
///
/// On the runs that a curve was fitted to this flatters: an unpenalised logistic curve has slope
/// 1 and intercept 0 by construction. On families that it has not seen
/// ([`crate::shape::cross_validation`]) it does not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// Cox's recalibration (1958), success regressed on the log-odds of the chances; `None` where
    /// it is not determined, for example where all chances are the same.
    pub recalibration: Option<Recalibration>,
    /// Ten bins of predicted chances, from 0 up, those without runs left out.
    pub bins: Vec<CalibrationBin>,
}

/// True log-odds = slope · predicted log-odds + intercept.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Recalibration {
    /// Below 1 where chances are too extreme, above 1 where they are too timid.
    pub slope: f64,
    /// Above 0 where even chances are too low.
    pub intercept: f64,
}

/// Tasks with similar predicted chances.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CalibrationBin {
    /// Smallest chance that belongs here.
    pub from: f64,
    /// Smallest chance that no longer belongs here; the last bin holds 1 as well.
    pub to: f64,
    /// Number of tasks.
    pub tasks: usize,
    /// Number of runs.
    pub runs: usize,
    /// Weighted mean of the predicted chances.
    pub predicted: f64,
    /// How the runs went.
    pub observed: Rate,
}

/// Observed less predicted success among tasks of similar length.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LengthResidual {
    /// Shortest length that belongs here, in minutes.
    pub from_minutes: f64,
    /// Shortest length that no longer belongs here, in minutes.
    pub to_minutes: f64,
    /// Number of tasks.
    pub tasks: usize,
    /// Number of runs.
    pub runs: usize,
    /// Weighted share of success.
    pub observed: f64,
    /// Weighted mean of the predicted chances.
    pub predicted: f64,
    /// Observed less predicted.
    pub residual: f64,
    /// Standard error of the observed share if the curve were true and runs independent,
    /// √Σ w²p(1 − p) / Σ w. Runs of one task are not quite, so it is a lower bound.
    pub standard_error: f64,
}

/// Why there are no figures.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum GoodnessError {
    /// The agent has no runs that carry weight.
    #[error("the agent has no runs; choose one of the dataset's agents")]
    NoRuns,
    /// The curve says nothing of a length at which the agent has runs.
    #[error(
        "the curve gives no chance of success at {minutes} minutes; only a curve that is \
         determined can be held against runs"
    )]
    NoChance {
        /// The length in minutes.
        minutes: f64,
    },
    /// Length bins that cannot be used.
    #[error(transparent)]
    Edges(#[from] EdgesError),
}

/// Holds a curve against one agent's runs. `curve` gives the chance of success at a length in
/// minutes; `edges_minutes` bound the bins of the residuals, as in
/// [`success_by_length`], and bins without runs are left out.
///
/// # Errors
/// No runs, no chance at some length, or unusable edges.
pub fn goodness(
    dataset: &Dataset,
    agent: usize,
    weighting: Weighting,
    edges_minutes: &[f64],
    curve: impl Fn(f64) -> Option<f64>,
) -> Result<Goodness, GoodnessError> {
    let weights = weighting.task_weights(dataset, agent);
    let forecasts = dataset
        .tried(agent)
        .map(|task| {
            let minutes = dataset.tasks()[task].human_minutes;
            Ok(Forecast {
                minutes,
                weight: weights[task],
                successes: dataset.successes(agent, task),
                chance: curve(minutes).ok_or(GoodnessError::NoChance { minutes })?,
            })
        })
        .collect::<Result<Vec<_>, GoodnessError>>()?;
    let weight: f64 = forecasts.iter().map(|f| f.weight).sum();
    if weight <= 0.0 {
        return Err(GoodnessError::NoRuns);
    }
    let average = mean(&forecasts, Forecast::rate);
    let constant: Vec<Forecast<'_>> = forecasts
        .iter()
        .map(|&forecast| Forecast {
            chance: average,
            ..forecast
        })
        .collect();
    let log_likelihood = mean(&forecasts, Forecast::log_score);
    let constant_log_likelihood = mean(&constant, Forecast::log_score);
    let possible = log_likelihood.is_finite().then_some(log_likelihood);
    let uncertain = constant_log_likelihood < 0.0;
    Ok(Goodness {
        log_likelihood: possible,
        constant_log_likelihood,
        mcfadden: possible
            .filter(|_| uncertain)
            .map(|found| 1.0 - found / constant_log_likelihood),
        brier: mean(&forecasts, Forecast::brier),
        constant_brier: mean(&constant, Forecast::brier),
        calibration: Calibration::of(&forecasts),
        residuals: residuals(dataset, agent, weighting, edges_minutes, &forecasts)?,
    })
}

/// Weighted mean of a score over forecasts, which carry some weight.
fn mean<'a>(forecasts: &[Forecast<'a>], score: impl Fn(&Forecast<'a>) -> f64) -> f64 {
    let weight: f64 = forecasts.iter().map(|f| f.weight).sum();
    forecasts.iter().map(|f| f.weight * score(f)).sum::<f64>() / weight
}

/// The runs of one task and the chance that was given to them.
#[derive(Clone, Copy)]
pub(crate) struct Forecast<'a> {
    pub(crate) minutes: f64,
    /// Weight of the task, shared evenly by its runs.
    pub(crate) weight: f64,
    /// Never empty.
    pub(crate) successes: &'a [f64],
    pub(crate) chance: f64,
}

impl Forecast<'_> {
    /// Mean success of the runs.
    pub(crate) fn rate(&self) -> f64 {
        self.successes.iter().sum::<f64>() / self.successes.len() as f64
    }

    /// Mean log of the chance of what happened.
    pub(crate) fn log_score(&self) -> f64 {
        // What never happened costs nothing, however impossible it was.
        let term = |share: f64, chance: f64| {
            if share > 0.0 {
                share * chance.ln()
            } else {
                0.0
            }
        };
        let rate = self.rate();
        term(rate, self.chance) + term(1.0 - rate, 1.0 - self.chance)
    }

    /// Mean squared distance of success from the chance.
    pub(crate) fn brier(&self) -> f64 {
        let squares = self
            .successes
            .iter()
            .map(|success| (success - self.chance).powi(2));
        squares.sum::<f64>() / self.successes.len() as f64
    }
}

impl Calibration {
    pub(crate) fn of(forecasts: &[Forecast<'_>]) -> Self {
        let regressed: Vec<Observation> = forecasts
            .iter()
            .map(|forecast| {
                let inside = CLOSEST_TO_CERTAIN..=1.0 - CLOSEST_TO_CERTAIN;
                let chance = forecast.chance.clamp(*inside.start(), *inside.end());
                Observation {
                    // The same regression, on log-odds instead of on lengths.
                    log2_minutes: logit(chance),
                    weight: forecast.weight,
                    success_weight: forecast.weight * forecast.rate(),
                }
            })
            .collect();
        let z = wilson_z();
        let bin = |index: usize| {
            let edge = |index: usize| index as f64 / CALIBRATION_BINS as f64;
            let (from, to) = (edge(index), edge(index + 1));
            let last = index + 1 == CALIBRATION_BINS;
            let inside = |f: &&Forecast<'_>| from <= f.chance && (f.chance < to || last);
            let mut sums = Sums::default();
            let (mut weight, mut predicted) = (0.0, 0.0);
            for forecast in forecasts.iter().filter(inside) {
                sums.add(forecast.weight, forecast.successes);
                weight += forecast.weight;
                predicted += forecast.weight * forecast.chance;
            }
            Some(CalibrationBin {
                from,
                to,
                tasks: sums.tasks,
                runs: sums.runs,
                predicted: predicted / weight,
                observed: sums.rate(z)?,
            })
        };
        Self {
            recalibration: fit(&regressed, Lambda::NONE)
                .curve()
                .map(|curve| Recalibration {
                    slope: curve.slope,
                    intercept: curve.intercept,
                }),
            bins: (0..CALIBRATION_BINS).filter_map(bin).collect(),
        }
    }
}

fn residuals(
    dataset: &Dataset,
    agent: usize,
    weighting: Weighting,
    edges_minutes: &[f64],
    forecasts: &[Forecast<'_>],
) -> Result<Vec<LengthResidual>, EdgesError> {
    let bins = success_by_length(dataset, agent, weighting, edges_minutes)?;
    let residual = |bin: &crate::bins::Bin| {
        let observed = bin.rate?.success;
        let (mut weight, mut predicted, mut variance) = (0.0, 0.0, 0.0);
        let inside = |f: &&Forecast<'_>| (bin.from_minutes..bin.to_minutes).contains(&f.minutes);
        for Forecast {
            weight: task_weight,
            successes,
            chance,
            ..
        } in forecasts.iter().filter(inside)
        {
            weight += task_weight;
            predicted += task_weight * chance;
            variance +=
                task_weight * task_weight / successes.len() as f64 * chance * (1.0 - chance);
        }
        let predicted = predicted / weight;
        Some(LengthResidual {
            from_minutes: bin.from_minutes,
            to_minutes: bin.to_minutes,
            tasks: bin.tasks,
            runs: bin.runs,
            observed,
            predicted,
            residual: observed - predicted,
            standard_error: variance.sqrt() / weight,
        })
    };
    Ok(bins.iter().filter_map(residual).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Run;
    use crate::observe::fit_agent;
    use proptest::prelude::*;

    fn dataset(runs: &[(u32, f64)]) -> Dataset {
        let runs = runs.iter().map(|&(doublings, success)| Run {
            agent: "a".to_owned(),
            task: format!("f{}/{doublings}", doublings % 3),
            family: format!("f{}", doublings % 3),
            human_minutes: f64::from(doublings).exp2(),
            success,
        });
        Dataset::new(runs).unwrap()
    }

    const EDGES: [f64; 4] = [1.0, 4.0, 32.0, 4096.0];

    #[test]
    fn figures_of_a_coin_are_known() {
        let runs = [(0, 1.0), (0, 0.0), (1, 0.0), (1, 1.0)];
        let found = goodness(&dataset(&runs), 0, Weighting::Equal, &EDGES, |_| Some(0.5)).unwrap();
        assert!((found.log_likelihood.unwrap() + 2.0_f64.ln()).abs() < 1e-15);
        assert_eq!((found.mcfadden, found.brier), (Some(0.0), 0.25));
        assert_eq!(found.calibration.recalibration, None);
        assert_eq!(found.calibration.bins.len(), 1);
        assert_eq!(found.calibration.bins[0].runs, 4);
        assert_eq!(found.residuals.len(), 1);
        assert_eq!(found.residuals[0].residual, 0.0);
        assert!((found.residuals[0].standard_error - 0.25).abs() < 1e-15);
    }

    #[test]
    fn the_impossible_and_the_certain_are_named() {
        let runs = dataset(&[(0, 1.0), (1, 0.0)]);
        let sure = |minutes: f64| Some(if minutes < 1.5 { 1.0 } else { 0.0 });
        let right = goodness(&runs, 0, Weighting::Equal, &EDGES, sure).unwrap();
        assert_eq!(
            (right.log_likelihood, right.mcfadden),
            (Some(0.0), Some(1.0))
        );
        let wrong = |minutes: f64| sure(minutes).map(|chance| 1.0 - chance);
        let wrong = goodness(&runs, 0, Weighting::Equal, &EDGES, wrong).unwrap();
        assert_eq!((wrong.log_likelihood, wrong.mcfadden), (None, None));
        assert_eq!(wrong.brier, 1.0);
        let failing = dataset(&[(0, 0.0), (1, 0.0)]);
        let found = goodness(&failing, 0, Weighting::Equal, &EDGES, |_| Some(0.0)).unwrap();
        assert_eq!((found.log_likelihood, found.mcfadden), (Some(0.0), None));
        let none = |_| None;
        assert!(matches!(
            goodness(&runs, 0, Weighting::Equal, &EDGES, none),
            Err(GoodnessError::NoChance { .. })
        ));
        let nobody = goodness(&runs, 7, Weighting::Equal, &EDGES, sure);
        assert_eq!(nobody, Err(GoodnessError::NoRuns));
        assert!(matches!(
            goodness(&runs, 0, Weighting::Equal, &[1.0], sure),
            Err(GoodnessError::Edges(EdgesError::TooFew(1)))
        ));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// The equations that a maximum of the likelihood solves say so.
        #[test]
        fn an_unpenalised_logistic_curve_is_calibrated_on_its_own_runs(
            runs in prop::collection::vec((0_u32..11, prop::bool::ANY), 8..60),
        ) {
            let runs: Vec<(u32, f64)> =
                runs.into_iter().map(|(x, good)| (x, f64::from(u8::from(good)))).collect();
            let data = dataset(&runs);
            let fit = fit_agent(&data, 0, Weighting::default(), Lambda::NONE);
            if let Some(curve) = fit.curve().filter(|curve| curve.slope.abs() > 1e-3) {
                let chance = |minutes: f64| Some(curve.probability(minutes));
                let found = goodness(&data, 0, Weighting::default(), &EDGES, chance).unwrap();
                let calibration = found.calibration.recalibration.unwrap();
                prop_assert!((calibration.slope - 1.0).abs() < 1e-6, "{found:?}");
                prop_assert!(calibration.intercept.abs() < 1e-6, "{found:?}");
                prop_assert!(found.mcfadden.unwrap() >= -1e-12, "{found:?}");
                let residual: f64 = found.residuals.iter().map(|bin| bin.residual).sum();
                prop_assert!(residual.is_finite());
                let runs: usize = found.calibration.bins.iter().map(|bin| bin.runs).sum();
                prop_assert_eq!(runs, data.run_count(0));
            }
        }
    }
}
