//! Least-squares fits of every shape.

use serde::Serialize;
use thiserror::Error;

use super::growth::{Growth, Shape};
use super::leaders::TrendError;
use super::line::Line;
use super::nonlinear::{hyperbolic_local, logistic_local};
use super::predictive::Predictive;
use crate::least_squares::{Row, Solution, solve};

/// Why a shape could not be fitted.
#[derive(Debug, Clone, PartialEq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GrowthError {
    /// There is not even a line.
    #[error(transparent)]
    Trend(#[from] TrendError),
    /// A shape needs more points than it has parameters, or it fits anything.
    #[error(
        "{} growth has {} parameters and needs more points than that, and {found} remain; widen \
         the window, add agents or ask for a simpler shape", .shape.name(), .shape.parameters()
    )]
    TooFewPoints {
        /// The shape.
        shape: Shape,
        /// How many points there are.
        found: usize,
    },
    /// Horizons do not grow, which the shape presumes.
    #[error("horizons do not grow, and {} growth presumes that they do", .shape.name())]
    NoGrowth {
        /// The shape.
        shape: Shape,
    },
    /// The best logistic curve is an exponential: its ceiling lies out of sight.
    #[error("horizons show no saturation: the best logistic curve is an exponential")]
    NoSaturation,
    /// Points that leave a parameter open, such as a break without two days on either side.
    #[error("the points do not determine {} growth; ask for a simpler shape", .shape.name())]
    Undetermined {
        /// The shape.
        shape: Shape,
    },
}

/// A fitted curve with its scatter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GrowthFit {
    /// The curve.
    pub growth: Growth,
    /// Points that it was fitted to.
    pub points: usize,
    /// Parameters that were chosen.
    pub parameters: usize,
    /// √(sum of squares / (points − parameters)): scatter of ln minutes around the curve.
    pub residual_sd: f64,
    /// Share of the variance of ln minutes that the curve explains; absent where there is none.
    pub r_squared: Option<f64>,
    #[serde(skip)]
    frame: Frame,
    #[serde(skip)]
    around: Solution,
}

/// Time as fits see it: measured from the mean day, in units of the span, so that parameters are
/// near one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Frame {
    mean_day: f64,
    pub(crate) span_days: f64,
    /// Scaled time of the last point.
    pub(crate) last: f64,
}

/// A curve in scaled time, before it is told in days.
pub(crate) struct Raw {
    pub(crate) growth: Growth,
    pub(crate) residual_squares: f64,
    pub(crate) around: Solution,
}

/// Fits a shape to points of day and ln minutes by least squares.
///
/// - A piecewise line breaks on one of the days of the points that has two others on either side.
/// - Hyperbolic and logistic curves are found from the best point of a grid by Gauss–Newton steps.
///
/// # Errors
/// As many parameters as points or more, points on one day, or a shape that the points do not
/// determine.
pub fn fit_growth(points: &[(f64, f64)], shape: Shape) -> Result<GrowthFit, GrowthError> {
    let found = points.len();
    if found <= shape.parameters() {
        return Err(GrowthError::TooFewPoints { shape, found });
    }
    let line = Line::through(points)?;
    let frame = Frame::of(points);
    let raw = match shape {
        Shape::Exponential => frame.linear(points, 2).map(|around| Raw {
            growth: Growth::Exponential(line),
            residual_squares: around.residual_squares,
            around,
        }),
        Shape::Quadratic => frame
            .linear(points, 3)
            .map(|around| frame.quadratic(around)),
        Shape::Piecewise => frame.piecewise(points),
        Shape::Hyperbolic | Shape::Logistic if line.slope_per_day <= 0.0 => {
            return Err(GrowthError::NoGrowth { shape });
        }
        Shape::Hyperbolic => frame.hyperbolic(points)?,
        Shape::Logistic => frame.logistic(points, line.slope_per_day * frame.span_days)?,
    };
    let raw = raw.ok_or(GrowthError::Undetermined { shape })?;
    let mean = points.iter().map(|point| point.1).sum::<f64>() / found as f64;
    let total: f64 = points.iter().map(|point| (point.1 - mean).powi(2)).sum();
    let freedom = (found - shape.parameters()) as f64;
    Ok(GrowthFit {
        growth: raw.growth,
        points: found,
        parameters: shape.parameters(),
        residual_sd: (raw.residual_squares / freedom).sqrt(),
        r_squared: (total > 0.0).then(|| 1.0 - raw.residual_squares / total),
        frame,
        around: raw.around,
    })
}

