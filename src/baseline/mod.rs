//! How long humans take: timed baselines and experts' estimates.
//!
//! `baselines/<family>.csv` holds one record a line. A task's human minutes are the geometric
//! mean of its successful measured times, or else its estimate; which of the two is always
//! said. The rule is METR's (Kwa et al. 2025, "Measuring AI Ability to Complete Long Tasks").

mod aggregate;
mod record;

pub use aggregate::{Baselines, HumanTime};
pub use record::{BaselineError, Record, Source};
