//! What a room is for: running programs, and leaving nothing behind.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use sextant::sandbox::{Exit, Job, Sandbox, SandboxError, Seed, SeedSource, resolve};

use super::support::{alive, assert_says, bash, bytes, namespaces, run};

#[tokio::test]
async fn runs_a_program_with_its_files_and_environment() {
    let mut job = bash("cat data/in; echo $GREETING; id -u; hostname; pwd; echo oops >&2; exit 3");
    job.seeds = vec![bytes("/app/data/in", "seeded\n")];
    job.env = BTreeMap::from([("GREETING".into(), "hello".into())]);
    let Some(finished) = run(&job).await else {
        return;
    };
    assert_eq!(finished.exit, Exit::Code(3));
    assert_eq!(
        finished.stdout.text(),
        "seeded\nhello\n1000\nsandbox\n/app\n"
    );
    assert_eq!(finished.stderr.text(), "oops\n");
}

#[tokio::test]
async fn reports_signals_and_missing_programs() {
    let Some(finished) = run(&bash("kill -SEGV $$")).await else {
        return;
    };
    assert_eq!(finished.exit, Exit::Signal(11));
    let finished = run(&Job::new(["/app/absent"])).await.unwrap();
    assert_eq!(finished.exit, Exit::Code(127));
    let error = namespaces()
        .run(&Job::new(["no-such-tool"]))
        .await
        .unwrap_err();
    assert!(matches!(&error, SandboxError::ToolMissing { tool, .. } if tool == "no-such-tool"));
}

#[tokio::test]
async fn nothing_outlives_the_program() {
    let marker = format!("marker-daemon-{}", std::process::id());
    let script = format!("setsid bash -c '(exec -a {marker} sleep 1000)' & sleep 0.2; echo bye");
    let started = Instant::now();
    let Some(finished) = run(&bash(&script)).await else {
        return;
    };
    assert_says(&finished, "bye");
    assert!(started.elapsed() < Duration::from_secs(10));
    assert!(!alive(&marker));
}

#[tokio::test]
async fn dropping_the_future_ends_the_job() {
    let marker = format!("marker-drop-{}", std::process::id());
    let job = bash(&format!("(exec -a {marker} sleep 1000)"));
    if run(&bash("true")).await.is_none() {
        return;
    }
    let sandbox = namespaces();
    {
        let running = sandbox.run(&job);
        tokio::pin!(running);
        while !alive(&format!("{marker}\0")) {
            let pause = tokio::time::sleep(Duration::from_millis(20));
            tokio::select! { ended = &mut running => panic!("{ended:?}"), () = pause => {} }
        }
    }
    let deadline = Instant::now() + Duration::from_secs(5);
    while alive(&marker) {
        assert!(Instant::now() < deadline, "the job outlived its future");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_toolchain_from_a_private_home_is_usable() {
    let Ok(rustc) = resolve("rustc") else {
        return eprintln!("NOT TESTED: no rustc");
    };
    let mut job = bash("rustc --version; rustc -o main main.rs && ./main; ls -A ~root $HOME");
    job.seeds = vec![bytes(
        "/app/main.rs",
        "fn main() { println!(\"compiled\"); }",
    )];
    job.tools = rustc.mounts;
    let Some(finished) = run(&job).await else {
        return;
    };
    let text = finished.stdout.text();
    assert!(
        text.starts_with(&rustc.version) && text.contains("\ncompiled\n"),
        "{finished:?}"
    );
}

#[tokio::test]
async fn host_trees_are_copied_with_links_and_modes() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("sub")).unwrap();
    std::fs::write(dir.path().join("sub/run"), "#!/bin/sh\necho ran\n").unwrap();
    let runnable = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(dir.path().join("sub/run"), runnable).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", dir.path().join("out")).unwrap();
    let mut job = bash("sub/run; readlink out; rm -r sub && echo removed");
    let source = SeedSource::Host(dir.path().into());
    job.seeds = vec![Seed {
        source,
        inside: "/app".into(),
        executable: false,
    }];
    let Some(finished) = run(&job).await else {
        return;
    };
    assert_says(&finished, "ran\n/etc/hostname\nremoved");
    assert!(dir.path().join("sub/run").exists());
}

#[tokio::test]
async fn jobs_run_beside_each_other_and_quickly() {
    let job = Job::new(["true"]);
    if run(&job).await.is_none() {
        return;
    }
    let sandbox = namespaces();
    let rounds = 30;
    let started = Instant::now();
    for _ in 0..rounds {
        assert_eq!(sandbox.run(&job).await.unwrap().exit, Exit::Code(0));
    }
    let mean = started.elapsed() / rounds;
    println!(
        "`true` in a fresh room: {:.1} ms on average",
        mean.as_secs_f64() * 1e3
    );
    assert!(mean < Duration::from_millis(500), "{mean:?}");

    let many = (0..16).map(|number| {
        let sandbox = sandbox.clone();
        tokio::spawn(async move { sandbox.run(&bash(&format!("echo {number}"))).await })
    });
    for (number, running) in many.collect::<Vec<_>>().into_iter().enumerate() {
        assert_says(&running.await.unwrap().unwrap(), &number.to_string());
    }
}
