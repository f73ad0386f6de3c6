//! How answers are judged: by keys and by running things, never by another model.
//!
//! A grader gives a [`Verdict`] on every answer, however wrong, empty or hostile. Where it cannot
//! — the sandbox fails, the tests leave no reward — it gives a [`GradeError`], which says nothing
//! about the answer and is never counted as a score.

mod answer;
mod model;
mod proof;
mod reward;
mod tests;

pub use model::{IMPOSSIBLE, Impossible, impossible};
pub use proof::{Finding, Proof, prove};

use crate::sandbox::{LimitKind, Sandbox, SandboxError};
use crate::task::{Answer, AnswerError, Grading, Task};

/// Versions of the graders. A change that can change a verdict raises the number.
pub const GRADER_VERSIONS: [(&str, u32); 3] = [("answer", 1), ("model", 1), ("tests", 1)];

/// What the graders are, for plans: `answer 1, model 1, tests 1`.
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

/// How much of the detail of a part is recorded, in characters.
const RECORDED_CHARS: usize = 1_000;

/// A judged answer.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Verdict {
    /// From 0 to 1.
    pub score: f64,
    /// The label for the horizon.
    pub success: bool,
    /// Whether a part of it could not be decided within the task's limits. Such a part earns
    /// nothing.
    pub undecided: bool,
    /// What the score is made of.
    pub parts: Vec<Part>,
}

impl Verdict {
    /// A verdict in one part, whose score is all there is.
    fn simple(task: &Task, name: &str, score: f64, detail: String) -> Self {
        Self {
            score,
            success: score >= task.success_score,
            undecided: false,
            parts: vec![Part {
                name: name.to_owned(),
                score,
                detail,
                hidden: true,
            }],
        }
    }

    /// The parts, a line each, for the record.
    pub fn lines(&self) -> Vec<String> {
        let parts = self.parts.iter();
        parts
            .map(|part| {
                let detail: String = part.detail.chars().take(RECORDED_CHARS).collect();
                format!("{}: {} ({detail})", part.name, part.score)
            })
            .collect()
    }

    /// What may be told to who handed in the answer: why it lost points, without what is hidden.
    pub fn feedback(&self) -> String {
        let open = self
            .parts
            .iter()
            .filter(|part| part.score < 1.0 && !part.hidden && !part.detail.is_empty());
        open.map(|part| format!("{}: {}\n", part.name, part.detail))
            .collect()
    }
}

/// How answers that need no sandbox are checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checking {
    /// Threads that a check may use; as many as there are processors unless said. No verdict
    /// depends on it.
    pub threads: Option<usize>,
    /// Who checks models.
    pub checker: Checker,
}

/// Who checks models.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Checker {
    /// The engine of this program
    #[default]
    Engine,
    /// TLC for what it can be asked, the engine for the rest; needs Java and TLA2TOOLS_JAR
    Tlc,
    /// Both; where they disagree there is no verdict
    Both,
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
    /// Whether the detail gives away what the solver must not know.
    #[serde(skip)]
    pub hidden: bool,
}

/// Why an answer could not be judged. Always the harness's or the task's failure.
#[derive(Debug, thiserror::Error)]
pub enum GradeError {
    /// Judging this task means running code, and no sandbox was given.
    #[error("no sandbox to run the tests in")]
    NoSandbox,
    /// A file that says what is known of the task's system is not as it should be.
    #[error("{place}: {message}")]
    Evidence {
        /// The file, and the line where there is one.
        place: String,
        /// What is wrong with it.
        message: String,
    },
    /// The system refused what the engine needs.
    #[error(transparent)]
    Engine(#[from] tla::explore::EngineError),
    /// TLC could not be asked.
    #[error("TLC: {0}")]
    Tlc(String),
    /// TLC and the engine say different things.
    #[error("TLC and the engine disagree: {0}; one of them is wrong, please report it")]
    Disagreement(String),
    /// A grader broke down.
    #[error("the grader broke down: {0}; this is a bug, please report it")]
    Broken(String),
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
    checking: Checking,
) -> Result<Verdict, GradeError> {
    match &task.grading {
        Grading::Answer(short) => Ok(answer::grade(task, &short.key, answer)),
        Grading::Model(system) => {
            let (system, answer) = (system.clone(), answer.clone());
            let mutants = match system.claims {
                Some(_) => task.mutants()?,
                None => Vec::new(),
            };
            let judged = tokio::task::spawn_blocking(move || {
                model::grade(&system, &answer, &mutants, checking)
            });
            judged
                .await
                .unwrap_or_else(|error| Err(GradeError::Broken(error.to_string())))
        }
        Grading::Tests(tested) => {
            let sandbox = sandbox.ok_or(GradeError::NoSandbox)?;
            tests::grade(task, tested, answer, sandbox).await
        }
    }
}
