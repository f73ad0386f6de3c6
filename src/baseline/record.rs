//! One baseline: a line of `baselines/<family>.csv`.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Where a time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// A person did the task against the clock.
    Measured,
    /// An expert's judgement; carries a range.
    Estimate,
}

impl Source {
    /// The word used in files and figures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Estimate => "estimate",
        }
    }
}

/// One human's timed attempt at a task, or an estimate of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// `family/name`.
    pub task_id: String,
    /// The task version that was attempted or judged.
    pub task_version: String,
    /// Who; a pseudonym is fine.
    pub baseliner: String,
    /// Time taken or estimated, in minutes.
    pub minutes: f64,
    /// Whether a measured attempt succeeded; empty for estimates.
    pub succeeded: Option<bool>,
    /// Score of a measured attempt, 0 to 1, where known.
    pub score: Option<f64>,
    /// Measured or estimated.
    pub source: Source,
    /// Date of the record, `YYYY-MM-DD`.
    pub recorded_at: jiff::civil::Date,
    /// How the number came about.
    #[serde(default)]
    pub notes: String,
    /// Lower end of an estimate, in minutes.
    pub low_minutes: Option<f64>,
    /// Upper end of an estimate, in minutes.
    pub high_minutes: Option<f64>,
}

/// Why baselines could not be read.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// The folder or a file is unreadable.
    #[error("cannot read {}: {source}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line does not hold a record.
    #[error("{}:{line}: {message}", .path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Line from 1, the header included.
        line: u64,
        /// What is wrong with it.
        message: String,
    },
}

impl Record {
    fn flaw(&self) -> Option<String> {
        let positive = |value: f64| value.is_finite() && value > 0.0;
        if self.task_id.parse::<crate::task::TaskId>().is_err() {
            return Some(format!(
                "`task_id`: {:?} is not `family/name`",
                self.task_id
            ));
        }
        if !positive(self.minutes) {
            return Some(format!(
                "`minutes`: {} is not a positive number",
                self.minutes
            ));
        }
        match self.source {
            Source::Measured if self.succeeded.is_none() => {
                Some("`succeeded`: a measured attempt must say true or false".into())
            }
            Source::Estimate => match (self.low_minutes, self.high_minutes) {
                (Some(low), Some(high))
                    if positive(low)
                        && positive(high)
                        && low <= self.minutes
                        && self.minutes <= high =>
                {
                    None
                }
                (Some(_), Some(_)) => Some(format!(
                    "`low_minutes`, `high_minutes`: must be positive and enclose the estimate of {}",
                    self.minutes
                )),
                _ => Some("`low_minutes`, `high_minutes`: an estimate must give its range".into()),
            },
            Source::Measured => None,
        }
    }
}

/// Reads one file; the first bad line ends it.
pub(super) fn read_file(path: &Path) -> Result<Vec<Record>, BaselineError> {
    let at_line = |line: u64, message: String| BaselineError::Line {
        path: path.to_owned(),
        line,
        message,
    };
    let file = std::fs::File::open(path).map_err(|source| BaselineError::Io {
        path: path.to_owned(),
        source,
    })?;
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(file);
    let mut records = Vec::new();
    for result in reader.deserialize::<Record>() {
        let record = result.map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            at_line(line, describe(&error))
        })?;
        if let Some(flaw) = record.flaw() {
            // The header is line 1; records are written one a line.
            return Err(at_line(records.len() as u64 + 2, flaw));
        }
        records.push(record);
    }
    Ok(records)
}

/// The CSV reader's message without its own, redundant, position.
fn describe(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!(
                "has {len} fields where the header names {expected_len}; quote notes that contain commas"
            )
        }
        _ => error.to_string(),
    }
}
