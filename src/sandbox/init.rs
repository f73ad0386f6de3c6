//! The guard: process 1 of a room. It builds the room, starts the program, watches it, ends
//! everything, and reports.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{
    Pid, PidfdFlags, Resource, Rlimit, Signal, WaitOptions, kill_process_group, pidfd_open,
    setrlimit, wait,
};

use super::privileges::{self, INNER_ID};
use super::spec::{Exit, Job, LimitKind, Limits};
use super::wire::{self, Account, Message, Order, Step, StepError};
use super::{OUTPUT_EXCEEDED, collect, loopback, room, stage, watch};

/// Longest time between two looks at what the job uses; the first looks come sooner.
const LOOK_EVERY: Duration = Duration::from_millis(25);
/// Every so many looks, memory is counted exactly even if it seems to be within its limit.
const EXACT_LOOK_EVERY: u32 = 16;
/// A look may cost this share of the time between looks, so that a room full of processes does
/// not keep the guard itself busy.
const LOOK_COST_SHARE: u32 = 10;
/// Kernel from which the limit on processes is counted for each user namespace. Before it, the
/// same user's processes elsewhere count too and the limit would strike at random.
const COUNTED_PER_NAMESPACE_SINCE: (u32, u32) = (5, 14);

/// Runs the guard.
pub(super) fn main() -> ExitCode {
    let Ok(mut control) = stage::control_socket() else {
        return ExitCode::FAILURE;
    };
    let message = match guard(&mut control) {
        Ok(message) => message,
        Err(error) => Message::Failed(error),
    };
    // If the harness is gone nobody wants the report, and leaving ends the whole room.
    match wire::send(&mut control, &message) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
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
    restrain_kernel(job);
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
    prefer_children_for_oom(true);
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
    let mut watched = match command.spawn() {
        Ok(child) => {
            prefer_children_for_oom(false);
            let child = child_pid(child.id()).step(|| "watch the program")?;
            watch_until_end(child, &job.limits, control)?
        }
        Err(error) => {
            eprintln!("sextant: cannot start {name}: {error}");
            Watched::not_started(&error)
        }
    };
    let wall = started.elapsed();
    end_everything().step(|| "end all processes")?;
    watched.cpu = watched.cpu.max(watch::ended_children_cpu());
    if !job.hide_from_untrusted.is_empty() {
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
        exit: watched.exit,
        collected,
        wall,
        cpu: watched.cpu,
        peak_memory_bytes: watched.peak_memory_bytes,
    })))
}

/// Whether a program of that name can be executed from a directory of the search path.
fn is_on_path(name: &str, path: &str) -> bool {
    path.split(':').any(|dir| {
        std::fs::metadata(Path::new(dir).join(name))
            .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
    })
}

/// Closes what the kernel offers beyond the job's needs.
///
/// These only narrow the attack surface or duplicate other limits, and depend on the kernel's
/// version, so a refusal is not a failure.
fn restrain_kernel(job: &Job) {
    if job.hide_from_untrusted.is_empty() {
        let _ = std::fs::write("/proc/sys/user/max_user_namespaces", "0");
    }
    // System V shared memory belongs to no process and would escape the account of memory.
    let pages = (job.limits.memory_bytes / 4096).to_string();
    let _ = std::fs::write("/proc/sys/kernel/shmall", pages);
}

/// If the machine runs out of memory, the kernel should end the job and not its guard.
fn prefer_children_for_oom(prefer: bool) {
    let _ = std::fs::write("/proc/self/oom_score_adj", if prefer { "900" } else { "0" });
}

