//! The headline figure on a time line: horizons against release dates, with a trend.

use super::axis::{DateAxis, TimeAxis};
use super::calendar::Day;
use super::error::FigureError;
use super::extent::Extent;
use super::facts;
use super::geometry::{Point, Rect, crosses};
use super::headline::{Headline, HeadlinePoint, TrendLine, group_index, groups, left_out};
use super::labels::{self, Obstacles, Request};
use super::page::{self, Foot, MARGIN_PX, WIDTH_PX};
use super::palette::{self, AXIS, GRID, Ink, QUIET, QUIET_TEXT, TEXT, TREND};
use super::scene::{Align, Mark, Scene, TextLook, text_box};
use super::symbol::{self, Toward};
use super::timeline_legend;

const PLOT_HEIGHT_PX: f64 = 560.0;
const AXIS_LABELS_PX: f64 = 62.0;
pub(crate) const RADIUS_PX: f64 = 5.5;
pub(crate) const CAP_PX: f64 = 4.0;
const TICK_LABEL: TextLook = TextLook::new(12.5, QUIET_TEXT);
const AXIS_TITLE: TextLook = TextLook::new(13.0, TEXT).medium();
const NAME: TextLook = TextLook::new(12.5, TEXT);
const QUIET_NAME: TextLook = TextLook::new(11.5, QUIET_TEXT);
/// An interval may stretch the axis this far beyond the horizons themselves; a longer one is cut
/// and ends in a caret.
const INTERVAL_STRETCH: f64 = 12.0;

/// How often the time axis may reach up twice as far to make room for the facts.
const MOST_DOUBLINGS: u32 = 12;

/// Whether a model has a place on the time line.
pub(crate) fn is_drawn(point: &HeadlinePoint) -> bool {
    point.released.is_some() && point.p50.value.normalised() != Extent::Undefined
}

/// The two axes and the frame between them.
struct Plot {
    frame: Rect,
    dates: DateAxis,
    times: TimeAxis,
}

impl Plot {
    fn place(&self, day: Day, minutes: f64) -> Point {
        (
            self.dates.place(f64::from(day.0)),
            self.times.place(minutes),
        )
    }
}

/// A drawn model with its place.
struct Drawn<'a> {
    point: &'a HeadlinePoint,
    group: usize,
    at: Point,
    /// The ends of the interval, and whether each is cut off by the frame.
    interval: Option<[(f64, bool); 2]>,
    /// Set if the horizon itself lies off the axis.
    off: Option<Toward>,
}

impl Drawn<'_> {
    /// How far the mark reaches: a caret is larger than a point.
    fn radius(&self) -> f64 {
        if self.off.is_some() {
            RADIUS_PX + 4.0
        } else {
            RADIUS_PX
        }
    }
}

/// Lays the figure out.
pub(crate) fn layout(figure: &Headline) -> Result<Scene, FigureError> {
    let mut scene = page::blank();
    let top = page::head(
        &mut scene,
        &figure.title,
        &figure.subtitle,
        timeline_legend::entries(figure),
    )?;
    let frame = Rect::new(
        MARGIN_PX + AXIS_LABELS_PX,
        top + 40.0,
        WIDTH_PX - 2.0 * MARGIN_PX - AXIS_LABELS_PX,
        PLOT_HEIGHT_PX,
    );
    let facts = facts::lines(figure);
    let (plot, facts_box) = fit_axes(figure, frame, &facts)?;
    let drawn = drawn(figure, &plot);

    draw_axes(&mut scene, &plot);
    let mut obstacles = Obstacles::default();
    obstacles.solid.push(facts_box);
    obstacles.solid.extend(
        drawn
            .iter()
            .map(|model| Rect::around(model.at, model.radius())),
    );
    if let Some(trend) = &figure.trend {
        draw_band(&mut scene, &plot, trend);
        obstacles.lines.extend(draw_trend(&mut scene, &plot, trend));
    }
    obstacles
        .lines
        .extend(drawn.iter().filter_map(interval_line));
    let words = draw_task_limits(&mut scene, &plot, figure, &obstacles)?;
    obstacles.solid.extend(words);
    obstacles.lines.extend(limit_lines(&plot, figure));
    for model in &drawn {
        draw_interval(&mut scene, model, frame);
    }
    facts::draw(&mut scene, facts_box, &facts);
    // The frontier last, so that it lies on top.
    let (frontier, others): (Vec<_>, Vec<_>) = drawn.iter().partition(|model| model.point.frontier);
    for model in others.into_iter().chain(frontier) {
        draw_point(&mut scene, model);
    }
    let unnamed = draw_names(&mut scene, &drawn, &obstacles, frame)?;

    let mut notes = left_out(figure, is_drawn);
    if !unnamed.is_empty() {
        notes.push(format!(
            "Drawn without room for a name: {}.",
            unnamed.join(", ")
        ));
    }
    notes.extend(figure.notes.iter().cloned());
    Foot::new(&notes)?.draw(&mut scene, frame.bottom + 62.0);
    Ok(scene)
}

