//! Small shapes: a point for each group, carets for what lies off the axis, swatches.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, TAU};

use super::geometry::Point;
use super::palette::{Ink, PAPER};
use super::scene::Mark;

/// The outline of the `index`-th group's point: circle, square, diamond, triangles, hexagon, so that
/// groups differ without their colours.
fn outline(index: usize, centre: Point, radius: f64) -> Option<Vec<Point>> {
    // Corners, angle of the first, and how much larger than the circle, for the same visual weight.
    let (corners, first, grow) = match index % 7 {
        1 => (4, FRAC_PI_4, 1.22),
        2 => (4, 0.0, 1.28),
        3 => (3, -FRAC_PI_2, 1.38),
        4 => (3, FRAC_PI_2, 1.38),
        5 => (6, 0.0, 1.12),
        6 => (5, -FRAC_PI_2, 1.18),
        _ => return None,
    };
    let corner = |number: u32| {
        let angle = first + f64::from(number) * TAU / f64::from(corners);
        (
            centre.0 + grow * radius * angle.cos(),
            centre.1 + grow * radius * angle.sin(),
        )
    };
    Some((0..corners).map(corner).collect())
}

fn shape(index: usize, centre: Point, radius: f64, ink: Ink) -> Mark {
    match outline(index, centre, radius) {
        Some(points) => Mark::Area { points, ink },
        None => Mark::Disc {
            centre,
            radius,
            ink,
        },
    }
}

/// A point of the `index`-th group, filled or hollow, with a thin rim of paper around it.
pub(crate) fn point(index: usize, centre: Point, radius: f64, ink: Ink, filled: bool) -> Vec<Mark> {
    let rim = shape(index, centre, radius + 1.5, PAPER);
    let body = shape(index, centre, radius, ink);
    if filled {
        vec![rim, body]
    } else {
        vec![rim, body, shape(index, centre, radius - 1.75, PAPER)]
    }
}

/// Which way a caret points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Toward {
    Up,
    Down,
    Left,
    Right,
}

/// A caret whose tip is at `tip`.
pub(crate) fn caret(tip: Point, size: f64, toward: Toward, ink: Ink) -> Mark {
    let (x, y) = tip;
    let half = 0.72 * size;
    let points = match toward {
        Toward::Up => vec![(x, y), (x + half, y + size), (x - half, y + size)],
        Toward::Down => vec![(x, y), (x - half, y - size), (x + half, y - size)],
        Toward::Left => vec![(x, y), (x + size, y - half), (x + size, y + half)],
        Toward::Right => vec![(x, y), (x - size, y + half), (x - size, y - half)],
    };
    Mark::Area { points, ink }
}

/// A diamond.
pub(crate) fn diamond(centre: Point, radius: f64, ink: Ink) -> Mark {
    let (x, y) = centre;
    Mark::Area {
        points: vec![
            (x - radius, y),
            (x, y - radius),
            (x + radius, y),
            (x, y + radius),
        ],
        ink,
    }
}
