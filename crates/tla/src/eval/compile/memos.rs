//! Parts that depend on the state alone are computed once for each state.
//!
//! TLA+ definitions are substituted, so `Sent == {m \in msgs : ...}` used under a quantifier stands
//! for its text, to be evaluated for every binding. A part that reads variables, but no primed one
//! and no name from outside itself, has the same value each time as long as the state is the same.
//! Where such a part may run more than once in a state and costs more than to look up what it gave
//! before, it is kept. When coverage is asked for nothing is, as every evaluation counts.

use std::collections::BTreeSet;

use super::super::code::{Closure, ClosureId, ClosureKind, Code, MemoId, Op};
use super::captures::free_places;
use super::scopes::{FrameId, Frames, Place};
use super::walk::{self, Unit};
use crate::native::ContextOperator;

/// What is known of a piece of code.
#[derive(Debug, Clone, Default)]
struct Facts {
    /// Does more than read and write variables, or reads what is not in the state.
    other: bool,
    /// Reads the state.
    state: bool,
    /// Runs code over and over.
    loops: bool,
    /// Names from outside it.
    reads: BTreeSet<Place>,
}

impl Facts {
    fn add(&mut self, more: &Facts) {
        self.other |= more.other;
        self.state |= more.state;
        self.loops |= more.loops;
        self.reads.extend(&more.reads);
    }

    fn is_worth_keeping(&self) -> bool {
        !self.other && self.state && self.loops && self.reads.is_empty()
    }
}

/// What an operation itself does, whatever is below it or called.
fn own(op: &Op) -> Facts {
    let mut facts = Facts::default();
    match op {
        Op::Variable(_) => facts.state = true,
        Op::Primed(_)
        | Op::Prime(_)
        | Op::Unchanged(_)
        | Op::UnchangedExpr(_)
        | Op::Enabled(_)
        | Op::Compose(_)
        | Op::Action { .. }
        | Op::Count(..)
        | Op::CallParam(..)
        | Op::Unsupported(_) => facts.other = true,
        Op::Context(operator, _) => facts.other = *operator != ContextOperator::TLCEval,
        Op::Quantified { .. }
        | Op::Choose { .. }
        | Op::SetMap(..)
        | Op::Closure(_)
        | Op::BigUnion(_)
        | Op::Higher(..) => facts.loops = true,
        _ => {}
    }
    facts
}

/// Finds the parts and marks them.
pub(super) fn place(unit: &mut Unit) {
    let mut place = Placing {
        routines: routine_facts(unit),
        lazy: unit
            .routines
            .iter()
            .map(|routine| is_lazy_filter(&unit.closures, &routine.body))
            .collect(),
        closures: std::mem::take(&mut unit.closures)
            .into_iter()
            .map(Some)
            .collect(),
        closure_frames: &unit.closure_frames,
        frames: &unit.frames,
        memos: 0,
    };
    for (routine, &frame) in unit.routines.iter_mut().zip(&unit.routine_frames) {
        place.visit(frame, &mut routine.body, routine.params > 0);
    }
    for (frame, code) in &mut unit.roots {
        place.visit(*frame, code, false);
    }
    let Placing {
        closures, memos, ..
    } = place;
    unit.closures = closures.into_iter().flatten().collect();
    unit.memos = memos;
}

/// Whether code is the filter of a set too large to make all of for one question of membership.
fn is_lazy_filter(closures: &[Closure], code: &Code) -> bool {
    let Op::Closure(id) = code.op else {
        return false;
    };
    closures
        .get(id.0 as usize)
        .is_some_and(Closure::filters_a_lazy_set)
}

/// What every routine does, with what it calls; its reads are the names of frames around it.
fn routine_facts(unit: &Unit) -> Vec<Facts> {
    let mut facts: Vec<Facts> = Vec::with_capacity(unit.routines.len());
    let mut callers: Vec<Vec<usize>> = vec![Vec::new(); unit.routines.len()];
    for ((at, routine), reads) in unit.routines.iter().enumerate().zip(free_places(unit)) {
        let mut all = Facts {
            reads,
            ..Facts::default()
        };
        super::constants::inside(unit, &routine.body, &mut |code| {
            all.add(&own(&code.op));
            super::constants::called(&code.op, &mut |routine| {
                let called = routine.0 as usize;
                all.loops |= called == at;
                if let Some(callers) = callers.get_mut(called) {
                    callers.push(at);
                }
            });
        });
        facts.push(all);
    }
    let mut waiting: Vec<usize> = (0..facts.len()).collect();
    while let Some(at) = waiting.pop() {
        let Facts {
            other,
            state,
            loops,
            ..
        } = facts[at];
        for &caller in &callers[at] {
            let own = &mut facts[caller];
            if (other && !own.other) || (state && !own.state) || (loops && !own.loops) {
                own.other |= other;
                own.state |= state;
                own.loops |= loops;
                waiting.push(caller);
            }
        }
    }
    facts
}

