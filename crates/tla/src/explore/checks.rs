//! The checks of one state or step, in TLC's order.

use super::finding::{Failure, Problem};
use super::outcome::{EvaluationError, Outcome, Phase};
use super::system::{CheckInfo, System, Worker};
use crate::control::Progress;
use crate::control::{Control, StopReason};
use crate::step::State;

/// A worker with what it checks.
#[derive(Debug)]
pub(super) struct Checker<'a, W> {
    /// Evaluates.
    pub(super) worker: W,
    control: &'a Control,
    assumptions: &'a [CheckInfo],
    invariants: &'a [CheckInfo],
    initial_properties: &'a [CheckInfo],
    action_properties: &'a [CheckInfo],
    progress: Progress,
}

/// The result of a check: what is wrong, if anything.
pub(super) type Checked = Result<Option<Problem>, Failure>;

impl<'a, W: Worker> Checker<'a, W> {
    /// A fresh worker of a system.
    pub(super) fn new<S>(system: &'a S, control: &'a Control) -> Checker<'a, W>
    where
        S: System<Worker<'a> = W>,
    {
        Checker {
            worker: system.worker(),
            control,
            assumptions: system.assumptions(),
            invariants: system.invariants(),
            initial_properties: system.initial_properties(),
            action_properties: system.action_properties(),
            progress: Progress::default(),
        }
    }

    /// What evaluation is told from here on.
    pub(super) fn set_progress(&mut self, progress: Progress) {
        self.progress = progress;
        self.worker.set_progress(progress);
    }

    /// Changes what evaluation is told from here on.
    pub(super) fn tell(&mut self, change: impl FnOnce(&mut Progress)) {
        let mut progress = self.progress;
        change(&mut progress);
        self.set_progress(progress);
    }

    /// What evaluation is told from here on of the level.
    pub(super) fn set_level(&mut self, level: u32) {
        if self.progress.level != level {
            self.set_progress(Progress {
                level,
                ..self.progress
            });
        }
    }

    /// Whether a state is within the state constraints.
    pub(super) fn within(&mut self, state: &State) -> Result<bool, Failure> {
        self.worker
            .within_constraints(state)
            .map_err(|error| self.failure(&error, Phase::Constraint))
    }

    /// Whether a step is within the action constraints.
    pub(super) fn step_within(&mut self, from: &State, to: &State) -> Result<bool, Failure> {
        self.worker
            .step_within_constraints(from, to)
            .map_err(|error| self.failure(&error, Phase::ActionConstraint))
    }

    /// The identity of a state.
    pub(super) fn fingerprint(&mut self, state: &State) -> Result<u64, Failure> {
        self.worker
            .fingerprint(state)
            .map_err(|error| self.failure(&error, Phase::Fingerprint))
    }

    /// The first invariant that does not hold.
    pub(super) fn invariants(&mut self, state: &State) -> Checked {
        for index in 0..self.invariants.len() {
            match self.worker.invariant(index, state) {
                Ok(true) => {}
                Ok(false) => return Ok(Some(Problem::Invariant(index))),
                Err(error) => return Err(self.failure(&error, Phase::Invariant(index))),
            }
        }
        Ok(None)
    }

    /// The first property of initial states that does not hold.
    pub(super) fn initial_properties(&mut self, state: &State) -> Checked {
        for index in 0..self.initial_properties.len() {
            match self.worker.initial_property(index, state) {
                Ok(true) => {}
                Ok(false) => return Ok(Some(Problem::InitialProperty(index))),
                Err(error) => return Err(self.failure(&error, Phase::InitialProperty(index))),
            }
        }
        Ok(None)
    }

    /// The first property of steps that does not hold.
    pub(super) fn action_properties(&mut self, from: &State, to: &State) -> Checked {
        for index in 0..self.action_properties.len() {
            match self.worker.action_property(index, from, to) {
                Ok(true) => {}
                Ok(false) => return Ok(Some(Problem::ActionProperty(index))),
                Err(error) => return Err(self.failure(&error, Phase::ActionProperty(index))),
            }
        }
        Ok(None)
    }

    /// The verdict on the postconditions.
    pub(super) fn postconditions(&mut self) -> Outcome {
        match self.worker.postcondition() {
            Ok(None) => Outcome::Ok,
            Ok(Some(index)) => Outcome::PostconditionFalse(index),
            Err(error) => self.failed(&error, Phase::Postcondition),
        }
    }

    /// The verdict when something outside all states could not be evaluated.
    pub(super) fn failed(&self, error: &W::Error, phase: Phase) -> Outcome {
        match self.failure(error, phase) {
            Failure::Error(error) => Outcome::of_error(*error),
            Failure::Stopped => {
                Outcome::Limit(self.control.stopped().unwrap_or(StopReason::Cancelled))
            }
        }
    }

    /// Tells an error from an interruption: whatever goes wrong after the computation was asked to
    /// stop counts as stopped.
    pub(super) fn failure(&self, error: &W::Error, phase: Phase) -> Failure {
        if self.control.stopped().is_some() {
            return Failure::Stopped;
        }
        let check = match phase {
            Phase::Assumption(index) => self.assumptions.get(index),
            Phase::Invariant(index) => self.invariants.get(index),
            Phase::InitialProperty(index) => self.initial_properties.get(index),
            Phase::ActionProperty(index) => self.action_properties.get(index),
            _ => None,
        };
        Failure::Error(Box::new(EvaluationError {
            phase,
            check: check.cloned(),
            message: error.to_string(),
            is_refusal: W::is_refusal(error),
            places: W::places(error),
        }))
    }
}

/// A check that failed is a problem too, unless it was stopped.
pub(super) fn problem(checked: Checked) -> Result<Option<Problem>, Stopped> {
    match checked {
        Ok(problem) => Ok(problem),
        Err(Failure::Error(error)) => Ok(Some(Problem::Evaluation(error))),
        Err(Failure::Stopped) => Err(Stopped),
    }
}

/// The computation was asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stopped;
