//! Rectangles, segments and what they hit, in page pixels with y downwards.

/// A place on the page.
pub(crate) type Point = (f64, f64);

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rect {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Rect {
    pub(crate) fn new(left: f64, top: f64, width: f64, height: f64) -> Rect {
        Rect {
            left,
            top,
            right: left + width,
            bottom: top + height,
        }
    }

    pub(crate) fn around(centre: Point, radius: f64) -> Rect {
        Rect::new(
            centre.0 - radius,
            centre.1 - radius,
            2.0 * radius,
            2.0 * radius,
        )
    }

    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(crate) fn centre(&self) -> Point {
        (
            f64::midpoint(self.left, self.right),
            f64::midpoint(self.top, self.bottom),
        )
    }

    pub(crate) fn grown(&self, by: f64) -> Rect {
        Rect {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    pub(crate) fn overlaps(&self, other: &Rect) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    pub(crate) fn contains(&self, other: &Rect) -> bool {
        self.left <= other.left
            && self.right >= other.right
            && self.top <= other.top
            && self.bottom >= other.bottom
    }

    /// The place of this rectangle nearest to `point`.
    pub(crate) fn nearest(&self, point: Point) -> Point {
        (
            point.0.clamp(self.left, self.right),
            point.1.clamp(self.top, self.bottom),
        )
    }

    /// The part of a segment inside this rectangle (Liang and Barsky's clipping).
    pub(crate) fn clip(&self, from: Point, to: Point) -> Option<(Point, Point)> {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let (mut enter, mut leave) = (0.0f64, 1.0f64);
        let edges = [
            (-dx, from.0 - self.left),
            (dx, self.right - from.0),
            (-dy, from.1 - self.top),
            (dy, self.bottom - from.1),
        ];
        for (direction, distance) in edges {
            if direction == 0.0 {
                if distance < 0.0 {
                    return None;
                }
            } else if direction < 0.0 {
                enter = enter.max(distance / direction);
            } else {
                leave = leave.min(distance / direction);
            }
        }
        let at = |share: f64| (from.0 + share * dx, from.1 + share * dy);
        (enter <= leave).then(|| (at(enter), at(leave)))
    }
}

/// Whether any leg of a polyline meets a rectangle.
pub(crate) fn crosses(polyline: &[Point], rect: &Rect) -> bool {
    polyline
        .windows(2)
        .any(|leg| rect.clip(leg[0], leg[1]).is_some())
}

/// The parts of a polyline inside a rectangle.
pub(crate) fn clip_polyline(polyline: &[Point], rect: &Rect) -> Vec<Vec<Point>> {
    let mut parts: Vec<Vec<Point>> = Vec::new();
    for leg in polyline.windows(2) {
        let Some((from, to)) = rect.clip(leg[0], leg[1]) else {
            continue;
        };
        match parts.last_mut() {
            Some(part) if part.last() == Some(&from) => part.push(to),
            _ => parts.push(vec![from, to]),
        }
    }
    parts
}

/// Whether two segments meet.
pub(crate) fn segments_meet(a: (Point, Point), b: (Point, Point)) -> bool {
    let side = |p: Point, q: Point, r: Point| (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0);
    side(a.0, a.1, b.0) * side(a.0, a.1, b.1) <= 0.0
        && side(b.0, b.1, a.0) * side(b.0, b.1, a.1) <= 0.0
}

/// How far apart two places are.
pub(crate) fn distance(a: Point, b: Point) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clips_to_the_inside() {
        let square = Rect::new(0.0, 0.0, 10.0, 10.0);
        assert_eq!(
            square.clip((-5.0, 5.0), (15.0, 5.0)),
            Some(((0.0, 5.0), (10.0, 5.0)))
        );
        assert_eq!(square.clip((-5.0, 11.0), (15.0, 11.0)), None);
        assert!(crosses(&[(-1.0, -1.0), (11.0, 11.0)], &square));
        assert!(!crosses(&[(-1.0, 5.0), (-1.0, 11.0)], &square));
    }

    #[test]
    fn a_polyline_is_cut_where_it_leaves() {
        let square = Rect::new(0.0, 0.0, 10.0, 10.0);
        let zigzag = [(2.0, 5.0), (5.0, 5.0), (5.0, 20.0), (8.0, 20.0), (8.0, 5.0)];
        assert_eq!(
            clip_polyline(&zigzag, &square),
            [
                vec![(2.0, 5.0), (5.0, 5.0), (5.0, 10.0)],
                vec![(8.0, 10.0), (8.0, 5.0)]
            ]
        );
    }

    #[test]
    fn segments_meet_only_where_they_cross() {
        assert!(segments_meet(
            ((0.0, 0.0), (2.0, 2.0)),
            ((0.0, 2.0), (2.0, 0.0))
        ));
        assert!(!segments_meet(
            ((0.0, 0.0), (2.0, 2.0)),
            ((3.0, 2.0), (4.0, 0.0))
        ));
    }
}
