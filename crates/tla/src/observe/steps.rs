//! Which steps are seen at all.

use std::collections::{BTreeSet, HashMap};

use super::{Observation, Observed, QuestionError};
use crate::symbol::Symbol;
use crate::value::Value;

/// An action with arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The action.
    pub action: Symbol,
    /// Its arguments.
    pub arguments: Vec<Value>,
}

/// A step that changes what is observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Visible {
    /// What is observed before it.
    pub before: Observation,
    /// What is observed after it.
    pub after: Observation,
}

impl Observed<'_> {
    /// All steps of an action with these arguments that change what is observed.
    ///
    /// # Errors
    /// When the action is not known or cannot be evaluated.
    pub fn visible(&mut self, call: &Call) -> Result<BTreeSet<Visible>, QuestionError> {
        self.needs_all()?;
        let mut all = BTreeSet::new();
        for node in self.graph.nodes() {
            let before = self.observation(node);
            for to in self.graph.successors(node) {
                let after = self.observation(to);
                let step = Visible { before, after };
                if before != after
                    && !all.contains(&step)
                    && self.takes(call.action, &call.arguments, node, to)?
                {
                    all.insert(step);
                }
            }
        }
        Ok(all)
    }

    /// Whether a step of an action with these arguments occurs, seen or not.
    ///
    /// # Errors
    /// When the action is not known or cannot be evaluated.
    pub fn occurs(&mut self, call: &Call) -> Result<bool, QuestionError> {
        for node in self.graph.nodes() {
            for to in self.graph.successors(node) {
                if to != node && self.takes(call.action, &call.arguments, node, to)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The first step that changes what is observed and is none of these calls, with the name that
    /// the next-state relation gives it.
    ///
    /// # Errors
    /// When an action is not known or cannot be evaluated.
    pub fn unnamed(&mut self, calls: &[Call]) -> Result<Option<(Visible, Symbol)>, QuestionError> {
        // What a part of the next-state relation was found to be once, it most likely is again.
        let mut guesses: HashMap<(u32, Vec<u64>), usize> = HashMap::new();
        for node in self.graph.nodes() {
            let before = self.observation(node);
            for index in 0..self.graph.edges(node).len() {
                let Some(edge) = self.graph.edges(node).get(index) else {
                    continue;
                };
                let (to, part) = (edge.to, edge.action.0);
                let after = self.observation(to);
                if before == after {
                    continue;
                }
                let bound = edge.arguments.iter().map(|(_, value)| value.fingerprint());
                let key = (part, bound.collect::<Result<Vec<_>, _>>()?);
                let guess = guesses.get(&key).copied();
                let mut found = None;
                for at in guess.into_iter().chain(0..calls.len()) {
                    if let Some(Call { action, arguments }) = calls.get(at)
                        && self.takes(*action, arguments, node, to)?
                    {
                        found = Some(at);
                        break;
                    }
                }
                match found {
                    Some(at) => {
                        guesses.insert(key, at);
                    }
                    None => {
                        let name = self.parameters.get(part as usize).map(|(name, _)| *name);
                        let name = name.unwrap_or_else(|| Symbol::new("Next"));
                        return Ok(Some((Visible { before, after }, name)));
                    }
                }
            }
        }
        Ok(None)
    }

    /// The first observation of a state beyond the constraints that no state within them looks like.
    #[must_use]
    pub fn seen_only_beyond(&self) -> Option<Observation> {
        let within = |node| !self.graph.is_beyond(node);
        (0..)
            .map(Observation)
            .zip(&self.observations)
            .find(|(_, (_, nodes))| !nodes.iter().copied().any(within))
            .map(|(observation, _)| observation)
    }
}
