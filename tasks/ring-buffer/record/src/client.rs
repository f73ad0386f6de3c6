//! The two threads that use a queue: one pushes whatever it likes, the other pops for ever.

use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use schedule::{Client, Program};

use crate::queue::{Indices, Queue};

/// The thread that pushes; the other one pops.
pub(crate) const PRODUCER: usize = 0;

/// What is pushed.
pub(crate) const VALUES: [u32; 2] = [1, 2];

/// How many slots the queue has.
pub(crate) const SLOTS: usize = 4;

/// What a thread tells of itself between two steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Note {
    /// Whether a call is under way.
    pub(crate) calling: bool,
    /// Whether the last push or pop before that was in vain.
    pub(crate) in_vain: bool,
    /// What its handle carried when the last call ended.
    pub(crate) indices: Option<Indices>,
}

impl Note {
    fn number(self) -> u64 {
        let flags = u64::from(self.calling) | u64::from(self.in_vain) << 1;
        let [own, seen] = self.indices.unwrap_or_default();
        flags | u64::from(self.indices.is_some()) << 2 | own << 8 | seen << 16
    }

    /// Reads a note back from its number.
    pub(crate) fn of(number: u64) -> Self {
        Self {
            calling: number & 1 != 0,
            in_vain: number & 2 != 0,
            indices: (number & 4 != 0).then_some([number >> 8 & 0xff, number >> 16]),
        }
    }
}

/// The program that is run: a queue and its two threads.
pub(crate) struct Clients<Q>(PhantomData<Q>);

impl<Q> Clients<Q> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<Q: Queue> Program for Clients<Q> {
    /// Each handle is used by one thread; the locks are never waited for.
    type Shared = (Mutex<Q::Producer>, Mutex<Q::Consumer>);

    fn threads(&self) -> usize {
        2
    }

    fn share(&self) -> Self::Shared {
        let (producer, consumer) = Q::make(SLOTS);
        (Mutex::new(producer), Mutex::new(consumer))
    }

    fn run(&self, (producer, consumer): &Self::Shared, client: &Client<'_>) {
        if client.index() == PRODUCER {
            let mut producer = producer.lock().unwrap_or_else(PoisonError::into_inner);
            let options = VALUES.len() + usize::from(Q::FLUSHES);
            call_for_ever(
                client,
                options,
                Q::producer(&producer),
                |option, in_vain| {
                    let in_vain = match VALUES.get(option).copied().and_then(NonZeroU32::new) {
                        Some(value) => Q::push(&mut producer, value).is_err(),
                        None => {
                            Q::flush(&mut producer);
                            in_vain
                        }
                    };
                    (in_vain, Q::producer(&producer))
                },
            );
        } else {
            let mut consumer = consumer.lock().unwrap_or_else(PoisonError::into_inner);
            call_for_ever(client, 1, Q::consumer(&consumer), |_, _| {
                let in_vain = Q::pop(&mut consumer).is_none();
                (in_vain, Q::consumer(&consumer))
            });
        }
    }
}

/// Chooses a call, makes it, and notes how it ended. The call is given the choice and whether the
/// last one was in vain; it says whether it was itself, and what the handle carries now.
fn call_for_ever(
    client: &Client<'_>,
    options: usize,
    mut indices: Option<Indices>,
    mut call: impl FnMut(usize, bool) -> (bool, Option<Indices>),
) {
    let mut in_vain = false;
    loop {
        let note = |calling| {
            let note = Note {
                calling,
                in_vain,
                indices,
            };
            client.note(note.number());
        };
        note(false);
        client.forget();
        let option = client.choose(options);
        note(true);
        (in_vain, indices) = call(option, in_vain);
    }
}
