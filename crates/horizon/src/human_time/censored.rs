//! What baselines that failed say of a task's human time.
//!
//! A human who gave up after an hour says that the task takes longer than an hour. Leaving such
//! attempts out, as the geometric mean of successes does, makes hard tasks look short. Here they
//! count as right-censored: ln time is normal with a mean of its own for every task and one spread
//! for all, and the likelihood of a failed attempt is the chance to take longer.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use serde::Serialize;
use statrs::function::erf::erfc;
use thiserror::Error;

/// All baselines of one task.
#[derive(Debug, Clone, PartialEq)]
pub struct Baselines {
    /// The task's name.
    pub task: String,
    /// Times of those who succeeded, in minutes.
    pub succeeded_minutes: Vec<f64>,
    /// Times after which the others stopped, in minutes.
    pub failed_minutes: Vec<f64>,
}

/// Where the spread of ln times comes from.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpreadSource {
    /// It maximises the likelihood, along with the means. With few baselines a task this is too
    /// small, as each task's mean follows its own baselines (Neyman and Scott 1948).
    #[default]
    MaximumLikelihood,
    /// It is given, for example as the pooled standard deviation within tasks.
    Fixed(f64),
}

/// Why no times were found.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum CensoredError {
    /// A time of no, negative or infinite length.
    #[error("task `{task}`: a baseline of {minutes} minutes; give a finite time above zero")]
    Minutes {
        /// The task in question.
        task: String,
        /// What was found.
        minutes: f64,
    },
    /// A spread that is none.
    #[error("a spread of {0}; give a finite standard deviation of ln minutes above zero")]
    Spread(f64),
    /// Nobody succeeded at anything.
    #[error("no baseline of any task succeeded, so nothing bounds human times from above")]
    NoneSucceeded,
    /// The likelihood grows without end as the spread shrinks.
    #[error(
        "no task has baselines that disagree, so the spread cannot be estimated; give it, such \
         as 0.85"
    )]
    NoSpread,
}

/// Human times that count failed baselines.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CensoredTimes {
    /// Where the spread comes from.
    pub spread: SpreadSource,
    /// Standard deviation of ln minutes of one baseline.
    pub ln_sd: f64,
    /// One entry a task, in the order they were given.
    pub tasks: Vec<CensoredTime>,
}

/// The human time of one task.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CensoredTime {
    /// The task's name.
    pub task: String,
    /// Baselines that succeeded.
    pub succeeded: usize,
    /// Baselines that failed.
    pub failed: usize,
    /// What they say.
    pub estimate: CensoredEstimate,
}

/// What the baselines of a task say.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CensoredEstimate {
    /// Some succeeded.
    Found {
        /// Median human time in minutes.
        minutes: f64,
        /// Geometric mean of the successful times in minutes: what leaving failures out gives.
        geometric_mean_minutes: f64,
        /// The first divided by the second; 1 where nobody failed, else above.
        ratio: f64,
    },
    /// All failed: the likelihood grows with the human time for ever.
    AllCensored {
        /// The longest attempt in minutes. The human time is probably longer.
        longest_minutes: f64,
    },
    /// Nobody tried.
    NoBaselines,
}

/// Narrowest and widest spread that is looked for.
const SPREADS: (f64, f64) = (1e-6, 1e3);
/// Each halves the interval of the logarithm of the spread, or of a mean.
const BISECTIONS: usize = 80;

