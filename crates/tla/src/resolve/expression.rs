//! From syntax trees of expressions to resolved ones.

use std::collections::HashMap;

use super::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::spec::{Body, Expr, ExprKind, Selector};
use crate::symbol::Symbol;
use crate::syntax::ast::{self, ExceptSelector, Ident};

impl Resolver<'_> {
    /// Resolves an expression. After an error the result is some expression: the specification is
    /// rejected anyway.
    pub(super) fn expr(&mut self, expr: &ast::Expr) -> Expr {
        let span = expr.span;
        let kind = match &*expr.kind {
            ast::ExprKind::Paren(inner) => return self.expr(inner),
            ast::ExprKind::Label { name, params, body } => {
                return self.label(*name, params, body, span);
            }
            ast::ExprKind::Apply(reference) => return self.reference(reference, span),
            ast::ExprKind::Number(digits) => Self::number(digits),
            ast::ExprKind::Decimal(text) => ExprKind::Decimal(Symbol::new(text)),
            ast::ExprKind::String(text) => ExprKind::String(*text),
            ast::ExprKind::And(items) => ExprKind::And(self.exprs(items)),
            ast::ExprKind::Or(items) => ExprKind::Or(self.exprs(items)),
            ast::ExprKind::If(condition, then, otherwise) => {
                ExprKind::If(self.expr(condition), self.expr(then), self.expr(otherwise))
            }
            ast::ExprKind::Case { arms, other } => ExprKind::Case {
                arms: arms
                    .iter()
                    .map(|(condition, result)| (self.expr(condition), self.expr(result)))
                    .collect(),
                other: other.as_ref().map(|other| self.expr(other)),
            },
            ast::ExprKind::Let { units, body } => return self.let_in(units, body, span),
            ast::ExprKind::Quantified {
                quantifier,
                bounds,
                body,
            } => {
                let (bounds, body) = self.bounded(bounds, body);
                ExprKind::Quantified {
                    quantifier: *quantifier,
                    bounds,
                    body,
                }
            }
            ast::ExprKind::Unbounded {
                quantifier,
                names,
                body,
            } => {
                let mark = self.scope.enter();
                let locals: Vec<_> = names
                    .iter()
                    .map(|name| self.declare_local(*name, 0))
                    .collect();
                let body = self.body(body, locals.clone());
                self.scope.leave(mark);
                ExprKind::Unbounded {
                    quantifier: *quantifier,
                    locals,
                    body,
                }
            }
            ast::ExprKind::Choose {
                pattern,
                domain,
                body,
            } => {
                let (pattern, domain, body) = self.single(pattern, domain.as_ref(), body);
                ExprKind::Choose {
                    pattern,
                    domain,
                    body,
                }
            }
            ast::ExprKind::SetEnum(items) => ExprKind::SetEnum(self.exprs(items)),
            ast::ExprKind::SetFilter {
                pattern,
                domain,
                body,
            } => {
                let domain = self.expr(domain);
                let (pattern, _, body) = self.single(pattern, None, body);
                ExprKind::SetFilter {
                    pattern,
                    domain,
                    body,
                }
            }
            ast::ExprKind::SetMap { body, bounds } => {
                let (bounds, body) = self.bounded(bounds, body);
                ExprKind::SetMap { body, bounds }
            }
            ast::ExprKind::Function { bounds, body } => {
                let (bounds, body) = self.bounded(bounds, body);
                ExprKind::Function { bounds, body }
            }
            ast::ExprKind::FnApply(function, arguments) => {
                return self.function_application(function, arguments, span);
            }
            ast::ExprKind::FnSet(from, to) => ExprKind::FnSet(self.expr(from), self.expr(to)),
            ast::ExprKind::Record(fields) => ExprKind::Record(self.fields(fields)),
            ast::ExprKind::RecordSet(fields) => ExprKind::RecordSet(self.fields(fields)),
            ast::ExprKind::Field(record, field) => ExprKind::Field(self.expr(record), field.name),
            ast::ExprKind::Except { base, updates } => self.except(base, updates),
            ast::ExprKind::At => {
                if self.except_depth == 0 {
                    self.report(
                        Diagnostic::error(
                            Code::Semantics,
                            span,
                            "`@` has a meaning only on the right side of an EXCEPT",
                        )
                        .with_help(
                            "write the old value out, or move it into `[f EXCEPT ![i] = @ …]`",
                        ),
                    );
                }
                ExprKind::At
            }
            ast::ExprKind::Tuple(items) => ExprKind::Tuple(self.exprs(items)),
            ast::ExprKind::Product(items) => ExprKind::Product(self.exprs(items)),
            ast::ExprKind::BoxAction(action, subscript) => {
                ExprKind::BoxAction(self.expr(action), self.expr(subscript))
            }
            ast::ExprKind::AngleAction(action, subscript) => {
                ExprKind::AngleAction(self.expr(action), self.expr(subscript))
            }
            ast::ExprKind::WeakFairness(subscript, action) => {
                ExprKind::WeakFairness(self.expr(subscript), self.expr(action))
            }
            ast::ExprKind::StrongFairness(subscript, action) => {
                ExprKind::StrongFairness(self.expr(subscript), self.expr(action))
            }
            ast::ExprKind::Lambda { .. } => {
                self.report(
                    Diagnostic::error(
                        Code::Arity,
                        span,
                        "a LAMBDA is an operator, but a value is needed here",
                    )
                    .with_help("pass it where an operator is expected, or write a function `[x \\in S |-> …]`"),
                );
                return self.nothing(span);
            }
        };
        make(kind, span)
    }

    /// Resolves expressions in order.
    pub(super) fn exprs(&mut self, items: &[ast::Expr]) -> Vec<Expr> {
        items.iter().map(|item| self.expr(item)).collect()
    }

    /// What stands for an expression after an error.
    pub(super) fn nothing(&self, span: Span) -> Expr {
        make(ExprKind::Bool(false), span)
    }

    fn number(digits: &str) -> ExprKind {
        match digits.parse() {
            Ok(number) => ExprKind::Int(number),
            // Like other numbers that cannot be evaluated: an error only where it is.
            Err(_) => ExprKind::Decimal(Symbol::new(digits)),
        }
    }

    fn fields(&mut self, fields: &[(Ident, ast::Expr)]) -> Vec<(Symbol, Expr)> {
        let mut seen: HashMap<Symbol, Span> = HashMap::new();
        let mut resolved = Vec::with_capacity(fields.len());
        for (field, value) in fields {
            if let Some(first) = seen.insert(field.name, field.span) {
                self.report(
                    Diagnostic::error(
                        Code::Duplicate,
                        field.span,
                        format!("the field `{}` occurs twice", field.name),
                    )
                    .with_related(first, "first here"),
                );
            }
            resolved.push((field.name, self.expr(value)));
        }
        resolved
    }

    fn function_application(
        &mut self,
        function: &ast::Expr,
        arguments: &[ast::Expr],
        span: Span,
    ) -> Expr {
        let function = self.expr(function);
        self.check_function_arity(&function, arguments.len(), span);
        let mut arguments = self.exprs(arguments);
        let argument = match arguments.pop() {
            Some(only) if arguments.is_empty() => only,
            last => {
                arguments.extend(last);
                make(ExprKind::Tuple(arguments), span)
            }
        };
        make(ExprKind::FnApply(function, argument), span)
    }

    /// A function that is defined with several arguments can be applied to a tuple or to as many
    /// arguments, not to another number of them.
    fn check_function_arity(&mut self, function: &Expr, given: usize, span: Span) {
        let ExprKind::Apply(id, _) = &*function.kind else {
            return;
        };
        let definition = self.spec.definition(*id);
        let Body::Function { bounds, .. } = &definition.body else {
            return;
        };
        let wanted: usize = bounds.iter().map(|bound| bound.patterns.len()).sum();
        if given >= 2 && given != wanted {
            let (name, defined) = (definition.name, definition.span);
            self.report(
                Diagnostic::error(
                    Code::Arity,
                    span,
                    format!(
                        "the function `{name}` takes {}, here are {given}",
                        count(wanted, "argument")
                    ),
                )
                .with_related(defined, "defined here"),
            );
        }
    }

    fn except(
        &mut self,
        base: &ast::Expr,
        updates: &[(Vec<ExceptSelector>, ast::Expr)],
    ) -> ExprKind {
        let base = self.expr(base);
        let updates = updates
            .iter()
            .map(|(selectors, value)| {
                let selectors = selectors
                    .iter()
                    .map(|selector| match selector {
                        ExceptSelector::Field(field) => Selector::Field(field.name),
                        ExceptSelector::Index(arguments) => Selector::Index(self.index(arguments)),
                    })
                    .collect();
                self.except_depth += 1;
                let value = self.expr(value);
                self.except_depth -= 1;
                (selectors, value)
            })
            .collect();
        ExprKind::Except { base, updates }
    }

    fn index(&mut self, arguments: &[ast::Expr]) -> Expr {
        match arguments {
            [only] => self.expr(only),
            _ => {
                let span = match (arguments.first(), arguments.last()) {
                    (Some(first), Some(last)) => first.span.to(last.span),
                    _ => self.here,
                };
                make(ExprKind::Tuple(self.exprs(arguments)), span)
            }
        }
    }
}

/// An expression at a place.
pub(super) fn make(kind: ExprKind, span: Span) -> Expr {
    Expr {
        kind: Box::new(kind),
        span,
    }
}

/// `1 argument`, `2 arguments`
pub(super) fn count(number: usize, noun: &str) -> String {
    match number {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}
