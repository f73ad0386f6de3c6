//! Actions: finding the states that a formula allows.
//!
//! A formula is walked with a continuation: what remains to be satisfied. `x' = e` gives a variable
//! its value and goes on with the rest; a disjunction goes on with the rest once for each disjunct.
//! Whatever was assigned or bound on the way is taken back on return. Continuations are links of a
//! list on the stack, so a conjunct costs no allocation.
//!
//! Once every variable has a value, what remains is only tested, as TLC does; so a disjunction
//! there gives one successor, not one for each disjunct that holds.

use std::ops::ControlFlow;

use super::quantify::{Range, ended};
use super::{CurrentAction, Fault, Machine, Mode, Slot, value_fault};
use crate::eval::code::{Binder, Code, Entry, Op, VariableIndex};
use crate::eval::error::{ErrorKind, EvalError};
use crate::explore::{ActionId, State, Successor};
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::Value;

/// Whether to go on looking.
pub(super) type Step = Result<ControlFlow<()>, Fault>;

/// How many names that stand for names are followed to find the variable that is assigned.
const MAX_ALIASES: u32 = 64;

/// Takes the states that are found.
trait Sink<'m> {
    /// Takes the next state as it stands in the machine.
    fn accept(&mut self, machine: &mut Machine<'m>) -> Step;
}

/// What remains to be satisfied.
enum Rest<'k, 'm> {
    /// Nothing.
    Done,
    /// Conjuncts, in a frame.
    Conjuncts {
        parts: &'m [Code],
        base: usize,
        next: &'k Rest<'k, 'm>,
    },
    /// The other bindings of a `\A`.
    Bindings {
        all: &'k Bindings<'m>,
        from: usize,
        base: usize,
        next: &'k Rest<'k, 'm>,
    },
    /// The components of an `UNCHANGED`.
    Unchanged {
        parts: &'m [Code],
        base: usize,
        next: &'k Rest<'k, 'm>,
    },
    /// `v' /= v`
    Changed {
        subscript: &'m Code,
        base: usize,
        next: &'k Rest<'k, 'm>,
    },
}

/// Every binding of a `\A`, in the order they are satisfied in.
struct Bindings<'m> {
    body: &'m Code,
    ranges: Vec<Range<'m>>,
    /// An element for each range.
    elements: Vec<Vec<Value>>,
}

/// The states found by [`Machine::successors`].
struct Found<'f> {
    found: &'f mut Vec<Successor>,
}

impl<'m> Sink<'m> for Found<'_> {
    fn accept(&mut self, machine: &mut Machine<'m>) -> Step {
        if machine.missing > 0 {
            return Err(machine.incomplete_successor());
        }
        let arguments = machine.arguments()?;
        let state = machine.made_state()?;
        self.found.push(Successor {
            action: ActionId(machine.action.map_or(0, |action| action.action)),
            arguments,
            state,
        });
        Ok(ControlFlow::Continue(()))
    }
}

/// The states found by [`Machine::initial_states`].
struct Initial<'f> {
    found: &'f mut dyn FnMut(State) -> ControlFlow<()>,
    span: Span,
}

impl<'m> Sink<'m> for Initial<'_> {
    fn accept(&mut self, machine: &mut Machine<'m>) -> Step {
        if machine.missing > 0 {
            let missing = machine.missing_names();
            return Err(EvalError::new(
                ErrorKind::IncompleteInitial { missing },
                self.span,
            ));
        }
        let state = machine.made_state()?;
        Ok((self.found)(state))
    }
}

/// Stops at the first state: there is one.
struct First;

impl<'m> Sink<'m> for First {
    fn accept(&mut self, _: &mut Machine<'m>) -> Step {
        Ok(ControlFlow::Break(()))
    }
}

/// Whether code assigns nothing, whatever stands in it.
fn is_test(code: &Code) -> bool {
    matches!(
        code.op,
        Op::Value(_)
            | Op::Variable(_)
            | Op::Cell(_)
            | Op::Not(_)
            | Op::NotEqual(_)
            | Op::NotIn(_)
            | Op::Int(..)
            | Op::FnApply(_)
            | Op::Field(..)
            | Op::Native1(..)
            | Op::Native2(..)
            | Op::Native(..)
            | Op::Enabled(_)
            | Op::Equivalent(_)
    )
}

