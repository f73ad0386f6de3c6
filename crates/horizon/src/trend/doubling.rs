//! The trend: a line through the leading agents, its doubling time and its bootstrap interval.

use serde::Serialize;

use super::leaders::{Leaders, Point, Release, ShortHorizons, TrendError, Window};
use super::line::Line;
use crate::horizon::Horizon;
use crate::quantile::{HorizonInterval, interval_ends, quantile};

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

/// The trend through the agents that lead in a window, with its bootstrap interval.
///
/// The leaders are chosen once, by their point horizons; every replicate is refitted through those
/// of them that the line itself runs through, without those whose horizon there is missing,
/// infinite or below [`super::SHORTEST_MINUTES`]. Leaders without replicates keep their point horizons in all of them,
/// so that a trend can be stitched from older models' published horizons and newer models' fitted
/// ones.
///
/// # Errors
/// A release day that is no number, or too few points for a line.
pub fn trend(
    releases: &[Release],
    window: Window,
    short_horizons: ShortHorizons,
) -> Result<Trend, TrendError> {
    let leaders = Leaders::of(releases, window, short_horizons)?;
    let points: Vec<(f64, f64)> = leaders.points.iter().map(Point::pair).collect();
    let line = Line::through(&points)?;

    let replicates = leaders.replicates();
    let lines: Vec<Line> = leaders.replicate_lines().into_iter().flatten().collect();
    let mut doublings: Vec<f64> = lines.iter().filter_map(Line::doubling_days).collect();
    doublings.sort_by(f64::total_cmp);
    Ok(Trend {
        window,
        short_horizons,
        frontier: leaders
            .releases
            .iter()
            .map(|leader| leader.agent.clone())
            .collect(),
        fixed: leaders.fixed(),
        left_out: leaders.left_out,
        line,
        doubling_days: line.doubling_days(),
        doubling_interval: doubling_interval(&doublings),
        refitted: lines.len(),
        not_growing: lines.len() - doublings.len(),
        missing: replicates - lines.len(),
        lines,
    })
}

/// The line of every replicate through the agents that lead in a window, where it has one.
pub(crate) fn replicate_lines(releases: &[Release], window: Window) -> Vec<Option<Line>> {
    let leaders = Leaders::of(releases, window, ShortHorizons::LeaveOut);
    leaders.map_or_else(|_| Vec::new(), |leaders| leaders.replicate_lines())
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
    fn an_agent_that_the_line_leaves_out_stays_out_of_its_interval() {
        let mut hopeless = release("hopeless", -50.0, 1e-6);
        let mut releases: Vec<Release> = (0..3)
            .map(|i| release(&format!("a{i}"), 100.0 * f64::from(i), f64::from(i).exp2()))
            .collect();
        for release in &mut releases {
            release.replicates_minutes = vec![release.horizon.minutes(); 4];
        }
        // In half of the replicates it happens to reach far.
        hopeless.replicates_minutes = vec![Some(1e-6), Some(50.0), Some(1e-6), Some(80.0)];
        releases.push(hopeless);
        let trend = trend(&releases, Window::default(), ShortHorizons::LeaveOut).unwrap();
        assert_eq!(trend.left_out, ["hopeless"]);
        let interval = trend.doubling_interval.unwrap();
        assert!((interval.low_days - 100.0).abs() < 1e-9, "{interval:?}");
        assert!((interval.high_days - 100.0).abs() < 1e-9, "{interval:?}");
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
