//! The same questions, asked of TLC where it is installed: `TLA2TOOLS_JAR` is its class path.
//!
//! TLC can explore an answer, check properties, and be brought to tell which windows and whole runs
//! an answer allows: windows as an action constraint that prints the number of each it meets, runs as
//! a specification that follows them. What it cannot be asked — steps without a name, fairness that
//! cannot be kept, what lies beyond a bound — stays with the engine.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::super::GradeError;
use super::contract::Contract;
use super::evidence::Evidence;
use super::syntax::Shape;
use super::wording;

/// The variable that names TLC's class path.
const JAR: &str = "TLA2TOOLS_JAR";

/// How much more time TLC gets than the engine: most of it goes into starting.
const PATIENCE: u32 = 10;

/// What TLC says of a specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Holds,
    DeadEnd,
    /// A property, safe or live, does not hold.
    Fails,
    /// It cannot be read.
    Unreadable,
    /// It cannot be evaluated.
    Error,
}

/// What TLC found out about an answer.
#[derive(Debug)]
pub(super) struct Facts {
    /// Of its states.
    pub(super) explored: Said,
    /// Of each property, in the order of the task.
    pub(super) properties: Vec<Said>,
    /// Whether each window is allowed: first those that were seen, then the impossible ones.
    pub(super) windows: Vec<bool>,
    /// Whether each run is allowed.
    pub(super) runs: Vec<bool>,
}

/// A folder with the modules of an answer, gone when dropped.
struct Desk<'t> {
    folder: tempfile::TempDir,
    jar: String,
    limit: Duration,
    contract: &'t Contract<'t>,
    shape: &'t Shape,
}

/// Asks TLC everything that it can be asked. A specification that it cannot read or evaluate gets no
/// further questions.
pub(super) fn facts(
    contract: &Contract<'_>,
    evidence: &Evidence,
    shape: &Shape,
) -> Result<Facts, GradeError> {
    let jar = std::env::var(JAR).ok().filter(|jar| !jar.is_empty());
    let jar = jar.ok_or_else(|| {
        GradeError::Tlc(format!(
            "{JAR} does not say where TLC is; give the path of tla2tools.jar"
        ))
    })?;
    let desk = Desk {
        folder: tempfile::tempdir().map_err(|error| GradeError::Tlc(error.to_string()))?,
        jar,
        limit: contract.system.max_time * PATIENCE,
        contract,
        shape,
    };
    let properties: Vec<&str> = contract
        .system
        .properties
        .iter()
        .map(|property| property.name.as_str())
        .collect();
    for (name, text) in contract.modules(&properties) {
        desk.write(&format!("{name}.tla"), &text)?;
    }
    let mut facts = Facts {
        explored: Said::Unreadable,
        properties: Vec::new(),
        windows: Vec::new(),
        runs: Vec::new(),
    };
    let deadlock = match contract.system.may_end {
        true => "CHECK_DEADLOCK FALSE\n",
        false => "CHECK_DEADLOCK TRUE\n",
    };
    let invariant = format!("INVARIANT {}\n", contract.fits());
    facts.explored = desk.say(&format!("{invariant}{deadlock}"))?;
    if matches!(facts.explored, Said::Unreadable | Said::Error) {
        return Ok(facts);
    }
    for name in properties {
        let lines = format!(
            "CHECK_DEADLOCK FALSE\nPROPERTY {}\n",
            contract.property(name)
        );
        facts.properties.push(desk.say(&lines)?);
    }
    facts.windows = desk.windows(evidence)?;
    facts.runs = desk.runs(evidence)?;
    Ok(facts)
}

