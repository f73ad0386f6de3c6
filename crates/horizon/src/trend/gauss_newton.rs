//! Least squares for curves that are not linear in their parameters.

use crate::least_squares::{MAX_PARAMETERS, Row, Solution, solve};

const MAX_ITERATIONS: usize = 200;
const MAX_HALVINGS: usize = 40;
/// A step this small, relative to the parameters, ends the search.
const STEP_TOLERANCE: f64 = 1e-9;

/// What a curve says at one point: its value, and its derivatives by the parameters.
pub(crate) type Local = (f64, Row);

/// A minimum, with the linear problem around it.
pub(crate) struct Minimum {
    pub(crate) parameters: Row,
    pub(crate) residual_squares: f64,
    pub(crate) around: Solution,
}

/// Gauss–Newton steps, halved until the sum of squares falls, from a start near the minimum.
/// `None` where the points do not determine the parameters or no minimum is found.
pub(crate) fn minimise(
    start: Row,
    parameters: usize,
    outcomes: &[f64],
    curve: impl Fn(&Row) -> Vec<Local>,
) -> Option<Minimum> {
    let residuals = |locals: &[Local]| -> Vec<f64> {
        let values = locals.iter().map(|local| local.0);
        outcomes
            .iter()
            .zip(values)
            .map(|(y, value)| y - value)
            .collect()
    };
    let squares = |residuals: &[f64]| residuals.iter().map(|r| r * r).sum::<f64>();
    let mut here = start;
    for _ in 0..MAX_ITERATIONS {
        let locals = curve(&here);
        let rows: Vec<Row> = locals.iter().map(|local| local.1).collect();
        let rest = residuals(&locals);
        let now = squares(&rest);
        let around = solve(&rows, &rest, parameters)?;
        let step = around.coefficients;
        let length = |row: &Row| row.iter().map(|value| value * value).sum::<f64>().sqrt();
        let small = length(&step) <= STEP_TOLERANCE * (1.0 + length(&here));
        let halved = |halvings: usize| {
            let share = 0.5_f64.powi(i32::try_from(halvings).unwrap_or(i32::MAX));
            let mut there = here;
            for index in 0..MAX_PARAMETERS {
                there[index] += share * step[index];
            }
            there
        };
        let better = (0..MAX_HALVINGS)
            .map(halved)
            .find(|there| squares(&residuals(&curve(there))) < now);
        match better {
            Some(there) if !small => here = there,
            // Where rounding alone keeps the sum from falling, this is the minimum.
            _ if small || around_is_flat(&around, now) => {
                return Some(Minimum {
                    parameters: here,
                    residual_squares: now,
                    around,
                });
            }
            _ => return None,
        }
    }
    None
}

/// Whether the linear problem promises a decrease that rounding would hide.
fn around_is_flat(around: &Solution, squares: f64) -> bool {
    squares - around.residual_squares <= 1e-12 * squares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exponential_is_found_and_a_ridge_refused() {
        let days = [0.0, 1.0, 2.0, 3.0, 4.0_f64];
        let outcomes = days.map(|day| 2.0 * (0.3 * day).exp() + 0.01 * (day * 9.0).sin());
        let curve = |row: &Row| -> Vec<Local> {
            days.iter()
                .map(|day| {
                    let e = (row[1] * day).exp();
                    (row[0] * e, [e, row[0] * day * e, 0.0, 0.0])
                })
                .collect()
        };
        let found = minimise([1.0, 0.0, 0.0, 0.0], 2, &outcomes, curve).unwrap();
        // The derivatives vanish at the minimum.
        let locals = curve(&found.parameters);
        for column in 0..2 {
            let slope: f64 = locals
                .iter()
                .zip(&outcomes)
                .map(|((value, row), y)| (y - value) * row[column])
                .sum();
            assert!(slope.abs() < 1e-8, "{slope}");
        }
        let ridge = |row: &Row| vec![(row[0] + row[1], [1.0, 1.0, 0.0, 0.0]); 5];
        assert!(minimise([0.0; 4], 2, &outcomes, ridge).is_none());
    }
}
