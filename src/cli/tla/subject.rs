//! Which specification, with which configuration.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, anyhow};
use clap::Args;
use tla::check::{ConfigText, Prepared, prepare};
use tla::eval::model::Options as ModelOptions;
use tla::resolve::Folders;

use crate::cli::CliError;

/// Folders of modules beyond that of the specification.
#[derive(Debug, Args)]
pub(crate) struct Libraries {
    /// More folders to look for modules in, after that of the specification
    #[arg(
        long = "library",
        value_name = "DIR",
        value_delimiter = ':',
        env = "SEXTANT_LIBRARY"
    )]
    libraries: Vec<PathBuf>,
}

impl Libraries {
    /// Where to look for the modules of the specification in `file`.
    pub(crate) fn around(&self, file: &Path) -> Folders {
        let home = file.parent().unwrap_or_else(|| Path::new("")).to_path_buf();
        Folders::new(std::iter::once(&home).chain(&self.libraries))
    }
}

/// The file of a specification, by any name TLC's users give it: with or without `.tla`.
pub(crate) fn module_file(given: &Path) -> PathBuf {
    match given.extension() {
        Some(extension) if extension == "tla" => given.to_path_buf(),
        _ => {
            let mut name = given.as_os_str().to_os_string();
            name.push(".tla");
            PathBuf::from(name)
        }
    }
}

/// The module that a file must hold.
pub(crate) fn module_name(file: &Path) -> Result<&str, CliError> {
    if !file.is_file() {
        return Err(CliError::usage(anyhow!(
            "there is no file {}",
            file.display()
        )));
    }
    file.file_stem()
        .and_then(|stem| stem.to_str())
        .ok_or_else(|| CliError::usage(anyhow!("{} is no name of a module", file.display())))
}

/// Reads a specification with its configuration.
pub(crate) fn prepared(
    module: &Path,
    config: Option<&Path>,
    libraries: &Libraries,
    options: ModelOptions<'_>,
) -> Result<Prepared, CliError> {
    let file = module_file(module);
    let name = module_name(&file)?;
    let configuration = Configuration::read(config, &file)?;
    let config = ConfigText {
        name: &configuration.name,
        text: &configuration.text,
    };
    prepare(&libraries.around(&file), name, config, options).map_err(CliError::failed)
}

/// The wall time that `--max-seconds` allows.
pub(crate) fn time_limit(max_seconds: Option<f64>) -> Result<Option<Duration>, CliError> {
    max_seconds
        .map(Duration::try_from_secs_f64)
        .transpose()
        .context("--max-seconds")
        .map_err(CliError::usage)
}

/// A configuration as it was read.
struct Configuration {
    name: String,
    text: String,
}

impl Configuration {
    /// The configuration of the specification in `file`: the one given, else the `.cfg` beside it.
    fn read(given: Option<&Path>, file: &Path) -> Result<Self, CliError> {
        let path = match given {
            Some(given) if given.is_file() => given.to_path_buf(),
            // TLC takes the name without its ending too.
            Some(given) => given.with_extension("cfg"),
            None => file.with_extension("cfg"),
        };
        let text = fs::read(&path)
            .with_context(|| match given {
                Some(_) => format!("cannot read the configuration {}", path.display()),
                None => format!(
                    "cannot read the configuration {}; name one with --config",
                    path.display()
                ),
            })
            .map_err(CliError::usage)?;
        Ok(Self {
            name: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            text: String::from_utf8_lossy(&text).into_owned(),
        })
    }
}
