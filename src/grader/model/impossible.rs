//! Making impossible windows: near misses that the real system cannot take.
//!
//! Candidates come from windows of deliberately broken systems, from broken models, and from
//! windows that were seen, bent a little: done elsewhere, done in part, called by another name. What the
//! reference allows or the recording saw is no candidate; the rest is impossible as far as the
//! reference is right, which the proof of a task checks against a complete recording.
//!
//! Both ends of a window are to be observations of the real system: a step to what never occurs is
//! forbidden by any model with sane states, whatever its actions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use tla::control::Control;
use tla::observe::{Around, Observed, QuestionError, RecordedWindow, WindowAnswer, ask, in_order};
use tla::value::Value;

use super::super::{Checking, GradeError};
use super::conformance::asked;
use super::contract::Contract;
use super::evidence::{Call, Evidence, broken};
use super::{Budget, spec_of, syntax};
use crate::task::{ModeledSystem, SPEC_FILE, Task};

/// How impossible windows are chosen.
#[derive(Debug, Clone, Copy)]
pub struct Impossible {
    /// Most windows of one action.
    pub per_action: usize,
    /// Decides which are taken where there are more.
    pub seed: u64,
}

/// An action with fewer windows gets some that end in what never occurs.
const FEWEST: usize = 20;

/// A place in an observation: a field, and a key within it.
type Leaf = (String, Option<String>);

/// What an action changed: leaves with their new values.
type Delta = BTreeMap<Leaf, Json>;

/// The impossible windows of a modelling task, in order of actions and texts.
///
/// # Errors
/// When the task's files cannot be read, or its reference or a mutant cannot be explored.
pub fn impossible(
    task: &Task,
    system: &ModeledSystem,
    how: Impossible,
) -> Result<Vec<RecordedWindow>, GradeError> {
    let evidence = Evidence::read(system)?;
    let reference = task.reference()?;
    let mut candidates = Candidates::default();
    for (name, sightings) in broken(system)? {
        for sighting in sightings {
            candidates.add(sighting.window, &format!("broken: {name}"));
        }
    }
    for (name, answer) in task.mutants()? {
        let windows = with_graph(system, &evidence, &spec_of(&answer), |observed| {
            visible_windows(observed, &evidence.calls())
        })?;
        for window in windows.unwrap_or_default() {
            candidates.add(window, &format!("mutant: {name}"));
        }
    }
    for window in near_misses(&evidence) {
        candidates.add(window, "near miss");
    }
    let seen = known(&evidence);
    candidates.by_text.retain(|text, _| !seen.contains(text));
    let chosen = with_graph(system, &evidence, &spec_of(&reference), |observed| {
        candidates.choose(observed, how)
    })?;
    chosen.ok_or_else(|| GradeError::Evidence {
        place: system
            .folder
            .solution()
            .join(SPEC_FILE)
            .display()
            .to_string(),
        message: "the reference cannot be explored".into(),
    })
}

