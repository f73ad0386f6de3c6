//! Records what the spinlocks do.
//!
//! `record-spinlock [DIRECTORY]` runs the real locks under every schedule and writes, below the
//! directory with the tasks of this family, what `docs/modeling.md` calls the recording. What it
//! writes depends on nothing but the sources.

mod clients;
mod locks;
mod observe;
mod record;
mod sync;
mod windows;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let directory = env::args_os().nth(1).map_or(own, PathBuf::from);
    for recording in [record::plain()?, record::reserve()?] {
        if recording.disturbed {
            return Err(format!("the lock of {} does not exclude", recording.variant).into());
        }
        let tests = directory.join(recording.variant).join("tests");
        for (path, text) in &recording.files {
            let path = tests.join(path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, text)?;
        }
        println!("{}: {}", recording.variant, recording.summary);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(recording: &record::Recording) {
        assert!(!recording.disturbed, "the lock excludes");
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let tests = own.join(recording.variant).join("tests");
        for (path, text) in &recording.files {
            let there = fs::read_to_string(tests.join(path)).unwrap();
            assert!(
                *text == there,
                "{} of {} is what is recorded",
                path.display(),
                recording.variant
            );
        }
    }

    #[test]
    fn recording_plain_again_gives_what_is_there() {
        check(&record::plain().unwrap());
    }

    #[test]
    fn recording_reserve_again_gives_what_is_there() {
        check(&record::reserve().unwrap());
    }
}
