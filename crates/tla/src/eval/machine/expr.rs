//! Values of expressions.

use super::{Fault, Machine, Mode, is_deferred, shown, value_fault};
use crate::eval::code::{Code, IntOperator, Op, VariableIndex};
use crate::eval::error::{ErrorKind, EvalError};
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::{Problem, Value, ValueError};

impl<'m> Machine<'m> {
    /// The value of an expression.
    pub(super) fn eval(&mut self, code: &'m Code) -> Result<Value, Fault> {
        let span = code.span;
        match &code.op {
            Op::Value(value) => Ok(value.clone()),
            Op::Local(local) => self.local(*local, span),
            Op::Variable(index) => match self.variable(*index) {
                Some(value) => Ok(value.clone()),
                None => Err(self.unassigned(*index, false, span)),
            },
            Op::Primed(index) => match self.primed(*index) {
                Some(value) => Ok(value.clone()),
                None => Err(self.unassigned(*index, true, span)),
            },
            Op::Cell(id) => self.cell(*id, span).cloned(),
            Op::Call(routine, operands) => self.call(*routine, 0, operands, span, Self::eval),
            Op::CallNested {
                routine,
                depth,
                operands,
            } => {
                let around = self.frame(*depth);
                self.call(*routine, around, operands, span, Self::eval)
            }
            Op::CallParam(local, operands) => {
                let callee = self.callee(*local, span)?;
                self.call(
                    callee.routine,
                    callee.around as usize,
                    operands,
                    span,
                    Self::eval,
                )
            }
            Op::Let(definitions, body) => self.with_lets(definitions, |m| m.eval(body)),
            Op::If(parts) => {
                let branch = self.branch(parts)?;
                self.eval(branch)
            }
            Op::Case { arms, other } => {
                let arm = self.arm(arms, other.as_deref(), span)?;
                self.eval(arm)
            }
            Op::Choose {
                target,
                domain,
                body,
            } => self.choose(target, domain.as_deref(), body, span),

            Op::Union(operands) => self.union(operands, span),
            Op::Intersection(operands) => self.intersection(operands, span),
            Op::Difference(operands) => self.difference(operands, span),
            Op::PowerSet(set) => self.power_set(set, span),
            Op::BigUnion(set) => self.unary(set, span, Value::big_union),
            Op::SetEnum(elements) => self.set_enum(elements, span),
            Op::SetMap(binders, body) => self.set_map(binders, body, span),
            Op::Closure(id) => self.closure(*id, span),

            Op::FnApply(operands) => self.apply(operands, span),
            Op::Domain(function) => self.domain(function, span),
            Op::FnSet(operands) => self.fn_set(operands, span),
            Op::Record { shape, values } => self.record(shape, values, span),
            Op::RecordSet(fields) => self.record_set(fields, span),
            Op::Field(record, name) => self.field(record, *name, span),
            Op::Except { base, updates } => self.except(base, updates, span),
            Op::Tuple(elements) => self.tuple(elements, span),
            Op::Product(sets) => self.product(sets, span),

            Op::Int(operator, operands) => self.int(*operator, operands, span),
            Op::Native1(native, operand) => self.unary(operand, span, native),
            Op::Native2(native, operands) => self.binary(operands, span, native),
            Op::Native(native, operands) => self.native(*native, operands, span),
            Op::Higher(native, operands) => self.higher(*native, operands, span),
            Op::Context(operator, operands) => self.context(*operator, operands, span),

            Op::Prime(inner) => self.under_prime(|machine| machine.eval(inner)),
            Op::Action { body, .. } => self.eval(body),
            Op::Memo(memo) => self.memo_value(memo),
            Op::Count(counter, body) => {
                self.count(*counter);
                self.eval(body)
            }
            Op::Unsupported(reason) => Err(unsupported(reason, span)),

            Op::And(_)
            | Op::Or(_)
            | Op::Not(_)
            | Op::Implies(_)
            | Op::Equivalent(_)
            | Op::Quantified { .. }
            | Op::Equal(_)
            | Op::NotEqual(_)
            | Op::In(_)
            | Op::NotIn(_)
            | Op::SubsetEq(_)
            | Op::Unchanged(_)
            | Op::UnchangedExpr(_)
            | Op::Enabled(_)
            | Op::Compose(_) => Ok(Value::Bool(self.eval_bool(code)?)),
        }
    }

    /// A variable that has no value here.
    #[cold]
    pub(super) fn unassigned(&self, index: VariableIndex, primed: bool, span: Span) -> Fault {
        let variable = self.variable_name(index);
        EvalError::new(ErrorKind::Unassigned { variable, primed }, span)
    }

