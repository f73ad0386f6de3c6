//! `sextant task list|show|check`, and what only modelling tasks have (`modeling`).

mod modeling;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use modeling::{MakeImpossible, Study};

use super::args::{Places, SandboxName, TaskChoice};
use super::run::default_settings;
use super::{CliError, Exit, print, print_json, runtime, say};
use crate::baseline::{Baselines, HumanTime, Source};
use crate::figure::human_time;
use crate::grader::{self, Checking, Finding, Proof};
use crate::report::TextTable;
use crate::sandbox::{self, Sandbox};
use crate::task::{Registry, Task, Variant};

#[derive(Debug, Subcommand)]
pub(crate) enum TaskCommand {
    /// Every task with its human time; broken ones are named on standard error
    List(List),
    /// One task: what it asks, how it is graded, how long it takes
    Show(Show),
    /// Make the impossible windows of a modelling task, from its mutants and recordings
    Impossible(MakeImpossible),
    /// Grade all that lies with a modelling task: reference, mutants, and models with known faults
    Study(Study),
    /// Prove tasks: the reference passes, nothing and every broken variant fails
    Check(Check),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    choice: TaskChoice,
    /// List the suites instead
    #[arg(long, env = "SEXTANT_SUITES")]
    suites: bool,
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The task's id
    #[arg(value_name = "FAMILY/NAME")]
    id: String,
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Only these tasks; all when none is named
    #[arg(value_name = "FAMILY/NAME")]
    ids: Vec<String>,
    /// Where handed-in code runs
    #[arg(long, value_enum, default_value_t = SandboxName::Auto, env = "SEXTANT_SANDBOX")]
    sandbox: SandboxName,
    /// What to do about tasks whose tools this machine lacks
    #[arg(long, value_enum, default_value_t = MissingTools::Fail, env = "SEXTANT_MISSING_TOOLS")]
    missing_tools: MissingTools,
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MissingTools {
    /// Count them as not proven
    Fail,
    /// Pass them over, and say so
    Skip,
}

#[derive(Debug, Serialize)]
struct Row<'t> {
    id: &'t str,
    version: &'t str,
    family: &'t str,
    grader: &'static str,
    requires: &'t [String],
    description: &'t str,
    human: Option<HumanTime>,
}

impl TaskCommand {
    pub(crate) fn execute(&self, places: &Places) -> Result<Exit, CliError> {
        let registry = places.registry()?;
        match self {
            Self::List(list) => list.execute(&registry, &places.baselines()?),
            Self::Show(show) => show.execute(&registry, &places.baselines()?),
            Self::Impossible(make) => make.execute(&registry),
            Self::Study(study) => study.execute(&registry),
            Self::Check(check) => check.execute(&registry, &places.baselines()?),
        }
    }
}

fn row<'t>(task: &'t Task, baselines: &Baselines) -> Row<'t> {
    Row {
        id: task.id.as_str(),
        version: &task.version,
        family: task.id.family(),
        grader: task.grader_name(),
        requires: &task.requires,
        description: &task.description,
        human: baselines.human_time(task.id.as_str(), &task.version),
    }
}

/// `12 min (estimate 5 min – 30 min)`.
fn describe_time(human: Option<&HumanTime>) -> String {
    match human {
        None => "no baseline".into(),
        Some(human) if human.source == Source::Measured => {
            format!(
                "{} (measured, n = {})",
                human_time::format_minutes(human.minutes),
                human.records
            )
        }
        Some(human) => format!(
            "{} (estimate {} – {})",
            human_time::format_minutes(human.minutes),
            human_time::format_minutes(human.low_minutes),
            human_time::format_minutes(human.high_minutes)
        ),
    }
}

fn report_problems(registry: &Registry) {
    for problem in registry.problems() {
        say(format!("sextant: broken: {problem}"));
    }
}

