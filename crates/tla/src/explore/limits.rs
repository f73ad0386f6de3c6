//! Limits of a search, and who watches them.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::control::Progress;
use crate::control::{Control, StopReason};

/// How often time and memory are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// How much a search or simulation may take; each limit that is reached makes the verdict
/// inconclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Distinct states to find.
    pub states: Option<u64>,
    /// States on a path; states at this depth are checked but not expanded.
    pub depth: Option<u32>,
    /// Wall time.
    pub time: Option<Duration>,
    /// Resident memory of the whole process in bytes; looked at on Linux only.
    pub memory_bytes: Option<u64>,
}

impl Limits {
    /// The same for a part of what is timed as a whole.
    #[must_use]
    pub fn without_time(self) -> Limits {
        Limits { time: None, ..self }
    }

    /// Whether the limits that were set can be kept on this system.
    #[must_use]
    pub fn can_be_kept(&self) -> bool {
        self.memory_bytes.is_none() || resident_bytes().is_some()
    }
}

/// Who is told how a search goes, and how often.
#[derive(Clone, Copy)]
pub struct Observer<'a> {
    /// Time between two tellings.
    pub every: Duration,
    /// Called from a thread of its own.
    pub tell: &'a (dyn Fn(Progress) + Sync),
}

/// Counters of a running search, for those outside it.
#[derive(Debug)]
pub(super) struct Meter {
    started: Instant,
    generated: AtomicU64,
    distinct: AtomicU64,
    queue: AtomicU64,
    depth: AtomicU32,
}

impl Meter {
    /// One that starts now.
    pub(super) fn new() -> Meter {
        Meter {
            started: Instant::now(),
            generated: AtomicU64::new(0),
            distinct: AtomicU64::new(0),
            queue: AtomicU64::new(0),
            depth: AtomicU32::new(0),
        }
    }

    /// Since the start.
    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Sets all counters.
    pub(super) fn set(&self, progress: &Progress) {
        self.generated.store(progress.generated, Ordering::Relaxed);
        self.distinct.store(progress.distinct, Ordering::Relaxed);
        self.queue.store(progress.queue, Ordering::Relaxed);
        self.depth.store(progress.diameter, Ordering::Relaxed);
    }

    fn read(&self) -> Progress {
        let depth = self.depth.load(Ordering::Relaxed);
        Progress {
            level: depth,
            diameter: depth,
            generated: self.generated.load(Ordering::Relaxed),
            distinct: self.distinct.load(Ordering::Relaxed),
            queue: self.queue.load(Ordering::Relaxed),
            duration_seconds: self.elapsed().as_secs(),
            simulation: false,
        }
    }
}

/// Looks at time and memory until told that it is over, and tells how it goes.
#[derive(Debug, Default)]
pub(super) struct Watch {
    over: Mutex<bool>,
    wake: Condvar,
}

impl Watch {
    /// Whether there is anything to watch.
    pub(super) fn is_needed(limits: &Limits, observer: Option<Observer<'_>>) -> bool {
        limits.time.is_some() || limits.memory_bytes.is_some() || observer.is_some()
    }

    /// Watches until [`Watch::end`].
    pub(super) fn keep(
        &self,
        limits: &Limits,
        observer: Option<Observer<'_>>,
        meter: &Meter,
        control: &Control,
    ) {
        let mut told = Duration::ZERO;
        let mut over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        while !*over {
            let elapsed = meter.elapsed();
            if limits.time.is_some_and(|most| elapsed >= most) {
                control.stop(StopReason::Time);
            }
            let left = limits.time.and_then(|most| most.checked_sub(elapsed));
            let pause = left.map_or(LOOK_EVERY, |left| {
                LOOK_EVERY.min(left.max(Duration::from_micros(100)))
            });
            over = self
                .wake
                .wait_timeout(over, pause)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
            if *over {
                // A search that is over by now was not worth a look at its memory.
                break;
            }
            if let Some(most) = limits.memory_bytes
                && resident_bytes().is_some_and(|bytes| bytes > most)
            {
                control.stop(StopReason::Memory);
            }
            let elapsed = meter.elapsed();
            if let Some(observer) = observer
                && elapsed.saturating_sub(told) >= observer.every
            {
                told = elapsed;
                (observer.tell)(meter.read());
            }
        }
    }

    /// Ends the watch.
    pub(super) fn end(&self) {
        *self.over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.wake.notify_all();
    }
}

/// Memory of this process that is in use, in bytes; `None` where the system does not say.
#[must_use]
pub fn resident_bytes() -> Option<u64> {
    #[cfg(target_os = "linux")]
    {
        // Unlike statm, status does not count in pages, whose size would have to be asked for.
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kilobytes * 1024)
    }
    #[cfg(not(target_os = "linux"))]
    {
        None
    }
}
