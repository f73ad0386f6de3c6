//! Community modules Graphs and UndirectedGraphs, and `TransitiveClosure` of Relation.
//!
//! A graph is a record of a set of nodes and a set of edges. Here nodes are their places in the
//! ordered set of nodes; what is no edge between nodes is no edge, as in the definitions.

use super::{Native, R};
use crate::control::patience;
use crate::symbol::Symbol;
use crate::value::{EnumSet, MAX_SET, MAX_SIZE, Problem, Value, ValueError};

pub(super) fn lookup(module: &str, operator: &str) -> Option<Native> {
    Some(match (module, operator) {
        ("Graphs", "SimplePath") => Native::Pure1(|graph| simple_paths(graph, directed)),
        ("Graphs", "AreConnectedIn") => Native::Pure(|arguments| connected(arguments, directed)),
        ("Graphs", "IsStronglyConnected") => Native::Pure1(is_strongly_connected),
        ("UndirectedGraphs", "SimplePath") => {
            Native::Pure1(|graph| simple_paths(graph, undirected))
        }
        ("UndirectedGraphs", "AreConnectedIn") => {
            Native::Pure(|arguments| connected(arguments, undirected))
        }
        ("UndirectedGraphs", "ConnectedComponents") => Native::Pure1(components),
        ("Relation", "TransitiveClosure") => Native::Pure2(transitive_closure),
        _ => return None,
    })
}

/// How an edge is read: from where to where, and whether it goes both ways.
type Reading = fn(&Value) -> Result<Option<(Value, Value, bool)>, ValueError>;

fn directed(edge: &Value) -> Result<Option<(Value, Value, bool)>, ValueError> {
    Ok(match edge.as_tuple() {
        Some([from, to]) => Some((from.clone(), to.clone(), false)),
        _ => None,
    })
}

fn undirected(edge: &Value) -> Result<Option<(Value, Value, bool)>, ValueError> {
    if !edge.is_set() {
        return Ok(None);
    }
    Ok(match edge.to_vec()?.as_slice() {
        [both] => Some((both.clone(), both.clone(), false)),
        [one, other] => Some((one.clone(), other.clone(), true)),
        _ => None,
    })
}

struct Graph {
    nodes: Vec<Value>,
    /// The nodes again, to look one up.
    set: Value,
    /// For each node where its edges lead, in the order of the edges.
    edges: Vec<Vec<usize>>,
}

impl Graph {
    fn new(graph: &Value, read: Reading) -> Result<Graph, ValueError> {
        let field = |name| {
            let set = graph.apply_field(Symbol::new(name))?;
            set.need_set("a graph")?;
            set.materialize()
        };
        let (set, edges) = (field("node")?, field("edge")?);
        let nodes = set.to_vec()?;
        let mut graph = Graph {
            edges: vec![Vec::new(); nodes.len()],
            nodes,
            set,
        };
        for edge in edges.elements()? {
            if let Some((from, to, both_ways)) = read(&edge?)?
                && let (Some(from), Some(to)) = (graph.place(&from)?, graph.place(&to)?)
            {
                graph.edges[from].push(to);
                if both_ways {
                    graph.edges[to].push(from);
                }
            }
        }
        Ok(graph)
    }

