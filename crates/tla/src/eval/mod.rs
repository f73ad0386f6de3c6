//! The evaluator: compiled models and the machine that runs them.

pub mod code;
pub mod error;
pub mod machine;
pub mod model;
