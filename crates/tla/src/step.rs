//! States and steps, as the evaluator makes them and the explorer follows them.

use crate::symbol::Symbol;
use crate::value::Value;

/// A state: one value per variable, in declaration order.
#[derive(Debug, Clone, PartialEq)]
pub struct State(pub Box<[Value]>);

/// A part of the next-state relation, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActionId(pub u32);

/// A step from a state at hand.
#[derive(Debug, Clone)]
pub struct Successor {
    /// The action that takes it.
    pub action: ActionId,
    /// Arguments of the action and names bound by the quantifiers around it, such as `self = p1`.
    pub arguments: Box<[(Symbol, Value)]>,
    /// Where it leads.
    pub state: State,
}
