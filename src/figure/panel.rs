//! One panel of the curves figure.

use super::axis::TimeAxis;
use super::curves::{CurveBin, CurvePanel, LogisticCurve};
use super::error::FigureError;
use super::extent::Extent;
use super::font::{self, Weight};
use super::geometry::{Point, Rect};
use super::palette::{self, AXIS, GRID, Ink, PAPER, QUIET_TEXT, TEXT};
use super::scene::{Align, Mark, Scene, TextLook, fit};
use super::symbol::{self, Toward};

/// The height of a panel with its words above and its axis below.
pub(crate) const HEIGHT_PX: f64 = 308.0;
/// What was fitted.
pub(crate) const CURVE: Ink = palette::GROUPS[0];
/// What was seen.
pub(crate) const SEEN: Ink = palette::TREND;

const HEAD_PX: f64 = 78.0;
const FOOT_PX: f64 = 24.0;
pub(crate) const PERCENT_PX: f64 = 40.0;
const NAME: TextLook = TextLook::new(15.0, TEXT).medium();
const COUNTS: TextLook = TextLook::new(12.0, QUIET_TEXT);
const HORIZON: TextLook = TextLook::new(12.5, CURVE);
pub(crate) const TICK_LABEL: TextLook = TextLook::new(11.5, QUIET_TEXT);
const BIN_COUNT: TextLook = TextLook::new(10.0, QUIET_TEXT).align(Align::Middle);
const SMALLEST_DOT_PX: f64 = 2.5;
const LARGEST_DOT_PX: f64 = 5.5;

/// Where the curve is drawn inside a panel.
pub(crate) fn frame(spot: &Rect) -> Rect {
    Rect {
        left: spot.left + PERCENT_PX,
        top: spot.top + HEAD_PX,
        right: spot.right,
        bottom: spot.bottom - FOOT_PX,
    }
}

/// Draws a panel; `most_attempts` is the largest bin of the figure, whose dot is the largest.
pub(crate) fn draw(
    scene: &mut Scene,
    panel: &CurvePanel,
    spot: Rect,
    times: TimeAxis,
    most_attempts: usize,
) -> Result<(), FigureError> {
    let frame = frame(&spot);
    draw_head(
        scene,
        &panel.label,
        (panel.n_tasks, panel.n_attempts),
        &spot,
    )?;
    draw_horizons(scene, panel, &spot)?;
    draw_rates(scene, &frame);
    draw_times(scene, &frame, &times, true)?;
    let bins: Vec<CurveBin> = panel
        .bins
        .iter()
        .copied()
        .filter(CurveBin::is_drawable)
        .collect();
    draw_bin_counts(scene, &bins, &frame, &times)?;
    for bin in &bins {
        draw_bin(
            scene,
            bin,
            &times,
            &frame,
            dot_radius(bin.attempts, most_attempts),
        );
    }
    if let Some(curve) = panel.curve {
        let lengths = span(
            bins.iter()
                .flat_map(|bin| [bin.low_minutes, bin.high_minutes]),
        );
        draw_curve(scene, curve, lengths, &frame, &times);
    }
    for (estimate, rate) in [(&panel.p80, 0.8), (&panel.p50, 0.5)] {
        let main = rate < 0.6;
        draw_horizon(
            scene,
            estimate,
            &frame,
            &times,
            rate_place(&frame, rate),
            main,
        );
    }
    if panel.curve.is_none() {
        let verdict = panel.verdict_text.as_deref().unwrap_or("no curve fitted");
        draw_verdict(scene, verdict, &frame)?;
    }
    Ok(())
}

/// Where a success rate is in a frame.
pub(crate) fn rate_place(frame: &Rect, rate: f64) -> f64 {
    frame.bottom - rate.clamp(0.0, 1.0) * frame.height()
}

/// The least and the greatest of some values.
pub(crate) fn span(values: impl Iterator<Item = f64> + Clone) -> Option<(f64, f64)> {
    values.clone().reduce(f64::min).zip(values.reduce(f64::max))
}

/// The model's name, with the numbers of tasks and attempts at the right.
pub(crate) fn draw_head(
    scene: &mut Scene,
    label: &str,
    (tasks, attempts): (usize, usize),
    spot: &Rect,
) -> Result<(), FigureError> {
    let counts = format!("{}, {}", plural(tasks, "task"), plural(attempts, "attempt"));
    let counts_width = font::width_px(&counts, COUNTS.size_px, COUNTS.weight)?;
    let name = fit(label, &NAME, spot.width() - counts_width - 14.0)?;
    scene.text((spot.left, spot.top + 14.0), name, NAME);
    let at = (spot.right, spot.top + 14.0);
    scene.text(at, counts, COUNTS.align(Align::End));
    Ok(())
}

