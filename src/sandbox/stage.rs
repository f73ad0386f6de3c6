//! The first helper process: steps into fresh namespaces and starts the guard there.
//!
//! A process that unshares its process-id namespace does not move itself, only its children, so
//! the guard has to be a second process: the first of its kind inside, process 1.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process::ExitCode;

use rustix::process::{getegid, geteuid};
use rustix::thread::UnshareFlags;

use super::wire::{self, Message, Step, StepError};
use super::{MAPPED_BY_HARNESS, init, privileges, syscall};

/// Runs the stage; `arguments` are those after the hidden command.
pub(super) fn main(arguments: &[OsString]) -> ExitCode {
    let Ok(mut control) = control_socket() else {
        return ExitCode::FAILURE;
    };
    let mapped_by_harness = arguments
        .iter()
        .any(|argument| argument == MAPPED_BY_HARNESS);
    match enter_and_start_guard(&mut control, mapped_by_harness) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If even this cannot be said, the harness sees the socket close and says so itself.
            let _ = wire::send(&mut control, &Message::Failed(error));
            ExitCode::FAILURE
        }
    }
}

/// The socket to the harness, which is this process's standard input.
///
/// The copy is close-on-exec; standard input itself is passed on to the guard and replaced before
/// anything untrusted starts.
pub(super) fn control_socket() -> io::Result<UnixStream> {
    Ok(UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?))
}

fn enter_and_start_guard(
    control: &mut UnixStream,
    mapped_by_harness: bool,
) -> Result<(), StepError> {
    let (user, group) = (geteuid().as_raw(), getegid().as_raw());
    syscall::unshare(
        UnshareFlags::NEWUSER
            | UnshareFlags::NEWNS
            | UnshareFlags::NEWPID
            | UnshareFlags::NEWNET
            | UnshareFlags::NEWIPC
            | UnshareFlags::NEWUTS
            | UnshareFlags::NEWCGROUP,
    )
    .step(|| "enter new namespaces")?;
    if mapped_by_harness {
        wire::send(control, &Message::MapMe).step(|| "ask for user ids")?;
        control.read_exact(&mut [0]).step(|| "wait for user ids")?;
    } else {
        privileges::map_own_ids(user, group).step(|| "map user ids")?;
    }
    // The guard reports for itself; this process only stays so that it can be killed in its stead.
    syscall::run_in_child(init::main).step(|| "start the guard process")?;
    control.flush().step(|| "end")
}
