//! From tokens to syntax trees, by recursive descent with an operator stack.
//!
//! The grammar is TLA+2 as SANY reads it. Layout matters in one place: an item of a junction list
//! ends at the first token that is not to the right of its bullet. All open lists are on a stack,
//! inside brackets and everywhere else, and no token of an item may stand at or left of the bullet.
//!
//! A mistake ends the unit it is in; reading goes on at the next one, so that one run finds several.

mod brackets;
mod expression;
mod hints;
mod primary;
mod proof;
mod reference;
#[cfg(test)]
mod tests;
mod unit;

use std::collections::HashMap;

use super::MAX_DEPTH;
use super::ast::{Ident, Module};
use super::lexer;
use super::operators::Op;
use super::pluscal;
use super::token::{Keyword, Token, TokenKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};
use crate::symbol::Symbol;
use expression::Item;

/// Most diagnostics that one text gives.
const MAX_DIAGNOSTICS: usize = 20;

/// What reading a text gave.
#[derive(Debug)]
pub struct Parsed {
    /// The module; `None` if the text has errors.
    pub module: Option<Module>,
    /// Errors and warnings in order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the first module of a text that `file` holds.
///
/// Recursion goes as deep as the text nests, up to [`MAX_DEPTH`]: call it on a thread with a large
/// stack (`crate::stack::with_deep_stack`).
#[must_use]
pub fn parse_module(file: FileId, text: &str) -> Parsed {
    let mut parser = Parser::new(file, text);
    let module = parser.module_file();
    let mut diagnostics = parser.diagnostics;
    let no_errors = diagnostics.is_empty();
    diagnostics.sort_by_key(|found| found.span.map(|span| span.start));
    diagnostics.truncate(MAX_DIAGNOSTICS);
    if let (true, Some(module)) = (no_errors, &module) {
        diagnostics.extend(pluscal::check(text, module.span));
    }
    Parsed {
        module: module.filter(|_| no_errors),
        diagnostics,
    }
}

/// The error of a module that is not named as its file, `file_stem.tla`.
#[must_use]
pub fn check_file_name(module: &Module, file_stem: &str) -> Option<Diagnostic> {
    let name = module.name;
    (name.name.as_str() != file_stem).then(|| {
        let message = format!("module `{}` is in the file `{file_stem}.tla`", name.name);
        Diagnostic::error(Code::Module, name.span, message).with_help(format!(
            "name the module `{file_stem}`, or the file `{}.tla`",
            name.name
        ))
    })
}

/// The mark of a mistake; what it is has been added to the diagnostics.
#[derive(Debug)]
struct Failed;

type Parse<T> = Result<T, Failed>;

/// The bullets of a junction list that is being read.
#[derive(Clone, Copy)]
struct Bullets {
    column: u32,
}

struct Parser<'a> {
    file: FileId,
    text: &'a str,
    tokens: Vec<Token>,
    /// Index of the token that is read next.
    at: usize,
    /// The junction lists around it.
    lists: Vec<Bullets>,
    /// Operands and operators of the expressions around it.
    stack: Vec<Item>,
    /// How many expressions and modules are around it.
    depth: u32,
    /// The greatest height of the expressions finished since it was last set to zero.
    height: u32,
    /// The operator read last.
    last_op: Option<Op>,
    /// The levels of the proofs around it; `None` before the first step.
    proofs: Vec<Option<u64>>,
    /// Whether reading must stop.
    stopped: bool,
    symbols: HashMap<&'a str, Symbol>,
    diagnostics: Vec<Diagnostic>,
}

const END: Token = Token {
    kind: TokenKind::End,
    starts_definition: false,
    opens_bound: false,
    start: 0,
    end: 0,
    column: 1,
};

