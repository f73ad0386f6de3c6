//! `e \in S` and `S \subseteq T` without building the sets.

use std::ops::ControlFlow;

use super::known_members::MemberKey;
use super::sets::is_held;
use super::{Fault, Machine, is_deferred, value_fault};
use crate::eval::code::{CellId, ClosureKind, Code, Op};
use crate::source::Span;
use crate::value::{DeferredValue, Problem, Value, ValueError};

/// Whether it pays to look at the code of a set instead of evaluating it.
fn is_structural(set: &Code) -> bool {
    matches!(
        set.op,
        Op::SetEnum(_)
            | Op::Closure(_)
            | Op::Union(_)
            | Op::Intersection(_)
            | Op::Difference(_)
            | Op::PowerSet(_)
            | Op::Product(_)
            | Op::RecordSet(_)
    )
}

/// Why it is not known whether a value is in a set.
enum Unknown {
    Value(ValueError),
    Fault(Fault),
}

impl From<ValueError> for Unknown {
    fn from(error: ValueError) -> Unknown {
        Unknown::Value(error)
    }
}

impl From<Fault> for Unknown {
    fn from(fault: Fault) -> Unknown {
        Unknown::Fault(fault)
    }
}

impl<'m> Machine<'m> {
    /// `e \in S`
    pub(super) fn member(&mut self, sides: &'m [Code; 2], span: Span) -> Result<bool, Fault> {
        let key = self.member_key(sides, false);
        self.known_or(key, |machine| machine.find_member(sides, span))
    }

    /// By what it is known whether a value at hand is in, or a subset of, a constant set that is
    /// not held as its elements.
    #[inline]
    fn member_key(&self, [value, set]: &'m [Code; 2], as_subset: bool) -> Option<MemberKey> {
        let Op::Cell(id) = set.op else {
            return None;
        };
        if !matches!(self.peek(set)?, Value::Lazy(_)) {
            return None;
        }
        MemberKey::new(self.peek(value)?, id, as_subset)
    }

    /// What is known, or else is found out.
    #[inline]
    fn known_or(
        &mut self,
        key: Option<MemberKey>,
        find: impl FnOnce(&mut Self) -> Result<bool, Fault>,
    ) -> Result<bool, Fault> {
        let Some(key) = key else {
            return find(self);
        };
        if self.known_members.contains(key) {
            return Ok(true);
        }
        let found = find(self)?;
        if found {
            self.known_members.insert(key);
        }
        Ok(found)
    }

    fn find_member(&mut self, sides: &'m [Code; 2], span: Span) -> Result<bool, Fault> {
        let [element, set] = sides;
        if !is_structural(set) && !self.is_lazy_filter(set) {
            match self.with_both(sides, |element, set| set.contains(element))? {
                Ok(truth) => return Ok(truth),
                Err(error) if is_deferred(&error) => {}
                Err(error) => return Err(value_fault(error, span)),
            }
        }
        let element = self.eval(element)?;
        let element = self.settled(element, span)?;
        self.member_of(&element, set, span)
    }

    /// Whether code is the use of a definition that filters a lazy set.
    #[inline]
    fn is_lazy_filter(&self, set: &Code) -> bool {
        let Op::Call(routine, _) = &set.op else {
            return false;
        };
        let routine = self.program.routines.get(routine.0 as usize);
        let Some(Op::Closure(id)) = routine.map(|routine| &routine.body.op) else {
            return false;
        };
        let closure = self.program.closures.get(id.0 as usize);
        closure.is_some_and(|closure| closure.filters_a_lazy_set)
    }

    /// Whether a value is in the set that code describes.
    #[inline(never)]
    fn member_of(&mut self, element: &Value, set: &'m Code, span: Span) -> Result<bool, Fault> {
        match &set.op {
            Op::SetEnum(members) => self.is_listed(element, members, span),
            Op::Union(sets) | Op::Intersection(sets) | Op::Difference(sets) => {
                self.member_of_pair(element, set, sets, span)
            }
            Op::Closure(id) => {
                if let Some(closure) = self.program.closures.get(id.0 as usize)
                    && closure.kind == ClosureKind::Filter
                    && let [binder] = &*closure.binders
                    && let [target] = &*binder.targets
                {
                    let domain = self.set_to_ask(&binder.domain)?;
                    if is_held(&domain) {
                        let chosen = self.filter(closure, target, &domain)?;
                        return self.contains(&chosen, element, span);
                    }
                    if !self.contains(&domain, element, span)? {
                        return Ok(false);
                    }
                    self.unbind(target);
                    let result = self
                        .bind_target(target, element.clone(), span)
                        .and_then(|()| self.truth(&closure.body, "the condition of a set filter"));
                    self.rebind(target);
                    return result;
                }
                let set = self.eval(set)?;
                self.contains(&set, element, span)
            }
            Op::Call(routine, operands) if self.is_lazy_filter(set) => {
                self.call(*routine, 0, operands, set.span, |machine, body| {
                    machine.member_of(element, body, span)
                })
            }
            _ => {
                let set = self.set_to_ask(set)?;
                self.contains(&set, element, span)
            }
        }
    }

