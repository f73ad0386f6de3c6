//! Is a whole sequence of observations a behaviour?

use super::{Observation, Observed, QuestionError};
use crate::symbol::Symbol;
use crate::value::Value;

/// A step of an observed trace.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The action.
    pub action: Symbol,
    /// Its arguments.
    pub arguments: Vec<Value>,
    /// The observation after it.
    pub after: Value,
}

/// Whether a trace is a behaviour of the specification.
#[derive(Debug, Clone, PartialEq)]
pub enum TraceAnswer {
    /// It is.
    Allowed,
    /// No initial state looks like the first observation; these are what initial states look like.
    NoStart(Vec<Observation>),
    /// Up to an event it is.
    Fails {
        /// The first event, from zero, that is not possible.
        event: usize,
        /// What its action can lead to there.
        possible: Vec<Observation>,
        /// What any step can lead to there, what is already observed left out.
        others: Vec<Observation>,
    },
}

impl TraceAnswer {
    /// Whether the trace is a behaviour.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self, TraceAnswer::Allowed)
    }
}

impl Observed<'_> {
    /// Whether a trace is a behaviour: all states that the specification may be in are carried along.
    /// Internal steps may be anywhere if `internal`.
    ///
    /// # Errors
    /// When an action is not known or cannot be evaluated.
    pub fn trace(
        &mut self,
        first: &Value,
        events: &[Event],
        internal: bool,
    ) -> Result<TraceAnswer, QuestionError> {
        self.needs_all()?;
        let start = self.find(first)?;
        let mut here: Vec<_> = self.graph.initial().to_vec();
        here.retain(|&node| Some(self.observation(node)) == start);
        if here.is_empty() {
            let initial = self.graph.initial().iter();
            let mut seen: Vec<_> = initial.map(|&node| self.observation(node)).collect();
            seen.sort_unstable();
            seen.dedup();
            return Ok(TraceAnswer::NoStart(seen));
        }
        for (number, event) in events.iter().enumerate() {
            if internal {
                self.closure(&mut here);
            }
            let after = self.find(&event.after)?;
            let mut next = Vec::new();
            for &node in &here {
                for to in self.graph.successors(node) {
                    if Some(self.observation(to)) == after
                        && self.takes(event.action, &event.arguments, node, to)?
                    {
                        next.push(to);
                    }
                }
            }
            if next.is_empty() {
                return self.failure(number, event, &here);
            }
            next.sort_unstable();
            next.dedup();
            here = next;
        }
        Ok(TraceAnswer::Allowed)
    }

    fn failure(
        &mut self,
        number: usize,
        event: &Event,
        here: &[crate::explore::Node],
    ) -> Result<TraceAnswer, QuestionError> {
        let (mut possible, mut others) = (Vec::new(), Vec::new());
        for &node in here {
            let own = self.observation(node);
            for to in self.graph.successors(node) {
                let leads_to = self.observation(to);
                if self.takes(event.action, &event.arguments, node, to)? {
                    possible.push(leads_to);
                } else if leads_to != own {
                    others.push(leads_to);
                }
            }
        }
        for all in [&mut possible, &mut others] {
            all.sort_unstable();
            all.dedup();
        }
        Ok(TraceAnswer::Fails {
            event: number,
            possible,
            others,
        })
    }
}
