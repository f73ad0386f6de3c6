//! The baton: who runs, what each thread is about to do, and what it remembers.
//!
//! Whoever holds the turn runs; all others wait at a *point*. The director (the thread that called
//! [`perform`](crate::perform)) has the turn whenever every thread of the program is at a point.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{Location, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::error::Error;
use crate::step::{Access, Deed, Kind, Move, Scene};

/// Unwinds a thread when the run is over. It is no panic: nothing is printed, nobody is told.
struct Stop;

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Director,
    Thread(usize),
    Over,
}

/// What a thread does when it gets the turn.
#[derive(Debug, Clone, Copy)]
enum Pending {
    Start,
    Choose { options: usize, place: Place },
    Access { intent: Intent, place: Place },
    Finished,
}

/// Where in the program's source a thread stands, as numbers that are the same in every process.
type Place = [u64; 3];

/// An access as it is announced.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Intent {
    pub(crate) cell: Option<usize>,
    pub(crate) kind: Kind,
    pub(crate) operands: [u64; 2],
}

/// What is known of a thread.
#[derive(Debug)]
struct Actor {
    pending: Pending,
    /// The alternative that the director picked.
    picked: usize,
    deed: Option<Deed>,
    /// Whether it has ended a round of waiting since it last got the turn.
    spun: bool,
    history: History,
}

/// What a thread may remember of its current call.
#[derive(Debug, Default)]
struct History {
    choices: Vec<u64>,
    /// Results of the accesses in this round.
    results: Vec<u64>,
}

#[derive(Debug)]
struct State {
    turn: Turn,
    scene: Scene,
    actors: Vec<Actor>,
    max_rounds: u64,
    fault: Option<Error>,
}

/// All that the threads of a run share with the director.
#[derive(Debug)]
pub(crate) struct Stage {
    state: Mutex<State>,
    director: Condvar,
    threads: Vec<Condvar>,
}

/// Where the running code stands, for the cells that it makes and meets.
#[derive(Clone)]
enum Role {
    /// In [`Program::share`](crate::Program::share).
    Preparing(Arc<Stage>),
    Acting(Arc<Stage>, usize),
}

thread_local! {
    static ROLE: RefCell<Option<Role>> = const { RefCell::new(None) };
}

fn role() -> Option<Role> {
    ROLE.with_borrow(Clone::clone)
}

impl Stage {
    pub(crate) fn new(threads: usize, max_rounds: u64) -> Arc<Self> {
        let actor = |_| Actor {
            pending: Pending::Start,
            picked: 0,
            deed: None,
            spun: false,
            history: History::default(),
        };
        Arc::new(Self {
            state: Mutex::new(State {
                turn: Turn::Director,
                scene: Scene {
                    cells: Vec::new(),
                    notes: vec![0; threads],
                    rounds: vec![0; threads],
                },
                actors: (0..threads).map(actor).collect(),
                max_rounds,
                fault: None,
            }),
            director: Condvar::new(),
            threads: (0..threads).map(|_| Condvar::new()).collect(),
        })
    }

    /// No thread panics while it holds the lock, so what it guards is always whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // What the director does.

    /// Makes what the threads share, and numbers its cells.
    pub(crate) fn prepare<S>(self: &Arc<Self>, share: impl FnOnce() -> S) -> S {
        let before = ROLE.replace(Some(Role::Preparing(Arc::clone(self))));
        let shared = share();
        ROLE.set(before);
        shared
    }

    /// Lets a thread take one step, and waits until it is at its next point.
    pub(crate) fn advance(&self, chosen: Move) -> Result<Option<Deed>, Error> {
        let mut state = self.state();
        let actor = &mut state.actors[chosen.thread];
        actor.picked = chosen.option;
        actor.deed = None;
        actor.spun = false;
        state.turn = Turn::Thread(chosen.thread);
        // Whoever wakes finds the lock free.
        drop(state);
        self.threads[chosen.thread].notify_one();
        let mut state = self
            .director
            .wait_while(self.state(), |state| state.turn != Turn::Director)
            .unwrap_or_else(PoisonError::into_inner);
        match state.fault.take() {
            Some(fault) => Err(fault),
            None => Ok(state.actors[chosen.thread].deed),
        }
    }

    /// Ends the run: whoever waits at a point is unwound.
    pub(crate) fn close(&self) {
        self.state().turn = Turn::Over;
        for thread in &self.threads {
            thread.notify_one();
        }
    }

    /// Copies what all can see.
    pub(crate) fn copy_scene(&self, scene: &mut Scene) {
        scene.clone_from(&self.state().scene);
    }

    /// All that the threads can do now, in order.
    pub(crate) fn moves(&self, moves: &mut Vec<Move>) {
        moves.clear();
        for (thread, actor) in self.state().actors.iter().enumerate() {
            let options = match actor.pending {
                Pending::Start | Pending::Access { .. } => 1,
                Pending::Choose { options, .. } => options,
                Pending::Finished => 0,
            };
            moves.extend((0..options).map(|option| Move { thread, option }));
        }
    }

    /// Whether the thread's last step ended a round of waiting.
    pub(crate) fn spun(&self, thread: usize) -> bool {
        self.state().actors[thread].spun
    }

