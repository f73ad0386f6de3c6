//! What a closure that is left unevaluated keeps: the state and copies of the slots it uses.

use std::collections::HashMap;
use std::sync::Arc;

use super::slots::{Callee, index};
use super::{Fault, Machine, Mode, Slot, broken};
use crate::eval::code::RoutineId;
use crate::eval::error::EvalError;
use crate::source::Span;
use crate::value::Value;

/// The state in which code is evaluated.
#[derive(Debug)]
pub(super) struct Context {
    state: Box<[Value]>,
    next: Box<[Option<Value>]>,
    missing: usize,
    mode: Mode,
    state_epoch: u64,
    next_epoch: u64,
}

/// A copy of a frame.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) size: u32,
    pub(super) slots: Vec<(u32, Captured)>,
    /// The frame around it, where that is not the next of a list.
    pub(super) around: Option<Arc<Frame>>,
}

/// A copy of a slot that needs no thunk.
#[derive(Debug)]
pub(super) enum Captured {
    Value(Value),
    Operator(RoutineId, Option<Arc<Frame>>),
    Failed(Arc<EvalError>),
}

impl Machine<'_> {
    pub(super) fn present_context(&mut self) -> Arc<Context> {
        if let Some(context) = &self.context
            && self.is_present(context)
        {
            return Arc::clone(context);
        }
        let context = Arc::new(Context {
            state: self.state.clone().into(),
            next: self.next.clone().into(),
            missing: self.missing,
            mode: self.mode,
            state_epoch: self.state_epoch,
            next_epoch: self.next_epoch,
        });
        self.context = Some(Arc::clone(&context));
        context
    }

    fn is_present(&self, context: &Context) -> bool {
        context.state_epoch == self.state_epoch
            && context.next_epoch == self.next_epoch
            && context.mode == self.mode
    }

    /// A copy of what a slot holds.
    pub(super) fn captured(
        &mut self,
        at: usize,
        span: Span,
        seen: &mut HashMap<usize, Arc<Frame>>,
    ) -> Result<Option<Captured>, Fault> {
        Ok(match self.slots.get(at) {
            Some(Slot::Value(value)) => Some(Captured::Value(value.clone())),
            Some(Slot::Failed(error)) => Some(Captured::Failed(Arc::clone(error))),
            Some(Slot::Operator(callee)) => {
                let Callee { routine, around } = *callee;
                let around = match around {
                    0 => None,
                    base => Some(self.captured_frame(base as usize, span, seen)?),
                };
                Some(Captured::Operator(routine, around))
            }
            Some(Slot::Thunk(thunk)) => {
                let thunk = *thunk;
                Some(match self.force_thunk(thunk, span) {
                    Ok(value) => Captured::Value(value),
                    Err(fault) if fault.is_resource() => return Err(fault),
                    Err(fault) => Captured::Failed(Arc::from(fault)),
                })
            }
            _ => None,
        })
    }

    fn captured_frame(
        &mut self,
        base: usize,
        span: Span,
        seen: &mut HashMap<usize, Arc<Frame>>,
    ) -> Result<Arc<Frame>, Fault> {
        if let Some(frame) = seen.get(&base) {
            return Ok(Arc::clone(frame));
        }
        self.descend(span)?;
        let Some(Slot::Link { around, size }) =
            base.checked_sub(1).and_then(|at| self.slots.get(at))
        else {
            return Err(broken(span));
        };
        let (around, size) = (*around as usize, *size);
        let mut slots = Vec::new();
        for slot in 0..size {
            if let Some(captured) = self.captured(base + slot as usize, span, seen)? {
                slots.push((slot, captured));
            }
        }
        let around = match around {
            0 => None,
            base => Some(self.captured_frame(base, span, seen)?),
        };
        let frame = Arc::new(Frame {
            size,
            slots,
            around,
        });
        seen.insert(base, Arc::clone(&frame));
        Ok(frame)
    }

    /// Puts a copied frame on the stack; its first slot.
    pub(super) fn restore(&mut self, frame: &Frame, around: usize) -> usize {
        let mut operators = Vec::new();
        for (slot, captured) in &frame.slots {
            if let Captured::Operator(routine, surroundings) = captured {
                let around = surroundings
                    .as_ref()
                    .map_or(0, |frame| self.restore_around(frame));
                operators.push((
                    *slot,
                    Callee {
                        routine: *routine,
                        around: index(around),
                    },
                ));
            }
        }
        let base = self.slots.len() + 1;
        self.slots.push(Slot::Link {
            around: index(around),
            size: frame.size,
        });
        self.slots
            .resize_with(base + frame.size as usize, Slot::default);
        for (slot, captured) in &frame.slots {
            if let Some(place) = self.slots.get_mut(base + *slot as usize) {
                match captured {
                    Captured::Value(value) => *place = Slot::Value(value.clone()),
                    Captured::Failed(error) => *place = Slot::Failed(Arc::clone(error)),
                    Captured::Operator(..) => {}
                }
            }
        }
        for (slot, callee) in operators {
            if let Some(place) = self.slots.get_mut(base + slot as usize) {
                *place = Slot::Operator(callee);
            }
        }
        base
    }

    fn restore_around(&mut self, frame: &Frame) -> usize {
        let around = frame
            .around
            .as_ref()
            .map_or(0, |outer| self.restore_around(outer));
        self.restore(frame, around)
    }

    /// Runs in the state a closure was made in.
    pub(super) fn in_context<R>(
        &mut self,
        context: Option<&Arc<Context>>,
        run: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let Some(context) = context.filter(|context| !self.is_present(context)) else {
            return run(self);
        };
        let state = std::mem::replace(&mut self.state, context.state.to_vec());
        let next = std::mem::replace(&mut self.next, context.next.to_vec());
        let missing = std::mem::replace(&mut self.missing, context.missing);
        let mode = std::mem::replace(&mut self.mode, context.mode);
        let state_epoch = std::mem::replace(&mut self.state_epoch, context.state_epoch);
        let next_epoch = std::mem::replace(&mut self.next_epoch, context.next_epoch);
        let result = run(self);
        self.state = state;
        self.next = next;
        self.missing = missing;
        self.mode = mode;
        self.state_epoch = state_epoch;
        self.next_epoch = next_epoch;
        result
    }
}
