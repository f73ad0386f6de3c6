//! What a program in a room can see and reach: only what it was given.

use std::process::Command;

use sextant::sandbox::{Bind, Collect, Collected, Exit, Job, resolve};

use super::support::{HELPER_ENV, assert_says, bash, helper, run};

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
