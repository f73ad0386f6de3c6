//! A bounded queue from one producer to one consumer, without locks.
//!
//! The slots form a circle. Values are put in at the tail and taken out at the head; each of the
//! two indices is written by one side and read by the other. Equal indices mean that the queue is
//! empty, so one slot always stays free.

use std::num::NonZeroU32;
use std::sync::Arc;

use crate::sync::{AtomicU32, AtomicUsize, Ordering};

/// What a slot holds that holds no value.
const NOTHING: u32 = 0;

/// What both sides share.
struct Ring {
    /// The slot to be taken from next. Written by the consumer.
    head: AtomicUsize,
    /// The slot to be filled next. Written by the producer.
    tail: AtomicUsize,
    slots: Box<[AtomicU32]>,
}

impl Ring {
    /// The slot after this one.
    fn next(&self, index: usize) -> usize {
        (index + 1) % self.slots.len()
    }
}

/// The side that puts values in.
pub struct Producer {
    ring: Arc<Ring>,
    /// The ring's tail, which nobody else writes.
    pub(crate) tail: usize,
}

/// The side that takes values out.
pub struct Consumer {
    ring: Arc<Ring>,
    /// The ring's head, which nobody else writes.
    pub(crate) head: usize,
}

/// Makes a queue with this many slots, at least two.
pub fn ring(slots: usize) -> (Producer, Consumer) {
    let ring = Arc::new(Ring {
        head: AtomicUsize::new(0),
        tail: AtomicUsize::new(0),
        slots: (0..slots.max(2)).map(|_| AtomicU32::new(NOTHING)).collect(),
    });
    let producer = Producer {
        ring: Arc::clone(&ring),
        tail: 0,
    };
    let consumer = Consumer { ring, head: 0 };
    (producer, consumer)
}

impl Producer {
    /// Puts a value in, or gives it back if there is no room.
    pub fn push(&mut self, value: NonZeroU32) -> Result<(), NonZeroU32> {
        let ring = &self.ring;
        let next = ring.next(self.tail);
        // Acquire: what was in the slot has been taken out before it is filled again.
        if next == ring.head.load(Ordering::Acquire) {
            return Err(value);
        }
        ring.slots[self.tail].store(value.get(), Ordering::Relaxed);
        // Release: whoever sees the new tail sees the value.
        ring.tail.store(next, Ordering::Release);
        self.tail = next;
        Ok(())
    }
}

impl Consumer {
    /// Takes the oldest value out, if there is one.
    pub fn pop(&mut self) -> Option<NonZeroU32> {
        let ring = &self.ring;
        // Acquire: the value in the slot is seen along with the tail.
        if self.head == ring.tail.load(Ordering::Acquire) {
            return None;
        }
        let value = ring.slots[self.head].swap(NOTHING, Ordering::Relaxed);
        let next = ring.next(self.head);
        // Release: whoever sees the new head sees the slot empty.
        ring.head.store(next, Ordering::Release);
        self.head = next;
        NonZeroU32::new(value)
    }
}
