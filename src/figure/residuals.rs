//! Success of single tasks against the fitted curve, and what the curve leaves over, model by model.

use super::axis::TimeAxis;
use super::curves::LogisticCurve;
use super::error::FigureError;
use super::legend::Entry;
use super::page::{self, Foot};
use super::panel;
use super::panel_grid::PanelGrid;
use super::residual_panel;
use super::scene::Scene;
use super::symbol::Toward;
use super::table::{Table, number, optional};

/// How well fitted curves describe the tasks: each task as a dot, and below it how far success lies
/// above or below the curve, by length.
#[derive(Debug, Clone, PartialEq)]
pub struct Residuals {
    /// What the figure shows, in one line.
    pub title: String,
    /// Of what and how, in one line.
    pub subtitle: String,
    /// Source and remarks, one paragraph each, at the foot of the page.
    pub notes: Vec<String>,
    /// The models, in the order of their panels.
    pub panels: Vec<ResidualPanel>,
}

/// One model's panel.
#[derive(Debug, Clone, PartialEq)]
pub struct ResidualPanel {
    /// The model's name.
    pub label: String,
    /// Attempts at all tasks.
    pub n_attempts: usize,
    /// The fitted curve, if there is one; without it there are no residuals.
    pub curve: Option<LogisticCurve>,
    /// What is to be said in place of a curve, such as `never succeeds`.
    pub verdict_text: Option<String>,
    /// How good the fit is, in a few words below the name, if anything is to be said of it.
    pub fit_text: Option<String>,
    /// The tasks.
    pub tasks: Vec<TaskDot>,
    /// Residuals of tasks of similar length.
    pub bins: Vec<ResidualBin>,
}

/// One task.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TaskDot {
    /// Its length.
    pub human_minutes: f64,
    /// Mean success of the model's attempts, 0 to 1.
    pub success: f64,
    /// How much it counts in the fit, in any unit.
    pub weight: f64,
}

/// The residuals of tasks of similar length taken together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResidualBin {
    /// The shortest length in the bin.
    pub low_minutes: f64,
    /// The longest length in the bin.
    pub high_minutes: f64,
    /// Weighted mean of observed minus predicted success, -1 to 1.
    pub residual: f64,
    /// Its standard error, if there are tasks enough for one.
    pub standard_error: Option<f64>,
    /// Tasks in the bin.
    pub tasks: usize,
}

impl TaskDot {
    /// Whether the task has a place in the picture.
    pub(crate) fn is_drawable(&self) -> bool {
        self.human_minutes > 0.0
            && [self.human_minutes, self.success, self.weight]
                .iter()
                .all(|number| number.is_finite())
    }
}

impl ResidualBin {
    /// Whether the bin has a place in the picture.
    pub(crate) fn is_drawable(&self) -> bool {
        self.low_minutes > 0.0
            && self.low_minutes <= self.high_minutes
            && self.high_minutes.is_finite()
            && self.residual.is_finite()
    }

    /// The residual with a standard error to each side, as far as residuals can be.
    pub(crate) fn ends(&self) -> Option<[f64; 2]> {
        let error = self.standard_error.filter(|error| error.is_finite())?;
        Some([self.residual - error, self.residual + error].map(|end| end.clamp(-1.0, 1.0)))
    }
}

/// Lays the figure out.
pub(crate) fn layout(figure: &Residuals) -> Result<Scene, FigureError> {
    let mut scene = page::blank();
    let top = page::head(&mut scene, &figure.title, &figure.subtitle, legend(figure))? + 22.0;
    let grid = PanelGrid::new(figure.panels.len(), residual_panel::HEIGHT_PX, top);
    let span = time_span(&figure.panels);
    let reach = reach(&figure.panels);
    for (index, content) in figure.panels.iter().enumerate() {
        let spot = grid.spot(index);
        let [left, right] = residual_panel::sides(&spot);
        let times = TimeAxis::log(span, (left, right));
        residual_panel::draw(&mut scene, content, spot, times, reach)?;
    }
    let bottom = grid.draw_axis_title(&mut scene);
    Foot::new(&figure.notes)?.draw(&mut scene, bottom);
    Ok(scene)
}

/// One time axis for all panels, so that they compare.
fn time_span(panels: &[ResidualPanel]) -> (f64, f64) {
    let tasks = panels.iter().flat_map(|panel| &panel.tasks);
    let bins = panels.iter().flat_map(|panel| &panel.bins);
    let lengths: Vec<f64> = tasks
        .filter(|task| task.is_drawable())
        .map(|task| task.human_minutes)
        .chain(
            bins.filter(|bin| bin.is_drawable())
                .flat_map(|bin| [bin.low_minutes, bin.high_minutes]),
        )
        .collect();
    let (low, high) = panel::span(lengths.iter().copied()).unwrap_or((1.0, 60.0));
    TimeAxis::span(low, high, 1.2, 16.0)
}

