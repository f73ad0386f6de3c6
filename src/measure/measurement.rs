//! Horizons and their trend, with what they rest on.

use std::collections::BTreeMap;

use horizon::analysis::{AgentSummary, HorizonEstimate, Settings, SettingsError};
use horizon::trend::{ShortHorizons, TrendError};
use horizon::{Analysis, DataError, Dataset, Run, Trend, Window, analyse};
use serde::Serialize;

use super::ReleaseDates;
use super::select::{LeftOut, select};
use crate::attempt::{Attempt, Outcome};

/// The chances of success at which horizons are reported: p50 and p80.
pub(crate) const PROBABILITIES: [f64; 2] = [0.5, 0.8];

/// Why attempts could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// Nothing was scored.
    #[error("no attempt can be measured: {}", if .0.is_empty() { "there is none".to_owned() } else { .0.join(", ") })]
    NothingScored(Vec<String>),
    /// The attempts contradict each other.
    #[error("the attempts do not fit together: {0}")]
    Data(#[from] DataError),
    /// The settings make no sense.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

/// How many tasks rest on which kind of human time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sources {
    /// All tasks.
    pub tasks: usize,
    /// Tasks whose human time is an estimate.
    pub estimated: usize,
}

/// Horizons of every agent, their trend, and what they rest on.
#[derive(Debug, Clone, Serialize)]
pub struct Measurement {
    /// Curves and horizons.
    pub analysis: Analysis,
    /// The trend through the leading agents, or why there is none.
    pub trend: Result<Trend, TrendError>,
    /// Release days of the agents, from 1970-01-01, where known.
    pub release_days: BTreeMap<String, i32>,
    /// Where the tasks' human times come from.
    pub sources: Sources,
    /// Attempts that do not count.
    pub left_out: LeftOut,
    /// The runs behind it all.
    #[serde(skip)]
    pub dataset: Dataset,
}

impl Measurement {
    /// Measures `attempts`. Agents without a release date have horizons, and no part in the trend.
    ///
    /// # Errors
    /// When no attempt counts, or two of them disagree about a task.
    pub fn of(
        attempts: impl IntoIterator<Item = Attempt>,
        dates: &ReleaseDates,
        settings: &Settings,
        window: Window,
    ) -> Result<Self, MeasureError> {
        let selection = select(attempts);
        if selection.attempts.is_empty() {
            return Err(MeasureError::NothingScored(selection.left_out.in_words()));
        }
        let sources = sources(&selection.attempts);
        let dataset = Dataset::new(selection.attempts.into_iter().filter_map(into_run))?;
        let analysis = analyse(&dataset, settings)?;
        let release_days: BTreeMap<String, i32> = dataset
            .agents()
            .iter()
            .filter_map(|agent| Some((agent.clone(), dates.day(agent)?)))
            .collect();
        let releases = analysis.releases(PROBABILITIES[0], |agent| {
            release_days.get(agent).map(|&day| day.into())
        });
        let trend = horizon::trend(&releases, window, ShortHorizons::LeaveOut);
        Ok(Self {
            analysis,
            trend,
            release_days,
            sources,
            left_out: selection.left_out,
            dataset,
        })
    }

    /// Agents from the longest p50 to the shortest; those without one last, by name.
    pub fn by_horizon(&self) -> Vec<(usize, &AgentSummary)> {
        let mut agents: Vec<_> = self.analysis.agents.iter().enumerate().collect();
        let length = |agent: &AgentSummary| {
            agent
                .horizons
                .first()
                .and_then(|h| h.horizon.minutes())
                .unwrap_or(-1.0)
        };
        agents.sort_by(|(_, a), (_, b)| {
            length(b)
                .total_cmp(&length(a))
                .then_with(|| a.agent.cmp(&b.agent))
        });
        agents
    }
}

/// The estimate of `agent` at `probability`, if it was asked for.
pub(crate) fn estimate_at(agent: &AgentSummary, probability: f64) -> Option<&HorizonEstimate> {
    agent
        .horizons
        .iter()
        .find(|estimate| (estimate.probability - probability).abs() < 1e-12)
}

/// `from 2023-01-01 on`, `before 2025-01-01`, or both; `None` for no window.
pub(crate) fn window_in_words(window: Window) -> Option<String> {
    let from = window
        .from_day
        .map(|day| format!("from {} on", ReleaseDates::iso(day)));
    let before = window
        .before_day
        .map(|day| format!("before {}", ReleaseDates::iso(day)));
    let words: Vec<String> = from.into_iter().chain(before).collect();
    (!words.is_empty()).then(|| words.join(" and "))
}

fn sources(attempts: &[Attempt]) -> Sources {
    let by_task: BTreeMap<&str, bool> = attempts
        .iter()
        .map(|attempt| {
            (
                attempt.task_id.as_str(),
                attempt.human_source.as_deref() == Some("estimate"),
            )
        })
        .collect();
    Sources {
        tasks: by_task.len(),
        estimated: by_task.values().filter(|estimated| **estimated).count(),
    }
}

fn into_run(attempt: Attempt) -> Option<Run> {
    let Outcome::Scored { success, .. } = attempt.outcome else {
        return None;
    };
    Some(Run {
        agent: attempt.alias,
        task: attempt.task_id,
        family: attempt.task_family,
        human_minutes: attempt.human_minutes?,
        success: f64::from(u8::from(success)),
    })
}
