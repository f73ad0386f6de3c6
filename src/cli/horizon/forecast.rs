//! `sextant horizon forecast`.

use anyhow::anyhow;
use clap::Args;
use jiff::civil::Date;

use super::super::measuring::MeasureOptions;
use super::super::{CliError, Exit, print, print_json};
use crate::measure::{ForecastChoices, Forecasts, ReleaseDates};
use crate::report::forecast_report;

#[derive(Debug, Args)]
pub(crate) struct ForecastCommand {
    #[command(flatten)]
    measure: MeasureOptions,
    /// Days for which a leading model's horizon is forecast; 90, 180 and 365 days after the newest
    /// release unless given
    #[arg(
        long,
        value_name = "YYYY-MM-DD",
        value_delimiter = ',',
        env = "SEXTANT_ON"
    )]
    on: Vec<Date>,
    /// Horizon whose date is forecast, in hours; 167 working hours are a month
    #[arg(
        long,
        value_name = "HOURS",
        default_value_t = 167.0,
        env = "SEXTANT_TARGET_HOURS"
    )]
    target_hours: f64,
    /// Doubling times of scenarios from the newest leading model on, in months
    #[arg(
        long,
        value_name = "MONTHS",
        value_delimiter = ',',
        default_values_t = [4.0, 7.0],
        env = "SEXTANT_DOUBLING_MONTHS"
    )]
    doubling_months: Vec<f64>,
    /// Fit what was released up to this day, and score it by what came after
    #[arg(long, value_name = "YYYY-MM-DD", env = "SEXTANT_BACK_TEST")]
    back_test: Option<Date>,
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

impl ForecastCommand {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        if !(self.target_hours.is_finite() && self.target_hours > 0.0) {
            return Err(CliError::usage(anyhow!(
                "--target-hours {}: give a finite number of hours above zero",
                self.target_hours
            )));
        }
        let measurement = self.measure.measure()?;
        let day = |date: Date| f64::from(ReleaseDates::day_number(date));
        let choices = ForecastChoices {
            window: self.measure.window(),
            target_minutes: self.target_hours * 60.0,
            days: self.on.iter().copied().map(day).collect(),
            doubling_months: self.doubling_months.clone(),
            back_test_day: self.back_test.map(day),
        };
        let found = Forecasts::of(&measurement.releases(0.5), &choices).map_err(CliError::usage)?;
        if self.json {
            print_json(&found)?;
        } else {
            print(&forecast_report(&found))?;
        }
        Ok(Exit::Done)
    }
}
