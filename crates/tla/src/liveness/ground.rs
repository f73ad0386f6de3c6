//! Temporal formulas of a model as formulas over atoms: quantifiers unrolled, fairness spelt out.

use super::ltl::Ltl;
use crate::eval::code::{Code, Target};
use crate::eval::formula::Formula;
use crate::eval::machine::{Bound, Fault, Machine};
use crate::eval::model::Temporal;
use crate::source::Span;
use crate::value::Value;

/// Most atoms of all formulas together.
const MAX_ATOMS: usize = 20_000;

/// A predicate with the names that are bound around it.
#[derive(Debug)]
pub(super) struct Atom<'m> {
    /// Slots of the frame it runs in.
    pub(super) frame_size: u32,
    /// What is bound.
    pub(super) bound: Vec<Bound<'m>>,
    /// The predicate.
    pub(super) code: &'m Code,
    /// Whether it speaks of a step.
    pub(super) of_step: bool,
    /// The formula it is of, counted in the order in which they were read.
    pub(super) formula: usize,
}

/// Why a formula cannot be checked.
#[derive(Debug)]
pub(super) enum Obstacle {
    /// The engine does not do it.
    Unsupported,
    /// A set that it is quantified over cannot be listed.
    Fault(Fault),
}

impl From<Fault> for Obstacle {
    fn from(fault: Fault) -> Obstacle {
        Obstacle::Fault(fault)
    }
}

/// Numbers the atoms of formulas.
#[derive(Debug, Default)]
pub(super) struct Atoms<'m> {
    /// In order of their numbers.
    pub(super) all: Vec<Atom<'m>>,
    /// Every `WF` and `SF` that was read, in order, for all values of the names around it.
    pub(super) fairness: Vec<Fairness>,
    /// How many formulas were read.
    formulas: usize,
}

/// `WF_v(A)` or `SF_v(A)` for some values of the names around it.
#[derive(Debug)]
pub(super) struct Fairness {
    /// Where it stands.
    pub(super) span: Span,
    /// Whether it is weak.
    pub(super) weak: bool,
    /// The values.
    pub(super) bound: Vec<Value>,
    /// The atom `ENABLED <<A>>_v`.
    pub(super) enabled: usize,
    /// The atom `<<A>>_v`.
    pub(super) action: usize,
}

/// Where in a formula the reading is.
struct Place<'m, 'a> {
    frame_size: u32,
    bound: Vec<Bound<'m>>,
    machine: &'a mut Machine<'m>,
}

impl<'m> Atoms<'m> {
    /// A formula of the model in normal form.
    pub(super) fn formula(
        &mut self,
        temporal: &'m Temporal,
        machine: &mut Machine<'m>,
    ) -> Result<Ltl, Obstacle> {
        let mut place = Place {
            frame_size: temporal.frame_size,
            bound: Vec::new(),
            machine,
        };
        let formula = self.read(&temporal.formula, &mut place);
        self.formulas += 1;
        formula
    }

