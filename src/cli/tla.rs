//! `sextant tla check|parse|simulate`.

mod findings;
mod job;
mod parse;
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
}

impl TlaCommand {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        match self {
            Self::Check(command) => command.execute(),
            Self::Parse(command) => command.execute(),
            Self::Simulate(command) => command.execute(),
        }
    }
}
