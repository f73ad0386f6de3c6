//! `SPECIFICATION`, or `INIT` and `NEXT`.

use super::super::compile::{Conjunct, Purpose, RootId, Scope};
use super::build::TemporalDraft;
use super::checks::{Kind, Names};
use super::properties::Properties;
use crate::diagnostic::{Code, Diagnostic};
use crate::eval::code;
use crate::source::Span;
use crate::spec::{Builtin, Expr, ExprKind, Level, Quantifier};
use crate::syntax::config::{Config, Named};

/// How the system behaves.
#[derive(Default)]
pub(super) struct Behaviour {
    pub(super) init: Option<RootId>,
    pub(super) next: Option<RootId>,
    pub(super) fairness: Vec<TemporalDraft>,
    /// Whether there were errors.
    broken: bool,
}

const INIT: Kind = Kind {
    words: "initial predicate",
    level: Level::State,
    help: "INIT is about one state: write `x = e` instead of `x' = e`",
};
const NEXT: Kind = Kind {
    words: "next-state relation",
    level: Level::Action,
    help: "NEXT is an action; name the formula with `[][Next]_vars` under SPECIFICATION",
};

impl<'s> Names<'_, 's> {
    /// Reads how the system behaves.
    pub(super) fn behaviour(&mut self, config: &Config) -> Behaviour {
        let Some(specification) = &config.specification else {
            return self.init_and_next(config);
        };
        let both = config.init.as_ref().or(config.next.as_ref());
        if let Some(other) = both {
            self.found.push(
                Diagnostic::error(
                    Code::Config,
                    other.span,
                    "the configuration has both SPECIFICATION and INIT or NEXT",
                )
                .with_related(specification.span, "SPECIFICATION is here")
                .with_help("keep one of the two"),
            );
            return Behaviour {
                broken: true,
                ..Behaviour::default()
            };
        }
        self.specification(specification)
    }

    fn init_and_next(&mut self, config: &Config) -> Behaviour {
        let mut behaviour = Behaviour::default();
        if let Some(named) = &config.init {
            match self.of_kind(named, &INIT) {
                Some(id) => behaviour.init = Some(self.root_use(id)),
                None => behaviour.broken = true,
            }
        }
        if let Some(named) = &config.next {
            match self.of_kind(named, &NEXT) {
                Some(id) => {
                    let scope = self.compiler.root_scope();
                    let code = self.compiler.next_definition(id, &scope);
                    behaviour.next = Some(self.compiler.root(code, &scope));
                }
                None => behaviour.broken = true,
            }
        }
        behaviour
    }

    fn specification(&mut self, named: &Named) -> Behaviour {
        let mut behaviour = Behaviour::default();
        let Some(id) = self.definition(named, "specification") else {
            behaviour.broken = true;
            return behaviour;
        };
        let scope = self.compiler.root_scope();
        let conjuncts = self
            .compiler
            .conjuncts_of(id, Purpose::Specification, &scope);
        let mut inits = Vec::new();
        let mut next: Option<Span> = None;
        for conjunct in conjuncts {
            let errors = self.found.all.len();
            self.conjunct(&conjunct, named, &mut inits, &mut next, &mut behaviour);
            behaviour.broken |= self.found.is_fatal() && self.found.all.len() > errors;
        }
        let span = self.spec.definition(id).body_span;
        behaviour.init = match inits.len() {
            0 => None,
            _ => {
                let code = code::Code {
                    op: code::Op::And(inits.into()),
                    span,
                };
                Some(self.compiler.root(code, &scope))
            }
        };
        behaviour
    }

    fn conjunct(
        &mut self,
        conjunct: &Conjunct<'s>,
        named: &Named,
        inits: &mut Vec<code::Code>,
        next: &mut Option<Span>,
        behaviour: &mut Behaviour,
    ) {
        let expr = conjunct.expr;
        match &*expr.kind {
            ExprKind::Builtin(Builtin::Always, args) => {
                let Some(inner) = args.first() else {
                    return;
                };
                if let ExprKind::BoxAction(action, subscript) = &*inner.kind {
                    if let Some(first) = *next {
                        self.found.push(
                            Diagnostic::error(
                                Code::Config,
                                named.span,
                                format!(
                                    "the specification `{}` has more than one next-state relation",
                                    named.name
                                ),
                            )
                            .with_related(first, "the first is here")
                            .with_related(inner.span, "another is here")
                            .with_help("join them into one `[][A /\\ B]_vars`"),
                        );
                        return;
                    }
                    *next = Some(inner.span);
                    self.subscript(subscript, &conjunct.scope);
                    let code = self.compiler.next(action, &conjunct.scope);
                    behaviour.next = Some(self.compiler.root(code, &conjunct.scope));
                    return;
                }
                if self.compiler.level(inner, &conjunct.scope) <= Level::State {
                    self.refuse(
                        named,
                        expr,
                        "has a conjunct `[]P` of a state predicate",
                        "make P part of the initial predicate and of every step, or check it as \
                         an INVARIANT",
                    );
                    return;
                }
            }
            ExprKind::Unbounded {
                quantifier: Quantifier::TemporalForAll | Quantifier::TemporalExists,
                ..
            } => {
                self.refuse(
                    named,
                    expr,
                    "has a temporal quantifier",
                    "TLC cannot handle \\EE and \\AA; name the inner specification",
                );
                return;
            }
            _ => {}
        }
        match self.compiler.level(expr, &conjunct.scope) {
            Level::Constant | Level::State => {
                inits.push(self.compiler.counted(expr, &conjunct.scope));
            }
            Level::Temporal => {
                let formula = self.compiler.temporal(conjunct);
                behaviour.fairness.push(TemporalDraft {
                    name: conjunct.name,
                    span: expr.span,
                    frame: conjunct.scope.frame,
                    formula,
                });
            }
            Level::Action => self.refuse(
                named,
                expr,
                "has an action as a conjunct",
                "write it as `[][A]_vars`",
            ),
        }
    }

    fn refuse(&mut self, named: &Named, expr: &Expr, what: &str, help: &str) {
        self.found.push(
            Diagnostic::error(
                Code::Config,
                named.span,
                format!("the specification `{}` {what}", named.name),
            )
            .with_related(expr.span, "here")
            .with_help(help),
        );
    }

    /// Warns of variables that `[Next]_v` may change because `v` lacks them.
    fn subscript(&mut self, subscript: &'s Expr, scope: &Scope<'s>) {
        let known = self.compiler.subscript_variables(subscript, scope);
        for (at, &id) in self.root.variables.iter().enumerate() {
            if !known.iter().any(|&index| index as usize == at) {
                let name = self.spec.variable(id).name;
                self.found.push(
                    Diagnostic::warning(
                        Code::Config,
                        subscript.span,
                        format!(
                            "the subscript of the next-state relation lacks the variable `{name}`"
                        ),
                    )
                    .with_help(format!("add `{name}` to the tuple of variables")),
                );
            }
        }
    }

    /// Whether the parts that the rest needs are there.
    pub(super) fn behaviour_is_whole(
        &mut self,
        config: &Config,
        behaviour: &Behaviour,
        properties: &Properties,
    ) {
        if behaviour.broken {
            return;
        }
        let checked = !properties.invariants.is_empty()
            || !properties.actions.is_empty()
            || !properties.temporal.is_empty();
        let states = checked || !properties.initial.is_empty() || !self.root.variables.is_empty();
        let place = config.specification.as_ref().or(config.init.as_ref());
        let span = place
            .or(config.next.as_ref())
            .map_or(self.root.span, |named| named.span);
        if behaviour.init.is_none() && states {
            let message = match &config.specification {
                Some(named) => format!(
                    "the specification `{}` has no initial predicate",
                    named.name
                ),
                None => "the configuration has no initial predicate".to_owned(),
            };
            self.found
                .push(Diagnostic::error(Code::Config, span, message).with_help(
                    "add `SPECIFICATION Spec` (with Spec == Init /\\ [][Next]_vars), or \
                     `INIT Init` and `NEXT Next`, to the configuration",
                ));
        }
        if behaviour.next.is_none() && checked {
            let message = match &config.specification {
                Some(named) => format!(
                    "the specification `{}` has no next-state relation",
                    named.name
                ),
                None => "the configuration has no next-state relation".to_owned(),
            };
            self.found
                .push(Diagnostic::error(Code::Config, span, message).with_help(
                    "add `NEXT Next` to the configuration, or `[][Next]_vars` to the specification",
                ));
        }
    }
}
