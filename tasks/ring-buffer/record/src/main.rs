//! Records what the ring buffers do under every schedule, and writes it to the tests of their tasks.

mod client;
mod queue;
mod record;
mod sync;
mod watch;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use crate::queue::{
    Batched, EmptyTooEarly, FullTooEarly, HeadNeverReadAgain, KeepsBackWhenFull, Lamport,
    NeverFull, PublishFirst, PublishesTooLate, ReleaseFirst, ReleasesAtOnce, TailTakenOnTrust,
};
use crate::record::{Broken, Subject, record, stray};

const LAMPORT: Subject = Subject {
    system: "ring.rs, a queue with two shared indices",
    broken: &[
        Broken {
            name: "publish-first",
            what: "push writes the tail before the slot",
            stray: stray::<PublishFirst>,
        },
        Broken {
            name: "release-first",
            what: "pop writes the head before it empties the slot",
            stray: stray::<ReleaseFirst>,
        },
        Broken {
            name: "full-too-early",
            what: "push keeps two slots free instead of one",
            stray: stray::<FullTooEarly>,
        },
        Broken {
            name: "never-full",
            what: "push never finds the queue full",
            stray: stray::<NeverFull>,
        },
        Broken {
            name: "empty-too-early",
            what: "pop compares the tail with the slot after its own",
            stray: stray::<EmptyTooEarly>,
        },
    ],
};

const BATCHED: Subject = Subject {
    system: "ring.rs, a queue with two shared indices that are read and written in batches",
    broken: &[
        Broken {
            name: "publishes-too-late",
            what: "push publishes three values together instead of two",
            stray: stray::<PublishesTooLate>,
        },
        Broken {
            name: "keeps-back-when-full",
            what: "push publishes whole batches only, even if the queue is full",
            stray: stray::<KeepsBackWhenFull>,
        },
        Broken {
            name: "head-never-read-again",
            what: "push refuses without reading the head",
            stray: stray::<HeadNeverReadAgain>,
        },
        Broken {
            name: "tail-taken-on-trust",
            what: "pop takes whatever is there after it has read the tail",
            stray: stray::<TailTakenOnTrust>,
        },
        Broken {
            name: "releases-at-once",
            what: "pop writes the head after every value",
            stray: stray::<ReleasesAtOnce>,
        },
    ],
};

/// The family's folder, where the tasks are.
fn family() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The recorded files, by their path in the family's folder.
fn files() -> Result<BTreeMap<PathBuf, String>, schedule::Error> {
    let mut files = BTreeMap::new();
    let tasks = [
        ("lamport", record::<Lamport>(&LAMPORT)?),
        ("batched", record::<Batched>(&BATCHED)?),
    ];
    for (task, recorded) in tasks {
        let tests = Path::new(task).join("tests");
        files.extend(
            recorded
                .into_iter()
                .map(|(name, text)| (tests.join(name), text)),
        );
    }
    Ok(files)
}

fn main() -> Result<(), Box<dyn Error>> {
    for (path, text) in files()? {
        let path = family().join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recording_again_gives_the_same_files() {
        for (path, text) in files().unwrap() {
            let recorded = fs::read_to_string(family().join(&path)).unwrap();
            assert!(
                recorded == text,
                "{} is not what is recorded",
                path.display()
            );
        }
    }
}
