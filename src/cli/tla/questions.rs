//! `sextant tla window`, `trace` and `compare`: what is seen of a specification from outside.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Args;
use serde_json::{Value as Json, json};
use tla::check::Prepared;
use tla::control::Control;
use tla::eval::model::{Interface, Model, Options as ModelOptions};
use tla::explore::Limits;
use tla::observe::{
    Around, Comparison, Distinction, Event, LineError, Observed, QuestionError, RecordedWindow,
    Walked, Walker, WindowAnswer, ask, compare, read_trace, read_windows, walk,
};
use tla::symbol::Symbol;
use tla::value::Value;

use super::findings;
use super::subject::{Libraries, prepared, time_limit};
use crate::cli::{CliError, Exit, print, print_json, say};

/// Most characters of a value that is shown.
const SHOWN: usize = 2_000;

/// Most observations that an answer lists.
const LISTED: usize = 8;

/// How specifications are explored before they are asked.
#[derive(Debug, Args)]
struct Exploration {
    /// The state function that says what is observed of a state
    #[arg(
        long,
        value_name = "NAME",
        default_value = "View",
        env = "SEXTANT_VIEW"
    )]
    view: String,
    #[command(flatten)]
    libraries: Libraries,
    /// Give up after this many distinct states
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1_000_000,
        env = "SEXTANT_MAX_STATES"
    )]
    max_states: u64,
    /// Give up after this many seconds
    #[arg(long, value_name = "SECONDS", env = "SEXTANT_MAX_SECONDS")]
    max_seconds: Option<f64>,
    /// As JSON
    #[arg(long, env = "SEXTANT_JSON")]
    json: bool,
}

/// One specification that is asked.
#[derive(Debug, Args)]
struct Asked {
    /// The specification: a file, with or without `.tla`
    #[arg(value_name = "MODULE")]
    module: PathBuf,
    /// The model configuration; by default the `.cfg` beside the specification
    #[arg(long, value_name = "FILE", env = "SEXTANT_CONFIG")]
    config: Option<PathBuf>,
    #[command(flatten)]
    exploration: Exploration,
}

#[derive(Debug, Args)]
pub(crate) struct WindowCommand {
    #[command(flatten)]
    asked: Asked,
    /// Windows, one JSON object a line: {"before": …, "action": "A", "args": […], "after": …};
    /// values as in the Informal Trace Format
    #[arg(value_name = "FILE")]
    windows: PathBuf,
    /// Internal steps, which leave the observation as it is, may come before the step
    #[arg(long, env = "SEXTANT_INTERNAL")]
    internal: bool,
    /// Every state that looks like the one before must allow the step, not only some
    #[arg(long, env = "SEXTANT_EVERY_STATE")]
    every_state: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TraceCommand {
    #[command(flatten)]
    asked: Asked,
    /// A trace, one JSON object a line: first {"state": …}, then
    /// {"action": "A", "args": […], "after": …}; values as in the Informal Trace Format
    #[arg(value_name = "FILE")]
    trace: PathBuf,
    /// Allow no internal steps, which leave the observation as it is
    #[arg(long, env = "SEXTANT_NO_INTERNAL")]
    no_internal: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CompareCommand {
    /// The first specification, with its `.cfg` beside it
    #[arg(value_name = "MODULE")]
    first: PathBuf,
    /// The second specification, with its `.cfg` beside it
    #[arg(value_name = "MODULE")]
    second: PathBuf,
    /// Actions whose names and arguments are seen, separated by commas
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        env = "SEXTANT_ACTIONS"
    )]
    actions: Vec<String>,
    #[command(flatten)]
    exploration: Exploration,
}

impl Asked {
    /// See [`Exploration::answer`].
    fn answer<T>(
        &self,
        actions: Vec<(Symbol, usize)>,
        asked: impl FnOnce(&Model, &Control, &Limits) -> Result<T, QuestionError>,
    ) -> Result<Result<T, Exit>, CliError> {
        self.exploration
            .answer(&self.module, self.config.as_deref(), actions, asked)
    }
}

impl Exploration {
    fn limits(&self) -> Result<Limits, CliError> {
        Ok(Limits {
            states: Some(self.max_states),
            time: time_limit(self.max_seconds)?,
            ..Limits::default()
        })
    }

