//! What is seen of a run from outside, and what its steps are called.

use std::collections::BTreeMap;

use schedule::{Access, Deed, Scene, Step};
use serde_json::{Value, json};

use crate::client::{Note, PRODUCER, SLOTS, VALUES};
use crate::queue::Indices;

/// Cells in the order in which `ring` makes them.
const HEAD: usize = 0;
const TAIL: usize = 1;
const FIRST_SLOT: usize = 2;

/// How far a side is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    /// No call is under way, and the last one succeeded.
    #[default]
    Idle,
    /// No call is under way, and the last one was in vain.
    InVain,
    /// A call has begun but has not come to its slot.
    Begun,
    /// A call has come to its slot, but has not returned.
    Past,
}

impl Status {
    fn returned(in_vain: bool) -> Self {
        if in_vain { Self::InVain } else { Self::Idle }
    }
}

/// One side of the queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Side {
    status: Status,
    /// The value of the call under way: that is still to be put in, or that has been taken out.
    value: u64,
    /// What its handle carries, where that is observed.
    handle: Option<Indices>,
}

/// What is seen between two steps.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct View {
    head: u64,
    tail: u64,
    slots: Vec<u64>,
    producer: Side,
    consumer: Side,
}

/// A visible step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Action {
    pub(crate) name: &'static str,
    /// The value that is pushed, where the action has it.
    value: Option<u64>,
}

impl Action {
    pub(crate) fn arguments(&self) -> Value {
        json!(Vec::from_iter(self.value))
    }
}

impl View {
    /// Of a scene in which no call is under way, from which all is seen.
    fn between_calls(scene: &Scene) -> Self {
        let side = |number| {
            let Note {
                in_vain, indices, ..
            } = Note::of(number);
            Side {
                status: Status::returned(in_vain),
                value: 0,
                handle: indices,
            }
        };
        let mut view = Self {
            producer: side(scene.notes[PRODUCER]),
            consumer: side(scene.notes[1 - PRODUCER]),
            ..Self::default()
        };
        view.look_at(&scene.cells);
        view
    }

    fn look_at(&mut self, cells: &[u64]) {
        self.head = cells[HEAD];
        self.tail = cells[TAIL];
        self.slots = cells[FIRST_SLOT..].to_vec();
    }

    /// As it is written.
    pub(crate) fn json(&self) -> Value {
        let (producer, consumer) = (self.producer, self.consumer);
        let status = |status, [in_vain, begun, past]: [&'static str; 3]| match status {
            Status::Idle => "idle",
            Status::InVain => in_vain,
            Status::Begun => begun,
            Status::Past => past,
        };
        let slots: Vec<_> = self.slots.iter().enumerate().collect();
        let mut view = BTreeMap::from([
            (
                "consumer",
                json!(status(consumer.status, ["empty", "reading", "releasing"])),
            ),
            ("head", json!(self.head)),
            ("popping", json!(consumer.value)),
            (
                "producer",
                json!(status(producer.status, ["full", "writing", "publishing"])),
            ),
            ("pushing", json!(producer.value)),
            ("slots", json!({ "#map": slots })),
            ("tail", json!(self.tail)),
        ]);
        if let Some([tail, head]) = producer.handle {
            view.extend([("ownTail", json!(tail)), ("seenHead", json!(head))]);
        }
        if let Some([head, tail]) = consumer.handle {
            view.extend([("ownHead", json!(head)), ("seenTail", json!(tail))]);
        }
        json!(view)
    }
}

/// An observed step: what was seen before, what was done, what is seen after.
pub(crate) type Window = (View, Action, View);

/// Follows a run step by step.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    view: View,
    /// What the producer's last call is to push; nothing if it is a flush.
    chosen: Option<u64>,
}

impl Watch {
    /// Takes a step in. Unless it changes nothing that is seen, it is a window.
    pub(crate) fn follow(&mut self, step: &Step<'_>) -> Option<Window> {
        let notes = step.before.notes.iter().copied().map(Note::of);
        if notes.clone().all(|note| !note.calling) {
            // Everything can be seen between calls, also when a run begins anew.
            self.view = View::between_calls(step.before);
        }
        let before = self.view.clone();
        self.view.look_at(&step.after.cells);
        let note = Note::of(step.after.notes[step.thread]);
        let action = if step.thread == PRODUCER {
            self.push(step.deed, note)
        } else {
            self.pop(step.deed, note)
        };
        (self.view != before).then(|| (before, action, self.view.clone()))
    }

    fn push(&mut self, deed: Deed, note: Note) -> Action {
        let side = &mut self.view.producer;
        let refused = !note.calling && note.in_vain;
        let name = match deed {
            Deed::Chose(option) => {
                self.chosen = VALUES.get(option).copied().map(u64::from);
                "PushFull"
            }
            Deed::Accessed(Access {
                cell: HEAD, after, ..
            }) => {
                side.see(after);
                side.begin(self.chosen);
                if refused { "PushFull" } else { "PushRoom" }
            }
            Deed::Accessed(Access { cell: TAIL, .. }) if self.chosen.is_some() => "Publish",
            Deed::Accessed(Access { cell: TAIL, .. }) => "Flush",
            Deed::Accessed(Access { cell, .. }) => {
                side.pass(cell, 0);
                "Write"
            }
        };
        side.end(note);
        let valued = matches!(name, "PushFull" | "PushRoom" | "Write");
        Action {
            name,
            value: self.chosen.filter(|_| valued),
        }
    }

    fn pop(&mut self, deed: Deed, note: Note) -> Action {
        let side = &mut self.view.consumer;
        let refused = !note.calling && note.in_vain;
        let name = match deed {
            Deed::Chose(_) => "PopEmpty",
            Deed::Accessed(Access {
                cell: TAIL, after, ..
            }) => {
                side.see(after);
                side.begin(None);
                if refused { "PopEmpty" } else { "PopFound" }
            }
            Deed::Accessed(Access { cell: HEAD, .. }) => "Release",
            Deed::Accessed(Access { cell, before, .. }) => {
                side.pass(cell, before);
                "Take"
            }
        };
        side.end(note);
        Action { name, value: None }
    }
}

impl Side {
    /// It has read the other side's index.
    fn see(&mut self, index: u64) {
        if let Some([_, seen]) = &mut self.handle {
            *seen = index;
        }
    }

    /// Its call has begun, with this value.
    fn begin(&mut self, value: Option<u64>) {
        self.status = Status::Begun;
        self.value = value.unwrap_or_default();
    }

    /// It has filled or emptied the slot with this cell.
    fn pass(&mut self, cell: usize, value: u64) {
        self.status = Status::Past;
        self.value = value;
        if let Some([own, _]) = &mut self.handle {
            *own = ((cell - FIRST_SLOT + 1) % SLOTS) as u64;
        }
    }

    /// Once the call has returned, all that is left of it is how it went.
    fn end(&mut self, note: Note) {
        if note.calling {
            return;
        }
        self.status = Status::returned(note.in_vain);
        self.value = 0;
        debug_assert_eq!(
            self.handle, note.indices,
            "the accesses tell what the handle carries"
        );
    }
}
