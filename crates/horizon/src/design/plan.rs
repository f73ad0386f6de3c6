//! Choosing further runs one after the other, each by its gain per cost.

use std::collections::BTreeMap;

use serde::Serialize;

use super::variance::{Further, Layout};
use super::{Design, DesignError, Width};

/// Further runs after which a search for a width ends.
const MOST_ATTEMPTS: usize = 10_000;

/// A further attempt that could be made.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Candidate<'a> {
    /// Who would try.
    pub agent: &'a str,
    /// The task.
    pub task: &'a str,
    /// The task's family.
    pub family: &'a str,
    /// How long the task takes a human, in minutes.
    pub human_minutes: f64,
    /// The agent's chance of success at tasks of this length.
    pub chance: f64,
    /// Runs of the agent at the task so far, those of the plan included.
    pub runs: usize,
}

/// Attempts of one agent at one task that a plan holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suggestion {
    /// Who is to try.
    pub agent: String,
    /// The task.
    pub task: String,
    /// The task's family.
    pub family: String,
    /// How long the task takes a human, in minutes.
    pub human_minutes: f64,
    /// The agent's chance of success at tasks of this length.
    pub chance: f64,
    /// Runs that there are already.
    pub runs: usize,
    /// Further attempts to make.
    pub attempts: usize,
    /// By how much they are expected to lessen the variance of ln of the target, as a share of
    /// the present variance.
    pub gain: f64,
    /// What they cost together, in the unit of the costs.
    pub cost: f64,
}

/// Attempts to make, with what they come to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// Width of the interval at present.
    pub before: Width,
    /// Expected width after the plan.
    pub after: Width,
    /// Number of attempts.
    pub attempts: usize,
    /// What they cost, in the unit of the costs.
    pub cost: f64,
    /// The attempts, in the order in which tasks were first chosen.
    pub suggestions: Vec<Suggestion>,
}

/// What it takes to reach a width.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The plan that reaches it; without attempts where the present runs do.
    Reached(Plan),
    /// The attempts that can be made do not reach it.
    OutOfReach(OutOfReach),
}

/// Why a width is out of reach, and what would bring it within.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutOfReach {
    /// Width of the interval at present.
    pub before: Width,
    /// Expected width after any number of attempts at the tasks tried and those worth trying: the
    /// tasks and families themselves remain.
    pub floor: Width,
    /// How many further tasks would be needed, in families like those tried and attempted as often;
    /// absent where nothing was tried, or no number of tasks can tell.
    pub further_tasks: Option<u64>,
    /// The same if every task, old and new, were attempted without end.
    pub further_tasks_at_floor: Option<u64>,
    /// Attempts after which the search ended.
    pub attempts: usize,
}

