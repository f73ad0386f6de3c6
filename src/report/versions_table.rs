//! Two versions of a measurement side by side, as a table.

use horizon::versions::{RatioInterval, VersionComparison, VersionSummary};

use super::{TextTable, words};

/// The comparison as text.
pub fn versions_report(compared: &VersionComparison) -> String {
    let (first, second) = (&compared.first, &compared.second);
    let mut table = TextTable::new([
        "model",
        first.name.as_str(),
        second.name.as_str(),
        "ratio [95 % interval]",
    ]);
    for agent in &compared.agents {
        table.row([
            agent.agent.clone(),
            words::horizon(agent.first),
            words::horizon(agent.second),
            ratio(agent.ratio, agent.interval),
        ]);
    }
    format!(
        "{table}\n{}{}Doubling time of the second over the first: {}.\n\
         {} tasks are in both; both are bootstrapped with the same draws, so that what they share cancels.\n",
        summary(first),
        summary(second),
        ratio(compared.doubling_ratio, compared.doubling_ratio_interval),
        compared.shared_tasks,
    )
}

fn ratio(ratio: Option<f64>, interval: Option<RatioInterval>) -> String {
    let point = ratio.map_or("–".into(), |ratio| format!("{ratio:.2}"));
    match interval {
        Some(interval) => format!("{point} [{:.2} – {:.2}]", interval.low, interval.high),
        None => point,
    }
}

fn summary(version: &VersionSummary) -> String {
    let trend = match &version.trend {
        Err(error) => format!("no trend: {error}"),
        Ok(trend) => words::doubling(trend),
    };
    format!(
        "{}: {} models, {} tasks; p50 {trend}.\n",
        version.name, version.agents, version.tasks
    )
}
