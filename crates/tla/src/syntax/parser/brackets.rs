//! Expressions in `{}`, `[]` and `<<>>`, and fairness.

use super::{Parse, Parser};
use crate::source::Span;
use crate::symbol::Symbol;
use crate::syntax::ast::{
    ExceptSelector, Expr, ExprKind, Ident, Pattern, Reference, ReferencePart,
};
use crate::syntax::operators::Op;
use crate::syntax::token::{Keyword, TokenKind};

impl Parser<'_> {
    /// Whether names or a tuple, and then `\in`, follow.
    fn starts_bound(&self) -> bool {
        match self.kind() {
            TokenKind::LeftAngle => self.token().opens_bound,
            TokenKind::Identifier => self.after_names() == Some(TokenKind::Operator(Op::In)),
            _ => false,
        }
    }

    /// `{a, b}`, `{x \in S : p}`, `{e : x \in S}`
    pub(super) fn braces(&mut self) -> Parse<ExprKind> {
        let open = self.span();
        self.bump()?;
        if self.eat(TokenKind::RightBrace)? {
            return Ok(ExprKind::SetEnum(Vec::new()));
        }
        let first = if self.starts_bound() {
            let start = self.span();
            let pattern = self.pattern()?;
            let member = self.expect(TokenKind::Operator(Op::In), "`\\in`")?;
            let domain = self.expression()?;
            if self.eat(TokenKind::Colon)? {
                let body = self.expression()?;
                self.close(TokenKind::RightBrace, "`}`", open)?;
                return Ok(ExprKind::SetFilter {
                    pattern,
                    domain,
                    body,
                });
            }
            // No filter after all, but a set whose first element is a test of membership.
            self.height += 2;
            let member = self.span_of(member);
            membership(pattern, member, domain, self.since(start))
        } else {
            let element = self.expression()?;
            if self.is(TokenKind::Colon) {
                if is_membership(&element) {
                    let span = element.span;
                    return Err(self.mistake(
                        span,
                        "a set of the form {a \\in b : c \\in d} must bind a name or a tuple of \
                         names before `:`",
                    ));
                }
                self.bump()?;
                if !matches!(self.kind(), TokenKind::Identifier | TokenKind::LeftAngle) {
                    return Err(self.unexpected_with(
                        "a name to bind",
                        Some(
                            "a record is written [a |-> 1, b |-> 2], a set {e : x \\in S}"
                                .to_owned(),
                        ),
                    ));
                }
                let bounds = self.bounds()?;
                self.close(TokenKind::RightBrace, "`}`", open)?;
                return Ok(ExprKind::SetMap {
                    body: element,
                    bounds,
                });
            }
            element
        };
        let mut elements = vec![first];
        while self.eat(TokenKind::Comma)? {
            elements.push(self.expression()?);
        }
        self.close(TokenKind::RightBrace, "`,` or `}`", open)?;
        Ok(ExprKind::SetEnum(elements))
    }

    /// `[x \in S |-> e]`, `[S -> T]`, `[a |-> e]`, `[a : S]`, `[f EXCEPT ![a] = e]`, `[A]_v`
    pub(super) fn square_brackets(&mut self) -> Parse<ExprKind> {
        let open = self.span();
        self.bump()?;
        if self.starts_bound() {
            let bounds = self.bounds()?;
            if !self.is(TokenKind::MapsTo) {
                return Err(self.unexpected_with(
                    "`|->`",
                    Some(
                        "a function is written [x \\in S |-> e], the set of functions [S -> T]"
                            .to_owned(),
                    ),
                ));
            }
            self.bump()?;
            let body = self.expression()?;
            self.close(TokenKind::RightBracket, "`]`", open)?;
            return Ok(ExprKind::Function { bounds, body });
        }
        if self.kind_after(1) == TokenKind::MapsTo && self.kind().can_be_field() {
            let mut fields = vec![self.record_field(true)?];
            while self.eat(TokenKind::Comma)? {
                fields.push(self.record_field(false)?);
            }
            self.close(TokenKind::RightBracket, "`,` or `]`", open)?;
            return Ok(ExprKind::Record(fields));
        }
        if self.is(TokenKind::Identifier) && self.kind_after(1) == TokenKind::Colon {
            let fields = self.list(|parser| {
                let name = parser.identifier("a field name")?;
                parser.expect(TokenKind::Colon, "`:` after a field name")?;
                Ok((name, parser.expression()?))
            })?;
            self.close(TokenKind::RightBracket, "`,` or `]`", open)?;
            return Ok(ExprKind::RecordSet(fields));
        }
        let first = self.expression()?;
        match self.kind() {
            TokenKind::Arrow => {
                self.bump()?;
                let range = self.expression()?;
                if self.is(TokenKind::Comma) {
                    return Err(self.unexpected_with(
                        "`]`",
                        Some("a record is written [a |-> 1, b |-> 2]".to_owned()),
                    ));
                }
                self.close(TokenKind::RightBracket, "`]`", open)?;
                Ok(ExprKind::FnSet(first, range))
            }
            TokenKind::Keyword(Keyword::Except) => {
                self.bump()?;
                let updates = self.list(Self::update)?;
                self.close(TokenKind::RightBracket, "`,` or `]`", open)?;
                Ok(ExprKind::Except {
                    base: first,
                    updates,
                })
            }
            TokenKind::RightBracketSub => {
                self.bump()?;
                let subscript = self.subscript()?.0;
                Ok(ExprKind::BoxAction(first, subscript))
            }
            _ => Err(self.unexpected_or(
                "`->`, `EXCEPT` or `]_`",
                "a sequence is written <<1, 2>>, a record [a |-> 1, b |-> 2], a function [x \\in S \
                 |-> e]",
            )),
        }
    }

    /// `name |-> e`; the first name of a record may be a reserved word.
    fn record_field(&mut self, first: bool) -> Parse<(Ident, Expr)> {
        let wanted = "a field name";
        let name = if first {
            self.loose_identifier(wanted)?
        } else {
            self.identifier(wanted)?
        };
        self.expect(TokenKind::MapsTo, "`|->` after a field name")?;
        Ok((name, self.expression()?))
    }

    /// `![a].b = e`
    fn update(&mut self) -> Parse<(Vec<ExceptSelector>, Expr)> {
        const FORM: &str = "an update is written [f EXCEPT ![x] = e] or [r EXCEPT !.a = e]";
        if !self.is(TokenKind::Bang) {
            return Err(self.unexpected_with("`!` after `EXCEPT`", Some(FORM.to_owned())));
        }
        self.bump()?;
        let mut selectors = Vec::new();
        loop {
            match self.kind() {
                TokenKind::Dot => {
                    self.bump()?;
                    let name = self.loose_identifier("a field name after `.`")?;
                    if name.name.as_str() == "@" {
                        return Err(self.mistake(name.span, "`@` cannot be a field name"));
                    }
                    selectors.push(ExceptSelector::Field(name));
                }
                TokenKind::LeftBracket => {
                    let arguments = self.function_arguments()?;
                    selectors.push(ExceptSelector::Index(arguments));
                }
                _ if selectors.is_empty() => {
                    return Err(self.unexpected_with("`[` or `.` after `!`", Some(FORM.to_owned())));
                }
                _ => break,
            }
        }
        if !self.is_op(Op::Equal) {
            return Err(self.unexpected_with("`=` in an `EXCEPT`", Some(FORM.to_owned())));
        }
        self.bump()?;
        Ok((selectors, self.expression()?))
    }

    /// `[a, b]` after a function.
    pub(super) fn function_arguments(&mut self) -> Parse<Vec<Expr>> {
        let open = self.span();
        self.bump()?;
        let arguments = self.list(Self::expression)?;
        self.close(TokenKind::RightBracket, "`,` or `]`", open)?;
        Ok(arguments)
    }

    /// `<<a, b>>` or `<<A>>_v`
    pub(super) fn angles(&mut self) -> Parse<ExprKind> {
        let open = self.span();
        self.bump()?;
        let mut items = Vec::new();
        if !self.is(TokenKind::RightAngle) {
            items = self.list(Self::expression)?;
        }
        if self.is(TokenKind::RightAngleSub) && items.len() == 1 {
            self.bump()?;
            let subscript = self.subscript()?.0;
            if let Some(action) = items.pop() {
                return Ok(ExprKind::AngleAction(action, subscript));
            }
        }
        self.close(TokenKind::RightAngle, "`,` or `>>`", open)?;
        Ok(ExprKind::Tuple(items))
    }

    /// What follows `]_` and `>>_`: a name or something in brackets. Of a name in `WF_v(A)` the
    /// arguments are given apart.
    fn subscript(&mut self) -> Parse<(Expr, Option<Vec<Expr>>)> {
        let start = self.span();
        let outer = std::mem::take(&mut self.height);
        let mut hook = None;
        let kind = self.nested(|parser| match parser.kind() {
            TokenKind::LeftParen => parser.parenthesized(),
            TokenKind::LeftBrace => parser.braces(),
            TokenKind::LeftBracket => parser.square_brackets(),
            TokenKind::LeftAngle => parser.angles(),
            _ => {
                let mut parts = Vec::new();
                loop {
                    let name =
                        parser.identifier("a name or an expression in brackets after `_`")?;
                    let arguments = if parser.has_arguments() {
                        parser.arguments()?
                    } else {
                        Vec::new()
                    };
                    if parser.eat(TokenKind::Bang)? {
                        parts.push(ReferencePart::Name(name, arguments));
                        continue;
                    }
                    parts.push(ReferencePart::Name(name, Vec::new()));
                    hook = Some(arguments).filter(|arguments| !arguments.is_empty());
                    break;
                }
                Ok(ExprKind::Apply(Reference { parts }))
            }
        })?;
        self.height = outer.max(self.height + 1);
        let expr = Expr {
            kind: Box::new(kind),
            span: self.since(start),
        };
        Ok((expr, hook))
    }

    /// `WF_v(A)` and `SF_v(A)`
    pub(super) fn fairness(&mut self) -> Parse<ExprKind> {
        let start = self.span();
        let token = self.bump()?;
        let (mut subscript, hook) = self.subscript()?;
        let action = if self.has_arguments() {
            if let (Some(arguments), ExprKind::Apply(Reference { parts })) =
                (hook, &mut *subscript.kind)
                && let Some(ReferencePart::Name(_, empty)) = parts.last_mut()
            {
                *empty = arguments;
            }
            self.bump()?;
            let action = self.expression()?;
            self.expect(TokenKind::RightParen, "`)`")?;
            action
        } else {
            let mut arguments = hook.unwrap_or_default();
            match (arguments.pop(), arguments.is_empty()) {
                (Some(action), true) => action,
                _ => {
                    let span = self.since(start);
                    return Err(self.mistake(span, "fairness needs one action in parentheses"));
                }
            }
        };
        Ok(if token.kind == TokenKind::Keyword(Keyword::WeakFairness) {
            ExprKind::WeakFairness(subscript, action)
        } else {
            ExprKind::StrongFairness(subscript, action)
        })
    }
}

