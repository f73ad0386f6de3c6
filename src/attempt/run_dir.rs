//! Run directories: created once, resumed by the same plan, read by everybody.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Attempt, AttemptKey, AttemptWriter, Plan, ReadError, read_attempts};
use crate::task::{Answer, AnswerError};

/// Why a run directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RunDirError {
    /// The operating system refused.
    #[error("cannot {action} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which path.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The directory belongs to another plan.
    #[error(
        "{} holds a run of another plan:\n{}\ngive --run NAME to start a new one beside it",
        .path.display(), .differences.iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
    )]
    OtherPlan {
        /// The directory.
        path: PathBuf,
        /// What differs.
        differences: Vec<String>,
    },
    /// The plan in the directory is unreadable.
    #[error("{}: {message}", .path.display())]
    BadPlan {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// Another process is writing here.
    #[error("{} is in use by another sextant process; wait for it, or give --run NAME", .0.display())]
    Locked(PathBuf),
    /// There is no run here.
    #[error("no run at {}: neither attempts.jsonl nor attempts.jsonl.zst is there; `sextant run` and `sextant import` make runs below results/", .0.display())]
    NoRun(PathBuf),
    /// An answer could not be stored.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// The attempts are unreadable.
    #[error(transparent)]
    Attempts(#[from] ReadError),
}

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> RunDirError {
    let path = path.to_owned();
    move |source| RunDirError::Io {
        action,
        path,
        source,
    }
}

/// The paths within a run directory.
#[derive(Debug, Clone)]
pub struct RunFolder(PathBuf);

impl RunFolder {
    /// The run in `path`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The directory itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// `plan.json`.
    pub fn plan(&self) -> PathBuf {
        self.0.join("plan.json")
    }

    /// `attempts.jsonl`, which runs append to.
    pub fn attempts(&self) -> PathBuf {
        self.0.join("attempts.jsonl")
    }

    /// `attempts.jsonl.zst`, which imports write.
    pub fn packed_attempts(&self) -> PathBuf {
        self.0.join("attempts.jsonl.zst")
    }

    /// Release dates of the models, where they are known.
    pub fn release_dates(&self) -> PathBuf {
        self.0.join("release_dates.csv")
    }

    /// The folder of one attempt's answer.
    pub fn answer(&self, key: &AttemptKey) -> PathBuf {
        self.0.join("answers").join(key.file_stem())
    }

    /// The file of one attempt's transcript.
    pub fn transcript(&self, key: &AttemptKey) -> PathBuf {
        self.0
            .join("transcripts")
            .join(format!("{}.json.zst", key.file_stem()))
    }

    /// The file that holds the attempts.
    ///
    /// # Errors
    /// When there is none.
    pub fn existing_attempts(&self) -> Result<PathBuf, RunDirError> {
        [self.attempts(), self.packed_attempts()]
            .into_iter()
            .find(|path| path.is_file())
            .ok_or_else(|| RunDirError::NoRun(self.0.clone()))
    }

    /// All attempts, in the order written.
    ///
    /// # Errors
    /// When there is no run here, or a line of it is damaged.
    pub fn read(&self) -> Result<Vec<Attempt>, RunDirError> {
        let mut attempts = Vec::new();
        read_attempts(&self.existing_attempts()?, |attempt| attempts.push(attempt))?;
        Ok(attempts)
    }

    /// The plan; `None` where there is none, as of an imported run.
    ///
    /// # Errors
    /// When it is unreadable.
    pub fn read_plan(&self) -> Result<Option<Plan>, RunDirError> {
        let path = self.plan();
        path.is_file().then(|| read_plan(&path)).transpose()
    }
}

/// A run directory opened for writing. At most one process has it open.
#[derive(Debug)]
pub struct RunDir {
    folder: RunFolder,
    writer: AttemptWriter,
    _lock: File,
}

impl RunDir {
    /// Creates the run, or takes up the one of the same plan. `visit` sees every attempt that is
    /// already there.
    ///
    /// # Errors
    /// When the directory belongs to another plan, is in use, or cannot be written.
    pub fn open(
        folder: RunFolder,
        plan: &Plan,
        visit: impl FnMut(Attempt),
    ) -> Result<Self, RunDirError> {
        let root = folder.path().to_owned();
        for path in [root.clone(), root.join("answers"), root.join("transcripts")] {
            fs::create_dir_all(&path).map_err(io_error("create", &path))?;
        }
        let lock_path = root.join(".lock");
        let lock = File::create(&lock_path).map_err(io_error("create", &lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(RunDirError::Locked(root)),
            Err(fs::TryLockError::Error(source)) => {
                return Err(io_error("lock", &lock_path)(source));
            }
        }
        if folder.packed_attempts().is_file() {
            let differences = vec!["it holds imported attempts, which are complete".to_owned()];
            return Err(RunDirError::OtherPlan {
                path: root,
                differences,
            });
        }
        let plan_path = folder.plan();
        if plan_path.is_file() {
            let there = read_plan(&plan_path)?;
            let differences = there.differences(plan);
            if !differences.is_empty() {
                return Err(RunDirError::OtherPlan {
                    path: root,
                    differences,
                });
            }
        } else {
            write_json(&plan_path, plan)?;
        }
        let path = folder.attempts();
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(io_error("open", &path))?;
        let complete_bytes = read_attempts(&path, visit)?;
        let writer =
            AttemptWriter::start(file, &path, complete_bytes).map_err(io_error("write", &path))?;
        Ok(Self {
            folder,
            writer,
            _lock: lock,
        })
    }

    /// The paths.
    pub fn folder(&self) -> &RunFolder {
        &self.folder
    }

    /// Where finished attempts go.
    pub fn writer(&self) -> &AttemptWriter {
        &self.writer
    }

    /// Stores what was handed in, so that it can be judged again without asking again.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_answer(&self, key: &AttemptKey, answer: &Answer) -> Result<(), RunDirError> {
        answer.write_to(&self.folder.answer(key))?;
        Ok(())
    }

    /// Stores what was said in an attempt.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_transcript(
        &self,
        key: &AttemptKey,
        transcript: &impl Serialize,
    ) -> Result<(), RunDirError> {
        let path = self.folder.transcript(key);
        let bad = |source: io::Error| io_error("write", &path)(source);
        let json = serde_json::to_vec(transcript).map_err(|error| bad(error.into()))?;
        let packed = zstd::bulk::compress(&json, 1).map_err(bad)?;
        fs::write(&path, packed).map_err(io_error("write", &path))
    }
}

