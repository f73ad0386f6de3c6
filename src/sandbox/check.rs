//! Refuses jobs that no sandbox should try to carry out.

use std::path::{Component, Path};
use std::time::Duration;

use super::spec::Job;
use super::{SandboxError, room};

/// Where a job's files may not go: these show the host or the kernel.
const RESERVED: [&str; 12] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/proc",
    "/dev",
    "/nix",
    "/gnu",
    room::HELPER_DIR,
];
/// The longest wall limit a job may have: a month, far from where sums of durations overflow.
const LONGEST_WALL: Duration = Duration::from_secs(30 * 24 * 3600);
/// The smallest disk limit a job may have: `/etc` and the like must fit, and the kernel takes
/// zero for no limit.
const SMALLEST_DISK_BYTES: u64 = 1 << 20;

/// Refuses jobs whose paths would lead out of the room's own files.
pub(super) fn check(job: &Job) -> Result<(), SandboxError> {
    let bad = |reason: String| Err(SandboxError::BadJob { reason });
    if job.argv.first().is_none_or(String::is_empty) {
        return bad("argv names no program".into());
    }
    let env = job.env.iter().flat_map(|(name, value)| [name, value]);
    if job.argv.iter().chain(env).any(|text| text.contains('\0')) {
        return bad("an argument or environment variable contains a NUL character".into());
    }
    if job
        .env
        .keys()
        .any(|name| name.is_empty() || name.contains('='))
    {
        return bad("an environment variable has no proper name".into());
    }
    if job.limits.wall > LONGEST_WALL {
        return bad(format!(
            "the wall limit is over {} days",
            LONGEST_WALL.as_secs() / 86400
        ));
    }
    if job.limits.disk_bytes < SMALLEST_DISK_BYTES {
        return bad(format!(
            "the disk limit is under {SMALLEST_DISK_BYTES} bytes"
        ));
    }
    for hidden in &job.hide_from_untrusted {
        // Untrusted code could rename what lies on the way to it, and the cover would miss it.
        let below = |dir: &String| hidden != dir && Path::new(hidden).starts_with(dir);
        if ["/tmp".to_owned()]
            .iter()
            .chain(&job.writable_dirs)
            .any(below)
        {
            return bad(format!(
                "{hidden:?} cannot be hidden: it is in a writable directory"
            ));
        }
    }
    let placed = [&job.workdir]
        .into_iter()
        .chain(job.seeds.iter().map(|seed| &seed.inside))
        .chain(job.read_only.iter().map(|bind| &bind.inside))
        .chain(&job.writable_dirs);
    for path in placed {
        let free = path == "/dev/shm"
            || !RESERVED
                .iter()
                .any(|reserved| Path::new(path).starts_with(reserved));
        if !is_plain(path) || !free {
            return bad(format!("{path:?} is not a place for files in the room"));
        }
    }
    let named = job
        .tools
        .iter()
        .map(|tool| &tool.inside)
        .chain(job.collect.iter().map(|wanted| &wanted.path))
        .chain(&job.hide_from_untrusted);
    for path in named {
        if !is_plain(path) {
            return bad(format!("{path:?} is not an absolute path without `..`"));
        }
    }
    Ok(())
}

/// Absolute, more than the root, and without detours.
fn is_plain(path: &str) -> bool {
    let mut components = Path::new(path).components();
    components.next() == Some(Component::RootDir)
        && components.clone().next().is_some()
        && components.all(|component| matches!(component, Component::Normal(_)))
        && !path.contains('\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_would_mean_none_are_refused() {
        let mut job = Job::new(["true"]);
        job.limits.disk_bytes = 0;
        assert!(matches!(check(&job), Err(SandboxError::BadJob { .. })));
        let mut job = Job::new(["true"]);
        job.limits.wall = Duration::MAX;
        assert!(matches!(check(&job), Err(SandboxError::BadJob { .. })));
    }

    #[test]
    fn paths_that_lead_elsewhere_are_refused() {
        for workdir in [
            "",
            "/",
            "app",
            "/app/../usr",
            "/usr/x",
            "/proc",
            "/sextant",
            "/a\0b",
        ] {
            let job = Job {
                workdir: workdir.into(),
                ..Job::new(["true"])
            };
            assert!(
                matches!(check(&job), Err(SandboxError::BadJob { .. })),
                "{workdir:?}"
            );
        }
        let mut job = Job::new(["true"]);
        job.hide_from_untrusted = vec!["/app/hidden".into()];
        assert!(matches!(check(&job), Err(SandboxError::BadJob { .. })));
        assert!(check(&Job::new(["true"])).is_ok());
        assert!(check(&Job::new(Vec::<String>::new())).is_err());
    }
}
