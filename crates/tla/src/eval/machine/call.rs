//! Calls of definitions, operator parameters and native operators.

use super::slots::Callee;
use super::{Fault, Machine, Slot, broken, is_deferred, value_fault};
use crate::eval::code::{Code, Local, Operand, RoutineId};
use crate::eval::error::EvalError;
use crate::native::{Argument, CallError, Caller, HigherNative, Pure};
use crate::source::Span;
use crate::value::Value;

impl<'m> Machine<'m> {
    /// Runs a routine's body in a frame of its own.
    #[inline]
    pub(super) fn call<R>(
        &mut self,
        routine: RoutineId,
        around: usize,
        operands: &'m [Operand],
        span: Span,
        run: impl FnOnce(&mut Self, &'m Code) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        self.descend(span)?;
        let Some(routine) = self.program.routines.get(routine.0 as usize) else {
            return Err(broken(span));
        };
        let thunks = self.thunks.len();
        let base = self.push_frame(around, routine.frame_size, operands)?;
        let result = self.at_base(base, |machine| run(machine, &routine.body));
        self.slots.truncate(base - 1);
        self.thunks.truncate(thunks);
        match result {
            Err(mut fault) => {
                if base <= fault.frames {
                    fault.push_call(routine.name, span);
                }
                Err(fault)
            }
            result => result,
        }
    }

    /// The operator that a parameter stands for.
    pub(super) fn callee(&self, local: Local, span: Span) -> Result<Callee, Fault> {
        match self.slots.get(self.position(local)) {
            Some(Slot::Operator(callee)) => Ok(*callee),
            Some(Slot::Failed(error)) => Err(Box::new(EvalError::clone(error))),
            _ => Err(broken(span)),
        }
    }

    /// Calls an operator with values.
    #[inline(never)]
    fn call_with(
        &mut self,
        callee: Callee,
        arguments: &[Value],
        span: Span,
    ) -> Result<Value, Fault> {
        self.descend(span)?;
        let Some(routine) = self.program.routines.get(callee.routine.0 as usize) else {
            return Err(broken(span));
        };
        let thunks = self.thunks.len();
        let base = self.push_frame(callee.around as usize, routine.frame_size, &[])?;
        for (slot, argument) in self.slots[base..].iter_mut().zip(arguments) {
            *slot = Slot::Value(argument.clone());
        }
        let result = self.at_base(base, |machine| machine.eval(&routine.body));
        self.slots.truncate(base - 1);
        self.thunks.truncate(thunks);
        result
    }

    /// A native operator.
    #[inline(never)]
    pub(super) fn native(
        &mut self,
        native: Pure,
        operands: &'m [Code],
        span: Span,
    ) -> Result<Value, Fault> {
        let values = self.values(operands)?;
        match native(&values) {
            Err(error) if is_deferred(&error) => {
                let mut forced = Vec::with_capacity(values.len());
                for value in values {
                    forced.push(self.forced(value, span)?);
                }
                native(&forced)
            }
            result => result,
        }
        .map_err(|error| value_fault(error, span))
    }

    /// A native operator that takes operators.
    #[inline(never)]
    pub(super) fn higher(
        &mut self,
        native: HigherNative,
        operands: &'m [Operand],
        span: Span,
    ) -> Result<Value, Fault> {
        let mut operators = Vec::new();
        let mut arguments = Vec::with_capacity(operands.len());
        for operand in operands {
            arguments.push(match operand {
                Operand::Eager(code) | Operand::Lazy(code) => {
                    let value = self.eval(code)?;
                    Argument::Value(self.forced(value, span)?)
                }
                Operand::Operator(operator) => {
                    let Slot::Operator(callee) = self.operator_slot(operator)? else {
                        return Err(broken(span));
                    };
                    operators.push(callee);
                    Argument::Operator(operators.len() - 1)
                }
            });
        }
        let mut caller = OperatorCaller {
            machine: self,
            operators,
            span,
        };
        native(&mut caller, &arguments).map_err(|error| match error {
            CallError::Value(error) => value_fault(error, span),
            CallError::Evaluator(error) => match error.downcast::<EvalError>() {
                Ok(fault) => fault,
                Err(other) => value_fault(crate::value::ValueError::other(other.to_string()), span),
            },
        })
    }
}

/// Lets a native operator call back.
struct OperatorCaller<'a, 'm> {
    machine: &'a mut Machine<'m>,
    operators: Vec<Callee>,
    span: Span,
}

impl Caller for OperatorCaller<'_, '_> {
    fn call(&mut self, operator: usize, arguments: &[Value]) -> Result<Value, CallError> {
        let span = self.span;
        let result = match self.operators.get(operator) {
            Some(callee) => self.machine.call_with(*callee, arguments, span),
            None => Err(broken(span)),
        };
        result
            .and_then(|value| self.machine.forced(value, span))
            .map_err(|fault| CallError::Evaluator(fault))
    }
}
