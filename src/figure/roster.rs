//! The headline figure without dates: models from the longest horizon to the shortest.

use super::error::FigureError;
use super::estimate_rows::{self, RADIUS_PX, Row};
use super::extent::{Estimate, Extent};
use super::facts::fit_facts;
use super::geometry::Rect;
use super::headline::{Headline, HeadlinePoint, group_index, groups, left_out, percent};
use super::legend::Entry;
use super::page::{self, Foot, MARGIN_PX, WIDTH_PX};
use super::palette::{self, Ink, QUIET, TEXT};
use super::scene::{Align, Scene, TextLook, fit, text_box};
use super::symbol::{self, Toward};

const ROW_PX: f64 = 34.0;
const WIDEST_NAME_PX: f64 = 320.0;
const NAME: TextLook = TextLook::new(14.0, TEXT).align(Align::End);
const VALUE: TextLook = TextLook::new(13.0, TEXT);

/// Lays the figure out.
pub(crate) fn layout(figure: &Headline) -> Result<Scene, FigureError> {
    let mut scene = page::blank();
    let top = page::head(&mut scene, &figure.title, &figure.subtitle, legend(figure))?;
    let models = ranked(figure);
    let (mut names_px, mut values_px) = (60.0f64, 60.0f64);
    for point in &models {
        names_px = names_px.max(text_box((0.0, 0.0), &point.label, &NAME)?.width());
        let value = point.horizon.to_string();
        values_px = values_px.max(text_box((0.0, 0.0), &value, &VALUE)?.width());
    }
    let names_px = names_px.min(WIDEST_NAME_PX);
    let frame = Rect {
        left: MARGIN_PX + names_px + 18.0,
        top: top + 20.0,
        right: WIDTH_PX - MARGIN_PX - values_px - 22.0,
        bottom: top + 20.0 + ROW_PX * (models.len() as f64).max(1.0) + 8.0,
    };
    let estimates: Vec<Estimate> = models.iter().map(|point| point.horizon).collect();
    let task_range = figure.settings.task_range_minutes;
    let axis = estimate_rows::axis(task_range, &estimates, &frame);
    estimate_rows::draw_axis(&mut scene, &axis, &frame, figure.axis_title())?;
    estimate_rows::draw_task_limits(&mut scene, task_range, &axis, &frame);
    let groups = groups(&figure.points);
    for (row, point) in models.iter().enumerate() {
        let y = frame.top + 4.0 + ROW_PX * (row as f64 + 0.5);
        let baseline = y + 0.36 * NAME.size_px;
        let name = fit(&point.label, &NAME, WIDEST_NAME_PX)?;
        scene.text((frame.left - 18.0, baseline), name, NAME);
        scene.text(
            (frame.right + 22.0, baseline),
            point.horizon.to_string(),
            VALUE,
        );
        // Without dates there is often no frontier: then no model stands back.
        let group = group_index(&groups, point);
        let filled = point.frontier || !has_frontier(figure);
        let row = Row {
            y,
            group,
            ink: if filled { palette::group(group) } else { QUIET },
            filled,
        };
        estimate_rows::draw_estimate(&mut scene, &axis, &frame, &point.horizon, &row);
    }
    if models.is_empty() {
        let middle = frame.centre();
        scene.text(middle, "No model has a horizon", VALUE.align(Align::Middle));
    }
    let mut notes = vec![format!("{}.", fit_facts(&figure.settings).join("; "))];
    notes.extend(left_out(&figure.points, is_drawn));
    notes.extend(figure.notes.iter().cloned());
    Foot::new(&notes)?.draw(&mut scene, frame.bottom + 58.0);
    Ok(scene)
}

fn is_drawn(point: &HeadlinePoint) -> bool {
    point.horizon.value.normalised() != Extent::Undefined
}

fn has_frontier(figure: &Headline) -> bool {
    figure.points.iter().any(|point| point.frontier)
}

/// The models with a horizon, longest first; equal ones in the order given.
fn ranked(figure: &Headline) -> Vec<&HeadlinePoint> {
    let mut models: Vec<_> = figure
        .points
        .iter()
        .filter(|point| is_drawn(point))
        .collect();
    let rank = |point: &HeadlinePoint| estimate_rows::rank(Some(&point.horizon));
    models.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
    models
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
            format!("{} horizon", percent(figure.probability)),
        ));
    }
    if has_frontier(figure) && drawn().any(|point| !point.frontier) {
        entries.push(Entry::new(
            7.0,
            dot(0, QUIET, false),
            "hollow: not at the frontier",
        ));
    }
    let estimates: Vec<Estimate> = drawn().map(|point| point.horizon).collect();
    let settings = &figure.settings;
    if estimates.iter().any(Estimate::has_interval) {
        let ink = palette::group(0);
        entries.push(estimate_rows::interval_entry(ink, &settings.level_text()));
    }
    if estimate_rows::leaves_axis(settings.task_range_minutes, &estimates) {
        entries.push(Entry::caret(Toward::Right));
    }
    if !estimates.is_empty() && settings.task_range_minutes.is_some() {
        entries.push(estimate_rows::limits_entry());
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
            .map(|point| point.horizon.value.minutes())
            .collect();
        assert_eq!(horizons.len(), 6, "one model has no horizon");
        assert_eq!(horizons[5], None, "the one below the tasks is last");
        assert!(horizons[..5].is_sorted_by(|a, b| a >= b), "{horizons:?}");
    }
}
