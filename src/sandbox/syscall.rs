//! The two system calls that safe Rust cannot promise anything about.
//!
//! Everything here runs in a helper process that has exactly one thread, before or after the
//! harness's runtime, never beside it.
#![allow(unsafe_code)]

use std::io;
use std::os::fd::BorrowedFd;

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
