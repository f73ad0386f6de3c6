//! The headline figure without dates: models from the longest horizon to the shortest.

use std::cmp::Ordering;

use super::axis::TimeAxis;
use super::error::FigureError;
use super::extent::Extent;
use super::facts::fit_facts;
use super::geometry::Rect;
use super::headline::{Headline, HeadlinePoint, group_index, groups, left_out};
use super::legend::Entry;
use super::page::{self, Foot, MARGIN_PX, WIDTH_PX};
use super::palette::{self, AXIS, GRID, Ink, QUIET, QUIET_TEXT, TEXT};
use super::scene::{Align, Mark, Scene, TextLook, fit, text_box};
use super::symbol::{self, Toward};

const ROW_PX: f64 = 34.0;
const RADIUS_PX: f64 = 6.0;
const CAP_PX: f64 = 4.5;
const WIDEST_NAME_PX: f64 = 320.0;
const NAME: TextLook = TextLook::new(14.0, TEXT).align(Align::End);
const VALUE: TextLook = TextLook::new(13.0, TEXT);
const TICK_LABEL: TextLook = TextLook::new(12.5, QUIET_TEXT).align(Align::Middle);

/// Lays the figure out.
pub(crate) fn layout(figure: &Headline) -> Result<Scene, FigureError> {
    let mut scene = page::blank();
    let top = page::head(&mut scene, &figure.title, &figure.subtitle, legend(figure))?;
    let models = ranked(figure);
    let (mut names_px, mut values_px) = (60.0f64, 60.0f64);
    for point in &models {
        names_px = names_px.max(text_box((0.0, 0.0), &point.label, &NAME)?.width());
        let value = point.p50.to_string();
        values_px = values_px.max(text_box((0.0, 0.0), &value, &VALUE)?.width());
    }
    let names_px = names_px.min(WIDEST_NAME_PX);
    let frame = Rect {
        left: MARGIN_PX + names_px + 18.0,
        top: top + 20.0,
        right: WIDTH_PX - MARGIN_PX - values_px - 22.0,
        bottom: top + 20.0 + ROW_PX * (models.len() as f64).max(1.0) + 8.0,
    };
    let axis = axis(figure, &models, &frame);
    draw_axis(&mut scene, &axis, &frame)?;
    draw_task_limits(&mut scene, figure, &axis, &frame);
    let groups = groups(&figure.points);
    for (row, point) in models.iter().enumerate() {
        let y = frame.top + 4.0 + ROW_PX * (row as f64 + 0.5);
        let index = group_index(&groups, point);
        let look = look(figure, point, index);
        draw_row(&mut scene, &axis, &frame, y, point, look)?;
    }
    if models.is_empty() {
        let middle = frame.centre();
        scene.text(middle, "No model has a horizon", VALUE.align(Align::Middle));
    }
    let mut notes = vec![format!("{}.", fit_facts(figure).join("; "))];
    notes.extend(left_out(figure, is_drawn));
    notes.extend(figure.notes.iter().cloned());
    Foot::new(&notes)?.draw(&mut scene, frame.bottom + 58.0);
    Ok(scene)
}

fn is_drawn(point: &HeadlinePoint) -> bool {
    point.p50.value.normalised() != Extent::Undefined
}

/// How a model's point looks.
struct Look {
    group: usize,
    ink: Ink,
    filled: bool,
}

/// Without dates there is often no frontier: then no model stands back.
fn look(figure: &Headline, point: &HeadlinePoint, group: usize) -> Look {
    let filled = point.frontier || !has_frontier(figure);
    Look {
        group,
        ink: if filled { palette::group(group) } else { QUIET },
        filled,
    }
}

fn has_frontier(figure: &Headline) -> bool {
    figure.points.iter().any(|point| point.frontier)
}

/// The models with a horizon, longest first; equal ones in the order given.
fn ranked(figure: &Headline) -> Vec<&HeadlinePoint> {
    let rank = |point: &HeadlinePoint| match point.p50.value.normalised() {
        Extent::Minutes(minutes) => minutes,
        Extent::Beyond => f64::INFINITY,
        Extent::Below | Extent::Undefined => 0.0,
    };
    let mut models: Vec<_> = figure
        .points
        .iter()
        .filter(|point| is_drawn(point))
        .collect();
    models.sort_by(|a, b| rank(b).partial_cmp(&rank(a)).unwrap_or(Ordering::Equal));
    models
}

