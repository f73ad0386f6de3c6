//! Which column of somebody's table holds what.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Who tried.
    Model,
    /// What was tried.
    Task,
    /// The group that the task belongs to.
    Family,
    /// The task's length in human minutes.
    HumanMinutes,
    /// The same in hours.
    HumanHours,
    /// The same in seconds.
    HumanSeconds,
    /// Where that comes from; `estimate` marks an estimate.
    HumanSource,
    /// Whether it went well: 1 or 0, true or false.
    Success,
    /// How well it went, from 0 to 1.
    Score,
    /// The run's name, unique in its file.
    RunId,
    /// The day on which the model was released, as YYYY-MM-DD.
    ReleasedOn,
    /// Tokens that the run took.
    Tokens,
    /// US dollars that the run took.
    CostDollars,
    /// The run's weight; only checked, since weights are computed from the runs.
    Weight,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Model,
        Self::Task,
        Self::Family,
        Self::HumanMinutes,
        Self::HumanHours,
        Self::HumanSeconds,
        Self::HumanSource,
        Self::Success,
        Self::Score,
        Self::RunId,
        Self::ReleasedOn,
        Self::Tokens,
        Self::CostDollars,
        Self::Weight,
    ];

    /// The name by which the command line knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Task => "task",
            Self::Family => "family",
            Self::HumanMinutes => "human_minutes",
            Self::HumanHours => "human_hours",
            Self::HumanSeconds => "human_seconds",
            Self::HumanSource => "human_source",
            Self::Success => "success",
            Self::Score => "score",
            Self::RunId => "run_id",
            Self::ReleasedOn => "released_on",
            Self::Tokens => "tokens",
            Self::CostDollars => "cost_dollars",
            Self::Weight => "weight",
        }
    }

    /// Columns that are taken for it where nothing is said, the first that is there. METR's names
    /// come first: there, `model` is an internal name and `alias` the public one.
    fn usual_columns(self) -> &'static [&'static str] {
        match self {
            Self::Model => &["alias", "model", "model_name", "agent", "system"],
            Self::Task => &["task_id", "task", "task_name", "problem"],
            Self::Family => &["task_family", "family", "group"],
            Self::HumanMinutes => &["human_minutes", "minutes"],
            Self::HumanHours => &["human_hours", "hours"],
            Self::HumanSeconds => &["human_seconds", "seconds"],
            Self::HumanSource => &["human_source"],
            Self::Success => &["score_binarized", "success", "passed", "solved", "correct"],
            Self::Score => &["score_cont", "score"],
            Self::RunId => &["run_id"],
            Self::ReleasedOn => &["released_on", "release_date"],
            Self::Tokens => &["tokens_count", "tokens", "total_tokens"],
            Self::CostDollars => &["generation_cost", "cost_dollars", "cost_usd"],
            Self::Weight => &["invsqrt_task_weight"],
        }
    }

    /// The fields that hold a task's length, with their unit in minutes.
    pub(super) const LENGTHS: [(Self, f64); 3] = [
        (Self::HumanMinutes, 1.0),
        (Self::HumanHours, 60.0),
        (Self::HumanSeconds, 1.0 / 60.0),
    ];
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Columns named by the user; whatever is not named goes by usual names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnMap(BTreeMap<Field, String>);

/// Why columns cannot be told apart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnError {
    /// A `FIELD=COLUMN` that is none.
    #[error(
        "`{text}` names no column; write FIELD=COLUMN, where FIELD is one of {}",
        field_names()
    )]
    Syntax {
        /// What was written.
        text: String,
    },
    /// A column that the file does not have.
    #[error("there is no column `{column}` for `{field}`; there are {}", .there.join(", "))]
    Absent {
        /// What it should hold.
        field: Field,
        /// Its name.
        column: String,
        /// The columns that the file has.
        there: Vec<String>,
    },
    /// No column can be taken for a field that is needed.
    #[error("no column is known to hold `{field}`; name it with --map {field}=COLUMN. There are {}", .there.join(", "))]
    Unknown {
        /// What is needed.
        field: Field,
        /// The columns that the file has.
        there: Vec<String>,
    },
    /// Two columns for one thing.
    #[error("`{0}` and `{1}` both give the length of a task; map one of them")]
    TwoLengths(Field, Field),
}

fn field_names() -> String {
    Field::ALL.map(Field::name).join(", ")
}

impl ColumnMap {
    /// Reads `FIELD=COLUMN` texts; the last of a field stands.
    ///
    /// # Errors
    /// When a text has another form or names no field.
    pub fn parse<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Self, ColumnError> {
        let mut map = BTreeMap::new();
        for text in texts {
            let bad = || ColumnError::Syntax {
                text: text.to_owned(),
            };
            let (name, column) = text.split_once('=').ok_or_else(bad)?;
            let field = Field::ALL
                .into_iter()
                .find(|field| field.name() == name.trim());
            if column.trim().is_empty() {
                return Err(bad());
            }
            map.insert(field.ok_or_else(bad)?, column.trim().to_owned());
        }
        Ok(Self(map))
    }

