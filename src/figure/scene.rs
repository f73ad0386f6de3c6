//! A page as a list of marks: what the layout makes and the painter paints.

use super::error::FigureError;
use super::font::{self, Weight};
use super::geometry::{Point, Rect};
use super::palette::Ink;

/// Which way a text runs from its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TextLook {
    /// Height of the em in page pixels.
    pub(crate) size_px: f64,
    pub(crate) weight: Weight,
    pub(crate) ink: Ink,
    pub(crate) align: Align,
}

impl TextLook {
    pub(crate) const fn new(size_px: f64, ink: Ink) -> TextLook {
        TextLook {
            size_px,
            weight: Weight::Regular,
            ink,
            align: Align::Start,
        }
    }

    pub(crate) const fn medium(self) -> TextLook {
        TextLook {
            weight: Weight::Medium,
            ..self
        }
    }

    pub(crate) const fn align(self, align: Align) -> TextLook {
        TextLook { align, ..self }
    }
}

/// One thing on the page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mark {
    /// A stroked open line.
    Line {
        points: Vec<Point>,
        width_px: f64,
        ink: Ink,
    },
    /// A filled shape.
    Area { points: Vec<Point>, ink: Ink },
    /// A filled disc.
    Disc {
        centre: Point,
        radius: f64,
        ink: Ink,
    },
    /// A text; `at` is on the baseline.
    Text {
        at: Point,
        text: String,
        look: TextLook,
    },
}

impl Mark {
    /// A straight stroke.
    pub(crate) fn stroke(from: Point, to: Point, width_px: f64, ink: Ink) -> Mark {
        Mark::Line {
            points: vec![from, to],
            width_px,
            ink,
        }
    }

    /// A filled rectangle.
    pub(crate) fn block(rect: Rect, ink: Ink) -> Mark {
        let Rect {
            left,
            top,
            right,
            bottom,
        } = rect;
        Mark::Area {
            points: vec![(left, top), (right, top), (right, bottom), (left, bottom)],
            ink,
        }
    }

    /// The same mark elsewhere.
    pub(crate) fn moved(mut self, dx: f64, dy: f64) -> Mark {
        match &mut self {
            Mark::Line { points, .. } | Mark::Area { points, .. } => {
                for point in points {
                    *point = (point.0 + dx, point.1 + dy);
                }
            }
            Mark::Disc { centre, .. } => *centre = (centre.0 + dx, centre.1 + dy),
            Mark::Text { at, .. } => *at = (at.0 + dx, at.1 + dy),
        }
        self
    }
}

/// How a line is broken: the lengths of its dashes and of the gaps between them, in turn. Without
/// any the line is whole.
pub(crate) type Pattern = &'static [f64];

const DASHED: Pattern = &[7.0, 5.0];

/// Patterns that a reader tells apart, so that nothing rests on colour alone.
pub(crate) const PATTERNS: [Pattern; 5] = [
    &[],
    DASHED,
    &[2.0, 3.5],
    &[13.0, 4.0],
    &[9.0, 3.5, 2.0, 3.5],
];

/// A figure laid out on its page: marks in page pixels, back to front.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    pub(crate) width_px: f64,
    pub(crate) height_px: f64,
    pub(crate) marks: Vec<Mark>,
}

impl Scene {
    pub(crate) fn push(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    pub(crate) fn text(&mut self, at: Point, text: impl Into<String>, look: TextLook) {
        self.marks.push(Mark::Text {
            at,
            text: text.into(),
            look,
        });
    }

    /// A dashed line along `points`.
    pub(crate) fn dashes(&mut self, points: &[Point], width_px: f64, ink: Ink) {
        self.pattern(points, width_px, ink, DASHED);
    }

    /// A line along `points` in a pattern of dashes.
    pub(crate) fn pattern(&mut self, points: &[Point], width_px: f64, ink: Ink, pattern: Pattern) {
        self.marks.extend(broken(points, width_px, ink, pattern));
    }
}

#[cfg(test)]
impl Scene {
    /// The words on the page.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.marks.iter().filter_map(|mark| match mark {
            Mark::Text { text, .. } => Some(text.as_str()),
            _ => None,
        })
    }

    /// Fails if two texts touch, or one is not wholly on the page or not in the font.
    pub(crate) fn assert_texts_apart(&self) {
        let page = Rect::new(0.0, 0.0, self.width_px, self.height_px);
        let mut seen: Vec<(&str, Rect)> = Vec::new();
        for mark in &self.marks {
            let Mark::Text { at, text, look } = mark else {
                continue;
            };
            let rect = text_box(*at, text, look).unwrap();
            assert!(page.contains(&rect), "`{text}` leaves the page");
            assert!(
                font::has_letters(text, look.weight),
                "`{text}` lacks letters"
            );
            for (other, place) in &seen {
                assert!(!place.overlaps(&rect), "`{text}` touches `{other}`");
            }
            seen.push((text, rect));
        }
    }

    /// Fails if a mark has no definite place.
    pub(crate) fn assert_finite(&self) {
        for mark in &self.marks {
            let points = match mark {
                Mark::Line { points, .. } | Mark::Area { points, .. } => points.clone(),
                Mark::Disc { centre, .. } => vec![*centre],
                Mark::Text { at, .. } => vec![*at],
            };
            assert!(
                points.iter().all(|(x, y)| x.is_finite() && y.is_finite()),
                "{mark:?}"
            );
        }
    }
}

