//! Residuals from a measurement.

use horizon::analysis::AgentSummary;
use horizon::bins::default_edges_minutes;
use horizon::goodness::goodness;

use super::{left_out_note, remark, subtitle};
use crate::figure::{LogisticCurve, ResidualBin, ResidualPanel, Residuals, TaskDot};
use crate::measure::Measurement;

/// How residuals of similar tasks were taken together.
const BINS_NOTE: &str = "Residuals by length: observed less predicted success, weighted as in the fit, with the \
                         standard error of the observed share if the curve were true.";

impl Residuals {
    /// Success of every task against the fitted curve, model by model. `source` names the runs.
    pub fn of(measurement: &Measurement, source: &str) -> Self {
        let panels = measurement
            .by_horizon()
            .into_iter()
            .map(|(index, agent)| panel(measurement, index, agent));
        let notes = left_out_note(measurement)
            .into_iter()
            .chain([BINS_NOTE.to_owned()]);
        Self {
            title: "Success of tasks, and what the fitted curve leaves over".into(),
            subtitle: subtitle(measurement, source),
            notes: notes.collect(),
            panels: panels.collect(),
        }
    }
}

fn panel(measurement: &Measurement, index: usize, agent: &AgentSummary) -> ResidualPanel {
    let dataset = &measurement.dataset;
    let weighting = measurement.analysis.settings.weighting;
    let weights = weighting.task_weights(dataset, index);
    let tasks: Vec<TaskDot> = dataset
        .tried(index)
        .map(|task| {
            let successes = dataset.successes(index, task);
            TaskDot {
                human_minutes: dataset.tasks()[task].human_minutes,
                success: successes.iter().sum::<f64>() / successes.len().max(1) as f64,
                weight: weights[task],
            }
        })
        .collect();
    let edges = default_edges_minutes(agent.shortest_minutes, agent.longest_minutes);
    let curve = agent.fit.curve();
    let chance = |minutes| curve.map(|curve| curve.probability(minutes));
    // Without a curve there is nothing to hold runs against.
    let goodness = goodness(dataset, index, weighting, &edges, chance).ok();
    let residuals = goodness.iter().flat_map(|goodness| &goodness.residuals);
    ResidualPanel {
        label: agent.agent.clone(),
        n_attempts: agent.runs,
        bins: residuals
            .map(|residual| ResidualBin {
                low_minutes: residual.from_minutes,
                high_minutes: residual.to_minutes,
                residual: residual.residual,
                standard_error: Some(residual.standard_error),
                tasks: residual.tasks,
            })
            .collect(),
        curve: curve.map(LogisticCurve::from),
        verdict_text: remark(&agent.fit).map(str::to_owned),
        fit_text: goodness
            .as_ref()
            .and_then(|goodness| goodness.mcfadden)
            .map(|mcfadden| format!("McFadden ρ² {mcfadden:.2}")),
        tasks,
    }
}