/// How far the axes of residuals reach to both sides, the same for all panels: as far as the
/// residuals themselves. A longer error bar, of a few tasks at odds, would make all others look like
/// nothing; it is cut and ends in a caret.
fn reach(panels: &[ResidualPanel]) -> f64 {
    let most = drawn_bins(panels).fold(0.0f64, |most, bin| most.max(bin.residual.abs()));
    [0.25, 0.5]
        .into_iter()
        .find(|reach| most <= *reach)
        .unwrap_or(1.0)
}

fn drawn_bins(panels: &[ResidualPanel]) -> impl Iterator<Item = &ResidualBin> {
    let bins = panels.iter().flat_map(|panel| &panel.bins);
    bins.filter(|bin| bin.is_drawable())
}

fn legend(figure: &Residuals) -> Vec<Entry> {
    let any = |test: &dyn Fn(&ResidualPanel) -> bool| figure.panels.iter().any(test);
    let mut entries = Vec::new();
    if any(&|panel| !panel.tasks.is_empty()) {
        let label = "task: mean success, larger where it weighs more, darker where dots coincide";
        entries.push(Entry::new(8.0, residual_panel::task_swatch(), label));
    }
    if any(&|panel| panel.curve.is_some()) {
        entries.push(Entry::half_dashed(
            panel::CURVE,
            "fitted curve, dashed beyond the tasks",
        ));
    }
    if any(&|panel| !panel.bins.is_empty()) {
        entries.push(Entry::new(
            10.0,
            residual_panel::bin_swatch(),
            "below: observed minus predicted success by length, in percentage points",
        ));
        let mut ends = drawn_bins(&figure.panels)
            .filter_map(ResidualBin::ends)
            .flatten()
            .peekable();
        if ends.peek().is_some() {
            let label = "± 1 standard error";
            entries.push(Entry::new(5.0, panel::interval_swatch(), label));
        }
        let reach = reach(&figure.panels);
        if ends.any(|end| end.abs() > reach) {
            entries.push(Entry::caret(Toward::Up));
        }
    }
    entries
}

/// The numbers behind the picture.
pub(crate) fn tables(figure: &Residuals) -> Vec<Table> {
    let bin_row = |panel: &ResidualPanel, bin: &ResidualBin| {
        vec![
            panel.label.clone(),
            number(bin.low_minutes),
            number(bin.high_minutes),
            number(bin.residual),
            optional(bin.standard_error),
            bin.tasks.to_string(),
        ]
    };
    let task_row = |panel: &ResidualPanel, task: &TaskDot| {
        let predicted = panel.curve.map(|curve| curve.at(task.human_minutes));
        vec![
            panel.label.clone(),
            number(task.human_minutes),
            number(task.success),
            optional(predicted),
            number(task.weight),
        ]
    };
    vec![
        Table::new(
            None,
            [
                "model",
                "low_minutes",
                "high_minutes",
                "residual",
                "standard_error",
                "tasks",
            ],
            figure
                .panels
                .iter()
                .flat_map(|panel| panel.bins.iter().map(|bin| bin_row(panel, bin)))
                .collect(),
        ),
        Table::new(
            Some("tasks"),
            ["model", "human_minutes", "success", "predicted", "weight"],
            figure
                .panels
                .iter()
                .flat_map(|panel| panel.tasks.iter().map(|task| task_row(panel, task)))
                .collect(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::samples;

    #[test]
    fn no_text_touches_another_or_leaves_the_page() {
        for count in [0, 1, 5, 12, 35] {
            let scene = layout(&samples::residuals(count)).unwrap();
            scene.assert_texts_apart();
            scene.assert_finite();
        }
    }

    #[test]
    fn error_bars_stay_where_residuals_can_be() {
        let bin = ResidualBin {
            low_minutes: 1.0,
            high_minutes: 2.0,
            residual: -0.9,
            standard_error: Some(0.4),
            tasks: 2,
        };
        assert_eq!(bin.ends().map(|ends| ends[0]), Some(-1.0));
        assert_eq!(
            ResidualBin {
                standard_error: None,
                ..bin
            }
            .ends(),
            None
        );
        let mut figure = samples::residuals(1);
        figure.panels[0].bins = vec![bin];
        assert!((reach(&figure.panels) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn one_wide_error_bar_does_not_press_the_residuals_flat() {
        let mut figure = samples::residuals(1);
        figure.panels[0].bins[4].standard_error = Some(0.7);
        assert!((reach(&figure.panels) - 0.25).abs() < 1e-12);
        let scene = layout(&figure).unwrap();
        assert!(scene.texts().any(|text| text == "goes on beyond the axis"));
    }

    #[test]
    fn absurd_numbers_are_left_out() {
        let mut figure = samples::residuals(2);
        let panel = &mut figure.panels[0];
        panel.tasks[0].human_minutes = 0.0;
        panel.tasks[1].success = f64::NAN;
        panel.tasks[2].weight = f64::INFINITY;
        panel.bins[0].residual = f64::NAN;
        panel.bins[1].standard_error = Some(f64::NAN);
        panel.bins[2].high_minutes = f64::INFINITY;
        let scene = layout(&figure).unwrap();
        scene.assert_texts_apart();
        scene.assert_finite();
    }
}
