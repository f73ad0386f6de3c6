//! `sextant horizon`, and what else can be asked of measured runs.

mod compare;
mod plan;

use clap::{Args, Subcommand};

use super::measuring::MeasureOptions;
use super::{CliError, Exit, print, print_json};
use crate::report::horizon_report;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct HorizonCommand {
    #[command(subcommand)]
    question: Option<Question>,
    #[command(flatten)]
    measure: MeasureOptions,
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

/// What can be asked beyond the horizons themselves.
#[derive(Debug, Subcommand)]
enum Question {
    /// Whether models differ, pair by pair, and from the trend of those before them
    Compare(compare::CompareCommand),
    /// Which attempts to make next, to know a horizon or the trend better
    Plan(plan::PlanCommand),
}

impl HorizonCommand {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        match &self.question {
            Some(Question::Compare(compare)) => return compare.execute(),
            Some(Question::Plan(plan)) => return plan.execute(),
            None => {}
        }
        let measurement = self.measure.measure()?;
        if self.json {
            print_json(&measurement)?;
        } else {
            print(&horizon_report(&measurement))?;
        }
        Ok(Exit::Done)
    }
}