impl<'m> Machine<'m> {
    /// Appends the successors of a state, in TLC's order, duplicates included.
    ///
    /// # Errors
    /// When the next-state relation cannot be evaluated; `found` then holds those before the error.
    pub fn successors(
        &mut self,
        next: &'m Entry,
        state: &[Value],
        found: &mut Vec<Successor>,
    ) -> Result<(), Fault> {
        self.reset();
        self.set_state(state);
        let mut sink = Found { found };
        self.in_entry(next.frame_size, |machine| {
            machine.act(&next.body, &Rest::Done, &mut sink)
        })
        .map(ended)
    }

    /// Enumerates the states that satisfy an initial predicate, in TLC's order, duplicates
    /// included, until told to stop.
    ///
    /// # Errors
    /// When the predicate cannot be evaluated; states before the error were handed over.
    pub fn initial_states(
        &mut self,
        init: &'m Entry,
        found: &mut dyn FnMut(State) -> ControlFlow<()>,
    ) -> Result<(), Fault> {
        self.reset();
        self.no_state(Mode::Initial);
        let mut sink = Initial {
            found,
            span: init.body.span,
        };
        self.in_entry(init.frame_size, |machine| {
            machine.act(&init.body, &Rest::Done, &mut sink)
        })
        .map(ended)
    }

    /// `ENABLED A`
    #[inline(never)]
    pub(super) fn enabled(&mut self, action: &'m Code) -> Result<bool, Fault> {
        self.descend(action.span)?;
        let variables = self.next.len();
        let primed = self.mode == Mode::Primed;
        let present: Option<Vec<Value>> = if primed {
            let values: Option<Vec<Value>> = self.next.iter().cloned().collect();
            if values.is_none() {
                let index = self.next.iter().position(Option::is_none).unwrap_or(0);
                return Err(self.unassigned(super::slots::index(index), true, action.span));
            }
            self.count_next_read();
            values
        } else {
            None
        };
        let reads = (self.state_reads.get(), self.next_reads.get());
        let outer_next = std::mem::replace(&mut self.next, vec![None; variables]);
        let outer_missing = std::mem::replace(&mut self.missing, variables);
        let outer_epochs = (self.state_epoch, self.next_epoch);
        let outer_mode = self.mode;
        let outer_action = self.action;
        self.next_epoch = self.fresh_epoch();
        if outer_mode == Mode::Primed {
            self.mode = Mode::Action;
        }
        let outer_state = present.map(|present| {
            self.state_epoch = self.fresh_epoch();
            std::mem::replace(&mut self.state, present)
        });
        let result = self.act(action, &Rest::Done, &mut First);
        self.next = outer_next;
        self.missing = outer_missing;
        (self.state_epoch, self.next_epoch) = outer_epochs;
        self.mode = outer_mode;
        self.action = outer_action;
        self.next_reads.set(reads.1);
        if let Some(state) = outer_state {
            self.state = state;
            self.state_reads.set(reads.0);
        }
        Ok(result?.is_break())
    }

