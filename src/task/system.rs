//! Tasks that ask for a model of a system: the interface that the model is to have.
//!
//! `docs/modeling.md` has the contract and the files of such a task.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::TaskFolder;

/// The file that every answer to such a task consists of.
pub const SPEC_FILE: &str = "Spec.tla";

/// A task judged by checking the model that is handed in.
#[derive(Debug, Clone)]
pub struct ModeledSystem {
    /// The task's folder.
    pub folder: TaskFolder,
    /// What the solver hands in: [`SPEC_FILE`], and [`ModeledSystem::claims`] where they are asked
    /// for.
    pub deliverables: Vec<String>,
    /// Textbook or not.
    pub variant: Variant,
    /// Whether a state without a successor is fine.
    pub may_end: bool,
    /// Distinct states after which an answer is inconclusive.
    pub max_states: u64,
    /// Wall time for all checks of one answer.
    pub max_time: Duration,
    /// Constants and their values, as in a TLC configuration.
    pub constants: BTreeMap<String, String>,
    /// What is visible of the system's state.
    pub observables: Vec<Observable>,
    /// What it does.
    pub actions: Vec<NamedAction>,
    /// What it is to fulfil.
    pub properties: Vec<Property>,
    /// The file in which the solver states properties of its own, if it is asked to.
    pub claims: Option<String>,
}

/// How near a system is to what is written about its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Variant {
    /// As in the textbook.
    Textbook,
    /// With departures that only a reader of its code can know.
    Twisted,
}

impl Variant {
    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Textbook => "textbook",
            Self::Twisted => "twisted",
        }
    }
}

/// Something visible of a system's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observable {
    /// The field of `View`.
    pub name: String,
    /// The TLA+ set that it lies in, over the constants.
    #[serde(rename = "type")]
    pub set: String,
}

/// Something that a system does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedAction {
    /// The operator's name.
    pub name: String,
    /// Its parameters in order.
    #[serde(default)]
    pub parameters: Vec<String>,
}

/// A property of the observation, defined in `tests/Properties.tla`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Property {
    /// The operator's name.
    pub name: String,
    /// Actions that must occur for it to mean anything.
    pub about: Vec<String>,
}

/// `[sextant.model]` of `task.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ModelTable {
    variant: Variant,
    #[serde(default)]
    may_end: bool,
    #[serde(default = "default_max_states")]
    max_states: u64,
    #[serde(default = "default_max_seconds")]
    max_seconds: f64,
    #[serde(default)]
    constants: BTreeMap<String, String>,
    observables: Vec<Observable>,
    actions: Vec<NamedAction>,
    properties: Vec<Property>,
    #[serde(default)]
    claims: Option<String>,
}

fn default_max_states() -> u64 {
    200_000
}

fn default_max_seconds() -> f64 {
    60.0
}

impl ModelTable {
    /// The system that the table describes. Flaws go to `flaw`, with their field.
    pub(super) fn read(
        self,
        folder: TaskFolder,
        deliverables: Vec<String>,
        flaw: &mut dyn FnMut(&str, String),
    ) -> ModeledSystem {
        let max_time = super::manifest::seconds(self.max_seconds).unwrap_or_else(|message| {
            flaw("sextant.model.max_seconds", message);
            Duration::ZERO
        });
        let expected: Vec<&str> = std::iter::once(SPEC_FILE)
            .chain(self.claims.as_deref())
            .collect();
        if deliverables != expected {
            flaw(
                "sextant.deliverables",
                format!("is {deliverables:?}; an answer to this task is {expected:?}"),
            );
        }
        if self.max_states == 0 {
            flaw("sextant.model.max_states", "is 0".into());
        }
        let mut names = BTreeSet::new();
        let observables = self.observables.iter().map(|it| ("observables", &it.name));
        let actions = self.actions.iter().map(|it| ("actions", &it.name));
        let properties = self.properties.iter().map(|it| ("properties", &it.name));
        let constants = self.constants.keys().map(|name| ("constants", name));
        for (table, name) in observables
            .chain(actions)
            .chain(properties)
            .chain(constants)
        {
            if !is_identifier(name) {
                flaw(
                    &format!("sextant.model.{table}"),
                    format!("{name:?} is no TLA+ name"),
                );
            } else if !names.insert(name.clone()) {
                flaw(
                    &format!("sextant.model.{table}"),
                    format!("`{name}` stands twice"),
                );
            }
        }
        for (table, is_empty) in [
            ("observables", self.observables.is_empty()),
            ("actions", self.actions.is_empty()),
            ("properties", self.properties.is_empty()),
        ] {
            if is_empty {
                flaw(&format!("sextant.model.{table}"), "is empty".into());
            }
        }
        for property in &self.properties {
            for about in &property.about {
                if !self.actions.iter().any(|action| action.name == *about) {
                    flaw(
                        "sextant.model.properties",
                        format!("`{}` is about `{about}`, which is no action", property.name),
                    );
                }
            }
        }
        ModeledSystem {
            folder,
            deliverables,
            variant: self.variant,
            may_end: self.may_end,
            max_states: self.max_states,
            max_time,
            constants: self.constants,
            observables: self.observables,
            actions: self.actions,
            properties: self.properties,
            claims: self.claims,
        }
    }
}

/// Whether `text` can name something in TLA+.
fn is_identifier(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && text.chars().any(|c| c.is_ascii_alphabetic())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
}
