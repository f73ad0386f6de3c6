//! Tables for people.

mod horizon_table;
mod run_table;
mod text_table;

pub use horizon_table::horizon_report;
pub use run_table::RunTotals;
pub use text_table::TextTable;
