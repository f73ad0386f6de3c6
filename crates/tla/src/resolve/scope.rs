//! Declaring and looking up names.
//!
//! TLA+ has no shadowing: a name that is visible cannot be declared again. So the names of
//! expressions (parameters, bound names, `LET`) live in one table with an undo list, and only
//! modules nest.

use std::collections::HashMap;

use super::Resolver;
use super::builtin::BuiltinName;
use super::entity::{Entity, Entry, InstanceName, Kind, origin};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::spec::{Local, LocalId, ModuleId};
use crate::symbol::Symbol;
use crate::syntax::ast::Ident;

/// The names of the expressions around the present place.
#[derive(Debug, Default)]
pub(super) struct Scope {
    names: HashMap<Symbol, Entry>,
    added: Vec<Symbol>,
    depth: u32,
}

/// A place to return to when an inner scope ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark(usize);

impl Scope {
    /// Starts an inner scope.
    pub(super) fn enter(&mut self) -> Mark {
        self.depth += 1;
        Mark(self.added.len())
    }

    /// Ends the scope that started with the mark.
    pub(super) fn leave(&mut self, mark: Mark) {
        self.depth = self.depth.saturating_sub(1);
        for name in self.added.drain(mark.0.min(self.added.len())..) {
            self.names.remove(&name);
        }
    }

    /// Hides the names declared since the mark, to be put back with [`Scope::restore`].
    pub(super) fn take_since(&mut self, mark: Mark) -> Vec<Entry> {
        self.added
            .drain(mark.0.min(self.added.len())..)
            .filter_map(|name| self.names.remove(&name))
            .collect()
    }

    /// Puts names back that were taken.
    pub(super) fn restore(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            self.add(entry);
        }
    }

    fn add(&mut self, entry: Entry) {
        if self.names.insert(entry.name, entry).is_none() {
            self.added.push(entry.name);
        }
    }

    /// All names in scope.
    pub(super) fn names(&self) -> impl Iterator<Item = &Entry> {
        self.names.values()
    }
}

