//! From text to syntax trees: modules and model configuration files.

pub mod ast;
pub mod config;
mod lexer;
mod number;
pub mod operators;
mod parser;
mod pluscal;
mod token;
mod words;

pub use config::{ParsedConfig, parse_config};
pub use parser::{Parsed, check_file_name, parse_module};
pub(crate) use words::words;

/// How deep a syntax tree may nest; beyond it reading stops with an error. Walking trees of this
/// depth fits the stack of an engine thread (see `crate::stack`).
pub const MAX_DEPTH: u32 = 4_000;
