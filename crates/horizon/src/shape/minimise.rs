//! A damped Newton method for smooth functions of a few bounded parameters.
//!
//! [`crate::newton`] serves the plain logistic curve, whose function is convex and has two
//! parameters. The shapes here have more of both: functions that need not be convex, and
//! parameters that must stay within bounds. Steps are those of Newton on the parameters that are
//! free to move (Bertsekas 1982), damped after Levenberg and Marquardt until they descend.

use super::cholesky::Cholesky;

/// A minimum is certified by the gradient per unit of scale and by the undamped Newton step that
/// is still to go, as in [`crate::logistic::Fitted`].
const GRADIENT_TOLERANCE: f64 = 1e-10;
const STEP_TOLERANCE: f64 = 1e-7;
/// Damping that is not worth having, and one beyond which nothing moves any more.
const LEAST_DAMPING: f64 = 1e-3;
const MOST_DAMPING: f64 = 1e12;

/// A function to be minimised.
pub(super) trait Objective {
    /// The function.
    fn value(&self, at: &[f64]) -> f64;

    /// The function with its derivatives.
    fn local(&self, at: &[f64]) -> Local;
}

/// A function at one point.
pub(super) struct Local {
    pub(super) value: f64,
    pub(super) gradient: Vec<f64>,
    /// Second derivatives, row by row; only the lower triangle is read.
    pub(super) hessian: Vec<f64>,
}

/// Where a search ended.
#[derive(Debug, Clone)]
pub(super) struct Minimum {
    pub(super) at: Vec<f64>,
    pub(super) value: f64,
    /// Largest component of the gradient along free parameters, divided by the scale.
    pub(super) gradient_norm: f64,
    /// Largest component of the Newton step still to go, relative to its parameter plus 1; the
    /// largest number where curvature gives no step.
    pub(super) remaining_step: f64,
    pub(super) iterations: u32,
    /// Whether both are small where the function curves upwards in all free directions.
    pub(super) converged: bool,
}

/// Searches from `start` within `bounds`, one pair a parameter; equal bounds hold a parameter
/// fast. `scale` is the size of the function, such as the total weight of the data. The search
/// ends uncertified after `max_iterations` steps.
pub(super) fn minimise(
    objective: &impl Objective,
    start: &[f64],
    bounds: &[(f64, f64)],
    scale: f64,
    max_iterations: u32,
) -> Minimum {
    let mut at = within(start, bounds);
    let mut damping = 0.0;
    let mut iterations = 0;
    loop {
        let here = objective.local(&at);
        let free = free(&at, &here.gradient, bounds);
        let gradients = free.iter().map(|&i| here.gradient[i].abs() / scale);
        let gradient_norm = gradients.fold(0.0, larger);
        let remaining_step = remaining_step(&here, &free, &at, scale);
        let minimum = |converged| Minimum {
            at: at.clone(),
            value: here.value,
            gradient_norm: gradient_norm.min(f64::MAX),
            remaining_step: remaining_step.min(f64::MAX),
            iterations,
            converged,
        };
        if gradient_norm <= GRADIENT_TOLERANCE && remaining_step <= STEP_TOLERANCE {
            return minimum(true);
        }
        if iterations == max_iterations {
            return minimum(false);
        }
        match descend(objective, &at, &here, &free, bounds, &mut damping) {
            Some(next) => at = next,
            None => return minimum(false),
        }
        iterations += 1;
    }
}

/// Largest component of the Newton step, relative to its parameter plus 1; the largest number
/// where there is none. A component counts for at least what rounding of the gradient may hide:
/// where curvature is next to nothing, a gradient of zero proves nothing.
fn remaining_step(here: &Local, free: &[usize], at: &[f64], scale: f64) -> f64 {
    let Some(factors) = curvature(here, free, 0.0) else {
        return f64::MAX;
    };
    let downhill = free.iter().map(|&i| -here.gradient[i]).collect();
    let steps = factors.solve(downhill);
    let relative = free
        .iter()
        .zip(steps)
        .enumerate()
        .map(|(place, (&i, step))| {
            let mut unit = vec![0.0; free.len()];
            unit[place] = f64::EPSILON * scale;
            let hidden = factors.solve(unit)[place];
            larger(step.abs(), hidden) / (at[i].abs() + 1.0)
        });
    relative.fold(0.0, larger)
}

/// The larger of two numbers, and the largest of all where one is none.
fn larger(a: f64, b: f64) -> f64 {
    if b.is_nan() { f64::MAX } else { a.max(b) }
}

fn within(point: &[f64], bounds: &[(f64, f64)]) -> Vec<f64> {
    let pairs = point.iter().zip(bounds);
    pairs
        .map(|(value, &(low, high))| value.max(low).min(high))
        .collect()
}

/// Positions of the parameters that no bound holds back from going downhill.
fn free(at: &[f64], gradient: &[f64], bounds: &[(f64, f64)]) -> Vec<usize> {
    let held = |i: usize| {
        let (low, high) = bounds[i];
        low >= high || (at[i] <= low && gradient[i] > 0.0) || (at[i] >= high && gradient[i] < 0.0)
    };
    (0..at.len()).filter(|&i| !held(i)).collect()
}

