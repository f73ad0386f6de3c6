//! What uncertain human times do, as tables.

use horizon::human_time::Kind;
use horizon::human_time::censored::CensoredEstimate;
use horizon::trend::{Trend, TrendError};

use super::{TextTable, words};
use crate::measure::HumanTimeFindings;

/// Findings as text: horizons with and without noise, what they rest on, and the trend.
pub fn human_time_report(found: &HumanTimeFindings) -> String {
    let mut table = TextTable::new([
        "model",
        "p50 [95 % interval]",
        "with noise",
        "p50 corrected",
        "p80 corrected",
        "measured",
        "estimated",
        "unknown",
    ]);
    for agent in &found.agents {
        let share = |share: Option<f64>| {
            share.map_or("–".into(), |share| format!("{:.0} %", share * 100.0))
        };
        table.row([
            agent.noise.agent.clone(),
            format!(
                "{} [{}]",
                words::horizon(agent.p50),
                words::range(agent.noise.without_noise)
            ),
            words::range(agent.noise.with_noise),
            words::horizon(agent.corrected_p50),
            words::horizon(agent.corrected_p80),
            share(agent.reliance.measured.information),
            share(agent.reliance.estimated.information),
            share(agent.reliance.unknown.information),
        ]);
    }
    let spread = match found.times.baseline_spread {
        Some(spread) => format!(
            "One person's ln minutes scatter by {:.3} around the mean of a task ({} baselines of {} tasks).",
            spread.ln_sd, spread.baselines, spread.tasks
        ),
        None => format!(
            "No task was timed twice; one person's ln minutes are taken to scatter by {:.3}.",
            found.times.settings.fallback_ln_sd.unwrap_or_default()
        ),
    };
    format!(
        "{table}\n{spread}\n{}\
         Measured, estimated, unknown: shares of the weight near p50 by what the task's length rests on.\n\
         With noise: every replicate draws lengths anew; read the width, for the middle is flattened once more. \
         Corrected:\nextrapolated to lengths without noise (SIMEX, quadratic).\n{}{}",
        kinds(found),
        trends(found),
        censored(found),
    )
}

/// How many tasks there are of each kind, with the widest spread.
fn kinds(found: &HumanTimeFindings) -> String {
    let count = |wanted: fn(&Kind) -> bool| {
        let of_kind = found.times.tasks.iter().filter(|task| wanted(&task.kind));
        let spreads: Vec<f64> = of_kind.map(|task| task.ln_sd).collect();
        let widest = spreads.iter().copied().fold(0.0, f64::max);
        (spreads.len(), widest)
    };
    let (measured, measured_sd) = count(|kind| matches!(kind, Kind::Measured { .. }));
    let (estimated, estimated_sd) = count(|kind| *kind == Kind::Estimated);
    let (unknown, unknown_sd) = count(|kind| *kind == Kind::Unknown);
    format!(
        "Lengths: {measured} measured (ln spread up to {measured_sd:.2}), {estimated} estimated ({estimated_sd:.2}), \
         {unknown} unknown ({unknown_sd:.2}).\n"
    )
}

fn trends(found: &HumanTimeFindings) -> String {
    let line = |name: &str, trend: &Result<Trend, TrendError>| match trend {
        Ok(trend) => format!("Trend {name}: p50 {}.\n", words::doubling(trend)),
        Err(_) => String::new(),
    };
    [
        line("with lengths as they are", &found.trend),
        line("with noise in the replicates", &found.trend_with_noise),
        line("through corrected horizons", &found.trend_corrected),
    ]
    .concat()
}

/// Tasks that failed baselines make longer.
fn censored(found: &HumanTimeFindings) -> String {
    let Some(censored) = &found.censored else {
        return String::new();
    };
    let mut table = TextTable::new([
        "task",
        "succeeded",
        "failed",
        "mean of successes",
        "with failures",
        "ratio",
    ]);
    let failed = censored.tasks.iter().filter(|task| task.failed > 0);
    for task in failed {
        let (mean, with_failures, ratio) = match task.estimate {
            CensoredEstimate::Found {
                minutes: found,
                geometric_mean_minutes,
                ratio,
            } => (
                words::minutes(geometric_mean_minutes),
                words::minutes(found),
                format!("{ratio:.2}"),
            ),
            CensoredEstimate::AllCensored { longest_minutes } => (
                "–".into(),
                format!("more than {}", words::minutes(longest_minutes)),
                "–".into(),
            ),
            CensoredEstimate::NoBaselines => continue,
        };
        table.row([
            task.task.clone(),
            task.succeeded.to_string(),
            task.failed.to_string(),
            mean,
            with_failures,
            ratio,
        ]);
    }
    format!(
        "\nFailed baselines say that a task takes longer than they tried (right-censored, ln spread {:.2}):\n{table}",
        censored.ln_sd
    )
}
