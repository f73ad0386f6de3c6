//! Disks that fill up in the middle of a run.

use super::support::{Ended, PROGRAM, Project, Server};

/// Whether an unprivileged process may mount a file system in a namespace of its own here.
fn can_mount(project: &Project) -> bool {
    let probe = ["-Urm", "bash", "-c", "mount -t tmpfs none results"];
    let can = project
        .command("unshare", &probe)
        .output()
        .is_ok_and(|output| output.status.success());
    if !can {
        eprintln!("NOT TESTED: no file system of limited size can be mounted here");
    }
    can
}

/// The exit codes that a script printed as `code N` lines.
fn codes(ended: &Ended) -> Vec<&str> {
    ended
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("code "))
        .collect()
}

#[test]
fn a_full_disk_stops_the_run_and_room_lets_it_go_on() {
    let project = Project::with_facts(60);
    if !can_mount(&project) {
        return;
    }
    let server = Server::right(0);
    // The file system lives as long as the script; what it held is copied out at both points.
    let script = "mount -t tmpfs -o size=200k none results || exit 99\n\
        \"$0\" \"$@\"; echo code $?\n\
        mkdir -p full whole; cp results/r/attempts.jsonl full/\n\
        mount -o remount,size=10m results || exit 98\n\
        \"$0\" \"$@\"; echo code $?\n\
        cp results/r/attempts.jsonl whole/\n";
    let question = server.question("r");
    let mut arguments = vec!["-Urm", "bash", "-c", script, PROGRAM];
    arguments.extend(question.iter().map(String::as_str));
    let ended = Ended::of(project.command("unshare", &arguments).spawn().unwrap())
        .with_code(0)
        .complains_of(&["No space left on device", "results/r/"]);
    assert_eq!(codes(&ended), ["4", "0"], "{ended:?}");
    for (copy, complete) in [("full", false), ("whole", true)] {
        let text = std::fs::read(project.path(&format!("{copy}/attempts.jsonl"))).unwrap();
        project.write(&format!("results/{copy}/attempts.jsonl"), text);
        let scored = project.scored(copy);
        assert!(scored.values().all(|times| *times == 1), "{scored:?}");
        assert!(
            scored.len() > 1,
            "some were finished before the disk was full"
        );
        assert_eq!(scored.len() == 60, complete, "{copy}: {}", scored.len());
    }
}

#[test]
fn a_log_that_cannot_grow_keeps_its_whole_lines() {
    let project = Project::with_facts(40);
    let server = Server::right(0);
    // A limit on the size of files, in KiB, meets only the log of attempts: all else is small.
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"";
    let question = server.question("r");
    let mut arguments = vec!["-c", script, PROGRAM];
    arguments.extend(question.iter().map(String::as_str));
    Ended::of(project.command("bash", &arguments).spawn().unwrap())
        .with_code(4)
        .complains_of(&[
            "cannot append to results/r/attempts.jsonl",
            "what was finished before is safe: make room and run the same command again",
        ]);
    let bytes = std::fs::read(project.path("results/r/attempts.jsonl")).unwrap();
    assert_eq!(bytes.last(), Some(&b'\n'), "no torn line is left behind");
    let finished = project.scored("r").len();
    assert!((1..40).contains(&finished), "{finished}");
    project
        .ask(&server, "r", &[])
        .with_code(0)
        .complains_of(&[&format!("{finished} scored before")]);
    project.assert_scored_once("r", 40);
}
