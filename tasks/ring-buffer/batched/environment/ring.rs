//! A bounded queue from one producer to one consumer, without locks.
//!
//! The slots form a circle. Values are put in at the tail and taken out at the head; each of the
//! two indices is written by one side and read by the other. Equal indices mean that the queue is
//! empty, so one slot always stays free.
//!
//! An index that the other side has just written is expensive to read, so each side reads and
//! writes the shared indices as seldom as it can.

use std::num::NonZeroU32;
use std::sync::Arc;

use crate::sync::{AtomicU32, AtomicUsize, Ordering};

/// What a slot holds that holds no value.
const NOTHING: u32 = 0;

/// How many values the producer publishes together.
const BATCH: usize = 2;

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
    /// The slot that the next value goes to.
    pub(crate) tail: usize,
    /// The ring's head when it was last read.
    pub(crate) head: usize,
    /// Values that were put in since the ring's tail was last written.
    unpublished: usize,
}

/// The side that takes values out.
pub struct Consumer {
    ring: Arc<Ring>,
    /// The slot that the next value comes from.
    pub(crate) head: usize,
    /// The ring's tail when it was last read.
    pub(crate) tail: usize,
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
        head: 0,
        unpublished: 0,
    };
    let consumer = Consumer {
        ring,
        head: 0,
        tail: 0,
    };
    (producer, consumer)
}

impl Producer {
    /// Puts a value in, or gives it back if there is no room.
    ///
    /// The consumer may not see it before the next [`flush`](Self::flush).
    pub fn push(&mut self, value: NonZeroU32) -> Result<(), NonZeroU32> {
        if self.is_full() {
            // Acquire: what was in the slot has been taken out before it is filled again.
            self.head = self.ring.head.load(Ordering::Acquire);
            if self.is_full() {
                return Err(value);
            }
        }
        self.ring.slots[self.tail].store(value.get(), Ordering::Relaxed);
        self.tail = self.ring.next(self.tail);
        self.unpublished += 1;
        if self.unpublished == BATCH || self.is_full() {
            self.flush();
        }
        Ok(())
    }

    /// Lets the consumer see all that was put in.
    pub fn flush(&mut self) {
        if self.unpublished > 0 {
            // Release: whoever sees the new tail sees the values.
            self.ring.tail.store(self.tail, Ordering::Release);
            self.unpublished = 0;
        }
    }

    /// Whether there is no room, as far as is known here.
    fn is_full(&self) -> bool {
        self.ring.next(self.tail) == self.head
    }
}

impl Consumer {
    /// Takes the oldest value out, if there is one to be seen.
    pub fn pop(&mut self) -> Option<NonZeroU32> {
        if self.head == self.tail {
            // Acquire: the values in the slots are seen along with the tail.
            self.tail = self.ring.tail.load(Ordering::Acquire);
            if self.head == self.tail {
                return None;
            }
        }
        let value = self.ring.slots[self.head].swap(NOTHING, Ordering::Relaxed);
        self.head = self.ring.next(self.head);
        if self.head == self.tail {
            // Release: whoever sees the new head sees the slots empty.
            self.ring.head.store(self.head, Ordering::Release);
        }
        NonZeroU32::new(value)
    }
}
