//! Which attempts enter statistics.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::coverage::Coverage;
use super::{LengthSource, Sample};
use crate::attempt::{Attempt, AttemptKey, Outcome, Plan};

/// The attempts that count, how many do not, and what was planned.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Scored attempts at tasks of known length, one an identity, in the order in which identities
    /// come up first.
    pub samples: Vec<Sample>,
    /// The others.
    pub left_out: LeftOut,
    /// How much of what was planned is scored, by model.
    pub coverage: BTreeMap<String, Coverage>,
    /// What the user left out by name.
    pub exclusion: Exclusion,
}

/// Names that are to be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Exclusion {
    /// Models.
    pub models: Vec<String>,
    /// Families.
    pub families: Vec<String>,
    /// Tasks.
    pub tasks: Vec<String>,
}

impl Exclusion {
    /// Whether nothing is to be left out.
    pub fn is_empty(&self) -> bool {
        self.models.is_empty() && self.families.is_empty() && self.tasks.is_empty()
    }

    fn names(&self, sample: &Sample) -> bool {
        self.models.contains(&sample.model)
            || self.families.contains(&sample.family)
            || self.tasks.contains(&sample.task)
    }

    /// `model human, family facts`.
    pub fn in_words(&self) -> String {
        let kinds = [
            ("model", &self.models),
            ("family", &self.families),
            ("task", &self.tasks),
        ];
        let words: Vec<String> = kinds
            .into_iter()
            .flat_map(|(kind, names)| names.iter().map(move |name| format!("{kind} {name}")))
            .collect();
        words.join(", ")
    }
}

impl Selection {
    /// Adds runs that come from a table, which has no plan: `unscored` counts its rows without a
    /// result, by model.
    pub fn add_rows(&mut self, samples: Vec<Sample>, unscored: &BTreeMap<String, usize>) {
        let mut scored: HashMap<&str, usize> = HashMap::new();
        for sample in &samples {
            *scored.entry(&sample.model).or_default() += 1;
        }
        for (model, count) in scored {
            let coverage = self.coverage.entry(model.to_owned()).or_default();
            coverage.planned += count;
            coverage.scored += count;
        }
        for (model, count) in unscored {
            self.coverage.entry(model.clone()).or_default().planned += count;
            self.left_out.unscored += count;
        }
        self.samples.extend(samples);
    }

    /// Leaves out what is named, and returns the names that nothing had.
    pub fn exclude(&mut self, exclusion: Exclusion) -> Vec<String> {
        let unknown = |names: &[String], of: fn(&Sample) -> &str| -> Vec<String> {
            let absent = |name: &&String| !self.samples.iter().any(|sample| of(sample) == **name);
            names.iter().filter(absent).cloned().collect()
        };
        let mut absent = unknown(&exclusion.models, |sample| &sample.model);
        absent.extend(unknown(&exclusion.families, |sample| &sample.family));
        absent.extend(unknown(&exclusion.tasks, |sample| &sample.task));
        let before = self.samples.len();
        self.samples.retain(|sample| !exclusion.names(sample));
        self.left_out.excluded += before - self.samples.len();
        self.coverage
            .retain(|model, _| !exclusion.models.contains(model));
        self.exclusion = exclusion;
        absent
    }
}

/// Attempts that do not count, by reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Infrastructure errors that were never made good.
    pub infra_errors: usize,
    /// Stopped before they were judged.
    pub cancelled: usize,
    /// Planned and never begun.
    pub missing: usize,
    /// Rows of a table with neither success nor score.
    pub unscored: usize,
    /// Scored, but the task has no human time.
    pub without_human_time: usize,
    /// Scored again under the same identity; the first stands.
    pub repeated: usize,
    /// Excluded by the user.
    pub excluded: usize,
}

impl LeftOut {
    /// What was left out, in words; empty when nothing was.
    pub fn in_words(self) -> Vec<String> {
        [
            (
                self.infra_errors,
                "not scored because the harness or the API failed",
            ),
            (self.cancelled, "cancelled"),
            (self.missing, "planned and not begun"),
            (self.unscored, "without success or score"),
            (self.without_human_time, "at tasks without a human time"),
            (self.repeated, "repeated under the same identity"),
            (self.excluded, "excluded on request"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, reason)| format!("{count} {reason}"))
        .collect()
    }
}

/// Picks one line an identity, the first that is scored, else the latest; and holds what is there
/// against what was planned.
pub fn select<'p>(
    attempts: impl IntoIterator<Item = Attempt>,
    plans: impl IntoIterator<Item = &'p Plan>,
) -> Selection {
    let mut places: HashMap<(String, AttemptKey), usize> = HashMap::new();
    let mut latest: Vec<(String, Option<Attempt>)> = Vec::new();
    let mut place = |latest: &mut Vec<_>, alias: &str, key: AttemptKey| {
        let next = latest.len();
        let place = *places.entry((alias.to_owned(), key)).or_insert(next);
        if place == next {
            latest.push((alias.to_owned(), None));
        }
        place
    };
    let mut selection = Selection::default();
    for attempt in attempts {
        let place = place(&mut latest, &attempt.alias, attempt.key());
        let known = &mut latest[place].1;
        match known {
            Some(known) if known.is_scored() => {
                selection.left_out.repeated += usize::from(attempt.is_scored());
            }
            _ => *known = Some(attempt),
        }
    }
    for plan in plans {
        for index in 0..plan.len() {
            let key = plan.key(index);
            place(&mut latest, &key.model.clone(), key);
        }
    }
    for (model, attempt) in latest {
        let coverage = selection.coverage.entry(model).or_default();
        coverage.planned += 1;
        let left_out = &mut selection.left_out;
        let Some(attempt) = attempt else {
            left_out.missing += 1;
            continue;
        };
        match &attempt.outcome {
            Outcome::Scored { score, success, .. } => {
                coverage.scored += 1;
                let (score, success) = (*score, *success);
                match sample(attempt, score, success) {
                    Some(sample) => selection.samples.push(sample),
                    None => left_out.without_human_time += 1,
                }
            }
            Outcome::InfraError { .. } => {
                coverage.infra_errors += 1;
                left_out.infra_errors += 1;
            }
            Outcome::Cancelled => {
                coverage.cancelled += 1;
                left_out.cancelled += 1;
            }
        }
    }
    selection
}

fn sample(attempt: Attempt, score: f64, success: bool) -> Option<Sample> {
    Some(Sample {
        human_minutes: attempt.human_minutes?,
        length_source: LengthSource::named(attempt.human_source.as_deref()),
        // People's attempts in METR's files start at 0 and end at what they took.
        duration_minutes: (attempt.completed_at > attempt.started_at)
            .then(|| (attempt.completed_at - attempt.started_at) as f64 / 60_000.0),
        model: attempt.alias,
        task: attempt.task_id,
        family: attempt.task_family,
        success: Some(success),
        score,
        tokens: attempt.tokens_count,
        cost_dollars: attempt.generation_cost,
    })
}
