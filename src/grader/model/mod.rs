//! The `model` grader: a model of a system, judged by exploring it.
//!
//! `docs/modeling.md` states the contract. An answer is read (`syntax`), explored (`runtime`), held
//! against what the real system did and cannot do (`conformance`), and against the system's
//! properties (`properties`), each phase only where those before it left something to judge.

mod conformance;
mod contract;
mod evidence;
mod impossible;
mod phase;
mod properties;
mod prove;
mod runtime;
mod strength;
mod syntax;
mod wording;

pub use evidence::IMPOSSIBLE;
pub use impossible::{Impossible, impossible};
pub(super) use prove::prove;

use std::time::{Duration, Instant};

use tla::control::Control;
use tla::explore::{Limits, Options as SearchOptions};
use tla::observe::ask;

use self::conformance::Seen;
use self::contract::Contract;
use self::evidence::Evidence;
use self::phase::Phase;
use self::properties::Checked;
use super::{Checking, GradeError, Part, Verdict};
use crate::task::{Answer, ModeledSystem, Property, SPEC_FILE};

/// Memory that checking an answer may use, in bytes.
const MAX_MEMORY: u64 = 4 << 30;

/// Share of the impossible windows that a successful answer forbids.
const REJECTED_FOR_SUCCESS: f64 = 0.9;

/// Weights of the phases in the score.
const WEIGHTS: [(&str, f64); 4] = [
    ("syntax", 0.15),
    ("runtime", 0.15),
    ("conformance", 0.35),
    ("properties", 0.35),
];

/// What is known of an answer.
struct Judged<'t> {
    /// In the order of [`WEIGHTS`].
    phases: [Phase; 4],
    /// What its graph was asked, if it has one.
    seen: Option<Seen>,
    /// What was found of each property.
    checked: Vec<(&'t Property, Checked)>,
}

/// Judges an answer. Runs for as long as the task's limits allow; to be called where that is fine.
pub(super) fn grade(
    system: &ModeledSystem,
    answer: &Answer,
    mutants: &[(String, Answer)],
    checking: Checking,
) -> Result<Verdict, GradeError> {
    let evidence = Evidence::read(system)?;
    let Some(bytes) = answer.files().get(SPEC_FILE) else {
        return Ok(Verdict {
            score: 0.0,
            success: false,
            undecided: false,
            parts: vec![phase::open_part(
                "syntax",
                0.0,
                format!("no `{SPEC_FILE}` was handed in"),
            )],
        });
    };
    let text = String::from_utf8_lossy(bytes);
    let clock = Instant::now();
    let judged = judge(system, &evidence, &text, checking)?;
    let mut verdict = judged.verdict();
    if let Some(file) = &system.claims {
        let claims = answer.files().get(file);
        let claims = claims.map_or_else(String::new, |bytes| {
            String::from_utf8_lossy(bytes).into_owned()
        });
        let how = || SearchOptions {
            limits: limits(system, system.max_time.saturating_sub(clock.elapsed())),
            threads: checking.threads,
            ..SearchOptions::default()
        };
        verdict.add(
            "strength",
            &strength::judge(system, &claims, mutants, &how)?,
        );
    }
    Ok(verdict)
}

fn judge<'t>(
    system: &'t ModeledSystem,
    evidence: &Evidence,
    text: &str,
    checking: Checking,
) -> Result<Judged<'t>, GradeError> {
    let clock = Instant::now();
    let contract = Contract::new(system, text, evidence.properties.clone());
    let left = || system.max_time.saturating_sub(clock.elapsed());
    let how = |time: Duration| SearchOptions {
        limits: limits(system, time),
        threads: checking.threads,
        ..SearchOptions::default()
    };
    let read = syntax::judge(&contract)?;
    let Some(model) = read.model else {
        return Ok(Judged::without_graph(
            read.phase,
            Phase::not_run("runtime", "syntax"),
            "syntax",
        ));
    };
    let parts = match runtime::explore(&contract, read.is_bounded, how(left()))? {
        Ok(parts) => parts,
        Err(failed) => return Ok(Judged::without_graph(read.phase, failed, "runtime")),
    };
    let fairness = match runtime::fairness(&model, &limits(system, left())) {
        Ok(part) => part,
        Err(failed) => return Ok(Judged::without_graph(read.phase, failed, "runtime")),
    };
    let missing = &read.missing_actions;
    let questions = |observed: &mut tla::observe::Observed<'_>| {
        conformance::ask(&contract, evidence, missing, observed)
    };
    let seen = match ask(&model, &Control::new(), &limits(system, left()), questions) {
        Ok(seen) => seen,
        Err(error) => {
            let failed = runtime::no_answer(error)?;
            return Ok(Judged::without_graph(read.phase, failed, "runtime"));
        }
    };
    let mut checked = Vec::new();
    for property in &system.properties {
        let options = how(left());
        let found = properties::check(
            &contract,
            property,
            &seen.occurring,
            read.is_bounded,
            options,
        )?;
        checked.push((property, found));
    }
    Ok(Judged {
        phases: [
            read.phase,
            runtime::phase(&contract, parts, fairness, &seen),
            seen.phase(),
            properties::phase(&checked),
        ],
        seen: Some(seen),
        checked,
    })
}

fn limits(system: &ModeledSystem, time: Duration) -> Limits {
    Limits {
        states: Some(system.max_states),
        time: Some(time),
        memory_bytes: Some(MAX_MEMORY),
        ..Limits::default()
    }
}

impl Judged<'_> {
    fn without_graph(syntax: Phase, runtime: Phase, reason: &str) -> Self {
        Self {
            phases: [
                syntax,
                runtime,
                Phase::not_run("conformance", reason),
                Phase::not_run("properties", reason),
            ],
            seen: None,
            checked: Vec::new(),
        }
    }

    /// Whether the answer succeeds.
    fn is_success(&self) -> bool {
        let [syntax, runtime, _, properties] = &self.phases;
        let conforms = self.seen.as_ref().is_some_and(|seen| {
            seen.allows_all_observed() && seen.rejected() >= REJECTED_FOR_SUCCESS
        });
        syntax.is_whole() && runtime.is_whole() && conforms && properties.is_whole()
    }

    /// All of it as a verdict: a part for each phase, and the parts of each that lost something.
    fn verdict(&self) -> Verdict {
        let mut verdict = Verdict {
            score: 0.0,
            success: self.is_success(),
            undecided: false,
            parts: Vec::new(),
        };
        let mut score = 0.0;
        for ((name, weight), phase) in WEIGHTS.iter().zip(&self.phases) {
            score += weight * phase.score;
            verdict.add(name, phase);
        }
        // Sums of weights miss 1 by a hair.
        verdict.score = (score * 1e9).round() / 1e9;
        verdict
    }
}

impl Verdict {
    /// Adds a phase, and those of its parts that lost something. The score stays.
    fn add(&mut self, name: &str, phase: &Phase) {
        self.undecided |= phase.undecided;
        self.parts.push(Part {
            name: name.to_owned(),
            score: phase.score,
            detail: match phase.undecided {
                true => "inconclusive".to_owned(),
                false => phase.note.clone(),
            },
            hidden: false,
        });
        let lost = phase.parts.iter().filter(|part| part.score < 1.0);
        self.parts.extend(lost.cloned());
    }
}
