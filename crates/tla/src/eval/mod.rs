//! The evaluator: compiled models and the machine that runs them.

pub mod code;
pub mod model;
