//! Appending attempts so that a line, once acknowledged, survives a crash.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use super::Attempt;

/// Why an attempt could not be written down.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WriteError {
    /// The disk refused.
    #[error("cannot append to {}: {message}; what was finished before is safe: make room and run the same command again", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        message: String,
    },
    /// The writing thread is gone.
    #[error("the log of {} is closed", .0.display())]
    Closed(PathBuf),
}

struct Pending {
    line: Vec<u8>,
    written: oneshot::Sender<Result<(), WriteError>>,
}

/// Appends lines to a file from a thread of its own. Lines that arrive while the disk is busy are
/// flushed together, so that waiting for the disk costs little however many attempts finish.
#[derive(Debug)]
pub struct AttemptWriter {
    queue: Option<mpsc::Sender<Pending>>,
    thread: Option<JoinHandle<()>>,
    path: PathBuf,
}

impl AttemptWriter {
    /// Starts writing to `file` after its first `length` bytes; what follows them is a torn line,
    /// and is cut off.
    pub(super) fn start(mut file: File, path: &Path, length: u64) -> io::Result<Self> {
        file.set_len(length)?;
        file.seek(SeekFrom::Start(length))?;
        let (queue, pending) = mpsc::channel();
        let owned_path = path.to_owned();
        let thread = thread::Builder::new()
            .name("attempt-writer".into())
            .spawn(move || write_all(&mut file, &owned_path, length, &pending))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
            path: path.to_owned(),
        })
    }

    /// Writes one attempt; returns once it is on the disk.
    ///
    /// # Errors
    /// When it could not be written; the file then still ends with a complete line.
    pub async fn append(&self, attempt: &Attempt) -> Result<(), WriteError> {
        let mut line = serde_json::to_vec(attempt).map_err(|error| WriteError::Io {
            path: self.path.clone(),
            message: error.to_string(),
        })?;
        line.push(b'\n');
        let (written, done) = oneshot::channel();
        let closed = || WriteError::Closed(self.path.clone());
        let queue = self.queue.as_ref().ok_or_else(closed)?;
        queue
            .send(Pending { line, written })
            .map_err(|_| closed())?;
        done.await.map_err(|_| closed())?
    }
}

impl Drop for AttemptWriter {
    fn drop(&mut self) {
        // Closing the queue ends the thread, after what is in it.
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn write_all(file: &mut File, path: &Path, mut length: u64, queue: &mpsc::Receiver<Pending>) {
    while let Ok(first) = queue.recv() {
        let mut batch = vec![first];
        batch.extend(queue.try_iter());
        let bytes: Vec<u8> = batch
            .iter()
            .flat_map(|pending| pending.line.iter().copied())
            .collect();
        let result = file.write_all(&bytes).and_then(|()| file.sync_data());
        let result = match result {
            Ok(()) => {
                length += bytes.len() as u64;
                Ok(())
            }
            Err(error) => {
                // Take back what went half-way, so that the next line starts on its own.
                let _ = file
                    .set_len(length)
                    .and_then(|()| file.seek(SeekFrom::Start(length)));
                Err(WriteError::Io {
                    path: path.to_owned(),
                    message: error.to_string(),
                })
            }
        };
        for pending in batch {
            // Nobody waiting any more is no reason to stop.
            let _ = pending.written.send(result.clone());
        }
    }
}
