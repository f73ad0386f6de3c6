//! Bound names: quantifiers, `CHOOSE` and set maps.
//!
//! The first of several names varies fastest, as in TLC.

use std::ops::ControlFlow;

use super::{Fault, Machine, Slot, Step, is_deferred, shown, value_fault};
use crate::eval::code::{Binder, Code, Target};
use crate::eval::error::{ErrorKind, EvalError};
use crate::source::Span;
use crate::value::{Elements, Problem, Value};

/// A name, or tuple of names, with the set it takes its values from.
pub(super) struct Range<'m> {
    pub(super) target: &'m Target,
    pub(super) set: Value,
    pub(super) span: Span,
}

impl<'m> Machine<'m> {
    /// The elements of a set in TLC's order.
    pub(super) fn elements(&mut self, set: &Value, span: Span) -> Result<Elements, Fault> {
        let elements = match set.elements() {
            Err(error) if is_deferred(&error) => self.forced(set.clone(), span)?.elements(),
            result => result,
        };
        elements.map_err(|error| match error.problem() {
            Problem::Deferred | Problem::NotASet { .. } | Problem::NotEnumerable(_) => {
                EvalError::new(ErrorKind::NotEnumerable(shown(set)), span)
            }
            _ => value_fault(error, span),
        })
    }

