//! Time-horizon statistics: how long a task may be, in human time, before an agent's success
//! falls to a given probability.
//!
//! The method is METR's ("Measuring AI Ability to Complete Long Tasks", 2025), with exact fits
//! and with edge cases that have names instead of infinities:
//!
//! - [`data`] holds runs of agents at tasks of known human length,
//! - [`weights`] says how much each run counts,
//! - [`logistic`] fits success against the logarithm of length,
//! - [`horizon`] is where such a curve crosses a probability.

pub mod data;
pub mod horizon;
pub mod lambda;
pub mod logistic;
pub mod observe;
pub mod weights;

pub use data::{DataError, Dataset, Run};
pub use horizon::{Horizon, Reach};
pub use lambda::Lambda;
pub use logistic::{Curve, Fit, Observation};
pub use weights::Weighting;
