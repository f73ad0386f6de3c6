//! From attempts and tables to horizons: what counts, and the statistics over it.
//!
//! [`select`] picks the attempts that count, as [`Sample`]s, and [`Measurement::of`] turns them into
//! everything that tables and figures show. What was left out is counted, never dropped in silence.

mod budgets;
mod costs;
mod coverage;
mod evidence;
mod forecasts;
mod human_time;
mod measurement;
mod multiverse;
mod release_dates;
mod sample;
mod select;
mod shapes;
mod stitched;

pub use budgets::{BudgetCurve, BudgetPoint, BudgetUnit, budget_curves};
pub use costs::Costs;
pub use coverage::Coverage;
pub use evidence::{HumanEvidence, PEOPLE};
pub use forecasts::{ForecastChoices, Forecasts, ScenarioForecast, ShapeForecast};
pub use human_time::{AgentFinding, HumanTimeFindings, NoiseError, USUAL_LN_SD};
pub use measurement::{Choices, MeasureError, Measurement, Sources};
pub(crate) use measurement::{PROBABILITIES, estimate_at, window_in_words};
pub use multiverse::Multiverse;
pub use release_dates::{ReleaseDates, ReleaseDatesError};
pub use sample::{Label, LengthSource, Sample};
pub use select::{Exclusion, LeftOut, Selection, select};
pub use shapes::{AgentShapes, ShapeFindings, ShapesAt};
pub use stitched::{PublishedError, PublishedHorizon};
