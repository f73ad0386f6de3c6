//! One panel of the residuals figure: tasks and curve above, residuals below.

use super::axis::TimeAxis;
use super::error::FigureError;
use super::geometry::{Point, Rect};
use super::palette::{AXIS, GRID, PAPER};
use super::panel::{
    self, CURVE, PERCENT_PX, SEEN, TICK_LABEL, draw_curve, draw_head, draw_rates, draw_times,
    draw_verdict, rate_place,
};
use super::residuals::{ResidualBin, ResidualPanel, TaskDot};
use super::scene::{Align, Mark, Scene, TextLook, fit};
use super::symbol::{self, Toward};

/// The height of a panel with its words above and its axis below.
pub(crate) const HEIGHT_PX: f64 = 368.0;

const HEAD_PX: f64 = 46.0;
const SUCCESS_PX: f64 = 172.0;
const GAP_PX: f64 = 22.0;
const FOOT_PX: f64 = 24.0;
const FIT: TextLook = TextLook::new(12.0, CURVE);
const SMALLEST_DOT_PX: f64 = 1.5;
const LARGEST_DOT_PX: f64 = 5.0;

/// Where the frames begin and end from left to right.
pub(crate) fn sides(spot: &Rect) -> [f64; 2] {
    [spot.left + PERCENT_PX, spot.right]
}

/// Draws a panel; `reach` is how far the axis of residuals goes to both sides.
pub(crate) fn draw(
    scene: &mut Scene,
    panel: &ResidualPanel,
    spot: Rect,
    times: TimeAxis,
    reach: f64,
) -> Result<(), FigureError> {
    let [left, right] = sides(&spot);
    let success = Rect::new(left, spot.top + HEAD_PX, right - left, SUCCESS_PX);
    let residuals = Rect {
        top: success.bottom + GAP_PX,
        bottom: spot.bottom - FOOT_PX,
        ..success
    };
    draw_head(
        scene,
        &panel.label,
        (panel.tasks.len(), panel.n_attempts),
        &spot,
    )?;
    if let Some(text) = &panel.fit_text {
        let text = fit(text, &FIT, spot.width())?;
        scene.text((spot.left, spot.top + 31.0), text, FIT);
    }
    draw_rates(scene, &success);
    draw_times(scene, &success, &times, false)?;
    draw_tasks(scene, &panel.tasks, &success, &times);
    if let Some(curve) = panel.curve {
        let tasks = panel.tasks.iter().filter(|task| task.is_drawable());
        let lengths = panel::span(tasks.map(|task| task.human_minutes));
        draw_curve(scene, curve, lengths, &success, &times);
    }
    draw_axis(scene, &residuals, reach);
    draw_times(scene, &residuals, &times, true)?;
    for bin in panel.bins.iter().filter(|bin| bin.is_drawable()) {
        draw_bin(scene, bin, &residuals, &times, reach);
    }
    if panel.curve.is_none() {
        let verdict = panel.verdict_text.as_deref().unwrap_or("no curve fitted");
        draw_verdict(scene, verdict, &success)?;
        draw_verdict(scene, "no residuals without a curve", &residuals)?;
    }
    Ok(())
}

/// Dots with an area in proportion to the weight, the largest first, so that none is hidden.
fn draw_tasks(scene: &mut Scene, tasks: &[TaskDot], frame: &Rect, times: &TimeAxis) {
    let mut drawn: Vec<&TaskDot> = tasks.iter().filter(|task| task.is_drawable()).collect();
    drawn.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let most = drawn.first().map_or(1.0, |task| task.weight);
    for task in drawn {
        let share = if most > 0.0 {
            (task.weight / most).max(0.0)
        } else {
            0.0
        };
        scene.push(Mark::Disc {
            centre: (
                times.place(task.human_minutes),
                rate_place(frame, task.success),
            ),
            radius: (LARGEST_DOT_PX * share.sqrt()).max(SMALLEST_DOT_PX),
            ink: SEEN.fade(0.32),
        });
    }
}

/// Percentage points to both sides of the line where the curve is right.
fn draw_axis(scene: &mut Scene, frame: &Rect, reach: f64) {
    for (share, label) in [
        (-1.0, format!("−{:.0}", 100.0 * reach)),
        (0.0, "0".to_owned()),
        (1.0, format!("+{:.0}", 100.0 * reach)),
    ] {
        let y = place(frame, share * reach, reach);
        let ink = if share == 0.0 { AXIS } else { GRID };
        scene.push(Mark::stroke((frame.left, y), (frame.right, y), 1.0, ink));
        let look = TICK_LABEL.align(Align::End);
        scene.text((frame.left - 6.0, y + 0.36 * look.size_px), label, look);
    }
}

/// Where a residual is in a frame.
fn place(frame: &Rect, residual: f64, reach: f64) -> f64 {
    let share = (residual / reach).clamp(-1.0, 1.0);
    frame.centre().1 - share * frame.height() / 2.0
}

fn draw_bin(scene: &mut Scene, bin: &ResidualBin, frame: &Rect, times: &TimeAxis, reach: f64) {
    let y = |residual: f64| place(frame, residual, reach);
    let [left, right] = [bin.low_minutes, bin.high_minutes].map(|minutes| times.place(minutes));
    let (zero, top) = (y(0.0), y(bin.residual));
    let block = Rect {
        left: left + 1.0,
        right: (right - 1.0).max(left + 1.0),
        top: zero.min(top),
        bottom: zero.max(top),
    };
    scene.push(Mark::block(block, CURVE.fade(0.18)));
    let x = f64::midpoint(left, right);
    if let Some(ends) = bin.ends() {
        let ink = SEEN.fade(0.55);
        let [low, high] = ends.map(y);
        scene.push(Mark::stroke((x, low), (x, high), 1.25, ink));
        for (end, toward) in ends.into_iter().zip([Toward::Down, Toward::Up]) {
            let at = y(end);
            if end.abs() > reach {
                scene.push(symbol::caret((x, at), 6.0, toward, ink));
            } else {
                scene.push(Mark::stroke((x - 3.0, at), (x + 3.0, at), 1.25, ink));
            }
        }
    }
    scene.marks.extend(dot((x, top)));
}

fn dot(centre: Point) -> Vec<Mark> {
    let disc = |radius, ink| Mark::Disc {
        centre,
        radius,
        ink,
    };
    vec![disc(4.0, PAPER), disc(3.0, SEEN)]
}

/// Tasks of different weight, for the legend.
pub(crate) fn task_swatch() -> Vec<Mark> {
    [(-5.0, 2.0), (3.0, 5.0)]
        .map(|(x, radius)| Mark::Disc {
            centre: (x, 0.0),
            radius,
            ink: SEEN.fade(0.4),
        })
        .to_vec()
}

/// A bin of residuals, for the legend.
pub(crate) fn bin_swatch() -> Vec<Mark> {
    let mut swatch = vec![
        Mark::block(Rect::new(-9.0, -5.0, 18.0, 12.0), CURVE.fade(0.18)),
        Mark::stroke((-9.0, 7.0), (9.0, 7.0), 1.0, AXIS),
    ];
    swatch.extend(dot((0.0, -5.0)));
    swatch
}
