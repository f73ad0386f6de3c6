//! `sextant tla check` beside TLC, on models of the official examples: wall, CPU and memory, from
//! process start to verdict.
//!
//! Run with
//!
//! ```sh
//! TLA2TOOLS_JAR=tla2tools.jar:CommunityModules.jar TLA_EXAMPLES=Examples/specifications \
//!     cargo bench --bench tla
//! ```
//!
//! `TLA_LIBRARY` may name a folder of modules that neither tool brings, such as those of the proof
//! system, which some examples extend. Both run with two workers, one after the other on every model, `SEXTANT_BENCH_ROUNDS` times
//! (3 when not given); the table shows the medians of wall time. Neither the tools nor the examples
//! are part of this project.

#[path = "support/process.rs"]
mod process;
#[path = "support/median.rs"]
mod summary;

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};

use process::Usage;
use serde_json::Value;
use summary::median;

/// Models without temporal properties that take TLC more than five seconds: module, configuration.
const LARGE: [(&str, &str); 12] = [
    ("Disruptor/Disruptor_MPMC", "Disruptor/Disruptor_MPMC"),
    (
        "TeachingConcurrency/SimpleRegular",
        "TeachingConcurrency/SimpleRegular",
    ),
    (
        "SlidingPuzzles/SlidingPuzzles",
        "SlidingPuzzles/SlidingPuzzles",
    ),
    ("SlushProtocol/Slush", "SlushProtocol/SlushSmall"),
    ("Bakery-Boulangerie/MCBakery", "Bakery-Boulangerie/MCBakery"),
    ("GameOfLife/GameOfLife", "GameOfLife/GameOfLife"),
    (
        "CheckpointCoordination/MCCheckpointCoordination",
        "CheckpointCoordination/MCCheckpointCoordinationFailure",
    ),
    (
        "lamport_mutex/MCLamportMutex",
        "lamport_mutex/MCLamportMutex",
    ),
    ("NanoBlockchain/MCNano", "NanoBlockchain/MCNanoMedium"),
    (
        "MultiPaxos-SMR/MultiPaxos_MC",
        "MultiPaxos-SMR/MultiPaxos_MC_small",
    ),
    ("btree/btree", "btree/btree"),
    ("dag-consensus/TLCSailfish1", "dag-consensus/TLCSailfish1"),
];