/// Asks the graph of a specification; `None` if it has none.
pub(super) fn with_graph<T: Send>(
    system: &ModeledSystem,
    evidence: &Evidence,
    text: &str,
    questions: impl FnOnce(&mut Observed<'_>) -> Result<T, QuestionError> + Send,
) -> Result<Option<T>, GradeError> {
    let contract = Contract::new(system, text, evidence.properties.clone());
    let read = syntax::judge(&contract)?;
    let (Some(model), true) = (read.model, read.shape.missing_actions.is_empty()) else {
        return Ok(None);
    };
    let limits = Budget::new(system, Checking::default()).limits();
    Ok(ask(&model, &Control::new(), &limits, questions).ok())
}

/// All visible steps of some calls, as windows.
pub(super) fn visible_windows(
    observed: &mut Observed<'_>,
    calls: &BTreeSet<Call>,
) -> Result<Vec<RecordedWindow>, QuestionError> {
    let mut windows = Vec::new();
    for call in calls {
        for step in observed.visible(&asked(call)?)? {
            let json = |observation| {
                let value = observed.value(observation);
                let json = value.map_or(Ok(Json::Null), |value| value.to_itf(&mut { 100_000 }));
                json.map_err(QuestionError::from)
            };
            windows.push(RecordedWindow {
                before: json(step.before)?,
                action: call.action.clone(),
                args: call.arguments(),
                after: json(step.after)?,
                from: None,
            });
        }
    }
    Ok(windows)
}

/// The text by which windows are told apart.
pub(super) fn identity(window: &RecordedWindow) -> String {
    let mut parts = [
        window.before.clone(),
        window.after.clone(),
        Json::from(window.args.clone()),
    ];
    parts.iter_mut().for_each(in_order);
    let [before, after, arguments] = parts;
    format!("{} {arguments} {before} {after}", window.action)
}

/// The identities of all windows that were seen.
pub(super) fn known(evidence: &Evidence) -> BTreeSet<String> {
    let windows = evidence.windows.iter();
    windows.map(|sighting| identity(&sighting.window)).collect()
}

/// Windows that may be impossible, by their identity.
#[derive(Default)]
struct Candidates {
    by_text: BTreeMap<String, RecordedWindow>,
}

impl Candidates {
    /// Adds a window, unless it changes nothing or is there already.
    fn add(&mut self, mut window: RecordedWindow, from: &str) {
        in_order(&mut window.before);
        in_order(&mut window.after);
        if window.before == window.after {
            return;
        }
        window.from = Some(from.to_owned());
        self.by_text.entry(identity(&window)).or_insert(window);
    }

    /// Those that a reference forbids, as many as wanted of each action: the sources take turns, so
    /// that no mutant is drowned by another or by near misses.
    fn choose(
        &self,
        observed: &mut Observed<'_>,
        how: Impossible,
    ) -> Result<Vec<RecordedWindow>, QuestionError> {
        let mut by_action: BTreeMap<&str, BTreeMap<&str, BTreeMap<[u8; 32], &RecordedWindow>>> =
            BTreeMap::new();
        for (text, window) in &self.by_text {
            let salted = Sha256::new().chain_update(how.seed.to_le_bytes());
            let rank: [u8; 32] = salted.chain_update(text).finalize().into();
            by_action
                .entry(&window.action)
                .or_default()
                .entry(window.from.as_deref().unwrap_or_default())
                .or_default()
                .insert(rank, window);
        }
        let mut chosen = Vec::new();
        for sources in by_action.values_mut() {
            let mut own: Vec<RecordedWindow> = Vec::new();
            // Those that end in what never occurs, for want of better ones.
            let mut strange: Vec<RecordedWindow> = Vec::new();
            while own.len() < how.per_action && !sources.is_empty() {
                for ranked in sources.values_mut() {
                    while own.len() < how.per_action
                        && let Some((_, window)) = ranked.pop_first()
                    {
                        let answer = observed.window(&window.window()?, Around::default())?;
                        if matches!(answer, WindowAnswer::Forbidden(_)) {
                            let after = Value::from_itf(&window.after)?;
                            match observed.find(&after)? {
                                Some(_) => {
                                    own.push(window.clone());
                                    break;
                                }
                                None => strange.push(window.clone()),
                            }
                        }
                    }
                }
                sources.retain(|_, ranked| !ranked.is_empty());
            }
            let wanted = how.per_action.min(FEWEST).saturating_sub(own.len());
            own.extend(strange.into_iter().take(wanted));
            own.sort_by_cached_key(identity);
            chosen.extend(own);
        }
        Ok(chosen)
    }
}

/// Windows that were seen, bent a little.
fn near_misses(evidence: &Evidence) -> Vec<RecordedWindow> {
    let windows: Vec<&RecordedWindow> = evidence.windows.iter().map(|it| &it.window).collect();
    let mut befores: BTreeMap<String, &Json> = BTreeMap::new();
    let mut deltas: BTreeMap<Call, BTreeSet<String>> = BTreeMap::new();
    let mut delta_of: BTreeMap<String, Delta> = BTreeMap::new();
    let mut bent = Vec::new();
    for window in &windows {
        befores.insert(window.before.to_string(), &window.before);
        let Some(delta) = delta(&window.before, &window.after) else {
            continue;
        };
        // Done in part: one of several changes is left out.
        if delta.len() > 1 {
            for leaf in delta.keys() {
                let mut partial = delta.clone();
                partial.remove(leaf);
                bent.extend(
                    applied(&partial, &window.before).map(|after| RecordedWindow {
                        after,
                        ..(*window).clone()
                    }),
                );
            }
        }
        let text = format!("{delta:?}");
        let call = Call::new(&window.action, &window.args);
        deltas.entry(call).or_default().insert(text.clone());
        delta_of.insert(text, delta);
    }
    // Done by somebody else, or called by another name.
    for window in &windows {
        for call in deltas.keys() {
            let arguments = call.arguments();
            if call.action != window.action || arguments != window.args {
                bent.push(RecordedWindow {
                    action: call.action.clone(),
                    args: arguments,
                    ..(*window).clone()
                });
            }
        }
    }
    // Done elsewhere: the same changes where something else was seen before.
    for (call, texts) in &deltas {
        for delta in texts.iter().filter_map(|text| delta_of.get(text)) {
            for before in befores.values() {
                bent.extend(applied(delta, before).map(|after| RecordedWindow {
                    before: (*before).clone(),
                    action: call.action.clone(),
                    args: call.arguments(),
                    after,
                    from: None,
                }));
            }
        }
    }
    bent
}

/// The leaves in which two observations differ; `None` if they have different shapes.
fn delta(before: &Json, after: &Json) -> Option<Delta> {
    let (before, after) = (leaves(before)?, leaves(after)?);
    if !before.keys().eq(after.keys()) {
        // A key that comes or goes is a change of the whole field.
        return None;
    }
    Some(
        after
            .into_iter()
            .filter(|(leaf, value)| before.get(leaf) != Some(value))
            .collect(),
    )
}

/// An observation as its leaves: fields, and entries of fields that are functions.
fn leaves(observation: &Json) -> Option<Delta> {
    let mut all = Delta::new();
    for (field, value) in observation.as_object()? {
        match entries(value) {
            Some(entries) => all.extend(
                entries
                    .into_iter()
                    .map(|(key, value)| ((field.clone(), Some(key)), value)),
            ),
            None => {
                all.insert((field.clone(), None), value.clone());
            }
        }
    }
    Some(all)
}

/// The entries of a function, by the texts of their keys.
fn entries(value: &Json) -> Option<Vec<(String, Json)>> {
    let object = value.as_object()?;
    match object.get("#map") {
        Some(Json::Array(pairs)) => pairs
            .iter()
            .map(|pair| Some((pair.get(0)?.to_string(), pair.get(1)?.clone())))
            .collect(),
        _ if object.keys().any(|key| key.starts_with('#')) => None,
        _ => Some(
            object
                .iter()
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        ),
    }
}

/// An observation with some leaves changed; `None` if it does not have them, or they change nothing.
fn applied(delta: &Delta, before: &Json) -> Option<Json> {
    let mut after = before.clone();
    for ((field, key), value) in delta {
        let place = after.as_object_mut()?.get_mut(field)?;
        let place = match key {
            None => place,
            Some(key) => match place.get("#map").is_some() {
                true => {
                    let pairs = place.get_mut("#map")?.as_array_mut()?;
                    let mut own = pairs.iter_mut();
                    own.find(|pair| pair.get(0).map(Json::to_string).as_ref() == Some(key))?
                        .get_mut(1)?
                }
                false => place.as_object_mut()?.get_mut(key)?,
            },
        };
        *place = value.clone();
    }
    (after != *before).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_delta_applied_elsewhere_changes_only_its_leaves() {
        let before = json!({"a": false, "f": {"x": 1, "y": 1}, "m": {"#map": [[0, 5], [1, 6]]}});
        let after = json!({"a": true, "f": {"x": 1, "y": 2}, "m": {"#map": [[0, 5], [1, 7]]}});
        let found = delta(&before, &after).unwrap();
        assert_eq!(found.len(), 3);
        let other = json!({"a": false, "f": {"x": 9, "y": 9}, "m": {"#map": [[0, 8], [1, 8]]}});
        assert_eq!(
            applied(&found, &other).unwrap(),
            json!({"a": true, "f": {"x": 9, "y": 2}, "m": {"#map": [[0, 8], [1, 7]]}})
        );
        assert_eq!(applied(&found, &after), None);
    }

    #[test]
    fn shapes_that_differ_have_no_delta() {
        assert_eq!(
            delta(&json!({"f": {"x": 1}}), &json!({"f": {"y": 1}})),
            None
        );
        assert_eq!(delta(&json!(1), &json!(2)), None);
    }
}
