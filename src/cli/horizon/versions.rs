//! `sextant horizon versions`.

use std::path::PathBuf;

use clap::Args;
use horizon::versions::{Version, VersionSettings, compare_versions};

use super::super::measuring::MeasureOptions;
use super::super::{CliError, Exit, print, print_json};
use crate::report::versions_report;

#[derive(Debug, Args)]
pub(crate) struct VersionsCommand {
    #[command(flatten)]
    measure: MeasureOptions,
    /// Runs of the other version
    #[arg(
        long,
        value_name = "RUN",
        required = true,
        value_delimiter = ',',
        env = "SEXTANT_WITH"
    )]
    with: Vec<PathBuf>,
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

impl VersionsCommand {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        let first = self.measure.without_replicates()?;
        let other = self.measure.on(self.with.clone());
        let second = other.without_replicates()?;
        let settings = &first.analysis.settings;
        let names = (self.measure.source(), other.source());
        let version = |name, dataset| Version {
            name,
            dataset,
            weighting: settings.weighting,
            lambda: settings.lambda,
        };
        let day_of = |agent: &str| {
            let days = [&second.release_days, &first.release_days];
            let day = days.into_iter().find_map(|days| days.get(agent));
            day.map(|&day| f64::from(day))
        };
        let compared = compare_versions(
            version(&names.0, &first.dataset),
            version(&names.1, &second.dataset),
            VersionSettings {
                window: self.measure.window(),
                replicates: self.measure.replicates(),
                seed: settings.seed,
                ..VersionSettings::default()
            },
            day_of,
        )
        .map_err(CliError::usage)?;
        if self.json {
            print_json(&compared)?;
        } else {
            print(&versions_report(&compared))?;
        }
        Ok(Exit::Done)
    }
}
