//! Function constructors and set filters: evaluated at once, or left for later.

use std::any::Any;
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::slots::{Callee, index};
use super::{Fault, Machine, Mode, Slot, broken, value_fault};
use crate::eval::code::{Closure, ClosureId, ClosureKind, RoutineId, Target};
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
struct Frame {
    size: u32,
    slots: Vec<(u32, Captured)>,
    /// The frame around it, where that is not the next of a list.
    around: Option<Arc<Frame>>,
}

/// A copy of a slot that needs no thunk.
#[derive(Debug)]
enum Captured {
    Value(Value),
    Operator(RoutineId, Option<Arc<Frame>>),
    Failed(Arc<EvalError>),
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

    fn filter(
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

    fn present_context(&mut self) -> Arc<Context> {
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
    fn captured(
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
    fn restore(&mut self, frame: &Frame, around: usize) -> usize {
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
    fn in_context<R>(
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
        let lambda = lambda(deferred).ok_or_else(|| broken(span))?;
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
