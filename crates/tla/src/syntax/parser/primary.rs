//! Operands: junction lists, literals, and the expressions that run on as far as they can.

use super::expression::Operand;
use super::{Bullets, Failed, Parse, Parser};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::symbol::Symbol;
use crate::syntax::ast::{Bound, Expr, ExprKind, Ident, Pattern, Quantifier, Unit};
use crate::syntax::number;
use crate::syntax::operators::Op;
use crate::syntax::token::{Keyword, TokenKind};

impl Parser<'_> {
    /// Reads a node by `inner`, with its height.
    fn operand(&mut self, inner: impl FnOnce(&mut Self) -> Parse<ExprKind>) -> Parse<Operand> {
        let start = self.span();
        let outer = std::mem::take(&mut self.height);
        let kind = inner(self)?;
        let height = self.height + 1;
        self.height = outer;
        Ok(Operand::new(kind, self.since(start), height))
    }

    /// An expression that starts with a word and has no end of its own; `None` if the next token
    /// starts none.
    pub(super) fn open_expression(&mut self) -> Parse<Option<Operand>> {
        let inner = match self.kind() {
            TokenKind::ForAll | TokenKind::Exists => Self::quantified,
            TokenKind::TemporalForAll | TokenKind::TemporalExists => Self::temporal_quantified,
            TokenKind::Keyword(Keyword::If) => Self::if_then_else,
            TokenKind::Keyword(Keyword::Case) => Self::case,
            TokenKind::Keyword(Keyword::Let) => Self::let_in,
            TokenKind::Keyword(Keyword::Choose) => Self::choose,
            _ => return Ok(None),
        };
        self.operand(inner).map(Some)
    }

    /// Any other operand, without the postfix operators after it.
    pub(super) fn primary(&mut self) -> Parse<Operand> {
        match self.kind() {
            TokenKind::Operator(op @ (Op::And | Op::Or)) if !self.is_named_junction() => {
                self.operand(|parser| parser.junction_list(op))
            }
            TokenKind::LeftParen => self.operand(Self::parenthesized),
            TokenKind::LeftBrace => self.operand(Self::braces),
            TokenKind::LeftBracket => self.operand(Self::square_brackets),
            TokenKind::LeftAngle => self.operand(Self::angles),
            TokenKind::Keyword(Keyword::WeakFairness | Keyword::StrongFairness) => {
                self.operand(Self::fairness)
            }
            TokenKind::String => self.operand(Self::string),
            TokenKind::Number => self.operand(Self::number),
            _ => self.operand(Self::name),
        }
    }

    /// Whether the next token is `\land` or `\lor`, which join operands but are no bullets.
    fn is_named_junction(&self) -> bool {
        self.text_of(self.span()).starts_with("\\l")
    }

    /// Items after bullets of one kind in one column.
    fn junction_list(&mut self, op: Op) -> Parse<ExprKind> {
        let column = self.token().column;
        let mut items = Vec::new();
        loop {
            self.advance();
            self.lists.push(Bullets { column });
            items.push(self.expression()?);
            self.lists.pop();
            let more = self.is_op(op) && !self.is_named_junction() && self.token().column == column;
            if !more {
                break;
            }
        }
        Ok(if op == Op::And {
            ExprKind::And(items)
        } else {
            ExprKind::Or(items)
        })
    }

    pub(super) fn parenthesized(&mut self) -> Parse<ExprKind> {
        let open = self.span();
        self.bump()?;
        let inner = self.expression()?;
        self.close(TokenKind::RightParen, "`)`", open)?;
        Ok(ExprKind::Paren(inner))
    }

    fn string(&mut self) -> Parse<ExprKind> {
        let token = self.bump()?;
        let text = self.text_of(self.span_of(token));
        let inner = text.strip_prefix('"').unwrap_or(text);
        let inner = inner.strip_suffix('"').unwrap_or(inner);
        if !inner.contains('\\') {
            return Ok(ExprKind::String(self.symbol(inner)));
        }
        let mut resolved = String::with_capacity(inner.len());
        let mut characters = inner.chars();
        while let Some(character) = characters.next() {
            resolved.push(match character {
                '\\' => match characters.next() {
                    Some('n') => '\n',
                    Some('t') => '\t',
                    Some('r') => '\r',
                    Some('f') => '\u{c}',
                    Some(other) => other,
                    None => break,
                },
                other => other,
            });
        }
        Ok(ExprKind::String(Symbol::new(&resolved)))
    }

    fn number(&mut self) -> Parse<ExprKind> {
        let token = self.bump()?;
        let whole = self.text_of(self.span_of(token));
        if self.is(TokenKind::Dot) && self.kind_after(1) == TokenKind::Number {
            self.bump()?;
            let fraction = self.bump()?;
            let fraction = self.text_of(self.span_of(fraction));
            return Ok(ExprKind::Decimal(format!("{whole}.{fraction}")));
        }
        let Some(digits) = number::decimal(whole) else {
            let span = self.span_of(token);
            let message = "the number is too long to be read";
            return Err(self.fail(Diagnostic::error(Code::TooLarge, span, message)));
        };
        Ok(ExprKind::Number(digits))
    }

    fn if_then_else(&mut self) -> Parse<ExprKind> {
        self.bump()?;
        let condition = self.expression()?;
        self.word(Keyword::Then, "`THEN`", "write IF … THEN … ELSE …")?;
        let then = self.expression()?;
        self.word(
            Keyword::Else,
            "`ELSE`",
            "every IF has an ELSE; `ELSE TRUE` if nothing is required otherwise",
        )?;
        let otherwise = self.expression()?;
        Ok(ExprKind::If(condition, then, otherwise))
    }

    fn case(&mut self) -> Parse<ExprKind> {
        self.bump()?;
        let mut arms = Vec::new();
        let mut other = None;
        loop {
            if !arms.is_empty() && self.is_keyword(Keyword::Other) {
                self.bump()?;
                self.expect(TokenKind::Arrow, "`->` after `OTHER`")?;
                other = Some(self.expression()?);
                break;
            }
            let condition = self.expression()?;
            if !self.is(TokenKind::Arrow) {
                return Err(self.unexpected_or(
                    "`->` after the condition of a `CASE`",
                    "write CASE p -> e [] q -> f [] OTHER -> g",
                ));
            }
            self.bump()?;
            arms.push((condition, self.expression()?));
            if !self.eat(TokenKind::Operator(Op::Always))? {
                break;
            }
        }
        Ok(ExprKind::Case { arms, other })
    }

    fn let_in(&mut self) -> Parse<ExprKind> {
        self.bump()?;
        let mut units: Vec<Unit> = Vec::new();
        while self.starts_let_unit() {
            units.push(self.let_unit()?);
        }
        if units.is_empty() {
            return Err(self.unexpected_or(
                "a definition after `LET`",
                "write LET Name == expression IN expression",
            ));
        }
        self.word(
            Keyword::In,
            "`IN` or another definition after `LET`",
            "write IN between the definitions and the expression",
        )?;
        let body = self.expression()?;
        Ok(ExprKind::Let { units, body })
    }

    fn choose(&mut self) -> Parse<ExprKind> {
        self.bump()?;
        let pattern = self.pattern()?;
        let domain = if self.eat(TokenKind::Operator(Op::In))? {
            Some(self.expression()?)
        } else {
            None
        };
        self.colon()?;
        let body = self.expression()?;
        Ok(ExprKind::Choose {
            pattern,
            domain,
            body,
        })
    }

    fn quantified(&mut self) -> Parse<ExprKind> {
        let token = self.bump()?;
        let quantifier = if token.kind == TokenKind::ForAll {
            Quantifier::ForAll
        } else {
            Quantifier::Exists
        };
        if self.names_until_colon() {
            return self.unbounded(quantifier);
        }
        let bounds = self.bounds()?;
        self.colon()?;
        let body = self.expression()?;
        Ok(ExprKind::Quantified {
            quantifier,
            bounds,
            body,
        })
    }

    fn temporal_quantified(&mut self) -> Parse<ExprKind> {
        let token = self.bump()?;
        self.unbounded(if token.kind == TokenKind::TemporalForAll {
            Quantifier::TemporalForAll
        } else {
            Quantifier::TemporalExists
        })
    }

    /// Takes a keyword.
    fn word(&mut self, keyword: Keyword, wanted: &str, help: &str) -> Parse<()> {
        if self.is_keyword(keyword) {
            return self.bump().map(|_| ());
        }
        Err(self.unexpected_or(wanted, help))
    }

    /// Takes the colon before the body of a quantifier.
    fn colon(&mut self) -> Parse<()> {
        if self.is(TokenKind::Colon) {
            return self.bump().map(|_| ());
        }
        Err(self.unexpected_or("`:`", "a body follows after a colon: \\A x \\in S : P"))
    }

    /// `x, y : e`
    fn unbounded(&mut self, quantifier: Quantifier) -> Parse<ExprKind> {
        let names = self.list(|parser| parser.identifier("a name"))?;
        self.colon()?;
        let body = self.expression()?;
        Ok(ExprKind::Unbounded {
            quantifier,
            names,
            body,
        })
    }

    /// Whether names with commas between and a colon follow.
    pub(super) fn names_until_colon(&self) -> bool {
        self.after_names() == Some(TokenKind::Colon)
    }

    /// What follows the names with commas between that follow; `None` if none do.
    pub(super) fn after_names(&self) -> Option<TokenKind> {
        let mut at = 0;
        loop {
            if self.kind_after(at) != TokenKind::Identifier {
                return None;
            }
            match self.kind_after(at + 1) {
                TokenKind::Comma => at += 2,
                other => return Some(other),
            }
        }
    }

    /// `x, y \in S, <<a, b>> \in T`
    pub(super) fn bounds(&mut self) -> Parse<Vec<Bound>> {
        self.list(Self::bound)
    }

    fn bound(&mut self) -> Parse<Bound> {
        let patterns = if self.is(TokenKind::LeftAngle) {
            vec![self.pattern()?]
        } else {
            self.list(|parser| parser.identifier("a name to bind").map(Pattern::Name))?
        };
        if !self.is_op(Op::In) {
            return Err(self.unexpected_or(
                "`\\in`",
                "a name is bound by x \\in S, and the body follows after a colon",
            ));
        }
        self.bump()?;
        let domain = self.expression()?;
        Ok(Bound { patterns, domain })
    }

    /// `x` or `<<x, y>>`
    pub(super) fn pattern(&mut self) -> Parse<Pattern> {
        if !self.is(TokenKind::LeftAngle) {
            return self.identifier("a name to bind").map(Pattern::Name);
        }
        let start = self.span();
        self.bump()?;
        let names: Vec<Ident> = if self.is(TokenKind::RightAngle) {
            Vec::new()
        } else {
            self.list(|parser| parser.identifier("a name to bind"))?
        };
        self.expect(TokenKind::RightAngle, "`>>`")?;
        Ok(Pattern::Tuple(names, self.since(start)))
    }

    /// `LAMBDA x, y : e`
    pub(super) fn lambda(&mut self) -> Parse<Expr> {
        let start = self.span();
        let kind = self.nested(|parser| {
            parser.bump()?;
            let params = parser.list(|parser| parser.identifier("a parameter name"))?;
            parser.expect(TokenKind::Colon, "`:`")?;
            let body = parser.expression()?;
            parser.height += 1;
            Ok(ExprKind::Lambda { params, body })
        })?;
        Ok(Expr {
            kind: Box::new(kind),
            span: self.since(start),
        })
    }

    /// A mistake at a place.
    pub(super) fn mistake(&mut self, span: Span, message: &str) -> Failed {
        self.fail(Diagnostic::error(Code::Syntax, span, message))
    }
}
