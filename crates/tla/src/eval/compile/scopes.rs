//! Where an expression is compiled: what its names stand for, and in which frame its own live.
//!
//! Names are kept as persistent lists, because one expression may be compiled in several places
//! (an argument that is substituted, the replacement of an instance), each with its own slots.

use std::rc::Rc;

use super::super::code::{Local, Slot};
use super::instances::InstanceId;
use crate::spec::{DefinitionId, Expr, LocalId, OpArg};

/// A frame while its routine is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in super::super) struct FrameId(pub(super) u32);

/// What is known of a frame.
#[derive(Debug)]
pub(super) struct Frame {
    /// The frame its static link leads to.
    pub(super) parent: Option<FrameId>,
    /// Slots given out so far.
    pub(super) size: u32,
}

/// A slot of a certain frame, wherever it is used from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Place {
    /// The frame.
    pub(super) frame: FrameId,
    /// Its slot.
    pub(super) slot: Slot,
}

/// All frames of a model.
#[derive(Debug, Default)]
pub(super) struct Frames(Vec<Frame>);

impl Frames {
    /// A fresh frame.
    pub(super) fn push(&mut self, parent: Option<FrameId>) -> FrameId {
        let id = FrameId(super::index(self.0.len()));
        self.0.push(Frame { parent, size: 0 });
        id
    }

    /// A fresh slot of a frame.
    pub(super) fn slot(&mut self, frame: FrameId) -> Place {
        let size = &mut self.0[frame.0 as usize].size;
        let slot = *size;
        *size += 1;
        Place { frame, slot }
    }

    /// How many slots a frame has.
    pub(super) fn size(&self, frame: FrameId) -> u32 {
        self.0[frame.0 as usize].size
    }

    /// The sizes of all frames.
    pub(super) fn sizes(&self) -> Vec<u32> {
        self.0.iter().map(|frame| frame.size).collect()
    }

    /// The frame around a frame.
    pub(super) fn parent(&self, frame: FrameId) -> Option<FrameId> {
        self.0[frame.0 as usize].parent
    }

    /// How many static links lead from one frame to another around it.
    pub(super) fn distance(&self, from: FrameId, to: FrameId) -> Option<u32> {
        let mut frame = from;
        let mut links = 0;
        while frame != to {
            frame = self.parent(frame)?;
            links += 1;
        }
        Some(links)
    }

    /// The place that a local name means in a frame.
    pub(super) fn place(&self, frame: FrameId, local: Local) -> Option<Place> {
        let mut frame = frame;
        for _ in 0..local.depth {
            frame = self.parent(frame)?;
        }
        Some(Place {
            frame,
            slot: local.slot,
        })
    }
}

/// What a name stands for.
#[derive(Debug, Clone)]
pub(super) enum Binding<'s> {
    /// A slot: parameter, bound name, thunk, or the function inside its own definition.
    Place(Place),
    /// An expression substituted for a parameter.
    Expr(&'s Expr, Scope<'s>),
    /// An operator substituted for a parameter.
    Operator(&'s OpArg, Scope<'s>),
    /// A `LET` definition that is not a thunk: an operator with parameters or of an instance. It
    /// sees the whole list it stands in.
    Definition,
}

/// What is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// A parameter or bound name.
    Local(LocalId),
    /// A `LET` definition.
    Definition(DefinitionId),
}

/// Names bound together, and those around them.
#[derive(Debug)]
pub(super) struct NameList<'s> {
    /// Distinguishes the lists of one model.
    pub(super) id: u32,
    outer: Names<'s>,
    entries: Vec<(Name, Binding<'s>)>,
    /// The frame these names were bound in.
    pub(super) frame: FrameId,
    /// What `@` stands for where they were bound.
    pub(super) at: Option<Place>,
}

/// The names in scope, innermost first.
pub(super) type Names<'s> = Option<Rc<NameList<'s>>>;

/// Adds names to those in scope.
pub(super) fn extend<'s>(
    outer: &Names<'s>,
    id: u32,
    scope: &Scope<'s>,
    entries: Vec<(Name, Binding<'s>)>,
) -> Names<'s> {
    Some(Rc::new(NameList {
        id,
        outer: outer.clone(),
        entries,
        frame: scope.frame,
        at: scope.at,
    }))
}

/// Finds a name with the list it stands in.
pub(super) fn find<'n, 's>(
    names: &'n Names<'s>,
    name: Name,
) -> Option<(&'n Rc<NameList<'s>>, &'n Binding<'s>)> {
    let mut list = names.as_ref();
    while let Some(here) = list {
        if let Some((_, binding)) = here.entries.iter().find(|(known, _)| *known == name) {
            return Some((here, binding));
        }
        list = here.outer.as_ref();
    }
    None
}

/// Where an expression is compiled.
#[derive(Debug, Clone)]
pub(in super::super) struct Scope<'s> {
    /// Local names.
    pub(super) names: Names<'s>,
    /// What the constants and variables of its module stand for.
    pub(super) instance: InstanceId,
    /// The frame its code runs in.
    pub(in super::super) frame: FrameId,
    /// What `@` stands for.
    pub(super) at: Option<Place>,
}

impl<'s> Scope<'s> {
    /// This scope with other names.
    pub(super) fn with(&self, names: Names<'s>) -> Scope<'s> {
        Scope {
            names,
            ..self.clone()
        }
    }

    /// What was written elsewhere, compiled into the frame of `here`.
    pub(super) fn inside(&self, here: &Scope<'s>) -> Scope<'s> {
        Scope {
            frame: here.frame,
            ..self.clone()
        }
    }
}
