//! Horizons against days: the frame, its two axes, and what more than one figure draws in them.

use super::axis::{DateAxis, Scale, TimeAxis};
use super::calendar::Day;
use super::error::FigureError;
use super::extent::{Estimate, Extent};
use super::geometry::{Point, Rect, clip_polyline, crosses};
use super::headline::TrendLine;
use super::labels::Obstacles;
use super::page::{MARGIN_PX, WIDTH_PX};
use super::palette::{AXIS, GRID, Ink, QUIET, QUIET_TEXT, TEXT};
use super::scene::{Align, Mark, Pattern, Scene, TextLook, text_box};
use super::spot::{RADIUS_PX, Spot};
use super::symbol::Toward;

const PLOT_HEIGHT_PX: f64 = 560.0;
const AXIS_LABELS_PX: f64 = 62.0;
const TICK_LABEL: TextLook = TextLook::new(12.5, QUIET_TEXT);
const AXIS_TITLE: TextLook = TextLook::new(13.0, TEXT).medium();
const TREND_WIDTH_PX: f64 = 1.75;
/// An interval may stretch a logarithmic axis this far beyond the horizons themselves; a longer one
/// is cut and ends in a caret.
const INTERVAL_STRETCH: f64 = 12.0;
/// The same on a linear axis, where one long interval would press everything else to the ground.
const LINEAR_STRETCH: f64 = 1.6;
/// The height of the axis of dates with its title.
const DATES_PX: f64 = 62.0;
/// How often the time axis may reach further up to make room for a box.
const MOST_STRETCHES: u32 = 4;

/// The frame and its two axes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DatedPlot {
    pub(crate) frame: Rect,
    pub(crate) dates: DateAxis,
    pub(crate) times: TimeAxis,
}

/// The frame below a head that ends at `top_px`.
pub(crate) fn frame_below(top_px: f64) -> Rect {
    Rect::new(
        MARGIN_PX + AXIS_LABELS_PX,
        top_px + 40.0,
        WIDTH_PX - 2.0 * MARGIN_PX - AXIS_LABELS_PX,
        PLOT_HEIGHT_PX,
    )
}

/// The ends of a time axis for some estimates and for lengths that are to be seen with them;
/// `otherwise` if there is nothing to go by.
pub(crate) fn time_span(
    scale: Scale,
    estimates: &[Estimate],
    others_minutes: &[f64],
    otherwise: (f64, f64),
) -> (f64, f64) {
    let ends = |of: &dyn Fn(&Estimate) -> Extent| {
        span(
            estimates
                .iter()
                .filter_map(|estimate| of(estimate).minutes()),
        )
    };
    let (least, most) = ends(&|estimate| estimate.value).unwrap_or(otherwise);
    let stretch = match scale {
        Scale::Log => INTERVAL_STRETCH,
        Scale::Linear => LINEAR_STRETCH,
    };
    let mut low = ends(&|estimate| estimate.low)
        .map_or(least, |(low, _)| low.max(least / stretch).min(least));
    let mut high = ends(&|estimate| estimate.high)
        .map_or(most, |(_, high)| high.min(most * stretch).max(most));
    let seen = others_minutes
        .iter()
        .copied()
        .filter(|m| m.is_finite() && *m > 0.0);
    if let Some((shortest, longest)) = span(seen) {
        low = low.min(shortest);
        high = high.max(longest);
    }
    match scale {
        Scale::Log => TimeAxis::span(low, high, 1.6, 64.0),
        Scale::Linear => TimeAxis::linear_span(high),
    }
}

/// A date axis across the frame that shows these days, with room for names on both sides and some
/// future for the dashed end of a trend.
pub(crate) fn date_axis(frame: &Rect, days: impl Iterator<Item = Day> + Clone) -> DateAxis {
    let first = days.clone().min().unwrap_or(Day(0)).0;
    let last = days.max().unwrap_or(Day(0)).0;
    let length = last.saturating_sub(first);
    DateAxis {
        first: Day(first.saturating_sub((length / 22).max(40))),
        last: Day(last.saturating_add((length / 9).max(80))),
        left_px: frame.left,
        right_px: frame.right,
    }
}

