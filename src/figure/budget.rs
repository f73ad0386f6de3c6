//! Horizons at a budget: how far models reach with so many tokens or dollars an attempt.

use super::axis::{Scale, TimeAxis};
use super::budget_axis::BudgetAxis;
use super::error::FigureError;
use super::extent::Extent;
use super::geometry::{Point, Rect};
use super::headline::{axis_title, short_name};
use super::labels;
use super::legend::Entry;
use super::page::{self, Foot, MARGIN_PX, WIDTH_PX};
use super::palette::{self, AXIS, GRID, Ink, PAPER, QUIET, QUIET_TEXT, TEXT};
use super::panel::span;
use super::scene::{Align, Mark, PATTERNS, Pattern, Scene, TextLook, broken, fit, text_box};
use super::symbol::{self, Toward};
use super::table::{Table, number, optional};

/// Horizons by budget, a line of steps for each model.
///
/// An attempt counts as failed from the moment it goes over the budget; the horizon at a budget is
/// that of attempts judged so.
#[derive(Debug, Clone, PartialEq)]
pub struct BudgetCurve {
    /// What the figure shows, in one line.
    pub title: String,
    /// Of what and how, in one line.
    pub subtitle: String,
    /// Source and remarks, one paragraph each, at the foot of the page.
    pub notes: Vec<String>,
    /// The chance of success at the horizons: 0.5 for p50.
    pub probability: f64,
    /// What the budget is of.
    pub unit: BudgetUnit,
    /// The models.
    pub lines: Vec<BudgetLine>,
    /// The shortest and longest task, in human minutes: beyond them, a horizon is extrapolated.
    pub task_range_minutes: Option<(f64, f64)>,
}

/// What is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudgetUnit {
    /// Tokens an attempt.
    Tokens,
    /// US dollars an attempt.
    Dollars,
}

/// One model.
#[derive(Debug, Clone, PartialEq)]
pub struct BudgetLine {
    /// The model's name.
    pub label: String,
    /// Its horizons, in rising order of budget.
    pub steps: Vec<BudgetStep>,
}

/// A budget from which on a horizon holds, until the next step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BudgetStep {
    /// Tokens or dollars an attempt, above zero.
    pub budget: f64,
    /// The horizon.
    pub horizon: Extent,
}

const PLOT_HEIGHT_PX: f64 = 540.0;
const AXIS_LABELS_PX: f64 = 62.0;
const WIDEST_NAME_PX: f64 = 220.0;
/// Between the end of the plot and the names.
const LEADERS_PX: f64 = 34.0;
const NAME_LINE_PX: f64 = 15.5;
const TICK_LABEL: TextLook = TextLook::new(12.5, QUIET_TEXT);
const AXIS_TITLE: TextLook = TextLook::new(13.0, TEXT).medium();
const NAME: TextLook = TextLook::new(12.0, TEXT);
const LINE_PX: f64 = 1.75;

/// Lays the figure out.
pub(crate) fn layout(figure: &BudgetCurve) -> Result<Scene, FigureError> {
    let mut scene = page::blank();
    let top = page::head(&mut scene, &figure.title, &figure.subtitle, legend(figure))?;
    let drawn: Vec<(usize, &BudgetLine)> = figure
        .lines
        .iter()
        .filter(|line| is_drawn(line))
        .enumerate()
        .collect();
    let mut names_px = 0.0f64;
    for (_, line) in &drawn {
        names_px = names_px.max(text_box((0.0, 0.0), &line.label, &NAME)?.width());
    }
    let frame = Rect {
        left: MARGIN_PX + AXIS_LABELS_PX,
        top: top + 40.0,
        right: WIDTH_PX - MARGIN_PX - LEADERS_PX - names_px.min(WIDEST_NAME_PX),
        // Every name needs its line.
        bottom: top + 40.0 + PLOT_HEIGHT_PX.max(drawn.len() as f64 * NAME_LINE_PX),
    };
    let times = TimeAxis {
        scale: Scale::Log,
        low_px: frame.bottom,
        high_px: frame.top,
        ..time_axis(figure)
    };
    let budgets = BudgetAxis::around(
        figure.unit,
        drawn
            .iter()
            .flat_map(|(_, line)| steps(line))
            .map(|step| step.budget),
        (frame.left, frame.right),
    );
    draw_axes(&mut scene, figure, &frame, &times, &budgets)?;
    let mut ends = Vec::new();
    for (index, line) in &drawn {
        ends.push(draw_line(
            &mut scene, *index, line, &frame, &times, &budgets,
        ));
    }
    draw_names(&mut scene, &drawn, &ends, &frame)?;
    if drawn.is_empty() {
        let look = TextLook::new(15.0, QUIET_TEXT).align(Align::Middle);
        scene.text(frame.centre(), "No model has a horizon at any budget", look);
    }
    let mut notes = Vec::new();
    let without: Vec<&str> = figure
        .lines
        .iter()
        .filter(|line| !is_drawn(line))
        .map(|line| line.label.as_str())
        .collect();
    if !without.is_empty() && !drawn.is_empty() {
        notes.push(format!("No horizon at any budget: {}.", without.join(", ")));
    }
    notes.extend(figure.notes.iter().cloned());
    Foot::new(&notes)?.draw(&mut scene, frame.bottom + 62.0);
    Ok(scene)
}

