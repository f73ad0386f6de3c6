//! Which shape foretells tasks that it has not seen.
//!
//! A shape with more freedom always fits the runs at hand better. The fair question is how well it
//! foretells others. Tasks of a family resemble each other, so whole families are held out: one
//! at a time, the shape is fitted to the rest, and the chances that it gives to the held-out runs
//! are scored. Nothing is drawn, so the answer is the same every time.

use rayon::prelude::*;
use serde::Serialize;

use super::{Shape, Shaped};
use crate::data::Dataset;
use crate::goodness::{Calibration, Forecast};
use crate::lambda::Lambda;
use crate::logistic::Observation;
use crate::weights::Weighting;

/// Chances are held this far from 0 and 1 in the log score. A free shape says "never" where it has
/// seen a dozen failures, and a single success would outweigh all else; about one in two hundred
/// is what data of this size can rule out.
pub const SMALLEST_CHANCE: f64 = 0.005;

/// How well one shape foretells families that it has not seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrossValidated {
    /// The shape.
    pub shape: Shape,
    /// Families, each of which was held out once.
    pub families: usize,
    /// Families of which the shape could say nothing, as the rest determined no curve. Without
    /// them there are no scores, since scores over different families cannot be compared.
    pub unpredicted_families: usize,
    /// Scores; absent where some family went unpredicted, and without runs.
    pub scores: Option<Scores>,
}

/// Scores of chances given to unseen families. Weights are those of the whole dataset.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// Weighted mean log of the chance of what happened, in nats, with chances held within
    /// [`SMALLEST_CHANCE`] of 0 and 1. Higher is better.
    pub log_score: f64,
    /// Weighted mean of (success − chance)². Lower is better.
    pub brier: f64,
    /// Log score less that of the logistic curve: above 0 where this shape is better. Absent
    /// where the logistic curve has none.
    pub log_score_gain: Option<Gain>,
    /// Whether chances mean what they say, on unseen families.
    pub calibration: Calibration,
}

/// A difference with its standard error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Gain {
    /// The difference.
    pub difference: f64,
    /// Its standard error, taking families for independent draws: √(F/(F − 1)·Σ(dᶠ − d̄)²) over
    /// the F families' parts of the difference. Folds share most of their training data, so it is
    /// approximate. `None` for a single family.
    pub standard_error: Option<f64>,
}

/// Scores every shape of [`Shape::ALL`] on one agent, in that order.
#[must_use]
pub fn cross_validate(
    dataset: &Dataset,
    agent: usize,
    weighting: Weighting,
    lambda: Lambda,
) -> Vec<CrossValidated> {
    let folds = Folds::new(dataset, agent, weighting);
    let forecasts: Vec<Vec<Option<Vec<Forecast<'_>>>>> = Shape::ALL
        .iter()
        .map(|&shape| folds.forecasts(shape, lambda))
        .collect();
    let logistic = Shape::ALL
        .iter()
        .position(|&shape| shape == Shape::Logistic);
    let reference = logistic.and_then(|index| log_scores(&forecasts[index]));
    let shapes = Shape::ALL.iter().zip(&forecasts);
    shapes
        .map(|(&shape, forecasts)| CrossValidated {
            shape,
            families: forecasts.len(),
            unpredicted_families: forecasts.iter().filter(|fold| fold.is_none()).count(),
            scores: scores(forecasts, reference.as_deref()),
        })
        .collect()
}

/// One agent's tasks, family by family.
struct Folds<'a> {
    families: Vec<Vec<Held<'a>>>,
}

/// A task, to learn from or to foretell.
struct Held<'a> {
    minutes: f64,
    weight: f64,
    successes: &'a [f64],
}

impl<'a> Folds<'a> {
    fn new(dataset: &'a Dataset, agent: usize, weighting: Weighting) -> Self {
        let weights = weighting.task_weights(dataset, agent);
        let held = |task: usize| Held {
            minutes: dataset.tasks()[task].human_minutes,
            weight: weights[task],
            successes: dataset.successes(agent, task),
        };
        let families = dataset.families().iter().map(|family| {
            let tasks = family.tasks.clone().map(held);
            tasks.filter(|task| !task.successes.is_empty()).collect()
        });
        Self {
            families: families
                .filter(|family: &Vec<_>| !family.is_empty())
                .collect(),
        }
    }

    /// Chances for each family by a curve fitted to all others.
    fn forecasts(&self, shape: Shape, lambda: Lambda) -> Vec<Option<Vec<Forecast<'a>>>> {
        (0..self.families.len())
            .into_par_iter()
            .map(|fold| {
                let shaped = shape.fit(&self.without(fold), lambda);
                self.families[fold]
                    .iter()
                    .map(|task| task.foretold(&shaped))
                    .collect()
            })
            .collect()
    }

    /// Observations of all families but one. Weights add up to 1 again, so that a penalty stays
    /// as strong as it is on the whole.
    fn without(&self, fold: usize) -> Vec<Observation> {
        let others = || {
            let families = self.families.iter().enumerate();
            families
                .filter(move |(index, _)| *index != fold)
                .flat_map(|(_, tasks)| tasks)
        };
        let total: f64 = others().map(|task| task.weight).sum();
        let observation = |task: &Held<'_>| {
            let mean = task.successes.iter().sum::<f64>() / task.successes.len() as f64;
            Observation {
                log2_minutes: task.minutes.log2(),
                weight: task.weight / total,
                success_weight: task.weight / total * mean,
            }
        };
        others().map(observation).collect()
    }
}

