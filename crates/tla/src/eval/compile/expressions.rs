//! Expressions.

use super::super::code::{Code, Enabled, Op, Update};
use super::Compiler;
use super::instances::{temporal_words, unsupported};
use super::scopes::Scope;
use crate::source::Span;
use crate::spec::{Builtin, Expr, ExprKind, Quantifier, Selector, SpecialSet};
use crate::symbol::Symbol;
use crate::value::Value;

impl<'s> Compiler<'s> {
    /// The code of an expression.
    pub(in super::super) fn expression(&mut self, expr: &'s Expr, scope: &Scope<'s>) -> Code {
        Code {
            op: self.op(expr, scope),
            span: expr.span,
        }
    }

    fn boxed(&mut self, expr: &'s Expr, scope: &Scope<'s>) -> Box<Code> {
        Box::new(self.expression(expr, scope))
    }

    fn all(&mut self, exprs: &'s [Expr], scope: &Scope<'s>) -> Box<[Code]> {
        exprs
            .iter()
            .map(|expr| self.expression(expr, scope))
            .collect()
    }

    fn pair(&mut self, a: &'s Expr, b: &'s Expr, scope: &Scope<'s>) -> Box<[Code; 2]> {
        Box::new([self.expression(a, scope), self.expression(b, scope)])
    }

    /// An expression whose evaluations are counted when coverage is asked for.
    pub(in super::super) fn counted(&mut self, expr: &'s Expr, scope: &Scope<'s>) -> Code {
        let code = self.expression(expr, scope);
        self.count(code)
    }

    /// Code whose evaluations are counted when coverage is asked for.
    pub(super) fn count(&mut self, code: Code) -> Code {
        if !self.coverage {
            return code;
        }
        let span = code.span;
        let id = super::index(self.counted.len());
        self.counted.push(span);
        Code {
            op: Op::Count(id, Box::new(code)),
            span,
        }
    }

