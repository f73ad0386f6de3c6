//! `sextant horizon shapes`.

use clap::Args;

use super::super::measuring::MeasureOptions;
use super::super::{CliError, Exit, print, print_json};
use crate::measure::ShapeFindings;
use crate::report::shapes_report;

#[derive(Debug, Args)]
pub(crate) struct ShapesCommand {
    #[command(flatten)]
    measure: MeasureOptions,
    /// Score every shape on families that it has not seen
    #[arg(long, env = "SEXTANT_CROSS_VALIDATE")]
    cross_validate: bool,
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

impl ShapesCommand {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        let measurement = self.measure.measure()?;
        let found = ShapeFindings::of(&measurement, self.cross_validate);
        if self.json {
            print_json(&found)?;
        } else {
            print(&shapes_report(&found))?;
        }
        Ok(Exit::Done)
    }
}
