//! One attempt, from the prompt to the line that records it.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::Semaphore;

use super::{Cast, CastModel, CastTask};
use crate::attempt::{Attempt, AttemptKey, Limit, Outcome, RunDir, RunDirError};
use crate::grader::{self, Checking, GradeError, Verdict};
use crate::model::{
    CallError, Canned, Model, ModelName, Reply, Request, RetryPolicy, StopReason, Try, Usage,
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
    /// What was asked first; each later request is the one before, the reply, and what was told.
    request: Option<&'a Request>,
    rounds: &'a [Round],
    outcome: &'a Outcome,
    started_at: Timestamp,
}

/// One question of an attempt, and what came of it.
#[derive(Debug, Default, Serialize)]
struct Round {
    failed_tries: Vec<Try>,
    reply: Option<Reply>,
    /// Where in the reply the answer was found.
    taken: Vec<String>,
    verdict: Option<Verdict>,
    grading_errors: Vec<String>,
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
    rounds: Vec<Round>,
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
                rounds: &story.rounds,
                outcome: &outcome,
                started_at,
            },
        )?;
        let usage = story.usage();
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
                .replies()
                .last()
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

    /// Asks and has the answer judged, as often as the solver goes on. The last answer counts.
    async fn unfold(&self, story: &mut Story) -> Result<Outcome, RunDirError> {
        let task = &self.subject.task;
        let (model, mut request) = match prepare(task, self.asked) {
            Ok(prepared) => prepared,
            Err(message) => return Ok(failed("ask", message)),
        };
        story.request = Some(request.clone());
        let mut standing = None;
        loop {
            let mut round = Round::default();
            let ended = self.go_round(&*model, &request, &mut round).await?;
            let replies = story.rounds.len() + 1;
            let next = round.reply.as_ref().zip(round.verdict.as_ref());
            let next = next.and_then(|(reply, verdict)| {
                let told = match verdict.success {
                    true => String::new(),
                    false => verdict.feedback(),
                };
                let solver = self.cast.solver;
                solver.next(replies, &request, &reply.text, &told)
            });
            story.rounds.push(round);
            match (ended, next) {
                (Ok(outcome), Some(further)) => {
                    standing = Some(outcome);
                    request = further;
                }
                (Ok(outcome), None) => return Ok(outcome),
                // The prompt does not fit: that is the model's limit, not the harness's failure.
                // Where the conversation has outgrown it, the answer before it stands.
                (Err(RoundError::Call(CallError::ContextLength(_))), _) => {
                    let (score, success) = match standing {
                        Some(Outcome::Scored { score, success, .. }) => (score, success),
                        _ => (0.0, false),
                    };
                    return Ok(Outcome::Scored {
                        score,
                        success,
                        limit: Some(Limit::Context),
                    });
                }
                (Err(RoundError::Call(error)), _) => {
                    let message = error.to_string();
                    story.model_is_lost = error.is_fatal_for_model().then_some(error);
                    return Ok(failed("ask", message));
                }
                (Err(RoundError::Grade(error)), _) => {
                    return Ok(failed("grade", error.to_string()));
                }
            }
        }
    }

    /// Asks once, reads the answer, stores it, and has it judged.
    async fn go_round(
        &self,
        model: &dyn Model,
        request: &Request,
        round: &mut Round,
    ) -> Result<Result<Outcome, RoundError>, RunDirError> {
        let policy = self.settings.retry.with_seed(self.seed);
        let clock = Instant::now();
        let (result, tries) = generate_with_retries(model, request, &policy, self.on_retry).await;
        round.asked_seconds = clock.elapsed().as_secs_f64();
        round.failed_tries = tries;
        let reply = match result {
            Ok(reply) => reply,
            Err(error) => return Ok(Err(RoundError::Call(error))),
        };
        let taken = solver::read_reply(&self.subject.task, &reply.text);
        round.taken = taken.notes;
        let limit = match reply.stop_reason {
            StopReason::MaxTokens => Some(Limit::Tokens),
            StopReason::ModelLength => Some(Limit::Context),
            _ => None,
        };
        round.reply = Some(reply);
        self.run.write_answer(self.key, &taken.answer)?;
        let clock = Instant::now();
        let judged = self.judge(&taken.answer, &mut round.grading_errors).await;
        round.graded_seconds = clock.elapsed().as_secs_f64();
        Ok(match judged {
            Ok(verdict) => {
                let (score, success) = (verdict.score, verdict.success);
                let limit = limit.or(verdict.undecided.then_some(Limit::Check));
                round.verdict = Some(verdict);
                Ok(Outcome::Scored {
                    score,
                    success,
                    limit,
                })
            }
            Err(error) => Err(RoundError::Grade(error)),
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
    fn replies(&self) -> impl Iterator<Item = &Reply> {
        self.rounds.iter().filter_map(|round| round.reply.as_ref())
    }

    /// What all replies used together; `None` unless each says.
    fn usage(&self) -> Option<Usage> {
        let mut used = self.replies().map(|reply| reply.usage);
        let first = used.next()?;
        used.fold(first, |sum, usage| Some(sum?.plus(usage?)))
    }

    /// For the record: how earlier rounds ended, where the last answer was found, and the parts of
    /// its verdict.
    fn details(&self) -> Vec<String> {
        let answered = self.rounds.iter().filter(|round| round.reply.is_some());
        let answered: Vec<&Round> = answered.collect();
        let Some((last, earlier)) = answered.split_last() else {
            return Vec::new();
        };
        let earlier = earlier.iter().enumerate().filter_map(|(index, round)| {
            let verdict = round.verdict.as_ref()?;
            Some(format!("reply {}: scored {}", index + 1, verdict.score))
        });
        earlier
            .chain(last.taken.iter().cloned())
            .chain(last.verdict.iter().flat_map(Verdict::lines))
            .collect()
    }
}

/// Why a round has no verdict.
enum RoundError {
    Call(CallError),
    Grade(GradeError),
}

fn failed(stage: &str, message: String) -> Outcome {
    Outcome::InfraError {
        stage: stage.into(),
        message,
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
