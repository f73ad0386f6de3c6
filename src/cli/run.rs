//! `sextant run`.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use sha2::{Digest, Sha256};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use super::args::{Places, SandboxName, TaskChoice};
use super::dotenv::Environment;
use super::progress::Progress;
use super::{CliError, Exit, print, runtime, say};
use crate::attempt::{
    Plan, PlannedModel, PlannedTask, RunDir, RunDirError, RunFolder, read_attempts,
};
use crate::baseline::Baselines;
use crate::grader::{self, Checking};
use crate::model::{ConnectOptions, ModelName, Parameters, RetryPolicy, connect};
use crate::report::RunTotals;
use crate::runner::{self, Cast, CastModel, CastTask, Ending, Respondent, Settings, Stop};
use crate::sandbox::{self, Sandbox};
use crate::solver::Solver;
use crate::task::{Registry, Task};

#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    choice: TaskChoice,
    /// Models as provider/model, for instance openai/NAME, local/NAME, builtin/oracle
    #[arg(
        long,
        value_name = "PROVIDER/MODEL",
        required = true,
        value_delimiter = ',',
        env = "SEXTANT_MODEL"
    )]
    model: Vec<String>,
    /// Address of the API, for local servers: http://127.0.0.1:8080/v1
    #[arg(long, value_name = "URL", env = "SEXTANT_BASE_URL")]
    base_url: Option<String>,
    /// Attempts at each task by each model
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000), env = "SEXTANT_EPOCHS")]
    epochs: u32,
    /// Name of the run below the results folder; made from the choices unless given
    #[arg(long, value_name = "NAME", env = "SEXTANT_RUN")]
    run: Option<String>,
    /// Sampling temperature; not sent unless given
    #[arg(long, env = "SEXTANT_TEMPERATURE")]
    temperature: Option<f64>,
    /// Nucleus sampling; not sent unless given
    #[arg(long, env = "SEXTANT_TOP_P")]
    top_p: Option<f64>,
    /// Most tokens a reply may have, reasoning included
    #[arg(long, value_name = "N", env = "SEXTANT_MAX_TOKENS")]
    max_tokens: Option<u64>,
    /// How hard reasoning models think, in the provider's words
    #[arg(long, value_name = "WORD", env = "SEXTANT_REASONING_EFFORT")]
    reasoning_effort: Option<String>,
    /// How models are asked: once, or again with what the checker says of their answers
    #[arg(long, value_enum, default_value_t = SolverName::Direct, env = "SEXTANT_SOLVER")]
    solver: SolverName,
    /// Most times an answer goes back with --solver repair
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100), env = "SEXTANT_REPAIRS")]
    repairs: u32,
    /// Seeds the run, and the model's sampling where the server takes a seed
    #[arg(long, env = "SEXTANT_SEED")]
    seed: Option<u64>,
    /// Where handed-in code runs
    #[arg(long, value_enum, default_value_t = SandboxName::Auto, env = "SEXTANT_SANDBOX")]
    sandbox: SandboxName,
    #[command(flatten)]
    pace: Pace,
}

/// The ways of asking, as the command line has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum SolverName {
    /// One prompt, one reply
    Direct,
    /// Answers go back with the checker's words until there are none
    Repair,
}

/// Choices that do not determine the result, and may change when a run goes on.
#[derive(Debug, Args)]
struct Pace {
    /// Attempts in flight at once
    #[arg(
        long,
        value_name = "N",
        default_value_t = 10,
        env = "SEXTANT_CONCURRENCY"
    )]
    concurrency: usize,
    /// Times a failed call is tried
    #[arg(
        long,
        value_name = "N",
        default_value_t = 10,
        env = "SEXTANT_MAX_TRIES"
    )]
    max_tries: u32,
    /// Seconds until a call without a whole reply counts as failed
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 600,
        env = "SEXTANT_CALL_TIMEOUT"
    )]
    call_timeout: u64,
    /// Have replies streamed
    #[arg(long, env = "SEXTANT_STREAM")]
    stream: bool,
}

