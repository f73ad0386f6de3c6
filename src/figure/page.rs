//! What every page shares: its margins, its head and its foot.

use super::error::FigureError;
use super::legend::{self, Entry};
use super::palette::{QUIET_TEXT, TEXT};
use super::scene::{Scene, TextLook, wrap};

/// Page width in page pixels; PNG files are twice as wide.
pub(crate) const WIDTH_PX: f64 = 1200.0;
/// Free space at the left and right edge.
pub(crate) const MARGIN_PX: f64 = 40.0;

const TITLE: TextLook = TextLook::new(25.0, TEXT).medium();
const SUBTITLE: TextLook = TextLook::new(15.5, QUIET_TEXT);
const NOTE: TextLook = TextLook::new(12.0, QUIET_TEXT);
const NOTE_LINE_PX: f64 = 17.0;

/// An empty page; its height is set when its content is known.
pub(crate) fn blank() -> Scene {
    Scene {
        width_px: WIDTH_PX,
        height_px: 0.0,
        marks: Vec::new(),
    }
}

/// Draws title, subtitle and legend, and gives the height they take.
pub(crate) fn head(
    scene: &mut Scene,
    title: &str,
    subtitle: &str,
    entries: Vec<Entry>,
) -> Result<f64, FigureError> {
    let width = WIDTH_PX - 2.0 * MARGIN_PX;
    let mut y = 26.0;
    for line in wrap(title, &TITLE, width)? {
        y += 28.0;
        scene.text((MARGIN_PX, y), line, TITLE);
    }
    y += 4.0;
    for line in wrap(subtitle, &SUBTITLE, width)? {
        y += 20.0;
        scene.text((MARGIN_PX, y), line, SUBTITLE);
    }
    y += 14.0;
    Ok(y + legend::draw(scene, (MARGIN_PX, y), width, entries)?)
}

/// The notes broken into lines, to know their height before they are drawn.
pub(crate) struct Foot {
    lines: Vec<String>,
}

impl Foot {
    pub(crate) fn new(notes: &[String]) -> Result<Foot, FigureError> {
        let mut lines = Vec::new();
        for note in notes {
            lines.extend(wrap(note, &NOTE, WIDTH_PX - 2.0 * MARGIN_PX)?);
        }
        Ok(Foot { lines })
    }

    /// The height of the notes with the space below them.
    pub(crate) fn height_px(&self) -> f64 {
        self.lines
            .iter()
            .fold(28.0, |height, _| height + NOTE_LINE_PX)
    }

    /// Draws the notes from `top_px` on and ends the page below them.
    pub(crate) fn draw(self, scene: &mut Scene, top_px: f64) {
        scene.height_px = (top_px + self.height_px()).ceil();
        let mut y = top_px;
        for line in self.lines {
            y += NOTE_LINE_PX;
            scene.text((MARGIN_PX, y), line, NOTE);
        }
    }
}
