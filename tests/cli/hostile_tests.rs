//! Grading scripts that go wrong in every way: each ends as an error with its place, never as a
//! score, and spoils nothing for its neighbours.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::support::{Ended, PROGRAM, Project, can_isolate, wait_until};
use super::task_commands::SOUND_TEST;

const RUN: [&str; 7] = [
    "run",
    "--task",
    "jobs/hostile,jobs/sound",
    "--model",
    "builtin/oracle",
    "--run",
    "r",
];

/// Runs a hostile grading script beside a sound one. The hostile one must not be scored and its
/// error must hold one of `complaints`; the sound one must be.
fn never_a_score(test_sh: &str, complaints: &[&str]) {
    let project = Project::empty();
    project.add_job("hostile", test_sh);
    project.add_job("sound", SOUND_TEST);
    let begun = Instant::now();
    let ended = project.sextant(&RUN);
    if !can_isolate() {
        ended.with_code(4).complains_of(&["--sandbox none"]);
        return;
    }
    let ended = ended
        .with_code(3)
        .complains_of(&["jobs/hostile", "could not grade"]);
    // Three tries at two seconds each, and time to clear up.
    assert!(begun.elapsed() < Duration::from_secs(30), "{ended:?}");
    let attempts = project.attempts("r");
    assert_eq!(attempts.len(), 2);
    for attempt in attempts {
        let outcome = &attempt["outcome"];
        if attempt["task_id"] == "jobs/sound" {
            assert_eq!(outcome["success"], true, "{outcome}");
            continue;
        }
        assert_eq!(outcome["kind"], "infra_error", "{outcome}");
        assert_eq!(outcome["stage"], "grade", "{outcome}");
        let message = outcome["message"].as_str().unwrap();
        assert!(
            complaints.iter().any(|text| message.contains(text)),
            "{message}"
        );
        assert!(attempt["score_binarized"].is_null(), "{attempt}");
        assert!(attempt["score_cont"].is_null(), "{attempt}");
    }
}

#[test]
fn a_script_that_loops_is_stopped_in_time() {
    never_a_score(
        "echo last words\nwhile :; do :; done\n",
        &["stopped at its limit on time"],
    );
}

#[test]
fn a_script_that_sleeps_is_stopped_in_time() {
    never_a_score(
        "trap '' TERM INT HUP\nsleep 1000\n",
        &["stopped at its limit on time"],
    );
}

#[test]
fn a_script_that_forks_without_end_is_stopped() {
    never_a_score(
        "bomb() { bomb & bomb & wait; }\nbomb\nwait\nsleep 5\n",
        &["limit on processes", "limit on time"],
    );
}

#[test]
fn a_script_that_prints_a_gigabyte_is_stopped() {
    never_a_score(
        "head -c 1073741824 /dev/zero\necho 1 > \"$SEXTANT_LOGS_DIR/reward.txt\"\n",
        &["limit on output"],
    );
}

#[test]
fn a_script_that_writes_a_gigabyte_to_files_runs_out_of_room() {
    // The reward is written only where the gigabyte found room.
    never_a_score(
        "for part in 1 2 3 4 5 6 7 8; do head -c 134217728 /dev/zero > \"/app/$part\" || exit 9; done\n\
         echo 1 > \"$SEXTANT_LOGS_DIR/reward.txt\"\n",
        &["exit code 9", "limit on memory"],
    );
}

#[test]
fn a_script_cannot_reach_the_network() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let reach = format!(
        "exec 3<>/dev/tcp/127.0.0.1/{port} || exit 7\necho 1 > \"$SEXTANT_LOGS_DIR/reward.txt\"\n"
    );
    never_a_score(&reach, &["ended with exit code 7"]);
    assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn a_script_that_leaves_no_reward_is_an_error() {
    never_a_score(
        "echo all is well\n",
        &[
            "tests/test.sh wrote neither reward.txt nor reward.json; it ended with exit code 0. Its last words: all is well",
        ],
    );
}

#[test]
fn rewards_that_are_no_score_are_errors() {
    for (reward, complaint) in [
        ("", "reward.txt is empty"),
        ("nan", "not a finite number"),
        ("2", "outside 0 to 1"),
        ("good", "not a number"),
    ] {
        never_a_score(
            &format!("printf '%s' '{reward}' > \"$SEXTANT_LOGS_DIR/reward.txt\"\n"),
            &[complaint],
        );
    }
}

#[test]
fn a_reward_that_is_a_link_or_a_pipe_is_an_error() {
    never_a_score(
        "ln -s /etc/hostname \"$SEXTANT_LOGS_DIR/reward.txt\"\n",
        &["not a plain file"],
    );
    never_a_score(
        "mkfifo \"$SEXTANT_LOGS_DIR/reward.txt\"\n",
        &["not a plain file"],
    );
}

/// Whether any process of this machine has `marker` among its arguments.
fn is_alive(marker: &str) -> bool {
    std::fs::read_dir("/proc").unwrap().flatten().any(|entry| {
        let arguments = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&arguments).contains(marker)
    })
}

#[test]
fn a_killed_run_leaves_no_script_behind() {
    if !can_isolate() {
        return;
    }
    let project = Project::empty();
    let marker = format!("marker-of-{}", std::process::id());
    let script = format!("bash -c 'while :; do sleep 0.1; done' {marker}\n");
    project.add_job("hostile", &script);
    project.add_job("sound", SOUND_TEST);
    let manifest = "tasks/jobs/hostile/task.toml";
    let patient = std::fs::read_to_string(project.path(manifest)).unwrap();
    project.write(
        manifest,
        patient.replace("timeout_sec = 2", "timeout_sec = 600"),
    );
    let mut child = project.start(&RUN);
    wait_until("the script runs", || is_alive(&marker));
    child.kill().unwrap();
    child.wait().unwrap();
    wait_until("the script is gone", || !is_alive(&marker));
}

#[test]
fn a_machine_without_isolation_is_refused_and_told_the_way_round() {
    let project = Project::empty();
    project.add_job("hostile", "exit 1\n");
    project.add_job("sound", SOUND_TEST);
    let ended = if can_isolate() {
        // Take the isolation away: in a user namespace whose owner forbids further ones.
        let script = "echo 0 > /proc/sys/user/max_user_namespaces && exec \"$0\" \"$@\"";
        let mut arguments = vec!["-Ur", "bash", "-c", script, PROGRAM];
        arguments.extend(RUN);
        Ended::of(project.command("unshare", &arguments).spawn().unwrap())
    } else {
        project.sextant(&RUN)
    };
    ended.with_code(4).complains_of(&["--sandbox none"]);
    assert!(!project.path("results/r").exists());
}
