//! Tables for people.

mod text_table;

pub use text_table::TextTable;
