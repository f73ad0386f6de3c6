//! How many tasks there are of which length.

use super::axis::TimeAxis;
use super::error::FigureError;
use super::geometry::{Point, Rect};
use super::legend::Entry;
use super::page::{self, Foot, MARGIN_PX, WIDTH_PX};
use super::palette::{self, AXIS, GRID, Ink, PAPER, QUIET, QUIET_TEXT, TEXT};
use super::scene::{Align, Mark, Scene, TextLook};
use super::table::{Table, number};

/// Tasks by length, in bars made of parts such as families or sources.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskLengths {
    /// What the figure shows, in one line.
    pub title: String,
    /// Of what and how, in one line.
    pub subtitle: String,
    /// Source and remarks, one paragraph each, at the foot of the page.
    pub notes: Vec<String>,
    /// The ends of the bars in rising order, in human minutes: a bar more than one for `n` bars.
    pub edges_minutes: Vec<f64>,
    /// The parts of every bar, from the ground up; at most seven are told apart.
    pub parts: Vec<LengthPart>,
    /// What belongs to none of the parts, on top of them.
    pub others: Option<LengthPart>,
    /// Another version of the tasks, as an outline.
    pub overlay: Option<LengthPart>,
}

/// Some tasks by length.
#[derive(Debug, Clone, PartialEq)]
pub struct LengthPart {
    /// What they have in common.
    pub label: String,
    /// How many there are, bar by bar.
    pub tasks: Vec<usize>,
}

impl LengthPart {
    fn total(&self) -> usize {
        self.tasks.iter().sum()
    }

    fn label_with_total(&self) -> String {
        format!("{} (n = {})", self.label, self.total())
    }

    fn at(&self, bar: usize) -> usize {
        self.tasks.get(bar).copied().unwrap_or(0)
    }
}

const PLOT_HEIGHT_PX: f64 = 420.0;
const COUNTS_PX: f64 = 44.0;
const TICK_LABEL: TextLook = TextLook::new(12.5, QUIET_TEXT);
const AXIS_TITLE: TextLook = TextLook::new(13.0, TEXT).medium();
const TOTAL: TextLook = TextLook::new(12.0, TEXT).align(Align::Middle);
const OVERLAY: Ink = palette::TREND;

/// Lays the figure out.
pub(crate) fn layout(figure: &TaskLengths) -> Result<Scene, FigureError> {
    let mut scene = page::blank();
    let top = page::head(&mut scene, &figure.title, &figure.subtitle, legend(figure))?;
    let frame = Rect::new(
        MARGIN_PX + COUNTS_PX,
        top + 40.0,
        WIDTH_PX - 2.0 * MARGIN_PX - COUNTS_PX,
        PLOT_HEIGHT_PX,
    );
    scene.text((MARGIN_PX, frame.top - 16.0), "Tasks", AXIS_TITLE);
    let bars = bars(figure);
    let most = most(figure, bars.len());
    // A tenth of the height stays free for the numbers above the bars.
    let highest = (most as f64 * 1.1).max(1.0);
    let y = |tasks: usize| frame.bottom - tasks as f64 / highest * frame.height();
    draw_counts(&mut scene, &frame, highest);
    if let Some((first, last)) = bars.first().zip(bars.last()) {
        let times = TimeAxis::log((first.0, last.1), (frame.left, frame.right));
        for (index, (low, high)) in bars.iter().enumerate() {
            let sides = (times.place(*low) + 1.0, times.place(*high) - 1.0);
            draw_bar(&mut scene, figure, index, sides, &y);
        }
        if let Some(overlay) = &figure.overlay {
            let outline = outline(overlay, &bars, &times, &y);
            // A rim of paper keeps it apart from the textures.
            for (width_px, ink) in [(4.5, PAPER), (2.0, OVERLAY)] {
                scene.push(Mark::Line {
                    points: outline.clone(),
                    width_px,
                    ink,
                });
            }
        }
        draw_lengths(&mut scene, &frame, &times)?;
    } else {
        let look = TextLook::new(15.0, QUIET_TEXT).align(Align::Middle);
        scene.text(frame.centre(), "no tasks", look);
    }
    Foot::new(&figure.notes)?.draw(&mut scene, frame.bottom + 62.0);
    Ok(scene)
}

