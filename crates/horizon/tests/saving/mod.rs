//! A replay of recorded runs: what a design saves, had the runs been made in its order.
//!
//! Every agent starts with one recorded run of each task. Further ones are then drawn from the
//! recorded runs without replacement, by the design, task by task in turn, or at tasks chosen
//! uniformly at random. All rules meet the runs of a task in the same order.

#![allow(unreachable_pub)] // Shared by a test and a bench.

use std::collections::BTreeMap;

use horizon::logistic::Curve;
use horizon::observe::fit_agent;
use horizon::{Dataset, Design, Lambda, Run, Target, Weighting};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How the next run is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// By [`Design::next`], renewed for every step of the budget.
    Design,
    /// A task with the fewest runs so far.
    Even,
    /// Any task with runs left.
    Random,
}

/// Cost of a run, given its task's length in human minutes.
pub type Cost = fn(f64) -> f64;

/// What is compared.
pub struct Study {
    /// Names of the agents whose runs are replayed.
    pub agents: Vec<String>,
    /// Replays of each agent.
    pub seeds: u64,
    /// Budgets, in costs of one run at every task; ascending, from 1.
    pub budgets: Vec<f64>,
    /// What a run costs.
    pub cost: Cost,
}

/// Where a rule has come to with a budget, over all agents and seeds.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    /// The budget, in costs of one run at every task.
    pub budget: f64,
    /// Root mean square of ln(p50/p50 of all runs); errors beyond a factor of 100, and replays
    /// without a p50, count as a factor of 100.
    pub error: f64,
    /// Root mean square of the width of the 95 % interval of ln p50 that comes of runs alone, with
    /// each task's variance taken from all its runs.
    pub run_width: f64,
}

/// One of a point's figures.
pub type Figure = fn(&Point) -> f64;

/// What is known of one agent from all its runs.
struct Truth {
    tasks: Vec<Recorded>,
    ln_p50: f64,
}

/// All runs of one agent at one task.
struct Recorded {
    name: String,
    family: String,
    human_minutes: f64,
    successes: Vec<f64>,
    /// Share of the variance of ln p50 that one run alone would give: (effect × deviation)².
    variance: f64,
}

/// Replays every agent with every seed under one rule.
pub fn replay(dataset: &Dataset, study: &Study, rule: Rule) -> Vec<Point> {
    let mut sums: Vec<(f64, f64)> = vec![(0.0, 0.0); study.budgets.len()];
    for agent in &study.agents {
        let truth = Truth::of(dataset, dataset.agent_index(agent).unwrap());
        for seed in 0..study.seeds {
            for (sum, (error, variance)) in sums.iter_mut().zip(truth.replay(study, rule, seed)) {
                sum.0 += error * error;
                sum.1 += variance;
            }
        }
    }
    let replays = study.agents.len() as f64 * study.seeds as f64;
    let point = |(&budget, (errors, variances)): (&f64, (f64, f64))| Point {
        budget,
        error: (errors / replays).sqrt(),
        run_width: 2.0 * 1.959_964 * (variances / replays).sqrt(),
    };
    study.budgets.iter().zip(sums).map(point).collect()
}

/// The budget at which a figure first falls to a value, between neighbours by straight lines.
pub fn budget_for(points: &[Point], figure: Figure, value: f64) -> Option<f64> {
    let first = points.iter().position(|point| figure(point) <= value)?;
    let here = points[first];
    let Some(before) = first.checked_sub(1).map(|index| points[index]) else {
        return Some(here.budget);
    };
    let share = (figure(&before) - value) / (figure(&before) - figure(&here));
    Some(before.budget + share * (here.budget - before.budget))
}

impl Truth {
    fn of(dataset: &Dataset, agent: usize) -> Self {
        let weights = Weighting::default().task_weights(dataset, agent);
        let curve = fit_agent(dataset, agent, Weighting::default(), Lambda::default())
            .curve()
            .unwrap();
        let mut tasks = Vec::new();
        for (task, effect) in dataset
            .tried(agent)
            .zip(effects(dataset, agent, &weights, curve))
        {
            let successes = dataset.successes(agent, task).to_vec();
            let runs = successes.len() as f64;
            let mean = successes.iter().sum::<f64>() / runs;
            let squares: f64 = successes.iter().map(|s| (s - mean).powi(2)).sum();
            tasks.push(Recorded {
                name: dataset.tasks()[task].name.clone(),
                family: dataset.families()[dataset.tasks()[task].family]
                    .name
                    .clone(),
                human_minutes: dataset.tasks()[task].human_minutes,
                variance: effect * effect * squares / (runs - 1.0).max(1.0),
                successes,
            });
        }
        Self {
            tasks,
            ln_p50: curve.crossing_minutes(0.5).ln(),
        }
    }

