//! Temporal formulas, down to predicates of states and steps.

use super::code::{Code, Target};
use crate::source::Span;

/// A temporal formula over predicates `P`. All predicates of one formula run in one frame, in
/// which [`Formula::Quantified`] fills slots.
#[derive(Debug, Clone)]
pub enum Formula<P = Code> {
    /// A predicate of a state.
    State(P),
    /// A predicate of a step (two states).
    Step(P),
    /// `~`
    Not(Box<Formula<P>>),
    /// `/\`
    And(Vec<Formula<P>>),
    /// `\/`
    Or(Vec<Formula<P>>),
    /// `=>`
    Implies(Box<[Formula<P>; 2]>),
    /// `<=>`
    Equivalent(Box<[Formula<P>; 2]>),
    /// `IF` with a temporal branch; the condition comes first.
    If(Box<[Formula<P>; 3]>),
    /// `[]`
    Always(Box<Formula<P>>),
    /// `<>`
    Eventually(Box<Formula<P>>),
    /// `~>`
    LeadsTo(Box<[Formula<P>; 2]>),
    /// `WF_v(A)` (`weak`) or `SF_v(A)`.
    Fairness {
        /// Which.
        weak: bool,
        /// The step predicate `<<A>>_v`.
        action: P,
        /// The state predicate `ENABLED <<A>>_v`.
        enabled: P,
        /// Where it stands.
        span: Span,
    },
    /// `\A` (`for_all`) or `\E` over sets.
    Quantified {
        /// Whether it is `\A`.
        for_all: bool,
        /// The sets, all evaluated before any name is bound, and where their elements go.
        binders: Vec<(Box<[Target]>, P)>,
        /// The body.
        body: Box<Formula<P>>,
    },
    /// What cannot be checked, with the reason.
    Unsupported(Box<str>, Span),
}

impl<P> Formula<P> {
    /// The same formula over other predicates.
    pub fn map<Q>(self, to: &mut dyn FnMut(P) -> Q) -> Formula<Q> {
        match self {
            Formula::State(p) => Formula::State(to(p)),
            Formula::Step(p) => Formula::Step(to(p)),
            Formula::Not(one) => Formula::Not(Box::new(one.map(to))),
            Formula::And(all) => Formula::And(all.into_iter().map(|one| one.map(to)).collect()),
            Formula::Or(all) => Formula::Or(all.into_iter().map(|one| one.map(to)).collect()),
            Formula::Implies(two) => Formula::Implies(Box::new(two.map(|one| one.map(to)))),
            Formula::Equivalent(two) => Formula::Equivalent(Box::new(two.map(|one| one.map(to)))),
            Formula::If(three) => Formula::If(Box::new(three.map(|one| one.map(to)))),
            Formula::Always(one) => Formula::Always(Box::new(one.map(to))),
            Formula::Eventually(one) => Formula::Eventually(Box::new(one.map(to))),
            Formula::LeadsTo(two) => Formula::LeadsTo(Box::new(two.map(|one| one.map(to)))),
            Formula::Fairness {
                weak,
                action,
                enabled,
                span,
            } => Formula::Fairness {
                weak,
                action: to(action),
                enabled: to(enabled),
                span,
            },
            Formula::Quantified {
                for_all,
                binders,
                body,
            } => Formula::Quantified {
                for_all,
                binders: binders
                    .into_iter()
                    .map(|(targets, set)| (targets, to(set)))
                    .collect(),
                body: Box::new(body.map(to)),
            },
            Formula::Unsupported(reason, span) => Formula::Unsupported(reason, span),
        }
    }
}
