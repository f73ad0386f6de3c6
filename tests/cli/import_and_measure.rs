//! `import metr`, `horizon` and `plot`.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use serde_json::Value;

use super::support::{Ended, PROGRAM, Project, files_below};

/// The run that comes with the project.
const METR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/results/metr-2025-01");

/// p50 and p80 in minutes that METR's own fit of these runs gives at λ = 0.1 when its optimiser is
/// run to convergence.
const METR_HORIZONS: [(&str, f64, f64); 10] = [
    ("Claude 3 Opus", 4.04712278017, 0.245035106886),
    ("Claude 3.5 Sonnet (New)", 60.5234380402, 3.50569992158),
    ("Claude 3.5 Sonnet (Old)", 22.067618929, 1.43268719088),
    ("GPT-4 0314", 3.6570524468, 0.294799223075),
    ("GPT-4 Turbo", 3.44240134118, 0.198154733499),
    ("GPT-4o", 6.98100596163, 0.347859233588),
    ("gpt-3.5-turbo-instruct", 1.84216265786e-6, 1.0051952688e-8),
    ("human", 1161.12893421, 88.1911387386),
    ("o1", 42.3459290481, 0.787864722741),
    ("o1-preview", 31.3934313522, 2.4391216095),
];

fn run_line(number: usize) -> String {
    let success = number % 3 % 2;
    format!(
        "{{\"run_id\":\"run-{number}\",\"task_id\":\"fam{}/task{}\",\"task_family\":\"fam{}\",\
         \"alias\":\"Agent\",\"model\":\"agent-1\",\"score_binarized\":{success},\
         \"score_cont\":{success}.0,\"human_minutes\":{}.0,\"human_source\":\"baseline\",\
         \"started_at\":1,\"completed_at\":2}}\n",
        number % 2,
        number,
        number % 2,
        1 << number
    )
}

fn runs(count: usize) -> String {
    (0..count).map(run_line).collect()
}

fn import(project: &Project, name: &str, bytes: &[u8]) -> Ended {
    project.write(&format!("in/{name}"), bytes);
    let file = format!("in/{name}");
    project.sextant(&["import", "metr", &file, "--run", "imported", "--json"])
}

#[test]
fn plain_xz_and_zstd_files_are_imported_alike() {
    let text = runs(6);
    let mut xz = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::default()).unwrap();
    xz.write_all(text.as_bytes()).unwrap();
    let mut imported = Vec::new();
    for (name, bytes) in [
        ("runs.jsonl", text.clone().into_bytes()),
        ("runs.jsonl.xz", xz.finish().unwrap()),
        (
            "runs.jsonl.zst",
            zstd::encode_all(text.as_bytes(), 3).unwrap(),
        ),
    ] {
        let project = Project::empty();
        let account = import(&project, name, &bytes).with_code(0).json();
        assert_eq!(
            (&account["runs"], &account["tasks"]),
            (&6.into(), &6.into())
        );
        project
            .sextant(&["horizon", "results/imported", "--replicates", "0"])
            .with_code(0)
            .prints(&["Agent"]);
        imported.push(fs::read(project.path("results/imported/attempts.jsonl.zst")).unwrap());
    }
    assert!(imported.iter().all(|bytes| *bytes == imported[0]));
}

#[test]
fn a_bad_line_in_the_middle_is_named_and_nothing_is_written() {
    for (bad, complaint) in [
        ("{\"run_id\": \"x\", \"task_id\"\n", "is no JSON object"),
        (&run_line(9).replace("512.0", "-1"), "`human_minutes` is -1"),
        (&run_line(0), "`run_id` run-0 stands twice"),
    ] {
        let project = Project::empty();
        let text = format!("{}{bad}{}", runs(2), run_line(5));
        import(&project, "runs.jsonl", text.as_bytes())
            .with_code(2)
            .complains_of(&["in/runs.jsonl:3:", complaint, "nothing was imported"]);
        assert!(!project.path("results/imported").exists());
    }
}