/// Models of fewer than 500 states.
const TINY: [(&str, &str); 12] = [
    (
        "CigaretteSmokers/CigaretteSmokers",
        "CigaretteSmokers/CigaretteSmokers",
    ),
    ("Paxos/MCConsensus", "Paxos/MCConsensus"),
    (
        "SpecifyingSystems/AsynchronousInterface/Channel",
        "SpecifyingSystems/AsynchronousInterface/Channel",
    ),
    (
        "SpecifyingSystems/HourClock/HourClock",
        "SpecifyingSystems/HourClock/HourClock",
    ),
    (
        "SpecifyingSystems/TLC/ABCorrectness",
        "SpecifyingSystems/TLC/ABCorrectness",
    ),
    ("TwoPhase/MCTwoPhase", "TwoPhase/MCTwoPhase"),
    ("DieHard/DieHard", "DieHard/DieHard"),
    ("byihive/VoucherLifeCycle", "byihive/VoucherLifeCycle"),
    ("echo/MCEcho", "echo/MCEcho"),
    ("locks_auxiliary_vars/Lock", "locks_auxiliary_vars/Lock"),
    ("transaction_commit/TCommit", "transaction_commit/TCommit"),
    ("transaction_commit/TwoPhase", "transaction_commit/TwoPhase"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let (Ok(class_path), Ok(examples)) = (
        std::env::var("TLA2TOOLS_JAR"),
        std::env::var("TLA_EXAMPLES"),
    ) else {
        println!("left out: set TLA2TOOLS_JAR and TLA_EXAMPLES to compare with TLC");
        return Ok(());
    };
    let rounds = std::env::var("SEXTANT_BENCH_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(3);
    let bench = Bench {
        class_path,
        library: std::env::var("TLA_LIBRARY").ok(),
        examples,
        rounds,
    };
    println!(
        "| model | verdict | distinct | TLC wall s | CPU s | MiB | Sextant wall s | CPU s | MiB | wall ratio | CPU ratio | states/s | states/GiB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    let large = bench.table(&LARGE)?;
    let tiny = bench.table(&TINY)?;
    println!();
    println!("median ratio of wall time, large: {large:.1}, tiny: {tiny:.0}");
    Ok(())
}

struct Bench {
    class_path: String,
    /// Where modules are that neither tool brings.
    library: Option<String>,
    examples: String,
    rounds: usize,
}

impl Bench {
    /// Prints a row a model; the median ratio of wall times.
    fn table(&self, models: &[(&str, &str)]) -> Result<f64, Box<dyn Error>> {
        let mut ratios = Vec::new();
        for (module, config) in models {
            let module = format!("{}/{module}.tla", self.examples);
            let config = format!("{}/{config}.cfg", self.examples);
            let report = report(&module, &config)?;
            let mut tlc = Vec::new();
            let mut ours = Vec::new();
            for _ in 0..self.rounds {
                tlc.push(self.tlc(&module, &config)?);
                ours.push(process::run(&mut sextant(&module, &config))?.1);
            }
            let (tlc, ours) = (median(tlc), median(ours));
            let distinct = report["distinct_states"].as_f64().unwrap_or(0.0);
            let ratio = tlc.wall_seconds / ours.wall_seconds;
            println!(
                "| {} | {} | {distinct} | {:.2} | {:.2} | {:.0} | {:.3} | {:.2} | {:.0} | {ratio:.1} | {:.1} | {:.0} | {:.2e} |",
                Path::new(&config).file_stem().unwrap_or_default().display(),
                report["verdict"].as_str().unwrap_or("?"),
                tlc.wall_seconds,
                tlc.cpu_seconds,
                tlc.peak_mib,
                ours.wall_seconds,
                ours.cpu_seconds,
                ours.peak_mib,
                tlc.cpu_seconds / ours.cpu_seconds.max(0.01),
                distinct / ours.wall_seconds,
                distinct / (ours.peak_mib / 1024.0),
            );
            ratios.push(ratio);
        }
        ratios.sort_by(f64::total_cmp);
        Ok(ratios[ratios.len() / 2])
    }

    fn tlc(&self, module: &str, config: &str) -> Result<Usage, Box<dyn Error>> {
        let scratch =
            std::env::temp_dir().join(format!("sextant-bench-tlc-{}", std::process::id()));
        std::fs::create_dir_all(&scratch)?;
        let mut command = Command::new("java");
        command
            .current_dir(Path::new(module).parent().unwrap_or(Path::new(".")))
            .args(["-XX:+UseParallelGC", "-Xmx4g"])
            .args(
                self.library
                    .iter()
                    .map(|path| format!("-DTLA-Library={path}")),
            )
            .args(["-cp", &self.class_path])
            .args(["tlc2.TLC", "-workers", "2", "-noGenerateSpecTE", "-metadir"])
            .arg(&scratch)
            .args(["-config", config, module]);
        let (status, usage) = process::run(&mut command)?;
        std::fs::remove_dir_all(&scratch)?;
        // 0 and 10 to 13 are verdicts. Anything else would pass for a quick one.
        match status.code() {
            Some(0 | 10..=13) => Ok(usage),
            _ => Err(format!("TLC gave no verdict on {module}: {status}").into()),
        }
    }
}

fn sextant(module: &str, config: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sextant"));
    command.args([
        "tla",
        "check",
        module,
        "--config",
        config,
        "--workers",
        "2",
        "--json",
    ]);
    command
}

fn report(module: &str, config: &str) -> Result<Value, Box<dyn Error>> {
    let output = sextant(module, config).stderr(Stdio::inherit()).output()?;
    Ok(serde_json::from_slice(&output.stdout)?)
}
