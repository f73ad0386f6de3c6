//! From text to tokens.
//!
//! A module begins at the first `---- MODULE`; what stands before it, and after the `====` that
//! ends it, is free text. Symbols are read greedily: the longest one that fits.

use super::operators::{Fixity, Op};
use super::token::{Keyword, Token, TokenKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// The tokens of a module, ended by [`TokenKind::End`], and what was wrong with the text.
pub(super) struct Tokens {
    /// In order of the text.
    pub(super) tokens: Vec<Token>,
    /// In order of the text.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads the tokens of the first module in a text.
pub(super) fn tokenize(file: FileId, text: &str) -> Tokens {
    let mut lexer = Lexer::new(file, text);
    if lexer.skip_to_header() {
        lexer.read(true);
    }
    lexer.push(TokenKind::End, 0);
    mark(&mut lexer.tokens);
    lexer.finish()
}

/// Reads the tokens of a configuration file: those of a module, without header and end.
pub(super) fn tokenize_config(file: FileId, text: &str) -> Tokens {
    let mut lexer = Lexer::new(file, text);
    lexer.read(false);
    lexer.push(TokenKind::End, 0);
    lexer.finish()
}

/// Longest symbol that is written in ASCII punctuation, such as `-+->`.
const LONGEST_SYMBOL: usize = 4;

struct Lexer<'a> {
    file: FileId,
    text: &'a str,
    bytes: &'a [u8],
    /// Byte offset of what is read next.
    at: usize,
    /// Its column.
    column: u32,
    tokens: Vec<Token>,
    diagnostics: Vec<Diagnostic>,
}

/// A byte offset as tokens hold it; `parse_module` refuses texts for which it would not fit.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl<'a> Lexer<'a> {
    fn new(file: FileId, text: &'a str) -> Lexer<'a> {
        Lexer {
            file,
            text,
            bytes: text.as_bytes(),
            at: 0,
            column: 1,
            tokens: Vec::with_capacity(text.len() / 5),
            diagnostics: Vec::new(),
        }
    }

    fn finish(self) -> Tokens {
        Tokens {
            tokens: self.tokens,
            diagnostics: self.diagnostics,
        }
    }

    /// Moves to the first `---- MODULE`; false if there is none.
    fn skip_to_header(&mut self) -> bool {
        let mut from = 0;
        while let Some(found) = self.text.get(from..).and_then(|rest| rest.find("----")) {
            let dashes = from + found;
            if header_length(self.bytes.get(dashes..).unwrap_or_default()).is_some() {
                self.skip(dashes - self.at);
                return true;
            }
            from = dashes + run_length(self.bytes.get(dashes..).unwrap_or_default(), b'-');
        }
        self.skip(self.text.len() - self.at);
        false
    }

    /// Reads to the end of the text, or up to the `====` of the module that starts here.
    fn read(&mut self, module: bool) {
        let mut depth = 0_u32;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.skip(1),
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'0'..=b'9' => self.word(byte),
                b'"' => self.string(),
                b'\\' => self.backslash(),
                b'(' if self.rest().starts_with(b"(*") => {
                    if !self.block_comment() {
                        return;
                    }
                }
                b'-' if self.rest().starts_with(b"----") => {
                    if let Some(length) = header_length(self.rest()) {
                        depth += 1;
                        self.push(TokenKind::BeginModule, length);
                    } else {
                        self.push(TokenKind::Separator, run_length(self.rest(), b'-'));
                    }
                }
                b'=' if self.rest().starts_with(b"====") => {
                    self.push(TokenKind::EndModule, run_length(self.rest(), b'='));
                    depth = depth.saturating_sub(1);
                    if module && depth == 0 {
                        return;
                    }
                }
                b'<' if matches!(self.bytes.get(self.at + 1), Some(b'0'..=b'9' | b'+' | b'*'))
                    && self.step() => {}
                _ => self.symbol(),
            }
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn slice(&self, length: usize) -> &'a str {
        self.text.get(self.at..self.at + length).unwrap_or_default()
    }

    /// Adds a token of that many bytes.
    fn push(&mut self, kind: TokenKind, length: usize) {
        self.tokens.push(Token {
            kind,
            starts_definition: false,
            opens_bound: false,
            start: offset(self.at),
            end: offset(self.at + length),
            column: self.column,
        });
        self.skip(length);
    }

    /// Adds a token of that many bytes, all of which are ASCII without tabs or line breaks.
    fn push_ascii(&mut self, kind: TokenKind, length: usize) {
        self.tokens.push(Token {
            kind,
            starts_definition: false,
            opens_bound: false,
            start: offset(self.at),
            end: offset(self.at + length),
            column: self.column,
        });
        self.at += length;
        self.column = self.column.saturating_add(offset(length));
    }

    /// Passes over that many bytes, counting columns.
    fn skip(&mut self, length: usize) {
        let end = self.at + length;
        while self.at < end {
            let byte = self.bytes.get(self.at).copied().unwrap_or_default();
            self.at += 1;
            match byte {
                b'\n' => self.column = 1,
                b'\r' if self.bytes.get(self.at) != Some(&b'\n') => self.column = 1,
                // A tab ends at the next multiple of eight.
                b'\t' => self.column = self.column.saturating_add(7) / 8 * 8 + 1,
                // Of a character beyond ASCII the first byte counts, twice beyond 16 bits.
                0x80..=0xBF => {}
                0xF0.. => self.column = self.column.saturating_add(2),
                _ => self.column = self.column.saturating_add(1),
            }
        }
    }

    fn report(&mut self, length: usize, message: impl Into<String>, help: &str) {
        let span = Span {
            file: self.file,
            start: offset(self.at),
            end: offset(self.at + length),
        };
        self.diagnostics
            .push(Diagnostic::error(Code::Token, span, message).with_help(help));
    }

    /// An identifier, a reserved word or a number.
    fn word(&mut self, first: u8) {
        let rest = self.rest();
        if rest.starts_with(b"WF_") || rest.starts_with(b"SF_") {
            let keyword = if first == b'W' {
                Keyword::WeakFairness
            } else {
                Keyword::StrongFairness
            };
            return self.push_ascii(TokenKind::Keyword(keyword), 3);
        }
        let length = rest
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
            .count();
        let word = self.slice(length);
        let (kind, length) = if !first.is_ascii_alphabetic()
            && !word.bytes().any(|byte| byte.is_ascii_alphabetic())
        {
            if first == b'_' {
                (TokenKind::Underscore, 1)
            } else {
                let digits = word.bytes().take_while(u8::is_ascii_digit).count();
                (TokenKind::Number, digits)
            }
        } else {
            (word_kind(first, word), length)
        };
        self.push_ascii(kind, length);
    }

    fn string(&mut self) {
        let rest = self.rest();
        let mut at = 1;
        loop {
            match rest.get(at) {
                Some(b'"') => return self.push(TokenKind::String, at + 1),
                Some(b'\\')
                    if matches!(
                        rest.get(at + 1),
                        Some(b'n' | b't' | b'r' | b'f' | b'\\' | b'"')
                    ) =>
                {
                    at += 2;
                }
                Some(b'\\') => {
                    let length = 1 + self
                        .character_at(self.at + at + 1)
                        .map_or(0, char::len_utf8);
                    let start = at;
                    let span = Span {
                        file: self.file,
                        start: offset(self.at + start),
                        end: offset(self.at + start + length),
                    };
                    let message = "a string has an escape that TLA+ does not know";
                    self.diagnostics
                        .push(Diagnostic::error(Code::Token, span, message).with_help(
                            r#"the escapes are \n, \t, \r, \f, \\ and \"; write a backslash as \\"#,
                        ));
                    at += 1;
                }
                None | Some(b'\n' | b'\r') => {
                    self.report(
                        at,
                        "the string does not end on its line",
                        "close it with \" on the same line; write a line break inside as \\n",
                    );
                    return self.push(TokenKind::String, at);
                }
                Some(_) => at += 1,
            }
        }
    }

    fn character_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// A comment to the end of the line, a number in another base, or a named operator.
    fn backslash(&mut self) {
        let rest = self.rest();
        match rest.get(1) {
            Some(b'*') => {
                let length = rest
                    .iter()
                    .position(|byte| matches!(byte, b'\n' | b'\r'))
                    .unwrap_or(rest.len());
                self.skip(length);
            }
            Some(base @ (b'b' | b'B' | b'o' | b'O' | b'h' | b'H')) => {
                let is_digit = |byte: &&u8| match base {
                    b'b' | b'B' => matches!(byte, b'0' | b'1'),
                    b'o' | b'O' => matches!(byte, b'0'..=b'7'),
                    _ => byte.is_ascii_hexdigit(),
                };
                let digits = rest.iter().skip(2).take_while(is_digit).count();
                if digits > 0 {
                    self.push_ascii(TokenKind::Number, digits + 2);
                } else {
                    self.named();
                }
            }
            Some(byte) if byte.is_ascii_alphabetic() => self.named(),
            _ => self.symbol(),
        }
    }

    /// The longest operator `\name` that the letters here start with, or set difference.
    fn named(&mut self) {
        let letters = self
            .rest()
            .iter()
            .skip(1)
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        for length in (1..=letters.min("\\sqsupseteq".len()) + 1).rev() {
            if let Some(kind) = TokenKind::from_symbol(self.slice(length)) {
                return self.push_ascii(kind, length);
            }
        }
    }

    /// Passes over a block comment; false if it does not end.
    fn block_comment(&mut self) -> bool {
        let rest = self.rest();
        let mut depth = 1_usize;
        let mut at = 2;
        while depth > 0 {
            match rest.get(at) {
                None => {
                    let help = "comments nest: each (* needs its own *)";
                    self.report(2, "the comment that starts here does not end", help);
                    self.skip(self.text.len() - self.at);
                    return false;
                }
                Some(b'(') if rest.get(at + 1) == Some(&b'*') => {
                    depth += 1;
                    at += 2;
                }
                Some(b'*') if rest.get(at + 1) == Some(&b')') => {
                    depth -= 1;
                    at += 2;
                }
                Some(_) => at += 1,
            }
        }
        self.skip(at);
        true
    }

    /// The number of a proof step, such as `<1>`, `<2>a.` or `<*>`; false if it is none.
    fn step(&mut self) -> bool {
        let rest = self.rest();
        let implicit = !rest.get(1).is_some_and(u8::is_ascii_digit);
        let level = if implicit {
            1
        } else {
            rest.iter()
                .skip(1)
                .take_while(|byte| byte.is_ascii_digit())
                .count()
        };
        if rest.get(1 + level) != Some(&b'>') {
            return false;
        }
        let name_at = level + 2;
        let name = rest
            .iter()
            .skip(name_at)
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
            .count();
        let after = rest.get(name_at + name..).unwrap_or_default();
        let dots = run_length(after, b'.');
        let (kind, length) = if name > 0 {
            let named = dots == 0 && !(implicit && rest.get(1) == Some(&b'+'));
            let kind = if named {
                TokenKind::Step
            } else {
                TokenKind::StepStart
            };
            (kind, name_at + name + dots)
        } else {
            let mark = usize::from(matches!(after.first(), Some(b'*' | b'-')));
            let dots = run_length(after.get(mark..).unwrap_or_default(), b'.');
            (TokenKind::StepStart, name_at + mark + dots)
        };
        self.push_ascii(kind, length);
        true
    }

    /// Text in typographic quotation marks: reported, and read as a string if it ends on its line.
    fn curly_string(&mut self, quote: char) {
        let help = "strings stand between straight double quotes";
        let message = format!("TLA+ has no quotation mark {quote}");
        let first = quote.len_utf8();
        let line = self.text.get(self.at + first..).unwrap_or_default();
        let line = line.lines().next().unwrap_or_default();
        self.report(first, message, help);
        match line.find(['“', '”', '"', '’']) {
            Some(end) => {
                let last = line.get(end..).and_then(|rest| rest.chars().next());
                let length = first + end + last.map_or(0, char::len_utf8);
                self.push(TokenKind::String, length);
            }
            None => self.skip(first),
        }
    }

    /// Passes over the rest of the line.
    fn skip_line(&mut self) {
        let length = self
            .rest()
            .iter()
            .take_while(|&&byte| byte != b'\n')
            .count();
        self.skip(length);
    }

    fn symbol(&mut self) {
        let rest = self.rest();
        for keyword in ["[]ASSUME", "[]PROVE"] {
            if rest.starts_with(keyword.as_bytes())
                && let Some(known) = Keyword::from_text(keyword)
            {
                return self.push_ascii(TokenKind::Keyword(known), keyword.len());
            }
        }
        let longest = rest
            .iter()
            .take(LONGEST_SYMBOL)
            .take_while(|byte| byte.is_ascii_graphic())
            .count();
        for length in (1..=longest).rev() {
            if let Some(kind) = TokenKind::from_symbol(self.slice(length)) {
                return self.push_ascii(kind, length);
            }
        }
        let Some(character) = self.character_at(self.at) else {
            return self.skip(1);
        };
        let length = character.len_utf8();
        if character == '@' || matches!(character, 'ℕ' | 'ℤ' | 'ℝ') {
            return self.push(TokenKind::Identifier, length);
        }
        if character == '⟩' && rest.get(length) == Some(&b'_') {
            return self.push(TokenKind::RightAngleSub, length + 1);
        }
        if let Some(kind) = TokenKind::from_symbol(self.slice(length)) {
            return self.push(kind, length);
        }
        if matches!(character, '“' | '”' | '„' | '‘' | '’') {
            return self.curly_string(character);
        }
        if character == '`' {
            let length = run_length(rest, b'`');
            self.report(
                length,
                "TLA+ has no backquotes",
                "remove the Markdown code fence",
            );
            return self.skip_line();
        }
        let message = format!("TLA+ has no character {character:?}");
        self.report(length, message, character_help(character));
        self.skip(length);
    }
}