    /// Asks a specification that has these actions. If it is rejected or has no answer, why is shown,
    /// and how to exit is given.
    fn answer<T>(
        &self,
        module: &Path,
        config: Option<&Path>,
        actions: Vec<(Symbol, usize)>,
        asked: impl FnOnce(&Model, &Control, &Limits) -> Result<T, QuestionError>,
    ) -> Result<Result<T, Exit>, CliError> {
        let interface = Interface {
            view: Symbol::new(&self.view),
            actions,
        };
        let options = ModelOptions {
            coverage: false,
            interface: Some(&interface),
        };
        match prepared(module, config, &self.libraries, options)? {
            Prepared::Ready { model, .. } => {
                match asked(&model, &Control::new(), &self.limits()?) {
                    Ok(answer) => Ok(Ok(answer)),
                    Err(error) => self.no_answer(&error).map(Err),
                }
            }
            Prepared::Rejected {
                sources,
                diagnostics,
            } => findings::show_rejection(&diagnostics, &sources, self.json).map(Err),
        }
    }

    fn no_answer(&self, error: &QuestionError) -> Result<Exit, CliError> {
        match self.json {
            true => print_json(&json!({ "verdict": "undecided", "reason": error.to_string() }))?,
            false => print(&format!("Undecided: {error}.\n"))?,
        }
        Ok(Exit::Unscored)
    }
}

/// Reads a file of windows or a trace.
fn recorded<T>(file: &Path, read: fn(&str) -> Result<T, LineError>) -> Result<T, CliError> {
    let text = fs::read_to_string(file)
        .with_context(|| format!("cannot read {}", file.display()))
        .map_err(CliError::usage)?;
    let file = file.display();
    read(&text).map_err(|error| {
        CliError::usage(match error {
            LineError::Malformed { line, message } => anyhow!("{file}:{line}: {message}"),
            LineError::Empty => anyhow!("{file} is empty"),
        })
    })
}

/// The actions of lines with their numbers of arguments.
fn actions<'l>(lines: impl Iterator<Item = (&'l str, usize)>) -> Vec<(Symbol, usize)> {
    let mut all: Vec<_> = lines
        .map(|(name, arity)| (Symbol::new(name), arity))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The first of so many values, as they are listed.
fn shown<'v>(values: impl Iterator<Item = &'v Value>, count: usize) -> Vec<String> {
    let mut texts: Vec<String> = values
        .take(LISTED)
        .map(|value| value.display(SHOWN).to_string())
        .collect();
    if count > LISTED {
        texts.push(format!("… and {} more", count - LISTED));
    }
    texts
}

/// A list in an answer, or what it means that there is nothing in it.
fn listed(text: &mut String, what: &str, values: &[String]) {
    if values.is_empty() {
        text.push_str(&format!("  {what}: nothing\n"));
        return;
    }
    text.push_str(&format!("  {what}:\n"));
    for value in values {
        text.push_str(&format!("    {value}\n"));
    }
}

