//! What the statistics are computed from: runs of agents at tasks.

mod intern;

use std::ops::Range;

use intern::Interned;
use thiserror::Error;

/// One attempt of one agent at one task.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Who tried, for example a model's public name.
    pub agent: String,
    /// What was tried; the same name always means the same task.
    pub task: String,
    /// The group of related tasks to which the task belongs.
    pub family: String,
    /// How long the task takes a human, in minutes; one value a task.
    pub human_minutes: f64,
    /// How well it went: 0 (failed) to 1 (succeeded). Fractions are allowed.
    pub success: f64,
}

/// A run that borrows its names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunRef<'r> {
    /// See [`Run::agent`].
    pub agent: &'r str,
    /// See [`Run::task`].
    pub task: &'r str,
    /// See [`Run::family`].
    pub family: &'r str,
    /// See [`Run::human_minutes`].
    pub human_minutes: f64,
    /// See [`Run::success`].
    pub success: f64,
}

impl RunRef<'_> {
    /// The run with names of its own.
    #[must_use]
    pub fn to_run(self) -> Run {
        Run {
            agent: self.agent.to_owned(),
            task: self.task.to_owned(),
            family: self.family.to_owned(),
            human_minutes: self.human_minutes,
            success: self.success,
        }
    }
}

impl Run {
    /// The run with its names borrowed.
    #[must_use]
    pub fn as_ref(&self) -> RunRef<'_> {
        RunRef {
            agent: &self.agent,
            task: &self.task,
            family: &self.family,
            human_minutes: self.human_minutes,
            success: self.success,
        }
    }
}

/// A task as the statistics see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// The task's name, unique in its dataset.
    pub name: String,
    /// Position of the task's family in [`Dataset::families`].
    pub family: usize,
    /// How long the task takes a human, in minutes; finite and positive.
    pub human_minutes: f64,
}

/// A group of related tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// The family's name, unique in its dataset.
    pub name: String,
    /// Positions of the family's tasks in [`Dataset::tasks`].
    pub tasks: Range<usize>,
}

/// Why a table of runs cannot be used. `row` counts the runs from 1.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum DataError {
    /// A task length that is zero, negative, infinite or not a number.
    #[error(
        "row {row}, task `{task}`: human_minutes is {minutes}; give a finite number of minutes \
         above zero"
    )]
    Minutes {
        /// Row of the offending run.
        row: usize,
        /// Its task.
        task: String,
        /// The value that was found.
        minutes: f64,
    },
    /// A success that is not a number from 0 to 1.
    #[error("row {row}, task `{task}`: success is {success}; give a number from 0 to 1")]
    Success {
        /// Row of the offending run.
        row: usize,
        /// Its task.
        task: String,
        /// The value that was found.
        success: f64,
    },
    /// One task with two lengths.
    #[error(
        "row {row}, task `{task}`: human_minutes is {minutes}, but row {first_row} says \
         {first_minutes}; a task has one length, so correct one row or rename the task"
    )]
    TwoLengths {
        /// Row that disagrees.
        row: usize,
        /// The task in question.
        task: String,
        /// The length in that row.
        minutes: f64,
        /// Row that named the task first.
        first_row: usize,
        /// The length in the first row.
        first_minutes: f64,
    },
    /// One task in two families.
    #[error(
        "row {row}, task `{task}`: family is `{family}`, but row {first_row} says \
         `{first_family}`; a task has one family, so correct one row or rename the task"
    )]
    TwoFamilies {
        /// Row that disagrees.
        row: usize,
        /// The task in question.
        task: String,
        /// The family in that row.
        family: String,
        /// Row that named the task first.
        first_row: usize,
        /// The family in the first row.
        first_family: String,
    },
}

/// Runs with names replaced by positions, checked and put in a fixed order.
///
/// Agents, families, the tasks of a family and the runs of an agent at a task are sorted, so
/// the same runs in another order are the same dataset and give the same numbers to the bit.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    agents: Vec<String>,
    tasks: Vec<Task>,
    families: Vec<Family>,
    /// Successes of all runs, grouped by agent, then by task.
    successes: Vec<f64>,
    /// Where each agent × task group starts in `successes`, and one end mark.
    starts: Vec<usize>,
}

