//! Attacks on the sandbox, run with the built program as its helper.
//!
//! On a machine without user namespaces every test says so and checks that the sandbox refuses;
//! none passes silently.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use sextant::sandbox::{
    Bind, Choice, Collect, Collected, Direct, Exit, Finished, Job, LimitKind, Limits, Namespaces,
    Sandbox, SandboxError, Seed, SeedSource, detect, probe, probe_with, resolve,
};

/// Where the tests find the helper when they run as an ordinary user, who may not be able to read
/// the build directory.
const HELPER_ENV: &str = "SEXTANT_TEST_HELPER";

fn helper() -> PathBuf {
    std::env::var_os(HELPER_ENV).map_or(env!("CARGO_BIN_EXE_sextant").into(), PathBuf::from)
}

fn namespaces() -> Namespaces {
    Namespaces::with_helper(helper())
}

fn bash(script: &str) -> Job {
    let mut job = Job::new(["bash", "-c", script]);
    job.limits.wall = Duration::from_secs(20);
    job
}

fn bytes(inside: &str, text: &str) -> Seed {
    let source = SeedSource::Bytes(text.as_bytes().to_vec());
    Seed {
        source,
        inside: inside.into(),
        executable: true,
    }
}

/// Runs a job, or checks the refusal and returns nothing where the machine cannot isolate.
#[expect(clippy::expect_used, reason = "part of tests")]
async fn run(job: &Job) -> Option<Finished> {
    let ran = namespaces().run(job).await;
    if probe_with(&namespaces()).await.findings[0].state != sextant::sandbox::State::Works {
        eprintln!("NOT TESTED: no user namespaces here; checked only that the sandbox refuses");
        assert!(matches!(ran, Err(SandboxError::Setup { .. })), "{ran:?}");
        return None;
    }
    Some(ran.expect("the machine can isolate"))
}

fn assert_says(finished: &Finished, expected: &str) {
    assert_eq!(finished.stdout.text().trim(), expected, "{finished:?}");
    assert_eq!(finished.exit, Exit::Code(0), "{finished:?}");
}

/// Whether any process of this machine has the marker in its arguments.
#[expect(clippy::unwrap_used, reason = "part of tests")]
fn alive(marker: &str) -> bool {
    std::fs::read_dir("/proc").unwrap().flatten().any(|entry| {
        let own = entry.file_name().to_str() == Some(&std::process::id().to_string());
        let arguments = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        !own && arguments
            .windows(marker.len())
            .any(|window| window == marker.as_bytes())
    })
}

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
async fn there_is_no_network() {
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    std::net::TcpStream::connect(("127.0.0.1", port)).expect("the host reaches its own server");
    let script = format!(
        "for to in 127.0.0.1/{port} 1.1.1.1/80; do
            timeout 5 bash -c \"exec 3<>/dev/tcp/$to\" 2>/dev/null && echo reached $to
        done; echo done"
    );
    let Some(finished) = run(&bash(&script)).await else {
        return;
    };
    assert_says(&finished, "done");
}

#[tokio::test]
async fn loopback_works_within_the_room() {
    let Ok(python) = resolve("python3") else {
        return eprintln!("NOT TESTED: no python3");
    };
    let mut job = bash(
        "python3 -c 'import socket; a = socket.create_server((\"127.0.0.1\", 0)); \
         b = socket.create_connection(a.getsockname()); print(\"connected\")'",
    );
    job.tools = python.mounts;
    let Some(finished) = run(&job).await else {
        return;
    };
    assert_says(&finished, "connected");
}

#[tokio::test]
async fn nothing_of_the_host_is_visible() {
    let script = "ls -A /; echo end; ls -d ~root /root /home /etc/shadow /etc/ssh /sys /run /.host
        ls /proc | grep -c '^[0-9]'";
    let Some(finished) = run(&bash(script)).await else {
        return;
    };
    let lines: Vec<String> = finished.stdout.text().lines().map(str::to_owned).collect();
    let allowed = "app bin dev etc lib lib32 lib64 libx32 nix gnu proc sbin tmp usr";
    let allowed: Vec<&str> = allowed.split(' ').collect();
    let (root, rest) = lines.split_at(lines.iter().position(|line| line == "end").unwrap());
    assert!(
        root.len() > 5 && root.iter().all(|name| allowed.contains(&&**name)),
        "{root:?}"
    );
    assert_eq!(rest.len(), 2, "{rest:?}");
    // Only the guard, the shell and the pipeline's own parts.
    let processes: u32 = lines.last().unwrap().parse().unwrap();
    assert!(processes <= 5, "{processes} processes visible");
}

#[tokio::test]
async fn the_harness_environment_stays_outside() {
    // The test program was started with many variables; an API key would be one more.
    let expected = [
        "HOME",
        "LANG",
        "PATH",
        "SEXTANT_APP_DIR",
        "SEXTANT_LOGS_DIR",
        "SEXTANT_TESTS_DIR",
        "SEXTANT_UNTRUSTED",
        "TMPDIR",
    ];
    assert!(std::env::vars().any(|(name, _)| !expected.contains(&name.as_str())));
    let Some(finished) = run(&Job::new(["env"])).await else {
        return;
    };
    let text = finished.stdout.text();
    let mut names: Vec<_> = text
        .lines()
        .filter_map(|line| line.split('=').next())
        .collect();
    names.sort_unstable();
    assert_eq!(names, expected);
}

