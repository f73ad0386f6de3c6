//! Plots: as data first and pixels last.
//!
//! A figure is a plain struct of numbers and words that knows nothing of statistics. It is laid out once
//! into a scene of lines, shapes and texts in page units, and only then painted by plotters, by the
//! same function for SVG and for PNG. The numbers drawn are written beside the picture as CSV.
//!
//! ```text
//! figure ─► scene (layout, labels placed) ─► paint ─► .svg, .png
//!    └────► tables ─────────────────────────────────► .csv
//! ```
//!
//! | figure | shows |
//! |---|---|
//! | [`Headline`] | horizons by release date with their trend, or as a list |
//! | [`Curves`] | success by task length, model by model |
//! | [`Residuals`] | every task against the curve, and what the curve leaves over |
//! | [`Comparison`] | horizons and trends by two measurements |
//! | [`TaskLengths`] | how many tasks there are of which length |
//! | [`Multiverse`] | what a conclusion depends on |
//! | [`BudgetCurve`] | horizons at a budget of tokens or dollars |
//!
//! Pictures need nothing from the machine: the font is part of the program and is embedded in every
//! SVG, so a text is as wide in a browser as it was when the page was laid out. The same figure
//! gives the same bytes on every run.
//!
//! Axes and tables write durations in [`human_time`].

mod axis;
mod budget;
mod budget_axis;
mod calendar;
mod comparison;
mod comparison_roster;
mod comparison_timeline;
mod compose;
mod curves;
mod dated_plot;
mod error;
mod estimate_rows;
mod extent;
mod facts;
mod font;
mod geometry;
mod headline;
pub mod human_time;
mod labels;
mod legend;
mod multiverse;
mod names;
mod page;
mod paint;
mod palette;
mod panel;
mod panel_grid;
mod residual_panel;
mod residuals;
mod roster;
#[cfg(test)]
mod samples;
mod scene;
mod spot;
mod symbol;
mod table;
mod task_lengths;
mod timeline;
mod timeline_legend;
mod write;

pub use axis::Scale;
pub use budget::{BudgetCurve, BudgetLine, BudgetStep, BudgetUnit};
pub use calendar::Day;
pub use comparison::{ComparedVersion, Comparison};
pub(crate) use compose::remark;
pub use curves::{CurveBin, CurvePanel, Curves, LogisticCurve};
pub use error::FigureError;
pub use extent::{Estimate, Extent};
pub use headline::{BandPoint, FitSettings, Headline, HeadlinePoint, NamedLine, TrendLine};
pub use multiverse::{Multiverse, Quantity, Spread};
pub use residuals::{ResidualBin, ResidualPanel, Residuals, TaskDot};
pub use scene::Scene;
pub use table::Table;
pub use task_lengths::{LengthPart, TaskLengths};
pub use write::{Figure, png, svg, write_all, write_csv, write_png, write_svg};