/// Whether a horizon or an interval ends in a caret.
pub(crate) fn leaves_axis((low, high): (f64, f64), estimates: &[Estimate]) -> bool {
    let leaves = |extent: Extent| match extent.normalised() {
        Extent::Minutes(minutes) => !(low..=high).contains(&minutes),
        Extent::Below | Extent::Beyond => true,
        Extent::Undefined => false,
    };
    estimates.iter().any(|estimate| {
        [estimate.value, estimate.low, estimate.high]
            .into_iter()
            .any(leaves)
    })
}

fn span(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |span, value| {
        let (low, high) = span.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    })
}

impl DatedPlot {
    /// The plot in which one of `boxes` is free, and that box; if none is, the time axis reaches
    /// a little further up. Where that does not help either, the box goes below the plot.
    pub(crate) fn with_room_for(
        frame: Rect,
        dates: DateAxis,
        scale: Scale,
        (low_minutes, asked_minutes): (f64, f64),
        boxes: &[Rect],
        is_free: impl Fn(&DatedPlot, &Rect) -> bool,
    ) -> (DatedPlot, Rect) {
        let further = match scale {
            Scale::Log => 2.0,
            Scale::Linear => 1.1,
        };
        let plot_to = |high_minutes| DatedPlot {
            frame,
            dates,
            times: TimeAxis {
                scale,
                low_minutes,
                high_minutes,
                low_px: frame.bottom,
                high_px: frame.top,
            },
        };
        let mut high_minutes = asked_minutes;
        for _ in 0..=MOST_STRETCHES {
            let plot = plot_to(high_minutes);
            if let Some(free) = boxes.iter().find(|spot| is_free(&plot, spot)) {
                return (plot, *free);
            }
            high_minutes *= further;
        }
        let (width, height) = boxes
            .first()
            .map_or((0.0, 0.0), |spot| (spot.width(), spot.height()));
        let below = Rect::new(frame.left, frame.bottom + DATES_PX + 6.0, width, height);
        (plot_to(asked_minutes), below)
    }

    /// Where the foot of the page begins, given where the box of facts is.
    pub(crate) fn foot_px(&self, facts_box: &Rect) -> f64 {
        (self.frame.bottom + DATES_PX).max(facts_box.bottom + 6.0)
    }

    pub(crate) fn place(&self, day: f64, minutes: f64) -> Point {
        (self.dates.place(day), self.times.place(minutes))
    }

    /// Where an estimate goes on a day, `aside_px` to the right; nowhere if it is undefined.
    pub(crate) fn spot(&self, day: Day, estimate: &Estimate, aside_px: f64) -> Option<Spot> {
        const OFF_PX: f64 = RADIUS_PX + 4.0;
        let (y, off) = match estimate.value.normalised() {
            Extent::Minutes(minutes) if self.times.holds(minutes) => {
                (self.times.place(minutes), None)
            }
            Extent::Minutes(minutes) if minutes > self.times.high_minutes => {
                (self.frame.top + OFF_PX, Some(Toward::Up))
            }
            Extent::Beyond => (self.frame.top + OFF_PX, Some(Toward::Up)),
            Extent::Minutes(_) | Extent::Below => (self.frame.bottom - OFF_PX, Some(Toward::Down)),
            Extent::Undefined => return None,
        };
        let end = |extent: Extent, edge: f64| match extent.normalised() {
            Extent::Minutes(minutes) if self.times.holds(minutes) => {
                Some((self.times.place(minutes), false))
            }
            // Zero is on a linear axis.
            Extent::Below if self.times.low_minutes <= 0.0 => Some((self.frame.bottom, false)),
            Extent::Undefined => None,
            _ => Some((edge, true)),
        };
        let low = end(estimate.low, self.frame.bottom);
        let high = end(estimate.high, self.frame.top);
        Some(Spot {
            at: (self.dates.place(f64::from(day.0)) + aside_px, y),
            interval: (off.is_none() && (low.is_some() || high.is_some()))
                .then(|| [low.unwrap_or((y, false)), high.unwrap_or((y, false))]),
            off,
        })
    }