impl GrowthFit {
    /// What is known of the ln minutes of a further agent on a day: Student's t with n − p degrees
    /// of freedom around the curve, scaled by s·√(1 + h). s is the residual standard deviation, h
    /// = g(XᵀX)⁻¹gᵀ the leverage of the day, g the curve's derivatives by its parameters there and
    /// X those at the points: exact for a line with normal residuals, and the first order of the
    /// delta method for the others. A break counts as a parameter, but its leverage does not.
    ///
    /// `None` from a singularity on.
    #[must_use]
    pub fn predictive(&self, day: f64) -> Option<Predictive> {
        let ln_minutes = self.growth.ln_minutes(day)?;
        let freedom = self.points - self.parameters;
        Predictive::new(vec![ln_minutes], self.prediction_sd(day), freedom)
    }

    /// s·√(1 + h), see [`Self::predictive`].
    pub(crate) fn prediction_sd(&self, day: f64) -> f64 {
        let row = self.frame.derivatives(&self.growth, day);
        self.residual_sd * (1.0 + self.around.leverage(&row)).sqrt()
    }
}

impl Frame {
    fn of(points: &[(f64, f64)]) -> Self {
        let days = || points.iter().map(|point| point.0);
        let mean_day = days().sum::<f64>() / points.len() as f64;
        let first = days().fold(f64::INFINITY, f64::min);
        let last = days().fold(f64::NEG_INFINITY, f64::max);
        let span_days = last - first;
        Self {
            mean_day,
            span_days,
            last: (last - mean_day) / span_days,
        }
    }

    fn time(&self, day: f64) -> f64 {
        (day - self.mean_day) / self.span_days
    }

    pub(crate) fn day(&self, time: f64) -> f64 {
        self.mean_day + time * self.span_days
    }

    pub(crate) fn times(&self, points: &[(f64, f64)]) -> Vec<f64> {
        points.iter().map(|point| self.time(point.0)).collect()
    }

    /// A polynomial with so many terms.
    fn linear(&self, points: &[(f64, f64)], terms: usize) -> Option<Solution> {
        let rows: Vec<Row> = self.times(points).into_iter().map(power_row).collect();
        solve(&rows, &logs(points), terms)
    }

    fn quadratic(&self, around: Solution) -> Raw {
        let [level, slope, curvature, _] = around.coefficients;
        Raw {
            growth: Growth::Quadratic {
                origin_day: self.mean_day,
                ln_minutes: level,
                slope_per_day: slope / self.span_days,
                curvature_per_day_squared: curvature / self.span_days.powi(2),
            },
            residual_squares: around.residual_squares,
            around,
        }
    }

    /// The best of all breaks on days with two others on either side.
    fn piecewise(&self, points: &[(f64, f64)]) -> Option<Raw> {
        let times = self.times(points);
        let mut distinct = times.clone();
        distinct.sort_by(f64::total_cmp);
        distinct.dedup();
        let breaks = distinct.get(2..distinct.len().saturating_sub(2))?;
        let at = |&bend: &f64| {
            let rows: Vec<Row> = times.iter().map(|&time| bent_row(time, bend)).collect();
            Some((bend, solve(&rows, &logs(points), 3)?))
        };
        let (bend, around) = breaks
            .iter()
            .filter_map(at)
            .min_by(|a, b| a.1.residual_squares.total_cmp(&b.1.residual_squares))?;
        let [level, slope, change, _] = around.coefficients;
        Some(Raw {
            growth: Growth::Piecewise {
                break_day: self.day(bend),
                ln_minutes_at_break: level,
                slope_before_per_day: slope / self.span_days,
                slope_after_per_day: (slope + change) / self.span_days,
            },
            residual_squares: around.residual_squares,
            around,
        })
    }

