//! What is known of how long humans take, and how much their times scatter.

use serde::Serialize;

use super::times::HumanTimeError;

/// What is known of how long humans take at one task.
#[derive(Debug, Clone, PartialEq)]
pub enum Evidence {
    /// Humans who succeeded were timed.
    Measured {
        /// Their times in minutes.
        minutes: Vec<f64>,
    },
    /// An expert guessed.
    Estimated {
        /// The range that the expert named, in minutes: low and high.
        range_minutes: Option<(f64, f64)>,
    },
    /// Nobody says.
    Unknown,
}

/// What the human time of a task rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Timed attempts.
    Measured {
        /// How many succeeded.
        baselines: usize,
    },
    /// An expert's guess.
    Estimated,
    /// Nobody says.
    Unknown,
}

/// How the spread of baselines around the means of their tasks becomes one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pooling {
    /// √(Σ squares / (baselines − tasks)): the unbiased variance within tasks.
    #[default]
    WithinTasks,
    /// √(Σ squares / (baselines − 1)), as METR's multiverse has it. Too small, since a mean was
    /// taken out for every task and not just one.
    Metr,
}

/// How much single baselines of one task scatter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BaselineSpread {
    /// Standard deviation of ln minutes of one baseline.
    pub ln_sd: f64,
    /// Tasks with at least two baselines, which tell it.
    pub tasks: usize,
    /// Their baselines.
    pub baselines: usize,
}

impl Evidence {
    pub(crate) fn check(&self, task: &str) -> Result<(), HumanTimeError> {
        let possible = |minutes: f64| minutes.is_finite() && minutes > 0.0;
        match self {
            Self::Measured { minutes } if minutes.is_empty() => Err(HumanTimeError::NoBaseline {
                task: task.to_owned(),
            }),
            Self::Measured { minutes } => {
                match minutes.iter().find(|&&minutes| !possible(minutes)) {
                    None => Ok(()),
                    Some(&minutes) => Err(HumanTimeError::Minutes {
                        task: task.to_owned(),
                        minutes,
                    }),
                }
            }
            Self::Estimated {
                range_minutes: Some((low, high)),
            } if !(possible(*low) && possible(*high) && low < high) => Err(HumanTimeError::Range {
                task: task.to_owned(),
                low: *low,
                high: *high,
            }),
            Self::Estimated { .. } | Self::Unknown => Ok(()),
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Measured { minutes } => Kind::Measured {
                baselines: minutes.len(),
            },
            Self::Estimated { .. } => Kind::Estimated,
            Self::Unknown => Kind::Unknown,
        }
    }
}

/// How much ln baselines scatter around the means of their tasks.
pub(crate) fn pooled_spread<'a>(
    evidence: impl Iterator<Item = &'a Evidence>,
    pooling: Pooling,
) -> Option<BaselineSpread> {
    let (mut squares, mut tasks, mut baselines) = (0.0, 0, 0);
    for evidence in evidence {
        let Evidence::Measured { minutes } = evidence else {
            continue;
        };
        if minutes.len() < 2 {
            continue;
        }
        let mean = minutes.iter().map(|minutes| minutes.ln()).sum::<f64>() / minutes.len() as f64;
        squares += minutes
            .iter()
            .map(|minutes| (minutes.ln() - mean).powi(2))
            .sum::<f64>();
        tasks += 1;
        baselines += minutes.len();
    }
    let freedom = match pooling {
        Pooling::WithinTasks => baselines - tasks,
        Pooling::Metr => baselines.saturating_sub(1),
    };
    (freedom > 0).then(|| BaselineSpread {
        ln_sd: (squares / freedom as f64).sqrt(),
        tasks,
        baselines,
    })
}