/// Human times of tasks by maximum likelihood, with failed baselines as right-censored.
///
/// In 1/σ and μ/σ the log-likelihood is concave (Olsen 1978), so there is one maximum, and it is
/// found by bisection of the derivatives: in every μ for given σ, and in σ.
///
/// # Errors
/// Impossible times or spreads, no success anywhere, or no task that tells the spread.
pub fn censored_times(
    baselines: &[Baselines],
    spread: SpreadSource,
) -> Result<CensoredTimes, CensoredError> {
    let tasks: Vec<LogTimes> = baselines
        .iter()
        .map(LogTimes::of)
        .collect::<Result<_, _>>()?;
    if tasks.iter().all(|task| task.succeeded.is_empty()) {
        return Err(CensoredError::NoneSucceeded);
    }
    let ln_sd = match spread {
        SpreadSource::Fixed(sd) if sd.is_finite() && sd > 0.0 => sd,
        SpreadSource::Fixed(sd) => return Err(CensoredError::Spread(sd)),
        SpreadSource::MaximumLikelihood => likeliest_spread(&tasks)?,
    };
    let tasks = baselines
        .iter()
        .zip(&tasks)
        .map(|(baselines, task)| CensoredTime {
            task: baselines.task.clone(),
            succeeded: task.succeeded.len(),
            failed: task.failed.len(),
            estimate: task.estimate(ln_sd),
        })
        .collect();
    Ok(CensoredTimes {
        spread,
        ln_sd,
        tasks,
    })
}

/// ln minutes of a task's baselines.
struct LogTimes {
    succeeded: Vec<f64>,
    failed: Vec<f64>,
}

impl LogTimes {
    fn of(baselines: &Baselines) -> Result<Self, CensoredError> {
        let logs = |minutes: &[f64]| {
            let log = |&minutes: &f64| {
                let possible = minutes.is_finite() && minutes > 0.0;
                possible
                    .then(|| minutes.ln())
                    .ok_or_else(|| CensoredError::Minutes {
                        task: baselines.task.clone(),
                        minutes,
                    })
            };
            minutes.iter().map(log).collect::<Result<Vec<f64>, _>>()
        };
        Ok(Self {
            succeeded: logs(&baselines.succeeded_minutes)?,
            failed: logs(&baselines.failed_minutes)?,
        })
    }

    /// Mean of the successful ln times; there must be some.
    fn successful_mean(&self) -> f64 {
        self.succeeded.iter().sum::<f64>() / self.succeeded.len() as f64
    }

    /// The likeliest μ for a σ. There must be a success.
    fn likeliest_mean(&self, sd: f64) -> f64 {
        let low = self.successful_mean();
        if self.failed.is_empty() {
            return low;
        }
        // Failures only lengthen; and once μ is beyond them all, the hazard of each is below 1.
        let slope = |mean: f64| {
            let pull: f64 = self.succeeded.iter().map(|log| (log - mean) / sd).sum();
            pull + self
                .failed
                .iter()
                .map(|log| hazard((log - mean) / sd))
                .sum::<f64>()
        };
        let highest = self.failed.iter().copied().fold(low, f64::max);
        let failures_each = self.failed.len() as f64 / self.succeeded.len() as f64;
        let high = highest + failures_each * sd;
        bisect(low, high, slope)
    }

    /// Derivative of the log-likelihood by ln σ, at the likeliest μ.
    fn slope_by_ln_sd(&self, sd: f64) -> f64 {
        let mean = self.likeliest_mean(sd);
        let z = |log: &f64| (log - mean) / sd;
        let observed: f64 = self.succeeded.iter().map(|log| z(log).powi(2) - 1.0).sum();
        let censored: f64 = self.failed.iter().map(|log| z(log) * hazard(z(log))).sum();
        observed + censored
    }

    fn estimate(&self, sd: f64) -> CensoredEstimate {
        if self.succeeded.is_empty() {
            let longest = self.failed.iter().copied().reduce(f64::max);
            return longest.map_or(CensoredEstimate::NoBaselines, |log| {
                CensoredEstimate::AllCensored {
                    longest_minutes: log.exp(),
                }
            });
        }
        let (mean, plain) = (self.likeliest_mean(sd), self.successful_mean());
        CensoredEstimate::Found {
            minutes: mean.exp(),
            geometric_mean_minutes: plain.exp(),
            ratio: (mean - plain).exp(),
        }
    }
}