struct Placing<'u> {
    routines: Vec<Facts>,
    /// Routines that are filters of lazy sets.
    lazy: Vec<bool>,
    closures: Vec<Option<Closure>>,
    closure_frames: &'u [FrameId],
    frames: &'u Frames,
    memos: u32,
}

impl Placing<'_> {
    /// Marks parts of code that may run `again` and again in one state; what the code itself is, is
    /// left to what is around it.
    fn visit(&mut self, frame: FrameId, code: &mut Code, again: bool) -> Facts {
        let mut facts = own(&code.op);
        let is_loop = facts.loops;
        let mut below = Vec::new();
        walk::children_mut(&mut code.op, &mut |child| {
            below.push(self.visit(frame, child, again || is_loop));
        });
        for child in &below {
            facts.add(child);
        }
        walk::locals(&code.op, &mut |local| {
            facts.reads.extend(self.frames.place(frame, local));
        });
        super::constants::called(&code.op, &mut |routine| match self
            .routines
            .get(routine.0 as usize)
        {
            Some(called) => facts.add(called),
            None => facts.other = true,
        });
        if let Op::Closure(id) = code.op {
            let closure = self.closure(id);
            facts.add(&closure);
        }
        walk::bound_slots(&code.op, &mut |slot| {
            facts.reads.remove(&Place { frame, slot });
        });
        if !facts.is_worth_keeping() {
            let of_set = matches!(code.op, Op::In(_) | Op::NotIn(_) | Op::SubsetEq(_));
            let mut known = below.iter().enumerate();
            walk::children_mut(&mut code.op, &mut |child| {
                if let Some((at, facts)) = known.next()
                    && !(of_set && at == 1 && self.is_looked_into(child))
                {
                    self.settle(child, facts, again || is_loop);
                }
            });
        }
        facts
    }

    /// Whether membership is decided by looking at the code of a set.
    fn is_looked_into(&self, set: &Code) -> bool {
        match &set.op {
            Op::Call(routine, _) => self.lazy.get(routine.0 as usize) == Some(&true),
            _ => true,
        }
    }

    /// Marks parts of a closure.
    fn closure(&mut self, id: ClosureId) -> Facts {
        let at = id.0 as usize;
        let (Some(&frame), Some(mut closure)) = (
            self.closure_frames.get(at),
            self.closures.get_mut(at).and_then(Option::take),
        ) else {
            return Facts {
                other: true,
                ..Facts::default()
            };
        };
        let mut facts = self.visit(frame, &mut closure.body, true);
        self.settle(&mut closure.body, &facts, true);
        walk::targets(&closure.binders, &mut |slot| {
            facts.reads.remove(&Place { frame, slot });
        });
        if let ClosureKind::RecursiveFunction { itself } = closure.kind {
            facts.reads.remove(&Place {
                frame,
                slot: itself,
            });
        }
        for binder in &mut closure.binders {
            let domain = self.visit(frame, &mut binder.domain, false);
            self.settle(&mut binder.domain, &domain, false);
            facts.add(&domain);
        }
        self.closures[at] = Some(closure);
        facts
    }

    /// Keeps the value of code if that is worth it.
    fn settle(&mut self, code: &mut Code, facts: &Facts, again: bool) {
        let is_definition = matches!(&code.op, Op::Call(_, operands) if operands.is_empty());
        if !facts.is_worth_keeping() || !(again || is_definition) {
            return;
        }
        let id = MemoId(self.memos);
        self.memos += 1;
        let span = code.span;
        let op = std::mem::replace(&mut code.op, Op::And(Box::default()));
        code.op = Op::Memo(id, Box::new(Code { op, span }));
    }
}
