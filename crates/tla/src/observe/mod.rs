//! Questions that TLC cannot be asked: what of a specification is seen from outside.
//!
//! A specification is explored once; then every state is known by what is observed of it, the value
//! of its `View`, and every step by the actions that it is one of. Whatever a specification does
//! without changing its observation is internal to it.
//!
//! Questions are answered within the bounds of the model: states beyond its state constraints are
//! looked at, but not gone on from. Where a limit of states ends the exploration, what is found to be
//! possible is, and all else is undecided; a [`Walker`] follows a trace through what cannot be explored.

mod compare;
mod recorded;
mod steps;
mod trace;
mod walk;
mod window;

pub use compare::{Comparison, Distinction, Outline, Portion, compare, in_order};
pub use recorded::{
    LineError, RecordedEvent, RecordedTrace, RecordedWindow, read_trace, read_windows,
};
pub use steps::{Call, Visible};
pub use trace::{Event, TraceAnswer};
pub use walk::{Walked, Walker, walk};
pub use window::{Around, Window, WindowAnswer};

use std::collections::{BTreeMap, HashMap};

use crate::control::{Control, StopReason};
use crate::eval::code::Entry;
use crate::eval::error::EvalError;
use crate::eval::machine::Machine;
use crate::eval::model::{Check, Model};
use crate::explore::{
    ActionId, EngineError, Graph, GraphError, GraphOptions, Limits, ModelSystem, ModelWorker, Node,
    System, graph, with_limits,
};
use crate::step::State;
use crate::symbol::Symbol;
use crate::value::{Value, ValueError};

/// What is observed of a state, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Observation(pub u32);

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// The states could not be explored in full.
    #[error("the states could not be explored: {0}")]
    Graph(#[from] GraphError),
    /// The view or an action could not be evaluated.
    #[error("{name} cannot be evaluated: {error}")]
    Evaluation {
        /// The view or action.
        name: Symbol,
        /// What is wrong.
        error: Box<EvalError>,
    },
    /// The model was compiled without an interface.
    #[error("the model was compiled without an interface")]
    NoInterface,
    /// The interface has no such action.
    #[error("the action {0} is not part of the interface")]
    NoAction(Symbol),
    /// A value cannot be compared or held.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// The answer takes more than it may.
    #[error("undecided: more than {0} sets of states to compare")]
    TooLarge(usize),
    /// The system refused what the engine needs.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// The states of a specification by what is observed of them.
#[derive(Debug)]
pub struct Observed<'m> {
    /// The name and the parameters of each part of the next-state relation.
    parameters: Vec<(Symbol, Box<[Symbol]>)>,
    graph: Graph,
    worker: ModelWorker<'m>,
    view: &'m Check,
    control: &'m Control,
    actions: BTreeMap<Symbol, &'m Entry>,
    /// The observation of each state.
    of_state: Vec<Observation>,
    /// Each observation, with the states that look like it.
    observations: Vec<(Value, Vec<Node>)>,
    numbers: HashMap<u64, Observation>,
    /// What was found out for windows so far.
    reaches: HashMap<window::ReachKey, window::Reach>,
}

