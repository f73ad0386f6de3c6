//! METR's own bootstrap replicates, run by run.
//!
//! METR draws replicate i from `numpy.random.default_rng(42 + i)`. [`Rows`] draws the same numbers
//! in the same order, so that a replicate holds the very runs that METR's holds, and what is left of
//! a difference from METR's intervals is due to the fits alone. The scheme is that of
//! [`crate::bootstrap`], in this order:
//!
//! 1. all families of the replicate, with one `choice` from the families sorted by name;
//! 2. family copy by family copy, its tasks, with one `choice` each from its tasks sorted by name;
//! 3. the runs, with one vector of uniform numbers, in the order of the text `task|||agent`. The
//!    runs of one agent at one task stand in a pool, in the order of the file and one copy of the
//!    task after the other, and a number u in [0, 1) takes the run at ⌊u · size of the pool⌋.
//!
//! Texts are ordered by Unicode code points, in NumPy as in Rust. Everything else, the weights of
//! runs among it, is as in the ordinary bootstrap.

mod generator;
mod seed;

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use crate::bootstrap::{Bootstrap, Resampling};
use crate::data::{DataError, Dataset, Run};
use crate::lambda::Lambda;
use crate::logistic::{Curve, Observation, fit_from};
use crate::observe::fit_agent;
use crate::weights::Weighting;
use generator::Generator;

/// What METR puts between task and agent to sort pools by.
const SEPARATOR: &str = "|||";

/// Runs that remember the order of their file, which a [`Dataset`] forgets.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    dataset: Dataset,
    /// In the order in which runs are drawn.
    pools: Vec<Pool>,
    /// Rows and successes, pool by pool, each in the order of the file.
    rows: Vec<usize>,
    successes: Vec<f64>,
}

/// The runs of one agent at one task.
#[derive(Debug, Clone, PartialEq)]
struct Pool {
    agent: usize,
    task: usize,
    /// Where the runs stand in [`Rows::rows`]; never empty.
    members: Range<usize>,
}

impl Rows {
    /// Checks and interns runs, given in the order of their file.
    ///
    /// # Errors
    /// Those of [`Dataset::new`].
    pub fn new(runs: impl IntoIterator<Item = Run>) -> Result<Self, DataError> {
        let runs: Vec<Run> = runs.into_iter().collect();
        let mut members: BTreeMap<String, (String, String, Vec<usize>)> = BTreeMap::new();
        for (row, run) in runs.iter().enumerate() {
            members
                .entry([&run.task, SEPARATOR, &run.agent].concat())
                .or_insert_with(|| (run.agent.clone(), run.task.clone(), Vec::new()))
                .2
                .push(row);
        }
        let by_row: Vec<f64> = runs.iter().map(|run| run.success).collect();
        let dataset = Dataset::new(runs)?;
        let positions = |names: Vec<&str>| -> BTreeMap<String, usize> {
            let position = |(index, name): (usize, &str)| (name.to_owned(), index);
            names.into_iter().enumerate().map(position).collect()
        };
        let agents = positions(dataset.agents().iter().map(String::as_str).collect());
        let tasks = positions(dataset.tasks().iter().map(|t| t.name.as_str()).collect());
        let (mut pools, mut rows) = (Vec::with_capacity(members.len()), Vec::new());
        for (agent, task, members) in members.into_values() {
            let start = rows.len();
            rows.extend(members);
            pools.push(Pool {
                agent: agents[&agent],
                task: tasks[&task],
                members: start..rows.len(),
            });
        }
        let successes = rows.iter().map(|&row| by_row[row]).collect();
        Ok(Self {
            dataset,
            pools,
            rows,
            successes,
        })
    }

    /// The same runs without their order.
    #[must_use]
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// The rows, counted from 0, that METR's code draws with a seed, in its order.
    #[must_use]
    pub fn drawn(&self, seed: u64) -> Vec<usize> {
        let mut generator = Generator::new(seed);
        let copies = self.draw_copies(&mut generator);
        let mut drawn = Vec::with_capacity(self.rows.len());
        for pool in &self.pools {
            pool.draw(copies[pool.task], &mut generator, |member| {
                drawn.push(self.rows[member]);
            });
        }
        drawn
    }

