//! A model: a specification with a configuration, compiled.

mod build;
mod checks;
mod configuration;
mod interface;
mod order;
mod properties;
mod specification;

#[cfg(test)]
pub(in crate::eval) mod tests;

use std::sync::Arc;

use super::code::{Code, Entry, Program};
use super::formula::Formula;
use crate::data::DataFolder;
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use crate::spec::Spec;
use crate::symbol::Symbol;
use crate::value::Ranks;

/// A specification and its configuration, ready to run. Shared by all threads.
#[derive(Debug)]
pub struct Model {
    /// The specification, for places in messages and what later asks of it.
    pub spec: Arc<Spec>,
    /// All code.
    pub program: Program,
    /// The folder whose files it may read.
    pub data: DataFolder,
    /// The order of strings; to take effect on every thread that evaluates the model.
    pub ranks: Ranks,
    /// Assumptions of the root module and of what it extends.
    pub assumptions: Vec<Check>,
    /// The initial predicate; `FALSE` for a model without behaviour, which has no states.
    pub init: Entry,
    /// The next-state relation; its parts are marked with `Op::Action`. `None` for a model without
    /// steps.
    pub next: Option<Entry>,
    /// Parts of the next-state relation.
    pub actions: Vec<Action>,
    /// What is asked of it from outside.
    pub interface: Option<Asked>,
    /// `INVARIANT`, and `[]P` of `PROPERTY`.
    pub invariants: Vec<Check>,
    /// State predicates among `PROPERTY`: hold initially.
    pub initial_properties: Vec<Check>,
    /// `[][A]_v` among `PROPERTY`.
    pub action_properties: Vec<Check>,
    /// What is temporal in `PROPERTY`; not evaluated here.
    pub temporal_properties: Vec<Temporal>,
    /// Fairness and other temporal conjuncts of `SPECIFICATION`; not evaluated here.
    pub fairness: Vec<Temporal>,
    /// `CONSTRAINT`
    pub constraints: Vec<Check>,
    /// `ACTION_CONSTRAINT`
    pub action_constraints: Vec<Check>,
    /// `VIEW`
    pub view: Option<Check>,
    /// `ALIAS`
    pub alias: Option<Check>,
    /// Names of invariants and properties that depend on no state. One that is false is no
    /// violation but a mistake in the configuration.
    pub constant_claims: Vec<Symbol>,
    /// `POSTCONDITION`
    pub postconditions: Vec<Check>,
    /// `SYMMETRY`: each a set of permutations, as functions on model values, to be evaluated
    /// before the search.
    pub symmetry: Vec<Check>,
    /// `CHECK_DEADLOCK`
    pub check_deadlock: bool,
    /// What each [`super::code::Op::Count`] counts; empty unless coverage was asked for.
    pub counted: Vec<Span>,
    /// What may be a mistake in the configuration.
    pub warnings: Vec<Diagnostic>,
}

/// How a model is compiled.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// Whether evaluations of parts of the specification are counted.
    pub coverage: bool,
    /// What will be asked of it from outside.
    pub interface: Option<&'a Interface>,
}

/// What is seen of a specification from outside: definitions of its root module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// What is observed of a state: a state function without parameters, such as `View`.
    pub view: Symbol,
    /// Operators that say of a step whether it is one of this action, by their names, with their
    /// numbers of parameters.
    pub actions: Vec<(Symbol, usize)>,
}

/// An [`Interface`], compiled.
#[derive(Debug)]
pub struct Asked {
    /// What is observed of a state.
    pub view: Check,
    /// The actions, in the order of the interface. Their frames begin with the parameters.
    pub actions: Vec<Check>,
}

/// Named code that is evaluated on a state or step.
#[derive(Debug)]
pub struct Check {
    /// Name in the configuration or specification.
    pub name: Symbol,
    /// Where it is defined.
    pub span: Span,
    /// The code.
    pub code: Entry,
}

/// A part of the next-state relation.
#[derive(Debug, Clone)]
pub struct Action {
    /// The operator's name.
    pub name: Symbol,
    /// Where its body stands.
    pub span: Span,
    /// The operator's parameters that are not operators.
    pub parameters: Box<[Symbol]>,
}

/// A temporal formula.
#[derive(Debug)]
pub struct Temporal {
    /// Name in the configuration or specification.
    pub name: Symbol,
    /// Where it stands.
    pub span: Span,
    /// Slots of the frame that all its predicates run in.
    pub frame_size: u32,
    /// The formula.
    pub formula: Formula<Code>,
}

/// The place of what stands in no text, such as a built-in operator that is passed as an argument.
pub(super) fn nowhere() -> Span {
    Span {
        file: FileId(u32::MAX),
        start: 0,
        end: 0,
    }
}
