//! A bounded queue from one producer to one consumer, without locks.

pub mod ring;
mod sync;
