//! `sextant import metr`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::args::Places;
use super::{CliError, Exit, print, print_json, say};
use crate::attempt::RunFolder;
use crate::exchange::{ImportError, import_metr};
use crate::measure::ReleaseDates;

#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// METR's runs.jsonl: plain, .xz or .zst
    Metr(Metr),
}

#[derive(Debug, Args)]
pub(crate) struct Metr {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The new run's name below the results folder; the file's folder's name unless given
    #[arg(long, value_name = "NAME", env = "SEXTANT_RUN")]
    run: Option<String>,
    /// Release dates to keep with the run: a CSV `alias,released_on`, or METR's YAML
    #[arg(long, value_name = "FILE", env = "SEXTANT_RELEASE_DATES")]
    release_dates: Option<PathBuf>,
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

impl ImportCommand {
    pub(crate) fn execute(&self, places: &Places) -> Result<Exit, CliError> {
        let Self::Metr(command) = self;
        command.execute(places)
    }
}

impl Metr {
    fn execute(&self, places: &Places) -> Result<Exit, CliError> {
        // Read before anything is written, so that a bad file leaves nothing half done.
        let dates = self
            .release_dates
            .as_deref()
            .map(ReleaseDates::read)
            .transpose();
        let dates = dates.map_err(CliError::usage)?;
        let folder = RunFolder::new(places.results.join(self.run_name()));
        let imported = import_metr(&self.file, &folder).map_err(|error| match error {
            ImportError::Io {
                action: "write" | "create",
                ..
            } => CliError::failed(error),
            _ => CliError::usage(error),
        })?;
        if let Some(dates) = dates {
            let aliases = folder.read().map_err(CliError::failed)?;
            let aliases: Vec<&str> = aliases
                .iter()
                .map(|attempt| attempt.alias.as_str())
                .collect();
            dates
                .write(&folder.release_dates(), &aliases)
                .map_err(CliError::failed)?;
        }
        let path = folder.path().display().to_string();
        if self.json {
            print_json(&imported)?;
        } else {
            print(&format!(
                "{path}: {} runs of {} agents at {} tasks of {} families\n",
                imported.runs, imported.agents, imported.tasks, imported.families
            ))?;
            say(format!("Next: sextant horizon {path}; sextant plot {path}"));
        }
        Ok(Exit::Done)
    }

    fn run_name(&self) -> String {
        let named = |name: &std::ffi::OsStr| name.to_string_lossy().into_owned();
        self.run.clone().unwrap_or_else(|| {
            let resolved = self
                .file
                .canonicalize()
                .unwrap_or_else(|_| self.file.clone());
            resolved
                .parent()
                .and_then(|folder| folder.file_name())
                .map_or("imported".into(), named)
        })
    }
}