/// The steps with a budget that has a place on an axis.
fn steps(line: &BudgetLine) -> impl Iterator<Item = &BudgetStep> {
    line.steps
        .iter()
        .filter(|step| step.budget.is_finite() && step.budget > 0.0)
}

fn is_drawn(line: &BudgetLine) -> bool {
    steps(line).any(|step| {
        matches!(
            step.horizon.normalised(),
            Extent::Minutes(_) | Extent::Beyond
        )
    })
}

/// An axis of all horizons up to sixteenfold beyond the tasks; its place is still open.
fn time_axis(figure: &BudgetCurve) -> TimeAxis {
    let horizons: Vec<f64> = figure
        .lines
        .iter()
        .flat_map(steps)
        .filter_map(|step| step.horizon.minutes())
        .collect();
    let tasks = figure.task_range_minutes;
    let (least, most) = span(horizons.iter().copied())
        .or(tasks)
        .unwrap_or((1.0, 60.0));
    let (low, high) = tasks.map_or((least, most), |(shortest, longest)| {
        (
            least.max(shortest / 16.0).min(longest),
            most.min(longest * 16.0).max(shortest),
        )
    });
    TimeAxis::log(TimeAxis::span(low, high, 1.5, 32.0), (0.0, 1.0))
}

/// Seven colours, and after them the same with another pattern.
fn look(index: usize) -> (Ink, Pattern) {
    let round = index / palette::GROUPS.len();
    (palette::group(index), PATTERNS[round % PATTERNS.len()])
}

/// Draws a model's steps, and gives where they end.
fn draw_line(
    scene: &mut Scene,
    index: usize,
    line: &BudgetLine,
    frame: &Rect,
    times: &TimeAxis,
    budgets: &BudgetAxis,
) -> Point {
    let (ink, pattern) = look(index);
    let y = |extent: Extent| match extent.normalised() {
        Extent::Minutes(minutes) => Some(times.place(minutes).clamp(frame.top, frame.bottom)),
        Extent::Beyond => Some(frame.top),
        Extent::Below | Extent::Undefined => None,
    };
    let all: Vec<&BudgetStep> = steps(line).collect();
    let mut path: Vec<Point> = Vec::new();
    let mut end = (frame.right, frame.bottom);
    let mut was_off = None;
    for (number, step) in all.iter().enumerate() {
        let from = budgets.place(step.budget);
        let to = all
            .get(number + 1)
            .map_or(frame.right, |next| budgets.place(next.budget));
        match y(step.horizon) {
            Some(y) => {
                if path.is_empty() {
                    let disc = |radius, ink| Mark::Disc {
                        centre: (from, y),
                        radius,
                        ink,
                    };
                    scene.marks.extend([disc(4.0, PAPER), disc(3.0, ink)]);
                }
                path.extend([(from, y), (to, y)]);
                end = (to, y);
            }
            None => draw_path(scene, &mut path, ink, pattern),
        }
        let off = match step.horizon.normalised() {
            Extent::Minutes(minutes) if minutes > times.high_minutes => Some(Toward::Up),
            Extent::Minutes(minutes) if minutes < times.low_minutes => Some(Toward::Down),
            Extent::Beyond => Some(Toward::Up),
            _ => None,
        };
        // One caret where the line leaves the axis, not one for each step out there.
        if let Some(toward) = off.filter(|_| off != was_off) {
            let edge = if toward == Toward::Up {
                frame.top
            } else {
                frame.bottom
            };
            let tip = (f64::midpoint(from, to), edge);
            scene.push(symbol::caret(tip, 8.0, toward, ink));
        }
        was_off = off;
    }
    draw_path(scene, &mut path, ink, pattern);
    end
}

