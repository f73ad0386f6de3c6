//! `sextant tla parse`.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value as Json, json};

use super::findings;
use super::subject::{Libraries, module_file, module_name};
use crate::cli::{CliError, Exit, print, print_json};

#[derive(Debug, Args)]
pub(crate) struct Parse {
    /// Modules to read, each with everything it extends and instantiates
    #[arg(required = true, value_name = "MODULE")]
    modules: Vec<PathBuf>,
    #[command(flatten)]
    libraries: Libraries,
    /// As JSON: one object, or a list of them for several modules
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

impl Parse {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        let mut exit = Exit::Done;
        let mut objects = Vec::new();
        for given in &self.modules {
            let file = module_file(given);
            let name = module_name(&file)?;
            let loaded =
                tla::check::read(&self.libraries.around(&file), name).map_err(CliError::failed)?;
            let accepted = loaded.spec.is_some();
            if !accepted {
                exit = Exit::DoesNotHold;
            }
            if self.json {
                objects.push(json!({
                    "module": name,
                    "verdict": if accepted { "accepted" } else { "rejected" },
                    "diagnostics": findings::json(&loaded.diagnostics, loaded.sources()),
                }));
            } else {
                let mut text = findings::text(&loaded.diagnostics, loaded.sources());
                if !text.is_empty() {
                    text.push('\n');
                }
                let verdict = if accepted { "accepted" } else { "rejected" };
                text.push_str(&format!("{name}: {verdict}"));
                if !loaded.diagnostics.is_empty() {
                    text.push_str(&format!(" ({})", findings::tally(&loaded.diagnostics)));
                }
                text.push('\n');
                print(&text)?;
            }
        }
        if self.json {
            match <[Json; 1]>::try_from(objects) {
                Ok([only]) => print_json(&only)?,
                Err(several) => print_json(&several)?,
            }
        }
        Ok(exit)
    }
}