    pub(super) fn variable_name(&self, index: VariableIndex) -> Symbol {
        match self.program.variables.get(index as usize) {
            Some(name) => *name,
            None => Symbol::new("?"),
        }
    }

    pub(super) fn count(&mut self, counter: u32) {
        let index = counter as usize;
        if index >= self.counts.len() {
            self.counts.resize(index + 1, 0);
        }
        self.counts[index] += 1;
    }

    /// Runs with variables read from the next state.
    pub(super) fn under_prime<R>(&mut self, run: impl FnOnce(&mut Self) -> R) -> R {
        let mode = std::mem::replace(&mut self.mode, Mode::Primed);
        let result = run(self);
        self.mode = mode;
        result
    }

    #[inline(never)]
    fn set_enum(&mut self, elements: &'m [Code], span: Span) -> Result<Value, Fault> {
        let values = self.values(elements)?;
        self.set_of(values, span)
    }

    /// The set of these values.
    pub(super) fn set_of(&mut self, values: Vec<Value>, span: Span) -> Result<Value, Fault> {
        let values = self.all_settled(values, span)?;
        Value::set(values).map_err(|error| value_fault(error, span))
    }

    pub(super) fn values(&mut self, codes: &'m [Code]) -> Result<Vec<Value>, Fault> {
        let mut values = Vec::with_capacity(codes.len());
        for code in codes {
            values.push(self.eval(code)?);
        }
        Ok(values)
    }

    #[inline(never)]
    fn tuple(&mut self, elements: &'m [Code], span: Span) -> Result<Value, Fault> {
        let values = self.values(elements)?;
        Value::tuple(values).map_err(|error| value_fault(error, span))
    }

    #[inline(never)]
    fn record(&mut self, shape: &Value, values: &'m [Code], span: Span) -> Result<Value, Fault> {
        let values = self.values(values)?;
        Value::function(shape, values).map_err(|error| value_fault(error, span))
    }

    #[inline(never)]
    fn record_set(&mut self, fields: &'m [(Symbol, Code)], span: Span) -> Result<Value, Fault> {
        let mut sets = Vec::with_capacity(fields.len());
        for (name, set) in fields {
            sets.push((*name, self.eval(set)?));
        }
        Value::record_set(sets).map_err(|error| value_fault(error, span))
    }

    #[inline(never)]
    fn product(&mut self, sets: &'m [Code], span: Span) -> Result<Value, Fault> {
        let sets = self.values(sets)?;
        Value::product(sets).map_err(|error| value_fault(error, span))
    }

    #[inline(never)]
    fn power_set(&mut self, set: &'m Code, span: Span) -> Result<Value, Fault> {
        let set = self.eval(set)?;
        Value::power_set(set).map_err(|error| value_fault(error, span))
    }

    #[inline(never)]
    fn fn_set(&mut self, operands: &'m [Code; 2], span: Span) -> Result<Value, Fault> {
        let domain = self.eval(&operands[0])?;
        let range = self.eval(&operands[1])?;
        Value::fn_set(domain, range).map_err(|error| value_fault(error, span))
    }

    /// `f[e]`
    fn apply(&mut self, operands: &'m [Code; 2], span: Span) -> Result<Value, Fault> {
        match self.with_both(operands, Value::apply)? {
            Ok(value) => Ok(value),
            Err(error) => self.apply_again(operands, error, span),
        }
    }

    /// Applies a function that is not computed yet, or says why there is none.
    #[inline(never)]
    fn apply_again(
        &mut self,
        operands: &'m [Code; 2],
        error: ValueError,
        span: Span,
    ) -> Result<Value, Fault> {
        if let Problem::NotAFunction { found, .. } = error.problem() {
            let kind = ErrorKind::NotAFunction(shown(found));
            return Err(EvalError::new(kind, span));
        }
        if !is_deferred(&error) {
            return Err(value_fault(error, span));
        }
        let function = self.eval(&operands[0])?;
        let argument = self.eval(&operands[1])?;
        self.apply_value(&function, argument, span)
    }

    /// Applies a value, whatever it is.
    pub(super) fn apply_value(
        &mut self,
        function: &Value,
        argument: Value,
        span: Span,
    ) -> Result<Value, Fault> {
        let argument = self.settled(argument, span)?;
        match function {
            Value::Deferred(deferred) => self.apply_deferred(deferred, argument, span),
            _ => match function.apply(&argument) {
                Err(error) if is_deferred(&error) => {
                    let argument = self.forced(argument, span)?;
                    let function = self.forced(function.clone(), span)?;
                    function.apply(&argument)
                }
                result => result,
            }
            .map_err(|error| value_fault(error, span)),
        }
    }

