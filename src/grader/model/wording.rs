//! Steps and findings in words.

use serde_json::Value as Json;
use tla::diagnostic::{Diagnostic, render};
use tla::observe::{Observation, Observed};
use tla::source::SourceMap;
use tla::value::Value;

use super::evidence::Sighting;

/// Most characters of a value.
const VALUE: usize = 400;

/// Most characters of a finding.
const FINDING: usize = 4_000;

/// Most observations that are listed.
const LISTED: usize = 3;

/// Most diagnostics that are shown.
const DIAGNOSTICS: usize = 8;

/// An action with its arguments, as TLA+ writes it.
pub(super) fn call(action: &str, arguments: &[Json]) -> String {
    match arguments.is_empty() {
        true => action.to_owned(),
        false => {
            let values: Vec<String> = arguments.iter().map(value).collect();
            format!("{action}({})", values.join(", "))
        }
    }
}

/// A value that was written as JSON, as TLA+ writes it.
pub(super) fn value(json: &Json) -> String {
    match Value::from_itf(json) {
        Ok(value) => value.display(VALUE).to_string(),
        Err(_) => json.to_string(),
    }
}

/// A window: the step, what is seen before it, what changes, and where it is written.
pub(super) fn window(sighting: &Sighting) -> String {
    let window = &sighting.window;
    format!(
        "{} [{}]\n    before: {}\n    after:  {}",
        call(&window.action, &window.args),
        sighting.place,
        value(&window.before),
        changes(&window.before, &window.after),
    )
}

/// What changes from one observation to another.
pub(super) fn changes(before: &Json, after: &Json) -> String {
    let mut all = Vec::new();
    difference(before, after, "", &mut all);
    match all.is_empty() {
        true => "nothing changes".to_owned(),
        false => all.join(", "),
    }
}

fn difference(before: &Json, after: &Json, place: &str, all: &mut Vec<String>) {
    if before == after {
        return;
    }
    let parts = |json: &Json| -> Option<Vec<(String, Json)>> {
        let object = json.as_object()?;
        match object.get("#map") {
            Some(Json::Array(pairs)) => pairs
                .iter()
                .map(|pair| Some((format!("[{}]", value(pair.get(0)?)), pair.get(1)?.clone())))
                .collect(),
            _ if object.keys().any(|key| key.starts_with('#')) => None,
            _ => Some(
                object
                    .iter()
                    .map(|(key, value)| (format!(".{key}"), value.clone()))
                    .collect(),
            ),
        }
    };
    if let (Some(own), Some(other)) = (parts(before), parts(after)) {
        let keys = |parts: &[(String, Json)]| -> Vec<String> {
            parts.iter().map(|(key, _)| key.clone()).collect()
        };
        if keys(&own) == keys(&other) {
            for ((key, before), (_, after)) in own.iter().zip(&other) {
                difference(before, after, &format!("{place}{key}"), all);
            }
            return;
        }
    }
    let place = place.strip_prefix('.').unwrap_or(place);
    let place = if place.is_empty() { "view" } else { place };
    all.push(format!("{place}: {} -> {}", value(before), value(after)));
}

/// What an action can lead to, as changes of what was seen before.
pub(super) fn possible(observed: &Observed<'_>, before: &Json, all: &[Observation]) -> String {
    let mut texts: Vec<String> = all
        .iter()
        .take(LISTED)
        .filter_map(|&observation| observed.value(observation))
        .filter_map(|value| value.to_itf(&mut { 10_000 }).ok())
        .map(|after| changes(before, &after))
        .collect();
    if all.len() > LISTED {
        texts.push(format!("and {} more", all.len() - LISTED));
    }
    match texts.is_empty() {
        true => "no such step from there".to_owned(),
        false => format!("leads there to {}", texts.join("; or ")),
    }
}

/// An observation, as TLA+ writes it.
pub(super) fn observation(observed: &Observed<'_>, observation: Observation) -> String {
    let value = observed.value(observation);
    value.map_or_else(String::new, |value| value.display(VALUE).to_string())
}

/// Diagnostics with their lines.
pub(super) fn diagnostics(all: &[Diagnostic], sources: &SourceMap) -> String {
    let mut texts: Vec<String> = all
        .iter()
        .take(DIAGNOSTICS)
        .map(|diagnostic| render(diagnostic, sources).trim_end().to_owned())
        .collect();
    if all.len() > DIAGNOSTICS {
        texts.push(format!("and {} more", all.len() - DIAGNOSTICS));
    }
    shortened(&texts.join("\n"))
}

/// A text without its middle, if it is too long.
pub(super) fn shortened(text: &str) -> String {
    let text = text.trim_end();
    let count = text.chars().count();
    if count <= FINDING {
        return text.to_owned();
    }
    let half = FINDING / 2;
    let begin: String = text.chars().take(half).collect();
    let end: String = text.chars().skip(count - half).collect();
    format!(
        "{begin}\n… {} characters left out …\n{end}",
        count - 2 * half
    )
}

/// `1 window`, `3 windows`.
pub(super) fn counted(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{changes, shortened};
    use serde_json::json;

    #[test]
    fn only_what_changes_is_told() {
        let before = json!({"locked": false, "status": {"t1": "idle", "t2": "idle"}, "at": {"#map": [[0, 1], [1, 2]]}});
        let after = json!({"locked": true, "status": {"t1": "idle", "t2": "holding"}, "at": {"#map": [[0, 1], [1, 3]]}});
        assert_eq!(
            changes(&before, &after),
            "at[1]: 2 -> 3, locked: FALSE -> TRUE, status.t2: \"idle\" -> \"holding\""
        );
        assert_eq!(changes(&before, &before), "nothing changes");
        assert_eq!(changes(&json!([1]), &json!([])), "view: <<1>> -> <<>>");
    }

    #[test]
    fn long_texts_lose_their_middle() {
        let text = format!("a{}z", "é".repeat(10_000));
        let short = shortened(&text);
        assert!(short.starts_with('a') && short.ends_with('z') && short.chars().count() < 4_100);
    }
}
