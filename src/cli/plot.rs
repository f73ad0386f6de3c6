//! `sextant plot`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use horizon::trend::ONE_MONTH_MINUTES;

use super::args::Places;
use super::measuring::{MeasureOptions, names};
use super::{CliError, Exit, print};
use crate::baseline::Baselines;
use crate::figure::{
    BudgetCurve, Comparison, Curves, Figure, Headline, Multiverse, Residuals, Scale, TaskLengths,
    write_all,
};
use crate::measure::{self, BudgetUnit, HumanEvidence, Measurement, PEOPLE, budget_curves};

/// Draws of each source in the figure of the multiverse.
const UNIVERSES: usize = 1_000;
/// Steps of the curves of horizons by budget.
const DRAWN_BUDGETS: usize = 60;

/// Families that the figure of task lengths tells apart.
const NAMED_FAMILIES: usize = 7;

#[derive(Debug, Args)]
pub(crate) struct Plot {
    #[command(flatten)]
    measure: MeasureOptions,
    /// Folder of the pictures; the first run's figures/ unless given
    #[arg(long, value_name = "DIR", env = "SEXTANT_OUT")]
    out: Option<PathBuf>,
    #[command(flatten)]
    choice: FigureChoice,
    /// Run directories to compare with: for `comparison`, and as an outline in `task-lengths`
    #[arg(
        long,
        value_name = "RUN",
        value_delimiter = ',',
        env = "SEXTANT_AGAINST"
    )]
    against: Vec<PathBuf>,
}

