//! Which operands are passed as values.
//!
//! A value or a constant is the same whenever it is looked at. A variable is passed by its value if
//! the parameter is never looked at in the next state (under `'`, in `UNCHANGED`, `ENABLED` …), and
//! if the call is not a step itself, where a parameter may stand for the variable to be assigned.

use std::collections::{HashMap, HashSet};

use super::super::code::{Code, Op, Operand, Operator, RoutineId};
use super::captures::free_places;
use super::scopes::{FrameId, Place};
use super::walk::{self, Unit};

/// Decides all operands.
pub(super) fn decide(unit: &mut Unit) {
    let primed = Primes::of(unit);
    let decide = Decide {
        primed,
        routine_frames: &unit.routine_frames,
        frames: &unit.frames,
        values: &unit.values,
    };
    for (routine, &frame) in unit.routines.iter_mut().zip(&unit.routine_frames) {
        decide.visit(frame, &mut routine.body, true);
    }
    for (closure, &frame) in unit.closures.iter_mut().zip(&unit.closure_frames) {
        for binder in &mut closure.binders {
            decide.visit(frame, &mut binder.domain, false);
        }
        decide.visit(frame, &mut closure.body, false);
    }
    for (cell, &frame) in unit.cells.iter_mut().zip(&unit.cell_frames) {
        decide.visit(frame, cell, false);
    }
    for (frame, code) in &mut unit.roots {
        decide.visit(*frame, code, true);
    }
}

struct Decide<'u> {
    primed: HashSet<Place>,
    routine_frames: &'u [FrameId],
    frames: &'u super::scopes::Frames,
    values: &'u HashSet<Place>,
}

impl Decide<'_> {
    /// `step`: whether the code may be run as a step, which assigns variables.
    fn visit(&self, frame: FrameId, code: &mut Code, step: bool) {
        match &mut code.op {
            Op::Call(routine, operands)
            | Op::CallNested {
                routine, operands, ..
            } => {
                let params = self.routine_frames.get(routine.0 as usize).copied();
                self.operands(frame, params, operands, step);
            }
            Op::CallParam(_, operands) => self.operands(frame, None, operands, step),
            Op::And(items) | Op::Or(items) => {
                items
                    .iter_mut()
                    .for_each(|item| self.visit(frame, item, step));
            }
            Op::Quantified { binders, body, .. } => {
                for binder in binders {
                    self.visit(frame, &mut binder.domain, false);
                }
                self.visit(frame, body, step);
            }
            Op::If(parts) => {
                let [condition, then, other] = &mut **parts;
                self.visit(frame, condition, false);
                self.visit(frame, then, step);
                self.visit(frame, other, step);
            }
            Op::Case { arms, other } => {
                for (condition, result) in arms {
                    self.visit(frame, condition, false);
                    self.visit(frame, result, step);
                }
                if let Some(other) = other {
                    self.visit(frame, other, step);
                }
            }
            Op::Let(definitions, body) => {
                for (_, definition) in definitions {
                    self.visit(frame, definition, step);
                }
                self.visit(frame, body, step);
            }
            Op::Action { body, .. } | Op::Count(_, body) => self.visit(frame, body, step),
            Op::Memo(memo) => self.visit(frame, &mut memo.body, step),
            Op::Enabled(enabled) => {
                for (_, present) in &mut enabled.shadows {
                    self.visit(frame, present, false);
                }
                self.visit(frame, &mut enabled.action, true);
            }
            op => walk::children_mut(op, &mut |child| self.visit(frame, child, false)),
        }
    }

    fn operands(
        &self,
        frame: FrameId,
        callee: Option<FrameId>,
        operands: &mut [Operand],
        step: bool,
    ) {
        for (at, operand) in operands.iter_mut().enumerate() {
            let (Operand::Lazy(code) | Operand::Eager(code)) = operand else {
                continue;
            };
            self.visit(frame, code, step);
            let by_value = match &code.op {
                Op::Value(_) | Op::Cell(_) => true,
                Op::Variable(_) => {
                    let slot = super::index(at);
                    let primed =
                        callee.is_none_or(|frame| self.primed.contains(&Place { frame, slot }));
                    !step && !primed
                }
                Op::Local(local) => {
                    let place = self.frames.place(frame, *local);
                    place.is_some_and(|place| self.values.contains(&place))
                }
                _ => false,
            };
            if by_value && let Operand::Lazy(code) = operand {
                let span = code.span;
                let op = std::mem::replace(&mut code.op, Op::And(Box::default()));
                *operand = Operand::Eager(Code { op, span });
            }
        }
    }
}

