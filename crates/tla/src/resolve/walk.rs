//! The parts of a syntax tree.

use crate::syntax::ast::{Bound, ExceptSelector, Expr, ExprKind, Reference, ReferencePart};

/// Calls `visit` with every expression directly inside this one; definitions of `LET` are left
/// out.
pub(super) fn for_each_child(expr: &Expr, visit: &mut dyn FnMut(&Expr)) {
    let each = |items: &[Expr], visit: &mut dyn FnMut(&Expr)| items.iter().for_each(visit);
    let domains = |bounds: &[Bound], visit: &mut dyn FnMut(&Expr)| {
        bounds.iter().for_each(|bound| visit(&bound.domain));
    };
    match &*expr.kind {
        ExprKind::Number(_) | ExprKind::Decimal(_) | ExprKind::String(_) | ExprKind::At => {}
        ExprKind::Apply(Reference { parts }) => {
            for part in parts {
                if let ReferencePart::Name(_, items) | ReferencePart::Arguments(items, _) = part {
                    each(items, visit);
                }
            }
        }
        ExprKind::And(items)
        | ExprKind::Or(items)
        | ExprKind::SetEnum(items)
        | ExprKind::Tuple(items)
        | ExprKind::Product(items) => each(items, visit),
        ExprKind::If(condition, then, otherwise) => {
            visit(condition);
            visit(then);
            visit(otherwise);
        }
        ExprKind::Case { arms, other } => {
            for (condition, result) in arms {
                visit(condition);
                visit(result);
            }
            other.iter().for_each(visit);
        }
        ExprKind::Let { body, .. }
        | ExprKind::Unbounded { body, .. }
        | ExprKind::Lambda { body, .. }
        | ExprKind::Label { body, .. }
        | ExprKind::Field(body, _)
        | ExprKind::Paren(body) => visit(body),
        ExprKind::Quantified { bounds, body, .. }
        | ExprKind::SetMap { body, bounds }
        | ExprKind::Function { bounds, body } => {
            domains(bounds, visit);
            visit(body);
        }
        ExprKind::Choose { domain, body, .. } => {
            domain.iter().for_each(&mut *visit);
            visit(body);
        }
        ExprKind::SetFilter { domain, body, .. } => {
            visit(domain);
            visit(body);
        }
        ExprKind::FnApply(function, arguments) => {
            visit(function);
            each(arguments, visit);
        }
        ExprKind::Record(fields) | ExprKind::RecordSet(fields) => {
            fields.iter().for_each(|(_, value)| visit(value));
        }
        ExprKind::Except { base, updates } => {
            visit(base);
            for (selectors, value) in updates {
                for selector in selectors {
                    if let ExceptSelector::Index(items) = selector {
                        each(items, visit);
                    }
                }
                visit(value);
            }
        }
        ExprKind::FnSet(one, other)
        | ExprKind::BoxAction(one, other)
        | ExprKind::AngleAction(one, other)
        | ExprKind::WeakFairness(one, other)
        | ExprKind::StrongFairness(one, other) => {
            visit(one);
            visit(other);
        }
    }
}