/// Everything needed to start or take up a run.
pub(crate) struct Prepared {
    pub(crate) plan: Plan,
    pub(crate) cast: Cast,
    pub(crate) folder: RunFolder,
    pub(crate) settings: Settings,
}

/// How often grading is tried again after an infrastructure error.
const GRADE_RETRIES: u32 = 2;

impl Run {
    pub(crate) fn execute(
        &self,
        places: &Places,
        environment: &Environment,
    ) -> Result<Exit, CliError> {
        let registry = places.registry()?;
        mention_problems(&registry);
        let tasks = self.choice.select(&registry)?.ok_or_else(|| {
            CliError::usage(anyhow::anyhow!("say which tasks: --suite NAME (`sextant task list --suites` names them) or --task FAMILY/NAME"))
        })?;
        let prepared = self.prepare(places, &tasks, &places.baselines()?, environment)?;
        let folder = prepared.folder.clone();
        let (ending, totals) = carry_out(prepared)?;
        let path = folder.path().display();
        if ending.unscored > 0 {
            say(format!(
                "{} attempts are not scored yet; run the same command again to go on.",
                ending.unscored
            ));
            return Ok(Exit::Unscored);
        }
        let scored: usize = totals.models.values().map(|model| model.scored).sum();
        say(format!(
            "{scored} attempts scored in {path}\nNext: sextant horizon {path}; sextant plot {path}"
        ));
        Ok(Exit::Done)
    }

    fn prepare(
        &self,
        places: &Places,
        tasks: &[&Task],
        baselines: &Baselines,
        environment: &Environment,
    ) -> Result<Prepared, CliError> {
        let parameters = Parameters {
            temperature: self.temperature,
            top_p: self.top_p,
            max_output_tokens: self.max_tokens,
            seed: self.seed,
            reasoning_effort: self.reasoning_effort.clone(),
            ..Parameters::default()
        };
        let options = ConnectOptions {
            base_url: self.base_url.clone(),
            stream: self.pace.stream,
            total_timeout: Duration::from_secs(self.pace.call_timeout.max(1)),
            idle_connections: self
                .pace
                .concurrency
                .max(ConnectOptions::default().idle_connections),
            ..ConnectOptions::default()
        };
        let mut models: Vec<CastModel> = Vec::new();
        for text in &self.model {
            let respondent = respondent(text, &options, environment)?;
            if models.iter().any(|known| known.name == *text) {
                return Err(CliError::usage(anyhow::anyhow!("`{text}` is given twice")));
            }
            models.push(CastModel {
                name: text.clone(),
                respondent,
                parameters: parameters.clone(),
            });
        }
        let sandbox = sandbox_for(tasks, self.sandbox)?;
        let solver = match self.solver {
            SolverName::Direct => Solver::Direct,
            SolverName::Repair => Solver::Repair {
                rounds: self.repairs,
            },
        };
        let cast = cast(tasks, models, solver, baselines, sandbox);
        let plan = plan(
            self.choice.name(),
            &cast,
            self.base_url.as_deref(),
            self.epochs,
            self.seed.unwrap_or(0),
        )?;
        let name = self.run.clone().unwrap_or_else(|| run_name(&plan));
        if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
            return Err(CliError::usage(anyhow::anyhow!(
                "--run {name:?} must be a plain folder name"
            )));
        }
        Ok(Prepared {
            cast,
            folder: RunFolder::new(places.results.join(name)),
            settings: self.pace.settings(),
            plan,
        })
    }
}

impl Pace {
    fn settings(&self) -> Settings {
        Settings {
            concurrency: self.concurrency,
            retry: RetryPolicy {
                max_tries: self.max_tries.max(1),
                ..RetryPolicy::default()
            },
            ..default_settings()
        }
    }
}

/// Settings of a run without options.
pub(crate) fn default_settings() -> Settings {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Settings {
        concurrency: 10,
        grading_concurrency: cores,
        retry: RetryPolicy::default(),
        grade_retries: GRADE_RETRIES,
        checking: Checking::default(),
    }
}

