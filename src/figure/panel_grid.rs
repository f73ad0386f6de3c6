//! Panels side by side, three in a row, with one title for their axes.

use super::geometry::Rect;
use super::page::{MARGIN_PX, WIDTH_PX};
use super::palette::{QUIET_TEXT, TEXT};
use super::scene::{Align, Scene, TextLook};

const COLUMN_GAP_PX: f64 = 36.0;
const ROW_GAP_PX: f64 = 34.0;
/// One or two panels do not grow to the width of the page: their curves would look flat.
const WIDEST_PX: f64 = 640.0;

/// Where panels go.
pub(crate) struct PanelGrid {
    count: usize,
    columns: usize,
    width: f64,
    height: f64,
    top: f64,
}

impl PanelGrid {
    /// A grid of `count` panels of a height, from `top` on.
    pub(crate) fn new(count: usize, height: f64, top: f64) -> PanelGrid {
        let columns = count.clamp(1, 3);
        let across = columns as f64;
        let room = WIDTH_PX - 2.0 * MARGIN_PX - (across - 1.0) * COLUMN_GAP_PX;
        PanelGrid {
            count,
            columns,
            width: (room / across).min(WIDEST_PX),
            height,
            top,
        }
    }

    /// The place of the `index`-th panel.
    pub(crate) fn spot(&self, index: usize) -> Rect {
        let (row, column) = (index / self.columns, index % self.columns);
        let left = MARGIN_PX + column as f64 * (self.width + COLUMN_GAP_PX);
        let top = self.top + row as f64 * (self.height + ROW_GAP_PX);
        Rect::new(left, top, self.width, self.height)
    }

    /// Draws the title of the axes below the last row, or that there are no panels, and gives where
    /// the foot of the page begins.
    pub(crate) fn draw_axis_title(&self, scene: &mut Scene) -> f64 {
        if self.count == 0 {
            let look = TextLook::new(15.0, QUIET_TEXT).align(Align::Middle);
            scene.text((WIDTH_PX / 2.0, self.top + 40.0), "no models", look);
            return self.top + 80.0;
        }
        let across = self.columns as f64;
        let middle = MARGIN_PX + (across * self.width + (across - 1.0) * COLUMN_GAP_PX) / 2.0;
        let bottom = self.spot(self.count - 1).bottom + ROW_GAP_PX;
        let look = TextLook::new(13.0, TEXT).medium().align(Align::Middle);
        scene.text(
            (middle, bottom - 10.0),
            "Length of tasks in human time",
            look,
        );
        bottom + 20.0
    }
}
