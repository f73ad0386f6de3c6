//! Settings from the environment and from `.env`. The environment wins; it is never changed.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use clap::{CommandFactory, FromArgMatches};

/// The process's environment with the variables of `.env` beneath it.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    file: BTreeMap<String, String>,
}

/// Why `.env` could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DotenvError {
    #[error("cannot read {}: {source}", .path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    // The line's text is not shown: it may hold a key.
    #[error("{}:{line}: expected NAME=value", .path.display())]
    Line { path: PathBuf, line: usize },
}

impl Environment {
    /// Reads `.env` of the working directory, or else of its nearest parent that has one.
    pub(crate) fn load() -> Result<Self, DotenvError> {
        let start = env::current_dir().unwrap_or_default();
        match start
            .ancestors()
            .map(|folder| folder.join(".env"))
            .find(|path| path.is_file())
        {
            Some(path) => Self::read(&path),
            None => Ok(Self::default()),
        }
    }

    fn read(path: &Path) -> Result<Self, DotenvError> {
        let text = std::fs::read_to_string(path).map_err(|source| DotenvError::Io {
            path: path.to_owned(),
            source,
        })?;
        let mut file = BTreeMap::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bad = || DotenvError::Line {
                path: path.to_owned(),
                line: index + 1,
            };
            let (name, value) = line
                .strip_prefix("export ")
                .unwrap_or(line)
                .split_once('=')
                .ok_or_else(bad)?;
            let name = name.trim();
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return Err(bad());
            }
            file.insert(name.to_owned(), unquoted(value.trim()));
        }
        Ok(Self { file })
    }

    /// The value of `name`, if it is set and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        env::var(name)
            .ok()
            .or_else(|| self.file.get(name).cloned())
            .filter(|value| !value.is_empty())
    }

    /// Parses the command line. An option that is neither given nor set in the environment takes
    /// its value from `.env`, where its twin stands there.
    pub(crate) fn parse<P: CommandFactory + FromArgMatches>(&self) -> Result<P, clap::Error> {
        let matches = self.with_defaults(P::command()).try_get_matches()?;
        P::from_arg_matches(&matches)
    }

    fn with_defaults(&self, mut command: clap::Command) -> clap::Command {
        command = command.mut_args(|argument| {
            let value = argument
                .get_env()
                .filter(|name| env::var_os(name).is_none())
                .and_then(|name| self.file.get(&*name.to_string_lossy()))
                .map(|value| clap::builder::OsStr::from(value.clone()));
            match value {
                Some(value) => argument.default_value(value).required(false),
                None => argument,
            }
        });
        command.mut_subcommands(|subcommand| self.with_defaults(subcommand))
    }
}

/// A value without the quotes around it; without them, a comment after a blank is cut off.
fn unquoted(value: &str) -> String {
    for quote in ['"', '\''] {
        if let Some(rest) = value.strip_prefix(quote)
            && let Some(end) = rest.find(quote)
        {
            return rest[..end].to_owned();
        }
    }
    value
        .split(" #")
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Environment, DotenvError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        std::fs::write(&path, text).unwrap();
        Environment::read(&path)
    }

    #[test]
    fn usual_forms_are_read() {
        let environment =
            read("# keys\nexport A_1=one # note\nB=\"two # 2\"\n\nC='three'\nD=\n").unwrap();
        assert_eq!(environment.file["A_1"], "one");
        assert_eq!(environment.file["B"], "two # 2");
        assert_eq!(environment.file["C"], "three");
        assert_eq!(environment.get("D"), None);
    }

    #[test]
    fn a_bad_line_is_named_without_its_text() {
        let message = read("A=1\nsk-secret\n").unwrap_err().to_string();
        assert!(
            message.ends_with(".env:2: expected NAME=value"),
            "{message}"
        );
    }
}
