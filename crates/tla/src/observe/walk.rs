//! Is a whole sequence of observations a behaviour, where there are too many states to explore?
//!
//! Only what the trace leads to is looked at: the states that look like its first observation, those
//! that internal steps lead to from there, those after its first event, and so on.

use std::collections::HashSet;
use std::ops::ControlFlow;

use super::{Event, QuestionError, holds};
use crate::control::{Control, StopReason};
use crate::eval::code::Entry;
use crate::eval::machine::Fault;
use crate::eval::model::{Asked, Model};
use crate::explore::{
    EvaluationError, GraphError, Limits, ModelSystem, ModelWorker, Phase, State, Successor, System,
    Worker, with_limits,
};
use crate::symbol::Symbol;
use crate::value::Value;

/// Whether a trace is a behaviour of a specification.
#[derive(Debug, Clone, PartialEq)]
pub enum Walked {
    /// It is.
    Allowed,
    /// No initial state looks like the first observation; these are what initial states look like.
    NoStart(Vec<Value>),
    /// Up to an event it is.
    Fails {
        /// The first event, from zero, that is not possible.
        event: usize,
        /// What its action can lead to there.
        possible: Vec<Value>,
        /// What any step can lead to there, what is already observed left out.
        others: Vec<Value>,
    },
}

/// Follows traces through the states of a specification.
#[derive(Debug)]
pub struct Walker<'m> {
    worker: ModelWorker<'m>,
    control: &'m Control,
    asked: &'m Asked,
    most: Option<u64>,
    /// States looked at so far.
    looked_at: u64,
}

