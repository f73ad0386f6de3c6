//! A lock whose waiters do not sleep, and which a thread that has waited for a while can reserve.

pub mod spinlock;
mod sync;