fn read_plan(path: &Path) -> Result<Plan, RunDirError> {
    let bad = |message: String| RunDirError::BadPlan {
        path: path.to_owned(),
        message,
    };
    let text = fs::read_to_string(path).map_err(io_error("read", path))?;
    serde_json::from_str(&text).map_err(|error| bad(format!("is no plan: {error}")))
}

/// Writes `value` so that the file is there whole or not at all.
fn write_json(path: &Path, value: &impl Serialize) -> Result<(), RunDirError> {
    let temporary = path.with_extension("json.tmp");
    let write = || -> io::Result<()> {
        let mut file = File::create(&temporary)?;
        serde_json::to_writer_pretty(&mut file, value)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    write().map_err(io_error("write", path))
}

#[cfg(test)]
mod tests {
    use super::super::plan::tests::plan;
    use super::*;
    use crate::attempt::Outcome;

    fn attempt(epoch: u32) -> Attempt {
        let key = plan(&["a/1"], &["m/x"], 9).key(epoch as usize - 1);
        Attempt {
            run_id: key.file_stem(),
            task_id: key.task_id,
            task_family: "a".into(),
            task_version: None,
            alias: "m/x".into(),
            model: "m/x".into(),
            model_returned: None,
            solver: key.solver,
            epoch,
            outcome: Outcome::Cancelled,
            score_cont: None,
            score_binarized: None,
            human_minutes: Some(1.0),
            human_source: None,
            started_at: 0,
            completed_at: 0,
            tokens_count: None,
            generation_cost: None,
            usage: None,
            fatal_error_from: None,
            grader: None,
            sandbox: None,
            details: Vec::new(),
            foreign: serde_json::Map::new(),
        }
        .with_outcome(Outcome::Scored {
            score: 1.0,
            success: true,
            limit: None,
        })
    }

    async fn write(folder: &Path, epochs: &[u32]) -> Vec<u32> {
        let mut seen = Vec::new();
        let plan = plan(&["a/1"], &["m/x"], 9);
        let run = RunDir::open(RunFolder::new(folder), &plan, |attempt| {
            seen.push(attempt.epoch);
        })
        .unwrap();
        for &epoch in epochs {
            run.writer().append(&attempt(epoch)).await.unwrap();
        }
        seen
    }

    #[tokio::test]
    async fn a_torn_last_line_is_dropped_at_every_length() {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), &[1, 2]).await;
        let path = root.path().join("attempts.jsonl");
        let whole = fs::read(&path).unwrap();
        let first = whole.iter().position(|&byte| byte == b'\n').unwrap() + 1;
        for length in first..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            assert_eq!(write(root.path(), &[]).await, [1], "cut at {length}");
            assert_eq!(fs::read(&path).unwrap(), whole[..first]);
        }
        write(root.path(), &[2]).await;
        assert_eq!(write(root.path(), &[]).await, [1, 2]);
    }

    #[tokio::test]
    async fn a_damaged_line_in_the_middle_is_named() {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), &[1, 2]).await;
        let path = root.path().join("attempts.jsonl");
        let text = fs::read_to_string(&path)
            .unwrap()
            .replacen("\"score\":1.0", "\"score\":7.0", 1);
        fs::write(&path, text).unwrap();
        let error = RunFolder::new(root.path()).read().unwrap_err().to_string();
        assert!(
            error.contains("attempts.jsonl:1: `outcome.score` is 7"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn another_plan_is_refused() {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), &[1]).await;
        let other = plan(&["a/1"], &["m/x"], 3);
        let error = RunDir::open(RunFolder::new(root.path()), &other, |_| {}).unwrap_err();
        assert!(
            error.to_string().contains("epochs: 9 there, 3 now"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn one_process_at_a_time() {
        let root = tempfile::tempdir().unwrap();
        let plan = plan(&["a/1"], &["m/x"], 9);
        let _held = RunDir::open(RunFolder::new(root.path()), &plan, |_| {}).unwrap();
        let second = RunDir::open(RunFolder::new(root.path()), &plan, |_| {});
        assert!(matches!(second, Err(RunDirError::Locked(_))));
    }
}
