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

use super::for_all::Bindings;
use super::{CurrentAction, Fault, Machine, Mode, Slot, broken};
use crate::eval::code::{Code, Op};

/// Whether to go on looking.
pub(super) type Step = Result<ControlFlow<()>, Fault>;

/// Takes the states that are found.
pub(super) trait Sink<'m> {
    /// Takes the next state as it stands in the machine.
    fn accept(&mut self, machine: &mut Machine<'m>) -> Step;
}

/// What remains to be satisfied.
pub(super) enum Rest<'k, 'm> {
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
}

/// Whether code assigns nothing, whatever stands in it.
fn is_test(code: &Code) -> bool {
    let op = match &code.op {
        Op::Memo(memo) => &memo.body.op,
        op => op,
    };
    matches!(
        op,
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
    /// Finds the ways to satisfy code and what remains.
    pub(super) fn act(
        &mut self,
        code: &'m Code,
        rest: &Rest<'_, 'm>,
        sink: &mut dyn Sink<'m>,
    ) -> Step {
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
                        return Err(broken(span));
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
            Op::Compose(actions) => self.act_composed(actions, span, rest, sink),
            // TLC goes on once for each way in which a formula is true, and a name in it may stand
            // for one that assigns variables.
            Op::Memo(memo) => self.act(&memo.body, rest, sink),
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
    pub(super) fn go_on(&mut self, rest: &Rest<'_, 'm>, sink: &mut dyn Sink<'m>) -> Step {
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
            | Rest::Unchanged { base, .. } => *base,
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
        }
    }

    /// Whether all that remains is true, every variable having a value.
    fn all_hold(&mut self, mut rest: &Rest<'_, 'm>) -> Result<bool, Fault> {
        loop {
            let (base, next) = match rest {
                Rest::Done => return Ok(true),
                Rest::Conjuncts { base, next, .. }
                | Rest::Bindings { base, next, .. }
                | Rest::Unchanged { base, next, .. } => (*base, *next),
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
        }
    }
}

/// An error in what remained after the definitions whose frames lie above `base`: they are no part
/// of the way to it.
#[cold]
fn beyond(mut fault: Fault, base: usize) -> Fault {
    fault.frames = fault.frames.min(base);
    fault
}
