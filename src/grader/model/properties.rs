//! Phase 4: does it have the system's properties, and not because nothing happens?

use std::collections::BTreeSet;

use tla::explore::Options as SearchOptions;

use super::super::{GradeError, Part};
use super::contract::Contract;
use super::phase::{Phase, hidden_part};
use super::runtime::{Searched, search};
use crate::task::Property;

/// What came of checking one property.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Checked {
    /// It holds of an answer in which what it is about happens.
    Holds,
    /// It holds, but these actions, which it is about, never happen.
    Vacuous(Vec<String>),
    /// It does not hold; how it comes to be.
    Fails(String),
    /// It cannot be evaluated.
    Error(String),
    /// It could not be decided.
    Undecided(String),
}

/// Checks one property of an answer in which these actions occur.
pub(super) fn check(
    contract: &Contract<'_>,
    property: &Property,
    occurring: &BTreeSet<String>,
    bounded: bool,
    how: SearchOptions<'_>,
) -> Result<Checked, GradeError> {
    let name = contract.property(&property.name);
    let more = format!("CHECK_DEADLOCK FALSE\nPROPERTY {name}\n");
    let config = contract.config(bounded, &more);
    Ok(match search(contract, &[&property.name], &config, how)? {
        Searched::Holds => {
            let about = property.about.iter();
            let absent: Vec<String> = about
                .filter(|action| !occurring.contains(*action))
                .cloned()
                .collect();
            match absent.is_empty() {
                true => Checked::Holds,
                false => Checked::Vacuous(absent),
            }
        }
        Searched::Fails(_, text) => Checked::Fails(text),
        Searched::Error(text) => Checked::Error(text),
        Searched::Undecided(text) => Checked::Undecided(text),
    })
}

/// The phase, from what was found of each property.
pub(super) fn phase(checked: &[(&Property, Checked)]) -> Phase {
    let parts: Vec<Part> = checked
        .iter()
        .map(|(property, checked)| {
            let (score, detail) = match checked {
                Checked::Holds => (1.0, String::new()),
                Checked::Vacuous(absent) => (
                    0.0,
                    format!(
                        "holds only because these never happen: {}",
                        absent.join(", ")
                    ),
                ),
                Checked::Fails(text) | Checked::Error(text) | Checked::Undecided(text) => {
                    (0.0, text.clone())
                }
            };
            hidden_part(format!("properties/{}", property.name), score, detail)
        })
        .collect();
    Phase {
        undecided: checked
            .iter()
            .any(|(_, checked)| matches!(checked, Checked::Undecided(_))),
        ..Phase::mean(parts)
    }
}
