//! How uncertain the human time of every task is.

use std::collections::BTreeMap;

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal};
use thiserror::Error;

use super::evidence::{BaselineSpread, Evidence, Kind, Pooling, pooled_spread};
use crate::data::Dataset;

/// How spreads follow from evidence. All spreads are standard deviations of ln minutes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NoiseSettings {
    /// How the spread of single baselines is pooled.
    pub pooling: Pooling,
    /// How many baselines a task without any counts for. METR's one half makes its spread √2 times
    /// that of a single baseline.
    pub unmeasured_baselines: f64,
    /// The central share of probability that an expert's range is taken for: 0.9 takes low and
    /// high for the quantiles at 5 % and 95 %.
    pub range_coverage: f64,
    /// Spread of every estimate, whatever its range. Without it a range tells the spread, and an
    /// estimate without a range is a task without baselines.
    pub estimate_ln_sd: Option<f64>,
    /// By how much true times exceed estimates: 1 for not at all, 1.5 where experts guess a third
    /// too low.
    pub estimate_bias: f64,
    /// Spread of single baselines where no task has two to tell it.
    pub fallback_ln_sd: Option<f64>,
}

/// METR's half a baseline, ranges for 90 %, no bias.
impl Default for NoiseSettings {
    fn default() -> Self {
        Self {
            pooling: Pooling::default(),
            unmeasured_baselines: 0.5,
            range_coverage: 0.9,
            estimate_ln_sd: None,
            estimate_bias: 1.0,
            fallback_ln_sd: None,
        }
    }
}

/// Why spreads cannot be told.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum HumanTimeError {
    /// A baseline of no, negative or infinite length.
    #[error("task `{task}`: a baseline of {minutes} minutes; give a finite time above zero")]
    Minutes {
        /// The task in question.
        task: String,
        /// What was found.
        minutes: f64,
    },
    /// A measured task without a time.
    #[error(
        "task `{task}` is said to be measured, but has no baseline; give its times or call it unknown"
    )]
    NoBaseline {
        /// The task in question.
        task: String,
    },
    /// A range that is none.
    #[error("task `{task}`: the estimate ranges from {low} to {high} minutes; give 0 < low < high")]
    Range {
        /// The task in question.
        task: String,
        /// Its lower end in minutes.
        low: f64,
        /// Its upper end in minutes.
        high: f64,
    },
    /// A setting out of range.
    #[error("{name} is {value}; give {expected}")]
    Setting {
        /// The setting's name.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What is allowed.
        expected: &'static str,
    },
    /// Nothing tells how much baselines scatter.
    #[error(
        "task `{task}` needs to know how much baselines scatter, and no task has two; give \
         fallback_ln_sd, such as 0.85"
    )]
    NoSpread {
        /// The first task that needs it.
        task: String,
    },
    /// Times of one dataset, used with another.
    #[error("these human times are not of the dataset's tasks; make them from the same dataset")]
    OtherTasks,
}

/// The human time of a task and how well it is known: ln(true minutes) is normal around
/// ln(minutes × bias) with standard deviation `ln_sd`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HumanTime {
    /// The task's name.
    pub task: String,
    /// Its length in the dataset, in minutes.
    pub minutes: f64,
    /// By how much the true time is expected to exceed it.
    pub bias: f64,
    /// Standard deviation of ln minutes: the standard error of the mean for baselines, the
    /// spread of the guess for estimates.
    pub ln_sd: f64,
    /// What it rests on.
    pub kind: Kind,
}

/// The human times of all tasks of a dataset.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HumanTimes {
    /// How spreads were told.
    pub settings: NoiseSettings,
    /// How much single baselines scatter; absent where no task has two.
    pub baseline_spread: Option<BaselineSpread>,
    /// One entry a task, in the order of [`Dataset::tasks`].
    pub tasks: Vec<HumanTime>,
}