/// What a word that starts with a letter, or has one, is.
fn word_kind(first: u8, word: &str) -> TokenKind {
    if !first.is_ascii_uppercase() {
        return TokenKind::Identifier;
    }
    if let Some(keyword) = Keyword::from_text(word) {
        return TokenKind::Keyword(keyword);
    }
    Op::from_spelling(word).map_or(TokenKind::Identifier, TokenKind::Operator)
}

/// What to do about a character that TLA+ does not have.
fn character_help(character: char) -> &'static str {
    match character {
        ';' => "statements have no end mark: remove it, and join formulas by /\\",
        '?' => "write IF condition THEN a ELSE b",
        '\u{a0}' | '\u{2000}'..='\u{200b}' | '\u{202f}' | '\u{3000}' | '\u{feff}' => {
            "it looks like a space but is none: replace it by an ordinary space"
        }
        '–' | '—' | '−' | '‐' | '‑' => "it looks like a minus sign but is none: write -",
        '\u{b}' | '\u{c}' => "replace it by a line break",
        _ if character.is_alphanumeric() => "names have only the letters a to z, digits and _",
        _ => "remove it, or write the operator in ASCII",
    }
}

/// How many of these bytes the text starts with.
fn run_length(text: &[u8], byte: u8) -> usize {
    text.iter().take_while(|&&other| other == byte).count()
}

