//! What a conclusion depends on: the same number under many analyses, a box for each source of
//! uncertainty.

use super::axis::DateAxis;
use super::calendar::Day;
use super::error::FigureError;
use super::font::{self, Weight};
use super::geometry::Rect;
use super::legend::Entry;
use super::page::{self, Foot, MARGIN_PX, WIDTH_PX};
use super::palette::{self, AXIS, GRID, Ink, PAPER, QUIET_TEXT, TEXT, TREND};
use super::panel::span;
use super::scene::{Align, Mark, PATTERNS, Scene, TextLook, broken, fit, text_box};
use super::symbol::{self, Toward};
use super::table::{Table, optional};

/// Spreads of one number, side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Multiverse {
    /// What the figure shows, in one line.
    pub title: String,
    /// Of what and how, in one line.
    pub subtitle: String,
    /// Source and remarks, one paragraph each, at the foot of the page.
    pub notes: Vec<String>,
    /// What is spread.
    pub quantity: Quantity,
    /// The number of the main analysis, in the unit of `quantity`, as a line across all rows.
    pub reference: Option<f64>,
    /// A row each where everything varies at once, first.
    pub overall: Vec<Spread>,
    /// A row for each source of uncertainty alone, below a line.
    pub components: Vec<Spread>,
}

/// What is spread, and in which unit.
#[derive(Debug, Clone, PartialEq)]
pub enum Quantity {
    /// When something is reached, in days since 1970-01-01; says what, such as `Date on which the
    /// trend reaches one month of work (167 h)`.
    Date(String),
    /// A doubling time in days; says of what.
    DoublingDays(String),
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// What varies.
    pub label: String,
    /// Analyses behind it.
    pub draws: usize,
    /// How many of these never get there; they count as later than all others.
    pub never: usize,
    /// The 10, 25, 50, 75 and 90 % quantiles over all draws; absent where it is never.
    pub quantiles: [Option<f64>; 5],
}

const ROW_PX: f64 = 44.0;
const BOX_HALF_PX: f64 = 11.0;
const WIDEST_NAME_PX: f64 = 320.0;
const GROUP_GAP_PX: f64 = 16.0;
const NAME: TextLook = TextLook::new(14.0, TEXT).align(Align::End);
const VALUE: TextLook = TextLook::new(13.0, TEXT);
const COUNT: TextLook = TextLook::new(11.5, QUIET_TEXT);
const TICK_LABEL: TextLook = TextLook::new(12.5, QUIET_TEXT).align(Align::Middle);
const OVERALL: Ink = TREND;
const COMPONENT: Ink = palette::GROUPS[0];
const REFERENCE: Ink = palette::GROUPS[1];
/// Days in a longest axis, which no date axis can be labelled beyond.
const LAST_DAY: f64 = 2_900_000.0;

/// Lays the figure out.
pub(crate) fn layout(figure: &Multiverse) -> Result<Scene, FigureError> {
    let mut scene = page::blank();
    let top = page::head(&mut scene, &figure.title, &figure.subtitle, legend(figure))?;
    let (mut names_px, mut values_px) = (60.0f64, 60.0f64);
    for row in rows(figure) {
        names_px = names_px.max(text_box((0.0, 0.0), &row.label, &NAME)?.width());
        let value = value(figure, row);
        values_px = values_px.max(text_box((0.0, 0.0), &value, &VALUE)?.width());
        values_px = values_px.max(text_box((0.0, 0.0), &count(row), &COUNT)?.width());
    }
    let gap = if is_grouped(figure) {
        GROUP_GAP_PX
    } else {
        0.0
    };
    let height = ROW_PX * (rows(figure).count() as f64).max(1.0) + gap + 12.0;
    let frame = Rect {
        left: MARGIN_PX + names_px.min(WIDEST_NAME_PX) + 18.0,
        top: top + 20.0,
        right: WIDTH_PX - MARGIN_PX - values_px - 22.0,
        bottom: top + 20.0 + height,
    };
    let axis = axis(figure, &frame);
    draw_axis(&mut scene, figure, &axis, &frame)?;
    let mut y = frame.top + 6.0 + ROW_PX / 2.0;
    for (index, row) in rows(figure).enumerate() {
        if is_grouped(figure) && index == figure.overall.len() {
            let line = y - ROW_PX / 2.0 + gap / 2.0;
            let ends = [(MARGIN_PX, line), (WIDTH_PX - MARGIN_PX, line)];
            scene.marks.extend(broken(&ends, 1.0, AXIS, PATTERNS[2]));
            y += gap;
        }
        let ink = if index < figure.overall.len() {
            OVERALL
        } else {
            COMPONENT
        };
        let baseline = y + 0.36 * NAME.size_px;
        let name = fit(&row.label, &NAME, WIDEST_NAME_PX)?;
        scene.text((frame.left - 18.0, baseline), name, NAME);
        scene.text((frame.right + 22.0, y - 2.0), value(figure, row), VALUE);
        scene.text((frame.right + 22.0, y + 14.0), count(row), COUNT);
        draw_spread(&mut scene, row, &axis, &frame, y, ink);
        y += ROW_PX;
    }
    if let Some(x) = figure.reference.and_then(|at| axis.inside(at)) {
        let line = [(x, frame.top), (x, frame.bottom)];
        scene
            .marks
            .extend(broken(&line, 1.5, REFERENCE, PATTERNS[1]));
    }
    if rows(figure).next().is_none() {
        scene.text(frame.centre(), "no analyses", VALUE.align(Align::Middle));
    }
    Foot::new(&figure.notes)?.draw(&mut scene, frame.bottom + 58.0);
    Ok(scene)
}

