//! Horizons and their trend, with what they rest on.

use std::collections::{BTreeMap, HashMap};

use horizon::analysis::{AgentSummary, HorizonEstimate, Settings, SettingsError};
use horizon::bootstrap::Resampling;
use horizon::data::RunRef;
use horizon::human_time::reliance::{Reliance, reliance};
use horizon::human_time::{HumanTimeError, HumanTimes, NoiseSettings};
use horizon::replay::Rows;
use horizon::trend::{ShortHorizons, TrendError};
use horizon::{Analysis, DataError, Dataset, Release, Trend, Window, analyse, analyse_replayed};
use serde::Serialize;

use super::select::{Exclusion, LeftOut, Selection};
use super::{Coverage, Label, LengthSource, PublishedHorizon, ReleaseDates, Sample};

/// The chances of success at which horizons are reported: p50 and p80.
pub(crate) const PROBABILITIES: [f64; 2] = [0.5, 0.8];

/// Why attempts could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// Nothing was scored.
    #[error("no attempt can be measured: {}", if .0.is_empty() { "there is none".to_owned() } else { .0.join(", ") })]
    NothingScored(Vec<String>),
    /// A score that is neither success nor failure, where only these are fitted.
    #[error(
        "{model} at `{task}` has a score of {score} and no success; give --label score to fit scores as fractions of a success, or name the column of successes with --map success=COLUMN"
    )]
    Fraction {
        /// Who tried.
        model: String,
        /// At what.
        task: String,
        /// How well it went.
        score: f64,
    },
    /// The attempts contradict each other.
    #[error("the attempts do not fit together: {0}")]
    Data(#[from] DataError),
    /// The settings make no sense.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The human times make no sense.
    #[error(transparent)]
    HumanTimes(#[from] HumanTimeError),
}

/// How to measure.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Choices {
    /// What curves are fitted to.
    pub label: Label,
    /// Fits and intervals.
    pub settings: Settings,
    /// How replicates are drawn.
    pub resampling: Resampling,
    /// Which releases the trend goes through.
    pub window: Window,
    /// Horizons that others published, for the trend.
    pub published: Vec<PublishedHorizon>,
}

/// How many tasks rest on which kind of human time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sources {
    /// All tasks.
    pub tasks: usize,
    /// Tasks whose human time is an estimate.
    pub estimated: usize,
    /// Tasks of which nobody says where their human time comes from.
    pub unknown: usize,
}

impl Sources {
    fn of(sources: &[LengthSource]) -> Self {
        let count = |wanted| sources.iter().filter(|source| **source == wanted).count();
        Self {
            tasks: sources.len(),
            estimated: count(LengthSource::Estimate),
            unknown: count(LengthSource::Unknown),
        }
    }
}

/// Horizons of every agent, their trend, and what they rest on.
#[derive(Debug, Clone, Serialize)]
pub struct Measurement {
    /// Curves and horizons.
    pub analysis: Analysis,
    /// The trend through the leading agents, or why there is none.
    pub trend: Result<Trend, TrendError>,
    /// Release days of the agents and of published models, from 1970-01-01, where known.
    pub release_days: BTreeMap<String, i32>,
    /// Which releases the trend goes through.
    pub window: Window,
    /// Published horizons that the trend is stitched to; models that were measured are not among them.
    pub published: Vec<PublishedHorizon>,
    /// What the curves are fitted to.
    pub label: Label,
    /// Where the tasks' human times come from.
    pub sources: Sources,
    /// How much of what was planned is scored, by model.
    pub coverage: BTreeMap<String, Coverage>,
    /// Attempts that do not count.
    pub left_out: LeftOut,
    /// What was left out by name.
    pub exclusion: Exclusion,
    /// The runs behind it all.
    #[serde(skip)]
    pub dataset: Dataset,
    /// What the tasks' human times rest on, in the order of [`Dataset::tasks`].
    #[serde(skip)]
    pub length_sources: Vec<LengthSource>,
    /// How much of each agent's horizon rests on which kind of human time, in the order of
    /// [`Dataset::agents`].
    pub reliance: Vec<Reliance>,
    /// The same runs with what they cost.
    #[serde(skip)]
    pub samples: Vec<Sample>,
}

