//! How well the human time of a task is known, and what follows for horizons.
//!
//! A fit takes the length of a task as given, but it is the mean of a few timed attempts, or an
//! expert's guess. Three things follow, and each has its place here:
//!
//! - [`times`] says how uncertain every length is, by [`evidence`], [`censored`] what baselines that failed say of
//!   it, and [`reliance`] how much of a horizon rests on estimates;
//! - the noise makes horizons less certain: [`noise`] carries it into the bootstrap;
//! - the noise flattens curves, since lengths that are wrong tell less of success: [`simex`]
//!   extrapolates to lengths without noise.

pub mod censored;
pub mod evidence;
pub mod noise;
pub mod reliance;
pub mod simex;
pub mod times;

pub use evidence::{BaselineSpread, Evidence, Kind, Pooling};
pub use times::{HumanTime, HumanTimeError, HumanTimes, NoiseSettings};