#[test]
fn a_cut_off_archive_is_named_and_nothing_is_written() {
    let text: String = (0..30)
        .map(|n| run_line(n % 20).replace("run-", &format!("run-{n}-")))
        .collect();
    let packed = zstd::encode_all(text.as_bytes(), 3).unwrap();
    let project = Project::empty();
    import(&project, "runs.jsonl.zst", &packed[..packed.len() / 2])
        .with_code(2)
        .complains_of(&["runs.jsonl.zst"]);
    assert!(!project.path("results/imported").exists());
}

#[test]
fn an_import_never_overwrites_a_run() {
    let project = Project::empty();
    import(&project, "runs.jsonl", runs(3).as_bytes()).with_code(0);
    import(&project, "runs.jsonl", runs(4).as_bytes())
        .with_code(2)
        .complains_of(&["results/imported exists already"]);
}

#[test]
fn the_published_horizons_are_reproduced() {
    let project = Project::empty();
    let measured = project
        .sextant(&[
            "horizon",
            METR,
            "--replicates",
            "0",
            "--preset",
            "metr-th1.0",
            "--json",
        ])
        .with_code(0)
        .json();
    let agents = measured["analysis"]["agents"].as_array().unwrap();
    for (name, p50, p80) in METR_HORIZONS {
        let agent = agents.iter().find(|agent| agent["agent"] == name).unwrap();
        for (index, expected) in [p50, p80].into_iter().enumerate() {
            let estimate = &agent["horizons"][index]["horizon"]["minutes"];
            let minutes = estimate.as_f64().unwrap();
            assert!(
                (minutes / expected - 1.0).abs() < 1e-6,
                "{name}: {minutes} instead of {expected}"
            );
        }
    }
    // An agent that never succeeded has no horizon, and is no number in disguise.
    let never = agents.iter().find(|agent| agent["agent"] == "davinci-002");
    let never = &never.unwrap()["horizons"][0]["horizon"];
    assert!(never["minutes"].is_null(), "{never}");
}

#[test]
fn horizons_do_not_depend_on_the_number_of_threads() {
    let project = Project::empty();
    let measure = |threads: &str| {
        let arguments = ["horizon", METR, "--replicates", "100", "--json"];
        let mut command = project.command(PROGRAM, &arguments);
        command.env("RAYON_NUM_THREADS", threads);
        Ended::of(command.spawn().unwrap()).with_code(0).stdout
    };
    let one = measure("1");
    let intervals: Value = serde_json::from_str(&one).unwrap();
    assert!(!intervals["analysis"]["agents"][0]["horizons"][0]["interval"].is_null());
    assert_eq!(one, measure("2"));
}

#[test]
fn plots_come_in_three_forms_and_the_same_bytes_twice() {
    let project = Project::empty();
    let start = |out| project.start(&["plot", METR, "--replicates", "20", "--out", out]);
    for child in [start("first"), start("second")] {
        Ended::of(child).with_code(0).prints(&[
            "headline.svg",
            "headline.png",
            "headline.csv",
            "curves.svg",
        ]);
    }
    let first = files_below(&project.path("first"));
    for figure in ["headline", "curves"] {
        let file = |form| &first[&PathBuf::from(format!("{figure}.{form}"))];
        let svg = String::from_utf8_lossy(file("svg"));
        assert!(svg.contains("<svg") && svg.contains("GPT-4o"), "{figure}");
        assert!(file("png").starts_with(b"\x89PNG"), "{figure}");
        let csv = String::from_utf8_lossy(file("csv"));
        assert!(csv.lines().count() > 5, "{csv}");
    }
    assert!(
        first == files_below(&project.path("second")),
        "two plots of one run differ"
    );
}