/// `x \in S` or `<<x, y>> \in S` as an expression.
fn membership(pattern: Pattern, op: Span, domain: Expr, span: Span) -> Expr {
    let name = |name: Ident| Expr {
        span: name.span,
        kind: Box::new(ExprKind::Apply(Reference {
            parts: vec![ReferencePart::Name(name, Vec::new())],
        })),
    };
    let left = match pattern {
        Pattern::Name(ident) => name(ident),
        Pattern::Tuple(names, span) => Expr {
            kind: Box::new(ExprKind::Tuple(names.into_iter().map(name).collect())),
            span,
        },
    };
    let op = Ident {
        name: Symbol::new(Op::In.name()),
        span: op,
    };
    Expr {
        kind: Box::new(ExprKind::Apply(Reference {
            parts: vec![ReferencePart::Name(op, vec![left, domain])],
        })),
        span,
    }
}

/// Whether an expression is `a \in b` without parentheses around it.
fn is_membership(expr: &Expr) -> bool {
    let ExprKind::Apply(Reference { parts }) = &*expr.kind else {
        return false;
    };
    match parts.as_slice() {
        [ReferencePart::Name(name, arguments)] => {
            name.name.as_str() == Op::In.name()
                && arguments
                    .first()
                    .is_some_and(|left| left.span.start < name.span.start)
        }
        _ => false,
    }
}
