//! A specification reads the files beside it, and no others.

use std::path::Path;

use tla::check::{ConfigText, Exploration, Prepared, prepare, run};
use tla::control::Control;
use tla::eval::model::Options;
use tla::explore::{Options as SearchOptions, Outcome};
use tla::resolve::Folders;

const MODULE: &str = r#"---- MODULE Log ----
EXTENDS Naturals, Sequences, Json
CONSTANT File
VARIABLE x
Log == ndJsonDeserialize(File)
Most == JsonDeserialize("most.json")
Init == x = 1
Next == x < Len(Log) /\ x' = x + 1
Inv == Log[x].n < Most.most[1]
====
"#;

fn outcome(folder: &Path, file: &str) -> Option<(Outcome, usize)> {
    let text = format!("CONSTANT File = \"{file}\"\nINIT Init\nNEXT Next\nINVARIANT Inv\n");
    let config = ConfigText {
        name: "Log.cfg",
        text: &text,
    };
    let source = Folders::new([folder]);
    match prepare(&source, "Log", config, Options::default()).ok()? {
        Prepared::Ready { model, .. } => {
            let search = Exploration::Search(SearchOptions::default());
            let report = run(&model, &Control::new(), search, 0).ok()?.report;
            Some((report.outcome, report.trace.steps.len()))
        }
        Prepared::Rejected { .. } => None,
    }
}

#[test]
fn a_log_beside_the_specification_is_read() {
    let outer = std::env::temp_dir().join(format!("sextant-log-{}", std::process::id()));
    let folder = outer.join("spec");
    std::fs::create_dir_all(&folder).unwrap();
    let files = [
        ("Log.tla", MODULE),
        ("log.ndjson", "{\"n\": 1}\n\n {\"n\": 2} \n{\"n\": 7}\n"),
        ("most.json", "{\"most\": [7, \"a\", {}, true]}"),
        ("broken.ndjson", "{\"n\": "),
        ("null.ndjson", "{\"n\": null}"),
        ("../log.ndjson", "{\"n\": 9}"),
    ];
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let (violated, states) = outcome(&folder, "log.ndjson").unwrap();
    assert!(matches!(violated, Outcome::Invariant(_)), "{violated:?}");
    assert_eq!(states, 3);
    for (file, reason) in [
        ("../log.ndjson", "only files in the folder"),
        ("none.ndjson", "Cannot read"),
        ("broken.ndjson", "not JSON"),
        ("null.ndjson", "unsupported JSON value null"),
    ] {
        match outcome(&folder, file).unwrap().0 {
            // What is elsewhere may be there: TLC would read it.
            Outcome::Refused(found) if file.starts_with("..") => {
                assert!(found.message.contains(reason), "{file}: {}", found.message);
            }
            Outcome::EvaluationError(found) => {
                assert!(found.message.contains(reason), "{file}: {}", found.message);
            }
            other => panic!("{file}: {other:?}"),
        }
    }
    std::fs::remove_dir_all(outer).unwrap();
}
