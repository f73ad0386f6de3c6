//! Keys: where they come from, and that they never go anywhere but to the provider.

use std::fs;

use super::support::{Ended, PROGRAM, Project, Server, files_below, right_script, with_options};
use sextant::model::mock_server::{Action, MockScript, Step};

const KEY: &str = "sk-secret-of-the-tests-0123456789";
const OTHER_KEY: &str = "sk-another-secret-9876543210";

/// A server that wants [`KEY`].
fn locked() -> Server {
    Server::start(MockScript {
        key: Some(KEY.into()),
        ..right_script()
    })
}

#[test]
fn a_missing_key_is_named_before_anything_is_asked() {
    let project = Project::with_facts(1);
    let run = ["run", "--suite", "facts", "--model", "openai/gpt-test"];
    project
        .sextant(&run)
        .with_code(2)
        .complains_of(&["OPENAI_API_KEY", "openai/gpt-test"]);
    assert!(!project.path("results").join("r").exists());
}

#[test]
fn the_file_env_supplies_the_key_and_every_option() {
    let project = Project::with_facts(2);
    let server = locked();
    project.write(
        ".env",
        format!(
            "# Settings\nexport OPENAI_API_KEY=\"{KEY}\"\nSEXTANT_MODEL=openai/gpt-test\n\
             SEXTANT_BASE_URL={}\nSEXTANT_SUITE=facts # all\nSEXTANT_RUN=r\nSEXTANT_EPOCHS=2\n",
            server.url()
        ),
    );
    project.sextant(&["run"]).with_code(0);
    project.assert_scored_once("r", 4);
    assert_eq!(project.attempts("r")[0]["model"], "openai/gpt-test");
}

#[test]
fn the_environment_wins_over_the_file_and_the_command_line_over_both() {
    let project = Project::with_facts(2);
    let server = locked();
    project.write(
        ".env",
        format!("OPENAI_API_KEY={OTHER_KEY}\nSEXTANT_MODEL=openai/from-file\nSEXTANT_RUN=file\nSEXTANT_SUITE=facts\n"),
    );
    let mut command = project.command(
        PROGRAM,
        &["run", "--base-url", &server.url(), "--run", "line"],
    );
    command
        .env("OPENAI_API_KEY", KEY)
        .env("SEXTANT_MODEL", "openai/from-environment")
        .env("SEXTANT_RUN", "environment");
    Ended::of(command.spawn().unwrap()).with_code(0);
    project.assert_scored_once("line", 2);
    assert_eq!(
        project.attempts("line")[0]["model"],
        "openai/from-environment"
    );
    assert_eq!(
        server.last_header("authorization"),
        Some(format!("Bearer {KEY}"))
    );
}

