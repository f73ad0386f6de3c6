//! A logarithmic axis of tokens or dollars.

use super::budget::BudgetUnit;
use super::error::FigureError;
use super::font::{self, Weight};

/// Budgets from left to right.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BudgetAxis {
    unit: BudgetUnit,
    low: f64,
    high: f64,
    left_px: f64,
    right_px: f64,
}

/// No axis reaches beyond these.
const FIRST: f64 = 1e-6;
const LAST: f64 = 1e15;

impl BudgetAxis {
    /// An axis that shows all `budgets`, with a factor of two to spare at the right, where the last
    /// step goes on.
    pub(crate) fn around(
        unit: BudgetUnit,
        budgets: impl Iterator<Item = f64>,
        (left_px, right_px): (f64, f64),
    ) -> BudgetAxis {
        let ends = budgets.fold(None, |ends: Option<(f64, f64)>, budget| {
            let budget = budget.clamp(FIRST, LAST);
            let (low, high) = ends.unwrap_or((budget, budget));
            Some((low.min(budget), high.max(budget)))
        });
        let (low, high) = ends.unwrap_or((1.0, 1000.0));
        BudgetAxis {
            unit,
            low: low / 1.25,
            high: (high * 2.0).max(low * 10.0),
            left_px,
            right_px,
        }
    }

    /// Where a budget is, at the edge if it is off the axis.
    pub(crate) fn place(&self, budget: f64) -> f64 {
        let share = (budget / self.low).ln() / (self.high / self.low).ln();
        self.left_px + share.clamp(0.0, 1.0) * (self.right_px - self.left_px)
    }

    /// Budgets with their labels: 1, 2 and 5 times powers of ten as far as there is room, else the
    /// powers alone, else every second, third or sixth of them.
    pub(crate) fn ticks_with_room(&self, size_px: f64) -> Result<Vec<(f64, String)>, FigureError> {
        let mut chosen = Vec::new();
        let steps: [(&[f64], i32); 5] = [
            (&[1.0, 2.0, 5.0], 1),
            (&[1.0], 1),
            (&[1.0], 2),
            (&[1.0], 3),
            (&[1.0], 6),
        ];
        for (digits, stride) in steps {
            chosen = (-6..=15)
                .filter(|power: &i32| power.rem_euclid(stride) == 0)
                .flat_map(|power| digits.iter().map(move |digit| digit * 10f64.powi(power)))
                .filter(|budget| (self.low..=self.high).contains(budget))
                .map(|budget| (budget, label(self.unit, budget)))
                .collect();
            let mut free_from = f64::NEG_INFINITY;
            let mut fits = true;
            for (budget, label) in &chosen {
                let half = font::width_px(label, size_px, Weight::Regular)? / 2.0;
                let centre = self.place(*budget);
                fits &= centre - half >= free_from;
                free_from = centre + half + size_px;
            }
            if fits {
                break;
            }
        }
        Ok(chosen)
    }
}

/// `500`, `20k`, `1M`, `2B` tokens; `$0.05`, `$20`, `$1k`.
fn label(unit: BudgetUnit, budget: f64) -> String {
    let (value, suffix) = match budget {
        b if b >= 0.999e12 => (b / 1e12, "T"),
        b if b >= 0.999e9 => (b / 1e9, "B"),
        b if b >= 0.999e6 => (b / 1e6, "M"),
        b if b >= 0.999e3 => (b / 1e3, "k"),
        b => (b, ""),
    };
    let digits = if value >= 0.999 {
        0
    } else {
        // As many as the first figure needs, so that 0.05 is not written 0.1.
        (1..=6)
            .find(|digits| value * 10f64.powi(*digits) >= 0.999)
            .and_then(|digits| usize::try_from(digits).ok())
            .unwrap_or(6)
    };
    match unit {
        BudgetUnit::Tokens => format!("{value:.digits$}{suffix}"),
        BudgetUnit::Dollars => format!("${value:.digits$}{suffix}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_read_as_people_write_them() {
        let dollars = |budget| label(BudgetUnit::Dollars, budget);
        let tokens = |budget| label(BudgetUnit::Tokens, budget);
        assert_eq!(
            [0.001, 0.05, 2.0, 1e3].map(dollars),
            ["$0.001", "$0.05", "$2", "$1k"]
        );
        assert_eq!(
            [500.0, 2e4, 1e6, 5e9].map(tokens),
            ["500", "20k", "1M", "5B"]
        );
    }

    #[test]
    fn labels_side_by_side_never_touch() {
        for (low, high) in [(1e-3, 1e4), (1e3, 1e8), (1.0, 9.0), (1e-6, 1e15)] {
            let budgets = [low, high].into_iter();
            let axis = BudgetAxis::around(BudgetUnit::Tokens, budgets, (0.0, 700.0));
            let ticks = axis.ticks_with_room(12.5).unwrap();
            assert!(ticks.len() > 1, "{ticks:?}");
            for pair in ticks.windows(2) {
                let half =
                    |label: &str| font::width_px(label, 12.5, Weight::Regular).unwrap() / 2.0;
                let gap = axis.place(pair[1].0) - axis.place(pair[0].0);
                assert!(gap > half(&pair[0].1) + half(&pair[1].1), "{pair:?}");
            }
        }
    }
}