    /// Writes down everything that the future depends on.
    pub(crate) fn key(&self, key: &mut Vec<u64>) {
        key.clear();
        let state = self.state();
        key.extend(&state.scene.cells);
        key.extend(&state.scene.notes);
        key.extend(&state.scene.rounds);
        for Actor {
            pending, history, ..
        } in &state.actors
        {
            match pending {
                Pending::Start => key.push(0),
                Pending::Finished => key.push(1),
                Pending::Choose { options, place } => {
                    key.extend([2, *options as u64]);
                    key.extend(place);
                }
                Pending::Access { intent, place } => {
                    key.extend([
                        3,
                        intent.cell.unwrap_or(usize::MAX) as u64,
                        intent.kind as u64,
                    ]);
                    key.extend(intent.operands);
                    key.extend(place);
                }
            }
            // The lengths keep different histories apart.
            key.push(history.choices.len() as u64);
            key.extend(&history.choices);
            key.push(history.results.len() as u64);
            key.extend(&history.results);
        }
    }

    // What a thread does.

    /// Runs a thread of the program from its first turn to its end.
    pub(crate) fn act(self: &Arc<Self>, thread: usize, body: impl FnOnce()) {
        ROLE.set(Some(Role::Acting(Arc::clone(self), thread)));
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            drop(self.wait(thread, self.state()));
            body();
        }));
        let mut state = self.state();
        state.actors[thread].pending = Pending::Finished;
        if let Err(payload) = ended {
            if payload.is::<Stop>() {
                return;
            }
            let message = message(payload.as_ref());
            state
                .fault
                .get_or_insert(Error::Panicked { thread, message });
        }
        if state.turn == Turn::Thread(thread) {
            state.turn = Turn::Director;
            self.director.notify_one();
        }
    }

    /// Gives the turn back at a point, and waits for the next.
    fn pause(&self, thread: usize, pending: Pending) -> MutexGuard<'_, State> {
        let mut state = self.state();
        state.actors[thread].pending = pending;
        if state.turn == Turn::Thread(thread) {
            state.turn = Turn::Director;
            drop(state);
            self.director.notify_one();
            state = self.state();
        }
        self.wait(thread, state)
    }

    /// Waits for the turn. Once the run is over it comes no more and the thread is unwound; a
    /// destructor that runs then goes on alone.
    fn wait<'a>(&self, thread: usize, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let mine = Turn::Thread(thread);
        let state = self.threads[thread]
            .wait_while(state, |state| {
                state.turn != mine && state.turn != Turn::Over
            })
            .unwrap_or_else(PoisonError::into_inner);
        if state.turn == Turn::Over && !thread::panicking() {
            drop(state);
            resume_unwind(Box::new(Stop));
        }
        state
    }

    #[track_caller]
    pub(crate) fn choose(&self, thread: usize, options: usize) -> usize {
        let place = place(Location::caller());
        let mut state = self.pause(thread, Pending::Choose { options, place });
        let actor = &mut state.actors[thread];
        let picked = actor.picked;
        actor.deed = Some(Deed::Chose(picked));
        actor.history.choices.push(picked as u64);
        picked
    }

    pub(crate) fn note(&self, thread: usize, note: u64) {
        self.state().scene.notes[thread] = note;
    }

    pub(crate) fn forget(&self, thread: usize) {
        let mut state = self.state();
        state.scene.rounds[thread] = 0;
        state.actors[thread].history = History::default();
    }
}

/// Numbers a cell that is being made.
pub(crate) fn enrol(value: u64) -> Option<usize> {
    match role()? {
        Role::Preparing(stage) => {
            let cells = &mut stage.state().scene.cells;
            cells.push(value);
            Some(cells.len() - 1)
        }
        // Its number would depend on the schedule; the first access will complain.
        Role::Acting(..) => None,
    }
}

/// Waits for the turn, then lets `operate` do what was announced. It returns the result, what the
/// cell held before and holds after, and whether it was carried out. Outside of a run it does so at
/// once.
#[track_caller]
pub(crate) fn access<R>(intent: Intent, operate: impl FnOnce() -> (R, [u64; 2], bool)) -> R {
    let Some(Role::Acting(stage, thread)) = role() else {
        return operate().0;
    };
    let place = place(Location::caller());
    let mut state = stage.pause(thread, Pending::Access { intent, place });
    let (result, [before, after], succeeded) = operate();
    let Some(cell) = intent.cell else {
        state.fault.get_or_insert(Error::StrangeCell { thread });
        return result;
    };
    state.scene.cells[cell] = after;
    let actor = &mut state.actors[thread];
    actor.deed = Some(Deed::Accessed(Access {
        cell,
        kind: intent.kind,
        before,
        after,
        succeeded,
    }));
    // A store tells the thread nothing.
    if intent.kind != Kind::Store {
        actor.history.results.extend([before, u64::from(succeeded)]);
    }
    result
}

/// Ends a round of waiting: of what the thread saw in it only the number of rounds is left.
pub(crate) fn end_round() {
    if let Some(Role::Acting(stage, thread)) = role() {
        let mut state = stage.state();
        state.scene.rounds[thread] = state.max_rounds.min(state.scene.rounds[thread] + 1);
        state.actors[thread].spun = true;
        state.actors[thread].history.results.clear();
    }
}

fn place(location: &Location<'_>) -> Place {
    // FNV-1a
    let file = location
        .file()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    [
        file,
        u64::from(location.line()),
        u64::from(location.column()),
    ]
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_default()
}
