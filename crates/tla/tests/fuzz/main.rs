//! Specifications and configurations broken in every way a seed can think of: each must be read,
//! run and reported within its limits, without a panic.
//!
//! `SEXTANT_FUZZ_SECONDS` makes it run for so long, from `SEXTANT_FUZZ_SEED` on; before each case
//! its seed is written to `sextant-fuzz-seed` in the folder for temporary files, because an abort
//! leaves no other trace. `SEXTANT_FUZZ_REPLAY` runs the case of one seed and shows its text.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

mod dictionary;
mod mutate;
mod specs;

use std::fmt::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tla::check::{ConfigText, Exploration, Prepared, prepare, run};
use tla::control::Control;
use tla::diagnostic::{render, to_json};
use tla::eval::model::Options as ModelOptions;
use tla::explore::{Limits, Options, Outcome, Simulation, resident_bytes};
use tla::report;
use tla::resolve::InMemory;

use mutate::Mutator;
use specs::Specs;

/// Cases of an ordinary test run.
const CASES: u64 = 300;

/// Wall time of a run.
const TIME: Duration = Duration::from_millis(500);

/// What a case may take beyond the time of its run, on a machine that is busy.
const SLACK: Duration = Duration::from_secs(5);

/// When a case counts as one that will not end.
const HANG: Duration = Duration::from_secs(60);

/// By how much a run may make the resident memory grow.
const MEMORY: u64 = 256 << 20;

/// By how much a case may exceed that.
const MEMORY_SLACK: u64 = 256 << 20;

/// Most bytes of one report.
const REPORT: usize = 64 << 20;

/// Most bytes of what a run prints.
const PRINTED: usize = 16 << 20;

/// What a seed makes.
struct Case {
    root: String,
    module: String,
    config: String,
    simulate: bool,
    coverage: bool,
}

impl Case {
    fn new(specs: &Specs, seed: u64) -> Case {
        let mut mutator = Mutator::new(ChaCha8Rng::seed_from_u64(seed));
        let spec = mutator.choose(&specs.all);
        let other = mutator.choose(&specs.all);
        let (module, config) = mutator.mutate(spec, other);
        Case {
            root: spec.name.clone(),
            module,
            config,
            simulate: mutator.rng.random_ratio(1, 8),
            coverage: mutator.rng.random_ratio(1, 8),
        }
    }
}

/// Counts characters and keeps none.
struct Length(usize);

impl Write for Length {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

fn length(shown: impl fmt::Display) -> usize {
    let mut length = Length(0);
    write!(length, "{shown}").unwrap();
    length.0
}

/// Reads, runs and reports; gives the verdict.
fn verdict(specs: &Specs, case: &Case, seed: u64) -> String {
    let source = (
        InMemory::new().with(&case.root, &case.module),
        specs.others.clone(),
    );
    let config = ConfigText {
        name: "M.cfg",
        text: &case.config,
    };
    let options = ModelOptions {
        coverage: case.coverage,
        interface: None,
    };
    let model = match prepare(&source, &case.root, config, options).unwrap() {
        Prepared::Rejected {
            sources,
            diagnostics,
        } => {
            assert!(!diagnostics.is_empty());
            for found in &diagnostics {
                assert!(length(render(found, &sources)) < REPORT);
                assert!(to_json(found, &sources).is_object());
            }
            return "rejected".to_owned();
        }
        Prepared::Ready { model, .. } => model,
    };
    let limits = Limits {
        states: Some(2_000),
        time: Some(TIME),
        memory_bytes: resident_bytes().map(|bytes| bytes + MEMORY),
        ..Limits::default()
    };
    let exploration = if case.simulate {
        Exploration::Simulate(Simulation {
            seed,
            depth: 50,
            traces: Some(50),
            limits,
            threads: Some(2),
            observer: None,
        })
    } else {
        Exploration::Search(Options {
            limits,
            threads: Some(2),
            ..Options::default()
        })
    };
    let result = run(&model, &Control::new(), exploration, seed).unwrap();
    assert!(result.printed.iter().map(String::len).sum::<usize>() < PRINTED);
    let sources = &model.spec.sources;
    assert!(length(report::text(&result.report, sources)) < REPORT);
    assert!(length(report::tlc(&result.report, sources)) < REPORT);
    assert!(length(report::json(&result.report, sources)) < REPORT);
    match result.report.outcome {
        Outcome::Limit(reason) => format!("limit of {}", reason.name()),
        outcome => outcome.name().to_owned(),
    }
}

/// What panicked, on whatever thread.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn note_panic(panic: &PanicHookInfo<'_>) {
    eprintln!("{panic}");
    PANICS.lock().unwrap().push(panic.to_string());
}

