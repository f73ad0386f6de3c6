//! Reports for programs.

use serde_json::{Map, Value as Json, json};

use super::{Place, Room, subject};
use crate::explore::{Again, Because, EvaluationError, Move, Outcome, Report, Step};
use crate::source::{SourceMap, Span};
use crate::value::Value;

/// A report as one JSON object. Its keys are stable; what does not apply is `null`. Where values are
/// very large, the last ones are cut.
///
/// - `verdict`: [`Outcome::name`]; `holds`: whether everything checked holds, `null` if undecided.
/// - `violated`: name and place of what does not hold; `error`: what could not be evaluated;
///   `limit`: why the search was stopped; `not_checked`: properties beyond the engine.
/// - `distinct_states`, `generated_states`, `states_left`, `depth`, `initial_states`.
/// - `trace`: per state the `action` that led to it, `values` (JSON as of TLC's module Json),
///   `text` (TLA+) and `changed` (names of the variables that changed).
/// - `coverage`, `collision_probability`, `simulation`, `duration_seconds`, `threads`.
#[must_use]
pub fn json(report: &Report, sources: &SourceMap) -> Json {
    let counts = report.counts;
    let place = |span: Span| place(sources, span);
    let mut room = Room::new();
    let steps = report.trace.steps.iter();
    let steps: Vec<_> = steps.map(|shown| step(shown, sources, &mut room)).collect();
    json!({
        "verdict": report.outcome.name(),
        "holds": report.outcome.holds(),
        "violated": match &report.outcome {
            Outcome::PostconditionFalse(index) => json!({ "postcondition": index }),
            outcome => outcome.violated().map_or(Json::Null, |check| json!({
                "name": check.name.as_str(),
                "location": place(check.span),
            })),
        },
        "error": match &report.outcome {
            Outcome::EvaluationError(found) | Outcome::Refused(found) => error(found, sources),
            _ => Json::Null,
        },
        "limit": match report.outcome {
            Outcome::Limit(reason) => Some(reason.name()),
            _ => None,
        },
        "not_checked": match &report.outcome {
            Outcome::Unsupported(properties) => {
                properties.iter().map(|property| property.name.as_str()).collect()
            }
            _ => Vec::new(),
        },
        "distinct_states": counts.distinct,
        "generated_states": counts.generated,
        "states_left": counts.queue,
        "depth": counts.depth,
        "initial_states": {
            "distinct": counts.initial_distinct,
            "generated": counts.initial_generated,
        },
        "trace": steps,
        "trace_flaw": report.trace.flaw,
        "trace_again": report.trace.again.as_ref().map(|again| match again {
            Again::Stutters => json!({ "stutters": true }),
            Again::Back { to, by } => json!({
                "stutters": false,
                "back_to": to,
                "action": by.as_ref().map(|taken| action(taken, sources, &mut room)),
            }),
        }),
        "trace_fairness": report.trace.fairness.iter().map(|fair| json!({
            "kind": if fair.weak { "WF" } else { "SF" },
            "location": place(fair.span),
            "bound": fair.bound.iter().map(|value| text(value, &mut room)).collect::<Vec<_>>(),
            "because": match fair.because {
                Because::Taken(_) => "taken",
                Because::Disabled(_) => "disabled",
                Because::NeverEnabled => "never enabled",
            },
            "state": match fair.because {
                Because::Taken(at) | Because::Disabled(at) => Some(at),
                Because::NeverEnabled => None,
            },
        })).collect::<Vec<_>>(),
        "coverage": {
            "actions": report.coverage.actions.iter().map(|action| json!({
                "name": action.name.as_str(),
                "location": place(action.span),
                "distinct": action.distinct,
                "generated": action.generated,
            })).collect::<Vec<_>>(),
            "expressions": report.coverage.expressions.iter().map(|&(span, count)| json!({
                "location": place(span),
                "count": count,
            })).collect::<Vec<_>>(),
        },
        "collision_probability": {
            "estimated": report.collision.estimated,
            "observed": report.collision.observed,
        },
        "simulation": report.simulation.map(|simulation| json!({
            "seed": simulation.seed,
            "traces": simulation.traces,
        })),
        "duration_seconds": report.duration.as_secs_f64(),
        "threads": report.threads,
    })
}

fn error(error: &EvaluationError, sources: &SourceMap) -> Json {
    json!({
        "message": error.message,
        "in": subject(error),
        "locations": error.places.iter().map(|&span| place(sources, span)).collect::<Vec<_>>(),
    })
}

fn action(taken: &Move, sources: &SourceMap, room: &mut Room) -> Json {
    json!({
        "name": taken.action.as_str(),
        "location": place(sources, taken.span),
        "arguments": taken
            .arguments
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), text(value, room)))
            .collect::<Map<_, _>>(),
    })
}

fn step(step: &Step, sources: &SourceMap, room: &mut Room) -> Json {
    let shown = || step.shown.iter();
    json!({
        "action": step.by.as_ref().map(|taken| action(taken, sources, room)),
        "values": shown()
            .map(|shown| (shown.name.as_str().to_owned(), plain(&shown.value, room)))
            .collect::<Map<_, _>>(),
        "text": shown()
            .map(|shown| (shown.name.as_str().to_owned(), text(&shown.value, room)))
            .collect::<Map<_, _>>(),
        "changed": shown()
            .filter(|shown| shown.changed)
            .map(|shown| shown.name.as_str())
            .collect::<Vec<_>>(),
    })
}

/// What JSON cannot say, or there is no room for, is told as text.
pub(super) fn plain(value: &Value, room: &mut Room) -> Json {
    value
        .to_json(&mut room.nodes)
        .unwrap_or_else(|_| text(value, room))
}

pub(super) fn text(value: &Value, room: &mut Room) -> Json {
    Json::String(room.text(value))
}

pub(super) fn place(sources: &SourceMap, span: Span) -> Json {
    Json::String(Place::new(sources, span).to_string())
}
