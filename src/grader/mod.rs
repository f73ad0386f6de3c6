//! How answers are judged: by keys and by running things, never by another model.
//!
//! A grader gives a [`Verdict`] on every answer, however wrong, empty or hostile. Where it cannot
//! — the sandbox fails, the tests leave no reward — it gives a [`GradeError`], which says nothing
//! about the answer and is never counted as a score.

mod answer;
mod proof;
mod reward;
mod tests;

pub use proof::{Finding, Proof, prove};

use crate::sandbox::{LimitKind, Sandbox, SandboxError};
use crate::task::{Answer, AnswerError, Grading, Task};

/// Versions of the graders. A change that can change a verdict raises the number.
pub const GRADER_VERSIONS: [(&str, u32); 2] = [("answer", 1), ("tests", 1)];

/// What the graders are, for plans: `answer 1, tests 1`.
pub fn versions() -> String {
    GRADER_VERSIONS
        .map(|(name, version)| format!("{name} {version}"))
        .join(", ")
}

/// The grader of `task` with its version, for records: `tests 1`.
pub fn version_of(task: &Task) -> String {
    let name = task.grader_name();
    let version = GRADER_VERSIONS
        .iter()
        .find(|(known, _)| *known == name)
        .map_or(0, |(_, version)| *version);
    format!("{name} {version}")
}

/// A judged answer.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Verdict {
    /// From 0 to 1.
    pub score: f64,
    /// What the score is made of.
    pub parts: Vec<Part>,
}

impl Verdict {
    /// Whether the score counts as success in `task`.
    pub fn is_success(&self, task: &Task) -> bool {
        self.score >= task.success_score
    }
}

/// One part of a verdict.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Part {
    /// What was judged.
    pub name: String,
    /// From 0 to 1.
    pub score: f64,
    /// Why, for people.
    pub detail: String,
}

/// Why an answer could not be judged. Always the harness's or the task's failure.
#[derive(Debug, thiserror::Error)]
pub enum GradeError {
    /// Judging this task means running code, and no sandbox was given.
    #[error("no sandbox to run the tests in")]
    NoSandbox,
    /// The sandbox failed.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// A file of the task is unreadable.
    #[error(transparent)]
    Files(#[from] AnswerError),
    /// `tests/test.sh` went over a limit that it should have kept handed-in code within.
    #[error("tests/test.sh was stopped at its limit on {}; it must bound what it runs. Its last words: {tail}", limit_name(*.limit))]
    Limit {
        /// Which limit.
        limit: LimitKind,
        /// The end of its output.
        tail: String,
    },
    /// `tests/test.sh` left no usable reward.
    #[error("{reason}; {exit}. Its last words: {tail}")]
    Reward {
        /// What is wrong with the reward.
        reason: String,
        /// How the script ended.
        exit: String,
        /// The end of its output.
        tail: String,
    },
}

fn limit_name(limit: LimitKind) -> &'static str {
    match limit {
        LimitKind::Wall => "time",
        LimitKind::Cpu => "processor time",
        LimitKind::Memory => "memory",
        LimitKind::Processes => "processes",
        LimitKind::Output => "output",
    }
}

/// Judges `answer` to `task`. Tasks that run code need a sandbox; short answers do not.
///
/// # Errors
/// When no verdict could be reached; see [`GradeError`].
pub async fn grade(
    task: &Task,
    answer: &Answer,
    sandbox: Option<&dyn Sandbox>,
) -> Result<Verdict, GradeError> {
    match &task.grading {
        Grading::Answer(short) => Ok(answer::grade(&short.key, answer)),
        Grading::Tests(tested) => {
            let sandbox = sandbox.ok_or(GradeError::NoSandbox)?;
            tests::grade(task, tested, answer, sandbox).await
        }
    }
}