    /// Finds the ways to satisfy code and what remains.
    fn act(&mut self, code: &'m Code, rest: &Rest<'_, 'm>, sink: &mut dyn Sink<'m>) -> Step {
        let span = code.span;
        match &code.op {
            Op::And(parts) => self.conjuncts(parts, rest, sink),
            Op::Or(parts) => {
                for part in parts {
                    if self.act(part, rest, sink)?.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                Ok(ControlFlow::Continue(()))
            }
            Op::Quantified {
                for_all: false,
                binders,
                body,
            } => self.each_binding(binders, |machine| machine.act(body, rest, sink)),
            Op::Quantified {
                for_all: true,
                binders,
                body,
            } => self.for_all(binders, body, rest, sink),
            Op::Implies(sides) => {
                let [left, right] = &**sides;
                if self.truth(left, "P in P => Q")? {
                    self.act(right, rest, sink)
                } else {
                    self.go_on(rest, sink)
                }
            }
            Op::If(parts) => {
                let branch = self.branch(parts)?;
                self.act(branch, rest, sink)
            }
            Op::Case { arms, other } => {
                let arm = self.arm(arms, other.as_deref(), span)?;
                self.act(arm, rest, sink)
            }
            Op::Let(definitions, body) => {
                self.with_lets(definitions, |machine| machine.act(body, rest, sink))
            }
            Op::Call(routine, operands) => self.call(*routine, 0, operands, span, |m, body| {
                m.act(body, rest, sink)
            }),
            Op::CallNested {
                routine,
                depth,
                operands,
            } => {
                let around = self.frame(*depth);
                self.call(*routine, around, operands, span, |m, body| {
                    m.act(body, rest, sink)
                })
            }
            Op::CallParam(local, operands) => {
                let callee = self.callee(*local, span)?;
                let around = callee.around as usize;
                self.call(callee.routine, around, operands, span, |m, body| {
                    m.act(body, rest, sink)
                })
            }
            Op::Local(local) => match self.slots.get(self.position(*local)) {
                Some(Slot::Thunk(thunk)) if self.memo(*thunk).is_none() => {
                    let Some((code, base)) = self.thunk(*thunk) else {
                        return Err(super::broken(span));
                    };
                    self.descend(span)?;
                    self.at_base(base, |machine| machine.act(code, rest, sink))
                }
                _ => self.test(code, rest, sink),
            },
            Op::Action {
                action,
                arguments,
                body,
            } => {
                let current = CurrentAction {
                    action: *action,
                    arguments,
                    base: self.base,
                };
                let outer = self.action.replace(current);
                let result = self.act(body, rest, sink);
                self.action = outer;
                result
            }
            Op::Equal(sides) => match self.assigned(&sides[0]) {
                Some(variable) => {
                    let value = self.eval(&sides[1])?;
                    self.assign(variable, value, span, rest, sink)
                }
                None => self.test(code, rest, sink),
            },
            Op::In(sides) => match self.assigned(&sides[0]) {
                Some(variable) => self.assign_from(variable, &sides[1], false, rest, sink),
                None => self.test(code, rest, sink),
            },
            Op::SubsetEq(sides) => match self.assigned(&sides[0]) {
                Some(variable) => self.assign_from(variable, &sides[1], true, rest, sink),
                None => self.test(code, rest, sink),
            },
            Op::Unchanged(variables) if self.mode == Mode::Action => {
                self.keep(variables, span, rest, sink)
            }
            Op::UnchangedExpr(inner) if self.mode == Mode::Action => {
                self.keep_expression(inner, rest, sink)
            }
            Op::BoxAction(parts) => {
                let [action, subscript] = &**parts;
                if self.act(action, rest, sink)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                self.keep_expression(subscript, rest, sink)
            }
            Op::AngleAction(parts) => {
                let [action, subscript] = &**parts;
                let changed = Rest::Changed {
                    subscript,
                    base: self.base,
                    next: rest,
                };
                self.act(action, &changed, sink)
            }
            Op::Count(counter, body) => {
                self.count(*counter);
                self.act(body, rest, sink)
            }
            _ => self.test(code, rest, sink),
        }
    }

    /// Code that assigns nothing.
    fn test(&mut self, code: &'m Code, rest: &Rest<'_, 'm>, sink: &mut dyn Sink<'m>) -> Step {
        if self.eval_bool(code)? {
            self.go_on(rest, sink)
        } else {
            Ok(ControlFlow::Continue(()))
        }
    }

    fn conjuncts(
        &mut self,
        mut parts: &'m [Code],
        rest: &Rest<'_, 'm>,
        sink: &mut dyn Sink<'m>,
    ) -> Step {
        loop {
            match parts {
                [] => return self.go_on(rest, sink),
                [first, others @ ..] if is_test(first) => {
                    if !self.truth(first, "a formula in a conjunction")? {
                        return Ok(ControlFlow::Continue(()));
                    }
                    parts = others;
                }
                [last] => return self.act(last, rest, sink),
                [first, others @ ..] => {
                    let rest = Rest::Conjuncts {
                        parts: others,
                        base: self.base,
                        next: rest,
                    };
                    return self.act(first, &rest, sink);
                }
            }
        }
    }

    /// Goes on with what remains.
    fn go_on(&mut self, rest: &Rest<'_, 'm>, sink: &mut dyn Sink<'m>) -> Step {
        if let Rest::Done = rest {
            return sink.accept(self);
        }
        if self.missing == 0 {
            return if self.all_hold(rest)? {
                sink.accept(self)
            } else {
                Ok(ControlFlow::Continue(()))
            };
        }
        let base = match rest {
            Rest::Done => self.base,
            Rest::Conjuncts { base, .. }
            | Rest::Bindings { base, .. }
            | Rest::Unchanged { base, .. }
            | Rest::Changed { base, .. } => *base,
        };
        let outer = std::mem::replace(&mut self.base, base);
        let result = self.continue_here(rest, sink);
        self.base = outer;
        result.map_err(|fault| beyond(fault, base))
    }

    fn continue_here(&mut self, rest: &Rest<'_, 'm>, sink: &mut dyn Sink<'m>) -> Step {
        match rest {
            Rest::Done => sink.accept(self),
            Rest::Conjuncts { parts, next, .. } => self.conjuncts(parts, next, sink),
            Rest::Bindings {
                all, from, next, ..
            } => self.satisfy(all, *from, next, sink),
            Rest::Unchanged { parts, next, .. } => self.keep_all(parts, next, sink),
            Rest::Changed {
                subscript, next, ..
            } => {
                if self.is_same_primed(subscript)? {
                    Ok(ControlFlow::Continue(()))
                } else {
                    self.go_on(next, sink)
                }
            }
        }
    }

    /// Whether all that remains is true, every variable having a value.
    fn all_hold(&mut self, mut rest: &Rest<'_, 'm>) -> Result<bool, Fault> {
        loop {
            let (base, next) = match rest {
                Rest::Done => return Ok(true),
                Rest::Conjuncts { base, next, .. }
                | Rest::Bindings { base, next, .. }
                | Rest::Unchanged { base, next, .. }
                | Rest::Changed { base, next, .. } => (*base, *next),
            };
            let outer = std::mem::replace(&mut self.base, base);
            let result = self.holds_here(rest);
            self.base = outer;
            if !result.map_err(|fault| beyond(fault, base))? {
                return Ok(false);
            }
            rest = next;
        }
    }

    fn holds_here(&mut self, rest: &Rest<'_, 'm>) -> Result<bool, Fault> {
        match rest {
            Rest::Done => Ok(true),
            Rest::Conjuncts { parts, .. } => {
                for part in *parts {
                    if !self.truth(part, "a formula in a conjunction")? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Rest::Bindings { all, from, .. } => {
                for index in *from..all.elements.len() {
                    if !self.with_binding(all, index, |m| m.eval_bool(all.body))? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Rest::Unchanged { parts, .. } => {
                for part in *parts {
                    if !self.is_same_primed(part)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Rest::Changed { subscript, .. } => Ok(!self.is_same_primed(subscript)?),
        }
    }

    /// `\A x \in S : A`: as a conjunction, the first element before the last to the second.
    #[inline(never)]
    fn for_all(
        &mut self,
        binders: &'m [Binder],
        body: &'m Code,
        rest: &Rest<'_, 'm>,
        sink: &mut dyn Sink<'m>,
    ) -> Step {
        let ranges = self.ranges(binders)?;
        let mut elements = vec![Vec::new()];
        // The first name varies fastest, so what it adds comes innermost.
        for range in ranges.iter().rev() {
            let mut longer = Vec::new();
            for chosen in &elements {
                self.all_elements(&range.set, range.span, |_, element| {
                    let mut more = Vec::with_capacity(chosen.len() + 1);
                    more.push(element);
                    more.extend_from_slice(chosen);
                    longer.push(more);
                    Ok(())
                })?;
            }
            elements = longer;
        }
        if let Some(others) = elements.get_mut(1..) {
            others.reverse();
        }
        let all = Bindings {
            body,
            ranges,
            elements,
        };
        self.satisfy(&all, 0, rest, sink)
    }

    fn satisfy(
        &mut self,
        all: &Bindings<'m>,
        from: usize,
        rest: &Rest<'_, 'm>,
        sink: &mut dyn Sink<'m>,
    ) -> Step {
        if from >= all.elements.len() {
            return self.go_on(rest, sink);
        }
        self.descend(all.body.span)?;
        let base = self.base;
        let rest = Rest::Bindings {
            all,
            from: from + 1,
            base,
            next: rest,
        };
        self.with_binding(all, from, |machine| machine.act(all.body, &rest, sink))
    }

    fn with_binding<R>(
        &mut self,
        all: &Bindings<'m>,
        index: usize,
        run: impl FnOnce(&mut Self) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        let mut before = Vec::with_capacity(all.ranges.len());
        for range in &all.ranges {
            before.push(self.unbind(range.target));
        }
        let elements = all.elements.get(index).map_or(&[][..], Vec::as_slice);
        let mut bound = Ok(());
        for (range, element) in all.ranges.iter().zip(elements) {
            bound =
                bound.and_then(|()| self.bind_target(range.target, element.clone(), range.span));
        }
        let result = bound.and_then(|()| run(self));
        for (range, content) in all.ranges.iter().zip(before) {
            self.rebind(range.target, content);
        }
        result
    }

    /// The variable that the left side of `x' = e` assigns (of `x = e` in an initial predicate),
    /// also behind names that stand for it.
    #[inline]
    fn assigned(&self, code: &'m Code) -> Option<VariableIndex> {
        match (&code.op, self.mode) {
            (Op::Primed(index), Mode::Action) | (Op::Variable(index), Mode::Initial) => {
                Some(*index)
            }
            (Op::Local(_) | Op::Prime(_) | Op::Call(..) | Op::Count(..), _) => {
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
    fn assign(
        &mut self,
        variable: VariableIndex,
        value: Value,
        span: Span,
        rest: &Rest<'_, 'm>,
        sink: &mut dyn Sink<'m>,
    ) -> Step {
        let index = variable as usize;
        let Some(place) = self.next.get_mut(index) else {
            return Err(super::broken(span));
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
    fn assign_from(
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
            return Err(super::broken(span));
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
    fn keep(
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
    fn keep_expression(
        &mut self,
        code: &'m Code,
        rest: &Rest<'_, 'm>,
        sink: &mut dyn Sink<'m>,
    ) -> Step {
        let span = code.span;
        match &code.op {
            Op::Variable(variable) => self.keep(std::slice::from_ref(variable), span, rest, sink),
            Op::Tuple(parts) => self.keep_all(parts, rest, sink),
            Op::Count(_, inner) => self.keep_expression(inner, rest, sink),
            Op::Call(routine, operands) if operands.is_empty() => {
                self.call(*routine, 0, operands, span, |m, body| {
                    m.keep_expression(body, rest, sink)
                })
            }
            Op::Local(local) => match self.slots.get(self.position(*local)) {
                Some(Slot::Thunk(thunk)) => {
                    let Some((code, base)) = self.thunk(*thunk) else {
                        return Err(super::broken(span));
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

    fn keep_all(
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

    /// The next state, complete and computed.
    fn made_state(&mut self) -> Result<State, Fault> {
        let mut values = Vec::with_capacity(self.next.len());
        let span = Span {
            file: crate::source::FileId(0),
            start: 0,
            end: 0,
        };
        for index in 0..self.next.len() {
            if let Some(value) = self.next.get(index).cloned().flatten() {
                values.push(self.forced(value, span)?);
            }
        }
        Ok(State(values.into()))
    }

    fn missing_names(&self) -> Vec<Symbol> {
        let names = self.program.variables.iter();
        names
            .zip(&self.next)
            .filter(|(_, value)| value.is_none())
            .map(|(name, _)| *name)
            .collect()
    }

    #[cold]
    fn incomplete_successor(&self) -> Fault {
        let action = self
            .action
            .and_then(|action| self.model.actions.get(action.action as usize));
        let span = match (action, &self.model.next) {
            (Some(action), _) => action.span,
            (None, Some(next)) => next.body.span,
            (None, None) => self.model.init.body.span,
        };
        EvalError::new(
            ErrorKind::IncompleteSuccessor {
                action: action.map(|action| action.name),
                missing: self.missing_names(),
            },
            span,
        )
    }

    /// The arguments that the action at hand reports.
    fn arguments(&mut self) -> Result<Box<[(Symbol, Value)]>, Fault> {
        let Some(action) = self.action else {
            return Ok(Box::default());
        };
        if action.arguments.is_empty() {
            return Ok(Box::default());
        }
        let span = self
            .model
            .actions
            .get(action.action as usize)
            .map_or(self.model.init.body.span, |action| action.span);
        let mut arguments = Vec::with_capacity(action.arguments.len());
        for (name, local) in action.arguments {
            let value = self.at_base(action.base, |machine| machine.local(*local, span));
            match value.and_then(|value| self.forced(value, span)) {
                Ok(value) => arguments.push((*name, value)),
                Err(fault) if fault.is_resource() => return Err(fault),
                // An operand that the action never needed.
                Err(_) => {}
            }
        }
        Ok(arguments.into())
    }
}

/// An error in what remained after the definitions whose frames lie above `base`: they are no part
/// of the way to it.
#[cold]
fn beyond(mut fault: Fault, base: usize) -> Fault {
    fault.frames = fault.frames.min(base);
    fault
}
