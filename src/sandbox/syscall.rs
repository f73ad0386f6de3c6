//! The three system calls that safe Rust cannot promise anything about.
//!
//! Everything here runs in a helper process that has exactly one thread, before or after the
//! harness's runtime, never beside it.
#![allow(unsafe_code)]

use std::io;
use std::os::fd::BorrowedFd;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus};

use rustix::io::{Errno, FdFlags, fcntl_getfd, fcntl_setfd};
use rustix::thread::{UnshareFlags, unshare_unsafe};

/// Moves this process into fresh namespaces.
///
/// # Errors
///
/// The kernel's refusal, or `InvalidInput` if `flags` would split the table of open files, which
/// is the one thing that would make this call unsafe.
pub(super) fn unshare(flags: UnshareFlags) -> io::Result<()> {
    if flags.contains(UnshareFlags::FILES) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    // SAFETY: the only hazard of `unshare` is that another thread may lose sight of descriptors
    // when the descriptor table is split; `FILES` was ruled out above.
    Ok(unsafe { unshare_unsafe(flags) }?)
}

/// Does some work in a child process and waits for it; what the work gives is the child's exit
/// code. After [`unshare`] with a process-id namespace the first child is process 1 there.
///
/// The child is a copy of this process. It could as well execute this program anew, but starting a
/// large program takes longer than all else that is to be done for a room within the room, and
/// loses capabilities on the way.
///
/// # Errors
///
/// If there can be no further process.
pub(super) fn run_in_child(
    work: impl Fn() -> u8 + Send + Sync + 'static,
) -> io::Result<ExitStatus> {
    // Named for form's sake: the work never returns, so nothing is executed.
    let mut child = Command::new("/proc/self/exe");
    // SAFETY: the hazard is that a lock may have been held by another thread when the process was
    // copied, and so be held in the copy for ever. This process has one thread, and it holds none.
    unsafe {
        child.pre_exec(move || std::process::exit(work().into()));
    }
    child.status()
}

/// Marks every open descriptor above standard error close-on-exec, so that no program started
/// from here inherits one.
///
/// # Errors
///
/// If the list of open descriptors cannot be read.
pub(super) fn keep_descriptors_from_children() -> io::Result<()> {
    for entry in std::fs::read_dir("/proc/self/fd")? {
        let Some(number) = entry?
            .file_name()
            .to_str()
            .and_then(|name| name.parse::<i32>().ok())
        else {
            continue;
        };
        if number <= 2 {
            continue;
        }
        // SAFETY: the descriptor was open a moment ago and the borrow lives for two calls that
        // only read and set a flag. This process has one thread, so nothing else closes or
        // reuses the number meanwhile; if it is already gone the kernel answers EBADF.
        let descriptor = unsafe { BorrowedFd::borrow_raw(number) };
        match fcntl_getfd(descriptor) {
            Ok(flags) => fcntl_setfd(descriptor, flags | FdFlags::CLOEXEC)?,
            Err(Errno::BADF) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
