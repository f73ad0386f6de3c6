//! Other people's files: METR's runs, and tables of runs from anyone.

mod columns;
mod json_line;
mod metr;
mod metr_export;
mod packed;
mod table;

pub use columns::{ColumnError, ColumnMap, Field};
pub use metr::{ImportError, Imported, import_metr};
pub use metr_export::{ExportError, Exported, export_metr};
pub use table::{Table, TableError, read_table};
