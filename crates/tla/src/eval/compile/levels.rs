//! Levels of expressions where they are used, an upper bound.

use super::Compiler;
use super::scopes::Scope;
use crate::spec::{Arg, Bound, Builtin, Expr, ExprKind, Level, OpArg, Selector};

impl<'s> Compiler<'s> {
    /// The level of an expression, with its parameters and bound names taken as constants unless
    /// something is substituted for them.
    pub(in super::super) fn level(&mut self, expr: &'s Expr, scope: &Scope<'s>) -> Level {
        match &*expr.kind {
            ExprKind::Int(_)
            | ExprKind::Decimal(_)
            | ExprKind::String(_)
            | ExprKind::Bool(_)
            | ExprKind::Special(_)
            | ExprKind::At => Level::Constant,
            ExprKind::Variable(id) => self.variable_level(*id, scope),
            ExprKind::Constant(id, args) => {
                let own = self.constant_level(*id, scope);
                own.max(self.args_level(args, scope))
            }
            ExprKind::Local(_, args) => match self.substituted(expr, scope) {
                Some((expr, elsewhere)) => self.level(expr, &elsewhere),
                None => self.args_level(args, scope),
            },
            ExprKind::Apply(id, args) => {
                let own = self.spec.definition(*id).level;
                own.max(self.args_level(args, scope))
                    .max(self.instance_level(scope))
            }
            ExprKind::Builtin(builtin, args) => {
                let inner = self.most(args, scope);
                match builtin {
                    Builtin::Prime | Builtin::Unchanged | Builtin::Compose => {
                        inner.max(Level::Action)
                    }
                    // `ENABLED A` is a state predicate.
                    Builtin::Enabled => Level::State,
                    Builtin::Always
                    | Builtin::Eventually
                    | Builtin::LeadsTo
                    | Builtin::Guarantees => Level::Temporal,
                    _ => inner,
                }
            }
            ExprKind::And(items)
            | ExprKind::Or(items)
            | ExprKind::SetEnum(items)
            | ExprKind::Tuple(items)
            | ExprKind::Product(items) => self.most(items, scope),
            ExprKind::If(a, b, c) => self
                .level(a, scope)
                .max(self.level(b, scope))
                .max(self.level(c, scope)),
            ExprKind::Case { arms, other } => {
                let mut most = Level::Constant;
                for (condition, result) in arms {
                    most = most.max(self.level(condition, scope));
                    most = most.max(self.level(result, scope));
                }
                match other {
                    Some(other) => most.max(self.level(other, scope)),
                    None => most,
                }
            }
            ExprKind::Let { body, .. } => self.level(body, scope),
            ExprKind::Quantified { bounds, body, .. }
            | ExprKind::SetMap { body, bounds }
            | ExprKind::Function { bounds, body } => {
                let inner = self.level(body, scope);
                inner.max(self.bounds_level(bounds, scope))
            }
            ExprKind::Unbounded { body, .. } => self.level(body, scope),
            ExprKind::Choose { domain, body, .. } => {
                let inner = self.level(body, scope);
                match domain {
                    Some(domain) => inner.max(self.level(domain, scope)),
                    None => inner,
                }
            }
            ExprKind::SetFilter { domain, body, .. } => {
                self.level(domain, scope).max(self.level(body, scope))
            }
            ExprKind::FnApply(a, b) | ExprKind::FnSet(a, b) => {
                self.level(a, scope).max(self.level(b, scope))
            }
            ExprKind::Record(fields) | ExprKind::RecordSet(fields) => {
                let mut most = Level::Constant;
                for (_, field) in fields {
                    most = most.max(self.level(field, scope));
                }
                most
            }
            ExprKind::Field(record, _) => self.level(record, scope),
            ExprKind::Except { base, updates } => {
                let mut most = self.level(base, scope);
                for (selectors, value) in updates {
                    most = most.max(self.level(value, scope));
                    for selector in selectors {
                        if let Selector::Index(key) = selector {
                            most = most.max(self.level(key, scope));
                        }
                    }
                }
                most
            }
            ExprKind::BoxAction(a, b) | ExprKind::AngleAction(a, b) => self
                .level(a, scope)
                .max(self.level(b, scope))
                .max(Level::Action),
            ExprKind::WeakFairness(..) | ExprKind::StrongFairness(..) => Level::Temporal,
        }
    }

    /// The highest level among the sets of binders.
    pub(super) fn bounds_level(&mut self, bounds: &'s [Bound], scope: &Scope<'s>) -> Level {
        let mut most = Level::Constant;
        for bound in bounds {
            most = most.max(self.level(&bound.domain, scope));
        }
        most
    }

    /// The highest level among arguments.
    pub(super) fn args_level(&mut self, args: &'s [Arg], scope: &Scope<'s>) -> Level {
        let mut most = Level::Constant;
        for arg in args {
            most = most.max(match arg {
                Arg::Expr(expr) => self.level(expr, scope),
                Arg::Op(operator) => self.operator_level(operator, scope),
            });
        }
        most
    }

    /// The level of an operator applied to constants.
    pub(super) fn operator_level(&mut self, operator: &'s OpArg, scope: &Scope<'s>) -> Level {
        match operator {
            OpArg::Expr(expr) => self.level(expr, scope),
            OpArg::Definition(id) => {
                let own = self.spec.definition(*id).level;
                own.max(self.instance_level(scope))
            }
            OpArg::Constant(id) => self.constant_level(*id, scope),
            OpArg::Lambda(_, body) => self.level(body, scope),
            OpArg::Builtin(Builtin::Prime | Builtin::Unchanged | Builtin::Compose) => Level::Action,
            OpArg::Builtin(Builtin::Enabled) => Level::State,
            OpArg::Builtin(
                Builtin::Always | Builtin::Eventually | Builtin::LeadsTo | Builtin::Guarantees,
            ) => Level::Temporal,
            OpArg::Builtin(_) | OpArg::Local(_) | OpArg::And | OpArg::Or => Level::Constant,
        }
    }

    fn most(&mut self, exprs: &'s [Expr], scope: &Scope<'s>) -> Level {
        let mut most = Level::Constant;
        for expr in exprs {
            most = most.max(self.level(expr, scope));
        }
        most
    }
}
