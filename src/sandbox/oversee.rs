//! Keeps a room's program within its limits until it ends: what both guards do most of the time.
//!
//! The end of the program is an event that is waited for. What the room uses can only be sampled,
//! so the samples come the closer together the sooner a limit could be reached, and otherwise are
//! far enough apart to cost next to nothing.

use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::spec::{Exit, LimitKind, Limits};
use super::wire::{Step, StepError};
use super::{OUTPUT_EXCEEDED, children, watch};

/// Time to the first look; it doubles from look to look.
const FIRST_LOOK_AFTER: Duration = Duration::from_millis(2);
/// Time between looks at a room that is far from its limits.
const LOOK_EVERY: Duration = Duration::from_millis(25);
/// Time between looks at a room that seems about to reach a limit.
const LOOK_CLOSELY_EVERY: Duration = Duration::from_millis(1);
/// Every so many looks, memory is counted exactly even if it seems to be within its limit.
const EXACT_LOOK_EVERY: u32 = 16;
/// Far from the limits a look may cost one part in so many of the time between looks, so that a
/// room full of processes does not keep the guard itself busy.
const LOOK_COST_SHARE: u32 = 128;
/// The longest that an expensive look may put off the next.
const LOOK_AT_LEAST_EVERY: Duration = Duration::from_millis(250);
/// With an inner room, time for the inner guard to deal with what this one has noticed first.
const FORBEARANCE: Duration = Duration::from_millis(50);
/// Time between looks for a program's end where the kernel (before 5.3) cannot announce it.
const UNANNOUNCED_END_EVERY: Duration = Duration::from_millis(5);

/// What the guard knows when the program has ended.
pub(super) struct Overseen {
    /// How it ended.
    pub(super) exit: Exit,
    /// Processor time.
    pub(super) cpu: Duration,
    /// The most memory seen in use.
    pub(super) peak_memory_bytes: Option<u64>,
}

impl Overseen {
    fn new(exit: Exit) -> Self {
        Self {
            exit,
            cpu: Duration::ZERO,
            peak_memory_bytes: None,
        }
    }

    /// The shell's convention: 127 for a program that is not there, 126 for one that will not run.
    pub(super) fn not_started(error: &io::Error) -> Self {
        let missing = error.kind() == io::ErrorKind::NotFound;
        Self::new(Exit::Code(if missing { 127 } else { 126 }))
    }

    fn look(&mut self, limits: &Limits, exactly: bool) -> io::Result<Look> {
        let usage = watch::usage()?;
        let mut memory = usage.memory_bytes;
        if exactly || memory > limits.memory_bytes {
            memory = watch::exact_memory_bytes()?;
        }
        self.cpu = self.cpu.max(usage.cpu + watch::ended_children_cpu());
        self.peak_memory_bytes = self.peak_memory_bytes.max(Some(memory));
        let exceeded = if usage.tasks > limits.processes {
            Some(LimitKind::Processes)
        } else if memory > limits.memory_bytes {
            Some(LimitKind::Memory)
        } else if self.cpu > limits.cpu {
            Some(LimitKind::Cpu)
        } else {
            None
        };
        let share = |part: u64, whole: u64| part as f64 / whole.max(1) as f64;
        let fullness = share(usage.memory_bytes, limits.memory_bytes)
            .max(share(usage.tasks.into(), limits.processes.into()));
        Ok(Look { exceeded, fullness })
    }
}

/// One look at what a room uses.
struct Look {
    exceeded: Option<LimitKind>,
    /// Memory or processes as a share of their limit, whichever is the larger.
    fullness: f64,
}

/// Waits for the program while keeping it within its limits. What is left of it when it is
/// stopped is for the caller to end.
///
/// `control` is the socket on which the harness may send orders; an inner room has none.
/// `forbearing` gives the guard of an inner room the time to act first.
pub(super) fn oversee(
    program: Pid,
    limits: &Limits,
    mut control: Option<&mut UnixStream>,
    forbearing: bool,
) -> Result<Overseen, StepError> {
    let started = Instant::now();
    let ended = pidfd_open(program, PidfdFlags::empty()).ok();
    let mut overseen = Overseen::new(Exit::Code(0));
    let mut rhythm = Rhythm::new();
    let mut next_look = started + FIRST_LOOK_AFTER;
    let mut first_exceeded: Option<Instant> = None;
    for look in 1_u32.. {
        loop {
            let left = limits.wall.saturating_sub(started.elapsed());
            let pause = next_look
                .saturating_duration_since(Instant::now())
                .min(left);
            let order = pause_until(pause, ended.as_ref(), control.as_deref_mut())
                .step(|| "watch the program")?;
            if let Some(exit) = children::reap(program).step(|| "wait for the program")? {
                overseen.exit = exit;
                return Ok(overseen);
            }
            if order == Some(OUTPUT_EXCEEDED) {
                overseen.exit = Exit::Limit(LimitKind::Output);
                return Ok(overseen);
            }
            if started.elapsed() >= limits.wall {
                overseen.exit = Exit::Limit(LimitKind::Wall);
                return Ok(overseen);
            }
            if Instant::now() >= next_look {
                break;
            }
        }
        let before = Instant::now();
        let exactly = look.is_multiple_of(EXACT_LOOK_EVERY);
        let seen = overseen
            .look(limits, exactly)
            .step(|| "look at the program")?;
        if let Some(kind) = seen.exceeded {
            let since = *first_exceeded.get_or_insert(before);
            if !forbearing || before.duration_since(since) >= FORBEARANCE {
                overseen.exit = Exit::Limit(kind);
                return Ok(overseen);
            }
        } else {
            first_exceeded = None;
        }
        let now = Instant::now();
        next_look = now + rhythm.pause_after(seen.fullness, now, now.duration_since(before));
    }
    Ok(overseen)
}

