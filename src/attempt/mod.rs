//! What is written down: attempts, the plan they belong to, and the run directory that holds
//! both.
//!
//! ```text
//! results/<run>/
//!   plan.json                      everything that determines the result
//!   attempts.jsonl                 one line per finished attempt, append-only
//!   transcripts/<attempt>.json.zst what was said, retried and timed
//!   answers/<attempt>/             what was handed in
//! ```
//!
//! A line counts once it ends in a line break and has reached the disk. Totals are always derived
//! from the lines.

mod plan;
mod reader;
mod record;
mod run_dir;
mod writer;

pub(crate) use plan::PLAN_SCHEMA;
pub use plan::{Plan, PlannedModel, PlannedTask};
pub use reader::{ReadError, read_attempts};
pub use record::{Attempt, AttemptKey, Limit, Outcome};
pub use run_dir::{RunDir, RunDirError, RunFolder};
pub use writer::{AttemptWriter, WriteError};
