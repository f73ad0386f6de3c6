//! Reads, checks and explores TLA+ specifications, in process, with TLC's verdicts.
//!
//! Data flows one way: text ([`source`]) is parsed ([`syntax`]), its names, arities and levels are
//! checked ([`resolve`]) into a [`spec::Spec`], which is compiled and evaluated ([`eval`]) over
//! [`value`]s and explored ([`explore`]); findings on the way are [`diagnostic`]s.

pub mod check;
pub mod control;
pub mod data;
pub mod diagnostic;
pub mod eval;
pub mod explore;
pub mod liveness;
pub mod modules;
pub mod native;
pub mod observe;
pub mod report;
pub mod resolve;
pub mod source;
pub mod spec;
pub mod stack;
pub mod step;
pub mod symbol;
pub mod syntax;
pub mod value;

pub use resolve::{Loaded, load};
