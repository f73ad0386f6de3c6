//! Is a step from one observation to another possible?

use std::collections::BTreeSet;

use super::{Observation, Observed, QuestionError};
use crate::symbol::Symbol;
use crate::value::Value;

/// What was seen before a step, which action was taken, and what was seen after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// The observation before.
    pub before: Value,
    /// The action.
    pub action: Symbol,
    /// Its arguments.
    pub arguments: Vec<Value>,
    /// The observation after.
    pub after: Value,
}

/// Which internal steps, that leave the observation as it is, may be around the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Around {
    /// Some before it.
    pub before: bool,
    /// Whether all states that look like the one before must allow it, and not only some.
    pub in_every_state: bool,
}

/// Whether a window is allowed.
#[derive(Debug, Clone, PartialEq)]
pub enum WindowAnswer {
    /// It is.
    Allowed,
    /// No state that can be reached looks like the one before.
    Unreachable,
    /// States look like the one before, but none of them (or not every one) allows the step. These
    /// are the observations that the action can lead to from there.
    Forbidden(Vec<Observation>),
    /// It was not found to be possible, but not all states were explored.
    Undecided,
}

impl WindowAnswer {
    /// Whether the window is allowed.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self, WindowAnswer::Allowed)
    }
}

/// What an action can lead to from the states that look like one observation.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// From some of them.
    some: BTreeSet<Observation>,
    /// From every one.
    every: BTreeSet<Observation>,
}

/// The observation before, the action, the fingerprints of its arguments, and whether internal steps
/// may come first.
pub(super) type ReachKey = (Observation, Symbol, Vec<u64>, bool);

impl Observed<'_> {
    /// Whether a window is allowed. Internal steps after the step change nothing of the answer: they
    /// leave the observation as it is.
    ///
    /// # Errors
    /// When the action is not known or cannot be evaluated.
    pub fn window(
        &mut self,
        window: &Window,
        around: Around,
    ) -> Result<WindowAnswer, QuestionError> {
        let Some(before) = self.find(&window.before)? else {
            return Ok(match self.is_complete() {
                true => WindowAnswer::Unreachable,
                false => WindowAnswer::Undecided,
            });
        };
        let after = self.find(&window.after)?;
        let arguments = window.arguments.iter().map(Value::fingerprint);
        let key = (
            before,
            window.action,
            arguments.collect::<Result<_, _>>()?,
            around.before,
        );
        let reach = match self.reaches.remove(&key) {
            Some(reach) => reach,
            None => self.reach(before, window, around.before)?,
        };
        let allowed = match around.in_every_state {
            true => &reach.every,
            false => &reach.some,
        };
        let answer = match after.is_some_and(|after| allowed.contains(&after)) {
            true if self.is_complete() || !around.in_every_state => WindowAnswer::Allowed,
            _ if !self.is_complete() => WindowAnswer::Undecided,
            _ => WindowAnswer::Forbidden(reach.some.iter().copied().collect()),
        };
        self.reaches.insert(key, reach);
        Ok(answer)
    }

    /// What the action of a window can lead to.
    fn reach(
        &mut self,
        before: Observation,
        window: &Window,
        internal: bool,
    ) -> Result<Reach, QuestionError> {
        let mut reach = Reach::default();
        for (number, start) in self.nodes(before).to_vec().into_iter().enumerate() {
            let mut from = vec![start];
            if internal {
                self.closure(&mut from);
            }
            let mut own = BTreeSet::new();
            for node in from {
                for to in self.graph.successors(node) {
                    let leads_to = self.observation(to);
                    if !own.contains(&leads_to)
                        && self.takes(window.action, &window.arguments, node, to)?
                    {
                        own.insert(leads_to);
                    }
                }
            }
            match number {
                0 => reach.every.clone_from(&own),
                _ => reach.every.retain(|observation| own.contains(observation)),
            }
            reach.some.append(&mut own);
        }
        Ok(reach)
    }
}
