//! `task.toml`: Harbor's tables, schema 1.4, and our `[sextant]`.
//!
//! Every field of Harbor's is accepted, so that its tasks load; those that this harness does not
//! act on are kept as plain values. Unknown fields are errors: a typo must not pass silently.
//! `[metadata]` is free, as in Harbor.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use toml::Value;

use super::answer::is_safe_path;
use super::system::ModelTable;
use super::{Grading, Place, Problem, Task, TaskFolder, TaskId, TestedFiles};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    #[allow(dead_code, reason = "accepted for Harbor, no meaning here")]
    schema_version: Option<String>,
    #[allow(dead_code, reason = "accepted for Harbor, no meaning here")]
    source: Option<String>,
    #[allow(dead_code, reason = "accepted for Harbor, no meaning here")]
    artifacts: Option<Vec<Value>>,
    #[allow(dead_code, reason = "accepted for Harbor, no meaning here")]
    multi_step_reward_strategy: Option<String>,
    steps: Option<Vec<Value>>,
    task: TaskTable,
    #[serde(default)]
    #[allow(dead_code, reason = "free-form notes of the author")]
    metadata: BTreeMap<String, Value>,
    #[serde(default)]
    environment: EnvironmentTable,
    #[serde(default)]
    agent: AgentTable,
    #[serde(default)]
    verifier: VerifierTable,
    #[serde(default)]
    #[allow(dead_code, reason = "accepted for Harbor, no meaning here")]
    solution: BTreeMap<String, Value>,
    #[serde(default)]
    sextant: SextantTable,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TaskTable {
    name: String,
    #[serde(default = "first_version")]
    version: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    #[allow(dead_code, reason = "accepted for Harbor, no meaning here")]
    authors: Vec<Value>,
    #[serde(default)]
    #[allow(dead_code, reason = "accepted for Harbor, no meaning here")]
    keywords: Vec<String>,
}

fn first_version() -> String {
    "1.0.0".to_owned()
}