/// Runs a case and says what is wrong about it.
fn examine(specs: &Specs, seed: u64) -> Result<String, String> {
    let case = Case::new(specs, seed);
    let before = forget_peak();
    let start = Instant::now();
    *CURRENT.lock().unwrap() = Some((seed, start));
    let outcome = panic::catch_unwind(|| verdict(specs, &case, seed));
    let taken = start.elapsed();
    *CURRENT.lock().unwrap() = None;
    let panics = std::mem::take(&mut *PANICS.lock().unwrap());
    let what = match outcome {
        Err(_) => format!("panicked: {}", panics.join("\n")),
        Ok(_) if !panics.is_empty() => format!("panicked inside: {}", panics.join("\n")),
        Ok(verdict) if taken > TIME + SLACK => format!("{verdict} after {taken:?}"),
        Ok(verdict) => match peak_bytes() {
            Some(peak) if peak > before + MEMORY + MEMORY_SLACK => {
                format!("{verdict}, from {before} to {peak} bytes")
            }
            _ => return Ok(verdict),
        },
    };
    Err(format!(
        "seed {seed}: {what}\n{}\n{}",
        case.module, case.config
    ))
}

/// The case that runs, and since when.
static CURRENT: Mutex<Option<(u64, Instant)>> = Mutex::new(None);

/// Ends the process when a case does not end.
fn watch() {
    loop {
        std::thread::sleep(Duration::from_secs(1));
        if let Some((seed, start)) = *CURRENT.lock().unwrap()
            && start.elapsed() > HANG
        {
            eprintln!("seed {seed}: does not end");
            std::process::abort();
        }
    }
}

/// Starts a new measurement of the greatest resident memory; gives what is in use now.
fn forget_peak() -> u64 {
    // Refused in some containers; the greatest memory of the whole process is compared then.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    resident_bytes().unwrap_or(0)
}

/// Greatest resident memory since then, where the system tells.
fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn broken_specifications_get_a_verdict_within_their_limits() {
    panic::set_hook(Box::new(note_panic));
    std::thread::spawn(watch);
    let specs = Specs::read();
    if let Some(seed) = number("SEXTANT_FUZZ_REPLAY") {
        let case = Case::new(&specs, seed);
        println!("{}\n{}", case.module, case.config);
        println!("{}", examine(&specs, seed).unwrap());
        return;
    }
    let first = number("SEXTANT_FUZZ_SEED").unwrap_or(0);
    let long = number("SEXTANT_FUZZ_SECONDS").map(Duration::from_secs);
    let current = std::env::temp_dir().join("sextant-fuzz-seed");
    let start = Instant::now();
    let mut failures = Vec::new();
    let mut verdicts = std::collections::BTreeMap::<String, u64>::new();
    for seed in first.. {
        let done = match long {
            Some(long) => start.elapsed() >= long || failures.len() >= 20,
            None => seed - first >= CASES,
        };
        if done {
            break;
        }
        if long.is_some() {
            std::fs::write(&current, seed.to_string()).unwrap();
        }
        match examine(&specs, seed) {
            Ok(verdict) => *verdicts.entry(verdict).or_default() += 1,
            Err(failure) => {
                eprintln!("{failure}");
                failures.push(failure);
            }
        }
        if long.is_some() && seed % 1_000 == 0 {
            eprintln!("{seed} {:?} {verdicts:?}", start.elapsed());
        }
    }
    // Mutants that are all refused would test the parser alone.
    let run: u64 = verdicts
        .iter()
        .filter(|(verdict, _)| *verdict != "rejected")
        .map(|(_, count)| count)
        .sum();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(run * 8 > verdicts.values().sum(), "{verdicts:?}");
}
