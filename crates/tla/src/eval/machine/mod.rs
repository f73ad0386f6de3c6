//! The machine that runs compiled code: values of expressions, successors of states.
//!
//! A [`Machine`] belongs to one thread. It holds the state at hand, the next state as far as it is
//! made, and a stack of slots in frames (see [`super::code`]). Recursion of the specification is
//! recursion of the machine, kept within the stack by a [`StackLimit`].

mod action;
mod assign;
mod bound;
mod call;
mod captured;
mod closure;
mod compose;
mod context;
mod except;
mod expr;
mod for_all;
mod force;
mod formula;
mod found;
mod kept;
mod known_members;
mod membership;
mod memo;
mod operand;
mod output;
mod quantify;
mod random;
mod registers;
mod sets;
mod slots;

use std::cell::Cell;
use std::sync::OnceLock;

use super::code::{CellId, Program};
use super::error::{ErrorKind, EvalError};
use super::model::Model;
use crate::control::Control;
use crate::control::Progress;
use crate::source::Span;
use crate::stack::StackLimit;
use crate::symbol::Symbol;
use crate::value::{Problem, Value, ValueError};

use action::Step;
pub use bound::Bound;
pub use output::Output;
use registers::Registers;
pub use registers::SharedRegisters;
use slots::{Slot, Thunk};

/// What evaluation gives when it fails.
pub type Fault = Box<EvalError>;

/// How many steps of evaluation go by between two looks at the [`Control`].
const STEPS_BETWEEN_POLLS: u32 = 1_024;

/// Characters of a value that an error message shows.
const SHOWN_CHARACTERS: usize = 300;

/// What the machines of one run of a model share.
#[derive(Debug)]
pub struct Shared {
    /// The constants' values, each computed on first use.
    cells: Box<[OnceLock<Result<Value, Fault>>]>,
    /// Whether any closure was ever left unevaluated: until then values need no second look.
    has_deferred: std::sync::atomic::AtomicBool,
    /// What `Print` and `PrintT` gave.
    pub output: Output,
    /// `TLCSet` before the search.
    pub registers: SharedRegisters,
    /// Seed of `RandomElement` and the like.
    pub seed: u64,
}

impl Shared {
    /// For a run of a program.
    #[must_use]
    pub fn new(program: &Program, seed: u64) -> Shared {
        Shared {
            cells: program.cells.iter().map(|_| OnceLock::new()).collect(),
            has_deferred: std::sync::atomic::AtomicBool::new(false),
            output: Output::default(),
            registers: SharedRegisters::default(),
            seed,
        }
    }
}

/// Where variables are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// No state: constants only.
    Constant,
    /// Variables from the present state, primed ones from the next.
    Action,
    /// Under a prime: variables from the next state.
    Primed,
    /// An initial predicate: variables from the state being made.
    Initial,
}

/// The action whose code is being run.
#[derive(Debug, Clone, Copy)]
struct CurrentAction<'m> {
    action: u32,
    arguments: &'m [(Symbol, super::code::Local)],
    base: usize,
}

/// Evaluates code for one thread.
#[derive(Debug)]
pub struct Machine<'m> {
    model: &'m Model,
    program: &'m Program,
    shared: &'m Shared,
    control: &'m Control,

    slots: Vec<Slot>,
    thunks: Vec<Thunk<'m>>,
    /// What names were bound to before `LET` bound them.
    saved: Vec<Slot>,
    /// First slot of the frame that runs.
    base: usize,

    state: Vec<Value>,
    next: Vec<Option<Value>>,
    /// Variables without a value in `next`.
    missing: usize,
    mode: Mode,
    /// The last state that a closure took with it.
    context: Option<std::sync::Arc<captured::Context>>,
    action: Option<CurrentAction<'m>>,
    /// Whether successors come with the arguments of their actions.
    wants_arguments: bool,

    /// Says which contents `state` and `next` have: equal numbers mean equal contents.
    state_epoch: u64,
    next_epoch: u64,
    last_epoch: u64,
    /// Reads of variables so far: what a thunk depends on is seen by the difference.
    state_reads: Cell<u64>,
    next_reads: Cell<u64>,

    stack: StackLimit,
    steps: u32,
    cells_busy: Box<[bool]>,
    /// Values per state, by the number of the part.
    memos: Box<[Option<memo::Memo>]>,
    kept: kept::KeptValues,
    known_members: known_members::KnownMembers,
    registers: Registers,
    random: random::Random,
    progress: Progress,
    counts: Vec<u64>,
}

/// A failed operation on values, as an error at a place.
#[cold]
fn value_fault(error: ValueError, span: Span) -> Fault {
    EvalError::new(ErrorKind::Value(error), span)
}

