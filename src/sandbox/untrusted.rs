//! `$SEXTANT_UNTRUSTED`: a room within the room, for code that must not see how it is judged.
//!
//! A task's test script runs in the room with the hidden tests and a place for its verdict. The
//! code it tests would, as the same user, be able to read the one and write the other. Started
//! through this helper it finds those paths covered, cannot see or signal any process but its
//! own, and is ended whole when its first process ends.
//!
//! The inner room has limits of its own, somewhat tighter than the job's, and its own guard to
//! keep them: code that goes over one is ended and its judge lives on to say so. They hold for
//! each inner room; several at once can together still reach the job's limits, which then end the
//! whole job. On kernels before 5.14 the limit on processes is only sampled, not enforced.
//!
//! The helper ends with the program's exit code, 128 and the number of the signal that ended it,
//! 137 (as for `SIGKILL`) if it was stopped at a limit, 127 or 126 if it is not there or will not
//! run, and 125 if the helper itself failed.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::mount::{MountPropagationFlags, mount_change};
use rustix::process::{getegid, geteuid};
use rustix::thread::UnshareFlags;
use serde::{Deserialize, Serialize};

use super::oversee::{Overseen, oversee};
use super::spec::{Exit, Job, LimitKind, Limits};
use super::wire::{Step, StepError};
use super::{UNTRUSTED_ENV, children, privileges, restraint, room, syscall};

/// The exit code that says that the helper itself failed, as with `env(1)` and `timeout(1)`.
const HELPER_FAILED: u8 = 125;
/// The exit code that says that the program was stopped at a limit: 128 and the number of
/// `SIGKILL`, which is how it was stopped.
const STOPPED: u8 = 137;
/// Memory that the limits leave to the judge, at least, if that is not over half of the job's.
const JUDGE_BYTES: u64 = 64 << 20;
/// Processes of the inner room that are not the program's: the helper and the guard.
const OWN_PROCESSES: u64 = 2;
/// Processes that the kernel allows beyond the limit, so that the guard can see it exceeded.
const PROCESSES_OVER: u64 = 2;

/// What every inner room of a job needs to know.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct InnerOrder {
    /// Paths to cover.
    hidden: Vec<String>,
    /// How much each inner room may use.
    limits: Limits,
}

impl InnerOrder {
    /// What a job asks of its inner rooms.
    pub(super) fn of(job: &Job) -> Self {
        Self {
            hidden: job.hide_from_untrusted.clone(),
            limits: within(&job.limits),
        }
    }
}

/// Limits that leave the judge a quarter of the memory, the processes and the processor time, so
/// that untrusted code reaches them before the job reaches its own.
///
/// The program's time on the clock is the judge's business, as is its output. Files are bounded by
/// the room's file systems, of which the judge has one for itself.
fn within(job: &Limits) -> Limits {
    let for_judge = (job.memory_bytes / 4).max(JUDGE_BYTES.min(job.memory_bytes / 2));
    Limits {
        cpu: job.cpu / 4 * 3,
        memory_bytes: job.memory_bytes - for_judge,
        processes: (job.processes - job.processes / 4).max(1),
        ..job.clone()
    }
}

/// The helper as the test script calls it: enters new namespaces and starts process 1 there.
pub(super) fn main(arguments: &[OsString]) -> ExitCode {
    if arguments.is_empty() {
        say("usage: $SEXTANT_UNTRUSTED PROGRAM [ARGUMENT]...");
        return ExitCode::from(HELPER_FAILED);
    }
    let fault = OpenOptions::new().append(true).open(room::FAULT).ok();
    ExitCode::from(report(enter(arguments), fault))
}

/// Process 1 of the inner room.
fn guard(arguments: &[OsString]) -> u8 {
    let fault = OpenOptions::new().append(true).open(room::FAULT).ok();
    report(cover_and_run(arguments), fault)
}

/// A failure to isolate is the harness's fault: it is noted where the room's guard looks for it,
/// so that no verdict of the script is believed. The note's file is out of untrusted reach.
fn report(result: Result<u8, StepError>, fault: Option<File>) -> u8 {
    result.unwrap_or_else(|error| {
        let text = format!("{}: {}", error.step, error.reason);
        say(&format!("sextant: untrusted code was not run: {text}"));
        if let Some(mut fault) = fault {
            let _ = writeln!(fault, "{text}");
        }
        HELPER_FAILED
    })
}

