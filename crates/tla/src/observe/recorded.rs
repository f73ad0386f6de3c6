//! Windows and traces as they are written down: a JSON object a line, values in the Informal Trace
//! Format.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Event, Window};
use crate::symbol::Symbol;
use crate::value::{Value, ValueError};

/// A line of a file of windows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedWindow {
    /// What was observed before.
    pub before: Json,
    /// The action.
    pub action: String,
    /// Its arguments.
    #[serde(default)]
    pub args: Vec<Json>,
    /// What was observed after.
    pub after: Json,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// A line of a trace after the first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedEvent {
    /// The action.
    pub action: String,
    /// Its arguments.
    #[serde(default)]
    pub args: Vec<Json>,
    /// What was observed after.
    pub after: Json,
}

/// The first line of a trace.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct First {
    state: Json,
}

/// A whole run.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedTrace {
    /// Number of the line that says what was observed at first.
    pub line: usize,
    /// What was observed at first.
    pub first: Json,
    /// What happened, with numbers of lines.
    pub events: Vec<(usize, RecordedEvent)>,
}

/// A line that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// It is not what it should be.
    #[error("line {line}: {message}")]
    Malformed {
        /// Its number, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// There is no line at all.
    #[error("there is nothing in it")]
    Empty,
}

impl RecordedWindow {
    /// The window, with values of the model that is asked.
    ///
    /// # Errors
    /// When a value is none of TLA+'s.
    pub fn window(&self) -> Result<Window, ValueError> {
        Ok(Window {
            before: Value::from_itf(&self.before)?,
            action: Symbol::new(&self.action),
            arguments: values(&self.args)?,
            after: Value::from_itf(&self.after)?,
        })
    }
}

impl RecordedEvent {
    /// The event, with values of the model that is asked.
    ///
    /// # Errors
    /// When a value is none of TLA+'s.
    pub fn event(&self) -> Result<Event, ValueError> {
        Ok(Event {
            action: Symbol::new(&self.action),
            arguments: values(&self.args)?,
            after: Value::from_itf(&self.after)?,
        })
    }
}

fn values(all: &[Json]) -> Result<Vec<Value>, ValueError> {
    all.iter().map(Value::from_itf).collect()
}

/// Reads windows, with the numbers of their lines; empty lines are passed over.
///
/// # Errors
/// At the first line that is no window, and when there is none.
pub fn read_windows(text: &str) -> Result<Vec<(usize, RecordedWindow)>, LineError> {
    let windows = lines(text).map(parse).collect::<Result<Vec<_>, _>>()?;
    match windows.is_empty() {
        true => Err(LineError::Empty),
        false => Ok(windows),
    }
}

/// Reads a trace; empty lines are passed over.
///
/// # Errors
/// At the first line that is not what it should be, and when there is none.
pub fn read_trace(text: &str) -> Result<RecordedTrace, LineError> {
    let mut lines = lines(text);
    let (line, First { state }) = lines.next().ok_or(LineError::Empty).and_then(parse)?;
    Ok(RecordedTrace {
        line,
        first: state,
        events: lines.map(parse).collect::<Result<_, _>>()?,
    })
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
}

fn parse<T: for<'d> Deserialize<'d>>((line, text): (usize, &str)) -> Result<(usize, T), LineError> {
    match serde_json::from_str(text) {
        Ok(read) => Ok((line, read)),
        Err(error) => Err(LineError::Malformed {
            line,
            message: error.to_string(),
        }),
    }
}
