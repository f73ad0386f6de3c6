//! The files that a specification may read while it is evaluated: those in its own folder.
//!
//! A specification may come from anyone, so it sees no others: no absolute path, none through `..`,
//! and no link that leads out of the folder.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

/// Largest file that is read.
const MAX_BYTES: u64 = 1 << 25;

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The specification is not on disk.
    #[error("There are no files beside this specification.")]
    NoFolder,
    /// The path leads out of the folder.
    #[error("{0:?} is not read: only files in the folder of the specification are.")]
    Outside(String),
    /// There is none, or it cannot be read.
    #[error("Cannot read {name:?} in the folder of the specification: {error}")]
    Unreadable {
        /// As it was asked for.
        name: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// It is too large.
    #[error("{0:?} is larger than 32 MiB.")]
    TooLarge(String),
}

/// The folder of a specification.
#[derive(Debug, Clone, Default)]
pub struct DataFolder {
    folder: Option<PathBuf>,
}

impl DataFolder {
    /// This folder, and those in it.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> DataFolder {
        let mut folder = folder.into();
        if folder.as_os_str().is_empty() {
            // What the parent of a bare file name is.
            folder.push(Component::CurDir);
        }
        DataFolder {
            folder: Some(folder),
        }
    }

    /// The text of a file, by its path from the folder. A path from elsewhere, as specifications
    /// have that are checked from another folder, stands for the file of that name in the folder.
    ///
    /// # Errors
    /// When the path leads out of the folder, and when the file cannot be read or is too large.
    pub fn read(&self, name: &str) -> Result<String, DataError> {
        let folder = self.folder.as_ref().ok_or(DataError::NoFolder)?;
        let path = Path::new(name);
        let inside = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        if !path.components().all(inside) {
            return Err(DataError::Outside(name.to_owned()));
        }
        let unreadable = |error| DataError::Unreadable {
            name: name.to_owned(),
            error,
        };
        let folder = folder.canonicalize().map_err(unreadable)?;
        let whole = folder.join(path).canonicalize();
        let found = match (whole, path.file_name()) {
            (Err(_), Some(last)) if OsStr::new(name) != last => folder.join(last).canonicalize(),
            (whole, _) => whole,
        }
        .map_err(unreadable)?;
        if !found.starts_with(&folder) {
            return Err(DataError::Outside(name.to_owned()));
        }
        let metadata = found.metadata().map_err(unreadable)?;
        if !metadata.is_file() {
            let error = std::io::Error::from(std::io::ErrorKind::InvalidInput);
            return Err(unreadable(error));
        }
        if metadata.len() > MAX_BYTES {
            return Err(DataError::TooLarge(name.to_owned()));
        }
        std::fs::read_to_string(&found).map_err(unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_in_the_folder_are_read() {
        let outer = std::env::temp_dir().join(format!("sextant-data-{}", std::process::id()));
        let folder = outer.join("spec");
        std::fs::create_dir_all(folder.join("sub")).unwrap();
        for (path, text) in [("a", "a"), ("sub/b", "b"), ("../secret", "s")] {
            std::fs::write(folder.join(path), text).unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(outer.join("secret"), folder.join("link")).unwrap();
        let data = DataFolder::new(&folder);
        let absolute = folder.join("a");
        let read = |name: &str| data.read(name).map_err(|error| error.to_string());
        assert_eq!(read("a").unwrap(), "a");
        assert_eq!(read("./sub/b").unwrap(), "b");
        assert_eq!(read("specs/ours/a").unwrap(), "a");
        let outside = ["../secret", "sub/../../secret", absolute.to_str().unwrap()];
        for name in outside.into_iter().chain(cfg!(unix).then_some("link")) {
            assert!(read(name).unwrap_err().contains("only files"), "{name}");
        }
        for name in ["none", "sub", ""] {
            assert!(read(name).unwrap_err().contains("Cannot read"), "{name:?}");
        }
        assert!(DataFolder::default().read("a").is_err());
        std::fs::remove_dir_all(outer).unwrap();
    }
}
