//! The explorer: breadth-first search and simulation.

mod system;

pub use system::{ActionId, ActionInfo, CheckInfo, Progress, State, Successor, System, Worker};
