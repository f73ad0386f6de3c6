use std::cmp::Reverse;
use std::io::{self, BufWriter, Read, Write};

struct Entry {
    key: String,
    seq: u64,
    /// `None` for a deletion.
    value: Option<String>,
}

/// The table's order: by key, the newest version first.
type Position<'a> = (&'a str, Reverse<u64>);

impl Entry {
    fn position(&self) -> Position<'_> {
        (&self.key, Reverse(self.seq))
    }
}

struct Table {
    entries: Vec<Entry>,
    block_entries: usize,
}

impl Table {
    fn block_count(&self) -> usize {
        self.entries.len() / self.block_entries
    }

    fn block(&self, number: usize) -> &[Entry] {
        let start = number * self.block_entries;
        let end = self.entries.len().min(start + self.block_entries);
        &self.entries[start..end]
    }

    /// The last block that does not start after the target, or the first.
    fn block_for(&self, target: Position<'_>) -> usize {
        let (mut low, mut high) = (0, self.block_count());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.block(middle)[0].key.as_str() <= target.0 {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low.saturating_sub(1)
    }

    /// The first entry not before the target, and the blocks read to find it.
    fn seek(&self, target: Position<'_>) -> (Option<&Entry>, Vec<usize>) {
        if self.block_count() == 0 {
            return (None, Vec::new());
        }
        let number = self.block_for(target);
        let block = self.block(number);
        let within = block.partition_point(|entry| entry.position() < target);
        (block.get(within), vec![number])
    }

    fn get(&self, key: &str, seq: u64) -> (Option<&str>, Vec<usize>) {
        let (entry, read) = self.seek((key, Reverse(seq)));
        let value = entry
            .filter(|entry| entry.key == key)
            .and_then(|entry| entry.value.as_deref());
        (value, read)
    }
}

fn main() -> io::Result<()> {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    let mut output = BufWriter::new(io::stdout().lock());
    let mut table = Table {
        entries: Vec::new(),
        block_entries: 1,
    };
    for line in input.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |at: usize| words[at].parse::<u64>().map_err(io::Error::other);
        match words[..] {
            ["block", _] => table.block_entries = number(1)? as usize,
            ["put", key, _, value] => table.entries.push(Entry {
                key: key.to_string(),
                seq: number(2)?,
                value: Some(value.to_string()),
            }),
            ["del", key, _] => table.entries.push(Entry {
                key: key.to_string(),
                seq: number(2)?,
                value: None,
            }),
            ["get", key, _] => {
                let (value, read) = table.get(key, number(2)?);
                let read: Vec<String> = read.iter().map(usize::to_string).collect();
                writeln!(output, "{} [{}]", value.unwrap_or("none"), read.join(" "))?;
            }
            _ => return Err(io::Error::other(format!("not a command: {line}"))),
        }
    }
    output.flush()
}
