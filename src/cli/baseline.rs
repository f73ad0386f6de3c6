//! `sextant baseline list`.

use clap::{Args, Subcommand};

use super::args::Places;
use super::{CliError, Exit, print, print_json};
use crate::figure::human_time;
use crate::report::TextTable;

#[derive(Debug, Subcommand)]
pub(crate) enum BaselineCommand {
    /// Every recorded human time
    List(List),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

impl BaselineCommand {
    pub(crate) fn execute(&self, places: &Places) -> Result<Exit, CliError> {
        let Self::List(list) = self;
        let baselines = places.baselines()?;
        if list.json {
            print_json(&baselines.records().collect::<Vec<_>>())?;
            return Ok(Exit::Done);
        }
        let mut table = TextTable::new([
            "task",
            "version",
            "baseliner",
            "time",
            "range",
            "source",
            "recorded",
        ]);
        for record in baselines.records() {
            let range = match (record.low_minutes, record.high_minutes) {
                (Some(low), Some(high)) => {
                    format!(
                        "{} – {}",
                        human_time::format_minutes(low),
                        human_time::format_minutes(high)
                    )
                }
                _ => String::new(),
            };
            let failed = if record.succeeded == Some(false) {
                ", failed"
            } else {
                ""
            };
            table.row([
                record.task_id.clone(),
                record.task_version.clone(),
                record.baseliner.clone(),
                human_time::format_minutes(record.minutes),
                range,
                format!("{}{failed}", record.source.name()),
                record.recorded_at.to_string(),
            ]);
        }
        print(&table.to_string())?;
        Ok(Exit::Done)
    }
}
