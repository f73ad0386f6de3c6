//! How far horizons would move, had other families, tasks and runs been drawn.
//!
//! METR's hierarchical bootstrap. A replicate draws as many families as there are, with
//! replacement; every drawn copy of a family draws as many of its tasks as it has, with
//! replacement; and for each agent every task, its copies pooled, draws as many runs as they hold,
//! with replacement. Runs keep their weights, so the weights of a replicate need not add up to 1,
//! and task lengths stay as they are. All agents share the families and tasks of a replicate, so
//! their horizons may be compared replicate by replicate.
//!
//! Replicate i draws from stream i of one generator. It is therefore the same whatever the number
//! of threads, and whether or not other replicates are computed.

use std::ops::Range;

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::Serialize;

use crate::data::Dataset;
use crate::lambda::Lambda;
use crate::logistic::{Curve, Observation, fit_from};
use crate::observe::fit_agent;
use crate::quantile::HorizonInterval;
use crate::random::{below, stream};
use crate::weights::Weighting;

/// How replicates are drawn. Either way follows the scheme above; only the random numbers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Resampling {
    /// Replicate i draws from ChaCha8 stream i: see [`Bootstrap::new`].
    #[default]
    Streams,
    /// Replicate i draws what METR's own code draws: see [`crate::replay`].
    NumpyReplay,
}

impl Resampling {
    /// The name written in results: `streams` or `numpy_replay`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Streams => "streams",
            Self::NumpyReplay => "numpy_replay",
        }
    }
}

/// Refitted curves of all agents.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap {
    resampling: Resampling,
    replicates: usize,
    /// One list an agent, one entry a replicate.
    curves: Vec<Vec<Option<Curve>>>,
}

/// What the replicates say of one horizon of one agent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Replicated {
    /// Percentile interval of the replicates that have a curve, infinite horizons included;
    /// absent where none has. In an analysis the interval may be another's: see
    /// [`crate::interval`].
    pub interval: Option<HorizonInterval>,
    /// Replicates without a curve: all runs failed, all succeeded, or no curve is determined.
    pub missing: usize,
    /// Replicates with an infinite horizon.
    pub infinite: usize,
}

impl Bootstrap {
    /// Draws and refits `replicates` times, replicate i from stream i.
    #[must_use]
    pub fn new(
        dataset: &Dataset,
        weighting: Weighting,
        lambda: Lambda,
        replicates: usize,
        seed: u64,
    ) -> Self {
        let families = dataset.task_ranges();
        let log2_minutes = dataset.log2_minutes();
        Self::from_draws(dataset, weighting, lambda, replicates, seed, |_, random| {
            Draw {
                copies: draw_copies(&families, random),
                log2_minutes: log2_minutes.clone(),
            }
        })
    }

    /// Refits to replicates whose tasks are drawn elsewhere: `draw` is given the number of a
    /// replicate and its generator, from which the runs are drawn afterwards.
    pub(crate) fn from_draws(
        dataset: &Dataset,
        weighting: Weighting,
        lambda: Lambda,
        replicates: usize,
        seed: u64,
        draw: impl Fn(u64, &mut ChaCha8Rng) -> Draw + Sync,
    ) -> Self {
        let count = dataset.agents().len();
        // Without replicates nothing is drawn from any.
        let drawn = if replicates == 0 { 0 } else { count };
        let agents: Vec<_> = (0..drawn)
            .map(|agent| AgentRuns::new(dataset, agent, weighting, lambda))
            .collect();
        let rows: Vec<Vec<Option<Curve>>> = (0..replicates as u64)
            .into_par_iter()
            .map_init(Vec::new, |observations, replicate| {
                let mut random = stream(seed, replicate);
                let draw = draw(replicate, &mut random);
                agents
                    .iter()
                    .map(|agent| {
                        agent.draw(&draw, &mut random, observations);
                        fit_from(observations, lambda, agent.curve).curve()
                    })
                    .collect()
            })
            .collect();
        Self::from_rows(Resampling::Streams, count, &rows)
    }

