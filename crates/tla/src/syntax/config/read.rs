//! From the text of a configuration file to a [`Config`].
//!
//! The tokens and comments are those of TLA+. A statement goes on until the next keyword, which is
//! why no name may be one.

use std::collections::HashMap;

use super::{Config, ConfigValue, ConstantSetting, ConstantValue, Named};
use crate::diagnostic::{Code, Diagnostic, has_error};
use crate::source::{FileId, Span};
use crate::symbol::Symbol;
use crate::syntax::lexer;
use crate::syntax::operators::Op;
use crate::syntax::token::{Keyword as Word, Token, TokenKind};

/// How deep sets may nest.
const MAX_SET_DEPTH: u32 = 100;

/// What reading a configuration file gave.
#[derive(Debug)]
pub struct ParsedConfig {
    /// What it says, as far as it could be read.
    pub config: Config,
    /// Errors and warnings in order of the text; with an error the file must not be used.
    pub diagnostics: Vec<Diagnostic>,
}

impl ParsedConfig {
    /// Whether it has no errors.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        !has_error(&self.diagnostics)
    }
}

/// Reads a configuration file.
#[must_use]
pub fn parse_config(file: FileId, text: &str) -> ParsedConfig {
    let lexed = lexer::tokenize_config(file, text);
    let mut reader = Reader {
        file,
        text,
        tokens: lexed.tokens,
        at: 0,
        config: Config::default(),
        set: HashMap::new(),
        diagnostics: lexed.diagnostics,
    };
    while reader.kind() != TokenKind::End {
        if reader.statement().is_err() {
            reader.recover();
        }
    }
    reader
        .diagnostics
        .sort_by_key(|found| found.span.map(|span| span.start));
    ParsedConfig {
        config: reader.config,
        diagnostics: reader.diagnostics,
    }
}

/// What starts a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keyword {
    Constants,
    Init,
    Next,
    Specification,
    Invariants,
    Properties,
    Constraints,
    ActionConstraints,
    Symmetry,
    View,
    Alias,
    Postconditions,
    CheckDeadlock,
    /// TLC's own experiments that change no verdict.
    Ignored,
    /// `_POSSIBLE`, which would.
    Possible,
}

/// Every keyword with its spelling.
const KEYWORDS: [(&str, Keyword); 22] = [
    ("CONSTANT", Keyword::Constants),
    ("CONSTANTS", Keyword::Constants),
    ("INIT", Keyword::Init),
    ("NEXT", Keyword::Next),
    ("SPECIFICATION", Keyword::Specification),
    ("INVARIANT", Keyword::Invariants),
    ("INVARIANTS", Keyword::Invariants),
    ("PROPERTY", Keyword::Properties),
    ("PROPERTIES", Keyword::Properties),
    ("CONSTRAINT", Keyword::Constraints),
    ("CONSTRAINTS", Keyword::Constraints),
    ("ACTION_CONSTRAINT", Keyword::ActionConstraints),
    ("ACTION_CONSTRAINTS", Keyword::ActionConstraints),
    ("SYMMETRY", Keyword::Symmetry),
    ("VIEW", Keyword::View),
    ("ALIAS", Keyword::Alias),
    ("POSTCONDITION", Keyword::Postconditions),
    ("POSTCONDITIONS", Keyword::Postconditions),
    ("CHECK_DEADLOCK", Keyword::CheckDeadlock),
    ("_PERIODIC", Keyword::Ignored),
    ("_RL_REWARD", Keyword::Ignored),
    ("_POSSIBLE", Keyword::Possible),
];

fn keyword(text: &str) -> Option<Keyword> {
    let found = KEYWORDS.iter().find(|(spelling, _)| *spelling == text)?;
    Some(found.1)
}

/// The keyword that a word is likely meant to be.
fn likely_keyword(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_uppercase();
    let meant = match word.as_str() {
        "SPEC" | "SPECIFICATIONS" => "SPECIFICATION",
        "CONST" | "CONSTS" => "CONSTANTS",
        "INV" | "INVS" => "INVARIANTS",
        "PROP" | "PROPS" | "PROPERTYS" | "TEMPORAL" => "PROPERTIES",
        "DEADLOCK" | "CHECKDEADLOCK" => "CHECK_DEADLOCK",
        "SYMMETRIES" => "SYMMETRY",
        _ => {
            let stem = |text: &str| text.trim_end_matches('S').replace('_', "");
            let known = KEYWORDS.iter().map(|(spelling, _)| *spelling);
            return known.into_iter().find(|known| stem(known) == stem(&word));
        }
    };
    Some(meant)
}

