//! An automaton that accepts the behaviours of a temporal formula.
//!
//! A tableau in the manner of Couvreur (FM'99): a state is a set of formulas that the rest of the
//! behaviour must satisfy; a transition says which literals must hold now, what must hold from the
//! next place on, and which `<>f` it puts off. A run is accepting if it puts none off for ever.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::ltl::Ltl;

/// Largest number of transitions; formulas that people write have a handful.
const MAX_TRANSITIONS: usize = 4096;

/// From a state to a state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Transition {
    /// Atoms and what each must be now.
    pub(super) guard: Vec<(usize, bool)>,
    /// The state after it.
    pub(super) to: usize,
    /// Numbers of the promises that it does not put off.
    pub(super) keeps: Vec<usize>,
}

/// An automaton. The first state is where runs begin.
#[derive(Debug)]
pub(super) struct Automaton {
    /// Transitions of each state.
    pub(super) states: Vec<Vec<Transition>>,
    /// How many promises there are: a run is accepting if it keeps each again and again.
    pub(super) promises: usize,
}

/// The formula needs an automaton that is too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLarge;

/// One way to satisfy what must hold now.
#[derive(Debug, Clone, Default)]
struct Way {
    guard: BTreeMap<usize, bool>,
    next: BTreeSet<Ltl>,
    put_off: BTreeSet<Ltl>,
    done: BTreeSet<Ltl>,
}

impl Automaton {
    /// The automaton of a conjunction of formulas.
    pub(super) fn new(formulas: impl IntoIterator<Item = Ltl>) -> Result<Automaton, TooLarge> {
        let first: BTreeSet<Ltl> = formulas.into_iter().collect();
        let mut numbers = HashMap::from([(first.clone(), 0)]);
        let mut sets = vec![first];
        let mut found: Vec<Vec<(Way, usize)>> = Vec::new();
        let mut promises: BTreeSet<Ltl> = BTreeSet::new();
        let mut count = 0;
        while let Some(set) = sets.get(found.len()).cloned() {
            let mut ways = Vec::new();
            expand(set.into_iter().collect(), Way::default(), &mut ways)?;
            let mut transitions = Vec::with_capacity(ways.len());
            for way in ways {
                promises.extend(way.put_off.iter().cloned());
                let to = *numbers.entry(way.next.clone()).or_insert_with(|| {
                    sets.push(way.next.clone());
                    sets.len() - 1
                });
                transitions.push((way, to));
            }
            count += transitions.len();
            if count > MAX_TRANSITIONS {
                return Err(TooLarge);
            }
            found.push(transitions);
        }
        let states = found
            .into_iter()
            .map(|ways| {
                let mut transitions: Vec<_> = ways
                    .into_iter()
                    .map(|(way, to)| Transition {
                        guard: way.guard.into_iter().collect(),
                        to,
                        keeps: (0..)
                            .zip(&promises)
                            .filter(|(_, promise)| !way.put_off.contains(promise))
                            .map(|(number, _)| number)
                            .collect(),
                    })
                    .collect();
                transitions.sort();
                transitions.dedup();
                transitions
            })
            .collect();
        Ok(Automaton {
            states,
            promises: promises.len(),
        })
    }
}

/// Finds all ways to satisfy what is `left` besides what the way at hand satisfies.
fn expand(mut left: Vec<Ltl>, mut way: Way, found: &mut Vec<Way>) -> Result<(), TooLarge> {
    while let Some(formula) = left.pop() {
        if !way.done.insert(formula.clone()) {
            continue;
        }
        match formula {
            Ltl::Constant(true) => {}
            Ltl::Constant(false) => return Ok(()),
            Ltl::Literal { atom, positive } => {
                if *way.guard.entry(atom).or_insert(positive) != positive {
                    return Ok(());
                }
            }
            Ltl::And(parts) => left.extend(parts),
            Ltl::Or(parts) => {
                for part in parts {
                    let mut left = left.clone();
                    left.push(part);
                    expand(left, way.clone(), found)?;
                }
                return Ok(());
            }
            Ltl::Always(inner) => {
                left.push((*inner).clone());
                way.next.insert(Ltl::Always(inner));
            }
            Ltl::Eventually(inner) => {
                let mut now = left.clone();
                now.push((*inner).clone());
                expand(now, way.clone(), found)?;
                let later = Ltl::Eventually(inner);
                way.put_off.insert(later.clone());
                way.next.insert(later);
            }
        }
    }
    if found.len() >= MAX_TRANSITIONS {
        return Err(TooLarge);
    }
    found.push(way);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Automaton;
    use crate::liveness::ltl::Ltl;

    #[test]
    fn nothing_to_satisfy_is_one_state() {
        let automaton = Automaton::new([]).unwrap();
        assert_eq!(automaton.states.len(), 1);
        assert_eq!(automaton.states[0].len(), 1);
        assert_eq!(automaton.promises, 0);
    }

    #[test]
    fn the_negation_of_leads_to_waits_then_stays() {
        let leads = Ltl::or([Ltl::atom(0).negated(), Ltl::atom(1).eventually()]).always();
        let automaton = Automaton::new(leads.negated().conjuncts()).unwrap();
        assert_eq!(automaton.states.len(), 2);
        assert_eq!(automaton.promises, 1);
        // It waits, or atom 0 holds and atom 1 does not, now and for ever.
        assert_eq!(automaton.states[0].len(), 2);
        assert_eq!(automaton.states[1].len(), 1);
        assert_eq!(automaton.states[1][0].guard, [(1, false)]);
    }

    #[test]
    fn what_contradicts_itself_has_no_transition() {
        let automaton = Automaton::new([Ltl::atom(0).always(), Ltl::atom(0).negated()]).unwrap();
        assert!(automaton.states[0].is_empty());
    }
}
