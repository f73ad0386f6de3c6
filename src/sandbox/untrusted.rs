//! `$SEXTANT_UNTRUSTED`: a room within the room, for code that must not see how it is judged.
//!
//! A task's test script runs in the room with the hidden tests and a place for its verdict. The
//! code it tests would, as the same user, be able to read the one and write the other. Started
//! through this helper it finds those paths covered, cannot see or signal any process but its
//! own, and is ended whole when its first process ends.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use rustix::mount::{MountPropagationFlags, mount_change};
use rustix::process::{Pid, WaitId, WaitIdOptions, getegid, geteuid, waitid};
use rustix::thread::UnshareFlags;

use super::spec::Exit;
use super::wire::{Step, StepError};
use super::{UNTRUSTED_ENV, UNTRUSTED_GUARD, init, privileges, room, syscall};

/// The exit code that says that the helper itself failed, as with `env(1)` and `timeout(1)`.
const HELPER_FAILED: u8 = 125;

/// The helper as the test script calls it: enters new namespaces and starts process 1 there.
pub(super) fn main(arguments: &[OsString]) -> ExitCode {
    if arguments.is_empty() {
        eprintln!("usage: $SEXTANT_UNTRUSTED PROGRAM [ARGUMENT]...");
        return ExitCode::from(HELPER_FAILED);
    }
    let fault = OpenOptions::new().append(true).open(room::FAULT).ok();
    report(enter(arguments), fault)
}

/// Process 1 of the inner room.
pub(super) fn guard(arguments: &[OsString]) -> ExitCode {
    let fault = OpenOptions::new().append(true).open(room::FAULT).ok();
    report(cover_and_run(arguments), fault)
}

/// A failure to isolate is the harness's fault: it is noted where the room's guard looks for it,
/// so that no verdict of the script is believed. The note's file is out of untrusted reach.
fn report(result: Result<ExitCode, StepError>, fault: Option<File>) -> ExitCode {
    result.unwrap_or_else(|error| {
        let text = format!("{}: {}\n", error.step, error.reason);
        eprint!("sextant: untrusted code was not run: {text}");
        if let Some(mut fault) = fault {
            let _ = fault.write_all(text.as_bytes());
        }
        ExitCode::from(HELPER_FAILED)
    })
}

fn enter(arguments: &[OsString]) -> Result<ExitCode, StepError> {
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
    privileges::keep_capabilities_over_exec()?;
    syscall::keep_descriptors_from_children().step(|| "close inherited files")?;
    let mut guard = Command::new("/proc/self/exe");
    let status = guard
        .arg(UNTRUSTED_GUARD)
        .args(arguments)
        .status()
        .step(|| "start the inner guard")?;
    Ok(code_of(init::exit_of(status)))
}

fn cover_and_run(arguments: &[OsString]) -> Result<ExitCode, StepError> {
    privileges::die_with_parent()?;
    let private = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
    mount_change("/", private).step(|| "make mounts private")?;
    let hidden = std::fs::read(room::HIDDEN).step(|| "read what to hide")?;
    let hidden: Vec<String> = serde_json::from_slice(&hidden).step(|| "read what to hide")?;
    for path in hidden.iter().map(String::as_str).chain([room::HELPER_DIR]) {
        room::cover(path).step(|| format!("cover {path}"))?;
    }
    room::mount_proc().step(|| "mount a fresh /proc")?;
    // The working directory was looked up before the covers lay on it; look again.
    let here = std::env::current_dir().unwrap_or_else(|_| "/".into());
    std::env::set_current_dir(here)
        .or_else(|_| std::env::set_current_dir("/"))
        .step(|| "enter the working directory")?;
    let _ = std::fs::write("/proc/sys/user/max_user_namespaces", "0");
    privileges::leave_children_powerless()?;
    privileges::hide_own_process()?;

    let (Some(program), rest) = (arguments.first(), arguments.get(1..).unwrap_or_default()) else {
        return Ok(ExitCode::from(HELPER_FAILED));
    };
    let child = match Command::new(program)
        .args(rest)
        .env_remove(UNTRUSTED_ENV)
        .process_group(0)
        .spawn()
    {
        Ok(child) => child,
        Err(error) => {
            eprintln!("sextant: cannot start {}: {error}", program.display());
            let missing = error.kind() == std::io::ErrorKind::NotFound;
            return Ok(ExitCode::from(if missing { 127 } else { 126 }));
        }
    };
    let child = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    loop {
        // Wait without taking the status, which `reap` does.
        let _ = waitid(WaitId::All, WaitIdOptions::EXITED | WaitIdOptions::NOWAIT);
        let (any_left, exit) = init::reap(child).step(|| "wait for the program")?;
        if let Some(exit) = exit {
            return Ok(code_of(exit));
        }
        if !any_left {
            return Ok(ExitCode::from(HELPER_FAILED));
        }
    }
}

/// The shell's convention for a program ended by a signal.
fn code_of(exit: Exit) -> ExitCode {
    let code = match exit {
        Exit::Code(code) => code,
        Exit::Signal(signal) => 128 + signal,
        Exit::Limit(_) => i32::from(HELPER_FAILED),
    };
    ExitCode::from(u8::try_from(code & 0xff).unwrap_or(HELPER_FAILED))
}
