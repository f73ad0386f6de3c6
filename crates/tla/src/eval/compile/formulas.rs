//! Temporal formulas: their conjuncts, and their trees down to predicates.

use super::super::code::{Binder, Code, Op, Target};
use super::super::formula::Formula;
use super::instances::InstanceId;
use super::scopes::{Binding, Name, Scope, find};
use super::{Compiler, Replacement, RootId};
use crate::spec::{Arg, Body, Bound, Builtin, DefinitionId, Expr, ExprKind, Level, Quantifier};
use crate::symbol::Symbol;
use crate::value::Value;

/// How deep definitions are looked through; what is deeper is left whole.
const DEPTH: u32 = 300;

/// How many conjuncts or parts a formula may have.
const PARTS: usize = 10_000;

/// One conjunct of a formula.
#[derive(Debug, Clone)]
pub(in super::super) struct Conjunct<'s> {
    /// What it says.
    pub(in super::super) expr: &'s Expr,
    /// Where it is compiled.
    pub(in super::super) scope: Scope<'s>,
    /// The innermost definition around it.
    pub(in super::super) name: Symbol,
    /// The quantifiers `\A` around it.
    around: Vec<Around<'s>>,
}

/// A quantifier around a conjunct.
#[derive(Debug, Clone)]
struct Around<'s> {
    bounds: &'s [Bound],
    targets: Vec<Box<[Target]>>,
    outside: Scope<'s>,
}

/// What a formula is taken apart for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Purpose {
    /// `SPECIFICATION`: state predicates that have a name stay whole.
    Specification,
    /// `PROPERTY`: also through `\A` over constant sets.
    Property,
}

/// What is found behind a name.
struct Opened<'s> {
    body: &'s Expr,
    scope: Scope<'s>,
    name: Symbol,
}