impl<'a> Parser<'a> {
    fn new(file: FileId, text: &'a str) -> Parser<'a> {
        let lexed = lexer::tokenize(file, text);
        Parser {
            file,
            text,
            tokens: lexed.tokens,
            at: 0,
            lists: Vec::new(),
            stack: Vec::new(),
            depth: 0,
            height: 0,
            last_op: None,
            proofs: Vec::new(),
            stopped: false,
            symbols: HashMap::new(),
            diagnostics: lexed.diagnostics,
        }
    }

    // ---- looking ahead ----

    fn token(&self) -> Token {
        self.tokens.get(self.at).copied().unwrap_or(END)
    }

    fn kind(&self) -> TokenKind {
        self.token().kind
    }

    fn kind_after(&self, by: usize) -> TokenKind {
        self.tokens
            .get(self.at + by)
            .map_or(TokenKind::End, |token| token.kind)
    }

    fn is(&self, kind: TokenKind) -> bool {
        self.kind() == kind
    }

    fn is_keyword(&self, keyword: Keyword) -> bool {
        self.is(TokenKind::Keyword(keyword))
    }

    fn is_op(&self, op: Op) -> bool {
        self.is(TokenKind::Operator(op))
    }

    /// Whether the next token is to the right of the bullets of the innermost junction list.
    fn is_inside(&self) -> bool {
        let column = self.token().column;
        self.lists.last().is_none_or(|list| list.column < column)
    }

    fn span_of(&self, token: Token) -> Span {
        Span {
            file: self.file,
            start: token.start,
            end: token.end,
        }
    }

    fn span(&self) -> Span {
        self.span_of(self.token())
    }

    /// From a place to the end of the token read last.
    fn since(&self, start: Span) -> Span {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(start, |&token| Span {
            end: token.end.max(start.end),
            ..start
        })
    }

    fn text_of(&self, span: Span) -> &'a str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    // ---- reading tokens ----

    /// Takes the next token, which must be inside the innermost junction list.
    fn bump(&mut self) -> Parse<Token> {
        if !self.is_inside() {
            return Err(self.outside());
        }
        let token = self.token();
        self.advance();
        Ok(token)
    }

    fn advance(&mut self) {
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
    }

    /// Takes the next token if it is of this kind.
    fn eat(&mut self, kind: TokenKind) -> Parse<bool> {
        if !self.is(kind) {
            return Ok(false);
        }
        self.bump().map(|_| true)
    }

    /// Takes the next token, which must be of this kind; `wanted` says what it is in an error.
    fn expect(&mut self, kind: TokenKind, wanted: &str) -> Parse<Token> {
        if self.is(kind) {
            self.bump()
        } else {
            Err(self.unexpected(wanted))
        }
    }

    fn expect_keyword(&mut self, keyword: Keyword, wanted: &str) -> Parse<Token> {
        self.expect(TokenKind::Keyword(keyword), wanted)
    }

    fn identifier(&mut self, wanted: &str) -> Parse<Ident> {
        let token = self.expect(TokenKind::Identifier, wanted)?;
        Ok(self.ident(token))
    }

    /// A name where reserved words are allowed too: of a field or a module.
    fn loose_identifier(&mut self, wanted: &str) -> Parse<Ident> {
        if !self.kind().can_be_field() {
            return Err(self.unexpected(wanted));
        }
        let token = self.bump()?;
        Ok(self.ident(token))
    }

    fn ident(&mut self, token: Token) -> Ident {
        let span = self.span_of(token);
        let name = match token.kind {
            TokenKind::Operator(op) => Symbol::new(op.name()),
            _ => self.symbol(self.text_of(span)),
        };
        Ident { name, span }
    }

    fn symbol(&mut self, text: &'a str) -> Symbol {
        *self
            .symbols
            .entry(text)
            .or_insert_with(|| Symbol::new(text))
    }

    /// One or more of something with commas between.
    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Parse<T>) -> Parse<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.eat(TokenKind::Comma)? {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// Goes one level of nesting deeper for the time of `inner`.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= MAX_DEPTH {
            return Err(self.too_deep(self.span()));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    // ---- mistakes ----

    fn fail(&mut self, diagnostic: Diagnostic) -> Failed {
        self.diagnostics.push(diagnostic);
        Failed
    }

    fn too_deep(&mut self, span: Span) -> Failed {
        self.stopped = true;
        let message = format!("the text nests deeper than {MAX_DEPTH} levels");
        self.fail(
            Diagnostic::error(Code::TooLarge, span, message)
                .with_help("give parts of it names of their own"),
        )
    }

    /// The next token is not what the grammar allows here.
    fn unexpected(&mut self, wanted: &str) -> Failed {
        let hint = self.hint();
        self.unexpected_with(wanted, hint)
    }

    /// As [`Self::unexpected`], with what to do if no other cause is likely.
    fn unexpected_or(&mut self, wanted: &str, help: &str) -> Failed {
        let hint = self.hint().unwrap_or_else(|| help.to_owned());
        self.unexpected_with(wanted, Some(hint))
    }

    fn unexpected_with(&mut self, wanted: &str, help: Option<String>) -> Failed {
        if !self.is_inside() {
            return self.outside();
        }
        let token = self.token();
        let message = format!("expected {wanted}, found {}", self.describe(token));
        let mut diagnostic = Diagnostic::error(Code::Syntax, self.span(), message);
        diagnostic.help = help;
        self.fail(diagnostic)
    }

    /// The next token would belong to a junction list item but is not to the right of its bullet.
    fn outside(&mut self) -> Failed {
        let token = self.token();
        let column = self.lists.last().map_or(0, |list| list.column);
        let place = token.column;
        let side = if place < column { "left of" } else { "in" };
        let what = match token.kind {
            TokenKind::Operator(Op::And | Op::Or) => "the junction list item".to_owned(),
            _ => self.describe(token),
        };
        let message = format!("{what} at column {place} is {side} the list's column {column}");
        let before = self.text.get(..token.start as usize).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let help = if line.contains('\t') {
            "everything in an item stands to the right of its bullet; a tab reaches to the next \
             multiple of eight, so indent with spaces"
        } else {
            "everything in an item stands to the right of its bullet"
        };
        let span = self.span();
        self.fail(Diagnostic::error(Code::Syntax, span, message).with_help(help))
    }

    /// Takes the bracket that closes the one at `open`.
    fn close(&mut self, kind: TokenKind, wanted: &str, open: Span) -> Parse<Token> {
        if self.is(kind) {
            return self.bump();
        }
        let failed = self.unexpected_or(wanted, "close the bracket, or put what is missing before");
        if let Some(last) = self.diagnostics.last_mut() {
            last.related
                .push((open, "the bracket opens here".to_owned()));
        }
        Err(failed)
    }

    fn describe(&self, token: Token) -> String {
        match token.kind {
            TokenKind::End => "the end of the text".to_owned(),
            TokenKind::EndModule => "the end of the module".to_owned(),
            TokenKind::Separator => "a separator line".to_owned(),
            TokenKind::BeginModule => "a module header".to_owned(),
            _ => format!("`{}`", self.text_of(self.span_of(token))),
        }
    }
}
