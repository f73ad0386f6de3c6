//! The room where untrusted code runs.
//!
//! A [`Job`] names a program, the files it finds, the files wanted back and its limits. A
//! [`Sandbox`] runs it and gives an account, [`Finished`]. What the program does is never an
//! error; a [`SandboxError`] is always the harness's own failure.
//!
//! On Linux a job gets fresh namespaces: a file system in memory with the machine's programs
//! read-only and nothing else of it, no network, no other processes, no privileges. Three
//! processes stand between the harness and the program:
//!
//! ```text
//! harness ─► stage: enters namespaces ─► guard, process 1: builds the room ─► program
//! ```
//!
//! The harness has many threads and so cannot fork; it starts its own program file anew under a
//! hidden first argument, which [`helper_main`] acts on. The guard enforces the limits and reports
//! over a socket that the program never holds. When the guard ends, for whatever reason, the
//! kernel ends everything in the room.
//!
//! A test script that judges untrusted code runs that code as `$SEXTANT_UNTRUSTED PROGRAM ...`: in
//! a room within the room, where the hidden tests and the verdict's place are covered, under limits
//! of its own and tighter, so that a program that goes over one does not take its judge along. The
//! verdict's place is a file system of its own; what the program writes to its standard output
//! should be cut, as by `head -c`, before it is stored there. Both share
//! `/app`, `/tmp` and the room's network, which leads nowhere. The script must therefore believe
//! nothing it finds there: importing a file from `/app` outside the helper hands the verdict over.

mod capture;
mod check;
mod children;
mod collect;
mod copy;
mod direct;
mod error;
mod host;
mod init;
mod loopback;
mod mountinfo;
mod namespaces;
mod oversee;
mod privileges;
mod restraint;
mod room;
mod spec;
mod stage;
mod syscall;
mod tools;
mod untrusted;
mod watch;
mod wire;

use std::path::Path;
use std::process::ExitCode;

use async_trait::async_trait;

pub use direct::Direct;
pub use error::SandboxError;
pub use host::{Choice, Finding, HostReport, State, detect, probe, probe_with};
pub use namespaces::Namespaces;
pub use spec::{
    Bind, Captured, Collect, Collected, Exit, Finished, Job, LimitKind, Limits, Seed, SeedSource,
    ToolMount,
};
pub use tools::{Tool, resolve};

/// Environment variable that holds the command to run untrusted code with: a path of one word, or
/// nothing where there is no isolation or nothing to hide.
pub const UNTRUSTED_ENV: &str = "SEXTANT_UNTRUSTED";
/// Environment variable that holds the solver's directory, `/app` in a room.
pub const APP_DIR_ENV: &str = "SEXTANT_APP_DIR";
/// Environment variable that holds the directory of the hidden tests, `/tests` in a room.
pub const TESTS_DIR_ENV: &str = "SEXTANT_TESTS_DIR";
/// Environment variable that holds the directory for the verdict, `/logs/verifier` in a room.
pub const LOGS_DIR_ENV: &str = "SEXTANT_LOGS_DIR";

/// The directories that the three variables name, as they are in a room.
const NAMED_DIRS: [(&str, &str); 3] = [
    (APP_DIR_ENV, "/app"),
    (TESTS_DIR_ENV, "/tests"),
    (LOGS_DIR_ENV, "/logs/verifier"),
];

/// Hidden first argument: the process that enters namespaces.
const STAGE: &str = "__sandbox";
/// Name under which this program is the untrusted helper.
const UNTRUSTED_NAME: &str = "sextant-untrusted";
/// Tells the stage that the harness, being privileged, maps user ids for it.
const MAPPED_BY_HARNESS: &str = "mapped-by-harness";
/// Order from the harness to the guard: the job writes too much, stop it.
const OUTPUT_EXCEEDED: u8 = b'o';

/// A place to run jobs in.
#[async_trait]
pub trait Sandbox: Send + Sync {
    /// A short name for records: `namespaces` or `none`.
    fn name(&self) -> &str;

    /// Runs a job to its end. Dropping the future ends the job and everything it started.
    ///
    /// # Errors
    ///
    /// Only failures of the harness; see [`SandboxError`].
    async fn run(&self, job: &Job) -> Result<Finished, SandboxError>;
}

/// Does the work of a helper process if this process was started as one.
///
/// `main` must call this before it does anything else, above all before it starts a thread, and
/// return the code it is given. Outside helper processes the answer is `None`.
pub fn helper_main() -> Option<ExitCode> {
    let mut arguments = std::env::args_os();
    let name = arguments.next().unwrap_or_default();
    if Path::new(&name)
        .file_name()
        .is_some_and(|name| name == UNTRUSTED_NAME)
    {
        return Some(untrusted::main(&arguments.collect::<Vec<_>>()));
    }
    let command = arguments.next()?;
    match command.to_str()? {
        STAGE => Some(stage::main(&arguments.collect::<Vec<_>>())),
        _ => None,
    }
}