/// Walks through a model that has an [`Interface`](crate::eval::model::Interface). Values of
/// questions are to be made by the function that asks, as for [`ask`](super::ask). The limit of states
/// is one of the states looked at.
///
/// # Errors
/// When what is asked has no answer within the limits.
pub fn walk<T: Send>(
    model: &Model,
    control: &Control,
    limits: &Limits,
    questions: impl FnOnce(&mut Walker<'_>) -> Result<T, QuestionError> + Send,
) -> Result<T, QuestionError> {
    let system = ModelSystem::new(model, control, 0).without_reductions();
    with_limits(control, limits, || {
        model.ranks.take_effect();
        let asked = model.interface.as_ref().ok_or(QuestionError::NoInterface)?;
        questions(&mut Walker {
            worker: system.worker(),
            control,
            asked,
            most: limits.states,
            looked_at: 0,
        })
    })?
}

/// States, each once.
#[derive(Default)]
struct States {
    known: HashSet<u64>,
    all: Vec<State>,
}

impl<'m> Walker<'m> {
    /// How many states were looked at so far, those that were looked at twice counted twice.
    #[must_use]
    pub fn looked_at(&self) -> u64 {
        self.looked_at
    }

    /// Whether a trace is a behaviour: all states that the specification may be in are carried along.
    /// Internal steps may be anywhere if `internal`.
    ///
    /// # Errors
    /// When an action is not known, something cannot be evaluated, or a limit is reached.
    pub fn trace(
        &mut self,
        first: &Value,
        events: &[Event],
        internal: bool,
    ) -> Result<Walked, QuestionError> {
        let mut here = States::default();
        let mut starts = Values::default();
        for state in self.initial()? {
            let seen = self.look(&state)?;
            if seen.fingerprint()? == first.fingerprint()? {
                self.add(&mut here, state)?;
            }
            starts.add(seen)?;
        }
        if here.all.is_empty() {
            return Ok(Walked::NoStart(starts.all));
        }
        let mut observation = first.fingerprint()?;
        for (number, event) in events.iter().enumerate() {
            if internal {
                self.close(&mut here, observation)?;
            }
            let action = self.action(event.action)?;
            let after = event.after.fingerprint()?;
            let mut next = States::default();
            let (mut possible, mut others) = (Values::default(), Values::default());
            for state in &here.all {
                for to in self.successors(state)? {
                    let seen = self.look(&to)?;
                    let looks = seen.fingerprint()?;
                    let machine = self.worker.machine();
                    let takes = holds(
                        machine,
                        self.control,
                        action,
                        &event.arguments,
                        [state, &to],
                    );
                    if takes? {
                        possible.add(seen)?;
                        if looks == after {
                            self.add(&mut next, to)?;
                        }
                    } else if looks != observation {
                        others.add(seen)?;
                    }
                }
            }
            if next.all.is_empty() {
                return Ok(Walked::Fails {
                    event: number,
                    possible: possible.all,
                    others: others.all,
                });
            }
            here = next;
            observation = after;
        }
        Ok(Walked::Allowed)
    }

    fn action(&self, name: Symbol) -> Result<&'m Entry, QuestionError> {
        let mut actions = self.asked.actions.iter();
        actions
            .find(|action| action.name == name)
            .map(|action| &action.code)
            .ok_or(QuestionError::NoAction(name))
    }

    /// Adds all states that internal steps lead to.
    fn close(&mut self, states: &mut States, observation: u64) -> Result<(), QuestionError> {
        let mut at = 0;
        while let Some(state) = states.all.get(at).cloned() {
            at += 1;
            for to in self.successors(&state)? {
                if self.look(&to)?.fingerprint()? == observation {
                    self.add(states, to)?;
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, states: &mut States, state: State) -> Result<(), QuestionError> {
        let fingerprint = self.worker.fingerprint(&state);
        let fingerprint = fingerprint.map_err(|fault| self.failed(&fault, Phase::Fingerprint))?;
        if states.known.insert(fingerprint) {
            states.all.push(state);
        }
        Ok(())
    }

    fn initial(&mut self) -> Result<Vec<State>, QuestionError> {
        let mut all = Vec::new();
        let most = self.most;
        let end = self.worker.initial_states(&mut |state| {
            all.push(state);
            match most.is_some_and(|most| all.len() as u64 > most) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
        end.map_err(|fault| self.failed(&fault, Phase::Initial))?;
        self.count(all.len())?;
        Ok(all)
    }

    /// The state itself and where steps lead from it; nowhere from beyond the constraints.
    fn successors(&mut self, state: &State) -> Result<Vec<State>, QuestionError> {
        let mut all = vec![state.clone()];
        let within = self.worker.within_constraints(state);
        if within.map_err(|fault| self.failed(&fault, Phase::Constraint))? {
            let mut found = Vec::new();
            let end = self.worker.successors(state, &mut found);
            end.map_err(|fault| self.failed(&fault, Phase::Next))?;
            for Successor { state: to, .. } in found {
                let within = self.worker.step_within_constraints(state, &to);
                if within.map_err(|fault| self.failed(&fault, Phase::ActionConstraint))? {
                    all.push(to);
                }
            }
        }
        self.count(all.len() - 1)?;
        Ok(all)
    }

    fn count(&mut self, states: usize) -> Result<(), QuestionError> {
        self.looked_at += states as u64;
        if let Some(reason) = self.control.stopped() {
            return Err(GraphError::Limit(reason).into());
        }
        match self.most.is_some_and(|most| self.looked_at > most) {
            true => Err(GraphError::Limit(StopReason::States).into()),
            false => Ok(()),
        }
    }

    fn look(&mut self, state: &State) -> Result<Value, QuestionError> {
        let view = &self.asked.view;
        let value = self.worker.machine().value_in(&view.code, &state.0);
        value.map_err(|error| QuestionError::Evaluation {
            name: view.name,
            error,
        })
    }

    fn failed(&self, fault: &Fault, phase: Phase) -> QuestionError {
        if let Some(reason) = self.control.stopped() {
            return GraphError::Limit(reason).into();
        }
        GraphError::Evaluation(Box::new(EvaluationError {
            phase,
            check: None,
            message: fault.to_string(),
            is_refusal: ModelWorker::is_refusal(fault),
            places: ModelWorker::places(fault),
        }))
        .into()
    }
}

/// Values, each once, in the order in which they are found.
#[derive(Default)]
struct Values {
    known: HashSet<u64>,
    all: Vec<Value>,
}

impl Values {
    fn add(&mut self, value: Value) -> Result<(), QuestionError> {
        if self.known.insert(value.fingerprint()?) {
            self.all.push(value);
        }
        Ok(())
    }
}
