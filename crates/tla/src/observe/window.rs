//! Is a step from one observation to another possible?

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
}

impl WindowAnswer {
    /// Whether the window is allowed.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self, WindowAnswer::Allowed)
    }
}

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
            return Ok(WindowAnswer::Unreachable);
        };
        let after = self.find(&window.after)?;
        let starts = self.nodes(before).to_vec();
        let mut possible = Vec::new();
        let mut all = true;
        for &start in &starts {
            let mut from = vec![start];
            if around.before {
                self.closure(&mut from);
            }
            let mut allowed = false;
            for node in from {
                for to in self.successors(node) {
                    let leads_to = self.observation(to);
                    // Whatever else the action can do from there matters only when this fails.
                    if Some(leads_to) == after
                        && self.takes(window.action, &window.arguments, node, to)?
                    {
                        allowed = true;
                        break;
                    }
                }
            }
            if allowed && !around.in_every_state {
                return Ok(WindowAnswer::Allowed);
            }
            all &= allowed;
        }
        if all && around.in_every_state {
            return Ok(WindowAnswer::Allowed);
        }
        for &start in &starts {
            let mut from = vec![start];
            if around.before {
                self.closure(&mut from);
            }
            for node in from {
                for to in self.successors(node) {
                    let leads_to = self.observation(to);
                    if !possible.contains(&leads_to)
                        && self.takes(window.action, &window.arguments, node, to)?
                    {
                        possible.push(leads_to);
                    }
                }
            }
        }
        possible.sort_unstable();
        Ok(WindowAnswer::Forbidden(possible))
    }
}
