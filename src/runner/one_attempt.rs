//! One attempt, from the prompt to the line that records it.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::Semaphore;

use super::{Cast, CastModel, CastTask};
use crate::attempt::{Attempt, AttemptKey, Limit, Outcome, RunDir, RunDirError};
use crate::grader::{self, Checking, GradeError, Verdict};
use crate::model::{
    CallError, Canned, Model, ModelName, Reply, Request, RetryPolicy, StopReason, Try,
    generate_with_retries,
};
use crate::sandbox::SandboxError;
use crate::solver;
use crate::task::{Answer, Task};

/// Who answers.
#[derive(Clone)]
pub enum Respondent {
    /// Hands in each task's reference answer.
    Oracle,
    /// Hands in nothing.
    Blank,
    /// A model behind an API.
    Api(Arc<dyn Model>),
}

impl fmt::Debug for Respondent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Oracle => "Oracle",
            Self::Blank => "Blank",
            Self::Api(_) => "Api",
        })
    }
}

/// Choices that do not determine the result.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Attempts in flight at once.
    pub concurrency: usize,
    /// Sandboxes at work at once.
    pub grading_concurrency: usize,
    /// How failed calls are repeated.
    pub retry: RetryPolicy,
    /// How often grading is tried again after an infrastructure error.
    pub grade_retries: u32,
    /// How answers that need no sandbox are checked.
    pub checking: Checking,
}

/// What `transcripts/<attempt>.json.zst` holds.
#[derive(Debug, Serialize)]
struct Transcript<'a> {
    attempt: &'a str,
    request: Option<&'a Request>,
    failed_tries: &'a [Try],
    reply: Option<&'a Reply>,
    taken: &'a [String],
    verdict: Option<&'a Verdict>,
    grading_errors: &'a [String],
    outcome: &'a Outcome,
    started_at: Timestamp,
    asked_seconds: f64,
    graded_seconds: f64,
}

/// What came of one attempt.
pub(super) struct Done {
    pub(super) attempt: Attempt,
    /// Set when no further attempt of this model can work.
    pub(super) model_is_lost: Option<CallError>,
}

/// Everything that one attempt needs.
pub(super) struct Scene<'a> {
    pub(super) key: &'a AttemptKey,
    pub(super) subject: &'a CastTask,
    pub(super) asked: &'a CastModel,
    pub(super) cast: &'a Cast,
    pub(super) run: &'a RunDir,
    pub(super) settings: &'a Settings,
    /// Seeds the waits between tries.
    pub(super) seed: u64,
    /// Bounds the sandboxes at work.
    pub(super) grading: &'a Semaphore,
    pub(super) on_retry: &'a (dyn Fn(&Try) + Send + Sync),
}

/// Everything gathered on the way to an outcome.
#[derive(Default)]
struct Story {
    request: Option<Request>,
    tries: Vec<Try>,
    reply: Option<Reply>,
    taken: Vec<String>,
    verdict: Option<Verdict>,
    grading_errors: Vec<String>,
    asked: Duration,
    graded: Duration,
    model_is_lost: Option<CallError>,
}

