//! Fits of the shapes that are not linear in their parameters: from the best point of a grid by
//! Gauss–Newton steps.

use super::gauss_newton::{Local, minimise};
use super::growth::{Growth, Shape, softplus};
use super::shape_fit::{Frame, GrowthError, Raw, logs};
use crate::least_squares::Row;

impl Frame {
    /// The best hyperbola. With u the scaled time, its ln minutes are c − ln(last + exp(w) − u):
    /// a level c, and the logarithm w of the time from the last point to the singularity.
    pub(crate) fn hyperbolic(&self, points: &[(f64, f64)]) -> Result<Option<Raw>, GrowthError> {
        // From a thousandth of the span to a thousand of them, beyond which it is all but flat.
        const STEPS: u32 = 60;
        const FURTHEST: f64 = 1e3;
        let (times, logs) = (self.times(points), logs(points));
        let curve = |row: &Row| -> Vec<Local> {
            let ahead = row[1].exp();
            let local = |time| hyperbolic_local(row[0], ahead, self.last + ahead - time);
            times.iter().map(local).collect()
        };
        let ahead = |step: u32| FURTHEST.ln() * (f64::from(step) * 2.0 / f64::from(STEPS) - 1.0);
        let grid = (0..=STEPS).map(|step| [0.0, ahead(step), 0.0, 0.0]);
        let start = best_start(grid, &logs, curve);
        let Some(found) = minimise(start, 2, &logs, curve) else {
            return Ok(None);
        };
        let [level, ahead, ..] = found.parameters;
        if ahead >= FURTHEST.ln() {
            return Err(GrowthError::NoGrowth {
                shape: Shape::Hyperbolic,
            });
        }
        Ok(Some(Raw {
            growth: Growth::Hyperbolic {
                ln_minute_days: level + self.span_days.ln(),
                singular_day: self.day(self.last + ahead.exp()),
            },
            residual_squares: found.residual_squares,
            around: found.around,
        }))
    }

    /// The best logistic curve. Its ln minutes are c − ln(1 + exp(−exp(ρ)·(u − m))): the ceiling c,
    /// the logarithm ρ of the rate, and the midpoint m. `slope` is that of a line, in scaled time.
    pub(crate) fn logistic(
        &self,
        points: &[(f64, f64)],
        slope: f64,
    ) -> Result<Option<Raw>, GrowthError> {
        // Midpoints from the first point to two spans after the last, rates from half the line's
        // slope to 64 times it.
        const MIDPOINTS: u32 = 30;
        const RATES: u32 = 14;
        let (times, logs) = (self.times(points), logs(points));
        let curve = |row: &Row| -> Vec<Local> {
            let rate = row[1].exp();
            let local = |time| logistic_local(row[0], rate, time - row[2]);
            times.iter().map(local).collect()
        };
        let latest = self.last + 2.0;
        let midpoint =
            |step: u32| latest - 3.0 * f64::from(MIDPOINTS - step) / f64::from(MIDPOINTS);
        let rate = |step: u32| (slope * (f64::from(step) / 2.0 - 1.0).exp2()).ln();
        let grid = (0..=MIDPOINTS).flat_map(|middle| {
            (0..=RATES).map(move |step| [0.0, rate(step), midpoint(middle), 0.0])
        });
        let start = best_start(grid, &logs, curve);
        if start[2] >= latest {
            return Err(GrowthError::NoSaturation);
        }
        let Some(found) = minimise(start, 3, &logs, curve) else {
            return Ok(None);
        };
        let [ceiling, rate, midpoint, _] = found.parameters;
        if midpoint >= latest {
            return Err(GrowthError::NoSaturation);
        }
        Ok(Some(Raw {
            growth: Growth::Logistic {
                ln_ceiling_minutes: ceiling,
                rate_per_day: rate.exp() / self.span_days,
                midpoint_day: self.day(midpoint),
            },
            residual_squares: found.residual_squares,
            around: found.around,
        }))
    }
}

/// A hyperbola so long before its singularity, which comes `ahead` after the last point.
pub(crate) fn hyperbolic_local(level: f64, ahead: f64, distance: f64) -> Local {
    let row = [1.0, -ahead / distance, 0.0, 0.0];
    (level - distance.ln(), row)
}

/// A logistic curve so long after its midpoint.
pub(crate) fn logistic_local(ceiling: f64, rate: f64, after: f64) -> Local {
    let odds = rate * after;
    // Share of the ceiling that is still missing.
    let missing = 1.0 / (1.0 + odds.exp());
    let row = [1.0, odds * missing, -rate * missing, 0.0];
    (ceiling - softplus(-odds), row)
}

/// The point of a grid where a curve fits best, its level (the first parameter) being free.
fn best_start(
    grid: impl Iterator<Item = Row>,
    outcomes: &[f64],
    curve: impl Fn(&Row) -> Vec<Local>,
) -> Row {
    let leveled = |mut row: Row| {
        let rest: Vec<f64> = outcomes
            .iter()
            .zip(curve(&row))
            .map(|(outcome, (value, _))| outcome - value)
            .collect();
        let level = rest.iter().sum::<f64>() / rest.len() as f64;
        row[0] = level;
        let squares: f64 = rest.iter().map(|rest| (rest - level).powi(2)).sum();
        (row, squares)
    };
    grid.map(leveled)
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(row, _)| row)
        .unwrap_or_default()
}
