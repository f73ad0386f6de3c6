//! An estimate on a plot of horizons against days: its mark, its interval, its name.

use super::extent::Extent;
use super::geometry::{Point, Rect};
use super::legend::Entry;
use super::palette::Ink;
use super::scene::{Mark, Scene};
use super::symbol::{self, Toward};

pub(crate) const RADIUS_PX: f64 = 5.5;
const CAP_PX: f64 = 4.0;

/// Where an estimate is on the page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    pub(crate) at: Point,
    /// The ends of the interval, and whether each is cut off by the frame.
    pub(crate) interval: Option<[(f64, bool); 2]>,
    /// Set if the horizon itself lies off the axis.
    pub(crate) off: Option<Toward>,
}

impl Spot {
    /// How far the mark reaches: a caret is larger than a point.
    pub(crate) fn radius(&self) -> f64 {
        if self.off.is_some() {
            RADIUS_PX + 4.0
        } else {
            RADIUS_PX
        }
    }

    /// The mark and its interval, as one block.
    pub(crate) fn reach(&self) -> Rect {
        let [low, high] = self
            .interval
            .map_or([self.at.1; 2], |ends| ends.map(|end| end.0));
        Rect {
            left: self.at.0 - RADIUS_PX,
            right: self.at.0 + RADIUS_PX,
            top: high.min(self.at.1 - RADIUS_PX),
            bottom: low.max(self.at.1 + RADIUS_PX),
        }
    }

    /// Where the interval is, as one line.
    pub(crate) fn interval_line(&self) -> Option<Vec<Point>> {
        let [low, high] = self.interval?;
        let x = self.at.0;
        let (left, right) = (x - CAP_PX, x + CAP_PX);
        Some(vec![
            (left, low.0),
            (right, low.0),
            (x, low.0),
            (x, high.0),
            (left, high.0),
            (right, high.0),
        ])
    }

    pub(crate) fn draw_interval(&self, scene: &mut Scene, frame: &Rect, ink: Ink) {
        let Some([low, high]) = self.interval else {
            return;
        };
        let x = self.at.0;
        scene.push(Mark::stroke((x, low.0), (x, high.0), 1.5, ink));
        for ((y, cut), toward) in [(low, Toward::Down), (high, Toward::Up)] {
            if cut {
                let edge = if toward == Toward::Up {
                    frame.top
                } else {
                    frame.bottom
                };
                scene.push(symbol::caret((x, edge), 7.0, toward, ink));
            } else {
                scene.push(Mark::stroke((x - CAP_PX, y), (x + CAP_PX, y), 1.5, ink));
            }
        }
    }

    /// The caret of a horizon off the axis; gives whether there is one.
    pub(crate) fn draw_caret(&self, scene: &mut Scene, ink: Ink) -> bool {
        let Some(toward) = self.off else {
            return false;
        };
        let tip = match toward {
            Toward::Up => (self.at.0, self.at.1 - RADIUS_PX - 2.0),
            _ => (self.at.0, self.at.1 + RADIUS_PX + 2.0),
        };
        scene.push(symbol::caret(tip, 2.0 * RADIUS_PX + 2.0, toward, ink));
        true
    }

    /// A name, with the end of the tasks where the horizon lies off the axis.
    pub(crate) fn name(&self, label: &str, task_range_minutes: Option<(f64, f64)>) -> String {
        let (side, bound) = match self.off {
            None => return label.to_owned(),
            Some(Toward::Up) => ("beyond", task_range_minutes.map(|range| range.1)),
            Some(_) => ("below", task_range_minutes.map(|range| range.0)),
        };
        match bound {
            Some(minutes) => format!("{label} ({side} {})", Extent::Minutes(minutes)),
            None => format!("{label} ({side})"),
        }
    }
}

/// An interval, for the legend.
pub(crate) fn interval_entry(ink: Ink, level: &str) -> Entry {
    let mut swatch = vec![Mark::stroke((0.0, -8.0), (0.0, 8.0), 1.5, ink)];
    for y in [-8.0, 8.0] {
        swatch.push(Mark::stroke((-CAP_PX, y), (CAP_PX, y), 1.5, ink));
    }
    Entry::new(5.0, swatch, format!("{level} interval"))
}
