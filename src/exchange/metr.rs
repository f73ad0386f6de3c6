//! METR's `runs.jsonl`, as in their public repository `eval-analysis-public`: one run a line,
//! plain or compressed with xz or zstd.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufRead as _, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::packed;
use crate::attempt::{Attempt, Limit, Outcome, RunFolder};

/// Why METR's runs could not be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file is unreadable or unwritable.
    #[error("cannot {action} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which path.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// A line is no run. Nothing has been imported.
    #[error("{}:{line}: {message}; nothing was imported: mend or remove that line", .path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Line from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// The file has no lines.
    #[error("{}: holds no runs", .0.display())]
    Empty(PathBuf),
    /// There is a run already.
    #[error("{} exists already; give --run NAME for another, or remove it first", .0.display())]
    Exists(PathBuf),
}

/// What an import brought: also the content of the run's `import.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// `metr`.
    pub format: &'static str,
    /// The file's name, without its folder.
    pub source: String,
    /// `sha256:<hex>` of the file as it was read.
    pub source_digest: String,
    /// Lines.
    pub runs: usize,
    /// Distinct `alias`es.
    pub agents: usize,
    /// Distinct tasks.
    pub tasks: usize,
    /// Distinct families.
    pub families: usize,
    /// The program's version.
    pub sextant_version: &'static str,
}

/// Longest line accepted, in bytes.
const MAX_LINE_BYTES: u64 = 16 << 20;

/// Imports `source` as a new run in `folder`. Fields without a place of their own in [`Attempt`]
/// are kept under `foreign`.
///
/// # Errors
/// When `source` is unreadable or one of its lines is no run; then nothing is written.
pub fn import_metr(source: &Path, folder: &RunFolder) -> Result<Imported, ImportError> {
    if folder.path().exists() {
        return Err(ImportError::Exists(folder.path().to_owned()));
    }
    let attempts = read_runs(source)?;
    let distinct =
        |field: fn(&Attempt) -> &str| attempts.iter().map(field).collect::<BTreeSet<_>>().len();
    let bytes = fs::read(source).map_err(io_error("read", source))?;
    let imported = Imported {
        format: "metr",
        source: source
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        source_digest: format!("sha256:{}", crate::task::hex(&Sha256::digest(&bytes))),
        runs: attempts.len(),
        agents: distinct(|attempt| &attempt.alias),
        tasks: distinct(|attempt| &attempt.task_id),
        families: distinct(|attempt| &attempt.task_family),
        sextant_version: env!("CARGO_PKG_VERSION"),
    };
    write_run(folder, &attempts, &imported)?;
    Ok(imported)
}

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ImportError {
    let path = path.to_owned();
    move |source| ImportError::Io {
        action,
        path,
        source,
    }
}

fn write_run(
    folder: &RunFolder,
    attempts: &[Attempt],
    imported: &Imported,
) -> Result<(), ImportError> {
    fs::create_dir_all(folder.path()).map_err(io_error("create", folder.path()))?;
    let path = folder.packed_attempts();
    let write = || -> io::Result<()> {
        // Written once and read often, so packed tightly.
        let mut packer = zstd::Encoder::new(File::create(&path)?, 19)?;
        for attempt in attempts {
            serde_json::to_writer(&mut packer, attempt)?;
            packer.write_all(b"\n")?;
        }
        packer.finish()?.sync_all()
    };
    write().map_err(io_error("write", &path))?;
    let path = folder.path().join("import.json");
    let mut json = serde_json::to_string_pretty(imported).unwrap_or_default();
    json.push('\n');
    fs::write(&path, json).map_err(io_error("write", &path))
}

fn read_runs(source: &Path) -> Result<Vec<Attempt>, ImportError> {
    let mut reader = packed::open(source).map_err(io_error("read", source))?;
    let mut attempts = Vec::new();
    let mut epochs: BTreeMap<(String, String, String), u32> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut line = Vec::new();
    for number in 1.. {
        let bad = |message: String| ImportError::Line {
            path: source.to_owned(),
            line: number,
            message,
        };
        line.clear();
        let length = reader
            .by_ref()
            .take(MAX_LINE_BYTES)
            .read_until(b'\n', &mut line)
            .map_err(|error| bad(format!("cannot be read: {error}")))?;
        if length == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let fields: Map<String, Value> = serde_json::from_slice(&line)
            .map_err(|error| bad(format!("is no JSON object: {error}")))?;
        let mut attempt = convert(fields).map_err(bad)?;
        let bad = |message: String| ImportError::Line {
            path: source.to_owned(),
            line: number,
            message,
        };
        if !seen.insert(attempt.run_id.clone()) {
            return Err(bad(format!("`run_id` {} stands twice", attempt.run_id)));
        }
        let epoch = epochs
            .entry((
                attempt.task_id.clone(),
                attempt.alias.clone(),
                attempt.solver.clone(),
            ))
            .or_default();
        *epoch += 1;
        attempt.epoch = *epoch;
        attempts.push(attempt);
    }
    if attempts.is_empty() {
        return Err(ImportError::Empty(source.to_owned()));
    }
    Ok(attempts)
}

