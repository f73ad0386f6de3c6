//! Operators as operands.

use super::super::code::{Code, Local, Op, Operand, Operator, RoutineId};
use super::calls::{Known, known_op};
use super::expressions::{builtin_op, code};
use super::instances::{InstanceId, unsupported};
use super::scopes::{Binding, Name, Scope, find};
use super::{Compiler, Replacement, RoutineKey, Source, Written};
use crate::spec::{Body, ConstantId, DefinitionId, OpArg};
use crate::symbol::Symbol;

impl<'s> Compiler<'s> {
    /// An operator named in `from` as an operand of a call in `here`.
    pub(super) fn operator(
        &mut self,
        operator: &'s OpArg,
        from: &Scope<'s>,
        here: &Scope<'s>,
    ) -> Operator {
        match operator {
            OpArg::Definition(id) => self.definition_operator(*id, from, here),
            OpArg::Constant(id) => match self.constant_operator(*id, from) {
                Some((operator, outside)) => self.operator(operator, &outside, here),
                None => self.declared_operator(*id, here),
            },
            OpArg::Local(id) => match find(&from.names, Name::Local(*id)) {
                Some((_, Binding::Operator(operator, scope))) => {
                    let scope = scope.inside(here);
                    self.operator(operator, &scope, here)
                }
                Some((_, Binding::Place(place))) => match self.local(*place, here) {
                    Some(local) => Operator::Param(local),
                    None => self.failing_operator("an operator that is out of reach here"),
                },
                _ => self.failing_operator("an operator that is out of reach here"),
            },
            OpArg::Builtin(builtin) => {
                let key = RoutineKey::Builtin(*builtin);
                let params = builtin.arity();
                let make = |codes| builtin_op(*builtin, codes);
                Operator::Routine(self.wrapper(key, "operator", params, make))
            }
            OpArg::And => {
                let make = |codes: Vec<Code>| Op::And(codes.into());
                Operator::Routine(self.wrapper(RoutineKey::And, "/\\", 2, make))
            }
            OpArg::Or => {
                let make = |codes: Vec<Code>| Op::Or(codes.into());
                Operator::Routine(self.wrapper(RoutineKey::Or, "\\/", 2, make))
            }
            OpArg::Lambda(params, body) => {
                let routine = self.lambda(params, body, &from.inside(here));
                Operator::Nested { routine, depth: 0 }
            }
            OpArg::Expr(expr) => {
                let routine = self.lambda(&[], expr, &from.inside(here));
                Operator::Nested { routine, depth: 0 }
            }
        }
    }

    fn definition_operator(
        &mut self,
        id: DefinitionId,
        from: &Scope<'s>,
        here: &Scope<'s>,
    ) -> Operator {
        match self.bindings.definitions.get(&id) {
            Some(Replacement::Definition(other)) => {
                let root = Scope {
                    names: None,
                    instance: InstanceId::ROOT,
                    frame: here.frame,
                    at: None,
                };
                return self.defined_operator(*other, &root, here);
            }
            Some(Replacement::Table(_) | Replacement::Value(_)) => {
                return self.failing_operator(
                    "an operator whose values the configuration lists, as an argument",
                );
            }
            None => {}
        }
        self.defined_operator(id, from, here)
    }

    fn defined_operator(
        &mut self,
        id: DefinitionId,
        from: &Scope<'s>,
        here: &Scope<'s>,
    ) -> Operator {
        let definition = self.spec.definition(id);
        if let Some(known) = self.known(id) {
            return Operator::Routine(self.known_wrapper(id, &known));
        }
        if let Body::Instance { of, substitution } = &definition.body
            && self.spec.substitution(*substitution).params.is_empty()
        {
            let inside = self.scope_of(id, from);
            let inside = Scope {
                names: None,
                instance: self.instance(*substitution, &inside),
                frame: here.frame,
                at: None,
            };
            return match self.bindings.through_instance(*of) {
                Some(_) => self.definition_operator(*of, &inside, here),
                None => self.defined_operator(*of, &inside, here),
            };
        }
        let (routine, parent) = self.defined(id, from, false);
        let Some(parent) = parent else {
            return Operator::Routine(routine);
        };
        match self.frames.distance(here.frame, parent) {
            Some(depth) => Operator::Nested { routine, depth },
            None => self.failing_operator("an operator that is out of reach here"),
        }
    }

    /// A constant operator of the root module.
    fn declared_operator(&mut self, id: ConstantId, here: &Scope<'s>) -> Operator {
        match self.bindings.constants.get(&id) {
            Some(Replacement::Definition(definition)) => {
                let root = Scope {
                    names: None,
                    instance: InstanceId::ROOT,
                    frame: here.frame,
                    at: None,
                };
                self.defined_operator(*definition, &root, here)
            }
            Some(Replacement::Table(table)) => {
                let params = self.spec.constant(id).arity;
                let span = self.spec.constant(id).span;
                let table = code(Op::Value(table.clone()), span);
                let make = |mut codes: Vec<Code>| {
                    let key = match codes.len() {
                        1 => codes.swap_remove(0),
                        _ => code(Op::Tuple(codes.into()), span),
                    };
                    Op::FnApply(Box::new([table, key]))
                };
                Operator::Routine(self.wrapper(RoutineKey::Table(id), "table", params, make))
            }
            Some(Replacement::Value(_)) | None => {
                self.failing_operator("a constant operator without a definition")
            }
        }
    }

    /// A routine that applies a standard operator to its parameters.
    fn known_wrapper(&mut self, id: DefinitionId, known: &Known) -> RoutineId {
        let definition = self.spec.definition(id);
        let key = RoutineKey::Definition {
            definition: id,
            instance: InstanceId::ROOT,
            names: None,
            split: false,
        };
        let params = super::index(definition.params.len());
        let span = definition.span;
        self.wrapper(key, definition.name.as_str(), params, |codes| {
            let operands = codes.into_iter().map(Operand::Lazy).collect();
            known_op(known, operands, span)
        })
    }

    /// A routine that makes an operation of its parameters.
    fn wrapper(
        &mut self,
        key: RoutineKey,
        name: &str,
        params: u32,
        make: impl FnOnce(Vec<Code>) -> Op,
    ) -> RoutineId {
        let span = super::super::model::nowhere();
        self.routine(key, None, |compiler, frame| {
            let codes = (0..params)
                .map(|_| {
                    let slot = compiler.frames.slot(frame).slot;
                    code(Op::Local(Local { depth: 0, slot }), span)
                })
                .collect();
            Written {
                name: Symbol::new(name),
                params,
                source: Source::Op(make(codes)),
                scope: Scope {
                    names: None,
                    instance: InstanceId::ROOT,
                    frame,
                    at: None,
                },
                span,
            }
        })
    }

    /// An operator that fails with a reason when it is applied.
    fn failing_operator(&mut self, reason: &str) -> Operator {
        self.lambdas += 1;
        let key = RoutineKey::Lambda(self.lambdas);
        Operator::Routine(self.wrapper(key, "operator", 0, |_| unsupported(reason)))
    }
}