/// Runs the built-in oracle in `project` with a variable set, and returns the tasks that were run.
fn run_with(project: &Project, variable: (&str, &str), options: &[&str]) -> Vec<String> {
    let run = ["run", "--model", "builtin/oracle", "--run", "r"].map(str::to_owned);
    let mut command = project.command(PROGRAM, &with_options(&run, options));
    command.env(variable.0, variable.1);
    Ended::of(command.spawn().unwrap()).with_code(0);
    let tasks = project.attempts("r");
    tasks
        .iter()
        .map(|attempt| attempt["task_id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_task_on_the_command_line_wins_over_a_suite_in_the_environment_or_the_file() {
    let project = Project::with_facts(3);
    let one = ["--task", "facts/q01"];
    let tasks = run_with(&project, ("SEXTANT_SUITE", "facts"), &one);
    assert_eq!(tasks, ["facts/q01"]);
    let project = Project::with_facts(3);
    project.write(".env", "SEXTANT_SUITE=facts\n");
    assert_eq!(run_with(&project, ("UNRELATED", "1"), &one), ["facts/q01"]);
}

#[test]
fn a_task_in_the_environment_wins_over_a_suite_in_the_file() {
    let project = Project::with_facts(3);
    project.write(".env", "SEXTANT_SUITE=facts\n");
    let tasks = run_with(&project, ("SEXTANT_TASK", "facts/q02"), &[]);
    assert_eq!(tasks, ["facts/q02"]);
}

#[test]
fn a_suite_and_a_task_in_one_file_are_refused() {
    let project = Project::with_facts(3);
    project.write(".env", "SEXTANT_SUITE=facts\nSEXTANT_TASK=facts/q00\n");
    project
        .sextant(&["run", "--model", "builtin/oracle"])
        .with_code(2)
        .complains_of(&["SEXTANT_SUITE and SEXTANT_TASK"]);
}

#[test]
fn an_empty_variable_is_no_value() {
    let project = Project::with_facts(1);
    project.write(".env", "SEXTANT_SUITE=\nSEXTANT_SEED=\n");
    let options = ["--task", "facts/q00"];
    let tasks = run_with(&project, ("SEXTANT_EPOCHS", ""), &options);
    assert_eq!(tasks.len(), 1);
}

#[test]
fn switches_take_the_usual_words() {
    let project = Project::with_facts(1);
    for (value, is_json) in [("1", true), ("yes", true), ("0", false), ("", false)] {
        let mut command = project.command(PROGRAM, &["task", "list"]);
        command.env("SEXTANT_JSON", value);
        let from_environment = Ended::of(command.spawn().unwrap()).with_code(0);
        project.write(".env", format!("SEXTANT_JSON={value}\n"));
        let from_file = project.sextant(&["task", "list"]).with_code(0);
        fs::remove_file(project.path(".env")).unwrap();
        for ended in [from_environment, from_file] {
            assert_eq!(ended.stdout.starts_with('['), is_json, "{value:?}");
        }
    }
}

#[test]
fn a_bad_line_of_the_file_is_named_without_its_text() {
    let project = Project::with_facts(1);
    project.write(".env", format!("A=1\n{KEY}\n"));
    let ended = project
        .sextant(&["task", "list"])
        .with_code(2)
        .complains_of(&[".env:2"]);
    assert!(!ended.stderr.contains(KEY), "{}", ended.stderr);
}

/// Nothing that a run prints or writes may hold the key, not even where a server repeats it.
#[test]
fn the_key_is_nowhere_in_the_output_nor_in_the_run() {
    let project = Project::with_facts(4);
    let repeating = |status| Action::Status {
        status,
        headers: [("x-request-id".to_owned(), KEY.to_owned())].into(),
        body: format!(
            "{{\"error\": {{\"message\": \"your key {KEY} is tired\", \"code\": \"{KEY}\"}}}}"
        ),
    };
    let server = Server::start(MockScript {
        steps: vec![
            Step::once(repeating(500)),
            Step::once(repeating(400)),
            Step::once(Action::Answer),
            Step::once(Action::Unauthorized),
        ],
        ..right_script()
    });
    let url = server.url();
    let run = [
        "run",
        "--suite",
        "facts",
        "--model",
        "openai/gpt-test",
        "--base-url",
        &url,
        "--run",
        "r",
        "--concurrency",
        "1",
        "--max-tries",
        "2",
    ];
    let mut command = project.command(PROGRAM, &run);
    command.env("OPENAI_API_KEY", KEY);
    let ended = Ended::of(command.spawn().unwrap()).with_code(3);
    assert_eq!(server.requests(), 4, "{ended:?}");
    let files = files_below(&project.path("results"));
    assert!(files.len() > 6, "{:?}", files.keys());
    let mut everything: Vec<(String, Vec<u8>)> = files
        .into_iter()
        .map(|(path, content)| (path.display().to_string(), content))
        .collect();
    everything.push(("standard output".into(), ended.stdout.into()));
    everything.push(("standard error".into(), ended.stderr.into()));
    for (name, content) in everything {
        let text = String::from_utf8_lossy(&content);
        assert!(!text.contains(KEY), "{name} holds the key:\n{text}");
    }
}

#[test]
fn an_address_that_holds_a_password_is_refused_without_showing_it() {
    let project = Project::with_facts(1);
    let url = format!("http://user:{OTHER_KEY}@127.0.0.1:1/v1");
    let ended = project
        .sextant(&[
            "run",
            "--suite",
            "facts",
            "--model",
            "local/fake",
            "--base-url",
            &url,
        ])
        .with_code(2)
        .complains_of(&["--base-url", "password"]);
    assert!(!ended.stderr.contains(OTHER_KEY), "{}", ended.stderr);
}

#[test]
fn doctor_says_which_keys_are_set_and_not_what_they_are() {
    let project = Project::with_facts(1);
    project.write(".env", format!("OPENAI_API_KEY={KEY}\n"));
    let ended = project.sextant(&["doctor"]).prints(&["OPENAI_API_KEY"]);
    assert!(!ended.stdout.contains(KEY) && !ended.stderr.contains(KEY));
}
