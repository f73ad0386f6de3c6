//! Linear least squares with a handful of parameters, by orthogonalisation.

/// The most parameters that a problem here has.
pub(crate) const MAX_PARAMETERS: usize = 4;

/// Values of the regressors at one point; those beyond the number of parameters are zero.
pub(crate) type Row = [f64; MAX_PARAMETERS];

/// A column whose part that the others do not explain is smaller than this, relative to the
/// column, is explained by them.
const RANK_TOLERANCE: f64 = 1e-9;

/// The minimum of Σ (y − row · coefficients)².
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Solution {
    /// One for each parameter; zero beyond their number.
    pub(crate) coefficients: Row,
    /// The sum of squares at the minimum.
    pub(crate) residual_squares: f64,
    /// R of the decomposition X = QR, upper triangular.
    triangle: [Row; MAX_PARAMETERS],
    parameters: usize,
}

/// Solves for as many parameters as asked for, at most [`MAX_PARAMETERS`]; `None` where the
/// points do not determine them.
///
/// Modified Gram–Schmidt, with the outcome as a last column: as accurate as Householder's
/// reflections (Björck 1967), and short.
pub(crate) fn solve(rows: &[Row], outcomes: &[f64], parameters: usize) -> Option<Solution> {
    if rows.len() < parameters || parameters > MAX_PARAMETERS || rows.len() != outcomes.len() {
        return None;
    }
    let mut columns: Vec<Vec<f64>> = (0..parameters)
        .map(|column| rows.iter().map(|row| row[column]).collect())
        .collect();
    let mut rest = outcomes.to_vec();
    let mut triangle = [[0.0; MAX_PARAMETERS]; MAX_PARAMETERS];
    let mut rotated = [0.0; MAX_PARAMETERS];
    let lengths: Vec<f64> = columns.iter().map(|column| norm(column)).collect();
    for index in 0..parameters {
        let (done, later) = columns.split_at_mut(index + 1);
        let unit = &mut done[index];
        let length = norm(unit);
        if !length.is_finite() || length <= RANK_TOLERANCE * lengths[index] {
            return None;
        }
        unit.iter_mut().for_each(|value| *value /= length);
        triangle[index][index] = length;
        for (offset, column) in later.iter_mut().enumerate() {
            triangle[index][index + 1 + offset] = take_out(unit, column);
        }
        rotated[index] = take_out(unit, &mut rest);
    }
    let mut coefficients = [0.0; MAX_PARAMETERS];
    for index in (0..parameters).rev() {
        let known: f64 = (index + 1..parameters)
            .map(|later| triangle[index][later] * coefficients[later])
            .sum();
        coefficients[index] = (rotated[index] - known) / triangle[index][index];
    }
    let residual_squares = rest.iter().map(|value| value * value).sum();
    let finite = coefficients.iter().all(|value| value.is_finite());
    finite.then_some(Solution {
        coefficients,
        residual_squares,
        triangle,
        parameters,
    })
}

impl Solution {
    /// row · (XᵀX)⁻¹ · rowᵀ: variance of the fitted value there, per unit of residual variance.
    pub(crate) fn leverage(&self, row: &Row) -> f64 {
        // With X = QR this is |R⁻ᵀ row|².
        let mut solved = [0.0; MAX_PARAMETERS];
        for index in 0..self.parameters {
            let known: f64 = (0..index)
                .map(|earlier| self.triangle[earlier][index] * solved[earlier])
                .sum();
            solved[index] = (row[index] - known) / self.triangle[index][index];
        }
        solved.iter().map(|value| value * value).sum()
    }
}

fn norm(column: &[f64]) -> f64 {
    column.iter().map(|value| value * value).sum::<f64>().sqrt()
}

/// Takes out of a column what lies along a unit column, and returns how much it was.
fn take_out(unit: &[f64], column: &mut [f64]) -> f64 {
    let along: f64 = unit.iter().zip(&*column).map(|(u, c)| u * c).sum();
    for (value, unit) in column.iter_mut().zip(unit) {
        *value -= along * unit;
    }
    along
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_parabola_is_recovered_and_leverages_add_up_to_its_parameters() {
        let days: Vec<f64> = (0..7).map(|day| f64::from(day) - 2.0).collect();
        let rows: Vec<Row> = days.iter().map(|&d| [1.0, d, d * d, 0.0]).collect();
        let outcomes: Vec<f64> = days.iter().map(|d| 3.0 - 2.0 * d + 0.5 * d * d).collect();
        let solution = solve(&rows, &outcomes, 3).unwrap();
        for (found, expected) in solution.coefficients.iter().zip([3.0, -2.0, 0.5, 0.0]) {
            assert!((found - expected).abs() < 1e-12, "{solution:?}");
        }
        assert!(solution.residual_squares < 1e-24);
        let sum: f64 = rows.iter().map(|row| solution.leverage(row)).sum();
        assert!((sum - 3.0).abs() < 1e-12, "{sum}");
    }

    #[test]
    fn what_points_do_not_determine_is_refused() {
        let twins = [[1.0, 2.0, 0.0, 0.0]; 3];
        assert_eq!(solve(&twins, &[1.0, 2.0, 3.0], 2), None);
        assert_eq!(solve(&twins[..1], &[1.0], 2), None);
        assert_eq!(solve(&[[f64::NAN; 4]; 3], &[0.0; 3], 1), None);
        assert_eq!(solve(&[[0.0; 4]; 3], &[0.0; 3], 1), None);
    }

    proptest! {
        #[test]
        fn residuals_are_orthogonal_to_regressors(
            points in prop::collection::vec((-3.0..3.0_f64, -5.0..5.0_f64), 5..20),
        ) {
            let rows: Vec<Row> = points.iter().map(|&(x, _)| [1.0, x, x * x, x.abs()]).collect();
            let outcomes: Vec<f64> = points.iter().map(|point| point.1).collect();
            if let Some(solution) = solve(&rows, &outcomes, 3) {
                for column in 0..3 {
                    let dot: f64 = rows.iter().zip(&outcomes).map(|(row, y)| {
                        let fitted: f64 =
                            row.iter().zip(&solution.coefficients).map(|(r, c)| r * c).sum();
                        (y - fitted) * row[column]
                    }).sum();
                    let size = solution.coefficients.iter().fold(1.0, |s: f64, c| s.max(c.abs()));
                    prop_assert!(dot.abs() < 1e-8 * size, "{dot} {solution:?}");
                }
            }
        }
    }
}
