//! Residuals from a measurement.

use horizon::analysis::AgentSummary;
use horizon::bins::default_edges_minutes;

use super::{left_out_note, remark, subtitle};
use crate::figure::{LogisticCurve, ResidualBin, ResidualPanel, Residuals, TaskDot};
use crate::measure::Measurement;

/// How residuals of similar tasks were taken together.
const BINS_NOTE: &str = "Residuals by length: means over tasks, weighted as in the fit, with the standard \
                         error that the tasks' own scatter gives them; none for a single task.";

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
    let curve = agent.fit.curve().map(LogisticCurve::from);
    let edges = default_edges_minutes(agent.shortest_minutes, agent.longest_minutes);
    ResidualPanel {
        label: agent.agent.clone(),
        n_attempts: agent.runs,
        bins: curve.map_or(Vec::new(), |curve| bins(&tasks, curve, &edges)),
        curve,
        verdict_text: remark(&agent.fit).map(str::to_owned),
        fit_text: None,
        tasks,
    }
}

/// The residuals of the tasks between each two edges, as far as there are tasks.
fn bins(tasks: &[TaskDot], curve: LogisticCurve, edges_minutes: &[f64]) -> Vec<ResidualBin> {
    let bin = |edges: &[f64]| {
        let (low_minutes, high_minutes) = (edges[0], edges[1]);
        let residuals: Vec<(f64, f64)> = tasks
            .iter()
            .filter(|task| (low_minutes..high_minutes).contains(&task.human_minutes))
            .map(|task| (task.success - curve.at(task.human_minutes), task.weight))
            .collect();
        let (residual, standard_error) = weighted_mean(&residuals)?;
        Some(ResidualBin {
            low_minutes,
            high_minutes,
            residual,
            standard_error,
            tasks: residuals.len(),
        })
    };
    edges_minutes.windows(2).filter_map(bin).collect()
}

/// The mean of values with weights, and its standard error √(n/(n − 1) Σw²(x − x̄)²)/Σw (Cochran's,
/// from 1977); without weight there is no mean, and from one value no error.
fn weighted_mean(values: &[(f64, f64)]) -> Option<(f64, Option<f64>)> {
    let total: f64 = values.iter().map(|(_, weight)| weight).sum();
    if total <= 0.0 {
        return None;
    }
    let mean = values
        .iter()
        .map(|(value, weight)| value * weight)
        .sum::<f64>()
        / total;
    let count = values.len() as f64;
    let error = (values.len() > 1).then(|| {
        let squares: f64 = values
            .iter()
            .map(|(value, weight)| (weight * (value - mean)).powi(2))
            .sum();
        (count / (count - 1.0) * squares).sqrt() / total
    });
    Some((mean, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_weights_give_the_ordinary_standard_error() {
        // s/√n of 0.1, 0.2, 0.6: mean 0.3, s² = 0.07.
        let (mean, error) = weighted_mean(&[(0.1, 2.0), (0.2, 2.0), (0.6, 2.0)]).unwrap();
        assert!((mean - 0.3).abs() < 1e-12);
        assert!((error.unwrap() - (0.07f64 / 3.0).sqrt()).abs() < 1e-12);
        assert_eq!(weighted_mean(&[(0.5, 1.0)]), Some((0.5, None)));
        assert_eq!(weighted_mean(&[]), None);
    }

    #[test]
    fn tasks_fall_into_the_bin_of_their_length() {
        let curve = LogisticCurve {
            slope: -1.0,
            intercept: 2.0,
        };
        let task = |human_minutes: f64, success: f64| TaskDot {
            human_minutes,
            success,
            weight: 1.0,
        };
        let tasks = [task(4.0, 1.0), task(4.0, 0.5), task(16.0, 0.0)];
        let bins = bins(&tasks, curve, &[1.0, 4.0, 8.0, 32.0]);
        assert_eq!(bins.len(), 2, "a bin without tasks is none");
        // The curve crosses one half at four minutes.
        assert!((bins[0].residual - 0.25).abs() < 1e-12 && bins[0].tasks == 2);
        assert!((bins[1].residual + 1.0 / (1.0 + 2f64.exp())).abs() < 1e-12);
    }
}
