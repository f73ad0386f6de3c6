//! The evaluator: compiled models and the machine that runs them.

pub mod code;
mod compile;
pub mod error;
pub mod formula;
pub mod machine;
pub mod model;
