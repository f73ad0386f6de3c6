//! Truth values of formulas, without making values of them.

use super::expr::unsupported;
use super::{Fault, Machine, shown};
use crate::eval::code::{Code, IntOperator, Op};
use crate::eval::error::{ErrorKind, EvalError};
use crate::source::Span;
use crate::value::Value;

impl<'m> Machine<'m> {
    /// Whether a formula is true.
    #[inline]
    pub(super) fn eval_bool(&mut self, code: &'m Code) -> Result<bool, Fault> {
        self.truth(code, "a formula")
    }

    /// Whether a formula is true; `role` says in an error what it is needed for.
    pub(super) fn truth(&mut self, code: &'m Code, role: &'static str) -> Result<bool, Fault> {
        let span = code.span;
        match &code.op {
            Op::And(parts) => {
                for part in parts {
                    if !self.truth(part, "a formula in a conjunction")? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Op::Or(parts) => {
                for part in parts {
                    if self.truth(part, "a formula in a disjunction")? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Op::Not(inner) => Ok(!self.truth(inner, "the operand of ~")?),
            Op::Implies(sides) => {
                let [left, right] = &**sides;
                Ok(!self.truth(left, "P in P => Q")? || self.truth(right, "Q in P => Q")?)
            }
            Op::Equivalent(sides) => {
                let [left, right] = &**sides;
                let left = self.truth(left, "P in P <=> Q")?;
                Ok(left == self.truth(right, "Q in P <=> Q")?)
            }
            Op::If(parts) => {
                let branch = self.branch(parts)?;
                self.truth(branch, role)
            }
            Op::Case { arms, other } => {
                let arm = self.arm(arms, other.as_deref(), span)?;
                self.truth(arm, role)
            }
            Op::Let(definitions, body) => self.with_lets(definitions, |m| m.truth(body, role)),
            Op::Call(routine, operands) => {
                self.call(*routine, 0, operands, span, |m, body| m.truth(body, role))
            }
            Op::CallNested {
                routine,
                depth,
                operands,
            } => {
                let around = self.frame(*depth);
                self.call(*routine, around, operands, span, |m, body| {
                    m.truth(body, role)
                })
            }
            Op::Quantified {
                for_all,
                binders,
                body,
            } => self.quantified(*for_all, binders, body),
            Op::Equal(sides) => self.binary(sides, span, Value::equals),
            Op::NotEqual(sides) => Ok(!self.binary(sides, span, Value::equals)?),
            Op::In(sides) => self.member(sides, span),
            Op::NotIn(sides) => Ok(!self.member(sides, span)?),
            Op::SubsetEq(sides) => self.subset_eq(sides, span),
            Op::Int(operator, sides) => match operator {
                IntOperator::Less => {
                    let (left, right) = self.integers(*operator, sides)?;
                    Ok(left < right)
                }
                IntOperator::LessEqual => {
                    let (left, right) = self.integers(*operator, sides)?;
                    Ok(left <= right)
                }
                IntOperator::Greater => {
                    let (left, right) = self.integers(*operator, sides)?;
                    Ok(left > right)
                }
                IntOperator::GreaterEqual => {
                    let (left, right) = self.integers(*operator, sides)?;
                    Ok(left >= right)
                }
                _ => self.truth_of_value(code, role),
            },
            Op::Prime(inner) => self.under_prime(|m| m.truth(inner, role)),
            Op::Action { body, .. } => self.truth(body, role),
            Op::Memo(memo) => self.memo_truth(memo, role),
            Op::Count(counter, body) => {
                self.count(*counter);
                self.truth(body, role)
            }
            Op::Unchanged(variables) => self.unchanged(variables, span),
            Op::UnchangedExpr(inner) => self.is_same_primed(inner),
            Op::Enabled(enabled) => self.enabled(enabled),
            Op::Compose(actions) => self.is_composed(actions, span),
            Op::Unsupported(reason) => Err(unsupported(reason, span)),
            _ => self.truth_of_value(code, role),
        }
    }

    fn truth_of_value(&mut self, code: &'m Code, role: &'static str) -> Result<bool, Fault> {
        if let Some(Value::Bool(truth)) = self.peek(code) {
            return Ok(*truth);
        }
        match self.eval(code)? {
            Value::Bool(truth) => Ok(truth),
            found => Err(not_boolean(&found, role, code.span)),
        }
    }

    /// The branch of an `IF` that is taken.
    #[inline]
    pub(super) fn branch(&mut self, parts: &'m [Code; 3]) -> Result<&'m Code, Fault> {
        let [condition, positive, negative] = parts;
        if self.truth(condition, "the condition of an IF")? {
            Ok(positive)
        } else {
            Ok(negative)
        }
    }

    /// The arm of a `CASE` that is taken.
    pub(super) fn arm(
        &mut self,
        arms: &'m [(Code, Code)],
        other: Option<&'m Code>,
        span: Span,
    ) -> Result<&'m Code, Fault> {
        for (condition, result) in arms {
            if self.truth(condition, "a condition of a CASE")? {
                return Ok(result);
            }
        }
        other.ok_or_else(|| EvalError::new(ErrorKind::CaseFell, span))
    }

    /// Whether variables have the same values in both states.
    fn unchanged(&mut self, variables: &[u32], span: Span) -> Result<bool, Fault> {
        for &index in variables {
            let (Some(now), Some(then)) = (self.variable(index), self.primed(index)) else {
                return Err(self.unassigned(index, true, span));
            };
            if !now
                .equals(then)
                .map_err(|error| super::value_fault(error, span))?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether an expression has the same value in both states.
    #[inline(never)]
    pub(super) fn is_same_primed(&mut self, code: &'m Code) -> Result<bool, Fault> {
        let now = self.eval(code)?;
        let then = self.under_prime(|machine| machine.eval(code))?;
        self.operate(&now, &then, code.span, Value::equals)
    }
}

/// Something else than a truth value where one is needed.
#[cold]
pub(super) fn not_boolean(found: &Value, role: &'static str, span: Span) -> Fault {
    let found = shown(found);
    EvalError::new(ErrorKind::NotBoolean { role, found }, span)
}
