//! Do two specifications look the same from outside?

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use serde_json::Value as Json;

use super::{Observed, QuestionError};
use crate::explore::Node;
use crate::symbol::Symbol;
use crate::value::Value;

/// Most pairs of a state and a set of states that a comparison looks at.
const MAX_PAIRS: usize = 1 << 20;

/// Most values and characters of an observation.
const ROOM: usize = 1 << 20;

/// What is seen of a specification, free of its values: observations and actions as texts, which
/// are equal for two specifications where the values are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The text of the observation of each state.
    observations: Vec<String>,
    initial: Vec<u32>,
    /// The steps of each state: the action as text, empty if it is none of those named, and where
    /// it leads.
    steps: Vec<Vec<(String, u32)>>,
}

/// How two specifications differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// A shortest behaviour of the first that the second does not have.
    pub only_first: Option<Distinction>,
    /// A shortest behaviour of the second that the first does not have.
    pub only_second: Option<Distinction>,
    /// How much of the observable steps they share, by action.
    pub portions: BTreeMap<String, Portion>,
}

/// A behaviour that another specification does not have: its last step is the first that is not
/// possible there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distinction {
    /// What is observed at first.
    pub first: String,
    /// Actions, and what is observed after each.
    pub steps: Vec<(String, String)>,
}

/// Distinct observable steps of one action: before, arguments, after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Portion {
    /// Those of both.
    pub shared: u64,
    /// Those of the first alone.
    pub only_first: u64,
    /// Those of the second alone.
    pub only_second: u64,
}

impl Portion {
    /// The share of the second's steps that the first has too, if there are any.
    #[must_use]
    pub fn precision(self) -> Option<f64> {
        share(self.shared, self.only_second)
    }

    /// The share of the first's steps that the second has too, if there are any.
    #[must_use]
    pub fn recall(self) -> Option<f64> {
        share(self.shared, self.only_first)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of steps that are held in memory"
)]
fn share(shared: u64, alone: u64) -> Option<f64> {
    let all = shared + alone;
    (all > 0).then(|| shared as f64 / all as f64)
}

impl Observed<'_> {
    /// What is seen of this specification, with steps of these actions by their names and arguments,
    /// as its next-state relation has them.
    ///
    /// # Errors
    /// When an observation or argument cannot be written down.
    pub fn outline(&self, actions: &[Symbol]) -> Result<Outline, QuestionError> {
        self.needs_all()?;
        let mut texts = Vec::new();
        for (value, _) in &self.observations {
            texts.push(text(value)?);
        }
        let mut steps = Vec::new();
        for node in self.graph.nodes() {
            let mut own = Vec::new();
            for edge in self.graph.edges(node) {
                let label = match self.parameters.get(edge.action.0 as usize) {
                    Some((name, parameters)) if actions.contains(name) => {
                        label(*name, parameters, &edge.arguments)?
                    }
                    _ => String::new(),
                };
                own.push((label, edge.to.0));
            }
            own.sort_unstable();
            own.dedup();
            steps.push(own);
        }
        Ok(Outline {
            observations: self
                .of_state
                .iter()
                .map(|number| texts.get(number.0 as usize).cloned().unwrap_or_default())
                .collect(),
            initial: self
                .graph
                .initial()
                .iter()
                .map(|&Node(node)| node)
                .collect(),
            steps,
        })
    }
}

fn label(
    name: Symbol,
    parameters: &[Symbol],
    arguments: &[(Symbol, Value)],
) -> Result<String, QuestionError> {
    let mut values = Vec::new();
    for parameter in parameters {
        if let Some((_, value)) = arguments.iter().find(|(name, _)| name == parameter) {
            values.push(text(value)?);
        }
    }
    Ok(match values.is_empty() {
        true => name.to_string(),
        false => format!("{name}({})", values.join(", ")),
    })
}

/// A value as ITF JSON whose sets and functions are ordered by text, so that equal values of
/// specifications with different orders of strings have equal texts.
fn text(value: &Value) -> Result<String, QuestionError> {
    let mut json = value.to_itf(&mut { ROOM })?;
    in_order(&mut json);
    Ok(json.to_string())
}

