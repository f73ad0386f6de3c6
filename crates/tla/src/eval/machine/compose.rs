//! `A \cdot B`: a step of `A` and then one of `B`, taken as one.

use std::any::Any;
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

use super::action::{Rest, Sink};
use super::quantify::ended;
use super::{Fault, Machine, Mode, Step};
use crate::eval::code::{Code, VariableIndex};
use crate::eval::error::{ErrorKind, EvalError};
use crate::source::Span;
use crate::value::{Deferred, DeferredValue, Value};

/// A next state as far as it is made, with the number of variables without a value.
type Partial = (Vec<Option<Value>>, usize);

/// Stands for a variable that has no value between two steps: it fails where it is read.
#[derive(Debug)]
struct Missing(VariableIndex);

impl Deferred for Missing {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Which variable a value stands for that has none.
pub(super) fn missing(value: &DeferredValue) -> Option<VariableIndex> {
    let missing: Option<&Missing> = value.get().as_any().downcast_ref();
    missing.map(|missing| missing.0)
}

/// Keeps the states that an action allows.
struct Kept {
    states: Vec<Partial>,
}

impl<'m> Sink<'m> for Kept {
    fn accept(&mut self, machine: &mut Machine<'m>) -> Step {
        self.states.push((machine.next.clone(), machine.missing));
        Ok(ControlFlow::Continue(()))
    }
}

impl<'m> Machine<'m> {
    /// Finds the ways to satisfy `A \cdot B` and what remains. What was assigned before is the
    /// result of `B`; `A` leaves these variables as they are, unless it assigns them.
    #[inline(never)]
    pub(super) fn act_composed(
        &mut self,
        actions: &'m [Code; 2],
        span: Span,
        rest: &Rest<'_, 'm>,
        sink: &mut dyn Sink<'m>,
    ) -> Step {
        let given = (self.next.clone(), self.missing);
        for between in self.after_first(actions, span)? {
            let mut last = Kept { states: Vec::new() };
            self.in_state(between, given.clone(), |machine| {
                machine.act(&actions[1], &Rest::Done, &mut last).map(ended)
            })?;
            for made in last.states {
                for value in made.0.iter().flatten() {
                    if let Value::Deferred(value) = value
                        && let Some(index) = missing(value)
                    {
                        return Err(self.unassigned(index, false, span));
                    }
                }
                let outer = self.replace_next(made);
                let result = self.go_on(rest, sink);
                self.replace_next(outer);
                if result?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Whether a step is one of `A \cdot B`.
    #[inline(never)]
    pub(super) fn is_composed(
        &mut self,
        actions: &'m [Code; 2],
        span: Span,
    ) -> Result<bool, Fault> {
        let given = (self.next.clone(), self.missing);
        let nothing = (vec![None; given.0.len()], given.0.len());
        let outer = self.replace_next(nothing);
        let between = self.after_first(actions, span);
        self.replace_next(outer);
        for between in between? {
            let holds = self.in_state(between, given.clone(), |machine| {
                machine.truth(&actions[1], "B in A \\cdot B")
            })?;
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The states after the first of two actions. It may leave variables without a value that the
    /// second does not read.
    fn after_first(
        &mut self,
        actions: &'m [Code; 2],
        span: Span,
    ) -> Result<Vec<Vec<Value>>, Fault> {
        if self.mode != Mode::Action {
            let reason = "A \\cdot B was used where there is no step.";
            return Err(EvalError::new(ErrorKind::Unsupported(reason.into()), span));
        }
        let assigned: Vec<bool> = self.next.iter().map(Option::is_some).collect();
        let nothing = (vec![None; assigned.len()], assigned.len());
        let outer = self.replace_next(nothing);
        let mut kept = Kept { states: Vec::new() };
        let result = self.act(&actions[0], &Rest::Done, &mut kept);
        self.replace_next(outer);
        result.map(ended)?;
        let mut states = Vec::with_capacity(kept.states.len());
        for (values, _) in kept.states {
            let mut state = Vec::with_capacity(values.len());
            for (index, value) in (0_u32..).zip(values) {
                let place = index as usize;
                let value = match value {
                    None if assigned.get(place) == Some(&true) => self.state.get(place).cloned(),
                    value => value,
                };
                state.push(match value {
                    Some(value) => self.forced(value, span)?,
                    None => {
                        self.shared.has_deferred.store(true, Ordering::Relaxed);
                        Value::deferred(Missing(index))
                    }
                });
            }
            states.push(state);
        }
        Ok(states)
    }

    /// Runs in another state, with a next state as far as it is made.
    fn in_state<R>(
        &mut self,
        state: Vec<Value>,
        next: Partial,
        run: impl FnOnce(&mut Self) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        let outer_state = std::mem::replace(&mut self.state, state);
        let outer_epoch = self.state_epoch;
        self.state_epoch = self.fresh_epoch();
        let outer_next = self.replace_next(next);
        let result = run(self);
        self.replace_next(outer_next);
        self.state = outer_state;
        self.state_epoch = outer_epoch;
        self.count_state_read();
        result
    }

    fn replace_next(&mut self, (next, missing): Partial) -> Partial {
        self.next_epoch = self.fresh_epoch();
        (
            std::mem::replace(&mut self.next, next),
            std::mem::replace(&mut self.missing, missing),
        )
    }
}
