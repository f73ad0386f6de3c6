//! The locks: the sources that are shown to the solver, and broken ones made from them.
//!
//! They are written as parts of a crate of their own, and a lock cannot be written without unsafe
//! code: hence what is allowed to them.

use std::ops::Deref;

use schedule::sync::Slot;

/// What a lock protects: whether somebody uses it.
pub(crate) type Value = Slot<bool>;

/// A lock, whatever it is made of.
pub(crate) trait Lock: Sync {
    /// What the lock's only cell holds, as far as it is observed.
    const WORD: Word;
    /// The right to use the value.
    type Guard<'a>: Deref<Target = Value>
    where
        Self: 'a;
    fn new(value: Value) -> Self;
    fn lock(&self, me: u32) -> Self::Guard<'_>;
    fn try_lock(&self, me: u32) -> Option<Self::Guard<'_>>;
}

/// How a lock's cell is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// Whether the lock is held.
    Flag,
    /// The same in the lowest bit; above it the number of who claims it.
    Claimable,
}

/// A lock from a source file.
///
/// It takes `me` if it is `Claimable`.
macro_rules! lock {
    ($module:ident Flag) => {
        lock!($module Flag ());
    };
    ($module:ident Claimable) => {
        lock!($module Claimable (me));
    };
    ($module:ident $word:ident ($($me:ident)?)) => {
        impl Lock for $module::SpinLock<Value> {
            const WORD: Word = Word::$word;
            type Guard<'a> = $module::Guard<'a, Value>;
            fn new(value: Value) -> Self {
                Self::new(value)
            }
            lock!(methods $($me)?);
        }
    };
    (methods) => {
        fn lock(&self, _: u32) -> Self::Guard<'_> {
            self.lock()
        }
        fn try_lock(&self, _: u32) -> Option<Self::Guard<'_>> {
            self.try_lock()
        }
    };
    (methods $me:ident) => {
        fn lock(&self, $me: u32) -> Self::Guard<'_> {
            self.lock($me)
        }
        fn try_lock(&self, $me: u32) -> Option<Self::Guard<'_>> {
            self.try_lock($me)
        }
    };
}

/// A lock with one passage of its source replaced; see `build.rs`.
macro_rules! broken {
    ($module:ident $word:ident) => {
        #[allow(unsafe_code, unreachable_pub, unused_variables)]
        pub(crate) mod $module {
            include!(concat!(env!("OUT_DIR"), "/", stringify!($module), ".rs"));
        }
        lock!($module $word);
    };
}

#[allow(unsafe_code, unreachable_pub)]
#[path = "../../plain/environment/spinlock.rs"]
pub(crate) mod plain;
lock!(plain Flag);
broken!(plain_test_then_set Flag);
broken!(plain_eager_guard Flag);

#[allow(unsafe_code, unreachable_pub)]
#[path = "../../reserve/environment/spinlock.rs"]
pub(crate) mod reserve;
lock!(reserve Claimable);
broken!(reserve_test_then_set Claimable);
broken!(reserve_release_forgets_claim Claimable);
broken!(reserve_claim_outlives_its_use Claimable);
broken!(reserve_try_ignores_claim Claimable);
broken!(reserve_claim_overwrites Claimable);
