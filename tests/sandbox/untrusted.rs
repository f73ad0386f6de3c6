//! Code under test against the script that judges it, in a room within the room.

use std::time::Duration;

use sextant::sandbox::{Collected, Exit, Finished, Job, Sandbox, SandboxError, resolve};

use super::support::{assert_says, judging, namespaces, run};

#[tokio::test]
async fn untrusted_code_cannot_reach_its_judge() {
    let script = "exec 7</tests/secret; cat /tests/secret; echo; cd /tests
        unshare -U true 2>/dev/null; echo 0 >/logs/verifier/reward.txt
        (exec -a judge-helper sleep 100) & helper=$!
        $SEXTANT_UNTRUSTED bash /app/attack.sh $$ $helper; echo \"code $?\"
        kill -0 $helper && echo helper alive; cat /app/left";
    let attack = "
        cat /tests/secret ./secret <&7; ls -A . /tests /logs /sextant
        find / -name secret -not -path '/proc/*' -not -path '/usr/*'
        for reward in /logs/verifier/reward.txt /logs/reward.txt; do echo 1 >$reward; done
        mkdir -p /logs/verifier && echo 1 >/logs/verifier/reward.txt
        for judge in $1 $2; do [ $judge = $$ ] || kill -KILL $judge; done; kill -KILL -1
        grep -l judge-helper /proc/[0-9]*/cmdline
        cat /proc/1/environ; (cd /proc/1/root && cat tests/secret); echo x >/sextant/fault
        umount /tests && echo uncovered
        unshare -Urm bash -c 'umount /tests; cat /tests/secret'
        grep ^CapEff /proc/self/status
        echo left >/app/left; exit 7";
    let attack = format!("exec 2>/dev/null\n{attack}");
    let (job, _tests) = judging(script, &attack);
    let Some(finished) = run(&job).await else {
        return;
    };
    let text = finished.stdout.text();
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    let expected = [
        "hidden-answer",
        ".:",
        "/logs:",
        "/sextant:",
        "/tests:",
        "CapEff:\t0000000000000000",
        "code 7",
        "helper alive",
        "left",
    ];
    assert_eq!(lines, expected, "{finished:?}");
    let reward = finished.collected.values().next().unwrap();
    assert_eq!(*reward, Collected::File(b"0\n".to_vec()));
}

#[tokio::test]
async fn the_untrusted_helper_passes_streams_and_codes() {
    let script = "echo in | \"$SEXTANT_UNTRUSTED\" cat
        $SEXTANT_UNTRUSTED bash -c 'kill -KILL $$'; echo $?
        $SEXTANT_UNTRUSTED no-such-program 2>/dev/null; echo $?
        $SEXTANT_UNTRUSTED bash -c 'sleep 100 & echo started'
        timeout 0.3 $SEXTANT_UNTRUSTED sleep 100; echo $?; sleep 0.2
        $SEXTANT_UNTRUSTED $SEXTANT_UNTRUSTED true 2>/dev/null; echo $?";
    let (job, _tests) = judging(script, "");
    let Some(finished) = run(&job).await else {
        return;
    };
    assert_says(&finished, "in\n137\n127\nstarted\n124\n127");
    assert!(finished.wall < Duration::from_secs(10));
}

#[tokio::test]
async fn a_helper_that_cannot_isolate_voids_the_verdict() {
    // The script runs the helper with no processes to be had, as a broken machine might.
    let script = "ulimit -u 1; exec $SEXTANT_UNTRUSTED true";
    let (job, _tests) = judging(script, "");
    let error = match namespaces().run(&job).await {
        Err(error) => error,
        Ok(finished) => panic!("{finished:?}"),
    };
    assert!(matches!(error, SandboxError::Setup { .. }), "{error}");
}

/// Runs a judge who gives the verdict 0 after the attack was stopped, and checks that this
/// verdict arrives. Gives the attack's exit code and what was said about it.
async fn verdict_on(attack: &str, adjust: impl FnOnce(&mut Job)) -> Option<(String, Finished)> {
    let script = "timeout 15 $SEXTANT_UNTRUSTED bash /app/attack.sh; code=$?
        echo code $code; echo 0 >/logs/verifier/reward.txt";
    let (mut job, _tests) = judging(script, attack);
    job.limits.wall = Duration::from_secs(40);
    adjust(&mut job);
    let finished = run(&job).await?;
    let reward = finished.collected.values().next();
    assert_eq!(
        reward,
        Some(&Collected::File(b"0\n".to_vec())),
        "{finished:?}"
    );
    Some((finished.stdout.text(), finished))
}

#[tokio::test]
async fn untrusted_memory_hogs_do_not_void_the_verdict() {
    let attack = "grow() { x=x; while :; do x=$x$x; done; }; grow & grow & wait";
    let small = |job: &mut Job| job.limits.memory_bytes = 256 << 20;
    let Some((said, finished)) = verdict_on(attack, small).await else {
        return;
    };
    assert_eq!(said, "code 137\n", "{finished:?}");
    let told = finished.stderr.text();
    assert!(
        told.contains("sextant: stopped at its limit on memory\n"),
        "{told}"
    );
}

#[tokio::test]
async fn untrusted_memory_hogs_are_stopped_at_full_speed() {
    let Ok(python) = resolve("python3") else {
        return eprintln!("NOT TESTED: no python3");
    };
    // Gigabytes a second, in one process and in many.
    for workers in [1, 12] {
        let attack = format!(
            "for i in $(seq {workers}); do
                python3 -c 'kept = [bytearray(8 << 20) for _ in range(1000)]' &
             done; wait"
        );
        let with_python = |job: &mut Job| job.tools = python.mounts.clone();
        let Some((said, finished)) = verdict_on(&attack, with_python).await else {
            return;
        };
        // A process alone meets its own limit, a MemoryError, if that comes first.
        assert!(said == "code 137\n" || workers == 1, "{finished:?}");
    }
}

