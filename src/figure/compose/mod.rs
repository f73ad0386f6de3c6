//! From a measurement to figures: one file a figure, and here what they share.

mod budget;
mod comparison;
mod curves;
mod headline;
mod multiverse;
mod residuals;
mod task_lengths;

use horizon::analysis::HorizonEstimate;
use horizon::{Fit, Horizon};

use super::facts::origins;
use super::{Estimate, Extent};
use crate::measure::Measurement;

/// Coverage of every interval in the figures; that of the bootstrap's and Wilson's.
const LEVEL: f64 = 0.95;

fn extent(horizon: Horizon) -> Extent {
    match horizon {
        Horizon::Minutes(minutes) => Extent::Minutes(minutes),
        Horizon::BelowAll => Extent::Below,
        Horizon::BeyondAll => Extent::Beyond,
        Horizon::Undefined => Extent::Undefined,
    }
}

fn estimate(estimate: Option<&HorizonEstimate>) -> Estimate {
    let interval = estimate.and_then(|estimate| estimate.replicated.interval);
    let end = |end: Option<Horizon>| end.map_or(Extent::Undefined, extent);
    Estimate {
        value: end(estimate.map(|estimate| estimate.horizon)),
        low: end(interval.map(|interval| interval.low)),
        high: end(interval.map(|interval| interval.high)),
    }
}

/// Why a fit has no horizon, in words.
pub(crate) fn remark(fit: &Fit) -> Option<&'static str> {
    match fit {
        Fit::Converged(_) => None,
        Fit::Rising(_) => Some("success does not fall with length"),
        Fit::AllFail => Some("never succeeds"),
        Fit::AllSucceed => Some("always succeeds"),
        Fit::Separated { .. } => Some("succeeds up to a length and fails beyond"),
        Fit::OneLength { .. } => Some("all tasks have one length"),
        Fit::Unconverged(_) => Some("the fit did not converge"),
        Fit::NoData => Some("no attempts"),
    }
}

/// What was measured: models, attempts, tasks and how many of their human times are estimates.
fn subtitle(measurement: &Measurement, source: &str) -> String {
    let agents = &measurement.analysis.agents;
    let runs: usize = agents.iter().map(|agent| agent.runs).sum();
    let sources = &measurement.sources;
    let families = measurement.dataset.families().len();
    let times = origins(sources.tasks, sources.estimated, sources.unknown);
    format!(
        "{source}: {} models, {runs} attempts at {} tasks of {families} families ({times})",
        agents.len(),
        sources.tasks,
    )
}

/// What was left out, if anything was.
fn left_out_note(measurement: &Measurement) -> Option<String> {
    let left_out = measurement.left_out.in_words();
    (!left_out.is_empty()).then(|| format!("Left out: {}.", left_out.join(", ")))
}

/// How the intervals of horizons were found, if there are any.
fn horizon_intervals_note(measurement: &Measurement) -> Option<String> {
    let replicates = measurement.analysis.settings.replicates;
    (replicates > 0).then(|| {
        format!(
            "Intervals of horizons and of the trend: percentiles of {replicates} bootstrap replicates \
             that draw families, tasks and attempts with replacement."
        )
    })
}
