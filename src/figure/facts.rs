//! The box of numbers beside the trend.

use super::error::FigureError;
use super::font;
use super::geometry::Rect;
use super::headline::{FitSettings, TrendLine};
use super::palette::{GRID, PAPER, QUIET_TEXT, TEXT};
use super::scene::{Mark, Scene, TextLook};

const FACT: TextLook = TextLook::new(12.5, QUIET_TEXT);
const MAIN_FACT: TextLook = TextLook::new(15.0, TEXT).medium();
const FACT_LINE_PX: f64 = 18.0;

/// The lines of the box beside the trend.
pub(crate) fn lines(trend: Option<&TrendLine>, settings: &FitSettings) -> Vec<(String, TextLook)> {
    let mut facts = Vec::new();
    if let Some(trend) = trend {
        facts.push((doubling_text(trend), MAIN_FACT));
        if let (Some(low), Some(high)) = (trend.doubling_low_days, trend.doubling_high_days) {
            let level = settings.level_text();
            facts.push((format!("{level} interval {low:.0} – {high:.0} days"), FACT));
        }
        let models = settings.models;
        let fit = format!(
            "{models} models, {} to {}",
            trend.first.iso(),
            trend.last.iso()
        );
        facts.push((fit, FACT));
        if let Some(r_squared) = trend.r_squared {
            facts.push((format!("R² {r_squared:.2}"), FACT));
        }
    } else {
        facts.push((NO_TREND.to_owned(), MAIN_FACT));
        facts.push((format!("{} models", settings.models), FACT));
    }
    facts.extend(fit_facts(settings).into_iter().map(|fact| (fact, FACT)));
    facts
}

/// The same in fewer lines, where two measurements share a box.
pub(crate) fn short_lines(
    trend: Option<&TrendLine>,
    settings: &FitSettings,
) -> Vec<(String, TextLook)> {
    let mut doubling = trend.map_or(NO_TREND.to_owned(), doubling_text);
    let ends = trend.and_then(|trend| trend.doubling_low_days.zip(trend.doubling_high_days));
    if let Some((low, high)) = ends {
        doubling.push_str(&format!(" [{low:.0} – {high:.0}]"));
    }
    let r_squared = trend.and_then(|trend| trend.r_squared);
    let models = match r_squared {
        Some(r_squared) => format!("{} models, R² {r_squared:.2}", settings.models),
        None => format!("{} models", settings.models),
    };
    [doubling, models]
        .into_iter()
        .chain(fit_facts(settings))
        .map(|fact| (fact, FACT))
        .collect()
}

const NO_TREND: &str = "No trend fitted";

fn doubling_text(trend: &TrendLine) -> String {
    match trend.doubling_days {
        Some(days) if days.is_finite() && days > 0.0 => format!("Doubling time {days:.0} days"),
        _ => "No doubling: the horizon does not grow".to_owned(),
    }
}

/// How the horizons were fitted, in words.
pub(crate) fn fit_facts(settings: &FitSettings) -> Vec<String> {
    let mut facts = Vec::new();
    let fit: Vec<String> = settings
        .lambda
        .map(lambda_text)
        .into_iter()
        .chain(
            settings
                .weighting
                .as_ref()
                .map(|weighting| format!("weights {weighting}")),
        )
        .collect();
    if !fit.is_empty() {
        facts.push(fit.join(", "));
    }
    let times = origins(
        settings.tasks,
        settings.estimated_tasks,
        settings.unknown_tasks,
    );
    facts.push(format!("{} tasks, {times}", settings.tasks));
    if let Some((least, most)) = settings.estimated_share.filter(|(_, most)| *most > 0.0) {
        facts.push(format!(
            "estimates: {:.0} – {:.0} % of the weight near p50",
            least * 100.0,
            most * 100.0
        ));
    }
    facts
}

/// Where the human times of `tasks` come from, in words.
pub(crate) fn origins(tasks: usize, estimated: usize, unknown: usize) -> String {
    match (estimated, unknown) {
        (0, 0) => "all human times measured".into(),
        (all, _) if all == tasks => "all human times estimated".into(),
        (_, all) if all == tasks => "human times of unknown origin".into(),
        (estimated, 0) => format!("{estimated} with estimated human time"),
        (0, unknown) => format!("{unknown} with human time of unknown origin"),
        (estimated, unknown) => {
            format!("{estimated} with estimated human time, {unknown} of unknown origin")
        }
    }
}

/// `λ = 0.1`, `λ = 1e-5`.
fn lambda_text(lambda: f64) -> String {
    if lambda != 0.0 && lambda.abs() < 0.001 {
        format!("λ = {lambda:e}")
    } else {
        format!("λ = {lambda}")
    }
}

/// How wide and high the box is.
pub(crate) fn size_px(facts: &[(String, TextLook)]) -> Result<(f64, f64), FigureError> {
    let mut width = 0.0f64;
    for (text, look) in facts {
        width = width.max(font::width_px(text, look.size_px, look.weight)?);
    }
    Ok((width + 20.0, facts.len() as f64 * FACT_LINE_PX + 16.0))
}

/// Draws the box.
pub(crate) fn draw(scene: &mut Scene, spot: Rect, facts: &[(String, TextLook)]) {
    scene.push(Mark::block(spot, GRID));
    scene.push(Mark::block(spot.grown(-1.0), PAPER));
    let mut y = spot.top + 6.0;
    for (text, look) in facts {
        y += FACT_LINE_PX;
        scene.text((spot.left + 10.0, y - 3.0), text.clone(), *look);
    }
}

/// Places for a box inside the frame, from the upper left corner, which a rising trend leaves free,
/// to the lower right one, which it leaves free too, to anywhere.
pub(crate) fn spots(frame: &Rect, width: f64, height: f64) -> Vec<Rect> {
    const STEPS: u32 = 24;
    let (left, right) = (frame.left + 16.0, frame.right - 16.0 - width);
    let (top, bottom) = (frame.top + 14.0, frame.bottom - 14.0 - height);
    let mut ranked = Vec::new();
    for (row, column) in (0..=STEPS).flat_map(|row| (0..=STEPS).map(move |column| (row, column))) {
        let upper_left = row + column;
        let lower_right = 2 * STEPS - upper_left + 2;
        let at =
            |low: f64, high: f64, step| low + (high - low) * f64::from(step) / f64::from(STEPS);
        let spot = Rect::new(at(left, right, column), at(top, bottom, row), width, height);
        ranked.push((upper_left.min(lower_right), spot));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, spot)| spot).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::samples;

    #[test]
    fn the_facts_say_how_the_horizons_were_fitted() {
        let figure = samples::dated(12);
        let lines: Vec<String> = lines(figure.trend.as_ref(), &figure.settings)
            .into_iter()
            .map(|(text, _)| text)
            .collect();
        assert_eq!(
            lines,
            [
                "Doubling time 200 days",
                "95 % interval 168 – 243 days",
                "12 models, 2019-02-23 to 2026-04-07",
                "R² 0.97",
                "λ = 1e-5, weights 1/√family",
                "169 tasks, 48 with estimated human time",
            ]
        );
    }
}
