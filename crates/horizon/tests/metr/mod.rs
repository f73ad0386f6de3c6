//! METR's January 2025 snapshot and figures computed from it, read from `tests/gold`.

#![allow(dead_code, unreachable_pub)] // Shared by test programs that each use a part of it.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::PathBuf;

use horizon::human_time::Evidence;
use horizon::replay::Rows;
use horizon::{Dataset, Run};

/// One line of a table, by column name.
pub type Row = HashMap<String, String>;

/// Text of a gold file, unpacked where its name says that it is packed.
pub fn text(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/gold")
        .join(name);
    let file = std::fs::File::open(path).unwrap();
    let mut text = String::new();
    if name.ends_with(".xz") {
        let mut unpacked = lzma_rust2::XzReader::new(file, true);
        unpacked.read_to_string(&mut text).unwrap();
    } else {
        std::io::BufReader::new(file)
            .read_to_string(&mut text)
            .unwrap();
    }
    text
}

/// Lines of a gold table.
pub fn table(name: &str) -> Vec<Row> {
    let text = text(name);
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .map(Result::unwrap)
        .collect()
}

/// A numeric field; `None` where it is blank.
pub fn number(row: &Row, column: &str) -> Option<f64> {
    let field = &row[column];
    (!field.is_empty()).then(|| field.parse().unwrap())
}

/// All 7,059 runs, rebuilt from counts: their outcomes are 0 or 1 and their order is irrelevant.
pub fn dataset() -> Dataset {
    let runs = table("task_level_dd29c6c0.csv")
        .into_iter()
        .flat_map(|row| {
            let runs: usize = row["n_runs"].parse().unwrap();
            let successes: usize = row["n_successes"].parse().unwrap();
            (0..runs).map(move |index| Run {
                agent: row["alias"].clone(),
                task: row["task_id"].clone(),
                family: row["task_family"].clone(),
                human_minutes: number(&row, "human_minutes").unwrap(),
                success: if index < successes { 1.0 } else { 0.0 },
            })
        });
    Dataset::new(runs).unwrap()
}

/// The same runs in the order of METR's file.
pub fn rows() -> Rows {
    let tasks: HashMap<String, Row> = table("task_level_dd29c6c0.csv")
        .into_iter()
        .map(|row| (row["task_id"].clone(), row))
        .collect();
    let runs = table("runs_in_file_order_dd29c6c0.csv")
        .into_iter()
        .flat_map(|row| {
            let task = &tasks[&row["task_id"]];
            let human_minutes = number(task, "human_minutes").unwrap();
            let family = task["task_family"].clone();
            let outcomes: Vec<char> = row["outcomes"].chars().collect();
            outcomes.into_iter().map(move |outcome| Run {
                agent: row["alias"].clone(),
                task: row["task_id"].clone(),
                family: family.clone(),
                human_minutes,
                success: f64::from(outcome.to_digit(2).unwrap()),
            })
        });
    Rows::new(runs).unwrap()
}

/// Difference relative to the expected value.
pub fn relative(found: f64, expected: f64) -> f64 {
    ((found - expected) / expected).abs()
}

/// Days from 1970-01-01 to a date like `2025-02-24`, from March 2000 on or back.
pub fn day(date: &str) -> f64 {
    let parts: Vec<f64> = date.split('-').map(|part| part.parse().unwrap()).collect();
    // Years that begin in March end in the leap day.
    let months = parts[0] * 12.0 + parts[1] - 3.0;
    let year = (months / 12.0).floor();
    let month = months - year * 12.0;
    let leap_days = (year / 4.0).floor() - (year / 100.0).floor() + (year / 400.0).floor();
    let days_before_month = ((153.0 * month + 2.0) / 5.0).floor();
    year * 365.0 + leap_days + days_before_month + parts[2] - 719_469.0
}

/// METR's release days, from 1970-01-01.
pub const DAYS: [(&str, f64); 10] = [
    ("davinci-002", 18_410.0),
    ("gpt-3.5-turbo-instruct", 19_066.0),
    ("GPT-4 0314", 19_430.0),
    ("Claude 3 Opus", 19_786.0),
    ("GPT-4 Turbo", 19_822.0),
    ("GPT-4o", 19_856.0),
    ("Claude 3.5 Sonnet (Old)", 19_894.0),
    ("o1-preview", 19_978.0),
    ("Claude 3.5 Sonnet (New)", 20_018.0),
    ("o1", 20_062.0),
];

/// Release day of an agent; humans have none.
pub fn day_of(agent: &str) -> Option<f64> {
    DAYS.iter()
        .find(|(name, _)| *name == agent)
        .map(|&(_, day)| day)
}

/// Timed attempts of humans by task: minutes of those who succeeded, and of those who failed.
pub fn baselines() -> BTreeMap<String, (Vec<f64>, Vec<f64>)> {
    let mut baselines: BTreeMap<String, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
    for row in table("human_baselines_dd29c6c0.csv") {
        let task = baselines.entry(row["task_id"].clone()).or_default();
        let list = if row["succeeded"] == "1" {
            &mut task.0
        } else {
            &mut task.1
        };
        list.push(number(&row, "minutes").unwrap());
    }
    baselines
}

/// What METR's multiverse takes human times to rest on: the attempts that succeeded, and nothing
/// for other tasks.
pub fn measured() -> BTreeMap<String, Evidence> {
    let successes = |(task, (minutes, _)): (String, (Vec<f64>, Vec<f64>))| {
        (!minutes.is_empty()).then_some((task, Evidence::Measured { minutes }))
    };
    baselines().into_iter().filter_map(successes).collect()
}

/// What the snapshot says that human times rest on. Reviewers' times count as measured where
/// they succeeded; other tasks than baselined ones are estimates.
pub fn evidence() -> BTreeMap<String, Evidence> {
    let mut evidence = measured();
    for row in table("human_sources_dd29c6c0.csv") {
        if row["human_source"] == "estimate" {
            let range_minutes = None;
            evidence.insert(
                row["task_id"].clone(),
                Evidence::Estimated { range_minutes },
            );
        }
    }
    evidence
}
