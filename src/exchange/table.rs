//! Runs from anyone: a CSV, TSV or JSONL file with one run a row, packed or not.
//!
//! Columns go by usual names or are named ([`ColumnMap`]); what no field asks for is passed over.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::columns::{ColumnError, ColumnMap, Columns, Field};
use super::json_line::{Keys, keys_of};
use super::packed;
use crate::measure::{LengthSource, Sample};

/// Lines of a JSONL file whose keys are taken for its columns; a key that comes up first below is
/// not seen.
const HEADER_LINES: usize = 1_000;
/// How far from 1 the weights of a model may add up to, for rounding.
const WEIGHT_TOLERANCE: f64 = 1e-6;

/// Runs read from a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The scored runs, in the order of the file.
    pub samples: Vec<Sample>,
    /// Rows with neither success nor score, which say nothing of a model.
    pub unscored: BTreeMap<String, usize>,
    /// Release days of the models, where the file has them.
    pub released_on: BTreeMap<String, Date>,
    /// What a reader should know of how the file was read.
    pub remarks: Vec<String>,
}

/// Why a table could not be read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file is unreadable.
    #[error("cannot read {}: {source}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Its columns cannot be told apart.
    #[error("{}: {error}", .path.display())]
    Columns {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        error: ColumnError,
    },
    /// A row that is no run.
    #[error("{}:{line}: {message}", .path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// Line from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// The file has no rows.
    #[error("{} holds no runs; it needs a header and rows (CSV), or an object a line (JSONL)", .0.display())]
    Empty(PathBuf),
}

/// Reads `path`.
///
/// # Errors
/// When it is unreadable, a needed column is not known, or a row is no run.
pub fn read_table(path: &Path, map: &ColumnMap) -> Result<Table, TableError> {
    let io = |source| TableError::Io {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    packed::open(path)
        .and_then(|mut file| file.read_to_end(&mut bytes))
        .map_err(io)?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        TableError::Row {
            path: path.to_owned(),
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            message: "is not UTF-8 text".into(),
        }
    })?;
    // Spreadsheets put a byte order mark first.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let rows = Rows::new(path);
    match text.trim_start().bytes().next() {
        None => Err(TableError::Empty(path.to_owned())),
        Some(b'{') => rows.of_json_lines(text, map),
        Some(b'[') => Err(rows.bad(
            1,
            "is a JSON array; write one object a line (with jq: jq -c '.[]')".into(),
        )),
        Some(_) => rows.of_csv(text, map),
    }
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Cell<'t> {
    #[default]
    Absent,
    Text(Cow<'t, str>),
    Number(f64),
    Truth(bool),
}

/// The values of a row, by field.
pub(super) type Cells<'t> = [Cell<'t>; Field::ALL.len()];

/// What is read of a table so far.
struct Rows<'p> {
    path: &'p Path,
    table: Table,
    /// The line on which each run id stands.
    run_ids: HashMap<String, usize>,
    /// Sums of the weights that the file gives, by model.
    weights: BTreeMap<String, f64>,
}

impl<'p> Rows<'p> {
    fn new(path: &'p Path) -> Self {
        Self {
            path,
            table: Table::default(),
            run_ids: HashMap::new(),
            weights: BTreeMap::new(),
        }
    }

    fn bad(&self, line: usize, message: String) -> TableError {
        TableError::Row {
            path: self.path.to_owned(),
            line,
            message,
        }
    }

    fn columns(&self, map: &ColumnMap, there: &[&str]) -> Result<Columns, TableError> {
        map.resolve(there).map_err(|error| TableError::Columns {
            path: self.path.to_owned(),
            error,
        })
    }

