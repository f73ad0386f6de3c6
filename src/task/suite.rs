//! Suites: named selections of tasks, written in `tasks/suites.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Problem;

/// A named selection of tasks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// What the suite is for.
    pub description: String,
    /// Ids, or `family/*`, or `*`.
    pub include: Vec<String>,
    /// Taken out again, in the same notation.
    #[serde(default)]
    pub exclude: Vec<String>,
}

impl Suite {
    /// Whether the suite holds the task called `id`.
    pub fn selects(&self, id: &str) -> bool {
        self.include.iter().any(|pattern| matches(pattern, id))
            && !self.exclude.iter().any(|pattern| matches(pattern, id))
    }
}

/// Whether `pattern` (an id, `family/*` or `*`) covers `id`.
pub(super) fn matches(pattern: &str, id: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => id.starts_with(prefix),
        None => pattern == id,
    }
}

/// All suites of a registry.
#[derive(Debug, Clone, Default)]
pub struct Suites {
    suites: BTreeMap<String, Suite>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SuitesFile {
    #[serde(default)]
    suite: BTreeMap<String, Suite>,
}

impl Suites {
    /// Reads `file`; a registry without one has no suites.
    pub(super) fn load(file: &Path) -> (Self, Vec<Problem>) {
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return (Self::default(), Vec::new());
            }
            Err(error) => {
                return (
                    Self::default(),
                    vec![Problem::new(file, None, error.to_string())],
                );
            }
        };
        match toml::from_str::<SuitesFile>(&text) {
            Ok(read) => (Self { suites: read.suite }, Vec::new()),
            Err(error) => (
                Self::default(),
                vec![Problem::from_toml(file, &text, &error)],
            ),
        }
    }

    /// The suite called `name`.
    pub fn get(&self, name: &str) -> Option<&Suite> {
        self.suites.get(name)
    }

    /// Names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.suites.keys().map(String::as_str)
    }

    /// Names and suites, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Suite)> {
        self.suites
            .iter()
            .map(|(name, suite)| (name.as_str(), suite))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_select_and_exclude() {
        let suite = Suite {
            description: String::new(),
            include: vec!["memory/*".into(), "storage/wal".into()],
            exclude: vec!["memory/slab".into()],
        };
        assert!(suite.selects("memory/buddy"));
        assert!(suite.selects("storage/wal"));
        assert!(!suite.selects("memory/slab"));
        assert!(!suite.selects("storage/sst"));
    }
}