    /// Replicates that were drawn and refitted elsewhere: one row a replicate, with one entry an
    /// agent.
    pub(crate) fn from_rows(
        resampling: Resampling,
        agents: usize,
        rows: &[Vec<Option<Curve>>],
    ) -> Self {
        let curves = (0..agents)
            .map(|agent| rows.iter().map(|row| row[agent]).collect())
            .collect();
        Self {
            resampling,
            replicates: rows.len(),
            curves,
        }
    }

    /// How the replicates were drawn.
    #[must_use]
    pub fn resampling(&self) -> Resampling {
        self.resampling
    }

    /// Number of replicates.
    #[must_use]
    pub fn replicates(&self) -> usize {
        self.replicates
    }

    /// An agent's curves, one a replicate; absent where a replicate determines none. Rising
    /// curves are kept, as METR keeps them.
    #[must_use]
    pub fn curves(&self, agent: usize) -> &[Option<Curve>] {
        self.curves.get(agent).map_or(&[], Vec::as_slice)
    }

    /// Where an agent's curves cross a probability, in minutes, replicate by replicate.
    #[must_use]
    pub fn crossings_minutes(&self, agent: usize, probability: f64) -> Vec<Option<f64>> {
        let crossing = |curve: &Curve| curve.crossing_minutes(probability);
        let number = |minutes: &f64| !minutes.is_nan();
        self.curves(agent)
            .iter()
            .map(|curve| curve.as_ref().map(crossing).filter(number))
            .collect()
    }

    /// Number of an agent's replicates in which success does not fall with length.
    #[must_use]
    pub fn rising(&self, agent: usize) -> usize {
        self.curves(agent)
            .iter()
            .flatten()
            .filter(|curve| curve.slope >= 0.0)
            .count()
    }

    /// Interval and counts for an agent's horizon at a probability.
    #[must_use]
    pub fn replicated(&self, agent: usize, probability: f64) -> Replicated {
        let crossings = self.crossings_minutes(agent, probability);
        let mut minutes: Vec<f64> = crossings.iter().copied().flatten().collect();
        minutes.sort_by(f64::total_cmp);
        Replicated {
            interval: HorizonInterval::of_sorted_minutes(&minutes),
            missing: crossings.len() - minutes.len(),
            infinite: minutes
                .iter()
                .filter(|minutes| minutes.is_infinite())
                .count(),
        }
    }
}

/// The tasks of one replicate, in the order of [`Dataset::tasks`].
pub(crate) struct Draw {
    /// How many copies of each it holds.
    pub(crate) copies: Vec<u32>,
    /// log₂ of their lengths in minutes.
    pub(crate) log2_minutes: Vec<f64>,
}

/// Draws as many families as there are, and for each copy as many of its tasks as it has. Families
/// are given by the positions of their tasks, one after the other; counts copies of all tasks.
pub(crate) fn draw_copies(families: &[Range<usize>], random: &mut impl Rng) -> Vec<u32> {
    let mut copies = vec![0; families.last().map_or(0, |family| family.end)];
    for _ in families {
        let tasks = &families[below(random, families.len())];
        for _ in tasks.clone() {
            copies[tasks.start + below(random, tasks.len())] += 1;
        }
    }
    copies
}

/// One agent's runs, ready to be drawn from.
pub(crate) struct AgentRuns<'a> {
    tasks: Vec<TaskRuns<'a>>,
    /// The agent's own curve: a good place to start a refit from.
    pub(crate) curve: Option<Curve>,
}

/// One agent's runs at one task.
struct TaskRuns<'a> {
    task: usize,
    run_weight: f64,
    /// Sorted, so that the first equals the last only where all are equal.
    successes: &'a [f64],
}

impl<'a> AgentRuns<'a> {
    pub(crate) fn new(
        dataset: &'a Dataset,
        agent: usize,
        weighting: Weighting,
        lambda: Lambda,
    ) -> Self {
        let weights = weighting.task_weights(dataset, agent);
        let tasks = dataset
            .tried(agent)
            .map(|task| {
                let successes = dataset.successes(agent, task);
                TaskRuns {
                    task,
                    run_weight: weights[task] / successes.len() as f64,
                    successes,
                }
            })
            .collect();
        Self {
            tasks,
            curve: fit_agent(dataset, agent, weighting, lambda).curve(),
        }
    }

