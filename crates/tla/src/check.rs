//! From text to verdict: reads a specification with its configuration, compiles and runs it.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Instant;

use crate::control::Control;
use crate::diagnostic::Diagnostic;
use crate::eval::model::{Model, Options as ModelOptions};
use crate::explore::{
    EngineError, GraphError, GraphOptions, Limits, ModelSystem, Options as SearchOptions, Outcome,
    Report, Simulation, System, Trace, graph, search, simulate,
};
use crate::liveness;
use crate::report;
use crate::resolve::{Loaded, ModuleSource, load};
use crate::source::SourceMap;
use crate::stack::with_deep_stack;
use crate::syntax::config::parse_config;

/// A model configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConfigText<'a> {
    /// Name to show for it, such as `DieHard.cfg`.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// What came of reading and compiling a specification.
#[derive(Debug)]
pub enum Prepared {
    /// It cannot be run: at least one finding is an error.
    Rejected {
        /// The texts that the findings refer to.
        sources: SourceMap,
        /// Errors and warnings.
        diagnostics: Vec<Diagnostic>,
    },
    /// It can be run.
    Ready {
        /// The model; its specification holds the texts.
        model: Box<Model>,
        /// Warnings.
        diagnostics: Vec<Diagnostic>,
    },
}

/// Reads the module `root` with everything it extends and instantiates and checks it as SANY does.
///
/// # Errors
/// When the system refuses the engine's thread.
pub fn read(source: &(dyn ModuleSource + Sync), root: &str) -> Result<Loaded, EngineError> {
    with_deep_stack(|| load(source, root)).map_err(EngineError::Threads)
}

/// Reads a specification and its configuration and compiles them.
///
/// # Errors
/// When the system refuses the engine's thread.
pub fn prepare(
    source: &(dyn ModuleSource + Sync),
    root: &str,
    config: ConfigText<'_>,
    options: ModelOptions<'_>,
) -> Result<Prepared, EngineError> {
    with_deep_stack(|| prepare_here(source, root, config, options)).map_err(EngineError::Threads)
}

fn prepare_here(
    source: &dyn ModuleSource,
    root: &str,
    config: ConfigText<'_>,
    options: ModelOptions<'_>,
) -> Prepared {
    let Loaded {
        spec,
        mut diagnostics,
        mut sources,
    } = load(source, root);
    let Some(mut spec) = spec else {
        // What is wrong with the configuration helps no less when the modules are wrong too.
        let file = sources.add(config.name, config.text);
        diagnostics.extend(parse_config(file, config.text).diagnostics);
        return Prepared::Rejected {
            sources,
            diagnostics,
        };
    };
    let file = spec.sources.add(config.name, config.text);
    let parsed = parse_config(file, config.text);
    let valid = parsed.is_valid();
    diagnostics.extend(parsed.diagnostics);
    if !valid {
        return Prepared::Rejected {
            sources: spec.sources,
            diagnostics,
        };
    }
    let spec = Arc::new(spec);
    match Model::build(Arc::clone(&spec), &parsed.config, options) {
        Ok(mut model) => {
            diagnostics.append(&mut model.warnings);
            model.data = source.data();
            Prepared::Ready {
                model: Box::new(model),
                diagnostics,
            }
        }
        Err(found) => {
            diagnostics.extend(found);
            Prepared::Rejected {
                sources: Arc::into_inner(spec).map_or_else(SourceMap::default, |spec| spec.sources),
                diagnostics,
            }
        }
    }
}

/// How to look at the states of a model.
#[derive(Clone, Copy)]
pub enum Exploration<'a> {
    /// All of them, breadth first.
    Search(SearchOptions<'a>),
    /// Random behaviours.
    Simulate(Simulation<'a>),
}

/// What a run of a model gave.
#[derive(Debug)]
pub struct Run {
    /// Verdict, counts, counterexample, coverage.
    pub report: Report,
    /// What the model printed, in order, one text a call of `Print` or `PrintT`.
    pub printed: Vec<String>,
    /// Texts left out because there were too many.
    pub printed_and_dropped: u64,
}

/// Why there is no state graph.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    /// The system refused what the engine needs.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The state graph could not be built.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The state graph could not be written.
    #[error(transparent)]
    Write(#[from] io::Error),
}

/// Runs a model. `seed` decides what `RandomElement` and the like give.
///
/// # Errors
/// When the system refuses the engine's threads.
pub fn run(
    model: &Model,
    control: &Control,
    exploration: Exploration<'_>,
    seed: u64,
) -> Result<Run, EngineError> {
    let system = ModelSystem::new(model, control, seed);
    let mut report = match exploration {
        Exploration::Search(options) => search(&system, control, &options),
        Exploration::Simulate(options) => simulate(&system, control, &options),
    }?;
    if report.outcome == Outcome::Ok && !model.temporal_properties.is_empty() {
        (report.outcome, report.trace) = match exploration {
            Exploration::Search(options) => {
                let limits = Limits {
                    time: options
                        .limits
                        .time
                        .map(|time| time.saturating_sub(report.duration)),
                    ..options.limits
                };
                let begun = Instant::now();
                let found = liveness::check(model, control, seed, &limits)?;
                report.duration += begun.elapsed();
                found
            }
            // Behaviours that end say nothing of what happens for ever.
            Exploration::Simulate(_) => {
                let all = liveness::properties(model);
                (Outcome::Unsupported(all), Trace::default())
            }
        };
    }
    let (printed, printed_and_dropped) = system.shared().output.take();
    Ok(Run {
        report,
        printed,
        printed_and_dropped,
    })
}

/// A language for state graphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphFormat {
    /// Graphviz.
    Dot,
    /// One JSON object a state, then one a step.
    JsonLines,
}

/// Explores a model and writes its state graph.
///
/// # Errors
/// When the graph is not complete within the limits, cannot be evaluated, or cannot be written.
pub fn write_graph(
    model: &Model,
    control: &Control,
    limits: Limits,
    seed: u64,
    format: GraphFormat,
    out: &mut dyn Write,
) -> Result<(), DumpError> {
    let system = ModelSystem::new(model, control, seed);
    let options = GraphOptions {
        arguments: true,
        ..GraphOptions::default()
    };
    let graph = graph(&system, control, &limits, options)?;
    let (variables, actions) = (system.variables(), system.actions());
    match format {
        GraphFormat::Dot => write!(out, "{}", report::dot(&graph, variables, actions)),
        GraphFormat::JsonLines => {
            write!(out, "{}", report::json_lines(&graph, variables, actions))
        }
    }?;
    Ok(())
}
