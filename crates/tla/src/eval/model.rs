//! A model: a specification with a configuration, compiled.

use std::sync::Arc;

use super::code::{Entry, Program};
use crate::source::Span;
use crate::spec::{Expr, Spec};
use crate::symbol::Symbol;
use crate::value::Value;

/// A specification and its configuration, ready to run. Shared by all threads.
#[derive(Debug)]
pub struct Model {
    /// The specification, for places in messages and what later asks of it.
    pub spec: Arc<Spec>,
    /// All code.
    pub program: Program,
    /// Assumptions of the root module and of what it extends.
    pub assumptions: Vec<Check>,
    /// The initial predicate.
    pub init: Entry,
    /// The next-state relation; its parts are marked with `Op::Action`. `None` for a model without
    /// behaviour (only assumptions are checked).
    pub next: Option<Entry>,
    /// Parts of the next-state relation.
    pub actions: Vec<Action>,
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
    /// `POSTCONDITION`
    pub postconditions: Vec<Check>,
    /// `SYMMETRY`: every permutation of the group except the identity, as functions on model
    /// values.
    pub symmetry: Vec<Value>,
    /// `CHECK_DEADLOCK`
    pub check_deadlock: bool,
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
}

/// A temporal formula, as resolved.
#[derive(Debug)]
pub struct Temporal {
    /// Name in the configuration.
    pub name: Symbol,
    /// The formula.
    pub formula: Expr,
}