/// The σ where the likelihood, at its best in all μ, is greatest. Tasks without a success tell
/// nothing, as their μ may be anything.
fn likeliest_spread(tasks: &[LogTimes]) -> Result<f64, CensoredError> {
    let slope = |ln_sd: f64| -> f64 {
        tasks
            .iter()
            .filter(|task| !task.succeeded.is_empty())
            .map(|task| task.slope_by_ln_sd(ln_sd.exp()))
            .sum()
    };
    let (low, high) = (SPREADS.0.ln(), SPREADS.1.ln());
    if slope(low) <= 0.0 {
        return Err(CensoredError::NoSpread);
    }
    Ok(bisect(low, high, slope).exp())
}

/// Where a falling function crosses zero between two numbers, or the nearer end.
fn bisect(mut low: f64, mut high: f64, function: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..BISECTIONS {
        let middle = 0.5 * (low + high);
        if function(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Density over upper tail of the standard normal distribution.
fn hazard(z: f64) -> f64 {
    // Beyond this the tail nears the smallest numbers, and the asymptotic series is exact.
    const FAR: f64 = 25.0;
    if z > FAR {
        let square = z * z;
        return z / (1.0 - 1.0 / square + 3.0 / (square * square));
    }
    let density = (-0.5 * z * z).exp() / (2.0 * PI).sqrt();
    density / (0.5 * erfc(z * FRAC_1_SQRT_2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baselines(task: &str, succeeded: &[f64], failed: &[f64]) -> Baselines {
        Baselines {
            task: task.to_owned(),
            succeeded_minutes: succeeded.to_vec(),
            failed_minutes: failed.to_vec(),
        }
    }

    fn minutes(time: &CensoredTime) -> f64 {
        match time.estimate {
            CensoredEstimate::Found { minutes, .. } => minutes,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn without_failures_it_is_the_geometric_mean() {
        let tasks = [
            baselines("a", &[1.0, 4.0], &[]),
            baselines("b", &[10.0], &[]),
        ];
        let times = censored_times(&tasks, SpreadSource::MaximumLikelihood).unwrap();
        // Squares (ln 2)² twice, over three baselines.
        let expected = 2.0_f64.ln() * (2.0_f64 / 3.0).sqrt();
        assert!((times.ln_sd - expected).abs() < 1e-12, "{times:?}");
        assert!((minutes(&times.tasks[0]) - 2.0).abs() < 1e-12);
        assert!((minutes(&times.tasks[1]) - 10.0).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_told_has_a_name() {
        let likeliest = SpreadSource::MaximumLikelihood;
        let none = [baselines("a", &[], &[5.0, 9.0]), baselines("b", &[], &[])];
        assert_eq!(
            censored_times(&none, likeliest),
            Err(CensoredError::NoneSucceeded)
        );
        let short = [baselines("a", &[5.0], &[1.0]), none[0].clone()];
        assert_eq!(
            censored_times(&short, likeliest),
            Err(CensoredError::NoSpread)
        );
        let given = censored_times(
            &[short[0].clone(), none[0].clone(), none[1].clone()],
            SpreadSource::Fixed(0.8),
        )
        .unwrap();
        assert!(minutes(&given.tasks[0]) > 5.0);
        let CensoredEstimate::AllCensored { longest_minutes } = given.tasks[1].estimate else {
            panic!("{given:?}");
        };
        assert!((longest_minutes - 9.0).abs() < 1e-12);
        assert_eq!(given.tasks[2].estimate, CensoredEstimate::NoBaselines);
        assert_eq!(
            censored_times(&short, SpreadSource::Fixed(0.0)),
            Err(CensoredError::Spread(0.0))
        );
        assert!(matches!(
            censored_times(&[baselines("a", &[0.0], &[])], likeliest),
            Err(CensoredError::Minutes { .. })
        ));
    }

    #[test]
    fn the_hazard_is_smooth_where_its_formula_changes() {
        let (below, above) = (hazard(25.0 - 1e-9), hazard(25.0 + 1e-9));
        assert!((below / above - 1.0).abs() < 1e-6, "{below} {above}");
        assert!(hazard(-40.0) < 1e-300);
    }
}
