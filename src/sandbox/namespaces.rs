//! The backend that isolates with Linux namespaces, seen from the harness.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::process::{Child, Command};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::capture::capture;
use super::check::check;
use super::privileges::INNER_ID;
use super::spec::{Captured, Exit, Finished, Job, LimitKind, SeedSource};
use super::wire::{self, Message, Order};
use super::{
    MAPPED_BY_HARNESS, NAMED_DIRS, OUTPUT_EXCEEDED, STAGE, Sandbox, SandboxError, UNTRUSTED_ENV,
    room,
};

/// The host's user and group that code runs as when the harness is root: `nobody`, by convention.
const OUTER_NOBODY: u32 = 65534;
/// Time for the room to be built.
const SETUP_TIME: Duration = Duration::from_secs(60);
/// Time beyond the wall limit after which the harness no longer relies on the guard.
const GRACE: Duration = Duration::from_secs(10);
/// Directories of programs in a room, in the order they are searched.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";
/// How much of the helper's own complaints is worth keeping in an error, in bytes.
const SAID_BYTES: usize = 500;

/// Runs jobs in fresh Linux namespaces. Works for root and for ordinary users.
#[derive(Debug, Clone)]
pub struct Namespaces {
    program: PathBuf,
    helper: PathBuf,
    maps_ids: bool,
}

impl Namespaces {
    /// The backend, with this very program as its helper.
    ///
    /// Whether the machine allows it is found out by [`super::probe`], or by running a job.
    ///
    /// # Errors
    ///
    /// [`SandboxError::Setup`] if the path of this program cannot be found out.
    pub fn new() -> Result<Self, SandboxError> {
        let helper = std::env::current_exe().map_err(SandboxError::setup("find this program"))?;
        // What runs is reachable under this name even after its file was replaced.
        Ok(Self {
            program: "/proc/self/exe".into(),
            ..Self::with_helper(helper)
        })
    }

    /// The backend with another program as its helper, one whose `main` begins with
    /// [`super::helper_main`].
    pub fn with_helper(helper: impl Into<PathBuf>) -> Self {
        let helper = helper.into();
        Self {
            program: helper.clone(),
            helper,
            maps_ids: may_map_ids(),
        }
    }

    fn start_stage(&self) -> io::Result<(Child, UnixStream)> {
        let (ours, theirs) = StdUnixStream::pair()?;
        ours.set_nonblocking(true)?;
        let mut command = Command::new(&self.program);
        command
            .arg0("sextant")
            .arg(STAGE)
            .env_clear()
            .current_dir("/")
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Ctrl-C in the terminal is for the harness, which then drains or aborts.
            .process_group(0)
            .kill_on_drop(true);
        if self.maps_ids {
            command.arg(MAPPED_BY_HARNESS);
        }
        Ok((command.spawn()?, UnixStream::from_std(ours)?))
    }

    /// The job as the guard is to see it: checked, host paths without links, environment whole.
    fn prepare(&self, job: &Job) -> Result<Order, SandboxError> {
        check(job)?;
        let mut job = job.clone();
        let resolve = |path: &mut PathBuf| -> Result<(), SandboxError> {
            *path = fs::canonicalize(&*path)
                .map_err(SandboxError::setup(format!("find {}", path.display())))?;
            Ok(())
        };
        for seed in &mut job.seeds {
            if let SeedSource::Host(path) = &mut seed.source {
                resolve(path)?;
            }
        }
        job.read_only
            .iter_mut()
            .try_for_each(|bind| resolve(&mut bind.host))?;
        job.tools
            .iter_mut()
            .try_for_each(|tool| resolve(&mut tool.host))?;

        let tool_dirs = job.tools.iter().filter_map(|tool| tool.path_dir.as_deref());
        let path: Vec<&str> = tool_dirs.chain([PATH]).collect();
        let helper = if job.hide_from_untrusted.is_empty() {
            ""
        } else {
            room::HELPER
        };
        let defaults = [
            ("PATH", path.join(":")),
            ("HOME", "/tmp".to_owned()),
            ("TMPDIR", "/tmp".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            (UNTRUSTED_ENV, helper.to_owned()),
        ];
        let dirs = NAMED_DIRS.map(|(name, dir)| (name, dir.to_owned()));
        for (name, value) in defaults.into_iter().chain(dirs) {
            job.env.entry(name.to_owned()).or_insert(value);
        }
        Ok(Order {
            job,
            program: self.helper.clone(),
        })
    }
}

#[async_trait]
impl Sandbox for Namespaces {
    fn name(&self) -> &'static str {
        "namespaces"
    }

