//! Two measurements on one time line: paired marks, two trends.

use super::comparison::{ComparedVersion, Comparison, LOOKS, Pair, left_out};
use super::dated_plot::{self, DatedPlot};
use super::error::FigureError;
use super::extent::Estimate;
use super::facts;
use super::geometry::{Point, Rect, crosses};
use super::headline::{axis_title, percent};
use super::labels::Obstacles;
use super::legend::Entry;
use super::names::{self, Name};
use super::page::{self, Foot};
use super::palette::{Ink, QUIET_TEXT, TEXT, TREND};
use super::scene::{Mark, Scene, TextLook};
use super::spot::{self, RADIUS_PX, Spot};
use super::symbol::{self, Toward};

const NAME: TextLook = TextLook::new(12.0, TEXT);
/// Marks of a pair stand this far to both sides of their day, so that both intervals can be seen.
const ASIDE_PX: f64 = 3.5;
const JOIN_PX: f64 = 1.25;

/// Whether a model has a place on the time line.
pub(crate) fn is_drawn(pair: &Pair<'_>) -> bool {
    pair.released().is_some() && pair.estimates().iter().any(Option::is_some)
}

/// A drawn model with its places.
struct Drawn<'a> {
    label: &'a str,
    spots: [Option<Spot>; 2],
}

impl Drawn<'_> {
    fn is_shared(&self) -> bool {
        self.spots.iter().all(Option::is_some)
    }

    /// The line from mark to mark.
    fn join(&self) -> Option<Vec<Point>> {
        let [first, second] = self.spots;
        Some(vec![first?.at, second?.at])
    }

    /// What a name is beside: the later measurement, if it has the model.
    fn main(&self) -> Option<Spot> {
        self.spots[1].or(self.spots[0])
    }
}

/// Lays the figure out.
pub(crate) fn layout(figure: &Comparison) -> Result<Scene, FigureError> {
    let mut scene = page::blank();
    let top = page::head(&mut scene, &figure.title, &figure.subtitle, legend(figure))?;
    let frame = dated_plot::frame_below(top);
    let facts = facts(figure);
    let (plot, facts_box) = fit_axes(figure, frame, &facts)?;
    let drawn = drawn(figure, &plot);
    let task_range = figure.task_range_minutes();

    plot.draw_axes(&mut scene, &axis_title(figure.probability));
    let mut obstacles = Obstacles::default();
    obstacles.solid.push(facts_box);
    let spots = || drawn.iter().flat_map(|model| model.spots.iter().flatten());
    obstacles
        .solid
        .extend(spots().map(|spot| Rect::around(spot.at, spot.radius())));
    for (version, (_, ink)) in figure.versions().iter().zip(LOOKS) {
        if let Some(trend) = &version.trend {
            plot.draw_band(&mut scene, trend, ink);
            plot.draw_trend(&mut scene, trend, ink);
            obstacles.lines.extend(plot.trend_lines(trend));
        }
    }
    obstacles
        .lines
        .extend(spots().filter_map(Spot::interval_line));
    obstacles.lines.extend(drawn.iter().filter_map(Drawn::join));
    let words = plot.draw_limits(&mut scene, task_range, &obstacles)?;
    obstacles.solid.extend(words);
    obstacles.lines.extend(plot.limit_lines(task_range));
    for model in &drawn {
        draw_model(&mut scene, model, &frame);
    }
    facts::draw(&mut scene, facts_box, &facts);
    let names = names(&drawn, task_range);
    let unnamed = names::draw(&mut scene, names, &frame.grown(-3.0), &obstacles)?;

    let mut notes = left_out(figure, is_drawn);
    notes.extend(names::note(&unnamed));
    notes.extend(figure.notes.iter().cloned());
    Foot::new(&notes)?.draw(&mut scene, plot.foot_px(&facts_box));
    Ok(scene)
}

/// The facts of both measurements, one below the other, each under its name.
fn facts(figure: &Comparison) -> Vec<(String, TextLook)> {
    let of = |(version, (_, ink)): (&ComparedVersion, (usize, Ink))| {
        let name = TextLook::new(13.5, ink).medium();
        let mut lines = vec![(version.name.clone(), name)];
        lines.extend(facts::short_lines(
            version.trend.as_ref(),
            &version.settings,
        ));
        lines
    };
    figure
        .versions()
        .into_iter()
        .zip(LOOKS)
        .flat_map(of)
        .collect()
}

fn estimates(figure: &Comparison) -> Vec<Estimate> {
    figure
        .pairs()
        .iter()
        .filter(|pair| is_drawn(pair))
        .flat_map(|pair| pair.estimates().into_iter().flatten())
        .collect()
}

fn time_span(figure: &Comparison) -> (f64, f64) {
    let otherwise = figure.task_range_minutes().unwrap_or((1.0, 60.0));
    dated_plot::time_span(figure.scale, &estimates(figure), &[], otherwise)
}

fn fit_axes(
    figure: &Comparison,
    frame: Rect,
    facts: &[(String, TextLook)],
) -> Result<(DatedPlot, Rect), FigureError> {
    let (width, height) = facts::size_px(facts)?;
    let pairs = figure.pairs();
    let days = pairs
        .iter()
        .filter(|pair| is_drawn(pair))
        .filter_map(Pair::released);
    Ok(DatedPlot::with_room_for(
        frame,
        dated_plot::date_axis(&frame, days),
        figure.scale,
        time_span(figure),
        &facts::spots(&frame, width, height),
        |plot, spot| is_free(figure, plot, spot),
    ))
}