    fn op(&mut self, expr: &'s Expr, scope: &Scope<'s>) -> Op {
        match &*expr.kind {
            ExprKind::Int(number) => Op::Value(Value::Int(*number)),
            ExprKind::Decimal(_) => unsupported("TLC cannot evaluate decimal numbers"),
            ExprKind::String(text) => Op::Value(Value::symbol_string(*text)),
            ExprKind::Bool(truth) => Op::Value(Value::Bool(*truth)),
            ExprKind::Special(SpecialSet::Boolean) => Op::Value(Value::boolean_set()),
            ExprKind::Special(SpecialSet::String) => Op::Value(Value::string_set()),
            ExprKind::Constant(id, args) => self.constant(*id, scope, args, expr.span, scope),
            ExprKind::Variable(id) => self.variable(*id, expr.span, scope),
            ExprKind::Local(id, args) => self.local_name(*id, scope, args, expr.span, scope),
            ExprKind::Apply(id, args) => self.apply(*id, scope, args, expr.span, scope),
            ExprKind::Builtin(Builtin::Enabled, args) if args.len() == 1 => self
                .enabled(scope, |compiler, inside| {
                    compiler.expression(&args[0], inside)
                }),
            ExprKind::Builtin(builtin, args) => {
                let args: Vec<&'s Expr> = args.iter().collect();
                self.builtin(*builtin, &args, scope)
            }
            ExprKind::And(items) => {
                Op::And(items.iter().map(|item| self.counted(item, scope)).collect())
            }
            ExprKind::Or(items) => {
                Op::Or(items.iter().map(|item| self.counted(item, scope)).collect())
            }
            ExprKind::If(condition, then, other) => Op::If(Box::new([
                self.expression(condition, scope),
                self.counted(then, scope),
                self.counted(other, scope),
            ])),
            ExprKind::Case { arms, other } => Op::Case {
                arms: arms
                    .iter()
                    .map(|(condition, result)| {
                        (
                            self.expression(condition, scope),
                            self.counted(result, scope),
                        )
                    })
                    .collect(),
                other: other
                    .as_ref()
                    .map(|other| Box::new(self.counted(other, scope))),
            },
            ExprKind::Let { definitions, body } => {
                self.let_in(definitions, scope, |compiler, inside| {
                    compiler.expression(body, inside)
                })
            }
            ExprKind::Quantified {
                quantifier,
                bounds,
                body,
            } => {
                let (binders, inside) = self.binders(bounds, scope);
                Op::Quantified {
                    for_all: *quantifier == Quantifier::ForAll,
                    binders,
                    body: Box::new(self.counted(body, &inside)),
                }
            }
            ExprKind::Unbounded { quantifier, .. } => unsupported(match quantifier {
                Quantifier::ForAll | Quantifier::Exists => {
                    "TLC attempted to evaluate an unbounded quantifier"
                }
                Quantifier::TemporalForAll | Quantifier::TemporalExists => {
                    "TLC cannot evaluate temporal quantifiers"
                }
            }),
            ExprKind::Choose {
                pattern,
                domain,
                body,
            } => {
                let domain = domain.as_ref().map(|domain| self.boxed(domain, scope));
                let (target, inside) = self.bind_pattern(pattern, scope);
                Op::Choose {
                    target,
                    domain,
                    body: self.boxed(body, &inside),
                }
            }
            ExprKind::SetEnum(items) => Op::SetEnum(self.all(items, scope)),
            ExprKind::SetFilter {
                pattern,
                domain,
                body,
            } => self.filter(pattern, domain, body, expr.span, scope),
            ExprKind::SetMap { body, bounds } => {
                let (binders, inside) = self.binders(bounds, scope);
                Op::SetMap(binders, self.boxed(body, &inside))
            }
            ExprKind::Function { bounds, body } => self.function(bounds, body, expr.span, scope),
            ExprKind::FnApply(function, argument) => {
                Op::FnApply(self.pair(function, argument, scope))
            }
            ExprKind::FnSet(from, to) => Op::FnSet(self.pair(from, to, scope)),
            ExprKind::Record(fields) => self.record(fields, scope),
            ExprKind::RecordSet(fields) => Op::RecordSet(
                fields
                    .iter()
                    .map(|(name, set)| (*name, self.expression(set, scope)))
                    .collect(),
            ),
            ExprKind::Field(record, name) => Op::Field(self.boxed(record, scope), *name),
            ExprKind::Except { base, updates } => self.except(base, updates, scope),
            ExprKind::At => match scope.at {
                Some(place) => self.read(place, scope),
                None => unsupported("@ outside of EXCEPT"),
            },
            ExprKind::Tuple(items) => Op::Tuple(self.all(items, scope)),
            ExprKind::Product(sets) => Op::Product(self.all(sets, scope)),
            ExprKind::BoxAction(action, subscript) => {
                // [A]_v is A \/ UNCHANGED v, also where successors are found.
                let action = self.expression(action, scope);
                let stutter = code(self.unchanged(subscript, scope), subscript.span);
                Op::Or(Box::new([action, stutter]))
            }
            ExprKind::AngleAction(action, subscript) => self.angle(subscript, action, scope).op,
            ExprKind::WeakFairness(..) => temporal("WF_"),
            ExprKind::StrongFairness(..) => temporal("SF_"),
        }
    }

    /// `<<A>>_v`, which is `A /\ ~ UNCHANGED v`.
    pub(super) fn angle(
        &mut self,
        subscript: &'s Expr,
        action: &'s Expr,
        scope: &Scope<'s>,
    ) -> Code {
        let action = self.expression(action, scope);
        let stutter = code(self.unchanged(subscript, scope), subscript.span);
        let step = code(Op::Not(Box::new(stutter)), subscript.span);
        let span = action.span;
        code(Op::And(Box::new([action, step])), span)
    }

