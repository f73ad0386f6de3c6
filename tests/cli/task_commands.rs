//! `task list`, `task show`, `task check`, and names that do not exist.

use super::support::{Ended, Project, can_isolate};

/// Passes `yes`, fails everything else.
pub(crate) const SOUND_TEST: &str = "\
if [ \"$(cat \"$SEXTANT_APP_DIR/word.txt\" 2>/dev/null)\" = yes ]; then score=1; else score=0; fi
echo $score > \"$SEXTANT_LOGS_DIR/reward.txt\"
";

#[test]
fn listing_gives_every_task_as_text_and_as_json() {
    let project = Project::with_facts(2);
    project
        .sextant(&["task", "list"])
        .with_code(0)
        .prints(&["facts/q00", "facts/q01"]);
    let rows = project
        .sextant(&["task", "list", "--json"])
        .with_code(0)
        .json();
    assert_eq!(rows.as_array().unwrap().len(), 2);
    assert_eq!(rows[1]["id"], "facts/q01");
    assert_eq!(rows[1]["human"]["minutes"], 2.0);
    let suites = project
        .sextant(&["task", "list", "--suites", "--json"])
        .with_code(0)
        .json();
    assert_eq!(suites["facts"]["include"][0], "facts/*");
}

#[test]
fn showing_a_task_gives_its_instruction_and_digest() {
    let project = Project::with_facts(1);
    project
        .sextant(&["task", "show", "facts/q00"])
        .with_code(0)
        .prints(&["What is 0 + 42 - 0?", "sha256:"]);
    let shown = project
        .sextant(&["task", "show", "facts/q00", "--json"])
        .with_code(0)
        .json();
    assert_eq!(shown["mutants"], 2);
    assert_eq!(shown["task"]["grader"], "answer");
}

#[test]
fn a_typo_in_one_task_is_named_with_its_line_and_hides_no_other() {
    let project = Project::with_facts(1);
    project.add_job("good", SOUND_TEST);
    project.add_job("bad", SOUND_TEST);
    project.write(
        "tasks/jobs/bad/task.toml",
        "[task]\nname = \"jobs/bad\"\n\n[verifier]\ntimeout_secs = 3\n",
    );
    let listed = project
        .sextant(&["task", "list"])
        .with_code(1)
        .prints(&["facts/q00", "jobs/good"])
        .complains_of(&["tasks/jobs/bad/task.toml:5:", "`timeout_secs`"]);
    assert!(!listed.stdout.contains("jobs/bad"), "{listed:?}");
    project
        .sextant(&["task", "show", "jobs/bad"])
        .with_code(2)
        .complains_of(&["broken", "task.toml:5", "timeout_secs"]);
}

#[test]
fn a_run_that_does_not_need_the_broken_task_goes_on() {
    let project = Project::with_facts(1);
    project.write("tasks/jobs/bad/task.toml", "[task]\nnam = 1\n");
    project
        .sextant(&["run", "--suite", "facts", "--model", "builtin/oracle"])
        .with_code(0)
        .complains_of(&["sextant task check"]);
}

#[test]
fn an_unknown_task_is_answered_with_the_nearest() {
    let project = Project::with_facts(1);
    for verb in ["show", "check"] {
        project
            .sextant(&["task", verb, "facts/q0"])
            .with_code(2)
            .complains_of(&["unknown task `facts/q0`", "did you mean `facts/q00`"]);
    }
    let run = ["run", "--task", "fact/q00", "--model", "builtin/oracle"];
    project
        .sextant(&run)
        .with_code(2)
        .complains_of(&["did you mean `facts/q00`"]);
}

#[test]
fn an_unknown_suite_is_answered_with_the_nearest() {
    let project = Project::with_facts(1);
    project
        .sextant(&["run", "--suite", "fact", "--model", "builtin/oracle"])
        .with_code(2)
        .complains_of(&["unknown suite `fact`", "did you mean `facts`"]);
}

#[test]
fn an_unknown_model_is_answered_with_those_there_are() {
    let project = Project::with_facts(1);
    for (model, complaints) in [
        ("builtin/orakle", ["`orakle`", "builtin/oracle"]),
        ("opnai/gpt", ["`opnai`", "openai"]),
        ("gpt", ["`gpt`", "openai/gpt"]),
    ] {
        project
            .sextant(&["run", "--suite", "facts", "--model", model])
            .with_code(2)
            .complains_of(&complaints);
    }
    assert!(
        std::fs::read_dir(project.path("results"))
            .unwrap()
            .next()
            .is_none(),
        "a refused run leaves nothing behind"
    );
}

