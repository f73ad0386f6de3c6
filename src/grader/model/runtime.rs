//! Phase 2: can it be explored to the end, and does everything happen in it?

use tla::check::{Exploration, Prepared, Run, prepare, run};
use tla::control::Control;
use tla::eval::model::{Model, Options as ModelOptions};
use tla::explore::{GraphError, Limits, Options as SearchOptions, Outcome};
use tla::liveness::{Unkept, unkept};
use tla::observe::QuestionError;
use tla::report;
use tla::source::SourceMap;

use super::super::{GradeError, Part};
use super::conformance::Seen;
use super::contract::{Contract, config_text};
use super::phase::{Phase, hidden_part, open_part, truth};
use super::wording;

/// What a search of an answer found, in words.
pub(super) enum Searched {
    /// Everything that was looked at holds.
    Holds,
    /// It does not; how it comes to be.
    Fails(Failure, String),
    /// It cannot be evaluated.
    Error(String),
    /// It could not be decided.
    Undecided(String),
}

/// What is wrong with a state or behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    DeadEnd,
    Property,
}

/// Runs an answer's model with more lines in its configuration.
pub(super) fn search(
    contract: &Contract<'_>,
    properties: &[&str],
    config: &str,
    how: SearchOptions<'_>,
) -> Result<Searched, GradeError> {
    let prepared = prepare(
        &contract.sources(properties),
        &contract.root(),
        config_text(config),
        ModelOptions::default(),
    )?;
    match prepared {
        Prepared::Ready { model, .. } => search_model(&model, how),
        Prepared::Rejected {
            sources,
            diagnostics,
        } => Ok(Searched::Error(wording::diagnostics(
            &diagnostics,
            &sources,
        ))),
    }
}

fn search_model(model: &Model, how: SearchOptions<'_>) -> Result<Searched, GradeError> {
    let control = Control::new();
    let found = run(model, &control, Exploration::Search(how), 0)?;
    Ok(in_words(&found, &model.spec.sources))
}

fn in_words(found: &Run, sources: &SourceMap) -> Searched {
    let text = wording::shortened(&report::finding(&found.report, sources).to_string());
    match &found.report.outcome {
        Outcome::Ok => Searched::Holds,
        Outcome::Deadlock => Searched::Fails(Failure::DeadEnd, text),
        Outcome::EvaluationError(_) | Outcome::AssumptionFalse(_) => Searched::Error(text),
        Outcome::Limit(_) | Outcome::Unsupported(_) | Outcome::Refused(_) => {
            Searched::Undecided(text)
        }
        _ => Searched::Fails(Failure::Property, text),
    }
}

/// What the search of all states says of an answer: the parts, or why there is nothing to judge.
pub(super) fn explore(
    contract: &Contract<'_>,
    bounded: bool,
    how: SearchOptions<'_>,
) -> Result<Result<Vec<Part>, Phase>, GradeError> {
    let mut view = open_part("runtime/view", 1.0, "");
    let mut end = open_part("runtime/goes-on", 1.0, "");
    let mut checks_view = true;
    let mut checks_end = !contract.system.may_end;
    // A search ends at the first thing that is wrong, so what else there is takes another.
    loop {
        let invariant = match checks_view {
            true => format!("INVARIANT {}\n", contract.fits()),
            false => String::new(),
        };
        let deadlock = match checks_end {
            true => "CHECK_DEADLOCK TRUE\n",
            false => "CHECK_DEADLOCK FALSE\n",
        };
        let config = contract.config(bounded, &format!("{invariant}{deadlock}"));
        match search(contract, &[], &config, how)? {
            Searched::Holds => break,
            Searched::Fails(Failure::DeadEnd, text) if checks_end => {
                end = open_part("runtime/goes-on", 0.0, text);
                checks_end = false;
            }
            // Values of another kind cannot even be compared. If it is not that, it comes again.
            Searched::Fails(_, text) | Searched::Error(text) if checks_view => {
                view = open_part("runtime/view", 0.0, text);
                checks_view = false;
            }
            Searched::Fails(_, text) | Searched::Error(text) => {
                return Ok(Err(Phase::failed(open_part("runtime/explored", 0.0, text))));
            }
            Searched::Undecided(text) => {
                return Ok(Err(Phase::undecided(open_part(
                    "runtime/explored",
                    0.0,
                    text,
                ))));
            }
        }
    }
    let mut parts = vec![open_part("runtime/explored", 1.0, ""), view];
    if !contract.system.may_end {
        parts.push(end);
    }
    Ok(Ok(parts))
}

