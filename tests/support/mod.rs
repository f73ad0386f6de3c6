//! A small project in a temporary folder, the program run in it, and a fake model API.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use sextant::model::mock_server::{MockScript, MockServer};
use sextant::sandbox::{Namespaces, State, probe_with};
use tempfile::TempDir;

/// The built program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_sextant");
/// The model that the tests ask of a fake server.
pub(crate) const MODEL: &str = "local/fake";
/// What the fake server says to get every fact right.
pub(crate) const RIGHT: &str = "ANSWER: 42";

const BASELINE_HEAD: &str = "task_id,task_version,baseliner,minutes,succeeded,score,source,recorded_at,notes,low_minutes,high_minutes\n";

/// A project with `tasks/`, `baselines/` and `results/`, gone when dropped.
pub(crate) struct Project {
    root: TempDir,
}

impl Project {
    /// A project without tasks.
    pub(crate) fn empty() -> Self {
        let root = tempfile::tempdir().unwrap();
        for folder in ["tasks", "baselines", "results"] {
            fs::create_dir(root.path().join(folder)).unwrap();
        }
        Self { root }
    }

    /// A project with `count` short questions `facts/q00`, `facts/q01`, …, all answered by 42, and
    /// the suite `facts`.
    pub(crate) fn with_facts(count: usize) -> Self {
        let project = Self::empty();
        let mut sheet = "[sheet]\nfamily = \"facts\"\nversion = \"1.0.0\"\n\
             description = \"Facts.\"\ncanary = \"canary-of-the-tests\"\n"
            .to_owned();
        let mut baselines = BASELINE_HEAD.to_owned();
        for number in 0..count {
            sheet.push_str(&format!(
                "[[item]]\nname = \"q{number:02}\"\nquestion = \"What is {number} + 42 - {number}?\"\n\
                 answer = {{ kind = \"exact\", value = \"42\" }}\nwrong = [\"41\", \"43\"]\n"
            ));
            baselines.push_str(&baseline(&format!("facts/q{number:02}"), number + 1));
        }
        project.write("tasks/facts/sheet.toml", sheet);
        project.write("baselines/facts.csv", baselines);
        project.write(
            "tasks/suites.toml",
            "[suite.facts]\ndescription = \"All facts.\"\ninclude = [\"facts/*\"]\n",
        );
        project
    }

    /// Adds the task `jobs/<name>`, which asks for `yes` in `word.txt` and is graded by `test_sh`.
    /// It has a reference, two broken variants and a baseline. A call of `write` may spoil any of them.
    pub(crate) fn add_job(&self, name: &str, test_sh: &str) {
        let folder = format!("tasks/jobs/{name}");
        self.write(
            &format!("{folder}/task.toml"),
            format!(
                "[task]\nname = \"jobs/{name}\"\nversion = \"1.0.0\"\ndescription = \"A job.\"\n\
                 [verifier]\ntimeout_sec = 2\n\
                 [sextant]\ngrader = \"tests\"\ndeliverables = [\"word.txt\"]\ncanary = \"canary-of-the-tests\"\n"
            ),
        );
        self.write(
            &format!("{folder}/instruction.md"),
            "Hand in word.txt, which agrees.\n",
        );
        self.write(&format!("{folder}/tests/test.sh"), test_sh);
        self.write(&format!("{folder}/solution/word.txt"), "yes\n");
        for mutant in ["no", "maybe"] {
            self.write(
                &format!("{folder}/tests/mutants/{mutant}/word.txt"),
                format!("{mutant}\n"),
            );
        }
        self.write(
            &format!("baselines/jobs-{name}.csv"),
            format!("{BASELINE_HEAD}{}", baseline(&format!("jobs/{name}"), 5)),
        );
    }

    /// Writes a file of the project, with its folders.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// The text of a file of the project.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Writes the baselines of a family: these tasks take ten minutes each.
    pub(crate) fn add_baseline(&self, family: &str, ids: &[&str]) {
        let lines: String = ids.iter().map(|id| baseline(id, 10)).collect();
        let path = format!("baselines/{family}.csv");
        self.write(&path, format!("{BASELINE_HEAD}{lines}"));
    }

    /// A path in the project.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// `program` in the project's folder, with nothing of our environment but where programs are.
    pub(crate) fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.root.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn sextant(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.command(PROGRAM, arguments).spawn().unwrap())
    }

    /// Starts the program.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.command(PROGRAM, arguments).spawn().unwrap()
    }

    /// Asks `server` all facts in the run called `run`, with further options.
    pub(crate) fn ask(&self, server: &Server, run: &str, options: &[&str]) -> Ended {
        self.sextant(&with_options(&server.question(run), options))
    }

    /// The attempts of a run, a JSON object each.
    pub(crate) fn attempts(&self, run: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.path(&format!("results/{run}/attempts.jsonl")));
        text.unwrap_or_default()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Whole lines of a run's attempts, also while it is being written.
    pub(crate) fn lines(&self, run: &str) -> usize {
        let path = self.path(&format!("results/{run}/attempts.jsonl"));
        let bytes = fs::read(path).unwrap_or_default();
        bytes.iter().filter(|byte| **byte == b'\n').count()
    }

    /// How often each attempt of a run was scored, by its `run_id`.
    pub(crate) fn scored(&self, run: &str) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for attempt in self.attempts(run) {
            if attempt["outcome"]["kind"] == "scored" {
                let id = attempt["run_id"].as_str().unwrap().to_owned();
                *counts.entry(id).or_default() += 1;
            }
        }
        counts
    }

    /// Asserts that exactly `count` attempts of a run are scored, none of them twice.
    pub(crate) fn assert_scored_once(&self, run: &str, count: usize) {
        let scored = self.scored(run);
        assert_eq!(scored.len(), count, "{scored:?}");
        assert!(scored.values().all(|times| *times == 1), "{scored:?}");
    }
}

