//! The backend without isolation: a directory of the host, limits, and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process_group, prlimit};
use tokio::process::{Child, Command};
use tokio::sync::Notify;

use super::capture::capture;
use super::check::check;
use super::children::exit_of;
use super::collect::collect;
use super::copy::Ground;
use super::spec::{Captured, Exit, Finished, Job, LimitKind, Limits, SeedSource};
use super::watch::process_cpu;
use super::{NAMED_DIRS, Sandbox, SandboxError, UNTRUSTED_ENV};

/// Time between two looks at the processor time used.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long output is still read after the program's end.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Runs jobs on the host itself, with the harness's own rights, in a temporary directory.
///
/// For code one trusts, on machines without namespaces. `/app`, `/tests` and `/logs/verifier` do
/// not exist; the `SEXTANT_*_DIR` variables say where they are instead, and arguments that begin
/// with such a path are translated. The limits on memory, processes and disk are not enforced.
#[derive(Debug, Clone, Default)]
pub struct Direct;

impl Direct {
    /// The backend.
    pub fn new() -> Self {
        Self
    }
}

#[async_trait]
impl Sandbox for Direct {
    fn name(&self) -> &'static str {
        "none"
    }

    async fn run(&self, job: &Job) -> Result<Finished, SandboxError> {
        check(job)?;
        let dir = TempDir::new().map_err(SandboxError::setup("make a temporary directory"))?;
        dir.furnish(job)
            .map_err(SandboxError::setup("furnish the temporary directory"))?;
        let (program, arguments) = match job.argv.as_slice() {
            [program, arguments @ ..] => (dir.translate(program, job), arguments),
            [] => {
                return Err(SandboxError::BadJob {
                    reason: "argv names no program".into(),
                });
            }
        };
        let started = Instant::now();
        let mut child = Command::new(&program)
            .args(
                arguments
                    .iter()
                    .map(|argument| dir.translate(argument, job)),
            )
            .env_clear()
            .envs(dir.environment(job))
            .current_dir(dir.ground.place(&job.workdir))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => SandboxError::ToolMissing {
                    tool: program.clone(),
                    reason: "it is neither a file nor on PATH".into(),
                },
                _ => SandboxError::setup(format!("start {program}"))(error),
            })?;
        let mut group = Group::of(&child);
        group.limit(&job.limits);
        let exceeded = Arc::new(Notify::new());
        let kept = job.limits.output_bytes;
        let (mut stdout, mut stderr) = (Captured::default(), Captured::default());
        let exit = {
            let out = capture(
                child.stdout.take(),
                kept,
                Arc::clone(&exceeded),
                &mut stdout,
            );
            let err = capture(
                child.stderr.take(),
                kept,
                Arc::clone(&exceeded),
                &mut stderr,
            );
            let reading = async { tokio::try_join!(out, err).map(drop) };
            let ending = async {
                let exit = group.wait(&mut child, &job.limits, &exceeded).await;
                group.kill();
                let _ = child.wait().await;
                exit
            };
            read_while(ending, reading).await
        };
        let (exit, cpu) = exit.map_err(SandboxError::setup("wait for the program"))?;
        let wall = started.elapsed();
        let mut collected = BTreeMap::new();
        for wanted in &job.collect {
            let found = collect(&dir.ground.place(&wanted.path), wanted.max_bytes)
                .map_err(SandboxError::setup(format!("collect {}", wanted.path)))?;
            collected.insert(wanted.path.clone(), found);
        }
        let backend = "no isolation, a temporary directory of the host".into();
        let peak_memory_bytes = None;
        Ok(Finished {
            exit,
            stdout,
            stderr,
            collected,
            wall,
            cpu,
            peak_memory_bytes,
            backend,
        })
    }
}

/// Reads output while the program runs and for a moment after: a process that has left the group
/// may hold the pipe open for ever.
async fn read_while<T>(
    ending: impl Future<Output = io::Result<T>>,
    reading: impl Future<Output = io::Result<()>>,
) -> io::Result<T> {
    tokio::pin!(ending, reading);
    tokio::select! {
        read = &mut reading => {
            read?;
            ending.await
        }
        ended = &mut ending => {
            let _ = tokio::time::timeout(LAST_WORDS, reading).await;
            ended
        }
    }
}

/// The program and what it starts without leaving its process group.
struct Group {
    leader: Option<Pid>,
}