/// Chooses the axes, and a place for the facts where they cover nothing; if there is none, the time
/// axis reaches further up until there is.
fn fit_axes(
    figure: &Headline,
    frame: Rect,
    facts: &[(String, TextLook)],
) -> Result<(Plot, Rect), FigureError> {
    let (width, height) = facts::size_px(facts)?;
    let (low_minutes, mut high_minutes) = time_span(figure);
    let (first, last) = date_span(figure);
    let dates = DateAxis {
        first,
        last,
        left_px: frame.left,
        right_px: frame.right,
    };
    let spots = facts::spots(&frame, width, height);
    let plot_to = |high_minutes| Plot {
        frame,
        dates,
        times: TimeAxis {
            low_minutes,
            high_minutes,
            low_px: frame.bottom,
            high_px: frame.top,
        },
    };
    for _ in 0..MOST_DOUBLINGS {
        let plot = plot_to(high_minutes);
        let models = drawn(figure, &plot);
        if let Some(free) = spots
            .iter()
            .find(|spot| is_free(figure, &plot, &models, spot))
        {
            return Ok((plot, *free));
        }
        high_minutes *= 2.0;
    }
    Ok((plot_to(high_minutes), spots[0]))
}

/// Whether a box covers no point, no interval and no trend line, with room for a name between.
fn is_free(figure: &Headline, plot: &Plot, models: &[Drawn<'_>], spot: &Rect) -> bool {
    let near = spot.grown(14.0);
    let hit = models.iter().any(|model| {
        let [low, high] = model
            .interval
            .map_or([model.at.1; 2], |ends| ends.map(|end| end.0));
        near.overlaps(&Rect {
            left: model.at.0 - RADIUS_PX,
            right: model.at.0 + RADIUS_PX,
            top: high.min(model.at.1 - RADIUS_PX),
            bottom: low.max(model.at.1 + RADIUS_PX),
        })
    });
    let line = figure.trend.as_ref().map(|trend| trend_ends(plot, trend));
    let crosses_limit = limit_lines(plot, figure)
        .iter()
        .any(|line| crosses(line, &spot.grown(10.0)));

    !hit && !crosses_limit && line.is_none_or(|(from, to)| near.clip(from, to).is_none())
}

pub(crate) fn time_span(figure: &Headline) -> (f64, f64) {
    let drawn = || figure.points.iter().filter(|point| is_drawn(point));
    let horizons = drawn().filter_map(|point| point.p50.value.minutes());
    let (least, most) =
        span(horizons).unwrap_or_else(|| figure.settings.task_range_minutes.unwrap_or((1.0, 60.0)));
    let low = span(drawn().filter_map(|point| point.p50.low.minutes()))
        .map_or(least, |(low, _)| {
            low.max(least / INTERVAL_STRETCH).min(least)
        });
    let high = span(drawn().filter_map(|point| point.p50.high.minutes()))
        .map_or(most, |(_, high)| {
            high.min(most * INTERVAL_STRETCH).max(most)
        });
    TimeAxis::span(low, high, 1.6, 64.0)
}

fn date_span(figure: &Headline) -> (Day, Day) {
    let days = figure
        .points
        .iter()
        .filter(|point| is_drawn(point))
        .filter_map(|p| p.released);
    let first = days.clone().min().unwrap_or(Day(0)).0;
    let last = days.max().unwrap_or(Day(0)).0;
    let length = last.saturating_sub(first);
    // Room for names on both sides, and some future for the dashed end of the trend.
    (
        Day(first.saturating_sub((length / 22).max(40))),
        Day(last.saturating_add((length / 9).max(80))),
    )
}

fn span(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |span, value| {
        let (low, high) = span.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    })
}

