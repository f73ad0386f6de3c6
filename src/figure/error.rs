//! What can go wrong between a figure and its files.

use std::path::PathBuf;

/// A figure could not be drawn or written.
#[derive(Debug, thiserror::Error)]
pub enum FigureError {
    /// The embedded font could not be read, or could not measure a text.
    #[error(
        "the embedded font cannot be used: {reason}; this is a fault of the build, not of the data"
    )]
    Font {
        /// What the font library said.
        reason: String,
    },
    /// The drawing backend refused a mark.
    #[error("drawing the {format} picture failed: {reason}")]
    Draw {
        /// `SVG` or `PNG`.
        format: &'static str,
        /// What the backend said.
        reason: String,
    },
    /// The page is larger than a picture can be.
    #[error(
        "a page of {width_px} x {height_px} px is too large for a picture; draw fewer models at once"
    )]
    TooLarge {
        /// Page width in page pixels.
        width_px: f64,
        /// Page height in page pixels.
        height_px: f64,
    },
    /// A table could not be written as CSV.
    #[error("the table `{table}` cannot be written as CSV: {reason}")]
    Csv {
        /// The table's name.
        table: String,
        /// What the CSV writer said.
        reason: String,
    },
    /// A file could not be written.
    #[error("{path} cannot be written: {source}; check that its folder exists and has space")]
    Write {
        /// The file that was wanted.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}