/// Harbor's `[environment]`. What concerns containers is accepted and not acted on: grading
/// happens in our own sandbox, which never has a network.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(
    dead_code,
    reason = "Harbor's fields are accepted even where they mean nothing here"
)]
struct EnvironmentTable {
    docker_image: Option<String>,
    os: Option<String>,
    build_timeout_sec: Option<f64>,
    cpus: Option<f64>,
    memory_mb: Option<u64>,
    storage_mb: Option<u64>,
    gpus: Option<u64>,
    gpu_types: Option<Vec<String>>,
    tpu: Option<Value>,
    network_mode: Option<String>,
    allow_internet: Option<bool>,
    allowed_hosts: Option<Vec<String>>,
    env: BTreeMap<String, String>,
    workdir: Option<String>,
    mcp_servers: Option<Vec<Value>>,
    skills_dir: Option<String>,
    healthcheck: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(
    dead_code,
    reason = "Harbor's fields are accepted even where they mean nothing here"
)]
struct AgentTable {
    timeout_sec: Option<f64>,
    user: Option<Value>,
    network_mode: Option<String>,
    allowed_hosts: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(
    dead_code,
    reason = "Harbor's fields are accepted even where they mean nothing here"
)]
struct VerifierTable {
    timeout_sec: Option<f64>,
    env: BTreeMap<String, String>,
    user: Option<Value>,
    environment_mode: Option<String>,
    environment: Option<Value>,
    collect: Option<Vec<Value>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SextantTable {
    grader: GraderName,
    deliverables: Vec<String>,
    requires: Vec<String>,
    canary: Option<String>,
    success_score: f64,
    model: Option<ModelTable>,
}

impl Default for SextantTable {
    fn default() -> Self {
        Self {
            grader: GraderName::Tests,
            deliverables: Vec::new(),
            requires: Vec::new(),
            canary: None,
            success_score: 1.0,
            model: None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum GraderName {
    Tests,
    Model,
}

/// Harbor's default limit on the verifier, in seconds.
const DEFAULT_VERIFIER_TIMEOUT_SECONDS: f64 = 600.0;
const DEFAULT_MEMORY_MB: u64 = 2048;
const DEFAULT_WORKDIR: &str = "/app";

/// Reads the task in `folder`, whose id by its place is `id`. All problems are reported at once.
pub(super) fn load(folder: &Path, id: &TaskId) -> Result<Task, Vec<Problem>> {
    let file = folder.join("task.toml");
    let text = fs::read_to_string(&file).map_err(|error| {
        vec![Problem::new(
            &file,
            None,
            format!("cannot be read: {error}"),
        )]
    })?;
    let manifest: Manifest =
        toml::from_str(&text).map_err(|error| vec![Problem::from_toml(&file, &text, &error)])?;
    let parts = TaskFolder::new(folder.to_owned());

    let mut problems = Vec::new();
    let mut flaw = |field: &str, message: String| {
        let key = field.rsplit('.').next().unwrap_or(field);
        problems.push(Problem::new(&file, Some(field), message).at_key(&text, key));
    };
    if manifest.task.name != id.as_str() {
        flaw(
            "task.name",
            format!(
                "is {:?}, but the folder says `{id}`; make them the same",
                manifest.task.name
            ),
        );
    }
    if manifest.steps.is_some() {
        flaw("steps", "tasks of several steps are not supported".into());
    }
    for path in &manifest.sextant.deliverables {
        if !is_safe_path(path) {
            flaw(
                "sextant.deliverables",
                format!("{path:?} must be a relative path without `..`"),
            );
        }
    }
    let success_score = manifest.sextant.success_score;
    if !(success_score > 0.0 && success_score <= 1.0) {
        flaw(
            "sextant.success_score",
            format!("is {success_score}; it must lie in (0, 1]"),
        );
    }
    let verifier_timeout = seconds(
        manifest
            .verifier
            .timeout_sec
            .unwrap_or(DEFAULT_VERIFIER_TIMEOUT_SECONDS),
    )
    .unwrap_or_else(|message| {
        flaw("verifier.timeout_sec", message);
        Duration::ZERO
    });
    let solver_timeout = manifest
        .agent
        .timeout_sec
        .map(seconds)
        .transpose()
        .unwrap_or_else(|message| {
            flaw("agent.timeout_sec", message);
            None
        });
    let memory_mb = manifest.environment.memory_mb.unwrap_or(DEFAULT_MEMORY_MB);
    if memory_mb == 0 {
        flaw(
            "environment.memory_mb",
            "is 0; nothing can run without memory".into(),
        );
    }
    let system = match (manifest.sextant.grader, manifest.sextant.model) {
        (GraderName::Tests, None) => None,
        (GraderName::Tests, Some(_)) => {
            flaw("sextant.model", "belongs to `grader = \"model\"`".into());
            None
        }
        (GraderName::Model, None) => {
            flaw("sextant.grader", "needs a table `[sextant.model]`".into());
            None
        }
        (GraderName::Model, Some(table)) => {
            let deliverables = manifest.sextant.deliverables.clone();
            Some(table.read(parts.clone(), deliverables, &mut flaw))
        }
    };
    let needed = match manifest.sextant.grader {
        GraderName::Tests => "test.sh",
        GraderName::Model => "Properties.tla",
    };
    if !parts.tests().join(needed).is_file() {
        problems.push(Problem::new(
            &parts.tests().join(needed),
            None,
            "is missing",
        ));
    }
    let instruction = fs::read_to_string(parts.instruction()).unwrap_or_else(|error| {
        problems.push(Problem::new(
            &parts.instruction(),
            None,
            format!("cannot be read: {error}"),
        ));
        String::new()
    });
    if !problems.is_empty() {
        return Err(problems);
    }

    let mut env = manifest.environment.env;
    env.extend(manifest.verifier.env);
    Ok(Task {
        id: id.clone(),
        version: manifest.task.version,
        description: manifest.task.description,
        canary: manifest.sextant.canary,
        instruction,
        grading: match system {
            Some(system) => Grading::Model(system),
            None => Grading::Tests(TestedFiles {
                folder: parts,
                deliverables: manifest.sextant.deliverables,
                workdir: manifest
                    .environment
                    .workdir
                    .unwrap_or_else(|| DEFAULT_WORKDIR.to_owned()),
                verifier_timeout,
                memory_mb,
                env,
            }),
        },
        success_score,
        solver_timeout,
        requires: manifest.sextant.requires,
        place: Place::file(file),
    })
}

/// Seconds as a duration; refuses what is not a positive finite number.
pub(super) fn seconds(value: f64) -> Result<Duration, String> {
    Duration::try_from_secs_f64(value)
        .ok()
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| format!("is {value}; it must be a positive number of seconds"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems_of(manifest: &str) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path();
        fs::create_dir_all(folder.join("tests")).unwrap();
        fs::write(folder.join("tests/test.sh"), "").unwrap();
        fs::write(folder.join("instruction.md"), "Do it.").unwrap();
        fs::write(folder.join("task.toml"), manifest).unwrap();
        let id = "demo/one".parse().unwrap();
        match load(folder, &id) {
            Ok(_) => Vec::new(),
            Err(problems) => problems
                .iter()
                .map(|p| p.to_string().replace(&folder.display().to_string(), ""))
                .collect(),
        }
    }

    #[test]
    fn a_harbor_task_without_our_table_loads() {
        let manifest = "schema_version = \"1.4\"\n[task]\nname = \"demo/one\"\n[metadata]\ntags = [\"x\"]\n\
             [environment]\ncpus = 2\nallow_internet = false\n[verifier]\ntimeout_sec = 10\n";
        assert_eq!(problems_of(manifest), Vec::<String>::new());
    }

    #[test]
    fn a_typo_is_named_with_its_line() {
        let found = problems_of("[task]\nname = \"demo/one\"\n[verifier]\ntimeout_secs = 3\n");
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("/task.toml:4: `timeout_secs`: unknown field"),
            "{found:?}"
        );
    }

    #[test]
    fn every_flaw_is_reported_at_once() {
        let found = problems_of(
            "[task]\nname = \"demo/two\"\n[verifier]\ntimeout_sec = -1\n[sextant]\n\
             deliverables = [\"../x\"]\nsuccess_score = 2.0\n",
        );
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(
            found[0].starts_with("/task.toml:2: `task.name`"),
            "{found:?}"
        );
        assert!(
            found
                .iter()
                .any(|p| p.starts_with("/task.toml:4: `verifier.timeout_sec`")),
            "{found:?}"
        );
    }

    #[test]
    fn text_that_is_not_toml_has_its_line() {
        let found = problems_of("[task]\nname = \n");
        assert!(found[0].starts_with("/task.toml:2"), "{found:?}");
    }
}
