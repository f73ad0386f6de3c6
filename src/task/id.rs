//! Task ids: `family/name`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A task's id, `family/name`. Both parts are made of letters, digits, `-`, `_` and `.`, and
/// start with a letter or digit, so that an id is also a safe relative path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TaskId {
    text: String,
    slash: usize,
}

/// Why a text is no task id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a task id: {reason}; write `family/name`")]
pub struct IdError {
    /// What was given.
    pub text: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl TaskId {
    /// The family: the part before the slash.
    pub fn family(&self) -> &str {
        &self.text[..self.slash]
    }

    /// The name within the family: the part after the slash.
    pub fn name(&self) -> &str {
        &self.text[self.slash + 1..]
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The id as one path component, `family__name`.
    pub fn file_stem(&self) -> String {
        format!("{}__{}", self.family(), self.name())
    }
}

/// Whether `part` may stand on one side of an id's slash.
pub(super) fn is_id_part(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_alphanumeric())
        && part
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

impl FromStr for TaskId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let fail = |reason| IdError {
            text: text.to_owned(),
            reason,
        };
        let slash = text.find('/').ok_or_else(|| fail("it has no slash"))?;
        if text[slash + 1..].contains('/') {
            return Err(fail("it has more than one slash"));
        }
        if !is_id_part(&text[..slash]) || !is_id_part(&text[slash + 1..]) {
            return Err(fail(
                "both parts must be letters, digits, `-`, `_` or `.`, beginning with a letter or digit",
            ));
        }
        Ok(Self {
            text: text.to_owned(),
            slash,
        })
    }
}

impl TryFrom<String> for TaskId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<TaskId> for String {
    fn from(id: TaskId) -> String {
        id.text
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn splits_family_and_name() {
        let id: TaskId = "memory/first-fit".parse().unwrap();
        assert_eq!((id.family(), id.name()), ("memory", "first-fit"));
        assert_eq!(id.file_stem(), "memory__first-fit");
    }

    #[test]
    fn refuses_paths_and_blanks() {
        for text in [
            "",
            "a",
            "a/",
            "/b",
            "a/b/c",
            "../b",
            "a/..",
            "a b/c",
            "a/.hidden",
        ] {
            assert!(text.parse::<TaskId>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_accepted_id_prints_as_it_was_read(text in ".{0,20}") {
            if let Ok(id) = text.parse::<TaskId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }
}
