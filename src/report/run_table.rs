//! What a run has come to so far, derived from its lines.

use std::collections::BTreeMap;

use serde::Serialize;

use super::TextTable;
use crate::attempt::{Attempt, Outcome};

/// Totals of a run by model.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RunTotals {
    /// By alias.
    pub models: BTreeMap<String, ModelTotals>,
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
}

impl RunTotals {
    /// Adds an attempt.
    pub fn add(&mut self, attempt: &Attempt) {
        let model = self.models.entry(attempt.alias.clone()).or_default();
        match attempt.outcome {
            Outcome::Scored { success, .. } => {
                model.scored += 1;
                model.succeeded += usize::from(success);
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
}
