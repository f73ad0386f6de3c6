//! Frames of slots, static links and thunks.

use std::sync::Arc;

use super::memo::Memo;
use super::{Fault, Machine, broken};
use crate::eval::code::{Code, Local, Op, Operand, Operator, RoutineId, Slot as SlotIndex};
use crate::eval::error::{ErrorKind, EvalError};
use crate::source::Span;
use crate::value::Value;

/// What a slot holds. As small as a value.
#[derive(Debug, Clone, Default)]
pub(super) enum Slot {
    /// Nothing: a name that is not bound yet.
    #[default]
    Empty,
    /// The value of a bound name, or of an operand.
    Value(Value),
    /// An operand or `LET` definition, to be evaluated where it is used: index of a [`Thunk`].
    Thunk(u32),
    /// An operator.
    Operator(Callee),
    /// The start of a frame: where the frame around it starts, and its size. Its own slots follow.
    Link { around: u32, size: u32 },
    /// A captured operand that could not be evaluated.
    Failed(Arc<EvalError>),
}

/// A routine with its surroundings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Callee {
    pub(super) routine: RoutineId,
    /// First slot of the frame around it (of no meaning for a routine at the top of a module).
    pub(super) around: u32,
}

/// Code to be evaluated in a frame that lives longer than the thunk.
#[derive(Debug)]
pub(super) struct Thunk<'m> {
    pub(super) code: &'m Code,
    pub(super) base: usize,
    memo: Option<Memo>,
    busy: bool,
}

/// Index of a frame or thunk as it is kept in slots.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the stack limit ends recursion long before there are 2^32 slots"
)]
pub(super) fn index(at: usize) -> u32 {
    at as u32
}

impl<'m> Machine<'m> {
    /// First slot of the frame `depth` static links up.
    #[inline]
    pub(super) fn frame(&self, depth: u32) -> usize {
        let mut base = self.base;
        for _ in 0..depth {
            base = match base.checked_sub(1).and_then(|at| self.slots.get(at)) {
                Some(Slot::Link { around, .. }) => *around as usize,
                _ => return usize::MAX,
            };
        }
        base
    }

    /// Where a name's slot is.
    #[inline]
    pub(super) fn position(&self, local: Local) -> usize {
        self.frame(local.depth).saturating_add(local.slot as usize)
    }

    /// Puts a value into a slot of the present frame and gives what was there.
    #[inline]
    pub(super) fn bind(&mut self, slot: SlotIndex, content: Slot) -> Slot {
        match self.slots.get_mut(self.base + slot as usize) {
            Some(place) => std::mem::replace(place, content),
            None => Slot::Empty,
        }
    }

    /// Runs with an empty frame around which there is none.
    pub(super) fn in_entry<R>(
        &mut self,
        size: u32,
        run: impl FnOnce(&mut Self) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        let start = self.slots.len();
        let thunks = self.thunks.len();
        self.slots.push(Slot::Link { around: 0, size });
        self.slots
            .resize_with(start + 1 + size as usize, Slot::default);
        let outer = std::mem::replace(&mut self.base, start + 1);
        let result = run(self);
        self.base = outer;
        self.slots.truncate(start);
        self.thunks.truncate(thunks);
        result
    }

    /// Pushes a routine's frame with its operands, evaluated in the present frame; its first slot.
    #[inline]
    pub(super) fn push_frame(
        &mut self,
        around: usize,
        size: u32,
        operands: &'m [Operand],
    ) -> Result<usize, Fault> {
        let start = self.slots.len();
        self.slots.push(Slot::Link {
            around: index(around),
            size,
        });
        for operand in operands {
            match self.operand_slot(operand) {
                Ok(slot) => self.slots.push(slot),
                Err(fault) => {
                    self.slots.truncate(start);
                    return Err(fault);
                }
            }
        }
        self.slots
            .resize_with(start + 1 + size as usize, Slot::default);
        Ok(start + 1)
    }

    #[inline]
    fn operand_slot(&mut self, operand: &'m Operand) -> Result<Slot, Fault> {
        match operand {
            Operand::Eager(code) => Ok(Slot::Value(self.eval(code)?)),
            Operand::Lazy(code) => Ok(self.suspend(code)),
            Operand::Operator(operator) => self.operator_slot(operator),
        }
    }

