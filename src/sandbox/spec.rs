//! What is asked of a sandbox and what it answers: plain data, the same for every backend.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// One program to run in a fresh room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Program and arguments. A bare program name is looked up on the room's `PATH`.
    pub argv: Vec<String>,
    /// Where the program starts, an absolute path in the room.
    pub workdir: String,
    /// Environment variables besides those every room has (`PATH`, `HOME`, `LANG`, `TMPDIR` and
    /// the `SEXTANT_*` directories). Nothing of the harness's own environment is passed on.
    pub env: BTreeMap<String, String>,
    /// Files and directories copied into the room before the start; writable.
    pub seeds: Vec<Seed>,
    /// Files and directories copied into the room before the start; read-only.
    pub read_only: Vec<Bind>,
    /// Directories the program may write to. `/tmp` and `/dev/shm` always are.
    pub writable_dirs: Vec<String>,
    /// Files to read after the program has ended.
    pub collect: Vec<Collect>,
    /// Toolchains outside the system directories.
    pub tools: Vec<ToolMount>,
    /// Paths that code started through `$SEXTANT_UNTRUSTED` must not see. Empty means that there
    /// is no such code and that the variable is empty.
    pub hide_from_untrusted: Vec<String>,
    /// How much the whole job may use.
    pub limits: Limits,
}

impl Job {
    /// A job that runs `argv` in `/app`, which is writable, under the default limits.
    pub fn new<A: Into<String>>(argv: impl IntoIterator<Item = A>) -> Self {
        Self {
            argv: argv.into_iter().map(Into::into).collect(),
            workdir: "/app".to_owned(),
            env: BTreeMap::new(),
            seeds: Vec::new(),
            read_only: Vec::new(),
            writable_dirs: vec!["/app".to_owned()],
            collect: Vec::new(),
            tools: Vec::new(),
            hide_from_untrusted: Vec::new(),
            limits: Limits::default(),
        }
    }
}

/// Something copied into the room before the start. Symbolic links are copied as links.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seed {
    /// What to copy.
    pub source: SeedSource,
    /// Where to put it, an absolute path in the room. A directory's contents are merged into it.
    pub inside: String,
    /// Whether a file made from bytes may be executed. Copied files keep their mode.
    pub executable: bool,
}

/// Where a seed's contents come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeedSource {
    /// A file or directory of the host.
    Host(PathBuf),
    /// A file's contents.
    Bytes(#[serde(with = "super::wire::hex")] Vec<u8>),
}

/// A file or directory of the host that appears in the room, read-only.
///
/// It is copied, not mounted, so that the room's unprivileged user can read it whatever its owner
/// and mode on the host. Large trees that everyone may read are better mounted, as [`ToolMount`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bind {
    /// The file or directory on the host.
    pub host: PathBuf,
    /// Its absolute path in the room.
    pub inside: String,
}

/// A directory of the host mounted read-only in the room, for toolchains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolMount {
    /// The directory on the host.
    pub host: PathBuf,
    /// Its absolute path in the room; usually the same, since toolchains remember their paths.
    pub inside: String,
    /// A directory in the room to put in front of `PATH`.
    pub path_dir: Option<String>,
}

/// A file to read from the room after the program has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collect {
    /// Its absolute path in the room.
    pub path: String,
    /// The largest size that is still of interest, in bytes.
    pub max_bytes: u64,
}

/// What became of a file to collect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Collected {
    /// The file's contents.
    File(#[serde(with = "super::wire::hex")] Vec<u8>),
    /// There is nothing at that path.
    Missing,
    /// The file is larger than [`Collect::max_bytes`].
    TooLarge {
        /// Its size in bytes.
        bytes: u64,
    },
    /// The path, or a directory on the way to it, is a symbolic link, device, pipe or directory.
    NotAFile,
}

/// How much a job may use, all its processes together unless it says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Time on the clock.
    pub wall: Duration,
    /// Processor time.
    pub cpu: Duration,
    /// Memory, without what files in the room take (see `disk_bytes`).
    pub memory_bytes: u64,
    /// Size of the room's writable files, which live in memory too.
    pub disk_bytes: u64,
    /// Size of any single file.
    pub file_bytes: u64,
    /// Processes and threads alive at once.
    pub processes: u32,
    /// Bytes kept of each of standard output and standard error. What exceeds this is dropped; a
    /// program that writes more than four times as much is stopped.
    pub output_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wall: Duration::from_secs(60),
            cpu: Duration::from_secs(60),
            memory_bytes: 1 << 30,
            disk_bytes: 256 << 20,
            file_bytes: 128 << 20,
            processes: 128,
            output_bytes: 1 << 20,
        }
    }
}

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// The program ended with this exit code.
    Code(i32),
    /// The program was ended by this signal, not at the harness's wish.
    Signal(i32),
    /// The harness stopped the job because it went over a limit.
    Limit(LimitKind),
}

/// Which limit a job went over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// [`Limits::wall`].
    Wall,
    /// [`Limits::cpu`].
    Cpu,
    /// [`Limits::memory_bytes`].
    Memory,
    /// [`Limits::processes`].
    Processes,
    /// [`Limits::output_bytes`], four times over.
    Output,
}

/// What was kept of an output stream.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captured {
    /// The first bytes, at most [`Limits::output_bytes`].
    pub bytes: Vec<u8>,
    /// Whether there was more.
    pub truncated: bool,
}

impl Captured {
    /// The kept bytes as text, with what is not UTF-8 replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// The account of a job that ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// How it ended.
    pub exit: Exit,
    /// Its standard output.
    pub stdout: Captured,
    /// Its standard error.
    pub stderr: Captured,
    /// The files asked for, by path in the room.
    pub collected: BTreeMap<String, Collected>,
    /// Time on the clock from the program's start to its end, without building the room.
    pub wall: Duration,
    /// Processor time of the program and its descendants, in steps of 10 ms.
    pub cpu: Duration,
    /// The most memory seen in use, in bytes, by sampling; `None` if the job ended before the
    /// first sample or the backend cannot tell.
    pub peak_memory_bytes: Option<u64>,
    /// What isolated the job, in words.
    pub backend: String,
}