    /// Derivatives of a curve on a day by its parameters, in scaled time.
    fn derivatives(&self, growth: &Growth, day: f64) -> Row {
        let time = self.time(day);
        match *growth {
            Growth::Exponential(_) => [1.0, time, 0.0, 0.0],
            Growth::Quadratic { .. } => power_row(time),
            Growth::Piecewise { break_day, .. } => bent_row(time, self.time(break_day)),
            Growth::Hyperbolic { singular_day, .. } => {
                let singular = self.time(singular_day);
                hyperbolic_local(0.0, singular - self.last, singular - time).1
            }
            Growth::Logistic {
                rate_per_day,
                midpoint_day,
                ..
            } => {
                let rate = rate_per_day * self.span_days;
                logistic_local(0.0, rate, time - self.time(midpoint_day)).1
            }
        }
    }
}

pub(crate) fn logs(points: &[(f64, f64)]) -> Vec<f64> {
    points.iter().map(|point| point.1).collect()
}

fn power_row(time: f64) -> Row {
    [1.0, time, time * time, 0.0]
}

fn bent_row(time: f64, bend: f64) -> Row {
    [1.0, time - bend, (time - bend).max(0.0), 0.0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trend::Arrival;
    use proptest::prelude::*;

    /// Growth that quickens.
    const RISING: [(f64, f64); 11] = [
        (17_941.0, -3.2),
        (18_410.0, -1.9),
        (19_066.0, -0.5),
        (19_430.0, 1.6),
        (19_667.0, 1.7),
        (19_856.0, 2.2),
        (19_894.0, 2.9),
        (19_978.0, 3.4),
        (20_018.0, 3.3),
        (20_062.0, 3.7),
        (20_143.0, 4.1),
    ];
    /// Growth that levels off.
    const SATURATING: [(f64, f64); 8] = [
        (18_000.0, -1.0),
        (18_400.0, 0.3),
        (18_900.0, 1.4),
        (19_300.0, 2.6),
        (19_600.0, 3.1),
        (19_900.0, 3.3),
        (20_100.0, 3.75),
        (20_300.0, 3.6),
    ];

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found - expected).abs() <= tolerance * expected.abs(),
            "{found}, but {expected}"
        );
    }

    // The expected figures of this test come from statsmodels' OLS (the sums of squares, and
    // obs_ci_upper − mean divided by the t quantile), with a loop over breaks for the piecewise
    // line, and from scipy.optimize.least_squares with xtol = ftol = gtol = 1e-15 from many starts.
    #[test]
    fn fits_agree_with_scipy_and_statsmodels() {
        let line = fit_growth(&RISING, Shape::Exponential).unwrap();
        close(line.residual_sd, 0.395_236_726_213_049_94, 1e-9);
        // statrs has t quantiles to about 1e-9; t(0.975, 9) is 2.262157163.
        close(
            line.prediction_sd(20_500.0) * 2.262_157_162_740_992,
            5.862_989_24 - 4.851_801_21,
            1e-7,
        );

        let parabola = fit_growth(&RISING, Shape::Quadratic).unwrap();
        close(parabola.residual_sd, 0.321_710_848_065_800_1, 1e-9);
        let Growth::Quadratic {
            slope_per_day,
            curvature_per_day_squared,
            ..
        } = parabola.growth
        else {
            panic!("{parabola:?}");
        };
        close(slope_per_day, 3.744_928_68e-3, 1e-8);
        close(curvature_per_day_squared, 5.905_504_04e-7, 1e-8);
        close(
            parabola.prediction_sd(20_500.0) * 2.306_004_135_204_166,
            6.772_917_77 - 5.636_787_96,
            1e-7,
        );

        let bent = fit_growth(&RISING, Shape::Piecewise).unwrap();
        close(bent.residual_sd, 0.323_869_333_038_865_06, 1e-9);
        let Growth::Piecewise {
            break_day,
            slope_before_per_day,
            slope_after_per_day,
            ..
        } = bent.growth
        else {
            panic!("{bent:?}");
        };
        close(break_day, 19_856.0, 1e-12);
        close(slope_before_per_day, 0.002_997_08, 1e-5);
        close(slope_after_per_day, 0.002_997_08 + 0.003_156_68, 1e-5);

        let hyperbola = fit_growth(&RISING, Shape::Hyperbolic).unwrap();
        close(hyperbola.residual_sd, 1.416_273_124_660_761_2, 1e-9);
        let Growth::Hyperbolic {
            ln_minute_days,
            singular_day,
        } = hyperbola.growth
        else {
            panic!("{hyperbola:?}");
        };
        close(ln_minute_days, 7.374_302_71, 1e-8);
        close(singular_day, 20_159.740_109_384_12, 1e-9);
        assert_eq!(hyperbola.predictive(20_160.0), None);

        let logistic = fit_growth(&SATURATING, Shape::Logistic).unwrap();
        close(
            logistic.residual_sd.powi(2) * 5.0,
            0.099_466_442_459_522,
            1e-9,
        );
        close(logistic.prediction_sd(20_700.0), 0.186_123_018_22, 1e-5);
        let Growth::Logistic {
            ln_ceiling_minutes,
            rate_per_day,
            midpoint_day,
        } = logistic.growth
        else {
            panic!("{logistic:?}");
        };
        close(ln_ceiling_minutes, 3.814_236_967_6, 1e-6);
        close(rate_per_day, 0.002_912_287_472, 1e-5);
        close(midpoint_day, 19_637.392_377, 1e-6);
        let Arrival::Day(day) = logistic.growth.arrival(3.7_f64.exp()) else {
            panic!("{logistic:?}");
        };
        close(day, 20_362.533_067, 1e-5);
    }

    #[test]
    fn what_does_not_fit_has_a_name() {
        let fit = |points: &[(f64, f64)], shape| fit_growth(points, shape).unwrap_err();
        for shape in Shape::ALL {
            let found = shape.parameters();
            let too_few = GrowthError::TooFewPoints { shape, found };
            assert_eq!(fit(&RISING[..found], shape), too_few);
            assert!(matches!(
                fit(&[(1.0, 1.0); 9], shape),
                GrowthError::Trend(TrendError::OneDay { .. })
            ));
        }
        assert_eq!(fit(&RISING, Shape::Logistic), GrowthError::NoSaturation);
        let falling = RISING.map(|(day, log)| (day, -log));
        for shape in [Shape::Logistic, Shape::Hyperbolic] {
            assert_eq!(fit(&falling, shape), GrowthError::NoGrowth { shape });
        }
        // Four days leave no room for two on either side of a break, nor two for a parabola.
        let days = [1.0, 1.0, 2.0, 2.0, 3.0, 4.0].map(|day| (day, day * day));
        let undetermined = |shape| GrowthError::Undetermined { shape };
        assert_eq!(fit(&days, Shape::Piecewise), undetermined(Shape::Piecewise));
        assert_eq!(
            fit(&days[..4], Shape::Quadratic),
            undetermined(Shape::Quadratic)
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn no_points_break_a_fit(
            points in prop::collection::vec((17_000.0..21_000.0_f64, -7.0..9.0_f64), 0..12),
        ) {
            let line = fit_growth(&points, Shape::Exponential);
            for shape in Shape::ALL {
                let Ok(fit) = fit_growth(&points, shape) else { continue };
                prop_assert!(fit.residual_sd.is_finite() && fit.prediction_sd(22_000.0) >= 0.0);
                // Shapes that hold the line as a special case fit at least as well.
                let line = line.as_ref().unwrap();
                let squares = |fit: &GrowthFit| {
                    fit.residual_sd.powi(2) * (fit.points - fit.parameters) as f64
                };
                if !matches!(shape, Shape::Hyperbolic) {
                    prop_assert!(squares(&fit) <= squares(line) * (1.0 + 1e-6) + 1e-9, "{fit:?}");
                }
            }
        }

        #[test]
        fn days_may_be_counted_from_anywhere(shift in -15_000.0..15_000.0_f64) {
            for shape in [Shape::Exponential, Shape::Quadratic, Shape::Piecewise, Shape::Hyperbolic] {
                let here = fit_growth(&RISING, shape).unwrap();
                let there = fit_growth(&RISING.map(|(day, log)| (day + shift, log)), shape).unwrap();
                prop_assert!((here.residual_sd - there.residual_sd).abs() < 1e-8);
                let on = |fit: &GrowthFit, day| fit.growth.ln_minutes(day).unwrap();
                let difference = on(&here, 20_150.0) - on(&there, 20_150.0 + shift);
                prop_assert!(difference.abs() < 1e-5, "{shape:?} {difference}");
            }
        }
    }
}
