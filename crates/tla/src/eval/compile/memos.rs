//! Parts whose values are kept.
//!
//! TLA+ definitions are substituted, so `Sent == {m \in msgs : ...}` used under a quantifier stands
//! for its text, to be evaluated for every binding. And states differ little from each other: what
//! one action changes, most of an invariant does not look at. So there are two kinds of kept values.
//!
//! - A part that reads variables, but no primed one and no name from outside itself, has the same
//!   value as long as the state is the same. Where it may run more than once in a state and costs
//!   more than to look up what it gave before, it is kept as long as the state stays.
//! - A part whose [`Inputs`] are few has the same value wherever these have the same values, in
//!   whatever state. Where it costs more than to look that up, its values are kept by the values of
//!   its inputs, which go into the code.
//!
//! When coverage is asked for nothing is kept, as every evaluation counts.

use std::collections::BTreeSet;

use super::super::code::{
    Closure, ClosureId, ClosureKind, Code, Memo, MemoId, Op, Operand, Operator, RoutineId,
};
use super::captures::free_places;
use super::inputs::{Caller, Inputs, Root};
use super::scopes::{FrameId, Frames, Place};
use super::walk::{self, Unit};
use crate::native::ContextOperator;

/// The least cost of a part that is kept by its inputs.
const WORTH_KEEPING: u32 = 3;

/// Inputs of a part that is kept by them, at most.
const FEW_INPUTS: usize = 6;

/// What is known of a piece of code.
#[derive(Debug, Clone, Default)]
struct Facts {
    /// Does more than read and write variables, or reads what is not in the state.
    other: bool,
    /// Runs code over and over.
    loops: bool,
    /// How much it makes, roughly.
    cost: u32,
    /// What its value depends on, unless it is `other`.
    inputs: Inputs,
}

impl Facts {
    /// Of code of which nothing can be told.
    fn unknown() -> Facts {
        Facts {
            other: true,
            ..Facts::default()
        }
    }

    fn add(&mut self, more: &Facts) {
        self.other |= more.other;
        self.loops |= more.loops;
        self.cost = self.cost.saturating_add(more.cost);
        if self.other {
            self.inputs = Inputs::default();
        } else {
            self.inputs.add(&more.inputs);
        }
    }

    /// Whether its value is kept as long as the state stays.
    fn is_kept_for_state(&self) -> bool {
        !self.other && self.loops && self.inputs.has_variables() && !self.inputs.has_places()
    }

    /// Whether its values are kept by its inputs, which are not all of the state.
    fn is_kept_by_inputs(&self, variables: usize) -> bool {
        let worth = !self.other && (self.loops || self.cost >= WORTH_KEEPING);
        worth
            && !self.inputs.uncounted
            && (1..=FEW_INPUTS).contains(&self.inputs.fewest().len())
            && self.inputs.whole_variables() < variables.max(1)
    }
}