impl HumanTimes {
    /// Tells the spread of every task's length. Tasks without evidence are unknown; evidence on
    /// tasks that the dataset does not have helps to tell how much baselines scatter.
    ///
    /// With s the pooled standard deviation of ln baselines, a mean of n baselines has s/√n, and a
    /// task without any s/√½: METR's rule ("Measuring AI Ability to Complete Long Tasks", 2025,
    /// the multiverse's baseline noise).
    ///
    /// # Errors
    /// Impossible times, ranges or settings, or nothing that tells the spread of baselines.
    pub fn new(
        dataset: &Dataset,
        evidence: &BTreeMap<String, Evidence>,
        settings: NoiseSettings,
    ) -> Result<Self, HumanTimeError> {
        settings.check()?;
        for (task, evidence) in evidence {
            evidence.check(task)?;
        }
        let baseline_spread = pooled_spread(evidence.values(), settings.pooling);
        let single = baseline_spread
            .map(|spread| spread.ln_sd)
            .or(settings.fallback_ln_sd);
        let tasks = dataset
            .tasks()
            .iter()
            .map(|task| {
                let evidence = evidence.get(&task.name).unwrap_or(&Evidence::Unknown);
                let no_spread = || HumanTimeError::NoSpread {
                    task: task.name.clone(),
                };
                let ln_sd = settings.ln_sd(evidence, single).ok_or_else(no_spread)?;
                let kind = evidence.kind();
                let estimated = kind == Kind::Estimated;
                Ok(HumanTime {
                    task: task.name.clone(),
                    minutes: task.human_minutes,
                    bias: if estimated {
                        settings.estimate_bias
                    } else {
                        1.0
                    },
                    ln_sd,
                    kind,
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            settings,
            baseline_spread,
            tasks,
        })
    }

    /// Makes sure that these are the times of a dataset.
    pub(crate) fn check_tasks(&self, dataset: &Dataset) -> Result<(), HumanTimeError> {
        let same = |(time, task): (&HumanTime, &crate::data::Task)| {
            time.task == task.name && time.minutes.to_bits() == task.human_minutes.to_bits()
        };
        let tasks = dataset.tasks();
        let all = tasks.len() == self.tasks.len() && self.tasks.iter().zip(tasks).all(same);
        all.then_some(()).ok_or(HumanTimeError::OtherTasks)
    }
}

impl NoiseSettings {
    fn check(&self) -> Result<(), HumanTimeError> {
        let positive = |value: f64| value.is_finite() && value > 0.0;
        let spread = |value: Option<f64>| value.is_none_or(|sd| sd.is_finite() && sd >= 0.0);
        let above_zero = "a finite number above zero";
        let not_negative = "a finite number, zero or above";
        let share = self.range_coverage > 0.0 && self.range_coverage < 1.0;
        let checks = [
            (
                "unmeasured_baselines",
                self.unmeasured_baselines,
                positive(self.unmeasured_baselines),
                above_zero,
            ),
            (
                "range_coverage",
                self.range_coverage,
                share,
                "a share above 0 and below 1",
            ),
            (
                "estimate_bias",
                self.estimate_bias,
                positive(self.estimate_bias),
                above_zero,
            ),
            (
                "estimate_ln_sd",
                self.estimate_ln_sd.unwrap_or_default(),
                spread(self.estimate_ln_sd),
                not_negative,
            ),
            (
                "fallback_ln_sd",
                self.fallback_ln_sd.unwrap_or_default(),
                spread(self.fallback_ln_sd),
                not_negative,
            ),
        ];
        for (name, value, passes, expected) in checks {
            if !passes {
                return Err(HumanTimeError::Setting {
                    name,
                    value,
                    expected,
                });
            }
        }
        Ok(())
    }

    /// Spread of a task's ln minutes, given that of one baseline; `None` where it would be needed
    /// and is not known.
    fn ln_sd(&self, evidence: &Evidence, single: Option<f64>) -> Option<f64> {
        let of_mean = |baselines: f64| single.map(|sd| sd / baselines.sqrt());
        match evidence {
            Evidence::Measured { minutes } => of_mean(minutes.len() as f64),
            Evidence::Unknown => of_mean(self.unmeasured_baselines),
            Evidence::Estimated { range_minutes } => match (self.estimate_ln_sd, range_minutes) {
                (Some(set), _) => Some(set),
                (None, Some((low, high))) => {
                    let standard = Normal::standard();
                    let reach = standard.inverse_cdf(0.5 + 0.5 * self.range_coverage);
                    Some((high / low).ln() / (2.0 * reach))
                }
                (None, None) => of_mean(self.unmeasured_baselines),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Run;

    fn dataset() -> Dataset {
        let tasks = ["t/a", "t/b", "t/c", "t/d", "t/e"];
        let run = |task: &str| Run {
            agent: "someone".into(),
            task: task.into(),
            family: "t".into(),
            human_minutes: 10.0,
            success: 1.0,
        };
        Dataset::new(tasks.map(run)).unwrap()
    }

    fn evidence() -> BTreeMap<String, Evidence> {
        let measured = |minutes: &[f64]| Evidence::Measured {
            minutes: minutes.to_vec(),
        };
        let e = std::f64::consts::E;
        BTreeMap::from([
            ("t/a".to_owned(), measured(&[10.0, 10.0 * e * e])),
            ("t/b".to_owned(), measured(&[5.0])),
            (
                "t/c".to_owned(),
                Evidence::Estimated {
                    range_minutes: Some((5.0, 20.0)),
                },
            ),
            (
                "t/d".to_owned(),
                Evidence::Estimated {
                    range_minutes: None,
                },
            ),
            ("elsewhere/a".to_owned(), measured(&[1.0, 1.0, 1.0])),
        ])
    }

    #[test]
    fn spreads_follow_from_repeats_and_ranges() {
        // Squares of 1 and 1 at one task, none at the other: 2 / (5 − 2) within tasks.
        let settings = NoiseSettings {
            estimate_bias: 1.5,
            ..NoiseSettings::default()
        };
        let times = HumanTimes::new(&dataset(), &evidence(), settings).unwrap();
        let single = (2.0_f64 / 3.0).sqrt();
        let spread = times.baseline_spread.unwrap();
        assert!((spread.ln_sd - single).abs() < 1e-15);
        assert_eq!((spread.tasks, spread.baselines), (2, 5));
        // 1.644854 is the normal quantile at 95 %.
        let ranged = 4.0_f64.ln() / (2.0 * 1.644_853_626_951_472_7);
        let expected = [
            (
                single / 2.0_f64.sqrt(),
                Kind::Measured { baselines: 2 },
                1.0,
            ),
            (single, Kind::Measured { baselines: 1 }, 1.0),
            (ranged, Kind::Estimated, 1.5),
            (single * 2.0_f64.sqrt(), Kind::Estimated, 1.5),
            (single * 2.0_f64.sqrt(), Kind::Unknown, 1.0),
        ];
        for (time, (ln_sd, kind, bias)) in times.tasks.iter().zip(expected) {
            assert!((time.ln_sd - ln_sd).abs() < 1e-9, "{time:?}");
            assert_eq!((time.kind, time.bias), (kind, bias));
        }
        let metr = NoiseSettings {
            pooling: Pooling::Metr,
            estimate_ln_sd: Some(0.25),
            ..NoiseSettings::default()
        };
        let times = HumanTimes::new(&dataset(), &evidence(), metr).unwrap();
        assert!((times.tasks[1].ln_sd - 0.5_f64.sqrt()).abs() < 1e-15);
        assert_eq!(times.tasks[2].ln_sd, 0.25);
        assert_eq!(times.tasks[3].ln_sd, 0.25);
    }

    #[test]
    fn what_is_not_known_has_a_name() {
        let one = BTreeMap::from([("t/a".to_owned(), Evidence::Measured { minutes: vec![3.0] })]);
        let new = |evidence: &BTreeMap<String, Evidence>, settings| {
            HumanTimes::new(&dataset(), evidence, settings)
        };
        let task = "t/a".to_owned();
        assert_eq!(
            new(&one, NoiseSettings::default()),
            Err(HumanTimeError::NoSpread { task: task.clone() })
        );
        let fallback = NoiseSettings {
            fallback_ln_sd: Some(0.8),
            ..NoiseSettings::default()
        };
        assert_eq!(new(&one, fallback).unwrap().tasks[0].ln_sd, 0.8);
        let with = |evidence| BTreeMap::from([(task.clone(), evidence)]);
        let measured = |minutes: Vec<f64>| Evidence::Measured { minutes };
        assert!(matches!(
            new(&with(measured(vec![1.0, f64::NAN])), fallback),
            Err(HumanTimeError::Minutes { .. })
        ));
        assert!(matches!(
            new(&with(measured(Vec::new())), fallback),
            Err(HumanTimeError::NoBaseline { .. })
        ));
        let range = Evidence::Estimated {
            range_minutes: Some((5.0, 5.0)),
        };
        assert!(matches!(
            new(&with(range), fallback),
            Err(HumanTimeError::Range { .. })
        ));
        let wrong = NoiseSettings {
            range_coverage: 1.0,
            ..fallback
        };
        assert!(matches!(
            new(&one, wrong),
            Err(HumanTimeError::Setting {
                name: "range_coverage",
                ..
            })
        ));
        let times = new(&one, fallback).unwrap();
        let other = Dataset::new([]).unwrap();
        assert_eq!(times.check_tasks(&other), Err(HumanTimeError::OtherTasks));
    }
}
