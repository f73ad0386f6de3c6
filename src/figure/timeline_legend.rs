//! The legend of the time line: every mark on it, and none that is not.

use super::dated_plot;
use super::extent::Estimate;
use super::headline::{Headline, groups};
use super::legend::Entry;
use super::palette::{self, Ink, QUIET, TREND};
use super::spot::{self, RADIUS_PX};
use super::symbol::{self, Toward};
use super::timeline::{is_drawn, line_look, time_span};

/// The entries for a figure.
pub(crate) fn entries(figure: &Headline) -> Vec<Entry> {
    let groups = groups(&figure.points);
    let drawn = || figure.points.iter().filter(|point| is_drawn(point));
    let dot = |group: usize, ink: Ink, filled: bool| {
        symbol::point(group, (0.0, 0.0), RADIUS_PX, ink, filled)
    };
    let mut entries = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        let members = || drawn().filter(|point| point.group.as_deref() == Some(group));
        if members().any(|point| point.frontier) {
            entries.push(Entry::new(
                6.0,
                dot(index, palette::group(index), true),
                *group,
            ));
        } else if members().next().is_some() {
            entries.push(Entry::new(6.0, dot(index, QUIET, false), *group));
        }
    }
    if drawn().any(|point| point.frontier) {
        let ink = if groups.is_empty() {
            palette::group(0)
        } else {
            TREND
        };
        entries.push(Entry::new(
            6.0,
            dot(0, ink, true),
            "filled: at the frontier when released",
        ));
    }
    if drawn().any(|point| !point.frontier) {
        entries.push(Entry::new(
            6.0,
            dot(0, QUIET, false),
            "hollow: not at the frontier",
        ));
    }
    let level = figure.settings.level_text();
    let estimates: Vec<Estimate> = drawn().map(|point| point.horizon).collect();
    if estimates.iter().any(Estimate::has_interval) {
        let ink = palette::group(0).fade(0.6);
        entries.push(spot::interval_entry(ink, &level));
    }
    if dated_plot::leaves_axis(time_span(figure), &estimates) {
        entries.push(Entry::caret(Toward::Up));
    }
    if let Some(trend) = &figure.trend {
        entries.push(Entry::half_dashed(
            TREND,
            "trend, dashed where extrapolated",
        ));
        if trend.band.len() > 1 {
            entries.push(Entry::band(TREND, format!("{level} band of the trend")));
        }
    }
    for (index, line) in figure.lines.iter().enumerate() {
        let (ink, pattern) = line_look(index);
        entries.push(Entry::line(ink, pattern, &line.label));
    }
    entries
}
