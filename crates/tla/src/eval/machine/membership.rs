//! `e \in S` and `S \subseteq T` without building the sets.

use std::ops::ControlFlow;

use super::known_members::MemberKey;
use super::{Fault, Machine, is_deferred, value_fault};
use crate::eval::code::{CellId, Closure, ClosureKind, Code, Op};
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
        closure.is_some_and(Closure::filters_a_lazy_set)
    }

    /// Whether a value is in the set that code describes.
    #[inline(never)]
    fn member_of(&mut self, element: &Value, set: &'m Code, span: Span) -> Result<bool, Fault> {
        match &set.op {
            Op::SetEnum(members) => {
                for member in members {
                    let member = self.eval(member)?;
                    if self.operate(element, &member, span, Value::equals)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Op::Union(sets) => Ok(self.member_of(element, &sets[0], span)?
                || self.member_of(element, &sets[1], span)?),
            Op::Intersection(sets) => Ok(self.member_of(element, &sets[0], span)?
                && self.member_of(element, &sets[1], span)?),
            Op::Difference(sets) => Ok(self.member_of(element, &sets[0], span)?
                && !self.member_of(element, &sets[1], span)?),
            Op::PowerSet(inner) if is_structural(inner) && element.is_set() => {
                let outcome = self.each_element(element, span, |machine, part| {
                    Ok(if machine.member_of(&part, inner, span)? {
                        ControlFlow::Continue(())
                    } else {
                        ControlFlow::Break(())
                    })
                })?;
                Ok(outcome.is_continue())
            }
            Op::Product(sets) if sets.iter().any(is_structural) => {
                let Some(parts) = element.as_tuple() else {
                    return self.member_of_value(element, set, span);
                };
                if parts.len() != sets.len() {
                    return Ok(false);
                }
                for (part, set) in parts.iter().zip(sets) {
                    if !self.member_of(part, set, span)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Op::RecordSet(fields) if fields.iter().any(|(_, set)| is_structural(set)) => {
                let Value::Function(record) = element else {
                    return self.member_of_value(element, set, span);
                };
                if !record.is_record() || record.len() != fields.len() {
                    return Ok(false);
                }
                for (name, set) in fields {
                    let Some(value) = record
                        .field_position(*name)
                        .and_then(|position| record.values().get(position))
                    else {
                        return Ok(false);
                    };
                    if !self.member_of(value, set, span)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Op::Closure(id) => match self.program.closures.get(id.0 as usize) {
                Some(closure) if closure.kind == ClosureKind::Filter => {
                    let [binder] = &*closure.binders else {
                        return self.member_of_value(element, set, span);
                    };
                    let [target] = &*binder.targets else {
                        return self.member_of_value(element, set, span);
                    };
                    if !self.member_of(element, &binder.domain, span)? {
                        return Ok(false);
                    }
                    self.unbind(target);
                    let result = self
                        .bind_target(target, element.clone(), span)
                        .and_then(|()| self.truth(&closure.body, "the condition of a set filter"));
                    self.rebind(target);
                    result
                }
                _ => self.member_of_value(element, set, span),
            },
            Op::Call(routine, operands) if self.is_lazy_filter(set) => {
                self.call(*routine, 0, operands, set.span, |machine, body| {
                    machine.member_of(element, body, span)
                })
            }
            _ => self.member_of_value(element, set, span),
        }
    }

    fn member_of_value(
        &mut self,
        element: &Value,
        set: &'m Code,
        span: Span,
    ) -> Result<bool, Fault> {
        match self.with(set, |set| set.contains(element))? {
            Ok(truth) => Ok(truth),
            Err(error) if is_deferred(&error) => {
                let set = self.eval(set)?;
                self.contains(&set, element, span)
            }
            Err(error) => Err(value_fault(error, span)),
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
            if !self.known_or(key, |machine| machine.member_of_value(element, right, span))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn find_subset(&mut self, sides: &'m [Code; 2], span: Span) -> Result<bool, Fault> {
        let [left, right] = sides;
        if !matches!(right.op, Op::Closure(_)) {
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
        let outcome = self.each_element(&left, span, |machine, element| {
            Ok(if machine.member_of(&element, right, span)? {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            })
        })?;
        Ok(outcome.is_continue())
    }
}