/// Decides when to look again.
struct Rhythm {
    calm_pause: Duration,
    previous: Option<(Instant, f64)>,
}

impl Rhythm {
    fn new() -> Self {
        Self {
            calm_pause: FIRST_LOOK_AFTER,
            previous: None,
        }
    }

    /// The pause after a look that ended `now`, took `cost`, and saw the room `fullness` full.
    ///
    /// If the room goes on filling as it did, the next look comes before half of what is left is
    /// taken.
    fn pause_after(&mut self, fullness: f64, now: Instant, cost: Duration) -> Duration {
        self.calm_pause = (self.calm_pause * 2).min(LOOK_EVERY);
        let costly = (cost * LOOK_COST_SHARE).min(LOOK_AT_LEAST_EVERY);
        let calm = self.calm_pause.max(costly);
        let Some((then, less_full)) = self.previous.replace((now, fullness)) else {
            return calm;
        };
        let gained = fullness - less_full;
        if gained <= 0.0 {
            return calm;
        }
        let time = now.duration_since(then).as_secs_f64();
        let until_half_of_rest = time * (1.0 - fullness).max(0.0) / gained / 2.0;
        Duration::try_from_secs_f64(until_half_of_rest)
            .unwrap_or(calm)
            .clamp(LOOK_CLOSELY_EVERY.min(calm), calm)
    }
}

/// Waits until the program ends, the harness says something, or the time is over.
///
/// Returns what the harness said. If it is gone, so is the reason to go on: an error.
fn pause_until(
    pause: Duration,
    program: Option<&OwnedFd>,
    control: Option<&mut UnixStream>,
) -> io::Result<Option<u8>> {
    let pause = match program {
        Some(_) => pause,
        None => pause.min(UNANNOUNCED_END_EVERY),
    };
    let timeout = Timespec::try_from(pause).map_err(io::Error::other)?;
    let said = {
        let control = control.as_deref().map(AsFd::as_fd);
        let has_control = control.is_some();
        let mut descriptors: Vec<PollFd<'_>> = control
            .into_iter()
            .chain(program.map(AsFd::as_fd))
            .map(|descriptor| PollFd::from_borrowed_fd(descriptor, PollFlags::IN))
            .collect();
        match poll(&mut descriptors, Some(&timeout)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        has_control
            && descriptors
                .first()
                .is_some_and(|control| !control.revents().is_empty())
    };
    let (true, Some(control)) = (said, control) else {
        return Ok(None);
    };
    let mut order = [0];
    control.read_exact(&mut order)?;
    Ok(Some(order[0]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CHEAP: Duration = Duration::from_micros(10);

    #[test]
    fn a_calm_room_is_seldom_looked_at() {
        let (mut rhythm, mut now) = (Rhythm::new(), Instant::now());
        let pauses: Vec<_> = (0..6)
            .map(|_| {
                let pause = rhythm.pause_after(0.5, now, CHEAP);
                now += pause;
                pause.as_millis()
            })
            .collect();
        assert_eq!(pauses, [4, 8, 16, 25, 25, 25]);
    }

    #[test]
    fn a_room_that_fills_is_looked_at_before_it_is_full() {
        let (mut rhythm, start) = (Rhythm::new(), Instant::now());
        rhythm.pause_after(0.0, start, CHEAP);
        let now = start + Duration::from_millis(20);
        // At 4 % a millisecond the last fifth would be gone in 5 ms.
        let pause = rhythm.pause_after(0.8, now, CHEAP);
        assert_eq!(pause.as_micros(), 2500);
        let pause = rhythm.pause_after(1.2, now + pause, CHEAP);
        assert_eq!(pause, LOOK_CLOSELY_EVERY);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn pauses_stay_within_bounds(looks: Vec<(f64, u16, u16)>) {
            let (mut rhythm, mut now) = (Rhythm::new(), Instant::now());
            for (fullness, step, cost) in looks {
                now += Duration::from_micros(step.into());
                let cost = Duration::from_micros(cost.into());
                let pause = rhythm.pause_after(fullness, now, cost);
                prop_assert!(pause >= LOOK_CLOSELY_EVERY && pause <= LOOK_AT_LEAST_EVERY);
            }
        }
    }
}