/// The ends of the bars that can be drawn: all up to the first edge that is none.
fn bars(figure: &TaskLengths) -> Vec<(f64, f64)> {
    figure
        .edges_minutes
        .windows(2)
        .map(|ends| (ends[0], ends[1]))
        .take_while(|(low, high)| *low > 0.0 && low < high && high.is_finite())
        .collect()
}

/// The parts from the ground up with their looks.
fn parts(figure: &TaskLengths) -> impl Iterator<Item = (&LengthPart, Ink, usize)> {
    let parts = figure.parts.iter().enumerate();
    parts
        .map(|(index, part)| (part, palette::group(index), index))
        .chain(figure.others.iter().map(|others| (others, QUIET, 0)))
}

fn most(figure: &TaskLengths, bars: usize) -> usize {
    let total = |bar: usize| parts(figure).map(|(part, ..)| part.at(bar)).sum::<usize>();
    let overlay = |bar: usize| figure.overlay.as_ref().map_or(0, |part| part.at(bar));
    (0..bars)
        .map(|bar| total(bar).max(overlay(bar)))
        .max()
        .unwrap_or(0)
}

fn draw_bar(
    scene: &mut Scene,
    figure: &TaskLengths,
    bar: usize,
    (left, right): (f64, f64),
    y: &impl Fn(usize) -> f64,
) {
    let mut below = 0;
    for (part, ink, texture) in parts(figure) {
        let tasks = part.at(bar);
        if tasks == 0 {
            continue;
        }
        let block = Rect {
            left,
            right,
            top: y(below + tasks),
            bottom: y(below),
        };
        scene.marks.extend(block_of(block, ink, texture));
        scene.push(Mark::stroke(
            (left, block.top),
            (right, block.top),
            1.0,
            PAPER,
        ));
        below += tasks;
    }
    if below > 0 {
        let middle = f64::midpoint(left, right);
        scene.text((middle, y(below) - 6.0), below.to_string(), TOTAL);
    }
}

/// A block of a colour and a texture, so that parts differ without their colours.
fn block_of(block: Rect, ink: Ink, texture: usize) -> Vec<Mark> {
    // Slope of the strokes, and how far apart they are; the first part has none.
    let strokes: &[(f64, f64)] = match texture % 7 {
        1 => &[(1.0, 8.0)],
        2 => &[(-1.0, 8.0)],
        3 => &[(0.0, 6.0)],
        4 => &[(1.0, 10.0), (-1.0, 10.0)],
        5 => &[(1.0, 4.5)],
        6 => &[(-1.0, 4.5)],
        _ => &[],
    };
    let mut marks = vec![Mark::block(block, ink)];
    for &(slope, gap) in strokes {
        // Strokes lie on lines y = slope·x + k·gap of the whole page, so that blocks above one
        // another fit together.
        let ends = [
            block.top - slope * block.left,
            block.top - slope * block.right,
            block.bottom - slope * block.left,
            block.bottom - slope * block.right,
        ];
        let first = ends.iter().copied().fold(f64::INFINITY, f64::min);
        let last = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut offset = (first / gap).ceil() * gap;
        while offset < last {
            let at = |x: f64| (x, slope * x + offset);
            if let Some((from, to)) = block.clip(at(block.left), at(block.right)) {
                marks.push(Mark::stroke(from, to, 1.0, PAPER.fade(0.5)));
            }
            offset += gap;
        }
    }
    marks
}

/// The steps of the overlay, from the ground to the ground.
fn outline(
    overlay: &LengthPart,
    bars: &[(f64, f64)],
    times: &TimeAxis,
    y: &impl Fn(usize) -> f64,
) -> Vec<Point> {
    let mut points = Vec::new();
    for (index, (low, high)) in bars.iter().enumerate() {
        let height = y(overlay.at(index));
        if index == 0 {
            points.push((times.place(*low), y(0)));
        }
        points.push((times.place(*low), height));
        points.push((times.place(*high), height));
        if index + 1 == bars.len() {
            points.push((times.place(*high), y(0)));
        }
    }
    points
}

/// The axis of counts, in steps of 1, 2 or 5.
fn draw_counts(scene: &mut Scene, frame: &Rect, highest: f64) {
    let step = (0..18)
        .flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10f64.powi(power)))
        .find(|step| highest / step <= 9.0)
        .unwrap_or(highest);
    let mut count = 0.0;
    while count <= highest {
        let y = frame.bottom - count / highest * frame.height();
        scene.push(Mark::stroke((frame.left, y), (frame.right, y), 1.0, GRID));
        let look = TICK_LABEL.align(Align::End);
        let at = (frame.left - 9.0, y + 0.36 * look.size_px);
        scene.text(at, format!("{count:.0}"), look);
        count += step;
    }
}