/// What an operation itself does, whatever is below it or called.
fn own(op: &Op) -> Facts {
    let mut facts = Facts::default();
    match op {
        Op::Variable(variable) => facts.inputs.insert_root(Root::Variable(*variable)),
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
    facts.cost = match op {
        Op::Quantified { .. } | Op::Choose { .. } => 2,
        Op::SetMap(..) | Op::Closure(_) | Op::BigUnion(_) | Op::Higher(..) | Op::Except { .. } => 4,
        Op::Union(_) | Op::Intersection(_) | Op::Difference(_) => 3,
        Op::SetEnum(_)
        | Op::Tuple(_)
        | Op::Record { .. }
        | Op::PowerSet(_)
        | Op::FnSet(_)
        | Op::RecordSet(_)
        | Op::Product(_)
        | Op::Native1(..)
        | Op::Native2(..)
        | Op::Native(..)
        | Op::In(_)
        | Op::NotIn(_)
        | Op::SubsetEq(_)
        | Op::Call(..)
        | Op::CallNested { .. } => 1,
        _ => 0,
    };
    facts
}

/// Finds the parts and marks them, in a model of so many variables.
pub(super) fn place(unit: &mut Unit, variables: usize) {
    let calls = Calls::of(unit);
    let mut place = Placing {
        routines: rough_facts(unit, &calls),
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
        routine_frames: &unit.routine_frames,
        frames: &unit.frames,
        variables,
        memos: 0,
    };
    let (ordered, others) = calls.callees_first();
    let mut visit = |place: &mut Placing<'_>, at: usize| {
        let routine = &mut unit.routines[at];
        let again = routine.params > 0;
        place.visit(unit.routine_frames[at], &mut routine.body, again)
    };
    for at in ordered {
        place.routines[at] = visit(&mut place, at);
    }
    // Of those that call each other no more is known than at first.
    for at in others {
        visit(&mut place, at);
    }
    for (frame, code) in &mut unit.roots {
        let facts = place.visit(*frame, code, false);
        place.settle(*frame, code, &facts, false);
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
        .is_some_and(|closure| closure.filters_a_lazy_set)
}

/// Who calls whom.
struct Calls {
    /// The routines that each is called by.
    callers: Vec<Vec<usize>>,
    /// How many calls stand in each.
    calls: Vec<usize>,
}

impl Calls {
    fn of(unit: &Unit) -> Calls {
        let count = unit.routines.len();
        let mut callers: Vec<Vec<usize>> = vec![Vec::new(); count];
        let mut calls = vec![0; count];
        for (at, routine) in unit.routines.iter().enumerate() {
            super::constants::inside(unit, &routine.body, &mut |code| {
                super::constants::called(&code.op, &mut |called| {
                    if let Some(callers) = callers.get_mut(called.0 as usize) {
                        callers.push(at);
                        calls[at] += 1;
                    }
                });
            });
        }
        Calls { callers, calls }
    }

    /// The routines that neither are recursive nor call any that is, after those that they call;
    /// and the others.
    fn callees_first(&self) -> (Vec<usize>, Vec<usize>) {
        let mut left = self.calls.clone();
        let mut order: Vec<usize> = (0..left.len()).filter(|&at| left[at] == 0).collect();
        let mut next = 0;
        while let Some(&at) = order.get(next) {
            next += 1;
            for &caller in &self.callers[at] {
                left[caller] -= 1;
                if left[caller] == 0 {
                    order.push(caller);
                }
            }
        }
        let others = (0..left.len()).filter(|&at| left[at] > 0).collect();
        (order, others)
    }
}

/// What every routine does, with what it calls, however they call each other: its inputs are its
/// parameters, names around it, and whole variables.
fn rough_facts(unit: &Unit, calls: &Calls) -> Vec<Facts> {
    let free = free_places(unit);
    let mut facts: Vec<Facts> = Vec::with_capacity(unit.routines.len());
    for ((at, routine), free) in unit.routines.iter().enumerate().zip(free) {
        let mut all = Facts::default();
        super::constants::inside(unit, &routine.body, &mut |code| {
            all.add(&own(&code.op));
            super::constants::called(&code.op, &mut |called| all.loops |= called.0 as usize == at);
        });
        if !all.other {
            let frame = unit.routine_frames[at];
            let parameters = (0..routine.params).map(|slot| Place { frame, slot });
            for place in parameters.chain(free) {
                all.inputs.insert_root(Root::Place(place));
            }
        }
        facts.push(all);
    }
    let mut waiting: Vec<usize> = (0..facts.len()).collect();
    while let Some(at) = waiting.pop() {
        let frame = unit.routine_frames[at];
        let mut called = facts[at].clone();
        // What a parameter stands for is an operand of the caller, and counts there.
        called.inputs.unbind(|place| place.frame == frame);
        for &caller in &calls.callers[at] {
            let own = &mut facts[caller];
            let before = (own.other, own.loops);
            own.other |= called.other;
            own.loops |= called.loops;
            let own_frame = unit.routine_frames[caller];
            let mut passed = called.inputs.clone();
            passed.unbind(|place| place.frame == own_frame);
            let grew = if own.other {
                own.inputs = Inputs::default();
                false
            } else {
                own.inputs.add(&passed)
            };
            if grew || before != (own.other, own.loops) {
                waiting.push(caller);
            }
        }
    }
    facts
}

struct Placing<'u> {
    /// What is known of each routine; the names among the inputs are its parameters and those
    /// around it.
    routines: Vec<Facts>,
    /// Routines that are filters of lazy sets.
    lazy: Vec<bool>,
    closures: Vec<Option<Closure>>,
    closure_frames: &'u [FrameId],
    routine_frames: &'u [FrameId],
    frames: &'u Frames,
    /// How many variables there are.
    variables: usize,
    memos: u32,
}

