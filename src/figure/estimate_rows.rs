//! Estimates in rows above one logarithmic axis: what lists of models have in common.

use super::axis::TimeAxis;
use super::error::FigureError;
use super::extent::{Estimate, Extent};
use super::geometry::Rect;
use super::legend::Entry;
use super::palette::{AXIS, GRID, Ink, QUIET, QUIET_TEXT, TEXT};
use super::scene::{Align, Mark, PATTERNS, Scene, TextLook, broken};
use super::symbol::{self, Toward};

pub(crate) const RADIUS_PX: f64 = 6.0;
const CAP_PX: f64 = 4.5;
const TICK_LABEL: TextLook = TextLook::new(12.5, QUIET_TEXT).align(Align::Middle);

/// Where and how an estimate is drawn.
pub(crate) struct Row {
    /// The middle of the row.
    pub(crate) y: f64,
    /// The shape of the mark, see [`symbol::point`].
    pub(crate) group: usize,
    pub(crate) ink: Ink,
    pub(crate) filled: bool,
}

/// What to sort by: the minutes, with those off the axis at the ends.
pub(crate) fn rank(estimate: Option<&Estimate>) -> f64 {
    match estimate.map(|estimate| estimate.value.normalised()) {
        Some(Extent::Minutes(minutes)) => minutes,
        Some(Extent::Beyond) => f64::INFINITY,
        Some(Extent::Below | Extent::Undefined) | None => 0.0,
    }
}

/// From the least to the greatest horizon with their intervals, these at most tenfold further out.
pub(crate) fn axis(
    task_range_minutes: Option<(f64, f64)>,
    estimates: &[Estimate],
    frame: &Rect,
) -> TimeAxis {
    let minutes = |of: fn(&Estimate) -> Extent| {
        estimates
            .iter()
            .filter_map(move |estimate| of(estimate).minutes())
    };
    let least = minutes(|estimate| estimate.value).reduce(f64::min);
    let most = minutes(|estimate| estimate.value).reduce(f64::max);
    let (least, most) = least
        .zip(most)
        .unwrap_or_else(|| task_range_minutes.unwrap_or((1.0, 60.0)));
    let low = minutes(|estimate| estimate.low).fold(least, f64::min);
    let high = minutes(|estimate| estimate.high).fold(most, f64::max);
    let (low, high) = (low.max(least / 10.0), high.min(most * 10.0));
    let span = TimeAxis::span(low, high, 1.4, 32.0);
    TimeAxis::log(span, (frame.left, frame.right))
}

/// Whether a horizon or an interval ends in a caret.
pub(crate) fn leaves_axis(task_range_minutes: Option<(f64, f64)>, estimates: &[Estimate]) -> bool {
    // Only the ends of the axis matter here, not its place.
    let axis = axis(
        task_range_minutes,
        estimates,
        &Rect::new(0.0, 0.0, 1.0, 1.0),
    );
    let leaves = |extent: Extent| match extent.normalised() {
        Extent::Minutes(minutes) => !axis.holds(minutes),
        extent => extent != Extent::Undefined,
    };
    estimates.iter().any(|estimate| {
        [estimate.value, estimate.low, estimate.high]
            .into_iter()
            .any(leaves)
    })
}

pub(crate) fn draw_axis(
    scene: &mut Scene,
    axis: &TimeAxis,
    frame: &Rect,
    title: String,
) -> Result<(), FigureError> {
    for tick in axis.ticks_with_room(TICK_LABEL.size_px)? {
        let x = axis.place(tick.minutes);
        scene.push(Mark::stroke((x, frame.top), (x, frame.bottom), 1.0, GRID));
        let (from, to) = ((x, frame.bottom), (x, frame.bottom + 5.0));
        scene.push(Mark::stroke(from, to, 1.0, AXIS));
        scene.text((x, frame.bottom + 20.0), tick.label, TICK_LABEL);
    }
    let (from, to) = ((frame.left, frame.bottom), (frame.right, frame.bottom));
    scene.push(Mark::stroke(from, to, 1.0, AXIS));
    let look = TextLook::new(13.0, TEXT).medium().align(Align::Middle);
    let middle = f64::midpoint(frame.left, frame.right);
    scene.text((middle, frame.bottom + 42.0), title, look);
    Ok(())
}

/// Lines at the shortest and longest task, which the legend explains.
pub(crate) fn draw_task_limits(
    scene: &mut Scene,
    task_range_minutes: Option<(f64, f64)>,
    axis: &TimeAxis,
    frame: &Rect,
) {
    let ends = task_range_minutes
        .into_iter()
        .flat_map(|(shortest, longest)| [shortest, longest]);
    for minutes in ends.filter(|minutes| axis.holds(*minutes)) {
        let x = axis.place(minutes);
        scene.dashes(&[(x, frame.top), (x, frame.bottom)], 1.25, QUIET);
    }
}

/// Where an estimate is, at the edge of the frame if it is off the axis.
pub(crate) fn place(axis: &TimeAxis, frame: &Rect, estimate: &Estimate) -> f64 {
    match estimate.value.normalised() {
        Extent::Minutes(minutes) => axis.place(minutes).clamp(frame.left, frame.right),
        Extent::Beyond => frame.right,
        Extent::Below | Extent::Undefined => frame.left,
    }
}

/// Draws an estimate: its mark and interval, or a caret where it is off the axis.
pub(crate) fn draw_estimate(
    scene: &mut Scene,
    axis: &TimeAxis,
    frame: &Rect,
    estimate: &Estimate,
    &Row {
        y,
        group,
        ink,
        filled,
    }: &Row,
) {
    let x = place(axis, frame, estimate);
    if estimate
        .value
        .minutes()
        .is_none_or(|minutes| !axis.holds(minutes))
    {
        let toward = if x <= frame.left {
            Toward::Left
        } else {
            Toward::Right
        };
        scene.push(symbol::caret((x, y), 2.0 * RADIUS_PX, toward, ink));
        return;
    }
    let faded = ink.fade(0.65);
    for (extent, edge, toward) in [
        (estimate.low.normalised(), frame.left, Toward::Left),
        (estimate.high.normalised(), frame.right, Toward::Right),
    ] {
        match extent {
            Extent::Undefined => {}
            Extent::Minutes(end) if axis.holds(end) => {
                let end = axis.place(end);
                scene.push(Mark::stroke((x, y), (end, y), 1.75, faded));
                let (from, to) = ((end, y - CAP_PX), (end, y + CAP_PX));
                scene.push(Mark::stroke(from, to, 1.75, faded));
            }
            _ => {
                scene.push(Mark::stroke((x, y), (edge, y), 1.75, faded));
                scene.push(symbol::caret((edge, y), 8.0, toward, faded));
            }
        }
    }
    let mark = symbol::point(group, (x, y), RADIUS_PX, ink, filled);
    scene.marks.extend(mark);
}

/// An interval in a row.
pub(crate) fn interval_entry(ink: Ink, level: &str) -> Entry {
    let ink = ink.fade(0.65);
    let mut swatch = vec![Mark::stroke((-12.0, 0.0), (12.0, 0.0), 1.75, ink)];
    for x in [-12.0, 12.0] {
        swatch.push(Mark::stroke((x, -CAP_PX), (x, CAP_PX), 1.75, ink));
    }
    Entry::new(13.0, swatch, format!("{level} interval"))
}

/// The lines at the ends of the tasks.
pub(crate) fn limits_entry() -> Entry {
    let swatch = broken(&[(0.0, -9.0), (0.0, 9.0)], 1.25, QUIET, PATTERNS[1]);
    Entry::new(3.0, swatch, "shortest and longest task")
}