    /// Whether a value is in `{a, b}`. All of `a` and `b` are evaluated, as one may fail.
    fn is_listed(
        &mut self,
        element: &Value,
        members: &'m [Code],
        span: Span,
    ) -> Result<bool, Fault> {
        let mut found = false;
        for member in members {
            let member = self.eval(member)?;
            found = found || self.operate(element, &member, span, Value::equals)?;
        }
        Ok(found)
    }

    /// Whether a value is in a union, intersection or difference. When both operands are held as
    /// their elements these are not merged, but both are asked: what cannot be compared with the
    /// elements of one of them fails, as it does on merging.
    fn member_of_pair(
        &mut self,
        element: &Value,
        set: &'m Code,
        sets: &'m [Code; 2],
        span: Span,
    ) -> Result<bool, Fault> {
        let left = self.set_to_ask(&sets[0])?;
        let right = self.set_to_ask(&sets[1])?;
        if is_held(&left) && is_held(&right) {
            let in_left = self.contains(&left, element, span)?;
            let in_right = self.contains(&right, element, span)?;
            return Ok(match &set.op {
                Op::Union(_) => in_left || in_right,
                Op::Intersection(_) => in_left && in_right,
                _ => in_left && !in_right,
            });
        }
        let combined = match &set.op {
            Op::Union(_) => self.united(&left, &right, set.span),
            Op::Intersection(_) => self.intersected(&left, &right, set.span),
            _ => self.subtracted(&left, &right, set.span),
        }?;
        self.contains(&combined, element, span)
    }

    /// A set of which only membership will be asked: filters of sets that are not held as their
    /// elements are left unevaluated, as TLC does.
    fn set_to_ask(&mut self, set: &'m Code) -> Result<Value, Fault> {
        let failed = |error| value_fault(error, set.span);
        match &set.op {
            Op::Closure(id) => self.closure_to_ask(*id, set.span),
            Op::PowerSet(inner) => {
                let inner = self.set_to_ask(inner)?;
                Value::power_set(inner).map_err(failed)
            }
            Op::Product(sets) => {
                let mut made = Vec::with_capacity(sets.len());
                for set in sets {
                    made.push(self.set_to_ask(set)?);
                }
                Value::product(made).map_err(failed)
            }
            Op::RecordSet(fields) => {
                let mut made = Vec::with_capacity(fields.len());
                for (name, set) in fields {
                    made.push((*name, self.set_to_ask(set)?));
                }
                Value::record_set(made).map_err(failed)
            }
            _ => self.eval(set),
        }
    }

    /// Whether a value is in a set, which may be, or be made of, filters that were left unevaluated.
    pub(super) fn contains(
        &mut self,
        set: &Value,
        element: &Value,
        span: Span,
    ) -> Result<bool, Fault> {
        match set.contains(element) {
            Ok(truth) => return Ok(truth),
            Err(error) if is_deferred(&error) => {}
            Err(error) => return Err(value_fault(error, span)),
        }
        let element = self.forced(element.clone(), span)?;
        let mut ask = |deferred: &DeferredValue, element: &Value| {
            let element = self.forced(element.clone(), span)?;
            Ok(self.deferred_contains(deferred, element, span)?)
        };
        set.contains_asking(&element, &mut ask)
            .map_err(|error| match error {
                Unknown::Value(error) => value_fault(error, span),
                Unknown::Fault(fault) => fault,
            })
    }

    /// `S \subseteq T`
    #[inline(never)]
    pub(super) fn subset_eq(&mut self, sides: &'m [Code; 2], span: Span) -> Result<bool, Fault> {
        let key = self.member_key(sides, true);
        self.known_or(key, |machine| match sides[1].op {
            Op::Cell(id) if key.is_some() => machine.find_known_elements(sides, id, span),
            _ => machine.find_subset(sides, span),
        })
    }

    /// `S \subseteq T` where many elements of `S` may be known to be in the constant `T`.
    fn find_known_elements(
        &mut self,
        sides: &'m [Code; 2],
        id: CellId,
        span: Span,
    ) -> Result<bool, Fault> {
        let [left, right] = sides;
        let Value::Set(elements) = self.eval(left)? else {
            return self.find_subset(sides, span);
        };
        for element in elements.as_slice() {
            self.step(span)?;
            let key = MemberKey::new(element, id, false);
            if !self.known_or(key, |machine| machine.member_of(element, right, span))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn find_subset(&mut self, sides: &'m [Code; 2], span: Span) -> Result<bool, Fault> {
        let [left, right] = sides;
        if !is_structural(right) {
            match self.with_both(sides, Value::subset_eq)? {
                Ok(truth) => return Ok(truth),
                Err(error) if is_deferred(&error) => {}
                Err(error) => return Err(value_fault(error, span)),
            }
        }
        let left = self.eval(left)?;
        if let Value::Deferred(_) = &left {
            let error = Problem::NotEnumerable(left).into();
            return Err(value_fault(error, span));
        }
        let right = self.set_to_ask(right)?;
        let outcome = self.each_element(&left, span, |machine, element| {
            Ok(if machine.contains(&right, &element, span)? {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            })
        })?;
        Ok(outcome.is_continue())
    }
}