/// A value for a message, bounded in length.
#[cold]
fn shown(value: &Value) -> Box<str> {
    value.display(SHOWN_CHARACTERS).to_string().into()
}

/// Whether an operation only failed because a value is not computed yet.
fn is_deferred(error: &ValueError) -> bool {
    matches!(error.problem(), Problem::Deferred)
}

impl<'m> Machine<'m> {
    /// A machine for the present thread, which must have a stack of [`crate::stack::STACK_BYTES`].
    #[must_use]
    pub fn new(model: &'m Model, shared: &'m Shared, control: &'m Control) -> Machine<'m> {
        let program = &model.program;
        let variables = program.variables.len();
        control.heed();
        model.ranks.take_effect();
        Machine {
            model,
            program,
            shared,
            control,
            slots: Vec::new(),
            thunks: Vec::new(),
            saved: Vec::new(),
            base: 0,
            state: Vec::new(),
            next: vec![None; variables],
            missing: variables,
            mode: Mode::Constant,
            context: None,
            action: None,
            wants_arguments: true,
            state_epoch: 0,
            next_epoch: 0,
            last_epoch: 0,
            state_reads: Cell::new(0),
            next_reads: Cell::new(0),
            stack: StackLimit::here(),
            steps: 0,
            cells_busy: vec![false; program.cells.len()].into(),
            memos: (0..program.memos).map(|_| None).collect(),
            kept: kept::KeptValues::new(program.memos),
            known_members: known_members::KnownMembers::default(),
            registers: Registers::default(),
            random: random::Random::new(shared.seed),
            progress: Progress::default(),
            counts: Vec::new(),
        }
    }

    /// How often each counted piece of code ran, by its number in `Op::Count`.
    #[must_use]
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Tells `TLCGet` what to answer.
    pub fn set_progress(&mut self, progress: Progress) {
        self.progress = progress;
    }

    /// What [`Machine::set_progress`] was last told.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Counts a step of evaluation and looks now and then whether to go on.
    #[inline]
    fn step(&mut self, span: Span) -> Result<(), Fault> {
        self.steps += 1;
        if self.steps >= STEPS_BETWEEN_POLLS {
            return self.poll(span);
        }
        Ok(())
    }

    #[inline(never)]
    fn poll(&mut self, span: Span) -> Result<(), Fault> {
        self.steps = 0;
        match self.control.stopped() {
            Some(reason) => Err(EvalError::new(ErrorKind::Stopped(reason), span)),
            None => Ok(()),
        }
    }

    /// Counts a step that goes deeper.
    #[inline]
    fn descend(&mut self, span: Span) -> Result<(), Fault> {
        if !self.stack.has_room() {
            return Err(EvalError::new(ErrorKind::StackExhausted, span));
        }
        self.step(span)
    }

    /// A number for contents of `state` or `next` that were not there before.
    fn fresh_epoch(&mut self) -> u64 {
        self.last_epoch += 1;
        self.last_epoch
    }

    /// The value of a constant.
    #[inline]
    fn cell(&mut self, id: CellId, span: Span) -> Result<&'m Value, Fault> {
        match self.shared.cells.get(id.0 as usize).and_then(OnceLock::get) {
            Some(Ok(value)) => Ok(value),
            _ => self.fill_cell(id, span),
        }
    }

