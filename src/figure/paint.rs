//! Marks to pixels and vectors, by the one plotters interface both backends share.

use image::codecs::png::PngEncoder;
use image::{ColorType, ImageEncoder};
use plotters::prelude::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::HPos;
use plotters::style::{Color, RGBAColor, ShapeStyle};

use super::error::FigureError;
use super::font::{self, BASELINE_EM, Lettering, whole};
use super::geometry::Point;
use super::palette::Ink;
use super::scene::{Align, Mark, Scene, TextLook};

/// Backend units to a page pixel. plotters places everything on whole units; four to a pixel keep
/// curves smooth in the SVG, and give the PNG, reduced twofold, smooth edges.
const UNITS_PER_PX: f64 = 4.0;
/// PNG pixels to a page pixel.
const PNG_SCALE: usize = 2;
/// Backend units to a PNG pixel, each way.
const UNITS_PER_PNG_PX: usize = 2;
/// Pages are painted for PNG in strips this high, to bound the memory they take.
const STRIP_PNG_PX: usize = 512;
/// Larger pages are refused.
const MOST_UNITS: f64 = 65_536.0;

/// The page as an SVG document with its font inside.
pub(crate) fn svg(scene: &Scene) -> Result<String, FigureError> {
    let (width, height) = size_units(scene)?;
    let mut body = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut body, (width, height));
        paint(scene, &mut backend, 0.0).map_err(|reason| FigureError::Draw {
            format: "SVG",
            reason,
        })?;
    }
    // plotters opens the document in backend units; the page has a size in pixels and a font.
    let opened = body.find('>').map_or(0, |end| end + 1);
    let content = body.get(opened..).unwrap_or_default();
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" \
         viewBox=\"0 0 {width} {height}\">\n{}\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#FFFFFF\"/>\n{}\n",
        scene.width_px,
        scene.height_px,
        font::svg_style(),
        content.trim()
    ))
}

/// The page as a PNG file, two pixels to a page pixel.
pub(crate) fn png(scene: &Scene) -> Result<Vec<u8>, FigureError> {
    let (width, height) = size_units(scene)?;
    let [width, height] = [width, height].map(|units| units as usize / UNITS_PER_PNG_PX);
    let mut pixels = Vec::with_capacity(width * height * 3);
    let mut top = 0;
    while top < height {
        let rows = STRIP_PNG_PX.min(height - top);
        pixels.extend(strip(scene, width, top, rows)?);
        top += rows;
    }
    let mut file = Vec::new();
    let encode = |error: &dyn std::fmt::Display| FigureError::Draw {
        format: "PNG",
        reason: error.to_string(),
    };
    let [width, height] =
        [width, height].map(|side| u32::try_from(side).map_err(|error| encode(&error)));
    PngEncoder::new(&mut file)
        .write_image(&pixels, width?, height?, ColorType::Rgb8)
        .map_err(|error| encode(&error))?;
    Ok(file)
}

/// Some rows of the PNG, each pixel the mean of the units it covers.
fn strip(scene: &Scene, width: usize, top: usize, rows: usize) -> Result<Vec<u8>, FigureError> {
    let (wide, high) = (width * UNITS_PER_PNG_PX, rows * UNITS_PER_PNG_PX);
    let mut units = vec![255u8; wide * high * 3];
    {
        let too_large = |_| FigureError::TooLarge {
            width_px: scene.width_px,
            height_px: scene.height_px,
        };
        let size = (
            u32::try_from(wide).map_err(too_large)?,
            u32::try_from(high).map_err(too_large)?,
        );
        let mut backend = BitMapBackend::with_buffer(&mut units, size);
        let top_px = top as f64 / PNG_SCALE as f64;
        paint(scene, &mut backend, top_px).map_err(|reason| FigureError::Draw {
            format: "PNG",
            reason,
        })?;
    }
    let mut pixels = Vec::with_capacity(width * rows * 3);
    for row in 0..rows {
        for column in 0..width {
            for channel in 0..3 {
                let mut sum = 0u16;
                for (dy, dx) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                    let (y, x) = (row * UNITS_PER_PNG_PX + dy, column * UNITS_PER_PNG_PX + dx);
                    sum += u16::from(units[(y * wide + x) * 3 + channel]);
                }
                pixels.push(u8::try_from((sum + 2) / 4).unwrap_or(u8::MAX));
            }
        }
    }
    Ok(pixels)
}

