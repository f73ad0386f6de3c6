//! Names become positions, and runs are put in their fixed order.

use std::collections::HashMap;

use super::{DataError, Dataset, Family, RunRef, Task};

/// What is known of runs while they are read. Positions count first appearances.
#[derive(Default)]
pub(super) struct Interned<'r> {
    rows: usize,
    agent_positions: HashMap<&'r str, usize>,
    agents: Vec<&'r str>,
    task_positions: HashMap<&'r str, usize>,
    tasks: Vec<Seen<'r>>,
    /// Agent, task and success of every run.
    runs: Vec<(usize, usize, f64)>,
}

/// A task as the first run at it has it.
struct Seen<'r> {
    row: usize,
    name: &'r str,
    family: &'r str,
    human_minutes: f64,
}

impl<'r> Interned<'r> {
    /// Adds the next run.
    pub(super) fn add(&mut self, run: RunRef<'r>) -> Result<(), DataError> {
        self.rows += 1;
        let row = self.rows;
        check(row, &run)?;
        let next = self.tasks.len();
        let task = *self.task_positions.entry(run.task).or_insert(next);
        match self.tasks.get(task) {
            Some(first) => check_agrees(row, &run, first)?,
            None => self.tasks.push(Seen {
                row,
                name: run.task,
                family: run.family,
                human_minutes: run.human_minutes,
            }),
        }
        let next = self.agents.len();
        let agent = *self.agent_positions.entry(run.agent).or_insert(next);
        if agent == next {
            self.agents.push(run.agent);
        }
        self.runs.push((agent, task, run.success));
        Ok(())
    }

    /// The dataset, with everything sorted.
    pub(super) fn into_dataset(self) -> Dataset {
        let (agents, agent_ranks) = sorted(&self.agents, Ord::cmp);
        let (tasks, task_ranks) = sorted(&self.tasks, |a, b| {
            (a.family, a.name).cmp(&(b.family, b.name))
        });
        // Groups of agent and task, one after the other: first their sizes, then where they start.
        let mut starts = vec![0; agents.len() * tasks.len() + 1];
        let group = |agent: usize, task: usize| agent_ranks[agent] * tasks.len() + task_ranks[task];
        for &(agent, task, _) in &self.runs {
            starts[group(agent, task) + 1] += 1;
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        let mut successes = vec![0.0; self.runs.len()];
        let mut free = starts.clone();
        for &(agent, task, success) in &self.runs {
            let place = &mut free[group(agent, task)];
            successes[*place] = success;
            *place += 1;
        }
        for bounds in starts.windows(2) {
            successes[bounds[0]..bounds[1]].sort_by(f64::total_cmp);
        }
        let (tasks, families) = lay_out(&tasks);
        Dataset {
            agents: agents.into_iter().map(|&name| name.to_owned()).collect(),
            tasks,
            families,
            successes,
            starts,
        }
    }
}

/// Things in order, and the place in it of each as it was.
fn sorted<T>(things: &[T], order: impl Fn(&T, &T) -> std::cmp::Ordering) -> (Vec<&T>, Vec<usize>) {
    let mut positions: Vec<usize> = (0..things.len()).collect();
    positions.sort_by(|&a, &b| order(&things[a], &things[b]));
    let mut ranks = vec![0; things.len()];
    for (rank, &position) in positions.iter().enumerate() {
        ranks[position] = rank;
    }
    (positions.iter().map(|&it| &things[it]).collect(), ranks)
}

/// Tasks family by family, and which stretch is whose.
fn lay_out(sorted: &[&Seen<'_>]) -> (Vec<Task>, Vec<Family>) {
    let mut tasks = Vec::with_capacity(sorted.len());
    let mut families = Vec::new();
    for members in sorted.chunk_by(|a, b| a.family == b.family) {
        let start = tasks.len();
        tasks.extend(members.iter().map(|task| Task {
            name: task.name.to_owned(),
            family: families.len(),
            human_minutes: task.human_minutes,
        }));
        families.extend(members.first().map(|task| Family {
            name: task.family.to_owned(),
            tasks: start..tasks.len(),
        }));
    }
    (tasks, families)
}

/// Refuses values that no run can have.
fn check(row: usize, run: &RunRef<'_>) -> Result<(), DataError> {
    if !(run.human_minutes.is_finite() && run.human_minutes > 0.0) {
        return Err(DataError::Minutes {
            row,
            task: run.task.to_owned(),
            minutes: run.human_minutes,
        });
    }
    if !(0.0..=1.0).contains(&run.success) {
        return Err(DataError::Success {
            row,
            task: run.task.to_owned(),
            success: run.success,
        });
    }
    Ok(())
}

/// Refuses a run that says something else of its task than the first run did.
fn check_agrees(row: usize, run: &RunRef<'_>, first: &Seen<'_>) -> Result<(), DataError> {
    if first.human_minutes.to_bits() != run.human_minutes.to_bits() {
        return Err(DataError::TwoLengths {
            row,
            task: run.task.to_owned(),
            minutes: run.human_minutes,
            first_row: first.row,
            first_minutes: first.human_minutes,
        });
    }
    if first.family != run.family {
        return Err(DataError::TwoFamilies {
            row,
            task: run.task.to_owned(),
            family: run.family.to_owned(),
            first_row: first.row,
            first_family: first.family.to_owned(),
        });
    }
    Ok(())
}