impl Dataset {
    /// Checks and interns runs.
    ///
    /// # Errors
    /// Refuses the first run with an impossible length or success, or one that contradicts an
    /// earlier run about its task's length or family.
    pub fn new(runs: impl IntoIterator<Item = Run>) -> Result<Self, DataError> {
        let runs: Vec<Run> = runs.into_iter().collect();
        Self::of(runs.iter().map(Run::as_ref))
    }

    /// The same for runs whose names lie elsewhere: a table of runs is interned without copying the
    /// names of every row.
    ///
    /// # Errors
    /// Those of [`Dataset::new`].
    pub fn of<'r>(runs: impl IntoIterator<Item = RunRef<'r>>) -> Result<Self, DataError> {
        let mut interned = Interned::default();
        for run in runs {
            interned.add(run)?;
        }
        Ok(interned.into_dataset())
    }

    /// Names of all agents, sorted. Other functions take positions in this list.
    #[must_use]
    pub fn agents(&self) -> &[String] {
        &self.agents
    }

    /// Position of the agent with this name.
    #[must_use]
    pub fn agent_index(&self, name: &str) -> Option<usize> {
        self.agents
            .binary_search_by(|agent| agent.as_str().cmp(name))
            .ok()
    }

    /// All tasks, sorted by family and then by name.
    #[must_use]
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// log₂ of the length of every task in human minutes, in the order of [`Dataset::tasks`].
    #[must_use]
    pub fn log2_minutes(&self) -> Vec<f64> {
        let log2 = |task: &Task| task.human_minutes.log2();
        self.tasks.iter().map(log2).collect()
    }

    /// All families, sorted by name.
    #[must_use]
    pub fn families(&self) -> &[Family] {
        &self.families
    }

    /// Positions of the tasks of every family, in the order of [`Dataset::families`].
    pub(crate) fn task_ranges(&self) -> Vec<Range<usize>> {
        let tasks = |family: &Family| family.tasks.clone();
        self.families.iter().map(tasks).collect()
    }

    /// Successes of one agent's runs at one task, sorted; empty where it never tried, or where
    /// there is no such agent or task.
    #[must_use]
    pub fn successes(&self, agent: usize, task: usize) -> &[f64] {
        if agent >= self.agents.len() || task >= self.tasks.len() {
            return &[];
        }
        let group = agent * self.tasks.len() + task;
        &self.successes[self.starts[group]..self.starts[group + 1]]
    }

    /// Positions of the tasks that an agent tried.
    pub fn tried(&self, agent: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.tasks.len()).filter(move |&task| !self.successes(agent, task).is_empty())
    }

    /// Number of runs of one agent.
    #[must_use]
    pub fn run_count(&self, agent: usize) -> usize {
        (0..self.tasks.len())
            .map(|task| self.successes(agent, task).len())
            .sum()
    }

    /// Lengths in minutes of the shortest and the longest task that an agent tried.
    #[must_use]
    pub fn length_range_minutes(&self, agent: usize) -> Option<(f64, f64)> {
        self.tried(agent)
            .map(|task| self.tasks[task].human_minutes)
            .fold(None, |range, minutes| {
                let (shortest, longest) = range.unwrap_or((minutes, minutes));
                Some((shortest.min(minutes), longest.max(minutes)))
            })
    }
}

