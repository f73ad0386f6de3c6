//! From attempts to horizons: which attempts count, and the statistics over them.
//!
//! One call, [`Measurement::of`], turns the attempts of one or more runs into everything that
//! tables and figures show. What was left out is counted, never dropped in silence.

mod release_dates;
mod select;

pub use release_dates::{ReleaseDates, ReleaseDatesError};
pub use select::{LeftOut, Selection, select};
