//! Phase 3: does it do what the real system did, and nothing that the real system cannot do?

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use tla::observe::{Around, Call as Asked, Observed, QuestionError, TraceAnswer, WindowAnswer};
use tla::symbol::Symbol;
use tla::value::Value;

use super::contract::Contract;
use super::evidence::{Call, Evidence, Run, Sighting};
use super::phase::{Phase, hidden_part};
use super::wording;

/// Most windows of one action that are shown on each side.
const SHOWN: usize = 2;

/// How many of something were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    pub(super) met: usize,
    pub(super) all: usize,
}

impl Tally {
    fn count(&mut self, met: bool) {
        self.all += 1;
        self.met += usize::from(met);
    }

    fn and(self, other: Self) -> Self {
        Self {
            met: self.met + other.met,
            all: self.all + other.all,
        }
    }

    /// The share that was met, if there are any.
    #[expect(clippy::cast_precision_loss, reason = "numbers of windows")]
    pub(super) fn share(self) -> Option<f64> {
        (self.all > 0).then(|| self.met as f64 / self.all as f64)
    }

    /// Whether all were met.
    pub(super) fn is_whole(self) -> bool {
        self.met == self.all
    }
}

/// What is known of one action.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct OfAction {
    /// Observed windows, and those that are allowed.
    pub(super) windows: Tally,
    /// Whole runs in which the action was judged, and those that did not fail at it.
    pub(super) traces: Tally,
    /// Impossible windows, and those that are forbidden.
    pub(super) impossible: Tally,
    /// What was lost, in words.
    pub(super) losses: Vec<String>,
}

impl OfAction {
    /// The share of what was observed that is allowed.
    pub(super) fn accepted(&self) -> f64 {
        self.windows.and(self.traces).share().unwrap_or(0.0)
    }

    /// The share of what is impossible that is forbidden.
    pub(super) fn rejected(&self) -> f64 {
        self.impossible.share().unwrap_or(1.0)
    }

    /// max(0, a + r − 1).
    pub(super) fn score(&self) -> f64 {
        (self.accepted() + self.rejected() - 1.0).max(0.0)
    }
}

/// What was found out by asking an answer's graph.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Actions that occur.
    pub(super) occurring: BTreeSet<String>,
    /// A step that is seen and has no name, in words.
    pub(super) unnamed: Option<String>,
    /// An observation beyond the bound that is new there.
    pub(super) only_beyond: Option<String>,
    /// By action.
    pub(super) actions: BTreeMap<String, OfAction>,
    /// Whether each window is allowed: first those that were seen, then the impossible ones.
    pub(super) allowed: Vec<bool>,
    /// Whether each run is allowed.
    pub(super) runs: Vec<bool>,
    /// How many states there are.
    pub(super) states: usize,
}

/// Asks everything that there is to ask of an answer.
pub(super) fn ask(
    contract: &Contract<'_>,
    evidence: &Evidence,
    missing: &[String],
    observed: &mut Observed<'_>,
) -> Result<Seen, QuestionError> {
    observed.needs_all()?;
    let mut seen = Seen {
        states: observed.states(),
        ..Seen::default()
    };
    for action in &contract.system.actions {
        seen.actions
            .insert(action.name.clone(), OfAction::default());
    }
    let has = |action: &str| !missing.iter().any(|name| name == action);
    for sighting in &evidence.windows {
        let allowed = has(&sighting.window.action) && window(observed, sighting, &mut seen, true)?;
        seen.of(&sighting.window.action).windows.count(allowed);
        seen.allowed.push(allowed);
        if allowed {
            seen.occurring.insert(sighting.window.action.clone());
        }
    }
    for sighting in &evidence.impossible {
        let allowed = has(&sighting.window.action) && window(observed, sighting, &mut seen, false)?;
        seen.of(&sighting.window.action).impossible.count(!allowed);
        seen.allowed.push(allowed);
    }
    for run in &evidence.traces {
        trace(observed, run, missing, &mut seen)?;
    }
    let mut calls = Vec::new();
    for call in evidence
        .calls()
        .into_iter()
        .filter(|call| has(&call.action))
    {
        calls.push((call.clone(), asked(&call)?));
    }
    for (call, asked) in &calls {
        if !seen.occurring.contains(&call.action) && observed.occurs(asked)? {
            seen.occurring.insert(call.action.clone());
        }
    }
    let asked: Vec<Asked> = calls.into_iter().map(|(_, asked)| asked).collect();
    if let Some((step, name)) = observed.unnamed(&asked)? {
        let json = |observation| {
            let value: Option<&Value> = observed.value(observation);
            value.and_then(|value| value.to_itf(&mut { 10_000 }).ok())
        };
        let before = json(step.before).unwrap_or(Json::Null);
        let after = json(step.after).unwrap_or(Json::Null);
        seen.unnamed = Some(format!(
            "{name}\n    before: {}\n    after:  {}",
            wording::value(&before),
            wording::changes(&before, &after)
        ));
    }
    seen.only_beyond = observed
        .seen_only_beyond()
        .map(|observation| wording::observation(observed, observation));
    Ok(seen)
}

/// A call with values of the model that is asked.
pub(super) fn asked(call: &Call) -> Result<Asked, QuestionError> {
    let arguments = call.arguments();
    Ok(Asked {
        action: Symbol::new(&call.action),
        arguments: arguments
            .iter()
            .map(Value::from_itf)
            .collect::<Result<_, _>>()?,
    })
}

