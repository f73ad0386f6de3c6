use std::ops::ControlFlow;
use std::thread;

use crate::error::Error;
use crate::stage::Stage;
use crate::step::{Move, Scene, Step};

/// Some threads and what they share.
///
/// Between two points a thread must not loop for ever, and what it does must depend on nothing but
/// what it was given, chose and read.
pub trait Program: Sync {
    /// What the threads share.
    type Shared: Sync;

    /// How many threads there are.
    fn threads(&self) -> usize;

    /// How many rounds of waiting the code tells apart: as many as it counts, 0 if it does not.
    fn max_rounds(&self) -> u64 {
        0
    }

    /// Makes what they share, anew for every run, with all its cells.
    fn share(&self) -> Self::Shared;

    /// The code of each thread.
    fn run(&self, shared: &Self::Shared, client: &Client<'_>);
}

/// A thread's own way to the schedule.
///
/// For [`Every`](crate::Every), a thread is where it stands, its [note](Self::note) and its
/// *history*: its choices and what its accesses returned, in order. To keep the states finite a
/// history must end now and then: [`forget`](Self::forget) ends it, and
/// [`spin_loop`](crate::sync::spin_loop) drops what was read and keeps the choices and the number
/// of rounds, up to [`Program::max_rounds`]. Both are sound if the code after them depends on
/// nothing that was dropped.
#[derive(Debug)]
pub struct Client<'a> {
    stage: &'a Stage,
    thread: usize,
}

impl Client<'_> {
    /// The number of this thread, from 0.
    pub fn index(&self) -> usize {
        self.thread
    }

    /// Takes one of so many alternatives, which is a step of its own. With none at all, the thread
    /// stays here for good.
    #[track_caller]
    pub fn choose(&self, options: usize) -> usize {
        self.stage.choose(self.thread, options)
    }

    /// Says something about this thread that all can see, without a step: it is seen together with
    /// the step before.
    pub fn note(&self, note: u64) {
        self.stage.note(self.thread, note);
    }

    /// Ends the history: the thread's future no longer depends on what it chose and read so far,
    /// except for what its note says. A driver does this between calls.
    pub fn forget(&self) {
        self.stage.forget(self.thread);
    }
}

/// What a schedule is told before it decides.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// The moves that are possible, in order; never none.
    pub moves: &'a [Move],
    /// Who has just ended a round of waiting, if the last step did that.
    pub spun: Option<usize>,
    /// Everything that the future depends on, written as numbers.
    pub key: &'a [u64],
}

/// Decides who goes on.
pub trait Schedule {
    /// The next move; without one the run is over.
    fn next(&mut self, situation: &Situation<'_>) -> Option<Move>;

    /// Told when a run ends because no move is possible.
    fn ended(&mut self, _key: &[u64]) {}
}

/// Runs a program from its beginning until no thread can move, the schedule ends it, or `seen`
/// does, which is told of every step.
pub fn perform<P: Program>(
    program: &P,
    schedule: &mut impl Schedule,
    mut seen: impl FnMut(&Step<'_>) -> ControlFlow<()>,
) -> Result<(), Error> {
    let threads = program.threads();
    let stage = Stage::new(threads, program.max_rounds());
    let shared = stage.prepare(|| program.share());
    thread::scope(|scope| {
        let _curtain = Curtain(&stage);
        for thread in 0..threads {
            let (stage, shared) = (&stage, &shared);
            let act = move || {
                let client = Client { stage, thread };
                stage.act(thread, || program.run(shared, &client));
            };
            thread::Builder::new()
                .spawn_scoped(scope, act)
                .map_err(Error::Spawn)?;
        }
        for thread in 0..threads {
            stage.advance(Move { thread, option: 0 })?;
        }

        let (mut before, mut after) = (Scene::default(), Scene::default());
        let (mut moves, mut key) = (Vec::new(), Vec::new());
        let mut spun = None;
        stage.copy_scene(&mut after);
        stage.moves(&mut moves);
        loop {
            stage.key(&mut key);
            if moves.is_empty() {
                schedule.ended(&key);
                return Ok(());
            }
            let Some(chosen) = schedule.next(&Situation {
                moves: &moves,
                spun,
                key: &key,
            }) else {
                return Ok(());
            };
            let thread = chosen.thread;
            if !moves.contains(&chosen) {
                return Err(Error::NoSuchMove { thread });
            }
            std::mem::swap(&mut before, &mut after);
            let deed = stage.advance(chosen)?;
            stage.copy_scene(&mut after);
            stage.moves(&mut moves);
            spun = stage.spun(thread).then_some(thread);
            let Some(deed) = deed else { continue };
            let step = Step {
                thread,
                deed,
                before: &before,
                after: &after,
                moves: moves.len(),
            };
            if seen(&step).is_break() {
                return Ok(());
            }
        }
    })
}

/// Ends the run however the director leaves it, so that its threads can be joined.
struct Curtain<'a>(&'a Stage);

impl Drop for Curtain<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}
