//! Two versions of an analysis side by side: another suite of tasks, or other settings.
//!
//! Suites overlap, so horizons from both move together when tasks are drawn anew, and comparing
//! their intervals would overstate how much the versions may differ. Here both are bootstrapped
//! with the same draws: families and tasks are drawn from the union of both suites, and each version
//! takes the copies of the tasks that it has. Replicate i of one may then be divided by
//! replicate i of the other. Versions that hold the same data draw the same runs as well.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;
use thiserror::Error;

use crate::bootstrap::{Bootstrap, Draw, draw_copies};
use crate::data::Dataset;
use crate::horizon::Horizon;
use crate::lambda::Lambda;
use crate::observe::fit_agent;
use crate::quantile::{interval_ends, quantile};
use crate::trend::{
    Line, Release, ShortHorizons, Trend, TrendError, Window, replicate_lines, trend,
};
use crate::weights::Weighting;

/// One of the versions to compare.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    /// Its name, such as `TH1.1`.
    pub name: &'a str,
    /// Its runs.
    pub dataset: &'a Dataset,
    /// How much each run counts.
    pub weighting: Weighting,
    /// Penalty of its fits.
    pub lambda: Lambda,
}

/// Everything that both versions share.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct VersionSettings {
    /// Chance of success at the horizons.
    pub probability: f64,
    /// Which releases count in trends.
    pub window: Window,
    /// Number of bootstrap replicates.
    pub replicates: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
}

/// p50, all releases, a thousand replicates.
impl Default for VersionSettings {
    fn default() -> Self {
        Self {
            probability: 0.5,
            window: Window::default(),
            replicates: 1_000,
            seed: 42,
        }
    }
}

/// Settings that make no sense.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum VersionError {
    /// A probability at which no horizon exists.
    #[error("probability {0} has no horizon; give one above 0 and below 1")]
    Probability(f64),
}

/// A ratio of the second version to the first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RatioInterval {
    /// Lower end over the replicates.
    pub low: f64,
    /// Median.
    pub median: f64,
    /// Upper end.
    pub high: f64,
    /// Replicates in which both versions have a finite value above zero.
    pub replicates: usize,
}

/// An agent in both versions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SharedAgent {
    /// Its name.
    pub agent: String,
    /// Its horizon in the first version.
    pub first: Horizon,
    /// Its horizon in the second version.
    pub second: Horizon,
    /// Second over first; absent unless both are finite and above zero.
    pub ratio: Option<f64>,
    /// Percentile interval of the ratio over replicates; absent without any.
    pub interval: Option<RatioInterval>,
}

/// One version on its own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VersionSummary {
    /// Its name.
    pub name: String,
    /// How many agents it has.
    pub agents: usize,
    /// How many tasks it has.
    pub tasks: usize,
    /// Its trend with the doubling time, or why there is none.
    pub trend: Result<Trend, TrendError>,
}

/// Two versions compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VersionComparison {
    /// What both share.
    pub settings: VersionSettings,
    /// The first version.
    pub first: VersionSummary,
    /// The second version.
    pub second: VersionSummary,
    /// Tasks that both have, by family and name.
    pub shared_tasks: usize,
    /// Agents that both have, by name.
    pub agents: Vec<SharedAgent>,
    /// Doubling time of the second over that of the first; absent unless both grow.
    pub doubling_ratio: Option<f64>,
    /// Its interval over replicates in which both grow.
    pub doubling_ratio_interval: Option<RatioInterval>,
}

/// Compares two versions. `day_of` gives the release day of an agent, from 1970-01-01; agents
/// without one are compared, and play no part in trends.
///
/// # Errors
/// A probability that is not between 0 and 1.
pub fn compare_versions(
    first: Version<'_>,
    second: Version<'_>,
    settings: VersionSettings,
    day_of: impl Fn(&str) -> Option<f64>,
) -> Result<VersionComparison, VersionError> {
    let probability = settings.probability;
    if !(probability > 0.0 && probability < 1.0) {
        return Err(VersionError::Probability(probability));
    }
    let union = Union::of(first.dataset, second.dataset);
    let before = Side::new(first, &union, &union.first, settings);
    let after = Side::new(second, &union, &union.second, settings);
    let (first_lines, first_summary) = before.trend(settings, &day_of);
    let (second_lines, second_summary) = after.trend(settings, &day_of);
    let doubling = |line: &Option<Line>| line.as_ref().and_then(Line::doubling_days);
    let pairs = first_lines
        .iter()
        .map(doubling)
        .zip(second_lines.iter().map(doubling));
    let days = |summary: &VersionSummary| summary.trend.as_ref().ok()?.doubling_days;
    Ok(VersionComparison {
        settings,
        shared_tasks: union.shared(),
        agents: shared_agents(&before, &after),
        doubling_ratio: ratio(days(&first_summary), days(&second_summary)),
        doubling_ratio_interval: ratio_interval(pairs),
        first: first_summary,
        second: second_summary,
    })
}

