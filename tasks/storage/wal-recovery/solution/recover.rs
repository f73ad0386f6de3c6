// sextant-canary 20ef309e-b518-4bc2-82c4-c35d86b096bb
use std::collections::BTreeMap;
use std::io::{self, BufWriter, Read, Write};

const HEADER_BYTES: usize = 8;
const FRAME_BYTES: usize = 8;

struct Record<'a> {
    /// The offset just after the payload.
    end: usize,
    /// The checksum as stored.
    checksum: u32,
    intact: bool,
    payload: &'a [u8],
}

/// A put or a delete.
struct Change {
    key: Vec<u8>,
    /// `None` for a deletion.
    value: Option<Vec<u8>>,
}

#[derive(Default)]
struct Transaction {
    writes: Vec<Change>,
    prepared: bool,
}

#[derive(Default)]
struct State {
    open: BTreeMap<u32, Transaction>,
    data: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// A record with a right checksum that makes no sense where it stands.
struct Nonsense;

fn crc32c(parts: [&[u8]; 3]) -> u32 {
    let mut crc = u32::MAX;
    for byte in parts.into_iter().flatten() {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0x82F6_3B78
            } else {
                crc >> 1
            };
        }
    }
    !crc
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

fn padded(offset: usize) -> usize {
    offset.next_multiple_of(4)
}

/// The record at an offset, or `None` if the file cannot hold all of it.
fn record_at(log: &[u8], offset: usize, previous: u32) -> Option<Record<'_>> {
    let length = u32_at(log, offset)?;
    let checksum = u32_at(log, offset + 4)?;
    let start = offset + FRAME_BYTES;
    let end = start.checked_add(usize::try_from(length).ok()?)?;
    let payload = log.get(start..end)?;
    let right = crc32c([&previous.to_le_bytes(), &length.to_le_bytes(), payload]);
    Some(Record {
        end,
        checksum,
        intact: checksum == right,
        payload,
    })
}

impl State {
    fn apply(&mut self, payload: &[u8]) -> Result<(), Nonsense> {
        let (&kind, rest) = payload.split_first().ok_or(Nonsense)?;
        let id = u32_at(rest, 0).ok_or(Nonsense)?;
        let body = &rest[4..];
        if !matches!(kind, 2 | 3 | 7) && !body.is_empty() {
            return Err(Nonsense);
        }
        if kind == 1 {
            let replaced = self.open.insert(id, Transaction::default());
            return replaced.map_or(Ok(()), |_| Err(Nonsense));
        }
        let transaction = self.open.get_mut(&id).ok_or(Nonsense)?;
        if transaction.prepared && !matches!(kind, 4 | 5) {
            return Err(Nonsense);
        }
        match kind {
            2 | 3 => {
                let (number, rest) = body.split_first_chunk::<2>().ok_or(Nonsense)?;
                let key_bytes = usize::from(u16::from_le_bytes(*number));
                let (key, value) = rest.split_at_checked(key_bytes).ok_or(Nonsense)?;
                if kind == 3 && !value.is_empty() {
                    return Err(Nonsense);
                }
                let value = (kind == 2).then(|| value.to_vec());
                transaction.writes.push(Change {
                    key: key.to_vec(),
                    value,
                });
            }
            4 => {
                for write in std::mem::take(&mut transaction.writes) {
                    match write.value {
                        Some(value) => self.data.insert(write.key, value),
                        None => self.data.remove(&write.key),
                    };
                }
                self.open.remove(&id);
            }
            5 => {
                self.open.remove(&id);
            }
            6 => transaction.prepared = true,
            7 => {
                let count = u16::from_le_bytes(body.try_into().map_err(|_| Nonsense)?);
                let kept = transaction.writes.len().checked_sub(usize::from(count));
                transaction.writes.truncate(kept.ok_or(Nonsense)?);
            }
            _ => return Err(Nonsense),
        }
        Ok(())
    }
}

fn escaped(bytes: &[u8]) -> String {
    let escape = |&byte: &u8| match byte {
        b'%' | b'=' => format!("%{byte:02X}"),
        0x21..=0x7E => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    bytes.iter().map(escape).collect()
}

fn recover(log: &[u8], output: &mut impl Write) -> io::Result<()> {
    let Some(salt) = u32_at(log, 4).filter(|_| log.starts_with(b"SXWL")) else {
        return writeln!(output, "not a log");
    };
    let mut state = State::default();
    let (mut end, mut previous) = (HEADER_BYTES, salt);
    let verdict = loop {
        let offset = padded(end);
        if offset >= log.len() || u32_at(log, offset) == Some(0) {
            break "clean";
        }
        let Some(record) = record_at(log, offset, previous) else {
            break "torn";
        };
        if !record.intact {
            let next = record_at(log, padded(record.end), record.checksum);
            if next.is_some_and(|next| next.intact && !next.payload.is_empty()) {
                return writeln!(output, "corrupt {offset}");
            }
            break "torn";
        }
        if state.apply(record.payload).is_err() {
            return writeln!(output, "corrupt {offset}");
        }
        (end, previous) = (record.end, record.checksum);
    };
    writeln!(output, "end {end} {verdict}")?;
    for (id, transaction) in state.open.iter().filter(|(_, t)| t.prepared) {
        writeln!(output, "doubt {id} {}", transaction.writes.len())?;
    }
    for (key, value) in &state.data {
        writeln!(output, "{}={}", escaped(key), escaped(value))?;
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let mut log = Vec::new();
    io::stdin().read_to_end(&mut log)?;
    let mut output = BufWriter::new(io::stdout().lock());
    recover(&log, &mut output)?;
    output.flush()
}
