//! Temporal properties: does every fair behaviour have them?
//!
//! A behaviour that is a counterexample satisfies the fairness of the specification and the negation
//! of the property. In a finite graph there is one exactly if there is one that ends in a cycle, so
//! it is looked for in three steps:
//!
//! ```text
//! ground      formulas ──► atoms and LTL in negation normal form          (ltl)
//! labels      state graph ──► the truth of each atom at each state and step
//! product     graph × automaton of what is not "for ever"                 (automaton)
//! cycle       a component with a fair cycle, and a short way into it      (acceptance)
//! ```
//!
//! Of a formula what speaks only of what happens for ever (`[]<>`, `<>[]`, and so all fairness)
//! becomes a condition on cycles; only the rest needs the automaton, which keeps it small whatever
//! the number of fair actions.

mod acceptance;
mod automaton;
mod bits;
mod cycle;
mod ground;
mod labels;
mod ltl;
mod product;
mod promises;

pub use promises::{Unkept, other_than_fairness, unkept};

use acceptance::{Acceptance, Marks};
use automaton::Automaton;
use cycle::{Lasso, accepting};
use ground::{Atoms, Fairness, Obstacle};
use labels::Labels;
use ltl::Ltl;
use product::Product;

use crate::control::{Control, StopReason};
use crate::eval::machine::Fault;
use crate::eval::model::{Model, Temporal};
use crate::explore::{
    Because, CheckInfo, EngineError, EvaluationError, Fair, Graph, GraphError, GraphOptions,
    Limits, ModelSystem, ModelWorker, Node, Outcome, Phase, System, Trace, Worker, graph,
    present_lasso, with_limits,
};

/// Checks all temporal properties of a model in whose states nothing is wrong. The outcome is
/// [`Outcome::Ok`], or says why not; a counterexample comes with its trace.
///
/// # Errors
/// When the system refuses the engine's threads.
pub(crate) fn check(
    model: &Model,
    control: &Control,
    seed: u64,
    limits: &Limits,
) -> Result<(Outcome, Trace), EngineError> {
    // Symmetry and views merge states that a temporal property may tell apart.
    let system = ModelSystem::new(model, control, seed).without_reductions();
    let found = with_limits(control, limits, || {
        let graph = graph(
            &system,
            control,
            &limits.without_time(),
            GraphOptions::default(),
        )?;
        Search {
            model,
            control,
            worker: system.worker(),
            system: &system,
            graph: &graph,
        }
        .all()
    })?;
    Ok(match found {
        Ok(Verdict::Violated(check, trace)) => (Outcome::Liveness(check), trace),
        Ok(Verdict::NotChecked(names)) if names.is_empty() => (Outcome::Ok, Trace::default()),
        Ok(Verdict::NotChecked(names)) => (Outcome::Unsupported(names), Trace::default()),
        Err(GraphError::Evaluation(error)) => (Outcome::of_error(*error), Trace::default()),
        Err(GraphError::Limit(reason)) => (Outcome::Limit(reason), Trace::default()),
        Err(GraphError::Engine(error)) => return Err(error),
    })
}

enum Verdict {
    /// A fair behaviour does not have this property.
    Violated(CheckInfo, Trace),
    /// All fair behaviours have all properties but for these, which are beyond the engine.
    NotChecked(Vec<CheckInfo>),
}

struct Search<'r, 's> {
    model: &'r Model,
    control: &'r Control,
    worker: ModelWorker<'s>,
    system: &'s ModelSystem<'r>,
    graph: &'s Graph,
}