    async fn run(&self, job: &Job) -> Result<Finished, SandboxError> {
        let order = self.prepare(job)?;
        let order = wire::encode(&order).map_err(|error| SandboxError::BadJob {
            reason: format!("it cannot be written down: {error}"),
        })?;
        let (mut child, control) = self
            .start_stage()
            .map_err(SandboxError::setup("start the helper process"))?;
        let exceeded = Arc::new(Notify::new());
        let limit = job.limits.output_bytes;
        let (mut stdout, mut stderr) = (Captured::default(), Captured::default());
        let read_stdout = capture(
            child.stdout.take(),
            limit,
            Arc::clone(&exceeded),
            &mut stdout,
        );
        let read_stderr = capture(
            child.stderr.take(),
            limit,
            Arc::clone(&exceeded),
            &mut stderr,
        );
        let talk = async {
            let stage = child.id();
            let talk = Talk {
                control,
                exceeded,
                stage,
                maps_ids: self.maps_ids,
            };
            let heard = talk.hold(&order, job.limits.wall).await;
            // With the report in, or none to be expected, nothing may stay behind. After a
            // report the guard is leaving by itself; killing its parent then hurts nobody.
            if !matches!(heard, Heard::Message(_)) {
                let _ = child.start_kill();
            }
            let status = match timeout(GRACE, child.wait()).await {
                Ok(status) => status,
                Err(_) => {
                    let _ = child.start_kill();
                    child.wait().await
                }
            };
            (heard, status)
        };
        let ((heard, status), out, err) = tokio::join!(talk, read_stdout, read_stderr);
        out.and(err)
            .map_err(SandboxError::setup("read the program's output"))?;
        let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
        self.conclude(heard, stdout, stderr, job, status)
    }
}

impl Namespaces {
    fn conclude(
        &self,
        heard: Heard,
        stdout: Captured,
        stderr: Captured,
        job: &Job,
        status: String,
    ) -> Result<Finished, SandboxError> {
        let backend = self.describe();
        match heard {
            Heard::Message(Message::Ended(account)) => Ok(Finished {
                exit: account.exit,
                stdout,
                stderr,
                collected: account.collected,
                wall: account.wall,
                cpu: account.cpu,
                peak_memory_bytes: account.peak_memory_bytes,
                backend,
            }),
            Heard::Message(Message::Failed(error)) => Err(SandboxError::Setup {
                step: error.step,
                reason: error.reason,
            }),
            Heard::Message(Message::NotFound { program, path }) => Err(SandboxError::ToolMissing {
                tool: program,
                reason: format!("it is in none of the room's directories {path}"),
            }),
            // The guard did not come back from a job that had started: the job has hindered it.
            Heard::Late { started: true } => Ok(Finished {
                exit: Exit::Limit(LimitKind::Wall),
                stdout,
                stderr,
                collected: Default::default(),
                wall: job.limits.wall + GRACE,
                cpu: Duration::ZERO,
                peak_memory_bytes: None,
                backend,
            }),
            Heard::Late { started: false } => Err(SandboxError::Setup {
                step: "build the room".into(),
                reason: format!("not done after {} seconds", SETUP_TIME.as_secs()),
            }),
            Heard::Message(_) | Heard::Nothing => {
                let text = stderr.text();
                let start = text.ceil_char_boundary(text.len().saturating_sub(SAID_BYTES));
                let said = text.get(start..).unwrap_or_default().trim().to_owned();
                Err(SandboxError::HelperDied { status, said })
            }
            Heard::Refused { step, error } => Err(SandboxError::Setup {
                step,
                reason: error.to_string(),
            }),
        }
    }

    fn describe(&self) -> String {
        let user = if self.maps_ids {
            "user nobody"
        } else {
            "the harness's own user"
        };
        format!("Linux namespaces as {user}, resource limits, watched by a guard process")
    }
}

