use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::ops::ControlFlow;

use crate::error::Error;
use crate::program::{Program, Schedule, Situation, perform};
use crate::step::{Move, Step};

/// Takes every step that is possible in every state that can be reached.
///
/// Threads cannot be copied, so states cannot be kept and gone back to. But the same moves lead to
/// the same state, so the explorer walks: it takes a move that it has not taken here before, and
/// where none is left it goes, along moves that it knows, to the nearest state that has one. Only if
/// no way leads there does it begin again. Every move that it repeats must lead where it led
/// before; if not, the states miss something that a thread carries, and that is an error.
#[derive(Debug, Clone, Copy)]
pub struct Every {
    /// More states than this are an error.
    pub max_states: usize,
}

/// What an exploration came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explored {
    /// Distinct states.
    pub states: usize,
    /// Distinct steps between them.
    pub steps: usize,
    /// How often the program was run from its beginning.
    pub runs: usize,
}

impl Default for Every {
    fn default() -> Self {
        Self {
            max_states: 1_000_000,
        }
    }
}

impl Every {
    /// Explores a program. Steps on the way to something new are told again.
    pub fn explore<P: Program>(
        &self,
        program: &P,
        mut seen: impl FnMut(&Step<'_>),
    ) -> Result<Explored, Error> {
        self.explore_within(program, |step| {
            seen(step);
            ControlFlow::Continue(())
        })
    }

    /// The same, but where `seen` breaks, what the step leads to is not explored. It must depend on
    /// nothing but the step.
    pub fn explore_within<P: Program>(
        &self,
        program: &P,
        mut seen: impl FnMut(&Step<'_>) -> ControlFlow<()>,
    ) -> Result<Explored, Error> {
        let mut walk = Walk::new(*self);
        let mut runs = 0;
        loop {
            let mut left = false;
            walk.begin();
            perform(program, &mut walk, |step| {
                let flow = seen(step);
                left = flow.is_break();
                flow
            })?;
            runs += 1;
            if left {
                walk.reach(BEYOND);
            }
            if let Some(fault) = walk.fault.take() {
                return Err(fault);
            }
            if walk.open == 0 {
                let steps = walk.states.iter().map(|state| state.moves.len()).sum();
                return Ok(Explored {
                    states: walk.states.len(),
                    steps,
                    runs,
                });
            }
        }
    }
}

type Id = usize;

/// Stands for all states that are not to be explored.
const BEYOND: Id = usize::MAX;

/// A state that was reached.
struct State {
    moves: Vec<Move>,
    /// Where the first of the moves lead; the others are yet to be taken.
    targets: Vec<Id>,
    /// The nearest open state is at least so far.
    bound: usize,
    met: Met,
}

/// When and how a search met a state.
#[derive(Default)]
struct Met {
    search: usize,
    depth: usize,
    /// The state before, and the number of the move that leads from there.
    from: (Id, usize),
}

impl State {
    fn new(moves: &[Move]) -> Self {
        Self {
            moves: moves.to_vec(),
            targets: Vec::new(),
            bound: 0,
            met: Met::default(),
        }
    }

    /// Whether there are moves yet to be taken.
    fn is_open(&self) -> bool {
        self.targets.len() < self.moves.len()
    }
}

struct Walk {
    settings: Every,
    ids: HashMap<Box<[u64]>, Id>,
    states: Vec<State>,
    /// Moves yet to be taken, in all states together.
    open: usize,
    /// The last state, and the number of the move that was taken from it.
    came: Option<(Id, usize)>,
    /// Numbers of the moves to take next, the last one first.
    way: Vec<usize>,
    searches: usize,
    fault: Option<Error>,
}

impl Walk {
    fn new(settings: Every) -> Self {
        Self {
            settings,
            ids: HashMap::new(),
            states: Vec::new(),
            open: 0,
            came: None,
            way: Vec::new(),
            searches: 0,
            fault: None,
        }
    }

    fn begin(&mut self) {
        self.came = None;
        self.way.clear();
    }

    /// The state that the walk has come to, if nothing speaks against it.
    fn arrive(&mut self, key: &[u64], moves: &[Move]) -> Option<Id> {
        let id = match self.ids.get(key) {
            Some(&id) => id,
            None if self.states.len() == self.settings.max_states => {
                self.fault = Some(Error::TooManyStates(self.settings.max_states));
                return None;
            }
            None => {
                let id = self.states.len();
                self.ids.insert(key.into(), id);
                self.states.push(State::new(moves));
                self.open += moves.len();
                id
            }
        };
        self.reach(id).then_some(id)
    }

    /// Writes down where the last move led, if that agrees with what is known.
    fn reach(&mut self, id: Id) -> bool {
        let Some((from, number)) = self.came else {
            return true;
        };
        let state = &mut self.states[from];
        match state.targets.get(number) {
            None => {
                state.targets.push(id);
                self.open -= 1;
            }
            Some(&known) if known == id => {}
            Some(_) => {
                let thread = state.moves[number].thread;
                self.fault = Some(Error::Undetermined { thread });
                return false;
            }
        }
        true
    }

    /// Finds a shortest way to an open state.
    ///
    /// This is A* with what earlier searches have shown: how far the nearest open state is at least.
    /// That stays true, since a state that is new is farther than the open one that led to it.
    /// (Koenig and Likhachev, AAMAS 2005, call it Adaptive A*.)
    fn search(&mut self, start: Id) {
        self.searches += 1;
        let search = self.searches;
        self.states[start].met = Met {
            search,
            depth: 0,
            from: (start, 0),
        };
        let mut queue = BinaryHeap::from([(Reverse(self.states[start].bound), 0, Reverse(start))]);
        let mut passed: Vec<(Id, usize)> = Vec::new();
        while let Some((_, depth, Reverse(id))) = queue.pop() {
            if self.states[id].is_open() {
                self.find_way(start, id);
                for (id, before) in passed {
                    let bound = &mut self.states[id].bound;
                    *bound = (*bound).max(depth - before);
                }
                return;
            }
            if self.states[id].met.depth < depth {
                continue;
            }
            passed.push((id, depth));
            for number in 0..self.states[id].targets.len() {
                let target = self.states[id].targets[number];
                if target == BEYOND {
                    continue;
                }
                let depth = depth + 1;
                let State { met, bound, .. } = &mut self.states[target];
                if met.search < search || depth < met.depth {
                    *met = Met {
                        search,
                        depth,
                        from: (id, number),
                    };
                    queue.push((Reverse(depth + *bound), depth, Reverse(target)));
                }
            }
        }
    }

    /// The way that the search took, and an untaken move at its end.
    fn find_way(&mut self, start: Id, end: Id) {
        self.way.push(self.states[end].targets.len());
        let mut id = end;
        while id != start {
            let (from, number) = self.states[id].met.from;
            self.way.push(number);
            id = from;
        }
    }
}

impl Schedule for Walk {
    fn next(&mut self, situation: &Situation<'_>) -> Option<Move> {
        let id = self.arrive(situation.key, situation.moves)?;
        if self.way.is_empty() {
            self.search(id);
        }
        let number = self.way.pop()?;
        self.came = Some((id, number));
        self.states[id].moves.get(number).copied()
    }

    fn ended(&mut self, key: &[u64]) {
        self.arrive(key, &[]);
    }
}
