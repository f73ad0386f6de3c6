//! A state graph with the truth of every atom, and with the steps that change nothing.

use super::bits::Bits;
use super::ground::Atom;
use crate::eval::machine::{Fault, Machine};
use crate::explore::{Graph, Node, State};

/// The steps of a graph, each pair of states once, with atoms evaluated.
#[derive(Debug)]
pub(super) struct Labels {
    /// Where the steps of each state begin; one more than there are states.
    starts: Vec<usize>,
    /// Where each step leads.
    to: Vec<Node>,
    /// Atoms of each state; those of steps are zero.
    states: Bits,
    /// Atoms of each step; those of states are zero.
    steps: Bits,
}

impl Labels {
    /// Evaluates all atoms. Every state can stutter. Fails with the number of the atom that cannot
    /// be evaluated.
    pub(super) fn new<'m>(
        graph: &Graph,
        atoms: &[Atom<'m>],
        machine: &mut Machine<'m>,
    ) -> Result<Labels, (Fault, usize)> {
        let mut labels = Labels {
            starts: vec![0],
            to: Vec::new(),
            states: Bits::new(atoms.len()),
            steps: Bits::new(atoms.len()),
        };
        let states = graph.states();
        for (node, state) in graph.nodes().zip(states) {
            evaluate(&mut labels.states, atoms, machine, state, None)?;
            for to in graph.successors(node) {
                labels.to.push(to);
                let next = states.get(to.0 as usize).unwrap_or(state);
                evaluate(&mut labels.steps, atoms, machine, state, Some(next))?;
            }
            labels.starts.push(labels.to.len());
        }
        Ok(labels)
    }

    /// The steps of a state, as numbers, with where they lead.
    pub(super) fn steps(&self, from: Node) -> impl Iterator<Item = (usize, Node)> {
        let from = from.0 as usize;
        let range = match (self.starts.get(from), self.starts.get(from + 1)) {
            (Some(&start), Some(&end)) => start..end,
            _ => 0..0,
        };
        range.map(|step| (step, self.to[step]))
    }

    /// Whether an atom of states holds of a state.
    pub(super) fn holds_in(&self, state: Node, atom: usize) -> bool {
        self.states.get(state.0 as usize, atom)
    }

    /// Whether an atom holds of a step of a state, or of the state itself.
    pub(super) fn holds(&self, from: Node, step: usize, atom: usize) -> bool {
        self.states.get(from.0 as usize, atom) || self.steps.get(step, atom)
    }
}

/// Adds the truth of all atoms of a state, or of those of a step.
fn evaluate<'m>(
    bits: &mut Bits,
    atoms: &[Atom<'m>],
    machine: &mut Machine<'m>,
    from: &State,
    to: Option<&State>,
) -> Result<(), (Fault, usize)> {
    bits.push();
    for (number, atom) in atoms.iter().enumerate() {
        if atom.of_step != to.is_some() {
            continue;
        }
        let to = to.map(|to| &*to.0);
        let holds = machine.holds_bound(atom.frame_size, &atom.bound, atom.code, &from.0, to);
        if holds.map_err(|fault| (fault, number))? {
            bits.set_last(number);
        }
    }
    Ok(())
}