/// Mentions broken tasks; they never stop a run that does not need them.
fn mention_problems(registry: &Registry) {
    if !registry.problems().is_empty() {
        say(format!(
            "{} problems in {}; `sextant task check` names them",
            registry.problems().len(),
            registry.root().display()
        ));
    }
}

fn respondent(
    text: &str,
    options: &ConnectOptions,
    environment: &Environment,
) -> Result<Respondent, CliError> {
    let name = ModelName::parse(text).map_err(CliError::usage)?;
    match (name.provider(), name.name()) {
        ("builtin", "oracle") => Ok(Respondent::Oracle),
        ("builtin", "blank") => Ok(Respondent::Blank),
        ("builtin", other) => Err(CliError::usage(anyhow::anyhow!(
            "there is no built-in model `{other}`; there are builtin/oracle and builtin/blank"
        ))),
        _ => {
            let model = connect(&name, options, &|variable| environment.get(variable))
                .map_err(CliError::usage)?;
            Ok(Respondent::Api(model))
        }
    }
}

/// The sandbox that `tasks` need, after making sure that their tools are there.
pub(crate) fn sandbox_for(
    tasks: &[&Task],
    name: SandboxName,
) -> Result<Option<Arc<dyn Sandbox>>, CliError> {
    if !tasks.iter().any(|task| task.runs_code()) {
        return Ok(None);
    }
    let sandbox = runtime()?
        .block_on(sandbox::detect(name.into()))
        .map_err(CliError::failed)?;
    for task in tasks {
        for tool in &task.requires {
            sandbox::resolve(tool).map_err(|error| {
                CliError::usage(anyhow::anyhow!(
                    "task `{}`: {error}; install it, or choose other tasks",
                    task.id
                ))
            })?;
        }
    }
    Ok(Some(sandbox))
}

/// The plan of a run.
pub(crate) fn plan(
    selection: String,
    cast: &Cast,
    base_url: Option<&str>,
    epochs: u32,
    seed: u64,
) -> Result<Plan, CliError> {
    let mut planned = Vec::new();
    for CastTask { task, .. } in &cast.tasks {
        planned.push(PlannedTask {
            id: task.id.to_string(),
            version: task.version.clone(),
            digest: task.digest().map_err(CliError::failed)?,
        });
    }
    let is_api = |model: &CastModel| matches!(model.respondent, Respondent::Api(_));
    Ok(Plan {
        schema_version: crate::attempt::PLAN_SCHEMA,
        sextant_version: env!("CARGO_PKG_VERSION").into(),
        graders: grader::versions(),
        selection,
        tasks: planned,
        models: cast
            .models
            .iter()
            .map(|model| PlannedModel {
                name: model.name.clone(),
                base_url: base_url.filter(|_| is_api(model)).map(without_credentials),
                parameters: model.parameters.clone(),
            })
            .collect(),
        solver: cast.solver.name(),
        epochs,
        seed,
        sandbox: cast
            .sandbox
            .as_deref()
            .map_or("none needed", |sandbox| sandbox.name())
            .into(),
    })
}

/// `url` as it may be written down.
fn without_credentials(url: &str) -> String {
    match reqwest::Url::parse(url) {
        Ok(mut parsed) => {
            // Both fail only for addresses that cannot carry credentials.
            let _ = parsed.set_username("");
            let _ = parsed.set_password(None);
            parsed.set_query(None);
            parsed.to_string()
        }
        Err(_) => "an address that cannot be parsed".to_owned(),
    }
}

/// The tasks with their human times, and the models.
pub(crate) fn cast(
    tasks: &[&Task],
    models: Vec<CastModel>,
    solver: Solver,
    baselines: &Baselines,
    sandbox: Option<Arc<dyn Sandbox>>,
) -> Cast {
    let tasks = tasks.iter().map(|task| CastTask {
        task: (*task).clone(),
        human: baselines.human_time(task.id.as_str(), &task.version),
    });
    Cast {
        tasks: tasks.collect(),
        models,
        solver,
        sandbox,
    }
}

