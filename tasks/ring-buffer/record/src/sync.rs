//! The shared memory that the queues are made of when they are watched.

pub(crate) use schedule::sync::{AtomicU32, AtomicUsize, Ordering};