    fn read(
        &mut self,
        formula: &'m Formula<Code>,
        place: &mut Place<'m, '_>,
    ) -> Result<Ltl, Obstacle> {
        Ok(match formula {
            Formula::State(code) => Ltl::atom(self.atom(code, false, place)?),
            Formula::Step(code) => Ltl::atom(self.atom(code, true, place)?),
            Formula::Not(inner) => self.read(inner, place)?.negated(),
            Formula::And(parts) => Ltl::and(self.all_of(parts, place)?),
            Formula::Or(parts) => Ltl::or(self.all_of(parts, place)?),
            Formula::Implies(sides) => {
                let [left, right] = self.both(sides, place)?;
                Ltl::or([left.negated(), right])
            }
            Formula::Equivalent(sides) => {
                let [left, right] = self.both(sides, place)?;
                let neither = [left.clone().negated(), right.clone().negated()];
                Ltl::or([Ltl::and([left, right]), Ltl::and(neither)])
            }
            Formula::If(parts) => {
                let [condition, then, otherwise] = &**parts;
                let condition = self.read(condition, place)?;
                let then = self.read(then, place)?;
                let otherwise = self.read(otherwise, place)?;
                Ltl::or([
                    Ltl::and([condition.clone(), then]),
                    Ltl::and([condition.negated(), otherwise]),
                ])
            }
            Formula::Always(inner) => self.read(inner, place)?.always(),
            Formula::Eventually(inner) => self.read(inner, place)?.eventually(),
            Formula::LeadsTo(sides) => {
                let [left, right] = self.both(sides, place)?;
                Ltl::or([left.negated(), right.eventually()]).always()
            }
            Formula::Fairness {
                weak,
                action,
                enabled,
                span,
            } => {
                let enabled = self.atom(enabled, false, place)?;
                let action = self.atom(action, true, place)?;
                self.fairness.push(Fairness {
                    span: *span,
                    weak: *weak,
                    bound: place.bound.iter().map(|(_, value)| value.clone()).collect(),
                    enabled,
                    action,
                });
                let disabled = Ltl::atom(enabled).negated();
                let taken = Ltl::atom(action).eventually().always();
                let resting = match weak {
                    true => disabled.eventually().always(),
                    false => disabled.always().eventually(),
                };
                Ltl::or([resting, taken])
            }
            Formula::Quantified {
                for_all,
                binders,
                body,
            } => {
                let mut sets = Vec::new();
                for (targets, set) in binders {
                    let elements =
                        place
                            .machine
                            .elements_bound(place.frame_size, &place.bound, set)?;
                    sets.extend(targets.iter().map(|target| (target, elements.clone())));
                }
                let mut parts = Vec::new();
                self.unroll(&sets, body, place, &mut parts)?;
                match for_all {
                    true => Ltl::and(parts),
                    false => Ltl::or(parts),
                }
            }
            Formula::Unsupported(..) => return Err(Obstacle::Unsupported),
        })
    }

    /// The body for all values of the names that are left to bind.
    fn unroll(
        &mut self,
        left: &[(&'m Target, Vec<Value>)],
        body: &'m Formula<Code>,
        place: &mut Place<'m, '_>,
        parts: &mut Vec<Ltl>,
    ) -> Result<(), Obstacle> {
        let Some(((target, elements), rest)) = left.split_first() else {
            parts.push(self.read(body, place)?);
            return Ok(());
        };
        for element in elements {
            place.bound.push((target, element.clone()));
            let result = self.unroll(rest, body, place, parts);
            place.bound.pop();
            result?;
        }
        Ok(())
    }

    fn all_of(
        &mut self,
        parts: &'m [Formula<Code>],
        place: &mut Place<'m, '_>,
    ) -> Result<Vec<Ltl>, Obstacle> {
        parts.iter().map(|part| self.read(part, place)).collect()
    }

    fn both(
        &mut self,
        [left, right]: &'m [Formula<Code>; 2],
        place: &mut Place<'m, '_>,
    ) -> Result<[Ltl; 2], Obstacle> {
        Ok([self.read(left, place)?, self.read(right, place)?])
    }

    fn atom(
        &mut self,
        code: &'m Code,
        of_step: bool,
        place: &Place<'m, '_>,
    ) -> Result<usize, Obstacle> {
        let same = |atom: &Atom<'m>| {
            // The names that are bound around one piece of code are always the same.
            let mut values = atom.bound.iter().zip(&place.bound);
            std::ptr::eq(atom.code, code) && values.all(|((_, own), (_, other))| own == other)
        };
        Ok(match self.all.iter().position(same) {
            Some(number) => number,
            None if self.all.len() >= MAX_ATOMS => return Err(Obstacle::Unsupported),
            None => {
                self.all.push(Atom {
                    frame_size: place.frame_size,
                    bound: place.bound.clone(),
                    code,
                    of_step,
                    formula: self.formulas,
                });
                self.all.len() - 1
            }
        })
    }
}
