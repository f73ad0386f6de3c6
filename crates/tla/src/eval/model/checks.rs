//! What the configuration names, looked up and compiled.

use super::super::compile::{Compiler, RootId};
use super::build::Draft;
use crate::diagnostic::{Code, Diagnostic, has_error};
use crate::spec::{DefinitionId, Level, Module, Spec};
use crate::symbol::Symbol;
use crate::syntax::config::Named;

/// Findings so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) all: Vec<Diagnostic>,
}

impl Found {
    /// Adds one.
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.all.push(diagnostic);
    }

    /// Whether the model cannot be run.
    pub(super) fn is_fatal(&self) -> bool {
        has_error(&self.all)
    }
}

/// Looks names of the configuration up.
pub(super) struct Names<'n, 's> {
    pub(super) spec: &'s Spec,
    pub(super) root: &'s Module,
    pub(super) compiler: &'n mut Compiler<'s>,
    pub(super) found: &'n mut Found,
}

/// What a kind of name has to be.
pub(super) struct Kind {
    /// What it is called in messages.
    pub(super) words: &'static str,
    /// The highest level it may have.
    pub(super) level: Level,
    /// What to do about one that is too high.
    pub(super) help: &'static str,
}

const INVARIANT: Kind = Kind {
    words: "invariant",
    level: Level::State,
    help: "an invariant is about one state: remove the primes, or check it as a PROPERTY \
           `[][…]_vars`",
};
const CONSTRAINT: Kind = Kind {
    words: "constraint",
    level: Level::State,
    help: "a CONSTRAINT is about one state; use ACTION_CONSTRAINT for steps",
};
const ACTION_CONSTRAINT: Kind = Kind {
    words: "action constraint",
    level: Level::Action,
    help: "an ACTION_CONSTRAINT is about one step and cannot be temporal",
};
const VIEW: Kind = Kind {
    words: "view",
    level: Level::State,
    help: "a VIEW is about one state: remove the primes",
};
const ALIAS: Kind = Kind {
    words: "alias",
    level: Level::Action,
    help: "an ALIAS is about one step and cannot be temporal",
};
const POSTCONDITION: Kind = Kind {
    words: "postcondition",
    level: Level::Action,
    help: "a POSTCONDITION is evaluated after the search and cannot be temporal",
};
const SYMMETRY: Kind = Kind {
    words: "symmetry set",
    level: Level::Constant,
    help: "SYMMETRY names a constant set of permutations, such as `Permutations(Server)`",
};

