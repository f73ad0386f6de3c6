//! Phase 5, where a task asks for it: are the properties that the solver states itself true of the
//! system, and do they tell it from broken ones?
//!
//! A claim is a definition without parameters in `Claims.tla` whose name begins with `Claim`, written
//! over `view` like the task's own properties. Claims that the reference has are measured by the
//! share of the mutants of which some claim is false.

use tla::check::read;
use tla::resolve::InMemory;

use super::super::GradeError;
use super::contract::{Contract, PropertyModule};
use super::phase::{Phase, hidden_part, open_part};
use super::runtime::{Searched, search};
use super::{Budget, spec_of, syntax, wording};
use crate::task::{Answer, ModeledSystem};

/// What the name of a claim begins with.
const CLAIM: &str = "Claim";

/// Most claims that are looked at.
const MAX_CLAIMS: usize = 20;

/// Judges the claims of an answer.
pub(super) fn judge(
    system: &ModeledSystem,
    claims: &str,
    mutants: &[(String, Answer)],
    budget: &Budget<'_>,
) -> Result<Phase, GradeError> {
    let loaded = read(&InMemory::new().with("Claims", claims), "Claims")?;
    let Some(spec) = loaded.spec else {
        let detail = wording::diagnostics(&loaded.diagnostics, loaded.sources());
        return Ok(Phase::failed(open_part("strength/text", 0.0, detail)));
    };
    let root = spec.root.map(|root| spec.module(root));
    let mut names: Vec<&str> = root
        .into_iter()
        .flat_map(|root| &root.scope)
        .filter(|&(_, &id)| spec.definition(id).params.is_empty())
        .map(|(name, _)| name.as_str())
        .filter(|name| name.starts_with(CLAIM))
        .collect();
    names.sort_unstable();
    names.truncate(MAX_CLAIMS);
    if names.is_empty() {
        let detail = format!("the module defines nothing whose name begins with `{CLAIM}`");
        return Ok(Phase::failed(open_part("strength/text", 0.0, detail)));
    }
    let module = PropertyModule {
        name: "Claims",
        text: claims.to_owned(),
    };
    let holds = |text: &str, claims: &[&str]| {
        let contract = Contract::new(system, text, module.clone());
        let bounded = syntax::judge(&contract)?.shape.is_bounded;
        let lines: String = claims
            .iter()
            .map(|claim| format!("PROPERTY {}\n", contract.property(claim)))
            .collect();
        let config = contract.config(bounded, &format!("CHECK_DEADLOCK FALSE\n{lines}"));
        search(&contract, claims, &config, budget.search())
    };
    let reference = Answer::from_files(&system.folder.solution(), &system.deliverables)?;
    let reference = spec_of(&reference);
    let mut parts = Vec::new();
    let mut true_claims = Vec::new();
    let mut undecided = false;
    for claim in names {
        match holds(&reference, &[claim])? {
            Searched::Holds => true_claims.push(claim),
            Searched::Fails(_, text) => parts.push(hidden_part(
                format!("strength/{claim}"),
                0.0,
                format!("is not true of the system: {text}"),
            )),
            Searched::Error(text) => {
                parts.push(open_part(format!("strength/{claim}"), 0.0, text));
            }
            Searched::Undecided(text) => {
                undecided = true;
                parts.push(open_part(format!("strength/{claim}"), 0.0, text));
            }
        }
    }
    let mut survivors = Vec::new();
    for (name, mutant) in mutants {
        let told = !true_claims.is_empty()
            && matches!(holds(&spec_of(mutant), &true_claims)?, Searched::Fails(..));
        if !told {
            survivors.push(name.as_str());
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a handful of mutants")]
    let score = 1.0 - survivors.len() as f64 / mutants.len().max(1) as f64;
    parts.push(hidden_part(
        "strength/mutants",
        score,
        format!("not told from the system: {}", survivors.join(", ")),
    ));
    Ok(Phase {
        score,
        undecided,
        note: wording::counted(true_claims.len(), "true claim"),
        parts,
    })
}
