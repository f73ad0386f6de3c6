//! Is the fairness of a specification fairness, and can it be kept?
//!
//! `WF_v(A)` and `SF_v(A)` say that steps happen. Where `A` is a step of the next-state relation they
//! rule out no finite behaviour; any other temporal conjunct, or fairness of a step that the system
//! cannot take, may rule out behaviours that the system has, and make properties true that are not.

use super::ground::{Atoms, Obstacle};
use super::labels::Labels;
use crate::control::{Control, StopReason};
use crate::eval::code::Code;
use crate::eval::formula::Formula;
use crate::eval::model::Model;
use crate::explore::{
    EvaluationError, GraphError, GraphOptions, Limits, ModelSystem, Phase, System, graph,
    with_limits,
};
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::Value;

/// A `WF` or `SF` that cannot be kept: its action is enabled in a state that can be reached, but no
/// step of the next-state relation from there is one of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Unkept {
    /// Where the formula stands.
    pub span: Span,
    /// Values of the names that are bound around it.
    pub bound: Vec<Value>,
    /// The state.
    pub state: Vec<(Symbol, Value)>,
}

/// The first temporal conjunct of the specification that is neither `WF` nor `SF`, quantified or not.
#[must_use]
pub fn other_than_fairness(model: &Model) -> Option<Span> {
    model
        .fairness
        .iter()
        .find(|temporal| !is_fairness(&temporal.formula))
        .map(|temporal| temporal.span)
}

fn is_fairness(formula: &Formula<Code>) -> bool {
    match formula {
        Formula::Fairness { .. } => true,
        Formula::And(parts) => parts.iter().all(is_fairness),
        Formula::Quantified {
            for_all: true,
            body,
            ..
        } => is_fairness(body),
        _ => false,
    }
}

/// The fairness of a specification that cannot be kept, if any: looks at every state that can be
/// reached. For a specification of which [`other_than_fairness`] finds nothing.
///
/// # Errors
/// When the states cannot be explored within the limits, or fairness cannot be evaluated.
pub fn unkept(
    model: &Model,
    control: &Control,
    limits: &Limits,
) -> Result<Option<Unkept>, GraphError> {
    if model.fairness.is_empty() {
        return Ok(None);
    }
    let system = ModelSystem::new(model, control, 0).without_reductions();
    with_limits(control, limits, || {
        without_step(model, &system, control, limits)
    })?
}

fn without_step(
    model: &Model,
    system: &ModelSystem<'_>,
    control: &Control,
    limits: &Limits,
) -> Result<Option<Unkept>, GraphError> {
    let options = GraphOptions {
        beyond: true,
        ..GraphOptions::default()
    };
    let graph = graph(system, control, &limits.without_time(), options)?;
    let mut worker = system.worker();
    let failed = |message: String| {
        GraphError::Evaluation(Box::new(EvaluationError {
            phase: Phase::TemporalProperty(0),
            check: None,
            message,
            is_refusal: false,
            places: Vec::new(),
        }))
    };
    let stopped = |message: String| match control.stopped() {
        Some(reason) => GraphError::Limit(reason),
        None => failed(message),
    };
    let mut atoms = Atoms::default();
    for temporal in &model.fairness {
        match atoms.formula(temporal, worker.machine()) {
            Ok(_) => {}
            Err(Obstacle::Unsupported) => return Err(GraphError::Limit(StopReason::States)),
            Err(Obstacle::Fault(fault)) => return Err(stopped(fault.to_string())),
        }
    }
    let labels = Labels::new(&graph, &atoms.all, worker.machine())
        .map_err(|(fault, _)| stopped(fault.to_string()))?;
    for node in graph.nodes().filter(|&node| !graph.is_beyond(node)) {
        for fairness in &atoms.fairness {
            let mut steps = labels.steps(node);
            let enabled = labels.holds_in(node, fairness.enabled);
            if enabled && !steps.any(|(step, _)| labels.holds(node, step, fairness.action)) {
                let state = graph.states().get(node.0 as usize);
                let values = state.into_iter().flat_map(|state| state.0.iter());
                let named = system.variables().iter().copied().zip(values.cloned());
                return Ok(Some(Unkept {
                    span: fairness.span,
                    bound: fairness.bound.clone(),
                    state: named.collect(),
                }));
            }
        }
    }
    Ok(None)
}
