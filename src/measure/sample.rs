//! What statistics see of an attempt.

use horizon::Run;

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
    /// Whether that length is an estimate and not measured.
    pub estimated: bool,
    /// Whether it went well; absent where only a score is known.
    pub success: Option<bool>,
    /// How well it went, from 0 to 1.
    pub score: f64,
    /// Tokens that it took, where known.
    pub tokens: Option<u64>,
    /// US dollars that it took, where known.
    pub cost_dollars: Option<f64>,
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
    /// The sample as a run for the statistics, labelled so.
    pub(super) fn into_run(self, label: f64) -> Run {
        Run {
            agent: self.model,
            task: self.task,
            family: self.family,
            human_minutes: self.human_minutes,
            success: label,
        }
    }
}
