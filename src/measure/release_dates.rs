//! When models were released: `release_dates.csv`, or METR's `release_dates.yaml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Release dates by alias.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReleaseDates(BTreeMap<String, Date>);

/// Why release dates could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseDatesError {
    /// The file is unreadable or unwritable.
    #[error("cannot access {}: {source}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds something else.
    #[error("{}: {message}; a CSV needs the header `alias,released_on`, a YAML file a map `date:` of alias to YYYY-MM-DD", .path.display())]
    Format {
        /// Which.
        path: PathBuf,
        /// What is wrong, with its place.
        message: String,
    },
}

#[derive(Debug, Serialize, Deserialize)]
struct Row {
    alias: String,
    released_on: Date,
}

#[derive(Debug, Deserialize)]
struct MetrFile {
    date: BTreeMap<String, String>,
}

impl ReleaseDates {
    /// Dates that are known from elsewhere.
    pub fn from_days(days: BTreeMap<String, Date>) -> Self {
        Self(days)
    }

    /// Reads `path`: YAML if it ends so, else CSV.
    ///
    /// # Errors
    /// When the file is unreadable or holds something else.
    pub fn read(path: &Path) -> Result<Self, ReleaseDatesError> {
        let bad = |message: String| ReleaseDatesError::Format {
            path: path.to_owned(),
            message,
        };
        let text = std::fs::read_to_string(path).map_err(|source| ReleaseDatesError::Io {
            path: path.to_owned(),
            source,
        })?;
        let is_yaml = path
            .extension()
            .is_some_and(|extension| extension == "yaml" || extension == "yml");
        let mut dates = BTreeMap::new();
        if is_yaml {
            let file: MetrFile =
                serde_saphyr::from_str(&text).map_err(|error| bad(error.to_string()))?;
            for (alias, date) in file.date {
                let day = date
                    .parse()
                    .map_err(|error| bad(format!("{alias}: {error}")))?;
                dates.insert(alias, day);
            }
        } else {
            for row in csv::Reader::from_reader(text.as_bytes()).deserialize::<Row>() {
                let row = row.map_err(|error| bad(error.to_string()))?;
                dates.insert(row.alias, row.released_on);
            }
        }
        Ok(Self(dates))
    }

    /// Writes the dates of `aliases` as CSV.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: &Path, aliases: &[&str]) -> Result<(), ReleaseDatesError> {
        let io = |source| ReleaseDatesError::Io {
            path: path.to_owned(),
            source,
        };
        let mut writer = csv::Writer::from_path(path).map_err(|error| io(error.into()))?;
        for (alias, &released_on) in self
            .0
            .iter()
            .filter(|(alias, _)| aliases.contains(&alias.as_str()))
        {
            writer
                .serialize(Row {
                    alias: alias.clone(),
                    released_on,
                })
                .map_err(|error| io(error.into()))?;
        }
        writer.flush().map_err(io)
    }

    /// The release date of `alias`.
    pub fn get(&self, alias: &str) -> Option<Date> {
        self.0.get(alias).copied()
    }

    /// The release date of `alias` in days since 1970-01-01.
    pub fn day(&self, alias: &str) -> Option<i32> {
        self.get(alias).map(Self::day_number)
    }

    /// The date of a day counted from 1970-01-01, as `YYYY-MM-DD`.
    pub(crate) fn iso(day: f64) -> String {
        // Days that are no day of the calendar come from no date; they are shown as numbers.
        let span = format!("{day:.0}")
            .parse()
            .ok()
            .and_then(|days: i64| jiff::Span::new().try_days(days).ok());
        let date = span.and_then(|span| Date::constant(1970, 1, 1).checked_add(span).ok());
        date.map_or_else(|| format!("day {day}"), |date| date.to_string())
    }

    /// A date in days since 1970-01-01.
    pub fn day_number(date: Date) -> i32 {
        Date::constant(1970, 1, 1)
            .until(date)
            .map_or(0, |span| span.get_days())
    }

    /// These dates, with those of `other` over them.
    #[must_use]
    pub fn updated_with(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let yaml = folder.path().join("release_dates.yaml");
        std::fs::write(&yaml, "date:\n  GPT-4o: 2024-05-13\n  o1: 2024-12-05\n").unwrap();
        let dates = ReleaseDates::read(&yaml).unwrap();
        assert_eq!(dates.day("GPT-4o"), Some(19856));
        let csv = folder.path().join("release_dates.csv");
        dates.write(&csv, &["GPT-4o", "o1"]).unwrap();
        assert_eq!(ReleaseDates::read(&csv).unwrap(), dates);
    }

    #[test]
    fn a_bad_date_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dates.csv");
        std::fs::write(&path, "alias,released_on\no1,2024-13-05\n").unwrap();
        let message = ReleaseDates::read(&path).unwrap_err().to_string();
        assert!(
            message.contains("dates.csv") && message.contains("line: 2"),
            "{message}"
        );
    }
}