/// Whether a box covers no mark, no interval and no line, with room for a name between.
fn is_free(figure: &Comparison, plot: &DatedPlot, spot: &Rect) -> bool {
    let near = spot.grown(14.0);
    let limits = plot.limit_lines(figure.task_range_minutes());
    let versions = figure.versions();
    let mut trends = versions
        .iter()
        .filter_map(|version| version.trend.as_ref())
        .flat_map(|trend| plot.trend_lines(trend));
    let drawn = drawn(figure, plot);
    let mut spots = drawn.iter().flat_map(|model| model.spots.iter().flatten());
    !spots.any(|mark| near.overlaps(&mark.reach()))
        && !limits.iter().any(|line| crosses(line, &spot.grown(10.0)))
        && !trends.any(|line| crosses(&line, &near))
        && !drawn
            .iter()
            .filter_map(Drawn::join)
            .any(|line| crosses(&line, &near))
}

fn drawn<'a>(figure: &'a Comparison, plot: &DatedPlot) -> Vec<Drawn<'a>> {
    let place = |pair: Pair<'a>| {
        let day = pair.released()?;
        let [first, second] = pair.estimates();
        let aside = if first.is_some() && second.is_some() {
            ASIDE_PX
        } else {
            0.0
        };
        let spots = [
            first.and_then(|estimate| plot.spot(day, &estimate, -aside)),
            second.and_then(|estimate| plot.spot(day, &estimate, aside)),
        ];
        spots.iter().any(Option::is_some).then_some(Drawn {
            label: pair.label,
            spots,
        })
    };
    figure.pairs().into_iter().filter_map(place).collect()
}

fn draw_model(scene: &mut Scene, model: &Drawn<'_>, frame: &Rect) {
    for (spot, (_, ink)) in model.spots.iter().zip(LOOKS) {
        if let Some(spot) = spot {
            spot.draw_interval(scene, frame, ink.fade(0.45));
        }
    }
    if let Some(points) = model.join() {
        scene.push(Mark::Line {
            points,
            width_px: JOIN_PX,
            ink: TREND,
        });
    }
    for (spot, (shape, ink)) in model.spots.iter().zip(LOOKS) {
        let Some(spot) = spot else { continue };
        if !spot.draw_caret(scene, ink) {
            let mark = symbol::point(shape, spot.at, RADIUS_PX - 0.5, ink, model.is_shared());
            scene.marks.extend(mark);
        }
    }
}

fn names(drawn: &[Drawn<'_>], task_range: Option<(f64, f64)>) -> Vec<Name> {
    let name = |model: &Drawn<'_>| {
        let spot = model.main()?;
        Some(Name {
            text: spot.name(model.label, task_range),
            look: NAME,
            anchor: spot.at,
            radius: spot.radius(),
        })
    };
    drawn.iter().filter_map(name).collect()
}

fn legend(figure: &Comparison) -> Vec<Entry> {
    let pairs = figure.pairs();
    let drawn = || pairs.iter().filter(|pair| is_drawn(pair));
    let is_shared = |pair: &&Pair<'_>| pair.estimates().iter().all(Option::is_some);
    let mut entries = marks_legend(figure, drawn().any(|pair| is_shared(&pair)));
    if drawn().any(|pair| !is_shared(&pair)) {
        let hollow = symbol::point(0, (0.0, 0.0), RADIUS_PX, QUIET_TEXT, false);
        entries.push(Entry::new(6.0, hollow, "hollow: measured by one only"));
    }
    let estimates = estimates(figure);
    if estimates.iter().any(Estimate::has_interval) {
        let ink = LOOKS[0].1.fade(0.45);
        entries.push(spot::interval_entry(ink, &levels(figure)));
    }
    if dated_plot::leaves_axis(time_span(figure), &estimates) {
        entries.push(Entry::caret(Toward::Up));
    }
    for (version, (_, ink)) in figure.versions().iter().zip(LOOKS) {
        let Some(trend) = &version.trend else {
            continue;
        };
        let label = format!("trend by {}, dashed where extrapolated", version.name);
        entries.push(Entry::half_dashed(ink, label));
        if trend.band.len() > 1 {
            let level = percent(version.settings.level);
            entries.push(Entry::band(ink, format!("its {level} band")));
        }
    }
    entries
}

/// The marks of the two measurements, and the line between them if there is one.
pub(crate) fn marks_legend(figure: &Comparison, joined: bool) -> Vec<Entry> {
    let mark = |(version, (shape, ink)): (&ComparedVersion, (usize, Ink))| {
        let swatch = symbol::point(shape, (0.0, 0.0), RADIUS_PX, ink, true);
        Entry::new(6.0, swatch, &version.name)
    };
    let mut entries: Vec<Entry> = figure.versions().into_iter().zip(LOOKS).map(mark).collect();
    if joined {
        let line = vec![Mark::stroke((-10.0, 0.0), (10.0, 0.0), JOIN_PX, TREND)];
        entries.push(Entry::new(10.0, line, "joins the marks of one model"));
    }
    entries
}

/// `95 %`, or both levels where they differ.
pub(crate) fn levels(figure: &Comparison) -> String {
    let [first, second] = figure
        .versions()
        .map(|version| version.settings.level_text());
    if first == second {
        first
    } else {
        format!("{first} or {second}")
    }
}
