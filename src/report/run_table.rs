//! What a run has come to so far, derived from its lines.

use std::collections::BTreeMap;

use serde::Serialize;

use super::TextTable;
use crate::attempt::{Attempt, Outcome};
use crate::task::Variant;

/// Totals of a run by model.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RunTotals {
    /// By alias.
    pub models: BTreeMap<String, ModelTotals>,
    /// The variants of modelling tasks, by task.
    #[serde(skip)]
    variants: BTreeMap<String, Variant>,
}

/// Totals of one model.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ModelTotals {
    /// Judged attempts.
    pub scored: usize,
    /// Judged attempts that succeeded.
    pub succeeded: usize,
    /// Lines of infrastructure errors, those later made good included.
    pub infra_errors: usize,
    /// Tokens in and out, where reported.
    pub tokens: u64,
    /// US dollars, where reported.
    pub cost_dollars: Option<f64>,
    /// Judged attempts at modelling tasks, by variant.
    pub by_variant: BTreeMap<Variant, Successes>,
}

/// How many of some attempts succeeded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Successes {
    /// Judged attempts.
    pub scored: usize,
    /// Those that succeeded.
    pub succeeded: usize,
}

impl ModelTotals {
    /// The recitation gap: the share of successes at textbook systems less that at twisted ones, if
    /// there were attempts at both.
    #[expect(clippy::cast_precision_loss, reason = "counts of attempts")]
    pub fn recitation_gap(&self) -> Option<f64> {
        let share = |variant| {
            let successes: &Successes = self.by_variant.get(&variant)?;
            Some(successes.succeeded as f64 / successes.scored as f64)
        };
        Some(share(Variant::Textbook)? - share(Variant::Twisted)?)
    }

    /// Successes at tasks of a variant, as `2/3`.
    fn of_variant(&self, variant: Variant) -> String {
        let successes = self.by_variant.get(&variant).copied().unwrap_or_default();
        format!("{}/{}", successes.succeeded, successes.scored)
    }
}

impl RunTotals {
    /// Totals of a run in which these tasks are models of systems.
    pub fn with_variants(variants: BTreeMap<String, Variant>) -> Self {
        Self {
            variants,
            ..Self::default()
        }
    }

    /// Adds an attempt.
    pub fn add(&mut self, attempt: &Attempt) {
        let model = self.models.entry(attempt.alias.clone()).or_default();
        match attempt.outcome {
            Outcome::Scored { success, .. } => {
                model.scored += 1;
                model.succeeded += usize::from(success);
                if let Some(&variant) = self.variants.get(&attempt.task_id) {
                    let successes = model.by_variant.entry(variant).or_default();
                    successes.scored += 1;
                    successes.succeeded += usize::from(success);
                }
            }
            Outcome::InfraError { .. } => model.infra_errors += 1,
            Outcome::Cancelled => {}
        }
        model.tokens += attempt.tokens_count.unwrap_or(0);
        if let Some(dollars) = attempt.generation_cost {
            *model.cost_dollars.get_or_insert(0.0) += dollars;
        }
    }

    /// As a table; `planned` is how many attempts each model is to make.
    pub fn table(&self, planned: usize) -> TextTable {
        let mut table = TextTable::new([
            "model",
            "scored",
            "succeeded",
            "infra errors",
            "tokens",
            "cost",
        ]);
        for (name, totals) in &self.models {
            table.row([
                name.clone(),
                format!("{}/{planned}", totals.scored),
                totals.succeeded.to_string(),
                totals.infra_errors.to_string(),
                totals.tokens.to_string(),
                totals
                    .cost_dollars
                    .map_or("unknown".into(), |dollars| format!("${dollars:.4}")),
            ]);
        }
        table
    }

    /// How far each model recites instead of reading; `None` without attempts at both variants.
    pub fn recitation_table(&self) -> Option<TextTable> {
        let mut table = TextTable::new(["model", "textbook", "twisted", "recitation gap"]);
        let mut any = false;
        for (name, totals) in &self.models {
            if let Some(gap) = totals.recitation_gap() {
                any = true;
                table.row([
                    name.clone(),
                    totals.of_variant(Variant::Textbook),
                    totals.of_variant(Variant::Twisted),
                    format!("{gap:+.2}"),
                ]);
            }
        }
        any.then_some(table)
    }
}
