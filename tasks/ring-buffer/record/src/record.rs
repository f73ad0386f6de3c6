//! Runs a queue under every schedule, and under some, and writes down what is seen.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use schedule::{Error, Every, Explored, Schedule, Seeded, perform};
use serde_json::json;

use crate::client::{Clients, PRODUCER, SLOTS, VALUES};
use crate::queue::Queue;
use crate::watch::{Watch, Window};

/// Visible steps in a trace.
const TRACE_STEPS: usize = 40;

/// A queue that is broken on purpose.
pub(crate) struct Broken {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) stray: fn(&BTreeSet<Window>) -> Result<BTreeSet<Window>, Error>,
}

/// A task's system and how it is watched.
pub(crate) struct Subject {
    pub(crate) system: &'static str,
    pub(crate) broken: &'static [Broken],
}

/// Every visible step, and how much there was to explore.
fn explore<Q: Queue>() -> Result<(BTreeSet<Window>, Explored), Error> {
    let (mut windows, mut watch) = (BTreeSet::new(), Watch::default());
    let explored = Every::default().explore(&Clients::<Q>::new(), |step| {
        windows.extend(watch.follow(step));
    })?;
    Ok((windows, explored))
}

/// The first steps that are not among these, on all ways.
pub(crate) fn stray<Q: Queue>(right: &BTreeSet<Window>) -> Result<BTreeSet<Window>, Error> {
    let (mut wrong, mut watch) = (BTreeSet::new(), Watch::default());
    Every::default().explore_within(&Clients::<Q>::new(), |step| match watch.follow(step) {
        Some(window) if !right.contains(&window) => {
            wrong.insert(window);
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    })?;
    Ok(wrong)
}

/// The files of a task's tests that are recorded, by name.
pub(crate) fn record<Q: Queue>(subject: &Subject) -> Result<BTreeMap<String, String>, Error> {
    let mut files = BTreeMap::new();
    let (windows, explored) = explore::<Q>()?;
    files.insert("windows.jsonl".into(), lines(&windows));

    let mut traces = Vec::new();
    for (schedule, seed, chosen) in schedules() {
        let file = format!("traces/{schedule}-{seed:02}.jsonl");
        traces.push(json!({ "file": file, "schedule": schedule, "seed": seed }));
        files.insert(file, trace::<Q>(chosen)?);
    }

    let mut broken = Vec::new();
    for Broken { name, what, stray } in subject.broken {
        let file = format!("broken/{name}.jsonl");
        broken.push(json!({ "file": file, "what": what }));
        files.insert(file, lines(&stray(&windows)?));
    }

    let mut counts = BTreeMap::<_, usize>::new();
    for (_, action, _) in &windows {
        *counts.entry(action.name).or_default() += 1;
    }
    let recording = json!({
        "system": subject.system,
        "complete": true,
        "how": "two threads run the source under a scheduler that takes every step possible in every state",
        "bounds": { "slots": SLOTS, "values": VALUES },
        "states": explored.states,
        "steps": explored.steps,
        "windows": counts,
        "traces": traces,
        "broken": broken,
        "versions": { "recorder": env!("CARGO_PKG_VERSION") },
    });
    files.insert("recording.json".into(), format!("{recording:#}\n"));
    Ok(files)
}

/// Schedules of the traces: how they are called, their seeds, and themselves.
fn schedules() -> impl Iterator<Item = (&'static str, u64, Seeded)> {
    let random = (1..=8).map(|seed| ("random", seed, Seeded::fair(seed)));
    let slow = |name, victim| move |seed| (name, seed, Seeded::starving(seed, victim, 8));
    let priorities = (1..=4).map(|seed| ("priorities", seed, Seeded::priorities(seed, 2, 12, 300)));
    random
        .chain((1..=4).map(slow("slow-producer", PRODUCER)))
        .chain((1..=4).map(slow("slow-consumer", 1 - PRODUCER)))
        .chain(priorities)
}

fn lines(windows: &BTreeSet<Window>) -> String {
    let line = |(before, action, after): &Window| {
        let window = json!({
            "before": before.json(),
            "action": action.name,
            "args": action.arguments(),
            "after": after.json(),
        });
        format!("{window}\n")
    };
    // In the order of the text, which keeps an action's windows together.
    let lines: BTreeSet<String> = windows.iter().map(line).collect();
    lines.into_iter().collect()
}

/// A run, up to so many visible steps.
fn trace<Q: Queue>(mut schedule: impl Schedule) -> Result<String, Error> {
    let mut watch = Watch::default();
    let mut lines = Vec::new();
    perform(&Clients::<Q>::new(), &mut schedule, |step| {
        if let Some((before, action, after)) = watch.follow(step) {
            if lines.is_empty() {
                lines.push(json!({ "state": before.json() }));
            }
            lines.push(json!({
                "action": action.name,
                "args": action.arguments(),
                "after": after.json(),
            }));
        }
        if lines.len() > TRACE_STEPS {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    Ok(lines.iter().map(|line| format!("{line}\n")).collect())
}
