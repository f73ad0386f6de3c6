//! The whole state graph of a small system, with its steps.

use std::collections::{HashMap, HashSet};
use std::ops::{ControlFlow, Range};

use super::checks::Checker;
use super::finding::Failure;
use super::limits::{Limits, Meter};
use super::outcome::{EngineError, EvaluationError, Phase};
use super::search::watched;
use super::system::{System, Worker};
use crate::control::Progress;
use crate::control::{Control, StopReason};
use crate::step::{ActionId, State};
use crate::symbol::Symbol;
use crate::value::Value;

/// A state of a [`Graph`]: its place in the order in which states are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node(pub u32);

/// A step of a [`Graph`].
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// The action that takes it.
    pub action: ActionId,
    /// Its arguments and the names bound around it.
    pub arguments: Box<[(Symbol, Value)]>,
    /// Where it leads.
    pub to: Node,
}

/// All reachable states within the constraints and all steps between them, in the order in which
/// breadth-first search finds them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Graph {
    states: Vec<State>,
    /// States beyond the state constraints, where they are kept.
    beyond: HashSet<Node>,
    /// Whether a limit ended it.
    is_cut: bool,
    initial: Vec<Node>,
    edges: Vec<Edge>,
    /// Where each state's edges end; they begin where those of the state before end.
    ends: Vec<usize>,
}

/// What a graph holds besides the states within the constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GraphOptions {
    /// Whether steps know the arguments of their actions.
    pub arguments: bool,
    /// Whether states beyond the state constraints are part of it, without the steps from there.
    pub beyond: bool,
    /// Whether a graph that ends at the limit of states is one all the same.
    pub partial: bool,
}

/// Why there is no graph.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    /// Something could not be evaluated.
    #[error("{}", .0.message)]
    Evaluation(Box<EvaluationError>),
    /// Stopped before the graph was complete.
    #[error("{0}")]
    Limit(StopReason),
    /// The system refused what the engine needs.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Graph {
    /// The states; a [`Node`] is an index into them.
    #[must_use]
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// The initial states, without duplicates.
    #[must_use]
    pub fn initial(&self) -> &[Node] {
        &self.initial
    }

    /// Whether all states and steps are in it.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.is_cut
    }

    /// Whether a state lies beyond the state constraints.
    #[must_use]
    pub fn is_beyond(&self, node: Node) -> bool {
        self.beyond.contains(&node)
    }

    /// Whether a state is initial: those were found first.
    #[must_use]
    pub fn is_initial(&self, node: Node) -> bool {
        (node.0 as usize) < self.initial.len()
    }

    /// All nodes in order.
    pub fn nodes(&self) -> impl Iterator<Item = Node> + use<> {
        let count = u32::try_from(self.states.len()).unwrap_or(u32::MAX);
        (0..count).map(Node)
    }

    /// The steps from a state in order, those that lead to the same state included.
    #[must_use]
    pub fn edges(&self, from: Node) -> &[Edge] {
        self.edges.get(self.range(from)).unwrap_or_default()
    }

    /// Where the steps from a state lead, each place once and in order; staying is one of them.
    #[must_use]
    pub fn successors(&self, from: Node) -> Vec<Node> {
        let edges = self.edges(from).iter().map(|edge| edge.to);
        let mut all: Vec<Node> = edges.chain([from]).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// How many steps there are.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.edges.len()
    }

    fn range(&self, from: Node) -> Range<usize> {
        let at = from.0 as usize;
        let end = self.ends.get(at).copied().unwrap_or_default();
        let begin = at
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or_default();
        begin..end
    }
}

/// Builds the whole state graph, without checking anything. All of it is held in memory, so a
/// limit of states is advisable.
///
/// # Errors
/// When something cannot be evaluated, or a limit is reached before the graph is complete.
pub fn graph<S: System>(
    system: &S,
    control: &Control,
    limits: &Limits,
    options: GraphOptions,
) -> Result<Graph, GraphError> {
    let meter = Meter::new();
    watched(control, limits, None, &meter, || {
        let mut checker: Checker<'_, S::Worker<'_>> = Checker::new(system, control);
        checker.worker.want_arguments(options.arguments);
        Builder {
            checker,
            control,
            limits,
            options,
            known: HashMap::new(),
            graph: Graph::default(),
        }
        .build(system)
    })?
}

struct Builder<'a, W> {
    checker: Checker<'a, W>,
    control: &'a Control,
    limits: &'a Limits,
    options: GraphOptions,
    known: HashMap<u64, Node>,
    graph: Graph,
}

