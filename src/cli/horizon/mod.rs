//! `sextant horizon`, and what else can be asked of measured runs.

mod budget;
mod compare;
mod forecast;
mod human_time;
mod multiverse;
mod plan;
mod shapes;
mod versions;

use anyhow::anyhow;
use clap::{Args, Subcommand};

use super::args::Places;
use super::measuring::MeasureOptions;
use super::{CliError, Exit, print, print_json};
use crate::measure::Measurement;
use crate::report::{horizon_csv, horizon_report};

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
    /// As CSV, a row for each model and probability
    #[arg(long, env = "SEXTANT_CSV", conflicts_with = "json")]
    csv: bool,
}

/// What can be asked beyond the horizons themselves.
#[derive(Debug, Subcommand)]
enum Question {
    /// How far models reach if an attempt may take only so many tokens or dollars
    Budget(budget::BudgetCommand),
    /// Whether models differ, pair by pair, and from the trend of those before them
    Compare(compare::CompareCommand),
    /// When horizons to come are reached, by several shapes of growth, and how well each has predicted
    Forecast(forecast::ForecastCommand),
    /// What the uncertainty of human times does to horizons
    HumanTime(human_time::HumanTimeCommand),
    /// How far the trend moves with every choice and chance behind it
    Multiverse(multiverse::MultiverseCommand),
    /// Which attempts to make next, to know a horizon or the trend better
    Plan(plan::PlanCommand),
    /// Whether other shapes of the curve would say something else, and how well it fits
    Shapes(shapes::ShapesCommand),
    /// Two versions side by side: another suite of tasks, or other runs
    Versions(versions::VersionsCommand),
}

impl HorizonCommand {
    pub(crate) fn execute(&self, places: &Places) -> Result<Exit, CliError> {
        if let Some(question) = &self.question {
            return question.answer(places);
        }
        let measurement = self.measure.measure()?;
        if self.json {
            print_json(&measurement)?;
        } else if self.csv {
            print(&horizon_csv(&measurement).map_err(CliError::failed)?)?;
        } else {
            print(&horizon_report(&measurement))?;
        }
        Ok(Exit::Done)
    }
}

impl Question {
    fn answer(&self, places: &Places) -> Result<Exit, CliError> {
        match self {
            Self::Budget(command) => command.execute(),
            Self::Compare(command) => command.execute(),
            Self::Forecast(command) => command.execute(),
            Self::HumanTime(command) => command.execute(places),
            Self::Multiverse(command) => command.execute(places),
            Self::Plan(command) => command.execute(),
            Self::Shapes(command) => command.execute(),
            Self::Versions(command) => command.execute(),
        }
    }
}

/// The position of the model called `name`.
fn agent_named(measurement: &Measurement, name: &str) -> Result<usize, CliError> {
    measurement.dataset.agent_index(name).ok_or_else(|| {
        CliError::usage(anyhow!(
            "--model {name}: there is no such model here; there are {}",
            measurement.dataset.agents().join(", ")
        ))
    })
}
