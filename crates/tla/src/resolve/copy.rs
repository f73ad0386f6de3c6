//! Copies of expressions with names of their own.

use std::collections::HashMap;

use super::Resolver;
use super::expression::make;
use crate::spec::{
    Arg, Body, Bound, Definition, DefinitionId, Expr, ExprKind, LocalId, OpArg, Pattern, Selector,
};

/// Which names the copy has for those of the original.
#[derive(Debug, Default)]
pub(super) struct Copies {
    locals: HashMap<LocalId, LocalId>,
    definitions: HashMap<DefinitionId, DefinitionId>,
}

impl Resolver<'_> {
    /// New parameters or bound names that stand for others in a copy.
    pub(super) fn copy_locals(&mut self, locals: &[LocalId], copies: &mut Copies) -> Vec<LocalId> {
        locals
            .iter()
            .map(|&local| {
                let original = self.spec.local(local);
                let (name, arity) = (original.name, original.arity);
                let copy = self.new_local(name, arity);
                copies.locals.insert(local, copy);
                copy
            })
            .collect()
    }

    /// Copies the definitions of a `LET`.
    pub(super) fn copy_definitions(
        &mut self,
        ids: &[DefinitionId],
        copies: &mut Copies,
    ) -> Vec<DefinitionId> {
        let made: Vec<DefinitionId> = ids
            .iter()
            .map(|&id| {
                let original = self.spec.definition(id);
                let (name, span, body_span) = (original.name, original.span, original.body_span);
                let body = Body::Expr(self.nothing(span));
                let copy = self.new_definition(name, Vec::new(), body, span, body_span);
                self.note_section(copy);
                copies.definitions.insert(id, copy);
                copy
            })
            .collect();
        for (&id, &copy) in ids.iter().zip(&made) {
            let original: Definition = self.spec.definition(id).clone();
            let params = self.copy_locals(&original.params, copies);
            let body = match &original.body {
                Body::Expr(body) => Body::Expr(self.copy(body, copies)),
                Body::Function { bounds, body } => {
                    let bounds = self.copy_bounds(bounds, copies);
                    Body::Function {
                        bounds,
                        body: self.copy(body, copies),
                    }
                }
                Body::Instance { .. } => original.body.clone(),
            };
            if let Some(definition) = self.spec.definitions.get_mut(copy.0 as usize) {
                definition.params = params;
                definition.body = body;
                definition.recursive = original.recursive;
                definition.in_let = true;
            }
        }
        made
    }

    /// Copies an expression.
    pub(super) fn copy(&mut self, expr: &Expr, copies: &mut Copies) -> Expr {
        let kind = match &*expr.kind {
            ExprKind::Int(_)
            | ExprKind::Decimal(_)
            | ExprKind::String(_)
            | ExprKind::Bool(_)
            | ExprKind::Special(_)
            | ExprKind::Variable(_)
            | ExprKind::At => (*expr.kind).clone(),
            ExprKind::Constant(id, arguments) => {
                ExprKind::Constant(*id, self.copy_arguments(arguments, copies))
            }
            ExprKind::Local(id, arguments) => {
                let id = copies.locals.get(id).copied().unwrap_or(*id);
                ExprKind::Local(id, self.copy_arguments(arguments, copies))
            }
            ExprKind::Apply(id, arguments) => {
                let id = copies.definitions.get(id).copied().unwrap_or(*id);
                ExprKind::Apply(id, self.copy_arguments(arguments, copies))
            }
            ExprKind::Builtin(operator, items) => {
                ExprKind::Builtin(*operator, self.copy_all(items, copies))
            }
            ExprKind::And(items) => ExprKind::And(self.copy_all(items, copies)),
            ExprKind::Or(items) => ExprKind::Or(self.copy_all(items, copies)),
            ExprKind::If(condition, then, otherwise) => ExprKind::If(
                self.copy(condition, copies),
                self.copy(then, copies),
                self.copy(otherwise, copies),
            ),
            ExprKind::Case { arms, other } => ExprKind::Case {
                arms: arms
                    .iter()
                    .map(|(condition, result)| {
                        (self.copy(condition, copies), self.copy(result, copies))
                    })
                    .collect(),
                other: other.as_ref().map(|other| self.copy(other, copies)),
            },
            ExprKind::Let { definitions, body } => ExprKind::Let {
                definitions: self.copy_definitions(definitions, copies),
                body: self.copy(body, copies),
            },
            ExprKind::Quantified {
                quantifier,
                bounds,
                body,
            } => ExprKind::Quantified {
                quantifier: *quantifier,
                bounds: self.copy_bounds(bounds, copies),
                body: self.copy(body, copies),
            },
            ExprKind::Unbounded {
                quantifier,
                locals,
                body,
            } => ExprKind::Unbounded {
                quantifier: *quantifier,
                locals: self.copy_locals(locals, copies),
                body: self.copy(body, copies),
            },
            ExprKind::Choose {
                pattern,
                domain,
                body,
            } => ExprKind::Choose {
                domain: domain.as_ref().map(|domain| self.copy(domain, copies)),
                pattern: self.copy_pattern(pattern, copies),
                body: self.copy(body, copies),
            },
            ExprKind::SetEnum(items) => ExprKind::SetEnum(self.copy_all(items, copies)),
            ExprKind::SetFilter {
                pattern,
                domain,
                body,
            } => ExprKind::SetFilter {
                domain: self.copy(domain, copies),
                pattern: self.copy_pattern(pattern, copies),
                body: self.copy(body, copies),
            },
            ExprKind::SetMap { body, bounds } => {
                let bounds = self.copy_bounds(bounds, copies);
                ExprKind::SetMap {
                    body: self.copy(body, copies),
                    bounds,
                }
            }
            ExprKind::Function { bounds, body } => ExprKind::Function {
                bounds: self.copy_bounds(bounds, copies),
                body: self.copy(body, copies),
            },
            ExprKind::FnApply(one, other) => {
                ExprKind::FnApply(self.copy(one, copies), self.copy(other, copies))
            }
            ExprKind::FnSet(one, other) => {
                ExprKind::FnSet(self.copy(one, copies), self.copy(other, copies))
            }
            ExprKind::Record(fields) => ExprKind::Record(
                fields
                    .iter()
                    .map(|(field, value)| (*field, self.copy(value, copies)))
                    .collect(),
            ),
            ExprKind::RecordSet(fields) => ExprKind::RecordSet(
                fields
                    .iter()
                    .map(|(field, value)| (*field, self.copy(value, copies)))
                    .collect(),
            ),
            ExprKind::Field(record, field) => ExprKind::Field(self.copy(record, copies), *field),
            ExprKind::Except { base, updates } => ExprKind::Except {
                base: self.copy(base, copies),
                updates: updates
                    .iter()
                    .map(|(selectors, value)| {
                        let selectors = selectors
                            .iter()
                            .map(|selector| match selector {
                                Selector::Index(index) => Selector::Index(self.copy(index, copies)),
                                Selector::Field(field) => Selector::Field(*field),
                            })
                            .collect();
                        (selectors, self.copy(value, copies))
                    })
                    .collect(),
            },
            ExprKind::Tuple(items) => ExprKind::Tuple(self.copy_all(items, copies)),
            ExprKind::Product(items) => ExprKind::Product(self.copy_all(items, copies)),
            ExprKind::BoxAction(one, other) => {
                ExprKind::BoxAction(self.copy(one, copies), self.copy(other, copies))
            }
            ExprKind::AngleAction(one, other) => {
                ExprKind::AngleAction(self.copy(one, copies), self.copy(other, copies))
            }
            ExprKind::WeakFairness(one, other) => {
                ExprKind::WeakFairness(self.copy(one, copies), self.copy(other, copies))
            }
            ExprKind::StrongFairness(one, other) => {
                ExprKind::StrongFairness(self.copy(one, copies), self.copy(other, copies))
            }
        };
        make(kind, expr.span)
    }

    fn copy_all(&mut self, items: &[Expr], copies: &mut Copies) -> Vec<Expr> {
        items.iter().map(|item| self.copy(item, copies)).collect()
    }

    fn copy_bounds(&mut self, bounds: &[Bound], copies: &mut Copies) -> Vec<Bound> {
        bounds
            .iter()
            .map(|bound| Bound {
                domain: self.copy(&bound.domain, copies),
                patterns: bound
                    .patterns
                    .iter()
                    .map(|pattern| self.copy_pattern(pattern, copies))
                    .collect(),
            })
            .collect()
    }

    fn copy_pattern(&mut self, pattern: &Pattern, copies: &mut Copies) -> Pattern {
        match pattern {
            Pattern::Name(local) => {
                let copy = self.copy_locals(&[*local], copies);
                Pattern::Name(copy.first().copied().unwrap_or(*local))
            }
            Pattern::Tuple(locals) => Pattern::Tuple(self.copy_locals(locals, copies)),
        }
    }

    fn copy_arguments(&mut self, arguments: &[Arg], copies: &mut Copies) -> Vec<Arg> {
        arguments
            .iter()
            .map(|argument| match argument {
                Arg::Expr(value) => Arg::Expr(self.copy(value, copies)),
                Arg::Op(operator) => Arg::Op(self.copy_operator(operator, copies)),
            })
            .collect()
    }

    fn copy_operator(&mut self, operator: &OpArg, copies: &mut Copies) -> OpArg {
        match operator {
            OpArg::Expr(value) => OpArg::Expr(self.copy(value, copies)),
            OpArg::Definition(id) => {
                OpArg::Definition(copies.definitions.get(id).copied().unwrap_or(*id))
            }
            OpArg::Local(id) => OpArg::Local(copies.locals.get(id).copied().unwrap_or(*id)),
            OpArg::Lambda(params, body) => OpArg::Lambda(
                self.copy_locals(params, copies),
                Box::new(self.copy(body, copies)),
            ),
            OpArg::Constant(_) | OpArg::Builtin(_) | OpArg::And | OpArg::Or => operator.clone(),
        }
    }
}
