//! Running a process and measuring it from outside.

use std::fs;
use std::io;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What a process took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    /// From start to end.
    pub(crate) wall_seconds: f64,
    /// User and system time of all its threads.
    pub(crate) cpu_seconds: f64,
    /// Largest resident set.
    pub(crate) peak_mib: f64,
}

/// Runs a command without output, and reads its own accounts from `/proc` while it lives: exact to
/// an interval of 2 ms and a tick of 10 ms.
pub(crate) fn run(command: &mut Command) -> io::Result<(ExitStatus, Usage)> {
    let begun = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let process = format!("/proc/{}", child.id());
    let mut usage = Usage::default();
    loop {
        // The last reading before the end is at most one interval old.
        if let Ok(stat) = fs::read_to_string(format!("{process}/stat")) {
            usage.cpu_seconds = cpu_seconds(&stat)
                .unwrap_or(usage.cpu_seconds)
                .max(usage.cpu_seconds);
        }
        if let Ok(status) = fs::read_to_string(format!("{process}/status")) {
            usage.peak_mib = peak_mib(&status).unwrap_or(usage.peak_mib);
        }
        if let Some(status) = child.try_wait()? {
            usage.wall_seconds = begun.elapsed().as_secs_f64();
            return Ok((status, usage));
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// User and system time in `/proc/<pid>/stat`, fields 14 and 15 in ticks of 10 ms.
fn cpu_seconds(stat: &str) -> Option<f64> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |index: usize| fields.get(index)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

fn peak_mib(status: &str) -> Option<f64> {
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}