/// Brings sets and functions in ITF JSON into the order of their texts, so that equal values have
/// equal texts.
pub fn in_order(json: &mut Json) {
    match json {
        Json::Array(items) => items.iter_mut().for_each(in_order),
        Json::Object(members) => {
            for (tag, inner) in members {
                in_order(inner);
                if let ("#set" | "#map", Json::Array(items)) = (tag.as_str(), inner) {
                    items.sort_by_cached_key(Json::to_string);
                }
            }
        }
        _ => {}
    }
}

impl Outline {
    fn looks(&self, node: u32) -> &str {
        self.observations
            .get(node as usize)
            .map_or("", String::as_str)
    }

    fn steps(&self, node: u32) -> &[(String, u32)] {
        self.steps.get(node as usize).map_or(&[], Vec::as_slice)
    }

    /// States with all that internal steps lead to from there.
    fn closure(&self, nodes: impl IntoIterator<Item = u32>) -> BTreeSet<u32> {
        let mut all = BTreeSet::new();
        let mut left: Vec<u32> = nodes.into_iter().collect();
        while let Some(node) = left.pop() {
            if all.insert(node) {
                let inner = self
                    .steps(node)
                    .iter()
                    .filter(|(_, to)| self.looks(*to) == self.looks(node));
                left.extend(inner.map(|(_, to)| *to));
            }
        }
        all
    }

    /// Observable steps by action: before, label, after.
    fn observable(&self) -> BTreeSet<(&str, &str, &str)> {
        let mut all = BTreeSet::new();
        for node in (0..).take(self.observations.len()) {
            for (label, to) in self.steps(node) {
                if self.looks(node) != self.looks(*to) {
                    all.insert((self.looks(node), label.as_str(), self.looks(*to)));
                }
            }
        }
        all
    }
}

/// Compares two specifications by the traces of their observations and actions. Steps that leave
/// the observation as it is are internal, whatever action they are.
///
/// # Errors
/// When more has to be compared than is possible.
pub fn compare(first: &Outline, second: &Outline) -> Result<Comparison, QuestionError> {
    let mut portions: BTreeMap<String, Portion> = BTreeMap::new();
    let (own, other) = (first.observable(), second.observable());
    for step in own.union(&other) {
        let name = step.1.split('(').next().unwrap_or_default();
        let portion = portions.entry(name.to_owned()).or_default();
        match (own.contains(step), other.contains(step)) {
            (true, true) => portion.shared += 1,
            (true, false) => portion.only_first += 1,
            _ => portion.only_second += 1,
        }
    }
    Ok(Comparison {
        only_first: distinction(first, second)?,
        only_second: distinction(second, first)?,
        portions,
    })
}

/// How a state of `this` was reached, with all states that `that` may be in then.
struct Visit {
    node: u32,
    others: usize,
    from: Option<usize>,
    /// Whether the step before was observed.
    label: Option<String>,
}

/// A shortest behaviour of one that the other does not have: breadth first over the states of one
/// with the sets of states of the other that cannot be told from them.
fn distinction(this: &Outline, that: &Outline) -> Result<Option<Distinction>, QuestionError> {
    let mut sets: HashMap<BTreeSet<u32>, usize> = HashMap::new();
    let mut members: Vec<BTreeSet<u32>> = Vec::new();
    let mut intern = |set: BTreeSet<u32>, members: &mut Vec<BTreeSet<u32>>| {
        *sets.entry(set).or_insert_with_key(|set| {
            members.push(set.clone());
            members.len() - 1
        })
    };
    let mut visits: Vec<Visit> = Vec::new();
    let mut known: HashSet<(u32, usize)> = HashSet::new();
    let mut queue = VecDeque::new();
    for &node in &this.initial {
        let alike = that
            .initial
            .iter()
            .copied()
            .filter(|&other| that.looks(other) == this.looks(node));
        let others = that.closure(alike);
        if others.is_empty() {
            return Ok(Some(Distinction {
                first: this.looks(node).to_owned(),
                steps: Vec::new(),
            }));
        }
        let others = intern(others, &mut members);
        queue.push_back(visits.len());
        visits.push(Visit {
            node,
            others,
            from: None,
            label: None,
        });
    }
    while let Some(at) = queue.pop_front() {
        let Some(&Visit { node, others, .. }) = visits.get(at) else {
            continue;
        };
        if !known.insert((node, others)) {
            continue;
        }
        for (label, to) in this.steps(node) {
            let is_internal = this.looks(node) == this.looks(*to);
            let next = if is_internal {
                others
            } else {
                let here = members.get(others).into_iter().flatten();
                let alike = here.flat_map(|&other| {
                    that.steps(other)
                        .iter()
                        .filter(|(own, to_other)| {
                            own == label && that.looks(*to_other) == this.looks(*to)
                        })
                        .map(|(_, to_other)| *to_other)
                });
                let next = that.closure(alike.collect::<Vec<_>>());
                if next.is_empty() {
                    return Ok(Some(told(this, &visits, at, (label, *to))));
                }
                intern(next, &mut members)
            };
            if !known.contains(&(*to, next)) {
                if visits.len() >= MAX_PAIRS {
                    return Err(QuestionError::TooLarge(MAX_PAIRS));
                }
                let visit = Visit {
                    node: *to,
                    others: next,
                    from: Some(at),
                    label: (!is_internal).then(|| label.clone()),
                };
                // Internal steps are not seen, so they do not make a behaviour longer.
                match is_internal {
                    true => queue.push_front(visits.len()),
                    false => queue.push_back(visits.len()),
                }
                visits.push(visit);
            }
        }
    }
    Ok(None)
}

