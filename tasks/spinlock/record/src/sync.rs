//! What the locks are made of here: the same names as in their own `sync`, each access a step.

pub(crate) use schedule::sync::{AtomicBool, AtomicU32, Ordering, spin_loop};
