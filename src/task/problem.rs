//! What is wrong with a task, and where.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// A place in a task's definition: a file, and the line in it where known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file or folder.
    pub file: PathBuf,
    /// Line from 1.
    pub line: Option<usize>,
}

impl Place {
    /// A file as a whole.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self {
            file: path.into(),
            line: None,
        }
    }

    /// The line of `text` in which byte `offset` lies.
    pub fn at(path: impl Into<PathBuf>, text: &str, offset: usize) -> Self {
        let before = &text.as_bytes()[..offset.min(text.len())];
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
        Self {
            file: path.into(),
            line: Some(line),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        match self.line {
            Some(line) => write!(f, ":{line}"),
            None => Ok(()),
        }
    }
}

/// One thing wrong with a task or a sheet, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{place}: {}{message}", .field.as_ref().map(|field| format!("`{field}`: ")).unwrap_or_default())]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// The field concerned, where one can be named.
    pub field: Option<String>,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Problem {
    /// A problem with `field` of `file` as a whole.
    pub fn new(file: &Path, field: Option<&str>, message: impl Into<String>) -> Self {
        Self {
            place: Place::file(file),
            field: field.map(str::to_owned),
            message: message.into(),
        }
    }

    /// What the TOML reader says of `text`, at its line.
    pub fn from_toml(file: &Path, text: &str, error: &toml::de::Error) -> Self {
        let place = match error.span() {
            Some(span) => Place::at(file, text, span.start),
            None => Place::file(file),
        };
        // The reader's own message names the offending key between backticks, if any.
        let field = error
            .message()
            .split('`')
            .nth(1)
            .filter(|_| error.message().contains("field"))
            .map(str::to_owned);
        Self {
            place,
            field,
            message: error.message().replace('\n', " "),
        }
    }

    /// The same problem, placed at the line where `key` first occurs in `text`.
    #[must_use]
    pub fn at_key(mut self, text: &str, key: &str) -> Self {
        let line = text.lines().position(|line| {
            line.trim_start()
                .strip_prefix(key)
                .is_some_and(|rest| rest.trim_start().starts_with('='))
        });
        self.place.line = line.map(|index| index + 1);
        self
    }
}
