//! Giving variables their values in the next state.

use std::ops::ControlFlow;

use super::action::{Rest, Sink};
use super::{Machine, Mode, Slot, Step, broken, value_fault};
use crate::eval::code::{Code, Op, VariableIndex};
use crate::source::Span;
use crate::value::Value;

/// How many names that stand for names are followed to find the variable that is assigned.
const MAX_ALIASES: u32 = 64;

impl<'m> Machine<'m> {
    /// The variable that the left side of `x' = e` assigns (of `x = e` in an initial predicate),
    /// also behind names that stand for it.
    #[inline]
    pub(super) fn assigned(&self, code: &'m Code) -> Option<VariableIndex> {
        match (&code.op, self.mode) {
            (Op::Primed(index), Mode::Action) | (Op::Variable(index), Mode::Initial) => {
                Some(*index)
            }
            (Op::Local(_) | Op::Prime(_) | Op::Call(..) | Op::Memo(..) | Op::Count(..), _) => {
                self.assigned_behind(code, self.base, false, MAX_ALIASES)
            }
            _ => None,
        }
    }

    fn assigned_behind(
        &self,
        code: &'m Code,
        base: usize,
        under_prime: bool,
        aliases: u32,
    ) -> Option<VariableIndex> {
        let aliases = aliases.checked_sub(1)?;
        match &code.op {
            Op::Primed(index) => (self.mode == Mode::Action && !under_prime).then_some(*index),
            Op::Variable(index) => match self.mode {
                Mode::Action => under_prime.then_some(*index),
                Mode::Initial => (!under_prime).then_some(*index),
                Mode::Constant | Mode::Primed => None,
            },
            Op::Prime(inner) if !under_prime => self.assigned_behind(inner, base, true, aliases),
            Op::Memo(memo) => self.assigned_behind(&memo.body, base, under_prime, aliases),
            Op::Count(_, inner) => self.assigned_behind(inner, base, under_prime, aliases),
            Op::Local(local) => {
                let mut frame = base;
                for _ in 0..local.depth {
                    let Some(Slot::Link { around, .. }) =
                        frame.checked_sub(1).and_then(|at| self.slots.get(at))
                    else {
                        return None;
                    };
                    frame = *around as usize;
                }
                match self.slots.get(frame.checked_add(local.slot as usize)?)? {
                    Slot::Thunk(thunk) => {
                        let (code, base) = self.thunk(*thunk)?;
                        self.assigned_behind(code, base, under_prime, aliases)
                    }
                    _ => None,
                }
            }
            Op::Call(routine, operands) if operands.is_empty() => {
                let routine = self.program.routines.get(routine.0 as usize)?;
                // Nothing is bound in such a definition that could stand for a variable.
                self.assigned_behind(&routine.body, usize::MAX, under_prime, aliases)
            }
            _ => None,
        }
    }

    /// `x' = e`
    pub(super) fn assign(
        &mut self,
        variable: VariableIndex,
        value: Value,
        span: Span,
        rest: &Rest<'_, 'm>,
        sink: &mut dyn Sink<'m>,
    ) -> Step {
        let index = variable as usize;
        let Some(place) = self.next.get_mut(index) else {
            return Err(broken(span));
        };
        if let Some(present) = place {
            let present = present.clone();
            return if self.operate(&present, &value, span, Value::equals)? {
                self.go_on(rest, sink)
            } else {
                Ok(ControlFlow::Continue(()))
            };
        }
        *place = Some(value);
        let epoch = self.next_epoch;
        self.missing -= 1;
        self.next_epoch = self.fresh_epoch();
        let result = self.go_on(rest, sink);
        self.next[index] = None;
        self.missing += 1;
        self.next_epoch = epoch;
        result
    }

    /// `x' \in S`, or `x' \subseteq S`
    #[inline(never)]
    pub(super) fn assign_from(
        &mut self,
        variable: VariableIndex,
        set: &'m Code,
        subsets: bool,
        rest: &Rest<'_, 'm>,
        sink: &mut dyn Sink<'m>,
    ) -> Step {
        let span = set.span;
        let mut source = self.eval(set)?;
        if subsets {
            source = Value::power_set(source).map_err(|error| value_fault(error, span))?;
        }
        let Some(place) = self.next.get(variable as usize) else {
            return Err(broken(span));
        };
        if let Some(present) = place {
            let present = present.clone();
            return if self.contains(&source, &present, span)? {
                self.go_on(rest, sink)
            } else {
                Ok(ControlFlow::Continue(()))
            };
        }
        self.each_element(&source, span, |machine, element| {
            machine.assign(variable, element, span, rest, sink)
        })
    }

