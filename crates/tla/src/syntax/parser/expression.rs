//! Operators between operands, with precedence ranges, and labels.

use super::{Failed, Parse, Parser};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::symbol::Symbol;
use crate::syntax::MAX_DEPTH;
use crate::syntax::ast::{Expr, ExprKind, Ident, Reference, ReferencePart};
use crate::syntax::operators::{Binding, Fixity, Op};
use crate::syntax::token::TokenKind;

/// What is on the operator stack.
pub(super) enum Item {
    Operand(Operand),
    /// A prefix or infix operator that waits for its right operand.
    Operator {
        op: Op,
        span: Span,
    },
}

/// An expression on the operator stack.
pub(super) struct Operand {
    pub(super) expr: Expr,
    /// How many nodes the longest way down to a leaf has.
    pub(super) height: u32,
    /// The operator of a chain such as `a /\ b` that may still grow.
    chain: Option<Op>,
}

impl Operand {
    pub(super) fn new(kind: ExprKind, span: Span, height: u32) -> Operand {
        Operand {
            expr: Expr {
                kind: Box::new(kind),
                span,
            },
            height,
            chain: None,
        }
    }
}

/// An operator applied to arguments.
fn apply(op: Op, span: Span, arguments: Vec<Expr>) -> ExprKind {
    let name = Ident {
        name: Symbol::new(op.name()),
        span,
    };
    ExprKind::Apply(Reference {
        parts: vec![ReferencePart::Name(name, arguments)],
    })
}

