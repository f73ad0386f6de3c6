//! The explorer: breadth-first search and simulation.
//!
//! States are found in the order in which TLC with one worker finds them, whatever the number of
//! threads, so verdicts, counts and counterexamples do not depend on it. Threads expand chunks of
//! the `frontier` on their own (`expand`); the chunks are merged strictly in order (`merge`,
//! `pool`). A state is known by its fingerprint (`seen`) and by the way it was first reached
//! (`ancestry`), from which its `trace` is found by running again.

mod ancestry;
mod checks;
mod expand;
mod finding;
mod frontier;
mod graph;
mod initial;
mod limits;
mod merge;
mod model_system;
mod outcome;
mod pool;
mod search;
mod seen;
mod simulate;
mod symmetry;
mod system;
mod trace;

pub use crate::control::Progress;
pub use crate::step::{ActionId, State, Successor};
pub use graph::{Edge, Graph, GraphError, GraphOptions, Node, graph};
pub use limits::{Limits, Observer, resident_bytes};
pub use model_system::{ModelSystem, ModelWorker};
pub use outcome::{
    ActionCoverage, Again, Because, Collision, Counts, Coverage, EngineError, EvaluationError,
    Fair, Move, Outcome, Phase, Report, Shown, Simulated, Step, Trace,
};
pub(crate) use search::with_limits;
pub use search::{Options, check_postconditions, search};
pub use simulate::{Simulation, simulate};
pub use system::{ActionInfo, CheckInfo, System, Worker};
pub(crate) use trace::present_lasso;

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod toy;