fn baseline(id: &str, minutes: usize) -> String {
    format!("{id},1.0.0,tester,{minutes},,,estimate,2026-01-01,A guess,{minutes},{minutes}\n")
}

/// `base` with further arguments.
pub(crate) fn with_options<'a>(base: &'a [String], more: &[&'a str]) -> Vec<&'a str> {
    base.iter()
        .map(String::as_str)
        .chain(more.iter().copied())
        .collect()
}

/// How the program ended, and what it said.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Waits for a started program.
    pub(crate) fn of(child: Child) -> Self {
        let output = child.wait_with_output().unwrap();
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Asserts the exit code.
    #[track_caller]
    pub(crate) fn with_code(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "\n-- stdout\n{}\n-- stderr\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    /// Asserts that standard error holds every one of `texts`.
    #[track_caller]
    pub(crate) fn complains_of(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(
                self.stderr.contains(text),
                "{text:?} not in:\n{}",
                self.stderr
            );
        }
        self
    }

    /// Asserts that standard output holds every one of `texts`.
    #[track_caller]
    pub(crate) fn prints(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(
                self.stdout.contains(text),
                "{text:?} not in:\n{}",
                self.stdout
            );
        }
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}

/// A fake model API on a real socket of this machine.
pub(crate) struct Server {
    server: MockServer,
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    /// Starts a server.
    pub(crate) fn start(script: MockScript) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = runtime
            .block_on(MockServer::start(script, address))
            .unwrap();
        Self {
            server,
            _runtime: runtime,
        }
    }

    /// A server that gets every fact right after `latency_ms`.
    pub(crate) fn right(latency_ms: u64) -> Self {
        Self::start(MockScript {
            latency_ms,
            ..right_script()
        })
    }

    pub(crate) fn url(&self) -> String {
        self.server.url()
    }

    /// Requests so far.
    pub(crate) fn requests(&self) -> u64 {
        self.server.requests_served()
    }

    /// A header of the latest request.
    pub(crate) fn last_header(&self, name: &str) -> Option<String> {
        Some(self.server.last_request()?.header(name)?.to_owned())
    }

    /// The text of the last message of the latest request.
    pub(crate) fn last_message(&self) -> String {
        let request = self.server.last_request().unwrap();
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        let messages = body["messages"].as_array().unwrap();
        messages.last().unwrap()["content"].as_str().unwrap().into()
    }

    /// The arguments that ask this server all facts in the run called `run`.
    pub(crate) fn question(&self, run: &str) -> Vec<String> {
        let url = self.url();
        let words = [
            "run",
            "--suite",
            "facts",
            "--model",
            MODEL,
            "--base-url",
            &url,
            "--run",
            run,
        ];
        words.map(str::to_owned).into()
    }
}

/// A script that gets every fact right.
pub(crate) fn right_script() -> MockScript {
    MockScript {
        reply: RIGHT.into(),
        ..MockScript::default()
    }
}

/// Waits until `condition` holds.
///
/// # Panics
/// When it does not within 20 seconds.
#[track_caller]
pub(crate) fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < Duration::from_secs(20), "never: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Sends `child` the signal called `name`.
pub(crate) fn signal(child: &Child, name: &str) {
    let sent = Command::new("bash")
        .args(["-c", &format!("kill -{name} {}", child.id())])
        .status()
        .unwrap();
    assert!(sent.success());
}

/// Whether this machine can isolate handed-in code; says so, loudly, where it cannot.
pub(crate) fn can_isolate() -> bool {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let report = runtime.block_on(probe_with(&Namespaces::with_helper(PROGRAM)));
    let works = report.findings[0].state == State::Works;
    if !works {
        eprintln!("NOT TESTED: no user namespaces here; checked only that the program refuses");
    }
    works
}

/// Every file below `folder` with its content, by relative path; `.zst` files unpacked.
pub(crate) fn files_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(directory) = pending.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
                continue;
            }
            let mut content = fs::read(&path).unwrap();
            if path.extension().is_some_and(|extension| extension == "zst") {
                content = zstd::decode_all(&*content).unwrap();
            }
            files.insert(path.strip_prefix(folder).unwrap().to_owned(), content);
        }
    }
    files
}
