//! `sextant horizon`.

use clap::Args;

use super::measuring::MeasureOptions;
use super::{CliError, Exit, print, print_json};
use crate::report::horizon_report;

#[derive(Debug, Args)]
pub(crate) struct HorizonCommand {
    #[command(flatten)]
    measure: MeasureOptions,
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

impl HorizonCommand {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        let measurement = self.measure.measure()?;
        if self.json {
            print_json(&measurement)?;
        } else {
            print(&horizon_report(&measurement))?;
        }
        Ok(Exit::Done)
    }
}