    fn of_csv(mut self, text: &str, map: &ColumnMap) -> Result<Table, TableError> {
        let header = text.trim_start().lines().next().unwrap_or_default();
        let count = |mark: char| header.matches(mark).count();
        // The mark that parts the header most often; a comma where none does.
        let mark = *[',', '\t', ';']
            .iter()
            .max_by_key(|mark| (count(**mark), **mark == ','))
            .unwrap_or(&',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(u8::try_from(mark).unwrap_or(b','))
            .from_reader(text.as_bytes());
        let header = reader.headers().cloned();
        let header = header.map_err(|error| self.bad(1, error.to_string()))?;
        let columns = self.columns(map, &header.iter().collect::<Vec<_>>())?;
        let length = columns.length();
        let columns: Vec<(Field, usize)> = columns.iter().collect();
        let mut record = csv::StringRecord::new();
        loop {
            let more = reader.read_record(&mut record).map_err(|error| {
                let line = error.position().map_or(0, csv::Position::line);
                self.bad(usize::try_from(line).unwrap_or(0), csv_message(&error))
            })?;
            if !more {
                break;
            }
            let line = record.position().map_or(0, csv::Position::line);
            let mut cells = Cells::default();
            for &(field, position) in &columns {
                let text = record.get(position).unwrap_or_default().trim();
                if !text.is_empty() {
                    cells[field as usize] = Cell::Text(Cow::Borrowed(text));
                }
            }
            self.add(usize::try_from(line).unwrap_or(0), &cells, length)?;
        }
        self.finish()
    }

    fn of_json_lines(mut self, text: &str, map: &ColumnMap) -> Result<Table, TableError> {
        let lines = || {
            let numbered = (1..).zip(text.lines());
            numbered.filter(|(_, line)| !line.trim().is_empty())
        };
        let mut header: Vec<String> = Vec::new();
        for (number, line) in lines().take(HEADER_LINES) {
            let keys = keys_of(line).map_err(|error| self.bad(number, error))?;
            for key in keys {
                if !header.contains(&key) {
                    header.push(key);
                }
            }
        }
        let there: Vec<&str> = header.iter().map(String::as_str).collect();
        let columns = self.columns(map, &there)?;
        let length = columns.length();
        let keys = Keys::new(
            columns
                .iter()
                .map(|(field, position)| (there[position], field)),
        );
        for (number, line) in lines() {
            let cells = keys.cells(line).map_err(|error| self.bad(number, error))?;
            self.add(number, &cells, length)?;
        }
        self.finish()
    }

    /// Adds a row.
    fn add(
        &mut self,
        line: usize,
        cells: &Cells<'_>,
        length: Option<(Field, f64)>,
    ) -> Result<(), TableError> {
        let row = read_row(cells, length).map_err(|message| self.bad(line, message))?;
        if let Some(id) = row.run_id
            && let Some(first) = self.run_ids.insert(id.clone(), line)
        {
            let message = format!(
                "run `{id}` stands on line {first} already; a run counts once: remove one, or \
                 give the second another id"
            );
            return Err(self.bad(line, message));
        }
        if let Some(day) = row.released_on {
            let known = *self
                .table
                .released_on
                .entry(row.model.clone())
                .or_insert(day);
            if known != day {
                let message = format!(
                    "`{}` was released on {known} above, and here on {day}",
                    row.model
                );
                return Err(self.bad(line, message));
            }
        }
        if let Some(weight) = row.weight {
            *self.weights.entry(row.model.clone()).or_default() += weight;
        }
        match row.sample {
            Some(sample) => self.table.samples.push(sample),
            None => *self.table.unscored.entry(row.model).or_default() += 1,
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Table, TableError> {
        if self.table.samples.is_empty() && self.table.unscored.is_empty() {
            return Err(TableError::Empty(self.path.to_owned()));
        }
        let off = |sum: &f64| (sum - 1.0).abs() > WEIGHT_TOLERANCE;
        let wrong: Vec<String> = self
            .weights
            .iter()
            .filter(|(_, sum)| off(sum))
            .map(|(model, sum)| format!("{model} {sum:.6}"))
            .collect();
        if !wrong.is_empty() {
            self.table.remarks.push(format!(
                "{}: the weights in the file do not add up to 1 ({}); weights are computed from the \
                 runs, and those in the file are not used",
                self.path.display(),
                wrong.join(", ")
            ));
        }
        Ok(self.table)
    }
}

/// What a row says.
struct Row {
    run_id: Option<String>,
    model: String,
    released_on: Option<Date>,
    weight: Option<f64>,
    /// Absent where the row has neither success nor score.
    sample: Option<Sample>,
}

fn read_row(cells: &Cells<'_>, length: Option<(Field, f64)>) -> Result<Row, String> {
    let needed = |field: Field| text(cells, field).ok_or_else(|| format!("`{field}` is missing"));
    let model = needed(Field::Model)?;
    let task = needed(Field::Task)?;
    let family = text(cells, Field::Family).unwrap_or_else(|| family_of(&task).to_owned());
    let (field, unit) = length.unwrap_or((Field::HumanMinutes, 1.0));
    let human_minutes =
        number(cells, field)?.ok_or_else(|| format!("`{field}` is missing"))? * unit;
    if !(human_minutes.is_finite() && human_minutes > 0.0) {
        let given = human_minutes / unit;
        return Err(format!(
            "`{field}` is {given}; a task takes a person a finite time above zero"
        ));
    }
    let success = match number(cells, Field::Success)? {
        None => None,
        Some(1.0) => Some(true),
        Some(0.0) => Some(false),
        Some(other) => {
            return Err(format!(
                "`success` is {other}; it must be 0 or 1. Map a column of fractions with --map score=COLUMN"
            ));
        }
    };
    let score = match (number(cells, Field::Score)?, success) {
        (Some(score), _) if score.is_nan() => return Err("`score` is not a number".into()),
        // Some harnesses score below failure or beyond the human; only what lies between counts.
        (Some(score), Some(_)) => Some(score.clamp(0.0, 1.0)),
        (Some(score), None) if (0.0..=1.0).contains(&score) => Some(score),
        (Some(score), None) => {
            return Err(format!("`score` is {score}; it must be from 0 to 1"));
        }
        (None, success) => success.map(|success| f64::from(u8::from(success))),
    };
    let released_on = match text(cells, Field::ReleasedOn) {
        None => None,
        Some(day) => Some(
            day.parse()
                .map_err(|_| format!("`released_on` is {day}; write the day as YYYY-MM-DD"))?,
        ),
    };
    let tokens = number(cells, Field::Tokens)?;
    let cost_dollars = number(cells, Field::CostDollars)?;
    let sample = score.map(|score| Sample {
        model: model.clone(),
        task,
        family,
        human_minutes,
        length_source: LengthSource::named(text(cells, Field::HumanSource).as_deref()),
        duration_minutes: None,
        success,
        score,
        tokens: tokens.and_then(|count| format!("{count:.0}").parse().ok()),
        cost_dollars,
    });
    Ok(Row {
        run_id: text(cells, Field::RunId),
        model,
        released_on,
        weight: number(cells, Field::Weight)?,
        sample,
    })
}

/// The family of a task without one: what stands before the slash, or else the task itself.
fn family_of(task: &str) -> &str {
    task.split('/').next().unwrap_or(task)
}

fn text(cells: &Cells<'_>, field: Field) -> Option<String> {
    match &cells[field as usize] {
        Cell::Absent => None,
        Cell::Text(text) => Some(text.clone().into_owned()),
        Cell::Number(number) => Some(number.to_string()),
        Cell::Truth(truth) => Some(truth.to_string()),
    }
}

fn number(cells: &Cells<'_>, field: Field) -> Result<Option<f64>, String> {
    match &cells[field as usize] {
        Cell::Absent => Ok(None),
        Cell::Number(number) => Ok(Some(*number)),
        Cell::Truth(truth) => Ok(Some(f64::from(u8::from(*truth)))),
        Cell::Text(text) => match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => truth(text)
                .map(|truth| Some(f64::from(u8::from(truth))))
                .ok_or_else(|| format!("`{field}` is `{text}`; it must be a number")),
        },
    }
}

fn truth(text: &str) -> Option<bool> {
    let is_any_of = |words: [&str; 2]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    match (is_any_of(["true", "yes"]), is_any_of(["false", "no"])) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// What is wrong with a row of CSV, without its place, which is told beside it.
fn csv_message(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("has {len} columns; the header has {expected_len}")
        }
        _ => error.to_string(),
    }
}