    /// Draws and refits `replicates` times; replicate i takes the seed `first_seed` + i. METR's
    /// first seed is 42.
    #[must_use]
    pub fn bootstrap(
        &self,
        weighting: Weighting,
        lambda: Lambda,
        replicates: usize,
        first_seed: u64,
    ) -> Bootstrap {
        let agents = self.dataset.agents().len();
        let weights: Vec<Vec<f64>> = (0..agents)
            .map(|agent| weighting.task_weights(&self.dataset, agent))
            .collect();
        let curves: Vec<Option<Curve>> = (0..agents)
            .map(|agent| fit_agent(&self.dataset, agent, weighting, lambda).curve())
            .collect();
        let rows: Vec<Vec<Option<Curve>>> = (0..replicates as u64)
            .into_par_iter()
            .map_init(
                || vec![Vec::new(); agents],
                |room, replicate| {
                    self.draw_observations(first_seed.wrapping_add(replicate), &weights, room);
                    let refit = |(observations, curve): (&Vec<Observation>, &Option<Curve>)| {
                        fit_from(observations, lambda, *curve).curve()
                    };
                    room.iter().zip(&curves).map(refit).collect()
                },
            )
            .collect();
        Bootstrap::from_rows(Resampling::NumpyReplay, agents, &rows)
    }

    /// Replaces each agent's observations by those of a seed.
    fn draw_observations(
        &self,
        seed: u64,
        task_weights: &[Vec<f64>],
        observations: &mut [Vec<Observation>],
    ) {
        observations.iter_mut().for_each(Vec::clear);
        let mut generator = Generator::new(seed);
        let copies = self.draw_copies(&mut generator);
        for pool in &self.pools {
            let mut success = 0.0;
            let draws = pool.draw(copies[pool.task], &mut generator, |member| {
                success += self.successes[member];
            });
            if draws > 0 {
                let run_weight = task_weights[pool.agent][pool.task] / pool.members.len() as f64;
                observations[pool.agent].push(Observation {
                    log2_minutes: self.dataset.tasks()[pool.task].human_minutes.log2(),
                    weight: run_weight * draws as f64,
                    success_weight: run_weight * success,
                });
            }
        }
    }

    /// How many copies of each task a replicate holds.
    fn draw_copies(&self, generator: &mut Generator) -> Vec<usize> {
        let mut copies = vec![0; self.dataset.tasks().len()];
        let families = self.dataset.families();
        let drawn: Vec<usize> = families
            .iter()
            .map(|_| generator.below(families.len()))
            .collect();
        for family in drawn {
            let tasks = &families[family].tasks;
            for _ in tasks.clone() {
                copies[tasks.start + generator.below(tasks.len())] += 1;
            }
        }
        copies
    }
}

impl Pool {
    /// Draws as many members as `copies` of the task hold, and returns how many.
    fn draw(&self, copies: usize, generator: &mut Generator, mut take: impl FnMut(usize)) -> usize {
        let runs = self.members.len();
        let size = copies * runs;
        for _ in 0..size {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the product lies between 0 and the size of the pool, and its floor is \
                          wanted"
            )]
            let position = (generator.uniform() * size as f64) as usize;
            // Every copy of a task holds the same runs in the same order.
            take(self.members.start + position % runs);
        }
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(agent: &str, task: &str, success: f64) -> Run {
        Run {
            agent: agent.to_owned(),
            task: task.to_owned(),
            family: task[..1].to_owned(),
            human_minutes: 1.0,
            success,
        }
    }

    #[test]
    fn the_order_of_the_file_decides_which_run_is_drawn() {
        let runs = [run("a", "f", 0.0), run("a", "f", 1.0), run("a", "f", 1.0)];
        let forwards = Rows::new(runs.clone()).unwrap();
        let backwards = Rows::new(runs.into_iter().rev()).unwrap();
        assert_eq!(forwards.dataset(), backwards.dataset());
        // One family with one task draws nothing, so numpy gives
        // np.floor(np.random.default_rng(42).random(3) * 3) = [2, 1, 2].
        assert_eq!(forwards.drawn(42), [2, 1, 2]);
        assert_ne!(forwards, backwards);
    }

    #[test]
    fn pools_are_ordered_by_task_then_agent_as_one_text() {
        // `t|||x` comes after `t2|||x`, since `|` comes after digits.
        let runs = [run("x", "t", 1.0), run("x", "t2", 0.0), run("b", "t2", 0.0)];
        let rows = Rows::new(runs).unwrap();
        assert_eq!(rows.rows, [2, 1, 0]);
    }

    #[test]
    fn no_runs_draw_nothing() {
        let rows = Rows::new([]).unwrap();
        assert_eq!(rows.drawn(42), [] as [usize; 0]);
        let bootstrap = rows.bootstrap(Weighting::default(), Lambda::default(), 3, 42);
        assert_eq!(bootstrap.replicates(), 3);
        assert_eq!(bootstrap.resampling().name(), "numpy_replay");
        assert!(bootstrap.curves(0).is_empty());
    }
}