impl Parser<'_> {
    /// An expression, as long as it goes on.
    pub(super) fn expression(&mut self) -> Parse<Expr> {
        let operand = self.nested(Self::operators)?;
        self.height = self.height.max(operand.height);
        Ok(operand.expr)
    }

    /// Operands with the operators before, between and after them.
    fn operators(&mut self) -> Parse<Operand> {
        let base = self.stack.len();
        loop {
            self.prefixes(base)?;
            self.check_operand()?;
            if let Some(open) = self.open_expression()? {
                self.stack.push(Item::Operand(open));
                break;
            }
            let primary = self.primary()?;
            let operand = self.postfixes(base, primary)?;
            self.stack.push(Item::Operand(operand));
            if !self.is_inside() {
                break;
            }
            match self.kind() {
                TokenKind::Operator(op) if op.fixity() == Fixity::Infix => {
                    self.infix(base, op)?;
                }
                TokenKind::ColonColon => {
                    self.label(base)?;
                    break;
                }
                _ => break,
            }
        }
        while self.stack.len() > base + 1 {
            self.reduce()?;
        }
        match self.stack.pop() {
            Some(Item::Operand(operand)) => Ok(operand),
            _ => Err(self.unexpected("an expression")),
        }
    }

    /// The next token must be able to start an operand.
    fn check_operand(&mut self) -> Parse<()> {
        if !self.is_inside() {
            return Err(self.outside());
        }
        if self.token().starts_definition {
            let span = self.span();
            let message = "an expression is missing before this definition";
            let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
            let same_line = before.is_some_and(|before| {
                let between = self.text.get(before.end as usize..span.start as usize);
                between.is_some_and(|between| !between.contains('\n'))
            });
            let help = if same_line {
                "equality is written with one `=`; `==` makes a definition"
            } else {
                "complete the expression before it"
            };
            return Err(self.fail(Diagnostic::error(Code::Syntax, span, message).with_help(help)));
        }
        Ok(())
    }

    /// Prefix operators; `-` is one where an operand is due.
    fn prefixes(&mut self, base: usize) -> Parse<()> {
        while let TokenKind::Operator(op) = self.kind() {
            let prefix = match op {
                Op::Minus => Op::Negative,
                Op::Negative => break,
                _ if op.fixity() == Fixity::Prefix => op,
                _ => break,
            };
            if self.token().starts_definition || !self.is_inside() {
                break;
            }
            let span = self.span();
            if prefix == Op::Negative
                && self.stack.len() > base
                && let Some(&Item::Operator { op: left, span: at }) = self.stack.last()
                && left.is_tighter(Op::Negative)
            {
                return Err(self.conflict(left, at, prefix, span));
            }
            if self.stack.len() - base > MAX_DEPTH as usize {
                return Err(self.too_deep(span));
            }
            self.advance();
            self.last_op = Some(op);
            self.stack.push(Item::Operator { op: prefix, span });
        }
        Ok(())
    }

    /// Postfix operators, field selections and function applications after an operand.
    fn postfixes(&mut self, base: usize, mut operand: Operand) -> Parse<Operand> {
        while self.is_inside() {
            let start = operand.expr.span;
            let height = operand.height + 1;
            operand = match self.kind() {
                TokenKind::Operator(op) if op.fixity() == Fixity::Postfix => {
                    let span = self.span();
                    self.bump()?;
                    self.last_op = Some(op);
                    if self.stack.len() > base
                        && let Some(&Item::Operator { op: left, span: at }) = self.stack.last()
                        && left.binding(op) == Binding::Conflict
                    {
                        return Err(self.conflict(left, at, op, span));
                    }
                    Operand::new(
                        apply(op, span, vec![operand.expr]),
                        self.since(start),
                        height,
                    )
                }
                TokenKind::Dot => {
                    self.bump()?;
                    let field = self.loose_identifier("a field name after `.`")?;
                    Operand::new(
                        ExprKind::Field(operand.expr, field),
                        self.since(start),
                        height,
                    )
                }
                TokenKind::LeftBracket => {
                    let outer = std::mem::take(&mut self.height);
                    let arguments = self.function_arguments()?;
                    let height = height.max(self.height + 1);
                    self.height = outer;
                    Operand::new(
                        ExprKind::FnApply(operand.expr, arguments),
                        self.since(start),
                        height,
                    )
                }
                _ => return Ok(operand),
            };
            self.check_height(&operand)?;
        }
        Ok(operand)
    }

    fn check_height(&mut self, operand: &Operand) -> Parse<()> {
        if operand.height > MAX_DEPTH {
            return Err(self.too_deep(operand.expr.span));
        }
        Ok(())
    }

    /// An infix operator after an operand: what binds tighter to its left is put together first.
    fn infix(&mut self, base: usize, op: Op) -> Parse<()> {
        let span = self.span();
        self.bump()?;
        self.last_op = Some(op);
        while self.stack.len() > base + 1 {
            let below = self.stack.len() - 2;
            let Some(&Item::Operator { op: left, span: at }) = self.stack.get(below) else {
                break;
            };
            match left.binding(op) {
                Binding::Left => self.reduce()?,
                Binding::Right => break,
                Binding::Conflict => return Err(self.conflict(left, at, op, span)),
            }
        }
        self.stack.push(Item::Operator { op, span });
        Ok(())
    }

    /// Puts the operand on top together with the operator below it.
    fn reduce(&mut self) -> Parse<()> {
        let (Some(Item::Operand(right)), Some(Item::Operator { op, span })) =
            (self.stack.pop(), self.stack.pop())
        else {
            return Err(self.unexpected("an expression"));
        };
        let operand = if op.fixity() == Fixity::Prefix {
            let whole = span.to(right.expr.span);
            Operand::new(apply(op, span, vec![right.expr]), whole, right.height + 1)
        } else if let Some(Item::Operand(left)) = self.stack.pop() {
            join(op, span, left, right)
        } else {
            return Err(self.unexpected("an expression"));
        };
        self.check_height(&operand)?;
        self.stack.push(Item::Operand(operand));
        Ok(())
    }

    /// `name(a, b) :: expression`, after the name.
    fn label(&mut self, base: usize) -> Parse<()> {
        let Some(Item::Operand(operand)) = self.stack.pop() else {
            return Err(self.unexpected("an expression"));
        };
        let start = operand.expr.span;
        let colons = self.bump()?;
        let Some((name, params)) = as_label(operand.expr) else {
            let span = self.span_of(colons);
            let message = "`::` does not follow a label";
            return Err(self.fail(
                Diagnostic::error(Code::Syntax, span, message)
                    .with_help("a label is a name, or a name with names as its arguments"),
            ));
        };
        let outer = std::mem::take(&mut self.height);
        let body = self.expression()?;
        let height = self.height + 1;
        self.height = outer;
        self.check_label(base, start, &body)?;
        let operand = Operand::new(
            ExprKind::Label { name, params, body },
            self.since(start),
            height,
        );
        self.stack.push(Item::Operand(operand));
        Ok(())
    }

    /// A label may not change what the operators around it bind.
    fn check_label(&mut self, base: usize, span: Span, body: &Expr) -> Parse<()> {
        let is_operation = match &*body.kind {
            ExprKind::And(items) | ExprKind::Or(items) => {
                // A chain starts with its first operand, a list with a bullet before it.
                items
                    .first()
                    .is_some_and(|first| first.span.start == body.span.start)
            }
            ExprKind::Apply(Reference { parts }) => match parts.as_slice() {
                [ReferencePart::Name(name, arguments)] => arguments
                    .first()
                    .is_some_and(|first| first.span.start < name.span.start),
                _ => false,
            },
            _ => false,
        };
        if let (true, Some(op)) = (is_operation, self.last_op)
            && self.stack.len() > base
            && let Some(&Item::Operator { op: left, .. }) = self.stack.last()
            && left.binding(op) != Binding::Right
        {
            return Err(self.fail(
                Diagnostic::error(
                    Code::Precedence,
                    span,
                    "the expression would mean something else without this label",
                )
                .with_help("put the labelled expression in parentheses"),
            ));
        }
        Ok(())
    }

    fn conflict(&mut self, left: Op, left_span: Span, right: Op, span: Span) -> Failed {
        let left_text = self.text_of(left_span);
        let right_text = self.text_of(span);
        if let Some((junction, help)) = self.foreign_junction(left_span.start) {
            let at = self.span_of(junction);
            let text = self.text_of(at);
            let message = format!("`{text}` binds tighter than the operators around it");
            let conflict = Diagnostic::error(Code::Precedence, at, message);
            return self.fail(conflict.with_help(help));
        }
        let message = if left == right {
            format!("`{right_text}` cannot be chained without parentheses")
        } else {
            format!("`{left_text}` and `{right_text}` need parentheses: neither binds tighter")
        };
        self.fail(
            Diagnostic::error(Code::Precedence, span, message)
                .with_related(left_span, "the other operator")
                .with_help(Self::conflict_hint(left, right)),
        )
    }
}