impl<'s> Names<'_, 's> {
    /// A definition of the root module without parameters.
    pub(super) fn definition(&mut self, named: &Named, words: &str) -> Option<DefinitionId> {
        let Some(&id) = self.root.scope.get(&named.name) else {
            let declared = self.declared(named.name);
            let (message, help) = if declared {
                (
                    format!("the {words} `{}` is declared, not defined", named.name),
                    "name a definition of the specification".to_owned(),
                )
            } else {
                (
                    format!("the {words} `{}` is not defined", named.name),
                    match self.similar(named.name) {
                        Some(similar) => format!("did you mean `{similar}`?"),
                        None => format!(
                            "define `{} == …` in the module {}, or remove it from the \
                             configuration",
                            named.name, self.root.name
                        ),
                    },
                )
            };
            self.found
                .push(Diagnostic::error(Code::Unknown, named.span, message).with_help(help));
            return None;
        };
        let definition = self.spec.definition(id);
        if !definition.params.is_empty() {
            self.found.push(
                Diagnostic::error(
                    Code::Arity,
                    named.span,
                    format!(
                        "the {words} `{}` takes {} arguments, but must take none",
                        named.name,
                        definition.params.len()
                    ),
                )
                .with_related(definition.span, "defined here")
                .with_help("name a definition without parameters that applies it"),
            );
            return None;
        }
        Some(id)
    }

    fn declared(&self, name: Symbol) -> bool {
        let constants = self.root.constants.iter();
        let variables = self.root.variables.iter();
        constants
            .map(|&id| self.spec.constant(id).name)
            .chain(variables.map(|&id| self.spec.variable(id).name))
            .any(|known| known == name)
    }

    /// A defined name that differs only in case.
    pub(super) fn similar(&self, name: Symbol) -> Option<Symbol> {
        let name = name.as_str();
        let mut names: Vec<Symbol> = self
            .root
            .scope
            .keys()
            .copied()
            .filter(|known| known.as_str().eq_ignore_ascii_case(name))
            .collect();
        names.sort_unstable();
        names.first().copied()
    }

    /// A definition whose level is low enough.
    pub(super) fn of_kind(&mut self, named: &Named, kind: &Kind) -> Option<DefinitionId> {
        let id = self.definition(named, kind.words)?;
        let definition = self.spec.definition(id);
        let level = self.compiler.definition_level(id);
        if level > kind.level {
            let is = described(level);
            self.found.push(
                Diagnostic::error(
                    Code::Level,
                    named.span,
                    format!("the {} `{}` {is}", kind.words, named.name),
                )
                .with_related(definition.span, "defined here")
                .with_help(kind.help),
            );
            return None;
        }
        Some(id)
    }

    /// Compiles the use of a definition.
    pub(super) fn draft(&mut self, name: Symbol, id: DefinitionId) -> Draft {
        let root = self.root_use(id);
        Draft {
            name,
            span: self.spec.definition(id).body_span,
            root,
        }
    }

    /// The use of a definition as a root of its own.
    pub(super) fn root_use(&mut self, id: DefinitionId) -> RootId {
        let scope = self.compiler.root_scope();
        let code = self.compiler.use_definition(id, &scope);
        self.compiler.root(code, &scope)
    }

    fn drafts(&mut self, names: &[Named], kind: &Kind) -> Vec<Draft> {
        let mut drafts = Vec::with_capacity(names.len());
        for named in names {
            if let Some(id) = self.of_kind(named, kind) {
                drafts.push(self.draft(named.name, id));
            }
        }
        drafts
    }

    /// `INVARIANT`
    pub(super) fn invariants(&mut self, names: &[Named]) -> Vec<Draft> {
        self.drafts(names, &INVARIANT)
    }

    /// `CONSTRAINT`
    pub(super) fn constraints(&mut self, names: &[Named]) -> Vec<Draft> {
        self.drafts(names, &CONSTRAINT)
    }

    /// `ACTION_CONSTRAINT`
    pub(super) fn action_constraints(&mut self, names: &[Named]) -> Vec<Draft> {
        self.drafts(names, &ACTION_CONSTRAINT)
    }

    /// `VIEW`
    pub(super) fn view(&mut self, name: Option<&Named>) -> Option<Draft> {
        self.drafts(name.map(std::slice::from_ref).unwrap_or_default(), &VIEW)
            .pop()
    }

    /// `ALIAS`
    pub(super) fn alias(&mut self, name: Option<&Named>) -> Option<Draft> {
        self.drafts(name.map(std::slice::from_ref).unwrap_or_default(), &ALIAS)
            .pop()
    }

    /// `POSTCONDITION`
    pub(super) fn postconditions(&mut self, names: &[Named]) -> Vec<Draft> {
        self.drafts(names, &POSTCONDITION)
    }

    /// `SYMMETRY`
    pub(super) fn symmetry(&mut self, names: &[Named]) -> Vec<Draft> {
        self.drafts(names, &SYMMETRY)
    }
}

/// What is of a level, as the predicate of a sentence about where it is too much.
pub(super) fn described(level: Level) -> &'static str {
    match level {
        Level::Constant | Level::State => "depends on the state",
        Level::Action => "depends on the next state",
        Level::Temporal => "is a temporal formula",
    }
}