fn told(this: &Outline, visits: &[Visit], at: usize, last: (&String, u32)) -> Distinction {
    let mut steps = vec![(last.0.clone(), this.looks(last.1).to_owned())];
    let mut first = String::new();
    let mut next = Some(at);
    while let Some(visit) = next.and_then(|at| visits.get(at)) {
        if let Some(label) = &visit.label {
            steps.push((label.clone(), this.looks(visit.node).to_owned()));
        }
        this.looks(visit.node).clone_into(&mut first);
        next = visit.from;
    }
    steps.reverse();
    Distinction { first, steps }
}

#[cfg(test)]
mod tests {
    use super::{Outline, compare};

    fn outline(looks: &[&str], steps: &[(u32, &str, u32)]) -> Outline {
        let mut of = vec![Vec::new(); looks.len()];
        for &(from, label, to) in steps {
            of[from as usize].push((label.to_owned(), to));
        }
        Outline {
            observations: looks.iter().map(|&look| look.to_owned()).collect(),
            initial: vec![0],
            steps: of,
        }
    }

    #[test]
    fn internal_steps_are_not_seen() {
        let short = outline(&["a", "b"], &[(0, "Go", 1)]);
        let long = outline(&["a", "a", "b"], &[(0, "", 1), (1, "Go", 2)]);
        let found = compare(&short, &long).unwrap();
        assert_eq!((found.only_first, found.only_second), (None, None));
        assert_eq!(found.portions["Go"].shared, 1);
    }

    #[test]
    fn a_shortest_difference_is_told() {
        let once = outline(&["a", "b"], &[(0, "Go", 1)]);
        let back = outline(&["a", "b"], &[(0, "Go", 1), (1, "Back(1)", 0)]);
        let found = compare(&once, &back).unwrap();
        assert_eq!(found.only_first, None);
        let extra = found.only_second.unwrap();
        assert_eq!(extra.first, "a");
        let steps = [("Go", "b"), ("Back(1)", "a")];
        assert_eq!(extra.steps, steps.map(|(a, b)| (a.into(), b.into())));
        assert_eq!(found.portions["Back"].precision(), Some(0.0));
        assert_eq!(found.portions["Back"].recall(), None);
        assert_eq!(found.portions["Go"].recall(), Some(1.0));
    }

    #[test]
    fn what_was_chosen_before_it_shows_is_told_apart_only_by_traces() {
        // Choosing early or late gives the same traces.
        let early = outline(
            &["a", "b", "b", "c", "d"],
            &[(0, "X", 1), (0, "X", 2), (1, "Y", 3), (2, "Z", 4)],
        );
        let late = outline(
            &["a", "b", "c", "d"],
            &[(0, "X", 1), (1, "Y", 2), (1, "Z", 3)],
        );
        let found = compare(&early, &late).unwrap();
        assert_eq!((found.only_first, found.only_second), (None, None));
    }
}
