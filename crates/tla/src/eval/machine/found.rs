//! The states that an action allows: successors, initial states, or whether there are any.

use std::ops::ControlFlow;

use super::action::{Rest, Sink};
use super::quantify::ended;
use super::slots;
use super::{Fault, Machine, Mode, Step};
use crate::eval::code::{Enabled, Entry};
use crate::eval::error::{ErrorKind, EvalError};
use crate::source::{FileId, Span};
use crate::step::{ActionId, State, Successor};
use crate::symbol::Symbol;
use crate::value::Value;

/// The states found by [`Machine::successors`].
struct Found<'f> {
    found: &'f mut Vec<Successor>,
}

impl<'m> Sink<'m> for Found<'_> {
    fn accept(&mut self, machine: &mut Machine<'m>) -> Step {
        if machine.missing > 0 {
            return Err(machine.incomplete_successor());
        }
        let arguments = machine.arguments()?;
        let state = machine.made_state()?;
        self.found.push(Successor {
            action: ActionId(machine.action.map_or(0, |action| action.action)),
            arguments,
            state,
        });
        Ok(ControlFlow::Continue(()))
    }
}

/// The states found by [`Machine::initial_states`].
struct Initial<'f> {
    found: &'f mut dyn FnMut(State) -> ControlFlow<()>,
    span: Span,
}

impl<'m> Sink<'m> for Initial<'_> {
    fn accept(&mut self, machine: &mut Machine<'m>) -> Step {
        if machine.missing > 0 {
            let missing = machine.missing_names();
            return Err(EvalError::new(
                ErrorKind::IncompleteInitial { missing },
                self.span,
            ));
        }
        let state = machine.made_state()?;
        Ok((self.found)(state))
    }
}

/// Stops at the first state: there is one.
struct First;

impl<'m> Sink<'m> for First {
    fn accept(&mut self, _: &mut Machine<'m>) -> Step {
        Ok(ControlFlow::Break(()))
    }
}

impl<'m> Machine<'m> {
    /// Says whether [`Successor::arguments`] are wanted from here on, as they are at first.
    pub fn want_arguments(&mut self, wanted: bool) {
        self.wants_arguments = wanted;
    }

    /// Appends the successors of a state, in TLC's order, duplicates included.
    ///
    /// # Errors
    /// When the next-state relation cannot be evaluated; `found` then holds those before the error.
    pub fn successors(
        &mut self,
        next: &'m Entry,
        state: &[Value],
        found: &mut Vec<Successor>,
    ) -> Result<(), Fault> {
        self.reset();
        self.set_state(state);
        let mut sink = Found { found };
        self.in_entry(next.frame_size, |machine| {
            machine.act(&next.body, &Rest::Done, &mut sink)
        })
        .map(ended)
    }

    /// Enumerates the states that satisfy an initial predicate, in TLC's order, duplicates
    /// included, until told to stop.
    ///
    /// # Errors
    /// When the predicate cannot be evaluated; states before the error were handed over.
    pub fn initial_states(
        &mut self,
        init: &'m Entry,
        found: &mut dyn FnMut(State) -> ControlFlow<()>,
    ) -> Result<(), Fault> {
        self.reset();
        self.no_state(Mode::Initial);
        let mut sink = Initial {
            found,
            span: init.body.span,
        };
        self.in_entry(init.frame_size, |machine| {
            machine.act(&init.body, &Rest::Done, &mut sink)
        })
        .map(ended)
    }