    /// Which of the columns `there` holds what, by their positions.
    ///
    /// # Errors
    /// When a named column is absent, a needed field has none, or lengths are given twice.
    pub(super) fn resolve(&self, there: &[&str]) -> Result<Columns, ColumnError> {
        let names = || there.iter().map(|&name| name.to_owned()).collect();
        let mut columns = Columns::default();
        for field in Field::ALL {
            let position = match self.0.get(&field) {
                Some(column) => {
                    Some(position(there, column).ok_or_else(|| ColumnError::Absent {
                        field,
                        column: column.clone(),
                        there: names(),
                    })?)
                }
                None => field
                    .usual_columns()
                    .iter()
                    .find_map(|name| position(there, name)),
            };
            if let Some(position) = position {
                columns.0.push((field, position));
            }
        }
        columns.settle_length(self)?;
        for field in [
            Field::Model,
            Field::Task,
            Field::HumanMinutes,
            Field::Success,
        ] {
            let given = match field {
                Field::HumanMinutes => columns.length().is_some(),
                Field::Success => columns.has(Field::Success) || columns.has(Field::Score),
                _ => columns.has(field),
            };
            if !given {
                return Err(ColumnError::Unknown {
                    field,
                    there: names(),
                });
            }
        }
        Ok(columns)
    }
}

fn position(there: &[&str], name: &str) -> Option<usize> {
    let same = |column: &&str| column.trim().eq_ignore_ascii_case(name);
    there.iter().position(same)
}

/// Fields with the positions of their columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Columns(Vec<(Field, usize)>);

impl Columns {
    /// The fields that are there, with the positions of their columns.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Field, usize)> + '_ {
        self.0.iter().copied()
    }

    fn has(&self, field: Field) -> bool {
        self.0.iter().any(|(known, _)| *known == field)
    }

    /// The field that gives lengths, with its unit in minutes.
    pub(super) fn length(&self) -> Option<(Field, f64)> {
        Field::LENGTHS
            .into_iter()
            .find(|(field, _)| self.has(*field))
    }

    /// Leaves one column of lengths: what is named wins over what is usual.
    fn settle_length(&mut self, map: &ColumnMap) -> Result<(), ColumnError> {
        let is_length = |field: Field| Field::LENGTHS.iter().any(|(known, _)| *known == field);
        let named = |field: &Field| map.0.contains_key(field);
        let lengths: Vec<Field> = self
            .iter()
            .map(|it| it.0)
            .filter(|it| is_length(*it))
            .collect();
        let chosen: Vec<Field> = lengths.iter().copied().filter(named).collect();
        let of = if chosen.is_empty() { lengths } else { chosen };
        if let [one, two, ..] = of[..] {
            return Err(ColumnError::TwoLengths(one, two));
        }
        self.0
            .retain(|(field, _)| !is_length(*field) || of.contains(field));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(map: &[&str], there: &[&str]) -> Result<Columns, ColumnError> {
        ColumnMap::parse(map.iter().copied())
            .unwrap()
            .resolve(there)
    }

    #[test]
    fn usual_names_are_known_and_named_columns_win() {
        let there = [
            "Alias",
            "model",
            "task_id",
            "hours",
            "score_binarized",
            "who",
        ];
        let columns = resolved(&[], &there).unwrap();
        assert!(columns.iter().any(|it| it == (Field::Model, 0)));
        assert_eq!(columns.length(), Some((Field::HumanHours, 60.0)));
        let columns = resolved(&["model=who"], &there).unwrap();
        assert!(columns.iter().any(|it| it == (Field::Model, 5)));
    }

    #[test]
    fn what_is_wrong_says_what_there_is() {
        let message = |map: &[&str], there: &[&str]| match ColumnMap::parse(map.iter().copied()) {
            Ok(map) => map.resolve(there).unwrap_err().to_string(),
            Err(error) => error.to_string(),
        };
        assert!(message(&["x=y"], &[]).contains("one of model, task, family"));
        assert!(message(&["model="], &[]).contains("names no column"));
        let absent = message(&["model=who"], &["task", "minutes"]);
        assert_eq!(
            absent,
            "there is no column `who` for `model`; there are task, minutes"
        );
        let unknown = message(&[], &["model", "task", "success"]);
        assert!(unknown.contains("--map human_minutes=COLUMN"), "{unknown}");
        let twice = message(&[], &["model", "task", "success", "hours", "minutes"]);
        assert!(
            twice.contains("`human_minutes` and `human_hours`"),
            "{twice}"
        );
    }

    #[test]
    fn a_named_length_wins_over_a_usual_one() {
        let there = ["model", "task", "success", "minutes", "took"];
        let columns = resolved(&["human_seconds=took"], &there).unwrap();
        assert_eq!(columns.length(), Some((Field::HumanSeconds, 1.0 / 60.0)));
    }
}