fn rows(figure: &Multiverse) -> impl Iterator<Item = &Spread> {
    figure.overall.iter().chain(&figure.components)
}

fn is_grouped(figure: &Multiverse) -> bool {
    !figure.overall.is_empty() && !figure.components.is_empty()
}

/// A quantile with a place on an axis.
fn finite(quantile: Option<f64>) -> Option<f64> {
    quantile.filter(|at| at.is_finite() && at.abs() <= LAST_DAY)
}

/// Days from left to right, whether dates or lengths of time.
struct Axis {
    days: DateAxis,
}

impl Axis {
    /// Where a day is, if it is on the axis.
    fn inside(&self, day: f64) -> Option<f64> {
        let ends = f64::from(self.days.first.0)..=f64::from(self.days.last.0);
        ends.contains(&day).then(|| self.days.place(day))
    }
}

/// An axis that shows all boxes, and whiskers up to the width of all boxes beyond them.
fn axis(figure: &Multiverse, frame: &Rect) -> Axis {
    let of = |which: &[usize]| -> Vec<f64> {
        let quantiles =
            rows(figure).flat_map(|row| which.iter().map(|index| row.quantiles[*index]));
        quantiles.filter_map(finite).collect()
    };
    let mut middle = of(&[1, 2, 3]);
    middle.extend(finite(figure.reference));
    let (low, high) = span(middle.into_iter()).unwrap_or((0.0, 365.0));
    let width = (high - low).max(30.0);
    let (first, last) = span(of(&[0, 4]).into_iter()).unwrap_or((low, high));
    let (low, high) = (
        low.min(first.max(low - width)),
        high.max(last.min(high + width)),
    );
    let spare = ((high - low) / 20.0).max(10.0);
    let mut low = low - spare;
    if matches!(figure.quantity, Quantity::DoublingDays(_)) {
        low = low.max(0.0);
    }
    Axis {
        days: DateAxis {
            first: Day(font::whole(low.floor())),
            last: Day(font::whole((high + spare).ceil())),
            left_px: frame.left,
            right_px: frame.right,
        },
    }
}

fn draw_axis(
    scene: &mut Scene,
    figure: &Multiverse,
    axis: &Axis,
    frame: &Rect,
) -> Result<(), FigureError> {
    let (ticks, title) = match &figure.quantity {
        Quantity::Date(title) => {
            let labelled = axis.days.ticks().into_iter();
            let ticks = labelled.filter_map(|tick| Some((f64::from(tick.day.0), tick.label?)));
            (ticks.collect(), title)
        }
        Quantity::DoublingDays(title) => (round_ticks(axis, frame)?, title),
    };
    for (day, label) in ticks {
        let x = axis.days.place(day);
        scene.push(Mark::stroke((x, frame.top), (x, frame.bottom), 1.0, GRID));
        let (from, to) = ((x, frame.bottom), (x, frame.bottom + 5.0));
        scene.push(Mark::stroke(from, to, 1.0, AXIS));
        scene.text((x, frame.bottom + 20.0), label, TICK_LABEL);
    }
    let (from, to) = ((frame.left, frame.bottom), (frame.right, frame.bottom));
    scene.push(Mark::stroke(from, to, 1.0, AXIS));
    let look = TextLook::new(13.0, TEXT).medium().align(Align::Middle);
    let middle = f64::midpoint(frame.left, frame.right);
    scene.text((middle, frame.bottom + 42.0), title, look);
    Ok(())
}

