//! What a program in a room can use up: only its share.

use std::time::{Duration, Instant};

use sextant::sandbox::{Exit, LimitKind, resolve};

use super::support::{alive, assert_says, bash, run};

#[tokio::test]
async fn an_endless_loop_ends_at_the_wall_limit() {
    let marker = format!("marker-wall-{}", std::process::id());
    let mut job = bash(&format!(
        "(exec -a {marker} sleep 1000) & setsid bash -c '(exec -a {marker} sleep 1000)' &
         trap '' TERM; sleep 1000"
    ));
    job.limits.wall = Duration::from_millis(500);
    let started = Instant::now();
    let Some(finished) = run(&job).await else {
        return;
    };
    assert_eq!(finished.exit, Exit::Limit(LimitKind::Wall));
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
    assert!(!alive(&marker));
}

#[tokio::test]
async fn a_busy_loop_ends_at_the_processor_limit() {
    let mut job = bash("while :; do :; done & while :; do :; done & wait");
    job.limits.cpu = Duration::from_millis(500);
    let Some(finished) = run(&job).await else {
        return;
    };
    assert_eq!(finished.exit, Exit::Limit(LimitKind::Cpu));
    assert!(finished.cpu >= Duration::from_millis(500) && finished.cpu < Duration::from_secs(3));
}

#[tokio::test]
async fn a_fork_bomb_is_bounded() {
    let mut job = bash("bomb() { bomb | bomb & }; bomb; sleep 15");
    job.limits.processes = 50;
    let Some(finished) = run(&job).await else {
        return;
    };
    assert_eq!(finished.exit, Exit::Limit(LimitKind::Processes));
    assert!(
        finished.wall < Duration::from_secs(10),
        "{:?}",
        finished.wall
    );
}

#[tokio::test]
async fn endless_output_is_cut_and_stopped() {
    let mut job = bash("yes");
    job.limits.output_bytes = 10_000;
    let Some(finished) = run(&job).await else {
        return;
    };
    assert_eq!(finished.exit, Exit::Limit(LimitKind::Output));
    assert_eq!(finished.stdout.bytes.len(), 10_000);
    assert!(finished.stdout.truncated);

    let mut job = bash("head -c 30000 /dev/zero; echo end >&2");
    job.limits.output_bytes = 10_000;
    let finished = run(&job).await.unwrap();
    assert_eq!(finished.exit, Exit::Code(0));
    assert!(finished.stdout.truncated && !finished.stderr.truncated);
}

#[tokio::test]
async fn files_are_bounded_together_and_each() {
    let mut job = bash(
        "for i in 1 2 3 4; do head -c 20M /dev/zero >/tmp/$i; done 2>/dev/null
         head -c 20M /dev/zero >/dev/shm/x 2>/dev/null; head -c 20M /dev/zero >/app/x 2>/dev/null
         du -sk --total /tmp /dev/shm /app | tail -1 | cut -f1",
    );
    job.limits.disk_bytes = 32 << 20;
    let Some(finished) = run(&job).await else {
        return;
    };
    let used_kib: u64 = finished.stdout.text().trim().parse().unwrap();
    assert!((20 << 10..=32 << 10).contains(&used_kib), "{used_kib}");

    let mut job = bash("head -c 2M /dev/zero >/tmp/x; stat -c %s /tmp/x");
    job.limits.file_bytes = 1 << 20;
    assert_says(&run(&job).await.unwrap(), "1048576");
}

#[tokio::test]
async fn memory_is_bounded() {
    // A shell variable that doubles, in two processes, each below the limit for long.
    let mut job = bash("grow() { x=x; while :; do x=$x$x; done; }; grow & grow & wait");
    job.limits.memory_bytes = 64 << 20;
    let Some(finished) = run(&job).await else {
        return;
    };
    assert_eq!(
        finished.exit,
        Exit::Limit(LimitKind::Memory),
        "{finished:?}"
    );
    assert!(
        finished
            .peak_memory_bytes
            .is_some_and(|peak| peak < 512 << 20)
    );
}

#[tokio::test]
async fn memory_files_are_counted() {
    let Ok(python) = resolve("python3") else {
        return eprintln!("NOT TESTED: no python3");
    };
    let mut job = bash(
        "python3 -c '
import os, time
kept = []
for i in range(32):
    kept.append(os.memfd_create(str(i)))
    os.write(kept[-1], bytes(8 << 20))
time.sleep(15)'",
    );
    job.tools = python.mounts;
    job.limits.memory_bytes = 100 << 20;
    let Some(finished) = run(&job).await else {
        return;
    };
    assert_eq!(
        finished.exit,
        Exit::Limit(LimitKind::Memory),
        "{finished:?}"
    );
}
