//! `sextant horizon plan`.

use anyhow::anyhow;
use clap::{Args, ValueEnum};
use horizon::design::{Answer, Candidate, Design, DesignError, Target};

use super::super::measuring::MeasureOptions;
use super::super::{CliError, Exit, print, print_json};
use super::agent_named;
use crate::measure::{Costs, Measurement};
use crate::report::{plan_report, reach_report};

#[derive(Debug, Args)]
pub(crate) struct PlanCommand {
    #[command(flatten)]
    measure: MeasureOptions,
    /// Narrow the horizon of this model; the doubling time of the trend unless given
    #[arg(long, value_name = "NAME", env = "SEXTANT_MODEL")]
    model: Option<String>,
    /// Chance of success at the horizon
    #[arg(
        long,
        value_name = "P",
        default_value_t = 0.5,
        env = "SEXTANT_PROBABILITY"
    )]
    probability: f64,
    /// Attempts to choose
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000), env = "SEXTANT_ATTEMPTS")]
    attempts: u32,
    /// Instead, as many attempts as it takes until the 95 % interval's high end is at most this
    /// many times its low end
    #[arg(long, value_name = "R", env = "SEXTANT_RATIO")]
    ratio: Option<f64>,
    /// What an attempt costs
    #[arg(long, value_enum, default_value_t = CostName::HumanMinutes, env = "SEXTANT_PER")]
    per: CostName,
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CostName {
    /// Every attempt the same
    Attempt,
    /// The human minutes of its task
    HumanMinutes,
    /// US dollars, as recorded attempts at the task took
    Dollars,
    /// Tokens, as recorded attempts at the task took
    Tokens,
}

impl PlanCommand {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        let measurement = self.measure.without_replicates()?;
        let settings = &measurement.analysis.settings;
        let target = self.target(&measurement)?;
        let design = Design::new(
            &measurement.dataset,
            settings.weighting,
            settings.lambda,
            &target,
        )
        .map_err(CliError::usage)?;
        let costs = Costs::of(&measurement.samples);
        let cost = |candidate: &Candidate<'_>| match self.per {
            CostName::Attempt => Some(1.0),
            CostName::HumanMinutes => Some(candidate.human_minutes),
            CostName::Dollars => costs.dollars(candidate.agent, candidate.task),
            CostName::Tokens => costs.tokens(candidate.agent, candidate.task),
        };
        let unit = match self.per {
            CostName::Attempt => "attempts",
            CostName::HumanMinutes => "human minutes",
            CostName::Dollars => "dollars",
            CostName::Tokens => "tokens",
        };
        match self.ratio {
            None => {
                let plan = design
                    .next(self.attempts as usize, cost)
                    .map_err(CliError::usage)?;
                if plan.suggestions.is_empty() {
                    return Err(self.nothing_to_suggest(unit));
                }
                match self.json {
                    true => print_json(&plan)?,
                    false => print(&plan_report(&plan, &self.subject(), unit))?,
                }
                Ok(Exit::Done)
            }
            Some(ratio) => {
                let answer: Result<Answer, DesignError> = design.attempts_for(ratio, cost);
                let answer = answer.map_err(CliError::usage)?;
                match self.json {
                    true => print_json(&answer)?,
                    false => print(&reach_report(&answer, ratio, &self.subject(), unit))?,
                }
                Ok(match answer {
                    Answer::Reached(_) => Exit::Done,
                    Answer::OutOfReach(_) => Exit::DoesNotHold,
                })
            }
        }
    }

    fn target(&self, measurement: &Measurement) -> Result<Target, CliError> {
        let probability = self.probability;
        if let Some(name) = &self.model {
            let agent = agent_named(measurement, name)?;
            return Ok(Target::Horizon { agent, probability });
        }
        let trend = measurement.trend.as_ref().map_err(|error| {
            CliError::usage(anyhow!(
                "there is no trend to narrow: {error}; give --model NAME for one model's horizon"
            ))
        })?;
        let release = |name: &str| {
            let agent = measurement.dataset.agent_index(name)?;
            Some((agent, f64::from(*measurement.release_days.get(name)?)))
        };
        Ok(Target::DoublingTime {
            releases: trend.fitted().filter_map(release).collect(),
            probability,
        })
    }

    /// What is to be narrowed, in words.
    fn subject(&self) -> String {
        let p = format!("p{:.0}", self.probability * 100.0);
        match &self.model {
            Some(model) => format!("{p} of {model}"),
            None => format!("the doubling time of {p}"),
        }
    }

    fn nothing_to_suggest(&self, unit: &str) -> CliError {
        CliError::usage(anyhow!(
            "no further attempt would narrow {}, or none has a known cost in {unit}; try --per attempt",
            self.subject()
        ))
    }
}
