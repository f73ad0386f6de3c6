//! The phases of one answer, and what they come to.

use tla::control::Control;
use tla::observe::{Observed, ask};

use super::super::{GradeError, Verdict};
use super::conformance::{self, Seen};
use super::contract::Contract;
use super::evidence::Evidence;
use super::phase::Phase;
use super::properties::{self, Checked};
use super::syntax::Shape;
use super::{Budget, runtime, syntax};
use crate::task::Property;

/// Share of the impossible windows that a successful answer forbids.
const REJECTED_FOR_SUCCESS: f64 = 0.9;

/// What is known of an answer.
pub(super) struct Judged<'t> {
    pub(super) syntax: Phase,
    pub(super) runtime: Phase,
    pub(super) conformance: Phase,
    pub(super) properties: Phase,
    /// What its graph was asked, if it has one.
    pub(super) seen: Option<Seen>,
    /// What was found of each property.
    pub(super) checked: Vec<(&'t Property, Checked)>,
    /// What it defines.
    pub(super) shape: Shape,
}

impl<'t> Judged<'t> {
    /// Judges an answer with the engine.
    pub(super) fn by_engine(
        contract: &Contract<'t>,
        evidence: &Evidence,
        budget: &Budget<'_>,
    ) -> Result<Self, GradeError> {
        let read = syntax::judge(contract)?;
        let mut judged = Self {
            syntax: read.phase,
            runtime: Phase::not_run("runtime", "syntax"),
            conformance: Phase::not_run("conformance", "syntax"),
            properties: Phase::not_run("properties", "syntax"),
            seen: None,
            checked: Vec::new(),
            shape: read.shape,
        };
        let Some(model) = read.model else {
            return Ok(judged);
        };
        judged.conformance = Phase::not_run("conformance", "runtime");
        judged.properties = Phase::not_run("properties", "runtime");
        let is_bounded = judged.shape.is_bounded;
        let parts = match runtime::explore(contract, is_bounded, budget.search())? {
            Ok(parts) => parts,
            Err(failed) => {
                judged.runtime = failed;
                return Ok(judged);
            }
        };
        let fairness = match runtime::fairness(&model, &budget.limits()) {
            Ok(part) => part,
            Err(failed) => {
                judged.runtime = failed;
                return Ok(judged);
            }
        };
        let missing = &judged.shape.missing_actions;
        let questions =
            |observed: &mut Observed<'_>| conformance::ask(contract, evidence, missing, observed);
        let seen = match ask(&model, &Control::new(), &budget.limits(), questions) {
            Ok(seen) => seen,
            Err(error) => {
                judged.runtime = runtime::no_answer(error)?;
                return Ok(judged);
            }
        };
        for property in &contract.system.properties {
            let how = budget.search();
            let found = properties::check(contract, property, &seen.occurring, is_bounded, how)?;
            judged.checked.push((property, found));
        }
        judged.runtime = runtime::phase(contract, parts, fairness, &seen);
        judged.conformance = seen.phase();
        judged.properties = properties::phase(&judged.checked);
        judged.seen = Some(seen);
        Ok(judged)
    }

    /// Whether the answer succeeds.
    fn is_success(&self) -> bool {
        let conforms = self.seen.as_ref().is_some_and(|seen| {
            seen.allows_all_observed() && seen.rejected() >= REJECTED_FOR_SUCCESS
        });
        let whole = [&self.syntax, &self.runtime, &self.properties];
        conforms && whole.into_iter().all(Phase::is_whole)
    }

    /// All of it as a verdict: a part for each phase, and the parts of each that lost something.
    pub(super) fn verdict(&self) -> Verdict {
        let mut verdict = Verdict {
            score: 0.0,
            success: self.is_success(),
            undecided: false,
            parts: Vec::new(),
        };
        let weighed = [
            ("syntax", 0.15, &self.syntax),
            ("runtime", 0.15, &self.runtime),
            ("conformance", 0.35, &self.conformance),
            ("properties", 0.35, &self.properties),
        ];
        let mut score = 0.0;
        for (name, weight, phase) in weighed {
            score += weight * phase.score;
            verdict.add(name, phase);
        }
        // Sums of weights miss 1 by a hair.
        verdict.score = (score * 1e9).round() / 1e9;
        verdict
    }
}
