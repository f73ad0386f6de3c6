//! Success against task length, a panel for each model.

use super::axis::TimeAxis;
use super::error::FigureError;
use super::extent::Estimate;
use super::headline::percent;
use super::legend::{Entry, SWATCH_HALF_PX};
use super::page::{self, Foot};
use super::panel;
use super::panel_grid::PanelGrid;
use super::scene::Scene;
use super::table::{Table, number, optional};

/// How success falls with the length of tasks, model by model.
#[derive(Debug, Clone, PartialEq)]
pub struct Curves {
    /// What the figure shows, in one line.
    pub title: String,
    /// Of what and how, in one line.
    pub subtitle: String,
    /// Source and remarks, one paragraph each, at the foot of the page.
    pub notes: Vec<String>,
    /// Coverage of all intervals, such as 0.95.
    pub level: f64,
    /// The models, in the order of their panels.
    pub panels: Vec<CurvePanel>,
}

/// One model's panel.
#[derive(Debug, Clone, PartialEq)]
pub struct CurvePanel {
    /// The model's name.
    pub label: String,
    /// Tasks attempted.
    pub n_tasks: usize,
    /// Attempts at them.
    pub n_attempts: usize,
    /// The fitted curve, if there is one.
    pub curve: Option<LogisticCurve>,
    /// What is to be said in place of a curve, such as `fails every task`.
    pub verdict_text: Option<String>,
    /// Success rates of tasks of similar length.
    pub bins: Vec<CurveBin>,
    /// The length at which the curve crosses 50 %.
    pub p50: Estimate,
    /// The length at which the curve crosses 80 %.
    pub p80: Estimate,
}

/// A fitted curve: p = σ(slope · log₂(minutes) + intercept), σ(z) = 1/(1 + e⁻ᶻ).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogisticCurve {
    /// Change of the log odds for each doubling of the length; negative where success falls.
    pub slope: f64,
    /// Log odds at one minute.
    pub intercept: f64,
}

impl CurveBin {
    /// Whether the bin has a place in the picture.
    pub(crate) fn is_drawable(&self) -> bool {
        let lengths = self.low_minutes > 0.0
            && self.low_minutes <= self.high_minutes
            && self.high_minutes.is_finite();
        lengths
            && [self.rate, self.low, self.high]
                .iter()
                .all(|rate| rate.is_finite())
    }
}

impl LogisticCurve {
    /// The probability of success at a length.
    #[must_use]
    pub fn at(&self, minutes: f64) -> f64 {
        1.0 / (1.0 + (-(self.slope * minutes.log2() + self.intercept)).exp())
    }
}

/// Tasks of similar length taken together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurveBin {
    /// The shortest length in the bin.
    pub low_minutes: f64,
    /// The longest length in the bin.
    pub high_minutes: f64,
    /// Share of successes, 0 to 1.
    pub rate: f64,
    /// The lower end of the rate's interval, 0 to 1.
    pub low: f64,
    /// The upper end of the rate's interval, 0 to 1.
    pub high: f64,
    /// Attempts in the bin.
    pub attempts: usize,
}

/// Lays the figure out.
pub(crate) fn layout(figure: &Curves) -> Result<Scene, FigureError> {
    let mut scene = page::blank();
    let top = page::head(&mut scene, &figure.title, &figure.subtitle, legend(figure))? + 22.0;
    let grid = PanelGrid::new(figure.panels.len(), panel::HEIGHT_PX, top);
    let span = time_span(&figure.panels);
    let most_attempts = figure
        .panels
        .iter()
        .flat_map(|p| &p.bins)
        .map(|bin| bin.attempts)
        .max()
        .unwrap_or(1);
    for (index, content) in figure.panels.iter().enumerate() {
        let spot = grid.spot(index);
        let frame = panel::frame(&spot);
        let times = TimeAxis::log(span, (frame.left, frame.right));
        panel::draw(&mut scene, content, spot, times, most_attempts)?;
    }
    let bottom = grid.draw_axis_title(&mut scene);
    Foot::new(&figure.notes)?.draw(&mut scene, bottom);
    Ok(scene)
}

/// One time axis for all panels, so that they compare: all bins, and horizons up to eightfold
/// beyond them.
fn time_span(panels: &[CurvePanel]) -> (f64, f64) {
    let usable = |minutes: &f64| minutes.is_finite() && *minutes > 0.0;
    let fold = |values: &[f64]| {
        let values = || values.iter().copied().filter(|minutes| usable(minutes));
        values().reduce(f64::min).zip(values().reduce(f64::max))
    };
    let bins: Vec<f64> = panels
        .iter()
        .flat_map(|panel| &panel.bins)
        .filter(|bin| bin.is_drawable())
        .flat_map(|bin| [bin.low_minutes, bin.high_minutes])
        .collect();
    let horizons: Vec<f64> = panels
        .iter()
        .flat_map(|panel| [panel.p50.value, panel.p80.value])
        .filter_map(super::Extent::minutes)
        .collect();
    let (low, high) = fold(&bins)
        .or_else(|| fold(&horizons))
        .unwrap_or((1.0, 60.0));
    let (least, most) = fold(&horizons).unwrap_or((low, high));
    let low = low.min(least.max(low / 8.0));
    let high = high.max(most.min(high * 8.0));
    TimeAxis::span(low, high, 1.35, 16.0)
}

