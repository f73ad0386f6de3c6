//! The registry: every task below a `tasks/` folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::id::is_id_part;
use super::{Problem, Suites, Task, TaskId, manifest, sheet};

/// The folder of a family that holds its recording tool.
const RECORDER: &str = "record";

/// All tasks found, and everything that kept others from loading.
#[derive(Debug)]
pub struct Registry {
    root: PathBuf,
    tasks: BTreeMap<TaskId, Task>,
    suites: Suites,
    problems: Vec<Problem>,
}

/// Why a registry could not be opened, or does not hold what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// There is no such folder.
    #[error("no tasks at {}: {reason}; run in the project's folder or give --tasks DIR", .root.display())]
    NoFolder {
        /// The folder looked for.
        root: PathBuf,
        /// Why it cannot be listed.
        reason: String,
    },
    /// The id names no task.
    #[error("unknown task `{id}`{}", hint(.near.as_deref(), "sextant task list"))]
    UnknownTask {
        /// What was asked for.
        id: String,
        /// The known id most like it.
        near: Option<String>,
    },
    /// The task exists but cannot be used.
    #[error("task `{id}` is broken:\n{}", .problems.iter().map(|p| format!("  {p}")).collect::<Vec<_>>().join("\n"))]
    BrokenTask {
        /// Which.
        id: String,
        /// What is wrong with it.
        problems: Vec<Problem>,
    },
    /// The name stands for no suite.
    #[error("unknown suite `{name}`{}", hint(.near.as_deref(), "sextant task list --suites"))]
    UnknownSuite {
        /// What was asked for.
        name: String,
        /// The known name most like it.
        near: Option<String>,
    },
    /// A pattern of a suite matches nothing.
    #[error("suite `{suite}` selects `{pattern}`, which matches no task")]
    EmptyPattern {
        /// The suite.
        suite: String,
        /// Its pattern.
        pattern: String,
    },
}

fn hint(near: Option<&str>, listing: &str) -> String {
    match near {
        Some(near) => format!("; did you mean `{near}`? `{listing}` names all"),
        None => format!("; `{listing}` names all"),
    }
}

impl Registry {
    /// Reads every task below `root`: folders `<family>/<name>/task.toml` and
    /// `<family>/sheet.toml`. Broken tasks become [`Registry::problems`].
    ///
    /// # Errors
    /// Only when `root` itself cannot be listed.
    pub fn open(root: &Path) -> Result<Self, RegistryError> {
        let families = subfolders(root).map_err(|error| RegistryError::NoFolder {
            root: root.to_owned(),
            reason: error.to_string(),
        })?;
        let mut registry = Self {
            root: root.to_owned(),
            tasks: BTreeMap::new(),
            suites: Suites::default(),
            problems: Vec::new(),
        };
        for (family, folder) in families {
            registry.read_family(&family, &folder);
        }
        let (suites, problems) = Suites::load(&root.join("suites.toml"));
        registry.suites = suites;
        registry.problems.extend(problems);
        Ok(registry)
    }

    fn read_family(&mut self, family: &str, folder: &Path) {
        if !is_id_part(family) {
            self.problems.push(Problem::new(
                folder,
                None,
                "this folder's name is no family name",
            ));
            return;
        }
        let sheet_file = folder.join("sheet.toml");
        if sheet_file.is_file() {
            let (tasks, problems) = sheet::load(&sheet_file, family);
            self.problems.extend(problems);
            self.tasks
                .extend(tasks.into_iter().map(|task| (task.id.clone(), task)));
        }
        let Ok(names) = subfolders(folder) else {
            self.problems
                .push(Problem::new(folder, None, "cannot be listed"));
            return;
        };
        for (name, task_folder) in names {
            // The tool that recorded the family's systems is no task.
            if name == RECORDER {
                continue;
            }
            let Ok(id) = format!("{family}/{name}").parse::<TaskId>() else {
                self.problems.push(Problem::new(
                    &task_folder,
                    None,
                    "this folder's name is no task name",
                ));
                continue;
            };
            if self.tasks.contains_key(&id) {
                let message = format!("`{id}` is already an item of this family's sheet");
                self.problems
                    .push(Problem::new(&task_folder, None, message));
                continue;
            }
            match manifest::load(&task_folder, &id) {
                Ok(task) => {
                    self.tasks.insert(id, task);
                }
                Err(problems) => self.problems.extend(problems),
            }
        }
    }