fn draw_lengths(scene: &mut Scene, frame: &Rect, times: &TimeAxis) -> Result<(), FigureError> {
    for tick in times.ticks_with_room(TICK_LABEL.size_px)? {
        let x = times.place(tick.minutes);
        let (from, to) = ((x, frame.bottom), (x, frame.bottom + 5.0));
        scene.push(Mark::stroke(from, to, 1.0, AXIS));
        let look = TICK_LABEL.align(Align::Middle);
        scene.text((x, frame.bottom + 21.0), tick.label, look);
    }
    let (from, to) = ((frame.left, frame.bottom), (frame.right, frame.bottom));
    scene.push(Mark::stroke(from, to, 1.0, AXIS));
    let middle = f64::midpoint(frame.left, frame.right);
    let look = AXIS_TITLE.align(Align::Middle);
    scene.text(
        (middle, frame.bottom + 44.0),
        "Length of tasks in human time",
        look,
    );
    Ok(())
}

fn legend(figure: &TaskLengths) -> Vec<Entry> {
    let swatch = |ink, texture| block_of(Rect::new(-9.0, -6.0, 18.0, 12.0), ink, texture);
    let mut entries: Vec<Entry> = parts(figure)
        .filter(|(part, ..)| part.total() > 0)
        .map(|(part, ink, texture)| Entry::new(9.0, swatch(ink, texture), part.label_with_total()))
        .collect();
    if let Some(overlay) = &figure.overlay {
        let label = overlay.label_with_total();
        let steps = Mark::Line {
            points: vec![
                (-10.0, 6.0),
                (-10.0, 0.0),
                (0.0, 0.0),
                (0.0, -6.0),
                (10.0, -6.0),
                (10.0, 6.0),
            ],
            width_px: 2.0,
            ink: OVERLAY,
        };
        entries.push(Entry::new(11.0, vec![steps], label));
    }
    entries
}

/// The numbers behind the picture.
pub(crate) fn tables(figure: &TaskLengths) -> Vec<Table> {
    let bars = bars(figure);
    let rows = |part: &LengthPart| -> Vec<Vec<String>> {
        bars.iter()
            .enumerate()
            .map(|(bar, (low, high))| {
                vec![
                    number(*low),
                    number(*high),
                    part.label.clone(),
                    part.at(bar).to_string(),
                ]
            })
            .collect()
    };
    let columns = ["low_minutes", "high_minutes", "part", "tasks"];
    let main = parts(figure).flat_map(|(part, ..)| rows(part)).collect();
    let mut tables = vec![Table::new(None, columns, main)];
    if let Some(overlay) = &figure.overlay {
        tables.push(Table::new(Some("overlay"), columns, rows(overlay)));
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::samples;

    #[test]
    fn no_text_touches_another_or_leaves_the_page() {
        for parts in [0, 1, 5, 7] {
            let scene = layout(&samples::task_lengths(parts)).unwrap();
            scene.assert_texts_apart();
            scene.assert_finite();
        }
    }

    #[test]
    fn every_task_is_in_a_bar_and_every_part_in_the_legend() {
        let figure = samples::task_lengths(5);
        let scene = layout(&figure).unwrap();
        let words: Vec<&str> = scene.texts().collect();
        for (part, ..) in parts(&figure) {
            assert!(
                words.contains(&part.label_with_total().as_str()),
                "{words:?}"
            );
        }
        let first: usize = parts(&figure).map(|(part, ..)| part.at(0)).sum();
        assert!(
            first > 0 && words.contains(&first.to_string().as_str()),
            "{words:?}"
        );
    }

    #[test]
    fn edges_that_are_none_end_the_bars() {
        let mut figure = samples::task_lengths(2);
        figure.edges_minutes[3] = f64::NAN;
        assert_eq!(bars(&figure).len(), 2);
        layout(&figure).unwrap().assert_finite();
        figure.edges_minutes[0] = 0.0;
        let scene = layout(&figure).unwrap();
        assert!(scene.texts().any(|text| text == "no tasks"));
    }
}
