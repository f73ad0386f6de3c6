//! What the helper processes may do, and what those they start may not.

use std::io;

use rustix::process::{DumpableBehavior, Signal};
use rustix::thread::{CapabilitySet, CapabilitySets};

use super::wire::{Step, StepError};

/// The user and group id that code runs under inside a room.
pub(super) const INNER_ID: u32 = 1000;

/// Highest capability number tried; the kernel says where its own list ends.
const CAPABILITY_NUMBERS: std::ops::Range<u32> = 0..63;

/// Sees to it that programs started from here hold no capability and can never gain one, while
/// this process keeps its own.
pub(super) fn leave_children_powerless() -> Result<(), StepError> {
    rustix::thread::set_no_new_privs(true).step(|| "set no_new_privs")?;
    rustix::thread::clear_ambient_capability_set().step(|| "clear ambient capabilities")?;
    for capability in single_capabilities() {
        match rustix::thread::remove_capability_from_bounding_set(capability) {
            Ok(()) => {}
            Err(rustix::io::Errno::INVAL) => break,
            Err(error) => return Err(error).step(|| "empty the capability bounding set"),
        }
    }
    let held = rustix::thread::capabilities(None).step(|| "read capabilities")?;
    let sets = CapabilitySets {
        inheritable: CapabilitySet::empty(),
        ..held
    };
    rustix::thread::set_capabilities(None, sets).step(|| "drop inheritable capabilities")
}

/// Keeps other processes of the same user from tracing this one or looking at its memory,
/// descriptors and program file through `/proc`.
pub(super) fn hide_own_process() -> Result<(), StepError> {
    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)
        .step(|| "hide the guard process")
}

/// Ends this process when the one that started it ends.
pub(super) fn die_with_parent() -> Result<(), StepError> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))
        .step(|| "ask to end with the parent process")
}

/// Maps `INNER_ID` to this process's own user and group, which needs no privilege.
///
/// `outer_user` and `outer_group` are the ids before the namespace was entered.
pub(super) fn map_own_ids(outer_user: u32, outer_group: u32) -> io::Result<()> {
    // An unprivileged process must first give up setgroups, or it could shed a group that
    // denies it something.
    std::fs::write("/proc/self/setgroups", "deny")?;
    std::fs::write("/proc/self/uid_map", format!("{INNER_ID} {outer_user} 1"))?;
    std::fs::write("/proc/self/gid_map", format!("{INNER_ID} {outer_group} 1"))
}

fn single_capabilities() -> impl Iterator<Item = CapabilitySet> {
    CAPABILITY_NUMBERS.map(|number| CapabilitySet::from_bits_retain(1 << number))
}
