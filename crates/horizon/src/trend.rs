//! How fast horizons grow with release date.
//!
//! METR's rule: least squares of ln horizon on release day, through the agents that led when they
//! came out. Days count from 1970-01-01.

use std::f64::consts::LN_2;

use serde::Serialize;
use thiserror::Error;

use crate::horizon::Horizon;
use crate::quantile::{HorizonInterval, interval_ends, quantile};

/// Horizons below this many minutes say only that an agent hardly ever succeeds; their logarithm
/// would swamp a fit.
pub const SHORTEST_MINUTES: f64 = 1e-3;

/// Days further than this from 1970-01-01 are seconds or garbage, and could overflow a fit.
const FURTHEST_DAY: f64 = 1e6;

/// An agent with its release day.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    /// The agent's name.
    pub agent: String,
    /// Release day, counted from 1970-01-01.
    pub day: f64,
    /// Its horizon, usually at 50 %.
    pub horizon: Horizon,
    /// Its horizon in each bootstrap replicate, in minutes; the same replicates for all agents.
    /// Empty for a horizon without replicates, such as one published for an older model: it is
    /// then a fixed point, the same in every replicate.
    pub replicates_minutes: Vec<Option<f64>>,
}

/// Which releases count.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Window {
    /// First day that counts, from 1970-01-01; none means no limit.
    pub from_day: Option<f64>,
    /// First day that counts no more, from 1970-01-01; none means no limit.
    pub before_day: Option<f64>,
}

/// What to do with a point horizon below [`SHORTEST_MINUTES`]. Replicates below it are always
/// dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShortHorizons {
    /// Leave it out, as in the replicates.
    #[default]
    LeaveOut,
    /// Raise it to [`SHORTEST_MINUTES`], as METR does. The point fit then follows another rule
    /// than its own interval.
    Raise,
}

/// Why there is no trend.
#[derive(Debug, Clone, PartialEq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrendError {
    /// A line needs two points.
    #[error(
        "a trend needs two leading agents with finite horizons of at least {SHORTEST_MINUTES} \
         minutes, and {found} remain in the window; widen it or add agents"
    )]
    TooFewPoints {
        /// How many there are.
        found: usize,
    },
    /// All points fall on one day.
    #[error("all {points} leading agents came out on one day, which determines no trend")]
    OneDay {
        /// How many there are.
        points: usize,
    },
    /// A release day that is no day within thousands of years.
    #[error(
        "agent `{agent}` has release day {day}; give days since 1970-01-01, at most a million \
         to either side"
    )]
    Day {
        /// The agent in question.
        agent: String,
        /// Its day.
        day: f64,
    },
}

/// A straight line of ln minutes against days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Line {
    /// Growth of ln minutes per day.
    pub slope_per_day: f64,
    /// ln minutes on 1970-01-01.
    pub intercept: f64,
    /// Share of the variance of ln minutes that the line explains; absent where there is none
    /// to explain.
    pub r_squared: Option<f64>,
}

/// An interval of doubling times.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DoublingInterval {
    /// Lower end, in days.
    pub low_days: f64,
    /// Median, in days.
    pub median_days: f64,
    /// Upper end, in days.
    pub high_days: f64,
}

/// A trend through the leading agents.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// The window that was asked for.
    pub window: Window,
    /// How short horizons were treated.
    pub short_horizons: ShortHorizons,
    /// Leading agents in the window, by day and name.
    pub frontier: Vec<String>,
    /// Those of them that the line leaves out, since their horizon is too short or infinite.
    pub left_out: Vec<String>,
    /// The line through the others.
    pub line: Line,
    /// Days in which the horizon doubles; absent where it does not grow.
    pub doubling_days: Option<f64>,
    /// Interval over the replicates that grow; absent without any.
    pub doubling_interval: Option<DoublingInterval>,
    /// Replicates through which a line could be drawn.
    pub refitted: usize,
    /// Those of them whose horizon does not grow; the interval leaves them out.
    pub not_growing: usize,
    /// Replicates in which fewer than two leading agents, or two days, remained.
    pub missing: usize,
    /// Leading agents without replicates, which stand still in every replicate while others move:
    /// the interval knows nothing of their own uncertainty. Empty where no agent has replicates.
    pub fixed: Vec<String>,
    /// The replicates' lines.
    #[serde(skip)]
    pub lines: Vec<Line>,
}

