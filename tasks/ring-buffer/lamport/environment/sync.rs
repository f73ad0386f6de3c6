//! The shared memory that the queue is made of.

pub use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