impl Desk<'_> {
    fn write(&self, name: &str, text: &str) -> Result<(), GradeError> {
        fs::write(self.folder.path().join(name), text)
            .map_err(|error| GradeError::Tlc(format!("cannot write {name}: {error}")))
    }

    /// The windows that TLC meets.
    fn windows(&self, evidence: &Evidence) -> Result<Vec<bool>, GradeError> {
        let all = evidence.windows.iter().chain(&evidence.impossible);
        let all: Vec<_> = all.map(|sighting| &sighting.window).collect();
        let records: Vec<String> = all
            .iter()
            .map(|window| {
                format!(
                    "[before |-> {}, action |-> \"{}\", args |-> {}, after |-> {}]",
                    literal(&window.before),
                    window.action,
                    literal(&Json::from(window.args.clone())),
                    literal(&window.after)
                )
            })
            .collect();
        let data = format!(
            "Windows == <<\n{}\n>>\nBefores == {{Windows[i].before : i \\in DOMAIN Windows}}\n\
             At == [before \\in Befores |-> {{i \\in DOMAIN Windows : Windows[i].before = before}}]\n\
             Note(i) == PrintT(<<\"met\", i>>)\n",
            records.join(",\n")
        );
        let root = format!(
            "{}@Meet == View = View' \\/ View \\notin @Data!Befores \\/\n\
             \x20 \\A @i \\in @Data!At[View] :\n\
             \x20   (@Data!Windows[@i].after = View' /\\ @Does(@Data!Windows[@i])) => @Data!Note(@i)\n",
            self.does()
        );
        self.module("SextantWindows", "SextantWindowData", &data, &root)?;
        let lines = "CHECK_DEADLOCK FALSE\nACTION_CONSTRAINT @Meet\n";
        let config = self.contract.config(self.shape.is_bounded, lines);
        let met = self.met("SextantWindows", &config)?;
        Ok((1..=all.len())
            .map(|number| met.contains(&number))
            .collect())
    }

    /// The runs that TLC can follow to their ends.
    fn runs(&self, evidence: &Evidence) -> Result<Vec<bool>, GradeError> {
        let mut runs = Vec::new();
        for run in &evidence.traces {
            let events: Vec<String> = run
                .trace
                .events
                .iter()
                .map(|(_, event)| {
                    format!(
                        "[action |-> \"{}\", args |-> {}, after |-> {}]",
                        event.action,
                        literal(&Json::from(event.args.clone())),
                        literal(&event.after)
                    )
                })
                .collect();
            runs.push(format!(
                "[first |-> {}, events |-> <<\n{}>>]",
                literal(&run.trace.first),
                events.join(",\n")
            ));
        }
        let data = format!(
            "Runs == <<\n{}\n>>\nEnded(run, at) == at = Len(Runs[run].events)\n\
             Event(run, at) == Runs[run].events[at + 1]\nSucc(at) == at + 1\n\
             Note(run) == PrintT(<<\"met\", run>>)\n",
            runs.join(",\n")
        );
        let root = format!(
            "VARIABLES @run, @at\n{}\
             @Start == Init /\\ @run \\in DOMAIN @Data!Runs /\\ @at = 0 /\\ View = @Data!Runs[@run].first\n\
             @Follow == ~@Data!Ended(@run, @at) /\\ @Does(@Data!Event(@run, @at)) /\\ Next\n\
             \x20 /\\ View' = @Data!Event(@run, @at).after /\\ @at' = @Data!Succ(@at) /\\ @run' = @run\n\
             @Unseen == Next /\\ View' = View /\\ @at' = @at /\\ @run' = @run\n\
             @Step == @Follow \\/ @Unseen\n\
             @Tell == @Data!Ended(@run, @at) => @Data!Note(@run)\n",
            self.does()
        );
        self.module("SextantRuns", "SextantRunData", &data, &root)?;
        let config = self
            .contract
            .config(
                self.shape.is_bounded,
                "CHECK_DEADLOCK FALSE\nCONSTRAINT @Tell\n",
            )
            .replace("SPECIFICATION Spec\n", "INIT @Start\nNEXT @Step\n");
        let met = self.met("SextantRuns", &config)?;
        Ok((1..=runs.len())
            .map(|number| met.contains(&number))
            .collect())
    }

    /// A formula that says whether a step is one of a recorded action.
    fn does(&self) -> String {
        let actions = self.contract.system.actions.iter();
        let actions: Vec<String> = actions
            .filter(|action| !self.shape.missing_actions.contains(&action.name))
            .map(|action| {
                let arguments: Vec<String> = (1..=action.parameters.len())
                    .map(|number| format!("@event.args[{number}]"))
                    .collect();
                let call = match arguments.is_empty() {
                    true => action.name.clone(),
                    false => format!("{}({})", action.name, arguments.join(", ")),
                };
                format!("(@event.action = \"{}\" /\\ {call})", action.name)
            })
            .collect();
        match actions.is_empty() {
            true => "@Does(@event) == FALSE\n".to_owned(),
            false => format!("@Does(@event) == {}\n", actions.join(" \\/ ")),
        }
    }

    /// Writes a module over the answer with its data in a module of its own, whose names cannot
    /// clash with the answer's. Names of the root that begin with `@` are the grader's.
    fn module(
        &self,
        name: &str,
        data_name: &str,
        data: &str,
        root: &str,
    ) -> Result<(), GradeError> {
        let data =
            format!("---- MODULE {data_name} ----\nEXTENDS Integers, Sequences, TLC\n{data}====\n");
        self.write(&format!("{data_name}.tla"), &data)?;
        let root = format!(
            "---- MODULE {name} ----\nEXTENDS {}\n@Data == INSTANCE {data_name}\n{root}====\n",
            self.contract.module
        );
        self.write(&format!("{name}.tla"), &self.contract.own_names(&root))
    }

    /// What TLC says of the answer with more lines in its configuration.
    fn say(&self, lines: &str) -> Result<Said, GradeError> {
        let config = self.contract.config(self.shape.is_bounded, lines);
        Ok(self.run(&self.contract.root(), &config)?.0)
    }

    /// The numbers that a module of ours brings TLC to print.
    fn met(&self, module: &str, config: &str) -> Result<BTreeSet<usize>, GradeError> {
        match self.run(module, config)? {
            (Said::Holds, text) => Ok(text
                .lines()
                .filter_map(|line| line.strip_prefix("<<\"met\", ")?.strip_suffix(">>"))
                .filter_map(|number| number.parse().ok())
                .collect()),
            (said, text) => Err(GradeError::Tlc(format!(
                "{module} ended with {said:?}: {}",
                wording::shortened(&text)
            ))),
        }
    }

    /// Runs TLC; what it says and prints.
    fn run(&self, module: &str, config: &str) -> Result<(Said, String), GradeError> {
        self.write(&format!("{module}.cfg"), &self.contract.own_names(config))?;
        let output = self.folder.path().join("output");
        let (code, text) = java(&self.jar, self.folder.path(), module, &output, self.limit)?;
        let said = match code {
            0 => Said::Holds,
            11 => Said::DeadEnd,
            10 | 12..=14 => Said::Fails,
            150..=159 => Said::Unreadable,
            _ => Said::Error,
        };
        Ok((said, text))
    }
}

