//! What a shape of growth says of days to come.

use rayon::prelude::*;
use serde::Serialize;

use super::growth::{Arrival, Growth, Shape};
use super::leaders::{Leaders, Point, Release, ShortHorizons, Window};
use super::predictive::Predictive;
use super::shape_fit::{GrowthError, GrowthFit, fit_growth};
use crate::horizon::Horizon;
use crate::quantile::{HorizonInterval, interval_ends, quantile};

/// A shape fitted to the leading agents and to each of their bootstrap replicates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Forecast {
    /// The window that was asked for.
    pub window: Window,
    /// How short horizons were treated.
    pub short_horizons: ShortHorizons,
    /// The shape.
    pub shape: Shape,
    /// Leading agents that the curve runs through, by day and name.
    pub points: Vec<Point>,
    /// Leading agents that it leaves out, since their horizon is too short or infinite.
    pub left_out: Vec<String>,
    /// The curve.
    pub fit: GrowthFit,
    /// Replicates to which the shape could be fitted.
    pub refitted: usize,
    /// Replicates to which it could not.
    pub missing: usize,
    /// The replicates' curves.
    #[serde(skip)]
    pub replicates: Vec<Growth>,
}

/// What is to be expected of an agent that leads when it comes out on a given day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Prediction {
    /// The day, from 1970-01-01.
    pub day: f64,
    /// What the curve says.
    pub horizon: Horizon,
    /// Percentile interval of the replicates' curves: how well the curve is known as far as it
    /// depends on tasks and runs. Absent without replicates.
    pub curve_interval: Option<HorizonInterval>,
    /// Interval for the horizon of one agent, see [`Forecast::predictive`]. Absent from a
    /// singularity on.
    pub prediction_interval: Option<HorizonInterval>,
}

/// When the curve, not some agent, rises through a target.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Milestone {
    /// The shape.
    pub shape: Shape,
    /// The target in human minutes.
    pub target_minutes: f64,
    /// When the curve reaches it.
    pub arrival: Arrival,
    /// Percentile interval of the replicates' arrivals; absent without replicates.
    pub interval: Option<ArrivalInterval>,
    /// Replicates that reach it on some day.
    pub reached: usize,
    /// Replicates that never do. They count in the interval, as later than any other.
    pub never: usize,
    /// Replicates that lie above it on all days. They count in the interval, as earliest.
    pub always: usize,
    /// Replicates without a curve.
    pub missing: usize,
}

/// An interval of arrivals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ArrivalInterval {
    /// Lower end.
    pub low: Arrival,
    /// Median.
    pub median: Arrival,
    /// Upper end.
    pub high: Arrival,
}

/// Fits a shape to the agents that lead in a window, and to every replicate of the same agents.
///
/// # Errors
/// A release day that is no number, or points that do not determine the shape.
pub fn forecast(
    releases: &[Release],
    window: Window,
    short_horizons: ShortHorizons,
    shape: Shape,
) -> Result<Forecast, GrowthError> {
    let leaders = Leaders::of(releases, window, short_horizons)?;
    let points: Vec<(f64, f64)> = leaders.points.iter().map(Point::pair).collect();
    let fit = fit_growth(&points, shape)?;
    let count = leaders.replicates();
    let replicates: Vec<Growth> = (0..count)
        .into_par_iter()
        .filter_map(|index| fit_growth(&leaders.replicate(index), shape).ok())
        .map(|fit| fit.growth)
        .collect();
    Ok(Forecast {
        window,
        short_horizons,
        shape,
        points: leaders.points,
        left_out: leaders.left_out,
        fit,
        refitted: replicates.len(),
        missing: count - replicates.len(),
        replicates,
    })
}

impl Forecast {
    /// What is known of the ln minutes of an agent that leads when it comes out on a day.
    ///
    /// Around the curve of every replicate, all equally likely, lies Student's t with n − p
    /// degrees of freedom, scaled by s·√(1 + h) as in [`GrowthFit::predictive`]; without
    /// replicates, around the fitted curve. So both kinds of error count: agents scatter around
    /// the curve, by their nature and by the noise that each has of its own, and other tasks would
    /// shift them all together, which no scatter shows. The noise of single agents moves the
    /// replicates too and is counted twice, which makes the interval somewhat wide.
    ///
    /// `None` from the singularity of the fitted curve on.
    #[must_use]
    pub fn predictive(&self, day: f64) -> Option<Predictive> {
        if self.replicates.is_empty() {
            return self.fit.predictive(day);
        }
        self.fit.growth.ln_minutes(day)?;
        let freedom = self.fit.points - self.fit.parameters;
        Predictive::new(self.centres(day), self.fit.prediction_sd(day), freedom)
    }

    /// Horizons on given days, of the curve and of an agent that leads then.
    #[must_use]
    pub fn predict(&self, days: &[f64]) -> Vec<Prediction> {
        let on = |&day: &f64| {
            let mut minutes: Vec<f64> = self.centres(day).into_iter().map(f64::exp).collect();
            minutes.sort_by(f64::total_cmp);
            Prediction {
                day,
                horizon: self.fit.growth.horizon(day),
                curve_interval: HorizonInterval::of_sorted_minutes(&minutes),
                prediction_interval: self.predictive(day).as_ref().map(Predictive::interval),
            }
        };
        days.iter().map(on).collect()
    }

    /// When the curve rises through a target, such as [`super::ONE_MONTH_MINUTES`].
    #[must_use]
    pub fn milestone(&self, target_minutes: f64) -> Milestone {
        let arrivals = self
            .replicates
            .iter()
            .map(|growth| growth.arrival(target_minutes));
        let spread = ArrivalSpread::of(arrivals);
        let (low, high) = interval_ends();
        Milestone {
            shape: self.shape,
            target_minutes,
            arrival: self.fit.growth.arrival(target_minutes),
            interval: spread.interval(low, high),
            reached: spread.reached(),
            never: spread.never,
            always: spread.always,
            missing: self.missing,
        }
    }

