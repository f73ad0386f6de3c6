//! A state graph and an automaton run side by side.

use super::automaton::Automaton;
use super::bits::Bits;
use super::labels::Labels;
use super::ltl::Ltl;
use crate::control::{Control, StopReason};
use crate::explore::{Graph, Node};

/// All that can be reached by both together. Its nodes are numbered in the order in which they are
/// found, breadth first.
#[derive(Debug)]
pub(super) struct Product {
    /// State of the graph of each node.
    pub(super) states: Vec<Node>,
    /// The node from which each was found first; itself for those that a behaviour begins with.
    pub(super) parents: Vec<u32>,
    /// Where the steps of each node begin; one more than there are nodes.
    starts: Vec<usize>,
    /// Where each step leads.
    to: Vec<u32>,
    /// Marks of each step.
    marks: Bits,
}

impl Product {
    /// Runs the automaton along all behaviours of the graph. The marks of a step are the promises
    /// that the automaton keeps, then those of `formulas` that hold.
    pub(super) fn new(
        graph: &Graph,
        labels: &Labels,
        automaton: &Automaton,
        formulas: &[Ltl],
        control: &Control,
    ) -> Result<Product, StopReason> {
        let width = automaton.states.len();
        let mut numbers = vec![u32::MAX; graph.states().len() * width];
        let mut product = Product {
            states: Vec::new(),
            parents: Vec::new(),
            starts: vec![0],
            to: Vec::new(),
            marks: Bits::new(automaton.promises + formulas.len()),
        };
        // The state of the automaton at each node.
        let mut modes: Vec<usize> = Vec::new();
        let mut add = |product: &mut Product,
                       modes: &mut Vec<usize>,
                       state: Node,
                       mode,
                       parent: Option<u32>| {
            let number = &mut numbers[state.0 as usize * width + mode];
            if *number == u32::MAX {
                *number = u32::try_from(modes.len()).map_err(|_| StopReason::Memory)?;
                product.states.push(state);
                product.parents.push(parent.unwrap_or(*number));
                modes.push(mode);
            }
            Ok(*number)
        };
        for &state in graph.initial() {
            add(&mut product, &mut modes, state, 0, None)?;
        }
        let mut at = 0;
        while let Some(&state) = product.states.get(at) {
            if at % 1024 == 0
                && let Some(reason) = control.stopped()
            {
                return Err(reason);
            }
            let parent = u32::try_from(at).ok();
            for (step, next) in labels.steps(state) {
                let holds = |atom| labels.holds(state, step, atom);
                for transition in &automaton.states[modes[at]] {
                    if !transition.guard.iter().all(|&(atom, is)| holds(atom) == is) {
                        continue;
                    }
                    let to = add(&mut product, &mut modes, next, transition.to, parent)?;
                    product.to.push(to);
                    product.marks.push();
                    for &promise in &transition.keeps {
                        product.marks.set_last(promise);
                    }
                    for (number, formula) in (automaton.promises..).zip(formulas) {
                        if formula.holds_now(&holds) {
                            product.marks.set_last(number);
                        }
                    }
                }
            }
            product.starts.push(product.to.len());
            at += 1;
        }
        Ok(product)
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.states.len()
    }

    /// The steps of a node: its marks, and where it leads.
    pub(super) fn steps(&self, from: u32) -> impl Iterator<Item = (&[u64], u32)> {
        self.step_numbers(from)
            .map(|step| (self.marks.row(step), self.to[step]))
    }

    /// The step of this number, counted over all nodes.
    pub(super) fn step(&self, number: usize) -> Option<(&[u64], u32)> {
        Some((self.marks.row(number), *self.to.get(number)?))
    }

    /// The numbers of the steps of a node.
    pub(super) fn step_numbers(&self, from: u32) -> std::ops::Range<usize> {
        let from = from as usize;
        match (self.starts.get(from), self.starts.get(from + 1)) {
            (Some(&start), Some(&end)) => start..end,
            _ => 0..0,
        }
    }

    /// Words in the marks of a step.
    pub(super) fn mark_words(&self) -> usize {
        self.marks.stride()
    }
}