/// Whether a window is allowed; notes it if it `should` not be.
fn window(
    observed: &mut Observed<'_>,
    sighting: &Sighting,
    seen: &mut Seen,
    should: bool,
) -> Result<bool, QuestionError> {
    // Internal steps before a step lead to states that look the same and are asked as well.
    let answer = observed.window(&sighting.window.window()?, Around::default())?;
    let allowed = answer.is_allowed();
    if allowed != should {
        let step = wording::window(sighting);
        let text = match answer {
            // The grader asks only what was explored in full.
            WindowAnswer::Undecided => format!("undecided: {step}"),
            WindowAnswer::Allowed => format!("allowed, but impossible: {step}"),
            WindowAnswer::Unreachable => {
                format!(
                    "seen, but not allowed: {step}\n    model:  never gets to a state like that before"
                )
            }
            WindowAnswer::Forbidden(possible) => {
                let before = &sighting.window.before;
                let possible = wording::possible(observed, before, &possible);
                format!("seen, but not allowed: {step}\n    model:  {possible}")
            }
        };
        let losses = &mut seen.of(&sighting.window.action).losses;
        let same_kind = |loss: &&String| loss.starts_with(if should { "seen" } else { "allowed" });
        if losses.iter().filter(same_kind).count() < SHOWN {
            losses.push(text);
        }
    }
    Ok(allowed)
}

/// Judges a whole run: every action in it up to where it fails.
fn trace(
    observed: &mut Observed<'_>,
    run: &Run,
    missing: &[String],
    seen: &mut Seen,
) -> Result<(), QuestionError> {
    let events = &run.trace.events;
    let known = events
        .iter()
        .take_while(|(_, event)| !missing.contains(&event.action));
    let known: Vec<_> = known
        .map(|(_, event)| event.event())
        .collect::<Result<_, _>>()?;
    let first = Value::from_itf(&run.trace.first)?;
    let answer = observed.trace(&first, &known, true)?;
    let before = |event: usize| match event.checked_sub(1).and_then(|at| events.get(at)) {
        Some((_, event)) => &event.after,
        None => &run.trace.first,
    };
    let (judged, failing) = match &answer {
        TraceAnswer::Allowed if known.len() == events.len() => (events.len(), None),
        TraceAnswer::Allowed => (
            known.len() + 1,
            Some((known.len(), "no such action".into())),
        ),
        TraceAnswer::NoStart(_) => {
            // Nothing of it can be judged but that it cannot begin.
            let first = wording::value(&run.trace.first);
            (1, Some((0, format!("no initial state looks like {first}"))))
        }
        TraceAnswer::Fails {
            event, possible, ..
        } => {
            let possible = wording::possible(observed, before(*event), possible);
            (event + 1, Some((*event, possible)))
        }
    };
    seen.runs.push(failing.is_none());
    let judged: BTreeSet<&str> = events
        .iter()
        .take(judged)
        .map(|(_, event)| event.action.as_str())
        .collect();
    let fails_at = failing
        .as_ref()
        .and_then(|(event, _)| events.get(*event))
        .map(|(_, event)| event.action.as_str());
    for action in judged {
        seen.of(action).traces.count(Some(action) != fails_at);
    }
    if let Some((event, why)) = failing
        && let Some((line, happened)) = events.get(event)
    {
        let text = format!(
            "a run fails here: {} [{}:{line}]\n    before: {}\n    after:  {}\n    model:  {why}",
            wording::call(&happened.action, &happened.args),
            run.file,
            wording::value(before(event)),
            wording::changes(before(event), &happened.after),
        );
        let losses = &mut seen.of(&happened.action).losses;
        if !losses.iter().any(|loss| loss.starts_with("a run")) {
            losses.push(text);
        }
    }
    Ok(())
}

impl Seen {
    fn of(&mut self, action: &str) -> &mut OfAction {
        self.actions.entry(action.to_owned()).or_default()
    }

    /// Counts windows again, by another's word on each.
    pub(super) fn follow(&mut self, evidence: &Evidence, allowed: &[bool]) {
        for action in self.actions.values_mut() {
            action.windows = Tally::default();
            action.impossible = Tally::default();
        }
        let seen = evidence.windows.len();
        let all = evidence.windows.iter().chain(&evidence.impossible);
        for (number, (sighting, &allowed)) in all.zip(allowed).enumerate() {
            let action = self.of(&sighting.window.action);
            match number < seen {
                true => action.windows.count(allowed),
                false => action.impossible.count(!allowed),
            }
        }
        self.allowed = allowed.to_vec();
    }

    /// Whether everything that was observed is allowed.
    pub(super) fn allows_all_observed(&self) -> bool {
        let mut all = self.actions.values();
        all.all(|action| action.windows.is_whole() && action.traces.is_whole())
    }

    /// The share of all impossible windows that are forbidden.
    pub(super) fn rejected(&self) -> f64 {
        let all = self.actions.values().map(|action| action.impossible);
        all.fold(Tally::default(), Tally::and)
            .share()
            .unwrap_or(1.0)
    }

    /// The phase.
    pub(super) fn phase(&self) -> Phase {
        let parts = self
            .actions
            .iter()
            .map(|(name, action)| {
                let counts = format!(
                    "allows {} of {}, {} of {}; forbids {} of {}",
                    action.windows.met,
                    wording::counted(action.windows.all, "observed window"),
                    action.traces.met,
                    wording::counted(action.traces.all, "run"),
                    action.impossible.met,
                    wording::counted(action.impossible.all, "impossible window"),
                );
                let detail: Vec<&str> = std::iter::once(counts.as_str())
                    .chain(action.losses.iter().map(String::as_str))
                    .collect();
                hidden_part(
                    format!("conformance/{name}"),
                    action.score(),
                    wording::shortened(&detail.join("\n  ")),
                )
            })
            .collect();
        Phase::mean(parts)
    }
}
