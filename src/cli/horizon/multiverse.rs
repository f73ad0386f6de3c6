//! `sextant horizon multiverse`.

use clap::Args;
use horizon::human_time::{HumanTimes, NoiseSettings};
use horizon::multiverse::{MultiverseSettings, Varied, multiverse};

use super::super::args::Places;
use super::super::measuring::MeasureOptions;
use super::super::{CliError, Exit, print, print_json};
use crate::measure::{HumanEvidence, USUAL_LN_SD};
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
        let dataset = &measurement.dataset;
        let evidence = HumanEvidence::of(&measurement, &places.baselines()?, Some("human"));
        let noise = NoiseSettings {
            fallback_ln_sd: Some(USUAL_LN_SD),
            ..NoiseSettings::default()
        };
        let times = HumanTimes::new(dataset, &evidence.by_task, noise).map_err(CliError::usage)?;
        let base = &measurement.analysis.settings;
        let settings = MultiverseSettings {
            base_weighting: base.weighting,
            base_lambda: base.lambda,
            target_minutes: self.target_hours * 60.0,
            window: self.measure.window(),
            universes: self.universes,
            seed: base.seed,
            ..MultiverseSettings::default()
        };
        let day_of = |agent: &str| measurement.release_days.get(agent).map(|&day| day.into());
        let spreads = multiverse(
            dataset,
            Some(&times),
            &Varied::EACH_AND_ALL,
            &settings,
            day_of,
        )
        .map_err(CliError::usage)?;
        if self.json {
            print_json(&serde_json::json!({ "settings": settings, "sources": spreads }))?;
        } else {
            print(&multiverse_report(&spreads, settings.target_minutes))?;
        }
        Ok(Exit::Done)
    }
}