/// A trend's interval on one day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BandPoint {
    /// The day, from 1970-01-01.
    pub day: f64,
    /// What the trend itself says.
    pub horizon: Horizon,
    /// Percentile interval of the replicates' lines; absent without replicates.
    pub interval: Option<HorizonInterval>,
}

impl Release {
    /// ln of the point horizon in minutes, where a line can use it.
    fn point_log(&self, short_horizons: ShortHorizons) -> Option<f64> {
        usable_log(self.horizon.minutes().map(|minutes| match short_horizons {
            ShortHorizons::LeaveOut => minutes,
            ShortHorizons::Raise => minutes.max(SHORTEST_MINUTES),
        }))
    }

    /// The same in one replicate.
    fn replicate_log(&self, replicate: usize, short_horizons: ShortHorizons) -> Option<f64> {
        if self.replicates_minutes.is_empty() {
            self.point_log(short_horizons)
        } else {
            usable_log(self.replicates_minutes.get(replicate).copied().flatten())
        }
    }
}

impl Window {
    /// Whether a day counts.
    #[must_use]
    pub fn contains(&self, day: f64) -> bool {
        self.from_day.is_none_or(|from| day >= from)
            && self.before_day.is_none_or(|before| day < before)
    }
}

impl Line {
    /// Least squares through points of day and ln minutes.
    ///
    /// # Errors
    /// Fewer than two points, or all on one day.
    pub fn through(points: &[(f64, f64)]) -> Result<Self, TrendError> {
        let count = points.len();
        if count < 2 {
            return Err(TrendError::TooFewPoints { found: count });
        }
        let mean_day = points.iter().map(|point| point.0).sum::<f64>() / count as f64;
        let mean_log = points.iter().map(|point| point.1).sum::<f64>() / count as f64;
        let sum = |term: fn(f64, f64) -> f64| -> f64 {
            points
                .iter()
                .map(|&(day, log)| term(day - mean_day, log - mean_log))
                .sum()
        };
        let (days, both, logs) = (sum(|d, _| d * d), sum(|d, l| d * l), sum(|_, l| l * l));
        if days <= 0.0 {
            return Err(TrendError::OneDay { points: count });
        }
        let slope = both / days;
        Ok(Self {
            slope_per_day: slope,
            intercept: mean_log - slope * mean_day,
            r_squared: (logs > 0.0).then(|| both * both / (days * logs)),
        })
    }

    /// The horizon on a day, from 1970-01-01.
    #[must_use]
    pub fn horizon(&self, day: f64) -> Horizon {
        Horizon::from_minutes(self.ln_minutes(day).exp())
    }

    /// Days in which the horizon doubles; `None` where it does not grow.
    #[must_use]
    pub fn doubling_days(&self) -> Option<f64> {
        let days = LN_2 / self.slope_per_day;
        (self.slope_per_day > 0.0 && days.is_finite()).then_some(days)
    }

    fn ln_minutes(&self, day: f64) -> f64 {
        self.slope_per_day * day + self.intercept
    }
}

/// Positions of the agents that led when they came out, by day and name: those whose horizon is
/// at least as long as that of everything released in the window up to and including their day.
/// Agents that tie, also on one day, all count; agents without a defined horizon never do.
#[must_use]
pub fn frontier(releases: &[Release], window: Window) -> Vec<usize> {
    let mut candidates: Vec<(usize, f64)> = releases
        .iter()
        .enumerate()
        .filter(|(_, release)| window.contains(release.day))
        .filter_map(|(index, release)| Some((index, release.horizon.minutes()?)))
        .collect();
    candidates.sort_by(|&(a, _), &(b, _)| {
        let (a, b) = (&releases[a], &releases[b]);
        a.day.total_cmp(&b.day).then_with(|| a.agent.cmp(&b.agent))
    });
    let mut best: f64 = 0.0;
    let mut leaders = Vec::new();
    for day in candidates.chunk_by(|&(a, _), &(b, _)| releases[a].day == releases[b].day) {
        best = day
            .iter()
            .fold(best, |best, &(_, minutes)| best.max(minutes));
        leaders.extend(
            day.iter()
                .filter(|&&(_, minutes)| minutes >= best)
                .map(|&(index, _)| index),
        );
    }
    leaders
}