impl<'a, W: Worker> Builder<'a, W> {
    fn build<S: System<Worker<'a> = W>>(mut self, system: &'a S) -> Result<Graph, GraphError> {
        match self.explore(system) {
            Err(GraphError::Limit(StopReason::States)) if self.options.partial => {
                self.graph.is_cut = true;
                let (states, edges) = (self.graph.states.len(), self.graph.edges.len());
                self.graph.ends.resize(states, edges);
            }
            explored => explored?,
        }
        Ok(self.graph)
    }

    fn explore<S: System<Worker<'a> = W>>(&mut self, system: &'a S) -> Result<(), GraphError> {
        self.initial(system)?;
        let mut level = 1;
        let mut level_end = self.graph.states.len();
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.graph.states.len() {
            if at == level_end {
                level += 1;
                level_end = self.graph.states.len();
            }
            if self.limits.depth.is_some_and(|most| level >= most) {
                return Err(GraphError::Limit(StopReason::Depth));
            }
            let from = self.graph.states[at].clone();
            if u32::try_from(at).is_ok_and(|at| self.graph.beyond.contains(&Node(at))) {
                self.graph.ends.push(self.graph.edges.len());
                at += 1;
                continue;
            }
            self.checker.set_level(level);
            let end = self.checker.worker.successors(&from, &mut found);
            for successor in found.drain(..) {
                if let Some(reason) = self.control.stopped() {
                    return Err(GraphError::Limit(reason));
                }
                self.checker.set_level(level + 1);
                let within = self.checker.within(&successor.state);
                let within = within.map_err(|failure| self.failed(failure))?;
                self.checker.set_level(level);
                let mut kept = within || self.options.beyond;
                if kept {
                    let step = self.checker.step_within(&from, &successor.state);
                    kept = step.map_err(|failure| self.failed(failure))?;
                }
                if kept {
                    // A view may ask for the level of the state it is of.
                    self.checker.set_level(level + 1);
                    let (to, _) = self.add(successor.state, within)?;
                    self.graph.edges.push(Edge {
                        action: successor.action,
                        arguments: successor.arguments,
                        to,
                    });
                }
            }
            end.map_err(|error| self.failed(self.checker.failure(&error, Phase::Next)))?;
            self.graph.ends.push(self.graph.edges.len());
            at += 1;
        }
        Ok(())
    }

    fn initial<S: System<Worker<'a> = W>>(&mut self, system: &'a S) -> Result<(), GraphError> {
        let first = Progress {
            level: 1,
            ..Progress::default()
        };
        self.checker.set_progress(first);
        let mut generator: Checker<'a, W> = Checker::new(system, self.control);
        generator.set_progress(Progress { level: 0, ..first });
        let mut result = Ok(());
        let end = generator.worker.initial_states(&mut |state| {
            result = self.add_initial(state);
            match result {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        });
        result?;
        end.map_err(|error| self.failed(generator.failure(&error, Phase::Initial)))
    }

    fn add_initial(&mut self, state: State) -> Result<(), GraphError> {
        let within = self.checker.within(&state);
        let within = within.map_err(|failure| self.failed(failure))?;
        if within || self.options.beyond {
            let (node, new) = self.add(state, within)?;
            if new {
                self.graph.initial.push(node);
            }
        }
        Ok(())
    }

    /// The node of a state, and whether it is new.
    fn add(&mut self, state: State, within: bool) -> Result<(Node, bool), GraphError> {
        let fingerprint = self.checker.fingerprint(&state);
        let fingerprint = fingerprint.map_err(|failure| self.failed(failure))?;
        if let Some(&node) = self.known.get(&fingerprint) {
            return Ok((node, false));
        }
        let count = self.graph.states.len();
        let node = u32::try_from(count)
            .ok()
            .filter(|_| self.limits.states.is_none_or(|most| (count as u64) < most))
            .map(Node)
            .ok_or(GraphError::Limit(StopReason::States))?;
        self.known.insert(fingerprint, node);
        if !within {
            self.graph.beyond.insert(node);
        }
        self.graph.states.push(state);
        Ok((node, true))
    }

    fn failed(&self, failure: Failure) -> GraphError {
        match failure {
            Failure::Error(error) => GraphError::Evaluation(error),
            Failure::Stopped => {
                GraphError::Limit(self.control.stopped().unwrap_or(StopReason::Cancelled))
            }
        }
    }
}
