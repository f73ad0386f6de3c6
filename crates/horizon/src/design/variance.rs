//! The variance of a target, now and after further runs, to first order.

use serde::Serialize;

use super::Design;

/// The variance of a target as the hierarchical bootstrap of the present runs sees it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Components {
    /// What drawing other families contributes.
    pub families: f64,
    /// What drawing other tasks of the same families contributes.
    pub tasks: f64,
    /// What drawing other runs of the same tasks contributes.
    pub runs: f64,
}

impl Components {
    /// The whole variance.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.families + self.tasks + self.runs
    }
}

/// Which agent has how many further runs where; one list an agent, one entry a task.
pub(super) type Further = Vec<Vec<usize>>;

/// Everything about a variance that stays as it is while further runs go only to tasks that the
/// agent has tried, or is already to try.
pub(super) struct Layout {
    /// What each task's mean success weighs in the target; one list an agent.
    effects: Vec<Vec<f64>>,
    /// Number of tasks in each task's family.
    siblings: Vec<usize>,
    /// The variance of the present runs under these effects.
    observed: Components,
    /// The same, with what is assumed of agents without a curve of their own.
    present: f64,
    /// Factor on the noise of runs, one an agent; see [`Layout::new`].
    scales: Vec<f64>,
    /// Part of the variance that further runs at tasks already tried leave as it is.
    settled: f64,
}

/// How much of the variance of one run the hierarchical bootstrap sees in n runs of a task among
/// k siblings: 1/n each by drawing families, (1 − 1/k)/n by drawing tasks, and (1 − 1/n)/n by
/// drawing runs.
pub(super) fn seen(runs: usize, siblings: usize) -> f64 {
    let runs = runs as f64;
    (seen_between(siblings) + 1.0 - 1.0 / runs) / runs
}

/// The same for what lies between tasks, which runs do not lessen.
fn seen_between(siblings: usize) -> f64 {
    2.0 - 1.0 / siblings as f64
}

impl Layout {
    /// Computes what stays, given at which tasks there are to be further runs.
    ///
    /// The noise of the present runs is part of the present variance. The estimate of that part is
    /// taken as it is where the present variance is at least what the agent's own model predicts,
    /// and in proportion where it is less, so that what remains without any noise is never
    /// negative. Outcomes that determine no curve hardly vary, which says nothing: there the
    /// variance is at least what the model predicts, and the imagined tasks add theirs.
    pub(super) fn new(design: &Design, further: &Further) -> Self {
        let mut effects = Vec::with_capacity(design.arms.len());
        let mut assumed = 0.0;
        for (arm, further) in design.arms.iter().zip(further) {
            let cells = arm.cells.iter().zip(further);
            let tried: Vec<bool> = cells
                .map(|(cell, further)| cell.runs + further > 0)
                .collect();
            let weights = design.weighting.weights_of_tried(&tried, &design.families);
            let of_arm = arm.effects(&weights);
            effects.push(of_arm.of_tasks);
            assumed += of_arm.imagined_variance;
        }
        let siblings = siblings(design, further);
        let mut scales = Vec::with_capacity(effects.len());
        let mut noise = 0.0;
        for arm in 0..effects.len() {
            let observed = observed(design, &effects, &siblings, arm..arm + 1).total();
            let mut noise_of_arm = 0.0;
            let mut between = 0.0;
            for (task, cell) in design.arms[arm].cells.iter().enumerate() {
                if cell.runs > 0 {
                    let square = effects[arm][task].powi(2);
                    noise_of_arm += square * cell.run_variance * seen(cell.runs, siblings[task]);
                    between += square * cell.between_variance * seen_between(siblings[task]);
                }
            }
            let expected = noise_of_arm + between;
            let scale = if !design.arms[arm].is_fitted() {
                assumed += (expected - observed).max(0.0);
                1.0
            } else if expected > 0.0 {
                (observed / expected).min(1.0)
            } else {
                1.0
            };
            scales.push(scale);
            noise += scale * noise_of_arm;
        }
        let observed = observed(design, &effects, &siblings, 0..effects.len());
        let present = observed.total() + assumed;
        // Agents of a trend may cancel one another; what is seen then holds less than the noise
        // of each.
        let share = if noise > 0.0 {
            (present / noise).min(1.0)
        } else {
            1.0
        };
        for scale in &mut scales {
            *scale *= share;
        }
        Self {
            settled: (present - share * noise).max(0.0),
            effects,
            siblings,
            observed,
            present,
            scales,
        }
    }

    /// The variance of the present runs as the bootstrap sees it.
    pub(super) fn observed(&self) -> Components {
        self.observed
    }

    /// The variance of the present runs, with what is assumed where they determine no curve.
    pub(super) fn present(&self) -> f64 {
        self.present
    }

