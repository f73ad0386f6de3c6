//! A legend: swatches with words, flowing in lines across the page.

use super::error::FigureError;
use super::font::{self, Weight};
use super::geometry::Point;
use super::palette::TEXT;
use super::scene::{Mark, Scene, TextLook};

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
