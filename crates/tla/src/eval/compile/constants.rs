//! Constant parts are computed once.
//!
//! A part of a body that reads no variable and no name from outside itself has the same value each
//! time; the largest such parts become cells. So does every use of a constant definition. Literals
//! become values at once.

use std::collections::{BTreeSet, HashMap};

use super::super::code::{
    CellId, Closure, ClosureId, ClosureKind, Code, Op, Operand, Operator, RoutineId,
};
use super::captures::free_places;
use super::scopes::{FrameId, Place};
use super::walk::{self, Unit};
use crate::native::ContextOperator;
use crate::value::Value;

/// How the value of code may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Purity {
    /// It does not.
    Pure,
    /// Only by chance or through an effect: TLC computes a constant definition like this once, but
    /// an expression every time.
    Chance,
    /// With the state.
    Impure,
}

/// Folds literals and hoists constants into cells.
pub(super) fn fold_and_hoist(unit: &mut Unit) {
    let free = free_places(unit);
    let params = unit.routines.iter().map(|routine| routine.params).collect();
    let purity = routine_purity(unit, &free);
    let mut hoist = Hoist {
        free,
        params,
        purity,
        routine_frames: unit.routine_frames.clone(),
        closures: std::mem::take(&mut unit.closures)
            .into_iter()
            .map(Some)
            .collect(),
        closure_frames: &unit.closure_frames,
        frames: &unit.frames,
        definitions: HashMap::new(),
        cells: Vec::new(),
        cell_frames: Vec::new(),
    };
    for (routine, &frame) in unit.routines.iter_mut().zip(&unit.routine_frames) {
        let facts = hoist.visit(frame, &mut routine.body);
        if routine.params > 0 {
            hoist.settle(frame, &mut routine.body, &facts);
        }
    }
    for (frame, code) in &mut unit.roots {
        hoist.visit(*frame, code);
    }
    let Hoist {
        closures,
        cells,
        cell_frames,
        ..
    } = hoist;
    unit.closures = closures.into_iter().flatten().collect();
    unit.cells = cells;
    unit.cell_frames = cell_frames;
}

/// The purity of an operation itself, whatever is below it or called.
fn own_purity(op: &Op) -> Purity {
    match op {
        Op::Variable(_)
        | Op::Primed(_)
        | Op::Unchanged(_)
        | Op::UnchangedExpr(_)
        | Op::Enabled(_)
        | Op::Compose(_)
        | Op::Action { .. }
        | Op::Unsupported(_) => Purity::Impure,
        Op::Context(operator, _) => match operator {
            ContextOperator::Assert
            | ContextOperator::TLCEval
            | ContextOperator::TLCModelValue
            | ContextOperator::TLCFP
            | ContextOperator::JsonDeserialize
            | ContextOperator::NdJsonDeserialize => Purity::Pure,
            ContextOperator::Print
            | ContextOperator::PrintT
            | ContextOperator::TLCSet
            | ContextOperator::JavaTime
            | ContextOperator::RandomElement
            | ContextOperator::RandomSubset
            | ContextOperator::RandomSetOfSubsets => Purity::Chance,
            _ => Purity::Impure,
        },
        _ => Purity::Pure,
    }
}

/// The routines an operation calls or passes on.
pub(in super::super) fn called(op: &Op, visit: &mut dyn FnMut(RoutineId)) {
    let operands = match op {
        Op::Call(routine, operands)
        | Op::CallNested {
            routine, operands, ..
        } => {
            visit(*routine);
            operands
        }
        Op::CallParam(_, operands) | Op::Higher(_, operands) => operands,
        _ => return,
    };
    for operand in operands {
        if let Operand::Operator(Operator::Routine(routine) | Operator::Nested { routine, .. }) =
            operand
        {
            visit(*routine);
        }
    }
}

