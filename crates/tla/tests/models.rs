//! Small models, one for each rule of TLC: what is checked, assigned, replaced, constrained, and
//! what is an error. All verdicts, counts and names are those of TLC 2.20 (2026) with one worker, but for
//! `unsupported`, which is what this engine says where it does not do what TLC does.

use tla::check::{ConfigText, Exploration, Prepared, prepare, run};
use tla::control::Control;
use tla::eval::model::Options;
use tla::explore::{EngineError, Options as SearchOptions, Outcome, Report};
use tla::resolve::InMemory;

/// Cases as `%% name = verdict …`, the module between header and end, `%cfg`, the configuration.
///
/// After the verdict comes for `ok` the number of distinct states and the depth, for a violation
/// the number of states of the counterexample and the name of what is violated, for an error how
/// its message begins.
const MODELS: &str = include_str!("models.txt");

fn verdict(body: &str, config: &str) -> Result<String, EngineError> {
    let text = format!("---- MODULE M ----\n{body}====\n");
    let source = InMemory::new().with("M", text);
    let config = ConfigText {
        name: "M.cfg",
        text: config,
    };
    match prepare(&source, "M", config, Options::default())? {
        Prepared::Rejected { .. } => Ok("rejected".to_owned()),
        Prepared::Ready { model, .. } => {
            let exploration = Exploration::Search(SearchOptions::default());
            let run = run(&model, &Control::new(), exploration, 0)?;
            Ok(summary(&run.report))
        }
    }
}

fn summary(report: &Report) -> String {
    let verdict = report.outcome.name();
    let states = report.trace.steps.len();
    match &report.outcome {
        Outcome::Ok => {
            let counts = report.counts;
            format!("{verdict} {} {}", counts.distinct, counts.depth)
        }
        Outcome::EvaluationError(found) => {
            format!("{verdict} {}", found.message.replace('\n', " "))
        }
        Outcome::AssumptionFalse(_) => format!("{verdict} {states}"),
        // The behaviour that TLC shows may be another.
        Outcome::Liveness(check) => format!("{verdict} {}", check.name),
        outcome => match outcome.violated() {
            Some(check) => format!("{verdict} {states} {}", check.name),
            None => format!("{verdict} {states}"),
        },
    }
}

#[test]
fn every_model_has_the_verdict_of_tlc() {
    let mut wrong = Vec::new();
    let mut cases = 0;
    for case in MODELS.split("%% ").skip(1) {
        let (head, rest) = case.split_once('\n').unwrap();
        let (name, expected) = head.split_once(" = ").unwrap();
        let (body, config) = rest.split_once("%cfg\n").unwrap();
        let found = verdict(body, config).unwrap();
        let is_error = expected.starts_with("error ");
        if found != expected && !(is_error && found.starts_with(expected)) {
            wrong.push(format!("{name}: expected {expected}, found {found}"));
        }
        cases += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases > 80, "{cases}");
}
