//! The `sextant` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Helper processes of the sandbox are this same program; they must not get any further.
    sextant::sandbox::helper_main().unwrap_or(ExitCode::SUCCESS)
}
