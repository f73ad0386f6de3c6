//! Options that several subcommands share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::CliError;
use crate::baseline::Baselines;
use crate::sandbox::Choice;
use crate::task::{Registry, Task};

/// Where things are, relative to the working directory unless told otherwise.
#[derive(Debug, Args)]
pub(crate) struct Places {
    /// Folder of the tasks
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = "tasks",
        env = "SEXTANT_TASKS"
    )]
    pub(crate) tasks: PathBuf,
    /// Folder of the human baselines
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = "baselines",
        env = "SEXTANT_BASELINES"
    )]
    pub(crate) baselines: PathBuf,
    /// Folder of the runs
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = "results",
        env = "SEXTANT_RESULTS"
    )]
    pub(crate) results: PathBuf,
}

impl Places {
    /// Opens the registry, and mentions broken tasks.
    pub(crate) fn registry(&self) -> Result<Registry, CliError> {
        Registry::open(&self.tasks).map_err(CliError::usage)
    }

    /// Opens the baselines.
    pub(crate) fn baselines(&self) -> Result<Baselines, CliError> {
        Baselines::open(&self.baselines).map_err(CliError::usage)
    }
}

/// Which tasks.
#[derive(Debug, Args)]
pub(crate) struct TaskChoice {
    /// Tasks of this suite
    #[arg(
        long,
        value_name = "NAME",
        env = "SEXTANT_SUITE",
        conflicts_with = "task"
    )]
    pub(crate) suite: Option<String>,
    /// These tasks, by id
    #[arg(
        long,
        value_name = "FAMILY/NAME",
        env = "SEXTANT_TASK",
        value_delimiter = ','
    )]
    pub(crate) task: Vec<String>,
}

impl TaskChoice {
    /// The tasks chosen, sorted by id; `None` when nothing was chosen.
    pub(crate) fn select<'r>(
        &self,
        registry: &'r Registry,
    ) -> Result<Option<Vec<&'r Task>>, CliError> {
        // The command line cannot hold both, but .env can.
        if self.suite.is_some() && !self.task.is_empty() {
            return Err(CliError::usage(anyhow::anyhow!(
                "both SEXTANT_SUITE and SEXTANT_TASK are set; keep one, or give --suite or --task"
            )));
        }
        if let Some(suite) = &self.suite {
            return registry
                .suite_tasks(suite)
                .map(Some)
                .map_err(CliError::usage);
        }
        if self.task.is_empty() {
            return Ok(None);
        }
        let mut tasks = Vec::new();
        for id in &self.task {
            tasks.push(registry.task(id).map_err(CliError::usage)?);
        }
        tasks.sort_by(|a, b| a.id.cmp(&b.id));
        tasks.dedup_by(|a, b| a.id == b.id);
        Ok(Some(tasks))
    }

    /// How the choice reads in a plan.
    pub(crate) fn name(&self) -> String {
        self.suite.clone().unwrap_or_else(|| self.task.join(","))
    }
}

/// Where handed-in code runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SandboxName {
    /// The strongest that this machine offers; refuses where there is none
    Auto,
    /// Linux namespaces
    Namespaces,
    /// No isolation at all: handed-in code can do whatever you can
    None,
}

impl From<SandboxName> for Choice {
    fn from(name: SandboxName) -> Self {
        match name {
            SandboxName::Auto => Choice::Auto,
            SandboxName::Namespaces => Choice::Namespaces,
            SandboxName::None => Choice::None,
        }
    }
}
