//! The guard: process 1 of a room. It builds the room, starts the program, watches it, ends
//! everything, and reports.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::oversee::{Overseen, oversee};
use super::privileges::{self, INNER_ID};
use super::spec::Job;
use super::wire::{self, Account, Message, Order, Step, StepError};
use super::{children, collect, loopback, restraint, room, stage, watch};

/// What collecting a file takes at most for each byte of it: the bytes and their message.
const COLLECTING_FACTOR: u64 = 6;

/// The exit code of a guard that could not report.
const FAILURE: u8 = 1;

/// Runs the guard and gives its exit code.
pub(super) fn main() -> u8 {
    let Ok(mut control) = stage::control_socket() else {
        return FAILURE;
    };
    let message = match guard(&mut control) {
        Ok(message) => message,
        Err(error) => Message::Failed(error),
    };
    // If the harness is gone nobody wants the report, and leaving ends the whole room.
    match wire::send(&mut control, &message) {
        Ok(()) => 0,
        Err(_) => FAILURE,
    }
}

fn guard(control: &mut UnixStream) -> Result<Message, StepError> {
    privileges::die_with_parent()?;
    // A session of its own has no terminal that the job could reach.
    rustix::process::setsid().step(|| "leave the harness's session")?;
    let order: Order = wire::receive(control).step(|| "read the job")?;
    let job = &order.job;
    room::build(&order)?;
    rustix::system::sethostname(b"sandbox").step(|| "name the host")?;
    loopback::bring_up().step(|| "bring up the loopback interface")?;
    let is_inner_root = rustix::process::geteuid().is_root();
    if is_inner_root {
        rustix::thread::set_thread_groups(&[]).step(|| "leave all groups")?;
    }
    let has_inner_rooms = !job.hide_from_untrusted.is_empty();
    restraint::restrain_kernel(&job.limits, has_inner_rooms);
    let path = job.env.get("PATH").map_or_else(String::new, Clone::clone);
    let Some(name) = job.argv.first() else {
        return Err(StepError {
            step: "start the job".into(),
            reason: "no program".into(),
        });
    };
    if !name.contains('/') && !is_on_path(name, &path) {
        return Ok(Message::NotFound {
            program: name.clone(),
            path,
        });
    }
    restraint::set_oom_score(restraint::JOB_OOM_SCORE);
    set_limits(job)?;
    privileges::leave_children_powerless()?;
    privileges::hide_own_process()?;

    wire::send(control, &Message::Started).step(|| "report the start")?;
    let started = Instant::now();
    let mut command = Command::new(name);
    command
        .args(job.argv.iter().skip(1))
        .env_clear()
        .envs(&job.env)
        .current_dir(&job.workdir)
        .stdin(Stdio::null())
        .process_group(0);
    if is_inner_root {
        command.uid(INNER_ID).gid(INNER_ID);
    }
    let mut overseen = match command.spawn() {
        Ok(child) => {
            restraint::set_oom_score(restraint::GUARD_OOM_SCORE);
            let child = children::child_pid(child.id()).step(|| "watch the program")?;
            oversee(child, &job.limits, Some(control), has_inner_rooms)?
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "sextant: cannot start {name}: {error}");
            Overseen::not_started(&error)
        }
    };
    let wall = started.elapsed();
    children::end_everything().step(|| "end all processes")?;
    overseen.cpu = overseen.cpu.max(watch::ended_children_cpu());
    if has_inner_rooms {
        let fault = std::fs::read_to_string(room::FAULT).step(|| "read the helper's fault")?;
        if !fault.is_empty() {
            return Err(StepError {
                step: "isolate untrusted code".into(),
                reason: fault,
            });
        }
    }
    let mut collected = BTreeMap::new();
    for wanted in &job.collect {
        let found = collect::collect(Path::new(&wanted.path), wanted.max_bytes)
            .step(|| format!("collect {}", wanted.path))?;
        collected.insert(wanted.path.clone(), found);
    }
    Ok(Message::Ended(Box::new(Account {
        exit: overseen.exit,
        collected,
        wall,
        cpu: overseen.cpu,
        peak_memory_bytes: overseen.peak_memory_bytes,
    })))
}

/// Whether a program of that name can be executed from a directory of the search path.
fn is_on_path(name: &str, path: &str) -> bool {
    path.split(':').any(|dir| {
        std::fs::metadata(Path::new(dir).join(name))
            .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
    })
}

/// The guard is subject to the limits as well and needs room for what it collects. The kernel's
/// limit on processes leaves the guard time to see that its own was passed.
fn set_limits(job: &Job) -> Result<(), StepError> {
    let collected_bytes = job
        .collect
        .iter()
        .fold(0, |sum: u64, wanted| sum.saturating_add(wanted.max_bytes));
    restraint::set_limits(
        &job.limits,
        collected_bytes.saturating_mul(COLLECTING_FACTOR),
        u64::from(job.limits.processes).saturating_mul(2) + 16,
    )
}
