//! `demo`: the first thing that a newcomer runs.

use std::fs;

use super::support::{Project, can_isolate};

/// Needs user namespaces: the demonstration grades code.
#[test]
fn the_demonstration_succeeds_and_says_what_to_do_next() {
    let home = env!("CARGO_MANIFEST_DIR");
    let project = Project::empty();
    for file in ["attempts.jsonl.zst", "release_dates.csv"] {
        let from = format!("{home}/results/metr-2025-01/{file}");
        project.write(
            &format!("results/metr-2025-01/{file}"),
            fs::read(from).unwrap(),
        );
    }
    let (tasks, baselines) = (format!("{home}/tasks"), format!("{home}/baselines"));
    let ended = project.sextant(&["demo", "--tasks", &tasks, "--baselines", &baselines]);
    if !can_isolate() {
        ended.with_code(4).complains_of(&["--sandbox none"]);
        return;
    }
    ended.with_code(0).prints(&[
        "builtin/oracle",
        "Claude 3.5 Sonnet",
        "Next, evaluate a real model",
        "sextant run --suite starter --model",
    ]);
    for run in ["demo", "metr-2025-01"] {
        for figure in ["headline", "curves"] {
            let png = project.path(&format!("results/{run}/figures/{figure}.png"));
            assert!(png.is_file(), "{}", png.display());
        }
    }
}
