//! A lock whose waiters do not sleep.

pub mod spinlock;
mod sync;