/// From the least to the greatest horizon with their intervals, these at most tenfold further out.
fn axis(figure: &Headline, models: &[&HeadlinePoint], frame: &Rect) -> TimeAxis {
    let horizons: Vec<f64> = models
        .iter()
        .filter_map(|p| p.p50.value.minutes())
        .collect();
    let least = horizons.iter().copied().reduce(f64::min);
    let most = horizons.iter().copied().reduce(f64::max);
    let (least, most) = least
        .zip(most)
        .unwrap_or_else(|| figure.settings.task_range_minutes.unwrap_or((1.0, 60.0)));
    let low = models
        .iter()
        .filter_map(|p| p.p50.low.minutes())
        .fold(least, f64::min);
    let high = models
        .iter()
        .filter_map(|p| p.p50.high.minutes())
        .fold(most, f64::max);
    let (low, high) = (low.max(least / 10.0), high.min(most * 10.0));
    let (low_minutes, high_minutes) = TimeAxis::span(low, high, 1.4, 32.0);
    TimeAxis {
        low_minutes,
        high_minutes,

        low_px: frame.left,
        high_px: frame.right,
    }
}

fn draw_axis(scene: &mut Scene, axis: &TimeAxis, frame: &Rect) -> Result<(), FigureError> {
    for tick in axis.ticks_with_room(TICK_LABEL.size_px)? {
        let x = axis.place(tick.minutes);
        scene.push(Mark::stroke((x, frame.top), (x, frame.bottom), 1.0, GRID));
        scene.push(Mark::stroke(
            (x, frame.bottom),
            (x, frame.bottom + 5.0),
            1.0,
            AXIS,
        ));
        scene.text((x, frame.bottom + 20.0), tick.label, TICK_LABEL);
    }
    scene.push(Mark::stroke(
        (frame.left, frame.bottom),
        (frame.right, frame.bottom),
        1.0,
        AXIS,
    ));
    let look = TextLook::new(13.0, TEXT).medium().align(Align::Middle);
    let middle = f64::midpoint(frame.left, frame.right);
    let title = "Length of tasks, in human time, completed with 50 % success";
    scene.text((middle, frame.bottom + 42.0), title, look);
    Ok(())
}

/// Lines at the shortest and longest task, which the legend explains.
fn draw_task_limits(scene: &mut Scene, figure: &Headline, axis: &TimeAxis, frame: &Rect) {
    if let Some((shortest, longest)) = figure.settings.task_range_minutes {
        for minutes in [shortest, longest] {
            if axis.holds(minutes) {
                let x = axis.place(minutes);
                scene.dashes(&[(x, frame.top), (x, frame.bottom)], 1.25, QUIET);
            }
        }
    }
}

fn draw_row(
    scene: &mut Scene,
    axis: &TimeAxis,
    frame: &Rect,
    y: f64,
    point: &HeadlinePoint,
    Look { group, ink, filled }: Look,
) -> Result<(), FigureError> {
    let baseline = y + 0.36 * NAME.size_px;
    scene.text(
        (frame.left - 18.0, baseline),
        fit(&point.label, &NAME, WIDEST_NAME_PX)?,
        NAME,
    );
    scene.text((frame.right + 22.0, baseline), point.p50.to_string(), VALUE);
    let Some(minutes) = point
        .p50
        .value
        .minutes()
        .filter(|minutes| axis.holds(*minutes))
    else {
        let below = match point.p50.value.normalised() {
            Extent::Minutes(minutes) => minutes < axis.low_minutes,
            other => other == Extent::Below,
        };
        let (tip, toward) = if below {
            ((frame.left, y), Toward::Left)
        } else {
            ((frame.right, y), Toward::Right)
        };
        scene.push(symbol::caret(tip, 2.0 * RADIUS_PX, toward, ink));
        return Ok(());
    };
    let x = axis.place(minutes);
    for (extent, edge, toward) in [
        (point.p50.low.normalised(), frame.left, Toward::Left),
        (point.p50.high.normalised(), frame.right, Toward::Right),
    ] {
        let faded = ink.fade(0.65);
        match extent {
            Extent::Undefined => {}
            Extent::Minutes(end) if axis.holds(end) => {
                let end = axis.place(end);
                scene.push(Mark::stroke((x, y), (end, y), 1.75, faded));
                scene.push(Mark::stroke(
                    (end, y - CAP_PX),
                    (end, y + CAP_PX),
                    1.75,
                    faded,
                ));
            }
            _ => {
                scene.push(Mark::stroke((x, y), (edge, y), 1.75, faded));
                scene.push(symbol::caret((edge, y), 8.0, toward, faded));
            }
        }
    }
    scene
        .marks
        .extend(symbol::point(group, (x, y), RADIUS_PX, ink, filled));
    Ok(())
}