/// Paints the part of a page that begins `top_px` below its top on any backend.
fn paint<B: DrawingBackend>(scene: &Scene, backend: &mut B, top_px: f64) -> Result<(), String> {
    let size = backend.get_size();
    let high_px = f64::from(size.1) / UNITS_PER_PX;
    let said = |error| format!("{error}");
    let unit = |point: Point| {
        (
            whole(point.0 * UNITS_PER_PX),
            whole((point.1 - top_px) * UNITS_PER_PX),
        )
    };
    for mark in &scene.marks {
        let (top, bottom) = reach(mark);
        if bottom < top_px || top > top_px + high_px {
            continue;
        }
        let painted = match mark {
            Mark::Line {
                points,
                width_px,
                ink,
            } => {
                let style = style(*ink, *width_px);
                match points.as_slice() {
                    [from, to] => backend.draw_line(unit(*from), unit(*to), &style),
                    points => backend.draw_path(points.iter().map(|point| unit(*point)), &style),
                }
            }
            Mark::Area { points, ink } => {
                backend.fill_polygon(points.iter().map(|point| unit(*point)), &style(*ink, 0.0))
            }
            Mark::Disc {
                centre,
                radius,
                ink,
            } => {
                let radius = whole(radius * UNITS_PER_PX).unsigned_abs();
                backend.draw_circle(unit(*centre), radius, &style(*ink, 0.0), true)
            }
            Mark::Text { at, text, look } => {
                let top = (at.0, at.1 - BASELINE_EM * look.size_px);
                backend.draw_text(text, &lettering(look), unit(top))
            }
        };
        painted.map_err(said)?;
    }
    backend.present().map_err(said)
}

/// From where to where a mark reaches down the page, generously.
fn reach(mark: &Mark) -> (f64, f64) {
    match mark {
        Mark::Line { points, .. } | Mark::Area { points, .. } => points.iter().fold(
            (f64::INFINITY, f64::NEG_INFINITY),
            |(top, bottom), point| (top.min(point.1 - 4.0), bottom.max(point.1 + 4.0)),
        ),
        Mark::Disc { centre, radius, .. } => (centre.1 - radius - 1.0, centre.1 + radius + 1.0),
        Mark::Text { at, look, .. } => (at.1 - 1.5 * look.size_px, at.1 + look.size_px),
    }
}

fn size_units(scene: &Scene) -> Result<(u32, u32), FigureError> {
    let side = |px: f64| {
        let units = px * UNITS_PER_PX;
        (1.0..=MOST_UNITS)
            .contains(&units)
            .then(|| whole(units).unsigned_abs())
    };
    side(scene.width_px)
        .zip(side(scene.height_px))
        .ok_or(FigureError::TooLarge {
            width_px: scene.width_px,
            height_px: scene.height_px,
        })
}

fn style(ink: Ink, width_px: f64) -> ShapeStyle {
    ShapeStyle {
        color: colour(ink),
        filled: true,
        stroke_width: whole(width_px * UNITS_PER_PX).unsigned_abs(),
    }
}

fn lettering(look: &TextLook) -> Lettering {
    Lettering {
        em: look.size_px * UNITS_PER_PX,
        weight: look.weight,
        color: colour(look.ink).to_backend_color(),
        h_pos: match look.align {
            Align::Start => HPos::Left,
            Align::Middle => HPos::Center,
            Align::End => HPos::Right,
        },
    }
}

fn colour(ink: Ink) -> RGBAColor {
    RGBAColor(ink.rgb.0, ink.rgb.1, ink.rgb.2, ink.alpha)
}