impl<'s> Compiler<'s> {
    /// The conjuncts of a definition of the root module, found through definitions, `LET`,
    /// instances and operators. They share the frame of `scope`.
    pub(in super::super) fn conjuncts_of(
        &mut self,
        id: DefinitionId,
        purpose: Purpose,
        scope: &Scope<'s>,
    ) -> Vec<Conjunct<'s>> {
        let mut found = Vec::new();
        if let Some(opened) = self.open(id, scope, &[], scope) {
            let start = Conjunct {
                expr: opened.body,
                scope: opened.scope,
                name: opened.name,
                around: Vec::new(),
            };
            self.conjuncts(start, purpose, DEPTH, &mut found);
        }
        found
    }

    fn conjuncts(
        &mut self,
        at: Conjunct<'s>,
        purpose: Purpose,
        fuel: u32,
        found: &mut Vec<Conjunct<'s>>,
    ) {
        let Some(fuel) = fuel.checked_sub(1).filter(|_| found.len() < PARTS) else {
            found.push(at);
            return;
        };
        let next = match &*at.expr.kind {
            ExprKind::And(items) => {
                for item in items {
                    let item = Conjunct {
                        expr: item,
                        ..at.clone()
                    };
                    self.conjuncts(item, purpose, fuel, found);
                }
                return;
            }
            ExprKind::Let { definitions, body } => Conjunct {
                expr: body,
                scope: self.let_names(definitions, &at.scope),
                ..at.clone()
            },
            ExprKind::Local(..) => match self.substituted(at.expr, &at.scope) {
                Some((expr, scope)) => Conjunct {
                    expr,
                    scope,
                    ..at.clone()
                },
                None => return found.push(at),
            },
            ExprKind::Quantified {
                quantifier: Quantifier::ForAll,
                bounds,
                body,
            } if purpose == Purpose::Property
                && self.level(at.expr, &at.scope) > Level::State
                && self.bounds_level(bounds, &at.scope) == Level::Constant =>
            {
                let (targets, inside) = self.bind_bounds(bounds, &at.scope);
                let mut around = at.around.clone();
                around.push(Around {
                    bounds,
                    targets,
                    outside: at.scope.clone(),
                });
                Conjunct {
                    expr: body,
                    scope: inside,
                    name: at.name,
                    around,
                }
            }
            ExprKind::Apply(id, args) => {
                let whole = purpose == Purpose::Specification
                    && args.is_empty()
                    && self.level(at.expr, &at.scope) <= Level::State;
                let opened = if whole {
                    None
                } else {
                    self.open(*id, &at.scope, args, &at.scope)
                };
                match opened {
                    Some(opened) => Conjunct {
                        expr: opened.body,
                        scope: opened.scope,
                        name: opened.name,
                        around: at.around.clone(),
                    },
                    None => return found.push(at),
                }
            }
            _ => return found.push(at),
        };
        self.conjuncts(next, purpose, fuel, found);
    }

    /// The body of a definition with its parameters substituted, to look inside; `None` where it is
    /// to be taken as a whole.
    fn open(
        &mut self,
        id: DefinitionId,
        from: &Scope<'s>,
        args: &'s [Arg],
        here: &Scope<'s>,
    ) -> Option<Opened<'s>> {
        if let Some((_, Binding::Place(_))) = find(&from.names, Name::Definition(id)) {
            return None;
        }
        let replacement = self.bindings.definitions.get(&id);
        self.open_replaced(id, replacement, from, args, here)
    }

    fn open_replaced(
        &mut self,
        id: DefinitionId,
        replacement: Option<&'s Replacement>,
        from: &Scope<'s>,
        args: &'s [Arg],
        here: &Scope<'s>,
    ) -> Option<Opened<'s>> {
        let (id, from) = match replacement {
            Some(Replacement::Definition(other)) => (
                *other,
                Scope {
                    names: None,
                    instance: InstanceId::ROOT,
                    frame: here.frame,
                    at: None,
                },
            ),
            Some(Replacement::Value(_) | Replacement::Table(_)) => return None,
            None => (id, from.clone()),
        };
        let definition = self.spec.definition(id);
        if definition.recursive || self.known(id).is_some() {
            return None;
        }
        let around = self.scope_of(id, &from);
        let mut entries = Vec::new();
        for (&param, arg) in definition.params.iter().zip(args) {
            let binding = match arg {
                Arg::Expr(expr) => Binding::Expr(expr, here.clone()),
                Arg::Op(operator) => Binding::Operator(operator, here.clone()),
            };
            entries.push((Name::Local(param), binding));
        }
        match &definition.body {
            Body::Expr(body) => {
                let scope = if entries.is_empty() {
                    around
                } else {
                    around.with(self.bind(&around, entries))
                };
                Some(Opened {
                    body,
                    scope,
                    name: definition.name,
                })
            }
            Body::Function { .. } => None,
            Body::Instance { of, substitution } => {
                let own = &self.spec.substitution(*substitution).params;
                let bound: Vec<_> = own
                    .iter()
                    .zip(&entries)
                    .map(|(&param, (_, binding))| (Name::Local(param), binding.clone()))
                    .collect();
                let scope = if bound.is_empty() {
                    around
                } else {
                    entries.extend(bound);
                    around.with(self.bind(&around, entries))
                };
                let inside = Scope {
                    names: None,
                    instance: self.instance(*substitution, &scope),
                    frame: here.frame,
                    at: None,
                };
                let rest = args.get(own.len()..).unwrap_or_default();
                let replacement = self.bindings.through_instance(*of);
                let mut opened = self.open_replaced(*of, replacement, &inside, rest, here)?;
                opened.name = definition.name;
                Some(opened)
            }
        }
    }

    /// The names of a `LET` around something that is looked into: all of them routines.
    fn let_names(&mut self, definitions: &'s [DefinitionId], scope: &Scope<'s>) -> Scope<'s> {
        let entries = definitions
            .iter()
            .map(|&id| (Name::Definition(id), Binding::Definition))
            .collect();
        scope.with(self.bind(scope, entries))
    }

    fn bind_bounds(
        &mut self,
        bounds: &'s [Bound],
        scope: &Scope<'s>,
    ) -> (Vec<Box<[Target]>>, Scope<'s>) {
        let mut entries = Vec::new();
        let mut targets = Vec::new();
        for bound in bounds {
            let patterns = bound.patterns.iter();
            targets.push(
                patterns
                    .map(|pattern| self.target(pattern, scope, &mut entries))
                    .collect(),
            );
        }
        (targets, scope.with(self.bind(scope, entries)))
    }

    /// Keeps a conjunct, or a part of it, as a predicate under the quantifiers around it.
    pub(in super::super) fn predicate(
        &mut self,
        conjunct: &Conjunct<'s>,
        expr: &'s Expr,
    ) -> RootId {
        let mut code = self.expression(expr, &conjunct.scope);
        for around in conjunct.around.iter().rev() {
            let binders = around
                .bounds
                .iter()
                .zip(&around.targets)
                .map(|(bound, targets)| Binder {
                    targets: targets.clone(),
                    domain: self.expression(&bound.domain, &around.outside),
                })
                .collect();
            let span = code.span;
            code = Code {
                op: Op::Quantified {
                    for_all: true,
                    binders,
                    body: Box::new(code),
                },
                span,
            };
        }
        self.root(code, &conjunct.scope)
    }

    /// Keeps a conjunct as a temporal formula.
    pub(in super::super) fn temporal(&mut self, conjunct: &Conjunct<'s>) -> Formula<RootId> {
        let mut parts = 0;
        let mut formula = self.formula(conjunct.expr, &conjunct.scope, DEPTH, &mut parts);
        for around in conjunct.around.iter().rev() {
            let mut binders = Vec::new();
            for (bound, targets) in around.bounds.iter().zip(&around.targets) {
                let domain = self.expression(&bound.domain, &around.outside);
                binders.push((targets.clone(), self.root(domain, &conjunct.scope)));
            }
            formula = Formula::Quantified {
                for_all: true,
                binders,
                body: Box::new(formula),
            };
        }
        formula
    }

    /// A temporal formula down to what is not temporal.
    fn formula(
        &mut self,
        expr: &'s Expr,
        scope: &Scope<'s>,
        fuel: u32,
        parts: &mut usize,
    ) -> Formula<RootId> {
        *parts += 1;
        let Some(fuel) = fuel.checked_sub(1).filter(|_| *parts < PARTS) else {
            return Formula::Unsupported("a temporal formula that is too large".into(), expr.span);
        };
        let level = self.level(expr, scope);
        if level < Level::Temporal {
            let code = self.expression(expr, scope);
            let root = self.root(code, scope);
            return match level {
                Level::Constant | Level::State => Formula::State(root),
                Level::Action | Level::Temporal => Formula::Step(root),
            };
        }
        let mut below = |compiler: &mut Compiler<'s>, expr: &'s Expr, scope: &Scope<'s>| {
            compiler.formula(expr, scope, fuel, parts)
        };
        match &*expr.kind {
            ExprKind::And(items) => {
                Formula::And(items.iter().map(|item| below(self, item, scope)).collect())
            }
            ExprKind::Or(items) => {
                Formula::Or(items.iter().map(|item| below(self, item, scope)).collect())
            }
            ExprKind::Builtin(builtin, args) => {
                let mut args: Vec<_> = args.iter().map(|arg| below(self, arg, scope)).collect();
                match (builtin, args.pop(), args.pop()) {
                    (Builtin::Not, Some(a), None) => Formula::Not(Box::new(a)),
                    (Builtin::Always, Some(a), None) => Formula::Always(Box::new(a)),
                    (Builtin::Eventually, Some(a), None) => Formula::Eventually(Box::new(a)),
                    (Builtin::Implies, Some(b), Some(a)) => Formula::Implies(Box::new([a, b])),
                    (Builtin::Equivalent, Some(b), Some(a)) => {
                        Formula::Equivalent(Box::new([a, b]))
                    }
                    (Builtin::LeadsTo, Some(b), Some(a)) => Formula::LeadsTo(Box::new([a, b])),
                    _ => {
                        Formula::Unsupported("this operator on temporal formulas".into(), expr.span)
                    }
                }
            }
            ExprKind::If(a, b, c) => {
                let parts = [a, b, c].map(|part| below(self, part, scope));
                Formula::If(Box::new(parts))
            }
            ExprKind::Let { definitions, body } => {
                let inside = self.let_names(definitions, scope);
                below(self, body, &inside)
            }
            ExprKind::Local(..) => match self.substituted(expr, scope) {
                Some((expr, elsewhere)) => below(self, expr, &elsewhere),
                None => Formula::Unsupported("a temporal parameter".into(), expr.span),
            },
            ExprKind::Apply(id, args) => match self.open(*id, scope, args, scope) {
                Some(opened) => below(self, opened.body, &opened.scope),
                None => Formula::Unsupported(
                    "a temporal formula behind a recursive definition".into(),
                    expr.span,
                ),
            },
            ExprKind::Quantified {
                quantifier,
                bounds,
                body,
            } => {
                if self.bounds_level(bounds, scope) != Level::Constant {
                    return Formula::Unsupported(
                        "a temporal formula quantified over a set that depends on the state".into(),
                        expr.span,
                    );
                }
                let (targets, inside) = self.bind_bounds(bounds, scope);
                let mut binders = Vec::new();
                for (bound, targets) in bounds.iter().zip(targets) {
                    let domain = self.expression(&bound.domain, scope);
                    binders.push((targets, self.root(domain, scope)));
                }
                Formula::Quantified {
                    for_all: *quantifier == Quantifier::ForAll,
                    binders,
                    body: Box::new(below(self, body, &inside)),
                }
            }
            ExprKind::WeakFairness(subscript, action) => {
                self.fairness(true, subscript, action, expr, scope)
            }
            ExprKind::StrongFairness(subscript, action) => {
                self.fairness(false, subscript, action, expr, scope)
            }
            ExprKind::Unbounded { .. } => {
                Formula::Unsupported("a temporal quantifier".into(), expr.span)
            }
            _ => Formula::Unsupported("this operator on temporal formulas".into(), expr.span),
        }
    }

    fn fairness(
        &mut self,
        weak: bool,
        subscript: &'s Expr,
        action: &'s Expr,
        whole: &'s Expr,
        scope: &Scope<'s>,
    ) -> Formula<RootId> {
        let step = self.angle(subscript, action, scope);
        let enabled = Code {
            span: step.span,
            op: self.enabled(scope, |compiler, inside| {
                compiler.angle(subscript, action, inside)
            }),
        };
        Formula::Fairness {
            weak,
            action: self.root(step, scope),
            enabled: self.root(enabled, scope),
            span: whole.span,
        }
    }

    /// The value of a definition that the configuration or the module gives directly.
    pub(in super::super) fn configured_value(&self, id: DefinitionId) -> Option<&'s Value> {
        match self.bindings.definitions.get(&id) {
            Some(Replacement::Value(value)) => Some(value),
            _ => None,
        }
    }
}