fn draw_path(scene: &mut Scene, path: &mut Vec<Point>, ink: Ink, pattern: Pattern) {
    if path.len() > 1 {
        scene.marks.extend(broken(path, LINE_PX, ink, pattern));
    }
    path.clear();
}

/// Names in a column beside the plot, in the order of the ends of their lines.
fn draw_names(
    scene: &mut Scene,
    drawn: &[(usize, &BudgetLine)],
    ends: &[Point],
    frame: &Rect,
) -> Result<(), FigureError> {
    let wanted: Vec<f64> = ends.iter().map(|end| end.1).collect();
    let places = labels::spread(&wanted, NAME_LINE_PX, (frame.top, frame.bottom));
    for (((index, line), end), y) in drawn.iter().zip(ends).zip(places) {
        let (ink, _) = look(*index);
        let text_at = frame.right + LEADERS_PX;
        let leader = [
            (end.0, end.1),
            (frame.right + 6.0, end.1),
            (text_at - 5.0, y),
        ];
        scene.push(Mark::Line {
            points: leader.to_vec(),
            width_px: 0.9,
            ink: ink.fade(0.6),
        });
        let name = fit(&line.label, &NAME, WIDEST_NAME_PX)?;
        scene.text(
            (text_at, y + 0.36 * NAME.size_px),
            name,
            TextLook { ink, ..NAME },
        );
    }
    Ok(())
}

fn draw_axes(
    scene: &mut Scene,
    figure: &BudgetCurve,
    frame: &Rect,
    times: &TimeAxis,
    budgets: &BudgetAxis,
) -> Result<(), FigureError> {
    let title = axis_title(figure.probability);
    scene.text((MARGIN_PX, frame.top - 16.0), title, AXIS_TITLE);
    for tick in times.ticks_apart(19.0) {
        let y = times.place(tick.minutes);
        scene.push(Mark::stroke((frame.left, y), (frame.right, y), 1.0, GRID));
        let look = TICK_LABEL.align(Align::End);
        scene.text(
            (frame.left - 9.0, y + 0.36 * look.size_px),
            tick.label,
            look,
        );
    }
    for (budget, label) in budgets.ticks_with_room(TICK_LABEL.size_px)? {
        let x = budgets.place(budget);
        scene.push(Mark::stroke((x, frame.top), (x, frame.bottom), 1.0, GRID));
        let (from, to) = ((x, frame.bottom), (x, frame.bottom + 5.0));
        scene.push(Mark::stroke(from, to, 1.0, AXIS));
        scene.text(
            (x, frame.bottom + 21.0),
            label,
            TICK_LABEL.align(Align::Middle),
        );
    }
    let (from, to) = ((frame.left, frame.bottom), (frame.right, frame.bottom));
    scene.push(Mark::stroke(from, to, 1.0, AXIS));
    let middle = f64::midpoint(frame.left, frame.right);
    let title = match figure.unit {
        BudgetUnit::Tokens => "Budget of an attempt, in tokens",
        BudgetUnit::Dollars => "Budget of an attempt, in US dollars",
    };
    scene.text(
        (middle, frame.bottom + 44.0),
        title,
        AXIS_TITLE.align(Align::Middle),
    );
    for minutes in shown_limits(figure, times) {
        let y = times.place(minutes);
        scene.dashes(&[(frame.left, y), (frame.right, y)], 1.25, QUIET);
    }
    Ok(())
}

