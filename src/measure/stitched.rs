//! Horizons that others published, for trends that reach further back than the runs.

use std::path::{Path, PathBuf};

use horizon::{Horizon, Release};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ReleaseDates;

/// A published p50: a point of a stitched trend, the same in every replicate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PublishedHorizon {
    /// The model.
    pub model: String,
    /// When it was released.
    pub released_on: Date,
    /// Its p50 in human minutes.
    pub p50_minutes: f64,
}

/// Why published horizons could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PublishedError {
    /// The file is unreadable, or a row of it is no horizon.
    #[error("{}: {message}; a CSV with the header `model,released_on,p50_minutes` is needed", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong, with its place.
        message: String,
    },
}

impl PublishedHorizon {
    /// Reads a CSV of them.
    ///
    /// # Errors
    /// When it is unreadable, or a horizon is no finite length above zero.
    pub fn read(path: &Path) -> Result<Vec<Self>, PublishedError> {
        let bad = |message: String| PublishedError::File {
            path: path.to_owned(),
            message,
        };
        let mut reader = csv::Reader::from_path(path).map_err(|error| bad(error.to_string()))?;
        let mut horizons = Vec::new();
        for row in reader.deserialize() {
            let row: Self = row.map_err(|error| bad(error.to_string()))?;
            if !(row.p50_minutes.is_finite() && row.p50_minutes > 0.0) {
                let message = format!("{}: p50_minutes is {}", row.model, row.p50_minutes);
                return Err(bad(message));
            }
            horizons.push(row);
        }
        Ok(horizons)
    }

    pub(super) fn release(&self) -> Release {
        Release {
            agent: self.model.clone(),
            day: ReleaseDates::day_number(self.released_on).into(),
            horizon: Horizon::from_minutes(self.p50_minutes),
            replicates_minutes: Vec::new(),
        }
    }
}
