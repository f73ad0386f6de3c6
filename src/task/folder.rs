//! The parts of a task folder, and reading them.

use std::fs;
use std::path::{Path, PathBuf};

use super::answer::AnswerError;

/// A folder in the shape of a Harbor task.
#[derive(Debug, Clone)]
pub struct TaskFolder {
    root: PathBuf,
}

/// A file with its path relative to the folder that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Relative path with `/` between its parts.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Files of `environment/` that build Harbor's container, and say nothing to a solver.
const CONTAINER_FILES: [&str; 3] = ["Dockerfile", "docker-compose.yaml", ".dockerignore"];

impl TaskFolder {
    /// The task whose `task.toml` lies in `root`.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// `instruction.md`.
    pub fn instruction(&self) -> PathBuf {
        self.root.join("instruction.md")
    }

    /// `tests/`: hidden until the answer is in.
    pub fn tests(&self) -> PathBuf {
        self.root.join("tests")
    }

    /// `solution/`: the reference answer.
    pub fn solution(&self) -> PathBuf {
        self.root.join("solution")
    }

    /// The files of `environment/` that the solver may see, sorted by path.
    ///
    /// # Errors
    /// When a file is unreadable.
    pub fn environment_files(&self) -> Result<Vec<FileEntry>, AnswerError> {
        let folder = self.root.join("environment");
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut files = read_tree(&folder)?;
        files.retain(|file| !CONTAINER_FILES.contains(&file.path.as_str()));
        Ok(files)
    }

    /// The folders below `tests/<kind>/`, such as `mutants`, by name.
    ///
    /// # Errors
    /// When the folder is unreadable.
    pub fn below_tests(&self, kind: &str) -> Result<Vec<(String, PathBuf)>, AnswerError> {
        let folder = self.tests().join(kind);
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for path in sorted_entries(&folder)? {
            if let (true, Some(name)) = (path.is_dir(), path.file_name()) {
                found.push((name.to_string_lossy().into_owned(), path.clone()));
            }
        }
        Ok(found)
    }

    /// Every file of the task, sorted by path: what its digest is taken over.
    ///
    /// # Errors
    /// When a file is unreadable.
    pub fn all_files(&self) -> Result<Vec<FileEntry>, AnswerError> {
        read_tree(&self.root)
    }
}

fn sorted_entries(folder: &Path) -> Result<Vec<PathBuf>, AnswerError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(AnswerError::io("list", folder))? {
        paths.push(entry.map_err(AnswerError::io("list", folder))?.path());
    }
    paths.sort();
    Ok(paths)
}

/// Every regular file below `folder`, sorted by path. Symbolic links are not followed, and
/// `__pycache__` folders, which Python leaves behind, are passed over.
pub(super) fn read_tree(folder: &Path) -> Result<Vec<FileEntry>, AnswerError> {
    let mut files = Vec::new();
    let mut pending = vec![(folder.to_owned(), String::new())];
    while let Some((directory, prefix)) = pending.pop() {
        for path in sorted_entries(&directory)? {
            let Some(name) = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
            else {
                continue;
            };
            let kind = fs::symlink_metadata(&path).map_err(AnswerError::io("inspect", &path))?;
            let relative = format!("{prefix}{name}");
            if kind.is_dir() && name != "__pycache__" {
                pending.push((path, format!("{relative}/")));
            } else if kind.is_file() {
                let bytes = fs::read(&path).map_err(AnswerError::io("read", &path))?;
                files.push(FileEntry {
                    path: relative,
                    bytes,
                });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}