#[tokio::test]
async fn untrusted_fork_bombs_do_not_void_the_verdict() {
    for processes in [50, 128] {
        let attack = "bomb() { bomb | bomb & }; bomb; sleep 10";
        let few = |job: &mut Job| job.limits.processes = processes;
        let Some((said, finished)) = verdict_on(attack, few).await else {
            return;
        };
        assert_eq!(said, "code 137\n", "{finished:?}");
        let told = finished.stderr.text();
        assert!(told.contains("stopped at its limit on processes"), "{told}");
    }
}

#[tokio::test]
async fn a_judge_can_fork_beside_a_fork_bomb() {
    // The guard is stopped from acting, so only the kernel's limit holds; nobody in the room may
    // signal it but the judge, who is outside.
    let script = "$SEXTANT_UNTRUSTED bash /app/attack.sh & helper=$!
        until [ -e /tmp/ready ]; do sleep 0.01; done
        kill -STOP $(cat /proc/$helper/task/*/children) || exit
        touch /tmp/go; sleep 1
        for i in 1 2 3 4 5 6 7 8; do (sleep 0.1) & done; wait $! && echo forked
        ls -d /proc/[0-9]* | wc -l
        kill -KILL $helper; echo 0 >/logs/verifier/reward.txt";
    let attack = "touch /tmp/ready; until [ -e /tmp/go ]; do sleep 0.01; done
        exec 2>/dev/null; for i in $(seq 200); do sleep 5 & done; wait";
    let (job, _tests) = judging(script, attack);
    let Some(finished) = run(&job).await else {
        return;
    };
    let said = finished.stdout.text();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(finished.exit, Exit::Code(0), "{finished:?}");
    assert_eq!(lines.first(), Some(&"forked"), "{finished:?}");
    let processes: u32 = lines[1].parse().unwrap();
    assert!((90..128).contains(&processes), "{processes}");
}

#[tokio::test]
async fn untrusted_processor_time_is_bounded() {
    let short = |job: &mut Job| job.limits.cpu = Duration::from_secs(2);
    let attack = "while :; do :; done & while :; do :; done & wait";
    let Some((said, finished)) = verdict_on(attack, short).await else {
        return;
    };
    assert_eq!(said, "code 137\n", "{finished:?}");
    let told = finished.stderr.text();
    assert!(
        told.contains("stopped at its limit on processor time"),
        "{told}"
    );
}

#[tokio::test]
async fn untrusted_files_do_not_take_the_place_of_the_verdict() {
    let attack = "exec 2>/dev/null; for dir in /app /tmp /dev/shm /logs /logs/verifier; do
            cat /dev/zero >$dir/fill; for i in $(seq 40000); do : >$dir/$i || break; done
        done; echo x >/tmp/x || echo full";
    let small = |job: &mut Job| job.limits.disk_bytes = 32 << 20;
    let Some((said, finished)) = verdict_on(attack, small).await else {
        return;
    };
    assert_eq!(said, "full\ncode 0\n", "{finished:?}");
}

#[tokio::test]
async fn a_full_room_does_not_hide_that_untrusted_code_was_not_isolated() {
    let script = "$SEXTANT_UNTRUSTED bash /app/attack.sh
        (ulimit -u 1; exec $SEXTANT_UNTRUSTED true); echo 0 >/logs/verifier/reward.txt";
    let attack = "cat /dev/zero >/tmp/fill 2>/dev/null; echo x >/tmp/x";
    let (mut job, _tests) = judging(script, attack);
    job.limits.disk_bytes = 32 << 20;
    let error = match namespaces().run(&job).await {
        Err(error) => error,
        Ok(finished) => panic!("{finished:?}"),
    };
    assert!(matches!(error, SandboxError::Setup { .. }), "{error}");
}

#[tokio::test]
async fn a_flood_on_every_stream_does_not_block_the_stop() {
    // The judge does not read the pipe before the helper has ended.
    let script = "mkfifo /logs/verifier/pipe; exec 5<>/logs/verifier/pipe
        $SEXTANT_UNTRUSTED bash /app/attack.sh >&5 2>&5; echo code $?";
    let attack = "yes >&2 & sleep 0.5; x=x; while :; do x=$x$x; done";
    let (mut job, _tests) = judging(script, attack);
    job.limits.memory_bytes = 256 << 20;
    let Some(finished) = run(&job).await else {
        return;
    };
    assert_says(&finished, "code 137");
}

#[tokio::test]
async fn several_untrusted_rooms_work_at_once() {
    let script = "for i in 1 2 3; do
            $SEXTANT_UNTRUSTED bash /app/attack.sh $i & done; wait
        cat /app/said-* | sort";
    let attack = "echo room $1 >/app/said-$1; until [ -e /app/said-1 ] && [ -e /app/said-2 ] &&
        [ -e /app/said-3 ]; do sleep 0.01; done";
    let (job, _tests) = judging(script, attack);
    let Some(finished) = run(&job).await else {
        return;
    };
    assert_says(&finished, "room 1\nroom 2\nroom 3");
}

#[tokio::test]
async fn untrusted_rooms_are_quickly_made() {
    let script = "now() { date +%s%N; }; start=$(now)
        for i in $(seq 50); do $SEXTANT_UNTRUSTED true; done
        echo $((($(now) - start) / 50000))";
    let (job, _tests) = judging(script, "");
    let Some(finished) = run(&job).await else {
        return;
    };
    let microseconds: u64 = finished.stdout.text().trim().parse().unwrap();
    println!("`true` in an inner room: {microseconds} µs on average");
    assert!(microseconds < 500_000);
}