    fn place(&self, node: &Value) -> Result<Option<usize>, ValueError> {
        match &self.set {
            Value::Set(set) => EnumSet::position(set, node),
            Value::Interval(interval) if self.set.contains(node)? => match node {
                Value::Int(number) => Ok(interval.position(*number)),
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// Which nodes can be reached, the first included.
    fn reachable(&self, from: usize) -> Vec<bool> {
        let mut reached = vec![false; self.nodes.len()];
        self.reach(from, &mut reached);
        reached
    }

    /// The nodes that can be reached and were not yet, the first included; marks them.
    fn reach(&self, from: usize, reached: &mut [bool]) -> Vec<usize> {
        let mut found = vec![from];
        reached[from] = true;
        let mut next = 0;
        while let Some(node) = found.get(next).copied() {
            for to in &self.edges[node] {
                if !std::mem::replace(&mut reached[*to], true) {
                    found.push(*to);
                }
            }
            next += 1;
        }
        found
    }

    fn transposed(&self) -> Graph {
        let mut edges = vec![Vec::new(); self.nodes.len()];
        for (from, targets) in self.edges.iter().enumerate() {
            for to in targets {
                edges[*to].push(from);
            }
        }
        Graph {
            nodes: self.nodes.clone(),
            set: self.set.clone(),
            edges,
        }
    }
}

/// All paths that visit no node twice.
fn simple_paths(graph: &Value, read: Reading) -> R {
    let graph = Graph::new(graph, read)?;
    let mut paths = Vec::new();
    let mut steps = 0_usize;
    for start in 0..graph.nodes.len() {
        // The path, and for each of its nodes how many of its edges were followed.
        let mut path = vec![start];
        let mut followed = vec![0];
        let mut visited = vec![false; graph.nodes.len()];
        visited[start] = true;
        paths.push(shown(&graph, &path)?);
        while let (Some(node), Some(edge)) = (path.last().copied(), followed.last_mut()) {
            let Some(next) = graph.edges[node].get(*edge) else {
                visited[node] = false;
                path.pop();
                followed.pop();
                continue;
            };
            *edge += 1;
            if !std::mem::replace(&mut visited[*next], true) {
                path.push(*next);
                followed.push(0);
                paths.push(shown(&graph, &path)?);
                steps += path.len();
                if paths.len() > MAX_SET || steps > MAX_SIZE as usize {
                    return Err(Problem::TooLarge.into());
                }
            }
        }
    }
    Value::set(paths)
}

fn shown(graph: &Graph, path: &[usize]) -> R {
    Value::tuple(path.iter().map(|node| graph.nodes[*node].clone()).collect())
}

/// `AreConnectedIn(m, n, G)`
fn connected(arguments: &[Value], read: Reading) -> R {
    let [from, to, graph] = arguments else {
        return Err(ValueError::other("AreConnectedIn takes three arguments."));
    };
    let graph = Graph::new(graph, read)?;
    Ok(Value::Bool(match graph.place(from)? {
        Some(from) => match graph.place(to)? {
            Some(to) => graph.reachable(from)[to],
            None => false,
        },
        None => false,
    }))
}

fn is_strongly_connected(graph: &Value) -> R {
    let graph = Graph::new(graph, directed)?;
    let all = |graph: &Graph| graph.reachable(0).into_iter().all(|reached| reached);
    Ok(Value::Bool(
        graph.nodes.is_empty() || (all(&graph) && all(&graph.transposed())),
    ))
}

/// `ConnectedComponents(G)`
fn components(graph: &Value) -> R {
    let graph = Graph::new(graph, undirected)?;
    let mut placed = vec![false; graph.nodes.len()];
    let mut components = Vec::new();
    for start in 0..graph.nodes.len() {
        if placed[start] {
            continue;
        }
        let nodes = graph.reach(start, &mut placed);
        let component = nodes.iter().map(|node| graph.nodes[*node].clone());
        components.push(Value::set(component.collect())?);
    }
    Value::set(components)
}

/// `TransitiveClosure(R, S)`: a function from pairs of elements of `S` to Booleans, like `R`.
fn transitive_closure(relation: &Value, set: &Value) -> R {
    let nodes = set.to_vec()?;
    let count = nodes.len();
    if count.saturating_mul(count) > MAX_SET {
        return Err(Problem::TooLarge.into());
    }
    let domain = Value::product(vec![set.clone(), set.clone()])?.materialize()?;
    let mut related = Vec::with_capacity(count * count);
    for pair in domain.elements()? {
        match relation.apply(&pair?)? {
            Value::Bool(holds) => related.push(holds),
            other => {
                let operator = "TransitiveClosure";
                return Err(ValueError::argument(operator, "first", "relation", &other));
            }
        }
    }
    for middle in 0..count {
        for from in 0..count {
            patience()?;
            if related[from * count + middle] {
                for to in 0..count {
                    related[from * count + to] |= related[middle * count + to];
                }
            }
        }
    }
    Value::function(&domain, related.into_iter().map(Value::Bool).collect())
}