/// One run of METR's as an attempt. The error says which field is at fault.
fn convert(mut fields: Map<String, Value>) -> Result<Attempt, String> {
    let task_id = text(&mut fields, "task_id")?;
    let alias = text(&mut fields, "alias")?;
    let human_minutes =
        number(&mut fields, "human_minutes")?.ok_or("`human_minutes` is missing")?;
    if !(human_minutes.is_finite() && human_minutes > 0.0) {
        return Err(format!(
            "`human_minutes` is {human_minutes}; it must be positive"
        ));
    }
    let label = number(&mut fields, "score_binarized")?.ok_or("`score_binarized` is missing")?;
    let success = if label == 1.0 {
        true
    } else if label == 0.0 {
        false
    } else {
        return Err(format!("`score_binarized` is {label}; it must be 0 or 1"));
    };
    // The raw score is kept: it may be negative, or beyond the human's.
    let continuous = match fields.get("score_cont") {
        Some(value) => value.as_f64(),
        None => fields.get("score").and_then(Value::as_f64),
    };
    let score = continuous.unwrap_or(label).clamp(0.0, 1.0);
    let family = match fields.remove("task_family") {
        Some(Value::String(family)) => family,
        _ => task_id.split('/').next().unwrap_or(&task_id).to_owned(),
    };
    let run_id = match fields.get("run_id") {
        Some(Value::String(id)) => {
            let id = id.clone();
            fields.remove("run_id");
            id
        }
        // Numbers stay under `foreign`, so that the original can be written again.
        Some(Value::Number(id)) => id.to_string(),
        _ => return Err("`run_id` is missing".into()),
    };
    let fatal_error_from = optional_text(&mut fields, "fatal_error_from")?;
    let limit = (fatal_error_from.as_deref() == Some("usageLimits")).then_some(Limit::Usage);
    let tokens = number(&mut fields, "tokens_count")?;
    Ok(Attempt {
        run_id,
        task_id,
        task_family: family,
        task_version: optional_text(&mut fields, "task_version")?,
        model: optional_text(&mut fields, "model")?.unwrap_or_else(|| alias.clone()),
        alias,
        model_returned: None,
        solver: optional_text(&mut fields, "scaffold")?.unwrap_or_else(|| "unknown".into()),
        epoch: 1,
        outcome: Outcome::Cancelled,
        score_cont: None,
        score_binarized: None,
        human_minutes: Some(human_minutes),
        human_source: optional_text(&mut fields, "human_source")?,
        started_at: milliseconds(&mut fields, "started_at")?,
        completed_at: milliseconds(&mut fields, "completed_at")?,
        tokens_count: tokens.and_then(|count| format!("{count:.0}").parse().ok()),
        generation_cost: number(&mut fields, "generation_cost")?,
        usage: None,
        fatal_error_from,
        grader: None,
        sandbox: None,
        details: Vec::new(),
        foreign: fields,
    }
    .with_outcome(Outcome::Scored {
        score,
        success,
        limit,
    }))
}

fn text(fields: &mut Map<String, Value>, name: &str) -> Result<String, String> {
    optional_text(fields, name)?.ok_or_else(|| format!("`{name}` is missing"))
}

fn optional_text(fields: &mut Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(format!("`{name}` is {other}; it must be text")),
    }
}

fn number(fields: &mut Map<String, Value>, name: &str) -> Result<Option<f64>, String> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(other) => other
            .as_f64()
            .map(Some)
            .ok_or_else(|| format!("`{name}` is {other}; it must be a number")),
    }
}

fn milliseconds(fields: &mut Map<String, Value>, name: &str) -> Result<i64, String> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(0),
        Some(other) => other
            .as_i64()
            .ok_or_else(|| format!("`{name}` is {other}; it must be whole milliseconds")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RUN: &str = r#"{"run_id":7,"task_id":"fam/one","task_family":"fam","alias":"A","model":"a","score":-0.5,"score_binarized":0,"human_minutes":3.5,"human_source":"baseline","started_at":1,"completed_at":2,"fatal_error_from":"usageLimits","invsqrt_task_weight":0.25}"#;

    fn import(bytes: &[u8]) -> (Result<Imported, ImportError>, Vec<Attempt>) {
        let root = tempfile::tempdir().unwrap();
        let source = root.path().join("runs.jsonl");
        fs::write(&source, bytes).unwrap();
        let folder = RunFolder::new(root.path().join("run"));
        let result = import_metr(&source, &folder);
        let attempts = folder.read().unwrap_or_default();
        (result, attempts)
    }

    #[test]
    fn a_run_keeps_every_field() {
        let (imported, attempts) = import(format!("{RUN}\n").as_bytes());
        assert_eq!(imported.unwrap().runs, 1);
        let attempt = &attempts[0];
        assert_eq!(attempt.run_id, "7");
        assert_eq!(
            attempt.outcome,
            Outcome::Scored {
                score: 0.0,
                success: false,
                limit: Some(Limit::Usage)
            }
        );
        assert_eq!(attempt.foreign["run_id"], 7);
        assert_eq!(attempt.foreign["score"], -0.5);
        assert_eq!(attempt.foreign["invsqrt_task_weight"], 0.25);
    }

    #[test]
    fn packed_files_are_recognised_by_content() {
        let packed = zstd::bulk::compress(RUN.as_bytes(), 3).unwrap();
        assert_eq!(import(&packed).1.len(), 1);
    }

    #[test]
    fn a_bad_line_in_the_middle_is_named_and_nothing_is_written() {
        let second = RUN.replace("\"run_id\":7", "\"run_id\":8");
        for (bad, reason) in [
            ("{\"run_id\": 3", "is no JSON object"),
            (&*RUN.replace("3.5", "-1"), "`human_minutes` is -1"),
            (
                &*RUN.replace("\"score_binarized\":0", "\"score_binarized\":0.5"),
                "`score_binarized` is 0.5",
            ),
            (RUN, "stands twice"),
        ] {
            let (result, attempts) = import(format!("{RUN}\n{bad}\n{second}\n").as_bytes());
            let message = result.unwrap_err().to_string();
            assert!(
                message.contains("runs.jsonl:2:") && message.contains(reason),
                "{message}"
            );
            assert!(attempts.is_empty());
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_imported_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = import(&bytes);
        }
    }
}
