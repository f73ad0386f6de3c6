//! What is handed in: a set of files.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::SHORT_ANSWER_FILE;

/// Files handed in for a task, by their path relative to the working directory. A short answer
/// is the single file [`SHORT_ANSWER_FILE`]; no files at all is the empty answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    files: BTreeMap<String, Vec<u8>>,
}

/// Why files of an answer or a task could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The operating system refused.
    #[error("cannot {action} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which path.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// A path that would leave the working directory.
    #[error(
        "`{0}` is not a plain relative path; a file handed in must stay inside the working directory"
    )]
    UnsafePath(String),
}

impl AnswerError {
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}

/// Whether `path` stays below the directory it is joined to.
pub(super) fn is_safe_path(path: &str) -> bool {
    !path.is_empty()
        && Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
}

impl Answer {
    /// The answer that hands in nothing.
    pub fn empty() -> Self {
        Self::default()
    }

    /// A short answer.
    pub fn short(text: &str) -> Self {
        Self {
            files: BTreeMap::from([(SHORT_ANSWER_FILE.to_owned(), text.as_bytes().to_vec())]),
        }
    }

    /// Adds or replaces a file.
    ///
    /// # Errors
    /// When `path` is absolute or climbs out with `..`.
    pub fn insert(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), AnswerError> {
        if !is_safe_path(path) {
            return Err(AnswerError::UnsafePath(path.to_owned()));
        }
        self.files.insert(path.to_owned(), bytes);
        Ok(())
    }

    /// Reads the named files below `folder`; every one must be there.
    ///
    /// # Errors
    /// When a file is missing or unreadable, or a name is unsafe.
    pub fn from_files(folder: &Path, names: &[String]) -> Result<Self, AnswerError> {
        let mut answer = Self::empty();
        for name in names {
            let path = folder.join(name);
            answer.insert(
                name,
                fs::read(&path).map_err(AnswerError::io("read", &path))?,
            )?;
        }
        Ok(answer)
    }

    /// Reads every file below `folder`: an answer stored earlier. A missing folder is the empty
    /// answer.
    ///
    /// # Errors
    /// When something in the folder is unreadable.
    pub fn from_folder(folder: &Path) -> Result<Self, AnswerError> {
        let mut answer = Self::empty();
        if folder.is_dir() {
            for entry in super::folder::read_tree(folder)? {
                answer.insert(&entry.path, entry.bytes)?;
            }
        }
        Ok(answer)
    }

    /// This answer with those of `names` that exist below `folder` put over it.
    ///
    /// # Errors
    /// When an existing file is unreadable.
    pub fn overlaid_with(&self, folder: &Path, names: &[String]) -> Result<Self, AnswerError> {
        let mut answer = self.clone();
        for name in names {
            let path = folder.join(name);
            if path.is_file() {
                answer.insert(
                    name,
                    fs::read(&path).map_err(AnswerError::io("read", &path))?,
                )?;
            }
        }
        Ok(answer)
    }

    /// Writes every file below `folder`, which is created.
    ///
    /// # Errors
    /// When a file or folder cannot be written, for instance because the disk is full.
    pub fn write_to(&self, folder: &Path) -> Result<(), AnswerError> {
        fs::create_dir_all(folder).map_err(AnswerError::io("create", folder))?;
        for (name, bytes) in &self.files {
            let path = folder.join(name);
            if let Some(parent) = path.parent().filter(|parent| *parent != folder) {
                fs::create_dir_all(parent).map_err(AnswerError::io("create", parent))?;
            }
            fs::write(&path, bytes).map_err(AnswerError::io("write", &path))?;
        }
        Ok(())
    }

    /// The files, by path.
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files
    }

    /// The short answer's text, if one was handed in.
    pub fn short_text(&self) -> Option<String> {
        self.files
            .get(SHORT_ANSWER_FILE)
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// Whether nothing was handed in.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_cannot_climb_out() {
        let mut answer = Answer::empty();
        for path in ["../x", "/etc/passwd", "", "a/../../b", "."] {
            assert!(answer.insert(path, vec![]).is_err(), "{path}");
        }
        assert!(answer.insert("src/main.rs", vec![]).is_ok());
    }

    #[test]
    fn what_is_written_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let mut answer = Answer::empty();
        answer.insert("a.py", b"x = 1\n".to_vec()).unwrap();
        answer.insert("lib/b.py", vec![0, 255]).unwrap();
        answer.write_to(folder.path()).unwrap();
        assert_eq!(Answer::from_folder(folder.path()).unwrap(), answer);
    }
}
