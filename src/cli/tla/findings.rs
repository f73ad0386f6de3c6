//! Showing diagnostics.

use serde_json::{Value as Json, json};
use tla::diagnostic::{Diagnostic, Severity, render, to_json};
use tla::source::SourceMap;

use crate::cli::{CliError, Exit, print, print_json};

/// Diagnostics as text for people, one after the other.
pub(crate) fn text(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    diagnostics
        .iter()
        .map(|found| render(found, sources))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Diagnostics as JSON.
pub(crate) fn json(diagnostics: &[Diagnostic], sources: &SourceMap) -> Vec<Json> {
    diagnostics
        .iter()
        .map(|found| to_json(found, sources))
        .collect()
}

/// Says that a specification is rejected, and why.
pub(crate) fn show_rejection(
    diagnostics: &[Diagnostic],
    sources: &SourceMap,
    as_json: bool,
) -> Result<Exit, CliError> {
    if as_json {
        print_json(&json!({
            "verdict": "rejected",
            "holds": false,
            "diagnostics": json(diagnostics, sources),
        }))?;
    } else {
        print(&format!(
            "{}\nRejected ({}).\n",
            text(diagnostics, sources),
            tally(diagnostics)
        ))?;
    }
    Ok(Exit::DoesNotHold)
}

/// How many there are of each kind, in words.
pub(crate) fn tally(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .count();
    let warnings = diagnostics.len() - errors;
    let count = |number: usize, word: &str| match number {
        1 => format!("1 {word}"),
        _ => format!("{number} {word}s"),
    };
    match (errors, warnings) {
        (_, 0) => count(errors, "error"),
        (0, _) => count(warnings, "warning"),
        _ => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    }
}
