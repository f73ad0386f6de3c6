//! Shared memory whose every access is a step, with the names and methods of `std`.
//!
//! Inside are the real atomics of `std`. Outside of a run, and in
//! [`Program::share`](crate::Program::share), they behave like those and nothing else.

pub use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError, atomic};

use crate::stage::{Intent, access, end_round, enrol};
use crate::step::Kind;

/// Says that the thread waits: its current round is over, and the next begins. It is no step. What
/// the thread read in the round does not count for its future; see [`Client`](crate::Client).
pub fn spin_loop() {
    end_round();
    std::hint::spin_loop();
}

/// A plain value, as it is written in a [`Scene`](crate::Scene).
pub trait Word: Copy {
    /// The value as a number; different for different values.
    fn word(self) -> u64;
}

macro_rules! words {
    ($($type:ty)*) => { $(
        impl Word for $type {
            fn word(self) -> u64 {
                self as u64
            }
        }
    )* };
}
words!(bool u8 u16 u32 u64 usize);

/// Memory that is not atomic: a place for one value, to be read or written by whoever may.
///
/// Each access is a step, so that a race for it shows as a wrong value.
#[derive(Debug)]
pub struct Slot<T> {
    cell: Option<usize>,
    value: Mutex<T>,
}

impl<T: Word> Slot<T> {
    /// A slot that holds this value.
    pub fn new(value: T) -> Self {
        Self {
            cell: enrol(value.word()),
            value: Mutex::new(value),
        }
    }

    /// What it holds.
    #[track_caller]
    pub fn get(&self) -> T {
        access(
            Intent {
                cell: self.cell,
                kind: Kind::Load,
                operands: [0; 2],
            },
            || {
                let value = *self.value.lock().unwrap_or_else(PoisonError::into_inner);
                (value, [value.word(); 2], true)
            },
        )
    }

    /// Makes it hold this value.
    #[track_caller]
    pub fn set(&self, value: T) {
        let intent = Intent {
            cell: self.cell,
            kind: Kind::Store,
            operands: [value.word(), 0],
        };
        access(intent, || {
            let mut place = self.value.lock().unwrap_or_else(PoisonError::into_inner);
            let old = std::mem::replace(&mut *place, value);
            ((), [old.word(), value.word()], true)
        });
    }
}

/// Methods that replace the value by a function of it and one operand, and return the old one.
macro_rules! updates {
    ($value:ty: $($method:ident $kind:ident |$old:ident, $operand:ident| $new:expr;)*) => { $(
        /// As the method of the same name in `std`.
        #[track_caller]
        pub fn $method(&self, $operand: $value, order: Ordering) -> $value {
            let operands = [$operand.word(), 0];
            access(Intent { cell: self.cell, kind: Kind::$kind, operands }, || {
                let $old = self.value.$method($operand, order);
                ($old, [$old.word(), Word::word($new)], true)
            })
        }
    )* };
}

/// An atomic with the methods that all have.
macro_rules! atomic {
    ($(#[$doc:meta])* $name:ident $value:ty { $($updates:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name {
            cell: Option<usize>,
            value: atomic::$name,
        }

        impl $name {
            /// An atomic that holds this value.
            pub fn new(value: $value) -> Self {
                Self { cell: enrol(value.word()), value: atomic::$name::new(value) }
            }

            /// As the method of the same name in `std`.
            #[track_caller]
            pub fn load(&self, order: Ordering) -> $value {
                access(Intent { cell: self.cell, kind: Kind::Load, operands: [0; 2] }, || {
                    let value = self.value.load(order);
                    (value, [value.word(); 2], true)
                })
            }

            /// As the method of the same name in `std`.
            #[track_caller]
            pub fn store(&self, value: $value, order: Ordering) {
                let operands = [value.word(), 0];
                access(Intent { cell: self.cell, kind: Kind::Store, operands }, || {
                    // Nobody else runs, so this is what the store replaces.
                    let old = self.value.load(Ordering::SeqCst);
                    self.value.store(value, order);
                    ((), [old.word(), value.word()], true)
                });
            }

            /// As the method of the same name in `std`.
            #[track_caller]
            pub fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                let operands = [current.word(), new.word()];
                access(Intent { cell: self.cell, kind: Kind::CompareExchange, operands }, || {
                    let result = self.value.compare_exchange(current, new, success, failure);
                    match result {
                        Ok(old) => (result, [old.word(), new.word()], true),
                        Err(old) => (result, [old.word(); 2], false),
                    }
                })
            }

            updates! { $value: swap Swap |old, value| value; $($updates)* }
        }
    };
}

macro_rules! integer {
    ($(#[$doc:meta])* $name:ident $value:ty) => {
        atomic! { $(#[$doc])* $name $value {
            fetch_add Add |old, value| old.wrapping_add(value);
            fetch_sub Sub |old, value| old.wrapping_sub(value);
            fetch_and And |old, value| old & value;
            fetch_or Or |old, value| old | value;
            fetch_xor Xor |old, value| old ^ value;
            fetch_max Max |old, value| old.max(value);
            fetch_min Min |old, value| old.min(value);
        } }
    };
}

atomic! {
    /// As `std::sync::atomic::AtomicBool`.
    AtomicBool bool {
        fetch_and And |old, value| old & value;
        fetch_or Or |old, value| old | value;
        fetch_xor Xor |old, value| old ^ value;
    }
}
integer! {
    /// As `std::sync::atomic::AtomicU8`.
    AtomicU8 u8
}
integer! {
    /// As `std::sync::atomic::AtomicU32`.
    AtomicU32 u32
}
integer! {
    /// As `std::sync::atomic::AtomicU64`.
    AtomicU64 u64
}
integer! {
    /// As `std::sync::atomic::AtomicUsize`.
    AtomicUsize usize
}