fn draw_horizons(scene: &mut Scene, panel: &CurvePanel, spot: &Rect) -> Result<(), FigureError> {
    let horizons = [
        ("p50", &panel.p50, HORIZON.medium(), 33.0),
        ("p80", &panel.p80, HORIZON, 50.0),
    ];
    for (name, estimate, look, line) in horizons {
        if estimate.value.normalised() != Extent::Undefined {
            let text = fit(&format!("{name} {estimate}"), &look, spot.width())?;
            scene.text((spot.left, spot.top + line), text, look);
        }
    }
    Ok(())
}

/// `1 task`, `84 tasks`.
pub(crate) fn plural(count: usize, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}

/// The axis of success rates.
pub(crate) fn draw_rates(scene: &mut Scene, frame: &Rect) {
    for (rate, label) in [
        (0.0, "0 %"),
        (0.25, ""),
        (0.5, "50 %"),
        (0.75, ""),
        (1.0, "100 %"),
    ] {
        let y = rate_place(frame, rate);
        scene.push(Mark::stroke((frame.left, y), (frame.right, y), 1.0, GRID));
        if !label.is_empty() {
            let look = TICK_LABEL.align(Align::End);
            scene.text((frame.left - 6.0, y + 0.36 * look.size_px), label, look);
        }
    }
}

/// The axis of lengths below a frame, with or without the words below it.
pub(crate) fn draw_times(
    scene: &mut Scene,
    frame: &Rect,
    times: &TimeAxis,
    in_words: bool,
) -> Result<(), FigureError> {
    for tick in times.ticks_with_room(TICK_LABEL.size_px)? {
        let x = times.place(tick.minutes);
        scene.push(Mark::stroke((x, frame.top), (x, frame.bottom), 1.0, GRID));
        if in_words {
            let (from, to) = ((x, frame.bottom), (x, frame.bottom + 4.0));
            scene.push(Mark::stroke(from, to, 1.0, AXIS));
            let look = TICK_LABEL.align(Align::Middle);
            scene.text((x, frame.bottom + 17.0), tick.label, look);
        }
    }
    let (from, to) = ((frame.left, frame.bottom), (frame.right, frame.bottom));
    scene.push(Mark::stroke(from, to, 1.0, AXIS));
    Ok(())
}

/// Attempts above each bin, as far as there is room.
fn draw_bin_counts(
    scene: &mut Scene,
    bins: &[CurveBin],
    frame: &Rect,
    times: &TimeAxis,
) -> Result<(), FigureError> {
    let mut free_from = frame.left - 12.0;
    for bin in bins {
        let text = bin.attempts.to_string();
        let half = font::width_px(&text, BIN_COUNT.size_px, Weight::Regular)? / 2.0;
        let x = times.place(middle(bin));
        if x - half >= free_from && x + half <= frame.right + 8.0 {
            scene.text((x, frame.top - 11.0), text, BIN_COUNT);
            free_from = x + half + 4.0;
        }
    }
    Ok(())
}

fn middle(bin: &CurveBin) -> f64 {
    (bin.low_minutes * bin.high_minutes).sqrt()
}

/// Area in proportion to the attempts.
fn dot_radius(attempts: usize, most: usize) -> f64 {
    let share = attempts as f64 / most.max(1) as f64;
    (LARGEST_DOT_PX * share.sqrt()).max(SMALLEST_DOT_PX)
}

fn draw_bin(scene: &mut Scene, bin: &CurveBin, times: &TimeAxis, frame: &Rect, radius: f64) {
    let [left, x, right] =
        [bin.low_minutes, middle(bin), bin.high_minutes].map(|minutes| times.place(minutes));
    let [low, y, high] = [bin.low, bin.rate, bin.high].map(|rate| rate_place(frame, rate));
    scene.push(Mark::stroke((left, y), (right, y), 1.25, SEEN.fade(0.35)));
    scene.push(Mark::stroke((x, low), (x, high), 1.25, SEEN.fade(0.55)));
    for end in [low, high] {
        scene.push(Mark::stroke(
            (x - 3.0, end),
            (x + 3.0, end),
            1.25,
            SEEN.fade(0.55),
        ));
    }
    scene.push(Mark::Disc {
        centre: (x, y),
        radius: radius + 1.0,
        ink: PAPER,
    });
    scene.push(Mark::Disc {
        centre: (x, y),
        radius,
        ink: SEEN,
    });
}

