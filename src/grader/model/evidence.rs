//! What is known of the real system: windows, traces, and what it cannot do.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use tla::observe::{LineError, RecordedTrace, RecordedWindow, read_trace, read_windows};

use super::super::GradeError;
use super::contract::PropertyModule;
use crate::task::ModeledSystem;

/// Windows that were seen, below `tests/`.
pub(super) const WINDOWS: &str = "windows.jsonl";
/// Windows that are impossible, below `tests/`.
pub const IMPOSSIBLE: &str = "impossible.jsonl";
/// Windows of broken systems, a folder below `tests/`.
const BROKEN: &str = "broken";
/// Whole runs, a folder below `tests/`.
const TRACES: &str = "traces";
/// Properties, below `tests/`.
const PROPERTIES: &str = "Properties.tla";

/// The hidden files of a task.
pub(super) struct Evidence {
    /// Windows of the real system that change something.
    pub(super) windows: Vec<Sighting>,
    /// Windows that the real system cannot take; empty where there is no such file.
    pub(super) impossible: Vec<Sighting>,
    /// Whole runs of the real system.
    pub(super) traces: Vec<Run>,
    /// The task's properties.
    pub(super) properties: PropertyModule,
}

/// A window with its place.
pub(super) struct Sighting {
    /// File and line, below `tests/`.
    pub(super) place: String,
    pub(super) window: RecordedWindow,
}

/// A trace with its place.
pub(super) struct Run {
    /// The file, below `tests/`.
    pub(super) file: String,
    pub(super) trace: RecordedTrace,
}

impl Evidence {
    /// Reads everything.
    pub(super) fn read(system: &ModeledSystem) -> Result<Self, GradeError> {
        let folder = system.folder.tests();
        let impossible = match folder.join(IMPOSSIBLE).exists() {
            true => sightings(&folder, IMPOSSIBLE)?,
            false => Vec::new(),
        };
        let mut traces = Vec::new();
        for file in jsonl_files(&folder, TRACES)? {
            let trace = parsed(&folder, &file, read_trace)?;
            traces.push(Run { file, trace });
        }
        let evidence = Self {
            windows: sightings(&folder, WINDOWS)?,
            impossible,
            traces,
            properties: PropertyModule {
                name: "Properties",
                text: text(&folder.join(PROPERTIES))?,
            },
        };
        evidence.check(system)?;
        Ok(evidence)
    }

    /// Whether all actions are those of the interface.
    fn check(&self, system: &ModeledSystem) -> Result<(), GradeError> {
        let events = self.traces.iter().flat_map(|run| {
            let place = |line: &usize| format!("{}:{line}", run.file);
            run.trace
                .events
                .iter()
                .map(move |(line, event)| (place(line), &event.action, event.args.len()))
        });
        let windows = self.windows.iter().chain(&self.impossible);
        let windows = windows.map(|sighting| {
            let window = &sighting.window;
            (sighting.place.clone(), &window.action, window.args.len())
        });
        for (place, action, arguments) in windows.chain(events) {
            let known = system
                .actions
                .iter()
                .any(|own| own.name == *action && own.parameters.len() == arguments);
            if !known {
                return Err(GradeError::Evidence {
                    place: system.folder.tests().join(place).display().to_string(),
                    message: format!("the interface has no `{action}` with {arguments} parameters"),
                });
            }
        }
        Ok(())
    }

    /// Every action with every arguments that were seen of it, in order.
    pub(super) fn calls(&self) -> BTreeSet<Call> {
        let windows = self.windows.iter().map(|sighting| &sighting.window);
        let windows = windows.map(|window| Call::new(&window.action, &window.args));
        let events = self.traces.iter().flat_map(|run| &run.trace.events);
        let events = events.map(|(_, event)| Call::new(&event.action, &event.args));
        windows.chain(events).collect()
    }
}

/// An action with arguments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Call {
    pub(super) action: String,
    /// The arguments as JSON text, which has an order.
    arguments: String,
}

impl Call {
    pub(super) fn new(action: &str, arguments: &[Json]) -> Self {
        Self {
            action: action.to_owned(),
            arguments: Json::from(arguments).to_string(),
        }
    }

    /// The arguments.
    pub(super) fn arguments(&self) -> Vec<Json> {
        serde_json::from_str(&self.arguments).unwrap_or_default()
    }
}

/// Windows of broken systems, with the name of each.
pub(super) fn broken(system: &ModeledSystem) -> Result<Vec<(String, Vec<Sighting>)>, GradeError> {
    let folder = system.folder.tests();
    jsonl_files(&folder, BROKEN)?
        .into_iter()
        .map(|file| {
            let stem = Path::new(&file).file_stem().unwrap_or_default();
            Ok((
                stem.to_string_lossy().into_owned(),
                sightings(&folder, &file)?,
            ))
        })
        .collect()
}

/// The windows of a file that change something: what changes nothing says nothing.
fn sightings(folder: &Path, file: &str) -> Result<Vec<Sighting>, GradeError> {
    let windows = parsed(folder, file, read_windows)?;
    let changing = windows
        .into_iter()
        .filter(|(_, window)| window.before != window.after);
    Ok(changing
        .map(|(line, window)| Sighting {
            place: format!("{file}:{line}"),
            window,
        })
        .collect())
}

fn parsed<T>(
    folder: &Path,
    file: &str,
    read: fn(&str) -> Result<T, LineError>,
) -> Result<T, GradeError> {
    let path = folder.join(file);
    read(&text(&path)?).map_err(|error| {
        let (place, message) = match error {
            LineError::Malformed { line, message } => (format!("{file}:{line}"), message),
            LineError::Empty => (file.to_owned(), "is empty".to_owned()),
        };
        GradeError::Evidence {
            place: folder.join(place).display().to_string(),
            message,
        }
    })
}

fn text(path: &Path) -> Result<String, GradeError> {
    fs::read_to_string(path).map_err(|error| GradeError::Evidence {
        place: path.display().to_string(),
        message: format!("cannot be read: {error}"),
    })
}

/// Files of a folder below `folder`, in order; none if there is no such folder.
fn jsonl_files(folder: &Path, kind: &str) -> Result<Vec<String>, GradeError> {
    let path = folder.join(kind);
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let listed = |error: std::io::Error| GradeError::Evidence {
        place: path.display().to_string(),
        message: format!("cannot be listed: {error}"),
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(&path).map_err(listed)? {
        let name = entry.map_err(listed)?.file_name();
        let name = name.to_string_lossy();
        if name.ends_with(".jsonl") {
            files.push(format!("{kind}/{name}"));
        }
    }
    files.sort();
    Ok(files)
}
