//! The units of a module, in order.

use std::collections::HashMap;

use super::entity::{Entity, Entry};
use super::expression::make;
use super::label::Label;
use super::scope::{index, related_definition};
use super::{ModuleInfo, Resolver};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::spec::{
    Assumption, Body, Constant, ConstantId, DefinitionId, Expr, ExprKind, Module, ModuleId,
    Variable, VariableId,
};
use crate::symbol::Symbol;
use crate::syntax::ast::{self, Ident, TheoremBody, UnitKind};

impl Resolver<'_> {
    /// Binds the names of a module that is a file of its own; the modules it uses come first.
    pub(super) fn external_module(&mut self, module: &ast::Module, standard: bool) -> ModuleId {
        self.later = later_names(module);
        let id = self.resolve_module(module, standard);
        self.external.insert(module.name.name, id);
        id
    }

    fn resolve_module(&mut self, module: &ast::Module, standard: bool) -> ModuleId {
        let id = ModuleId(index(self.spec.modules.len()));
        self.spec.modules.push(Module {
            name: module.name.name,
            standard,
            constants: Vec::new(),
            variables: Vec::new(),
            scope: HashMap::new(),
            assumptions: Vec::new(),
            span: module.span,
        });
        self.infos.push(ModuleInfo::default());
        let outer = std::mem::replace(&mut self.module, id);
        self.open.push(id);
        for extended in &module.extends {
            self.extend(*extended);
        }
        for unit in &module.units {
            self.here = unit.span;
            self.unit(unit, standard);
        }
        self.check_all_defined();
        self.finish_module(id);
        self.open.pop();
        self.module = outer;
        id
    }

    fn unit(&mut self, unit: &ast::Unit, standard: bool) {
        match &unit.kind {
            UnitKind::Constants(declarations) => {
                self.check_not_recursive_section(unit.span, "a CONSTANT declaration");
                for declaration in declarations {
                    self.constant(declaration.name, declaration.arity);
                }
            }
            UnitKind::Variables(names) => {
                self.check_not_recursive_section(unit.span, "a VARIABLE declaration");
                for name in names {
                    self.variable(*name);
                }
            }
            UnitKind::Recursive(declarations) => self.recursive(declarations),
            UnitKind::Definition(definition) => {
                self.definition(definition);
                self.later.remove(&definition.name.name);
            }
            UnitKind::Instance(instance) => {
                self.instance(instance);
            }
            UnitKind::Assume { name, body } => {
                self.check_not_recursive_section(unit.span, "an ASSUME");
                self.assume(*name, body, unit.span);
            }
            UnitKind::Theorem { name, body } => {
                self.check_not_recursive_section(unit.span, "a THEOREM");
                self.theorem(*name, body, unit.span);
            }
            UnitKind::Module(inner) => {
                self.check_not_recursive_section(unit.span, "a module");
                let id = self.resolve_module(inner, standard);
                if self.lookup_module(inner.name.name).is_some() {
                    self.error(
                        Code::Duplicate,
                        inner.name.span,
                        format!("there are two modules `{}`", inner.name.name),
                    );
                } else {
                    let outer = self.module;
                    self.context_mut(outer).add_module(inner.name.name, id);
                }
            }
            UnitKind::UseHide => self.check_not_recursive_section(unit.span, "USE or HIDE"),
        }
    }

    /// Takes over the names of an extended module.
    fn extend(&mut self, name: Ident) {
        let Some(extended) = self.lookup_module(name.name) else {
            self.report_missing_module(name);
            return;
        };
        let module = self.module;
        let entries: Vec<Entry> = self
            .context(extended)
            .entries()
            .iter()
            .filter(|entry| !entry.local)
            .copied()
            .collect();
        for entry in entries {
            let Some(present) = self.context(module).get(entry.name).copied() else {
                self.context_mut(module).add(entry);
                continue;
            };
            if present.entity == entry.entity {
                continue;
            }
            if !present.entity.kind().same_sort(entry.entity.kind()) {
                self.report_duplicate(entry.name, name.span, entry.entity.kind(), &present);
            } else if !self.same_origin(present.entity, entry.entity) {
                let mut warning = Diagnostic::warning(
                    Code::Duplicate,
                    name.span,
                    format!(
                        "two extended modules define `{}`; the first definition counts",
                        entry.name
                    ),
                );
                warning.related = related_definition(&present);
                warning
                    .related
                    .extend(entry.span.map(|span| (span, "and here".to_owned())));
                self.report(warning);
            }
        }
        for (name, id) in self.context(extended).modules().to_vec() {
            if self.context(module).module(name).is_none() {
                self.context_mut(module).add_module(name, id);
            }
        }
        let assumptions = self.spec.module(extended).assumptions.clone();
        let theorems = self.infos[extended.0 as usize].theorems.clone();
        self.spec.modules[module.0 as usize]
            .assumptions
            .extend(assumptions);
        let info = self.info_mut();
        info.theorems.extend(theorems);
        info.extends.push(extended);
    }

    fn constant(&mut self, name: Ident, arity: u32) {
        let id = ConstantId(index(self.spec.constants.len()));
        self.spec.constants.push(Constant {
            name: name.name,
            module: self.module,
            arity,
            span: name.span,
        });
        self.declare(Entry {
            name: name.name,
            entity: Entity::Constant(id),
            local: false,
            span: Some(name.span),
        });
    }

    fn variable(&mut self, name: Ident) {
        let id = VariableId(index(self.spec.variables.len()));
        self.spec.variables.push(Variable {
            name: name.name,
            module: self.module,
            span: name.span,
        });
        self.declare(Entry {
            name: name.name,
            entity: Entity::Variable(id),
            local: false,
            span: Some(name.span),
        });
    }

    fn assume(&mut self, name: Option<Ident>, body: &ast::Expr, span: Span) {
        let (resolved, labels) = self.fact_body(name, body);
        let body = match name {
            None => resolved,
            Some(name) => {
                let id = self.fact(name, resolved, span);
                self.labels.keep(id, labels);
                make(ExprKind::Apply(id, Vec::new()), body.span)
            }
        };
        let module = self.module;
        self.spec.modules[module.0 as usize]
            .assumptions
            .push(Assumption {
                name: name.map(|name| name.name),
                body,
            });
    }

    fn theorem(&mut self, name: Option<Ident>, body: &TheoremBody, span: Span) {
        match (body, name) {
            (TheoremBody::Expr(body), name) => {
                let (resolved, labels) = self.fact_body(name, body);
                let id = match name {
                    Some(name) => {
                        let id = self.fact(name, resolved, span);
                        self.labels.keep(id, labels);
                        id
                    }
                    None => self.new_definition(
                        Symbol::new("THEOREM"),
                        Vec::new(),
                        Body::Expr(resolved),
                        span,
                        body.span,
                    ),
                };
                self.info_mut().theorems.push(id);
            }
            (TheoremBody::AssumeProve, Some(name)) => self.declare(Entry {
                name: name.name,
                entity: Entity::Sequent,
                local: false,
                span: Some(name.span),
            }),
            (TheoremBody::AssumeProve, None) => {}
        }
    }

    /// Labels need a definition around them, which only a named assumption or theorem is.
    fn fact_body(&mut self, name: Option<Ident>, body: &ast::Expr) -> (Expr, Vec<Label>) {
        if name.is_none() {
            return (self.expr(body), Vec::new());
        }
        self.labels.start();
        let resolved = self.expr(body);
        (resolved, self.labels.end())
    }

    fn fact(&mut self, name: Ident, body: Expr, span: Span) -> DefinitionId {
        let body_span = body.span;
        let id = self.new_definition(name.name, Vec::new(), Body::Expr(body), span, body_span);
        self.declare(Entry {
            name: name.name,
            entity: Entity::Fact(id),
            local: false,
            span: Some(name.span),
        });
        id
    }

    /// Fills the tables that users of the specification see.
    fn finish_module(&mut self, id: ModuleId) {
        let mut constants = Vec::new();
        let mut variables = Vec::new();
        let mut scope = HashMap::new();
        for entry in self.context(id).entries() {
            match entry.entity {
                Entity::Constant(constant) => constants.push(constant),
                Entity::Variable(variable) => variables.push(variable),
                Entity::Definition(definition) | Entity::Fact(definition) => {
                    scope.insert(entry.name, definition);
                }
                _ => {}
            }
        }
        if let Some(module) = self.spec.modules.get_mut(id.0 as usize) {
            module.constants = constants;
            module.variables = variables;
            module.scope = scope;
        }
    }
}

/// Where each name of a module is defined or declared, to tell forward references from names that
/// do not exist.
fn later_names(module: &ast::Module) -> HashMap<Symbol, Span> {
    let mut names = HashMap::new();
    for unit in &module.units {
        match &unit.kind {
            UnitKind::Constants(declarations) => {
                names.extend(
                    declarations
                        .iter()
                        .map(|one| (one.name.name, one.name.span)),
                );
            }
            UnitKind::Variables(variables) => {
                names.extend(variables.iter().map(|one| (one.name, one.span)));
            }
            UnitKind::Definition(definition) => {
                names.insert(definition.name.name, definition.name.span);
            }
            UnitKind::Instance(ast::Instance {
                name: Some(name), ..
            }) => {
                names.insert(name.name, name.span);
            }
            _ => {}
        }
    }
    names
}
