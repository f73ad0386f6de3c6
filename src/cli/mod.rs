//! The command line: one file a subcommand, thin.
//!
//! Results go to standard output, everything else to standard error. Exit codes are stable, see
//! [`Exit`].

mod args;
mod baseline;
mod demo;
mod doctor;
mod dotenv;
mod export;
mod grade;
mod horizon;
mod import;
mod measuring;
mod mock_server;
mod plot;
mod progress;
mod run;
mod task;
mod tla;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use args::Places;
use dotenv::Environment;

/// How the program ends. Documented in the README, and stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// What was asked for is done.
    Done = 0,
    /// The thing checked does not hold.
    DoesNotHold = 1,
    /// The command line or an input is wrong.
    Usage = 2,
    /// Some attempts could not be scored; run again to go on.
    Unscored = 3,
    /// The harness failed.
    Failed = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// An error at the program's edge: what it says, and how the program ends.
#[derive(Debug)]
pub(crate) struct CliError {
    exit: Exit,
    error: anyhow::Error,
}

impl CliError {
    /// The user's input is wrong.
    pub(crate) fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self {
            exit: Exit::Usage,
            error: error.into(),
        }
    }

    /// Attempts are missing that were planned.
    pub(crate) fn unscored(error: impl Into<anyhow::Error>) -> Self {
        Self {
            exit: Exit::Unscored,
            error: error.into(),
        }
    }

    /// The harness failed.
    pub(crate) fn failed(error: impl Into<anyhow::Error>) -> Self {
        Self {
            exit: Exit::Failed,
            error: error.into(),
        }
    }
}

/// Measures how far a language model's horizon reaches on real engineering work: the length of
/// work, in human time, that it completes with 50 % reliability.
#[derive(Debug, Parser)]
#[command(
    name = "sextant",
    version,
    arg_required_else_help = true,
    max_term_width = 100
)]
#[command(
    after_help = "Begin with `sextant demo`. Exit codes: 0 done, 1 the thing checked does not \
    hold, 2 usage or bad input, 3 some attempts could not be scored, 4 the harness failed."
)]
struct Cli {
    #[command(flatten)]
    places: Places,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the whole way once, without a key and without the network
    Demo(demo::Demo),
    /// Ask models to do a suite of tasks, and grade what they hand in
    Run(run::Run),
    /// Grade answers: those of a run again, or one from a file
    Grade(grade::Grade),
    /// Fit time horizons to the attempts of a run
    Horizon(horizon::HorizonCommand),
    /// Draw a run's time horizons and success curves
    Plot(plot::Plot),
    /// List, show and check tasks
    #[command(subcommand)]
    Task(task::TaskCommand),
    /// List how long humans take
    #[command(subcommand)]
    Baseline(baseline::BaselineCommand),
    /// Import another tool's results as a run
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Write a run in another tool's format
    #[command(subcommand)]
    Export(export::ExportCommand),
    /// Read, check and simulate TLA+ specifications
    #[command(subcommand)]
    Tla(tla::TlaCommand),
    /// Serve a scripted, fake model API for tests and rehearsals
    MockServer(mock_server::MockServerCommand),
    /// Report what this machine offers: isolation, tools, keys
    Doctor(doctor::Doctor),
}

/// The program: parses the command line, runs it, and says how it ended.
pub fn main() -> ExitCode {
    // Inside a sandbox this same program is its first process.
    if let Some(code) = crate::sandbox::helper_main() {
        return code;
    }
    let environment = match Environment::load() {
        Ok(environment) => environment,
        Err(error) => return report(&CliError::usage(error)),
    };
    let cli = match environment.parse::<Cli>() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; clap knows where each belongs.
            let _ = error.print();
            if let Some(hint) = tla::hint(std::env::args()) {
                say(hint);
            }
            return if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Done
            }
            .into();
        }
    };
    match cli.command.execute(&cli.places, &environment) {
        Ok(exit) => exit.into(),
        Err(error) => report(&error),
    }
}

fn report(error: &CliError) -> ExitCode {
    // A reader that went away, as in `sextant task list | head`, is no failure.
    let broken_pipe = error
        .error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe);
    if broken_pipe {
        return Exit::Done.into();
    }
    let _ = writeln!(io::stderr(), "sextant: {:#}", error.error);
    error.exit.into()
}

impl Command {
    fn execute(&self, places: &Places, environment: &Environment) -> Result<Exit, CliError> {
        match self {
            Self::Demo(command) => command.execute(places),
            Self::Run(command) => command.execute(places, environment),
            Self::Grade(command) => command.execute(places),
            Self::Horizon(command) => command.execute(places),
            Self::Plot(command) => command.execute(places),
            Self::Task(command) => command.execute(places),
            Self::Baseline(command) => command.execute(places),
            Self::Import(command) => command.execute(places),
            Self::Export(command) => command.execute(),
            Self::Tla(command) => command.execute(),
            Self::MockServer(command) => command.execute(),
            Self::Doctor(command) => command.execute(environment),
        }
    }
}

/// Writes `text` to standard output.
fn print(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(CliError::failed)
}

/// Writes `value` to standard output as JSON.
fn print_json(value: &impl serde::Serialize) -> Result<(), CliError> {
    let mut text = serde_json::to_string_pretty(value).map_err(CliError::failed)?;
    text.push('\n');
    print(&text)
}

/// Writes a line to standard error.
fn say(text: impl AsRef<str>) {
    let _ = writeln!(io::stderr(), "{}", text.as_ref());
}

/// A runtime for the commands that wait.
fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(CliError::failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_option_has_an_environment_twin() {
        fn visit(command: &clap::Command) {
            for argument in command.get_arguments() {
                let is_ours = !argument.is_positional()
                    && !matches!(argument.get_id().as_str(), "help" | "version");
                assert!(
                    !is_ours || argument.get_env().is_some(),
                    "{} --{}",
                    command.get_name(),
                    argument.get_id()
                );
            }
            command.get_subcommands().for_each(visit);
        }
        visit(&Cli::command());
    }
}