    /// `UNCHANGED <<x, y>>`
    pub(super) fn keep(
        &mut self,
        variables: &'m [VariableIndex],
        span: Span,
        rest: &Rest<'_, 'm>,
        sink: &mut dyn Sink<'m>,
    ) -> Step {
        let (now, later) = variables.split_at(variables.len().min(64));
        let mut assigned = 0_u64;
        let mut kept = true;
        let epoch = self.next_epoch;
        for (bit, &variable) in now.iter().enumerate() {
            let index = variable as usize;
            let (Some(place), Some(value)) = (self.next.get_mut(index), self.state.get(index))
            else {
                return Err(self.unassigned(variable, false, span));
            };
            match place {
                None => {
                    *place = Some(value.clone());
                    assigned |= 1 << bit;
                }
                Some(present) => {
                    let same = present.equals(value);
                    match same {
                        Ok(true) => {}
                        Ok(false) => kept = false,
                        Err(error) => {
                            self.take_back(now, assigned, epoch);
                            return Err(value_fault(error, span));
                        }
                    }
                }
            }
            if !kept {
                break;
            }
        }
        self.missing -= assigned.count_ones() as usize;
        let result = if kept {
            if assigned != 0 {
                self.next_epoch = self.fresh_epoch();
            }
            if later.is_empty() {
                self.go_on(rest, sink)
            } else {
                self.keep(later, span, rest, sink)
            }
        } else {
            Ok(ControlFlow::Continue(()))
        };
        self.missing += assigned.count_ones() as usize;
        self.take_back(now, assigned, epoch);
        result
    }

    fn take_back(&mut self, variables: &[VariableIndex], assigned: u64, epoch: u64) {
        if assigned == 0 {
            return;
        }
        for (bit, &variable) in variables.iter().enumerate() {
            if assigned & (1 << bit) != 0 {
                self.next[variable as usize] = None;
            }
        }
        self.next_epoch = epoch;
    }

    /// `UNCHANGED e`
    pub(super) fn keep_expression(
        &mut self,
        code: &'m Code,
        rest: &Rest<'_, 'm>,
        sink: &mut dyn Sink<'m>,
    ) -> Step {
        let span = code.span;
        match &code.op {
            Op::Variable(variable) => self.keep(std::slice::from_ref(variable), span, rest, sink),
            Op::Tuple(parts) => self.keep_all(parts, rest, sink),
            Op::Memo(memo) => self.keep_expression(&memo.body, rest, sink),
            Op::Count(_, inner) => self.keep_expression(inner, rest, sink),
            Op::Call(routine, operands) if operands.is_empty() => {
                self.call(*routine, 0, operands, span, |m, body| {
                    m.keep_expression(body, rest, sink)
                })
            }
            Op::Local(local) => match self.slots.get(self.position(*local)) {
                Some(Slot::Thunk(thunk)) => {
                    let Some((code, base)) = self.thunk(*thunk) else {
                        return Err(broken(span));
                    };
                    self.descend(span)?;
                    self.at_base(base, |machine| machine.keep_expression(code, rest, sink))
                }
                _ => self.go_on(rest, sink),
            },
            _ => {
                if self.is_same_primed(code)? {
                    self.go_on(rest, sink)
                } else {
                    Ok(ControlFlow::Continue(()))
                }
            }
        }
    }

    pub(super) fn keep_all(
        &mut self,
        parts: &'m [Code],
        rest: &Rest<'_, 'm>,
        sink: &mut dyn Sink<'m>,
    ) -> Step {
        match parts {
            [] => self.go_on(rest, sink),
            [last] => self.keep_expression(last, rest, sink),
            [first, others @ ..] => {
                let rest = Rest::Unchanged {
                    parts: others,
                    base: self.base,
                    next: rest,
                };
                self.keep_expression(first, &rest, sink)
            }
        }
    }
}
