//! Operands without copies: what is at hand is looked at in place.

use std::sync::OnceLock;

use super::{Fault, Machine, Mode, Slot, is_deferred, value_fault};
use crate::eval::code::{Code, Op};
use crate::source::Span;
use crate::value::{Value, ValueError};

/// An operand that was evaluated, or found where [`Machine::peek`] finds it again.
pub(super) enum Held {
    Owned(Value),
    InPlace,
}

impl<'m> Machine<'m> {
    /// A variable's value where code without a prime finds it.
    #[inline]
    pub(super) fn variable(&self, index: u32) -> Option<&Value> {
        match self.mode {
            Mode::Action => {
                self.count_state_read();
                self.state.get(index as usize)
            }
            Mode::Primed | Mode::Initial => {
                self.count_next_read();
                self.next.get(index as usize)?.as_ref()
            }
            Mode::Constant => None,
        }
    }

    /// A primed variable's value.
    #[inline]
    pub(super) fn primed(&self, index: u32) -> Option<&Value> {
        self.count_next_read();
        match self.mode {
            Mode::Action | Mode::Primed => self.next.get(index as usize)?.as_ref(),
            Mode::Constant | Mode::Initial => None,
        }
    }

    /// The value of code that needs no evaluation: names, variables, constants, and what is
    /// applied of or selected from such.
    #[inline]
    pub(super) fn peek(&self, code: &'m Code) -> Option<&Value> {
        match &code.op {
            Op::Value(value) => Some(value),
            Op::Local(local) => match self.slots.get(self.position(*local))? {
                Slot::Value(value) => Some(value),
                Slot::Thunk(thunk) => self.memo(*thunk),
                _ => None,
            },
            Op::Variable(index) => self.variable(*index),
            Op::Primed(index) => self.primed(*index),
            Op::Cell(id) => {
                let cell = self.shared.cells.get(id.0 as usize);
                cell.and_then(OnceLock::get)?.as_ref().ok()
            }
            Op::Memo(memo) if memo.for_state => self.remembered(memo.id),
            Op::Field(record, name) => match self.peek(record)? {
                Value::Function(function) => function.values().get(function.field_position(*name)?),
                _ => None,
            },
            Op::FnApply(operands) => self.peek_apply(&operands[0], &operands[1]),
            _ => None,
        }
    }

    fn peek_apply(&self, function: &'m Code, argument: &'m Code) -> Option<&Value> {
        let function = self.peek(function)?;
        let argument = self.peek(argument)?;
        match (function, argument) {
            (Value::Tuple(tuple), Value::Int(index)) => {
                let position = usize::try_from(*index).ok()?.checked_sub(1)?;
                tuple.as_slice().get(position)
            }
            (Value::Function(function), _) => {
                function.values().get(function.position(argument).ok()??)
            }
            _ => None,
        }
    }

    /// Evaluates an operand unless it can be looked at in place.
    #[inline]
    pub(super) fn operand(&mut self, code: &'m Code) -> Result<Held, Fault> {
        if self.peek(code).is_some() {
            return Ok(Held::InPlace);
        }
        Ok(Held::Owned(self.eval(code)?))
    }

    /// Looks at an operand.
    #[inline]
    pub(super) fn with<R>(
        &mut self,
        code: &'m Code,
        look: impl FnOnce(&Value) -> R,
    ) -> Result<R, Fault> {
        if let Some(value) = self.peek(code) {
            return Ok(look(value));
        }
        Ok(look(&self.eval(code)?))
    }

    /// Looks at two operands.
    #[inline]
    pub(super) fn with_both<R>(
        &mut self,
        operands: &'m [Code; 2],
        look: impl FnOnce(&Value, &Value) -> R,
    ) -> Result<R, Fault> {
        let [left, right] = operands;
        if let (Some(left), Some(right)) = (self.peek(left), self.peek(right)) {
            return Ok(look(left, right));
        }
        let left_held = self.operand(left)?;
        let right_held = self.operand(right)?;
        let left_seen = match &left_held {
            Held::Owned(value) => Some(value),
            Held::InPlace => self.peek(left),
        };
        let right_seen = match &right_held {
            Held::Owned(value) => Some(value),
            Held::InPlace => self.peek(right),
        };
        if let (Some(left), Some(right)) = (left_seen, right_seen) {
            return Ok(look(left, right));
        }
        let left = self.eval(left)?;
        let right = self.eval(right)?;
        Ok(look(&left, &right))
    }

    /// An operation on the value of an operand.
    #[inline]
    pub(super) fn unary<R>(
        &mut self,
        operand: &'m Code,
        span: Span,
        operation: impl Fn(&Value) -> Result<R, ValueError>,
    ) -> Result<R, Fault> {
        match self.with(operand, &operation)? {
            Ok(result) => Ok(result),
            Err(error) if is_deferred(&error) => {
                let value = self.eval(operand)?;
                let value = self.forced(value, span)?;
                operation(&value).map_err(|error| value_fault(error, span))
            }
            Err(error) => Err(value_fault(error, span)),
        }
    }

    /// An operation on the values of two operands.
    #[inline]
    pub(super) fn binary<R>(
        &mut self,
        operands: &'m [Code; 2],
        span: Span,
        operation: impl Fn(&Value, &Value) -> Result<R, ValueError>,
    ) -> Result<R, Fault> {
        match self.with_both(operands, &operation)? {
            Ok(result) => Ok(result),
            Err(error) if is_deferred(&error) => {
                let left = self.eval(&operands[0])?;
                let left = self.forced(left, span)?;
                let right = self.eval(&operands[1])?;
                let right = self.forced(right, span)?;
                operation(&left, &right).map_err(|error| value_fault(error, span))
            }
            Err(error) => Err(value_fault(error, span)),
        }
    }

    /// An operation on values that are at hand.
    pub(super) fn operate<R>(
        &mut self,
        left: &Value,
        right: &Value,
        span: Span,
        operation: impl Fn(&Value, &Value) -> Result<R, ValueError>,
    ) -> Result<R, Fault> {
        match operation(left, right) {
            Ok(result) => Ok(result),
            Err(error) if is_deferred(&error) => {
                let left = self.forced(left.clone(), span)?;
                let right = self.forced(right.clone(), span)?;
                operation(&left, &right).map_err(|error| value_fault(error, span))
            }
            Err(error) => Err(value_fault(error, span)),
        }
    }
}
