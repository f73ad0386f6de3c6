//! Function constructors and set filters: evaluated at once, or left for later.

use std::any::Any;
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::captured::{Context, Frame};
use super::compose::missing;
use super::{Fault, Machine, Mode, Slot, broken, value_fault};
use crate::eval::code::{Closure, ClosureId, ClosureKind, Target};
use crate::eval::error::{ErrorKind, EvalError};
use crate::source::Span;
use crate::value::{Deferred, DeferredValue, Problem, Value};

/// The largest domain whose function is computed before it is applied.
const MAX_EAGER: i64 = 1 << 20;

/// How many values of a recursive function are kept.
const MAX_MEMO: usize = 1 << 20;

/// A closure that was left unevaluated, with all it needs.
#[derive(Debug)]
pub(super) struct Lambda {
    closure: ClosureId,
    /// The set of each target.
    ranges: Vec<Value>,
    /// The frames around it, innermost first.
    frames: Vec<Frame>,
    /// The state it was made in, unless it is a constant.
    context: Option<Arc<Context>>,
    /// Values of a recursive function, by the hash of the argument.
    memo: Mutex<HashMap<u64, Vec<(Value, Value)>>>,
    /// The whole value, once it was needed.
    whole: OnceLock<Value>,
}

impl Deferred for Lambda {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The closure behind a deferred value.
pub(super) fn lambda(deferred: &DeferredValue) -> Option<&Lambda> {
    deferred.get().as_any().downcast_ref()
}

fn targets(closure: &Closure) -> impl Iterator<Item = &Target> {
    closure
        .binders
        .iter()
        .flat_map(|binder| binder.targets.iter())
}

impl<'m> Machine<'m> {
    /// `[x \in S |-> e]` or `{x \in S : p}`
    #[inline(never)]
    pub(super) fn closure(&mut self, id: ClosureId, span: Span) -> Result<Value, Fault> {
        let Some(closure) = self.program.closures.get(id.0 as usize) else {
            return Err(broken(span));
        };
        if closure.kind == ClosureKind::Filter
            && let [binder] = &*closure.binders
            && let [target] = &*binder.targets
        {
            let set = self.eval(&binder.domain)?;
            if is_listable(&set) {
                return self.filter(closure, target, &set);
            }
            return self.defer(id, closure, vec![set]);
        }
        let mut ranges = Vec::new();
        for binder in &closure.binders {
            let set = self.eval(&binder.domain)?;
            for _ in &binder.targets {
                ranges.push(set.clone());
            }
        }
        match closure.kind {
            ClosureKind::RecursiveFunction { .. } | ClosureKind::Filter => {
                self.defer(id, closure, ranges)
            }
            ClosureKind::Function => {
                if !ranges.iter().all(is_listable) {
                    return self.defer(id, closure, ranges);
                }
                match self.function(closure, &ranges) {
                    // TLC evaluates the elements that are asked for: this one may never be.
                    Err(fault) if !fault.is_resource() => self.defer(id, closure, ranges),
                    result => result,
                }
            }
        }
    }

    /// A closure of which only membership will be asked, if it is a filter.
    pub(super) fn closure_to_ask(&mut self, id: ClosureId, span: Span) -> Result<Value, Fault> {
        if let Some(closure) = self.program.closures.get(id.0 as usize)
            && closure.kind == ClosureKind::Filter
            && let [binder] = &*closure.binders
        {
            let set = self.eval(&binder.domain)?;
            if let (Value::Set(_) | Value::Interval(_), [target]) = (&set, &*binder.targets) {
                return self.filter(closure, target, &set);
            }
            return self.defer(id, closure, vec![set]);
        }
        self.closure(id, span)
    }

    fn function(&mut self, closure: &'m Closure, ranges: &[Value]) -> Result<Value, Fault> {
        let span = closure.span;
        let domain = domain(ranges).map_err(|error| value_fault(error, span))?;
        let mut values = Vec::new();
        let single = ranges.len() == 1;
        for target in targets(closure) {
            self.unbind(target);
        }
        let result = self.all_elements(&domain, span, |machine, element| {
            machine.bind_all(closure, element, single)?;
            values.push(machine.eval(&closure.body)?);
            Ok(())
        });
        for binder in closure.binders.iter().rev() {
            for target in binder.targets.iter().rev() {
                self.rebind(target);
            }
        }
        result?;
        Value::function(&domain, values).map_err(|error| value_fault(error, span))
    }

    pub(super) fn filter(
        &mut self,
        closure: &'m Closure,
        target: &'m Target,
        set: &Value,
    ) -> Result<Value, Fault> {
        let span = closure.span;
        let mut kept = Vec::new();
        self.unbind(target);
        let mut all = true;
        let result = self.all_elements(set, span, |machine, element| {
            machine.bind_target(target, element.clone(), span)?;
            if machine.truth(&closure.body, "the condition of a set filter")? {
                kept.push(element);
            } else {
                all = false;
            }
            Ok(())
        });
        self.rebind(target);
        result?;
        if let Value::Set(_) | Value::Interval(_) = set {
            if all {
                return Ok(set.clone());
            }
            return Value::set_in_order(kept).map_err(|error| value_fault(error, span));
        }
        Value::set(kept).map_err(|error| value_fault(error, span))
    }

