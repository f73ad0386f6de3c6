//! The `sextant` program.
fn main() {}