/// What came of talking to the guard.
enum Heard {
    /// Its last word.
    Message(Message),
    /// It went away without one.
    Nothing,
    /// It did not answer in time.
    Late { started: bool },
    /// Something that the harness had to do for it failed.
    Refused { step: String, error: io::Error },
}

/// A conversation with a stage and the guard it starts.
struct Talk {
    control: UnixStream,
    exceeded: Arc<Notify>,
    stage: Option<u32>,
    maps_ids: bool,
}

impl Talk {
    async fn hold(mut self, order: &[u8], wall: Duration) -> Heard {
        match timeout(SETUP_TIME, self.until_started(order)).await {
            Ok(None) => {}
            Ok(Some(heard)) => return heard,
            Err(_) => return Heard::Late { started: false },
        }
        let (mut from, mut to) = self.control.split();
        let exceeded = self.exceeded;
        let stop_on_excess = async {
            exceeded.notified().await;
            // If the guard is already gone there is nothing left to stop.
            let _ = to.write_all(&[OUTPUT_EXCEEDED]).await;
            std::future::pending::<()>().await;
        };
        tokio::select! {
            message = receive(&mut from) => message.map_or(Heard::Nothing, Heard::Message),
            () = sleep(wall + GRACE) => Heard::Late { started: true },
            () = stop_on_excess => Heard::Nothing,
        }
    }

    /// Gives the stage and the guard what they need. Returns what was heard if it was not that
    /// the program has started.
    async fn until_started(&mut self, order: &[u8]) -> Option<Heard> {
        if !self.maps_ids && self.control.write_all(order).await.is_err() {
            return Some(self.last_word().await);
        }
        loop {
            match receive(&mut self.control).await {
                Ok(Message::MapMe) => {
                    if let Err(error) = map_ids(self.stage) {
                        return Some(Heard::Refused {
                            step: "map user ids".into(),
                            error,
                        });
                    }
                    let go = self.control.write_all(&[0]).await;
                    if go.is_err() || self.control.write_all(order).await.is_err() {
                        return Some(self.last_word().await);
                    }
                }
                Ok(Message::Started) => return None,
                Ok(message) => return Some(Heard::Message(message)),
                Err(_) => return Some(Heard::Nothing),
            }
        }
    }

    /// The stage closed the socket early; it may have said why.
    async fn last_word(&mut self) -> Heard {
        receive(&mut self.control)
            .await
            .map_or(Heard::Nothing, Heard::Message)
    }
}

async fn receive(from: &mut (impl AsyncReadExt + Unpin)) -> io::Result<Message> {
    let mut head = [0; 8];
    from.read_exact(&mut head).await?;
    let mut body = vec![0; wire::body_length(head)?];
    from.read_exact(&mut body).await?;
    Ok(serde_json::from_slice(&body)?)
}

/// Whether this process may give a room a user of its own: root, where `nobody` exists.
///
/// Without that the room's user is the harness's own user, without any capability.
fn may_map_ids() -> bool {
    let has_nobody = |map: &str| {
        fs::read_to_string(map).is_ok_and(|text| {
            text.lines().any(|line| {
                let numbers: Vec<u64> = line
                    .split_ascii_whitespace()
                    .filter_map(|n| n.parse().ok())
                    .collect();
                matches!(numbers[..], [first, _, count]
                    if (first..first.saturating_add(count)).contains(&u64::from(OUTER_NOBODY)))
            })
        })
    };
    rustix::process::geteuid().is_root()
        && has_nobody("/proc/self/uid_map")
        && has_nobody("/proc/self/gid_map")
}

/// Gives a stage two users: 0, who builds the room, and the one that code runs as.
fn map_ids(stage: Option<u32>) -> io::Result<()> {
    let stage = stage.ok_or_else(|| io::Error::other("the helper process has ended"))?;
    let map = format!("0 0 1\n{INNER_ID} {OUTER_NOBODY} 1\n");
    fs::write(format!("/proc/{stage}/uid_map"), &map)?;
    fs::write(format!("/proc/{stage}/gid_map"), &map)
}