#[tokio::test]
async fn only_the_writable_places_can_be_written() {
    let mut job = bash(
        "for f in /usr/x /usr/bin/ls /etc/x /x /lib/x /dev/x /given/file /proc/sys/kernel/hostname
         do { echo x >>$f; } 2>/dev/null && echo wrote $f; done
         mkdir /newdir 2>/dev/null && echo made; rm -rf /given 2>/dev/null; cat /given/file
         mount -o remount,rw / 2>/dev/null && echo remounted; umount /given 2>/dev/null && echo bare
         for d in /app /tmp /dev/shm /logs/verifier; do echo x >$d/x || echo no $d; done",
    );
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("file"), "given").unwrap();
    let secret = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(dir.path().join("file"), secret).unwrap();
    job.read_only = vec![Bind {
        host: dir.path().into(),
        inside: "/given".into(),
    }];
    job.writable_dirs.push("/logs/verifier".into());
    let Some(finished) = run(&job).await else {
        return;
    };
    assert_says(&finished, "given");
    assert_eq!(std::fs::read(dir.path().join("file")).unwrap(), b"given");
}

#[tokio::test]
async fn there_are_no_privileges_to_be_had() {
    let Some(finished) = run(&bash(
        "grep -E '^(Cap|NoNewPrivs)' /proc/self/status; unshare -Ur true",
    ))
    .await
    else {
        return;
    };
    let text = finished.stdout.text();
    assert_eq!(text.matches("0000000000000000").count(), 5, "{text}");
    assert!(text.contains("NoNewPrivs:\t1"), "{text}");
    assert_ne!(finished.exit, Exit::Code(0), "entered a user namespace");
}

#[tokio::test]
async fn the_guard_cannot_be_attacked() {
    let Some(finished) = run(&bash(
        "kill -KILL 1; kill -STOP 1; kill -TERM 1
         for f in mem environ fd/0 exe root/etc/passwd; do
            [ \"$(head -c 1 /proc/1/$f 2>/dev/null | wc -c)\" = 0 ] || echo read $f; done
         ls /proc/1/fd 2>/dev/null; echo forged >/proc/1/fd/0; echo alive",
    ))
    .await
    else {
        return;
    };
    assert_says(&finished, "alive");
}

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
async fn collecting_is_not_led_astray() {
    let mut job = bash(
        "echo good >good; ln -s /etc/passwd link; ln -s /etc dir; mkfifo pipe; mkdir real
         echo locked >locked; chmod 0 locked; head -c 100 /dev/zero >large",
    );
    let wanted = [
        "good",
        "link",
        "dir/passwd",
        "pipe",
        "real",
        "locked",
        "large",
        "absent",
    ];
    job.collect = wanted
        .map(|name| Collect {
            path: format!("/app/{name}"),
            max_bytes: 99,
        })
        .into();
    let Some(mut finished) = run(&job).await else {
        return;
    };
    let mut take = |name: &str| finished.collected.remove(&format!("/app/{name}")).unwrap();
    assert_eq!(take("good"), Collected::File(b"good\n".to_vec()));
    for name in ["link", "dir/passwd", "pipe", "real"] {
        assert_eq!(take(name), Collected::NotAFile, "{name}");
    }
    assert_eq!(take("locked"), Collected::File(b"locked\n".to_vec()));
    assert_eq!(take("large"), Collected::TooLarge { bytes: 100 });
    assert_eq!(take("absent"), Collected::Missing);
}

/// A job in which a test script judges code that attacks it.
#[expect(clippy::unwrap_used, reason = "part of tests")]
fn judging(script: &str, attack: &str) -> (Job, tempfile::TempDir) {
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
        cat /proc/1/environ /proc/1/root/tests/secret; echo x >/sextant/fault
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

/// Root's jobs run as another user, an ordinary user's as that same user: two paths, one duty.
#[test]
fn ordinary_users_are_isolated_no_worse() {
    const NAME: &str = "ordinary_users_are_isolated_no_worse";
    let Ok(setpriv) = resolve("setpriv") else {
        return eprintln!("NOT TESTED: no setpriv");
    };
    let as_nobody = || {
        let mut command = Command::new(&setpriv.program);
        command.args([
            "--reuid",
            "65534",
            "--regid",
            "65534",
            "--clear-groups",
            "--",
        ]);
        command
    };
    if !as_nobody().arg("true").status().unwrap().success() {
        return eprintln!("not root: the other tests have run as an ordinary user already");
    }
    let dir = tempfile::tempdir().unwrap();
    let open = || std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(dir.path(), open()).unwrap();
    let (tests, program) = (dir.path().join("tests"), dir.path().join("sextant"));
    std::fs::copy(std::env::current_exe().unwrap(), &tests).unwrap();
    std::fs::copy(helper(), &program).unwrap();
    let output = Command::new(setpriv.program)
        .args([
            "--reuid",
            "65534",
            "--regid",
            "65534",
            "--clear-groups",
            "--",
        ])
        .arg(tests)
        .args(["--nocapture", "--skip", NAME])
        .current_dir("/")
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", "/nonexistent")
        .env(HELPER_ENV, program)
        .output()
        .unwrap();
    println!("{}", String::from_utf8_lossy(&output.stdout));
    eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success());
}