fn shown_limits(figure: &BudgetCurve, times: &TimeAxis) -> Vec<f64> {
    figure
        .task_range_minutes
        .into_iter()
        .flat_map(|(shortest, longest)| [shortest, longest])
        .filter(|minutes| times.holds(*minutes))
        .collect()
}

fn legend(figure: &BudgetCurve) -> Vec<Entry> {
    let ink = palette::group(0);
    let drawn = || figure.lines.iter().filter(|line| is_drawn(line));
    let mut entries = Vec::new();
    if drawn().next().is_some() {
        let label = format!(
            "{} of a model whose attempts fail once over the budget",
            short_name(figure.probability)
        );
        entries.push(Entry::line(ink, PATTERNS[0], label));
        let disc = Mark::Disc {
            centre: (0.0, 0.0),
            radius: 3.0,
            ink,
        };
        let label = "the least budget with a horizon";
        entries.push(Entry::new(4.0, vec![disc], label));
    }
    let times = time_axis(figure);
    let off = |step: &BudgetStep| match step.horizon.normalised() {
        Extent::Minutes(minutes) => !times.holds(minutes),
        other => other == Extent::Beyond,
    };
    if drawn().flat_map(steps).any(off) {
        entries.push(Entry::caret(Toward::Up));
    }
    let limits = shown_limits(figure, &times);
    if let (Some((shortest, longest)), false) = (figure.task_range_minutes, limits.is_empty()) {
        let [shortest, longest] = [shortest, longest].map(Extent::Minutes);
        let label = format!("shortest and longest task, {shortest} and {longest}");
        entries.push(Entry::line(QUIET, PATTERNS[1], label));
    }
    entries
}

/// The numbers behind the picture.
pub(crate) fn tables(figure: &BudgetCurve) -> Vec<Table> {
    let name = short_name(figure.probability);
    let [minutes, status] = ["minutes", "status"].map(|what| format!("{name}_{what}"));
    let budget = match figure.unit {
        BudgetUnit::Tokens => "budget_tokens",
        BudgetUnit::Dollars => "budget_dollars",
    };
    let rows = figure.lines.iter().flat_map(|line| {
        line.steps.iter().map(|step| {
            vec![
                line.label.clone(),
                number(step.budget),
                optional(step.horizon.minutes()),
                step.horizon.status().to_owned(),
            ]
        })
    });
    vec![Table::new(
        None,
        ["model", budget, &minutes, &status],
        rows.collect(),
    )]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::samples;

    #[test]
    fn no_text_touches_another_or_leaves_the_page() {
        for count in [0, 1, 5, 12, 35] {
            for unit in [BudgetUnit::Tokens, BudgetUnit::Dollars] {
                let figure = BudgetCurve {
                    unit,
                    ..samples::budget(count)
                };
                let scene = layout(&figure).unwrap();
                scene.assert_texts_apart();
                scene.assert_finite();
            }
        }
    }

    #[test]
    fn every_line_looks_different() {
        let looks: Vec<(Ink, Pattern)> = (0..35).map(look).collect();
        for (index, look) in looks.iter().enumerate() {
            assert!(!looks[..index].contains(look), "{index}");
        }
    }

    #[test]
    fn a_model_without_a_horizon_is_noted() {
        let figure = samples::budget(5);
        let scene = layout(&figure).unwrap();
        let note = "No horizon at any budget: Made-up model 3.";
        assert!(scene.texts().any(|text| text == note));
        assert!(scene.texts().any(|text| text == "goes on beyond the axis"));
    }

    #[test]
    fn absurd_numbers_are_drawn_off_the_axis() {
        let mut figure = samples::budget(3);
        figure.lines[0].steps[0].budget = f64::NAN;
        figure.lines[0].steps[1].budget = -1.0;
        figure.lines[1].steps[1].budget = f64::MAX;
        figure.lines[1].steps[2].horizon = Extent::Minutes(1e300);
        figure.task_range_minutes = Some((f64::NAN, f64::INFINITY));
        let scene = layout(&figure).unwrap();
        scene.assert_texts_apart();
        scene.assert_finite();
    }
}
