//! What is wrong with a specification, where, and what to do about it.

use crate::source::{SourceMap, Span};
use std::fmt;

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

/// Whether any finding is an error.
#[must_use]
pub fn has_error(findings: &[Diagnostic]) -> bool {
    findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
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

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

impl Code {
    /// Its stable name, such as `precedence`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Code::Token => "token",
            Code::Syntax => "syntax",
            Code::Precedence => "precedence",
            Code::TooLarge => "too-large",
            Code::Module => "module",
            Code::Unknown => "unknown",
            Code::Duplicate => "duplicate",
            Code::Arity => "arity",
            Code::Level => "level",
            Code::Recursion => "recursion",
            Code::Semantics => "semantics",
            Code::Config => "config",
            Code::PlusCal => "pluscal",
        }
    }
}

/// A diagnostic as plain text for people:
///
/// ```text
/// error: expected `THEN`, found `ELSE`
///   --> Clock.tla:7:12
///    |
///  7 | Next == IF x ELSE y
///    |              ^^^^
///    = help: write IF … THEN … ELSE …
/// ```
#[must_use]
pub fn render(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let mut text = format!("{}: {}\n", diagnostic.severity, diagnostic.message);
    let related = diagnostic
        .related
        .iter()
        .map(|(span, words)| (*span, words.as_str()));
    let places: Vec<(Span, &str)> = diagnostic
        .span
        .map(|span| (span, ""))
        .into_iter()
        .chain(related)
        .collect();
    let last_line = places
        .iter()
        .map(|(span, _)| sources.location(*span).begin.line)
        .max();
    let gutter = last_line.map_or(1, |line| line.to_string().len());
    for (span, words) in places {
        render_place(&mut text, gutter, span, words, sources);
    }
    if let Some(help) = &diagnostic.help {
        text.push_str(&format!("{:gutter$} = help: {help}\n", ""));
    }
    text
}

/// Longest part of a source line that is shown, in characters.
const SHOWN_LINE: usize = 200;

/// A place with its source line and what is marked in it.
fn render_place(text: &mut String, gutter: usize, span: Span, words: &str, sources: &SourceMap) {
    let location = sources.location(span);
    let (line, column) = (location.begin.line, location.begin.column);
    let arrow = if words.is_empty() { "-->" } else { ":::" };
    text.push_str(&format!(
        "{:gutter$}{arrow} {}:{line}:{column}\n",
        "", location.file
    ));
    let Some(file) = sources.file(span.file) else {
        return;
    };
    let source = file.line(line);
    let marked = (column as usize).saturating_sub(1);
    let end = if location.end.line == line {
        (location.end.column as usize).max(marked + 1)
    } else {
        source.chars().count().max(marked + 1)
    };
    // A long line is shown from a little before the mark.
    let from = if source.chars().count() > SHOWN_LINE {
        marked.saturating_sub(SHOWN_LINE / 4)
    } else {
        0
    };
    let mut shown = String::new();
    let mut marks = String::new();
    for (at, character) in source.chars().enumerate().skip(from).take(SHOWN_LINE) {
        let (cell, width) = cell(character);
        shown.push_str(&cell);
        let mark = if (marked..end).contains(&at) {
            "^"
        } else {
            " "
        };
        marks.push_str(&mark.repeat(width));
    }
    if marked >= source.chars().count() {
        marks.push('^');
    }
    let words = if words.is_empty() {
        String::new()
    } else {
        format!(" {words}")
    };
    text.push_str(&format!("{:gutter$} |\n", ""));
    text.push_str(&format!("{line:gutter$} | {}\n", shown.trim_end()));
    text.push_str(&format!("{:gutter$} | {}{words}\n", "", marks.trim_end()));
}

/// A character as it is shown, and how many columns it takes.
fn cell(character: char) -> (String, usize) {
    match character {
        '\t' => ("    ".to_owned(), 4),
        _ if character.is_control() => ("\u{fffd}".to_owned(), 1),
        _ => (character.to_string(), width(character)),
    }
}