/// The length of `---- MODULE` if the text starts with it.
fn header_length(text: &[u8]) -> Option<usize> {
    let dashes = run_length(text, b'-');
    let rest = text.get(dashes..)?;
    let spaces = run_length(rest, b' ');
    let word = b"MODULE";
    (dashes >= 4 && rest.get(spaces..)?.starts_with(word)).then_some(dashes + spaces + word.len())
}

/// Marks where the left sides of definitions start, and the tuples that `\in` follows.
///
/// The grammar of TLA+ needs both: a definition ends where the next one starts, and `{<<x, y>> \in
/// S : p}` is told from a set of tuples by what follows the tuple.
fn mark(tokens: &mut [Token]) {
    let mut brackets: Vec<usize> = Vec::new();
    let mut angles: Vec<usize> = Vec::new();
    let mut last_bracket = None;
    for at in 0..tokens.len() {
        let Some(kind) = tokens.get(at).map(|token| token.kind) else {
            break;
        };
        match kind {
            TokenKind::LeftParen | TokenKind::LeftBracket => brackets.push(at),
            TokenKind::RightParen | TokenKind::RightBracket => last_bracket = brackets.pop(),
            TokenKind::LeftAngle => angles.push(at),
            TokenKind::RightAngle => {
                let open = angles.pop();
                let follows = tokens.get(at + 1).map(|token| token.kind);
                if follows == Some(TokenKind::Operator(Op::In))
                    && let Some(open) = open.and_then(|open| tokens.get_mut(open))
                {
                    open.opens_bound = true;
                }
            }
            TokenKind::Define => {
                let start = definition_start(tokens, at, last_bracket);
                if let Some(start) = start.and_then(|start| tokens.get_mut(start)) {
                    start.starts_definition = true;
                }
            }
            TokenKind::EndModule => {
                brackets.clear();
                angles.clear();
            }
            _ => {}
        }
    }
}

