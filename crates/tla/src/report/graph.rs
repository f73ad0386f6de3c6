//! State graphs for other tools.

use std::fmt::{self, Write};

use serde_json::{Map, json};

use super::json::{plain, text};
use super::{Room, VALUE_LIMIT};
use crate::explore::{ActionInfo, Graph, Node};
use crate::symbol::Symbol;
use crate::value::Value;

/// A graph in the language of Graphviz.
pub fn dot<'a>(
    graph: &'a Graph,
    variables: &'a [Symbol],
    actions: &'a [ActionInfo],
) -> impl fmt::Display + 'a {
    fmt::from_fn(move |f| {
        writeln!(f, "digraph states {{")?;
        for node in graph.nodes() {
            write!(f, "  {} [label=\"", node.0)?;
            for (name, value) in variables.iter().zip(values(graph, node)) {
                write!(Quoted(f), "/\\ {name} = {}", value.display(VALUE_LIMIT))?;
                f.write_str("\\l")?;
            }
            let style = if graph.is_initial(node) {
                ", style=filled"
            } else {
                ""
            };
            writeln!(f, "\"{style}];")?;
        }
        for node in graph.nodes() {
            for edge in graph.edges(node) {
                write!(f, "  {} -> {} [label=\"", node.0, edge.to.0)?;
                if let Some(action) = actions.get(edge.action.0 as usize) {
                    write!(Quoted(f), "{}", action.name)?;
                }
                writeln!(f, "\"];")?;
            }
        }
        writeln!(f, "}}")
    })
}

/// A graph as JSON Lines: each state on a line of its own with its steps.
pub fn json_lines<'a>(
    graph: &'a Graph,
    variables: &'a [Symbol],
    actions: &'a [ActionInfo],
) -> impl fmt::Display + 'a {
    fmt::from_fn(move |f| {
        for node in graph.nodes() {
            let mut room = Room::new();
            let values: Map<_, _> = variables
                .iter()
                .zip(values(graph, node))
                .map(|(name, value)| (name.as_str().to_owned(), plain(value, &mut room)))
                .collect();
            let steps: Vec<_> = graph
                .edges(node)
                .iter()
                .map(|edge| {
                    let arguments: Map<_, _> = edge
                        .arguments
                        .iter()
                        .map(|(name, value)| (name.as_str().to_owned(), text(value, &mut room)))
                        .collect();
                    let action = actions.get(edge.action.0 as usize);
                    json!({
                        "action": action.map(|action| action.name.as_str()),
                        "arguments": arguments,
                        "to": edge.to.0,
                    })
                })
                .collect();
            let line = json!({
                "state": node.0,
                "initial": graph.is_initial(node),
                "values": values,
                "steps": steps,
            });
            writeln!(f, "{line}")?;
        }
        Ok(())
    })
}

fn values(graph: &Graph, node: Node) -> &[Value] {
    graph
        .states()
        .get(node.0 as usize)
        .map_or(&[], |state| &state.0)
}

/// Writes inside a quoted string of Graphviz.
struct Quoted<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl Write for Quoted<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            match character {
                '"' => self.0.write_str("\\\"")?,
                '\\' => self.0.write_str("\\\\")?,
                '\n' => self.0.write_str("\\l")?,
                character => self.0.write_char(character)?,
            }
        }
        Ok(())
    }
}
