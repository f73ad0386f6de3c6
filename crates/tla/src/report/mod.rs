//! Reports: what a search found, for people, for programs, and as TLC prints it.

mod coverage;
mod graph;
mod json;
mod place;
#[cfg(test)]
mod tests;
mod text;
mod tlc;

pub use coverage::coverage;
pub use graph::{dot, json_lines};
pub use json::json;
pub use place::{Place, module_of};
pub use text::text;
pub use tlc::tlc;

use crate::explore::{CheckInfo, EvaluationError, Phase};

/// What was being evaluated, in words.
fn subject(error: &EvaluationError) -> String {
    let name = error.check.as_ref().map_or("", |check| check.name.as_str());
    let kind = match error.phase {
        Phase::Assumption(_) => "assumption",
        Phase::Initial => "the initial predicate",
        Phase::Next => "the next-state relation",
        Phase::Constraint => "a constraint",
        Phase::ActionConstraint => "an action constraint",
        Phase::Invariant(_) => "invariant",
        Phase::InitialProperty(_) => "property",
        Phase::ActionProperty(_) => "action property",
        Phase::Fingerprint => "the view",
        Phase::Alias => "the alias",
        Phase::Postcondition => "a postcondition",
    };
    if name.is_empty() {
        kind.to_owned()
    } else {
        format!("{kind} {name}")
    }
}

/// Names, with commas.
fn names(checks: &[CheckInfo]) -> String {
    let names: Vec<&str> = checks.iter().map(|check| check.name.as_str()).collect();
    names.join(", ")
}

/// A probability with two digits, as TLC writes it.
fn probability(value: f64) -> String {
    match value {
        0.0 => "0.0".to_owned(),
        small if small < 1e-3 => format!("{small:.1e}").replace('e', "E"),
        value if value < 1e-2 => format!("{value:.4}"),
        value if value < 1e-1 => format!("{value:.3}"),
        value => format!("{value:.2}"),
    }
}
