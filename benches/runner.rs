//! Attempts per CPU second against an instant fake API, and peak memory, at 1,000 and 10,000
//! attempts.
//!
//! Run with `cargo bench --bench runner`. The fake API runs in a process of its own, whose CPU time
//! does not count. The peer, Inspect 0.3.285, takes 21–25 ms of CPU a sample against its own mock
//! model (measured apart, November 2026); the ratio printed is to the lower of the two.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// Inspect's CPU time a sample, in seconds.
const INSPECT_CPU_SECONDS: f64 = 0.021;

const SHEET: &str = r#"
[sheet]
family = "bench"
version = "1.0.0"
description = "Ten small sums"
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let project = std::env::temp_dir().join(format!("sextant-bench-{}", std::process::id()));
    write_project(&project)?;
    let program = env!("CARGO_BIN_EXE_sextant");
    let mut server = Command::new(program)
        .args(["mock-server", "--reply", "ANSWER: 4"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut url = String::new();
    BufReader::new(server.stdout.take().ok_or("no output")?).read_line(&mut url)?;
    println!("attempts   CPU s   wall s   attempts/CPU s   peak MiB   ratio to Inspect");
    for epochs in [100_u32, 1_000] {
        let attempts = f64::from(epochs) * 10.0;
        let begun = std::time::Instant::now();
        let usage = measured(program, &project, url.trim(), epochs)?;
        let rate = attempts / usage.cpu_seconds;
        println!(
            "{attempts:>8}  {:>6.2}  {:>7.2}  {rate:>15.0}  {:>9.1}  {:>16.1}",
            usage.cpu_seconds,
            begun.elapsed().as_secs_f64(),
            usage.peak_mib,
            rate * INSPECT_CPU_SECONDS,
        );
    }
    server.kill()?;
    server.wait()?;
    fs::remove_dir_all(&project)?;
    Ok(())
}

fn write_project(project: &Path) -> std::io::Result<()> {
    let mut sheet = SHEET.to_owned();
    for item in 0..10 {
        sheet.push_str(&format!(
            "[[item]]\nname = \"sum-{item}\"\nquestion = \"2 + 2?\"\nanswer = {{ kind = \"number\", value = 4 }}\n"
        ));
    }
    fs::create_dir_all(project.join("tasks/bench"))?;
    fs::write(project.join("tasks/bench/sheet.toml"), sheet)?;
    fs::write(
        project.join("tasks/suites.toml"),
        "[suite.bench]\ndescription = \"all\"\ninclude = [\"*\"]\n",
    )
}

struct Usage {
    cpu_seconds: f64,
    peak_mib: f64,
}

/// Runs the suite, and reads the process's own accounts from `/proc` while it lives: exact to an
/// interval of 2 ms and a tick of 10 ms.
fn measured(
    program: &str,
    project: &Path,
    url: &str,
    epochs: u32,
) -> Result<Usage, Box<dyn std::error::Error>> {
    let mut child = Command::new(program)
        .current_dir(project)
        .args([
            "run",
            "--suite",
            "bench",
            "--model",
            "local/fake",
            "--base-url",
            url,
        ])
        .args(["--epochs", &epochs.to_string(), "--concurrency", "50"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let process = format!("/proc/{}", child.id());
    let mut usage = Usage {
        cpu_seconds: 0.0,
        peak_mib: 0.0,
    };
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
            return if status.success() {
                Ok(usage)
            } else {
                Err(format!("run ended with {status}").into())
            };
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
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