#[test]
fn a_missing_tasks_folder_is_named() {
    let project = Project::empty();
    project
        .sextant(&["task", "list", "--tasks", "elsewhere"])
        .with_code(2)
        .complains_of(&["elsewhere", "--tasks"]);
}

#[test]
fn sound_questions_are_proven() {
    let project = Project::with_facts(2);
    project
        .sextant(&["task", "check"])
        .with_code(0)
        .prints(&["sound"])
        .complains_of(&["2 tasks: 2 sound"]);
}

#[test]
fn a_wrong_answer_that_the_key_accepts_is_found() {
    let project = Project::with_facts(1);
    let sheet = std::fs::read_to_string(project.path("tasks/facts/sheet.toml")).unwrap();
    project.write("tasks/facts/sheet.toml", sheet.replace("\"41\"", "\"42\""));
    project.sextant(&["task", "check"]).with_code(1).prints(&[
        "FAULTY",
        "mutants",
        "passes with 1",
    ]);
}

#[test]
fn a_task_without_a_baseline_is_found() {
    let project = Project::with_facts(2);
    let rows = std::fs::read_to_string(project.path("baselines/facts.csv")).unwrap();
    let kept: Vec<&str> = rows.lines().filter(|row| !row.contains("q01")).collect();
    project.write("baselines/facts.csv", kept.join("\n") + "\n");
    project
        .sextant(&["task", "check"])
        .with_code(1)
        .prints(&["FAULTY   facts/q01", "baseline: no baseline"]);
}

/// Checks the job `jobs/one` after `spoil`; where nothing can be isolated, only the refusal.
fn check_job(test_sh: &str, spoil: impl Fn(&Project)) -> Option<Ended> {
    let project = Project::empty();
    project.add_job("one", test_sh);
    spoil(&project);
    let checked = project.sextant(&["task", "check"]);
    if can_isolate() {
        return Some(checked);
    }
    checked.with_code(4).complains_of(&["--sandbox none"]);
    None
}

#[test]
fn a_sound_job_is_proven() {
    if let Some(checked) = check_job(SOUND_TEST, |_| {}) {
        checked
            .with_code(0)
            .prints(&["sound    jobs/one  4 answers"]);
    }
}

#[test]
fn a_reference_that_fails_is_found() {
    let spoil = |project: &Project| project.write("tasks/jobs/one/solution/word.txt", "never\n");
    if let Some(checked) = check_job(SOUND_TEST, spoil) {
        checked
            .with_code(1)
            .prints(&["FAULTY   jobs/one", "reference: scores 0 instead of 1"]);
    }
}

#[test]
fn an_empty_answer_that_passes_is_found() {
    let lenient = "[ -e \"$SEXTANT_APP_DIR/word.txt\" ] && grep -qx 'no\\|maybe' \"$SEXTANT_APP_DIR/word.txt\" && score=0\n\
        echo ${score:-1} > \"$SEXTANT_LOGS_DIR/reward.txt\"\n";
    if let Some(checked) = check_job(lenient, |_| {}) {
        checked
            .with_code(1)
            .prints(&["empty: handing in nothing scores 1"]);
    }
}

#[test]
fn a_broken_variant_that_passes_is_found() {
    let spoil = |project: &Project| {
        project.write("tasks/jobs/one/tests/mutants/sly/word.txt", "yes\n\n");
    };
    if let Some(checked) = check_job(SOUND_TEST, spoil) {
        checked
            .with_code(1)
            .prints(&["mutants: `sly` passes with 1"]);
    }
}

#[test]
fn a_reference_in_plain_sight_is_found() {
    let spoil = |project: &Project| {
        project.write("tasks/jobs/one/environment/notes.txt", "yes\n");
    };
    if let Some(checked) = check_job(SOUND_TEST, spoil) {
        checked.with_code(1).prints(&["hidden:", "in plain sight"]);
    }
}

#[test]
fn findings_come_as_json_too() {
    let project = Project::with_facts(1);
    project.write("baselines/facts.csv", "");
    let ended = project.sextant(&["task", "check", "--json"]);
    let checked = ended.with_code(1).json();
    assert_eq!(checked[0]["proof"]["findings"][0]["demand"], "baseline");
}