/// How many columns a character takes on a terminal: East Asian characters and emoji two,
/// combining marks none.
fn width(character: char) -> usize {
    match u32::from(character) {
        0x300..=0x36F | 0x200B..=0x200F | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F
        | 0x2E80..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1FAFF
        | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

/// A diagnostic for programs: `severity`, `code`, `message`, `file`, `line`, `column`, `end_line`,
/// `end_column` (of the last character), `related` and `help`; what is not known is left out.
#[must_use]
pub fn to_json(diagnostic: &Diagnostic, sources: &SourceMap) -> serde_json::Value {
    let mut object = serde_json::Map::new();
    let mut put = |key: &str, value: serde_json::Value| object.insert(key.to_owned(), value);
    put("severity", diagnostic.severity.to_string().into());
    put("code", diagnostic.code.as_str().into());
    put("message", diagnostic.message.as_str().into());
    if let Some(span) = diagnostic.span {
        for (key, value) in place_json(span, sources) {
            put(&key, value);
        }
    }
    if !diagnostic.related.is_empty() {
        let related = diagnostic.related.iter().map(|(span, words)| {
            let mut place = place_json(*span, sources);
            place.insert("message".to_owned(), words.as_str().into());
            serde_json::Value::Object(place)
        });
        put("related", related.collect());
    }
    if let Some(help) = &diagnostic.help {
        put("help", help.as_str().into());
    }
    serde_json::Value::Object(object)
}

fn place_json(span: Span, sources: &SourceMap) -> serde_json::Map<String, serde_json::Value> {
    let location = sources.location(span);
    let mut place = serde_json::Map::new();
    place.insert("file".to_owned(), location.file.as_ref().into());
    for (key, value) in [
        ("line", location.begin.line),
        ("column", location.begin.column),
        ("end_line", location.end.line),
        ("end_column", location.end.column),
    ] {
        place.insert(key.to_owned(), value.into());
    }
    place
}

#[cfg(test)]
mod tests {
    use super::{Code, Diagnostic, render, to_json};
    use crate::source::{SourceMap, Span};

    #[test]
    fn marks_the_characters_under_tabs_and_wide_characters() {
        let mut sources = SourceMap::default();
        let text = "\"日本\"\t\\in x\nend";
        let file = sources.add("A.tla", text);
        let at = u32::try_from(text.find("x").unwrap()).unwrap();
        let span = |start, end| Span { file, start, end };
        let diagnostic = Diagnostic::error(Code::Unknown, span(at, at + 1), "unknown name `x`")
            .with_related(span(at + 2, at + 5), "see here")
            .with_help("declare it");
        let expected = "error: unknown name `x`\n \
            --> A.tla:1:10\n  \
            |\n1 | \"日本\"    \\in x\n  \
            |               ^\n \
            ::: A.tla:2:1\n  \
            |\n2 | end\n  \
            | ^^^ see here\n  \
            = help: declare it\n";
        assert_eq!(render(&diagnostic, &sources), expected);
        let json = to_json(&diagnostic, &sources);
        assert_eq!(json["column"], 10);
        assert_eq!(json["related"][0]["message"], "see here");
        assert_eq!(json["code"], "unknown");
    }

    #[test]
    fn shows_the_end_of_the_text_and_nowhere() {
        let mut sources = SourceMap::default();
        let file = sources.add("A.tla", "ab");
        let end = Span {
            file,
            start: 2,
            end: 2,
        };
        let shown = render(&Diagnostic::error(Code::Syntax, end, "missing"), &sources);
        assert!(shown.contains("1 | ab\n  |   ^\n"), "{shown}");
        let mut nowhere = Diagnostic::error(Code::Syntax, end, "missing");
        nowhere.span = None;
        assert_eq!(render(&nowhere, &sources), "error: missing\n");
    }
}