/// Factors of the curvature along the free parameters, raised by a multiple of its own diagonal;
/// `None` where it is not upwards in all directions.
fn curvature(here: &Local, free: &[usize], damping: f64) -> Option<Cholesky> {
    let (all, count) = (here.gradient.len(), free.len());
    let diagonal = |i: usize| here.hessian[i * all + i].abs();
    let largest = free.iter().map(|&i| diagonal(i)).fold(0.0, f64::max);
    let mut matrix = vec![0.0; count * count];
    for (row, &i) in free.iter().enumerate() {
        for (column, &j) in free.iter().enumerate().take(row + 1) {
            matrix[row * count + column] = here.hessian[i * all + j];
        }
        if damping > 0.0 {
            // A flat direction is damped by a share of the steepest, lest it be left undamped.
            let own = diagonal(i).max(1e-8 * largest).max(f64::MIN_POSITIVE);
            matrix[row * count + row] += damping * own;
        }
    }
    Cholesky::of(matrix, count)
}

/// A damped Newton step along the free parameters.
fn step(here: &Local, free: &[usize], damping: f64) -> Option<Vec<f64>> {
    let downhill = free.iter().map(|&i| -here.gradient[i]).collect();
    let solved = curvature(here, free, damping)?.solve(downhill);
    let mut step = vec![0.0; here.gradient.len()];
    for (&i, change) in free.iter().zip(solved) {
        step[i] = change;
    }
    Some(step)
}

/// The next point, by a step damped until the function falls enough; `None` where it cannot.
fn descend(
    objective: &impl Objective,
    at: &[f64],
    here: &Local,
    free: &[usize],
    bounds: &[(f64, f64)],
    damping: &mut f64,
) -> Option<Vec<f64>> {
    // Near a minimum the true decrease drowns in rounding, and must not block a good step.
    let rounding = 64.0 * f64::EPSILON * here.value.abs();
    while *damping <= MOST_DAMPING {
        if let Some(step) = step(here, free, *damping) {
            let moved: Vec<f64> = at.iter().zip(step).map(|(p, s)| p + s).collect();
            let next = within(&moved, bounds);
            let change = next.iter().zip(at).map(|(new, old)| new - old);
            let promised: f64 = change.zip(&here.gradient).map(|(d, g)| d * g).sum();
            let value = objective.value(&next);
            let finite = next.iter().all(|parameter| parameter.is_finite());
            if finite && promised <= 0.0 && value <= here.value + 1e-4 * promised + rounding {
                let eased = *damping * 0.1;
                *damping = if eased < LEAST_DAMPING { 0.0 } else { eased };
                return Some(next);
            }
        }
        *damping = (*damping * 10.0).max(LEAST_DAMPING);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rosenbrock's valley, whose minimum is at (1, 1).
    struct Valley;

    impl Objective for Valley {
        fn value(&self, at: &[f64]) -> f64 {
            let (x, y) = (at[0], at[1]);
            (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
        }

        fn local(&self, at: &[f64]) -> Local {
            let (x, y) = (at[0], at[1]);
            let off = y - x * x;
            Local {
                value: self.value(at),
                gradient: vec![-2.0 * (1.0 - x) - 400.0 * x * off, 200.0 * off],
                hessian: vec![2.0 - 400.0 * off + 800.0 * x * x, 0.0, -400.0 * x, 200.0],
            }
        }
    }

    #[test]
    fn a_curved_valley_is_followed_to_its_end() {
        let anywhere = (f64::NEG_INFINITY, f64::INFINITY);
        let found = minimise(&Valley, &[-1.2, 1.0], &[anywhere; 2], 1.0, 200);
        assert!(found.converged && found.value < 1e-18, "{found:?}");
    }

    #[test]
    fn a_minimum_beyond_a_bound_is_found_on_it() {
        let anywhere = (f64::NEG_INFINITY, f64::INFINITY);
        let found = minimise(&Valley, &[-1.2, 1.0], &[(-2.0, 0.5), anywhere], 1.0, 200);
        assert!(found.converged, "{found:?}");
        assert_eq!(found.at[0], 0.5);
        assert!((found.at[1] - 0.25).abs() < 1e-12);
        let held = minimise(&Valley, &[-1.2, 1.0], &[(-1.0, -1.0), anywhere], 1.0, 200);
        assert!(
            held.converged && (held.at[1] - 1.0).abs() < 1e-12,
            "{held:?}"
        );
    }

    /// A slope without end.
    struct Slope;

    impl Objective for Slope {
        fn value(&self, at: &[f64]) -> f64 {
            -at[0]
        }

        fn local(&self, at: &[f64]) -> Local {
            Local {
                value: -at[0],
                gradient: vec![-1.0],
                hessian: vec![0.0],
            }
        }
    }

    #[test]
    fn no_minimum_is_never_called_one() {
        let found = minimise(
            &Slope,
            &[0.0],
            &[(f64::NEG_INFINITY, f64::INFINITY)],
            1.0,
            200,
        );
        assert!(!found.converged, "{found:?}");
        let bounded = minimise(&Slope, &[0.0], &[(0.0, 3.0)], 1.0, 200);
        assert!(bounded.converged && bounded.at == [3.0], "{bounded:?}");
    }
}