    pub(crate) fn draw_axes(&self, scene: &mut Scene, title: &str) {
        let frame = &self.frame;
        scene.text((MARGIN_PX, frame.top - 16.0), title, AXIS_TITLE);
        for tick in self.times.ticks_apart(19.0) {
            let y = self.times.place(tick.minutes);
            scene.push(Mark::stroke((frame.left, y), (frame.right, y), 1.0, GRID));
            let look = TICK_LABEL.align(Align::End);
            let at = (frame.left - 9.0, y + 0.36 * look.size_px);
            scene.text(at, tick.label, look);
        }
        for tick in self.dates.ticks() {
            let x = self.dates.place(f64::from(tick.day.0));
            let length = if tick.label.is_some() { 7.0 } else { 4.0 };
            if let Some(label) = tick.label {
                scene.push(Mark::stroke((x, frame.top), (x, frame.bottom), 1.0, GRID));
                let look = TICK_LABEL.align(Align::Middle);
                scene.text((x, frame.bottom + 22.0), label, look);
            }
            let (from, to) = ((x, frame.bottom), (x, frame.bottom + length));
            scene.push(Mark::stroke(from, to, 1.0, AXIS));
        }
        let (from, to) = ((frame.left, frame.bottom), (frame.right, frame.bottom));
        scene.push(Mark::stroke(from, to, 1.0, AXIS));
        let middle = f64::midpoint(frame.left, frame.right);
        let look = AXIS_TITLE.align(Align::Middle);
        scene.text((middle, frame.bottom + 44.0), "Model release date", look);
    }

    /// Where the lines at the shortest and longest task are.
    pub(crate) fn limit_lines(&self, task_range_minutes: Option<(f64, f64)>) -> Vec<Vec<Point>> {
        let line = |minutes| {
            let y = self.times.place(minutes);
            vec![(self.frame.left, y), (self.frame.right, y)]
        };
        task_range_minutes
            .into_iter()
            .flat_map(|(shortest, longest)| [shortest, longest])
            .filter(|end| self.shows_limit(*end))
            .map(line)
            .collect()
    }

    /// Whether a limit is on the axis, and not on the very edge of the frame.
    fn shows_limit(&self, minutes: f64) -> bool {
        let y = self.times.place(minutes);
        (self.frame.top..self.frame.bottom - 3.0).contains(&y)
    }

