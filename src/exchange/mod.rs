//! Import from other tools' files.

mod metr;

pub use metr::{ImportError, Imported, import_metr};
