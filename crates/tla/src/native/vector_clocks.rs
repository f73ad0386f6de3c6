//! Community module VectorClocks.

use std::cmp::Ordering;

use super::{Argument, CallError, Caller, Native, integer, operator, sequence, value};
use crate::value::{Value, ValueError, length};

pub(super) fn lookup(operator: &str) -> Option<Native> {
    (operator == "CausalOrder").then_some(Native::Higher(causal_order))
}

/// An entry of the log.
struct Event {
    entry: Value,
    /// Time of its own node.
    time: i64,
    /// For each other node how many of its events come before this one.
    after: Vec<(Value, i64)>,
}

/// The events of one node.
struct Node {
    name: Value,
    /// In the order of their times.
    events: Vec<Event>,
    /// How many of them are in the result.
    taken: usize,
}

fn gap() -> ValueError {
    ValueError::other("CausalOrder needs vector clocks without gaps.")
}

/// `CausalOrder(log, clock, node, domain)`: the log in an order in which no event comes before one
/// that happened before it. In each round every node adds its next event, if what it depends on is
/// there; nodes come in the order of their names (TLC's order of nodes is arbitrary).
fn causal_order(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let log = sequence(value(arguments, 0)?, "CausalOrder", "first")?;
    let (clock, name_of) = (operator(arguments, 1)?, operator(arguments, 2)?);
    let domain = operator(arguments, 3)?;
    let mut nodes: Vec<Node> = Vec::new();
    for entry in log {
        let name = caller.call(name_of, std::slice::from_ref(entry))?;
        let clock = caller.call(clock, std::slice::from_ref(entry))?;
        let time = |of: &Value| integer(&clock.apply(of)?, "CausalOrder", "first", "clock");
        let mut after = Vec::new();
        for other in caller
            .call(domain, std::slice::from_ref(&clock))?
            .to_vec()?
        {
            if !other.equals(&name)? {
                after.push((other.clone(), time(&other)?));
            }
        }
        let event = Event {
            entry: entry.clone(),
            time: time(&name)?,
            after,
        };
        add(&mut nodes, name, event)?;
    }
    for node in &mut nodes {
        node.events.sort_by_key(|event| event.time);
    }
    let mut ordered = Vec::with_capacity(log.len());
    while ordered.len() < log.len() {
        let before = ordered.len();
        for place in 0..nodes.len() {
            if is_next(&nodes, place)? {
                let node = &mut nodes[place];
                ordered.push(node.events[node.taken].entry.clone());
                node.taken += 1;
            }
        }
        if ordered.len() == before {
            return Err(gap().into());
        }
    }
    Ok(Value::tuple(ordered)?)
}

/// Adds an event to its node.
fn add(nodes: &mut Vec<Node>, name: Value, event: Event) -> Result<(), ValueError> {
    let mut place = nodes.len();
    for (i, node) in nodes.iter_mut().enumerate() {
        match node.name.compare(&name)? {
            Ordering::Less => {}
            Ordering::Equal => {
                node.events.push(event);
                return Ok(());
            }
            Ordering::Greater => {
                place = i;
                break;
            }
        }
    }
    let node = Node {
        name,
        events: vec![event],
        taken: 0,
    };
    nodes.insert(place, node);
    Ok(())
}

/// Whether the next event of a node depends only on events that are in the result.
fn is_next(nodes: &[Node], place: usize) -> Result<bool, ValueError> {
    let node = &nodes[place];
    let Some(event) = node.events.get(node.taken) else {
        return Ok(false);
    };
    for (name, time) in &event.after {
        let mut known = false;
        for other in nodes {
            if other.name.equals(name)? {
                known = true;
                if length(other.taken) < *time {
                    return Ok(false);
                }
            }
        }
        if !known {
            return Err(gap());
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::R;
    use crate::symbol::Symbol;
    use crate::value::literal;

    /// `clock`, `node` and `domain` for entries `[node |-> n, clock |-> c]`.
    struct Fields;

    impl Caller for Fields {
        fn call(&mut self, operator: usize, arguments: &[Value]) -> Result<Value, CallError> {
            let field = |name| -> R { arguments[0].apply_field(Symbol::new(name)) };
            Ok(match operator {
                0 => field("clock")?,
                1 => field("node")?,
                _ => arguments[0].domain()?,
            })
        }
    }

    fn ordered(log: &str) -> Result<Value, CallError> {
        let operators = (0..3).map(Argument::Operator);
        let arguments: Vec<Argument> = std::iter::once(Argument::Value(literal(log)))
            .chain(operators)
            .collect();
        causal_order(&mut Fields, &arguments)
    }

    #[test]
    fn effects_follow_causes() {
        let receive = "[node |-> 2, clock |-> <<1, 1>>]";
        let send = "[node |-> 1, clock |-> <<1, 0>>]";
        let answer = "[node |-> 1, clock |-> <<2, 1>>]";
        let log = format!("<<{answer}, {receive}, {send}>>");
        let expected = literal(&format!("<<{send}, {receive}, {answer}>>"));
        assert_eq!(ordered(&log).unwrap(), expected);
    }

    #[test]
    fn a_missing_cause_is_an_error() {
        assert!(ordered("<<[node |-> 2, clock |-> <<1, 1>>]>>").is_err());
        let both = "<<[node |-> 2, clock |-> <<2, 1>>], [node |-> 1, clock |-> <<1, 0>>]>>";
        assert!(ordered(both).is_err());
    }
}