/// All tasks of two datasets, family by family.
struct Union {
    families: Vec<Range<usize>>,
    /// Where the tasks of the first dataset are in the union.
    first: Vec<usize>,
    /// Where the tasks of the second dataset are in the union.
    second: Vec<usize>,
}

impl Union {
    fn of(first: &Dataset, second: &Dataset) -> Self {
        let keys = |dataset: &Dataset| -> Vec<(String, String)> {
            dataset
                .tasks()
                .iter()
                .map(|task| {
                    let family = dataset.families()[task.family].name.clone();
                    (family, task.name.clone())
                })
                .collect()
        };
        let (first, second) = (keys(first), keys(second));
        // Sorted by family and name, as in a dataset of both.
        let mut positions: BTreeMap<&(String, String), usize> =
            first.iter().chain(&second).map(|key| (key, 0)).collect();
        let mut families: Vec<Range<usize>> = Vec::new();
        let mut family_of_last: Option<&str> = None;
        for (index, (key, position)) in positions.iter_mut().enumerate() {
            *position = index;
            match families.last_mut() {
                Some(family) if family_of_last == Some(&key.0) => family.end = index + 1,
                _ => families.push(index..index + 1),
            }
            family_of_last = Some(&key.0);
        }
        let places = |keys: &[(String, String)]| -> Vec<usize> {
            keys.iter()
                .filter_map(|key| positions.get(key).copied())
                .collect()
        };
        Self {
            first: places(&first),
            second: places(&second),
            families,
        }
    }

    /// How many tasks both datasets have.
    fn shared(&self) -> usize {
        let all = self.families.last().map_or(0, |family| family.end);
        self.first.len() + self.second.len() - all
    }
}

/// One version with its replicates.
struct Side<'a> {
    version: Version<'a>,
    horizons: Vec<Horizon>,
    /// One list an agent.
    replicates_minutes: Vec<Vec<Option<f64>>>,
}

impl<'a> Side<'a> {
    fn new(
        version: Version<'a>,
        union: &Union,
        places: &[usize],
        settings: VersionSettings,
    ) -> Self {
        let Version {
            dataset,
            weighting,
            lambda,
            ..
        } = version;
        let log2_minutes = dataset.log2_minutes();
        let VersionSettings {
            replicates, seed, ..
        } = settings;
        let bootstrap =
            Bootstrap::from_draws(dataset, weighting, lambda, replicates, seed, |_, random| {
                let copies = draw_copies(&union.families, random);
                Draw {
                    copies: places.iter().map(|&place| copies[place]).collect(),
                    log2_minutes: log2_minutes.clone(),
                }
            });
        let agents = 0..dataset.agents().len();
        let horizon =
            |agent| fit_agent(dataset, agent, weighting, lambda).horizon(settings.probability);
        let minutes = |agent| bootstrap.crossings_minutes(agent, settings.probability);
        Self {
            version,
            horizons: agents.clone().map(horizon).collect(),
            replicates_minutes: agents.map(minutes).collect(),
        }
    }

    /// The version's trend, and its line in every replicate.
    fn trend(
        &self,
        settings: VersionSettings,
        day_of: &impl Fn(&str) -> Option<f64>,
    ) -> (Vec<Option<Line>>, VersionSummary) {
        let dataset = self.version.dataset;
        let release = |(index, agent): (usize, &String)| {
            Some(Release {
                agent: agent.clone(),
                day: day_of(agent)?,
                horizon: self.horizons[index],
                replicates_minutes: self.replicates_minutes[index].clone(),
            })
        };
        let releases: Vec<Release> = dataset
            .agents()
            .iter()
            .enumerate()
            .filter_map(release)
            .collect();
        let lines = replicate_lines(&releases, settings.window);
        let summary = VersionSummary {
            name: self.version.name.to_owned(),
            agents: dataset.agents().len(),
            tasks: dataset.tasks().len(),
            trend: trend(&releases, settings.window, ShortHorizons::LeaveOut),
        };
        (lines, summary)
    }
}

fn shared_agents(first: &Side<'_>, second: &Side<'_>) -> Vec<SharedAgent> {
    let names = first.version.dataset.agents().iter().enumerate();
    names
        .filter_map(|(here, agent)| {
            let there = second.version.dataset.agent_index(agent)?;
            let (before, after) = (first.horizons[here], second.horizons[there]);
            let replicates = first.replicates_minutes[here].iter().copied();
            let pairs = replicates.zip(second.replicates_minutes[there].iter().copied());
            Some(SharedAgent {
                agent: agent.clone(),
                first: before,
                second: after,
                ratio: ratio(before.minutes(), after.minutes()),
                interval: ratio_interval(pairs),
            })
        })
        .collect()
}

/// Second over first, where both are finite and above zero.
fn ratio(first: Option<f64>, second: Option<f64>) -> Option<f64> {
    let ratio = second? / first?;
    (ratio.is_finite() && ratio > 0.0).then_some(ratio)
}

