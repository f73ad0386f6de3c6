//! Horizons at a budget from a measurement.

use super::{extent, left_out_note, subtitle};
use crate::figure::{BudgetCurve, BudgetLine, BudgetStep, BudgetUnit};
use crate::measure::{self, Measurement};

impl BudgetCurve {
    /// p50 by what an attempt may take. `source` names the runs.
    pub fn of(
        measurement: &Measurement,
        curves: &[measure::BudgetCurve],
        unit: measure::BudgetUnit,
        source: &str,
    ) -> Self {
        let unknown: usize = curves.iter().map(|curve| curve.unknown).sum();
        let unknown = (unknown > 0).then(|| {
            format!(
                "{unknown} attempts are left out, since it is not known how many {} they took.",
                unit.name()
            )
        });
        let line = |curve: &measure::BudgetCurve| BudgetLine {
            label: curve.model.clone(),
            steps: curve
                .points
                .iter()
                .map(|point| BudgetStep {
                    budget: point.budget,
                    horizon: extent(point.p50),
                })
                .collect(),
        };
        Self {
            title: format!("How far models reach on a budget of {}", unit.name()),
            subtitle: subtitle(measurement, source),
            notes: ["Attempts that took more than the budget count as failures.".to_owned()]
                .into_iter()
                .chain(unknown)
                .chain(left_out_note(measurement))
                .collect(),
            probability: 0.5,
            unit: match unit {
                measure::BudgetUnit::Tokens => BudgetUnit::Tokens,
                measure::BudgetUnit::Dollars => BudgetUnit::Dollars,
            },
            lines: curves.iter().map(line).collect(),
            task_range_minutes: measurement.task_range_minutes(),
        }
    }
}
