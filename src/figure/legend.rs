//! A legend: swatches with words, flowing in lines across the page.

use super::error::FigureError;
use super::font::{self, Weight};
use super::geometry::{Point, Rect};
use super::palette::{Ink, QUIET_TEXT, TEXT};
use super::scene::{Mark, Pattern, Scene, TextLook, broken};
use super::symbol::{self, Toward};

/// The room every swatch has, each way from its middle.
pub(crate) const SWATCH_HALF_PX: f64 = 14.0;
const TEXT_SIZE_PX: f64 = 12.5;
const SWATCH_GAP_PX: f64 = 6.0;
const ENTRY_GAP_PX: f64 = 24.0;
const LINE_PX: f64 = 22.0;

/// One mark explained.
pub(crate) struct Entry {
    /// The mark, drawn around the origin.
    pub(crate) swatch: Vec<Mark>,
    /// How far the swatch reaches from its middle to either side.
    pub(crate) half_px: f64,
    /// What it stands for.
    pub(crate) label: String,
}

impl Entry {
    pub(crate) fn new(half_px: f64, swatch: Vec<Mark>, label: impl Into<String>) -> Entry {
        Entry {
            swatch,
            half_px,
            label: label.into(),
        }
    }

    /// A line in a pattern of dashes.
    pub(crate) fn line(ink: Ink, pattern: Pattern, label: impl Into<String>) -> Entry {
        let half = 20.0;
        let swatch = broken(&[(-half, 0.0), (half, 0.0)], 1.75, ink, pattern);
        Entry::new(half, swatch, label)
    }

    /// A line whose end is dashed.
    pub(crate) fn half_dashed(ink: Ink, label: impl Into<String>) -> Entry {
        let half = SWATCH_HALF_PX;
        let line = vec![
            Mark::stroke((-half, 0.0), (half * 0.2, 0.0), 1.75, ink),
            Mark::stroke((half * 0.2 + 4.0, 0.0), (half, 0.0), 1.75, ink),
        ];
        Entry::new(half, line, label)
    }

    /// A shaded area.
    pub(crate) fn band(ink: Ink, label: impl Into<String>) -> Entry {
        let half = SWATCH_HALF_PX;
        let area = Rect::new(-half, -6.0, 2.0 * half, 12.0);
        Entry::new(half, vec![Mark::block(area, ink.fade(0.14))], label)
    }

    /// What a caret at the edge says.
    pub(crate) fn caret(toward: Toward) -> Entry {
        let tip = match toward {
            Toward::Up => (0.0, -4.0),
            Toward::Down => (0.0, 4.0),
            Toward::Left => (-4.0, 0.0),
            Toward::Right => (4.0, 0.0),
        };
        let caret = vec![symbol::caret(tip, 8.0, toward, QUIET_TEXT)];
        Entry::new(6.0, caret, "goes on beyond the axis")
    }
}

/// Draws entries from `at` rightwards, in lines no longer than `width_px`, and gives the height used.
pub(crate) fn draw(
    scene: &mut Scene,
    at: Point,
    width_px: f64,
    entries: Vec<Entry>,
) -> Result<f64, FigureError> {
    if entries.is_empty() {
        return Ok(0.0);
    }
    let look = TextLook::new(TEXT_SIZE_PX, TEXT);
    let (mut x, mut y) = at;
    for entry in entries {
        let text = font::width_px(&entry.label, TEXT_SIZE_PX, Weight::Regular)?;
        let whole = 2.0 * entry.half_px + SWATCH_GAP_PX + text;
        if x > at.0 && x + whole > at.0 + width_px {
            x = at.0;
            y += LINE_PX;
        }
        let middle = y + LINE_PX / 2.0;
        for mark in entry.swatch {
            scene.push(mark.moved(x + entry.half_px, middle));
        }
        let text_x = x + 2.0 * entry.half_px + SWATCH_GAP_PX;
        scene.text((text_x, middle + 0.36 * TEXT_SIZE_PX), entry.label, look);
        x += whole + ENTRY_GAP_PX;
    }
    Ok(y + LINE_PX - at.1)
}
