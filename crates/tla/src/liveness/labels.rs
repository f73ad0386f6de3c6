//! A state graph with the truth of every atom, and with the steps that change nothing.

use super::bits::Bits;
use super::ground::Atom;
use crate::eval::machine::{Fault, Machine};
use crate::explore::{Graph, Node};

/// The steps of a graph, each pair of states once, with atoms evaluated.
#[derive(Debug)]
pub(super) struct Labels {
    /// Where the steps of each state begin; one more than there are states.
    starts: Vec<usize>,
    /// Where each step leads.
    to: Vec<u32>,
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
            labels.states.push();
            for (number, atom) in atoms.iter().enumerate().filter(|(_, atom)| !atom.of_step) {
                let holds =
                    machine.holds_bound(atom.frame_size, &atom.bound, atom.code, &state.0, None);
                if holds.map_err(|fault| (fault, number))? {
                    labels.states.set_last(number);
                }
            }
            let first = labels.to.len();
            labels
                .to
                .extend(graph.edges(node).iter().map(|edge| edge.to.0));
            labels.to.push(node.0);
            labels.to[first..].sort_unstable();
            let mut kept = first;
            for at in first..labels.to.len() {
                if kept == first || labels.to[kept - 1] != labels.to[at] {
                    labels.to[kept] = labels.to[at];
                    kept += 1;
                }
            }
            labels.to.truncate(kept);
            for &to in &labels.to[first..] {
                labels.steps.push();
                let Some(next) = states.get(to as usize) else {
                    continue;
                };
                for (number, atom) in atoms.iter().enumerate().filter(|(_, atom)| atom.of_step) {
                    let next = Some(&*next.0);
                    let holds = machine.holds_bound(
                        atom.frame_size,
                        &atom.bound,
                        atom.code,
                        &state.0,
                        next,
                    );
                    if holds.map_err(|fault| (fault, number))? {
                        labels.steps.set_last(number);
                    }
                }
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
        range.map(|step| (step, Node(self.to[step])))
    }

    /// Whether an atom holds of a step of a state, or of the state itself.
    pub(super) fn holds(&self, from: Node, step: usize, atom: usize) -> bool {
        self.states.get(from.0 as usize, atom) || self.steps.get(step, atom)
    }
}