#[test]
fn every_figure_can_be_chosen_and_none_takes_the_place_of_another() {
    let project = Project::empty();
    let chosen = "headline,residuals,task-lengths,comparison";
    let plot = |more: &[&str]| {
        let arguments = [
            "plot",
            METR,
            "--replicates",
            "20",
            "--out",
            "o",
            "--figure",
            chosen,
        ];
        project.sextant(&[&arguments[..], more].concat())
    };
    plot(&[]).with_code(2).complains_of(&["--against RUN"]);
    plot(&["--against", METR]).with_code(0).prints(&[
        "headline.png",
        "residuals-tasks.csv",
        "task-lengths-overlay.csv",
        "comparison-pairs.csv",
    ]);
    let other = [
        "--against",
        METR,
        "--probability",
        "0.8",
        "--scale",
        "linear",
    ];
    plot(&other)
        .with_code(0)
        .prints(&["headline-p80-linear.svg", "comparison-p80-linear.svg"]);
    let files = files_below(&project.path("o"));
    let text = |file: &str| String::from_utf8_lossy(&files[&PathBuf::from(file)]).into_owned();
    assert!(text("headline.csv").contains("p50_minutes"));
    let p80 = text("headline-p80-linear.csv");
    assert!(p80.contains("p80_minutes") && !p80.contains("p50"), "{p80}");
    let pairs = text("comparison-pairs.csv");
    let ratios: Vec<&str> = pairs
        .lines()
        .skip(1)
        .filter_map(|row| row.rsplit(',').next())
        .collect();
    assert!(ratios.contains(&"1"), "a run beside itself: {pairs}");
}

#[test]
fn a_damaged_line_is_named_by_what_reads_it() {
    let project = Project::with_facts(3);
    let run = [
        "run",
        "--suite",
        "facts",
        "--model",
        "builtin/oracle",
        "--run",
        "r",
    ];
    project.sextant(&run).with_code(0);
    let path = project.path("results/r/attempts.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1] = "{\"run_id\": broken";
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    for command in ["horizon", "plot"] {
        project
            .sextant(&[command, "results/r"])
            .with_code(2)
            .complains_of(&["results/r/attempts.jsonl:2:", "damaged"]);
    }
    assert!(!project.path("results/r/figures").exists());
}

#[test]
fn a_run_that_is_not_there_is_named() {
    let project = Project::empty();
    for command in ["horizon", "plot"] {
        project
            .sextant(&[command, "results/absent"])
            .with_code(2)
            .complains_of(&["no run at results/absent"]);
    }
}

#[test]
fn a_run_can_be_measured_after_it_was_asked() {
    let project = Project::with_facts(4);
    let models = "builtin/oracle,builtin/blank";
    let run = ["run", "--suite", "facts", "--model", models, "--run", "r"];
    project.sextant(&run).with_code(0);
    project
        .sextant(&["horizon", "results/r", "--replicates", "0"])
        .with_code(0)
        .prints(&["builtin/oracle", "builtin/blank"]);
}

#[test]
fn what_is_exported_can_be_imported_and_measured_alike() {
    let project = Project::empty();
    project
        .sextant(&["export", "metr", METR, "--out", "runs.jsonl"])
        .with_code(0)
        .complains_of(&["7059 runs written"]);
    let text = project.read("runs.jsonl");
    let mut sums: std::collections::BTreeMap<String, f64> = std::collections::BTreeMap::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let alias = line["alias"].as_str().unwrap().to_owned();
        *sums.entry(alias).or_default() += line["invsqrt_task_weight"].as_f64().unwrap();
        // Names of METR's own that have no place here come back as they were.
        assert!(line.get("human_score").is_some(), "{line}");
    }
    assert!(
        sums.values().all(|sum| (sum - 1.0).abs() < 1e-9),
        "{sums:?}"
    );
    let agents = |run: &str| {
        let ended = project.sextant(&["horizon", run, "--replicates", "0", "--json"]);
        ended.with_code(0).json()["analysis"]["agents"].clone()
    };
    assert_eq!(agents("runs.jsonl"), agents(METR));
    project
        .sextant(&["import", "metr", "runs.jsonl", "--run", "again"])
        .with_code(0);
    assert_eq!(agents("results/again"), agents(METR));
    let facts = Project::with_facts(2);
    let run = [
        "run",
        "--suite",
        "facts",
        "--model",
        "builtin/oracle",
        "--run",
        "r",
    ];
    facts.sextant(&run).with_code(0);
    facts
        .sextant(&["export", "metr", "results/r"])
        .with_code(0)
        .prints(&[
            "\"alias\":\"builtin/oracle\"",
            "\"human_source\":\"estimate\"",
        ]);
}
