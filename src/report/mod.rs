//! Tables for people.

mod budget_table;
mod comparison_table;
mod forecast_table;
mod horizon_csv;
mod horizon_table;
mod human_time_table;
mod multiverse_table;
mod plan_table;
mod run_table;
mod shapes_table;
mod text_table;
mod versions_table;
mod words;

pub use budget_table::budget_report;
pub use comparison_table::comparison_report;
pub use forecast_table::forecast_report;
pub use horizon_csv::horizon_csv;
pub use horizon_table::horizon_report;
pub use human_time_table::human_time_report;
pub use multiverse_table::multiverse_report;
pub use plan_table::{plan_report, reach_report};
pub use run_table::RunTotals;
pub use shapes_table::shapes_report;
pub use text_table::TextTable;
pub use versions_table::versions_report;