    /// A built-in operator.
    pub(super) fn builtin(&mut self, builtin: Builtin, args: &[&'s Expr], scope: &Scope<'s>) -> Op {
        if let Some(words) = temporal_words(builtin) {
            return temporal(words);
        }
        match (builtin, args) {
            (Builtin::Prime, [of]) => return self.prime(of, scope),
            (Builtin::Unchanged, [of]) => return self.unchanged(of, scope),
            _ => {}
        }
        let codes = args.iter().map(|arg| self.expression(arg, scope)).collect();
        builtin_op(builtin, codes)
    }

    fn record(&mut self, fields: &'s [(Symbol, Expr)], scope: &Scope<'s>) -> Op {
        let mut codes: Vec<(Value, Option<Code>)> = fields
            .iter()
            .map(|(name, expr)| {
                (
                    Value::symbol_string(*name),
                    Some(self.expression(expr, scope)),
                )
            })
            .collect();
        let names = codes.iter().map(|(name, _)| name.clone()).collect();
        let Ok(shape) = Value::set(names) else {
            return unsupported("a record with too many fields");
        };
        let Ok(order) = shape.elements() else {
            return unsupported("a record with too many fields");
        };
        let mut values = Vec::with_capacity(codes.len());
        for name in order.flatten() {
            let found = codes.iter_mut().find(|(known, _)| *known == name);
            values.extend(found.and_then(|(_, code)| code.take()));
        }
        Op::Record {
            shape,
            values: values.into(),
        }
    }

    fn except(
        &mut self,
        base: &'s Expr,
        updates: &'s [(Vec<Selector>, Expr)],
        scope: &Scope<'s>,
    ) -> Op {
        let base = self.boxed(base, scope);
        let updates = updates
            .iter()
            .map(|(selectors, value)| {
                let path = selectors
                    .iter()
                    .map(|selector| match selector {
                        Selector::Index(key) => self.expression(key, scope),
                        Selector::Field(name) => Code {
                            op: Op::Value(Value::symbol_string(*name)),
                            span: value.span,
                        },
                    })
                    .collect();
                let at = self.value_slot(scope.frame);
                let inside = Scope {
                    at: Some(at),
                    ..scope.clone()
                };
                Update {
                    path,
                    // Taken away again when nothing reads it.
                    at: Some(at.slot),
                    value: self.expression(value, &inside),
                }
            })
            .collect();
        Op::Except { base, updates }
    }
}

/// A built-in operator other than `'` and `UNCHANGED` on code.
pub(super) fn builtin_op(builtin: Builtin, codes: Vec<Code>) -> Op {
    let pair = match <[Code; 2]>::try_from(codes) {
        Ok(pair) => Box::new(pair),
        Err(codes) => {
            let Ok([one]) = <[Code; 1]>::try_from(codes) else {
                return unsupported("a built-in operator with a wrong number of operands");
            };
            let one = Box::new(one);
            return match builtin {
                Builtin::Not => Op::Not(one),
                Builtin::PowerSet => Op::PowerSet(one),
                Builtin::BigUnion => Op::BigUnion(one),
                Builtin::Domain => Op::Domain(one),
                Builtin::Prime => Op::Prime(one),
                Builtin::Enabled => Op::Enabled(Box::new(Enabled {
                    shadows: Box::default(),
                    action: *one,
                })),
                Builtin::Unchanged => Op::UnchangedExpr(one),
                _ => unsupported("a built-in operator with a wrong number of operands"),
            };
        }
    };
    match builtin {
        Builtin::Implies => Op::Implies(pair),
        Builtin::Equivalent => Op::Equivalent(pair),
        Builtin::Equal => Op::Equal(pair),
        Builtin::NotEqual => Op::NotEqual(pair),
        Builtin::In => Op::In(pair),
        Builtin::NotIn => Op::NotIn(pair),
        Builtin::SubsetEq => Op::SubsetEq(pair),
        Builtin::Union => Op::Union(pair),
        Builtin::Intersection => Op::Intersection(pair),
        Builtin::Difference => Op::Difference(pair),
        Builtin::Compose => Op::Compose(pair),
        _ => unsupported("a built-in operator with a wrong number of operands"),
    }
}

fn temporal(words: &str) -> Op {
    unsupported(format!(
        "the temporal operator {words} has no value in a state or step"
    ))
}

/// Code of an operation that stands nowhere else.
pub(super) fn code(op: Op, span: Span) -> Code {
    Code { op, span }
}
