//! Names with arguments, qualified by `!`, and operators as arguments.

use super::{Parse, Parser};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Expr, ExprKind, Reference, ReferencePart};
use crate::syntax::number;
use crate::syntax::operators::{Fixity, Op};
use crate::syntax::token::{Keyword, TokenKind};

/// Most parts of a name joined by `!`: each may stand for a name made of all before it, so the work
/// grows with the square of their number.
const MAX_PARTS: usize = 64;

impl Parser<'_> {
    /// `F(a, b)`, `I(p)!F(a)!1`, `+(a, b)`, `@`.
    pub(super) fn name(&mut self) -> Parse<ExprKind> {
        let is_name = match self.kind() {
            TokenKind::Identifier => true,
            TokenKind::Step => self.step_in_expression()?,
            TokenKind::Operator(op) => op == Op::Negative || op.fixity() != Fixity::Prefix,
            _ => false,
        };
        if !is_name {
            return Err(self.unexpected("an expression"));
        }
        let first = self.named_part()?;
        let mut parts = vec![first];
        while self.is(TokenKind::Bang) {
            let bang = self.bump()?;
            if parts.len() == MAX_PARTS {
                let message = format!("more than {MAX_PARTS} names are joined by `!`");
                let span = self.span_of(bang);
                return Err(self.fail(Diagnostic::error(Code::TooLarge, span, message)));
            }
            parts.push(self.selected_part()?);
        }
        if let [ReferencePart::Name(name, arguments)] = parts.as_slice()
            && arguments.is_empty()
            && name.name.as_str() == "@"
        {
            return Ok(ExprKind::At);
        }
        Ok(ExprKind::Apply(Reference { parts }))
    }

    /// A name or operator and its arguments.
    fn named_part(&mut self) -> Parse<ReferencePart> {
        let token = self.bump()?;
        if let TokenKind::Operator(op) = token.kind {
            self.last_op = Some(op);
        }
        let name = self.ident(token);
        let arguments = if self.has_arguments() {
            self.arguments()?
        } else {
            Vec::new()
        };
        Ok(ReferencePart::Name(name, arguments))
    }

    /// Whether the next tokens can be arguments in parentheses; `()` are none.
    pub(super) fn has_arguments(&self) -> bool {
        self.is(TokenKind::LeftParen) && self.kind_after(1) != TokenKind::RightParen
    }

    pub(super) fn arguments(&mut self) -> Parse<Vec<Expr>> {
        let open = self.span();
        self.bump()?;
        let arguments = self.list(Self::argument)?;
        self.close(TokenKind::RightParen, "`,` or `)` after an argument", open)?;
        Ok(arguments)
    }

    /// What follows `!`.
    fn selected_part(&mut self) -> Parse<ReferencePart> {
        let span = self.span();
        Ok(match self.kind() {
            TokenKind::Identifier if self.text_of(span) == "@" => {
                self.bump()?;
                ReferencePart::Body(span)
            }
            TokenKind::Identifier | TokenKind::Operator(_) => self.named_part()?,
            TokenKind::LeftParen if self.has_arguments() => {
                let arguments = self.arguments()?;
                ReferencePart::Arguments(arguments, self.since(span))
            }
            TokenKind::LeftAngle => {
                self.bump()?;
                ReferencePart::First(span)
            }
            TokenKind::RightAngle => {
                self.bump()?;
                ReferencePart::Second(span)
            }
            TokenKind::Colon => {
                self.bump()?;
                ReferencePart::Whole(span)
            }
            TokenKind::Number => {
                self.bump()?;
                let digits = number::decimal(self.text_of(span));
                let Some(operand) = digits.and_then(|digits| digits.parse().ok()) else {
                    let message = "there is no operand with this number";
                    return Err(self.fail(Diagnostic::error(Code::Syntax, span, message)));
                };
                if self.is(TokenKind::Dot) && self.kind_after(1) == TokenKind::Number {
                    return Err(self.unexpected("`!` or the end of the expression"));
                }
                ReferencePart::Operand(operand, span)
            }
            _ => return Err(self.unexpected("a name or selector after `!`")),
        })
    }

    /// An argument or the right side of a substitution: an operator, `LAMBDA` or an expression.
    pub(super) fn argument(&mut self) -> Parse<Expr> {
        let span = self.span();
        match self.kind() {
            TokenKind::Operator(op) if self.is_inside() && self.ends_argument() => {
                // SANY misses the Unicode spelling.
                if op == Op::Times && self.text_of(span) != "×" {
                    let message = "the Cartesian product cannot be an argument";
                    return Err(self.fail(Diagnostic::error(Code::Syntax, span, message)));
                }
                let token = self.bump()?;
                self.last_op = Some(op);
                let name = self.ident(token);
                self.height = self.height.max(1);
                Ok(Expr {
                    kind: Box::new(ExprKind::Apply(Reference {
                        parts: vec![ReferencePart::Name(name, Vec::new())],
                    })),
                    span,
                })
            }
            TokenKind::Keyword(Keyword::Lambda) if self.is_inside() => self.lambda(),
            _ => self.expression(),
        }
    }

    /// Whether the token after the next one ends an argument or a substitution.
    fn ends_argument(&self) -> bool {
        let Some(token) = self.tokens.get(self.at + 1) else {
            return true;
        };
        token.starts_definition
            || matches!(
                token.kind,
                TokenKind::Comma
                    | TokenKind::RightParen
                    | TokenKind::BeginModule
                    | TokenKind::Separator
                    | TokenKind::EndModule
                    | TokenKind::Keyword(
                        Keyword::Local
                            | Keyword::Instance
                            | Keyword::Theorem
                            | Keyword::Assume
                            | Keyword::Axiom
                            | Keyword::Constant
                            | Keyword::Variable
                            | Keyword::Recursive
                    )
            )
    }
}
