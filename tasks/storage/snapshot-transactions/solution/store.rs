// sextant-canary bfe392ca-dd74-4bbb-8cd6-f8f26e106871
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufWriter, Read, Write};

/// `None` is a deletion.
type Value = Option<String>;

#[derive(Clone, Copy, PartialEq)]
enum State {
    Active,
    Committed(u64),
    Aborted,
}

enum ReadOf {
    Key(String),
    Range(String, String),
}

impl ReadOf {
    fn covers(&self, key: &str) -> bool {
        match self {
            ReadOf::Key(read) => read == key,
            ReadOf::Range(from, to) => from.as_str() <= key && key < to.as_str(),
        }
    }
}

struct Transaction {
    name: String,
    serializable: bool,
    state: State,
    snapshot: Option<u64>,
    reads: Vec<ReadOf>,
    writes: BTreeMap<String, Value>,
    flag_in: bool,
    flag_out: bool,
    /// The write that has to wait.
    pending: Option<(String, Value)>,
}

/// Transactions are known by their place in the order of their beginning.
type Id = usize;

#[derive(Default)]
struct Store {
    counter: u64,
    transactions: Vec<Transaction>,
    active: BTreeMap<String, Id>,
    /// The active transaction that has written a key.
    holders: BTreeMap<String, Id>,
    versions: BTreeMap<String, BTreeMap<u64, Value>>,
    /// The newest stamp of each key ever written: it survives the vacuum.
    last_written: BTreeMap<String, u64>,
    /// In the order in which they began to wait.
    waiting: Vec<Id>,
}

enum Outcome {
    Done,
    Wait(Id),
    Abort(&'static str),
}

impl Store {
    fn begin(&mut self, name: &str, mode: &str) -> String {
        if self.active.contains_key(name) {
            return "active".to_string();
        }
        self.active
            .insert(name.to_string(), self.transactions.len());
        self.transactions.push(Transaction {
            name: name.to_string(),
            serializable: mode == "serializable",
            state: State::Active,
            snapshot: None,
            reads: Vec::new(),
            writes: BTreeMap::new(),
            flag_in: false,
            flag_out: false,
            pending: None,
        });
        "ok".to_string()
    }

    fn take_snapshot(&mut self, id: Id) -> u64 {
        *self.transactions[id].snapshot.get_or_insert(self.counter)
    }

    fn value_for(&self, id: Id, snapshot: u64, key: &str) -> Option<&str> {
        let own = self.transactions[id].writes.get(key);
        let visible = || {
            self.versions
                .get(key)?
                .range(..=snapshot)
                .next_back()
                .map(|(_, v)| v)
        };
        own.or_else(visible)?.as_deref()
    }

    /// The other serializable transactions that matter to one with this snapshot.
    fn rivals(&self, id: Id, snapshot: u64) -> Vec<Id> {
        let matters = |other: &Id| {
            let rival = &self.transactions[*other];
            *other != id
                && rival.serializable
                && match rival.state {
                    State::Active => true,
                    State::Committed(stamp) => stamp > snapshot,
                    State::Aborted => false,
                }
        };
        (0..self.transactions.len()).filter(matters).collect()
    }

    fn is_committed_pivot(&self, id: Id) -> bool {
        let transaction = &self.transactions[id];
        matches!(transaction.state, State::Committed(_))
            && transaction.flag_in
            && transaction.flag_out
    }

    /// Notes a read and sets its flags; false if the reader has to abort.
    fn note_read(&mut self, id: Id, snapshot: u64, read: ReadOf) -> bool {
        if !self.transactions[id].serializable {
            return true;
        }
        let mut safe = true;
        for rival in self.rivals(id, snapshot) {
            if self.transactions[rival]
                .writes
                .keys()
                .any(|key| read.covers(key))
            {
                self.transactions[id].flag_out = true;
                self.transactions[rival].flag_in = true;
                safe &= !self.is_committed_pivot(rival);
            }
        }
        self.transactions[id].reads.push(read);
        safe
    }

