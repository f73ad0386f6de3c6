//! `sextant horizon human-time`.

use clap::Args;
use horizon::human_time::NoiseSettings;

use super::super::args::Places;
use super::super::measuring::MeasureOptions;
use super::super::{CliError, Exit, print, print_json};
use crate::measure::{HumanEvidence, HumanTimeFindings, PEOPLE, USUAL_LN_SD};
use crate::report::human_time_report;

#[derive(Debug, Args)]
pub(crate) struct HumanTimeCommand {
    #[command(flatten)]
    measure: MeasureOptions,
    /// The name under which people's attempts stand among the runs; they tell how much times scatter
    #[arg(
        long,
        value_name = "NAME",
        default_value = PEOPLE,
        env = "SEXTANT_PEOPLE"
    )]
    people: String,
    /// Standard deviation of ln minutes of one person's time, where no task was timed twice
    #[arg(long, value_name = "SD", default_value_t = USUAL_LN_SD, env = "SEXTANT_BASELINE_LN_SD")]
    baseline_ln_sd: f64,
    /// The same of every estimate, whatever its range
    #[arg(long, value_name = "SD", env = "SEXTANT_ESTIMATE_LN_SD")]
    estimate_ln_sd: Option<f64>,
    /// By how much true times exceed estimates: 1 for not at all
    #[arg(
        long,
        value_name = "FACTOR",
        default_value_t = 1.0,
        env = "SEXTANT_ESTIMATE_BIAS"
    )]
    estimate_bias: f64,
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

impl HumanTimeCommand {
    pub(crate) fn execute(&self, places: &Places) -> Result<Exit, CliError> {
        let measurement = self.measure.measure()?;
        let people = Some(self.people.as_str());
        let evidence = HumanEvidence::of(&measurement, &places.baselines()?, people);
        let noise = NoiseSettings {
            estimate_ln_sd: self.estimate_ln_sd,
            estimate_bias: self.estimate_bias,
            fallback_ln_sd: Some(self.baseline_ln_sd),
            ..NoiseSettings::default()
        };
        let window = self.measure.window();
        let found = HumanTimeFindings::of(&measurement, &evidence, noise, window)
            .map_err(CliError::usage)?;
        if self.json {
            print_json(&found)?;
        } else {
            print(&human_time_report(&found))?;
        }
        Ok(Exit::Done)
    }
}