/// Finds the places that are looked at in the next state.
struct Primes<'u> {
    unit: &'u Unit,
    free: Vec<std::collections::BTreeSet<Place>>,
    /// What is looked at in the next state if the first place is.
    follow: HashMap<Place, Vec<Place>>,
    waiting: Vec<Place>,
}

/// When code runs in the next state.
#[derive(Clone, Copy)]
enum When {
    /// Never, as far as can be seen from it.
    Never,
    /// If this place, which it is the thunk of, is looked at there.
    With(Place),
    /// It does.
    Always,
}

impl Primes<'_> {
    fn of(unit: &Unit) -> HashSet<Place> {
        let mut primes = Primes {
            unit,
            free: free_places(unit),
            follow: HashMap::new(),
            waiting: Vec::new(),
        };
        for (frame, code) in unit.bodies() {
            primes.collect(frame, code, When::Never);
        }
        let mut found = HashSet::new();
        while let Some(place) = primes.waiting.pop() {
            if found.insert(place)
                && let Some(more) = primes.follow.remove(&place)
            {
                primes.waiting.extend(more);
            }
        }
        found
    }

    fn read(&mut self, place: Place, when: When) {
        match when {
            When::Never => {}
            When::With(other) => self.follow.entry(other).or_default().push(place),
            When::Always => self.waiting.push(place),
        }
    }

    fn routine(&mut self, routine: RoutineId, when: When) {
        let places = self.free.get(routine.0 as usize).cloned();
        for place in places.into_iter().flatten() {
            self.read(place, when);
        }
    }

    fn collect(&mut self, frame: FrameId, code: &Code, when: When) {
        let mut read = Vec::new();
        walk::locals(&code.op, &mut |local| {
            read.extend(self.unit.frames.place(frame, local));
        });
        for place in read {
            self.read(place, when);
        }
        match &code.op {
            Op::Prime(_) | Op::UnchangedExpr(_) | Op::Enabled(_) | Op::Compose(_) => {
                walk::children(&code.op, &mut |child| {
                    self.collect(frame, child, When::Always);
                });
            }
            Op::Let(definitions, body) => {
                for &(slot, ref definition) in definitions {
                    let thunk = When::With(Place { frame, slot });
                    self.collect(frame, definition, Primes::later(when, thunk));
                }
                self.collect(frame, body, when);
            }
            Op::Call(routine, operands)
            | Op::CallNested {
                routine, operands, ..
            } => {
                self.routine(*routine, when);
                let callee = self.unit.routine_frames.get(routine.0 as usize).copied();
                for (at, operand) in operands.iter().enumerate() {
                    let slot = super::index(at);
                    let param = callee.map(|frame| When::With(Place { frame, slot }));
                    let when = Primes::later(when, param.unwrap_or(When::Always));
                    self.operand(frame, operand, when);
                }
            }
            Op::CallParam(_, operands) => {
                for operand in operands {
                    self.operand(frame, operand, When::Always);
                }
            }
            Op::Higher(_, operands) => {
                for operand in operands {
                    self.operand(frame, operand, when);
                }
            }
            Op::Closure(_) => {
                // Its parts are bodies of their own; in the next state they are looked at there.
                if matches!(when, When::Never) {
                    return;
                }
                let mut places = HashSet::new();
                super::captures::closure_reads(self.unit, &code.op, &self.free, &mut places);
                for place in places {
                    self.read(place, when);
                }
            }
            op => walk::children(op, &mut |child| self.collect(frame, child, when)),
        }
    }

    fn operand(&mut self, frame: FrameId, operand: &Operand, when: When) {
        match operand {
            Operand::Eager(code) | Operand::Lazy(code) => self.collect(frame, code, when),
            Operand::Operator(Operator::Nested { routine, .. }) => self.routine(*routine, when),
            Operand::Operator(Operator::Param(local)) => {
                if let Some(place) = self.unit.frames.place(frame, *local) {
                    self.read(place, when);
                }
            }
            Operand::Operator(Operator::Routine(_)) => {}
        }
    }

    /// When a thunk runs that is made at one time and looked at another.
    fn later(made: When, looked_at: When) -> When {
        match made {
            When::Always => When::Always,
            When::Never | When::With(_) => looked_at,
        }
    }
}