/// The purity of every routine, with what it calls.
fn routine_purity(unit: &Unit, free: &[BTreeSet<Place>]) -> Vec<Purity> {
    let count = unit.routines.len();
    let mut purity = vec![Purity::Pure; count];
    let mut callers: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (at, routine) in unit.routines.iter().enumerate() {
        let mut own = Purity::Pure;
        inside(unit, &routine.body, &mut |code| {
            own = own.max(own_purity(&code.op));
            called(&code.op, &mut |routine| {
                if let Some(callers) = callers.get_mut(routine.0 as usize) {
                    callers.push(at);
                }
            });
        });
        purity[at] = own;
    }
    let mut waiting: Vec<usize> = (0..count).collect();
    while let Some(at) = waiting.pop() {
        let seen = match purity[at] {
            // Its uses become cells.
            Purity::Chance if unit.routines[at].params == 0 && free[at].is_empty() => Purity::Pure,
            purity => purity,
        };
        for &caller in &callers[at] {
            if purity[caller] < seen {
                purity[caller] = seen;
                waiting.push(caller);
            }
        }
    }
    purity
}

/// Visits code and all below it, closures included.
pub(super) fn inside(unit: &Unit, code: &Code, visit: &mut dyn FnMut(&Code)) {
    visit(code);
    if let Op::Closure(id) = code.op
        && let Some(closure) = unit.closures.get(id.0 as usize)
    {
        for binder in &closure.binders {
            inside(unit, &binder.domain, visit);
        }
        inside(unit, &closure.body, visit);
    }
    walk::children(&code.op, &mut |child| inside(unit, child, visit));
}

/// What is known of a piece of code.
struct Facts {
    purity: Purity,
    /// Names from outside it.
    reads: BTreeSet<Place>,
}

impl Facts {
    fn is_constant(&self) -> bool {
        self.purity == Purity::Pure && self.reads.is_empty()
    }

    fn add(&mut self, other: &Facts) {
        self.purity = self.purity.max(other.purity);
        self.reads.extend(&other.reads);
    }
}

struct Hoist<'u> {
    free: Vec<BTreeSet<Place>>,
    params: Vec<u32>,
    purity: Vec<Purity>,
    routine_frames: Vec<FrameId>,
    closures: Vec<Option<Closure>>,
    closure_frames: &'u [FrameId],
    frames: &'u super::scopes::Frames,
    /// Cells of constant definitions.
    definitions: HashMap<RoutineId, CellId>,
    cells: Vec<Code>,
    cell_frames: Vec<FrameId>,
}