impl<'r: 's, 's> Search<'r, 's> {
    fn all(mut self) -> Result<Verdict, GraphError> {
        let mut atoms = Atoms::default();
        let mut fairness = Vec::new();
        for temporal in &self.model.fairness {
            match atoms.formula(temporal, self.worker.machine()) {
                Ok(formula) => fairness.push(formula),
                Err(Obstacle::Unsupported) => {
                    // Not knowing which behaviours are fair, nothing is known of any.
                    return Ok(Verdict::NotChecked(properties(self.model)));
                }
                Err(Obstacle::Fault(fault)) => return Err(self.failed(&fault, temporal, 0)),
            }
        }
        let fairness = Ltl::and(fairness);
        // What the properties say of fairness is not what the specification promises.
        let promised = std::mem::take(&mut atoms.fairness);
        let mut violations = Vec::new();
        let mut not_checked = Vec::new();
        for (index, temporal) in self.model.temporal_properties.iter().enumerate() {
            match atoms.formula(temporal, self.worker.machine()) {
                Ok(formula) => violations.push((temporal, formula.negated())),
                Err(Obstacle::Unsupported) => not_checked.push(info(temporal)),
                Err(Obstacle::Fault(fault)) => return Err(self.failed(&fault, temporal, index)),
            }
        }
        let labels = match Labels::new(self.graph, &atoms.all, self.worker.machine()) {
            Ok(labels) => labels,
            Err((fault, atom)) => {
                let index = atoms.all.get(atom).map_or(0, |atom| atom.formula);
                let mut all = self
                    .model
                    .fairness
                    .iter()
                    .chain(&self.model.temporal_properties);
                return Err(match all.nth(index) {
                    Some(temporal) => self.failed(&fault, temporal, index),
                    None => GraphError::Limit(StopReason::Cancelled),
                });
            }
        };
        for (temporal, violation) in violations {
            // Each way to violate it on its own: their automata are smaller than that of all.
            for way in violation.disjuncts() {
                let formulas = Ltl::and([way, fairness.clone()]);
                match self.behavior(formulas, &labels)? {
                    Looked::Nothing => {}
                    Looked::TooLarge => {
                        not_checked.push(info(temporal));
                        break;
                    }
                    Looked::Found(product, lasso) => {
                        let mut trace = self.trace(&product, &lasso);
                        trace.fairness = why_fair(&product, &lasso, &labels, &promised);
                        return Ok(Verdict::Violated(info(temporal), trace));
                    }
                }
            }
        }
        Ok(Verdict::NotChecked(not_checked))
    }

    /// Looks for a behaviour of the graph that satisfies a formula.
    fn behavior(&self, formula: Ltl, labels: &Labels) -> Result<Looked, GraphError> {
        let (end, rest): (Vec<_>, Vec<_>) = formula
            .conjuncts()
            .into_iter()
            .partition(Ltl::is_of_the_end);
        let Ok(automaton) = Automaton::new(rest) else {
            return Ok(Looked::TooLarge);
        };
        let mut marks = Marks {
            formulas: Vec::new(),
            first: automaton.promises,
        };
        let end = end.into_iter().map(|part| marks.condition(part));
        let acceptance: Vec<_> = (0..automaton.promises)
            .map(Acceptance::Often)
            .chain(end)
            .collect();
        let product = Product::new(
            self.graph,
            labels,
            &automaton,
            &marks.formulas,
            self.control,
        )
        .map_err(GraphError::Limit)?;
        let component = accepting(&product, Acceptance::And(acceptance), self.control)
            .map_err(GraphError::Limit)?;
        Ok(match component {
            Some(component) => {
                let lasso = component.lasso(&product);
                Looked::Found(Box::new(product), lasso)
            }
            None => Looked::Nothing,
        })
    }

    fn trace(&mut self, product: &Product, lasso: &Lasso) -> Trace {
        let state = |node: &u32| {
            let node = product.states.get(*node as usize)?;
            self.graph.states().get(node.0 as usize).cloned()
        };
        let stem = lasso.stem.iter().filter_map(state).collect();
        let cycle = lasso.cycle.iter().filter_map(state).collect();
        present_lasso(self.system, &mut self.worker, stem, cycle)
    }

    fn failed(&self, fault: &Fault, temporal: &Temporal, index: usize) -> GraphError {
        match self.control.stopped() {
            Some(reason) => GraphError::Limit(reason),
            None => GraphError::Evaluation(Box::new(EvaluationError {
                phase: Phase::TemporalProperty(index),
                check: Some(info(temporal)),
                message: fault.to_string(),
                is_refusal: fault.is_refusal(),
                places: ModelWorker::places(fault),
            })),
        }
    }
}

/// What came of looking for a behaviour.
enum Looked {
    Nothing,
    TooLarge,
    Found(Box<Product>, Lasso),
}

/// Why a lasso is fair to each action.
fn why_fair(product: &Product, lasso: &Lasso, labels: &Labels, promised: &[Fairness]) -> Vec<Fair> {
    let first = lasso.stem.len().saturating_sub(1);
    let nodes = lasso.stem.last().into_iter().chain(&lasso.cycle);
    let cycle: Vec<Node> = nodes
        .filter_map(|&node| product.states.get(node as usize).copied())
        .collect();
    let step = |from: usize| {
        let to = cycle.get(from + 1).or(cycle.first())?;
        let (number, _) = labels.steps(cycle[from]).find(|(_, next)| next == to)?;
        Some(number)
    };
    let why = |fairness: &Fairness| {
        let places = || (first..).zip(0..cycle.len());
        let taken = places().find(|&(_, at)| {
            step(at).is_some_and(|number| labels.holds(cycle[at], number, fairness.action))
        });
        let is_disabled = |&(_, at): &(usize, usize)| {
            step(at).is_some_and(|number| !labels.holds(cycle[at], number, fairness.enabled))
        };
        let disabled = places().find(is_disabled);
        match (taken, disabled) {
            (Some((place, _)), _) => Some(Because::Taken(place)),
            (None, Some((place, _))) if fairness.weak => Some(Because::Disabled(place)),
            (None, Some(_)) if places().all(|place| is_disabled(&place)) => {
                Some(Because::NeverEnabled)
            }
            // Something else than this makes the behaviour one of the specification.
            _ => None,
        }
    };
    promised
        .iter()
        .filter_map(|fairness| {
            Some(Fair {
                span: fairness.span,
                weak: fairness.weak,
                bound: fairness.bound.clone(),
                because: why(fairness)?,
            })
        })
        .collect()
}

/// All temporal properties of a model.
pub(crate) fn properties(model: &Model) -> Vec<CheckInfo> {
    model.temporal_properties.iter().map(info).collect()
}

fn info(temporal: &Temporal) -> CheckInfo {
    CheckInfo {
        name: temporal.name,
        span: temporal.span,
    }
}
