//! Two measurements without dates: models from the longest horizon to the shortest, both marks in a
//! row.

use super::comparison::{Comparison, LOOKS, Pair, left_out};
use super::comparison_timeline::{levels, marks_legend};
use super::error::FigureError;
use super::estimate_rows::{self, RADIUS_PX, Row};
use super::extent::Estimate;
use super::facts::fit_facts;
use super::geometry::Rect;
use super::headline::axis_title;
use super::legend::Entry;
use super::page::{self, Foot, MARGIN_PX, WIDTH_PX};
use super::palette::{QUIET_TEXT, TEXT, TREND};
use super::scene::{Align, Mark, Scene, TextLook, fit, text_box};
use super::symbol::{self, Toward};

const ROW_PX: f64 = 38.0;
/// How far the marks of a row stand above and below its middle.
const ASIDE_PX: f64 = 5.5;
const WIDEST_NAME_PX: f64 = 320.0;
const NAME: TextLook = TextLook::new(14.0, TEXT).align(Align::End);
const VALUE: TextLook = TextLook::new(13.0, TEXT);

/// Lays the figure out.
pub(crate) fn layout(figure: &Comparison) -> Result<Scene, FigureError> {
    let mut pairs = figure.pairs();
    pairs.retain(is_drawn);
    let rank = |pair: &Pair<'_>| {
        let ranks = pair
            .estimates()
            .map(|estimate| estimate_rows::rank(estimate.as_ref()));
        ranks[1].max(ranks[0])
    };
    pairs.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
    let estimates: Vec<Estimate> = pairs
        .iter()
        .flat_map(|pair| pair.estimates().into_iter().flatten())
        .collect();

    let mut scene = page::blank();
    let legend = legend(figure, &pairs, &estimates);
    let top = page::head(&mut scene, &figure.title, &figure.subtitle, legend)?;
    let (mut names_px, mut values_px) = (60.0f64, 60.0f64);
    for pair in &pairs {
        names_px = names_px.max(text_box((0.0, 0.0), pair.label, &NAME)?.width());
        values_px = values_px.max(text_box((0.0, 0.0), &value(pair), &VALUE)?.width());
    }
    let names_px = names_px.min(WIDEST_NAME_PX);
    let frame = Rect {
        left: MARGIN_PX + names_px + 18.0,
        top: top + 20.0,
        right: WIDTH_PX - MARGIN_PX - values_px - 22.0,
        bottom: top + 20.0 + ROW_PX * (pairs.len() as f64).max(1.0) + 8.0,
    };
    let task_range = figure.task_range_minutes();
    let axis = estimate_rows::axis(task_range, &estimates, &frame);
    estimate_rows::draw_axis(&mut scene, &axis, &frame, axis_title(figure.probability))?;
    estimate_rows::draw_task_limits(&mut scene, task_range, &axis, &frame);
    for (row, pair) in pairs.iter().enumerate() {
        let y = frame.top + 4.0 + ROW_PX * (row as f64 + 0.5);
        let baseline = y + 0.36 * NAME.size_px;
        let name = fit(pair.label, &NAME, WIDEST_NAME_PX)?;
        scene.text((frame.left - 18.0, baseline), name, NAME);
        scene.text((frame.right + 22.0, baseline), value(pair), VALUE);
        let shared = pair.estimates().iter().all(Option::is_some);
        let rows = [-ASIDE_PX, ASIDE_PX].map(|aside| if shared { y + aside } else { y });
        if let [Some(first), Some(second)] = pair.estimates() {
            let [from, to] = [(first, rows[0]), (second, rows[1])]
                .map(|(estimate, y)| (estimate_rows::place(&axis, &frame, &estimate), y));
            scene.push(Mark::stroke(from, to, 1.25, TREND));
        }
        for ((estimate, y), (group, ink)) in pair.estimates().iter().zip(rows).zip(LOOKS) {
            let Some(estimate) = estimate else { continue };
            let row = Row {
                y,
                group,
                ink,
                filled: shared,
            };
            estimate_rows::draw_estimate(&mut scene, &axis, &frame, estimate, &row);
        }
    }
    if pairs.is_empty() {
        let look = VALUE.align(Align::Middle);
        scene.text(frame.centre(), "No model has a horizon", look);
    }
    let mut notes: Vec<String> = figure
        .versions()
        .iter()
        .map(|version| {
            format!(
                "{}: {}.",
                version.name,
                fit_facts(&version.settings).join("; ")
            )
        })
        .collect();
    notes.extend(left_out(figure, is_drawn));
    notes.extend(figure.notes.iter().cloned());
    Foot::new(&notes)?.draw(&mut scene, frame.bottom + 58.0);
    Ok(scene)
}

fn is_drawn(pair: &Pair<'_>) -> bool {
    pair.estimates().iter().any(Option::is_some)
}

/// Both horizons and how many times longer the second is, or the only one.
fn value(pair: &Pair<'_>) -> String {
    let [first, second] = pair
        .estimates()
        .map(|estimate| estimate.map(|e| e.value.to_string()));
    match (first, second, pair.ratio()) {
        (Some(first), Some(second), Some(ratio)) if ratio.is_finite() => {
            format!("{first} to {second} (× {ratio:.2})")
        }
        (Some(first), Some(second), _) => format!("{first} to {second}"),
        (first, second, _) => first.or(second).unwrap_or_default(),
    }
}

fn legend(figure: &Comparison, pairs: &[Pair<'_>], estimates: &[Estimate]) -> Vec<Entry> {
    let is_shared = |pair: &Pair<'_>| pair.estimates().iter().all(Option::is_some);
    let mut entries = marks_legend(figure, pairs.iter().any(is_shared));
    if !pairs.iter().all(is_shared) {
        let hollow = symbol::point(0, (0.0, 0.0), RADIUS_PX, QUIET_TEXT, false);
        entries.push(Entry::new(7.0, hollow, "hollow: measured by one only"));
    }
    if estimates.iter().any(Estimate::has_interval) {
        entries.push(estimate_rows::interval_entry(LOOKS[0].1, &levels(figure)));
    }
    let task_range = figure.task_range_minutes();
    if estimate_rows::leaves_axis(task_range, estimates) {
        entries.push(Entry::caret(Toward::Right));
    }
    if !pairs.is_empty() && task_range.is_some() {
        entries.push(estimate_rows::limits_entry());
    }
    entries
}
