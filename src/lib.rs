//! Sextant measures how far a language model's horizon reaches: the length of
//! work, in human time, that it completes with 50 % reliability.
//!
//! Data flows one way through the rooms of this crate:
//!
//! ```text
//! task ─► solver ─► answer ─► grader ─► attempt ─► horizon ─► figure
//! baseline   │ asks             │ runs     (results/)  fits    report
//!          model               sandbox
//! ```
//!
//! `ARCHITECTURE.md` has the code map and the rules about who may import whom.

pub mod figure;
pub mod model;
pub mod sandbox;
