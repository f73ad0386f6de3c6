//! From attempts to horizons: which attempts count, and the statistics over them.
//!
//! One call, [`Measurement::of`], turns attempts into everything that tables and figures show.
//! What was left out is counted, never dropped in silence.

mod measurement;
mod release_dates;
mod select;

pub use measurement::{MeasureError, Measurement, Sources};
pub(crate) use measurement::{PROBABILITIES, estimate_at, window_in_words};
pub use release_dates::{ReleaseDates, ReleaseDatesError};
pub use select::{LeftOut, Selection, select};
