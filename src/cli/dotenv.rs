//! Settings from the environment and from `.env`. The environment wins; it is never changed.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::builder::{BoolishValueParser, Resettable};
use clap::{ArgAction, CommandFactory, FromArgMatches};

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
        command = command.mut_args(|argument| self.with_environment(argument));
        command.mut_subcommands(|subcommand| self.with_defaults(subcommand))
    }

    /// `argument` with the value that the environment or `.env` has for it, if that is in force.
    fn with_environment(&self, mut argument: clap::Arg) -> clap::Arg {
        let Some(variable) = argument.get_env().map(OsStr::to_os_string) else {
            return argument;
        };
        if matches!(argument.get_action(), ArgAction::SetTrue) {
            // `1` and `yes` are as usual in environments as `true`.
            argument = argument.value_parser(BoolishValueParser::new());
        }
        let rival = RIVALS
            .iter()
            .find(|(option, _)| argument.get_id() == option)
            .map(|(_, rival)| rival);
        let rival_given = rival.is_some_and(|rival| is_given(rival));
        if is_set(&variable) && !rival_given {
            return argument;
        }
        if env::var_os(&variable).is_some() {
            argument = argument.env(Resettable::Reset);
        }
        let rival_set = rival.is_some_and(|rival| is_set(OsStr::new(&twin_of(rival))));
        match self.file.get(&*variable.to_string_lossy()) {
            Some(value) if !value.is_empty() && !rival_given && !rival_set => argument
                .default_value(clap::builder::OsStr::from(value.clone()))
                .required(false),
            _ => argument,
        }
    }
}

/// Options that exclude each other. One given on the command line puts the other's variable out
/// of force, and one in the environment the other's line in `.env`.
const RIVALS: [(&str, &str); 2] = [("suite", "task"), ("task", "suite")];

/// Whether the command line has `--option`.
fn is_given(option: &str) -> bool {
    env::args_os().skip(1).any(|argument| {
        argument
            .to_string_lossy()
            .strip_prefix("--")
            .is_some_and(|text| text.split('=').next() == Some(option))
    })
}

/// Whether the environment has a value for `variable`; an empty one is none.
fn is_set(variable: &OsStr) -> bool {
    env::var_os(variable).is_some_and(|value| !value.is_empty())
}

/// The environment twin of `option`.
fn twin_of(option: &str) -> String {
    format!("SEXTANT_{}", option.to_uppercase().replace('-', "_"))
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
