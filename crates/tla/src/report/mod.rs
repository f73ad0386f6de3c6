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
pub use text::{finding, text};
pub use tlc::tlc;

use crate::explore::{CheckInfo, EvaluationError, Phase};
use crate::value::Value;

/// Most characters of one value in a report.
const VALUE_LIMIT: usize = 1_000_000;

/// Room for all values of a report, which would be larger than memory where values are large and
/// there are many states.
struct Room {
    characters: usize,
    /// Values, and characters in them, that are shown as JSON.
    nodes: usize,
}

impl Room {
    fn new() -> Room {
        Room {
            characters: 16 * VALUE_LIMIT,
            nodes: VALUE_LIMIT,
        }
    }

    /// The value as TLC prints it, with `…` in place of what there is no room for.
    fn text(&mut self, value: &Value) -> String {
        let text = value.display(self.characters.min(VALUE_LIMIT)).to_string();
        self.characters = self.characters.saturating_sub(text.len());
        text
    }
}

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
        Phase::TemporalProperty(_) => "temporal property",
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