impl Placing<'_> {
    /// Marks parts of code that may run `again` and again in one state; what the code itself is, is
    /// left to what is around it.
    fn visit(&mut self, frame: FrameId, code: &mut Code, again: bool) -> Facts {
        let here = Caller {
            frames: self.frames,
            frame,
        };
        if let Some(path) = here.path(code) {
            let mut facts = Facts::default();
            facts.inputs.insert(path);
            return facts;
        }
        let mut facts = own(&code.op);
        let is_loop = facts.loops;
        let mut below = Vec::new();
        walk::children_mut(&mut code.op, &mut |child| {
            below.push(self.visit(frame, child, again || is_loop));
        });
        for child in &below {
            facts.add(child);
        }
        facts.add(&self.called(here, &code.op, &below));
        if let Op::Closure(id) = code.op {
            let closure = self.closure(id);
            facts.add(&closure);
        }
        let mut bound = BTreeSet::new();
        walk::bound_slots(&code.op, &mut |slot| {
            bound.insert(slot);
        });
        if !bound.is_empty() {
            facts
                .inputs
                .unbind(|place| place.frame == frame && bound.contains(&place.slot));
        }
        let all = facts.is_kept_for_state() || facts.is_kept_by_inputs(self.variables);
        let of_set = matches!(code.op, Op::In(_) | Op::NotIn(_) | Op::SubsetEq(_));
        let mut known = below.iter().enumerate();
        walk::children_mut(&mut code.op, &mut |child| {
            let Some((at, part)) = known.next() else {
                return;
            };
            // Where all is kept, a part is too if it takes long and depends on less.
            let stands_out = || {
                part.loops
                    && part.is_kept_by_inputs(self.variables)
                    && part.inputs.fewest() != facts.inputs.fewest()
            };
            if (!all || stands_out()) && !(of_set && at == 1 && self.is_looked_into(child)) {
                self.settle(frame, child, part, again || is_loop);
            }
        });
        facts
    }

    /// What the routines do that an operation calls or passes on.
    fn called(&self, here: Caller<'_>, op: &Op, below: &[Facts]) -> Facts {
        let mut facts = Facts::default();
        let direct = match op {
            Op::Call(routine, operands)
            | Op::CallNested {
                routine, operands, ..
            } => Some((*routine, operands)),
            _ => None,
        };
        if let Some((routine, operands)) = direct {
            facts.add(&self.called_with(here, routine, operands, below));
        }
        let mut first = direct.is_some();
        super::constants::called(op, &mut |routine| {
            // The first is the one that is called.
            if std::mem::take(&mut first) {
                return;
            }
            let at = routine.0 as usize;
            let (Some(known), Some(&callee)) = (self.routines.get(at), self.routine_frames.get(at))
            else {
                facts.add(&Facts::unknown());
                return;
            };
            // Whoever it is passed to calls it with values made of the operands.
            let mut passed = known.clone();
            passed.inputs.unbind(|place| place.frame == callee);
            facts.add(&passed);
        });
        if let Op::Higher(_, operands) = op
            && operands
                .iter()
                .any(|operand| matches!(operand, Operand::Operator(Operator::Param(_))))
        {
            facts.add(&Facts::unknown());
        }
        facts
    }

    fn called_with(
        &self,
        here: Caller<'_>,
        routine: RoutineId,
        operands: &[Operand],
        below: &[Facts],
    ) -> Facts {
        let at = routine.0 as usize;
        let (Some(known), Some(&callee)) = (self.routines.get(at), self.routine_frames.get(at))
        else {
            return Facts::unknown();
        };
        if known.other {
            return Facts::unknown();
        }
        // What is below a call are its operands but for operators.
        let mut below = below.iter();
        let inputs: Vec<Inputs> = operands
            .iter()
            .map(|operand| match operand {
                Operand::Eager(_) | Operand::Lazy(_) => {
                    below.next().map(|facts| facts.inputs.clone())
                }
                Operand::Operator(_) => None,
            })
            .map(Option::unwrap_or_default)
            .collect();
        match known.inputs.called(callee, here, operands, &inputs) {
            Some(inputs) => Facts { inputs, ..*known },
            None => Facts::unknown(),
        }
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
            return Facts::unknown();
        };
        let mut facts = self.visit(frame, &mut closure.body, true);
        self.settle(frame, &mut closure.body, &facts, true);
        let mut bound = BTreeSet::new();
        walk::targets(&closure.binders, &mut |slot| {
            bound.insert(slot);
        });
        if let ClosureKind::RecursiveFunction { itself } = closure.kind {
            bound.insert(itself);
        }
        facts
            .inputs
            .unbind(|place| place.frame == frame && bound.contains(&place.slot));
        for binder in &mut closure.binders {
            let domain = self.visit(frame, &mut binder.domain, false);
            self.settle(frame, &mut binder.domain, &domain, false);
            facts.add(&domain);
        }
        self.closures[at] = Some(closure);
        facts
    }

    /// Keeps the values of code if that is worth it.
    fn settle(&mut self, frame: FrameId, code: &mut Code, facts: &Facts, again: bool) {
        let is_definition = matches!(&code.op, Op::Call(_, operands) if operands.is_empty());
        let for_state = facts.is_kept_for_state() && (again || is_definition);
        let mut inputs = Vec::new();
        if facts.is_kept_by_inputs(self.variables) {
            let here = Caller {
                frames: self.frames,
                frame,
            };
            let paths = facts.inputs.fewest();
            let looks: Option<Vec<Code>> = paths
                .iter()
                .map(|path| here.look(path, code.span))
                .collect();
            inputs = looks.unwrap_or_default();
        }
        if !for_state && inputs.is_empty() {
            return;
        }
        let id = MemoId(self.memos);
        self.memos += 1;
        let span = code.span;
        let op = std::mem::replace(&mut code.op, Op::And(Box::default()));
        code.op = Op::Memo(Box::new(Memo {
            id,
            for_state,
            inputs: inputs.into(),
            body: Code { op, span },
        }));
    }
}