    /// Lines at the shortest and longest task, where they are on the axis, each with its words where
    /// they cover nothing; gives the places of the words.
    pub(crate) fn draw_limits(
        &self,
        scene: &mut Scene,
        task_range_minutes: Option<(f64, f64)>,
        taken: &Obstacles,
    ) -> Result<Vec<Rect>, FigureError> {
        let frame = &self.frame;
        let mut texts = Vec::new();
        let Some((shortest, longest)) = task_range_minutes else {
            return Ok(texts);
        };
        let look = TextLook::new(11.5, QUIET_TEXT);
        for (minutes, what, side, lifts) in [
            (shortest, "Shortest task", "below", [14.0, -6.0]),
            (longest, "Longest task", "beyond", [-6.0, 14.0]),
        ] {
            if !self.shows_limit(minutes) {
                continue;
            }
            let y = self.times.place(minutes);
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

    /// The trend between two days, whatever the frame; a curve where the axis is linear.
    fn trend_path(&self, trend: &TrendLine, from: f64, to: f64) -> Vec<Point> {
        let at = |day: f64| {
            let ln = trend.intercept_ln_minutes + trend.slope_ln_per_day * day;
            self.place(day, ln.clamp(-690.0, 690.0).exp())
        };
        self.steps(from, to)
            .map(at)
            .filter(|at| at.1.is_finite())
            .collect()
    }

    /// Days from one to another, as many as the scale needs for what is straight in logarithms.
    fn steps(&self, from: f64, to: f64) -> impl Iterator<Item = f64> {
        let count = match self.times.scale {
            Scale::Log => 1u32,
            Scale::Linear => 96,
        };
        (0..=count).map(move |step| from + (to - from) * f64::from(step) / f64::from(count))
    }

    /// The trend from edge to edge, inside the frame.
    pub(crate) fn trend_lines(&self, trend: &TrendLine) -> Vec<Vec<Point>> {
        let [first, last] = [self.dates.first, self.dates.last].map(|day| f64::from(day.0));
        clip_polyline(&self.trend_path(trend, first, last), &self.frame)
    }

    /// The trend, dashed outside the days of its models.
    pub(crate) fn draw_trend(&self, scene: &mut Scene, trend: &TrendLine, ink: Ink) {
        let [begin, end] = [self.dates.first, self.dates.last].map(|day| f64::from(day.0));
        let [first, last] = [trend.first, trend.last].map(|day| f64::from(day.0).clamp(begin, end));
        for (from, to) in [(first, begin), (last, end)] {
            for part in clip_polyline(&self.trend_path(trend, from, to), &self.frame) {
                scene.dashes(&part, TREND_WIDTH_PX, ink);
            }
        }
        for points in clip_polyline(&self.trend_path(trend, first, last), &self.frame) {
            scene.push(Mark::Line {
                points,
                width_px: TREND_WIDTH_PX,
                ink,
            });
        }
    }

    /// The band of a trend.
    pub(crate) fn draw_band(&self, scene: &mut Scene, trend: &TrendLine, ink: Ink) {
        let inside: Vec<_> = trend
            .band
            .iter()
            .filter(|p| p.day >= self.dates.first && p.day <= self.dates.last)
            .filter(|p| p.low_minutes > 0.0 && p.high_minutes >= p.low_minutes)
            .collect();
        if inside.len() < 2 {
            return;
        }
        let at = |day: Day, minutes: f64| {
            let (x, y) = self.place(f64::from(day.0), minutes);
            (x, y.clamp(self.frame.top, self.frame.bottom))
        };
        let upper = inside.iter().map(|p| at(p.day, p.high_minutes));
        let lower = inside.iter().rev().map(|p| at(p.day, p.low_minutes));
        scene.push(Mark::Area {
            points: upper.chain(lower).collect(),
            ink: ink.fade(0.10),
        });
    }

    /// A line through days and minutes, straight in logarithms, inside the frame.
    pub(crate) fn path_lines(&self, path: &[(Day, f64)]) -> Vec<Vec<Point>> {
        let mut points = Vec::new();
        for leg in path.windows(2) {
            let [(from, from_minutes), (to, to_minutes)] = [leg[0], leg[1]];
            if !(from_minutes > 0.0 && to_minutes > 0.0) {
                continue;
            }
            let [from, to] = [from, to].map(|day| f64::from(day.0));
            for day in self.steps(from, to) {
                let share = if to > from {
                    (day - from) / (to - from)
                } else {
                    0.0
                };
                let ln = from_minutes.ln() * (1.0 - share) + to_minutes.ln() * share;
                let at = self.place(day, ln.clamp(-690.0, 690.0).exp());
                if at.0.is_finite() && at.1.is_finite() && points.last() != Some(&at) {
                    points.push(at);
                }
            }
        }
        clip_polyline(&points, &self.frame)
    }

    /// Draws such a line.
    pub(crate) fn draw_path(
        &self,
        scene: &mut Scene,
        path: &[(Day, f64)],
        ink: Ink,
        pattern: Pattern,
    ) {
        for part in self.path_lines(path) {
            scene.pattern(&part, TREND_WIDTH_PX, ink, pattern);
        }
    }
}
