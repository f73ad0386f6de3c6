//! What process 1 of a room owes its children: to wait for them, and to end them.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitOptions, kill_process_group, wait};

use super::spec::Exit;

/// A child's number as the kernel's calls want it.
pub(super) fn child_pid(id: u32) -> io::Result<Pid> {
    let id = i32::try_from(id).map_err(io::Error::other)?;
    Pid::from_raw(id).ok_or_else(|| io::Error::other("the program has no process id"))
}

/// Reaps every process that has ended, and says how `program` ended if it was among them.
pub(super) fn reap(program: Pid) -> io::Result<Option<Exit>> {
    let mut exit = None;
    loop {
        match wait(WaitOptions::NOHANG) {
            Ok(Some((pid, status))) => {
                if pid == program {
                    exit = Some(exit_of(ExitStatus::from_raw(status.as_raw())));
                }
            }
            Ok(None) | Err(Errno::CHILD) => return Ok(exit),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// How a process ended, by its own doing.
pub(super) fn exit_of(status: ExitStatus) -> Exit {
    match (status.code(), status.signal()) {
        (Some(code), _) => Exit::Code(code),
        (None, Some(signal)) => Exit::Signal(signal),
        (None, None) => Exit::Code(-1),
    }
}

/// Ends every process of the room but this one, and waits until they are gone.
pub(super) fn end_everything() -> io::Result<()> {
    loop {
        // Addressed to the group of process 1, the signal goes to everyone but process 1.
        match kill_process_group(Pid::INIT, Signal::KILL) {
            Ok(()) | Err(Errno::SRCH) => {}
            Err(error) => return Err(error.into()),
        }
        // All of them become children of process 1, at the latest when their parents end.
        match wait(WaitOptions::empty()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(Errno::CHILD) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}
