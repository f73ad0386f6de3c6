//! What must happen again and again on a cycle, and what must not: Emerson–Lei acceptance.

use super::ltl::Ltl;

/// A condition on the marks of the steps of a cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Acceptance {
    /// Any cycle, or none.
    Constant(bool),
    /// A step with this mark is on it.
    Often(usize),
    /// No step with this mark is on it.
    Never(usize),
    /// All of these.
    And(Vec<Acceptance>),
    /// Any of these.
    Or(Vec<Acceptance>),
}

/// Gives marks to what holds at one place.
#[derive(Debug)]
pub(super) struct Marks {
    /// What a step must satisfy to have each mark.
    pub(super) formulas: Vec<Ltl>,
    /// The number of the first of them; those below are the promises of an automaton.
    pub(super) first: usize,
}

impl Marks {
    /// The condition of a formula that is [of the end](Ltl::is_of_the_end).
    pub(super) fn condition(&mut self, formula: Ltl) -> Acceptance {
        match formula {
            Ltl::And(parts) => {
                Acceptance::And(parts.into_iter().map(|part| self.condition(part)).collect())
            }
            Ltl::Or(parts) => {
                Acceptance::Or(parts.into_iter().map(|part| self.condition(part)).collect())
            }
            Ltl::Constant(truth) => Acceptance::Constant(truth),
            Ltl::Always(inner) => match *inner {
                Ltl::Eventually(now) => Acceptance::Often(self.mark(*now)),
                now => Acceptance::Never(self.mark(now.negated())),
            },
            Ltl::Eventually(inner) => match *inner {
                Ltl::Always(now) => Acceptance::Never(self.mark(now.negated())),
                now => Acceptance::Often(self.mark(now)),
            },
            literal @ Ltl::Literal { .. } => Acceptance::Never(self.mark(literal.negated())),
        }
    }

    fn mark(&mut self, now: Ltl) -> usize {
        let known = self.formulas.iter().position(|known| *known == now);
        self.first
            + known.unwrap_or_else(|| {
                self.formulas.push(now);
                self.formulas.len() - 1
            })
    }
}

impl Acceptance {
    /// With some leaves known.
    pub(super) fn known(&self, leaf: &dyn Fn(&Acceptance) -> Option<bool>) -> Acceptance {
        if let Some(truth) = leaf(self) {
            return Acceptance::Constant(truth);
        }
        let combined = |parts: &[Acceptance], neutral: bool| {
            let mut left = Vec::new();
            for part in parts {
                match part.known(leaf) {
                    Acceptance::Constant(truth) if truth == neutral => {}
                    Acceptance::Constant(truth) => return Err(truth),
                    part => left.push(part),
                }
            }
            Ok(left)
        };
        match self {
            Acceptance::And(parts) => match combined(parts, true) {
                Err(truth) => Acceptance::Constant(truth),
                Ok(left) if left.is_empty() => Acceptance::Constant(true),
                Ok(left) => Acceptance::And(left),
            },
            Acceptance::Or(parts) => match combined(parts, false) {
                Err(truth) => Acceptance::Constant(truth),
                Ok(left) if left.is_empty() => Acceptance::Constant(false),
                Ok(left) => Acceptance::Or(left),
            },
            leaf => leaf.clone(),
        }
    }

    /// Whether it holds when every [`Acceptance::Often`] does, and each [`Acceptance::Never`] or
    /// none.
    pub(super) fn holds(&self, never: bool) -> bool {
        match self {
            Acceptance::Constant(truth) => *truth,
            Acceptance::Often(_) => true,
            Acceptance::Never(_) => never,
            Acceptance::And(parts) => parts.iter().all(|part| part.holds(never)),
            Acceptance::Or(parts) => parts.iter().any(|part| part.holds(never)),
        }
    }

    /// A mark that must not occur, for some of it to hold.
    pub(super) fn first_never(&self) -> Option<usize> {
        match self {
            Acceptance::Never(mark) => Some(*mark),
            Acceptance::And(parts) | Acceptance::Or(parts) => {
                parts.iter().find_map(Acceptance::first_never)
            }
            Acceptance::Constant(_) | Acceptance::Often(_) => None,
        }
    }

    /// Marks that together suffice, where it holds without any [`Acceptance::Never`].
    pub(super) fn wanted(&self, marks: &mut Vec<usize>) {
        match self {
            Acceptance::Often(mark) if !marks.contains(mark) => marks.push(*mark),
            Acceptance::And(parts) => {
                for part in parts {
                    part.wanted(marks);
                }
            }
            Acceptance::Or(parts) => {
                if let Some(part) = parts.iter().find(|part| part.holds(false)) {
                    part.wanted(marks);
                }
            }
            _ => {}
        }
    }
}