fn legend(figure: &Curves) -> Vec<Entry> {
    let level = percent(figure.level);
    let half = SWATCH_HALF_PX;
    let any = |test: &dyn Fn(&CurvePanel) -> bool| figure.panels.iter().any(test);
    let mut entries = Vec::new();
    if any(&|panel| !panel.bins.is_empty()) {
        entries.push(Entry::new(
            10.0,
            panel::bin_swatch(),
            "success rate of tasks of similar length: larger dot, more attempts (counted above)",
        ));
        entries.push(Entry::new(
            5.0,
            panel::interval_swatch(),
            format!("its {level} interval"),
        ));
    }
    if any(&|panel| panel.curve.is_some()) {
        let label = "fitted curve, dashed beyond the tasks";
        entries.push(Entry::half_dashed(panel::CURVE, label));
    }
    if any(&|panel| panel.p50.value.minutes().is_some()) {
        let label = format!("50 % horizon (p50) and its {level} interval");
        entries.push(Entry::new(half, panel::p50_swatch(), label));
    }
    if any(&|panel| panel.p80.value.minutes().is_some()) {
        entries.push(Entry::new(6.0, panel::p80_swatch(), "80 % horizon (p80)"));
    }
    entries
}

/// The numbers behind the picture.
pub(crate) fn tables(figure: &Curves) -> Vec<Table> {
    let bin_row = |panel: &CurvePanel, bin: &CurveBin| {
        vec![
            panel.label.clone(),
            number(bin.low_minutes),
            number(bin.high_minutes),
            number(bin.rate),
            number(bin.low),
            number(bin.high),
            bin.attempts.to_string(),
        ]
    };
    let fit_row = |panel: &CurvePanel| {
        let mut row = vec![
            panel.label.clone(),
            panel.n_tasks.to_string(),
            panel.n_attempts.to_string(),
            optional(panel.curve.map(|curve| curve.slope)),
            optional(panel.curve.map(|curve| curve.intercept)),
        ];
        for estimate in [panel.p50, panel.p80] {
            row.push(estimate.value.status().to_owned());
            for extent in [estimate.value, estimate.low, estimate.high] {
                row.push(optional(extent.minutes()));
            }
        }
        row.push(panel.verdict_text.clone().unwrap_or_default());
        row
    };
    vec![
        Table::new(
            None,
            [
                "model",
                "low_minutes",
                "high_minutes",
                "rate",
                "rate_low",
                "rate_high",
                "attempts",
            ],
            figure
                .panels
                .iter()
                .flat_map(|panel| panel.bins.iter().map(|bin| bin_row(panel, bin)))
                .collect(),
        ),
        Table::new(
            Some("fits"),
            [
                "model",
                "tasks",
                "attempts",
                "slope_per_doubling",
                "intercept",
                "p50_status",
                "p50_minutes",
                "p50_low_minutes",
                "p50_high_minutes",
                "p80_status",
                "p80_minutes",
                "p80_low_minutes",
                "p80_high_minutes",
                "verdict",
            ],
            figure.panels.iter().map(fit_row).collect(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{Extent, samples};

    #[test]
    fn no_text_touches_another_or_leaves_the_page() {
        for count in [0, 1, 2, 5, 11] {
            let scene = layout(&samples::curves(count)).unwrap();
            scene.assert_texts_apart();
            scene.assert_finite();
        }
    }

    #[test]
    fn models_without_a_curve_are_described_in_words() {
        let scene = layout(&samples::curves(5)).unwrap();
        let words: Vec<&str> = scene.texts().collect();
        assert!(
            words
                .iter()
                .any(|text| text.starts_with("Fails every task")),
            "{words:?}"
        );
        assert!(
            words.contains(&"p50 5 min [2.7 min – 9.6 min]"),
            "{words:?}"
        );
    }

    #[test]
    fn the_curve_crosses_where_its_parameters_say() {
        let curve = LogisticCurve {
            slope: -0.5,
            intercept: 2.0,
        };
        assert!((curve.at(16.0) - 0.5).abs() < 1e-12);
        assert!((curve.at(1.0) - 0.880_797_077_977_882_3).abs() < 1e-12);
    }

    #[test]
    fn absurd_numbers_are_left_out() {
        let mut figure = samples::curves(2);
        let panel = &mut figure.panels[0];
        panel.curve = Some(LogisticCurve {
            slope: f64::NAN,
            intercept: 1.0,
        });
        panel.p50.value = Extent::Minutes(1e300);
        panel.p50.high = Extent::Minutes(f64::NAN);
        panel.bins[0].rate = f64::NAN;
        panel.bins[1].low_minutes = -1.0;
        panel.bins[2].high_minutes = f64::INFINITY;
        let scene = layout(&figure).unwrap();
        scene.assert_texts_apart();
        scene.assert_finite();
    }

    #[test]
    fn the_tables_hold_every_bin_and_every_fit() {
        let figure = samples::curves(5);
        let [bins, fits] = &tables(&figure)[..] else {
            panic!("two tables")
        };
        assert_eq!(bins.rows.len(), 45);
        assert_eq!(fits.rows.len(), 5);
        let csv = fits.to_csv().unwrap();
        assert_eq!(
            csv.lines().nth(4).unwrap(),
            "Made-up model 3,84,420,,,below,,,,undefined,,,,\
             Fails every task: its horizon lies below the shortest one"
        );
    }
}
