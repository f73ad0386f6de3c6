//! Specifications made to exhaust something: time, memory, the stack. Each gets the typed verdict
//! that is expected of it, soon after its limits and with little more memory than they allow.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

mod table;
mod texts;

use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tla::check::{ConfigText, Exploration, Prepared, prepare, run};
use tla::control::Control;
use tla::eval::model::Options as ModelOptions;
use tla::explore::{Limits, Options, Outcome, Report, resident_bytes};
use tla::report;
use tla::resolve::{Folders, InMemory, ModuleSource};

/// Wall time of a run.
const TIME: Duration = Duration::from_millis(200);

/// What a case may take beyond it, on a machine that is busy.
const SLACK: Duration = Duration::from_secs(6);

/// By how much a run may make the resident memory grow.
const MEMORY: u64 = 512 << 20;

/// By how much a case may exceed that: what a thread can allocate between two looks, and what one
/// value can take.
const MEMORY_SLACK: u64 = 512 << 20;

/// Memory is measured for the whole process, so one case runs at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A specification and what is expected of it: words of its verdict, any of several.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) modules: InMemory,
    pub(crate) config: String,
    pub(crate) states: Option<u64>,
    pub(crate) expected: &'static [&'static str],
}

/// Reads and runs; gives the verdict in a line.
fn verdict(
    source: &(dyn ModuleSource + Sync),
    root: &str,
    config: &str,
    states: Option<u64>,
) -> String {
    let config = ConfigText {
        name: "M.cfg",
        text: config,
    };
    let model = match prepare(source, root, config, ModelOptions::default()).unwrap() {
        Prepared::Rejected { diagnostics, .. } => {
            let first = diagnostics.first().unwrap();
            return format!("rejected {}: {}", first.code.as_str(), first.message);
        }
        Prepared::Ready { model, .. } => model,
    };
    let control = Control::new();
    let search = Exploration::Search(Options {
        limits: Limits {
            states,
            time: Some(TIME),
            memory_bytes: resident_bytes().map(|bytes| bytes + MEMORY),
            ..Limits::default()
        },
        threads: Some(2),
        ..Options::default()
    });
    let Report { outcome, .. } = &run(&model, &control, search, 0).unwrap().report;
    match outcome {
        Outcome::Limit(reason) => format!("limit {}", reason.name()),
        Outcome::EvaluationError(error) => format!("error: {}", error.message),
        outcome => outcome.name().to_owned(),
    }
}

/// Greatest resident memory so far, where the system tells.
fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// Runs something and says what is wrong about its time and memory.
fn measured(name: &str, work: impl FnOnce() -> String) -> (String, Option<String>) {
    let _alone = ONE_AT_A_TIME.lock().unwrap();
    // Refused in some containers; the peak of all cases is looked at then.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let before = resident_bytes().unwrap_or(0);
    let start = Instant::now();
    let verdict = work();
    let took = start.elapsed();
    let grown = peak_bytes().unwrap_or(0).saturating_sub(before) >> 20;
    println!("{name}: {verdict:.100} ({took:.1?}, {grown} MiB)");
    let wrong = (took > TIME + SLACK || grown << 20 > MEMORY + MEMORY_SLACK)
        .then(|| format!("{name}: {verdict} after {took:?} with {grown} MiB"));
    (verdict, wrong)
}

fn hold(cases: Vec<Case>) {
    let mut wrong = Vec::new();
    for case in cases {
        let (verdict, overrun) = measured(case.name, || {
            verdict(&case.modules, "M", &case.config, case.states)
        });
        wrong.extend(overrun);
        if !case.expected.iter().any(|words| verdict.contains(words)) {
            wrong.push(format!("{}: {verdict}, not {:?}", case.name, case.expected));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn huge_values_and_endless_evaluation() {
    hold(table::evaluations());
}

#[test]
fn endless_behaviours() {
    hold(table::machines());
}

#[test]
fn huge_texts() {
    hold(texts::cases());
}

#[test]
fn the_corpus_of_stress() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/stress");
    let mut paths: Vec<_> = folder
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "tla"))
        .collect();
    paths.sort();
    assert!(paths.len() > 60);
    let mut wrong = Vec::new();
    for path in paths {
        let root = path.file_stem().unwrap().to_str().unwrap();
        let config = std::fs::read_to_string(path.with_extension("cfg")).unwrap();
        let (_, overrun) = measured(root, || {
            verdict(&Folders::new([&folder]), root, &config, Some(20_000))
        });
        wrong.extend(overrun);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn reports_of_huge_values_are_bounded() {
    let _alone = ONE_AT_A_TIME.lock().unwrap();
    let module = "---- MODULE M ----\nEXTENDS Sequences, Naturals\nVARIABLE x\nInit == x = <<>>\n\
                  Next == x' = Append(x, x)\nInv == Len(x) < 19\n====";
    let config = ConfigText {
        name: "M.cfg",
        text: "INIT Init NEXT Next INVARIANT Inv",
    };
    let source = InMemory::new().with("M", module);
    let Prepared::Ready { model, .. } =
        prepare(&source, "M", config, ModelOptions::default()).unwrap()
    else {
        panic!("rejected");
    };
    let search = Exploration::Search(Options::default());
    let report = run(&model, &Control::new(), search, 0).unwrap().report;
    assert_eq!(report.outcome.name(), "invariant");
    let sources = &model.spec.sources;
    for text in [
        report::text(&report, sources).to_string(),
        report::tlc(&report, sources).to_string(),
        report::json(&report, sources).to_string(),
    ] {
        assert!(
            text.contains('…') && text.len() < 32 << 20,
            "{}",
            text.len()
        );
    }
}
