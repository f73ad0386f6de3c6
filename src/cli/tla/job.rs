//! `sextant tla check` and `sextant tla simulate`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::Context;
use clap::{Args, ValueEnum};
use serde_json::json;
use tla::check::{Exploration, GraphFormat, Prepared, Run, run, write_graph};
use tla::control::{Control, StopReason};
use tla::diagnostic::Diagnostic;
use tla::eval::model::{Model, Options as ModelOptions};
use tla::explore::{Limits, Observer, Options, Progress, Simulation};
use tla::report;

use super::findings;
use super::subject::{Libraries, prepared, time_limit};
use crate::cli::{CliError, Exit, print, print_json, say};

/// Time between two lines about a search that takes long.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(10);

/// What check and simulate share.
#[derive(Debug, Args)]
struct Job {
    /// The specification: a file, with or without `.tla`
    #[arg(value_name = "MODULE")]
    module: PathBuf,
    /// The model configuration; by default the `.cfg` beside the specification
    #[arg(long, value_name = "FILE", env = "SEXTANT_CONFIG")]
    config: Option<PathBuf>,
    #[command(flatten)]
    libraries: Libraries,
    /// Threads; all processors when not given. The result does not depend on it
    #[arg(long, value_name = "N", env = "SEXTANT_WORKERS", value_parser = clap::value_parser!(u16).range(1..))]
    workers: Option<u16>,
    /// Do not count a state without successors as an error
    #[arg(long, env = "SEXTANT_NO_DEADLOCK")]
    no_deadlock: bool,
    /// Seed of all that is random
    #[arg(long, value_name = "N", default_value_t = 0, env = "SEXTANT_SEED")]
    seed: u64,
    /// Count how often each action is taken and each expression evaluated
    #[arg(long, env = "SEXTANT_COVERAGE")]
    coverage: bool,
    /// How the result is shown
    #[arg(long, value_enum, default_value_t = Format::Text, env = "SEXTANT_FORMAT")]
    format: Format,
    /// As JSON; the same as --format json
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
    /// Stop after this many distinct states, undecided
    #[arg(long, value_name = "N", env = "SEXTANT_MAX_STATES")]
    max_states: Option<u64>,
    /// Stop after this many seconds, undecided
    #[arg(long, value_name = "SECONDS", env = "SEXTANT_MAX_SECONDS")]
    max_seconds: Option<f64>,
    /// Stop when the process holds more MiB of memory than this, undecided
    #[arg(long, value_name = "MIB", env = "SEXTANT_MAX_MEMORY_MIB")]
    max_memory_mib: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// As TLC prints it
    Tlc,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    job: Job,
    /// Do not go deeper than this many states, undecided
    #[arg(long, value_name = "N", env = "SEXTANT_MAX_DEPTH")]
    max_depth: Option<u32>,
    /// Write the state graph to this file, for Graphviz if it ends in .dot, else as JSON lines
    #[arg(long, value_name = "FILE", env = "SEXTANT_DUMP")]
    dump: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Simulate {
    #[command(flatten)]
    job: Job,
    /// States of a behaviour at most
    #[arg(long, value_name = "N", default_value_t = 100, env = "SEXTANT_DEPTH")]
    depth: u32,
    /// Behaviours to generate; without it, until a limit or Ctrl-C
    #[arg(long, value_name = "N", env = "SEXTANT_TRACES")]
    traces: Option<u64>,
}

impl Check {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        let limits = Limits {
            depth: self.max_depth,
            ..self.job.limits()?
        };
        let options = Options {
            limits,
            threads: self.job.workers.map(usize::from),
            observer: Some(PROGRESS),
            ..Options::default()
        };
        self.job
            .execute(Exploration::Search(options), |model, control| {
                match &self.dump {
                    Some(file) => dump(model, control, limits, self.job.seed, file),
                    None => Ok(()),
                }
            })
    }
}

impl Simulate {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        let simulation = Simulation {
            seed: self.job.seed,
            depth: self.depth,
            traces: self.traces,
            limits: self.job.limits()?,
            threads: self.job.workers.map(usize::from),
            observer: Some(PROGRESS),
        };
        self.job
            .execute(Exploration::Simulate(simulation), |_, _| Ok(()))
    }
}

