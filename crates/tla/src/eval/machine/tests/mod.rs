//! The machine on code built by hand.

mod actions;
mod build;
mod expressions;
