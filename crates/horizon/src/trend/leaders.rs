//! The agents that led when they came out, and what a curve can use of them.

use serde::Serialize;
use thiserror::Error;

use super::line::Line;
use crate::horizon::Horizon;

/// Horizons below this many minutes say only that an agent hardly ever succeeds; their logarithm
/// would swamp a fit.
pub const SHORTEST_MINUTES: f64 = 1e-3;

/// Days further than this from 1970-01-01 are seconds or garbage, and could overflow a fit.
pub(crate) const FURTHEST_DAY: f64 = 1e6;

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

/// A leading agent as a point of a trend.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// The agent's name.
    pub agent: String,
    /// Its release day, from 1970-01-01.
    pub day: f64,
    /// ln of its horizon in minutes.
    pub ln_minutes: f64,
}

/// The leading agents of a window, in order of day and name.
pub(crate) struct Leaders<'a> {
    /// All of them.
    pub(crate) releases: Vec<&'a Release>,
    /// Those whose horizon a curve can use.
    pub(crate) points: Vec<Point>,
    /// The others.
    pub(crate) left_out: Vec<String>,
    short_horizons: ShortHorizons,
}

impl Release {
    /// ln of the point horizon in minutes, where a curve can use it.
    fn point_log(&self, short_horizons: ShortHorizons) -> Option<f64> {
        let minutes = self.horizon.minutes();
        usable_log(minutes.map(|minutes| short_horizons.treat(minutes)))
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

impl ShortHorizons {
    /// Minutes as they go into a fit, which drops what is still too short.
    pub(crate) fn treat(self, minutes: f64) -> f64 {
        match self {
            Self::LeaveOut => minutes,
            Self::Raise => minutes.max(SHORTEST_MINUTES),
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

impl<'a> Leaders<'a> {
    /// Finds the leaders.
    ///
    /// # Errors
    /// A release day that is no number or garbage.
    pub(crate) fn of(
        releases: &'a [Release],
        window: Window,
        short_horizons: ShortHorizons,
    ) -> Result<Self, TrendError> {
        let days = -FURTHEST_DAY..=FURTHEST_DAY;
        let impossible = |release: &&Release| !days.contains(&release.day);
        if let Some(Release { agent, day, .. }) = releases.iter().find(impossible) {
            return Err(TrendError::Day {
                agent: agent.clone(),
                day: *day,
            });
        }
        let releases: Vec<&Release> = frontier(releases, window)
            .into_iter()
            .map(|index| &releases[index])
            .collect();
        let (mut points, mut left_out) = (Vec::new(), Vec::new());
        for leader in &releases {
            match leader.point_log(short_horizons) {
                Some(ln_minutes) => points.push(Point {
                    agent: leader.agent.clone(),
                    day: leader.day,
                    ln_minutes,
                }),
                None => left_out.push(leader.agent.clone()),
            }
        }
        Ok(Self {
            releases,
            points,
            left_out,
            short_horizons,
        })
    }

    /// Leaders without replicates, which stand still in every replicate while others move.
    pub(crate) fn fixed(&self) -> Vec<String> {
        let moving = self.replicates() > 0;
        let fixed = |leader: &&&Release| moving && leader.replicates_minutes.is_empty();
        let fixed = self.releases.iter().filter(fixed);
        fixed.map(|leader| leader.agent.clone()).collect()
    }

    /// How many replicates the leaders have.
    pub(crate) fn replicates(&self) -> usize {
        let lengths = self
            .releases
            .iter()
            .map(|leader| leader.replicates_minutes.len());
        lengths.max().unwrap_or_default()
    }

    /// Day and ln minutes of the leaders that a curve can use in one replicate. Those that it leaves
    /// out of the points are left out here too: an agent that is too short to count, and counts
    /// wherever a replicate happens to lengthen it, would give the interval of another trend.
    pub(crate) fn replicate(&self, index: usize) -> Vec<(f64, f64)> {
        let point = |leader: &&Release| {
            leader.point_log(self.short_horizons)?;
            let log = leader.replicate_log(index, self.short_horizons)?;
            Some((leader.day, log))
        };
        self.releases.iter().filter_map(point).collect()
    }

    /// The line through the leaders in one replicate, where it has one.
    pub(crate) fn replicate_line(&self, index: usize) -> Option<Line> {
        Line::through(&self.replicate(index)).ok()
    }

    /// The same for every replicate.
    pub(crate) fn replicate_lines(&self) -> Vec<Option<Line>> {
        let lines = (0..self.replicates()).map(|index| self.replicate_line(index));
        lines.collect()
    }
}

impl Point {
    /// Day and ln minutes.
    pub(crate) fn pair(&self) -> (f64, f64) {
        (self.day, self.ln_minutes)
    }
}

/// ln minutes where a line can use them.
pub(crate) fn usable_log(minutes: Option<f64>) -> Option<f64> {
    minutes
        .filter(|minutes| minutes.is_finite() && *minutes >= SHORTEST_MINUTES)
        .map(f64::ln)
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
}
