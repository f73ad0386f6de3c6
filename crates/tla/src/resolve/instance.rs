//! `INSTANCE`: the definitions of another module with its constants and variables replaced.

use std::collections::HashMap;

use super::Resolver;
use super::entity::{Entity, Entry, InstanceName, Kind};
use super::scope::index;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::spec::{
    Body, ConstantId, DefinitionId, Expr, LocalId, ModuleId, OpArg, Substitution, SubstitutionId,
    VariableId,
};
use crate::symbol::Symbol;
use crate::syntax::ast;

/// Length of the names of all definitions of instances together, such as `I!J!Op`.
const MAX_NAME_BYTES: usize = 1 << 26;

/// An `INSTANCE` whose levels are to be checked.
#[derive(Debug, Clone)]
pub(super) struct InstanceCheck {
    /// Its replacements.
    pub(super) substitution: SubstitutionId,
    /// Whether it stands in a `LET`.
    pub(super) in_let: bool,
    /// Its text.
    pub(super) span: Span,
}

/// What replaces a declared name.
#[derive(Debug)]
enum Replacement {
    Constant(ConstantId, OpArg),
    Variable(VariableId, Expr),
}

impl Resolver<'_> {
    /// Resolves an instance and declares its names; gives the definitions it makes.
    pub(super) fn instance(&mut self, instance: &ast::Instance) -> Vec<DefinitionId> {
        let span = instance.span;
        let mark = self.scope.enter();
        let params: Vec<LocalId> = instance
            .params
            .iter()
            .map(|param| self.declare_local(param.name, param.arity))
            .collect();
        let Some(module) = self.lookup_module(instance.module.name) else {
            self.scope.leave(mark);
            self.report_missing_module(instance.module);
            return Vec::new();
        };
        let replacements = self.replacements(module, instance);
        self.scope.leave(mark);
        let substitution = self.add_substitution(module, params.clone(), replacements);
        let check = InstanceCheck {
            substitution,
            in_let: self.let_nesting > 0,
            span,
        };
        self.info_mut().instances.push(check);
        let exported: Vec<Entry> = self
            .context(module)
            .entries()
            .iter()
            .filter(|entry| !entry.local)
            .copied()
            .collect();
        match instance.name {
            Some(name) => {
                let made = self.name_all(name.name, &params, &exported, substitution, instance);
                let entity = self.new_instance_name(params);
                self.declare(Entry {
                    name: name.name,
                    entity,
                    local: instance.local,
                    span: Some(name.span),
                });
                made
            }
            None => self.include_all(module, &exported, substitution, instance),
        }
    }

    /// Declares `I!Op` for every definition of the module.
    fn name_all(
        &mut self,
        name: Symbol,
        params: &[LocalId],
        exported: &[Entry],
        substitution: SubstitutionId,
        instance: &ast::Instance,
    ) -> Vec<DefinitionId> {
        let mut made = Vec::new();
        for entry in exported {
            if self.too_large {
                break;
            }
            let full = self.instance_member(name, entry.name, instance.span);
            let entity = match entry.entity {
                Entity::Definition(of) => {
                    let id = self.instantiate(full, params, of, substitution, instance.span);
                    made.push(id);
                    Entity::Definition(id)
                }
                Entity::Fact(of) => {
                    Entity::Fact(self.instantiate(full, params, of, substitution, instance.span))
                }
                Entity::Sequent => Entity::Sequent,
                Entity::Instance(inner) => {
                    let all = [params, self.instance_params(inner)].concat();
                    self.new_instance_name(all)
                }
                _ => continue,
            };
            self.declare(Entry {
                name: full,
                entity,
                local: instance.local,
                span: entry.span,
            });
        }
        made
    }

    /// Declares every definition of the module under its own name.
    fn include_all(
        &mut self,
        module: ModuleId,
        exported: &[Entry],
        substitution: SubstitutionId,
        instance: &ast::Instance,
    ) -> Vec<DefinitionId> {
        let plain_module = self.context(module).is_parameter_free();
        let mut made = Vec::new();
        for entry in exported {
            if self.too_large {
                break;
            }
            let (of, fact) = match entry.entity {
                Entity::Definition(of) => (of, false),
                Entity::Fact(of) => (of, true),
                Entity::Sequent => {
                    self.declare(Entry {
                        local: instance.local,
                        ..*entry
                    });
                    continue;
                }
                _ => continue,
            };
            // What does not depend on a declaration is the same definition everywhere.
            let plain = plain_module
                || self
                    .context(self.spec.definition(of).module)
                    .is_parameter_free();
            let id = if plain {
                of
            } else {
                self.instantiate(entry.name, &[], of, substitution, instance.span)
            };
            if !fact {
                made.push(id);
            }
            self.declare(Entry {
                entity: if fact {
                    Entity::Fact(id)
                } else {
                    Entity::Definition(id)
                },
                local: instance.local,
                ..*entry
            });
        }
        made
    }

    fn instantiate(
        &mut self,
        name: Symbol,
        params: &[LocalId],
        of: DefinitionId,
        substitution: SubstitutionId,
        span: Span,
    ) -> DefinitionId {
        let own: Vec<LocalId> = params
            .iter()
            .chain(&self.spec.definition(of).params)
            .copied()
            .collect();
        let fresh = own
            .into_iter()
            .map(|local| {
                let local = self.spec.local(local);
                let (name, arity) = (local.name, local.arity);
                self.new_local(name, arity)
            })
            .collect();
        let body = Body::Instance { of, substitution };
        let id = self.new_definition(name, fresh, body, span, span);
        self.note_section(id);
        id
    }

    /// `I!Op`, within the limit on the text of all such names: instances of instances of instances
    /// multiply.
    fn instance_member(&mut self, instance: Symbol, name: Symbol, span: Span) -> Symbol {
        let full = format!("{instance}!{name}");
        self.name_bytes += full.len();
        if self.name_bytes > MAX_NAME_BYTES && !self.too_large {
            self.too_large = true;
            self.error(
                Code::TooLarge,
                span,
                "the names of all definitions of instances are too long together",
            );
        }
        if self.too_large {
            return name;
        }
        Symbol::new(&full)
    }

    fn new_instance_name(&mut self, params: Vec<LocalId>) -> Entity {
        self.instance_names.push(params);
        Entity::Instance(InstanceName(self.instance_names.len() - 1))
    }

    fn add_substitution(
        &mut self,
        module: ModuleId,
        params: Vec<LocalId>,
        replacements: Vec<Replacement>,
    ) -> SubstitutionId {
        let mut substitution = Substitution {
            module,
            params,
            constants: Vec::new(),
            variables: Vec::new(),
        };
        for replacement in replacements {
            match replacement {
                Replacement::Constant(id, by) => substitution.constants.push((id, by)),
                Replacement::Variable(id, by) => substitution.variables.push((id, by)),
            }
        }
        self.spec.substitutions.push(substitution);
        SubstitutionId(index(self.spec.substitutions.len() - 1))
    }

    /// What replaces each declared name: as written after `WITH`, else what has the same name
    /// where the instance stands.
    fn replacements(&mut self, module: ModuleId, instance: &ast::Instance) -> Vec<Replacement> {
        let declared: Vec<Entry> = self.context(module).declarations().copied().collect();
        let mut explicit: HashMap<Symbol, &(ast::Ident, ast::Expr)> = HashMap::new();
        for substitution in &instance.substitutions {
            let (target, value) = substitution;
            if !declared.iter().any(|entry| entry.name == target.name) {
                self.report_bad_target(module, *target, &declared);
                self.visit(value);
            } else if explicit.insert(target.name, substitution).is_some() {
                self.error(
                    Code::Duplicate,
                    target.span,
                    format!("`{}` is replaced twice", target.name),
                );
            }
        }
        let mut replacements = Vec::with_capacity(declared.len());
        let mut missing = Vec::new();
        for entry in declared {
            let found = match explicit.get(&entry.name) {
                Some((target, value)) => {
                    self.check_hidden_replacement(&entry, target.span);
                    Some(self.explicit_replacement(&entry, value))
                }
                None => self.implicit_replacement(&entry, instance.span),
            };
            match found {
                Some(replacement) => replacements.push(replacement),
                None => missing.push(entry),
            }
        }
        if !missing.is_empty() {
            self.report_missing_replacements(module, instance, &missing);
        }
        replacements
    }

    fn explicit_replacement(&mut self, entry: &Entry, value: &ast::Expr) -> Replacement {
        match entry.entity {
            Entity::Constant(id) => {
                let arity = self.spec.constant(id).arity;
                let by = if arity == 0 {
                    OpArg::Expr(self.expr(value))
                } else {
                    self.operator(
                        value,
                        arity,
                        &format!("the replacement of `{}`", entry.name),
                    )
                };
                Replacement::Constant(id, by)
            }
            Entity::Variable(id) => Replacement::Variable(id, self.expr(value)),
            _ => Replacement::Constant(ConstantId(0), OpArg::Expr(self.nothing(value.span))),
        }
    }

    /// An operator of the same name where a value is to be replaced is an error in SANY even where
    /// the replacement is written out.
    fn check_hidden_replacement(&mut self, entry: &Entry, span: Span) {
        if self.arity(entry.entity) > 0 {
            return;
        }
        let Some(present) = self.lookup(entry.name) else {
            return;
        };
        let is_operator = self.arity(present.entity) > 0 && present.entity.kind() != Kind::Local;
        if is_operator || present.entity.kind() == Kind::Instance {
            self.report_not_a_value(entry.name, &present, span);
        }
    }

    fn report_not_a_value(&mut self, name: Symbol, present: &Entry, span: Span) {
        let mut error = Diagnostic::error(
            Code::Arity,
            span,
            format!(
                "`{name}` is {} here and cannot replace the `{name}` of the instantiated module",
                if present.entity.kind() == Kind::Instance {
                    "an instance"
                } else {
                    "an operator with arguments"
                }
            ),
        );
        error.related = super::scope::related_definition(present);
        error.help = Some(format!("rename the `{name}` of this module"));
        self.report(error);
    }

    fn implicit_replacement(&mut self, entry: &Entry, span: Span) -> Option<Replacement> {
        let present = self.lookup(entry.name)?;
        let wanted = self.arity(entry.entity);
        let given = self.arity(present.entity);
        if given != wanted || present.entity.kind() == Kind::Instance {
            if wanted == 0 {
                self.report_not_a_value(entry.name, &present, span);
            } else {
                self.error(
                    Code::Arity,
                    span,
                    format!(
                        "`{}` takes {given} arguments here, but {wanted} in the instantiated module",
                        entry.name
                    ),
                );
            }
        }
        let value = |resolver: &mut Self| match given {
            0 => resolver.apply(present.entity, Vec::new(), span),
            _ => resolver.nothing(span),
        };
        Some(match entry.entity {
            Entity::Variable(id) => Replacement::Variable(id, value(self)),
            Entity::Constant(id) if wanted == 0 => {
                Replacement::Constant(id, OpArg::Expr(value(self)))
            }
            Entity::Constant(id) => {
                let by = self.as_operator(present.entity, span)?;
                Replacement::Constant(id, by)
            }
            _ => return None,
        })
    }

    fn report_bad_target(&mut self, module: ModuleId, target: ast::Ident, declared: &[Entry]) {
        let module_name = self.spec.module(module).name;
        let defined = self.context(module).get(target.name).is_some();
        let message = if defined {
            format!(
                "`{}` is defined in module {module_name}: only its constants and variables can be replaced",
                target.name
            )
        } else {
            format!(
                "module {module_name} declares no constant or variable `{}`",
                target.name
            )
        };
        let names: Vec<String> = declared
            .iter()
            .map(|entry| format!("`{}`", entry.name))
            .collect();
        let help = if names.is_empty() {
            format!("module {module_name} declares nothing, leave WITH out")
        } else {
            format!("module {module_name} declares {}", names.join(", "))
        };
        self.report(Diagnostic::error(Code::Unknown, target.span, message).with_help(help));
    }

    fn report_missing_replacements(
        &mut self,
        module: ModuleId,
        instance: &ast::Instance,
        missing: &[Entry],
    ) {
        let module_name = self.spec.module(module).name;
        let names: Vec<String> = missing
            .iter()
            .map(|entry| format!("`{}`", entry.name))
            .collect();
        let examples: Vec<String> = missing
            .iter()
            .map(|entry| format!("{} <- …", entry.name))
            .collect();
        let mut error = Diagnostic::error(
            Code::Unknown,
            instance.span,
            format!(
                "the instance of {module_name} does not say what replaces {}",
                names.join(", ")
            ),
        );
        error.related = missing
            .iter()
            .filter_map(|entry| entry.span)
            .map(|span| (span, "declared here".to_owned()))
            .collect();
        error.help = Some(format!(
            "write `INSTANCE {module_name} WITH {}`, or declare the same names in this module",
            examples.join(", ")
        ));
        self.report(error);
    }
}
