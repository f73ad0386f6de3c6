//! Keys of short answers. How they judge is the grader's business.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What counts as the right short answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AnswerKey {
    /// One text, or one of several that mean the same.
    Exact {
        /// The right text.
        value: String,
        /// Other texts that are as right.
        #[serde(default)]
        accept: Vec<String>,
        /// Whether capitals matter; they do not unless said.
        #[serde(default)]
        case_sensitive: bool,
    },
    /// One letter among options.
    Choice {
        /// The right letter.
        value: String,
        /// What each letter stands for; shown to the solver.
        options: BTreeMap<String, String>,
    },
    /// A number within a tolerance.
    Number {
        /// The right number.
        value: f64,
        /// The largest accepted absolute difference.
        #[serde(default)]
        tolerance: f64,
        /// A unit that may follow the number.
        #[serde(default)]
        unit: Option<String>,
    },
    /// A set of texts in any order, written with commas.
    Set {
        /// The members.
        values: Vec<String>,
    },
    /// A text that the whole of a regular expression matches.
    Regex {
        /// The expression, in the syntax of the `regex` crate.
        pattern: String,
        /// A text that it matches.
        reference: String,
    },
}

impl AnswerKey {
    /// The reference answer's text.
    pub fn reference(&self) -> String {
        match self {
            Self::Exact { value, .. } | Self::Choice { value, .. } => value.clone(),
            Self::Number { value, .. } => value.to_string(),
            Self::Set { values } => values.join(", "),
            Self::Regex { reference, .. } => reference.clone(),
        }
    }

    /// What is wrong with the key itself, if anything.
    pub(super) fn flaw(&self) -> Option<String> {
        match self {
            Self::Exact { value, .. } if value.trim().is_empty() => {
                Some("`value` is empty, so an empty answer would be right".into())
            }
            Self::Choice { value, options } if !options.contains_key(value) => Some(format!(
                "`value` is {value:?}, which is none of the options"
            )),
            Self::Choice { options, .. } if options.len() < 2 => {
                Some("a choice needs at least two options".into())
            }
            Self::Number {
                value, tolerance, ..
            } if !value.is_finite() || !tolerance.is_finite() || *tolerance < 0.0 => {
                Some("`value` must be finite and `tolerance` finite and not negative".into())
            }
            Self::Set { values } if values.is_empty() => Some("`values` is empty".into()),
            Self::Set { values }
                if values
                    .iter()
                    .any(|v| v.contains(',') || v.trim().is_empty()) =>
            {
                Some("a member of a set can be neither empty nor contain a comma".into())
            }
            Self::Regex { pattern, .. } => regex::Regex::new(pattern)
                .err()
                .map(|error| format!("`pattern`: {error}")),
            _ => None,
        }
    }
}