/// Where the definition starts whose `==` is the token with this index. `bracket` is the index
/// of the bracket that the last closing one closed.
fn definition_start(tokens: &[Token], define: usize, bracket: Option<usize>) -> Option<usize> {
    let kind = |at: usize| tokens.get(at).map(|token| token.kind);
    let is_name = |at: usize| kind(at) == Some(TokenKind::Identifier);
    let before = |at: usize, by: usize| at.checked_sub(by);
    let can_start = |at: usize| match before(at, 1).and_then(kind) {
        // An operator alone may be what is substituted or used before.
        Some(TokenKind::Operator(_)) => {
            let operand = before(at, 2).and_then(kind);
            !operand.is_some_and(TokenKind::ends_operand)
        }
        Some(
            TokenKind::Define | TokenKind::Substitute | TokenKind::Comma | TokenKind::LeftParen,
        ) => false,
        _ => true,
    };
    let last = before(define, 1)?;
    match kind(last)? {
        TokenKind::RightParen | TokenKind::RightBracket => {
            before(bracket?, 1).filter(|&name| is_name(name))
        }
        TokenKind::Identifier => {
            let Some(operator) = before(last, 1) else {
                return Some(last);
            };
            let first = before(operator, 1);
            match kind(operator)? {
                // Not where the expression before could go on: then an operand is missing there.
                TokenKind::Operator(op) if op.fixity() == Fixity::Infix => {
                    let first = first.filter(|&first| is_name(first) && can_start(first));
                    Some(first.unwrap_or(last))
                }
                TokenKind::Operator(op) if op.fixity() == Fixity::Prefix => {
                    Some(if can_start(operator) { operator } else { last })
                }
                _ => Some(last),
            }
        }
        TokenKind::Operator(op) if op.fixity() == Fixity::Postfix => {
            before(last, 1).filter(|&name| is_name(name))
        }
        _ => None,
    }
}
