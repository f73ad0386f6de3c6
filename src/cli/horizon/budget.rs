//! `sextant horizon budget`.

use anyhow::anyhow;
use clap::{Args, ValueEnum};

use super::super::measuring::MeasureOptions;
use super::super::{CliError, Exit, print, print_json};
use crate::measure::{BudgetUnit, budget_curves};
use crate::report::budget_report;

#[derive(Debug, Args)]
pub(crate) struct BudgetCommand {
    #[command(flatten)]
    measure: MeasureOptions,
    /// What a budget is of
    #[arg(long, value_enum, default_value_t = UnitName::Tokens, env = "SEXTANT_PER")]
    per: UnitName,
    /// How many budgets
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(2..=1000), env = "SEXTANT_BUDGETS")]
    budgets: u32,
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum UnitName {
    /// Tokens, in and out
    Tokens,
    /// US dollars
    Dollars,
}

impl BudgetCommand {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        let measurement = self.measure.without_replicates()?;
        let unit = match self.per {
            UnitName::Tokens => BudgetUnit::Tokens,
            UnitName::Dollars => BudgetUnit::Dollars,
        };
        let curves = budget_curves(&measurement, unit, self.budgets as usize);
        let curves = curves.map_err(CliError::usage)?;
        if curves.is_empty() {
            return Err(CliError::usage(anyhow!(
                "of no attempt is it known how many {} it took; name the column with --map {}=COLUMN, if \
                 there is one",
                unit.name(),
                match unit {
                    BudgetUnit::Tokens => "tokens",
                    BudgetUnit::Dollars => "cost_dollars",
                }
            )));
        }
        if self.json {
            print_json(&curves)?;
        } else {
            print(&budget_report(&curves, unit))?;
        }
        Ok(Exit::Done)
    }
}
