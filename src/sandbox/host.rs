//! What this machine offers for isolation, found out by trying.

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::spec::{Exit, Job};
use super::{Direct, Namespaces, Sandbox, SandboxError};

/// Which sandbox to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Isolation, or a refusal where the machine cannot isolate.
    #[default]
    Auto,
    /// Linux namespaces, untried: jobs fail one by one where they do not work.
    Namespaces,
    /// No isolation.
    None,
}

/// The sandbox for a choice. Trying isolation out takes some 30 ms.
///
/// # Errors
///
/// [`SandboxError::Unavailable`] if isolation is wanted and a trial run fails; it says why and
/// what to do.
pub async fn detect(choice: Choice) -> Result<Arc<dyn Sandbox>, SandboxError> {
    match choice {
        Choice::None => Ok(Arc::new(Direct::new())),
        Choice::Namespaces => Ok(Arc::new(Namespaces::new()?)),
        Choice::Auto => {
            let sandbox = Namespaces::new()?;
            try_out(&sandbox, true)
                .await
                .map_err(|reason| SandboxError::Unavailable {
                    reason,
                    advice: advice(),
                })?;
            Ok(Arc::new(sandbox))
        }
    }
}

/// How well a machine is suited for isolating untrusted code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostReport {
    /// The findings, the decisive ones first. Prints one a line.
    pub findings: Vec<Finding>,
}

impl HostReport {
    /// Whether nothing needed is missing.
    pub fn is_suitable(&self) -> bool {
        self.findings
            .iter()
            .all(|finding| finding.state != State::Missing)
    }
}

impl fmt::Display for HostReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            let mark = match finding.state {
                State::Works => "ok",
                State::Missing => "no",
                State::Informational => "--",
            };
            writeln!(f, "{mark}  {}: {}", finding.subject, finding.detail)?;
        }
        Ok(())
    }
}

/// One thing found out about a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at, in a few words.
    pub subject: String,
    /// Whether it is as needed.
    pub state: State,
    /// What was found; if it is missing, also what to do.
    pub detail: String,
}

/// Whether a finding is good news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Needed and there.
    Works,
    /// Needed and not there.
    Missing,
    /// Good to know.
    Informational,
}

/// Examines this machine, with this very program as the sandbox's helper.
pub async fn probe() -> HostReport {
    match Namespaces::new() {
        Ok(sandbox) => probe_with(&sandbox).await,
        Err(error) => HostReport {
            findings: vec![Finding {
                subject: "sandbox".into(),
                state: State::Missing,
                detail: error.to_string(),
            }],
        },
    }
}

/// Examines this machine with the given backend.
pub async fn probe_with(sandbox: &Namespaces) -> HostReport {
    let mut findings = Vec::new();
    for (subject, nested) in [
        ("isolated room", false),
        ("room for untrusted code within", true),
    ] {
        let (state, detail) = match try_out(sandbox, nested).await {
            Ok(took) => (
                State::Works,
                format!("built, used and gone in {} ms", took.as_millis()),
            ),
            Err(reason) => (State::Missing, format!("{reason}. {}", advice())),
        };
        findings.push(Finding {
            subject: subject.into(),
            state,
            detail,
        });
    }
    let facts = [
        (
            "kernel",
            rustix::system::uname()
                .release()
                .to_string_lossy()
                .into_owned(),
        ),
        ("control groups", control_groups()),
        ("Landlock", landlock()),
        ("seccomp", seccomp()),
    ];
    findings.extend(facts.map(|(subject, detail)| Finding {
        subject: subject.into(),
        state: State::Informational,
        detail,
    }));
    HostReport { findings }
}

/// Runs `true` in a room, or in a room within the room. An error is a reason in words.
async fn try_out(sandbox: &Namespaces, nested: bool) -> Result<Duration, String> {
    let mut job = Job::new(["true"]);
    if nested {
        job.argv = vec![super::room::HELPER.to_owned(), "true".to_owned()];
        job.hide_from_untrusted = vec!["/app".to_owned()];
    }
    let started = std::time::Instant::now();
    match sandbox.run(&job).await {
        Ok(finished) if finished.exit == Exit::Code(0) => Ok(started.elapsed()),
        Ok(finished) => Err(format!(
            "a trial run of `true` ended as {:?}: {}",
            finished.exit,
            finished.stderr.text().trim()
        )),
        Err(error) => Err(error.to_string()),
    }
}

/// What most likely stands in the way of namespaces here, and how to remove it.
fn advice() -> String {
    let switches = [
        (
            "kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "AppArmor restricts user namespaces: run `sudo sysctl -w \
             kernel.apparmor_restrict_unprivileged_userns=0`, or give this program an AppArmor \
             profile that allows `userns`.",
        ),
        (
            "kernel/unprivileged_userns_clone",
            "0",
            "User namespaces are switched off for ordinary users: run `sudo sysctl -w \
             kernel.unprivileged_userns_clone=1`.",
        ),
        (
            "user/max_user_namespaces",
            "0",
            "The number of user namespaces is limited to none: run `sudo sysctl -w \
             user.max_user_namespaces=15000`.",
        ),
    ];
    let found = switches.into_iter().find(|(name, blocking, _)| {
        fs::read_to_string(Path::new("/proc/sys").join(name))
            .is_ok_and(|value| value.trim() == *blocking)
    });
    let in_container = ["/.dockerenv", "/run/.containerenv"]
        .iter()
        .any(|p| Path::new(p).exists());
    match found {
        Some((_, _, text)) => text.to_owned(),
        None if in_container => "This is a container: start it with `--security-opt \
             seccomp=unconfined --security-opt apparmor=unconfined --security-opt \
             systempaths=unconfined`."
            .to_owned(),
        None => "No known switch explains it; the kernel needs CONFIG_USER_NS, CONFIG_PID_NS and \
             CONFIG_NET_NS."
            .to_owned(),
    }
}

fn control_groups() -> String {
    let has = |path| Path::new(path).exists();
    let version = if has("/sys/fs/cgroup/cgroup.controllers") {
        "version 2"
    } else if has("/sys/fs/cgroup/memory") {
        "version 1"
    } else {
        "not mounted"
    };
    format!("{version}; not used, a guard process in the room watches memory instead")
}

fn landlock() -> String {
    match fs::read_to_string("/sys/kernel/security/lsm") {
        Ok(modules) if modules.split(',').any(|name| name.trim() == "landlock") => "active",
        Ok(_) => "not active",
        Err(_) => "unknown, the kernel's list of security modules cannot be read",
    }
    .to_owned()
        + "; not used"
}

fn seccomp() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mode = status
        .lines()
        .find_map(|line| line.strip_prefix("Seccomp:"))
        .map(str::trim);
    match mode {
        None => "not built into the kernel",
        Some("0") => "available; this process is not filtered",
        Some(_) => "this process is itself filtered, as in a container",
    }
    .to_owned()
}
