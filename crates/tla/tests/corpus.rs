//! Specifications whose verdicts the reference tools gave (see `corpus/README.md`).

#![expect(
    clippy::panic,
    clippy::expect_used,
    reason = "a test ends where it cannot go on"
)]

use std::fs;
use std::path::{Path, PathBuf};

use tla::check::{ConfigText, Exploration, Prepared, Run, prepare, run};
use tla::control::Control;
use tla::eval::model::Options as ModelOptions;
use tla::explore::{Options, Outcome};
use tla::resolve::{Folders, InMemory, ModuleSource};

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(name)
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Runs a model on this many threads; `None` when it is rejected.
fn check(
    source: &(dyn ModuleSource + Sync),
    module: &str,
    config: &str,
    threads: usize,
) -> Option<Run> {
    let config = ConfigText {
        name: "model.cfg",
        text: config,
    };
    match prepare(source, module, config, ModelOptions::default()).expect("a thread") {
        Prepared::Rejected { .. } => None,
        Prepared::Ready { model, .. } => {
            let options = Options {
                threads: Some(threads),
                ..Options::default()
            };
            let exploration = Exploration::Search(options);
            Some(run(&model, &Control::new(), exploration, 0).expect("threads"))
        }
    }
}

/// A line of `expected.csv`.
struct Expected {
    module: String,
    verdict: String,
    distinct_states: Option<u64>,
    name: String,
}

fn expected(corpus: &str) -> Vec<Expected> {
    text(&folder(corpus).join("expected.csv"))
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            Expected {
                module: fields[0].to_owned(),
                verdict: fields[1].to_owned(),
                distinct_states: fields[2].parse().ok(),
                name: fields[3].to_owned(),
            }
        })
        .collect()
}

/// TLC's word for an outcome.
fn verdict(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Invariant(_) => "safety",
        other => other.name(),
    }
}

#[test]
fn machines_have_tlcs_verdicts_and_counts() {
    let expected = expected("machines");
    assert_eq!(expected.len(), 200);
    let mut different = Vec::new();
    for Expected {
        module,
        verdict: wanted,
        distinct_states,
        name,
    } in expected
    {
        let config = text(&folder("machines").join(format!("{module}.cfg")));
        let Some(run) = check(&Folders::new([folder("machines")]), &module, &config, 2) else {
            different.push(format!("{module}: rejected"));
            continue;
        };
        let violated = run
            .report
            .outcome
            .violated()
            .map_or("", |check| check.name.as_str());
        let counts_agree =
            distinct_states.is_none_or(|states| states == run.report.counts.distinct);
        if verdict(&run.report.outcome) != wanted || violated != name || !counts_agree {
            different.push(format!("{module}: {:?}", run.report.outcome));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn temporal_properties_have_tlcs_verdicts() {
    let expected = expected("liveness");
    assert_eq!(expected.len(), 60);
    let mut different = Vec::new();
    for Expected {
        module,
        verdict: wanted,
        distinct_states,
        ..
    } in expected
    {
        let config = text(&folder("liveness").join(format!("{module}.cfg")));
        let run = check(&Folders::new([folder("liveness")]), &module, &config, 2);
        let agrees = match &run {
            None => wanted == "error150",
            Some(run) => {
                let report = &run.report;
                let goes_on = report.trace.again.is_some();
                verdict(&report.outcome) == wanted
                    && distinct_states.is_none_or(|states| states == report.counts.distinct)
                    && goes_on == matches!(report.outcome, Outcome::Liveness(_))
            }
        };
        if !agrees {
            different.push(format!("{module}: {wanted}, {run:?}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn expressions_have_tlcs_values() {
    let mut count = 0;
    for number in 11..=14 {
        let module = format!("Expr{number}");
        let spec = text(&folder("expressions").join(format!("{module}.tla")));
        let body = spec
            .rsplit_once("\n====")
            .map_or(spec.as_str(), |(body, _)| body);
        let indices: Vec<&str> = body
            .lines()
            .filter_map(|line| {
                line.strip_prefix('E')?
                    .split_once(" ==")
                    .map(|(index, _)| index)
            })
            .filter(|index| index.bytes().all(|byte| byte.is_ascii_digit()))
            .collect();
        count += indices.len();
        let assumptions: String = indices
            .iter()
            .map(|index| format!("ASSUME Holds{index} == E{index} = V{index}\n"))
            .collect();
        let source = InMemory::new().with(&module, format!("{body}\n{assumptions}====\n"));
        let run = check(&source, &module, "INIT Init\nNEXT Next\n", 1)
            .unwrap_or_else(|| panic!("{module} is rejected"));
        assert_eq!(run.report.outcome, Outcome::Ok, "{module}");
    }
    assert_eq!(count, 1_000);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    for module in ["M2003", "M2001", "M2010", "M1000"] {
        let config = text(&folder("machines").join(format!("{module}.cfg")));
        let source = Folders::new([folder("machines")]);
        let mut reports = [1, 2, 5].map(|threads| {
            let mut report = check(&source, module, &config, threads)
                .expect("accepted")
                .report;
            report.duration = std::time::Duration::ZERO;
            report.threads = 0;
            format!("{report:?}")
        });
        reports.sort();
        assert_eq!(reports[0], reports[2], "{module}");
    }
}
