//! What the tests have in common: jobs, and how to look at what became of them.

use std::path::PathBuf;
use std::time::Duration;

use sextant::sandbox::{
    Bind, Collect, Exit, Finished, Job, Namespaces, Sandbox, SandboxError, Seed, SeedSource,
    probe_with,
};

/// Where the tests find the helper when they run as an ordinary user, who may not be able to read
/// the build directory.
pub(crate) const HELPER_ENV: &str = "SEXTANT_TEST_HELPER";

pub(crate) fn helper() -> PathBuf {
    std::env::var_os(HELPER_ENV).map_or(env!("CARGO_BIN_EXE_sextant").into(), PathBuf::from)
}

pub(crate) fn namespaces() -> Namespaces {
    Namespaces::with_helper(helper())
}

pub(crate) fn bash(script: &str) -> Job {
    let mut job = Job::new(["bash", "-c", script]);
    job.limits.wall = Duration::from_secs(20);
    job
}

pub(crate) fn bytes(inside: &str, text: &str) -> Seed {
    let source = SeedSource::Bytes(text.as_bytes().to_vec());
    Seed {
        source,
        inside: inside.into(),
        executable: true,
    }
}

/// Runs a job, or checks the refusal and returns nothing where the machine cannot isolate.
#[expect(clippy::expect_used, reason = "part of tests")]
pub(crate) async fn run(job: &Job) -> Option<Finished> {
    let ran = namespaces().run(job).await;
    if probe_with(&namespaces()).await.findings[0].state != sextant::sandbox::State::Works {
        eprintln!("NOT TESTED: no user namespaces here; checked only that the sandbox refuses");
        assert!(matches!(ran, Err(SandboxError::Setup { .. })), "{ran:?}");
        return None;
    }
    Some(ran.expect("the machine can isolate"))
}

pub(crate) fn assert_says(finished: &Finished, expected: &str) {
    assert_eq!(finished.stdout.text().trim(), expected, "{finished:?}");
    assert_eq!(finished.exit, Exit::Code(0), "{finished:?}");
}

/// Whether any process of this machine has the marker in its arguments.
#[expect(clippy::unwrap_used, reason = "part of tests")]
pub(crate) fn alive(marker: &str) -> bool {
    std::fs::read_dir("/proc").unwrap().flatten().any(|entry| {
        let own = entry.file_name().to_str() == Some(&std::process::id().to_string());
        let arguments = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        !own && arguments
            .windows(marker.len())
            .any(|window| window == marker.as_bytes())
    })
}

/// A job in which a test script judges code that attacks it.
#[expect(clippy::unwrap_used, reason = "part of tests")]
pub(crate) fn judging(script: &str, attack: &str) -> (Job, tempfile::TempDir) {
    let mut job = Job::new(["bash", "/tests/test.sh"]);
    job.limits.wall = Duration::from_secs(20);
    job.seeds = vec![bytes("/app/attack.sh", attack)];
    job.writable_dirs.push("/logs/verifier".into());
    job.hide_from_untrusted = vec!["/tests".into(), "/logs".into()];
    job.collect = vec![Collect {
        path: "/logs/verifier/reward.txt".into(),
        max_bytes: 100,
    }];
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("test.sh"), script).unwrap();
    std::fs::write(dir.path().join("secret"), "hidden-answer").unwrap();
    job.read_only = vec![Bind {
        host: dir.path().into(),
        inside: "/tests".into(),
    }];
    (job, dir)
}