/// Whether the fairness of an answer can be kept.
pub(super) fn fairness(model: &Model, limits: &Limits) -> Result<Part, Phase> {
    let name = "runtime/fairness";
    match unkept(model, &Control::new(), limits) {
        Ok(None) => Ok(open_part(name, 1.0, "")),
        Ok(Some(Unkept { span, bound, state })) => {
            let place = model.spec.sources.location(span);
            let (line, column) = (place.begin.line, place.begin.column);
            let bound: Vec<String> = bound.iter().map(ToString::to_string).collect();
            let bound = match bound.is_empty() {
                true => String::new(),
                false => format!(" for {}", bound.join(", ")),
            };
            let state = state
                .iter()
                .map(|(variable, value)| format!("    {variable} = {}", value.display(400)));
            let detail = format!(
                "The fairness at {}:{line}:{column}{bound} demands a step that `Next` never takes from \
                 this state:\n{}",
                place.file,
                state.collect::<Vec<_>>().join("\n"),
            );
            Ok(open_part(name, 0.0, wording::shortened(&detail)))
        }
        Err(error) => Err(no_graph(name, &error)),
    }
}

/// Why there is no graph, as a phase.
fn no_graph(name: &str, error: &GraphError) -> Phase {
    let part = open_part(name, 0.0, error.to_string());
    match error {
        GraphError::Evaluation(error) if !error.is_refusal => Phase::failed(part),
        _ => Phase::undecided(part),
    }
}

/// Why a question has no answer, as a phase; failures of the system are errors.
pub(super) fn no_answer(error: QuestionError) -> Result<Phase, GradeError> {
    match error {
        QuestionError::Graph(GraphError::Engine(error)) | QuestionError::Engine(error) => {
            Err(error.into())
        }
        QuestionError::Graph(error) => Ok(no_graph("runtime/explored", &error)),
        QuestionError::Evaluation { .. } => Ok(Phase::failed(open_part(
            "runtime/explored",
            0.0,
            error.to_string(),
        ))),
        other => Ok(Phase::undecided(open_part(
            "runtime/explored",
            0.0,
            other.to_string(),
        ))),
    }
}

/// The phase, from what the search and the questions found.
#[expect(clippy::cast_precision_loss, reason = "a handful of actions")]
pub(super) fn phase(
    contract: &Contract<'_>,
    mut parts: Vec<Part>,
    fairness: Part,
    seen: &Seen,
) -> Phase {
    let all = &contract.system.actions;
    let absent: Vec<&str> = all
        .iter()
        .map(|action| action.name.as_str())
        .filter(|name| !seen.occurring.contains(*name))
        .collect();
    let share = 1.0 - absent.len() as f64 / all.len().max(1) as f64;
    let detail = match absent.is_empty() {
        true => String::new(),
        false => format!("never happens: {}", absent.join(", ")),
    };
    parts.push(open_part("runtime/actions", share, detail));
    let unnamed = seen.unnamed.as_ref().map(|step| {
        format!("this step changes what is seen, and is none of the interface's actions: {step}")
    });
    parts.push(open_part(
        "runtime/named",
        truth(unnamed.is_none()),
        unnamed.unwrap_or_default(),
    ));
    if let Some(beyond) = &seen.only_beyond {
        parts.push(hidden_part(
            "runtime/bound",
            0.0,
            format!("beyond `Bound` there are states unlike any within it: {beyond}"),
        ));
    }
    parts.push(fairness);
    Phase {
        note: wording::counted(seen.states, "state"),
        ..Phase::mean(parts)
    }
}