    /// Draws the runs at the tasks of a replicate.
    pub(crate) fn draw(
        &self,
        draw: &Draw,
        random: &mut impl Rng,
        observations: &mut Vec<Observation>,
    ) {
        self.observe(draw, observations, |runs, count| runs.draw(count, random));
    }

    /// The runs at the tasks of a replicate as they are, nothing drawn.
    pub(crate) fn keep(&self, draw: &Draw, observations: &mut Vec<Observation>) {
        self.observe(draw, observations, |runs, count| {
            runs.mean_success() * count as f64
        });
    }

    /// One observation for every drawn task; `success` gives the sum of so many runs' successes.
    fn observe(
        &self,
        draw: &Draw,
        observations: &mut Vec<Observation>,
        mut success: impl FnMut(&TaskRuns<'a>, u64) -> f64,
    ) {
        observations.clear();
        for runs in &self.tasks {
            let count = u64::from(draw.copies[runs.task]) * runs.successes.len() as u64;
            if count > 0 {
                observations.push(Observation {
                    log2_minutes: draw.log2_minutes[runs.task],
                    weight: runs.run_weight * count as f64,
                    success_weight: runs.run_weight * success(runs, count),
                });
            }
        }
    }
}

impl TaskRuns<'_> {
    /// Sum of the successes of so many runs, drawn with replacement. All weigh the same, so this
    /// is all that a fit needs.
    fn draw(&self, count: u64, random: &mut impl Rng) -> f64 {
        match self.successes {
            // Equal runs leave nothing to chance; in practice this is most tasks.
            [first, .., last] | [first @ last] if first == last => count as f64 * first,
            successes => (0..count)
                .map(|_| successes[below(random, successes.len())])
                .sum(),
        }
    }

    fn mean_success(&self) -> f64 {
        self.successes.iter().sum::<f64>() / self.successes.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Run;

    fn runs() -> Vec<Run> {
        let mut runs = Vec::new();
        for task in 0..12_u32 {
            for repeat in 0..5_u32 {
                let agents = [
                    ("mixed", (task * 7 + repeat * 5) % 13 > task),
                    ("hopeless", false),
                ];
                runs.extend(agents.map(|(agent, success)| Run {
                    agent: agent.to_owned(),
                    task: format!("f{}/{task}", task / 3),
                    family: format!("f{}", task / 3),
                    human_minutes: f64::from(task).exp2(),
                    success: if success { 1.0 } else { 0.0 },
                }));
            }
        }
        runs
    }

    #[test]
    fn threads_change_nothing() {
        let dataset = Dataset::new(runs()).unwrap();
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            let (weighting, lambda) = (Weighting::default(), Lambda::default());
            pool.install(|| Bootstrap::new(&dataset, weighting, lambda, 50, 7))
        };
        let one = with(1);
        assert_eq!(one, with(2));
        let fewer = Bootstrap::new(&dataset, Weighting::default(), Lambda::default(), 20, 7);
        assert_eq!(one.curves(1)[..20], *fewer.curves(1));
        let other = Bootstrap::new(&dataset, Weighting::default(), Lambda::default(), 20, 8);
        assert_ne!(other.curves(1), fewer.curves(1));
    }

    #[test]
    fn an_agent_that_always_fails_is_missing_everywhere() {
        let dataset = Dataset::new(runs()).unwrap();
        let bootstrap = Bootstrap::new(&dataset, Weighting::default(), Lambda::default(), 30, 7);
        let replicated = bootstrap.replicated(0, 0.5);
        assert_eq!(
            replicated,
            Replicated {
                interval: None,
                missing: 30,
                infinite: 0
            }
        );
        assert!(bootstrap.replicated(1, 0.5).interval.is_some());
        assert!(bootstrap.curves(9).is_empty());
        let nothing = Dataset::new([]).unwrap();
        let empty = Bootstrap::new(&nothing, Weighting::default(), Lambda::default(), 3, 7);
        assert_eq!(empty.replicates(), 3);
    }
}
