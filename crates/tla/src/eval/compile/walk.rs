//! Finished code while the passes work on it, and walks over it.

use std::collections::HashSet;

use super::super::code::{
    Binder, Closure, Code, Entry, Local, Op, Operand, Operator, Program, Routine, Target,
};
use super::super::model::Action;
use super::Compiled;
use super::scopes::{FrameId, Frames, Place};
use crate::source::Span;
use crate::symbol::Symbol;

/// All code of a model while the passes work on it.
pub(super) struct Unit {
    /// Bodies of routines.
    pub(super) routines: Vec<Routine>,
    /// Their frames.
    pub(super) routine_frames: Vec<FrameId>,
    /// Closures; each stands in one body.
    pub(super) closures: Vec<Closure>,
    /// The frames they stand in.
    pub(super) closure_frames: Vec<FrameId>,
    /// Constants computed once.
    pub(super) cells: Vec<Code>,
    /// The frames their code was written for.
    pub(super) cell_frames: Vec<FrameId>,
    /// How many parts there are whose values are kept.
    pub(super) memos: u32,
    /// What the model refers to.
    pub(super) roots: Vec<(FrameId, Code)>,
    /// All frames.
    pub(super) frames: Frames,
    /// Slots that always hold a value.
    pub(super) values: HashSet<Place>,
}

/// Visits the code right below an operation; what is inside a closure is not below it.
macro_rules! children {
    ($name:ident, $op:ty, $code:ty, $iter:ident, $as_ref:ident) => {
        pub(in crate::eval) fn $name<'c>(op: $op, visit: &mut dyn FnMut($code)) {
            match op {
                Op::Value(_)
                | Op::Variable(_)
                | Op::Primed(_)
                | Op::Local(_)
                | Op::Cell(_)
                | Op::Closure(_)
                | Op::Unchanged(_)
                | Op::Unsupported(_) => {}
                Op::Call(_, operands)
                | Op::CallNested { operands, .. }
                | Op::CallParam(_, operands)
                | Op::Higher(_, operands) => {
                    for operand in operands.$iter() {
                        match operand {
                            Operand::Eager(code) | Operand::Lazy(code) => visit(code),
                            Operand::Operator(_) => {}
                        }
                    }
                }
                Op::Let(definitions, body) => {
                    for (_, code) in definitions.$iter() {
                        visit(code);
                    }
                    visit(body);
                }
                Op::And(items)
                | Op::Or(items)
                | Op::SetEnum(items)
                | Op::Tuple(items)
                | Op::Product(items)
                | Op::Native(_, items)
                | Op::Context(_, items)
                | Op::Record { values: items, .. } => items.$iter().for_each(visit),
                Op::Not(one)
                | Op::PowerSet(one)
                | Op::BigUnion(one)
                | Op::Domain(one)
                | Op::Field(one, _)
                | Op::Native1(_, one)
                | Op::Prime(one)
                | Op::UnchangedExpr(one)
                | Op::Action { body: one, .. }
                | Op::Count(_, one) => visit(one),
                Op::Memo(memo) => visit(memo.body.$as_ref()),
                Op::Enabled(enabled) => {
                    for (_, code) in enabled.shadows.$iter() {
                        visit(code);
                    }
                    visit(enabled.action.$as_ref());
                }
                Op::Implies(two)
                | Op::Equivalent(two)
                | Op::Equal(two)
                | Op::NotEqual(two)
                | Op::In(two)
                | Op::NotIn(two)
                | Op::SubsetEq(two)
                | Op::Union(two)
                | Op::Intersection(two)
                | Op::Difference(two)
                | Op::FnApply(two)
                | Op::FnSet(two)
                | Op::Int(_, two)
                | Op::Native2(_, two)
                | Op::Compose(two) => two.$iter().for_each(visit),
                Op::If(three) => three.$iter().for_each(visit),
                Op::Case { arms, other } => {
                    for (condition, result) in arms.$iter() {
                        visit(condition);
                        visit(result);
                    }
                    if let Some(other) = other {
                        visit(other);
                    }
                }
                Op::Quantified { binders, body, .. } | Op::SetMap(binders, body) => {
                    for binder in binders.$iter() {
                        visit(binder.domain.$as_ref());
                    }
                    visit(body);
                }
                Op::Choose { domain, body, .. } => {
                    if let Some(domain) = domain {
                        visit(domain);
                    }
                    visit(body);
                }
                Op::RecordSet(fields) => {
                    for (_, code) in fields.$iter() {
                        visit(code);
                    }
                }
                Op::Except { base, updates } => {
                    visit(base);
                    for update in updates.$iter() {
                        for key in update.path.$iter() {
                            visit(key);
                        }
                        visit(update.value.$as_ref());
                    }
                }
            }
        }
    };
}

/// Lets the macro borrow a field in either way.
trait Borrow {
    fn shared(&self) -> &Code;
    fn exclusive(&mut self) -> &mut Code;
}

