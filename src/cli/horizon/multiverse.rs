//! `sextant horizon multiverse`.

use clap::Args;

use super::super::args::Places;
use super::super::measuring::MeasureOptions;
use super::super::{CliError, Exit, print, print_json};
use crate::measure::{HumanEvidence, Multiverse, PEOPLE};
use crate::report::multiverse_report;

#[derive(Debug, Args)]
pub(crate) struct MultiverseCommand {
    #[command(flatten)]
    measure: MeasureOptions,
    /// Horizon whose date is asked for, in hours
    #[arg(
        long,
        value_name = "HOURS",
        default_value_t = 167.0,
        env = "SEXTANT_TARGET_HOURS"
    )]
    target_hours: f64,
    /// Draws of every source
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1000,
        env = "SEXTANT_UNIVERSES"
    )]
    universes: usize,
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

impl MultiverseCommand {
    pub(crate) fn execute(&self, places: &Places) -> Result<Exit, CliError> {
        let measurement = self.measure.without_replicates()?;
        let evidence = HumanEvidence::of(&measurement, &places.baselines()?, Some(PEOPLE));
        let target_minutes = self.target_hours * 60.0;
        let found = Multiverse::of(&measurement, &evidence, target_minutes, self.universes)
            .map_err(CliError::usage)?;
        if self.json {
            print_json(&found)?;
        } else {
            print(&multiverse_report(&found.sources, target_minutes))?;
        }
        Ok(Exit::Done)
    }
}