/// Which figures, and how horizons are drawn in them.
#[derive(Debug, Args)]
pub(crate) struct FigureChoice {
    /// Figures to draw
    #[arg(
        long,
        value_enum,
        value_name = "NAME",
        value_delimiter = ',',
        default_values_t = [FigureName::Headline, FigureName::Curves],
        env = "SEXTANT_FIGURE"
    )]
    figure: Vec<FigureName>,
    /// How the axis of horizons runs in `headline` and `comparison`
    #[arg(long, value_enum, default_value_t = ScaleName::Log, env = "SEXTANT_SCALE")]
    scale: ScaleName,
    /// Chance of success at the horizons of `headline` and `comparison`
    #[arg(long, value_enum, default_value_t = Probability::Half, env = "SEXTANT_PROBABILITY")]
    probability: Probability,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FigureName {
    /// Horizons by release date, with their trend
    Headline,
    /// Success by task length, model by model
    Curves,
    /// Success of every task, and what the curves leave over
    Residuals,
    /// How many tasks there are of which length, by family
    TaskLengths,
    /// Horizons and trends beside those of the runs of --against
    Comparison,
    /// How far the trend moves with every choice and chance behind it
    Multiverse,
    /// How far models reach on a budget of tokens
    Tokens,
    /// How far models reach on a budget of dollars
    Dollars,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ScaleName {
    /// Doublings equally far apart
    Log,
    /// Minutes equally far apart
    Linear,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Probability {
    /// p50
    #[value(name = "0.5")]
    Half,
    /// p80
    #[value(name = "0.8")]
    FourFifths,
}

impl Default for FigureChoice {
    fn default() -> Self {
        Self {
            figure: vec![FigureName::Headline, FigureName::Curves],
            scale: ScaleName::Log,
            probability: Probability::Half,
        }
    }
}

impl FigureChoice {
    fn scale(&self) -> Scale {
        match self.scale {
            ScaleName::Log => Scale::Log,
            ScaleName::Linear => Scale::Linear,
        }
    }

    fn probability(&self) -> f64 {
        match self.probability {
            Probability::Half => 0.5,
            Probability::FourFifths => 0.8,
        }
    }

    /// `headline`, `headline-p80-linear`: what is drawn otherwise than by default is in the name, so
    /// that no picture takes the place of another.
    fn stem(&self, figure: &str) -> String {
        let mut stem = figure.to_owned();
        if self.probability == Probability::FourFifths {
            stem.push_str("-p80");
        }
        if self.scale == ScaleName::Linear {
            stem.push_str("-linear");
        }
        stem
    }
}

/// A measurement with the name of its runs.
#[derive(Clone, Copy)]
pub(crate) struct Named<'a> {
    pub(crate) measurement: &'a Measurement,
    pub(crate) source: &'a str,
}

impl Plot {
    pub(crate) fn execute(&self, places: &Places) -> Result<Exit, CliError> {
        if self.choice.figure.contains(&FigureName::Comparison) && self.against.is_empty() {
            return Err(CliError::usage(anyhow::anyhow!(
                "the figure `comparison` needs runs to compare with; give --against RUN"
            )));
        }
        let measurement = self.measure.measure()?;
        let source = self.measure.source();
        let (other, other_source) = match self.against.as_slice() {
            [] => (None, String::new()),
            runs => (Some(self.measure.on(runs.to_vec()).measure()?), names(runs)),
        };
        let of = Named {
            measurement: &measurement,
            source: &source,
        };
        let against = other.as_ref().map(|measurement| Named {
            measurement,
            source: &other_source,
        });
        let out = self
            .out
            .clone()
            .unwrap_or_else(|| self.measure.first_run().join("figures"));
        for path in draw(of, against, &self.choice, &places.baselines()?, &out)? {
            print(&format!("{}\n", path.display()))?;
        }
        Ok(Exit::Done)
    }
}

/// Draws the chosen figures into `out`, and returns the files written. Without anything to compare
/// `against` there is no comparison.
pub(crate) fn draw(
    of: Named<'_>,
    against: Option<Named<'_>>,
    choice: &FigureChoice,
    baselines: &Baselines,
    out: &Path,
) -> Result<Vec<PathBuf>, CliError> {
    fs::create_dir_all(out)
        .with_context(|| format!("cannot create {}", out.display()))
        .map_err(CliError::failed)?;
    let mut files = Vec::new();
    for figure in &choice.figure {
        files.extend(draw_one(*figure, of, against, choice, baselines, out)?);
    }
    Ok(files)
}

fn draw_one(
    figure: FigureName,
    Named {
        measurement,
        source,
    }: Named<'_>,
    against: Option<Named<'_>>,
    choice: &FigureChoice,
    baselines: &Baselines,
    out: &Path,
) -> Result<Vec<PathBuf>, CliError> {
    fn write(figure: &impl Figure, out: &Path, stem: &str) -> Result<Vec<PathBuf>, CliError> {
        write_all(figure, &out.join(stem)).map_err(CliError::failed)
    }
    let budget = |unit: BudgetUnit| {
        let curves = budget_curves(measurement, unit, DRAWN_BUDGETS).map_err(CliError::usage)?;
        if curves.is_empty() {
            return Err(CliError::usage(anyhow::anyhow!(
                "of no attempt is it known how many {} it took",
                unit.name()
            )));
        }
        write(
            &BudgetCurve::of(measurement, &curves, unit, source),
            out,
            unit.name(),
        )
    };
    let (probability, scale) = (choice.probability(), choice.scale());
    match figure {
        FigureName::Headline => {
            let figure = Headline::of(measurement, source, probability, scale);
            write(&figure, out, &choice.stem("headline"))
        }
        FigureName::Curves => write(&Curves::of(measurement, source), out, "curves"),
        FigureName::Residuals => write(&Residuals::of(measurement, source), out, "residuals"),
        FigureName::TaskLengths => {
            let mut figure = TaskLengths::of(measurement, source, NAMED_FAMILIES);
            if let Some(other) = against {
                figure = figure.against(other.measurement, other.source);
            }
            write(&figure, out, "task-lengths")
        }
        FigureName::Tokens => budget(BudgetUnit::Tokens),
        FigureName::Dollars => budget(BudgetUnit::Dollars),
        FigureName::Multiverse => {
            let evidence = HumanEvidence::of(measurement, baselines, Some(PEOPLE));
            let spreads =
                measure::Multiverse::of(measurement, &evidence, ONE_MONTH_MINUTES, UNIVERSES)
                    .map_err(CliError::usage)?;
            let figure = Multiverse::of(measurement, &spreads, source);
            write(&figure, out, "multiverse")
        }
        FigureName::Comparison => {
            let Some(other) = against else {
                return Ok(Vec::new());
            };
            let first = (other.measurement, other.source);
            let figure = Comparison::of(first, (measurement, source), probability, scale);
            write(&figure, out, &choice.stem("comparison"))
        }
    }
}