/// The mark of a mistake; what it is has been added to the diagnostics.
struct Failed;

/// Whether a second setting of the same name is a mistake.
fn is_plain(value: &ConstantValue) -> bool {
    match value {
        ConstantValue::Value { arguments, .. } => arguments.is_empty(),
        ConstantValue::Operator(_) => true,
        ConstantValue::OperatorIn { .. } | ConstantValue::ValueIn { .. } => false,
    }
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    config: Config,
    /// Where names were first set.
    set: HashMap<Symbol, Span>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn kind(&self) -> TokenKind {
        self.tokens
            .get(self.at)
            .map_or(TokenKind::End, |token| token.kind)
    }

    fn span(&self) -> Span {
        let (start, end) = self
            .tokens
            .get(self.at)
            .map_or((0, 0), |token| (token.start, token.end));
        Span {
            file: self.file,
            start,
            end,
        }
    }

    fn word(&self) -> &'a str {
        let span = self.span();
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    fn advance(&mut self) {
        if self.kind() != TokenKind::End {
            self.at += 1;
        }
    }

    /// Whether a statement ends here.
    fn at_end(&self) -> bool {
        self.kind() == TokenKind::End || keyword(self.word()).is_some()
    }

    /// Moves to the next keyword.
    fn recover(&mut self) {
        while !self.at_end() {
            self.advance();
        }
    }

    fn fail(&mut self, span: Span, message: impl Into<String>, help: &str) -> Failed {
        self.diagnostics
            .push(Diagnostic::error(Code::Config, span, message).with_help(help));
        Failed
    }

    fn unexpected(&mut self, wanted: &str, help: &str) -> Failed {
        let found = match self.kind() {
            TokenKind::End => "the end of the file".to_owned(),
            _ => format!("`{}`", self.word()),
        };
        self.fail(
            self.span(),
            format!("expected {wanted}, found {found}"),
            help,
        )
    }

    fn statement(&mut self) -> Result<(), Failed> {
        let word = self.word();
        let Some(known) = keyword(word) else {
            let help = match likely_keyword(word) {
                Some(meant) => format!("write `{meant}`"),
                None => "a statement starts with a keyword such as SPECIFICATION, INIT, NEXT, \
                         CONSTANTS, INVARIANTS or PROPERTIES"
                    .to_owned(),
            };
            return Err(self.unexpected("a keyword", &help));
        };
        let at = self.span();
        self.advance();
        match known {
            Keyword::Constants => {
                while !self.at_end() {
                    let setting = self.constant()?;
                    if is_plain(&setting.value) {
                        let Named { name, span } = setting.name;
                        self.set.entry(name).or_insert(span);
                    }
                    self.config.constants.push(setting);
                }
            }
            Keyword::Init => self.single(at, word, |config| &mut config.init)?,
            Keyword::Next => self.single(at, word, |config| &mut config.next)?,
            Keyword::Specification => self.single(at, word, |config| &mut config.specification)?,
            Keyword::View => self.single(at, word, |config| &mut config.view)?,
            Keyword::Alias => self.single(at, word, |config| &mut config.alias)?,
            Keyword::Symmetry => {
                let name = self.name(word)?;
                if !self.config.symmetry.is_empty() {
                    return Err(self.twice(at, word));
                }
                self.config.symmetry.push(name);
            }
            Keyword::Invariants => self.names(|config| &mut config.invariants)?,
            Keyword::Properties => self.names(|config| &mut config.properties)?,
            Keyword::Constraints => self.names(|config| &mut config.constraints)?,
            Keyword::ActionConstraints => self.names(|config| &mut config.action_constraints)?,
            Keyword::Postconditions => self.names(|config| &mut config.postcondition)?,
            Keyword::CheckDeadlock => {
                let value = match self.word() {
                    "TRUE" => true,
                    "FALSE" => false,
                    _ => return Err(self.unexpected("TRUE or FALSE", "write TRUE or FALSE")),
                };
                self.advance();
                if self.config.check_deadlock.replace(value).is_some() {
                    return Err(self.twice(at, word));
                }
            }
            Keyword::Ignored => {
                self.name(word)?;
                let message = format!("`{word}` has no effect");
                self.diagnostics
                    .push(Diagnostic::warning(Code::Config, at, message));
            }
            Keyword::Possible => {
                let message = format!("`{word}` is not supported");
                return Err(self.fail(at, message, "check that the negation is violated instead"));
            }
        }
        Ok(())
    }

    fn twice(&mut self, at: Span, word: &str) -> Failed {
        self.fail(at, format!("`{word}` appears twice"), "remove one of them")
    }

    /// The one name after a keyword.
    fn name(&mut self, keyword_text: &str) -> Result<Named, Failed> {
        if !is_name(self.kind()) || keyword(self.word()).is_some() {
            let wanted = format!("a name after `{keyword_text}`");
            return Err(self.unexpected(&wanted, name_help(self.kind())));
        }
        let name = self.named();
        Ok(name)
    }

    fn named(&mut self) -> Named {
        let name = Named {
            name: Symbol::new(self.word()),
            span: self.span(),
        };
        self.advance();
        name
    }

    fn single(
        &mut self,
        at: Span,
        keyword_text: &str,
        field: impl FnOnce(&mut Config) -> &mut Option<Named>,
    ) -> Result<(), Failed> {
        let name = self.name(keyword_text)?;
        if field(&mut self.config).replace(name).is_some() {
            return Err(self.twice(at, keyword_text));
        }
        Ok(())
    }

    /// Names up to the next keyword.
    fn names(&mut self, field: impl Fn(&mut Config) -> &mut Vec<Named>) -> Result<(), Failed> {
        while !self.at_end() {
            if !is_name(self.kind()) {
                return Err(self.unexpected("a name", name_help(self.kind())));
            }
            if let Some(meant) = likely_keyword(self.word()).filter(|_| {
                self.word()
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
            }) {
                let message = format!("`{}` is read as a name here", self.word());
                self.diagnostics.push(
                    Diagnostic::warning(Code::Config, self.span(), message)
                        .with_help(format!("the keyword is `{meant}`")),
                );
            }
            let name = self.named();
            field(&mut self.config).push(name);
        }
        Ok(())
    }

    /// One line under `CONSTANTS`.
    fn constant(&mut self) -> Result<ConstantSetting, Failed> {
        let start = self.span();
        let mut end = start;
        let wanted = "the name of a constant";
        let after = self.tokens.get(self.at + 1).map(|token| token.kind);
        let is_operator =
            matches!(self.kind(), TokenKind::Operator(_)) && after == Some(TokenKind::Substitute);
        if !is_name(self.kind()) && !is_operator {
            let help = match self.kind() {
                TokenKind::Operator(_) => {
                    "values are plain: define an interval or a sum in the module and write \
                     `Name <- Operator`"
                }
                _ => "a setting is `Name = value` or `Name <- Operator`, without separators",
            };
            return Err(self.unexpected(wanted, help));
        }
        let mut text = self.word().to_owned();
        self.advance();
        while self.kind() == TokenKind::Bang {
            self.advance();
            if !is_name(self.kind()) {
                return Err(self.unexpected("a name after `!`", "complete the qualified name"));
            }
            text.push('!');
            text.push_str(self.word());
            end = self.span();
            self.advance();
        }
        let name = Named {
            name: Symbol::new(&text),
            span: start.to(end),
        };
        if let Some(earlier) = self.set.get(&name.name) {
            let twice =
                Diagnostic::warning(Code::Config, name.span, format!("`{text}` is set twice"))
                    .with_related(*earlier, "first set here");
            self.diagnostics.push(twice);
        }
        if self.kind() == TokenKind::Substitute {
            self.advance();
            let value = self.substitution()?;
            return Ok(ConstantSetting { name, value });
        }
        let mut arguments = Vec::new();
        if self.kind() == TokenKind::LeftParen {
            loop {
                self.advance();
                arguments.push(self.value(0)?);
                if self.kind() != TokenKind::Comma {
                    break;
                }
            }
            if self.kind() != TokenKind::RightParen {
                return Err(self.unexpected("`,` or `)`", "close the list of arguments"));
            }
            self.advance();
        }
        if self.kind() != TokenKind::Operator(Op::Equal) {
            let help = match self.kind() {
                TokenKind::Define | TokenKind::Operator(Op::Assign) | TokenKind::Colon => {
                    "write `=` for a value and `<-` for an operator of the module"
                }
                _ => "a setting is `Name = value` or `Name <- Operator`",
            };
            return Err(self.unexpected("`=` or `<-`", help));
        }
        self.advance();
        let value = if self.kind() == TokenKind::LeftBracket {
            let module = self.module()?;
            let value = self.value(0)?;
            if !arguments.is_empty() {
                let message = "a setting with arguments cannot be for one module";
                return Err(self.fail(name.span, message, "define the operator in a module"));
            }
            ConstantValue::ValueIn { module, value }
        } else {
            let value = self.value(0)?;
            ConstantValue::Value { arguments, value }
        };
        Ok(ConstantSetting { name, value })
    }

    /// `Operator` or `[Module] Operator`, after `<-`.
    fn substitution(&mut self) -> Result<ConstantValue, Failed> {
        let module = if self.kind() == TokenKind::LeftBracket {
            Some(self.module()?)
        } else {
            None
        };
        if !is_name(self.kind()) && !matches!(self.kind(), TokenKind::Operator(_)) {
            let help = "only the name of an operator may stand here: define one in the module";
            return Err(self.unexpected("the name of an operator", help));
        }
        let operator = self.named();
        Ok(match module {
            Some(module) => ConstantValue::OperatorIn { module, operator },
            None => ConstantValue::Operator(operator),
        })
    }

    /// `[Module]`
    fn module(&mut self) -> Result<Named, Failed> {
        self.advance();
        if !is_name(self.kind()) {
            return Err(self.unexpected("the name of a module", "write `[Module]`"));
        }
        let module = self.named();
        if self.kind() != TokenKind::RightBracket {
            return Err(self.unexpected("`]`", "write `[Module]`"));
        }
        self.advance();
        Ok(module)
    }

    fn value(&mut self, depth: u32) -> Result<ConfigValue, Failed> {
        let text = self.word();
        let value = match self.kind() {
            TokenKind::Number => match text.parse::<i32>() {
                Ok(number) => ConfigValue::Int(number.into()),
                Err(_) => {
                    let help = "numbers are in base ten and below 2147483648";
                    return Err(self.fail(self.span(), "the number cannot be read", help));
                }
            },
            TokenKind::String => {
                let inner = text.strip_prefix('"').unwrap_or(text);
                ConfigValue::String(Symbol::new(inner.strip_suffix('"').unwrap_or(inner)))
            }
            TokenKind::LeftBrace => return self.set(depth),
            _ if text == "TRUE" => ConfigValue::Bool(true),
            _ if text == "FALSE" => ConfigValue::Bool(false),
            TokenKind::Identifier => ConfigValue::Model(Symbol::new(text)),
            _ => {
                let help = "a value is a number, a string, TRUE, FALSE, a model value or a set of \
                            these; define anything else in the module and write `Name <- Operator`";
                return Err(self.unexpected("a value", help));
            }
        };
        self.advance();
        Ok(value)
    }

    fn set(&mut self, depth: u32) -> Result<ConfigValue, Failed> {
        if depth >= MAX_SET_DEPTH {
            let message = format!("sets nest deeper than {MAX_SET_DEPTH} levels");
            return Err(self.fail(self.span(), message, "define the set in the module"));
        }
        let mut elements = Vec::new();
        self.advance();
        if self.kind() != TokenKind::RightBrace {
            elements.push(self.value(depth + 1)?);
            while self.kind() == TokenKind::Comma {
                self.advance();
                elements.push(self.value(depth + 1)?);
            }
        }
        if self.kind() != TokenKind::RightBrace {
            let help = "elements are separated by commas; an interval such as 1..3 must be \
                        defined in the module and set by `Name <- Operator`";
            return Err(self.unexpected("`,` or `}`", help));
        }
        self.advance();
        Ok(ConfigValue::Set(elements))
    }
}

/// Whether a token may name something.
fn is_name(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Identifier)
        || matches!(kind, TokenKind::Keyword(word) if word != Word::Constant)
}

/// What to do about a token where a name should be.
fn name_help(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Comma => "names are separated by spaces or line breaks, without commas",
        TokenKind::Colon => "no colon follows a keyword",
        TokenKind::Operator(Op::Equal) => "write the keyword and the name without `=`",
        TokenKind::Bang => "define a name for the qualified one in the module and write that",
        _ => {
            "only names of definitions may stand here: define a name for the formula in the module"
        }
    }
}
