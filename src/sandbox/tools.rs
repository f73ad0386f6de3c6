//! Finds the programs that tasks need, and what of the machine must be mounted to use them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use super::SandboxError;
use super::spec::ToolMount;

/// Directories that every room shows; a program that lives there needs no mount.
const SYSTEM: [&str; 5] = ["/usr", "/bin", "/lib", "/nix/store", "/gnu/store"];
/// Where a room looks for programs, best first.
const SYSTEM_BIN: [&str; 3] = ["/usr/local/bin", "/usr/bin", "/bin"];
/// Answers that do not change while this process runs.
static FOUND: Mutex<BTreeMap<String, Tool>> = Mutex::new(BTreeMap::new());

/// A program that can be used in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// The name it was asked for by.
    pub name: String,
    /// Its absolute path in the room, which is its path on the host too.
    pub program: String,
    /// What a job must mount to use it; puts it on `PATH` as well.
    pub mounts: Vec<ToolMount>,
    /// The first line of what it says about its version; empty if it says nothing.
    pub version: String,
}

/// Finds a program by name: in the system's directories if it works there, else on `PATH`, where
/// shims of version managers are followed to the installation behind them.
///
/// Starts the program to see whether it works, once in the life of this process; this blocks for
/// some milliseconds.
///
/// # Errors
///
/// [`SandboxError::ToolMissing`] naming the program.
pub fn resolve(name: &str) -> Result<Tool, SandboxError> {
    let missing = |reason: &str| SandboxError::ToolMissing {
        tool: name.to_owned(),
        reason: reason.to_owned(),
    };
    if name.is_empty() || name.contains(['/', '\0']) {
        return Err(missing("it is not a program's bare name"));
    }
    if let Some(tool) = FOUND
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(name)
    {
        return Ok(tool.clone());
    }
    let tool = in_system(name)
        .or_else(|| on_path(name))
        .ok_or_else(|| missing("no working program of that name is installed or on PATH"))?;
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(found.entry(name.to_owned()).or_insert(tool).clone())
}

fn in_system(name: &str) -> Option<Tool> {
    SYSTEM_BIN.iter().find_map(|dir| {
        let program = Path::new(dir).join(name);
        let real = program.canonicalize().ok()?;
        if !SYSTEM.iter().any(|system| real.starts_with(system)) {
            return None;
        }
        tool(name, &program, Vec::new())
    })
}

fn on_path(name: &str) -> Option<Tool> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find_map(|dir| {
        let candidate = dir.join(name);
        if !candidate.is_file() {
            return None;
        }
        let (program, mount) = behind(name, &candidate)?;
        let mount = ToolMount {
            inside: mount.to_str()?.to_owned(),
            path_dir: Some(program.parent()?.to_str()?.to_owned()),
            host: mount,
        };
        tool(name, &program, vec![mount])
    })
}

/// The program behind what was found on `PATH`, and the directory or file that holds all of it.
fn behind(name: &str, candidate: &Path) -> Option<(PathBuf, PathBuf)> {
    match name {
        "python" | "python3" => {
            let script = "import sys; print(sys.base_prefix)";
            let prefix = real_dir(&first_line(candidate, &["-c", script])?)?;
            Some((prefix.join("bin").join(name), prefix))
        }
        "rustc" | "cargo" | "rustdoc" => {
            let rustc = candidate.with_file_name("rustc");
            let sysroot = real_dir(&first_line(&rustc, &["--print", "sysroot"])?)?;
            Some((sysroot.join("bin").join(name), sysroot))
        }
        _ => {
            let real = candidate.canonicalize().ok()?;
            let prefix = real.parent().filter(|dir| dir.ends_with("bin"))?.parent()?;
            // A prefix that people share with other things must not be shown whole.
            let is_private = std::env::home_dir().is_some_and(|home| {
                home.starts_with(prefix)
                    || [".local", ".cargo", ".pyenv"]
                        .iter()
                        .any(|dir| home.join(dir) == prefix)
            });
            let mount = if is_private {
                real.clone()
            } else {
                prefix.to_owned()
            };
            Some((real, mount))
        }
    }
}

fn real_dir(text: &str) -> Option<PathBuf> {
    let dir = Path::new(text).canonicalize().ok()?;
    (dir.is_dir() && dir.parent().is_some()).then_some(dir)
}

/// The tool, if its program starts.
fn tool(name: &str, program: &Path, mounts: Vec<ToolMount>) -> Option<Tool> {
    // The plain shell of some systems knows no `--version`.
    let version = match name {
        "sh" | "dash" => first_line(program, &["-c", ":"])?,
        _ => first_line(program, &["--version"])?,
    };
    Some(Tool {
        name: name.to_owned(),
        program: program.to_str()?.to_owned(),
        mounts,
        version,
    })
}

/// What a program says first, if it starts and ends well.
fn first_line(program: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    output
        .status
        .success()
        .then(|| text.lines().next().unwrap_or_default().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_needs_no_mount() {
        let shell = resolve("sh").unwrap();
        assert!(shell.mounts.is_empty());
        assert!(Path::new(&shell.program).is_absolute());
    }

    #[test]
    fn what_is_not_there_is_named() {
        for name in ["no-such-program-anywhere", "", "a/b"] {
            match resolve(name) {
                Err(SandboxError::ToolMissing { tool, .. }) => assert_eq!(tool, name),
                other => panic!("{other:?}"),
            }
        }
    }
}
