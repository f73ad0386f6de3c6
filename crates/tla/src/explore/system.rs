//! What the explorer needs of a system: states, successors and checks.
//!
//! The explorer knows nothing of TLA+; a compiled model is one [`System`], a test's toy another.

use std::ops::ControlFlow;

use crate::control::Progress;
use crate::source::Span;
use crate::step::{ActionId, State, Successor};
use crate::symbol::Symbol;
use crate::value::Value;

/// A named part of the next-state relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionInfo {
    /// The operator's name, such as `Send`, or that of the next-state relation itself.
    pub name: Symbol,
    /// Where its body stands.
    pub span: Span,
}

/// Something that is checked, by its name in the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckInfo {
    /// Name, such as `TypeOK`.
    pub name: Symbol,
    /// Where it is defined.
    pub span: Span,
}

/// A transition system with checks.
pub trait System: Sync {
    /// What computes; one per thread.
    type Worker<'a>: Worker
    where
        Self: 'a;

    /// A fresh worker.
    fn worker(&self) -> Self::Worker<'_>;
    /// Names of the variables.
    fn variables(&self) -> &[Symbol];
    /// The parts of the next-state relation.
    fn actions(&self) -> &[ActionInfo];
    /// Assumptions.
    fn assumptions(&self) -> &[CheckInfo];
    /// State predicates that must hold in every reachable state (within the constraints).
    fn invariants(&self) -> &[CheckInfo];
    /// State predicates that must hold in every initial state (from `PROPERTY`).
    fn initial_properties(&self) -> &[CheckInfo];
    /// Formulas over steps that every step must satisfy (from `PROPERTY [][A]_v`).
    fn action_properties(&self) -> &[CheckInfo];
    /// Whether a state without successors is an error.
    fn checks_deadlock(&self) -> bool;

    /// Names of an action's parameters: those of [`Successor::arguments`] that TLC prints with it.
    fn parameters(&self, action: ActionId) -> &[Symbol] {
        let _ = action;
        &[]
    }

    /// Whether what it evaluates depends on what was evaluated before (`TLCSet`, `TLCGet` of a
    /// counter). Such a system is explored on one thread, state by state.
    fn depends_on_order(&self) -> bool {
        false
    }
}

/// Evaluates for one thread. Errors are those of the evaluator; a cancelled or limited evaluation
/// is an error too.
pub trait Worker {
    /// What goes wrong.
    type Error: std::error::Error + Send + 'static;

    /// Evaluates an assumption.
    ///
    /// # Errors
    /// When it cannot be evaluated to a Boolean.
    fn assumption(&mut self, index: usize) -> Result<bool, Self::Error>;

    /// Enumerates the initial states, in TLC's order, duplicates included, until told to stop.
    ///
    /// # Errors
    /// When the initial predicate cannot be evaluated; states before the error were handed over.
    fn initial_states(
        &mut self,
        found: &mut dyn FnMut(State) -> ControlFlow<()>,
    ) -> Result<(), Self::Error>;

    /// Says whether [`Successor::arguments`] are wanted from here on, as they are at first. A search
    /// does without: it finds those of the steps it shows when it runs along them again.
    fn want_arguments(&mut self, _wanted: bool) {}

    /// Appends the successors of a state, in TLC's order, duplicates included.
    ///
    /// # Errors
    /// When the next-state relation cannot be evaluated; `found` then holds those before the error.
    fn successors(&mut self, state: &State, found: &mut Vec<Successor>) -> Result<(), Self::Error>;

    /// Whether a state satisfies all state constraints. A state that does not is checked but not
    /// explored or counted (TLC's rule).
    ///
    /// # Errors
    /// When a constraint cannot be evaluated to a Boolean.
    fn within_constraints(&mut self, state: &State) -> Result<bool, Self::Error>;

    /// Whether a step satisfies all action constraints.
    ///
    /// # Errors
    /// When a constraint cannot be evaluated to a Boolean.
    fn step_within_constraints(&mut self, from: &State, to: &State) -> Result<bool, Self::Error>;

    /// Evaluates an invariant.
    ///
    /// # Errors
    /// When it cannot be evaluated to a Boolean.
    fn invariant(&mut self, index: usize, state: &State) -> Result<bool, Self::Error>;

    /// Evaluates a property of initial states.
    ///
    /// # Errors
    /// When it cannot be evaluated to a Boolean.
    fn initial_property(&mut self, index: usize, state: &State) -> Result<bool, Self::Error>;

    /// Evaluates a property of steps.
    ///
    /// # Errors
    /// When it cannot be evaluated to a Boolean.
    fn action_property(
        &mut self,
        index: usize,
        from: &State,
        to: &State,
    ) -> Result<bool, Self::Error>;

    /// The identity of a state for the search: a 64-bit fingerprint of its view, of the least of
    /// its symmetric images.
    ///
    /// # Errors
    /// When the view cannot be evaluated.
    fn fingerprint(&mut self, state: &State) -> Result<u64, Self::Error>;

    /// What is shown for a state of a counterexample: its alias if the model has one (evaluated on
    /// the step to `next`), else its variables.
    ///
    /// # Errors
    /// When the alias cannot be evaluated.
    fn shown(
        &mut self,
        state: &State,
        next: &State,
        level: u32,
    ) -> Result<Vec<(Symbol, Value)>, Self::Error>;

    /// Tells `TLCGet("level")`, `TLCGet("distinct")` … what to answer from here on.
    fn set_progress(&mut self, progress: Progress);

    /// Evaluates the postconditions after the search; the index of the first that is false.
    ///
    /// # Errors
    /// When one cannot be evaluated to a Boolean.
    fn postcondition(&mut self) -> Result<Option<usize>, Self::Error>;

    /// Whether an error says only that the engine does not do what was asked.
    fn is_refusal(error: &Self::Error) -> bool {
        let _ = error;
        false
    }

    /// Where in the text an error arose, the innermost expression first.
    fn places(error: &Self::Error) -> Vec<Span> {
        let _ = error;
        Vec::new()
    }

    /// How often this worker evaluated each expression, if it counts; the counts of all workers
    /// are added up.
    fn coverage(&self) -> Vec<(Span, u64)> {
        Vec::new()
    }
}