impl Borrow for Code {
    fn shared(&self) -> &Code {
        self
    }
    fn exclusive(&mut self) -> &mut Code {
        self
    }
}

children!(children, &'c Op, &'c Code, iter, shared);
children!(children_mut, &'c mut Op, &'c mut Code, iter_mut, exclusive);

/// The slots that an operation itself reads, other than through routines it calls.
pub(super) fn locals(op: &Op, read: &mut dyn FnMut(Local)) {
    let operands = match op {
        Op::Local(local) => return read(*local),
        Op::Action { arguments, .. } => {
            arguments.iter().for_each(|(_, local)| read(*local));
            return;
        }
        Op::CallParam(local, operands) => {
            read(*local);
            operands
        }
        Op::Call(_, operands) | Op::CallNested { operands, .. } | Op::Higher(_, operands) => {
            operands
        }
        _ => return,
    };
    for operand in operands {
        if let Operand::Operator(Operator::Param(local)) = operand {
            read(*local);
        }
    }
}

/// The slots a list of binders fills.
pub(super) fn targets(binders: &[Binder], bound: &mut dyn FnMut(u32)) {
    for target in binders.iter().flat_map(|binder| &binder.targets) {
        target_slots(target, bound);
    }
}

/// The slots that an operation fills itself; a closure's are in its binders.
pub(super) fn bound_slots(op: &Op, bound: &mut dyn FnMut(u32)) {
    match op {
        Op::Quantified { binders, .. } | Op::SetMap(binders, _) => targets(binders, bound),
        Op::Choose { target, .. } => target_slots(target, bound),
        Op::Let(definitions, _) => definitions.iter().for_each(|(slot, _)| bound(*slot)),
        Op::Except { updates, .. } => {
            updates
                .iter()
                .filter_map(|update| update.at)
                .for_each(bound);
        }
        _ => {}
    }
}

/// The slots a target fills.
fn target_slots(target: &Target, bound: &mut dyn FnMut(u32)) {
    match target {
        Target::Slot(slot) => bound(*slot),
        Target::Tuple(slots) => slots.iter().for_each(|&slot| bound(slot)),
    }
}

impl Unit {
    /// The outermost code of everything, with the frames it runs in.
    pub(super) fn bodies(&self) -> Vec<(FrameId, &Code)> {
        let routines = self.routine_frames.iter().zip(&self.routines);
        let closures = self.closure_frames.iter().zip(&self.closures);
        let mut bodies: Vec<(FrameId, &Code)> = routines
            .map(|(&frame, routine)| (frame, &routine.body))
            .collect();
        for (&frame, closure) in closures {
            bodies.extend(closure.binders.iter().map(|binder| (frame, &binder.domain)));
            bodies.push((frame, &closure.body));
        }
        bodies.extend(self.cell_frames.iter().copied().zip(&self.cells));
        bodies.extend(self.roots.iter().map(|(frame, code)| (*frame, code)));
        bodies
    }

    /// Visits every operation to change it, parents first.
    pub(super) fn each_mut(&mut self, visit: &mut dyn FnMut(FrameId, &mut Code)) {
        fn walk(frame: FrameId, code: &mut Code, visit: &mut dyn FnMut(FrameId, &mut Code)) {
            visit(frame, code);
            children_mut(&mut code.op, &mut |child| walk(frame, child, visit));
        }
        for (routine, &frame) in self.routines.iter_mut().zip(&self.routine_frames) {
            walk(frame, &mut routine.body, visit);
        }
        for (closure, &frame) in self.closures.iter_mut().zip(&self.closure_frames) {
            for binder in &mut closure.binders {
                walk(frame, &mut binder.domain, visit);
            }
            walk(frame, &mut closure.body, visit);
        }
        for (cell, &frame) in self.cells.iter_mut().zip(&self.cell_frames) {
            walk(frame, cell, visit);
        }
        for (frame, code) in &mut self.roots {
            walk(*frame, code, visit);
        }
    }

    /// Hands everything over.
    pub(super) fn into_compiled(
        mut self,
        variables: Vec<Symbol>,
        actions: Vec<Action>,
        counted: Vec<Span>,
    ) -> Compiled {
        for (routine, &frame) in self.routines.iter_mut().zip(&self.routine_frames) {
            routine.frame_size = self.frames.size(frame);
        }
        let frames = &self.frames;
        let entry = |frame, body| Entry {
            frame_size: frames.size(frame),
            body,
        };
        Compiled {
            program: Program {
                variables,
                routines: self.routines,
                cells: self
                    .cell_frames
                    .iter()
                    .zip(self.cells)
                    .map(|(&frame, body)| entry(frame, body))
                    .collect(),
                memos: self.memos,
                closures: self.closures,
            },
            actions,
            counted,
            frame_sizes: self.frames.sizes(),
            roots: self
                .roots
                .into_iter()
                .map(|(frame, body)| Some(entry(frame, body)))
                .collect(),
        }
    }
}