/// Where a text's letters are, from the top of capitals with accents to below the descenders.
pub(crate) fn text_box(at: Point, text: &str, look: &TextLook) -> Result<Rect, FigureError> {
    let width = font::width_px(text, look.size_px, look.weight)?;
    let left = match look.align {
        Align::Start => at.0,
        Align::Middle => at.0 - width / 2.0,
        Align::End => at.0 - width,
    };
    Ok(Rect {
        left,
        top: at.1 - 0.80 * look.size_px,
        right: left + width,
        bottom: at.1 + 0.22 * look.size_px,
    })
}

/// Breaks a text into lines no wider than `width_px`, at spaces; a longer word stays whole.
pub(crate) fn wrap(text: &str, look: &TextLook, width_px: f64) -> Result<Vec<String>, FigureError> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if line.is_empty() || font::width_px(&longer, look.size_px, look.weight)? <= width_px {
            line = longer;
        } else {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    Ok(lines)
}

/// Shortens a text with an ellipsis until it fits.
pub(crate) fn fit(text: &str, look: &TextLook, width_px: f64) -> Result<String, FigureError> {
    if font::width_px(text, look.size_px, look.weight)? <= width_px {
        return Ok(text.to_owned());
    }
    let mut letters: Vec<char> = text.chars().collect();
    while letters.pop().is_some() {
        let shorter = format!("{}…", letters.iter().collect::<String>().trim_end());
        if font::width_px(&shorter, look.size_px, look.weight)? <= width_px {
            return Ok(shorter);
        }
    }
    Ok(String::new())
}

/// A line in a pattern of dashes.
pub(crate) fn broken(points: &[Point], width_px: f64, ink: Ink, pattern: Pattern) -> Vec<Mark> {
    dashes(points, pattern)
        .into_iter()
        .map(|points| Mark::Line {
            points,
            width_px,
            ink,
        })
        .collect()
}

/// The dashes of a polyline.
fn dashes(points: &[Point], pattern: Pattern) -> Vec<Vec<Point>> {
    if pattern.is_empty() {
        return vec![points.to_vec()];
    }
    let mut dashes = Vec::new();
    let mut current: Vec<Point> = points.first().copied().into_iter().collect();
    let mut lengths = pattern.iter().copied().cycle();
    let mut left = lengths.next().unwrap_or(f64::INFINITY);
    let mut drawing = true;
    for leg in points.windows(2) {
        let length = super::geometry::distance(leg[0], leg[1]);
        let mut walked = 0.0;
        while length - walked > left {
            walked += left;
            let share = walked / length;
            let at = (
                leg[0].0 + share * (leg[1].0 - leg[0].0),
                leg[0].1 + share * (leg[1].1 - leg[0].1),
            );
            if drawing {
                current.push(at);
                dashes.push(std::mem::take(&mut current));
            } else {
                current = vec![at];
            }
            drawing = !drawing;
            left = lengths.next().unwrap_or(f64::INFINITY);
        }
        left -= length - walked;
        if drawing {
            current.push(leg[1]);
        }
    }
    if drawing && current.len() > 1 {
        dashes.push(current);
    }
    dashes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::palette::TEXT;

    #[test]
    fn dashes_alternate_with_gaps() {
        let dashes = dashes(&[(0.0, 0.0), (20.0, 0.0)], DASHED);
        assert_eq!(
            dashes,
            [[(0.0, 0.0), (7.0, 0.0)], [(12.0, 0.0), (19.0, 0.0)]]
        );
    }

    #[test]
    fn wrapped_lines_fit_and_lose_no_word() {
        let look = TextLook::new(12.0, TEXT);
        let text = "one sentence that is wider than the narrow column it is given";
        let lines = wrap(text, &look, 120.0).unwrap();
        assert!(lines.len() > 2);
        assert_eq!(lines.join(" "), text);
        for line in &lines {
            assert!(
                text_box((0.0, 0.0), line, &look).unwrap().width() <= 120.0,
                "{line}"
            );
        }
    }

    #[test]
    fn fitted_texts_fit() {
        let look = TextLook::new(12.0, TEXT);
        assert_eq!(fit("short", &look, 100.0).unwrap(), "short");
        let fitted = fit("a name that is far too long to fit", &look, 60.0).unwrap();
        assert!(fitted.ends_with('…'));
        assert!(text_box((0.0, 0.0), &fitted, &look).unwrap().width() <= 60.0);
    }
}