/// A name that the same choices always give, so that the same command finds its run again. Task
/// contents are no part of it: when they change, the run is refused rather than begun anew.
fn run_name(plan: &Plan) -> String {
    let choices = serde_json::json!([
        plan.selection,
        plan.models,
        plan.solver,
        plan.epochs,
        plan.seed,
        plan.sandbox
    ]);
    let digest = crate::task::hex(&Sha256::digest(choices.to_string().as_bytes()));
    let plain = |text: &str| -> String {
        let safe = |c: char| {
            if c.is_ascii_alphanumeric() || c == '.' || c == '_' {
                c
            } else {
                '-'
            }
        };
        text.chars().map(safe).take(40).collect()
    };
    let models: Vec<String> = plan
        .models
        .iter()
        .map(|model| plain(&model.name))
        .take(2)
        .collect();
    format!(
        "{}-{}-{}",
        plain(&plan.selection),
        models.join("-"),
        &digest[..8]
    )
}

/// Opens or resumes the run, does what is left, and prints the totals.
pub(crate) fn carry_out(prepared: Prepared) -> Result<(Ending, RunTotals), CliError> {
    let Prepared {
        plan,
        cast,
        folder,
        settings,
    } = prepared;
    let variants = cast.tasks.iter().filter_map(|subject| {
        let variant = subject.task.variant()?;
        Some((subject.task.id.to_string(), variant))
    });
    let variants = variants.collect();
    let mut scored = vec![false; plan.len()];
    let run = RunDir::open(folder.clone(), &plan, |attempt| {
        if let Some(index) = plan
            .index_of(&attempt.key())
            .filter(|_| attempt.is_scored())
        {
            scored[index] = true;
        }
    })
    .map_err(|error| match error {
        RunDirError::Io { .. } => CliError::failed(error),
        _ => CliError::usage(error),
    })?;
    let done = scored.iter().filter(|scored| **scored).count();
    say(format!(
        "{}: {} attempts planned, {done} scored before; {} tasks × {} models × {} epochs; sandbox: {}",
        folder.path().display(),
        plan.len(),
        plan.tasks.len(),
        plan.models.len(),
        plan.epochs,
        plan.sandbox,
    ));
    let progress = Arc::new(Progress::new(plan.len(), done));
    let runtime = runtime()?;
    // Before the first attempt, so that no Ctrl-C is ever taken for a kill.
    let signals = {
        let _inside = runtime.enter();
        let interrupt = signal(SignalKind::interrupt()).map_err(CliError::failed)?;
        (
            interrupt,
            signal(SignalKind::terminate()).map_err(CliError::failed)?,
        )
    };
    let result = runtime.block_on(async {
        let (stopper, stop) = watch::channel(Stop::No);
        let listener = tokio::spawn(listen(signals, stopper, progress.clone()));
        let result = runner::run(&plan, cast, run, &scored, settings, progress.clone(), stop).await;
        listener.abort();
        result
    });
    progress.close();
    let mut totals = RunTotals::with_variants(variants);
    read_attempts(&folder.attempts(), |attempt| totals.add(&attempt)).map_err(CliError::failed)?;
    print(
        &totals
            .table(plan.tasks.len() * plan.epochs as usize)
            .to_string(),
    )?;
    if let Some(table) = totals.recitation_table() {
        print(&format!("\n{table}"))?;
    }
    let ending = result.map_err(CliError::failed)?;
    for (model, reason) in &ending.lost_models {
        say(format!("gave up on {model}: {reason}"));
    }
    Ok((ending, totals))
}

/// Turns signals into stops: once drains, twice aborts.
async fn listen(
    (mut interrupt, mut terminate): (Signal, Signal),
    stopper: watch::Sender<Stop>,
    progress: Arc<Progress>,
) {
    for (stop, text) in [
        (
            Stop::Drain,
            "stopping: attempts in flight are finished first; once more to drop them",
        ),
        (Stop::Abort, "dropping the attempts in flight"),
    ] {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        progress.say(text);
        // The run may have ended in the meantime.
        let _ = stopper.send(stop);
    }
    std::future::pending::<()>().await;
}
