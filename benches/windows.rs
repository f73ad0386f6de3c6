//! A thousand windows asked of a graph of ten thousand states: `sextant tla window` as a process, from
//! start to answers, and the part of it that is not exploration.
//!
//! Run with `cargo bench --bench windows`. The specification moves three dials that are seen and one
//! that is not, so that a thousand observations look like ten states each; windows are asked with
//! internal steps around them, half of them possible and half not.

#[path = "support/process.rs"]
mod process;
#[path = "support/median.rs"]
mod summary;

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

const SPEC: &str = r"---- MODULE Dials ----
EXTENDS Naturals
VARIABLES a, b, c, hidden
vars == <<a, b, c, hidden>>
Init == a = 0 /\ b = 0 /\ c = 0 /\ hidden = 0
Next10(n) == (n + 1) % 10
A == a' = Next10(a) /\ UNCHANGED <<b, c, hidden>>
B == hidden # a /\ b' = Next10(b) /\ UNCHANGED <<a, c, hidden>>
C == hidden # b /\ c' = Next10(c) /\ UNCHANGED <<a, b, hidden>>
Turn == hidden' = Next10(hidden) /\ UNCHANGED <<a, b, c>>
Next == A \/ B \/ C \/ Turn
Spec == Init /\ [][Next]_vars
View == [a |-> a, b |-> b, c |-> c]
====
";

const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name);
    fs::write(path("Dials.tla"), SPEC)?;
    fs::write(path("Dials.cfg"), "SPECIFICATION Spec\n")?;
    fs::write(path("one.jsonl"), windows(1)?)?;
    fs::write(path("thousand.jsonl"), windows(1_000)?)?;
    let one = median_seconds(&path("Dials.tla"), &path("one.jsonl"))?;
    let thousand = median_seconds(&path("Dials.tla"), &path("thousand.jsonl"))?;
    println!("10,000 states, windows with internal steps around them; medians of {ROUNDS}:");
    println!("one window, process start and exploration included: {one:.3} s");
    println!("a thousand windows, the same included:              {thousand:.3} s");
    println!(
        "so 999 windows after exploration:                   {:.3} s",
        thousand - one
    );
    Ok(())
}

/// Steps of the three dials that are seen; every second one turns a dial too far.
fn windows(count: u32) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    for number in 0..count {
        let before = [number % 10, number / 10 % 10, number / 100 % 10];
        let turned = number as usize % 3;
        let mut after = before;
        after[turned] = (before[turned] + 1 + number % 2) % 10;
        let record = |[a, b, c]: [u32; 3]| format!(r#"{{"a": {a}, "b": {b}, "c": {c}}}"#);
        let action = ["A", "B", "C"][turned];
        writeln!(
            text,
            r#"{{"before": {}, "action": "{action}", "args": [], "after": {}}}"#,
            record(before),
            record(after)
        )?;
    }
    Ok(text)
}

/// Median wall time of asking the windows in `file`.
fn median_seconds(module: &Path, file: &Path) -> Result<f64, Box<dyn Error>> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sextant"));
        command
            .args(["tla", "window", "--internal"])
            .arg(module)
            .arg(file);
        let (status, usage) = process::run(&mut command)?;
        // 1 says that some windows are not allowed, as is right.
        if !matches!(status.code(), Some(0 | 1)) {
            return Err(format!("no answer on {}: {status}", file.display()).into());
        }
        rounds.push(usage);
    }
    Ok(summary::median(rounds).wall_seconds)
}
