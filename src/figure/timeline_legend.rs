//! The legend of the time line: every mark on it, and none that is not.

use super::extent::Extent;
use super::geometry::Rect;
use super::headline::{Headline, groups, percent};
use super::legend::{Entry, SWATCH_HALF_PX};
use super::palette::{self, Ink, QUIET, QUIET_TEXT, TREND};
use super::scene::Mark;
use super::symbol::{self, Toward};
use super::timeline::{CAP_PX, RADIUS_PX, is_drawn, time_span};

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
    if drawn().any(|point| point.p50.has_interval()) {
        let ink = palette::group(0).fade(0.6);
        let mut swatch = vec![Mark::stroke((0.0, -8.0), (0.0, 8.0), 1.5, ink)];
        for y in [-8.0, 8.0] {
            swatch.push(Mark::stroke((-CAP_PX, y), (CAP_PX, y), 1.5, ink));
        }
        entries.push(Entry::new(5.0, swatch, format!("{level} interval")));
    }
    if leaves_axis(figure) {
        let caret = vec![symbol::caret((0.0, -4.0), 8.0, Toward::Up, QUIET_TEXT)];
        entries.push(Entry::new(6.0, caret, "goes on beyond the axis"));
    }
    if let Some(trend) = &figure.trend {
        let half = SWATCH_HALF_PX;
        let line = vec![
            Mark::stroke((-half, 0.0), (half * 0.2, 0.0), 1.75, TREND),
            Mark::stroke((half * 0.2 + 4.0, 0.0), (half, 0.0), 1.75, TREND),
        ];
        entries.push(Entry::new(half, line, "trend, dashed where extrapolated"));
        if trend.band.len() > 1 {
            let area = Rect::new(-half, -6.0, 2.0 * half, 12.0);
            let band = vec![Mark::block(area, TREND.fade(0.14))];
            entries.push(Entry::new(
                half,
                band,
                format!("{} band of the trend", percent(figure.settings.level)),
            ));
        }
    }
    entries
}

/// Whether any horizon or interval ends in a caret.
fn leaves_axis(figure: &Headline) -> bool {
    let (low, high) = time_span(figure);
    figure
        .points
        .iter()
        .filter(|point| is_drawn(point))
        .any(|point| {
            [point.p50.value, point.p50.low, point.p50.high]
                .iter()
                .any(|extent| match extent.normalised() {
                    Extent::Minutes(minutes) => !(low..=high).contains(&minutes),
                    Extent::Below | Extent::Beyond => true,
                    Extent::Undefined => false,
                })
        })
}