/// Lengths of time in days, in steps of 1, 2 or 5 as small as their labels have room.
fn round_ticks(axis: &Axis, frame: &Rect) -> Result<Vec<(f64, String)>, FigureError> {
    let [first, last] = [axis.days.first, axis.days.last].map(|day| f64::from(day.0));
    let widest = font::width_px(&format!("{last:.0}"), TICK_LABEL.size_px, Weight::Regular)?;
    let most = (frame.width() / (widest + 28.0)).max(2.0);
    let step = (0..8)
        .flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10f64.powi(power)))
        .find(|step| (last - first) / step <= most)
        .unwrap_or(last - first);
    let mut ticks = Vec::new();
    let mut day = (first / step).ceil() * step;
    while day <= last {
        ticks.push((day, format!("{day:.0}")));
        day += step;
    }
    Ok(ticks)
}

fn draw_spread(scene: &mut Scene, row: &Spread, axis: &Axis, frame: &Rect, y: f64, ink: Ink) {
    // Each quantile with its place, and the edge it lies beyond if it is off the axis.
    let place = |quantile: Option<f64>| match quantile.filter(|at| !at.is_nan()) {
        Some(at) if at < f64::from(axis.days.first.0) => (frame.left, Some(Toward::Left)),
        Some(at) => axis
            .inside(at)
            .map_or((frame.right, Some(Toward::Right)), |x| (x, None)),
        None => (frame.right, Some(Toward::Right)),
    };
    let [low, box_low, median, box_high, high] = row.quantiles.map(place);
    for ((end, off), from) in [(low, box_low.0), (high, box_high.0)] {
        scene.push(Mark::stroke((from, y), (end, y), 1.75, ink));
        match off {
            Some(toward) => scene.push(symbol::caret((end, y), 9.0, toward, ink)),
            None => {
                let cap = BOX_HALF_PX * 0.55;
                scene.push(Mark::stroke((end, y - cap), (end, y + cap), 1.75, ink));
            }
        }
    }
    let block = Rect {
        left: box_low.0,
        right: box_high.0,
        top: y - BOX_HALF_PX,
        bottom: y + BOX_HALF_PX,
    };
    if block.width() > 0.0 {
        scene.push(Mark::block(block, PAPER));
        scene.push(Mark::block(block, ink.fade(0.30)));
    }
    if median.1.is_none() {
        let half = BOX_HALF_PX + 1.0;
        scene.push(Mark::stroke(
            (median.0, y - half),
            (median.0, y + half),
            2.5,
            ink,
        ));
    }
}

/// The median with the 10 and the 90 % quantile.
fn value(figure: &Multiverse, row: &Spread) -> String {
    let text = |quantile: Option<f64>| match (&figure.quantity, finite(quantile)) {
        (_, None) => "never".to_owned(),
        (Quantity::Date(_), Some(day)) => {
            let date = Day(font::whole(day)).iso();
            // Days would feign precision.
            date.get(..7).unwrap_or(&date).to_owned()
        }
        (Quantity::DoublingDays(_), Some(days)) => format!("{days:.0}"),
    };
    let [low, _, median, _, high] = row.quantiles.map(text);
    match figure.quantity {
        Quantity::Date(_) => format!("{median} [{low} – {high}]"),
        Quantity::DoublingDays(_) => format!("{median} days [{low} – {high}]"),
    }
}

fn count(row: &Spread) -> String {
    if row.never == 0 {
        format!("n = {}", row.draws)
    } else {
        format!("n = {}, {} never", row.draws, row.never)
    }
}