    /// The folder that was read.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Every sound task, by id.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values()
    }

    /// What kept tasks or suites from loading.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The suites.
    pub fn suites(&self) -> &Suites {
        &self.suites
    }

    /// The task called `id`.
    ///
    /// # Errors
    /// When there is none, or it is broken.
    pub fn task(&self, id: &str) -> Result<&Task, RegistryError> {
        if let Some(task) = id.parse::<TaskId>().ok().and_then(|id| self.tasks.get(&id)) {
            return Ok(task);
        }
        let folder = self.root.join(id);
        let problems: Vec<Problem> = self
            .problems
            .iter()
            .filter(|problem| problem.place.file.starts_with(&folder))
            .cloned()
            .collect();
        if !problems.is_empty() {
            return Err(RegistryError::BrokenTask {
                id: id.to_owned(),
                problems,
            });
        }
        Err(RegistryError::UnknownTask {
            id: id.to_owned(),
            near: nearest(id, self.tasks.keys().map(TaskId::as_str)),
        })
    }

    /// The tasks of the suite called `name`, sorted by id.
    ///
    /// # Errors
    /// When there is no such suite, or one of its patterns matches nothing.
    pub fn suite_tasks(&self, name: &str) -> Result<Vec<&Task>, RegistryError> {
        let suite = self
            .suites
            .get(name)
            .ok_or_else(|| RegistryError::UnknownSuite {
                name: name.to_owned(),
                near: nearest(name, self.suites.names()),
            })?;
        if let Some(pattern) = suite.include.iter().find(|pattern| {
            !self
                .tasks
                .keys()
                .any(|id| super::suite::matches(pattern, id.as_str()))
        }) {
            return Err(RegistryError::EmptyPattern {
                suite: name.to_owned(),
                pattern: pattern.clone(),
            });
        }
        Ok(self
            .tasks
            .values()
            .filter(|task| suite.selects(task.id.as_str()))
            .collect())
    }
}

/// The folders directly below `folder`, sorted by name; hidden ones left out.
fn subfolders(folder: &Path) -> std::io::Result<Vec<(String, PathBuf)>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && !name.starts_with('.') {
            folders.push((name, entry.path()));
        }
    }
    folders.sort();
    Ok(folders)
}

/// The candidate within a third of its length in edits of `text`, if any.
fn nearest<'a>(text: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    candidates
        .map(|candidate| (strsim::levenshtein(text, candidate), candidate))
        .min()
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().div_ceil(3))
        .map(|(_, candidate)| candidate.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write_task(root: &Path, id: &str, manifest: &str) {
        let folder = root.join(id);
        fs::create_dir_all(folder.join("tests")).unwrap();
        fs::write(folder.join("tests/test.sh"), "").unwrap();
        fs::write(folder.join("instruction.md"), "Do it.").unwrap();
        fs::write(folder.join("task.toml"), manifest).unwrap();
    }

    #[test]
    fn a_broken_task_never_hides_the_others() {
        let root = tempfile::tempdir().unwrap();
        write_task(root.path(), "demo/good", "[task]\nname = \"demo/good\"\n");
        write_task(
            root.path(),
            "demo/bad",
            "[task]\nname = \"demo/bad\"\n[sextant]\ngradr = \"tests\"\n",
        );
        let registry = Registry::open(root.path()).unwrap();
        assert_eq!(registry.tasks().count(), 1);
        assert_eq!(registry.problems().len(), 1);
        assert!(matches!(
            registry.task("demo/bad"),
            Err(RegistryError::BrokenTask { .. })
        ));
    }

    #[test]
    fn an_unknown_task_gets_a_suggestion() {
        let root = tempfile::tempdir().unwrap();
        write_task(root.path(), "demo/queue", "[task]\nname = \"demo/queue\"\n");
        let registry = Registry::open(root.path()).unwrap();
        let message = registry.task("demo/queu").unwrap_err().to_string();
        assert!(message.contains("did you mean `demo/queue`"), "{message}");
    }
}