/// An infix operation; chains of `/\`, `\/` and `\X` become one node.
fn join(op: Op, span: Span, left: Operand, right: Operand) -> Operand {
    let whole = left.expr.span.to(right.expr.span);
    let height = left.height.max(right.height + 1);
    let make = match op {
        Op::And => ExprKind::And,
        Op::Or => ExprKind::Or,
        Op::Times => ExprKind::Product,
        _ => {
            let height = left.height.max(right.height) + 1;
            return Operand::new(apply(op, span, vec![left.expr, right.expr]), whole, height);
        }
    };
    let mut operand = if left.chain == Some(op) {
        let mut expr = left.expr;
        if let ExprKind::And(items) | ExprKind::Or(items) | ExprKind::Product(items) =
            &mut *expr.kind
        {
            items.push(right.expr);
        }
        expr.span = whole;
        Operand {
            expr,
            height,
            chain: None,
        }
    } else {
        let height = left.height.max(right.height) + 1;
        Operand::new(make(vec![left.expr, right.expr]), whole, height)
    };
    operand.chain = Some(op);
    operand
}

/// The name and parameters of a label that an expression turns out to be. A label with parameters
/// may be qualified, as in SANY, without meaning.
fn as_label(expr: Expr) -> Option<(Ident, Vec<Ident>)> {
    let ExprKind::Apply(mut reference) = *expr.kind else {
        return None;
    };
    let Some(ReferencePart::Name(name, arguments)) = reference.parts.pop() else {
        return None;
    };
    if arguments.is_empty() && !reference.parts.is_empty() {
        return None;
    }
    let params = arguments.into_iter().map(plain_name);
    Some((name, params.collect::<Option<Vec<Ident>>>()?))
}

/// The name that an expression consists of.
fn plain_name(expr: Expr) -> Option<Ident> {
    let ExprKind::Apply(reference) = *expr.kind else {
        return None;
    };
    match reference.parts.as_slice() {
        [ReferencePart::Name(name, arguments)] if arguments.is_empty() => Some(*name),
        _ => None,
    }
}
