//! Time-horizon statistics: how long a task may be, in human time, before an agent's success
//! falls to a given probability, and how that length grows with release date.
//!
//! The method is METR's ("Measuring AI Ability to Complete Long Tasks", 2025), with exact fits
//! and with edge cases that have names instead of infinities:
//!
//! - [`data`] holds runs of agents at tasks of known human length, [`weights`] says how much each
//!   run counts, and [`observe`] boils both down to what a fit needs;
//! - [`logistic`] fits success against the logarithm of length, with a penalty [`lambda`];
//!   [`horizon`] is where such a curve crosses a probability;
//! - [`bootstrap`] says how certain that is, by [`quantile`]s of refitted curves, and [`replay`]
//!   draws the same replicates as METR's own code, run by run;
//! - [`interval`] has other ways to an interval than plain quantiles;
//! - [`human_time`] says how well lengths are known, and what that does to horizons;
//! - [`mod@trend`] draws a line through the agents that led when they came out;
//! - [`compare`] holds agents against each other and against the trend of those before them;
//! - [`multiverse`] says how far that line moves with every choice and chance behind it, and
//!   [`versions`] how far with another suite of tasks;
//! - [`bins`] shows plain success rates beside the curve, and [`mod@goodness`] says how well it fits;
//! - [`shape`] holds other shapes of the curve, and says where they disagree; [`sensitivity`]
//!   shows what the penalty does;
//! - [`mod@design`] says which runs to add next, and how many an interval of a wanted width takes;
//! - [`analysis`] does all of it in one call.
//!
//! ```
//! use horizon::{Dataset, Run, Settings, analyse};
//!
//! let run = |minutes: f64, success: f64| Run {
//!     agent: "someone".into(),
//!     task: format!("walks/{minutes} minutes"),
//!     family: "walks".into(),
//!     human_minutes: minutes,
//!     success,
//! };
//! let runs = [run(1.0, 1.0), run(4.0, 1.0), run(16.0, 0.0), run(16.0, 1.0), run(64.0, 0.0)];
//! let analysis = analyse(&Dataset::new(runs)?, &Settings::default())?;
//! let p50 = analysis.agents[0].horizons[0].horizon.minutes();
//! assert!(p50.is_some_and(|minutes| (4.0..64.0).contains(&minutes)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod analysis;
pub mod bins;
pub mod bootstrap;
pub mod compare;
pub mod data;
pub mod design;
pub mod goodness;
pub mod horizon;
pub mod human_time;
pub mod interval;
pub mod lambda;
mod least_squares;
pub mod logistic;
pub mod multiverse;
mod newton;
pub mod observe;
pub mod quantile;
mod random;
pub mod replay;
pub mod sensitivity;
pub mod shape;
pub mod trend;
pub mod versions;
pub mod weights;

pub use analysis::{Analysis, Settings, analyse, analyse_replayed};
pub use bootstrap::{Bootstrap, Resampling};
pub use data::{DataError, Dataset, Run};
pub use design::{Design, Target};
pub use horizon::{Horizon, Reach};
pub use interval::IntervalMethod;
pub use lambda::Lambda;
pub use logistic::{Curve, Fit, Observation};
pub use trend::{Release, Trend, Window, trend};
pub use weights::Weighting;