impl Scene<'_> {
    /// Runs the attempt and stores its answer and transcript; the line is the caller's to write.
    pub(super) async fn play(&self) -> Result<Done, RunDirError> {
        let started_at = Timestamp::now();
        let mut story = Story::default();
        let outcome = self.unfold(&mut story).await?;
        let stem = self.key.file_stem();
        self.run.write_transcript(
            self.key,
            &Transcript {
                attempt: &stem,
                request: story.request.as_ref(),
                failed_tries: &story.tries,
                reply: story.reply.as_ref(),
                taken: &story.taken,
                verdict: story.verdict.as_ref(),
                grading_errors: &story.grading_errors,
                outcome: &outcome,
                started_at,
                asked_seconds: story.asked.as_secs_f64(),
                graded_seconds: story.graded.as_secs_f64(),
            },
        )?;
        let usage = story.reply.as_ref().and_then(|reply| reply.usage);
        let task = &self.subject.task;
        let human = self.subject.human.as_ref();
        let attempt = Attempt {
            run_id: stem,
            task_id: self.key.task_id.clone(),
            task_family: task.id.family().to_owned(),
            task_version: Some(task.version.clone()),
            alias: self.asked.name.clone(),
            model: self.asked.name.clone(),
            model_returned: story
                .reply
                .as_ref()
                .and_then(|reply| reply.model_returned.clone()),
            solver: self.key.solver.clone(),
            epoch: self.key.epoch,
            outcome: Outcome::Cancelled,
            score_cont: None,
            score_binarized: None,
            human_minutes: human.map(|human| human.minutes),
            human_source: human.map(|human| human.source.name().to_owned()),
            started_at: started_at.as_millisecond(),
            completed_at: Timestamp::now().as_millisecond(),
            tokens_count: usage.map(|usage| usage.total_tokens()),
            generation_cost: usage.and_then(|usage| usage.cost_dollars),
            usage,
            fatal_error_from: None,
            grader: Some(grader::version_of(task)),
            sandbox: self
                .cast
                .sandbox
                .as_ref()
                .filter(|_| task.runs_code())
                .map(|sandbox| sandbox.name().to_owned()),
            details: story.details(),
            foreign: serde_json::Map::new(),
        }
        .with_outcome(outcome);
        Ok(Done {
            attempt,
            model_is_lost: story.model_is_lost,
        })
    }

    /// Asks, reads the answer, stores it, and has it judged.
    async fn unfold(&self, story: &mut Story) -> Result<Outcome, RunDirError> {
        let task = &self.subject.task;
        let failed = |stage: &str, message: String| Outcome::InfraError {
            stage: stage.into(),
            message,
        };
        let (model, request) = match prepare(task, self.asked) {
            Ok(prepared) => prepared,
            Err(message) => return Ok(failed("ask", message)),
        };
        let policy = self.settings.retry.with_seed(self.seed);
        let clock = Instant::now();
        let (result, tries) =
            generate_with_retries(&*model, &request, &policy, self.on_retry).await;
        story.asked = clock.elapsed();
        story.request = Some(request);
        story.tries = tries;
        let reply = match result {
            Ok(reply) => reply,
            // The prompt does not fit: that is the model's limit, not the harness's failure.
            Err(CallError::ContextLength(_)) => {
                return Ok(Outcome::Scored {
                    score: 0.0,
                    success: false,
                    limit: Some(Limit::Context),
                });
            }
            Err(error) => {
                let message = error.to_string();
                story.model_is_lost = error.is_fatal_for_model().then_some(error);
                return Ok(failed("ask", message));
            }
        };
        let taken = solver::read_reply(task, &reply.text);
        story.taken = taken.notes;
        let limit = match reply.stop_reason {
            StopReason::MaxTokens => Some(Limit::Tokens),
            StopReason::ModelLength => Some(Limit::Context),
            _ => None,
        };
        story.reply = Some(reply);
        self.run.write_answer(self.key, &taken.answer)?;
        let clock = Instant::now();
        let judged = self.judge(&taken.answer, &mut story.grading_errors).await;
        story.graded = clock.elapsed();
        Ok(match judged {
            Ok(verdict) => {
                let (score, success) = (verdict.score, verdict.success);
                let limit = limit.or(verdict.undecided.then_some(Limit::Check));
                story.verdict = Some(verdict);
                Outcome::Scored {
                    score,
                    success,
                    limit,
                }
            }
            Err(error) => failed("grade", error.to_string()),
        })
    }

    /// Grades, again where that may help.
    async fn judge(
        &self,
        answer: &Answer,
        errors: &mut Vec<String>,
    ) -> Result<Verdict, GradeError> {
        let task = &self.subject.task;
        // Short answers need no place in the queue. The semaphore is never closed.
        let _permit = if task.files().is_some() {
            self.grading.acquire().await.ok()
        } else {
            None
        };
        let sandbox = self.cast.sandbox.as_deref();
        let mut tried = 0;
        loop {
            match grader::grade(task, answer, sandbox, self.settings.checking).await {
                Ok(verdict) => return Ok(verdict),
                Err(error) => {
                    errors.push(error.to_string());
                    if tried >= self.settings.grade_retries || is_lasting(&error) {
                        return Err(error);
                    }
                    tried += 1;
                }
            }
        }
    }
}

impl Story {
    /// The verdict's parts and where the answer was found, for the record.
    fn details(&self) -> Vec<String> {
        let parts = self.verdict.iter().flat_map(Verdict::lines);
        self.taken.iter().cloned().chain(parts).collect()
    }
}

/// Errors that another try cannot mend.
fn is_lasting(error: &GradeError) -> bool {
    matches!(
        error,
        GradeError::NoSandbox
            | GradeError::Files(_)
            // A script that runs into its limit would only do so again, at the same length.
            | GradeError::Limit { .. }
            | GradeError::Sandbox(
                SandboxError::ToolMissing { .. } | SandboxError::Unavailable { .. }
            )
    )
}

fn prepare(task: &Task, asked: &CastModel) -> Result<(Arc<dyn Model>, Request), String> {
    let request =
        solver::request(task, asked.parameters.clone()).map_err(|error| error.to_string())?;
    let canned = |text: String| -> Result<Arc<dyn Model>, String> {
        let name = ModelName::parse(&asked.name).map_err(|error| error.to_string())?;
        Ok(Arc::new(Canned::new(name, text)))
    };
    let model = match &asked.respondent {
        Respondent::Oracle => {
            let reference = task.reference().map_err(|error| error.to_string())?;
            canned(solver::render_reply(task, &reference))?
        }
        Respondent::Blank => canned(String::new())?,
        Respondent::Api(model) => model.clone(),
    };
    Ok((model, request))
}