impl Design {
    /// The next attempts to make: one after the other, the one that lessens the expected variance
    /// most for what it costs. `cost` gives the cost of one attempt in any unit, or none where
    /// it cannot be made. The plan holds fewer attempts where no other would help.
    ///
    /// # Errors
    /// Refuses costs that are not finite numbers above zero.
    pub fn next(
        &self,
        attempts: usize,
        cost: impl Fn(&Candidate<'_>) -> Option<f64>,
    ) -> Result<Plan, DesignError> {
        let mut search = Search::new(self, cost);
        while search.attempts < attempts && search.step()? {}
        Ok(search.into_plan())
    }

    /// How many attempts, chosen as in [`Design::next`], it takes until the interval's high end
    /// is expected to be at most `ratio` times its low end. Widths are those of
    /// [`Design::width`], which are somewhat narrower than the bootstrap's: to reach a bootstrap
    /// interval, shrink ln `ratio` as [`Design::width`] is narrower than the bootstrap's own.
    ///
    /// # Errors
    /// Refuses ratios that are not finite numbers above 1, and costs as [`Design::next`] does.
    pub fn attempts_for(
        &self,
        ratio: f64,
        cost: impl Fn(&Candidate<'_>) -> Option<f64>,
    ) -> Result<Answer, DesignError> {
        if !(ratio.is_finite() && ratio > 1.0) {
            return Err(DesignError::Ratio(ratio));
        }
        let wanted = Width::variance_at(ratio);
        let mut search = Search::new(self, cost);
        while search.variance > wanted {
            if search.attempts >= MOST_ATTEMPTS || !search.step()? {
                return Ok(Answer::OutOfReach(search.out_of_reach(wanted)));
            }
        }
        Ok(Answer::Reached(search.into_plan()))
    }
}

/// A plan in the making.
struct Search<'a, C> {
    design: &'a Design,
    cost: C,
    further: Further,
    layout: Layout,
    before: f64,
    variance: f64,
    attempts: usize,
    total_cost: f64,
    /// Gain, cost and place in the order of choice of each agent and task.
    chosen: BTreeMap<(usize, usize), Chosen>,
}

#[derive(Default)]
struct Chosen {
    order: usize,
    gain: f64,
    cost: f64,
}

/// The best attempt found so far.
struct Best {
    arm: usize,
    task: usize,
    gain: f64,
    cost: f64,
}

impl<'a, C: Fn(&Candidate<'_>) -> Option<f64>> Search<'a, C> {
    fn new(design: &'a Design, cost: C) -> Self {
        let further = design.nothing();
        let layout = Layout::new(design, &further);
        let before = layout.present();
        Self {
            design,
            cost,
            variance: layout.variance(design, &further),
            further,
            layout,
            before,
            attempts: 0,
            total_cost: 0.0,
            chosen: BTreeMap::new(),
        }
    }

    fn candidate(&self, arm: usize, task: usize) -> Candidate<'a> {
        let design = self.design;
        let cell = &design.arms[arm].cells[task];
        Candidate {
            agent: &design.agent_names[design.arms[arm].agent],
            task: &design.tasks[task].name,
            family: &design.family_names[design.families[task]],
            human_minutes: design.tasks[task].human_minutes,
            chance: cell.chance,
            runs: cell.runs + self.further[arm][task],
        }
    }

    fn cost(&self, arm: usize, task: usize) -> Result<Option<f64>, DesignError> {
        let candidate = self.candidate(arm, task);
        match (self.cost)(&candidate) {
            Some(cost) if !(cost.is_finite() && cost > 0.0) => Err(DesignError::Cost {
                task: candidate.task.to_owned(),
                cost,
            }),
            cost => Ok(cost),
        }
    }

    /// Adds the attempt with the largest gain per cost, and says whether there was one that helps.
    fn step(&mut self) -> Result<bool, DesignError> {
        let Some(best) = self.best()? else {
            return Ok(false);
        };
        let Best {
            arm,
            task,
            gain,
            cost,
        } = best;
        let first = self.candidate(arm, task).runs == 0;
        self.further[arm][task] += 1;
        if first {
            self.layout = Layout::new(self.design, &self.further);
        }
        self.variance = self.layout.variance(self.design, &self.further);
        self.attempts += 1;
        self.total_cost += cost;
        let order = self.chosen.len();
        let chosen = self.chosen.entry((arm, task)).or_insert(Chosen {
            order,
            ..Chosen::default()
        });
        chosen.gain += gain;
        chosen.cost += cost;
        Ok(true)
    }

    fn best(&self) -> Result<Option<Best>, DesignError> {
        let mut best: Option<Best> = None;
        for arm in 0..self.design.arms.len() {
            for task in 0..self.design.tasks.len() {
                let Some(cost) = self.cost(arm, task)? else {
                    continue;
                };
                let gain = self.gain(arm, task);
                // Of equals the first is taken, so that a plan is always the same.
                let better = best
                    .as_ref()
                    .is_none_or(|best| gain / cost > best.gain / best.cost);
                if gain > 0.0 && better {
                    best = Some(Best {
                        arm,
                        task,
                        gain,
                        cost,
                    });
                }
            }
        }
        Ok(best)
    }

    fn gain(&self, arm: usize, task: usize) -> f64 {
        let further = self.further[arm][task];
        if self.design.arms[arm].cells[task].runs + further > 0 {
            return self.layout.gain(self.design, arm, task, further);
        }
        let mut with = self.further.clone();
        with[arm][task] = 1;
        self.variance - Layout::new(self.design, &with).variance(self.design, &with)
    }

    fn into_plan(self) -> Plan {
        let mut chosen: Vec<_> = self.chosen.iter().collect();
        chosen.sort_by_key(|(_, chosen)| chosen.order);
        let suggestion = |(&(arm, task), chosen): (&(usize, usize), &Chosen)| {
            let candidate = self.candidate(arm, task);
            let attempts = self.further[arm][task];
            Suggestion {
                agent: candidate.agent.to_owned(),
                task: candidate.task.to_owned(),
                family: candidate.family.to_owned(),
                human_minutes: candidate.human_minutes,
                chance: candidate.chance,
                runs: candidate.runs - attempts,
                attempts,
                gain: if self.before > 0.0 {
                    chosen.gain / self.before
                } else {
                    0.0
                },
                cost: chosen.cost,
            }
        };
        Plan {
            before: Width::of_variance(self.before),
            after: Width::of_variance(self.variance),
            attempts: self.attempts,
            cost: self.total_cost,
            suggestions: chosen.into_iter().map(suggestion).collect(),
        }
    }

    fn out_of_reach(&self, wanted: f64) -> OutOfReach {
        // A cost that is no number has ended the search already.
        let open = |arm, task| matches!(self.cost(arm, task), Ok(Some(_)));
        let floor = self.layout.floor(self.design, &self.further, open);
        OutOfReach {
            before: Width::of_variance(self.before),
            floor: Width::of_variance(floor),
            further_tasks: further_tasks(self.design.tried_tasks(), self.before, wanted),
            further_tasks_at_floor: further_tasks(self.design.tried_tasks(), floor, wanted),
            attempts: self.attempts,
        }
    }
}

/// The variance of a mean over tasks falls in proportion to their number.
fn further_tasks(tasks: usize, variance: f64, wanted: f64) -> Option<u64> {
    let needed = tasks as f64 * (variance / wanted - 1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the number is rounded up, not negative, and below 2⁵³"
    )]
    let whole = |needed: f64| needed.max(0.0).ceil() as u64;
    (tasks > 0 && needed < 9e15).then(|| whole(needed))
}