/// The trend through the agents that lead in a window, with its bootstrap interval.
///
/// The leaders are chosen once, by their point horizons; every replicate is refitted through the
/// same ones, without those whose horizon is missing, infinite or below [`SHORTEST_MINUTES`].
/// Leaders without replicates keep their point horizons in all of them, so that a trend can be
/// stitched from older models' published horizons and newer models' fitted ones.
///
/// # Errors
/// A release day that is no number, or too few points for a line.
pub fn trend(
    releases: &[Release],
    window: Window,
    short_horizons: ShortHorizons,
) -> Result<Trend, TrendError> {
    let days = -FURTHEST_DAY..=FURTHEST_DAY;
    let impossible = |release: &&Release| !days.contains(&release.day);
    if let Some(Release { agent, day, .. }) = releases.iter().find(impossible) {
        return Err(TrendError::Day {
            agent: agent.clone(),
            day: *day,
        });
    }
    let leaders: Vec<&Release> = frontier(releases, window)
        .into_iter()
        .map(|index| &releases[index])
        .collect();
    let (mut points, mut left_out) = (Vec::new(), Vec::new());
    for leader in &leaders {
        match leader.point_log(short_horizons) {
            Some(log) => points.push((leader.day, log)),
            None => left_out.push(leader.agent.clone()),
        }
    }
    let line = Line::through(&points)?;

    let replicates = leaders
        .iter()
        .map(|leader| leader.replicates_minutes.len())
        .max()
        .unwrap_or_default();
    let lines: Vec<Line> = (0..replicates)
        .filter_map(|index| refit(&leaders, index, short_horizons))
        .collect();
    let fixed = |leader: &&&Release| replicates > 0 && leader.replicates_minutes.is_empty();
    let fixed = leaders.iter().filter(fixed);
    let fixed = fixed.map(|leader| leader.agent.clone()).collect();
    let mut doublings: Vec<f64> = lines.iter().filter_map(Line::doubling_days).collect();
    doublings.sort_by(f64::total_cmp);
    Ok(Trend {
        window,
        short_horizons,
        frontier: leaders.iter().map(|leader| leader.agent.clone()).collect(),
        left_out,
        line,
        doubling_days: line.doubling_days(),
        doubling_interval: doubling_interval(&doublings),
        refitted: lines.len(),
        not_growing: lines.len() - doublings.len(),
        missing: replicates - lines.len(),
        fixed,
        lines,
    })
}

impl Trend {
    /// The leading agents that the line runs through, by day and name.
    pub fn fitted(&self) -> impl Iterator<Item = &str> {
        let fitted = |agent: &&String| !self.left_out.contains(agent);
        self.frontier.iter().filter(fitted).map(String::as_str)
    }

    /// The trend on given days with the interval of its replicates.
    #[must_use]
    pub fn band(&self, days: &[f64]) -> Vec<BandPoint> {
        let (low, high) = interval_ends();
        let mut logs = Vec::with_capacity(self.lines.len());
        let on = |&day: &f64| {
            logs.clear();
            logs.extend(self.lines.iter().map(|line| line.ln_minutes(day)));
            logs.sort_by(f64::total_cmp);
            let end = |share| quantile(&logs, share).map(|log| Horizon::from_minutes(log.exp()));
            let interval = match (end(low), end(high)) {
                (Some(low), Some(high)) => Some(HorizonInterval { low, high }),
                _ => None,
            };
            BandPoint {
                day,
                horizon: self.line.horizon(day),
                interval,
            }
        };
        days.iter().map(on).collect()
    }
}

/// ln minutes where a line can use them.
fn usable_log(minutes: Option<f64>) -> Option<f64> {
    minutes
        .filter(|minutes| minutes.is_finite() && *minutes >= SHORTEST_MINUTES)
        .map(f64::ln)
}

/// The line of one replicate, where it has one.
pub(crate) fn refit(
    leaders: &[&Release],
    replicate: usize,
    short_horizons: ShortHorizons,
) -> Option<Line> {
    let points: Vec<(f64, f64)> = leaders
        .iter()
        .filter_map(|leader| {
            let log = leader.replicate_log(replicate, short_horizons)?;
            Some((leader.day, log))
        })
        .collect();
    Line::through(&points).ok()
}