impl List {
    fn execute(&self, registry: &Registry, baselines: &Baselines) -> Result<Exit, CliError> {
        if self.suites {
            self.list_suites(registry)?;
        } else {
            let tasks = match self.choice.select(registry)? {
                Some(tasks) => tasks,
                None => registry.tasks().collect(),
            };
            let rows: Vec<Row<'_>> = tasks.into_iter().map(|task| row(task, baselines)).collect();
            if self.json {
                print_json(&rows)?;
            } else {
                let mut table = TextTable::new(["task", "version", "grader", "human time"]);
                for row in &rows {
                    table.row([
                        row.id.to_owned(),
                        row.version.to_owned(),
                        row.grader.to_owned(),
                        describe_time(row.human.as_ref()),
                    ]);
                }
                print(&table.to_string())?;
            }
        }
        report_problems(registry);
        Ok(if registry.problems().is_empty() {
            Exit::Done
        } else {
            Exit::DoesNotHold
        })
    }

    fn list_suites(&self, registry: &Registry) -> Result<(), CliError> {
        if self.json {
            let suites: std::collections::BTreeMap<_, _> = registry.suites().iter().collect();
            return print_json(&suites);
        }
        let mut table = TextTable::new(["suite", "tasks", "description"]);
        for (name, suite) in registry.suites().iter() {
            let count = registry
                .suite_tasks(name)
                .map(|tasks| tasks.len().to_string());
            table.row([
                name.to_owned(),
                count.unwrap_or_else(|error| error.to_string()),
                suite.description.clone(),
            ]);
        }
        print(&table.to_string())
    }
}

impl Show {
    fn execute(&self, registry: &Registry, baselines: &Baselines) -> Result<Exit, CliError> {
        let task = registry.task(&self.id).map_err(CliError::usage)?;
        let row = row(task, baselines);
        let digest = task.digest().map_err(CliError::failed)?;
        let deliverables = task.files().map_or(&[][..], |(_, files)| files);
        let mutants = task.mutants().map_err(CliError::failed)?.len();
        if self.json {
            return print_json(&serde_json::json!({
                "task": row,
                "digest": digest,
                "deliverables": deliverables,
                "mutants": mutants,
                "instruction": task.instruction,
                "defined_at": task.place,
            }))
            .map(|()| Exit::Done);
        }
        let mut text = format!(
            "{}  {}\n{}\n\nhuman time  {}\ngrader      {}\n",
            row.id,
            row.version,
            row.description,
            describe_time(row.human.as_ref()),
            row.grader
        );
        let mut line = |name: &str, value: &str| text.push_str(&format!("{name:<12}{value}\n"));
        if !deliverables.is_empty() {
            line("hand in", &deliverables.join(", "));
        }
        if !row.requires.is_empty() {
            line("needs", &row.requires.join(", "));
        }
        line("mutants", &mutants.to_string());
        line("digest", &digest);
        line("defined at", &task.place.to_string());
        text.push('\n');
        text.push_str(task.instruction.trim());
        text.push('\n');
        print(&text)?;
        Ok(Exit::Done)
    }
}

#[derive(Debug, Serialize)]
struct CheckedTask<'t> {
    id: &'t str,
    proof: Proof,
}

