//! `sextant horizon` as a process, from file to table: wall, CPU and memory.
//!
//! - a point fit of 24,000 runs of 23 models, from CSV and from METR's JSONL;
//! - 1,000 replicates on METR's 7,059 runs, which come with the project;
//! - how the cost grows with runs and with models;
//! - one thread against two, and whether they say the same to the byte.
//!
//! Run with `cargo bench --bench horizon`. The runs of the first and third are made up, by a fixed
//! rule; nothing here is a measurement of any model.

#[path = "support/process.rs"]
mod process;
#[path = "support/median.rs"]
mod summary;

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use process::Usage;
use summary::median;

const ROUNDS: usize = 15;
const METR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/results/metr-2025-01");
/// What METR's own command line took for the same 1,000 replicates: see `benches/README.md`.
const METR_CPU_SECONDS: f64 = 147.2;
const REPLICATES_OF_THREADS: &str = "20000";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name);
    println!("| what | wall ms | CPU ms | MiB |");
    println!("|---|---|---|---|");
    let started = rounds(
        &mut || Command::new(env!("CARGO_BIN_EXE_sextant")),
        &["--version"],
    )?;
    show("nothing: `sextant --version`", started);
    let runs = made_up(24_000, 23);
    fs::write(path("runs.csv"), csv(&runs)?)?;
    fs::write(path("runs.jsonl"), jsonl(&runs)?)?;
    for name in ["runs.csv", "runs.jsonl"] {
        let usage = measured(&path(name), "0")?;
        show(
            &format!("24,000 runs of 23 models from {name}, no replicates"),
            usage,
        );
    }
    for (runs, models) in [
        (12_000, 12),
        (24_000, 12),
        (48_000, 12),
        (24_000, 24),
        (24_000, 48),
    ] {
        fs::write(path("grown.csv"), csv(&made_up(runs, models))?)?;
        let usage = measured(&path("grown.csv"), "200")?;
        show(
            &format!("{runs} runs of {models} models, 200 replicates"),
            usage,
        );
    }
    let metr = measured(Path::new(METR), "1000")?;
    show("METR's 7,059 runs of 11 models, 1,000 replicates", metr);
    println!(
        "\nMETR's Python {METR_CPU_SECONDS} CPU s: {:.0} times as much",
        METR_CPU_SECONDS / metr.cpu_seconds
    );
    threads()
}

/// A run: model, task, family, minutes, success.
type Run = (String, String, String, f64, u8);

/// Runs that follow a logistic curve, by a fixed rule (a linear congruential generator).
fn made_up(runs: usize, models: usize) -> Vec<Run> {
    let mut state = 1_u64;
    let mut draw = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 40) as f64 / f64::from(1 << 24)
    };
    (0..runs)
        .map(|run| {
            let model = run % models;
            let task = (draw() * 228.0).floor();
            let minutes = 0.02 * (task / 228.0 * 16.4).exp2();
            let horizon = (model as f64 / models as f64 * 12.0).exp2();
            let chance = 1.0 / (1.0 + (minutes / horizon).powf(0.6));
            let family = task % 79.0;
            (
                format!("Model {model}"),
                format!("fam{family}/task{task}"),
                format!("fam{family}"),
                minutes,
                u8::from(draw() < chance),
            )
        })
        .collect()
}

fn csv(runs: &[Run]) -> Result<String, std::fmt::Error> {
    let mut text = "alias,task_id,task_family,human_minutes,score_binarized\n".to_owned();
    for (model, task, family, minutes, success) in runs {
        writeln!(text, "{model},{task},{family},{minutes},{success}")?;
    }
    Ok(text)
}

/// With all the fields of METR's Time Horizon 1.1.
fn jsonl(runs: &[Run]) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    for (number, (model, task, family, minutes, success)) in runs.iter().enumerate() {
        writeln!(
            text,
            r#"{{"run_id": "server_{number}", "task_id": "{task}", "task_family": "{family}", "task_source": "HCAST", "task_version": "1.0.0", "alias": "{model}", "model": "vendor/{model}", "scaffold": "modular-public", "score_cont": {success}.0, "score_binarized": {success}, "fatal_error_from": null, "human_minutes": {minutes}, "human_score": 1.0, "human_source": "baseline", "human_cost": {minutes}, "generation_cost": 0.12, "tokens_count": 12345, "action_count": 12, "time_limit": null, "started_at": 1730000000000, "completed_at": 1730000100000, "cloned": 0}}"#
        )?;
    }
    Ok(text)
}

/// `sextant horizon` on a file or a run.
fn measured(runs: &Path, replicates: &str) -> Result<Usage, Box<dyn Error>> {
    let mut horizon = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sextant"));
        command.arg("horizon").arg(runs);
        command
    };
    rounds(&mut horizon, &["--replicates", replicates])
}

fn rounds(
    command: &mut dyn FnMut() -> Command,
    arguments: &[&str],
) -> Result<Usage, Box<dyn Error>> {
    let mut all = Vec::new();
    for _ in 0..ROUNDS {
        let (status, usage) = process::run(command().args(arguments))?;
        if !status.success() {
            return Err(format!("sextant {}: {status}", arguments.join(" ")).into());
        }
        all.push(usage);
    }
    Ok(median(all))
}

fn show(what: &str, usage: Usage) {
    println!(
        "| {what} | {:.0} | {:.0} | {:.0} |",
        usage.wall_seconds * 1e3,
        usage.cpu_seconds * 1e3,
        usage.peak_mib
    );
}

/// One thread against two: time, and bytes.
fn threads() -> Result<(), Box<dyn Error>> {
    let with = |threads: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sextant"));
        command
            .args([
                "horizon",
                METR,
                "--json",
                "--replicates",
                REPLICATES_OF_THREADS,
            ])
            .env("RAYON_NUM_THREADS", threads);
        command
    };
    let wall = |threads: &str| -> Result<f64, Box<dyn Error>> {
        let mut all = Vec::new();
        for _ in 0..3 {
            all.push(process::run(&mut with(threads))?.1);
        }
        Ok(median(all).wall_seconds)
    };
    let (one, two) = (wall("1")?, wall("2")?);
    let same = with("1").output()?.stdout == with("2").output()?.stdout;
    println!(
        "{REPLICATES_OF_THREADS} replicates: one thread {one:.2} s, two {two:.2} s, {:.2} times as fast; same bytes: {same}",
        one / two
    );
    Ok(())
}