fn doubling_interval(sorted_days: &[f64]) -> Option<DoublingInterval> {
    let (low, high) = interval_ends();
    Some(DoublingInterval {
        low_days: quantile(sorted_days, low)?,
        median_days: quantile(sorted_days, 0.5)?,
        high_days: quantile(sorted_days, high)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(agent: &str, day: f64, minutes: f64) -> Release {
        Release {
            agent: agent.to_owned(),
            day,
            horizon: Horizon::from_minutes(minutes),
            replicates_minutes: Vec::new(),
        }
    }

    #[test]
    fn leaders_include_ties_and_restart_with_the_window() {
        let releases = [
            release("a", 10.0, 4.0),
            release("b", 20.0, 2.0),
            release("c", 30.0, 4.0),
            release("d", 30.0, 3.0),
            release("e", 40.0, 9.0),
            release("f", 40.0, 9.0),
        ];
        let names = |window| -> Vec<&str> {
            frontier(&releases, window)
                .iter()
                .map(|&i| releases[i].agent.as_str())
                .collect()
        };
        assert_eq!(names(Window::default()), ["a", "c", "e", "f"]);
        let later = Window {
            from_day: Some(20.0),
            before_day: Some(40.0),
        };
        assert_eq!(names(later), ["b", "c"]);
    }

    #[test]
    fn a_doubling_every_hundred_days_is_found() {
        let mut releases: Vec<Release> = (0..5)
            .map(|i| release(&format!("a{i}"), 100.0 * f64::from(i), f64::from(i).exp2()))
            .collect();
        releases.push(release("hopeless", -50.0, 0.0));
        let trend = trend(&releases, Window::default(), ShortHorizons::LeaveOut).unwrap();
        assert!((trend.doubling_days.unwrap() - 100.0).abs() < 1e-9);
        assert!((trend.line.r_squared.unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(trend.left_out, ["hopeless"]);
        assert_eq!(trend.fitted().count(), trend.frontier.len() - 1);
        assert_eq!(trend.doubling_interval, None);
        let band = trend.band(&[500.0, 1e9]);
        assert!((band[0].horizon.minutes().unwrap() - 32.0).abs() < 1e-9);
        assert_eq!(
            (band[1].horizon, band[1].interval),
            (Horizon::BeyondAll, None)
        );
    }

    #[test]
    fn replicates_without_a_line_or_growth_are_counted() {
        let mut old = release("old", 0.0, 1.0);
        let mut new = release("new", 10.0, 2.0);
        old.replicates_minutes = vec![
            Some(1.0),
            Some(2.0),
            None,
            Some(1e-4),
            Some(1.0),
            Some(f64::INFINITY),
        ];
        new.replicates_minutes = vec![
            Some(2.0),
            Some(1.0),
            Some(1.0),
            Some(1.0),
            Some(4.0),
            Some(1.0),
        ];
        let trend = trend(&[new, old], Window::default(), ShortHorizons::LeaveOut).unwrap();
        assert_eq!(
            (trend.refitted, trend.not_growing, trend.missing),
            (3, 1, 3)
        );
        let interval = trend.doubling_interval.unwrap();
        assert!((interval.median_days - 7.5).abs() < 1e-12, "{interval:?}");
    }

    #[test]
    fn fixed_points_stand_still_while_others_move() {
        let published = release("published", 0.0, 1.0);
        let mut fitted = release("fitted", 10.0, 2.0);
        fitted.replicates_minutes = vec![Some(4.0), Some(2.0), None];
        let releases = [published, fitted];
        let trend = trend(&releases, Window::default(), ShortHorizons::LeaveOut).unwrap();
        assert_eq!(trend.fixed, ["published"]);
        let doublings: Vec<f64> = trend.lines.iter().filter_map(Line::doubling_days).collect();
        assert!((doublings[0] - 5.0).abs() < 1e-12 && (doublings[1] - 10.0).abs() < 1e-12);
        assert_eq!((trend.refitted, trend.missing), (2, 1));
    }

    #[test]
    fn absences_are_typed() {
        let find = |releases: &[Release]| {
            trend(releases, Window::default(), ShortHorizons::LeaveOut).unwrap_err()
        };
        assert_eq!(find(&[]), TrendError::TooFewPoints { found: 0 });
        assert_eq!(
            find(&[release("a", 0.0, 1.0)]),
            TrendError::TooFewPoints { found: 1 }
        );
        let twins = [release("a", 0.0, 1.0), release("b", 0.0, 1.0)];
        assert_eq!(find(&twins), TrendError::OneDay { points: 2 });
        assert!(matches!(
            find(&[release("a", f64::NAN, 1.0)]),
            TrendError::Day { .. }
        ));
    }
}
