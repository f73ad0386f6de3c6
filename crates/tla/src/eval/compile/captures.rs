//! Which slots closures carry with them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::super::code::{Capture, ClosureId, ClosureKind, Code, Op, Operand, Operator};
use super::scopes::{FrameId, Place};
use super::walk::{self, Unit};

/// The places outside of it that each routine reads, itself or through routines nested around it.
pub(super) fn free_places(unit: &Unit) -> Vec<BTreeSet<Place>> {
    let mut free: Vec<BTreeSet<Place>> = Vec::with_capacity(unit.routines.len());
    let mut callers: Vec<Vec<usize>> = vec![Vec::new(); unit.routines.len()];
    for (at, (routine, &frame)) in unit.routines.iter().zip(&unit.routine_frames).enumerate() {
        let mut reads = Reads::default();
        reads.collect(unit, frame, &routine.body);
        reads.places.retain(|place| place.frame != frame);
        free.push(reads.places);
        for called in reads.routines {
            if let Some(callers) = callers.get_mut(called) {
                callers.push(at);
            }
        }
    }
    let mut waiting: Vec<usize> = (0..free.len()).collect();
    while let Some(at) = waiting.pop() {
        let places = free[at].clone();
        for &caller in &callers[at] {
            let frame = unit.routine_frames[caller];
            let known = free[caller].len();
            let outside = places.iter().filter(|place| place.frame != frame);
            free[caller].extend(outside);
            if free[caller].len() > known {
                waiting.push(caller);
            }
        }
    }
    free
}

/// What a piece of code reads.
#[derive(Default)]
struct Reads {
    places: BTreeSet<Place>,
    /// Routines that run with links to the frames around.
    routines: BTreeSet<usize>,
    /// Places it fills itself.
    bound: BTreeSet<Place>,
}

impl Reads {
    fn collect(&mut self, unit: &Unit, frame: FrameId, code: &Code) {
        let places = &mut self.places;
        walk::locals(&code.op, &mut |local| {
            places.extend(unit.frames.place(frame, local));
        });
        walk::bound_slots(&code.op, &mut |slot| {
            self.bound.insert(Place { frame, slot });
        });
        match &code.op {
            Op::CallNested { routine, .. } => {
                self.routines.insert(routine.0 as usize);
            }
            Op::Closure(id) => self.closure(unit, *id),
            _ => {}
        }
        if let Op::Call(_, operands)
        | Op::CallNested { operands, .. }
        | Op::CallParam(_, operands)
        | Op::Higher(_, operands) = &code.op
        {
            for operand in operands {
                if let Operand::Operator(Operator::Nested { routine, .. }) = operand {
                    self.routines.insert(routine.0 as usize);
                }
            }
        }
        walk::children(&code.op, &mut |child| self.collect(unit, frame, child));
    }

    /// What is inside a closure.
    fn closure(&mut self, unit: &Unit, id: ClosureId) {
        let at = id.0 as usize;
        let (Some(closure), Some(&frame)) = (unit.closures.get(at), unit.closure_frames.get(at))
        else {
            return;
        };
        walk::targets(&closure.binders, &mut |slot| {
            self.bound.insert(Place { frame, slot });
        });
        if let ClosureKind::RecursiveFunction { itself } = closure.kind {
            self.bound.insert(Place {
                frame,
                slot: itself,
            });
        }
        for binder in &closure.binders {
            self.collect(unit, frame, &binder.domain);
        }
        self.collect(unit, frame, &closure.body);
    }
}

/// The places that a closure reads from outside it.
pub(super) fn closure_reads(
    unit: &Unit,
    op: &Op,
    free: &[BTreeSet<Place>],
    places: &mut HashSet<Place>,
) {
    let Op::Closure(id) = op else {
        return;
    };
    let mut reads = Reads::default();
    reads.closure(unit, *id);
    places.extend(reads.places);
    for routine in reads.routines {
        places.extend(free.get(routine).into_iter().flatten());
    }
}

/// Fills in the captures of all closures.
pub(super) fn collect(unit: &mut Unit) {
    let free = free_places(unit);
    let mut all = Vec::with_capacity(unit.closures.len());
    for (at, &frame) in unit.closure_frames.iter().enumerate() {
        let mut reads = Reads::default();
        reads.closure(unit, ClosureId(super::index(at)));
        let mut places = reads.places;
        for routine in reads.routines {
            places.extend(free.get(routine).into_iter().flatten());
        }
        places.retain(|place| !reads.bound.contains(place));
        all.push(chain(unit, frame, &places));
    }
    for (closure, captures) in unit.closures.iter_mut().zip(all) {
        closure.captures = captures;
    }
}

/// Captures of places, frame by frame outwards as far as there are any.
fn chain(unit: &Unit, frame: FrameId, places: &BTreeSet<Place>) -> Box<[Capture]> {
    let mut by_frame: BTreeMap<FrameId, Vec<u32>> = BTreeMap::new();
    for place in places {
        by_frame.entry(place.frame).or_default().push(place.slot);
    }
    let mut captures = Vec::new();
    let mut at = Some(frame);
    while let Some(frame) = at {
        let slots = by_frame.remove(&frame).unwrap_or_default();
        captures.push(Capture {
            frame_size: unit.frames.size(frame),
            slots: slots.into(),
        });
        at = unit.frames.parent(frame).filter(|_| !by_frame.is_empty());
    }
    captures.into()
}