impl Group {
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self {
            leader: id.and_then(Pid::from_raw),
        }
    }

    /// Limits the program, a moment after its start; what it starts later inherits the limits.
    fn limit(&self, limits: &Limits) {
        let wanted = [
            (Resource::Cpu, limits.cpu.as_secs().saturating_add(1)),
            (Resource::Data, limits.memory_bytes),
            (Resource::Fsize, limits.file_bytes),
            (Resource::Core, 0),
        ];
        for (resource, value) in wanted {
            let limit = Rlimit {
                current: Some(value),
                maximum: Some(value),
            };
            // It may have ended already, or be limited more tightly by the administrator.
            let _ = prlimit(self.leader, resource, limit);
        }
    }

    /// Waits for the program's end or for a reason to end it. Also says what processor time it
    /// was last seen to have used.
    async fn wait(
        &self,
        child: &mut Child,
        limits: &Limits,
        exceeded: &Notify,
    ) -> io::Result<(Exit, Duration)> {
        let deadline = tokio::time::sleep(limits.wall);
        tokio::pin!(deadline);
        let mut cpu = Duration::ZERO;
        loop {
            let exit = tokio::select! {
                status = child.wait() => exit_of(status?),
                () = &mut deadline => Exit::Limit(LimitKind::Wall),
                () = exceeded.notified() => Exit::Limit(LimitKind::Output),
                () = tokio::time::sleep(LOOK_EVERY) => {
                    cpu = child.id().map_or(cpu, process_cpu).max(cpu);
                    if cpu <= limits.cpu {
                        continue;
                    }
                    Exit::Limit(LimitKind::Cpu)
                }
            };
            return Ok((exit, cpu));
        }
    }

    /// Ends the group, once: later its number may be someone else's.
    fn kill(&mut self) {
        if let Some(leader) = self.leader.take() {
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A temporary directory that stands for the root of a room.
struct TempDir {
    root: PathBuf,
    ground: Ground,
}

impl TempDir {
    fn new() -> io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let base = std::env::temp_dir().canonicalize()?;
        loop {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let root = base.join(format!("sextant-{}-{count}", std::process::id()));
            match fs::DirBuilder::new().mode(0o700).create(&root) {
                Ok(()) => {
                    return Ok(Self {
                        ground: Ground::new(&root, None),
                        root,
                    });
                }
                // Left behind by a process of the same number that was killed.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn furnish(&self, job: &Job) -> io::Result<()> {
        for dir in job
            .writable_dirs
            .iter()
            .chain([&job.workdir, &"/tmp".to_owned()])
        {
            self.ground.make_dir(dir)?;
        }
        let host = Path::to_path_buf;
        for seed in &job.seeds {
            self.ground
                .plant(&seed.source, &seed.inside, seed.executable, host)?;
        }
        for bind in &job.read_only {
            let source = SeedSource::Host(bind.host.clone());
            self.ground.plant(&source, &bind.inside, false, host)?;
        }
        Ok(())
    }

    /// An argument, moved here if it is a path below a directory that the job brings along.
    fn translate(&self, argument: &str, job: &Job) -> String {
        let brought = job
            .writable_dirs
            .iter()
            .chain(job.seeds.iter().map(|seed| &seed.inside))
            .chain(job.read_only.iter().map(|bind| &bind.inside))
            .chain([&job.workdir]);
        if brought
            .into_iter()
            .any(|dir| Path::new(argument).starts_with(dir))
        {
            self.ground.place(argument).to_string_lossy().into_owned()
        } else {
            argument.to_owned()
        }
    }

    fn environment(&self, job: &Job) -> BTreeMap<String, String> {
        let place = |inside: &str| self.ground.place(inside).to_string_lossy().into_owned();
        let tool_dirs = job.tools.iter().filter_map(|tool| tool.path_dir.clone());
        let path: Vec<String> = tool_dirs.chain(std::env::var("PATH")).collect();
        let mut environment = BTreeMap::from([
            ("PATH".to_owned(), path.join(":")),
            ("HOME".to_owned(), place("/tmp")),
            ("TMPDIR".to_owned(), place("/tmp")),
            ("LANG".to_owned(), "C.UTF-8".to_owned()),
            (UNTRUSTED_ENV.to_owned(), String::new()),
        ]);
        environment.extend(NAMED_DIRS.map(|(name, dir)| (name.to_owned(), place(dir))));
        environment.extend(job.env.clone());
        environment
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        // What cannot be removed, because the job took away its own rights, is only litter.
        let _ = fs::remove_dir_all(&self.root);
    }
}
