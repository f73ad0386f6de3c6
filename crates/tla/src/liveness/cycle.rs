//! Finds a cycle on which what must happen again and again does.
//!
//! Strongly connected components, taken apart where a mark must not occur: the generic emptiness
//! check for Emerson–Lei acceptance (Baier et al., ATVA 2019). For weak and strong fairness, which
//! are conjunctions of pairs, it never branches.

use std::collections::{HashMap, HashSet, VecDeque};

use super::acceptance::Acceptance;
use super::bits::has;
use super::product::Product;
use crate::control::{Control, StopReason};

/// Where a fair behaviour ends up.
#[derive(Debug)]
pub(super) struct Component {
    nodes: Vec<u32>,
    /// Marks that steps must not have.
    banned: Vec<usize>,
    /// Marks that the cycle must meet.
    wanted: Vec<usize>,
}

/// A part of the product that is left to look at.
struct Part {
    nodes: Vec<u32>,
    acceptance: Acceptance,
    banned: Vec<usize>,
}

/// Scratch for the search of components.
struct Finder<'p> {
    product: &'p Product,
    /// Which part or component each node is in.
    scope: Vec<u32>,
    scopes: u32,
    /// Order of discovery, from 1; 0 for nodes that were not seen.
    index: Vec<u32>,
    low: Vec<u32>,
}

/// A component of a product in which there is a cycle that the condition accepts.
pub(super) fn accepting(
    product: &Product,
    acceptance: Acceptance,
    control: &Control,
) -> Result<Option<Component>, StopReason> {
    let count = product.len();
    let mut finder = Finder {
        product,
        scope: vec![0; count],
        scopes: 0,
        index: vec![0; count],
        low: vec![0; count],
    };
    let all = (0..u32::try_from(count).unwrap_or(u32::MAX)).collect();
    let mut parts = vec![Part {
        nodes: all,
        acceptance,
        banned: Vec::new(),
    }];
    while let Some(part) = parts.pop() {
        if let Some(reason) = control.stopped() {
            return Err(reason);
        }
        for nodes in finder.components(&part.nodes, &part.banned) {
            let present = finder.marks(&nodes, &part.banned);
            let acceptance = part.acceptance.known(&|leaf| match leaf {
                Acceptance::Often(mark) if !has(&present, *mark) => Some(false),
                Acceptance::Never(mark) if !has(&present, *mark) => Some(true),
                _ => None,
            });
            if acceptance.holds(false) {
                let mut wanted = Vec::new();
                acceptance.wanted(&mut wanted);
                return Ok(Some(Component {
                    nodes,
                    banned: part.banned,
                    wanted,
                }));
            }
            let Some(mark) = acceptance.first_never().filter(|_| acceptance.holds(true)) else {
                continue;
            };
            let set = |occurs: bool| {
                acceptance.known(&|leaf| match leaf {
                    Acceptance::Never(other) if *other == mark => Some(!occurs),
                    Acceptance::Often(other) if *other == mark && !occurs => Some(false),
                    _ => None,
                })
            };
            let with = set(true);
            if with.holds(true) {
                parts.push(Part {
                    nodes: nodes.clone(),
                    acceptance: with,
                    banned: part.banned.clone(),
                });
            }
            let without = set(false);
            if without.holds(true) {
                let mut banned = part.banned.clone();
                banned.push(mark);
                parts.push(Part {
                    nodes,
                    acceptance: without,
                    banned,
                });
            }
        }
    }
    Ok(None)
}

fn allowed(marks: &[u64], banned: &[usize]) -> bool {
    !banned.iter().any(|&mark| has(marks, mark))
}