impl WindowCommand {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        let windows = recorded(&self.windows, read_windows)?;
        let named = windows
            .iter()
            .map(|(_, window)| (window.action.as_str(), window.args.len()));
        let around = Around {
            before: self.internal,
            in_every_state: self.every_state,
        };
        let questions = |observed: &mut Observed<'_>| {
            let mut answers = Vec::with_capacity(windows.len());
            for (_, recorded) in &windows {
                let answer = observed.window(&recorded.window()?, around)?;
                let possible = match &answer {
                    WindowAnswer::Forbidden(possible) => {
                        let values = possible.iter().filter_map(|&one| observed.value(one));
                        shown(values, possible.len())
                    }
                    _ => Vec::new(),
                };
                answers.push((answer, possible));
            }
            Ok((answers, observed.states()))
        };
        let actions = actions(named);
        let asked = self.asked.answer(actions, |model, control, limits| {
            ask(model, control, limits, questions)
        });
        match asked? {
            Ok((answers, states)) => self.show(&windows, &answers, states),
            Err(exit) => Ok(exit),
        }
    }

    fn show(
        &self,
        windows: &[(usize, RecordedWindow)],
        answers: &[(WindowAnswer, Vec<String>)],
        states: usize,
    ) -> Result<Exit, CliError> {
        let mut by_action: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for ((_, window), (answer, _)) in windows.iter().zip(answers) {
            let (allowed, all) = by_action.entry(&window.action).or_default();
            *allowed += usize::from(answer.is_allowed());
            *all += 1;
        }
        let word = |answer: &WindowAnswer| match answer {
            WindowAnswer::Allowed => "allowed",
            WindowAnswer::Unreachable => "unreachable",
            WindowAnswer::Forbidden(_) => "forbidden",
            WindowAnswer::Undecided => "undecided",
        };
        if self.asked.exploration.json {
            let each = windows.iter().zip(answers);
            print_json(&json!({
                "states": states,
                "windows": each.map(|((line, window), (answer, possible))| json!({
                    "line": line,
                    "action": window.action,
                    "answer": word(answer),
                    "possible": possible,
                })).collect::<Vec<_>>(),
                "actions": by_action.iter().map(|(name, (allowed, all))| (
                    (*name).to_owned(),
                    json!({ "allowed": allowed, "windows": all }),
                )).collect::<serde_json::Map<_, _>>(),
            }))?;
        } else {
            let mut text = String::new();
            for ((line, window), (answer, possible)) in windows.iter().zip(answers) {
                if answer.is_allowed() {
                    continue;
                }
                text.push_str(&format!(
                    "{}:{line}: {} is {}\n",
                    self.windows.display(),
                    window.action,
                    word(answer)
                ));
                match answer {
                    WindowAnswer::Unreachable => {
                        text.push_str("  no state that can be reached looks like the one before\n");
                    }
                    WindowAnswer::Undecided => {}
                    _ => listed(&mut text, "from there it leads to", possible),
                }
            }
            for (name, (allowed, all)) in by_action {
                text.push_str(&format!("{name}: {allowed} of {all} windows allowed\n"));
            }
            print(&text)?;
        }
        let undecided = |(answer, _): &(WindowAnswer, _)| *answer == WindowAnswer::Undecided;
        let all = answers.iter().all(|(answer, _)| answer.is_allowed());
        Ok(if all {
            Exit::Done
        } else if answers.iter().any(undecided) {
            say(format!(
                "{states} states were looked at, and there are more: what is not allowed by these is \
                 undecided; see --max-states"
            ));
            Exit::Unscored
        } else {
            Exit::DoesNotHold
        })
    }
}

impl TraceCommand {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        let trace = recorded(&self.trace, read_trace)?;
        let named = trace
            .events
            .iter()
            .map(|(_, event)| (event.action.as_str(), event.args.len()));
        let questions = |walker: &mut Walker<'_>| {
            let events = trace.events.iter().map(|(_, event)| event.event());
            let events: Vec<Event> = events.collect::<Result<_, _>>()?;
            let state = Value::from_itf(&trace.first)?;
            let answer = walker.trace(&state, &events, !self.no_internal)?;
            let shown = |values: &[Value]| shown(values.iter(), values.len());
            let (possible, others) = match &answer {
                Walked::Allowed => (Vec::new(), Vec::new()),
                Walked::NoStart(seen) => (shown(seen), Vec::new()),
                Walked::Fails {
                    possible, others, ..
                } => (shown(possible), shown(others)),
            };
            Ok((answer, possible, others))
        };
        let actions = actions(named);
        // Whatever the number of states, only those on the way are looked at.
        let asked = self.asked.answer(actions, |model, control, limits| {
            walk(model, control, limits, questions)
        });
        let (answer, possible, others) = match asked? {
            Ok(answer) => answer,
            Err(exit) => return Ok(exit),
        };
        let is_allowed = answer == Walked::Allowed;
        let place = match &answer {
            Walked::Allowed => None,
            Walked::NoStart(_) => Some(trace.line),
            Walked::Fails { event, .. } => trace.events.get(*event).map(|(line, _)| *line),
        };
        if self.asked.exploration.json {
            print_json(&json!({
                "allowed": is_allowed,
                "events": trace.events.len(),
                "line": place,
                "possible": possible,
                "others": others,
            }))?;
        } else {
            let file = self.trace.display();
            let line = place.unwrap_or_default();
            let mut text = String::new();
            match &answer {
                Walked::Allowed => {
                    text.push_str(&format!(
                        "A behaviour, with all {} steps.\n",
                        trace.events.len()
                    ));
                }
                Walked::NoStart(_) => {
                    text.push_str(&format!("{file}:{line}: no behaviour starts like this\n"));
                    listed(&mut text, "behaviours start with", &possible);
                }
                Walked::Fails { event, .. } => {
                    let event = trace.events.get(*event);
                    let name = event.map_or("", |(_, event)| &event.action);
                    text.push_str(&format!("{file}:{line}: {name} does not lead to this\n"));
                    listed(&mut text, &format!("{name} leads to"), &possible);
                    listed(&mut text, "other steps lead to", &others);
                }
            }
            print(&text)?;
        }
        Ok(match is_allowed {
            true => Exit::Done,
            false => Exit::DoesNotHold,
        })
    }
}