    /// ln minutes of the replicates on a day, infinite from their singularities on.
    fn centres(&self, day: f64) -> Vec<f64> {
        let centre = |growth: &Growth| growth.ln_minutes(day).unwrap_or(f64::INFINITY);
        self.replicates.iter().map(centre).collect()
    }
}

/// Arrivals of many curves, in order.
pub(crate) struct ArrivalSpread {
    sorted: Vec<f64>,
    pub(crate) never: usize,
    pub(crate) always: usize,
}

impl ArrivalSpread {
    pub(crate) fn of(arrivals: impl Iterator<Item = Arrival>) -> Self {
        let mut sorted: Vec<f64> = arrivals.map(Arrival::order).collect();
        sorted.sort_by(f64::total_cmp);
        let is = |which: f64| sorted.iter().filter(|&&day| day == which).count();
        Self {
            never: is(f64::INFINITY),
            always: is(f64::NEG_INFINITY),
            sorted,
        }
    }

    pub(crate) fn reached(&self) -> usize {
        self.sorted.len() - self.never - self.always
    }

    /// Quantiles of all arrivals; a quantile next to one that is never reached is never reached.
    pub(crate) fn interval(&self, low: f64, high: f64) -> Option<ArrivalInterval> {
        let end = |share| quantile(&self.sorted, share).map(Arrival::from_order);
        Some(ArrivalInterval {
            low: end(low)?,
            median: end(0.5)?,
            high: end(high)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(day: f64, ln_minutes: f64, shifts: &[f64]) -> Release {
        let minutes = |shift: &f64| Some((ln_minutes + shift).exp());
        Release {
            agent: format!("on {day}"),
            day,
            horizon: Horizon::from_minutes(ln_minutes.exp()),
            replicates_minutes: shifts.iter().map(minutes).collect(),
        }
    }

    fn releases(shifts: &[f64]) -> Vec<Release> {
        [
            (0.0, 0.1),
            (100.0, 0.9),
            (200.0, 2.1),
            (300.0, 2.9),
            (400.0, 4.0),
        ]
        .map(|(day, ln_minutes)| release(day, ln_minutes, shifts))
        .to_vec()
    }

    fn of(shifts: &[f64]) -> Forecast {
        let (window, short) = (Window::default(), ShortHorizons::LeaveOut);
        forecast(&releases(shifts), window, short, Shape::Exponential).unwrap()
    }

    fn ln(horizon: Horizon) -> f64 {
        horizon.minutes().unwrap().ln()
    }

    #[test]
    fn a_line_predicts_as_the_textbook_says() {
        // statsmodels, OLS(...).get_prediction([[1, 600]]).summary_frame(alpha=0.05): mean,
        // obs_ci_lower, obs_ci_upper.
        let prediction = of(&[]).predict(&[600.0])[0];
        assert!((ln(prediction.horizon) - 5.92).abs() < 1e-8);
        let interval = prediction.prediction_interval.unwrap();
        assert!(
            (ln(interval.low) - 5.336_647_956_44).abs() < 1e-7,
            "{interval:?}"
        );
        assert!(
            (ln(interval.high) - 6.503_352_043_56).abs() < 1e-7,
            "{interval:?}"
        );
        assert_eq!(prediction.curve_interval, None);
    }

    #[test]
    fn shifts_of_all_agents_together_widen_the_prediction() {
        let still = of(&[0.0, 0.0, 0.0]).predict(&[600.0])[0];
        let alone = of(&[]).predict(&[600.0])[0];
        let (a, b) = (
            still.prediction_interval.unwrap(),
            alone.prediction_interval.unwrap(),
        );
        assert!((ln(a.low) - ln(b.low)).abs() < 1e-9 && (ln(a.high) - ln(b.high)).abs() < 1e-9);
        let shifted = of(&[-1.0, 0.0, 1.0]).predict(&[600.0])[0];
        let wide = shifted.prediction_interval.unwrap();
        assert!(ln(wide.low) < ln(a.low) - 0.7 && ln(wide.high) > ln(a.high) + 0.7);
        let curve = shifted.curve_interval.unwrap();
        assert!(ln(curve.low) > ln(wide.low) && ln(curve.high) < ln(wide.high));
    }

    #[test]
    fn never_reached_is_counted_and_named() {
        let mut releases = releases(&[]);
        for (index, release) in releases.iter_mut().enumerate() {
            let falling = 3.0 - index as f64;
            release.replicates_minutes =
                vec![Some((index as f64).exp()), Some(falling.exp()), None];
        }
        let (window, short) = (Window::default(), ShortHorizons::LeaveOut);
        let found = forecast(&releases, window, short, Shape::Exponential).unwrap();
        let milestone = found.milestone(10.0_f64.exp());
        assert_eq!(
            (
                milestone.reached,
                milestone.never,
                milestone.always,
                milestone.missing
            ),
            (1, 1, 0, 1)
        );
        let interval = milestone.interval.unwrap();
        assert_eq!(interval.high, Arrival::Never);
        let Arrival::Day(day) = milestone.arrival else {
            panic!("{milestone:?}");
        };
        assert!((found.fit.growth.ln_minutes(day).unwrap() - 10.0).abs() < 1e-9);
        let json = serde_json::to_string(&milestone).unwrap();
        assert!(json.contains(r#""high":"never""#), "{json}");
    }
}