impl Dataset {
    /// The runs of some agents at some tasks, by their positions here. Agents, tasks and families
    /// that keep no run vanish.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(usize, usize) -> bool) -> Self {
        let kept = |agent: usize, task: usize| -> &[f64] {
            if keep(agent, task) {
                self.successes(agent, task)
            } else {
                &[]
            }
        };
        let agents: Vec<usize> = (0..self.agents.len())
            .filter(|&agent| (0..self.tasks.len()).any(|task| !kept(agent, task).is_empty()))
            .collect();
        let has_runs = |&task: &usize| agents.iter().any(|&agent| !kept(agent, task).is_empty());
        let (mut tasks, mut families, mut positions) = (Vec::new(), Vec::new(), Vec::new());
        for family in &self.families {
            let start = tasks.len();
            for task in family.tasks.clone().filter(has_runs) {
                positions.push(task);
                tasks.push(Task {
                    family: families.len(),
                    ..self.tasks[task].clone()
                });
            }
            if tasks.len() > start {
                families.push(Family {
                    name: family.name.clone(),
                    tasks: start..tasks.len(),
                });
            }
        }
        let (mut successes, mut starts) = (Vec::new(), Vec::new());
        for &agent in &agents {
            for &task in &positions {
                starts.push(successes.len());
                successes.extend_from_slice(kept(agent, task));
            }
        }
        starts.push(successes.len());
        Self {
            agents: agents
                .iter()
                .map(|&agent| self.agents[agent].clone())
                .collect(),
            tasks,
            families,
            successes,
            starts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(agent: &str, task: &str, human_minutes: f64, success: f64) -> Run {
        let family = task.split('/').next().unwrap_or_default().to_owned();
        Run {
            agent: agent.to_owned(),
            task: task.to_owned(),
            family,
            human_minutes,
            success,
        }
    }

    #[test]
    fn the_order_of_runs_does_not_matter() {
        let runs = [
            run("b", "f/2", 4.0, 1.0),
            run("a", "f/2", 4.0, 0.5),
            run("a", "e/1", 2.0, 1.0),
            run("a", "f/2", 4.0, 0.25),
        ];
        let forwards = Dataset::new(runs.clone()).unwrap();
        let backwards = Dataset::new(runs.into_iter().rev()).unwrap();
        assert_eq!(forwards, backwards);
        assert_eq!(forwards.agents(), ["a", "b"]);
        assert_eq!(forwards.families()[1].tasks, 1..2);
        assert_eq!(forwards.successes(0, 1), [0.25, 0.5]);
        assert_eq!(forwards.successes(1, 0), [] as [f64; 0]);
        assert_eq!(forwards.successes(9, 9), [] as [f64; 0]);
        assert_eq!(forwards.length_range_minutes(0), Some((2.0, 4.0)));
        assert_eq!(forwards.run_count(0), 3);
        assert_eq!(forwards.agent_index("b"), Some(1));
    }

    #[test]
    fn a_filter_leaves_what_reading_fewer_runs_would_have() {
        let runs = [
            run("a", "e/1", 2.0, 1.0),
            run("a", "f/2", 4.0, 0.5),
            run("b", "f/2", 4.0, 1.0),
            run("b", "f/3", 8.0, 0.0),
            run("c", "f/3", 8.0, 0.0),
        ];
        let dataset = Dataset::new(runs.clone()).unwrap();
        assert_eq!(dataset.filtered(|_, _| true), dataset);
        let only = |agent: &str, task: &str| agent != "c" && task != "e/1";
        let filtered = dataset
            .filtered(|agent, task| only(&dataset.agents()[agent], &dataset.tasks()[task].name));
        let fewer = runs.into_iter().filter(|run| only(&run.agent, &run.task));
        assert_eq!(filtered, Dataset::new(fewer).unwrap());
        assert_eq!(dataset.filtered(|_, _| false), Dataset::new([]).unwrap());
    }

    #[test]
    fn impossible_values_are_refused_with_row_and_task() {
        for minutes in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let error = Dataset::new([run("a", "f/1", minutes, 1.0)]).unwrap_err();
            assert!(matches!(&error, DataError::Minutes { row: 1, task, .. } if task == "f/1"));
        }
        for success in [-0.1, 1.1, f64::NAN] {
            let error = Dataset::new([run("a", "f/1", 1.0, 1.0), run("a", "f/2", 1.0, success)])
                .unwrap_err();
            assert!(
                error
                    .to_string()
                    .starts_with("row 2, task `f/2`: success is"),
                "{error}"
            );
        }
    }

    #[test]
    fn contradictions_name_both_rows() {
        let error =
            Dataset::new([run("a", "f/1", 1.0, 1.0), run("b", "f/1", 2.0, 1.0)]).unwrap_err();
        assert!(matches!(
            error,
            DataError::TwoLengths {
                row: 2,
                first_row: 1,
                ..
            }
        ));
        let moved = Run {
            family: "g".to_owned(),
            ..run("b", "f/1", 1.0, 1.0)
        };
        let error = Dataset::new([run("a", "f/1", 1.0, 1.0), moved]).unwrap_err();
        assert!(matches!(
            error,
            DataError::TwoFamilies {
                row: 2,
                first_row: 1,
                ..
            }
        ));
    }
}
