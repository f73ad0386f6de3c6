//! The dispatcher: which attempt is next, how many at once, and when to stop.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::Cast;
use super::one_attempt::{Done, Scene, Settings};
use crate::attempt::{Attempt, AttemptKey, Plan, RunDir, RunDirError, WriteError};
use crate::model::Try;

/// How urgently a run should end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    /// Go on.
    No,
    /// Start nothing new; finish what is in flight.
    Drain,
    /// Drop what is in flight.
    Abort,
}

/// Somebody who watches a run.
pub trait Observer: Send + Sync {
    /// An attempt begins.
    fn started(&self, key: &AttemptKey);
    /// A call failed and will be repeated after a wait.
    fn retrying(&self, key: &AttemptKey, failed: &Try);
    /// An attempt ended and is on the disk.
    fn finished(&self, attempt: &Attempt);
}

/// How a run ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ending {
    /// Attempts that ended in this session.
    pub finished: usize,
    /// Planned attempts that have no line yet, or only one of an infrastructure error.
    pub unscored: usize,
    /// Models that were given up, with the reason.
    pub lost_models: BTreeMap<String, String>,
    /// Whether the user stopped it.
    pub stopped: bool,
}

/// Why a run could not go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The run directory failed.
    #[error(transparent)]
    Folder(#[from] RunDirError),
    /// An attempt could not be written down.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// An attempt broke down in a way that is a bug of this program.
    #[error("an attempt broke down: {0}; this is a bug, please report it")]
    Broken(String),
}

/// What every attempt of a run shares.
struct Shared {
    cast: Cast,
    run: RunDir,
    settings: Settings,
    grading: Semaphore,
    observer: Arc<dyn Observer>,
}

/// Runs every attempt of `plan` that `scored` does not have yet.
///
/// # Errors
/// When something could not be written down. What was written before is safe.
pub async fn run(
    plan: &Plan,
    cast: Cast,
    run: RunDir,
    scored: &[bool],
    settings: Settings,
    observer: Arc<dyn Observer>,
    mut stop: watch::Receiver<Stop>,
) -> Result<Ending, RunError> {
    let concurrency = settings.concurrency.max(1);
    let grading = Semaphore::new(settings.grading_concurrency.max(1));
    let shared = Arc::new(Shared {
        cast,
        run,
        settings,
        grading,
        observer,
    });
    let mut ending = Ending {
        unscored: scored.iter().filter(|scored| !**scored).count(),
        ..Ending::default()
    };
    let mut failure = None;
    let mut flying = JoinSet::new();
    let mut next = 0;
    let mut listening = true;
    loop {
        let go_on = *stop.borrow() == Stop::No && failure.is_none();
        while go_on && flying.len() < concurrency && next < plan.len() {
            let key = plan.key(next);
            if !scored.get(next).copied().unwrap_or(false)
                && !ending.lost_models.contains_key(&key.model)
            {
                flying.spawn(fly(
                    shared.clone(),
                    plan.position(next),
                    key,
                    plan.seed ^ next as u64,
                ));
            }
            next += 1;
        }
        if flying.is_empty() {
            break;
        }
        tokio::select! {
            ended = flying.join_next() => match ended {
                Some(Ok(Ok(done))) => ending.count(&done),
                Some(Ok(Err(error))) => failure = failure.or(Some(error)),
                Some(Err(error)) if error.is_panic() => {
                    failure = failure.or(Some(RunError::Broken(error.to_string())));
                }
                Some(Err(_)) | None => {}
            },
            changed = stop.changed(), if listening => match changed {
                Ok(()) if *stop.borrow() == Stop::Abort => flying.shutdown().await,
                Ok(()) => {}
                // Nobody can ask to stop any more.
                Err(_) => listening = false,
            },
        }
    }
    ending.stopped = *stop.borrow() != Stop::No;
    match failure {
        Some(error) => Err(error),
        None => Ok(ending),
    }
}

impl Ending {
    fn count(&mut self, done: &Done) {
        self.finished += 1;
        if done.attempt.is_scored() {
            self.unscored -= 1;
        }
        if let Some(error) = &done.model_is_lost {
            self.lost_models
                .entry(done.attempt.model.clone())
                .or_insert_with(|| error.to_string());
        }
    }
}

async fn fly(
    shared: Arc<Shared>,
    (task, model, _): (usize, usize, u32),
    key: AttemptKey,
    seed: u64,
) -> Result<Done, RunError> {
    shared.observer.started(&key);
    let done = Scene {
        key: &key,
        subject: &shared.cast.tasks[task],
        asked: &shared.cast.models[model],
        cast: &shared.cast,
        run: &shared.run,
        settings: &shared.settings,
        seed,
        grading: &shared.grading,
        on_retry: &|failed| shared.observer.retrying(&key, failed),
    }
    .play()
    .await?;
    shared.run.writer().append(&done.attempt).await?;
    shared.observer.finished(&done.attempt);
    Ok(done)
}