impl Check {
    fn execute(&self, registry: &Registry, baselines: &Baselines) -> Result<Exit, CliError> {
        let tasks: Vec<&Task> = if self.ids.is_empty() {
            registry.tasks().collect()
        } else {
            self.ids
                .iter()
                .map(|id| registry.task(id))
                .collect::<Result<_, _>>()
                .map_err(CliError::usage)?
        };
        let lone = lone_variants(registry);
        let runtime = runtime()?;
        let sandbox = if tasks.iter().any(|task| task.runs_code()) {
            Some(
                runtime
                    .block_on(sandbox::detect(self.sandbox.into()))
                    .map_err(CliError::failed)?,
            )
        } else {
            None
        };
        let mut checked = Vec::new();
        let proofs = start_proofs(&runtime, &tasks, sandbox.as_ref());
        for (task, proof) in tasks.into_iter().zip(proofs) {
            let mut proof = runtime.block_on(proof).map_err(CliError::failed)?;
            if baselines
                .human_time(task.id.as_str(), &task.version)
                .is_none()
            {
                proof.findings.push(Finding {
                    demand: "baseline",
                    message: format!("no baseline for version {} of this task", task.version),
                });
            }
            if let Some(missing) = lone.get(task.id.as_str()) {
                proof.findings.push(Finding {
                    demand: "variants",
                    message: format!("its family has no {} variant", missing.name()),
                });
            }
            if !self.json {
                print(&describe_proof(task, &proof))?;
            }
            checked.push(CheckedTask {
                id: task.id.as_str(),
                proof,
            });
        }
        let all_tasks = self.ids.is_empty();
        if all_tasks {
            report_problems(registry);
        }
        let skipped = checked
            .iter()
            .filter(|task| task.proof.missing_tool.is_some())
            .count();
        let unsound = checked
            .iter()
            .filter(|task| !task.proof.findings.is_empty())
            .count();
        if self.json {
            print_json(&checked)?;
        } else {
            say(format!(
                "{} tasks: {} sound, {unsound} with findings, {skipped} not proven for want of a tool, {} broken; {} answers graded",
                checked.len(),
                checked.len() - unsound - skipped_and_sound(&checked),
                if all_tasks {
                    registry.problems().len()
                } else {
                    0
                },
                checked.iter().map(|task| task.proof.graded).sum::<usize>(),
            ));
        }
        let holds = unsound == 0
            && (skipped == 0 || self.missing_tools == MissingTools::Skip)
            && (!all_tasks || registry.problems().is_empty());
        Ok(if holds { Exit::Done } else { Exit::DoesNotHold })
    }
}

/// Modelling tasks whose family lacks a variant, with the one it lacks.
fn lone_variants(registry: &Registry) -> BTreeMap<&str, Variant> {
    let mut families: BTreeMap<&str, BTreeSet<Variant>> = BTreeMap::new();
    let modeling = registry
        .tasks()
        .filter_map(|task| Some((task, task.variant()?)));
    let modeling: Vec<_> = modeling.collect();
    for (task, variant) in &modeling {
        families
            .entry(task.id.family())
            .or_default()
            .insert(*variant);
    }
    let missing = |task: &Task| {
        let present = families.get(task.id.family());
        [Variant::Textbook, Variant::Twisted]
            .into_iter()
            .find(|variant| present.is_some_and(|present| !present.contains(variant)))
    };
    modeling
        .iter()
        .filter_map(|(task, _)| Some((task.id.as_str(), missing(task)?)))
        .collect()
}

/// Begins to prove `tasks`, as many at once as there are cores; the proofs come in order.
fn start_proofs(
    runtime: &Runtime,
    tasks: &[&Task],
    sandbox: Option<&Arc<dyn Sandbox>>,
) -> Vec<JoinHandle<Proof>> {
    let places = Arc::new(Semaphore::new(default_settings().grading_concurrency));
    let start = |task: &&Task| {
        let (task, sandbox, places) = ((*task).clone(), sandbox.cloned(), places.clone());
        runtime.spawn(async move {
            // The semaphore is never closed.
            let _place = places.acquire().await.ok();
            grader::prove(&task, sandbox.as_deref(), Checking::default()).await
        })
    };
    tasks.iter().map(start).collect()
}

fn skipped_and_sound(checked: &[CheckedTask<'_>]) -> usize {
    checked
        .iter()
        .filter(|task| task.proof.missing_tool.is_some() && task.proof.findings.is_empty())
        .count()
}

fn describe_proof(task: &Task, proof: &Proof) -> String {
    let mut text = String::new();
    match (&proof.missing_tool, proof.findings.is_empty()) {
        (Some(tool), _) => text.push_str(&format!(
            "skipped  {}  this machine has no `{tool}`\n",
            task.id
        )),
        (None, true) => text.push_str(&format!(
            "sound    {}  {} answers graded\n",
            task.id, proof.graded
        )),
        (None, false) => text.push_str(&format!("FAULTY   {}  {}\n", task.id, task.place)),
    }
    for finding in &proof.findings {
        text.push_str(&format!(
            "         {}: {}\n",
            finding.demand, finding.message
        ));
    }
    text
}
