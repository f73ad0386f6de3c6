//! Threads with room for deep recursion, and the rule that keeps recursion inside it.
//!
//! Syntax trees nest up to [`crate::syntax::MAX_DEPTH`], and evaluation recurses as deep as the
//! specification asks. Both run on threads with [`STACK_BYTES`] of stack (reserved, not used until
//! needed), and evaluation asks a [`StackLimit`] before it goes deeper, so recursion without end
//! is a typed error instead of an abort.

use std::thread;

/// Stack reserved for an engine thread.
pub const STACK_BYTES: usize = 1 << 29;

/// What must stay free below the deepest evaluation, for the frames of code that does not ask.
const RESERVE_BYTES: usize = 1 << 23;

/// Runs a computation on a thread with a large stack and gives its result.
///
/// # Errors
/// When the system refuses the thread.
pub fn with_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> std::io::Result<T> {
    thread::scope(|scope| {
        let handle = thread::Builder::new()
            .name("tla".into())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, work)?;
        handle
            .join()
            .map_err(|_| std::io::Error::other("an engine thread ended unexpectedly"))
    })
}

/// How far the stack of the present thread may grow.
#[derive(Debug, Clone, Copy)]
pub struct StackLimit {
    lowest: usize,
}

impl StackLimit {
    /// To be made at the outermost call on a thread of [`STACK_BYTES`].
    #[must_use]
    pub fn here() -> StackLimit {
        StackLimit {
            lowest: address().saturating_sub(STACK_BYTES - RESERVE_BYTES),
        }
    }

    /// Whether there is room for another level of recursion.
    #[must_use]
    #[inline]
    pub fn has_room(self) -> bool {
        address() > self.lowest
    }
}

/// The address of a local variable: near the top of the stack in use, which grows downwards on
/// every system Rust supports.
#[inline]
fn address() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here).addr()
}
