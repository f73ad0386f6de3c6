//! `sextant task impossible|study`: making and trying what a modelling task is graded by.

use std::collections::BTreeMap;

use anyhow::Context as _;
use clap::Args;
use serde::Serialize;

use crate::cli::{CliError, Exit, print, print_json, runtime};
use crate::grader::{self, Checker, Checking, Impossible, Verdict};
use crate::task::{Grading, Registry};

#[derive(Debug, Args)]
pub(crate) struct MakeImpossible {
    /// Tasks, by id
    #[arg(value_name = "FAMILY/NAME", required = true)]
    ids: Vec<String>,
    /// Most windows of one action
    #[arg(
        long,
        value_name = "N",
        default_value_t = 300,
        env = "SEXTANT_PER_ACTION"
    )]
    per_action: usize,
    /// Decides which are taken where there are more
    #[arg(long, value_name = "N", default_value_t = 0, env = "SEXTANT_SEED")]
    seed: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Study {
    /// Tasks, by id
    #[arg(value_name = "FAMILY/NAME", required = true)]
    ids: Vec<String>,
    /// Who checks models
    #[arg(long, value_enum, default_value_t = Checker::Engine, env = "SEXTANT_CHECKER")]
    checker: Checker,
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

/// An answer of known quality, with what the grader says of it.
#[derive(Debug, Serialize)]
struct Studied {
    task: String,
    kind: &'static str,
    answer: String,
    verdict: Verdict,
}

impl MakeImpossible {
    pub(super) fn execute(&self, registry: &Registry) -> Result<Exit, CliError> {
        for id in &self.ids {
            let task = registry.task(id).map_err(CliError::usage)?;
            let Grading::Model(system) = &task.grading else {
                return Err(CliError::usage(anyhow::anyhow!(
                    "`{id}` asks for no model of a system"
                )));
            };
            let how = Impossible {
                per_action: self.per_action,
                seed: self.seed,
            };
            let windows = grader::impossible(task, system, how).map_err(CliError::failed)?;
            let mut text = String::new();
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for window in &windows {
                text.push_str(&serde_json::to_string(window).map_err(CliError::failed)?);
                text.push('\n');
                *counts.entry(&window.action).or_default() += 1;
            }
            let path = system.folder.tests().join(grader::IMPOSSIBLE);
            std::fs::write(&path, text)
                .with_context(|| format!("cannot write {}", path.display()))
                .map_err(CliError::failed)?;
            for (action, count) in counts {
                print(&format!("{id} {action}: {count} impossible windows\n"))?;
            }
        }
        Ok(Exit::Done)
    }
}

impl Study {
    pub(super) fn execute(&self, registry: &Registry) -> Result<Exit, CliError> {
        let runtime = runtime()?;
        let checking = Checking {
            checker: self.checker,
            ..Checking::default()
        };
        let mut studied = Vec::new();
        for id in &self.ids {
            let task = registry.task(id).map_err(CliError::usage)?;
            let mut answers = vec![(
                "reference",
                "reference".to_owned(),
                task.reference().map_err(CliError::failed)?,
            )];
            for (kind, folder) in [("study", "study"), ("mutant", "mutants")] {
                let found = task.variants_of_reference(folder);
                let found = found.map_err(CliError::failed)?.into_iter();
                answers.extend(found.map(|(name, answer)| (kind, name, answer)));
            }
            for (kind, name, answer) in answers {
                let grading = grader::grade(task, &answer, None, checking);
                let verdict = runtime.block_on(grading);
                studied.push(Studied {
                    task: id.clone(),
                    kind,
                    verdict: verdict
                        .with_context(|| format!("{id}, {kind} {name}"))
                        .map_err(CliError::failed)?,
                    answer: name,
                });
            }
        }
        // Within a kind the best comes first.
        let rank = |one: &Studied| {
            ["reference", "study", "mutant"]
                .iter()
                .position(|it| *it == one.kind)
        };
        studied.sort_by(|a, b| {
            let by_score = b.verdict.score.total_cmp(&a.verdict.score);
            (&a.task, rank(a)).cmp(&(&b.task, rank(b))).then(by_score)
        });
        if self.json {
            print_json(&studied)?;
        } else {
            print(&describe_study(&studied))?;
        }
        Ok(Exit::Done)
    }
}

/// What was studied, as Markdown tables, one a task.
fn describe_study(studied: &[Studied]) -> String {
    const PHASES: [&str; 4] = ["syntax", "runtime", "conformance", "properties"];
    let mut text = String::new();
    let mut last = None;
    for one in studied {
        if last != Some(&one.task) {
            text.push_str(&format!(
                "\n### {}\n\n| answer | | success | score | {} |\n|---|---|---|---|---|---|---|---|\n",
                one.task,
                PHASES.join(" | ")
            ));
            last = Some(&one.task);
        }
        let phase = |name: &&str| {
            let mut parts = one.verdict.parts.iter();
            let part = parts.find(|part| part.name == **name);
            part.map_or("-".to_owned(), |part| format!("{:.2}", part.score))
        };
        let phases: Vec<String> = PHASES.iter().map(phase).collect();
        let success = match (one.verdict.success, one.verdict.undecided) {
            (true, _) => "yes",
            (false, false) => "no",
            (false, true) => "inconclusive",
        };
        text.push_str(&format!(
            "| {} | {} | {success} | {:.3} | {} |\n",
            one.answer,
            one.kind,
            one.verdict.score,
            phases.join(" | ")
        ));
    }
    text.trim_start().to_owned()
}
