//! The recordings of both variants.

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;
use std::path::PathBuf;

use schedule::{Error, Explored, Seeded};
use serde_json::json;

use crate::clients::Clients;
use crate::locks::{self, Lock, Value};
use crate::windows::{Seen, Window, explore, strange, trace};

/// Visible steps of a trace.
const TRACE_STEPS: usize = 40;

/// How often a broken lock is run, and for how many steps.
const BROKEN_RUNS: u64 = 300;
const BROKEN_STEPS: usize = 300;

/// For whoever reads the recording.
const HOW: &str = "The lock's source runs on real threads with real atomics, one thread at a time, \
    stopped before each access to shared memory. Every step was taken in every state that can be \
    reached; a state is what memory holds, and what each thread is about to do and has read since \
    its call or its round began. The traces are runs of the same threads under seeded schedules.";

/// What is recorded of a variant.
pub(crate) struct Recording {
    pub(crate) variant: &'static str,
    /// By their paths below `tests`.
    pub(crate) files: BTreeMap<PathBuf, String>,
    /// Whether a thread that held the real lock ever saw another use the value.
    pub(crate) disturbed: bool,
    /// For whoever runs the recorder.
    pub(crate) summary: String,
}

/// Who uses the locks of a variant; see [`Clients`].
#[derive(Clone, Copy)]
struct Cast {
    threads: usize,
    triers: usize,
    patience: u64,
}

impl Cast {
    fn with<L>(self) -> Clients<L> {
        let Self {
            threads,
            triers,
            patience,
        } = self;
        Clients {
            threads,
            triers,
            patience,
            lock: PhantomData,
        }
    }
}

/// A broken lock.
struct Broken {
    name: &'static str,
    what: &'static str,
    /// What it does that the real one does not.
    strange: fn(Cast, &Seen) -> Result<BTreeSet<Window>, Error>,
}

impl Broken {
    fn new<L: Lock>(name: &'static str, what: &'static str) -> Self {
        Self {
            name,
            what,
            strange: |cast, real| {
                let mut all = BTreeSet::new();
                for seed in 1..=BROKEN_RUNS {
                    let mut schedule = Seeded::fair(seed);
                    all.extend(strange::<L>(
                        &cast.with(),
                        &mut schedule,
                        BROKEN_STEPS,
                        real,
                    )?);
                }
                Ok(all)
            },
        }
    }
}

/// Records the textbook's lock.
pub(crate) fn plain() -> Result<Recording, Error> {
    let cast = Cast {
        threads: 5,
        triers: 5,
        patience: 0,
    };
    let broken = [
        Broken::new::<locks::plain_test_then_set::SpinLock<Value>>(
            "test-then-set",
            "whether the lock is held is read first, and set in a second access",
        ),
        Broken::new::<locks::plain_eager_guard::SpinLock<Value>>(
            "eager-guard",
            "a guard is made before it is known whether there should be one, and releases the lock \
             when it is dropped",
        ),
    ];
    record::<locks::plain::SpinLock<Value>>("plain", cast, &broken)
}

/// Records the lock that can be claimed.
pub(crate) fn reserve() -> Result<Recording, Error> {
    let cast = Cast {
        threads: 4,
        triers: 2,
        patience: 2,
    };
    let broken = [
        Broken::new::<locks::reserve_test_then_set::SpinLock<Value>>(
            "test-then-set",
            "the word is read first, and written in a second access whatever it holds by then",
        ),
        Broken::new::<locks::reserve_release_forgets_claim::SpinLock<Value>>(
            "release-forgets-claim",
            "a release clears the whole word",
        ),
        Broken::new::<locks::reserve_claim_outlives_its_use::SpinLock<Value>>(
            "claim-outlives-its-use",
            "taking the lock leaves the claim in the word",
        ),
        Broken::new::<locks::reserve_try_ignores_claim::SpinLock<Value>>(
            "try-ignores-claim",
            "`try_lock` takes a free lock whoever claims it",
        ),
        Broken::new::<locks::reserve_claim_overwrites::SpinLock<Value>>(
            "claim-overwrites",
            "a claim takes the place of another thread's",
        ),
    ];
    record::<locks::reserve::SpinLock<Value>>("reserve", cast, &broken)
}

fn record<L: Lock>(
    variant: &'static str,
    cast: Cast,
    broken: &[Broken],
) -> Result<Recording, Error> {
    let clients = cast.with::<L>();
    let real = explore(&clients)?;
    let mut files = BTreeMap::new();

    let mut traces = Vec::new();
    for (kind, seed, mut schedule) in schedules(cast.threads) {
        let file = format!("traces/{kind}-{seed:02}.jsonl");
        files.insert(
            PathBuf::from(&file),
            trace(&clients, &mut schedule, TRACE_STEPS)?,
        );
        traces.push(json!({"file": file, "schedule": kind, "seed": seed}));
    }

    let mut shown = Vec::new();
    let mut summary = String::new();
    for Broken {
        name,
        what,
        strange,
    } in broken
    {
        let lines = strange(cast, &real)?;
        let file = format!("broken/{name}.jsonl");
        summary += &format!(", {} of {name}", lines.len());
        files.insert(
            PathBuf::from(&file),
            lines.iter().map(Window::line).collect(),
        );
        shown.push(json!({"file": file, "what": what}));
    }

    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for Window { action, .. } in &real.windows {
        *counts.entry(action).or_default() += 1;
    }
    let Explored {
        states,
        steps,
        runs,
    } = real.explored;
    let summary = format!(
        "{states} states, {steps} steps, {runs} runs, {} observations, {} windows {counts:?}{summary}",
        real.observations.len(),
        real.windows.len(),
    );
    let mut bounds = json!({"threads": cast.threads, "triers": cast.triers});
    if cast.patience > 0 {
        bounds["failed rounds told apart"] = json!(cast.patience);
    }
    let recording = json!({
        "bounds": bounds,
        "broken": shown,
        "complete": true,
        "how": HOW,
        "states": states,
        "steps": steps,
        "system": format!("spinlock/{variant}"),
        "traces": traces,
        "versions": {"recorder": env!("CARGO_PKG_VERSION")},
        "windows": counts,
    });
    files.insert("recording.json".into(), format!("{recording:#}\n"));
    files.insert(
        "windows.jsonl".into(),
        real.windows.iter().map(Window::line).collect(),
    );
    Ok(Recording {
        variant,
        files,
        disturbed: real.disturbed,
        summary,
    })
}

/// The schedules of the traces, by their names.
fn schedules(threads: usize) -> impl Iterator<Item = (&'static str, u64, Seeded)> {
    let fair = (1..=10).map(|seed| ("fair", seed, Seeded::fair(seed)));
    let starving = (1..=5).zip((0..threads).cycle());
    let starving =
        starving.map(|(seed, victim)| ("starving", seed, Seeded::starving(seed, victim, 12)));
    let priorities = (1..=5).map(move |seed| {
        (
            "priorities",
            seed,
            Seeded::priorities(seed, threads, 5, 200),
        )
    });
    fair.chain(starving).chain(priorities)
}