fn legend(figure: &Multiverse) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (any, ink, label) in [
        (
            !figure.overall.is_empty(),
            OVERALL,
            "25 – 75 % where everything varies",
        ),
        (
            !figure.components.is_empty(),
            COMPONENT,
            "25 – 75 % where one thing varies",
        ),
    ] {
        if any {
            let block = Rect::new(-10.0, -6.0, 20.0, 12.0);
            let swatch = vec![Mark::block(block, ink.fade(0.30))];
            entries.push(Entry::new(10.0, swatch, label));
        }
    }
    if rows(figure).next().is_some() {
        let ink = QUIET_TEXT;
        let median = vec![Mark::stroke((0.0, -8.0), (0.0, 8.0), 2.5, ink)];
        entries.push(Entry::new(3.0, median, "median"));
        let mut whisker = vec![Mark::stroke((-12.0, 0.0), (12.0, 0.0), 1.75, ink)];
        for x in [-12.0, 12.0] {
            whisker.push(Mark::stroke((x, -5.0), (x, 5.0), 1.75, ink));
        }
        entries.push(Entry::new(13.0, whisker, "10 – 90 %"));
    }
    // Only the ends of the axis matter here, not its place.
    let axis = axis(figure, &Rect::new(0.0, 0.0, 1.0, 1.0));
    let off = |quantile: &Option<f64>| quantile.is_none_or(|at| axis.inside(at).is_none());
    if rows(figure).any(|row| row.quantiles.iter().any(off)) {
        entries.push(Entry::caret(Toward::Right));
    }
    if figure.reference.is_some_and(|at| axis.inside(at).is_some()) {
        entries.push(Entry::line(REFERENCE, PATTERNS[1], "the main analysis"));
    }
    entries
}

/// The numbers behind the picture.
pub(crate) fn tables(figure: &Multiverse) -> Vec<Table> {
    let unit = match figure.quantity {
        Quantity::Date(_) => "day",
        Quantity::DoublingDays(_) => "doubling_days",
    };
    let quantile = |share: u32| format!("{unit}_q{share}");
    let names = [10, 25, 50, 75, 90].map(quantile);
    let columns = ["group", "source", "draws", "never"]
        .into_iter()
        .chain(names.iter().map(String::as_str));
    let cell = |quantile: Option<f64>| match (&figure.quantity, finite(quantile)) {
        (Quantity::Date(_), Some(day)) => Day(font::whole(day)).iso(),
        (_, quantile) => optional(quantile),
    };
    let rows = rows(figure).enumerate().map(|(index, row)| {
        let group = if index < figure.overall.len() {
            "overall"
        } else {
            "component"
        };
        let mut cells = vec![
            group.to_owned(),
            row.label.clone(),
            row.draws.to_string(),
            row.never.to_string(),
        ];
        cells.extend(row.quantiles.map(cell));
        cells
    });
    vec![Table::new(None, columns, rows.collect())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::samples;

    #[test]
    fn no_text_touches_another_or_leaves_the_page() {
        for count in [0, 1, 5, 12, 35] {
            for figure in [
                samples::multiverse(count),
                samples::doubling_multiverse(count),
            ] {
                let scene = layout(&figure).unwrap();
                scene.assert_texts_apart();
                scene.assert_finite();
            }
        }
    }

    #[test]
    fn what_is_never_reached_is_said() {
        let figure = samples::multiverse(5);
        let scene = layout(&figure).unwrap();
        let words: Vec<&str> = scene.texts().collect();
        assert!(
            words.iter().any(|text| text.ends_with(", 300 never")),
            "{words:?}"
        );
        assert!(
            words.iter().any(|text| text.ends_with("– never]")),
            "{words:?}"
        );
        assert!(words.contains(&"goes on beyond the axis"), "{words:?}");
    }

    #[test]
    fn absurd_numbers_are_drawn_off_the_axis() {
        let mut figure = samples::multiverse(4);
        figure.reference = Some(f64::NAN);
        figure.components[0].quantiles =
            [f64::NAN, f64::NEG_INFINITY, 1e300, f64::INFINITY, -1e300].map(Some);
        figure.components[1].quantiles = [None; 5];
        let scene = layout(&figure).unwrap();
        scene.assert_texts_apart();
        scene.assert_finite();
    }
}