impl Finder<'_> {
    /// A number for nodes that belong together.
    fn enter(&mut self, nodes: &[u32]) -> u32 {
        self.scopes += 1;
        for &node in nodes {
            self.scope[node as usize] = self.scopes;
        }
        self.scopes
    }

    /// The marks of all steps within a component that was entered last.
    fn marks(&mut self, nodes: &[u32], banned: &[usize]) -> Vec<u64> {
        let own = self.enter(nodes);
        let mut all = vec![0; self.product.mark_words()];
        for &node in nodes {
            for (marks, to) in self.product.steps(node) {
                if self.scope[to as usize] == own && allowed(marks, banned) {
                    for (word, marks) in all.iter_mut().zip(marks) {
                        *word |= marks;
                    }
                }
            }
        }
        all
    }

    /// The strongly connected components of a part that have a step in them (Tarjan 1972, without
    /// recursion).
    fn components(&mut self, nodes: &[u32], banned: &[usize]) -> Vec<Vec<u32>> {
        let own = self.enter(nodes);
        for &node in nodes {
            self.index[node as usize] = 0;
        }
        let mut components = Vec::new();
        let mut next_index = 1;
        let mut open: Vec<u32> = Vec::new();
        // A node, and the number of its step to follow next.
        let mut path: Vec<(u32, usize)> = Vec::new();
        // Nodes whose component is known are no longer in scope.
        const DONE: u32 = 0;
        for &root in nodes {
            if self.index[root as usize] != 0 {
                continue;
            }
            path.push((root, self.product.step_numbers(root).start));
            while let Some(&mut (node, ref mut step)) = path.last_mut() {
                let at = node as usize;
                if self.index[at] == 0 {
                    self.index[at] = next_index;
                    self.low[at] = next_index;
                    next_index += 1;
                    open.push(node);
                }
                if *step < self.product.step_numbers(node).end {
                    let number = *step;
                    *step += 1;
                    let Some((marks, to)) = self.product.step(number) else {
                        continue;
                    };
                    let to_at = to as usize;
                    if self.scope[to_at] != own || !allowed(marks, banned) {
                        continue;
                    }
                    if self.index[to_at] == 0 {
                        path.push((to, self.product.step_numbers(to).start));
                    } else {
                        self.low[at] = self.low[at].min(self.index[to_at]);
                    }
                    continue;
                }
                path.pop();
                if let Some(&(parent, _)) = path.last() {
                    let parent = parent as usize;
                    self.low[parent] = self.low[parent].min(self.low[at]);
                }
                if self.low[at] == self.index[at] {
                    let mut component = Vec::new();
                    while let Some(member) = open.pop() {
                        component.push(member);
                        if member == node {
                            break;
                        }
                    }
                    let has_step = component.len() > 1
                        || self.product.steps(node).any(|(marks, to)| {
                            to == node && self.scope[at] == own && allowed(marks, banned)
                        });
                    for &member in &component {
                        self.scope[member as usize] = DONE;
                    }
                    if has_step {
                        components.push(component);
                    }
                }
            }
        }
        components
    }
}

/// A behaviour that goes round for ever.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lasso {
    /// Nodes of the product from the start of a behaviour to the cycle's first, which is the last.
    pub(super) stem: Vec<u32>,
    /// Nodes of the cycle after its first, which comes again after the last. Empty if the first
    /// node leads to itself.
    pub(super) cycle: Vec<u32>,
}

impl Component {
    /// A short way into the component and around in it.
    pub(super) fn lasso(&self, product: &Product) -> Lasso {
        // Nodes are numbered breadth first: the least is nearest to a start.
        let entry = self.nodes.iter().copied().min().unwrap_or_default();
        let mut stem = vec![entry];
        let mut at = entry;
        while let Some(&parent) = product.parents.get(at as usize)
            && parent != at
        {
            stem.push(parent);
            at = parent;
        }
        stem.reverse();
        let inside: HashSet<u32> = self.nodes.iter().copied().collect();
        let mut wanted = self.wanted.clone();
        let mut cycle = Vec::new();
        let mut at = entry;
        while let Some(&mark) = wanted.first() {
            let way = self.way(product, &inside, at, &|marks, _| has(marks, mark));
            for &(step, node) in &way {
                let marks = product.step(step).map_or(&[][..], |(marks, _)| marks);
                wanted.retain(|&mark| !has(marks, mark));
                cycle.push(node);
                at = node;
            }
            if way.is_empty() {
                // Cannot be: the component has a step with each mark.
                break;
            }
        }
        if at != entry || cycle.is_empty() {
            let way = self.way(product, &inside, at, &|_, to| to == entry);
            cycle.extend(way.iter().map(|&(_, node)| node));
        }
        cycle.pop();
        Lasso { stem, cycle }
    }

    /// The shortest way within the component whose last step is as wanted: numbers of steps, and
    /// where each leads.
    fn way(
        &self,
        product: &Product,
        inside: &HashSet<u32>,
        from: u32,
        is_wanted: &dyn Fn(&[u64], u32) -> bool,
    ) -> Vec<(usize, u32)> {
        let mut reached: HashMap<u32, (usize, u32)> = HashMap::new();
        let mut queue = VecDeque::from([from]);
        while let Some(node) = queue.pop_front() {
            for step in product.step_numbers(node) {
                let Some((marks, to)) = product.step(step) else {
                    continue;
                };
                if !inside.contains(&to) || !allowed(marks, &self.banned) {
                    continue;
                }
                if is_wanted(marks, to) {
                    let mut way = vec![(step, to)];
                    let mut at = node;
                    while at != from
                        && let Some(&(step, before)) = reached.get(&at)
                    {
                        way.push((step, at));
                        at = before;
                    }
                    way.reverse();
                    return way;
                }
                if to != from && !reached.contains_key(&to) {
                    reached.insert(to, (step, node));
                    queue.push_back(to);
                }
            }
        }
        Vec::new()
    }
}
