//! What is known of how long people take at the tasks that were measured.

use std::collections::BTreeMap;

use horizon::human_time::Evidence;
use horizon::human_time::censored;

use super::{Measurement, Sample};
use crate::baseline::{Baselines, Source};

/// The name under which people's attempts stand among METR's runs.
pub const PEOPLE: &str = "human";

/// Evidence on the human times of a measurement's tasks, from recorded baselines and from attempts
/// of people among the runs.
#[derive(Debug, Clone, Default)]
pub struct HumanEvidence {
    /// By task.
    pub by_task: BTreeMap<String, Evidence>,
    /// Timed attempts by task, those that failed among them.
    pub baselines: Vec<censored::Baselines>,
}

/// Timed attempts and ranges of one task.
#[derive(Debug, Default)]
struct Known {
    succeeded_minutes: Vec<f64>,
    failed_minutes: Vec<f64>,
    range_minutes: Option<(f64, f64)>,
}

impl HumanEvidence {
    /// Gathers it. `people` is the name under which people's attempts stand among the runs. A task
    /// that is said to be measured, and of which no times are known, counts as timed once.
    pub fn of(measurement: &Measurement, records: &Baselines, people: Option<&str>) -> Self {
        let mut known: BTreeMap<&str, Known> = BTreeMap::new();
        for record in records.records() {
            let known = known.entry(&record.task_id).or_default();
            match (record.source, record.succeeded) {
                (Source::Measured, Some(true)) => known.succeeded_minutes.push(record.minutes),
                (Source::Measured, _) => known.failed_minutes.push(record.minutes),
                (Source::Estimate, _) => {
                    let range = record.low_minutes.zip(record.high_minutes);
                    known.range_minutes = range.filter(|(low, high)| low < high);
                }
            }
        }
        let by_people = |sample: &&Sample| Some(sample.model.as_str()) == people;
        for sample in measurement.samples.iter().filter(by_people) {
            let Some(minutes) = sample.duration_minutes else {
                continue;
            };
            let known = known.entry(&sample.task).or_default();
            match sample.success {
                Some(true) => known.succeeded_minutes.push(minutes),
                _ => known.failed_minutes.push(minutes),
            }
        }
        let mut evidence = Self::default();
        let tasks = measurement.dataset.tasks().iter();
        for (task, source) in tasks.zip(&measurement.length_sources) {
            let known = known.remove(task.name.as_str()).unwrap_or_default();
            let minutes = match known.succeeded_minutes.as_slice() {
                [] => vec![task.human_minutes],
                times => times.to_vec(),
            };
            let of_task = source.evidence(minutes, known.range_minutes);
            evidence.by_task.insert(task.name.clone(), of_task);
            if !known.succeeded_minutes.is_empty() || !known.failed_minutes.is_empty() {
                evidence.baselines.push(censored::Baselines {
                    task: task.name.clone(),
                    succeeded_minutes: known.succeeded_minutes,
                    failed_minutes: known.failed_minutes,
                });
            }
        }
        evidence
    }
}