/// Writes the graph of all states within the limits.
fn dump(
    model: &Model,
    control: &Control,
    limits: Limits,
    seed: u64,
    file: &Path,
) -> Result<(), CliError> {
    let format = match file.extension() {
        Some(extension) if extension == "dot" => GraphFormat::Dot,
        _ => GraphFormat::JsonLines,
    };
    let out = File::create(file)
        .with_context(|| format!("cannot write {}", file.display()))
        .map_err(CliError::usage)?;
    let mut out = BufWriter::new(out);
    write_graph(model, control, limits, seed, format, &mut out)
        .map_err(anyhow::Error::from)
        .and_then(|()| Ok(out.flush()?))
        .with_context(|| format!("cannot write the state graph to {}", file.display()))
        .map_err(CliError::failed)
}

const PROGRESS: Observer<'static> = Observer {
    every: PROGRESS_INTERVAL,
    tell: &|progress: Progress| {
        say(format!(
            "{} s: {} distinct states of {} generated, {} waiting, depth {}",
            progress.duration_seconds,
            progress.distinct,
            progress.generated,
            progress.queue,
            progress.diameter
        ));
    },
};

impl Job {
    fn limits(&self) -> Result<Limits, CliError> {
        let limits = Limits {
            states: self.max_states,
            depth: None,
            time: time_limit(self.max_seconds)?,
            memory_bytes: self
                .max_memory_mib
                .map(|mib| mib.saturating_mul(1024 * 1024)),
        };
        if !limits.can_be_kept() {
            say(
                "warning: this system does not tell how much memory a process holds; --max-memory-mib has no effect",
            );
        }
        Ok(limits)
    }

    fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }

    fn execute(
        &self,
        exploration: Exploration<'_>,
        then: impl FnOnce(&Model, &Control) -> Result<(), CliError>,
    ) -> Result<Exit, CliError> {
        let options = ModelOptions {
            coverage: self.coverage,
            interface: None,
        };
        match prepared(
            &self.module,
            self.config.as_deref(),
            &self.libraries,
            options,
        )? {
            Prepared::Rejected {
                sources,
                diagnostics,
            } => findings::show_rejection(&diagnostics, &sources, self.format() == Format::Json),
            Prepared::Ready {
                mut model,
                diagnostics,
            } => {
                if self.no_deadlock {
                    model.check_deadlock = false;
                }
                let control = Arc::new(Control::new());
                stop_on_interrupt(&control);
                let run =
                    run(&model, &control, exploration, self.seed).map_err(CliError::failed)?;
                self.show(&model, &diagnostics, &run)?;
                then(&model, &control)?;
                Ok(match run.report.outcome.holds() {
                    Some(true) => Exit::Done,
                    Some(false) => Exit::DoesNotHold,
                    None => Exit::Unscored,
                })
            }
        }
    }

    fn show(&self, model: &Model, diagnostics: &[Diagnostic], run: &Run) -> Result<(), CliError> {
        let sources = &model.spec.sources;
        if self.format() == Format::Json {
            let mut object = report::json(&run.report, sources);
            object["printed"] = json!(run.printed);
            object["diagnostics"] = json!(findings::json(diagnostics, sources));
            return print_json(&object);
        }
        if !diagnostics.is_empty() {
            say(findings::text(diagnostics, sources));
        }
        let mut text = String::new();
        for line in &run.printed {
            text.push_str(line);
            text.push('\n');
        }
        if run.printed_and_dropped > 0 {
            text.push_str(&format!(
                "({} more lines were printed)\n",
                run.printed_and_dropped
            ));
        }
        match self.format() {
            Format::Tlc => text.push_str(&report::tlc(&run.report, sources).to_string()),
            _ => text.push_str(&report::text(&run.report, sources).to_string()),
        }
        if self.coverage {
            text.push_str(&report::coverage(&run.report, sources).to_string());
        }
        print(&text)
    }
}

/// Lets Ctrl-C end the run with what was found so far.
fn stop_on_interrupt(control: &Arc<Control>) {
    let control = Arc::clone(control);
    let wait = move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        if let Ok(runtime) = runtime
            && runtime.block_on(tokio::signal::ctrl_c()).is_ok()
        {
            control.stop(StopReason::Cancelled);
        }
    };
    // Without the thread Ctrl-C ends the process, which loses nothing but the counts.
    let _ = thread::Builder::new().name("interrupt".into()).spawn(wait);
}