fn drawn<'a>(figure: &'a Headline, plot: &Plot) -> Vec<Drawn<'a>> {
    let groups = groups(&figure.points);
    let place = |point: &'a HeadlinePoint| {
        let day = point.released.filter(|_| is_drawn(point))?;
        let (y, off) = match point.p50.value.normalised() {
            Extent::Minutes(minutes) if plot.times.holds(minutes) => {
                (plot.place(day, minutes).1, None)
            }
            Extent::Minutes(minutes) if minutes > plot.times.high_minutes => {
                (plot.frame.top + RADIUS_PX + 4.0, Some(Toward::Up))
            }
            Extent::Beyond => (plot.frame.top + RADIUS_PX + 4.0, Some(Toward::Up)),
            Extent::Minutes(_) | Extent::Below | Extent::Undefined => {
                (plot.frame.bottom - RADIUS_PX - 4.0, Some(Toward::Down))
            }
        };
        let end = |extent: Extent, edge: f64| match extent.normalised() {
            Extent::Minutes(minutes) if plot.times.holds(minutes) => {
                Some((plot.times.place(minutes), false))
            }
            Extent::Undefined => None,
            _ => Some((edge, true)),
        };
        let low = end(point.p50.low, plot.frame.bottom);
        let high = end(point.p50.high, plot.frame.top);
        Some(Drawn {
            point,
            group: group_index(&groups, point),
            at: (plot.dates.place(f64::from(day.0)), y),
            interval: (off.is_none() && (low.is_some() || high.is_some()))
                .then(|| [low.unwrap_or((y, false)), high.unwrap_or((y, false))]),
            off,
        })
    };
    figure.points.iter().filter_map(place).collect()
}

fn ink(model: &Drawn<'_>) -> Ink {
    if model.point.frontier {
        palette::group(model.group)
    } else {
        QUIET
    }
}

fn draw_axes(scene: &mut Scene, plot: &Plot) {
    let frame = &plot.frame;
    scene.text(
        (MARGIN_PX, frame.top - 16.0),
        "Length of tasks, in human time, completed with 50 % success",
        AXIS_TITLE,
    );
    for tick in plot.times.ticks_apart(19.0) {
        let y = plot.times.place(tick.minutes);
        scene.push(Mark::stroke((frame.left, y), (frame.right, y), 1.0, GRID));
        let look = TICK_LABEL.align(Align::End);
        scene.text(
            (frame.left - 9.0, y + 0.36 * look.size_px),
            tick.label,
            look,
        );
    }
    for tick in plot.dates.ticks() {
        let x = plot.dates.place(f64::from(tick.day.0));
        let length = if tick.label.is_some() { 7.0 } else { 4.0 };
        if let Some(label) = tick.label {
            scene.push(Mark::stroke((x, frame.top), (x, frame.bottom), 1.0, GRID));
            let look = TICK_LABEL.align(Align::Middle);
            scene.text((x, frame.bottom + 22.0), label, look);
        }
        scene.push(Mark::stroke(
            (x, frame.bottom),
            (x, frame.bottom + length),
            1.0,
            AXIS,
        ));
    }
    scene.push(Mark::stroke(
        (frame.left, frame.bottom),
        (frame.right, frame.bottom),
        1.0,
        AXIS,
    ));
    let middle = f64::midpoint(frame.left, frame.right);
    let look = AXIS_TITLE.align(Align::Middle);
    scene.text((middle, frame.bottom + 44.0), "Model release date", look);
}

/// Where the lines at the shortest and longest task are.
fn limit_lines(plot: &Plot, figure: &Headline) -> Vec<Vec<Point>> {
    let Some((shortest, longest)) = figure.settings.task_range_minutes else {
        return Vec::new();
    };
    let line = |minutes| {
        let y = plot.times.place(minutes);
        vec![(plot.frame.left, y), (plot.frame.right, y)]
    };
    [shortest, longest]
        .into_iter()
        .filter(|end| plot.times.holds(*end))
        .map(line)
        .collect()
}

