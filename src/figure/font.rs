//! The embedded font: one family, two weights, the same in every picture.
//!
//! Both files are subsets of Roboto, see `assets/fonts/NOTICE.md`. plotters' own bitmap text leaves
//! out the letters' side bearings, so the letters are set here: [`Lettering`] is what plotters asks
//! of a text style, and both backends draw from it.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};
use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{BackendColor, BackendTextStyle, FontFamily, FontStyle};

use super::error::FigureError;

/// The family's name inside pictures: not plain "Roboto", so that a viewer never takes its own.
pub(crate) const FAMILY: &str = "Sextant Roboto";

const REGULAR: &[u8] = include_bytes!("../../assets/fonts/Roboto-Regular-subset.ttf");
const MEDIUM: &[u8] = include_bytes!("../../assets/fonts/Roboto-Medium-subset.ttf");

/// How heavy the letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Medium,
}

static REGULAR_FONT: LazyLock<Option<FontRef<'static>>> =
    LazyLock::new(|| FontRef::try_from_slice(REGULAR).ok());
static MEDIUM_FONT: LazyLock<Option<FontRef<'static>>> =
    LazyLock::new(|| FontRef::try_from_slice(MEDIUM).ok());

/// The embedded font is not a font.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("its bytes are not a TrueType font")]
pub(crate) struct NotAFont;

impl From<NotAFont> for FigureError {
    fn from(error: NotAFont) -> FigureError {
        FigureError::Font {
            reason: error.to_string(),
        }
    }
}

impl Weight {
    fn font(self) -> Result<&'static FontRef<'static>, NotAFont> {
        match self {
            Weight::Regular => REGULAR_FONT.as_ref(),
            Weight::Medium => MEDIUM_FONT.as_ref(),
        }
        .ok_or(NotAFont)
    }
}

/// How wide a text is when drawn at an em of `size_px`.
pub(crate) fn width_px(text: &str, size_px: f64, weight: Weight) -> Result<f64, FigureError> {
    let font = weight.font()?;
    let units: f64 = text
        .chars()
        .map(|letter| advance(font, font.glyph_id(letter)))
        .sum();
    Ok(units * size_px)
}

/// Whether the font has every letter of a text.
#[cfg(test)]
pub(crate) fn has_letters(text: &str, weight: Weight) -> bool {
    weight
        .font()
        .is_ok_and(|font| text.chars().all(|letter| font.glyph_id(letter).0 != 0))
}

/// How far a letter moves the next one, in em.
fn advance(font: &FontRef<'_>, glyph: GlyphId) -> f64 {
    f64::from(font.h_advance_unscaled(glyph)) / units_per_em(font)
}

fn units_per_em(font: &FontRef<'_>) -> f64 {
    f64::from(font.units_per_em().unwrap_or(2048.0))
}

/// A text style as plotters' backends want it, with the top of the text 0.76 em above its baseline:
/// that is where the SVG backend has it.
pub(crate) struct Lettering {
    /// Height of the em in backend units.
    pub(crate) em: f64,
    pub(crate) weight: Weight,
    pub(crate) color: BackendColor,
    pub(crate) h_pos: HPos,
}

/// From the top of a text to its baseline, in em.
pub(crate) const BASELINE_EM: f64 = 0.76;

impl BackendTextStyle for Lettering {
    type FontError = NotAFont;

    fn color(&self) -> BackendColor {
        self.color
    }

    /// The SVG backend takes the em to be the size divided by 1.24.
    fn size(&self) -> f64 {
        self.em * 1.24
    }

    /// CSS has no word for medium: it is the bold of the embedded family.
    fn style(&self) -> FontStyle {
        match self.weight {
            Weight::Regular => FontStyle::Normal,
            Weight::Medium => FontStyle::Bold,
        }
    }

    fn anchor(&self) -> Pos {
        Pos::new(self.h_pos, VPos::Top)
    }

    fn family(&self) -> FontFamily<'_> {
        FontFamily::Name(FAMILY)
    }

    fn layout_box(&self, text: &str) -> Result<((i32, i32), (i32, i32)), NotAFont> {
        let font = self.weight.font()?;
        let width: f64 = text
            .chars()
            .map(|letter| advance(font, font.glyph_id(letter)))
            .sum();
        Ok(((0, 0), (whole(width * self.em), whole(self.em))))
    }

    fn draw<E, DrawFunc: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        text: &str,
        pos: (i32, i32),
        mut draw: DrawFunc,
    ) -> Result<Result<(), E>, NotAFont> {
        let font = self.weight.font()?;
        // ab_glyph scales the line height, not the em.
        let line_height = f64::from(font.height_unscaled()) / units_per_em(font);
        let scaled = font.as_scaled(PxScale::from(single(self.em * line_height)));
        let mut x = 0.0f64;
        for letter in text.chars() {
            let mut glyph = scaled.scaled_glyph(letter);
            let id = glyph.id;
            glyph.position = point(single(x), single(BASELINE_EM * self.em));
            x += advance(font, id) * self.em;
            let Some(outline) = scaled.outline_glyph(glyph) else {
                continue;
            };
            let corner = outline.px_bounds().min;
            let (left, top) = (
                pos.0 + whole(f64::from(corner.x)),
                pos.1 + whole(f64::from(corner.y)),
            );
            let mut drawn = Ok(());
            outline.draw(|dx, dy, coverage| {
                if drawn.is_ok() && coverage > 0.0 {
                    let color = self.color.mix(f64::from(coverage.min(1.0)));
                    drawn = draw(
                        left.saturating_add_unsigned(dx),
                        top.saturating_add_unsigned(dy),
                        color,
                    );
                }
            });
            if drawn.is_err() {
                return Ok(drawn);
            }
        }
        Ok(Ok(()))
    }
}

/// As ab_glyph counts.
#[expect(
    clippy::cast_possible_truncation,
    reason = "letters need no more than f32's precision"
)]
fn single(units: f64) -> f32 {
    units as f32
}

/// The nearest whole unit.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a float outside the range of i32 becomes its nearest end, which lies off the page"
)]
pub(crate) fn whole(units: f64) -> i32 {
    units.round() as i32
}

/// Style rules that give an SVG document the same letters.
pub(crate) fn svg_style() -> String {
    let face = |weight, bytes| {
        format!(
            "@font-face{{font-family:\"{FAMILY}\";font-weight:{weight};\
             src:url(data:font/ttf;base64,{})}}",
            base64(bytes)
        )
    };
    format!(
        "<style>{}{}</style>\n",
        face("normal", REGULAR),
        face("bold", MEDIUM)
    )
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |place: usize| usize::from(chunk.get(place).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = if place <= chunk.len() {
                ALPHABET[word >> (18 - 6 * place) & 63]
            } else {
                b'='
            };
            text.push(char::from(letter));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_the_standard() {
        let cases = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
        ];
        for (plain, coded) in cases {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn digits_have_the_width_the_font_gives_them() {
        // Roboto's digits advance 1151 of 2048 units.
        let width = width_px("0000000000", 20.48, Weight::Regular).unwrap();
        assert!((width - 115.1).abs() < 0.1, "{width}");
    }

    #[test]
    fn medium_is_wider_than_regular() {
        let text = "horizon";
        let [regular, medium] =
            [Weight::Regular, Weight::Medium].map(|weight| width_px(text, 100.0, weight).unwrap());
        assert!(medium > regular);
    }
}
