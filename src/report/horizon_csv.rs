//! Horizons as CSV: a row for each model and probability, with all that determines them.

use horizon::Horizon;

use super::words;
use crate::figure::remark;
use crate::measure::Measurement;

const COLUMNS: [&str; 31] = [
    "model",
    "probability",
    "horizon_minutes",
    "horizon_status",
    "reach",
    "low_minutes",
    "low_status",
    "high_minutes",
    "high_status",
    "interval",
    "replicates_without_fit",
    "replicates_infinite",
    "attempts",
    "planned",
    "tasks",
    "average_success",
    "slope",
    "intercept",
    "remark",
    "shortest_minutes",
    "longest_minutes",
    "weight_near_p50_on_estimates",
    "released_on",
    "label",
    "lambda",
    "weighting",
    "resampling",
    "replicates",
    "seed",
    "estimated_tasks",
    "all_tasks",
];

/// The measurement as CSV, header included.
///
/// # Errors
/// Never in practice: it is written to memory.
pub fn horizon_csv(measurement: &Measurement) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    let settings = &measurement.analysis.settings;
    for (index, agent) in measurement.by_horizon() {
        let curve = agent.fit.curve();
        let coverage = measurement.coverage.get(&agent.agent);
        let reliance = measurement.reliance.get(index);
        for estimate in &agent.horizons {
            let interval = estimate.replicated.interval;
            let [value, low, high] = [
                Some(estimate.horizon),
                interval.map(|interval| interval.low),
                interval.map(|interval| interval.high),
            ]
            .map(cells);
            writer.write_record([
                agent.agent.clone(),
                estimate.probability.to_string(),
                value.0,
                value.1,
                words::reach(estimate.reach).into(),
                low.0,
                low.1,
                high.0,
                high.1,
                settings.interval.name().into(),
                estimate.replicated.missing.to_string(),
                estimate.replicated.infinite.to_string(),
                agent.runs.to_string(),
                coverage.map_or(String::new(), |it| it.planned.to_string()),
                agent.tasks.to_string(),
                agent.average.to_string(),
                optional(curve.map(|curve| curve.slope)),
                optional(curve.map(|curve| curve.intercept)),
                remark(&agent.fit).unwrap_or_default().into(),
                agent.shortest_minutes.to_string(),
                agent.longest_minutes.to_string(),
                optional(reliance.and_then(|it| it.estimated.information)),
                measurement
                    .release_days
                    .get(&agent.agent)
                    .map_or(String::new(), |&day| {
                        crate::measure::ReleaseDates::iso(day.into())
                    }),
                measurement.label.name().into(),
                settings.lambda.value().to_string(),
                settings.weighting.name().into(),
                measurement.analysis.resampling.name().into(),
                settings.replicates.to_string(),
                settings.seed.to_string(),
                measurement.sources.estimated.to_string(),
                measurement.sources.tasks.to_string(),
            ])?;
        }
    }
    let bytes = writer
        .into_inner()
        .map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Minutes where there are any, and what they are.
fn cells(horizon: Option<Horizon>) -> (String, String) {
    match horizon {
        Some(Horizon::Minutes(minutes)) => (minutes.to_string(), "minutes".into()),
        Some(Horizon::BelowAll) => (String::new(), "below_all".into()),
        Some(Horizon::BeyondAll) => (String::new(), "beyond_all".into()),
        Some(Horizon::Undefined) => (String::new(), "undefined".into()),
        None => (String::new(), String::new()),
    }
}

fn optional(number: Option<f64>) -> String {
    number.map_or(String::new(), |number| number.to_string())
}
