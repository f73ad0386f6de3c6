//! The atomics that the lock is made of.

pub use std::hint::spin_loop;
pub use std::sync::atomic::{AtomicU32, Ordering};
