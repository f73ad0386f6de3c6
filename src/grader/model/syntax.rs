//! Phase 1: can it be read, and does it keep the contract?

use tla::check::{Prepared, prepare, read};
use tla::diagnostic::{Diagnostic, Severity, has_error};
use tla::eval::model::{Model, Options};
use tla::liveness::other_than_fairness;
use tla::source::SourceMap;

use super::super::GradeError;
use super::contract::{Contract, Kept, config_text};
use super::phase::{Phase, open_part};
use super::wording;

/// What came of reading an answer.
pub(super) struct Read {
    pub(super) phase: Phase,
    /// The model, if it can be asked anything.
    pub(super) model: Option<Box<Model>>,
    pub(super) shape: Shape,
}

/// What an answer defines of what it may or should.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// Actions that it lacks.
    pub(super) missing_actions: Vec<String>,
    /// Whether it has a `Bound`.
    pub(super) is_bounded: bool,
}

/// Reads an answer.
pub(super) fn judge(contract: &Contract<'_>) -> Result<Read, GradeError> {
    let loaded = read(&contract.answer_source(), &contract.module)?;
    let Some(spec) = loaded.spec else {
        let found = errors(&loaded.diagnostics);
        let detail = wording::diagnostics(&found, loaded.sources());
        return Ok(Read {
            phase: Phase::failed(open_part("syntax/text", 0.0, detail)),
            model: None,
            shape: Shape::default(),
        });
    };
    let mut kept = Kept::of(contract, &spec);
    let mut model = None;
    let mut found = wording::diagnostics(&kept.broken, &spec.sources);
    if !kept.is_fatal {
        let interface = contract.interface(&kept.missing_actions);
        let options = Options {
            coverage: false,
            interface: Some(&interface),
        };
        let invariant = format!("INVARIANT {}\n", contract.fits());
        let config = contract.config(kept.is_bounded, &invariant);
        kept.demands += 1;
        let prepared = prepare(
            &contract.sources(&[]),
            &contract.root(),
            config_text(&config),
            options,
        )?;
        match prepared {
            Prepared::Ready { model: ready, .. } => match other_than_fairness(&ready) {
                Some(span) => {
                    let odd = Diagnostic::error(
                        tla::diagnostic::Code::Semantics,
                        span,
                        "fairness may only be `WF` or `SF` of actions",
                    );
                    note(&mut found, std::slice::from_ref(&odd), &ready.spec.sources);
                    kept.broken.push(odd);
                }
                None => model = Some(ready),
            },
            Prepared::Rejected {
                sources,
                diagnostics,
            } => {
                let errors = errors(&diagnostics);
                note(&mut found, &errors, &sources);
                kept.broken.extend(errors.into_iter().take(1));
            }
        }
    }
    let contract_part = open_part("syntax/contract", kept.share(), found);
    let text = open_part("syntax/text", 1.0, "");
    Ok(Read {
        phase: Phase::mean(vec![text, contract_part]),
        model,
        shape: Shape {
            missing_actions: kept.missing_actions,
            is_bounded: kept.is_bounded,
        },
    })
}

fn note(found: &mut String, diagnostics: &[Diagnostic], sources: &SourceMap) {
    if !found.is_empty() {
        found.push('\n');
    }
    found.push_str(&wording::diagnostics(diagnostics, sources));
}

/// The errors among findings; all of them where none is.
fn errors(diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
    let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
    match has_error(diagnostics) {
        true => diagnostics.iter().filter(is_error).cloned().collect(),
        false => diagnostics.to_vec(),
    }
}
