//! The threads that use a lock.

use std::marker::PhantomData;

use schedule::{Client, Program};

use crate::locks::{Lock, Value};

/// What a thread is doing, as it notes it down.
pub(crate) const IDLE: u64 = 0;
pub(crate) const SPINNING: u64 = 1;
pub(crate) const HOLDING: u64 = 2;
pub(crate) const REFUSED: u64 = 3;
/// Added to `HOLDING` by a thread that saw another use the value.
pub(crate) const DISTURBED: u64 = 4;

/// Threads that call `lock`, some also `try_lock`, again and again.
#[derive(Debug)]
pub(crate) struct Clients<L> {
    pub(crate) threads: usize,
    /// So many, the first ones, also call `try_lock`.
    pub(crate) triers: usize,
    /// As many failed rounds as the lock tells apart.
    pub(crate) patience: u64,
    pub(crate) lock: PhantomData<fn() -> L>,
}

impl<L: Lock> Program for Clients<L> {
    type Shared = L;

    fn threads(&self) -> usize {
        self.threads
    }

    fn max_rounds(&self) -> u64 {
        self.patience
    }

    fn share(&self) -> L {
        // The lock's own cell comes second.
        L::new(Value::new(false))
    }

    fn run(&self, lock: &L, client: &Client<'_>) {
        let me = u32::try_from(client.index())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let calls = if client.index() < self.triers { 2 } else { 1 };
        loop {
            client.forget();
            let guard = if client.choose(calls) == 0 {
                client.note(SPINNING);
                lock.lock(me)
            } else {
                match lock.try_lock(me) {
                    Some(guard) => guard,
                    None => {
                        client.note(REFUSED);
                        continue;
                    }
                }
            };
            client.note(HOLDING);
            // How it came by the guard does not matter any more.
            client.forget();
            use_it(&guard, client);
            drop(guard);
            client.note(IDLE);
        }
    }
}

/// Uses the value, and sees whether somebody else does.
fn use_it(value: &Value, client: &Client<'_>) {
    if value.get() {
        client.note(HOLDING | DISTURBED);
    }
    value.set(true);
    value.set(false);
}