/// Lines at the shortest and longest task, where they are on the axis, each with its words where
/// they cover nothing; gives the places of the words.
fn draw_task_limits(
    scene: &mut Scene,
    plot: &Plot,
    figure: &Headline,
    taken: &Obstacles,
) -> Result<Vec<Rect>, FigureError> {
    let frame = &plot.frame;
    let mut texts = Vec::new();
    let Some((shortest, longest)) = figure.settings.task_range_minutes else {
        return Ok(texts);
    };
    let look = TextLook::new(11.5, QUIET_TEXT);
    for (minutes, what, side, lifts) in [
        (shortest, "Shortest task", "below", [14.0, -6.0]),
        (longest, "Longest task", "beyond", [-6.0, 14.0]),
    ] {
        if !plot.times.holds(minutes) {
            continue;
        }
        let y = plot.times.place(minutes);
        scene.dashes(&[(frame.left, y), (frame.right, y)], 1.25, QUIET);
        let length = Extent::Minutes(minutes);
        let text = format!("{what}, {length}: horizons {side} it are extrapolated");
        let width = text_box((0.0, 0.0), &text, &look)?.width();
        let (from, to) = (frame.left + 16.0, frame.right - 6.0 - width);
        let places = lifts.iter().flat_map(|lift| {
            (0..=30u32).map(move |step| (from + (to - from) * f64::from(step) / 30.0, y + lift))
        });
        for at in places {
            let words = text_box(at, &text, &look)?;
            let near = words.grown(16.0);
            let free = frame.contains(&words)
                && !taken.solid.iter().any(|solid| solid.overlaps(&near))
                && !taken
                    .lines
                    .iter()
                    .any(|line| crosses(line, &words.grown(5.0)));
            if free {
                texts.push(words);
                scene.text(at, text, look);
                break;
            }
        }
    }

    Ok(texts)
}

/// The trend from edge to edge of the date axis.
fn trend_ends(plot: &Plot, trend: &TrendLine) -> (Point, Point) {
    let at = |day: Day| {
        let ln = trend.intercept_ln_minutes + trend.slope_ln_per_day * f64::from(day.0);
        plot.place(day, ln.clamp(-690.0, 690.0).exp())
    };
    (at(plot.dates.first), at(plot.dates.last))
}

fn draw_trend(scene: &mut Scene, plot: &Plot, trend: &TrendLine) -> Option<Vec<Point>> {
    let (from, to) = trend_ends(plot, trend);
    if ![from.1, to.1].iter().all(|y| y.is_finite()) {
        return None;
    }
    let at = |x: f64| {
        let share = ((x - from.0) / (to.0 - from.0)).clamp(0.0, 1.0);
        (
            from.0 + share * (to.0 - from.0),
            from.1 + share * (to.1 - from.1),
        )
    };
    let [first, last] = [trend.first, trend.last].map(|day| at(plot.dates.place(f64::from(day.0))));
    for (start, end) in [(first, from), (last, to)] {
        if let Some((start, end)) = plot.frame.clip(start, end) {
            scene.dashes(&[start, end], 1.75, TREND);
        }
    }
    if let Some((start, end)) = plot.frame.clip(first, last) {
        scene.push(Mark::stroke(start, end, 1.75, TREND));
    }
    plot.frame
        .clip(from, to)
        .map(|(start, end)| vec![start, end])
}

fn draw_band(scene: &mut Scene, plot: &Plot, trend: &TrendLine) {
    let frame = &plot.frame;
    let inside: Vec<_> = trend
        .band
        .iter()
        .filter(|p| p.day >= plot.dates.first && p.day <= plot.dates.last)
        .filter(|p| p.low_minutes > 0.0 && p.high_minutes >= p.low_minutes)
        .collect();
    if inside.len() < 2 {
        return;
    }
    let at = |day: Day, minutes: f64| {
        let (x, y) = plot.place(day, minutes);
        (x, y.clamp(frame.top, frame.bottom))
    };
    let upper = inside.iter().map(|p| at(p.day, p.high_minutes));
    let lower = inside.iter().rev().map(|p| at(p.day, p.low_minutes));
    scene.push(Mark::Area {
        points: upper.chain(lower).collect(),
        ink: TREND.fade(0.10),
    });
}

/// Where a model's interval is.
fn interval_line(model: &Drawn<'_>) -> Option<Vec<Point>> {
    let [low, high] = model.interval?;
    let x = model.at.0;
    let (left, right) = (x - CAP_PX, x + CAP_PX);
    Some(vec![
        (left, low.0),
        (right, low.0),
        (x, low.0),
        (x, high.0),
        (left, high.0),
        (right, high.0),
    ])
}

