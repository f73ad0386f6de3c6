//! `sextant horizon compare`.

use anyhow::anyhow;
use clap::{Args, ValueEnum};
use horizon::compare::{AgainstTrend, PairComparison, TaskScope, against_trend, pairs};
use horizon::trend::ShortHorizons;
use serde::Serialize;

use super::super::measuring::MeasureOptions;
use super::super::{CliError, Exit, print, print_json, say};
use super::agent_named;
use crate::measure::Measurement;
use crate::report::comparison_report;

#[derive(Debug, Args)]
pub(crate) struct CompareCommand {
    #[command(flatten)]
    measure: MeasureOptions,
    /// The models to compare; all unless given
    #[arg(
        long,
        value_name = "NAME",
        value_delimiter = ',',
        env = "SEXTANT_MODEL"
    )]
    model: Vec<String>,
    /// Which tasks are looked at
    #[arg(long, value_enum, default_value_t = ScopeName::All, env = "SEXTANT_SCOPE")]
    scope: ScopeName,
    /// Chance of success at the horizons
    #[arg(
        long,
        value_name = "P",
        default_value_t = 0.5,
        env = "SEXTANT_PROBABILITY"
    )]
    probability: f64,
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ScopeName {
    /// Each model's own tasks: compares the horizons that are reported
    All,
    /// The tasks that both tried, fitted anew
    Common,
}

#[derive(Debug, Serialize)]
struct Compared {
    pairs: Vec<PairComparison>,
    against_trend: Vec<AgainstTrend>,
}

impl CompareCommand {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        let measurement = self.measure.measure()?;
        let chosen = self.chosen(&measurement)?;
        let scope = match self.scope {
            ScopeName::All => TaskScope::All,
            ScopeName::Common => TaskScope::Common,
        };
        let order: Vec<(usize, usize)> = chosen
            .iter()
            .enumerate()
            .flat_map(|(rank, &longer)| chosen[rank + 1..].iter().map(move |&it| (longer, it)))
            .collect();
        let compared = Compared {
            pairs: pairs(
                &measurement.dataset,
                &measurement.analysis,
                &order,
                self.probability,
                scope,
            )
            .map_err(CliError::usage)?,
            against_trend: self.against_trend(&measurement, &chosen),
        };
        if self.json {
            print_json(&compared)?;
        } else {
            print(&comparison_report(&compared.pairs, &compared.against_trend))?;
        }
        Ok(Exit::Done)
    }

    /// The models to compare, from the longest horizon to the shortest.
    fn chosen(&self, measurement: &Measurement) -> Result<Vec<usize>, CliError> {
        for name in &self.model {
            agent_named(measurement, name)?;
        }
        let wanted = |name: &str| self.model.is_empty() || self.model.iter().any(|it| it == name);
        let ranked = measurement.by_horizon();
        let chosen: Vec<usize> = ranked
            .into_iter()
            .filter(|(_, agent)| wanted(&agent.agent))
            .map(|(index, _)| index)
            .collect();
        match chosen.len() {
            0 | 1 => Err(CliError::usage(anyhow!(
                "a comparison needs two models, and there is one; name another, or add its runs"
            ))),
            _ => Ok(chosen),
        }
    }

    /// The chosen models against the trend before them, by date; those without one are passed over,
    /// and said so where they were asked for.
    fn against_trend(&self, measurement: &Measurement, chosen: &[usize]) -> Vec<AgainstTrend> {
        let releases = measurement.releases(self.probability);
        let mut found = Vec::new();
        for &agent in chosen {
            let name = &measurement.dataset.agents()[agent];
            match against_trend(&releases, name, None, ShortHorizons::LeaveOut) {
                Ok(one) => found.push(one),
                Err(error) if !self.model.is_empty() => say(error.to_string()),
                Err(_) => {}
            }
        }
        found.sort_by(|a, b| a.day.total_cmp(&b.day).then_with(|| a.agent.cmp(&b.agent)));
        found
    }
}