fn ratio_interval(
    pairs: impl Iterator<Item = (Option<f64>, Option<f64>)>,
) -> Option<RatioInterval> {
    let mut ratios: Vec<f64> = pairs
        .filter_map(|(first, second)| ratio(first, second))
        .collect();
    ratios.sort_by(f64::total_cmp);
    let (low, high) = interval_ends();
    Some(RatioInterval {
        low: quantile(&ratios, low)?,
        median: quantile(&ratios, 0.5)?,
        high: quantile(&ratios, high)?,
        replicates: ratios.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Run;

    /// Runs of two agents at 12 families of 3 tasks; `lengthen` makes the tasks longer.
    fn dataset(families: Range<u32>, lengthen: f64) -> Dataset {
        let mut runs = Vec::new();
        for family in families {
            for task in 0..3_u32 {
                for (agent, skill) in [("a", 4), ("b", 7)] {
                    for repeat in 0..3_u32 {
                        let length = (family * 3 + task) % 12;
                        let hard = length + (family * 5 + repeat * 7 + task) % 4;
                        runs.push(Run {
                            agent: agent.into(),
                            task: format!("f{family:02}/{task}"),
                            family: format!("f{family:02}"),
                            human_minutes: lengthen * f64::from(length).exp2(),
                            success: if hard < skill { 1.0 } else { 0.0 },
                        });
                    }
                }
            }
        }
        Dataset::new(runs).unwrap()
    }

    fn version<'a>(name: &'a str, dataset: &'a Dataset, lambda: Lambda) -> Version<'a> {
        Version {
            name,
            dataset,
            weighting: Weighting::default(),
            lambda,
        }
    }

    fn compare(first: Version<'_>, second: Version<'_>) -> VersionComparison {
        let settings = VersionSettings {
            replicates: 80,
            ..VersionSettings::default()
        };
        let day_of = |agent: &str| Some(if agent == "a" { 20_000.0 } else { 20_200.0 });
        compare_versions(first, second, settings, day_of).unwrap()
    }

    #[test]
    fn a_version_equals_itself_in_every_replicate() {
        let data = dataset(0..12, 1.0);
        let one = version("one", &data, Lambda::default());
        let found = compare(one, one);
        assert_eq!((found.shared_tasks, found.agents.len()), (36, 2));
        for shared in &found.agents {
            let interval = shared.interval.unwrap();
            assert_eq!((interval.low, interval.high), (1.0, 1.0));
        }
        assert_eq!(found.doubling_ratio, Some(1.0));
        let interval = found.doubling_ratio_interval.unwrap();
        assert_eq!((interval.low, interval.high), (1.0, 1.0));
        // The draws are those of the plain bootstrap.
        let plain = Bootstrap::new(&data, Weighting::default(), Lambda::default(), 80, 42);
        let union = Union::of(&data, &data);
        let side = Side::new(one, &union, &union.first, found.settings);
        assert_eq!(side.replicates_minutes[1], plain.crossings_minutes(1, 0.5));
    }

    #[test]
    fn longer_tasks_lengthen_every_replicate_alike() {
        let (short, long) = (dataset(0..12, 1.0), dataset(0..12, 3.0));
        let found = compare(
            version("short", &short, Lambda::NONE),
            version("long", &long, Lambda::NONE),
        );
        for shared in &found.agents {
            let interval = shared.interval.unwrap();
            assert!((shared.ratio.unwrap() - 3.0).abs() < 1e-6, "{shared:?}");
            assert!((interval.low - 3.0).abs() < 1e-5 && (interval.high - 3.0).abs() < 1e-5);
        }
        assert!((found.doubling_ratio.unwrap() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn suites_that_overlap_vary_less_than_suites_that_do_not() {
        let (all, most) = (dataset(0..12, 1.0), dataset(0..10, 1.0));
        let found = compare(
            version("all", &all, Lambda::default()),
            version("most", &most, Lambda::default()),
        );
        assert_eq!(found.shared_tasks, 30);
        assert_eq!((found.first.tasks, found.second.tasks), (36, 30));
        let other = Dataset::new((0..2_u32).map(|task| Run {
            agent: "c".into(),
            task: format!("other/{task}"),
            family: "other".into(),
            human_minutes: 1.0,
            success: 1.0,
        }))
        .unwrap();
        let apart = compare(
            version("all", &all, Lambda::default()),
            version("other", &other, Lambda::default()),
        );
        assert_eq!((apart.shared_tasks, apart.agents.len()), (0, 0));
        assert!(apart.second.trend.is_err());
        let together = found.agents[1].interval.unwrap();
        let plain = Bootstrap::new(&all, Weighting::default(), Lambda::default(), 80, 42);
        let alone = plain.replicated(1, 0.5).interval.unwrap();
        let width = alone.high.minutes().unwrap() / alone.low.minutes().unwrap();
        assert!(together.high / together.low < width, "{together:?} {width}");
    }

    #[test]
    fn impossible_probabilities_are_refused() {
        let data = dataset(0..2, 1.0);
        let one = version("one", &data, Lambda::default());
        let settings = VersionSettings {
            probability: 0.0,
            ..VersionSettings::default()
        };
        let found = compare_versions(one, one, settings, |_| None);
        assert_eq!(found, Err(VersionError::Probability(0.0)));
    }
}
