//! Cholesky's factors of a small symmetric matrix.

/// A positive definite matrix M = L·Lᵀ by its factor L.
pub(super) struct Cholesky {
    size: usize,
    /// Row by row; the upper triangle is of no meaning.
    factor: Vec<f64>,
}

impl Cholesky {
    /// Factors a matrix of `size` rows, of which only the lower triangle is read; `None` where it
    /// is not positive definite to the precision of the numbers.
    pub(super) fn of(mut matrix: Vec<f64>, size: usize) -> Option<Self> {
        for row in 0..size {
            let diagonal = matrix[row * size + row];
            for column in 0..=row {
                let (above, below) = (column * size, row * size);
                let dot: f64 = (0..column)
                    .map(|k| matrix[below + k] * matrix[above + k])
                    .sum();
                let rest = matrix[below + column] - dot;
                matrix[below + column] = if column < row {
                    rest / matrix[above + column]
                } else if rest > f64::EPSILON * diagonal {
                    rest.sqrt()
                } else {
                    return None;
                };
            }
        }
        Some(Self {
            size,
            factor: matrix,
        })
    }

    /// The x of M·x = right.
    pub(super) fn solve(&self, mut right: Vec<f64>) -> Vec<f64> {
        let (size, factor) = (self.size, &self.factor);
        for row in 0..size {
            let done: f64 = (0..row).map(|k| factor[row * size + k] * right[k]).sum();
            right[row] = (right[row] - done) / factor[row * size + row];
        }
        for row in (0..size).rev() {
            let done: f64 = (row + 1..size)
                .map(|k| factor[k * size + row] * right[k])
                .sum();
            right[row] = (right[row] - done) / factor[row * size + row];
        }
        right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_and_refuses() {
        let matrix = vec![4.0, 0.0, 0.0, 2.0, 5.0, 0.0, 0.0, 1.0, 3.0];
        let solved = Cholesky::of(matrix, 3)
            .unwrap()
            .solve(vec![8.0, 15.0, 11.0]);
        for (found, expected) in solved.iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - expected).abs() < 1e-14, "{solved:?}");
        }
        assert!(Cholesky::of(vec![1.0, 0.0, 2.0, 1.0], 2).is_none());
        assert!(
            Cholesky::of(vec![1.0, 0.0, 1.0, 1.0], 2).is_none(),
            "singular"
        );
        assert!(Cholesky::of(vec![f64::NAN], 1).is_none());
    }
}
