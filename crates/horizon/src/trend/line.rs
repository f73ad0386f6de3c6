//! A straight line of ln minutes against days: exponential growth.

use std::f64::consts::LN_2;

use serde::Serialize;

use super::leaders::TrendError;
use crate::horizon::Horizon;

/// A straight line of ln minutes against days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Line {
    /// Growth of ln minutes per day.
    pub slope_per_day: f64,
    /// ln minutes on 1970-01-01.
    pub intercept: f64,
    /// Share of the variance of ln minutes that the line explains; absent where there is none
    /// to explain.
    pub r_squared: Option<f64>,
}

impl Line {
    /// Least squares through points of day and ln minutes.
    ///
    /// # Errors
    /// Fewer than two points, or all on one day.
    pub fn through(points: &[(f64, f64)]) -> Result<Self, TrendError> {
        let count = points.len();
        if count < 2 {
            return Err(TrendError::TooFewPoints { found: count });
        }
        let mean_day = points.iter().map(|point| point.0).sum::<f64>() / count as f64;
        let mean_log = points.iter().map(|point| point.1).sum::<f64>() / count as f64;
        let sum = |term: fn(f64, f64) -> f64| -> f64 {
            points
                .iter()
                .map(|&(day, log)| term(day - mean_day, log - mean_log))
                .sum()
        };
        let (days, both, logs) = (sum(|d, _| d * d), sum(|d, l| d * l), sum(|_, l| l * l));
        if days <= 0.0 {
            return Err(TrendError::OneDay { points: count });
        }
        let slope = both / days;
        Ok(Self {
            slope_per_day: slope,
            intercept: mean_log - slope * mean_day,
            r_squared: (logs > 0.0).then(|| both * both / (days * logs)),
        })
    }

    /// The horizon on a day, from 1970-01-01.
    #[must_use]
    pub fn horizon(&self, day: f64) -> Horizon {
        Horizon::from_minutes(self.ln_minutes(day).exp())
    }

    /// Days in which the horizon doubles; `None` where it does not grow.
    #[must_use]
    pub fn doubling_days(&self) -> Option<f64> {
        let days = LN_2 / self.slope_per_day;
        (self.slope_per_day > 0.0 && days.is_finite()).then_some(days)
    }

    /// ln minutes on a day, from 1970-01-01.
    #[must_use]
    pub fn ln_minutes(&self, day: f64) -> f64 {
        self.slope_per_day * day + self.intercept
    }
}