impl CompareCommand {
    pub(crate) fn execute(&self) -> Result<Exit, CliError> {
        let actions: Vec<Symbol> = self.actions.iter().map(|name| Symbol::new(name)).collect();
        let mut outlines = Vec::new();
        for module in [&self.first, &self.second] {
            let outline = |observed: &mut Observed<'_>| observed.outline(&actions);
            let asked =
                self.exploration
                    .answer(module, None, Vec::new(), |model, control, limits| {
                        ask(model, control, limits, outline)
                    });
            match asked? {
                Ok(outline) => outlines.push(outline),
                Err(exit) => return Ok(exit),
            }
        }
        let [first, second] = outlines.as_slice() else {
            return Err(CliError::usage(anyhow!("two specifications are compared")));
        };
        let found = match compare(first, second) {
            Ok(found) => found,
            Err(error) => return self.exploration.no_answer(&error),
        };
        match self.exploration.json {
            true => print_json(&comparison_json(&found))?,
            false => print(&self.comparison_text(&found))?,
        }
        let same = found.only_first.is_none() && found.only_second.is_none();
        Ok(if same { Exit::Done } else { Exit::DoesNotHold })
    }

    fn comparison_text(&self, found: &Comparison) -> String {
        let mut text = String::new();
        let (first, second) = (self.first.display(), self.second.display());
        let only = [
            (&found.only_first, &first, &second),
            (&found.only_second, &second, &first),
        ];
        for (distinction, this, that) in only {
            match distinction {
                None => text.push_str(&format!("{that} has every behaviour of {this}.\n")),
                Some(Distinction { first, steps }) => {
                    text.push_str(&format!("{that} does not have this behaviour of {this}:\n"));
                    text.push_str(&format!("    {first}\n"));
                    for (action, after) in steps {
                        let action = if action.is_empty() { "a step" } else { action };
                        text.push_str(&format!("  {action}\n    {after}\n"));
                    }
                }
            }
        }
        for (action, portion) in &found.portions {
            let action = if action.is_empty() {
                "other steps"
            } else {
                action
            };
            text.push_str(&format!(
                "{action}: {} steps of both, {} of {first} alone, {} of {second} alone\n",
                portion.shared, portion.only_first, portion.only_second
            ));
        }
        text
    }
}

fn comparison_json(found: &Comparison) -> Json {
    let told = |distinction: &Option<Distinction>| {
        distinction.as_ref().map(|told| {
            json!({
                "first": told.first,
                "steps": told.steps.iter().map(|(action, after)| json!({
                    "action": action,
                    "after": after,
                })).collect::<Vec<_>>(),
            })
        })
    };
    json!({
        "equivalent": found.only_first.is_none() && found.only_second.is_none(),
        "only_first": told(&found.only_first),
        "only_second": told(&found.only_second),
        "actions": found.portions.iter().map(|(name, portion)| (name.clone(), json!({
            "shared": portion.shared,
            "only_first": portion.only_first,
            "only_second": portion.only_second,
            "precision": portion.precision(),
            "recall": portion.recall(),
        }))).collect::<serde_json::Map<_, _>>(),
    })
}
