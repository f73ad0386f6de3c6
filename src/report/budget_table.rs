//! Horizons at a budget, as a table.

use std::fmt::Write as _;

use super::{TextTable, words};
use crate::measure::{BudgetCurve, BudgetUnit};

/// Curves as text: a line a budget, a column a model.
pub fn budget_report(curves: &[BudgetCurve], unit: BudgetUnit) -> String {
    let mut table = TextTable::with_titles(
        std::iter::once(unit.name().to_owned())
            .chain(curves.iter().map(|curve| curve.model.clone())),
    );
    let budgets = curves
        .first()
        .map_or(&[][..], |curve| curve.points.as_slice());
    for (step, point) in budgets.iter().enumerate() {
        let at = |curve: &BudgetCurve| {
            let point = curve.points.get(step);
            point.map_or("–".into(), |point| words::horizon(point.p50))
        };
        let cells = curves.iter().map(at);
        table.row(std::iter::once(amount(point.budget)).chain(cells));
    }
    let mut text = format!(
        "{table}\np50 if every attempt that took more than so many {} had failed.\n",
        unit.name()
    );
    for curve in curves.iter().filter(|curve| curve.unknown > 0) {
        let _ = writeln!(
            text,
            "{}: {} of {} attempts left out, since it is not known what they took.",
            curve.model,
            curve.unknown,
            curve.unknown + curve.attempts
        );
    }
    text
}

/// An amount with three digits that count, in thousands and millions.
fn amount(amount: f64) -> String {
    let (scaled, unit) = match amount {
        amount if amount >= 1e6 => (amount / 1e6, "M"),
        amount if amount >= 1e3 => (amount / 1e3, "k"),
        amount => (amount, ""),
    };
    let digits = match scaled {
        scaled if scaled >= 100.0 => 0,
        scaled if scaled >= 10.0 => 1,
        scaled if scaled >= 1.0 => 2,
        _ => 4,
    };
    format!("{scaled:.digits$}{unit}")
}
