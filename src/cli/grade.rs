//! `sextant grade`: judges answers that are there already, of a run or from files.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::args::{Places, SandboxName};
use super::run::sandbox_for;
use super::{CliError, Exit, print, print_json, runtime, say};
use crate::attempt::{Attempt, Outcome, RunFolder};
use crate::grader::{self, Checker, Checking, Verdict};
use crate::report::TextTable;
use crate::solver;
use crate::task::{Answer, Registry, Task};

/// Options of `sextant grade`.
#[derive(Debug, Args)]
pub(crate) struct Grade {
    /// A run, whose stored answers are graded again and compared with what was recorded; or, with
    /// --task, an answer: a file, a folder of files, or - for standard input
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// The answer is one to this task
    #[arg(long, value_name = "FAMILY/NAME", env = "SEXTANT_GRADE_TASK")]
    task: Option<String>,
    /// The answer is a reply in words, from which the files are taken as from a model's
    #[arg(long, requires = "task", env = "SEXTANT_REPLY")]
    reply: bool,
    /// Where handed-in code runs
    #[arg(
        long,
        value_enum,
        default_value_t = SandboxName::Auto,
        env = "SEXTANT_SANDBOX"
    )]
    sandbox: SandboxName,
    /// Threads that check a model; as many as there are processors unless said. No verdict depends
    /// on it
    #[arg(long, value_name = "N", env = "SEXTANT_THREADS")]
    threads: Option<usize>,
    /// Who checks models
    #[arg(long, value_enum, default_value_t = Checker::Engine, env = "SEXTANT_CHECKER")]
    checker: Checker,
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

/// An attempt that was graded again.
#[derive(Debug, Serialize)]
struct Regraded {
    run_id: String,
    grader: String,
    /// Whether score, success and every word of the details are those recorded.
    same: bool,
    recorded_score: Option<f64>,
    verdict: Option<Verdict>,
    error: Option<String>,
}

impl Grade {
    pub(crate) fn execute(&self, places: &Places) -> Result<Exit, CliError> {
        let registry = places.registry()?;
        match &self.task {
            Some(id) => self.one(registry.task(id).map_err(CliError::usage)?),
            None => self.run(&registry),
        }
    }

    fn checking(&self) -> Checking {
        Checking {
            threads: self.threads,
            checker: self.checker,
        }
    }

    /// Grades one answer.
    fn one(&self, task: &Task) -> Result<Exit, CliError> {
        let (answer, notes) = self.answer(task)?;
        let sandbox = sandbox_for(&[task], self.sandbox)?;
        let grading = grader::grade(task, &answer, sandbox.as_deref(), self.checking());
        let verdict = runtime()?.block_on(grading).map_err(CliError::failed)?;
        if self.json {
            print_json(&json!({
                "task": task.id.as_str(),
                "task_version": task.version,
                "grader": grader::version_of(task),
                "taken": notes,
                "verdict": verdict,
            }))?;
        } else {
            let mut text = format!(
                "{} {}, graded by {}\n",
                task.id,
                task.version,
                grader::version_of(task)
            );
            for note in notes {
                text.push_str(&format!("took {note}\n"));
            }
            text.push_str(&describe(&verdict));
            print(&text)?;
        }
        Ok(match verdict.success {
            true => Exit::Done,
            false => Exit::DoesNotHold,
        })
    }

    /// The answer at the path, and what it was taken from.
    fn answer(&self, task: &Task) -> Result<(Answer, Vec<String>), CliError> {
        if self.path.is_dir() && !self.reply {
            let answer = Answer::from_folder(&self.path).map_err(CliError::usage)?;
            return Ok((answer, Vec::new()));
        }
        let bytes = read(&self.path)?;
        if self.reply {
            let taken = solver::read_reply(task, &String::from_utf8_lossy(&bytes));
            return Ok((taken.answer, taken.notes));
        }
        let Some((_, deliverables)) = task.files() else {
            return Ok((Answer::short(&String::from_utf8_lossy(&bytes)), Vec::new()));
        };
        let [name] = deliverables else {
            return Err(CliError::usage(anyhow!(
                "an answer to {} is {}; give the folder that holds them",
                task.id,
                deliverables.join(" and ")
            )));
        };
        let mut answer = Answer::empty();
        answer.insert(name, bytes).map_err(CliError::usage)?;
        Ok((answer, Vec::new()))
    }

