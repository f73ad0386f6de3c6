//! `INVARIANT` and `PROPERTY`, sorted by what it takes to check them.

use super::super::compile::{Conjunct, Purpose};
use super::build::{Draft, TemporalDraft};
use super::checks::Names;
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::{Builtin, Expr, ExprKind, Level};
use crate::symbol::Symbol;
use crate::syntax::config::{Config, Named};
use crate::value::Value;

/// Everything that is checked of a behaviour.
#[derive(Default)]
pub(super) struct Properties {
    /// Of every state.
    pub(super) invariants: Vec<Draft>,
    /// Of every initial state.
    pub(super) initial: Vec<Draft>,
    /// Of every step.
    pub(super) actions: Vec<Draft>,
    /// Of whole behaviours.
    pub(super) temporal: Vec<TemporalDraft>,
    /// Names of those that depend on no state.
    pub(super) constants: Vec<Symbol>,
}

impl<'s> Names<'_, 's> {
    /// Reads what is checked.
    pub(super) fn properties(&mut self, config: &Config) -> Properties {
        let mut properties = Properties {
            invariants: self.invariants(&config.invariants),
            ..Properties::default()
        };
        for named in config.invariants.iter().chain(&config.properties) {
            if let Some(&id) = self.root.scope.get(&named.name)
                && self.spec.definition(id).params.is_empty()
                && self.compiler.definition_level(id) == Level::Constant
            {
                properties.constants.push(named.name);
            }
        }
        for named in &config.properties {
            self.property(named, &mut properties);
        }
        properties
    }

    fn property(&mut self, named: &Named, properties: &mut Properties) {
        let Some(id) = self.definition(named, "property") else {
            return;
        };
        match self.compiler.configured_value(id) {
            Some(Value::Bool(true)) => return,
            Some(value) => {
                let message = format!("the property `{}` has the value {value}", named.name);
                self.found
                    .push(Diagnostic::error(Code::Config, named.span, message));
                return;
            }
            None => {}
        }
        let scope = self.compiler.root_scope();
        let conjuncts = self.compiler.conjuncts_of(id, Purpose::Property, &scope);
        if conjuncts.is_empty() {
            // A definition that cannot be looked into: a function, a native operator.
            properties.initial.push(self.draft(named.name, id));
        }
        for conjunct in &conjuncts {
            self.conjunct_of_property(conjunct, named, properties);
        }
    }

    fn conjunct_of_property(
        &mut self,
        conjunct: &Conjunct<'s>,
        named: &Named,
        properties: &mut Properties,
    ) {
        let expr = conjunct.expr;
        if let ExprKind::Builtin(Builtin::Always, args) = &*expr.kind
            && let Some(inner) = args.first()
        {
            if matches!(&*inner.kind, ExprKind::BoxAction(..)) {
                let draft = self.part(conjunct, inner, conjunct.name);
                properties.actions.push(draft);
                return;
            }
            if self.compiler.level(inner, &conjunct.scope) <= Level::State {
                let name = match &*inner.kind {
                    ExprKind::Apply(id, args) if args.is_empty() => self.spec.definition(*id).name,
                    _ => conjunct.name,
                };
                let draft = self.part(conjunct, inner, name);
                properties.invariants.push(draft);
                return;
            }
        }
        match self.compiler.level(expr, &conjunct.scope) {
            Level::Constant | Level::State => {
                let draft = self.part(conjunct, expr, conjunct.name);
                properties.initial.push(draft);
            }
            Level::Temporal => {
                let formula = self.compiler.temporal(conjunct);
                properties.temporal.push(TemporalDraft {
                    // TLC names what the configuration names.
                    name: named.name,
                    span: expr.span,
                    frame: conjunct.scope.frame,
                    formula,
                });
            }
            Level::Action => {
                let help = match &*expr.kind {
                    ExprKind::BoxAction(..) => "write `[][A]_v`: every step is an A step",
                    ExprKind::AngleAction(..) => "write `<><<A>>_v`: some step is an A step",
                    _ => "write `[][A]_vars` to say that every step is an A step",
                };
                self.found.push(
                    Diagnostic::error(
                        Code::Level,
                        named.span,
                        format!("the property `{}` is an action", named.name),
                    )
                    .with_related(expr.span, "here")
                    .with_help(help),
                );
            }
        }
    }

    fn part(&mut self, conjunct: &Conjunct<'s>, expr: &'s Expr, name: Symbol) -> Draft {
        Draft {
            name,
            span: expr.span,
            root: self.compiler.predicate(conjunct, expr),
        }
    }
}
