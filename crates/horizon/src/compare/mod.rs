//! Agents against each other, and against the trend of those before them.
//!
//! Horizons of two agents are uncertain for much the same reason: which families and tasks were
//! chosen. All agents share these in a replicate, so that a ratio of horizons, taken replicate by
//! replicate, is often better known than either horizon. Intervals that overlap say nothing.
//!
//! - [`pairs`] compares two agents at a time, with [`sign_flip`] as a test that needs no curves;
//! - [`against_trend`] compares one agent with what earlier ones would have led to expect.

mod against_trend;
mod contrast;
mod pair;
pub mod sign_flip;

pub use against_trend::{AgainstTrend, AgainstTrendError, against_trend};
pub use contrast::{Contrast, Tally};
pub use pair::{PairComparison, PairError, TaskScope, all_pairs, pairs};
