//! Where the texts of modules come from.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::data::DataFolder;

/// The text of a module as a [`ModuleSource`] found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleText {
    /// Name to show for it, such as `DieHard.tla`.
    pub display_name: String,
    /// The whole text.
    pub text: String,
}

/// Finds modules by name.
///
/// A source need not know the standard modules: those that ship with the engine are looked up
/// after it, so a file of the same name takes precedence (as in TLC).
pub trait ModuleSource {
    /// The module of this name; `Ok(None)` where there is none.
    ///
    /// # Errors
    /// A sentence without a full stop, where there is such a module but it cannot be read.
    fn load(&self, name: &str) -> Result<Option<ModuleText>, String>;

    /// The folder whose files the specification may read while it is evaluated.
    fn data(&self) -> DataFolder {
        DataFolder::default()
    }
}

/// Largest file that is read as a module.
const MAX_BYTES: u64 = 1 << 25;

/// Folders on disk, searched in order for `Name.tla`.
#[derive(Debug, Clone, Default)]
pub struct Folders {
    folders: Vec<PathBuf>,
}

impl Folders {
    /// Searches these folders, in this order.
    pub fn new<P: AsRef<Path>>(folders: impl IntoIterator<Item = P>) -> Folders {
        Folders {
            folders: folders
                .into_iter()
                .map(|folder| folder.as_ref().to_path_buf())
                .collect(),
        }
    }
}

impl ModuleSource for Folders {
    fn load(&self, name: &str) -> Result<Option<ModuleText>, String> {
        let file_name = format!("{name}.tla");
        for folder in &self.folders {
            let path = folder.join(&file_name);
            let Ok(metadata) = path.metadata() else {
                continue;
            };
            if !metadata.is_file() {
                continue;
            }
            if metadata.len() > MAX_BYTES {
                return Err(format!("{} is larger than 32 MiB", path.display()));
            }
            let bytes = std::fs::read(&path)
                .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            return Ok(Some(ModuleText {
                display_name: file_name,
                text: String::from_utf8_lossy(&bytes).into_owned(),
            }));
        }
        Ok(None)
    }

    fn data(&self) -> DataFolder {
        match self.folders.first() {
            Some(folder) => DataFolder::new(folder),
            None => DataFolder::default(),
        }
    }
}

/// Texts in memory by module name.
#[derive(Debug, Clone, Default)]
pub struct InMemory {
    texts: HashMap<String, String>,
}

impl InMemory {
    /// No module yet.
    #[must_use]
    pub fn new() -> InMemory {
        InMemory::default()
    }

    /// Adds or replaces a module.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, text: impl Into<String>) -> InMemory {
        self.texts.insert(name.into(), text.into());
        self
    }
}

impl ModuleSource for InMemory {
    fn load(&self, name: &str) -> Result<Option<ModuleText>, String> {
        Ok(self.texts.get(name).map(|text| ModuleText {
            display_name: format!("{name}.tla"),
            text: text.clone(),
        }))
    }
}

/// The first of two sources, then the second.
impl<A: ModuleSource, B: ModuleSource> ModuleSource for (A, B) {
    fn load(&self, name: &str) -> Result<Option<ModuleText>, String> {
        match self.0.load(name)? {
            Some(found) => Ok(Some(found)),
            None => self.1.load(name),
        }
    }

    fn data(&self) -> DataFolder {
        self.0.data()
    }
}
