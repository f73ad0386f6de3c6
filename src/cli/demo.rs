//! `sextant demo`: the whole way once, without a key and without the network.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context as _;
use clap::Args;
use jiff::civil::Date;

use super::args::{Places, SandboxName};
use super::measuring::MeasureOptions;
use super::plot::{FigureChoice, Named, draw};
use super::run::{Prepared, carry_out, cast, default_settings, plan, sandbox_for};
use super::{CliError, Exit, print, say};
use crate::attempt::RunFolder;
use crate::baseline::Baselines;
use crate::model::Parameters;
use crate::report::horizon_report;
use crate::runner::{CastModel, Respondent};
use crate::sandbox;
use crate::solver::Solver;
use crate::task::Task;

/// The run that a demo makes, each time anew.
const DEMO_RUN: &str = "demo";
/// METR's runs, which come with the project.
const METR_RUN: &str = "metr-2025-01";
/// Where METR begin the trend of this data too. The one earlier model with a horizon, GPT-3.5, succeeds in
/// 0.6 % of its runs, and its horizon is far below the shortest task.
const METR_TREND_FROM: Date = Date::constant(2023, 1, 1);

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// The suite to run
    #[arg(
        long,
        value_name = "NAME",
        default_value = "demo",
        env = "SEXTANT_DEMO_SUITE"
    )]
    suite: String,
    /// Where handed-in code runs
    #[arg(long, value_enum, default_value_t = SandboxName::Auto, env = "SEXTANT_SANDBOX")]
    sandbox: SandboxName,
}

impl Demo {
    pub(crate) fn execute(&self, places: &Places) -> Result<Exit, CliError> {
        let begun = Instant::now();
        say("1. The grading: a suite asked of two built-in models, graded by running it.");
        say("   builtin/oracle hands in each reference answer, builtin/blank hands in nothing.\n");
        let folder = RunFolder::new(places.results.join(DEMO_RUN));
        self.run_suite(places, &folder)?;
        let own = measure_and_draw(&MeasureOptions::defaults(folder.path().to_owned()))?;

        say(
            "\n2. The statistics: METR's public runs of January 2025 (real models, real people).\n",
        );
        let metr = MeasureOptions::defaults(places.results.join(METR_RUN));
        let published = measure_and_draw(&metr.after(METR_TREND_FROM))?;

        print(&format!(
            "\nMeasured in {:.1} s. Pictures, each as .svg and .png with its data as .csv:\n{}\
             The built-in models only prove the harness; they measure nobody.\n\n\
             Next, evaluate a real model:\n  \
             OPENAI_API_KEY=... sextant run --suite starter --model openai/NAME\n  \
             sextant run --suite starter --model local/NAME --base-url http://127.0.0.1:8080/v1\n\
             (from this folder, `cargo run --release -- run ...` does the same without installing)\n",
            begun.elapsed().as_secs_f64(),
            own.iter()
                .chain(&published)
                .map(|path| format!("  {}\n", path.display()))
                .collect::<String>(),
        ))?;
        Ok(Exit::Done)
    }

    fn run_suite(&self, places: &Places, folder: &RunFolder) -> Result<(), CliError> {
        let registry = places.registry()?;
        let tasks = registry.suite_tasks(&self.suite).map_err(CliError::usage)?;
        let tasks = with_tools(tasks);
        let sandbox = sandbox_for(&tasks, self.sandbox)?;
        // The demo's run is its own: it starts from nothing each time.
        if folder.path().exists() {
            fs::remove_dir_all(folder.path())
                .with_context(|| format!("cannot clear {}", folder.path().display()))
                .map_err(CliError::failed)?;
        }
        let models: Vec<CastModel> = [
            ("builtin/oracle", Respondent::Oracle),
            ("builtin/blank", Respondent::Blank),
        ]
        .map(|(name, respondent)| CastModel {
            name: name.into(),
            respondent,
            parameters: Parameters::default(),
        })
        .into();
        let cast = cast(
            &tasks,
            models,
            Solver::Direct,
            &places.baselines()?,
            sandbox,
        );
        let plan = plan(self.suite.clone(), &cast, None, 1, 0)?;
        let prepared = Prepared {
            plan,
            cast,
            folder: folder.clone(),
            settings: default_settings(),
        };
        let (ending, totals) = carry_out(prepared)?;
        if ending.unscored > 0 {
            return Err(CliError::failed(anyhow::anyhow!(
                "{} attempts of the demo could not be scored; `sextant doctor` may say why",
                ending.unscored
            )));
        }
        // The whole point of the two models: anything else means that the harness is broken.
        let succeeded = |name: &str| totals.models.get(name).map_or(0, |model| model.succeeded);
        if succeeded("builtin/oracle") != tasks.len() || succeeded("builtin/blank") != 0 {
            return Err(CliError::failed(anyhow::anyhow!(
                "the reference answers did not all pass, or an empty answer passed; `sextant task check` says which"
            )));
        }
        Ok(())
    }
}

/// Those of `tasks` whose tools this machine has; says which it passes over.
fn with_tools(tasks: Vec<&Task>) -> Vec<&Task> {
    let has_tools = |task: &&Task| {
        let missing = task
            .requires
            .iter()
            .find(|tool| sandbox::resolve(tool).is_err());
        if let Some(tool) = missing {
            say(format!(
                "   passing over {}: this machine has no `{tool}`",
                task.id
            ));
        }
        missing.is_none()
    };
    tasks.into_iter().filter(has_tools).collect()
}

/// Fits and draws a run, and returns the pictures.
fn measure_and_draw(options: &MeasureOptions) -> Result<Vec<PathBuf>, CliError> {
    let measurement = options.measure()?;
    print(&horizon_report(&measurement))?;
    let of = Named {
        measurement: &measurement,
        source: &options.source(),
    };
    let out = options.first_run().join("figures");
    let files = draw(
        of,
        None,
        &FigureChoice::default(),
        &Baselines::default(),
        &out,
    )?;
    Ok(files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "png"))
        .collect())
}
