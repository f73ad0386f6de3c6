//! How fast horizons grow with release date.
//!
//! METR's rule: least squares of ln horizon on release day, through the agents that led when they
//! came out. Days count from 1970-01-01.

mod doubling;
mod leaders;
mod line;

pub use doubling::{BandPoint, DoublingInterval, Trend, trend};
pub(crate) use leaders::Leaders;
pub use leaders::{Point, Release, SHORTEST_MINUTES, ShortHorizons, TrendError, Window, frontier};
pub use line::Line;
