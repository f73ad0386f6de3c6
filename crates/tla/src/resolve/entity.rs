//! What names stand for, and the names a module has.

use std::collections::HashMap;

use super::builtin::BuiltinName;
use crate::source::Span;
use crate::spec::{ConstantId, DefinitionId, LocalId, ModuleId, Spec, VariableId};
use crate::symbol::Symbol;

/// Index of a named instance in [`super::Resolver`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InstanceName(pub(super) usize);

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entity {
    /// A name of the language.
    Builtin(BuiltinName),
    /// A declared constant.
    Constant(ConstantId),
    /// A declared variable.
    Variable(VariableId),
    /// A parameter or bound name.
    Local(LocalId),
    /// A defined operator or function.
    Definition(DefinitionId),
    /// A named assumption or theorem that is a formula.
    Fact(DefinitionId),
    /// A named theorem of the form `ASSUME … PROVE …`, which is not an expression.
    Sequent,
    /// `I` of `I == INSTANCE M`.
    Instance(InstanceName),
}

/// The kinds of names that redeclaration tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Builtin,
    Constant,
    Variable,
    Local,
    Definition,
    Fact,
    Instance,
}

impl Entity {
    /// Its kind.
    pub(super) fn kind(self) -> Kind {
        match self {
            Entity::Builtin(_) => Kind::Builtin,
            Entity::Constant(_) => Kind::Constant,
            Entity::Variable(_) => Kind::Variable,
            Entity::Local(_) => Kind::Local,
            Entity::Definition(_) => Kind::Definition,
            Entity::Fact(_) | Entity::Sequent => Kind::Fact,
            Entity::Instance(_) => Kind::Instance,
        }
    }
}

impl Kind {
    /// In words, with an article.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Kind::Builtin => "an operator of the language",
            Kind::Constant => "a constant",
            Kind::Variable => "a variable",
            Kind::Local => "a parameter or bound name",
            Kind::Definition => "a definition",
            Kind::Fact => "an assumption or theorem",
            Kind::Instance => "an instance",
        }
    }

    /// Whether two kinds are of the same sort for `EXTENDS`, which only warns about two different
    /// declarations or two different definitions of a name.
    pub(super) fn same_sort(self, other: Kind) -> bool {
        let sort = |kind| match kind {
            Kind::Constant | Kind::Variable => 0,
            Kind::Definition | Kind::Instance | Kind::Builtin => 1,
            Kind::Fact => 2,
            Kind::Local => 3,
        };
        sort(self) == sort(other)
    }
}

/// A name with what it stands for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// The name, such as `Next` or `I!Next`.
    pub(super) name: Symbol,
    /// What it stands for.
    pub(super) entity: Entity,
    /// Whether it stays inside its module.
    pub(super) local: bool,
    /// Where it is declared or defined; `None` for names of the language.
    pub(super) span: Option<Span>,
}

/// The names of a module, in order.
#[derive(Debug, Default)]
pub(super) struct Context {
    entries: Vec<Entry>,
    index: HashMap<Symbol, usize>,
    modules: Vec<(Symbol, ModuleId)>,
}

impl Context {
    /// What a name stands for.
    pub(super) fn get(&self, name: Symbol) -> Option<&Entry> {
        self.index.get(&name).and_then(|&at| self.entries.get(at))
    }

    /// Adds a name that is not there yet.
    pub(super) fn add(&mut self, entry: Entry) {
        self.index.insert(entry.name, self.entries.len());
        self.entries.push(entry);
    }

    /// All names in order.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// A module inside the module.
    pub(super) fn module(&self, name: Symbol) -> Option<ModuleId> {
        self.modules
            .iter()
            .find_map(|&(known, id)| (known == name).then_some(id))
    }

    /// Adds a module inside the module.
    pub(super) fn add_module(&mut self, name: Symbol, id: ModuleId) {
        self.modules.push((name, id));
    }

    /// The modules inside the module.
    pub(super) fn modules(&self) -> &[(Symbol, ModuleId)] {
        &self.modules
    }

    /// Constants and variables: what an instance has to replace.
    pub(super) fn declarations(&self) -> impl Iterator<Item = &Entry> {
        self.entries
            .iter()
            .filter(|entry| matches!(entry.entity, Entity::Constant(_) | Entity::Variable(_)))
    }

    /// Whether nothing is declared, so that instances need not replace anything.
    pub(super) fn is_parameter_free(&self) -> bool {
        self.declarations().next().is_none()
    }
}

/// The original of a definition that comes from an instance.
pub(super) fn origin(spec: &Spec, mut definition: DefinitionId) -> DefinitionId {
    while let crate::spec::Body::Instance { of, .. } = &spec.definition(definition).body {
        definition = *of;
    }
    definition
}