/// A fitted curve, dashed outside the lengths that were tried; without any the whole of it is
/// extrapolated.
pub(crate) fn draw_curve(
    scene: &mut Scene,
    curve: LogisticCurve,
    lengths_minutes: Option<(f64, f64)>,
    frame: &Rect,
    times: &TimeAxis,
) {
    if !curve.slope.is_finite() || !curve.intercept.is_finite() {
        return;
    }
    let (low, high) = lengths_minutes.map_or((f64::INFINITY, f64::NEG_INFINITY), |(low, high)| {
        (times.place(low), times.place(high))
    });
    let path = |from: f64, to: f64| -> Vec<Point> {
        (0..=96)
            .map(|step| from + (to - from) * f64::from(step) / 96.0)
            .map(|x| (x, rate_place(frame, curve.at(times.minutes(x)))))
            .collect()
    };
    if low < high {
        let (low, high) = (low.max(frame.left), high.min(frame.right));
        scene.dashes(&path(low, frame.left), 2.0, CURVE);
        scene.dashes(&path(high, frame.right), 2.0, CURVE);
        scene.push(Mark::Line {
            points: path(low, high),
            width_px: 2.0,
            ink: CURVE,
        });
    } else {
        scene.dashes(&path(frame.left, frame.right), 2.0, CURVE);
    }
}

/// The marker of a horizon with a line down to the axis; the main one with its interval.
fn draw_horizon(
    scene: &mut Scene,
    estimate: &super::Estimate,
    frame: &Rect,
    times: &TimeAxis,
    y: f64,
    main: bool,
) {
    let place = |extent: Extent| match extent.normalised() {
        Extent::Minutes(minutes) => Some(times.place(minutes)),
        Extent::Below => Some(frame.left - 1.0),
        Extent::Beyond => Some(frame.right + 1.0),
        Extent::Undefined => None,
    };
    let Some(x) = place(estimate.value) else {
        return;
    };
    if let Some((low, high)) = place(estimate.low).zip(place(estimate.high))
        && main
    {
        let bar = Rect {
            left: low.clamp(frame.left, frame.right),
            right: high.clamp(frame.left, frame.right),
            top: y - 3.0,
            bottom: y + 3.0,
        };
        scene.push(Mark::block(bar, CURVE.fade(0.25)));
    }
    if x < frame.left {
        scene.push(symbol::caret((frame.left, y), 8.0, Toward::Left, CURVE));
    } else if x > frame.right {
        scene.push(symbol::caret((frame.right, y), 8.0, Toward::Right, CURVE));
    } else if main {
        scene.push(Mark::stroke((x, y), (x, frame.bottom), 1.25, CURVE));
        scene.push(symbol::diamond((x, y), 7.0, PAPER));
        scene.push(symbol::diamond((x, y), 5.5, CURVE));
    } else {
        scene.marks.extend(p80_mark((x, y)));
    }
}

fn p80_mark(at: Point) -> Vec<Mark> {
    vec![
        symbol::diamond(at, 7.0, PAPER),
        symbol::diamond(at, 5.5, CURVE),
        symbol::diamond(at, 3.2, PAPER),
    ]
}

/// Words across the middle of a panel without a curve.
pub(crate) fn draw_verdict(
    scene: &mut Scene,
    verdict: &str,
    frame: &Rect,
) -> Result<(), FigureError> {
    let look = TextLook::new(13.5, TEXT).align(Align::Middle);
    let lines = super::scene::wrap(verdict, &look, frame.width() - 40.0)?;
    let (x, y) = frame.centre();
    let height = lines.len() as f64 * 18.0;
    let backing = Rect::new(
        frame.left + 12.0,
        y - height / 2.0 - 4.0,
        frame.width() - 24.0,
        height + 8.0,
    );
    scene.push(Mark::block(backing, PAPER.fade(0.85)));
    for (row, line) in lines.into_iter().enumerate() {
        let baseline = y - height / 2.0 + 13.5 + 18.0 * row as f64;
        scene.text((x, baseline), line, look);
    }
    Ok(())
}

/// A bin's dot with its width, for the legend.
pub(crate) fn bin_swatch() -> Vec<Mark> {
    vec![
        Mark::stroke((-10.0, 0.0), (10.0, 0.0), 1.25, SEEN.fade(0.35)),
        Mark::Disc {
            centre: (0.0, 0.0),
            radius: 4.5,
            ink: SEEN,
        },
    ]
}

/// A rate's interval, for the legend.
pub(crate) fn interval_swatch() -> Vec<Mark> {
    let mut swatch = vec![Mark::stroke((0.0, -8.0), (0.0, 8.0), 1.25, SEEN.fade(0.55))];
    for y in [-8.0, 8.0] {
        swatch.push(Mark::stroke((-3.0, y), (3.0, y), 1.25, SEEN.fade(0.55)));
    }
    swatch
}

/// The main horizon with its interval, for the legend.
pub(crate) fn p50_swatch() -> Vec<Mark> {
    vec![
        Mark::block(Rect::new(-14.0, -3.0, 28.0, 6.0), CURVE.fade(0.25)),
        Mark::stroke((0.0, 0.0), (0.0, 9.0), 1.25, CURVE),
        symbol::diamond((0.0, 0.0), 5.5, CURVE),
    ]
}

/// The other horizon, for the legend.
pub(crate) fn p80_swatch() -> Vec<Mark> {
    p80_mark((0.0, 0.0))
}