fn enter(arguments: &[OsString]) -> Result<u8, StepError> {
    let (user, group) = (geteuid().as_raw(), getegid().as_raw());
    // The network stays that of the room, which has none outside, so that a script can talk to a
    // server under test.
    syscall::unshare(
        UnshareFlags::NEWUSER
            | UnshareFlags::NEWNS
            | UnshareFlags::NEWPID
            | UnshareFlags::NEWIPC
            | UnshareFlags::NEWUTS
            | UnshareFlags::NEWCGROUP,
    )
    .step(|| "enter new namespaces")?;
    privileges::map_own_ids(user, group).step(|| "map user ids")?;
    syscall::keep_descriptors_from_children().step(|| "close inherited files")?;
    let arguments = arguments.to_vec();
    let status =
        syscall::run_in_child(move || guard(&arguments)).step(|| "start the inner guard")?;
    Ok(code_of(children::exit_of(status)))
}

fn cover_and_run(arguments: &[OsString]) -> Result<u8, StepError> {
    privileges::die_with_parent()?;
    let private = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
    mount_change("/", private).step(|| "make mounts private")?;
    let order = std::fs::read(room::INNER_ORDER).step(|| "read the inner room's order")?;
    let InnerOrder { hidden, limits } =
        serde_json::from_slice(&order).step(|| "read the inner room's order")?;
    for path in hidden.iter().map(String::as_str).chain([room::HELPER_DIR]) {
        room::cover(path).step(|| format!("cover {path}"))?;
    }
    room::mount_proc().step(|| "mount a fresh /proc")?;
    // The working directory was looked up before the covers lay on it; look again.
    let here = std::env::current_dir().unwrap_or_else(|_| "/".into());
    std::env::set_current_dir(here)
        .or_else(|_| std::env::set_current_dir("/"))
        .step(|| "enter the working directory")?;
    restraint::restrain_kernel(&limits, false);
    let processes = u64::from(limits.processes) + OWN_PROCESSES + PROCESSES_OVER;
    restraint::set_limits(&limits, 0, processes)?;
    privileges::leave_children_powerless()?;
    privileges::hide_own_process()?;

    let (Some(program), rest) = (arguments.first(), arguments.get(1..).unwrap_or_default()) else {
        return Ok(HELPER_FAILED);
    };
    let mut command = Command::new(program);
    command
        .args(rest)
        .env_remove(UNTRUSTED_ENV)
        .process_group(0);
    restraint::set_oom_score(restraint::UNTRUSTED_OOM_SCORE);
    let child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            say(&format!(
                "sextant: cannot start {}: {error}",
                program.display()
            ));
            return Ok(code_of(Overseen::not_started(&error).exit));
        }
    };
    restraint::set_oom_score(restraint::JOB_OOM_SCORE);
    let child = children::child_pid(child.id()).step(|| "watch the program")?;
    let exit = oversee(child, &limits, None, false)?.exit;
    if let Exit::Limit(kind) = exit {
        children::end_everything().step(|| "end all processes")?;
        say_stopped(kind);
    }
    Ok(code_of(exit))
}

/// Tells the judge something, unless nobody is ready to hear it: the program may have filled the
/// pipe, and a judge that waits before it reads would wait for ever.
fn say(line: &str) {
    let stderr = std::io::stderr();
    let mut writable = [PollFd::new(&stderr, PollFlags::OUT)];
    let at_once = Timespec::try_from(Duration::ZERO).ok();
    let polled = poll(&mut writable, at_once.as_ref());
    if polled == Ok(1) && writable[0].revents() == PollFlags::OUT {
        // A pipe that has room takes a line without waiting.
        let _ = stderr.lock().write_all(format!("{line}\n").as_bytes());
    }
}

/// Tells the judge why the program was stopped.
fn say_stopped(kind: LimitKind) {
    let what = match kind {
        LimitKind::Wall => "time",
        LimitKind::Cpu => "processor time",
        LimitKind::Memory => "memory",
        LimitKind::Processes => "processes",
        LimitKind::Output => "output",
    };
    say(&format!("sextant: stopped at its limit on {what}"));
}

/// The shell's convention for a program ended by a signal.
fn code_of(exit: Exit) -> u8 {
    let code = match exit {
        Exit::Code(code) => code,
        Exit::Signal(signal) => 128 + signal,
        Exit::Limit(_) => i32::from(STOPPED),
    };
    u8::try_from(code & 0xff).unwrap_or(HELPER_FAILED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_judge_of_a_common_job_keeps_a_quarter() {
        let inner = within(&Limits::default());
        assert_eq!(inner.memory_bytes, 768 << 20);
        assert_eq!(inner.processes, 96);
        assert_eq!(inner.cpu, Duration::from_secs(45));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn inner_limits_are_tighter(memory_bytes: u64, processes: u32, seconds in 0..10_000_u64) {
            let job = Limits {
                memory_bytes,
                processes,
                cpu: Duration::from_secs(seconds),
                ..Limits::default()
            };
            let inner = within(&job);
            prop_assert!(inner.memory_bytes <= job.memory_bytes);
            prop_assert!(inner.memory_bytes >= job.memory_bytes / 2);
            prop_assert!(inner.processes <= job.processes.max(1));
            prop_assert!(inner.cpu <= job.cpu);
        }
    }
}