    /// Grades every stored answer of a run again.
    fn run(&self, registry: &Registry) -> Result<Exit, CliError> {
        let folder = RunFolder::new(&self.path);
        let attempts = folder.read().map_err(CliError::usage)?;
        let stored: Vec<&Attempt> = attempts
            .iter()
            .filter(|attempt| folder.answer(&attempt.key()).is_dir())
            .collect();
        if stored.is_empty() {
            return Err(CliError::usage(anyhow!(
                "{} holds no answers to grade",
                self.path.display()
            )));
        }
        // An attempt that was tried again has several lines; the last tells of the stored answer.
        let latest: BTreeMap<_, _> = stored
            .into_iter()
            .map(|attempt| (attempt.key(), attempt))
            .collect();
        let mut tasks = Vec::new();
        for attempt in latest.values() {
            tasks.push(registry.task(&attempt.task_id).map_err(CliError::usage)?);
        }
        let sandbox = sandbox_for(&tasks, self.sandbox)?;
        let runtime = runtime()?;
        let mut regraded = Vec::new();
        for (attempt, task) in latest.values().zip(&tasks) {
            if attempt.task_version.as_deref() != Some(&task.version) {
                say(format!(
                    "{}: recorded for version {}, graded as version {}",
                    attempt.run_id,
                    attempt.task_version.as_deref().unwrap_or("unknown"),
                    task.version
                ));
            }
            let answer =
                Answer::from_folder(&folder.answer(&attempt.key())).map_err(CliError::failed)?;
            let grading = grader::grade(task, &answer, sandbox.as_deref(), self.checking());
            let graded = runtime.block_on(grading);
            regraded.push(Regraded {
                run_id: attempt.run_id.clone(),
                grader: grader::version_of(task),
                same: graded
                    .as_ref()
                    .is_ok_and(|verdict| agrees(verdict, attempt)),
                recorded_score: attempt.score_cont,
                error: graded.as_ref().err().map(ToString::to_string),
                verdict: graded.ok(),
            });
        }
        self.show(&regraded)
    }

    fn show(&self, regraded: &[Regraded]) -> Result<Exit, CliError> {
        if self.json {
            print_json(&regraded)?;
        } else {
            let mut table = TextTable::new(["attempt", "recorded", "now", "success", ""]);
            let score = |score: Option<f64>| score.map_or("-".into(), |it| format!("{it:.3}"));
            for one in regraded {
                let verdict = one.verdict.as_ref();
                table.row([
                    one.run_id.clone(),
                    score(one.recorded_score),
                    score(verdict.map(|verdict| verdict.score)),
                    verdict.map_or("-".into(), |verdict| yes_or_no(verdict.success).into()),
                    match (&one.error, one.same) {
                        (Some(error), _) => error.clone(),
                        (None, true) => "same".into(),
                        (None, false) => "DIFFERS".into(),
                    },
                ]);
            }
            print(&table.to_string())?;
        }
        Ok(if regraded.iter().any(|one| one.error.is_some()) {
            Exit::Unscored
        } else if regraded.iter().all(|one| one.same) {
            Exit::Done
        } else {
            Exit::DoesNotHold
        })
    }
}

/// Whether a verdict is the one that was recorded, word for word.
fn agrees(verdict: &Verdict, attempt: &Attempt) -> bool {
    let same_outcome = matches!(
        attempt.outcome,
        Outcome::Scored { score, success, .. }
            if score == verdict.score && success == verdict.success
    );
    // What the answer was taken from comes first, and is no part of the verdict.
    same_outcome && attempt.details.ends_with(&verdict.lines())
}

fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin()
            .read_to_end(&mut bytes)
            .context("cannot read standard input")
            .map_err(CliError::usage)?;
        return Ok(bytes);
    }
    fs::read(path)
        .with_context(|| format!("cannot read {}", path.display()))
        .map_err(CliError::usage)
}

fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// A verdict for people: the score, then every part that lost something, with why.
fn describe(verdict: &Verdict) -> String {
    let mut text = format!(
        "score {:.3}, success: {}{}\n\n",
        verdict.score,
        yes_or_no(verdict.success),
        if verdict.undecided {
            " (inconclusive: a check ended at a limit of the task)"
        } else {
            ""
        }
    );
    for part in &verdict.parts {
        text.push_str(&format!("{:<28} {:.3}", part.name, part.score));
        for (number, line) in part.detail.lines().enumerate() {
            match number {
                0 => text.push_str(&format!("  {line}")),
                _ => text.push_str(&format!("\n    {line}")),
            }
        }
        text.push('\n');
    }
    text
}
