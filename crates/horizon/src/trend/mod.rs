//! How fast horizons grow with release date.
//!
//! METR's rule: least squares of ln horizon on release day, through the agents that led when they
//! came out. Days count from 1970-01-01.
//!
//! [`trend()`] is that rule. Beyond it, horizons may grow in other ways than by constant doubling:
//! [`fit_growth`] fits a [`Shape`], [`forecast()`] says what it expects of days to come,
//! [`rolling_origin`] how well it would have done so far, and [`alternatives()`] compares them all.
//! [`scenarios`] go on from the newest leader at a chosen pace.

mod alternatives;
mod backtest;
mod doubling;
mod forecast;
mod gauss_newton;
mod growth;
mod leaders;
mod line;
mod nonlinear;
mod predictive;
mod scenario;
mod shape_fit;

pub use alternatives::{Advantage, Alternative, alternatives};
pub use backtest::{
    Backtest, RollingOrigin, Score, ScoreSummary, Unfitted, backtest, rolling_origin,
};
pub(crate) use doubling::replicate_lines;
pub use doubling::{BandPoint, DoublingInterval, Trend, trend};
pub(crate) use forecast::ArrivalSpread;
pub use forecast::{ArrivalInterval, Forecast, Milestone, Prediction, forecast};
pub use growth::{Arrival, Growth, ONE_MONTH_MINUTES, Shape};
pub(crate) use leaders::{Leaders, usable_log};
pub use leaders::{Point, Release, SHORTEST_MINUTES, ShortHorizons, TrendError, Window, frontier};
pub use line::Line;
pub use predictive::Predictive;
pub use scenario::{DAYS_PER_MONTH, Scenario, scenarios};
pub use shape_fit::{GrowthError, GrowthFit, fit_growth};
