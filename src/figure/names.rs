//! Names beside marks: measured, placed, drawn.

use super::error::FigureError;
use super::geometry::{Point, Rect};
use super::labels::{self, Obstacles, Request};
use super::palette::QUIET;
use super::scene::{Mark, Scene, TextLook, text_box};

/// A name for a mark.
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) look: TextLook,
    /// The middle of the mark.
    pub(crate) anchor: Point,
    /// How far the mark reaches.
    pub(crate) radius: f64,
}

/// Draws the names inside `bounds`, and gives those for which there is no room.
pub(crate) fn draw(
    scene: &mut Scene,
    names: Vec<Name>,
    bounds: &Rect,
    obstacles: &Obstacles,
) -> Result<Vec<String>, FigureError> {
    let mut requests = Vec::new();
    for name in &names {
        let size = text_box((0.0, 0.0), &name.text, &name.look)?;
        requests.push(Request {
            anchor: name.anchor,
            radius: name.radius,
            width: size.width(),
            height: size.height(),
        });
    }
    let placed = labels::place(&requests, bounds, obstacles);
    let mut unnamed = Vec::new();
    for (placement, Name { text, look, .. }) in placed.into_iter().zip(names) {
        let Some(placement) = placement else {
            unnamed.push(text);
            continue;
        };
        if let Some((from, to)) = placement.leader {
            scene.push(Mark::stroke(from, to, 0.75, QUIET));
        }
        let baseline = placement.rect.top + 0.80 * look.size_px;
        scene.text((placement.rect.left, baseline), text, look);
    }
    Ok(unnamed)
}

/// A note about names that found no room.
pub(crate) fn note(unnamed: &[String]) -> Option<String> {
    (!unnamed.is_empty()).then(|| {
        let names = unnamed.join(", ");
        format!("Drawn without room for a name: {names}.")
    })
}