    /// Binds the names of a closure to an argument: a tuple if there are several.
    fn bind_all(
        &mut self,
        closure: &'m Closure,
        argument: Value,
        single: bool,
    ) -> Result<(), Fault> {
        if single {
            return match targets(closure).next() {
                Some(target) => self.bind_target(target, argument, closure.span),
                None => Err(broken(closure.span)),
            };
        }
        let parts = argument.as_tuple().unwrap_or(&[]);
        for (target, part) in targets(closure).zip(parts) {
            self.bind_target(target, part.clone(), closure.span)?;
        }
        Ok(())
    }

    /// Leaves a closure for later.
    #[inline(never)]
    fn defer(
        &mut self,
        id: ClosureId,
        closure: &'m Closure,
        ranges: Vec<Value>,
    ) -> Result<Value, Fault> {
        self.shared.has_deferred.store(true, Ordering::Relaxed);
        let context = (self.mode != Mode::Constant).then(|| {
            // What it depends on is not known before it is applied.
            self.count_state_read();
            self.count_next_read();
            self.present_context()
        });
        let mut seen = HashMap::new();
        let mut frames = Vec::with_capacity(closure.captures.len());
        for (depth, capture) in (0_u32..).zip(&closure.captures) {
            let base = self.frame(depth);
            let mut slots = Vec::with_capacity(capture.slots.len());
            for &slot in &capture.slots {
                if let Some(captured) =
                    self.captured(base + slot as usize, closure.span, &mut seen)?
                {
                    slots.push((slot, captured));
                }
            }
            frames.push(Frame {
                size: capture.frame_size,
                slots,
                around: None,
            });
        }
        Ok(Value::deferred(Lambda {
            closure: id,
            ranges,
            frames,
            context,
            memo: Mutex::default(),
            whole: OnceLock::new(),
        }))
    }

    /// Runs a deferred closure's body on an argument.
    fn in_lambda<R>(
        &mut self,
        deferred: &DeferredValue,
        lambda: &Lambda,
        closure: &'m Closure,
        argument: Value,
        run: impl FnOnce(&mut Self) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        self.descend(closure.span)?;
        self.in_context(lambda.context.as_ref(), |machine| {
            let start = machine.slots.len();
            let thunks = machine.thunks.len();
            let mut base = 0;
            for frame in lambda.frames.iter().rev() {
                base = machine.restore(frame, base);
            }
            let result = machine.at_base(base, |machine| {
                machine.bind_all(closure, argument, lambda.ranges.len() == 1)?;
                if let ClosureKind::RecursiveFunction { itself } = closure.kind {
                    machine.bind(itself, Slot::Value(Value::Deferred(deferred.clone())));
                }
                run(machine)
            });
            machine.slots.truncate(start);
            machine.thunks.truncate(thunks);
            result
        })
    }

    fn opened<'d>(
        &self,
        deferred: &'d DeferredValue,
        span: Span,
    ) -> Result<(&'d Lambda, &'m Closure), Fault> {
        let Some(lambda) = lambda(deferred) else {
            return Err(match missing(deferred) {
                Some(variable) => self.unassigned(variable, false, span),
                None => broken(span),
            });
        };
        let closure = self.program.closures.get(lambda.closure.0 as usize);
        Ok((lambda, closure.ok_or_else(|| broken(span))?))
    }

