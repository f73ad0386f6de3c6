//! The `model` grader: a model of a system, judged by exploring it.
//!
//! `docs/modeling.md` states the contract. An answer is read (`syntax`), explored (`runtime`), held
//! against what the real system did and cannot do (`conformance`), and against the system's
//! properties (`properties`), each phase only where those before it left something to judge
//! (`judged`). Where it is asked for, the solver's own properties are measured too (`strength`).

mod agreement;
mod conformance;
mod contract;
mod evidence;
mod impossible;
mod judged;
mod phase;
mod properties;
mod prove;
mod runtime;
mod strength;
mod syntax;
mod tlc;
mod wording;

pub use evidence::IMPOSSIBLE;
pub use impossible::{Impossible, impossible};
pub(super) use prove::prove;

use std::time::{Duration, Instant};

use tla::explore::{Limits, Options as SearchOptions};

use self::contract::Contract;
use self::evidence::Evidence;
use self::judged::Judged;
use super::{Checker, Checking, GradeError, Part, Verdict};
use crate::task::{Answer, ModeledSystem, SPEC_FILE};

/// Memory that checking an answer may use, in bytes.
const MAX_MEMORY: u64 = 4 << 30;

/// Judges an answer. Runs for as long as the task's limits allow; to be called where that is fine.
pub(super) fn grade(
    system: &ModeledSystem,
    answer: &Answer,
    mutants: &[(String, Answer)],
    checking: Checking,
) -> Result<Verdict, GradeError> {
    let evidence = Evidence::read(system)?;
    let Some(text) = text_of(answer, SPEC_FILE) else {
        let detail = format!("no `{SPEC_FILE}` was handed in");
        return Ok(Verdict {
            score: 0.0,
            success: false,
            undecided: false,
            parts: vec![phase::open_part("syntax", 0.0, detail)],
        });
    };
    let budget = Budget::new(system, checking);
    let mut verdict = judge(system, &evidence, &text, &budget)?.verdict();
    if let Some(file) = &system.claims {
        let claims = text_of(answer, file).unwrap_or_default();
        let phase = strength::judge(system, &claims, mutants, &budget)?;
        verdict.add("strength", &phase);
    }
    Ok(verdict)
}

/// Judges a specification with the checkers that were asked for.
fn judge<'t>(
    system: &'t ModeledSystem,
    evidence: &Evidence,
    text: &str,
    budget: &Budget<'_>,
) -> Result<Judged<'t>, GradeError> {
    let contract = Contract::new(system, text, evidence.properties.clone());
    let mut judged = Judged::by_engine(&contract, evidence, budget)?;
    let checker = budget.checking.checker;
    if checker != Checker::Engine && judged.can_be_asked_of_tlc() {
        let facts = tlc::facts(&contract, evidence, &judged.shape)?;
        let differences = judged.differences(&facts);
        if checker == Checker::Tlc {
            judged.follow(&facts, evidence);
        } else if !differences.is_empty() {
            return Err(GradeError::Disagreement(differences.join("; ")));
        }
    }
    Ok(judged)
}

/// What all checks of one answer may take together.
struct Budget<'t> {
    system: &'t ModeledSystem,
    checking: Checking,
    begun: Instant,
}

impl<'t> Budget<'t> {
    /// One that begins now.
    fn new(system: &'t ModeledSystem, checking: Checking) -> Self {
        Self {
            system,
            checking,
            begun: Instant::now(),
        }
    }

    /// What is left of it.
    fn limits(&self) -> Limits {
        let left: Duration = self.system.max_time.saturating_sub(self.begun.elapsed());
        Limits {
            states: Some(self.system.max_states),
            time: Some(left),
            memory_bytes: Some(MAX_MEMORY),
            ..Limits::default()
        }
    }

    /// How to search within what is left of it.
    fn search(&self) -> SearchOptions<'static> {
        SearchOptions {
            limits: self.limits(),
            threads: self.checking.threads,
            ..SearchOptions::default()
        }
    }
}

/// The text of a file of an answer.
fn text_of(answer: &Answer, file: &str) -> Option<String> {
    let bytes = answer.files().get(file)?;
    Some(String::from_utf8_lossy(bytes).into_owned())
}

/// The specification of an answer; an empty text if there is none.
fn spec_of(answer: &Answer) -> String {
    text_of(answer, SPEC_FILE).unwrap_or_default()
}

impl Verdict {
    /// Adds a phase, and those of its parts that lost something. The score stays.
    fn add(&mut self, name: &str, phase: &phase::Phase) {
        self.undecided |= phase.undecided;
        // A phase that was not looked at has one part, which says why.
        let of_itself = phase.parts.iter().find(|part| part.name == name);
        self.parts.push(Part {
            name: name.to_owned(),
            score: phase.score,
            detail: match phase.undecided {
                true => "inconclusive".to_owned(),
                false => of_itself.map_or(&phase.note, |part| &part.detail).clone(),
            },
            hidden: false,
        });
        let lost = phase.parts.iter().filter(|part| part.score < 1.0);
        self.parts
            .extend(lost.filter(|part| part.name != name).cloned());
    }
}
