//! What a search and the evaluations it asks for tell each other: when to stop, how far it is.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Why a computation ended before its answer was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StopReason {
    /// Someone asked for it.
    Cancelled,
    /// The wall time is used up.
    Time,
    /// The process holds more memory than it may.
    Memory,
    /// More distinct states were found than may be.
    States,
    /// States lie deeper than may be looked at.
    Depth,
    /// Another thread of the same search knows the answer already. Never an outcome: only those
    /// who still evaluate see it.
    Settled,
}

impl StopReason {
    const ALL: [StopReason; 6] = [
        StopReason::Cancelled,
        StopReason::Time,
        StopReason::Memory,
        StopReason::States,
        StopReason::Depth,
        StopReason::Settled,
    ];

    /// Stable name, for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            StopReason::Cancelled => "cancelled",
            StopReason::Time => "time",
            StopReason::Memory => "memory",
            StopReason::States => "states",
            StopReason::Depth => "depth",
            StopReason::Settled => "settled",
        }
    }

    fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            StopReason::Cancelled => "cancelled",
            StopReason::Time => "time limit reached",
            StopReason::Memory => "memory limit reached",
            StopReason::States => "limit of distinct states reached",
            StopReason::Depth => "depth limit reached",
            StopReason::Settled => "no longer needed",
        })
    }
}

/// Tells every loop of a computation whether to go on.
///
/// One is shared by whoever may stop the computation and all that compute; the latter poll it in
/// every loop whose length depends on the input. A reason that was given stays.
#[derive(Debug, Default)]
pub struct Control {
    reasons: Arc<AtomicU8>,
}

thread_local! {
    /// The reasons of the control that this thread heeds.
    static HEEDED: RefCell<Arc<AtomicU8>> = RefCell::default();
    /// Calls of [`patience`] since it last looked.
    static CALLS: Cell<u32> = const { Cell::new(0) };
}

/// Calls of [`patience`] between two looks.
const CALLS_BETWEEN_LOOKS: u32 = 512;

/// Why to stop, for loops that no control reaches: operations on values, which can be long but are
/// too small and too many to be handed one. Looks now and then at the control that the thread
/// heeds ([`Control::heed`]).
///
/// # Errors
/// The reason.
#[inline]
pub(crate) fn patience() -> Result<(), StopReason> {
    patience_for(0)
}

/// [`patience`] before something that goes over so many values at once.
#[inline]
pub(crate) fn patience_for(values: usize) -> Result<(), StopReason> {
    let share = u32::try_from(values / 32).unwrap_or(u32::MAX);
    let calls = CALLS.get().saturating_add(1).saturating_add(share);
    if calls < CALLS_BETWEEN_LOOKS {
        CALLS.set(calls);
        return Ok(());
    }
    look()
}

#[inline(never)]
fn look() -> Result<(), StopReason> {
    CALLS.set(0);
    HEEDED.with_borrow(|reasons| match reasons.load(Ordering::Relaxed) {
        0 => Ok(()),
        reasons => first_of(reasons).map_or(Ok(()), Err),
    })
}

fn first_of(reasons: u8) -> Option<StopReason> {
    StopReason::ALL
        .into_iter()
        .find(|reason| reasons & reason.bit() != 0)
}

impl Control {
    /// One that lets the computation run.
    #[must_use]
    pub fn new() -> Control {
        Control::default()
    }

    /// Asks the computation to stop. Of several reasons, the first listed in [`StopReason`] is
    /// told.
    pub fn stop(&self, reason: StopReason) {
        self.reasons.fetch_or(reason.bit(), Ordering::Relaxed);
    }

    /// Why to stop, if so. As cheap as reading a variable.
    #[must_use]
    #[inline]
    pub fn stopped(&self) -> Option<StopReason> {
        match self.reasons.load(Ordering::Relaxed) {
            0 => None,
            reasons => first_of(reasons),
        }
    }

    /// From here on, long operations on values on this thread stop when this control says so,
    /// until the thread is told to heed another.
    pub(crate) fn heed(&self) {
        HEEDED.set(Arc::clone(&self.reasons));
    }

    /// Lets evaluation go on after [`StopReason::Settled`]; other reasons stay.
    pub(crate) fn resume(&self) {
        self.reasons
            .fetch_and(!StopReason::Settled.bit(), Ordering::Relaxed);
    }
}

/// What a search has done so far, as `TLCGet` reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Length of the path to the state at hand; an initial state has level 1.
    pub level: u32,
    /// Diameter: the greatest level so far, at least 1.
    pub diameter: u32,
    /// States generated, duplicates included.
    pub generated: u64,
    /// Distinct states found.
    pub distinct: u64,
    /// States waiting.
    pub queue: u64,
    /// Seconds since the start.
    pub duration_seconds: u64,
    /// Whether behaviours are drawn at random; else all states are searched.
    pub simulation: bool,
}

impl Default for Progress {
    fn default() -> Progress {
        Progress {
            level: 0,
            diameter: 1,
            generated: 0,
            distinct: 0,
            queue: 0,
            duration_seconds: 0,
            simulation: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_stays_and_outranks_that_the_answer_is_known() {
        let control = Control::new();
        assert_eq!(control.stopped(), None);
        control.stop(StopReason::Settled);
        assert_eq!(control.stopped(), Some(StopReason::Settled));
        control.stop(StopReason::Time);
        assert_eq!(control.stopped(), Some(StopReason::Time));
        control.resume();
        assert_eq!(control.stopped(), Some(StopReason::Time));
    }

    #[test]
    fn resuming_takes_back_only_that_the_answer_is_known() {
        let control = Control::new();
        control.stop(StopReason::Settled);
        control.resume();
        assert_eq!(control.stopped(), None);
    }
}
