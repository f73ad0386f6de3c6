//! The headline figure on a time line: horizons against release dates, with a trend.

use super::axis::Scale;
use super::dated_plot::{self, DatedPlot};
use super::error::FigureError;
use super::extent::{Estimate, Extent};
use super::facts;
use super::geometry::{Rect, crosses};
use super::headline::{Headline, HeadlinePoint, group_index, groups, left_out};
use super::labels::Obstacles;
use super::names::{self, Name};
use super::page::{self, Foot};
use super::palette::{self, Ink, QUIET, QUIET_TEXT, TEXT, TREND};
use super::scene::{PATTERNS, Pattern, Scene, TextLook};
use super::spot::{RADIUS_PX, Spot};
use super::symbol;
use super::timeline_legend;

const NAME: TextLook = TextLook::new(12.5, TEXT);
const QUIET_NAME: TextLook = TextLook::new(11.5, QUIET_TEXT);

/// Whether a model has a place on the time line.
pub(crate) fn is_drawn(point: &HeadlinePoint) -> bool {
    point.released.is_some() && point.horizon.value.normalised() != Extent::Undefined
}

/// A drawn model with its place.
struct Drawn<'a> {
    point: &'a HeadlinePoint,
    group: usize,
    spot: Spot,
}

/// Lays the figure out.
pub(crate) fn layout(figure: &Headline) -> Result<Scene, FigureError> {
    let mut scene = page::blank();
    let legend = timeline_legend::entries(figure);
    let top = page::head(&mut scene, &figure.title, &figure.subtitle, legend)?;
    let frame = dated_plot::frame_below(top);
    let facts = facts::lines(figure.trend.as_ref(), &figure.settings);
    let (plot, facts_box) = fit_axes(figure, frame, &facts)?;
    let drawn = drawn(figure, &plot);
    let task_range = figure.settings.task_range_minutes;

    plot.draw_axes(&mut scene, &figure.axis_title());
    let mut obstacles = Obstacles::default();
    obstacles.solid.push(facts_box);
    obstacles.solid.extend(
        drawn
            .iter()
            .map(|model| Rect::around(model.spot.at, model.spot.radius())),
    );
    for (index, line) in figure.lines.iter().enumerate() {
        let (ink, pattern) = line_look(index);
        plot.draw_path(&mut scene, &line.points, ink, pattern);
        obstacles.lines.extend(plot.path_lines(&line.points));
    }
    if let Some(trend) = &figure.trend {
        plot.draw_band(&mut scene, trend, TREND);
        plot.draw_trend(&mut scene, trend, TREND);
        obstacles.lines.extend(plot.trend_lines(trend));
    }
    obstacles
        .lines
        .extend(drawn.iter().filter_map(|model| model.spot.interval_line()));
    let words = plot.draw_limits(&mut scene, task_range, &obstacles)?;
    obstacles.solid.extend(words);
    obstacles.lines.extend(plot.limit_lines(task_range));
    for model in &drawn {
        let ink = ink(model).fade(0.6);
        model.spot.draw_interval(&mut scene, &frame, ink);
    }
    facts::draw(&mut scene, facts_box, &facts);
    // The frontier last, so that it lies on top.
    let (frontier, others): (Vec<_>, Vec<_>) = drawn.iter().partition(|model| model.point.frontier);
    for model in others.into_iter().chain(frontier) {
        draw_point(&mut scene, model);
    }
    let bounds = frame.grown(-3.0);
    let unnamed = names::draw(&mut scene, names(&drawn, task_range), &bounds, &obstacles)?;

    let mut notes = left_out(&figure.points, is_drawn);
    notes.extend(names::note(&unnamed));
    notes.extend(figure.notes.iter().cloned());
    Foot::new(&notes)?.draw(&mut scene, plot.foot_px(&facts_box));
    Ok(scene)
}

/// Chooses the axes, and a place for the facts where they cover nothing.
fn fit_axes(
    figure: &Headline,
    frame: Rect,
    facts: &[(String, TextLook)],
) -> Result<(DatedPlot, Rect), FigureError> {
    let (width, height) = facts::size_px(facts)?;
    let days = figure
        .points
        .iter()
        .filter(|point| is_drawn(point))
        .filter_map(|point| point.released)
        .chain(
            figure
                .lines
                .iter()
                .flat_map(|line| line.points.iter().map(|point| point.0)),
        );
    Ok(DatedPlot::with_room_for(
        frame,
        dated_plot::date_axis(&frame, days),
        figure.scale,
        time_span(figure),
        &facts::spots(&frame, width, height),
        |plot, spot| is_free(figure, plot, spot),
    ))
}