    /// Sets the flags of a write; false if the writer has to abort.
    fn note_write(&mut self, id: Id, snapshot: u64, key: &str) -> bool {
        if !self.transactions[id].serializable {
            return true;
        }
        let mut safe = true;
        for rival in self.rivals(id, snapshot) {
            if self.transactions[rival]
                .reads
                .iter()
                .any(|read| read.covers(key))
            {
                self.transactions[id].flag_in = true;
                self.transactions[rival].flag_out = true;
                safe &= !self.is_committed_pivot(rival);
            }
        }
        safe
    }

    fn get(&mut self, id: Id, key: &str) -> Result<String, &'static str> {
        let snapshot = self.take_snapshot(id);
        if !self.note_read(id, snapshot, ReadOf::Key(key.to_string())) {
            return Err("pivot");
        }
        Ok(self
            .value_for(id, snapshot, key)
            .unwrap_or("none")
            .to_string())
    }

    fn scan(&mut self, id: Id, from: &str, to: &str) -> Result<String, &'static str> {
        let snapshot = self.take_snapshot(id);
        let read = ReadOf::Range(from.to_string(), to.to_string());
        let known = self
            .versions
            .keys()
            .chain(self.transactions[id].writes.keys());
        let keys: BTreeSet<String> = known.filter(|key| read.covers(key)).cloned().collect();
        if !self.note_read(id, snapshot, read) {
            return Err("pivot");
        }
        let found: Vec<String> = keys
            .iter()
            .filter_map(|key| Some(format!("{key}={}", self.value_for(id, snapshot, key)?)))
            .collect();
        Ok(if found.is_empty() {
            "empty".to_string()
        } else {
            found.join(" ")
        })
    }

    fn other_holder(&self, id: Id, key: &str) -> Option<Id> {
        self.holders
            .get(key)
            .copied()
            .filter(|holder| *holder != id)
    }

    fn would_deadlock(&self, id: Id, mut holder: Id) -> bool {
        while let Some((key, _)) = &self.transactions[holder].pending {
            match self.other_holder(holder, key) {
                Some(next) => holder = next,
                None => return false,
            }
            if holder == id {
                return true;
            }
        }
        false
    }

    fn write(&mut self, id: Id, key: &str, value: Value) -> Outcome {
        let snapshot = self.take_snapshot(id);
        if let Some(holder) = self.other_holder(id, key) {
            if self.would_deadlock(id, holder) {
                return Outcome::Abort("deadlock");
            }
            return Outcome::Wait(holder);
        }
        if self
            .last_written
            .get(key)
            .is_some_and(|stamp| *stamp > snapshot)
        {
            return Outcome::Abort("conflict");
        }
        self.transactions[id].writes.insert(key.to_string(), value);
        self.holders.insert(key.to_string(), id);
        if !self.note_write(id, snapshot, key) {
            return Outcome::Abort("pivot");
        }
        Outcome::Done
    }

    /// What commit and abort have in common.
    fn end(&mut self, id: Id, state: State) {
        self.holders.retain(|_, holder| *holder != id);
        self.waiting.retain(|waiter| *waiter != id);
        let transaction = &mut self.transactions[id];
        transaction.state = state;
        transaction.pending = None;
        self.active.remove(&transaction.name);
    }

    fn commit(&mut self, id: Id) -> Result<String, &'static str> {
        let transaction = &self.transactions[id];
        if transaction.flag_in && transaction.flag_out {
            return Err("pivot");
        }
        self.counter += 1;
        for (key, value) in &transaction.writes {
            let versions = self.versions.entry(key.clone()).or_default();
            versions.insert(self.counter, value.clone());
            self.last_written.insert(key.clone(), self.counter);
        }
        self.end(id, State::Committed(self.counter));
        Ok(format!("committed {}", self.counter))
    }

    /// Lets waiting transactions try again; a line for each that waits no more.
    fn retry(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut place = 0;
        while let Some(&id) = self.waiting.get(place) {
            let Some((key, value)) = self.transactions[id].pending.take() else {
                place += 1;
                continue;
            };
            match self.write(id, &key, value.clone()) {
                Outcome::Wait(_) => {
                    self.transactions[id].pending = Some((key, value));
                    place += 1;
                }
                Outcome::Done => {
                    self.waiting.remove(place);
                    lines.push(format!("{} ok", self.transactions[id].name));
                }
                Outcome::Abort(reason) => {
                    self.end(id, State::Aborted);
                    lines.push(format!("{} abort {reason}", self.transactions[id].name));
                    place = 0;
                }
            }
        }
        lines
    }

    fn vacuum(&mut self) -> usize {
        let snapshots = self
            .active
            .values()
            .filter_map(|id| self.transactions[*id].snapshot);
        let seen_at: BTreeSet<u64> = snapshots.chain([self.counter]).collect();
        let mut removed = 0;
        for versions in self.versions.values_mut() {
            let before = versions.len();
            let visible_at = |at: &u64| versions.range(..=*at).next_back().map(|(stamp, _)| *stamp);
            let keep: BTreeSet<u64> = seen_at.iter().filter_map(visible_at).collect();
            versions.retain(|stamp, _| keep.contains(stamp));
            while versions
                .first_key_value()
                .is_some_and(|(_, value)| value.is_none())
            {
                versions.pop_first();
            }
            removed += before - versions.len();
        }
        self.versions.retain(|_, versions| !versions.is_empty());
        removed
    }

    fn show(&self) -> Vec<String> {
        let version = |(stamp, value): (&u64, &Value)| match value {
            Some(value) => format!(" {stamp}={value}"),
            None => format!(" {stamp}!"),
        };
        if self.versions.is_empty() {
            return vec!["nothing".to_string()];
        }
        let line = |(key, versions): (&String, &BTreeMap<u64, Value>)| {
            versions
                .iter()
                .map(version)
                .fold(key.clone(), |line, item| line + &item)
        };
        self.versions.iter().map(line).collect()
    }

    fn write_command(&mut self, id: Id, key: &str, value: Value) -> Result<String, &'static str> {
        match self.write(id, key, value.clone()) {
            Outcome::Done => Ok("ok".to_string()),
            Outcome::Abort(reason) => Err(reason),
            Outcome::Wait(holder) => {
                self.transactions[id].pending = Some((key.to_string(), value));
                self.waiting.push(id);
                Ok(format!("wait {}", self.transactions[holder].name))
            }
        }
    }

    /// Executes a command of one transaction and whatever follows from it.
    fn transact(&mut self, name: &str, words: &[&str]) -> Vec<String> {
        let Some(&id) = self.active.get(name) else {
            return vec!["no transaction".to_string()];
        };
        if self.transactions[id].pending.is_some() && words[0] != "abort" {
            return vec!["waiting".to_string()];
        }
        let result = match *words {
            ["get", _, key] => self.get(id, key),
            ["scan", _, from, to] => self.scan(id, from, to),
            ["put", _, key, value] => self.write_command(id, key, Some(value.to_string())),
            ["del", _, key] => self.write_command(id, key, None),
            ["commit", _] => self.commit(id),
            _ => {
                self.end(id, State::Aborted);
                Ok("aborted".to_string())
            }
        };
        let line = result.unwrap_or_else(|reason| {
            self.end(id, State::Aborted);
            format!("abort {reason}")
        });
        let mut lines = vec![line];
        if self.transactions[id].state != State::Active {
            lines.extend(self.retry());
        }
        lines
    }

    fn execute(&mut self, line: &str) -> Vec<String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            [] => Vec::new(),
            ["vacuum"] => vec![format!("vacuumed {}", self.vacuum())],
            ["show"] => self.show(),
            ["begin", name, mode] => vec![self.begin(name, mode)],
            [_, name, ..] => self.transact(name, &words),
            [_] => vec!["no transaction".to_string()],
        }
    }
}

fn main() -> io::Result<()> {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    let mut output = BufWriter::new(io::stdout().lock());
    let mut store = Store::default();
    for line in input.lines() {
        for result in store.execute(line) {
            writeln!(output, "{result}")?;
        }
    }
    output.flush()
}
