//! What a modelling task must be beyond what every task must be.

use std::collections::BTreeSet;

use super::evidence::{Evidence, IMPOSSIBLE, WINDOWS};
use super::impossible::{identity, known, visible_windows, with_graph};
use super::properties::Checked;
use super::{Budget, judge, spec_of};
use crate::grader::{Checking, Finding, GradeError};
use crate::task::{ModeledSystem, Task};

/// Most windows that a finding names.
const NAMED: usize = 3;

/// Says how the recording of a task was made, below `tests/`.
const RECORDING: &str = "recording.json";

/// Everything that speaks against a modelling task as such. How many answers were judged is added to
/// `graded`.
pub(in crate::grader) fn prove(
    task: &Task,
    system: &ModeledSystem,
    checking: Checking,
    graded: &mut usize,
) -> Result<Vec<Finding>, GradeError> {
    let mut findings = Findings::default();
    findings.interface(task, system);
    let evidence = Evidence::read(system)?;
    let seen = known(&evidence);
    findings.evidence(system, &evidence, &seen);
    let reference = task.reference()?;
    let mut broken_properties: BTreeSet<&str> = BTreeSet::new();
    let mutants = task.mutants()?;
    for (name, mutant) in &mutants {
        let budget = Budget::new(system, checking);
        let judged = judge(system, &evidence, &spec_of(mutant), &budget)?;
        *graded += 1;
        let verdict = judged.verdict();
        if verdict.success {
            findings.add("mutants", format!("`{name}` passes with {}", verdict.score));
        }
        for (property, checked) in &judged.checked {
            if matches!(checked, Checked::Fails(_)) {
                broken_properties.insert(&property.name);
            }
        }
    }
    for property in &system.properties {
        if !broken_properties.contains(property.name.as_str()) {
            findings.add(
                "properties",
                format!(
                    "`{}` holds of every mutant too; it may be true of everything",
                    property.name
                ),
            );
        }
    }
    let calls = evidence.calls();
    let visible = with_graph(system, &evidence, &spec_of(&reference), |observed| {
        visible_windows(observed, &calls)
    })?;
    if let Some(visible) = visible {
        let visible: BTreeSet<String> = visible.iter().map(identity).collect();
        if is_complete(system)? {
            findings.windows(
                "recording",
                "is a step of the reference, but was never seen on the real system",
                visible.difference(&seen),
            );
        }
    }
    Ok(findings.all)
}

/// Whether the recording says that it has every window there is.
fn is_complete(system: &ModeledSystem) -> Result<bool, GradeError> {
    let path = system.folder.tests().join(RECORDING);
    let broken = |message: String| GradeError::Evidence {
        place: path.display().to_string(),
        message,
    };
    let text = std::fs::read_to_string(&path)
        .map_err(|error| broken(format!("cannot be read: {error}")))?;
    let json: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| broken(error.to_string()))?;
    json.get("complete")
        .and_then(serde_json::Value::as_bool)
        .ok_or_else(|| broken("does not say whether it is `complete`".into()))
}

#[derive(Default)]
struct Findings {
    all: Vec<Finding>,
}

impl Findings {
    fn add(&mut self, demand: &'static str, message: String) {
        self.all.push(Finding { demand, message });
    }

    fn windows<'w>(
        &mut self,
        demand: &'static str,
        what: &str,
        windows: impl Iterator<Item = &'w String>,
    ) {
        let all: Vec<&String> = windows.collect();
        for window in all.iter().take(NAMED) {
            self.add(demand, format!("{window} {what}"));
        }
        if all.len() > NAMED {
            let more = all.len() - NAMED;
            self.add(demand, format!("{more} more windows like that"));
        }
    }

    /// The instruction names all that the contract demands.
    fn interface(&mut self, task: &Task, system: &ModeledSystem) {
        let observables = system.observables.iter().map(|it| it.name.as_str());
        let actions = system.actions.iter().map(|it| it.name.as_str());
        let constants = system.constants.keys().map(String::as_str);
        let fixed = ["Init", "Next", "Spec", "View", "Bound"];
        for name in observables.chain(actions).chain(constants).chain(fixed) {
            if !task.instruction.contains(name) {
                self.add(
                    "instruction",
                    format!("instruction.md never names `{name}`"),
                );
            }
        }
    }

    /// Every action was seen, and has windows that it cannot take.
    fn evidence(&mut self, system: &ModeledSystem, evidence: &Evidence, seen: &BTreeSet<String>) {
        for action in &system.actions {
            for (file, windows) in [
                (WINDOWS, &evidence.windows),
                (IMPOSSIBLE, &evidence.impossible),
            ] {
                let mut own = windows.iter().map(|sighting| &sighting.window.action);
                if !own.any(|name| *name == action.name) {
                    self.add(
                        "windows",
                        format!("tests/{file} has no window of `{}`", action.name),
                    );
                }
            }
        }
        if evidence.traces.is_empty() {
            self.add("windows", "tests/traces holds no whole run".into());
        }
        let impossible: BTreeSet<String> = evidence
            .impossible
            .iter()
            .map(|sighting| identity(&sighting.window))
            .collect();
        self.windows(
            "impossible",
            "is called impossible, but was seen",
            impossible.intersection(seen),
        );
    }
}