    /// Visits the elements of a set in TLC's order until told to stop.
    #[inline]
    pub(super) fn each_element(
        &mut self,
        set: &Value,
        span: Span,
        mut visit: impl FnMut(&mut Self, Value) -> Step,
    ) -> Step {
        if let Value::Set(set) = set {
            for element in set.as_slice() {
                self.step(span)?;
                if visit(self, element.clone())?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            return Ok(ControlFlow::Continue(()));
        }
        for element in self.elements(set, span)? {
            self.step(span)?;
            let element = element.map_err(|error| value_fault(error, span))?;
            if visit(self, element)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Visits all elements of a set in TLC's order.
    #[inline]
    pub(super) fn all_elements(
        &mut self,
        set: &Value,
        span: Span,
        mut visit: impl FnMut(&mut Self, Value) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let visit = |machine: &mut Self, element| {
            visit(machine, element)?;
            Ok(ControlFlow::Continue(()))
        };
        self.each_element(set, span, visit).map(ended)
    }

    /// Visits every binding of some names; afterwards they are bound to what they were before.
    #[inline]
    pub(super) fn each_binding(
        &mut self,
        binders: &'m [Binder],
        mut visit: impl FnMut(&mut Self) -> Step,
    ) -> Step {
        if let [Binder { targets, domain }] = binders
            && let [Target::Slot(slot)] = &**targets
        {
            let set = self.eval(domain)?;
            let place = self.base + *slot as usize;
            let before = self.bind(*slot, Slot::Empty);
            let result = self.each_element(&set, domain.span, |machine, element| {
                if let Some(content) = machine.slots.get_mut(place) {
                    *content = Slot::Value(element);
                }
                visit(machine)
            });
            self.bind(*slot, before);
            return result;
        }
        let ranges = self.ranges(binders)?;
        for range in &ranges {
            // TLC lists all of them before it looks at the elements of any.
            if !matches!(range.set, Value::Set(_) | Value::Interval(_)) {
                self.elements(&range.set, range.span)?;
            }
        }
        self.each_of(&ranges, &mut visit)
    }

    /// Evaluates the sets of some binders.
    pub(super) fn ranges(&mut self, binders: &'m [Binder]) -> Result<Vec<Range<'m>>, Fault> {
        let mut ranges = Vec::new();
        for binder in binders {
            let set = self.eval(&binder.domain)?;
            for target in &binder.targets {
                ranges.push(Range {
                    target,
                    set: set.clone(),
                    span: binder.domain.span,
                });
            }
        }
        Ok(ranges)
    }

    #[inline(never)]
    fn each_of(&mut self, ranges: &[Range<'m>], visit: &mut dyn FnMut(&mut Self) -> Step) -> Step {
        let Some((range, faster)) = ranges.split_last() else {
            return visit(self);
        };
        self.unbind(range.target);
        let result = self.each_element(&range.set, range.span, |machine, element| {
            machine.bind_target(range.target, element, range.span)?;
            machine.each_of(faster, visit)
        });
        self.rebind(range.target);
        result
    }

    /// Binds a name, or the names of a tuple.
    pub(super) fn bind_target(
        &mut self,
        target: &Target,
        element: Value,
        span: Span,
    ) -> Result<(), Fault> {
        match target {
            Target::Slot(slot) => {
                self.bind(*slot, Slot::Value(element));
                Ok(())
            }
            Target::Tuple(slots) => match element.as_tuple() {
                Some(parts) if parts.len() == slots.len() => {
                    for (slot, part) in slots.iter().zip(parts) {
                        self.bind(*slot, Slot::Value(part.clone()));
                    }
                    Ok(())
                }
                _ => Err(EvalError::new(
                    ErrorKind::NotATuple {
                        length: slots.len(),
                        found: shown(&element),
                    },
                    span,
                )),
            },
        }
    }

    /// Takes away what a target's names are bound to, until [`Machine::rebind`] gives it back in the
    /// opposite order.
    pub(super) fn unbind(&mut self, target: &Target) {
        for slot in target.slots() {
            let before = self.bind(*slot, Slot::Empty);
            self.saved.push(before);
        }
    }

    /// Gives back what [`Machine::unbind`] took last.
    pub(super) fn rebind(&mut self, target: &Target) {
        for slot in target.slots().iter().rev() {
            let before = self.saved.pop().unwrap_or_default();
            self.bind(*slot, before);
        }
    }

    /// `\A` and `\E`
    #[inline(never)]
    pub(super) fn quantified(
        &mut self,
        for_all: bool,
        binders: &'m [Binder],
        body: &'m Code,
    ) -> Result<bool, Fault> {
        let outcome = self.each_binding(binders, |machine| {
            let holds = machine.truth(body, "the body of a quantifier")?;
            Ok(if holds == for_all {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            })
        })?;
        Ok(outcome.is_continue() == for_all)
    }

    /// `CHOOSE x \in S : p`
    #[inline(never)]
    pub(super) fn choose(
        &mut self,
        target: &'m Target,
        domain: Option<&'m Code>,
        body: &'m Code,
        span: Span,
    ) -> Result<Value, Fault> {
        let Some(domain) = domain else {
            let reason = "TLC attempted to evaluate an unbounded CHOOSE.\n\
                          Make sure that the expression is of form CHOOSE x \\in S: P(x).";
            return Err(EvalError::new(ErrorKind::Unsupported(reason.into()), span));
        };
        let set = self.eval(domain)?;
        self.unbind(target);
        let mut chosen = None;
        let result = self.each_element(&set, domain.span, |machine, element| {
            machine.bind_target(target, element.clone(), domain.span)?;
            if machine.truth(body, "the condition of CHOOSE")? {
                chosen = Some(element);
                return Ok(ControlFlow::Break(()));
            }
            Ok(ControlFlow::Continue(()))
        });
        self.rebind(target);
        result.map(ended)?;
        chosen.ok_or_else(|| EvalError::new(ErrorKind::ChooseEmpty, span))
    }

    /// `{e : x \in S}`
    #[inline(never)]
    pub(super) fn set_map(
        &mut self,
        binders: &'m [Binder],
        body: &'m Code,
        span: Span,
    ) -> Result<Value, Fault> {
        let mut values = Vec::new();
        self.each_binding(binders, |machine| {
            let value = machine.eval(body)?;
            values.push(value);
            Ok(ControlFlow::Continue(()))
        })
        .map(ended)?;
        self.set_of(values, span)
    }
}

/// Where it does not matter whether the end of a loop was reached.
pub(super) fn ended(_: ControlFlow<()>) {}
