//! Horizons as a table, with everything a reader must know to judge them.

use std::fmt::Write as _;

use horizon::analysis::{AgentSummary, Settings};
use horizon::{Reach, Trend};

use super::{TextTable, words};
use crate::figure::remark;
use crate::measure::{Coverage, Measurement, PROBABILITIES, estimate_at, window_in_words};

/// The measurement as text: a line an agent, the trend, and what it all rests on.
pub fn horizon_report(measurement: &Measurement) -> String {
    let mut table = TextTable::new([
        "model",
        "attempts",
        "tasks",
        "success",
        "p50 [95 % interval]",
        "p80 [95 % interval]",
        "note",
    ]);
    for (_, agent) in measurement.by_horizon() {
        let [p50, p80] = PROBABILITIES.map(|probability| horizon_cell(agent, probability));
        table.row([
            agent.agent.clone(),
            attempts_cell(measurement, agent),
            agent.tasks.to_string(),
            format!("{:.1} %", agent.average * 100.0),
            p50,
            p80,
            note(&measurement.analysis.settings, agent),
        ]);
    }
    let mut text = table.to_string();
    text.push('\n');
    text.push_str(&trend_line(measurement));
    text.push_str(&footing(measurement));
    text
}

/// The attempts that count, and of how many that were planned.
fn attempts_cell(measurement: &Measurement, agent: &AgentSummary) -> String {
    match measurement.coverage.get(&agent.agent) {
        Some(coverage) if !coverage.is_complete() => {
            format!("{} of {}", agent.runs, coverage.planned)
        }
        _ => agent.runs.to_string(),
    }
}

fn horizon_cell(agent: &AgentSummary, probability: f64) -> String {
    let Some(estimate) = estimate_at(agent, probability) else {
        return String::new();
    };
    let range = (agent.shortest_minutes, agent.longest_minutes);
    let show = |horizon| words::bounded_horizon(horizon, range);
    match estimate.replicated.interval {
        Some(interval) => {
            format!(
                "{} [{} – {}]",
                show(estimate.horizon),
                show(interval.low),
                show(interval.high)
            )
        }
        None => show(estimate.horizon),
    }
}

/// Whatever keeps the numbers from being taken at face value.
fn note(settings: &Settings, agent: &AgentSummary) -> String {
    let mut notes: Vec<String> = remark(&agent.fit).map(str::to_owned).into_iter().collect();
    if let Some(estimate) = estimate_at(agent, PROBABILITIES[0]) {
        let is_number = matches!(estimate.horizon, horizon::Horizon::Minutes(_));
        if is_number && matches!(estimate.reach, Reach::BelowShortest | Reach::BeyondLongest) {
            notes.push(format!(
                "p50 extrapolated beyond the tasks: {}",
                words::horizon(estimate.horizon)
            ));
        }
        // Where the fit itself is remarkable, there is nothing more to say.
        if settings.replicates > 0
            && notes.is_empty()
            && let Some(reason) = &estimate.no_interval
        {
            notes.push(format!("no interval: {reason}"));
        }
        if is_number && estimate.replicated.missing > 0 {
            notes.push(format!(
                "{} replicates without a fit",
                estimate.replicated.missing
            ));
        }
    }
    notes.join("; ")
}

fn trend_line(measurement: &Measurement) -> String {
    match &measurement.trend {
        Err(_) if measurement.release_days.is_empty() => {
            "No trend: no model has a release date; give --release-dates FILE.\n".into()
        }
        Err(error) => format!("No trend: {error}.\n"),
        Ok(trend) => {
            let doubling = words::doubling(trend);
            let r_squared = trend
                .line
                .r_squared
                .map(|value| format!(", R² {value:.3}"))
                .unwrap_or_default();
            let fitted: Vec<&str> = trend.fitted().collect();
            format!(
                "Trend{}: p50 {doubling}{r_squared}, through {}.\n",
                window_in_words(trend.window)
                    .map(|window| format!(" of models released {window}"))
                    .unwrap_or_default(),
                fitted.join(", ")
            ) + &fixed(trend)
        }
    }
}

/// How many tasks, and how much of the horizons, rest on estimated human times.
fn reliance_line(measurement: &Measurement) -> String {
    let sources = &measurement.sources;
    let mut line = format!(
        "{} of {} tasks rest on estimated human times",
        sources.estimated, sources.tasks
    );
    if let Some((least, most)) = measurement.estimated_share()
        && sources.estimated > 0
    {
        let _ = write!(
            line,
            ", and {:.0} to {:.0} % of the weight near p50",
            least * 100.0,
            most * 100.0
        );
    }
    if sources.unknown > 0 {
        let _ = write!(
            line,
            "; of {} nobody says where theirs come from",
            sources.unknown
        );
    }
    line + "."
}

/// How much of what was planned the horizons rest on.
fn coverage_line(measurement: &Measurement) -> String {
    let sum = |count: fn(&Coverage) -> usize| measurement.coverage.values().map(count).sum();
    let (planned, scored): (usize, usize) = (sum(|it| it.planned), sum(|it| it.scored));
    match planned == scored {
        true => format!("All {planned} attempts that were planned or begun are scored."),
        false => format!(
            "INCOMPLETE: {scored} of {planned} attempts that were planned or begun are scored; the horizons \
             are those of the rest."
        ),
    }
}

/// Which models of a stitched trend stand still.
fn fixed(trend: &Trend) -> String {
    match trend.fixed.as_slice() {
        [] => String::new(),
        names => format!(
            "Of these, {} are published horizons, fixed in every replicate: the interval knows nothing of \
             theirs.\n",
            names.join(", ")
        ),
    }
}

/// Settings and provenance: no number without them.
fn footing(measurement: &Measurement) -> String {
    let settings = &measurement.analysis.settings;
    let mut text = format!(
        "Weighted logistic fits of {}, λ = {} ({}), weights {}; {} hierarchical bootstrap replicates ({}), seed {}; {} intervals.\n",
        measurement.label.name(),
        settings.lambda.value(),
        settings.lambda.name(),
        settings.weighting.name(),
        settings.replicates,
        measurement.analysis.resampling.name(),
        settings.seed,
        settings.interval.name(),
    );
    let _ = writeln!(text, "{}", reliance_line(measurement));
    let _ = writeln!(text, "{}", coverage_line(measurement));
    let left_out = measurement.left_out.in_words();
    if !left_out.is_empty() {
        let _ = writeln!(text, "Left out: {}.", left_out.join(", "));
    }
    if !measurement.exclusion.is_empty() {
        let _ = writeln!(text, "Excluded: {}.", measurement.exclusion.in_words());
    }
    text
}
