//! Reading attempts back, one line at a time.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::Attempt;

/// Why attempts could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file is unreadable.
    #[error("cannot read {}: {source}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line that is complete, and yet no attempt.
    #[error("{}:{line}: {message}; the file was damaged or edited: mend or remove that line", .path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Line from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

/// Longest line accepted, in bytes: a damaged file must not exhaust memory.
const MAX_LINE_BYTES: u64 = 16 << 20;

/// Calls `visit` with every complete line's attempt, in order, and returns how many bytes the
/// complete lines take. A last line without a line break was torn by a crash and is passed over.
/// A file ending in `.zst` is decompressed on the way.
///
/// # Errors
/// When the file is unreadable or a complete line is no attempt.
pub fn read_attempts(path: &Path, mut visit: impl FnMut(Attempt)) -> Result<u64, ReadError> {
    let io = |source| ReadError::Io {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(io)?;
    let mut reader: Box<dyn BufRead> =
        if path.extension().is_some_and(|extension| extension == "zst") {
            Box::new(BufReader::new(zstd::Decoder::new(file).map_err(io)?))
        } else {
            Box::new(BufReader::new(file))
        };
    let mut line = Vec::new();
    let mut complete_bytes = 0;
    for number in 1.. {
        line.clear();
        let length = reader
            .by_ref()
            .take(MAX_LINE_BYTES)
            .read_until(b'\n', &mut line)
            .map_err(io)?;
        if line.last() != Some(&b'\n') {
            if length as u64 == MAX_LINE_BYTES {
                let message = format!("is longer than {MAX_LINE_BYTES} bytes");
                return Err(ReadError::Line {
                    path: path.to_owned(),
                    line: number,
                    message,
                });
            }
            break;
        }
        complete_bytes += length as u64;
        let attempt = parse(&line).map_err(|message| ReadError::Line {
            path: path.to_owned(),
            line: number,
            message,
        })?;
        visit(attempt);
    }
    Ok(complete_bytes)
}

fn parse(line: &[u8]) -> Result<Attempt, String> {
    let attempt: Attempt =
        serde_json::from_slice(line).map_err(|error| format!("is no attempt: {error}"))?;
    match attempt.flaw() {
        Some(flaw) => Err(flaw),
        None => Ok(attempt),
    }
}
