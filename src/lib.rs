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

pub mod attempt;
pub mod baseline;
pub mod cli;
pub mod exchange;
pub mod figure;
pub mod grader;
pub mod measure;
pub mod model;
pub mod report;
pub mod runner;
pub mod sandbox;
pub mod solver;
pub mod task;
