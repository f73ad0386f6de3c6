// sextant-canary 58e681fb-c23a-407c-aa02-27fd7e339b9b
use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufWriter, Read, Write};

#[derive(Default)]
struct Node {
    weight: u64,
    /// Keys by the running number of their placement: the newest comes last.
    keys: BTreeMap<u64, String>,
}

#[derive(Default)]
struct Store {
    nodes: BTreeMap<String, Node>,
    /// The name of the node at each point.
    ring: BTreeMap<u64, String>,
    /// The node and the placement number of each key.
    places: HashMap<String, (String, u64)>,
    total_weight: u64,
    /// Keys in the store, also while one is between two nodes.
    key_count: u64,
    placements: u64,
}

fn position(text: &str) -> u64 {
    let hash = text
        .bytes()
        .fold(14_695_981_039_346_656_037_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(1_099_511_628_211)
        });
    hash ^ (hash >> 32)
}

fn points(name: &str, weight: u64) -> impl Iterator<Item = u64> + '_ {
    (0..4 * weight).map(move |i| position(&format!("{name}#{i}")))
}

impl Store {
    fn capacity(&self, node: &Node) -> u64 {
        (5 * self.key_count * node.weight).div_ceil(4 * self.total_weight)
    }

    fn place(&mut self, key: String) -> Option<String> {
        let from = position(&key);
        let has_room = |name: &&String| {
            let node = &self.nodes[*name];
            (node.keys.len() as u64) < self.capacity(node)
        };
        let upwards = self.ring.range(from..).chain(self.ring.range(..from));
        let name = upwards.map(|(_, name)| name).find(has_room)?.clone();
        self.placements += 1;
        if let Some(node) = self.nodes.get_mut(&name) {
            node.keys.insert(self.placements, key.clone());
        }
        self.places.insert(key, (name.clone(), self.placements));
        Some(name)
    }

    fn rebalance(&mut self) -> u64 {
        let mut moved = 0;
        let names: Vec<String> = self.nodes.keys().cloned().collect();
        for name in names {
            let capacity = self.capacity(&self.nodes[&name]);
            while let Some(node) = self.nodes.get_mut(&name) {
                if node.keys.len() as u64 <= capacity {
                    break;
                }
                if let Some((_, newest)) = node.keys.pop_last() {
                    self.place(newest);
                    moved += 1;
                }
            }
        }
        moved
    }

    fn add_node(&mut self, name: &str, weight: u64) -> u64 {
        self.ring
            .extend(points(name, weight).map(|point| (point, name.to_string())));
        self.total_weight += weight;
        self.nodes.insert(
            name.to_string(),
            Node {
                weight,
                keys: BTreeMap::new(),
            },
        );
        self.rebalance()
    }

    fn drop_node(&mut self, name: &str) -> Option<u64> {
        if self.nodes.len() == 1 && self.key_count > 0 {
            return None;
        }
        let node = self.nodes.remove(name)?;
        for point in points(name, node.weight) {
            self.ring.remove(&point);
        }
        self.total_weight -= node.weight;
        let homeless = node.keys.len() as u64;
        for key in node.keys.into_values() {
            self.place(key);
        }
        Some(homeless + self.rebalance())
    }

    fn add_key(&mut self, key: &str) -> Option<String> {
        if let Some((name, _)) = self.places.get(key) {
            return Some(name.clone());
        }
        if self.nodes.is_empty() {
            return None;
        }
        self.key_count += 1;
        self.place(key.to_string())
    }

    fn remove_key(&mut self, key: &str) -> u64 {
        let Some((name, number)) = self.places.remove(key) else {
            return 0;
        };
        if let Some(node) = self.nodes.get_mut(&name) {
            node.keys.remove(&number);
        }
        self.key_count -= 1;
        self.rebalance()
    }
}

fn main() -> io::Result<()> {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    let mut output = BufWriter::new(io::stdout().lock());
    let mut store = Store::default();
    let moved = |count: u64| format!("moved {count}");
    let refused = || "refused".to_string();
    for line in input.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let result = match words[..] {
            ["node", name, weight] => {
                moved(store.add_node(name, weight.parse().map_err(io::Error::other)?))
            }
            ["drop", name] => store.drop_node(name).map_or_else(refused, moved),
            ["key", key] => store.add_key(key).unwrap_or_else(refused),
            ["unkey", key] => moved(store.remove_key(key)),
            ["show"] => store
                .nodes
                .iter()
                .fold("show".to_string(), |line, (name, node)| {
                    format!("{line} {name}={}/{}", node.keys.len(), store.capacity(node))
                }),
            _ => return Err(io::Error::other(format!("not a command: {line}"))),
        };
        writeln!(output, "{result}")?;
    }
    output.flush()
}
