//! What a model prints.

use std::sync::{Mutex, PoisonError};

/// Bytes kept of all that a model prints.
const MAX_PRINTED_BYTES: usize = 1 << 20;

/// Collects what `Print` and `PrintT` give, in order, up to a mebibyte in total.
#[derive(Debug, Default)]
pub struct Output {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    lines: Vec<String>,
    bytes: usize,
    left_out: u64,
}

impl Output {
    /// Adds a line. `write` is only called when there is room, with the room in bytes.
    pub(super) fn print(&self, write: impl FnOnce(usize) -> String) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let room = MAX_PRINTED_BYTES.saturating_sub(kept.bytes);
        if room == 0 {
            kept.left_out += 1;
            return;
        }
        let line = write(room);
        // An empty line also takes room: there could be any number.
        kept.bytes = kept.bytes.saturating_add(line.len().max(1));
        kept.lines.push(line);
    }

    /// The lines since this was last asked, and how many were left out.
    pub fn take(&self) -> (Vec<String>, u64) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let left_out = std::mem::take(&mut kept.left_out);
        (std::mem::take(&mut kept.lines), left_out)
    }
}