    /// Error of ln p50 and variance of runs at each budget.
    fn replay(&self, study: &Study, rule: Rule, seed: u64) -> Vec<(f64, f64)> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let orders: Vec<Vec<f64>> = self
            .tasks
            .iter()
            .map(|task| shuffled(task.successes.clone(), &mut random))
            .collect();
        let cost = |task: usize| (study.cost)(self.tasks[task].human_minutes);
        let round: f64 = (0..self.tasks.len()).map(cost).sum();
        let mut used = vec![1; self.tasks.len()];
        let mut spent = round;
        let mut queue = Vec::new();
        let mut figures = Vec::new();
        for &budget in &study.budgets {
            while spent < budget * round {
                if queue.is_empty() {
                    queue = self.choose(
                        &orders,
                        &used,
                        study,
                        rule,
                        budget * round - spent,
                        &mut random,
                    );
                    queue.reverse();
                }
                let Some(task) = queue.pop() else {
                    break;
                };
                used[task] += 1;
                spent += cost(task);
            }
            // A plan is renewed with what its runs have shown.
            queue.clear();
            figures.push((self.error(&orders, &used), self.variance(&used)));
        }
        figures
    }

    /// Tasks for the next runs; empty where all runs have been drawn.
    fn choose(
        &self,
        orders: &[Vec<f64>],
        used: &[usize],
        study: &Study,
        rule: Rule,
        budget: f64,
        random: &mut impl Rng,
    ) -> Vec<usize> {
        let open: Vec<usize> = (0..used.len())
            .filter(|&t| used[t] < orders[t].len())
            .collect();
        match rule {
            _ if open.is_empty() => Vec::new(),
            Rule::Random => vec![open[below(random, open.len())]],
            Rule::Even => {
                let fewest = open.iter().map(|&task| used[task]).min().unwrap();
                let least: Vec<usize> = open.into_iter().filter(|&t| used[t] == fewest).collect();
                vec![least[below(random, least.len())]]
            }
            Rule::Design => {
                let dataset = self.drawn(orders, used);
                let target = Target::Horizon {
                    agent: 0,
                    probability: 0.5,
                };
                let design =
                    Design::new(&dataset, Weighting::default(), Lambda::default(), &target)
                        .unwrap();
                let places: BTreeMap<&str, usize> = self
                    .tasks
                    .iter()
                    .enumerate()
                    .map(|(place, task)| (task.name.as_str(), place))
                    .collect();
                let cost = |candidate: &horizon::design::Candidate<'_>| {
                    let left = candidate.runs < orders[places[candidate.task]].len();
                    left.then(|| (study.cost)(candidate.human_minutes))
                };
                let mean_cost = self
                    .tasks
                    .iter()
                    .map(|t| (study.cost)(t.human_minutes))
                    .sum::<f64>()
                    / used.len() as f64;
                // A plan is made for no more than the budget's step holds at its mean cost.
                let attempts = (1..100_usize)
                    .find(|&n| n as f64 * mean_cost >= budget)
                    .unwrap_or(100);
                let plan = design.next(attempts, cost).unwrap();
                let mut tasks = Vec::new();
                for suggestion in &plan.suggestions {
                    let place = places[suggestion.task.as_str()];
                    tasks.extend(std::iter::repeat_n(place, suggestion.attempts));
                }
                tasks
            }
        }
    }

    fn drawn(&self, orders: &[Vec<f64>], used: &[usize]) -> Dataset {
        let runs = self
            .tasks
            .iter()
            .zip(orders)
            .zip(used)
            .flat_map(|((task, order), &used)| {
                order[..used].iter().map(|&success| Run {
                    agent: "replayed".to_owned(),
                    task: task.name.clone(),
                    family: task.family.clone(),
                    human_minutes: task.human_minutes,
                    success,
                })
            });
        Dataset::new(runs).unwrap()
    }

    fn error(&self, orders: &[Vec<f64>], used: &[usize]) -> f64 {
        let dataset = self.drawn(orders, used);
        let fit = fit_agent(&dataset, 0, Weighting::default(), Lambda::default());
        let limit = 100_f64.ln();
        let error = fit
            .horizon(0.5)
            .minutes()
            .map(|minutes| (minutes.ln() - self.ln_p50).abs());
        error.map_or(limit, |error| error.min(limit))
    }

    fn variance(&self, used: &[usize]) -> f64 {
        let tasks = self.tasks.iter().zip(used);
        tasks.map(|(task, &used)| task.variance / used as f64).sum()
    }
}

/// By how much ln p50 moves with each tried task's mean success: the derivative of the minimum, by
/// Cramer's rule on slope and intercept.
fn effects(dataset: &Dataset, agent: usize, weights: &[f64], curve: Curve) -> Vec<f64> {
    let lengths: Vec<(usize, f64)> = dataset
        .tried(agent)
        .map(|task| (task, dataset.tasks()[task].human_minutes.log2()))
        .collect();
    let (mut a, mut b, mut c) = (Lambda::default().value(), 0.0, 0.0);
    for &(task, x) in &lengths {
        let chance = curve.probability(x.exp2());
        let curvature = weights[task] * chance * (1.0 - chance);
        a += curvature * x * x;
        b += curvature * x;
        c += curvature;
    }
    let log2_p50 = curve.crossing_minutes(0.5).log2();
    let ln_2 = std::f64::consts::LN_2;
    lengths
        .iter()
        .map(|&(task, x)| {
            let slope = (c * x - b) / (a * c - b * b);
            let intercept = (a - b * x) / (a * c - b * b);
            -weights[task] * ln_2 * (log2_p50 * slope + intercept) / curve.slope
        })
        .collect()
}

fn shuffled(mut values: Vec<f64>, random: &mut impl Rng) -> Vec<f64> {
    for last in (1..values.len()).rev() {
        values.swap(last, below(random, last + 1));
    }
    values
}

/// A number below a small limit; its bias is of the order of limit/2⁶⁴.
fn below(random: &mut impl Rng, limit: usize) -> usize {
    usize::try_from(random.next_u64() % limit as u64).unwrap()
}
