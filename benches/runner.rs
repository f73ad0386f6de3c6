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

#[path = "support/process.rs"]
mod process;

use process::Usage;

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
        let usage = measured(program, &project, url.trim(), epochs)?;
        let rate = attempts / usage.cpu_seconds;
        println!(
            "{attempts:>8}  {:>6.2}  {:>7.2}  {rate:>15.0}  {:>9.1}  {:>16.1}",
            usage.cpu_seconds,
            usage.wall_seconds,
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

/// Runs the suite, measured.
fn measured(
    program: &str,
    project: &Path,
    url: &str,
    epochs: u32,
) -> Result<Usage, Box<dyn std::error::Error>> {
    let mut command = Command::new(program);
    command
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
        .args(["--epochs", &epochs.to_string(), "--concurrency", "50"]);
    let (status, usage) = process::run(&mut command)?;
    if status.success() {
        Ok(usage)
    } else {
        Err(format!("run ended with {status}").into())
    }
}
