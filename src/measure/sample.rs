//! What statistics see of an attempt.

use horizon::data::RunRef;
use horizon::human_time::Evidence;

/// One scored attempt at a task of known length.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Who tried: the name that results are grouped by.
    pub model: String,
    /// What was tried.
    pub task: String,
    /// The group that the task belongs to.
    pub family: String,
    /// The task's length in human minutes.
    pub human_minutes: f64,
    /// What that length rests on.
    pub length_source: LengthSource,
    /// Whether it went well; absent where only a score is known.
    pub success: Option<bool>,
    /// How well it went, from 0 to 1.
    pub score: f64,
    /// How long it took, where known.
    pub duration_minutes: Option<f64>,
    /// Tokens that it took, where known.
    pub tokens: Option<u64>,
    /// US dollars that it took, where known.
    pub cost_dollars: Option<f64>,
}

/// What the length of a task rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LengthSource {
    /// Timed attempts of people.
    Measured,
    /// An expert's guess.
    Estimate,
    /// Nobody says.
    #[default]
    Unknown,
}

impl LengthSource {
    /// The source that a `human_source` of our own or of METR's files names. METR's `qa` and
    /// `external_qa` are times of people who checked the task, which are no baselines.
    pub fn named(name: Option<&str>) -> Self {
        match name {
            Some("measured" | "baseline") => Self::Measured,
            Some("estimate") => Self::Estimate,
            _ => Self::Unknown,
        }
    }

    /// What this says of a task whose times, or range of an estimate, are known.
    pub(super) fn evidence(self, minutes: Vec<f64>, range_minutes: Option<(f64, f64)>) -> Evidence {
        match self {
            Self::Measured => Evidence::Measured { minutes },
            Self::Estimate => Evidence::Estimated { range_minutes },
            Self::Unknown => Evidence::Unknown,
        }
    }
}

/// What curves are fitted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// Success or failure.
    #[default]
    Success,
    /// The score as a fraction of a success, as METR's `score_cont`.
    Score,
}

impl Label {
    /// The name written beside results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Score => "score",
        }
    }

    /// What the curve is fitted to of one attempt; `None` where a label of success is asked for and
    /// only a score between failure and success is known.
    pub(super) fn of(self, sample: &Sample) -> Option<f64> {
        let number = |success: bool| f64::from(u8::from(success));
        match (self, sample.success) {
            (Self::Score, _) => Some(sample.score),
            (Self::Success, Some(success)) => Some(number(success)),
            (Self::Success, None) => [0.0, 1.0].into_iter().find(|end| *end == sample.score),
        }
    }
}

impl Sample {
    /// Tokens that it took. Zero is unknown: METR's files have it where nothing was recorded.
    pub(super) fn known_tokens(&self) -> Option<f64> {
        let tokens = self.tokens.map(|tokens| tokens as f64);
        tokens.filter(|tokens| *tokens > 0.0)
    }

    /// US dollars that it took, likewise.
    pub(super) fn known_dollars(&self) -> Option<f64> {
        let dollars = self.cost_dollars;
        dollars.filter(|dollars| dollars.is_finite() && *dollars > 0.0)
    }

    /// The sample as a run for the statistics, labelled so.
    pub(super) fn as_run(&self, label: f64) -> RunRef<'_> {
        RunRef {
            agent: &self.model,
            task: &self.task,
            family: &self.family,
            human_minutes: self.human_minutes,
            success: label,
        }
    }
}
