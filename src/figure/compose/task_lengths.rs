//! Lengths of tasks from a measurement.

use horizon::Dataset;
use horizon::bins::default_edges_minutes;

use super::{left_out_note, subtitle};
use crate::figure::{LengthPart, TaskLengths};
use crate::measure::Measurement;

impl TaskLengths {
    /// The tasks by length, in parts by family: the `largest` families, and all others together.
    /// `source` names the runs.
    pub fn of(measurement: &Measurement, source: &str, largest: usize) -> Self {
        let dataset = &measurement.dataset;
        let lengths = || dataset.tasks().iter().map(|task| task.human_minutes);
        let shortest = lengths().fold(f64::INFINITY, f64::min);
        let longest = lengths().fold(0.0, f64::max);
        let edges_minutes = default_edges_minutes(shortest, longest);
        let mut families: Vec<usize> = (0..dataset.families().len()).collect();
        families.sort_by_key(|family| std::cmp::Reverse(dataset.families()[*family].tasks.len()));
        let (named, others) = families.split_at(largest.min(families.len()));
        let part = |label: String, families: &[usize]| LengthPart {
            label,
            tasks: counts(dataset, families, &edges_minutes),
        };
        let parts = named
            .iter()
            .map(|family| part(dataset.families()[*family].name.clone(), &[*family]))
            .collect();
        let others = match others {
            [] => None,
            [_] => Some(part("1 other family".to_owned(), others)),
            _ => Some(part(format!("{} other families", others.len()), others)),
        };
        Self {
            title: "Tasks by length".into(),
            subtitle: subtitle(measurement, source),
            notes: left_out_note(measurement).into_iter().collect(),
            parts,
            others,
            overlay: None,
            edges_minutes,
        }
    }

    /// The same, with the tasks of another measurement as an outline; `source` names its runs.
    #[must_use]
    pub fn against(mut self, measurement: &Measurement, source: &str) -> Self {
        let dataset = &measurement.dataset;
        let families: Vec<usize> = (0..dataset.families().len()).collect();
        let own = &self.edges_minutes;
        // The last edge is longer than every task.
        let last = own.last().map(|edge| edge * (1.0 - f64::EPSILON));
        let lengths: Vec<f64> = dataset
            .tasks()
            .iter()
            .map(|task| task.human_minutes)
            .chain(own.first().copied())
            .chain(last)
            .collect();
        let shortest = lengths.iter().copied().fold(f64::INFINITY, f64::min);
        let longest = lengths.iter().copied().fold(0.0, f64::max);
        let edges = default_edges_minutes(shortest, longest);
        // Both sets of edges lie on the same ticks, so that bars only move along.
        let first = self.edges_minutes.first().copied();
        let lead = first.and_then(|first| edges.iter().position(|edge| *edge == first));
        for part in self.parts.iter_mut().chain(&mut self.others) {
            part.tasks.splice(0..0, vec![0; lead.unwrap_or(0)]);
        }
        self.overlay = Some(LengthPart {
            label: source.to_owned(),
            tasks: counts(dataset, &families, &edges),
        });
        self.edges_minutes = edges;
        self
    }
}

/// How many tasks of some families lie between each two edges.
fn counts(dataset: &Dataset, families: &[usize], edges_minutes: &[f64]) -> Vec<usize> {
    let count = |edges: &[f64]| {
        families
            .iter()
            .flat_map(|family| dataset.families()[*family].tasks.clone())
            .filter(|task| (edges[0]..edges[1]).contains(&dataset.tasks()[*task].human_minutes))
            .count()
    };
    edges_minutes.windows(2).map(count).collect()
}