impl Measurement {
    /// Measures what was selected. Agents without a release date have horizons, and no part in the
    /// trend.
    ///
    /// # Errors
    /// When no attempt counts, one has no label of the kind asked for, or two of them disagree about
    /// a task.
    pub fn of(
        selection: Selection,
        dates: &ReleaseDates,
        choices: &Choices,
    ) -> Result<Self, MeasureError> {
        let Selection {
            samples,
            left_out,
            coverage,
            exclusion,
        } = selection;
        if samples.is_empty() {
            return Err(MeasureError::NothingScored(left_out.in_words()));
        }
        let mut runs = Vec::with_capacity(samples.len());
        for sample in &samples {
            let label = choices
                .label
                .of(sample)
                .ok_or_else(|| MeasureError::Fraction {
                    model: sample.model.clone(),
                    task: sample.task.clone(),
                    score: sample.score,
                })?;
            runs.push(sample.as_run(label));
        }
        let (dataset, analysis) = match choices.resampling {
            Resampling::Streams => {
                let dataset = Dataset::of(runs)?;
                let analysis = analyse(&dataset, &choices.settings)?;
                (dataset, analysis)
            }
            Resampling::NumpyReplay => {
                let rows = Rows::new(runs.into_iter().map(RunRef::to_run))?;
                let analysis = analyse_replayed(&rows, &choices.settings)?;
                (rows.dataset().clone(), analysis)
            }
        };
        let length_sources = length_sources(&samples, &dataset);
        let reliance = reliance_of_all(&dataset, &analysis, &length_sources)?;
        let mut release_days: BTreeMap<String, i32> = dataset
            .agents()
            .iter()
            .filter_map(|agent| Some((agent.clone(), dates.day(agent)?)))
            .collect();
        let measured = |model: &String| dataset.agents().contains(model);
        let mut published = choices.published.clone();
        published.retain(|horizon| !measured(&horizon.model));
        let releases = releases(&analysis, &release_days, &published, PROBABILITIES[0]);
        let trend = horizon::trend(&releases, choices.window, ShortHorizons::LeaveOut);
        for horizon in &published {
            let day = ReleaseDates::day_number(horizon.released_on);
            release_days.insert(horizon.model.clone(), day);
        }
        Ok(Self {
            analysis,
            trend,
            release_days,
            window: choices.window,
            published,
            label: choices.label,
            sources: Sources::of(&length_sources),
            coverage,
            left_out,
            exclusion,
            dataset,
            length_sources,
            reliance,
            samples,
        })
    }

    /// The models whose release day is known, with their horizons at a probability; at one half,
    /// published ones among them.
    pub fn releases(&self, probability: f64) -> Vec<Release> {
        releases(
            &self.analysis,
            &self.release_days,
            &self.published,
            probability,
        )
    }

    /// The least and the most, over the agents with a curve, of the share of the weight near p50
    /// that rests on estimated human times.
    pub fn estimated_share(&self) -> Option<(f64, f64)> {
        let shares = self
            .reliance
            .iter()
            .filter_map(|it| it.estimated.information);
        shares.fold(None, |range, share| match range {
            None => Some((share, share)),
            Some((least, most)) => Some((share.min(least), share.max(most))),
        })
    }

    /// Lengths of the shortest and the longest task, in human minutes.
    pub fn task_range_minutes(&self) -> Option<(f64, f64)> {
        let lengths = self.dataset.tasks().iter().map(|task| task.human_minutes);
        lengths.fold(None, |range, minutes| match range {
            None => Some((minutes, minutes)),
            Some((shortest, longest)) => Some((minutes.min(shortest), minutes.max(longest))),
        })
    }

    /// Models of which not all that was planned is scored.
    pub fn incomplete(&self) -> impl Iterator<Item = (&str, &Coverage)> {
        let incomplete = self.coverage.iter().filter(|(_, it)| !it.is_complete());
        incomplete.map(|(model, coverage)| (model.as_str(), coverage))
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

/// Models with their release days; at one half, published ones among them.
fn releases(
    analysis: &Analysis,
    release_days: &BTreeMap<String, i32>,
    published: &[PublishedHorizon],
    probability: f64,
) -> Vec<Release> {
    let day = |agent: &str| release_days.get(agent).map(|&day| day.into());
    let mut releases = analysis.releases(probability, day);
    if probability == PROBABILITIES[0] {
        releases.extend(published.iter().map(PublishedHorizon::release));
    }
    releases
}

/// What the length of each task of `dataset` rests on: an estimate if any sample says so.
fn length_sources(samples: &[Sample], dataset: &Dataset) -> Vec<LengthSource> {
    let mut named: HashMap<&str, LengthSource> = HashMap::new();
    for sample in samples {
        let source = named.entry(&sample.task).or_default();
        if *source != LengthSource::Estimate && sample.length_source != LengthSource::Unknown {
            *source = sample.length_source;
        }
    }
    let tasks = dataset.tasks().iter();
    let source = |task: &horizon::data::Task| named.get(task.name.as_str()).copied();
    tasks.map(|task| source(task).unwrap_or_default()).collect()
}

fn reliance_of_all(
    dataset: &Dataset,
    analysis: &Analysis,
    sources: &[LengthSource],
) -> Result<Vec<Reliance>, HumanTimeError> {
    let tasks = dataset.tasks().iter().zip(sources);
    let evidence = tasks.map(|(task, source)| {
        let evidence = source.evidence(vec![task.human_minutes], None);
        (task.name.clone(), evidence)
    });
    // Only the kinds count here, whatever the spread.
    let settings = NoiseSettings {
        fallback_ln_sd: Some(1.0),
        ..NoiseSettings::default()
    };
    let times = HumanTimes::new(dataset, &evidence.collect(), settings)?;
    let weighting = analysis.settings.weighting;
    let of_agent = |(index, agent): (usize, &AgentSummary)| {
        reliance(dataset, index, weighting, &agent.fit, &times)
    };
    analysis.agents.iter().enumerate().map(of_agent).collect()
}