    /// `ENABLED A`
    #[inline(never)]
    pub(super) fn enabled(&mut self, enabled: &'m Enabled) -> Result<bool, Fault> {
        let action = &enabled.action;
        self.descend(action.span)?;
        let mut shadows = Vec::with_capacity(enabled.shadows.len());
        for (index, present) in &enabled.shadows {
            shadows.push((*index as usize, self.eval_final(present)?));
        }
        let most = shadows.iter().map(|(index, _)| index + 1).max();
        let variables = self.next.len().max(most.unwrap_or(0));
        let primed = self.mode == Mode::Primed;
        let present: Option<Vec<Value>> = if primed {
            let values: Option<Vec<Value>> = self.next.iter().cloned().collect();
            if values.is_none() {
                let index = self.next.iter().position(Option::is_none).unwrap_or(0);
                return Err(self.unassigned(slots::index(index), true, action.span));
            }
            self.count_next_read();
            values
        } else {
            None
        };
        let reads = (self.state_reads.get(), self.next_reads.get());
        let outer_next = std::mem::replace(&mut self.next, vec![None; variables]);
        let outer_missing = std::mem::replace(&mut self.missing, variables);
        let outer_epochs = (self.state_epoch, self.next_epoch);
        let outer_mode = self.mode;
        let outer_action = self.action;
        self.next_epoch = self.fresh_epoch();
        if outer_mode == Mode::Primed {
            self.mode = Mode::Action;
        }
        let present = match (present, shadows.is_empty()) {
            (None, true) => None,
            (present, _) => {
                let mut present = present.unwrap_or_else(|| self.state.clone());
                present.resize(variables.max(present.len()), Value::Bool(false));
                for (index, value) in shadows {
                    present[index] = value;
                }
                Some(present)
            }
        };
        let outer_state = present.map(|present| {
            self.state_epoch = self.fresh_epoch();
            std::mem::replace(&mut self.state, present)
        });
        let result = self.act(action, &Rest::Done, &mut First);
        self.next = outer_next;
        self.missing = outer_missing;
        (self.state_epoch, self.next_epoch) = outer_epochs;
        self.mode = outer_mode;
        self.action = outer_action;
        self.next_reads.set(reads.1);
        if let Some(state) = outer_state {
            self.state = state;
            if primed {
                self.state_reads.set(reads.0);
            }
        }
        Ok(result?.is_break())
    }

    /// The next state, complete and computed.
    fn made_state(&mut self) -> Result<State, Fault> {
        let mut values = Vec::with_capacity(self.next.len());
        let span = Span {
            file: FileId(0),
            start: 0,
            end: 0,
        };
        for index in 0..self.next.len() {
            if let Some(value) = self.next.get(index).cloned().flatten() {
                values.push(self.forced(value, span)?);
            }
        }
        Ok(State(values.into()))
    }

    fn missing_names(&self) -> Vec<Symbol> {
        let names = self.program.variables.iter();
        names
            .zip(&self.next)
            .filter(|(_, value)| value.is_none())
            .map(|(name, _)| *name)
            .collect()
    }

    #[cold]
    fn incomplete_successor(&self) -> Fault {
        let action = self
            .action
            .and_then(|action| self.model.actions.get(action.action as usize));
        let span = match (action, &self.model.next) {
            (Some(action), _) => action.span,
            (None, Some(next)) => next.body.span,
            (None, None) => self.model.init.body.span,
        };
        EvalError::new(
            ErrorKind::IncompleteSuccessor {
                action: action.map(|action| action.name),
                missing: self.missing_names(),
            },
            span,
        )
    }

    /// The arguments that the action at hand reports.
    fn arguments(&mut self) -> Result<Box<[(Symbol, Value)]>, Fault> {
        let Some(action) = self.action else {
            return Ok(Box::default());
        };
        if !self.wants_arguments || action.arguments.is_empty() {
            return Ok(Box::default());
        }
        let span = self
            .model
            .actions
            .get(action.action as usize)
            .map_or(self.model.init.body.span, |action| action.span);
        let mut arguments = Vec::with_capacity(action.arguments.len());
        for (name, local) in action.arguments {
            let value = self.at_base(action.base, |machine| machine.local(*local, span));
            match value.and_then(|value| self.forced(value, span)) {
                Ok(value) => arguments.push((*name, value)),
                Err(fault) if fault.is_resource() => return Err(fault),
                // An operand that the action never needed.
                Err(_) => {}
            }
        }
        Ok(arguments.into())
    }
}