impl<'a> Held<'a> {
    fn foretold(&self, shaped: &Shaped) -> Option<Forecast<'a>> {
        Some(Forecast {
            minutes: self.minutes,
            weight: self.weight,
            successes: self.successes,
            chance: shaped.probability(self.minutes)?,
        })
    }
}

/// Weighted log score, family by family; `None` where one is missing.
fn log_scores(forecasts: &[Option<Vec<Forecast<'_>>>]) -> Option<Vec<f64>> {
    let score = |forecast: &Forecast<'_>| {
        let chance = forecast
            .chance
            .clamp(SMALLEST_CHANCE, 1.0 - SMALLEST_CHANCE);
        forecast.weight
            * Forecast {
                chance,
                ..*forecast
            }
            .log_score()
    };
    let family = |fold: &Option<Vec<Forecast<'_>>>| {
        fold.as_ref()
            .map(|tasks| tasks.iter().map(score).sum::<f64>())
    };
    forecasts.iter().map(family).collect()
}

fn scores(forecasts: &[Option<Vec<Forecast<'_>>>], reference: Option<&[f64]>) -> Option<Scores> {
    let by_family = log_scores(forecasts)?;
    let all: Vec<Forecast<'_>> = forecasts.iter().flatten().flatten().copied().collect();
    if all.is_empty() {
        return None;
    }
    Some(Scores {
        log_score: by_family.iter().sum(),
        brier: all
            .iter()
            .map(|forecast| forecast.weight * forecast.brier())
            .sum(),
        log_score_gain: reference.map(|reference| gain(&by_family, reference)),
        calibration: Calibration::of(&all),
    })
}

fn gain(by_family: &[f64], reference: &[f64]) -> Gain {
    let parts: Vec<f64> = by_family
        .iter()
        .zip(reference)
        .map(|(own, other)| own - other)
        .collect();
    let count = parts.len() as f64;
    let difference: f64 = parts.iter().sum();
    let squares: f64 = parts
        .iter()
        .map(|part| (part - difference / count).powi(2))
        .sum();
    Gain {
        difference,
        standard_error: (count > 1.0).then(|| (count / (count - 1.0) * squares).sqrt()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Run;

    /// Twenty families of two tasks, whose success is 1 up to 16 minutes and 0 from 32 on.
    fn step() -> Dataset {
        let runs = (0..40_u32).map(|index| {
            let doublings = index % 10;
            Run {
                agent: "a".to_owned(),
                task: format!("f{}/{index}", index / 2),
                family: format!("f{}", index / 2),
                human_minutes: f64::from(doublings).exp2(),
                success: if doublings < 5 { 1.0 } else { 0.0 },
            }
        });
        Dataset::new(runs).unwrap()
    }

    #[test]
    fn what_falls_beats_what_does_not() {
        let dataset = step();
        let found = cross_validate(&dataset, 0, Weighting::default(), Lambda::METR_2026_03);
        let score = |shape| {
            let of = found.iter().find(|found| found.shape == shape).unwrap();
            assert_eq!((of.families, of.unpredicted_families), (20, 0), "{of:?}");
            of.scores.clone().unwrap()
        };
        let (constant, logistic) = (score(Shape::Constant), score(Shape::Logistic));
        assert!(logistic.log_score > -0.02, "{logistic:?}");
        assert!(
            constant.log_score < -(2.0_f64.ln()),
            "no better than a coin"
        );
        let gain = constant.log_score_gain.unwrap();
        assert!((gain.difference - (constant.log_score - logistic.log_score)).abs() < 1e-12);
        assert!(gain.difference < -3.0 * gain.standard_error.unwrap());
        let own = logistic.log_score_gain.unwrap();
        assert_eq!((own.difference, own.standard_error), (0.0, Some(0.0)));
        assert!(score(Shape::Isotonic).brier < 1e-9);
    }

    #[test]
    fn unpredicted_families_are_counted_and_nothing_is_scored() {
        let separated = cross_validate(&step(), 0, Weighting::default(), Lambda::NONE);
        let logistic = &separated[1];
        assert_eq!(
            (logistic.shape, logistic.unpredicted_families),
            (Shape::Logistic, 20)
        );
        assert_eq!(logistic.scores, None);
        assert_eq!(separated[0].scores.as_ref().unwrap().log_score_gain, None);
        // One family leaves nothing to learn from.
        let run = Run {
            agent: "a".to_owned(),
            task: "f/1".to_owned(),
            family: "f".to_owned(),
            human_minutes: 1.0,
            success: 1.0,
        };
        let alone = Dataset::new([run]).unwrap();
        let found = cross_validate(&alone, 0, Weighting::default(), Lambda::default());
        assert!(found.iter().all(|shape| shape.unpredicted_families == 1));
        let nobody = cross_validate(&alone, 5, Weighting::default(), Lambda::default());
        assert!(
            nobody
                .iter()
                .all(|shape| shape.families == 0 && shape.scores.is_none())
        );
    }
}
