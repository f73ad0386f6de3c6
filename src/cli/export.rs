//! `sextant export metr`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::{CliError, Exit, say};
use crate::attempt::RunFolder;
use crate::exchange::{ExportError, export_metr};

#[derive(Debug, Subcommand)]
pub(crate) enum ExportCommand {
    /// METR's runs.jsonl, with weights
    Metr(Metr),
}

#[derive(Debug, Args)]
pub(crate) struct Metr {
    /// Run directories
    #[arg(value_name = "RUN", required = true)]
    runs: Vec<PathBuf>,
    /// The file to write; standard output unless given
    #[arg(long, value_name = "FILE", env = "SEXTANT_OUT")]
    out: Option<PathBuf>,
}

impl ExportCommand {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        let Self::Metr(command) = self;
        command.execute()
    }
}

impl Metr {
    fn execute(&self) -> Result<Exit, CliError> {
        let mut attempts = Vec::new();
        for path in &self.runs {
            attempts.extend(RunFolder::new(path).read().map_err(CliError::usage)?);
        }
        let mut out: Box<dyn Write> = match &self.out {
            None => Box::new(io::stdout().lock()),
            Some(path) => Box::new(
                File::create(path)
                    .with_context(|| format!("cannot write {}", path.display()))
                    .map_err(CliError::failed)?,
            ),
        };
        let exported =
            export_metr(&attempts, &mut BufWriter::new(&mut out)).map_err(|error| match error {
                ExportError::Io(_) => CliError::failed(error),
                _ => CliError::usage(error),
            })?;
        let mut words = vec![format!("{} runs written", exported.runs)];
        if exported.left_out > 0 {
            words.push(format!(
                "{} left out, without a score or a human time",
                exported.left_out
            ));
        }
        if exported.repeated > 0 {
            words.push(format!("{} repeated", exported.repeated));
        }
        say(words.join("; "));
        Ok(Exit::Done)
    }
}
