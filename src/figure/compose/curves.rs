//! Success curves from a measurement.

use horizon::analysis::AgentSummary;
use horizon::bins::{default_edges_minutes, success_by_length};

use super::{LEVEL, estimate, horizon_intervals_note, left_out_note, remark, subtitle};
use crate::figure::{CurveBin, CurvePanel, Curves, LogisticCurve};
use crate::measure::{Measurement, estimate_at};

/// How the intervals of success rates were found.
const RATES_NOTE: &str = "Intervals of success rates: Wilson's, for the number of equally weighted \
                          attempts that would tell as much.";

impl Curves {
    /// Success by task length, model by model. `source` names the runs.
    pub fn of(measurement: &Measurement, source: &str) -> Self {
        let panels = measurement
            .by_horizon()
            .into_iter()
            .map(|(index, agent)| panel(measurement, index, agent));
        let notes = left_out_note(measurement)
            .into_iter()
            .chain(horizon_intervals_note(measurement))
            .chain([RATES_NOTE.to_owned()]);
        Self {
            title: "Success by length of task".into(),
            subtitle: subtitle(measurement, source),
            notes: notes.collect(),
            level: LEVEL,
            panels: panels.collect(),
        }
    }
}

fn panel(measurement: &Measurement, index: usize, agent: &AgentSummary) -> CurvePanel {
    let edges = default_edges_minutes(agent.shortest_minutes, agent.longest_minutes);
    let weighting = measurement.analysis.settings.weighting;
    // The edges are rising and positive by construction; without any there are no bins.
    let bins =
        success_by_length(&measurement.dataset, index, weighting, &edges).unwrap_or_default();
    CurvePanel {
        label: agent.agent.clone(),
        n_tasks: agent.tasks,
        n_attempts: agent.runs,
        curve: agent.fit.curve().map(LogisticCurve::from),
        verdict_text: remark(&agent.fit).map(str::to_owned),
        bins: bins
            .iter()
            .filter_map(|bin| {
                let rate = bin.rate?;
                Some(CurveBin {
                    low_minutes: bin.from_minutes,
                    high_minutes: bin.to_minutes,
                    rate: rate.success,
                    low: rate.low,
                    high: rate.high,
                    attempts: bin.runs,
                })
            })
            .collect(),
        p50: estimate(estimate_at(agent, 0.5)),
        p80: estimate(estimate_at(agent, 0.8)),
    }
}

impl From<horizon::Curve> for LogisticCurve {
    fn from(curve: horizon::Curve) -> Self {
        Self {
            slope: curve.slope,
            intercept: curve.intercept,
        }
    }
}