impl Resolver<'_> {
    /// What a name stands for at the present place.
    pub(super) fn lookup(&self, name: Symbol) -> Option<Entry> {
        if let Some(entry) = self.scope.names.get(&name) {
            return Some(*entry);
        }
        for module in self.open.iter().rev() {
            if let Some(entry) = self.context(*module).get(name) {
                return Some(*entry);
            }
        }
        BuiltinName::of(name).map(|builtin| Entry {
            name,
            entity: Entity::Builtin(builtin),
            local: false,
            span: None,
        })
    }

    /// The module a name stands for at the present place.
    pub(super) fn lookup_module(&self, name: Symbol) -> Option<ModuleId> {
        self.open
            .iter()
            .rev()
            .find_map(|module| self.context(*module).module(name))
            .or_else(|| self.external.get(&name).copied())
    }

    /// Declares a name in the innermost scope, with an error or a warning where it is taken.
    pub(super) fn declare(&mut self, entry: Entry) {
        let Some(present) = self.lookup(entry.name) else {
            self.add_entry(entry);
            return;
        };
        if present.entity == entry.entity {
            return;
        }
        let span = entry.span.unwrap_or(self.here);
        if present.entity.kind() == Kind::Builtin {
            self.report(Diagnostic::error(
                Code::Duplicate,
                span,
                format!(
                    "`{}` is an operator of the language and cannot be redefined",
                    entry.name
                ),
            ));
        } else if entry.entity.kind() == Kind::Local
            || present.entity.kind() != entry.entity.kind()
            || self.arity(present.entity) != self.arity(entry.entity)
        {
            self.report_duplicate(entry.name, span, entry.entity.kind(), &present);
        } else if !self.same_origin(present.entity, entry.entity) {
            let mut warning = Diagnostic::warning(
                Code::Duplicate,
                span,
                format!(
                    "`{}` is declared or defined more than once; the first one counts",
                    entry.name
                ),
            );
            warning.related = related_definition(&present);
            self.report(warning);
        }
    }

    fn add_entry(&mut self, entry: Entry) {
        match self.open.last() {
            Some(&module) if self.scope.depth == 0 => self.context_mut(module).add(entry),
            _ => self.scope.add(entry),
        }
    }

    /// Declares a parameter or bound name.
    pub(super) fn declare_local(&mut self, name: Ident, arity: u32) -> LocalId {
        let id = self.new_local(name.name, arity);
        self.declare(Entry {
            name: name.name,
            entity: Entity::Local(id),
            local: true,
            span: Some(name.span),
        });
        id
    }

    /// A parameter or bound name that is not visible by its name.
    pub(super) fn new_local(&mut self, name: Symbol, arity: u32) -> LocalId {
        let id = LocalId(index(self.spec.locals.len()));
        self.spec.locals.push(Local { name, arity });
        id
    }

    /// Number of arguments.
    pub(super) fn arity(&self, entity: Entity) -> usize {
        match entity {
            Entity::Builtin(builtin) => builtin.arity() as usize,
            Entity::Constant(id) => self.spec.constant(id).arity as usize,
            Entity::Variable(_) | Entity::Sequent => 0,
            Entity::Local(id) => self.spec.local(id).arity as usize,
            Entity::Definition(id) | Entity::Fact(id) => self.spec.definition(id).params.len(),
            Entity::Instance(id) => self.instance_params(id).len(),
        }
    }

    /// Number of arguments that each argument takes; all zero unless it is a definition or
    /// instance with operator parameters.
    pub(super) fn parameter_arities(&self, entity: Entity) -> Vec<u32> {
        let params: &[LocalId] = match entity {
            Entity::Definition(id) | Entity::Fact(id) => &self.spec.definition(id).params,
            Entity::Instance(id) => self.instance_params(id),
            _ => return vec![0; self.arity(entity)],
        };
        params
            .iter()
            .map(|&param| self.spec.local(param).arity)
            .collect()
    }

    /// Parameters of a named instance.
    pub(super) fn instance_params(&self, id: InstanceName) -> &[LocalId] {
        self.instance_names.get(id.0).map_or(&[], Vec::as_slice)
    }

    /// Whether two definitions are the same one, reached through different instances of modules
    /// without parameters.
    pub(super) fn same_origin(&self, one: Entity, other: Entity) -> bool {
        match (one, other) {
            (Entity::Definition(one), Entity::Definition(other))
            | (Entity::Fact(one), Entity::Fact(other)) => {
                let one = origin(self.spec, one);
                one == origin(self.spec, other)
                    && self
                        .context(self.spec.definition(one).module)
                        .is_parameter_free()
            }
            (Entity::Sequent, Entity::Sequent) | (Entity::Instance(_), Entity::Instance(_)) => true,
            _ => false,
        }
    }

    /// Reports that a name is taken.
    pub(super) fn report_duplicate(
        &mut self,
        name: Symbol,
        span: Span,
        kind: Kind,
        present: &Entry,
    ) {
        let present_kind = present.entity.kind();
        let message = match (kind, present_kind) {
            (_, Kind::Builtin) => {
                format!("`{name}` is an operator of the language and cannot be redefined")
            }
            (Kind::Local, _) => format!(
                "`{name}` is already {}: a parameter or bound name cannot hide it",
                present_kind.describe()
            ),
            _ => format!("`{name}` is already {}", present_kind.describe()),
        };
        let mut error = Diagnostic::error(Code::Duplicate, span, message);
        error.related = related_definition(present);
        error.help = self.duplicate_help(name, kind, present);
        self.report(error);
    }
}

/// Where a name was declared, for [`Diagnostic::related`].
pub(super) fn related_definition(present: &Entry) -> Vec<(Span, String)> {
    present
        .span
        .map(|span| (span, "first defined here".to_owned()))
        .into_iter()
        .collect()
}

/// A table index; tables are limited far below 2^32 entries.
pub(super) fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
