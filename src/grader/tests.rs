//! The `tests` grader: runs the task's hidden `tests/test.sh` over the files handed in.
//!
//! The protocol is Harbor's: the environment's files and the answer lie in the working directory,
//! the tests in `/tests`, and the script leaves a reward below `/logs/verifier`. Ours in addition:
//! the script runs handed-in code through `$SEXTANT_UNTRUSTED`, which hides the tests and the
//! reward from it.

use std::time::Duration;

use super::reward::{self, JSON_FILE, LOGS_DIR, MAX_REWARD_BYTES, TEXT_FILE};
use super::{GradeError, Verdict};
use crate::sandbox::{
    self, Bind, Captured, Collect, Exit, Finished, Job, Limits, Sandbox, Seed, SeedSource,
};
use crate::task::{Answer, Task, TestedFiles};

const TESTS_DIR: &str = "/tests";
/// How much of the script's output is kept in the verdict, in characters from the end.
const REPORT_CHARS: usize = 4000;
/// How much of it an error quotes.
const TAIL_CHARS: usize = 400;

pub(super) async fn grade(
    task: &Task,
    tested: &TestedFiles,
    answer: &Answer,
    sandbox: &dyn Sandbox,
) -> Result<Verdict, GradeError> {
    let finished = sandbox.run(&job(task, tested, answer)?).await?;
    if let Exit::Limit(limit) = finished.exit {
        return Err(GradeError::Limit {
            limit,
            tail: tail(&finished, TAIL_CHARS),
        });
    }
    match reward::read(&finished.collected) {
        Ok(score) => Ok(Verdict::simple(
            task,
            "tests",
            score,
            tail(&finished, REPORT_CHARS),
        )),
        Err(reason) => Err(GradeError::Reward {
            reason,
            exit: match finished.exit {
                Exit::Code(code) => format!("it ended with exit code {code}"),
                Exit::Signal(signal) => format!("it was ended by signal {signal}"),
                Exit::Limit(_) => "it was stopped at a limit".into(),
            },
            tail: tail(&finished, TAIL_CHARS),
        }),
    }
}

fn job(task: &Task, tested: &TestedFiles, answer: &Answer) -> Result<Job, GradeError> {
    let workdir = tested.workdir.trim_end_matches('/').to_owned();
    let mut job = Job::new(["bash".to_owned(), format!("{TESTS_DIR}/test.sh")]);
    let seed = |path: &str, bytes: Vec<u8>| Seed {
        source: SeedSource::Bytes(bytes),
        inside: format!("{workdir}/{path}"),
        executable: false,
    };
    for file in tested.folder.environment_files()? {
        job.seeds.push(seed(&file.path, file.bytes));
    }
    // Only what was asked for is laid over the environment: an answer cannot replace its drivers.
    for name in &tested.deliverables {
        if let Some(bytes) = answer.files().get(name) {
            job.seeds.push(seed(name, bytes.clone()));
        }
    }
    job.read_only = vec![Bind {
        host: tested.folder.tests(),
        inside: TESTS_DIR.into(),
    }];
    job.writable_dirs = vec![workdir.clone(), LOGS_DIR.into()];
    job.workdir = workdir;
    job.env.clone_from(&tested.env);
    job.collect = [JSON_FILE, TEXT_FILE]
        .map(|path| Collect {
            path: path.into(),
            max_bytes: MAX_REWARD_BYTES,
        })
        .to_vec();
    job.hide_from_untrusted = vec![TESTS_DIR.into(), "/logs".into()];
    for name in task.requires.iter().map(String::as_str).chain(["bash"]) {
        job.tools.extend(sandbox::resolve(name)?.mounts);
    }
    job.limits = Limits {
        wall: tested.verifier_timeout,
        cpu: tested
            .verifier_timeout
            .saturating_add(Duration::from_secs(10)),
        memory_bytes: tested.memory_mb << 20,
        ..Limits::default()
    };
    Ok(job)
}

/// The end of what the script printed: standard output, then standard error.
fn tail(finished: &Finished, chars: usize) -> String {
    let text = |captured: &Captured| captured.text().trim().to_owned();
    let mut whole = text(&finished.stdout);
    let errors = text(&finished.stderr);
    if !errors.is_empty() {
        whole.push_str(if whole.is_empty() { "" } else { "\n" });
        whole.push_str(&errors);
    }
    let count = whole.chars().count();
    if count <= chars {
        return if whole.is_empty() {
            "(it printed nothing)".into()
        } else {
            whole
        };
    }
    format!(
        "… {}",
        whole.chars().skip(count - chars).collect::<String>()
    )
}
