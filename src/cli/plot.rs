//! `sextant plot`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use super::measuring::MeasureOptions;
use super::{CliError, Exit, print};
use crate::figure::{Curves, Headline, write_all};
use crate::measure::Measurement;

#[derive(Debug, Args)]
pub(crate) struct Plot {
    #[command(flatten)]
    measure: MeasureOptions,
    /// Folder of the pictures; the first run's figures/ unless given
    #[arg(long, value_name = "DIR", env = "SEXTANT_OUT")]
    out: Option<PathBuf>,
}

impl Plot {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        let measurement = self.measure.measure()?;
        let out = self
            .out
            .clone()
            .unwrap_or_else(|| self.measure.first_run().join("figures"));
        for path in draw(&measurement, &self.measure.source(), &out)? {
            print(&format!("{}\n", path.display()))?;
        }
        Ok(Exit::Done)
    }
}

/// Draws both figures into `out`, and returns the files written.
pub(crate) fn draw(
    measurement: &Measurement,
    source: &str,
    out: &Path,
) -> Result<Vec<PathBuf>, CliError> {
    fs::create_dir_all(out)
        .with_context(|| format!("cannot create {}", out.display()))
        .map_err(CliError::failed)?;
    let mut files = write_all(&Headline::of(measurement, source), &out.join("headline"))
        .map_err(CliError::failed)?;
    files.extend(
        write_all(&Curves::of(measurement, source), &out.join("curves"))
            .map_err(CliError::failed)?,
    );
    Ok(files)
}