    #[inline(never)]
    fn domain(&mut self, function: &'m Code, span: Span) -> Result<Value, Fault> {
        match self.with(function, Value::domain)? {
            Ok(value) => Ok(value),
            Err(error) if is_deferred(&error) => {
                let function = self.eval(function)?;
                self.domain_of(&function, span)
            }
            Err(error) => Err(match error.problem() {
                Problem::NotAFunction { found, .. } => {
                    EvalError::new(ErrorKind::DomainOfNonFunction(shown(found)), span)
                }
                _ => value_fault(error, span),
            }),
        }
    }

    /// `r.name`
    fn field(&mut self, record: &'m Code, name: Symbol, span: Span) -> Result<Value, Fault> {
        match self.with(record, |value| value.apply_field(name))? {
            Ok(value) => Ok(value),
            Err(error) => self.field_again(record, name, error, span),
        }
    }

    #[inline(never)]
    fn field_again(
        &mut self,
        record: &'m Code,
        field: Symbol,
        error: ValueError,
        span: Span,
    ) -> Result<Value, Fault> {
        let kind = match error.problem() {
            Problem::Deferred => {
                let record = self.eval(record)?;
                return self.apply_value(&record, Value::symbol_string(field), span);
            }
            Problem::NotAFunction { found, .. } => ErrorKind::NotARecord {
                field,
                found: shown(found),
            },
            Problem::NotInDomain { function, .. } => ErrorKind::NoSuchField {
                field,
                record: shown(function),
            },
            _ => ErrorKind::Value(error),
        };
        Err(EvalError::new(kind, span))
    }

    #[inline]
    fn int(
        &mut self,
        operator: IntOperator,
        operands: &'m [Code; 2],
        span: Span,
    ) -> Result<Value, Fault> {
        use IntOperator as I;
        let (left, right) = self.integers(operator, operands)?;
        let number = match operator {
            I::Add => left.checked_add(right),
            I::Subtract => left.checked_sub(right),
            I::Multiply => left.checked_mul(right),
            I::Less => return Ok(Value::Bool(left < right)),
            I::LessEqual => return Ok(Value::Bool(left <= right)),
            I::Greater => return Ok(Value::Bool(left > right)),
            I::GreaterEqual => return Ok(Value::Bool(left >= right)),
        };
        match number {
            Some(number) => Ok(Value::Int(number)),
            None => Err(overflow(operator, left, right, span)),
        }
    }

    #[inline]
    pub(super) fn integers(
        &mut self,
        operator: IntOperator,
        operands: &'m [Code; 2],
    ) -> Result<(i64, i64), Fault> {
        let left = self.integer(&operands[0], operator, "first")?;
        let right = self.integer(&operands[1], operator, "second")?;
        Ok((left, right))
    }

    #[inline]
    fn integer(
        &mut self,
        code: &'m Code,
        operator: IntOperator,
        position: &'static str,
    ) -> Result<i64, Fault> {
        if let Some(Value::Int(number)) = self.peek(code) {
            return Ok(*number);
        }
        match self.eval(code)? {
            Value::Int(number) => Ok(number),
            found => Err(not_an_integer(&found, operator, position, code.span)),
        }
    }
}

#[cold]
fn not_an_integer(
    found: &Value,
    operator: IntOperator,
    position: &'static str,
    span: Span,
) -> Fault {
    let error = ValueError::argument(name(operator), position, "integer", found);
    value_fault(error, span)
}

#[cold]
fn overflow(operator: IntOperator, left: i64, right: i64, span: Span) -> Fault {
    let what = format!("{left}{}{right}", name(operator));
    value_fault(Problem::Overflow(what).into(), span)
}

fn name(operator: IntOperator) -> &'static str {
    match operator {
        IntOperator::Add => "+",
        IntOperator::Subtract => "-",
        IntOperator::Multiply => "*",
        IntOperator::Less => "<",
        IntOperator::LessEqual => "<=",
        IntOperator::Greater => ">",
        IntOperator::GreaterEqual => ">=",
    }
}

/// Why code cannot be evaluated at all.
#[cold]
pub(super) fn unsupported(reason: &str, span: Span) -> Fault {
    EvalError::new(ErrorKind::Unsupported(reason.into()), span)
}