    #[inline(never)]
    fn fill_cell(&mut self, id: CellId, span: Span) -> Result<&'m Value, Fault> {
        let index = id.0 as usize;
        let (Some(lock), Some(entry)) =
            (self.shared.cells.get(index), self.program.cells.get(index))
        else {
            return Err(broken(span));
        };
        if lock.get().is_none() {
            if std::mem::replace(&mut self.cells_busy[index], true) {
                return Err(EvalError::new(ErrorKind::Circular, span));
            }
            self.descend(span)?;
            let mode = std::mem::replace(&mut self.mode, Mode::Constant);
            let result = self.in_entry(entry.frame_size, |machine| machine.eval(&entry.body));
            self.mode = mode;
            self.cells_busy[index] = false;
            match result {
                // Says nothing about the constant: the next one to ask shall try again.
                Err(fault) if fault.is_resource() => return Err(fault),
                // Another thread may have been faster, with the same value.
                result => drop(lock.set(result)),
            }
        }
        match lock.get() {
            Some(Ok(value)) => Ok(value),
            Some(Err(fault)) => Err(fault.clone()),
            None => Err(broken(span)),
        }
    }

    /// Makes `state` the present state and forgets the next one. Most of it is often there already:
    /// an invariant is evaluated in the state of the one before, a successor shares what did not
    /// change. Values that stay are not touched, as other threads may hold them too.
    fn set_state(&mut self, state: &[Value]) {
        let mut same = self.state.len() == state.len();
        if same {
            for (own, value) in self.state.iter_mut().zip(state) {
                if !own.is_identical(value) {
                    *own = value.clone();
                    same = false;
                }
            }
        } else {
            self.state.clear();
            self.state.extend_from_slice(state);
        }
        if !same {
            self.state_epoch = self.fresh_epoch();
        }
        self.clear_next();
        self.mode = Mode::Action;
    }

    /// Forgets the present state.
    fn no_state(&mut self, mode: Mode) {
        self.state.clear();
        self.state_epoch = self.fresh_epoch();
        self.clear_next();
        self.mode = mode;
    }

    fn clear_next(&mut self) {
        if self.missing < self.next.len() {
            self.next.fill(None);
        }
        self.missing = self.next.len();
        self.next_epoch = self.fresh_epoch();
    }

    fn set_next(&mut self, state: &[Value]) {
        for (slot, value) in self.next.iter_mut().zip(state) {
            *slot = Some(value.clone());
        }
        self.missing = 0;
        self.next_epoch = self.fresh_epoch();
    }

    /// Starts over after whatever the last evaluation left.
    fn reset(&mut self) {
        self.slots.clear();
        self.thunks.clear();
        self.saved.clear();
        self.base = 0;
        self.action = None;
        self.steps = 0;
        self.stack = StackLimit::here();
        self.cells_busy.fill(false);
    }

    /// Starts an evaluation outside of any state.
    fn begin_constant(&mut self) {
        self.reset();
        self.no_state(Mode::Constant);
    }

    /// Starts an evaluation in a state, or of a step.
    fn begin(&mut self, from: &[Value], to: Option<&[Value]>) {
        self.reset();
        self.set_state(from);
        if let Some(to) = to {
            self.set_next(to);
        }
    }

    /// The value of a constant expression.
    ///
    /// # Errors
    /// When it cannot be evaluated.
    pub fn constant(&mut self, entry: &'m super::code::Entry) -> Result<Value, Fault> {
        self.begin_constant();
        self.in_entry(entry.frame_size, |machine| machine.eval_final(&entry.body))
    }

    /// Whether a constant formula is true.
    ///
    /// # Errors
    /// When it cannot be evaluated to a Boolean.
    pub fn holds(&mut self, entry: &'m super::code::Entry) -> Result<bool, Fault> {
        self.begin_constant();
        self.in_entry(entry.frame_size, |machine| machine.eval_bool(&entry.body))
    }

    /// Whether a formula is true in a state.
    ///
    /// # Errors
    /// When it cannot be evaluated to a Boolean.
    pub fn holds_in(
        &mut self,
        entry: &'m super::code::Entry,
        state: &[Value],
    ) -> Result<bool, Fault> {
        self.begin(state, None);
        self.in_entry(entry.frame_size, |machine| machine.eval_bool(&entry.body))
    }

    /// Whether a formula is true of a step.
    ///
    /// # Errors
    /// When it cannot be evaluated to a Boolean.
    pub fn holds_of(
        &mut self,
        entry: &'m super::code::Entry,
        from: &[Value],
        to: &[Value],
    ) -> Result<bool, Fault> {
        self.begin(from, Some(to));
        self.in_entry(entry.frame_size, |machine| machine.eval_bool(&entry.body))
    }

    /// The value of an expression in a state.
    ///
    /// # Errors
    /// When it cannot be evaluated.
    pub fn value_in(
        &mut self,
        entry: &'m super::code::Entry,
        state: &[Value],
    ) -> Result<Value, Fault> {
        self.begin(state, None);
        self.in_entry(entry.frame_size, |machine| machine.eval_final(&entry.body))
    }

    /// The value of an expression for a step.
    ///
    /// # Errors
    /// When it cannot be evaluated.
    pub fn value_of(
        &mut self,
        entry: &'m super::code::Entry,
        from: &[Value],
        to: &[Value],
    ) -> Result<Value, Fault> {
        self.begin(from, Some(to));
        self.in_entry(entry.frame_size, |machine| machine.eval_final(&entry.body))
    }

    /// An expression's value with nothing left to be computed.
    fn eval_final(&mut self, code: &'m super::code::Code) -> Result<Value, Fault> {
        let value = self.eval(code)?;
        self.forced(value, code.span)
    }
}

/// Code that does not fit its program: the compiler never makes any.
#[cold]
fn broken(span: Span) -> Fault {
    EvalError::new(
        ErrorKind::Unsupported("the compiled code is damaged".into()),
        span,
    )
}

#[cfg(test)]
mod tests;
