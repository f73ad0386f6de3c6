//! From records to human minutes.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::record::{self, BaselineError, Record, Source};

/// A task's human time, with what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HumanTime {
    /// Human minutes: the regressor of every horizon.
    pub minutes: f64,
    /// Lowest measured success, or the estimate's lower end.
    pub low_minutes: f64,
    /// Highest measured success, or the estimate's upper end.
    pub high_minutes: f64,
    /// Whether the minutes are measured or estimated.
    pub source: Source,
    /// How many records the minutes rest on.
    pub records: usize,
    /// Measured attempts that failed; they do not enter the mean.
    pub failed: usize,
}

/// All baselines, by task id.
#[derive(Debug, Clone, Default)]
pub struct Baselines {
    records: BTreeMap<String, Vec<Record>>,
}

impl Baselines {
    /// Reads every `*.csv` in `folder`; a missing folder holds none.
    ///
    /// # Errors
    /// When a file is unreadable or a line in it is no record.
    pub fn open(folder: &Path) -> Result<Self, BaselineError> {
        let io = |source| BaselineError::Io {
            path: folder.to_owned(),
            source,
        };
        let mut baselines = Self::default();
        if !folder.is_dir() {
            return Ok(baselines);
        }
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(io)? {
            files.push(entry.map_err(io)?.path());
        }
        files.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
        files.sort();
        for file in files {
            for record in record::read_file(&file)? {
                baselines
                    .records
                    .entry(record.task_id.clone())
                    .or_default()
                    .push(record);
            }
        }
        Ok(baselines)
    }

    /// The human time of `task_id` at `version`; records of other versions do not count.
    pub fn human_time(&self, task_id: &str, version: &str) -> Option<HumanTime> {
        let records: Vec<&Record> = self
            .records
            .get(task_id)?
            .iter()
            .filter(|record| record.task_version == version)
            .collect();
        measured(&records).or_else(|| estimated(&records))
    }

    /// Every record, sorted by task.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.values().flatten()
    }
}

fn measured(records: &[&Record]) -> Option<HumanTime> {
    let attempts = || {
        records
            .iter()
            .filter(|record| record.source == Source::Measured)
    };
    let minutes: Vec<f64> = attempts()
        .filter(|record| record.succeeded == Some(true))
        .map(|record| record.minutes)
        .collect();
    if minutes.is_empty() {
        return None;
    }
    Some(HumanTime {
        minutes: geometric_mean(&minutes),
        low_minutes: minutes.iter().copied().fold(f64::INFINITY, f64::min),
        high_minutes: minutes.iter().copied().fold(0.0, f64::max),
        source: Source::Measured,
        records: minutes.len(),
        failed: attempts().count() - minutes.len(),
    })
}

/// Several estimates combine as the geometric mean, and the widest range.
fn estimated(records: &[&Record]) -> Option<HumanTime> {
    let estimates: Vec<&&Record> = records
        .iter()
        .filter(|record| record.source == Source::Estimate)
        .collect();
    if estimates.is_empty() {
        return None;
    }
    let minutes: Vec<f64> = estimates.iter().map(|record| record.minutes).collect();
    Some(HumanTime {
        minutes: geometric_mean(&minutes),
        low_minutes: estimates
            .iter()
            .filter_map(|r| r.low_minutes)
            .fold(f64::INFINITY, f64::min),
        high_minutes: estimates
            .iter()
            .filter_map(|r| r.high_minutes)
            .fold(0.0, f64::max),
        source: Source::Estimate,
        records: estimates.len(),
        failed: records
            .iter()
            .filter(|record| record.source == Source::Measured)
            .count(),
    })
}

fn geometric_mean(values: &[f64]) -> f64 {
    if let [one] = values {
        return *one;
    }
    (values.iter().map(|value| value.ln()).sum::<f64>() / values.len() as f64).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "task_id,task_version,baseliner,minutes,succeeded,score,source,recorded_at,notes,low_minutes,high_minutes\n";

    fn read(lines: &str) -> Result<Baselines, BaselineError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("demo.csv"), format!("{HEADER}{lines}")).unwrap();
        Baselines::open(folder.path())
    }

    #[test]
    fn measured_successes_win_over_estimates() {
        let baselines = read(
            "demo/a,1.0.0,ann,10,true,1,measured,2026-01-02,,,\n\
             demo/a,1.0.0,bob,40,true,1,measured,2026-01-02,,,\n\
             demo/a,1.0.0,cyd,5,false,0,measured,2026-01-02,,,\n\
             demo/a,1.0.0,author,300,,,estimate,2026-01-02,guess,100,900\n",
        )
        .unwrap();
        let time = baselines.human_time("demo/a", "1.0.0").unwrap();
        assert!((time.minutes - 20.0).abs() < 1e-12);
        assert_eq!(
            (time.source, time.records, time.failed),
            (Source::Measured, 2, 1)
        );
        assert_eq!(baselines.human_time("demo/a", "2.0.0"), None);
    }

    #[test]
    fn an_estimate_stands_in_and_says_so() {
        let baselines =
            read("demo/a,1.0.0,author,30,,,estimate,2026-01-02,\"a, b\",10,90\n").unwrap();
        let time = baselines.human_time("demo/a", "1.0.0").unwrap();
        assert_eq!(
            (time.minutes, time.low_minutes, time.high_minutes),
            (30.0, 10.0, 90.0)
        );
        assert_eq!(time.source, Source::Estimate);
    }

    #[test]
    fn a_bad_line_is_named() {
        let error = read(
            "demo/a,1.0.0,author,30,,,estimate,2026-01-02,,10,90\n\
             demo/b,1.0.0,author,-3,,,estimate,2026-01-02,,10,90\n",
        )
        .unwrap_err()
        .to_string();
        assert!(
            error.ends_with("demo.csv:3: `minutes`: -3 is not a positive number"),
            "{error}"
        );
        let error = read("demo/a,1.0.0,author,30,,,guess,2026-01-02,,10,90\n")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("demo.csv:2") && error.contains("guess"),
            "{error}"
        );
        let error = read("demo/a,1.0.0,author,30,,,estimate,2026-01-02,,,\n")
            .unwrap_err()
            .to_string();
        assert!(error.contains("range"), "{error}");
    }
}
