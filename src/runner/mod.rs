//! From a plan to a full run directory: dispatch, limits, retries, resume.
//!
//! The dispatcher walks the plan, keeps a bounded number of attempts in flight and writes each
//! down as it ends. It holds one bit per planned attempt and the attempts in flight, so memory
//! does not grow with a run.

mod dispatch;
mod one_attempt;

pub use dispatch::{Ending, Observer, RunError, Stop, run};
pub use one_attempt::{Respondent, Settings};

use std::sync::Arc;

use crate::baseline::HumanTime;
use crate::model::Parameters;
use crate::sandbox::Sandbox;
use crate::solver::Solver;
use crate::task::Task;

/// A task with the human time it is recorded under.
#[derive(Debug, Clone)]
pub struct CastTask {
    /// The task.
    pub task: Task,
    /// Its human time; attempts at tasks without one never enter a horizon.
    pub human: Option<HumanTime>,
}

/// Somebody to be asked, with what is sent along.
#[derive(Debug, Clone)]
pub struct CastModel {
    /// `provider/model`.
    pub name: String,
    /// Who answers.
    pub respondent: Respondent,
    /// Sampling parameters.
    pub parameters: Parameters,
}

/// Everything a plan names, ready to be used: in the plan's order.
#[derive(Clone)]
pub struct Cast {
    /// The plan's tasks.
    pub tasks: Vec<CastTask>,
    /// The plan's models.
    pub models: Vec<CastModel>,
    /// How they are asked.
    pub solver: Solver,
    /// Where handed-in code runs; `None` when no task of the plan runs code.
    pub sandbox: Option<Arc<dyn Sandbox>>,
}
