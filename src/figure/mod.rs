//! Plots: as data first and pixels last.
//!
//! A figure is a plain struct of numbers and words ([`Headline`], [`Curves`]). It is laid out once
//! into a scene of lines, shapes and texts in page units, and only then painted by plotters, by the
//! same function for SVG and for PNG. The numbers drawn are written beside the picture as CSV.
//!
//! ```text
//! Headline, Curves ─► scene (layout, labels placed) ─► paint ─► .svg, .png
//!        └──────────► tables ─────────────────────────────────► .csv
//! ```
//!
//! Pictures need nothing from the machine: the font is part of the program and is embedded in every
//! SVG, so a text is as wide in a browser as it was when the page was laid out. The same figure
//! gives the same bytes on every run.
//!
//! Axes and tables write durations in [`human_time`].

mod axis;
mod calendar;
mod compose;
mod curves;
mod error;
mod extent;
mod facts;
mod font;
mod geometry;
mod headline;
pub mod human_time;
mod labels;
mod legend;
mod page;
mod paint;
mod palette;
mod panel;
mod roster;
#[cfg(test)]
mod samples;
mod scene;
mod symbol;
mod table;
mod timeline;
mod timeline_legend;
mod write;

pub use calendar::Day;
pub(crate) use compose::remark;
pub use curves::{CurveBin, CurvePanel, Curves, LogisticCurve};
pub use error::FigureError;
pub use extent::{Estimate, Extent};
pub use headline::{BandPoint, FitSettings, Headline, HeadlinePoint, TrendLine};
pub use scene::Scene;
pub use table::Table;
pub use write::{Figure, png, svg, write_all, write_csv, write_png, write_svg};
