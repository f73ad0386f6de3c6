//! Proving a task: that its grader tells right from wrong, before any model is judged by it.

use serde::Serialize;

use super::{Checking, GradeError, grade, model};
use crate::sandbox::{Sandbox, SandboxError};
use crate::task::{Answer, Grading, ModeledSystem, Task};

/// Fewest broken variants that a task must ship.
const MIN_MUTANTS: usize = 2;

/// Something that speaks against a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which demand is not met: `reference`, `empty`, `mutants`, `hidden`, `instruction`,
    /// `canary`, `sandbox`.
    pub demand: &'static str,
    /// What was seen.
    pub message: String,
}

/// What proving a task came to.
#[derive(Debug, Clone, Serialize)]
pub struct Proof {
    /// Everything that speaks against the task; empty when it is sound.
    pub findings: Vec<Finding>,
    /// How many answers were graded on the way.
    pub graded: usize,
    /// A tool that this machine lacks, so that nothing could be graded.
    pub missing_tool: Option<String>,
}

/// Proves `task`: the reference gets full marks, the empty answer nothing, every mutant is told
/// from the reference, what is hidden is hidden, and the instruction names what it asks for.
pub async fn prove(task: &Task, sandbox: Option<&dyn Sandbox>, checking: Checking) -> Proof {
    let mut proof = Proof {
        findings: Vec::new(),
        graded: 0,
        missing_tool: None,
    };
    proof.check_texts(task);
    match proof.check_grading(task, sandbox, checking).await {
        Ok(()) => {}
        Err(GradeError::Sandbox(SandboxError::ToolMissing { tool, .. })) => {
            proof.missing_tool = Some(tool);
        }
        Err(error) => proof.find("grading", error.to_string()),
    }
    if let Grading::Model(system) = &task.grading {
        proof.check_model(task, system, checking).await;
    }
    proof
}

impl Proof {
    fn find(&mut self, demand: &'static str, message: impl Into<String>) {
        self.findings.push(Finding {
            demand,
            message: message.into(),
        });
    }

    fn check_texts(&mut self, task: &Task) {
        if task
            .canary
            .as_ref()
            .is_none_or(|canary| canary.trim().is_empty())
        {
            self.find("canary", "has no canary string");
        }
        let Some((folder, deliverables)) = task.files() else {
            return;
        };
        if deliverables.is_empty() {
            self.find(
                "instruction",
                "`[sextant] deliverables` names no file to hand in",
            );
        }
        for path in deliverables
            .iter()
            .filter(|path| !task.instruction.contains(path.as_str()))
        {
            self.find(
                "instruction",
                format!("instruction.md never names `{path}`, which must be handed in"),
            );
        }
        let (Ok(environment), Ok(reference)) = (folder.environment_files(), task.reference())
        else {
            self.find("hidden", "environment/ or solution/ cannot be read");
            return;
        };
        for (path, bytes) in reference.files() {
            if environment.iter().any(|file| file.bytes == *bytes) {
                self.find(
                    "hidden",
                    format!("the reference `{path}` lies in environment/, in plain sight"),
                );
            }
            let text = String::from_utf8_lossy(bytes);
            if !text.trim().is_empty() && task.instruction.contains(text.trim()) {
                self.find(
                    "hidden",
                    format!("instruction.md contains the reference `{path}`"),
                );
            }
        }
    }

    /// Proves what only modelling tasks have.
    async fn check_model(&mut self, task: &Task, system: &ModeledSystem, checking: Checking) {
        let (task, system) = (task.clone(), system.clone());
        let proven = tokio::task::spawn_blocking(move || {
            let mut graded = 0;
            model::prove(&task, &system, checking, &mut graded).map(|found| (found, graded))
        });
        match proven.await {
            Ok(Ok((findings, graded))) => {
                self.findings.extend(findings);
                self.graded += graded;
            }
            Ok(Err(error)) => self.find("grading", error.to_string()),
            Err(error) => self.find("grading", error.to_string()),
        }
    }

    async fn check_grading(
        &mut self,
        task: &Task,
        sandbox: Option<&dyn Sandbox>,
        checking: Checking,
    ) -> Result<(), GradeError> {
        let reference = grade(task, &task.reference()?, sandbox, checking).await?;
        self.graded += 1;
        if reference.score < 1.0 || !reference.success {
            let mut lost = reference.parts.iter().filter(|part| part.score < 1.0);
            let detail = lost
                .find(|part| !part.detail.is_empty())
                .map(|part| format!("{}: {}", part.name, part.detail))
                .unwrap_or_default();
            self.find(
                "reference",
                format!("scores {} instead of 1: {detail}", reference.score),
            );
        }
        let empty = grade(task, &Answer::empty(), sandbox, checking).await?;
        self.graded += 1;
        if empty.score > 0.0 {
            self.find(
                "empty",
                format!("handing in nothing scores {}", empty.score),
            );
        }
        let mutants = task.mutants()?;
        if mutants.len() < MIN_MUTANTS {
            self.find(
                "mutants",
                format!(
                    "has {} broken variants; at least {MIN_MUTANTS} are needed",
                    mutants.len()
                ),
            );
        }
        // Mutants of models are judged with what else is asked of them.
        let judged_elsewhere = matches!(task.grading, Grading::Model(_));
        for (name, answer) in mutants.into_iter().filter(|_| !judged_elsewhere) {
            let verdict = grade(task, &answer, sandbox, checking).await?;
            self.graded += 1;
            if verdict.success {
                self.find("mutants", format!("`{name}` passes with {}", verdict.score));
            }
        }
        Ok(())
    }
}
