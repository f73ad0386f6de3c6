//! `sextant doctor`.

use clap::Args;
use serde::Serialize;

use super::dotenv::Environment;
use super::{CliError, Exit, print, print_json, runtime};
use crate::model::provider;
use crate::report::TextTable;
use crate::sandbox::{self, HostReport};

/// Programs that tasks are likely to need.
const TOOLS: [&str; 4] = ["bash", "python3", "cc", "rustc"];

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    sextant_version: &'static str,
    host: HostReport,
    tools: Vec<ToolReport>,
    keys: Vec<KeyReport>,
}

#[derive(Debug, Serialize)]
struct ToolReport {
    name: &'static str,
    /// Version, or why it is missing.
    found: Result<String, String>,
}

#[derive(Debug, Serialize)]
struct KeyReport {
    variable: &'static str,
    is_set: bool,
}

impl Doctor {
    pub(crate) fn execute(&self, environment: &Environment) -> Result<Exit, CliError> {
        let report = Report {
            sextant_version: env!("CARGO_PKG_VERSION"),
            host: runtime()?.block_on(sandbox::probe()),
            tools: TOOLS
                .map(|name| ToolReport {
                    name,
                    found: sandbox::resolve(name)
                        .map(|tool| tool.version)
                        .map_err(|error| error.to_string()),
                })
                .into(),
            keys: provider::key_variables()
                .map(|variable| KeyReport {
                    variable,
                    is_set: environment.get(variable).is_some(),
                })
                .collect(),
        };
        if self.json {
            print_json(&report)?;
        } else {
            print(&report.text())?;
        }
        Ok(if report.host.is_suitable() {
            Exit::Done
        } else {
            Exit::DoesNotHold
        })
    }
}

impl Report {
    fn text(&self) -> String {
        let mut text = format!("sextant {}\n\n{}\n", self.sextant_version, self.host);
        let mut table = TextTable::new(["tool", "found"]);
        for tool in &self.tools {
            let found = match &tool.found {
                Ok(version) => version.clone(),
                Err(reason) => format!("no: {reason}"),
            };
            table.row([tool.name.to_owned(), found]);
        }
        text.push_str(&table.to_string());
        let set: Vec<&str> = self
            .keys
            .iter()
            .filter(|key| key.is_set)
            .map(|key| key.variable)
            .collect();
        text.push_str("\nkeys set: ");
        text.push_str(&if set.is_empty() {
            "none".to_owned()
        } else {
            set.join(", ")
        });
        text.push('\n');
        text
    }
}