/// Explores a model that has an [`Interface`](crate::eval::model::Interface), then asks. Values of
/// questions are to be made by the function that asks: the order of strings is that of the model
/// there.
///
/// # Errors
/// When the states cannot be explored within the limits, or what is asked has no answer.
pub fn ask<T: Send>(
    model: &Model,
    control: &Control,
    limits: &Limits,
    questions: impl FnOnce(&mut Observed<'_>) -> Result<T, QuestionError> + Send,
) -> Result<T, QuestionError> {
    let system = ModelSystem::new(model, control, 0).without_reductions();
    with_limits(control, limits, || {
        model.ranks.take_effect();
        let mut observed = Observed::new(model, &system, control, limits)?;
        questions(&mut observed)
    })?
}

impl<'m> Observed<'m> {
    fn new<'r: 'm>(
        model: &'r Model,
        system: &'m ModelSystem<'r>,
        control: &'m Control,
        limits: &Limits,
    ) -> Result<Observed<'m>, QuestionError> {
        let asked = model.interface.as_ref().ok_or(QuestionError::NoInterface)?;
        let options = GraphOptions {
            arguments: true,
            beyond: true,
            partial: true,
        };
        let graph = graph(system, control, &limits.without_time(), options)?;
        let actions = (0..).map(ActionId).zip(system.actions());
        let parameters = actions
            .map(|(id, action)| (action.name, system.parameters(id).into()))
            .collect();
        let mut observed = Observed {
            parameters,
            graph,
            worker: system.worker(),
            view: &asked.view,
            control,
            actions: asked
                .actions
                .iter()
                .map(|action| (action.name, &action.code))
                .collect(),
            of_state: Vec::new(),
            observations: Vec::new(),
            numbers: HashMap::new(),
            reaches: HashMap::new(),
        };
        observed.look()?;
        Ok(observed)
    }

    /// Evaluates the view of every state.
    fn look(&mut self) -> Result<(), QuestionError> {
        for (node, state) in self.graph.nodes().zip(self.graph.states()) {
            let value = self
                .worker
                .machine()
                .value_in(&self.view.code, &state.0)
                .map_err(|error| QuestionError::Evaluation {
                    name: self.view.name,
                    error,
                })?;
            let next = Observation(u32::try_from(self.observations.len()).unwrap_or(u32::MAX));
            let number = *self.numbers.entry(value.fingerprint()?).or_insert(next);
            if number == next {
                self.observations.push((value, Vec::new()));
            }
            if let Some((_, nodes)) = self.observations.get_mut(number.0 as usize) {
                nodes.push(node);
            }
            self.of_state.push(number);
        }
        Ok(())
    }

    /// All observations, in the order in which they are found first.
    pub fn observations(&self) -> impl Iterator<Item = (Observation, &Value)> {
        (0..)
            .map(Observation)
            .zip(self.observations.iter().map(|(value, _)| value))
    }

    /// The value of an observation.
    #[must_use]
    pub fn value(&self, observation: Observation) -> Option<&Value> {
        self.observations
            .get(observation.0 as usize)
            .map(|(value, _)| value)
    }

    /// How many states there are.
    #[must_use]
    pub fn states(&self) -> usize {
        self.graph.states().len()
    }

    /// Whether all states were explored; else only what is possible is known.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.graph.is_complete()
    }

    /// Fails if not all states were explored.
    ///
    /// # Errors
    /// The limit that ended the exploration.
    pub fn needs_all(&self) -> Result<(), QuestionError> {
        match self.is_complete() {
            true => Ok(()),
            false => Err(GraphError::Limit(StopReason::States).into()),
        }
    }

    /// The observation with this value, if any state that can be reached looks like it.
    ///
    /// # Errors
    /// When the value cannot be listed.
    pub fn find(&self, value: &Value) -> Result<Option<Observation>, ValueError> {
        Ok(self.numbers.get(&value.fingerprint()?).copied())
    }

    fn nodes(&self, observation: Observation) -> &[Node] {
        self.observations
            .get(observation.0 as usize)
            .map_or(&[], |(_, nodes)| nodes)
    }

    fn observation(&self, node: Node) -> Observation {
        self.of_state
            .get(node.0 as usize)
            .copied()
            .unwrap_or(Observation(u32::MAX))
    }

    /// States, and those that internal steps lead to from there, in order.
    fn closure(&self, nodes: &mut Vec<Node>) {
        let mut at = 0;
        let mut known: std::collections::HashSet<Node> = nodes.iter().copied().collect();
        while let Some(&node) = nodes.get(at) {
            at += 1;
            let own = self.observation(node);
            for edge in self.graph.edges(node) {
                if self.observation(edge.to) == own && known.insert(edge.to) {
                    nodes.push(edge.to);
                }
            }
        }
        nodes.sort_unstable();
    }

    /// Whether the step between two states is one of an action with these arguments.
    fn takes(
        &mut self,
        action: Symbol,
        arguments: &[Value],
        from: Node,
        to: Node,
    ) -> Result<bool, QuestionError> {
        let entry = self
            .actions
            .get(&action)
            .copied()
            .ok_or(QuestionError::NoAction(action))?;
        let states = self.graph.states();
        let (Some(before), Some(after)) = (states.get(from.0 as usize), states.get(to.0 as usize))
        else {
            return Ok(false);
        };
        let machine = self.worker.machine();
        holds(machine, self.control, entry, arguments, [before, after])
    }
}

/// Whether a step is one of an action with these arguments. Where that cannot be evaluated it is
/// none: an action that is compared with the step of another may meet values that it never meets in
/// its own.
fn holds<'m>(
    machine: &mut Machine<'m>,
    control: &Control,
    action: &'m Entry,
    arguments: &[Value],
    [from, to]: [&State; 2],
) -> Result<bool, QuestionError> {
    match machine.holds_applied(action, arguments, &from.0, &to.0) {
        Ok(holds) => Ok(holds),
        Err(_) => match control.stopped() {
            Some(reason) => Err(GraphError::Limit(reason).into()),
            None => Ok(false),
        },
    }
}
