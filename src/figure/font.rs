//! The embedded font: one family, two weights, the same in every picture.
//!
//! Both files are subsets of Roboto (see `assets/fonts/NOTICE.md`) whose line height was set to
//! 1.24 em: plotters gives a bitmap font its size as the line height, and its SVG backend takes the
//! em to be the size divided by 1.24, so that with any other line height the two would differ.

use std::sync::LazyLock;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

use super::error::FigureError;

/// The family's name inside pictures: not plain "Roboto", so that a viewer never takes its own.
pub(crate) const FAMILY: &str = "Sextant Roboto";
/// Line height over em of the embedded files.
pub(crate) const LINE_HEIGHT_EM: f64 = 1.24;

const REGULAR: &[u8] = include_bytes!("../../assets/fonts/Roboto-Regular-subset.ttf");
const MEDIUM: &[u8] = include_bytes!("../../assets/fonts/Roboto-Medium-subset.ttf");

/// How heavy the letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Medium,
}

impl Weight {
    /// plotters knows no medium weight: it is registered as the bold of the family.
    pub(crate) fn style(self) -> FontStyle {
        match self {
            Weight::Regular => FontStyle::Normal,
            Weight::Medium => FontStyle::Bold,
        }
    }
}

/// Makes the font known to plotters, once.
pub(crate) fn register() -> Result<(), FigureError> {
    static REGISTERED: LazyLock<bool> = LazyLock::new(|| {
        register_font(FAMILY, FontStyle::Normal, REGULAR).is_ok()
            && register_font(FAMILY, FontStyle::Bold, MEDIUM).is_ok()
    });
    if *REGISTERED {
        Ok(())
    } else {
        Err(FigureError::Font {
            reason: "its bytes are not a TrueType font".to_owned(),
        })
    }
}

/// How wide a text is when drawn at an em of `size_px`.
pub(crate) fn width_px(text: &str, size_px: f64, weight: Weight) -> Result<f64, FigureError> {
    // plotters measures in whole pixels, so it is asked about very large letters.
    const LARGE_EM: f64 = 1000.0;
    register()?;
    let font = FontDesc::new(
        FontFamily::Name(FAMILY),
        LARGE_EM * LINE_HEIGHT_EM,
        weight.style(),
    );
    let ((left, _), (right, _)) = font.layout_box(text).map_err(|error| FigureError::Font {
        reason: error.to_string(),
    })?;
    Ok(f64::from(right - left) * size_px / LARGE_EM)
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
        // Roboto's digits advance 1150 of 2048 units.
        let width = width_px("0000000000", 20.48, Weight::Regular).unwrap();
        assert!((width - 115.0).abs() < 0.1, "{width}");
    }

    #[test]
    fn medium_is_wider_than_regular() {
        let text = "horizon";
        let [regular, medium] =
            [Weight::Regular, Weight::Medium].map(|weight| width_px(text, 100.0, weight).unwrap());
        assert!(medium > regular);
    }
}
