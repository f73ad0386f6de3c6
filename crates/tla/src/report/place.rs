//! Places in specifications, as TLC writes them.

use std::fmt;

use crate::source::{Location, SourceMap, Span};

/// Where something stands: `line 5, col 3 to line 9, col 20 of module M`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(Location);

impl Place {
    /// The place of a span.
    #[must_use]
    pub fn new(sources: &SourceMap, span: Span) -> Place {
        Place(sources.location(span))
    }

    /// Name of the module.
    #[must_use]
    pub fn module(&self) -> &str {
        module_of(&self.0.file)
    }

    /// In short, as editors understand it: `M.tla:5:3`.
    #[must_use]
    pub fn short(&self) -> String {
        let Location { file, begin, .. } = &self.0;
        format!("{file}:{}:{}", begin.line, begin.column)
    }

    /// As in TLC's list of nested expressions: `Line 5, column 3 to line 9, column 20 in M`.
    #[must_use]
    pub fn nested(&self) -> String {
        let Location { begin, end, .. } = &self.0;
        format!(
            "Line {}, column {} to line {}, column {} in {}",
            begin.line,
            begin.column,
            end.line,
            end.column,
            self.module()
        )
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Location { begin, end, .. } = &self.0;
        write!(
            f,
            "line {}, col {} to line {}, col {} of module {}",
            begin.line,
            begin.column,
            end.line,
            end.column,
            self.module()
        )
    }
}

/// The module a file holds, by its name: `M` for `some/M.tla`.
#[must_use]
pub fn module_of(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.strip_suffix(".tla").unwrap_or(name)
}