    /// Whether an argument is in the domain of a deferred function (or the set of a filter).
    fn in_ranges(&mut self, lambda: &Lambda, argument: &Value, span: Span) -> Result<bool, Fault> {
        if let [range] = &*lambda.ranges {
            return self.contains(range, argument, span);
        }
        let Some(parts) = argument.as_tuple() else {
            return Ok(false);
        };
        if parts.len() != lambda.ranges.len() {
            return Ok(false);
        }
        for (range, part) in lambda.ranges.iter().zip(parts) {
            if !self.contains(range, part, span)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Applies a deferred function.
    #[inline(never)]
    pub(super) fn apply_deferred(
        &mut self,
        deferred: &DeferredValue,
        argument: Value,
        span: Span,
    ) -> Result<Value, Fault> {
        let (lambda, closure) = self.opened(deferred, span)?;
        if let Some(whole) = lambda.whole.get() {
            return whole
                .apply(&argument)
                .map_err(|error| value_fault(error, span));
        }
        let recursive = matches!(closure.kind, ClosureKind::RecursiveFunction { .. });
        if closure.kind == ClosureKind::Filter {
            let found = "a set".into();
            return Err(EvalError::new(ErrorKind::NotAFunction(found), span));
        }
        let hash = if recursive {
            argument.fingerprint().ok()
        } else {
            None
        };
        if let Some(hash) = hash
            && let Some(value) = lambda.remembered(hash, &argument)
        {
            return Ok(value);
        }
        if !self.in_ranges(lambda, &argument, span)? {
            let function = Value::Deferred(deferred.clone());
            let error = Problem::NotInDomain { function, argument }.into();
            return Err(value_fault(error, span));
        }
        let value = self.in_lambda(deferred, lambda, closure, argument.clone(), |machine| {
            machine.eval(&closure.body)
        })?;
        if let Some(hash) = hash {
            lambda.remember(hash, argument, value.clone());
        }
        Ok(value)
    }

    /// Whether a value is in a deferred filter.
    pub(super) fn deferred_contains(
        &mut self,
        deferred: &DeferredValue,
        element: Value,
        span: Span,
    ) -> Result<bool, Fault> {
        let (lambda, closure) = self.opened(deferred, span)?;
        if closure.kind != ClosureKind::Filter {
            let element = Box::new(element);
            let error = Problem::Member {
                element: *element,
                set: Value::Deferred(deferred.clone()),
            };
            return Err(value_fault(error.into(), span));
        }
        if !self.in_ranges(lambda, &element, span)? {
            return Ok(false);
        }
        self.in_lambda(deferred, lambda, closure, element, |machine| {
            machine.truth(&closure.body, "the condition of a set filter")
        })
    }

    /// Whether a value is a set filter that was left unevaluated.
    pub(super) fn is_filter(&self, value: &Value) -> bool {
        let Value::Deferred(deferred) = value else {
            return false;
        };
        let closure = lambda(deferred)
            .and_then(|lambda| self.program.closures.get(lambda.closure.0 as usize));
        closure.is_some_and(|closure| closure.kind == ClosureKind::Filter)
    }

    /// The domain of any function.
    pub(super) fn domain_of(&mut self, function: &Value, span: Span) -> Result<Value, Fault> {
        if let Value::Deferred(deferred) = function {
            let (lambda, closure) = self.opened(deferred, span)?;
            if closure.kind != ClosureKind::Filter {
                return domain(&lambda.ranges).map_err(|error| value_fault(error, span));
            }
        }
        function.domain().map_err(|error| value_fault(error, span))
    }

    /// The whole value of a closure that was left unevaluated.
    #[inline(never)]
    pub(super) fn whole(&mut self, deferred: &DeferredValue, span: Span) -> Result<Value, Fault> {
        let (lambda, closure) = self.opened(deferred, span)?;
        if let Some(whole) = lambda.whole.get() {
            return Ok(whole.clone());
        }
        let domain = domain(&lambda.ranges).map_err(|error| value_fault(error, span))?;
        let mut values = Vec::new();
        let is_filter = closure.kind == ClosureKind::Filter;
        self.all_elements(&domain, closure.span, |machine, element| {
            if is_filter {
                if machine.deferred_contains(deferred, element.clone(), span)? {
                    values.push(element);
                }
            } else {
                let value = machine.apply_deferred(deferred, element, span)?;
                values.push(machine.forced(value, span)?);
            }
            Ok(())
        })?;
        let whole = if is_filter {
            Value::set(values)
        } else {
            Value::function(&domain, values)
        }
        .map_err(|error| value_fault(error, span))?;
        Ok(lambda.whole.get_or_init(|| whole).clone())
    }
}

impl Lambda {
    fn remembered(&self, hash: u64, argument: &Value) -> Option<Value> {
        let memo = self.memo.lock().unwrap_or_else(PoisonError::into_inner);
        let known = memo.get(&hash)?;
        let known = known
            .iter()
            .find(|(own, _)| own.equals(argument).unwrap_or(false))?;
        Some(known.1.clone())
    }

    fn remember(&self, hash: u64, argument: Value, value: Value) {
        let mut memo = self.memo.lock().unwrap_or_else(PoisonError::into_inner);
        if memo.len() < MAX_MEMO {
            memo.entry(hash).or_default().push((argument, value));
        }
    }
}

/// Whether a set can be listed and is not too large to be.
fn is_listable(set: &Value) -> bool {
    match set {
        Value::Set(_) => true,
        Value::Deferred(_) => false,
        Value::Interval(interval) => i64::from(interval.len()) <= MAX_EAGER,
        // Something else than a set is found out by listing it.
        _ if !set.is_set() => true,
        _ => {
            set.is_finite().unwrap_or(false)
                && set.cardinality().is_ok_and(|size| size <= MAX_EAGER)
        }
    }
}

/// The domain of a function of these names.
fn domain(ranges: &[Value]) -> Result<Value, crate::value::ValueError> {
    match ranges {
        [range] => Ok(range.clone()),
        _ => Value::product(ranges.to_vec()),
    }
}