    /// The operator that an operand names.
    pub(super) fn operator_slot(&mut self, operator: &'m Operator) -> Result<Slot, Fault> {
        Ok(match operator {
            Operator::Routine(routine) => Slot::Operator(Callee {
                routine: *routine,
                around: 0,
            }),
            Operator::Nested { routine, depth } => Slot::Operator(Callee {
                routine: *routine,
                around: index(self.frame(*depth)),
            }),
            Operator::Param(local) => self
                .slots
                .get(self.position(*local))
                .cloned()
                .unwrap_or_default(),
        })
    }

    /// What a name for code is bound to: a thunk, unless its value is at hand and does not depend
    /// on the state.
    pub(super) fn suspend(&mut self, code: &'m Code) -> Slot {
        match &code.op {
            Op::Value(value) => return Slot::Value(value.clone()),
            // The operand of an operand: the same thunk, which outlives this frame.
            Op::Local(local) => {
                if let Some(slot @ (Slot::Value(_) | Slot::Thunk(_) | Slot::Failed(_))) =
                    self.slots.get(self.position(*local))
                {
                    return slot.clone();
                }
            }
            _ => {}
        }
        let thunk = index(self.thunks.len());
        self.thunks.push(Thunk {
            code,
            base: self.base,
            memo: None,
            busy: false,
        });
        Slot::Thunk(thunk)
    }

    /// The code and frame of a thunk.
    pub(super) fn thunk(&self, thunk: u32) -> Option<(&'m Code, usize)> {
        let thunk = self.thunks.get(thunk as usize)?;
        Some((thunk.code, thunk.base))
    }

    /// A thunk's value if it is known.
    #[inline]
    pub(super) fn memo(&self, thunk: u32) -> Option<&Value> {
        self.valid(self.thunks.get(thunk as usize)?.memo.as_ref()?)
    }

    /// Runs in another frame, such as that of a thunk.
    #[inline]
    pub(super) fn at_base<R>(&mut self, base: usize, run: impl FnOnce(&mut Self) -> R) -> R {
        let outer = std::mem::replace(&mut self.base, base);
        let result = run(self);
        self.base = outer;
        result
    }

    /// The value of a thunk, kept if it may be.
    #[inline(never)]
    pub(super) fn force_thunk(&mut self, thunk: u32, span: Span) -> Result<Value, Fault> {
        if let Some(value) = self.memo(thunk) {
            return Ok(value.clone());
        }
        self.descend(span)?;
        let Some(Thunk {
            code, base, busy, ..
        }) = self.thunks.get_mut(thunk as usize)
        else {
            return Err(broken(span));
        };
        if std::mem::replace(busy, true) {
            return Err(EvalError::new(ErrorKind::Circular, span));
        }
        let (code, base) = (*code, *base);
        let before = self.reads();
        let result = self.at_base(base, |machine| machine.eval(code));
        let valid = self.validity_since(before);
        if let Some(thunk) = self.thunks.get_mut(thunk as usize) {
            thunk.busy = false;
            if let Ok(value) = &result {
                thunk.memo = Some(Memo::new(value.clone(), valid));
            }
        }
        result
    }

    /// The value of a name.
    #[inline]
    pub(super) fn local(&mut self, local: Local, span: Span) -> Result<Value, Fault> {
        match self.slots.get(self.position(local)) {
            Some(Slot::Value(value)) => Ok(value.clone()),
            Some(Slot::Thunk(thunk)) => {
                let thunk = *thunk;
                self.force_thunk(thunk, span)
            }
            Some(Slot::Failed(error)) => Err(Box::new(EvalError::clone(error))),
            _ => Err(broken(span)),
        }
    }

    /// Runs with a name of the present frame bound, and puts back what it was bound to: code may
    /// run again inside its own continuation.
    #[inline]
    pub(super) fn with_lets<R>(
        &mut self,
        definitions: &'m [(SlotIndex, Code)],
        run: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let thunks = self.thunks.len();
        let base = self.base;
        let saved_from = self.saved.len();
        for (slot, code) in definitions {
            let content = self.suspend(code);
            let before = self.bind(*slot, content);
            self.saved.push(before);
        }
        let result = run(self);
        for ((slot, _), before) in definitions.iter().zip(self.saved.drain(saved_from..)) {
            if let Some(place) = self.slots.get_mut(base + *slot as usize) {
                *place = before;
            }
        }
        self.thunks.truncate(thunks);
        result
    }
}
