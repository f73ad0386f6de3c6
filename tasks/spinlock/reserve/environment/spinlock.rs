//! A lock whose waiters do not sleep, and which a thread that has waited for a while can reserve.

use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use crate::sync::{AtomicU32, Ordering, spin_loop};

/// The bit of the word that says that the lock is held. The bits above it are the number of the
/// thread that claims it, 0 if none does.
const LOCKED: u32 = 1;

/// The part of the word that says that this thread claims the lock.
fn claim(me: u32) -> u32 {
    me << 1
}

/// Failed rounds after which a thread claims the lock.
const PATIENCE: u32 = 2;

/// A value that one thread at a time may use.
pub struct SpinLock<T> {
    word: AtomicU32,
    value: UnsafeCell<T>,
}

// SAFETY: the value is reached through guards only, and there is one guard at a time.
unsafe impl<T: Send> Sync for SpinLock<T> {}

impl<T> SpinLock<T> {
    /// A free lock around this value.
    pub fn new(value: T) -> Self {
        Self {
            word: AtomicU32::new(0),
            value: UnsafeCell::new(value),
        }
    }

    /// Waits until the lock can be taken, and takes it. `me` is the number of the calling thread:
    /// from 1, and no other thread's.
    pub fn lock(&self, me: u32) -> Guard<'_, T> {
        let mut misses = 0;
        loop {
            let word = self.word.load(Ordering::Relaxed);
            if open_to(word, me) {
                if let Some(guard) = self.take(word) {
                    return guard;
                }
            } else if misses == PATIENCE && word == LOCKED {
                // If the word has changed in the meantime, there will be another round.
                let _ = self.word.compare_exchange(
                    LOCKED,
                    LOCKED | claim(me),
                    Ordering::Relaxed,
                    Ordering::Relaxed,
                );
            }
            misses = PATIENCE.min(misses + 1);
            spin_loop();
        }
    }

    /// Takes the lock if that can be done at once.
    pub fn try_lock(&self, me: u32) -> Option<Guard<'_, T>> {
        let word = self.word.load(Ordering::Relaxed);
        if open_to(word, me) {
            self.take(word)
        } else {
            None
        }
    }

    /// Takes the lock, unless its word has changed.
    fn take(&self, word: u32) -> Option<Guard<'_, T>> {
        self.word
            .compare_exchange(word, LOCKED, Ordering::Acquire, Ordering::Relaxed)
            .is_ok()
            .then(|| Guard::new(self))
    }
}

/// Whether a thread that sees this word may take the lock.
fn open_to(word: u32, me: u32) -> bool {
    word == 0 || word == claim(me)
}

/// The right to use the value. Dropping it releases the lock.
pub struct Guard<'a, T> {
    lock: &'a SpinLock<T>,
    value: PhantomData<&'a mut T>,
}

impl<'a, T> Guard<'a, T> {
    fn new(lock: &'a SpinLock<T>) -> Self {
        Self {
            lock,
            value: PhantomData,
        }
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: this is the only guard.
        unsafe { &*self.lock.value.get() }
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: this is the only guard, and it is borrowed for as long as the value is.
        unsafe { &mut *self.lock.value.get() }
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        self.lock.word.fetch_and(!LOCKED, Ordering::Release);
    }
}