/// Whether a box covers no point, no interval and no line, with room for a name between.
fn is_free(figure: &Headline, plot: &DatedPlot, spot: &Rect) -> bool {
    let near = spot.grown(14.0);
    let limits = plot.limit_lines(figure.settings.task_range_minutes);
    let trend = figure
        .trend
        .iter()
        .flat_map(|trend| plot.trend_lines(trend));
    let lines = figure
        .lines
        .iter()
        .flat_map(|line| plot.path_lines(&line.points));
    !drawn(figure, plot)
        .iter()
        .any(|model| near.overlaps(&model.spot.reach()))
        && !limits.iter().any(|line| crosses(line, &spot.grown(10.0)))
        && !trend.chain(lines).any(|line| crosses(&line, &near))
}

pub(crate) fn time_span(figure: &Headline) -> (f64, f64) {
    let estimates: Vec<Estimate> = figure
        .points
        .iter()
        .filter(|point| is_drawn(point))
        .map(|point| point.horizon)
        .collect();
    let lines: Vec<f64> = figure
        .lines
        .iter()
        .flat_map(|line| line.points.iter().map(|point| point.1))
        .collect();
    // On a linear axis a line that runs away leaves the frame.
    let lines = match figure.scale {
        Scale::Log => lines.as_slice(),
        Scale::Linear => &[],
    };
    let otherwise = figure.settings.task_range_minutes.unwrap_or((1.0, 60.0));
    dated_plot::time_span(figure.scale, &estimates, lines, otherwise)
}

fn drawn<'a>(figure: &'a Headline, plot: &DatedPlot) -> Vec<Drawn<'a>> {
    let groups = groups(&figure.points);
    let place = |point: &'a HeadlinePoint| {
        Some(Drawn {
            point,
            group: group_index(&groups, point),
            spot: plot.spot(point.released?, &point.horizon, 0.0)?,
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

/// How the `index`-th further line looks: groups take their colours from the front of the palette,
/// lines from its end.
pub(crate) fn line_look(index: usize) -> (Ink, Pattern) {
    let last = palette::GROUPS.len() - 1;
    let ink = palette::group(last - index % (last + 1));
    (ink, PATTERNS[1 + index % (PATTERNS.len() - 1)])
}

fn draw_point(scene: &mut Scene, model: &Drawn<'_>) {
    if model.spot.draw_caret(scene, ink(model)) {
        return;
    }
    let filled = model.point.frontier;
    let radius = if filled { RADIUS_PX } else { RADIUS_PX - 0.75 };
    let mark = symbol::point(model.group, model.spot.at, radius, ink(model), filled);
    scene.marks.extend(mark);
}

fn names(drawn: &[Drawn<'_>], task_range: Option<(f64, f64)>) -> Vec<Name> {
    let name = |model: &Drawn<'_>| Name {
        text: model.spot.name(&model.point.label, task_range),
        look: if model.point.frontier {
            NAME
        } else {
            QUIET_NAME
        },
        anchor: model.spot.at,
        radius: model.spot.radius(),
    };
    drawn.iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{BandPoint, Day, Estimate, samples};

    #[test]
    fn no_text_touches_another_or_leaves_the_page() {
        for figure in [2, 5, 12, 35]
            .map(samples::dated)
            .into_iter()
            .chain([5, 12, 35].map(samples::linear))
            .chain([5, 12, 35].map(samples::p80))
            .chain([samples::odd()])
        {
            layout(&figure).unwrap().assert_texts_apart();
        }
    }

    #[test]
    fn another_chance_of_success_is_named_in_words_and_tables() {
        let figure = samples::p80(5);
        let scene = layout(&figure).unwrap();
        let words: Vec<&str> = scene.texts().collect();
        let title = "Length of tasks, in human time, completed with 80 % success";
        assert!(words.contains(&title), "{words:?}");
        assert!(words.contains(&figure.lines[0].label.as_str()), "{words:?}");
        let columns = &crate::figure::headline::tables(&figure)[0].columns;
        assert!(
            columns.iter().any(|column| column == "p80_minutes"),
            "{columns:?}"
        );
    }

    #[test]
    fn on_a_linear_axis_what_is_below_all_tasks_is_still_a_caret() {
        let mut figure = samples::odd();
        figure.scale = Scale::Linear;
        let scene = layout(&figure).unwrap();
        scene.assert_texts_apart();
        assert!(scene.texts().any(|text| text == "Made-up B1 (below 1.8 s)"));
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
            point.horizon = estimate(minutes);
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
