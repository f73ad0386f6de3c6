//! Splits the next-state relation into named actions, as TLC does.
//!
//! TLC looks through definitions (of constant arguments), disjunctions, quantifiers over constant
//! sets and `LET`; whatever else it meets is one action, named after the innermost definition
//! around it, or after the operator whose arguments depend on the state.

use super::super::code::{Code, Local, Op};
use super::Compiler;
use super::scopes::{Binding, Name, Scope, find};
use crate::source::Span;
use crate::spec::{
    Arg, Body, Bound, DefinitionId, Expr, ExprKind, Level, LocalId, Pattern, Quantifier,
};
use crate::symbol::Symbol;

/// What an action found at some point is called.
#[derive(Debug, Clone)]
pub(super) struct Naming {
    /// The definition around it.
    name: Symbol,
    /// Parameters and bound names around it, in order.
    arguments: Vec<LocalId>,
    /// How many of these are parameters.
    parameters: usize,
}

impl<'s> Compiler<'s> {
    /// The naming of what stands in the body of a definition.
    pub(super) fn naming(&self, id: DefinitionId) -> Naming {
        let definition = self.spec.definition(id);
        let plain = |&&id: &&LocalId| self.spec.local(id).arity == 0;
        let arguments: Vec<_> = definition.params.iter().filter(plain).copied().collect();
        Naming {
            name: definition.name,
            parameters: arguments.len(),
            arguments,
        }
    }

    /// The next-state relation, split.
    pub(in super::super) fn next(&mut self, expr: &'s Expr, scope: &Scope<'s>) -> Code {
        let naming = Naming {
            // TLC's name for a formula that no definition names.
            name: Symbol::new("Action"),
            arguments: Vec::new(),
            parameters: 0,
        };
        self.split(expr, scope, &naming)
    }

    /// The next-state relation by its definition, split.
    pub(in super::super) fn next_definition(
        &mut self,
        id: DefinitionId,
        scope: &Scope<'s>,
    ) -> Code {
        let span = self.spec.definition(id).body_span;
        Code {
            op: self.split_call(id, scope, &[], span, scope),
            span,
        }
    }

    /// Splits an expression.
    pub(super) fn split(&mut self, expr: &'s Expr, scope: &Scope<'s>, naming: &Naming) -> Code {
        let op = match &*expr.kind {
            ExprKind::Or(items) => Op::Or(
                items
                    .iter()
                    .map(|item| self.split(item, scope, naming))
                    .collect(),
            ),
            ExprKind::Quantified {
                quantifier: Quantifier::Exists,
                bounds,
                body,
            } if self.bounds_level(bounds, scope) == Level::Constant => {
                let (binders, inside) = self.binders(bounds, scope);
                let mut naming = naming.clone();
                naming.arguments.extend(bound_names(bounds));
                Op::Quantified {
                    for_all: false,
                    binders,
                    body: Box::new(self.split(body, &inside, &naming)),
                }
            }
            ExprKind::Let { definitions, body } => {
                self.let_in(definitions, scope, |compiler, inside| {
                    compiler.split(body, inside, naming)
                })
            }
            ExprKind::Apply(id, args) => {
                if let Some(op) = self.split_apply(*id, scope, args, expr.span) {
                    op
                } else {
                    let name = self.spec.definition(*id).name;
                    let naming = Naming {
                        name,
                        arguments: naming.arguments.clone(),
                        parameters: 0,
                    };
                    return self.leaf(expr, &naming, scope);
                }
            }
            ExprKind::Local(..) => match self.substituted(expr, scope) {
                Some((expr, elsewhere)) => return self.split(expr, &elsewhere, naming),
                None => return self.leaf(expr, naming, scope),
            },
            _ => return self.leaf(expr, naming, scope),
        };
        Code {
            op,
            span: expr.span,
        }
    }

    /// A definition split at its use; `None` when it is one action here.
    fn split_apply(
        &mut self,
        id: DefinitionId,
        scope: &Scope<'s>,
        args: &'s [Arg],
        span: Span,
    ) -> Option<Op> {
        if self.args_level(args, scope) != Level::Constant {
            return None;
        }
        if let Some((list, Binding::Place(_))) = find(&scope.names, Name::Definition(id)) {
            // A definition of a `LET`: its body, in place of the thunk.
            let definition = self.spec.definition(id);
            let Body::Expr(body) = &definition.body else {
                return None;
            };
            if definition.recursive {
                return None;
            }
            let inside = scope.with(Some(list.clone()));
            let naming = self.naming(id);
            return Some(self.split(body, &inside, &naming).op);
        }
        if self.bindings.definitions.contains_key(&id) || self.known(id).is_some() {
            return None;
        }
        Some(self.split_call(id, scope, args, span, scope))
    }

    fn split_call(
        &mut self,
        id: DefinitionId,
        from: &Scope<'s>,
        args: &'s [Arg],
        span: Span,
        here: &Scope<'s>,
    ) -> Op {
        let definition = self.spec.definition(id);
        match &definition.body {
            Body::Expr(_) if !definition.recursive && self.known(id).is_none() => {
                let (routine, _) = self.defined(id, from, true);
                let operands = self.arguments(args, here);
                self.call(routine, operands, here)
            }
            Body::Instance { of, substitution } => {
                let replacements = self.spec.substitution(*substitution);
                let inside = self.scope_of(id, from);
                if replacements.params.is_empty()
                    && self.instance(*substitution, &inside) == inside.instance
                {
                    let inside = Scope {
                        names: None,
                        frame: here.frame,
                        ..inside
                    };
                    return self.split_call(*of, &inside, args, span, here);
                }
                let code = Code {
                    op: self.apply(id, from, args, span, here),
                    span: definition.body_span,
                };
                self.marked(code, &unopened(definition.name), here).op
            }
            Body::Expr(_) | Body::Function { .. } => {
                let code = Code {
                    op: self.apply(id, from, args, span, here),
                    span: definition.body_span,
                };
                self.marked(code, &unopened(definition.name), here).op
            }
        }
    }

    /// One action.
    fn leaf(&mut self, expr: &'s Expr, naming: &Naming, scope: &Scope<'s>) -> Code {
        let code = self.counted(expr, scope);
        self.marked(code, naming, scope)
    }

    /// Code marked as an action.
    fn marked(&mut self, code: Code, naming: &Naming, scope: &Scope<'s>) -> Code {
        let span = code.span;
        let named = |&id: &LocalId| {
            let (_, binding) = find(&scope.names, Name::Local(id))?;
            let Binding::Place(place) = binding else {
                return None;
            };
            let local: Local = self.local(*place, scope)?;
            Some((self.spec.local(id).name, local))
        };
        let arguments = naming.arguments.iter().filter_map(named).collect();
        let parameters = naming.arguments.iter().take(naming.parameters);
        let parameters: Vec<_> = parameters.map(|&id| self.spec.local(id).name).collect();
        Code {
            op: Op::Action {
                action: self.action(naming.name, span, &parameters),
                arguments,
                body: Box::new(code),
            },
            span,
        }
    }
}

/// The naming of a definition that is one action as it is used.
fn unopened(name: Symbol) -> Naming {
    Naming {
        name,
        arguments: Vec::new(),
        parameters: 0,
    }
}

fn bound_names(bounds: &[Bound]) -> impl Iterator<Item = LocalId> {
    bounds
        .iter()
        .flat_map(|bound| &bound.patterns)
        .flat_map(|pattern| match pattern {
            Pattern::Name(id) => std::slice::from_ref(id),
            Pattern::Tuple(ids) => ids.as_slice(),
        })
        .copied()
}