impl Hoist<'_> {
    /// Hoists within code; what the code itself is, is left to what is around it.
    fn visit(&mut self, frame: FrameId, code: &mut Code) -> Facts {
        let mut facts = Facts {
            purity: own_purity(&code.op),
            reads: BTreeSet::new(),
        };
        let mut below = Vec::new();
        walk::children_mut(&mut code.op, &mut |child| {
            below.push(self.visit(frame, child));
        });
        for child in &below {
            facts.add(child);
        }
        walk::locals(&code.op, &mut |local| {
            facts.reads.extend(self.frames.place(frame, local));
        });
        called(&code.op, &mut |routine| {
            let at = routine.0 as usize;
            let purity = self.purity.get(at).copied();
            facts.purity = facts.purity.max(purity.unwrap_or(Purity::Impure));
            facts.reads.extend(self.free.get(at).into_iter().flatten());
        });
        let mut bound = BTreeSet::new();
        walk::bound_slots(&code.op, &mut |slot| {
            bound.insert(Place { frame, slot });
        });
        match &mut code.op {
            Op::Closure(id) => {
                let closure = self.closure(*id);
                facts.add(&closure);
            }
            Op::Call(routine, _) => {
                if let Some(cell) = self.definition(*routine, code.span) {
                    code.op = Op::Cell(cell);
                    facts.purity = Purity::Pure;
                }
            }
            _ => {}
        }
        facts.reads.retain(|place| !bound.contains(place));
        if let Some(value) = literal(&code.op) {
            code.op = Op::Value(value);
        } else if !facts.is_constant() {
            let mut known = below.iter();
            walk::children_mut(&mut code.op, &mut |child| {
                if let Some(facts) = known.next() {
                    self.settle(frame, child, facts);
                }
            });
        }
        facts
    }

    /// Hoists within a closure.
    fn closure(&mut self, id: ClosureId) -> Facts {
        let mut facts = Facts {
            purity: Purity::Pure,
            reads: BTreeSet::new(),
        };
        let at = id.0 as usize;
        let (Some(&frame), Some(mut closure)) = (
            self.closure_frames.get(at),
            self.closures.get_mut(at).and_then(Option::take),
        ) else {
            facts.purity = Purity::Impure;
            return facts;
        };
        let mut below = Vec::new();
        for binder in &mut closure.binders {
            below.push(self.visit(frame, &mut binder.domain));
        }
        let body = self.visit(frame, &mut closure.body);
        facts.add(&body);
        for domain in &below {
            facts.add(domain);
        }
        walk::targets(&closure.binders, &mut |slot| {
            facts.reads.remove(&Place { frame, slot });
        });
        if let ClosureKind::RecursiveFunction { itself } = closure.kind {
            facts.reads.remove(&Place {
                frame,
                slot: itself,
            });
        }
        // Its body may run many times, so its parts are worth a cell of their own even when all of
        // it is constant; its sets only when it is not.
        self.settle(frame, &mut closure.body, &body);
        if !facts.is_constant() {
            for (binder, facts) in closure.binders.iter_mut().zip(&below) {
                self.settle(frame, &mut binder.domain, facts);
            }
        }
        self.closures[at] = Some(closure);
        facts
    }

    /// Makes code a cell if it is constant and costs more than a cell.
    fn settle(&mut self, frame: FrameId, code: &mut Code, facts: &Facts) {
        let cheap = matches!(
            code.op,
            Op::Value(_) | Op::Cell(_) | Op::Local(_) | Op::Unsupported(_)
        );
        if cheap || !facts.is_constant() {
            return;
        }
        let id = CellId(super::index(self.cells.len()));
        let span = code.span;
        let body = std::mem::replace(
            code,
            Code {
                op: Op::Cell(id),
                span,
            },
        );
        self.cells.push(body);
        self.cell_frames.push(frame);
    }

    /// The cell of a constant definition.
    fn definition(&mut self, routine: RoutineId, span: crate::source::Span) -> Option<CellId> {
        let at = routine.0 as usize;
        let constant = self.params.get(at) == Some(&0)
            && self.purity.get(at).is_some_and(|&p| p < Purity::Impure)
            && self.free.get(at).is_some_and(BTreeSet::is_empty);
        if !constant {
            return None;
        }
        if let Some(&cell) = self.definitions.get(&routine) {
            return Some(cell);
        }
        let id = CellId(super::index(self.cells.len()));
        self.cells.push(Code {
            op: Op::Call(routine, Box::default()),
            span,
        });
        self.cell_frames.push(self.routine_frames[at]);
        self.definitions.insert(routine, id);
        Some(id)
    }
}

/// The value of an operation on values that is cheap to compute and cannot fail.
fn literal(op: &Op) -> Option<Value> {
    fn values(codes: &[Code]) -> Option<Vec<Value>> {
        let values = codes.iter().map(|code| match &code.op {
            Op::Value(value) => Some(value.clone()),
            _ => None,
        });
        values.collect()
    }
    match op {
        Op::Native(native, items) if items.is_empty() => native(&[]).ok(),
        Op::SetEnum(items) => Value::set(values(items)?).ok(),
        Op::Tuple(items) => Value::tuple(values(items)?).ok(),
        Op::Record {
            shape,
            values: items,
        } => Value::function(shape, values(items)?).ok(),
        _ => None,
    }
}
