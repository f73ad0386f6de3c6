//! What is asked: tasks, the registry that finds them, and suites that select them.
//!
//! A task is a folder in the shape of a Harbor 1.4 task with a `[sextant]` table of ours
//! (`manifest`), or one item of a family's `sheet.toml` (`sheet`). Both become a [`Task`],
//! and nothing above this room knows which it was. A broken task becomes a [`Problem`] with
//! its place, and never hides the others ([`Registry`]).

mod answer;
mod answer_key;
mod folder;
mod id;
mod manifest;
mod problem;
mod registry;
mod sheet;
mod suite;
mod system;

pub use answer::{Answer, AnswerError};
pub use answer_key::AnswerKey;
pub use folder::{FileEntry, TaskFolder};
pub use id::{IdError, TaskId};
pub use problem::{Place, Problem};
pub use registry::{Registry, RegistryError};
pub use suite::{Suite, Suites};
pub use system::{ModeledSystem, NamedAction, Observable, Property, SPEC_FILE, Variant};

use std::time::Duration;

use sha2::{Digest, Sha256};

/// The file that holds a short answer among the files of an [`Answer`].
pub const SHORT_ANSWER_FILE: &str = "answer.txt";

/// One unit of work: an instruction, an environment and a way to judge what is handed in.
#[derive(Debug, Clone)]
pub struct Task {
    /// `family/name`.
    pub id: TaskId,
    /// The author's version; a change of meaning must change it.
    pub version: String,
    /// One sentence for listings.
    pub description: String,
    /// A string that must never appear in training data; absent in foreign Harbor tasks.
    pub canary: Option<String>,
    /// All that the model is told, besides the environment's files.
    pub instruction: String,
    /// How the answer is judged, with the material for it.
    pub grading: Grading,
    /// The score from which an attempt counts as a success.
    pub success_score: f64,
    /// How long a solver may take over one attempt, if the task limits it.
    pub solver_timeout: Option<Duration>,
    /// Programs that grading needs in the sandbox, for instance `python3`.
    pub requires: Vec<String>,
    /// Where the task is defined, for messages.
    pub place: Place,
}

/// How an answer is judged.
#[derive(Debug, Clone)]
pub enum Grading {
    /// A short answer compared with a key.
    Answer(ShortAnswer),
    /// Files handed in, judged by running the task's hidden tests.
    Tests(TestedFiles),
    /// A model of a system, judged by checking it.
    Model(ModeledSystem),
}

/// A short answer's key, and wrong answers that the key must tell from the right one.
#[derive(Debug, Clone)]
pub struct ShortAnswer {
    /// What is right.
    pub key: AnswerKey,
    /// Plausible wrong answers: the mutants of a short answer.
    pub wrong: Vec<String>,
    /// The item's text as written in its sheet; its bytes determine the digest.
    pub source_text: String,
}

/// A task judged by `tests/test.sh`, in Harbor's protocol.
#[derive(Debug, Clone)]
pub struct TestedFiles {
    /// The task's folder.
    pub folder: TaskFolder,
    /// Files that the solver hands in, relative to the working directory.
    pub deliverables: Vec<String>,
    /// The working directory inside the sandbox, `/app` unless the task says otherwise.
    pub workdir: String,
    /// How long `tests/test.sh` may run.
    pub verifier_timeout: Duration,
    /// Memory for the whole process tree, in MiB.
    pub memory_mb: u64,
    /// Extra environment variables for the tests.
    pub env: std::collections::BTreeMap<String, String>,
}

impl Task {
    /// The grader's short name, as in `[sextant] grader`.
    pub fn grader_name(&self) -> &'static str {
        match self.grading {
            Grading::Answer(_) => "answer",
            Grading::Tests(_) => "tests",
            Grading::Model(_) => "model",
        }
    }

    /// Whether judging this task means running code that was handed in.
    pub fn runs_code(&self) -> bool {
        matches!(self.grading, Grading::Tests(_))
    }

    /// How near the system of a modelling task is to the textbook; `None` for other tasks.
    pub fn variant(&self) -> Option<Variant> {
        match &self.grading {
            Grading::Model(system) => Some(system.variant),
            Grading::Answer(_) | Grading::Tests(_) => None,
        }
    }

    /// The task's folder and the files to hand in; items of a sheet have neither.
    pub fn files(&self) -> Option<(&TaskFolder, &[String])> {
        match &self.grading {
            Grading::Answer(_) => None,
            Grading::Tests(tested) => Some((&tested.folder, &tested.deliverables)),
            Grading::Model(system) => Some((&system.folder, &system.deliverables)),
        }
    }

    /// The answer that must score full marks.
    ///
    /// # Errors
    /// When a file of the solution is missing or unreadable.
    pub fn reference(&self) -> Result<Answer, AnswerError> {
        match (&self.grading, self.files()) {
            (Grading::Answer(short), _) => Ok(Answer::short(&short.key.reference())),
            (_, Some((folder, deliverables))) => {
                Answer::from_files(&folder.solution(), deliverables)
            }
            (_, None) => Ok(Answer::empty()),
        }
    }

    /// Named broken variants of the reference, each of which the grader must refuse.
    ///
    /// # Errors
    /// When a file of a mutant is unreadable.
    pub fn mutants(&self) -> Result<Vec<(String, Answer)>, AnswerError> {
        if let Grading::Answer(short) = &self.grading {
            return Ok(short
                .wrong
                .iter()
                .map(|text| (format!("wrong: {text}"), Answer::short(text)))
                .collect());
        }
        self.variants_of_reference("mutants")
    }

    /// The reference with the files of each folder below `tests/<kind>/` put over it.
    ///
    /// # Errors
    /// When a file is unreadable.
    pub fn variants_of_reference(&self, kind: &str) -> Result<Vec<(String, Answer)>, AnswerError> {
        let Some((folder, deliverables)) = self.files() else {
            return Ok(Vec::new());
        };
        let reference = self.reference()?;
        folder
            .below_tests(kind)?
            .into_iter()
            .map(|(name, folder)| Ok((name, reference.overlaid_with(&folder, deliverables)?)))
            .collect()
    }

    /// SHA-256 over everything that determines what the task asks and how it judges, as
    /// `sha256:<hex>`. Run plans pin it.
    ///
    /// # Errors
    /// When a file of the task is unreadable.
    pub fn digest(&self) -> Result<String, AnswerError> {
        let mut hasher = Sha256::new();
        if let Grading::Answer(short) = &self.grading {
            hasher.update(short.source_text.as_bytes());
        }
        if let Some((folder, _)) = self.files() {
            for entry in folder.all_files()? {
                hasher.update((entry.path.len() as u64).to_le_bytes());
                hasher.update(entry.path.as_bytes());
                hasher.update((entry.bytes.len() as u64).to_le_bytes());
                hasher.update(&entry.bytes);
            }
        }
        Ok(format!("sha256:{}", hex(&hasher.finalize())))
    }
}

/// Lower-case hexadecimal of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
