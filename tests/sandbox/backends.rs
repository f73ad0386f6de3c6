//! Choosing a backend, and doing without isolation.

use std::time::Duration;

use sextant::sandbox::{
    Choice, Collected, Direct, Exit, Job, LimitKind, Limits, Namespaces, Sandbox, SandboxError,
    detect, probe,
};

use super::support::{alive, assert_says, bash, judging};

#[tokio::test]
async fn a_helper_that_is_no_helper_is_the_harness_s_fault() {
    let error = Namespaces::with_helper("/bin/false")
        .run(&Job::new(["true"]))
        .await
        .unwrap_err();
    assert!(matches!(error, SandboxError::HelperDied { .. }), "{error}");
    let error = Namespaces::with_helper("/absent")
        .run(&Job::new(["true"]))
        .await
        .unwrap_err();
    assert!(matches!(error, SandboxError::Setup { .. }), "{error}");
}

#[tokio::test]
async fn without_isolation_paths_are_translated_and_limits_hold() {
    let (mut job, _tests) = judging(
        "cat $SEXTANT_TESTS_DIR/secret; echo; $SEXTANT_UNTRUSTED echo plain
         cat $SEXTANT_APP_DIR/attack.sh; echo 1 >$SEXTANT_LOGS_DIR/reward.txt; sleep 1000 &",
        "attack\n",
    );
    let finished = Direct::new().run(&job).await.unwrap();
    assert_says(&finished, "hidden-answer\nplain\nattack");
    let reward = finished.collected.values().next().unwrap();
    assert_eq!(*reward, Collected::File(b"1\n".to_vec()));

    let marker = format!("marker-direct-{}", std::process::id());
    job = bash(&format!("(exec -a {marker} sleep 1000) & sleep 1000"));
    job.limits = Limits {
        wall: Duration::from_millis(300),
        ..Limits::default()
    };
    let finished = Direct::new().run(&job).await.unwrap();
    assert_eq!(finished.exit, Exit::Limit(LimitKind::Wall));
    assert!(!alive(&marker));

    job = bash("yes");
    let finished = Direct::new().run(&job).await.unwrap();
    assert_eq!(finished.exit, Exit::Limit(LimitKind::Output));
}

#[tokio::test]
async fn a_refusal_says_how_to_go_on_without_isolation() {
    // This test program is no sandbox helper, so with it as such no machine can isolate.
    let refusal = detect(Choice::Auto)
        .await
        .map(|sandbox| sandbox.name().to_owned())
        .unwrap_err();
    assert!(
        matches!(refusal, SandboxError::Unavailable { .. }),
        "{refusal}"
    );
    assert!(refusal.to_string().contains("--sandbox none"), "{refusal}");
    assert_eq!(detect(Choice::None).await.unwrap().name(), "none");
    let report = probe().await;
    assert!(!report.is_suitable() && report.to_string().starts_with("no  isolated room"));
}