fn legend(figure: &Headline) -> Vec<Entry> {
    let groups = groups(&figure.points);
    let dot =
        |group: usize, ink: Ink, filled| symbol::point(group, (0.0, 0.0), RADIUS_PX, ink, filled);
    let drawn = || figure.points.iter().filter(|point| is_drawn(point));
    let mut entries = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        entries.push(Entry::new(
            7.0,
            dot(index, palette::group(index), true),
            *group,
        ));
    }
    if groups.is_empty() && drawn().next().is_some() {
        entries.push(Entry::new(
            7.0,
            dot(0, palette::group(0), true),
            "50 % horizon",
        ));
    }
    if has_frontier(figure) && drawn().any(|point| !point.frontier) {
        entries.push(Entry::new(
            7.0,
            dot(0, QUIET, false),
            "hollow: not at the frontier",
        ));
    }

    if drawn().any(|point| point.p50.has_interval()) {
        let ink = palette::group(0).fade(0.65);
        let mut swatch = vec![Mark::stroke((-12.0, 0.0), (12.0, 0.0), 1.75, ink)];
        for x in [-12.0, 12.0] {
            swatch.push(Mark::stroke((x, -CAP_PX), (x, CAP_PX), 1.75, ink));
        }
        let level = figure.settings.level_text();
        entries.push(Entry::new(13.0, swatch, format!("{level} interval")));
    }
    // Only the ends of the axis matter here, not its place.
    let axis = axis(figure, &ranked(figure), &Rect::new(0.0, 0.0, 1.0, 1.0));
    let leaves_axis = |extent: &Extent| match extent.normalised() {
        Extent::Minutes(minutes) => !axis.holds(minutes),
        extent => extent != Extent::Undefined,
    };
    if drawn().any(|p| [p.p50.value, p.p50.low, p.p50.high].iter().any(leaves_axis)) {
        let caret = vec![symbol::caret((4.0, 0.0), 8.0, Toward::Right, QUIET_TEXT)];
        entries.push(Entry::new(6.0, caret, "goes on beyond the axis"));
    }
    if drawn().next().is_some() && figure.settings.task_range_minutes.is_some() {
        let mut swatch = Scene {
            width_px: 0.0,
            height_px: 0.0,
            marks: Vec::new(),
        };
        swatch.dashes(&[(0.0, -9.0), (0.0, 9.0)], 1.25, QUIET);
        entries.push(Entry::new(3.0, swatch.marks, "shortest and longest task"));
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::samples;

    #[test]
    fn no_text_touches_another_or_leaves_the_page() {
        for count in [0, 1, 7, 40] {
            let scene = layout(&samples::undated(count)).unwrap();
            scene.assert_texts_apart();
            scene.assert_finite();
        }
    }

    #[test]
    fn the_longest_horizon_comes_first() {
        let figure = samples::undated(7);
        let horizons: Vec<_> = ranked(&figure)
            .iter()
            .map(|point| point.p50.value.minutes())
            .collect();
        assert_eq!(horizons.len(), 6, "one model has no horizon");
        assert_eq!(horizons[5], None, "the one below the tasks is last");
        assert!(horizons[..5].is_sorted_by(|a, b| a >= b), "{horizons:?}");
    }
}
