//! Tables for people.

mod comparison_table;
mod horizon_table;
mod plan_table;
mod run_table;
mod text_table;
mod words;

pub use comparison_table::comparison_report;
pub use horizon_table::horizon_report;
pub use plan_table::{plan_report, reach_report};
pub use run_table::RunTotals;
pub use text_table::TextTable;
