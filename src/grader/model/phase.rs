//! What a phase of grading found.

use super::super::Part;

/// A phase that was judged.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Phase {
    /// From 0 to 1.
    pub(super) score: f64,
    /// What it was made of.
    pub(super) parts: Vec<Part>,
    /// Whether it could not be decided within the task's limits.
    pub(super) undecided: bool,
    /// How much was looked at.
    pub(super) note: String,
}

impl Phase {
    /// A phase that is a mean of its parts.
    pub(super) fn mean(parts: Vec<Part>) -> Self {
        Self {
            score: mean(parts.iter().map(|part| part.score)),
            parts,
            undecided: false,
            note: String::new(),
        }
    }

    /// A phase with one part, which says why there is nothing.
    pub(super) fn failed(part: Part) -> Self {
        Self {
            score: 0.0,
            ..Self::mean(vec![part])
        }
    }

    /// A phase whose one part could not be decided.
    pub(super) fn undecided(part: Part) -> Self {
        Self {
            undecided: true,
            ..Self::failed(part)
        }
    }

    /// A phase that was not looked at.
    pub(super) fn not_run(name: &str, after: &str) -> Self {
        Self::failed(open_part(name, 0.0, format!("not looked at: see {after}")))
    }

    /// Whether nothing is missing.
    pub(super) fn is_whole(&self) -> bool {
        !self.undecided && self.parts.iter().all(|part| part.score >= 1.0)
    }
}

/// The mean of scores; that of none is nothing.
#[expect(clippy::cast_precision_loss, reason = "a handful of scores")]
pub(super) fn mean(scores: impl Iterator<Item = f64>) -> f64 {
    let scores: Vec<f64> = scores.collect();
    scores.iter().sum::<f64>() / scores.len().max(1) as f64
}

/// A part that the solver may be told of.
pub(super) fn open_part(name: impl Into<String>, score: f64, detail: impl Into<String>) -> Part {
    Part {
        name: name.into(),
        score,
        detail: detail.into(),
        hidden: false,
    }
}

/// A part that gives hidden material away.
pub(super) fn hidden_part(name: impl Into<String>, score: f64, detail: impl Into<String>) -> Part {
    Part {
        hidden: true,
        ..open_part(name, score, detail)
    }
}

/// 1 for what holds, 0 for what does not.
pub(super) fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}