    /// Variance that is left after further runs; `None` for so many that runs contribute nothing.
    fn cell(&self, design: &Design, arm: usize, task: usize, further: Option<usize>) -> f64 {
        let cell = design.arms[arm].cells[task];
        let siblings = self.siblings[task];
        let noise = further.map_or(0.0, |further| {
            cell.run_variance * seen(cell.runs + further, siblings)
        });
        let variance = if cell.runs > 0 {
            self.scales[arm] * noise
        } else {
            cell.between_variance * seen_between(siblings) + noise
        };
        self.effects[arm][task].powi(2) * variance
    }

    /// Expected variance after further runs at the tasks of this layout.
    pub(super) fn variance(&self, design: &Design, further: &Further) -> f64 {
        self.sum(design, further, |_, _, further| Some(further))
    }

    /// The least expected variance that any number of runs leaves, where `open` agents and tasks
    /// can have more.
    pub(super) fn floor(
        &self,
        design: &Design,
        further: &Further,
        open: impl Fn(usize, usize) -> bool,
    ) -> f64 {
        self.sum(design, further, |arm, task, further| {
            (!open(arm, task)).then_some(further)
        })
    }

    fn sum(
        &self,
        design: &Design,
        further: &Further,
        runs: impl Fn(usize, usize, usize) -> Option<usize>,
    ) -> f64 {
        let mut variance = self.settled;
        for (arm, further) in further.iter().enumerate() {
            for (task, &further) in further.iter().enumerate() {
                if design.arms[arm].cells[task].runs + further > 0 {
                    variance += self.cell(design, arm, task, runs(arm, task, further));
                }
            }
        }
        variance
    }

    /// By how much one more run at a task of this layout lessens the variance.
    pub(super) fn gain(&self, design: &Design, arm: usize, task: usize, further: usize) -> f64 {
        self.cell(design, arm, task, Some(further))
            - self.cell(design, arm, task, Some(further + 1))
    }
}

/// Number of tasks in each task's family, counting those of the dataset and those to be tried.
fn siblings(design: &Design, further: &Further) -> Vec<usize> {
    let mut counts = vec![0; design.family_names.len()];
    for (task, &family) in design.families.iter().enumerate() {
        let planned = further.iter().any(|further| further[task] > 0);
        if task < design.recorded_tasks || planned {
            counts[family] += 1;
        }
    }
    design
        .families
        .iter()
        .map(|&family| counts[family].max(1))
        .collect()
}

/// What the bootstrap of the present runs sees of some agents, to first order.
fn observed(
    design: &Design,
    effects: &[Vec<f64>],
    siblings: &[usize],
    arms: std::ops::Range<usize>,
) -> Components {
    let mut of_families = vec![0.0; design.family_names.len()];
    let mut sizes = vec![1.0; design.family_names.len()];
    let mut squares = 0.0;
    let mut runs = 0.0;
    for (task, &family) in design.families.iter().enumerate() {
        let mut moved = 0.0;
        for arm in arms.clone() {
            let cell = design.arms[arm].cells[task];
            if cell.runs > 0 {
                let effect = effects[arm][task];
                moved += effect * cell.residual;
                runs += effect * effect * cell.plug_in_variance / cell.runs as f64;
            }
        }
        of_families[family] += moved;
        sizes[family] = siblings[task] as f64;
        squares += moved * moved;
    }
    let families = of_families.iter().map(|moved| moved * moved).sum();
    let shared: f64 = of_families
        .iter()
        .zip(&sizes)
        .map(|(moved, size)| moved * moved / size)
        .sum();
    Components {
        families,
        tasks: (squares - shared).max(0.0),
        runs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_seen_is_what_binomial_outcomes_average_to() {
        // Over all outcomes of n runs at a task with chance c, the families' share of the
        // variance averages r² with r = ȳ − c, the tasks' share (1 − 1/k)r², and the runs' share
        // ȳ(1 − ȳ)/n.
        let chance: f64 = 0.3;
        for siblings in [1, 2, 5] {
            for runs in 1..=8_usize {
                let n = runs as f64;
                let mut ways = 1.0;
                let mut average = 0.0;
                for successes in 0..=runs {
                    let s = successes as f64;
                    let weight = ways * chance.powf(s) * (1.0 - chance).powf(n - s);
                    let (rate, between) = (s / n, seen_between(siblings));
                    average +=
                        weight * (between * (rate - chance).powi(2) + rate * (1.0 - rate) / n);
                    ways *= (n - s) / (s + 1.0);
                }
                let expected = chance * (1.0 - chance) * seen(runs, siblings);
                assert!(
                    (average - expected).abs() < 1e-14,
                    "{runs} runs, {siblings} siblings"
                );
            }
        }
    }

    #[test]
    fn every_further_run_gains_less_than_the_one_before() {
        for siblings in [1, 2, 7] {
            let gains: Vec<f64> = (1..50)
                .map(|n| seen(n, siblings) - seen(n + 1, siblings))
                .collect();
            assert!(
                gains
                    .windows(2)
                    .all(|pair| pair[0] > pair[1] && pair[1] > 0.0)
            );
        }
    }
}