/// A value as TLA+ writes it, whole.
fn literal(json: &Json) -> String {
    match tla::value::Value::from_itf(json) {
        Ok(value) => value.display(usize::MAX).to_string(),
        Err(_) => wording::value(json),
    }
}

/// Runs TLC on a module, within a time limit: its exit code and what it printed.
fn java(
    jar: &str,
    folder: &Path,
    module: &str,
    output: &PathBuf,
    limit: Duration,
) -> Result<(i32, String), GradeError> {
    let failed = |what: &str, error: &dyn std::fmt::Display| {
        GradeError::Tlc(format!(
            "{what}: {error}; TLC needs Java 11 or newer on the PATH"
        ))
    };
    let file = fs::File::create(output).map_err(|error| failed("cannot write", &error))?;
    let mut child = Command::new("java")
        .args(["-Xss64m", "-XX:+UseParallelGC", "-cp", jar, "tlc2.TLC"])
        .args([
            "-workers",
            "1",
            "-noGenerateSpecTE",
            "-metadir",
            "meta",
            module,
        ])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed("cannot start java", &error))?;
    let clock = Instant::now();
    let status = loop {
        match child.try_wait().map_err(|error| failed("java", &error))? {
            Some(status) => break status,
            None if clock.elapsed() > limit => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(GradeError::Tlc(format!(
                    "TLC did not finish {module} in {} s",
                    limit.as_secs()
                )));
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    let mut text = String::new();
    fs::File::open(output)
        .and_then(|mut file| file.read_to_string(&mut text))
        .map_err(|error| failed("cannot read what TLC printed", &error))?;
    Ok((status.code().unwrap_or(-1), text))
}
