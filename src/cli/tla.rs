//! `sextant tla check|parse|simulate|window|trace|compare`.

mod findings;
mod job;
mod parse;
mod questions;
mod subject;
mod tlc_options;

use clap::Subcommand;

use super::{CliError, Exit};

pub(crate) use tlc_options::hint;

#[derive(Debug, Subcommand)]
pub(crate) enum TlaCommand {
    /// Explore every reachable state of a specification, and check what its configuration names
    Check(job::Check),
    /// Read specifications and say what is wrong with them: syntax, names, arities, levels
    Parse(parse::Parse),
    /// Generate random behaviours of a specification, and check them
    Simulate(job::Simulate),
    /// Say which steps from one observation to another a specification allows
    Window(questions::WindowCommand),
    /// Say whether a trace of observations is a behaviour of a specification, and where it fails
    Trace(questions::TraceCommand),
    /// Say how what is seen of two specifications differs
    Compare(questions::CompareCommand),
}

impl TlaCommand {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        match self {
            Self::Check(command) => command.execute(),
            Self::Parse(command) => command.execute(),
            Self::Simulate(command) => command.execute(),
            Self::Window(command) => command.execute(),
            Self::Trace(command) => command.execute(),
            Self::Compare(command) => command.execute(),
        }
    }
}
