//! The full grading of one answer, for each modelling task that comes with the project: wall and
//! CPU time of `sextant grade` on the reference, from process start to verdict, and whether twenty
//! gradings with one thread and with two say the same to the byte.
//!
//! Run with `cargo bench --bench grading`.

#[path = "support/process.rs"]
mod process;
#[path = "support/median.rs"]
mod summary;

use std::error::Error;
use std::path::Path;
use std::process::Command;

use process::Usage;
use sextant::task::{Grading, Registry};
use summary::median;

const ROUNDS: usize = 5;
const GRADINGS: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let tasks = Path::new(env!("CARGO_MANIFEST_DIR")).join("tasks");
    let registry = Registry::open(&tasks)?;
    println!("| reference of | wall s | CPU s | MiB | same bytes |");
    println!("|---|---|---|---|---|");
    for task in registry.tasks() {
        let Grading::Model(system) = &task.grading else {
            continue;
        };
        let answer = system.folder.solution();
        let grade = |threads: usize| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_sextant"));
            command
                .args(["grade", "--json", "--task", task.id.as_str()])
                .args(["--threads", &threads.to_string()])
                .arg("--tasks")
                .arg(&tasks)
                .arg(&answer);
            command
        };
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            rounds.push(process::run(&mut grade(2))?.1);
        }
        let mut same = 0;
        let first = grade(1).output()?;
        for number in 0..GRADINGS {
            let output = grade(1 + number % 2).output()?;
            same += usize::from(output.stdout == first.stdout && output.status.success());
        }
        let Usage {
            wall_seconds,
            cpu_seconds,
            peak_mib,
        } = median(rounds);
        println!(
            "| {} | {wall_seconds:.2} | {cpu_seconds:.2} | {peak_mib:.0} | {same} of {GRADINGS} |",
            task.id
        );
    }
    Ok(())
}
