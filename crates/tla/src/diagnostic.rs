//! What is wrong with a specification, where, and what to do about it.

use crate::source::Span;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The specification is accepted all the same.
    Warning,
    /// The specification is rejected.
    Error,
}

/// The class of a diagnostic: stable, for programs that react to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// A character or token TLA+ does not have.
    Token,
    /// The text does not follow the grammar.
    Syntax,
    /// Two operators side by side need parentheses.
    Precedence,
    /// Nested too deeply, or too large, to be read.
    TooLarge,
    /// A module that is extended or instantiated could not be found or read.
    Module,
    /// A name that is not declared or defined where it is used.
    Unknown,
    /// A name declared or defined twice.
    Duplicate,
    /// Wrong number or kind of arguments.
    Arity,
    /// A constant, state, action or temporal expression where its level is not allowed.
    Level,
    /// A definition used before it is made, or recursion that is not declared.
    Recursion,
    /// Any other rule of the language that is broken.
    Semantics,
    /// Something in the model configuration file.
    Config,
    /// A PlusCal algorithm whose translation is missing or stale.
    PlusCal,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Its class.
    pub code: Code,
    /// What is wrong: one sentence without a full stop, lower case unless it starts with a name.
    pub message: String,
    /// Where; `None` only where there is no text to point at.
    pub span: Option<Span>,
    /// Other places that matter, each with a few words (such as "first defined here").
    pub related: Vec<(Span, String)>,
    /// The likely cause and what to write instead, for a person or a repair loop.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    #[must_use]
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            code,
            message: message.into(),
            span: Some(span),
            related: Vec::new(),
            help: None,
        }
    }

    /// A warning at a place.
    #[must_use]
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(code, span, message)
        }
    }

    /// Adds the likely cause.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn with_related(mut self, span: Span, words: impl Into<String>) -> Diagnostic {
        self.related.push((span, words.into()));
        self
    }
}