/// Sets the limits that hold for each process on its own. They are wider than the limits on the
/// whole job, so that it is the guard who stops a job and can say why; they hold between looks.
/// Processor time has none: it would hold for the guard too, whose looks add up in a long job.
fn set_limits(job: &Job) -> Result<(), StepError> {
    let limits = &job.limits;
    let collected_bytes = job
        .collect
        .iter()
        .fold(0, |sum: u64, wanted| sum.saturating_add(wanted.max_bytes));
    // The guard is subject to them as well and needs room for what it collects.
    let data = limits
        .memory_bytes
        .saturating_mul(2)
        .saturating_add(64 << 20);
    let data = data.saturating_add(collected_bytes.saturating_mul(6));
    let mut wanted = vec![
        (Resource::Data, data),
        (Resource::Fsize, limits.file_bytes),
        (Resource::Nofile, 1024),
        (Resource::Core, 0),
        (Resource::Msgqueue, 0),
    ];
    if kernel_version() >= COUNTED_PER_NAMESPACE_SINCE {
        wanted.push((
            Resource::Nproc,
            u64::from(limits.processes).saturating_mul(2) + 16,
        ));
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

fn child_pid(id: u32) -> io::Result<Pid> {
    let id = i32::try_from(id).map_err(io::Error::other)?;
    Pid::from_raw(id).ok_or_else(|| io::Error::other("the program has no process id"))
}

/// What the guard knows when the program has ended.
struct Watched {
    exit: Exit,
    cpu: Duration,
    peak_memory_bytes: Option<u64>,
}

impl Watched {
    /// The shell's convention: 127 for a program that is not there, 126 for one that will not run.
    fn not_started(error: &io::Error) -> Self {
        let code = if error.kind() == io::ErrorKind::NotFound {
            127
        } else {
            126
        };
        Self {
            exit: Exit::Code(code),
            cpu: Duration::ZERO,
            peak_memory_bytes: None,
        }
    }

    fn look(&mut self, limits: &Limits, exactly: bool) -> io::Result<Option<LimitKind>> {
        let usage = watch::usage()?;
        let mut memory = usage.memory_bytes;
        if exactly || memory > limits.memory_bytes {
            memory = watch::exact_memory_bytes()?;
        }
        self.cpu = self.cpu.max(usage.cpu + watch::ended_children_cpu());
        self.peak_memory_bytes = self.peak_memory_bytes.max(Some(memory));
        Ok(if usage.tasks > limits.processes {
            Some(LimitKind::Processes)
        } else if memory > limits.memory_bytes {
            Some(LimitKind::Memory)
        } else if self.cpu > limits.cpu {
            Some(LimitKind::Cpu)
        } else {
            None
        })
    }
}

/// Waits for the program while keeping it within its limits.
fn watch_until_end(
    program: Pid,
    limits: &Limits,
    control: &mut UnixStream,
) -> Result<Watched, StepError> {
    let started = Instant::now();
    let ended = pidfd_open(program, PidfdFlags::empty()).ok();
    let mut watched = Watched {
        exit: Exit::Code(0),
        cpu: Duration::ZERO,
        peak_memory_bytes: None,
    };
    let mut pause = Duration::from_millis(2);
    let mut next_look = started + pause;
    for look in 1_u32.. {
        loop {
            let left = limits.wall.saturating_sub(started.elapsed());
            let pause = next_look
                .saturating_duration_since(Instant::now())
                .min(left);
            let order = pause_until(pause, ended.as_ref(), control).step(|| "watch the job")?;
            if let Some(exit) = reap(Some(program)).step(|| "wait for the job")?.1 {
                watched.exit = exit;
                return Ok(watched);
            }
            if order == Some(OUTPUT_EXCEEDED) {
                watched.exit = Exit::Limit(LimitKind::Output);
                return Ok(watched);
            }
            if started.elapsed() >= limits.wall {
                watched.exit = Exit::Limit(LimitKind::Wall);
                return Ok(watched);
            }
            if Instant::now() >= next_look {
                break;
            }
        }
        let before = Instant::now();
        let exactly = look.is_multiple_of(EXACT_LOOK_EVERY);
        if let Some(kind) = watched.look(limits, exactly).step(|| "look at the job")? {
            watched.exit = Exit::Limit(kind);
            return Ok(watched);
        }
        pause = (pause * 2)
            .min(LOOK_EVERY)
            .max(before.elapsed() * LOOK_COST_SHARE);
        next_look = Instant::now() + pause;
    }
    Ok(watched)
}

/// Waits until the program ends, the harness says something, or the time is over.
///
/// Returns what the harness said. If it is gone, so is the reason to go on: an error.
fn pause_until(
    pause: Duration,
    program: Option<&OwnedFd>,
    control: &mut UnixStream,
) -> io::Result<Option<u8>> {
    // Kernels before 5.3 cannot wait for a process and a descriptor at once; look often instead.
    let pause = if program.is_some() {
        pause
    } else {
        pause.min(Duration::from_millis(5))
    };
    let timeout = Timespec::try_from(pause).map_err(io::Error::other)?;
    let said = {
        let mut descriptors = vec![PollFd::from_borrowed_fd(control.as_fd(), PollFlags::IN)];
        descriptors.extend(program.map(|program| PollFd::new(program, PollFlags::IN)));
        match poll(&mut descriptors, Some(&timeout)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        descriptors
            .first()
            .is_some_and(|control| !control.revents().is_empty())
    };
    if !said {
        return Ok(None);
    }
    let mut order = [0];
    control.read_exact(&mut order)?;
    Ok(Some(order[0]))
}

/// Reaps every process that has ended. Says whether there are any children left, and how
/// `program` ended if it was among them.
pub(super) fn reap(program: Option<Pid>) -> io::Result<(bool, Option<Exit>)> {
    let mut exit = None;
    loop {
        match wait(WaitOptions::NOHANG) {
            Ok(Some((pid, status))) => {
                if Some(pid) == program {
                    exit = Some(exit_of(ExitStatus::from_raw(status.as_raw())));
                }
            }
            Ok(None) => return Ok((true, exit)),
            Err(Errno::CHILD) => return Ok((false, exit)),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

pub(super) fn exit_of(status: ExitStatus) -> Exit {
    match (status.code(), status.signal()) {
        (Some(code), _) => Exit::Code(code),
        (None, Some(signal)) => Exit::Signal(signal),
        (None, None) => Exit::Code(-1),
    }
}

/// Ends every process of the room but this one, and waits until they are gone.
fn end_everything() -> io::Result<()> {
    loop {
        // Addressed to the group of process 1, the signal goes to everyone but process 1.
        match kill_process_group(Pid::INIT, Signal::KILL) {
            Ok(()) | Err(Errno::SRCH) => {}
            Err(error) => return Err(error.into()),
        }
        if !reap(None)?.0 {
            return Ok(());
        }
        std::thread::sleep(Duration::from_micros(200));
    }
}
