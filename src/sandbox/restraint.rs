//! Limits that the kernel keeps by itself, between two looks of a room's guard.

use rustix::process::{Resource, Rlimit, setrlimit};

use super::spec::Limits;
use super::wire::{Step, StepError};

/// The guard's own score, see [`set_oom_score`].
pub(super) const GUARD_OOM_SCORE: &str = "0";
/// The score of a job.
pub(super) const JOB_OOM_SCORE: &str = "900";
/// The score of untrusted code within a job.
pub(super) const UNTRUSTED_OOM_SCORE: &str = "1000";
/// Files that one process may have open.
const OPEN_FILES: u64 = 1024;
/// Kernel from which the limit on processes is counted for each user namespace. Before it, the
/// same user's processes elsewhere count too and the limit would strike at random.
const COUNTED_PER_NAMESPACE_SINCE: (u32, u32) = (5, 14);

/// Closes what the kernel offers beyond a room's needs; with `may_nest`, a room within the room
/// can still be made.
///
/// These only narrow the attack surface or duplicate other limits, and depend on the kernel's
/// version, so a refusal is not a failure.
pub(super) fn restrain_kernel(limits: &Limits, may_nest: bool) {
    if !may_nest {
        let _ = std::fs::write("/proc/sys/user/max_user_namespaces", "0");
    }
    // System V shared memory belongs to no process and would escape the account of memory.
    let pages = (limits.memory_bytes / 4096).to_string();
    let _ = std::fs::write("/proc/sys/kernel/shmall", pages);
}

/// Says how gladly the kernel should end this process and those it will start if the machine runs
/// out of memory: untrusted code first, then the job, its guards last. See `proc_pid_oom_score_adj(5)`.
pub(super) fn set_oom_score(score: &str) {
    let _ = std::fs::write("/proc/self/oom_score_adj", score);
}

/// Sets the limits that hold for each process on its own, this one among them.
///
/// They are wider than the limits on the whole room, so that it is the guard who stops a room and
/// can say why. Processor time has none: it would hold for the guard too, whose looks add up in a
/// long job. `own_bytes` is memory that the guard itself will need; `processes` is how many the
/// kernel allows in the room's user namespace.
pub(super) fn set_limits(limits: &Limits, own_bytes: u64, processes: u64) -> Result<(), StepError> {
    let data = limits
        .memory_bytes
        .saturating_mul(2)
        .saturating_add(64 << 20)
        .saturating_add(own_bytes);
    let mut wanted = vec![
        (Resource::Data, data),
        (Resource::Fsize, limits.file_bytes),
        (Resource::Nofile, OPEN_FILES),
        (Resource::Core, 0),
        (Resource::Msgqueue, 0),
    ];
    if kernel_version() >= COUNTED_PER_NAMESPACE_SINCE {
        wanted.push((Resource::Nproc, processes));
    }
    for (resource, value) in wanted {
        let ceiling = rustix::process::getrlimit(resource)
            .maximum
            .unwrap_or(u64::MAX);
        let value = Some(value.min(ceiling));
        setrlimit(
            resource,
            Rlimit {
                current: value,
                maximum: value,
            },
        )
        .step(|| format!("limit {resource:?}"))?;
    }
    Ok(())
}

fn kernel_version() -> (u32, u32) {
    let uname = rustix::system::uname();
    let release = uname.release().to_string_lossy().into_owned();
    let mut numbers = release
        .split(|c: char| !c.is_ascii_digit())
        .map(|n| n.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}