fn draw_interval(scene: &mut Scene, model: &Drawn<'_>, frame: Rect) {
    let Some([low, high]) = model.interval else {
        return;
    };
    let x = model.at.0;
    let ink = ink(model).fade(0.6);
    scene.push(Mark::stroke((x, low.0), (x, high.0), 1.5, ink));
    for ((y, cut), toward) in [(low, Toward::Down), (high, Toward::Up)] {
        if cut {
            let edge = if toward == Toward::Up {
                frame.top
            } else {
                frame.bottom
            };
            scene.push(symbol::caret((x, edge), 7.0, toward, ink));
        } else {
            scene.push(Mark::stroke((x - CAP_PX, y), (x + CAP_PX, y), 1.5, ink));
        }
    }
}

fn draw_point(scene: &mut Scene, model: &Drawn<'_>) {
    if let Some(toward) = model.off {
        let tip = match toward {
            Toward::Up => (model.at.0, model.at.1 - RADIUS_PX - 2.0),
            _ => (model.at.0, model.at.1 + RADIUS_PX + 2.0),
        };
        scene.push(symbol::caret(
            tip,
            2.0 * RADIUS_PX + 2.0,
            toward,
            ink(model),
        ));
        return;
    }
    let filled = model.point.frontier;
    let radius = if filled { RADIUS_PX } else { RADIUS_PX - 0.75 };
    scene.marks.extend(symbol::point(
        model.group,
        model.at,
        radius,
        ink(model),
        filled,
    ));
}

/// Draws the names, and gives those for which there is no room.
fn draw_names(
    scene: &mut Scene,
    drawn: &[Drawn<'_>],
    obstacles: &Obstacles,
    frame: Rect,
) -> Result<Vec<String>, FigureError> {
    let mut requests = Vec::new();
    let mut names = Vec::new();
    for model in drawn {
        let look = if model.point.frontier {
            NAME
        } else {
            QUIET_NAME
        };
        let text = match model.off {
            Some(Toward::Up) => format!("{} (beyond)", model.point.label),
            Some(_) => format!("{} (below)", model.point.label),
            None => model.point.label.clone(),
        };
        let size = text_box((0.0, 0.0), &text, &look)?;
        requests.push(Request {
            anchor: model.at,
            radius: model.radius(),
            width: size.width(),
            height: size.height(),
        });
        names.push((text, look));
    }
    let placed = labels::place(&requests, &frame.grown(-3.0), obstacles);
    let mut unnamed = Vec::new();
    for (placement, (text, look)) in placed.into_iter().zip(names) {
        let Some(placement) = placement else {
            unnamed.push(text);
            continue;
        };
        if let Some((from, to)) = placement.leader {
            scene.push(Mark::stroke(from, to, 0.75, QUIET));
        }
        let baseline = placement.rect.top + 0.80 * look.size_px;
        scene.text((placement.rect.left, baseline), text, look);
    }
    Ok(unnamed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{BandPoint, Estimate, samples};

    #[test]
    fn no_text_touches_another_or_leaves_the_page() {
        for figure in [2, 5, 12, 35]
            .map(samples::dated)
            .into_iter()
            .chain([samples::odd()])
        {
            layout(&figure).unwrap().assert_texts_apart();
        }
    }

    #[test]
    fn every_model_is_named_or_noted() {
        for figure in [samples::dated(35), samples::odd()] {
            let scene = layout(&figure).unwrap();
            for point in &figure.points {
                assert!(
                    scene.texts().any(|text| text.contains(&point.label)),
                    "{}",
                    point.label
                );
            }
        }
    }

    #[test]
    fn absurd_numbers_are_drawn_off_the_axis() {
        let mut figure = samples::dated(6);
        let estimate = |minutes| Estimate {
            value: Extent::Minutes(minutes),
            low: Extent::Minutes(f64::NAN),
            high: Extent::Minutes(f64::INFINITY),
        };
        for (point, minutes) in figure
            .points
            .iter_mut()
            .zip([1e300, 1e-300, -1.0, f64::NAN])
        {
            point.p50 = estimate(minutes);
        }
        figure.points[4].released = Some(Day(i32::MAX));
        figure.points[5].released = Some(Day(i32::MIN));
        figure.settings.task_range_minutes = Some((f64::NAN, f64::INFINITY));
        let trend = figure.trend.as_mut().unwrap();
        trend.slope_ln_per_day = f64::NAN;
        trend.doubling_days = Some(f64::INFINITY);
        trend.band.push(BandPoint {
            day: Day(20_000),
            low_minutes: f64::NAN,
            high_minutes: f64::INFINITY,
        });
        let scene = layout(&figure).unwrap();
        scene.assert_texts_apart();
        scene.assert_finite();
    }
}
