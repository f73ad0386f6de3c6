//! What can go wrong with the room itself, as opposed to with what runs in it.

use thiserror::Error;

/// A failure of the harness, never of the code under test.
///
/// Callers turn every variant into an infrastructure error: the attempt is not scored and may be
/// tried again.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// This machine cannot isolate untrusted code.
    #[error(
        "this machine cannot isolate untrusted code: {reason}. {advice} \
         To run without isolation, on a machine you can afford to lose, pass --sandbox none"
    )]
    Unavailable {
        /// What was tried and how it failed.
        reason: String,
        /// What would make it work, as whole sentences.
        advice: String,
    },
    /// The room could not be built.
    #[error("the sandbox could not be set up: {step}: {reason}")]
    Setup {
        /// The step that failed, such as `mount a fresh /proc`.
        step: String,
        /// The operating system's answer.
        reason: String,
    },
    /// The process that guards the room ended without a report.
    #[error(
        "the sandbox's helper process ended without a report ({status}); the machine may be short \
         of memory. What it said last: {said:?}"
    )]
    HelperDied {
        /// How the helper ended.
        status: String,
        /// The last lines on its standard error.
        said: String,
    },
    /// A program the harness promised to the job is not there.
    #[error("the program `{tool}` that this job needs was not found: {reason}")]
    ToolMissing {
        /// The program's name.
        tool: String,
        /// Where it was looked for.
        reason: String,
    },
    /// A job description that no backend can carry out.
    #[error("the sandbox job is malformed: {reason}")]
    BadJob {
        /// Which field is wrong, and why.
        reason: String,
    },
}

impl SandboxError {
    /// A failed step, for use with `map_err`.
    pub(crate) fn setup(step: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let step = step.into();
        move |error| Self::Setup {
            step,
            reason: error.to_string(),
        }
    }
}
