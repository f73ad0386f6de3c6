//! Systems whose states are numbers, for tests.

use std::fmt;
use std::ops::ControlFlow;

use super::system::{ActionInfo, CheckInfo, System, Worker};
use crate::control::Progress;
use crate::source::{FileId, Span};
use crate::step::{ActionId, State, Successor};
use crate::symbol::Symbol;
use crate::value::Value;

pub(crate) type Check<A> = Box<dyn Fn(A) -> Result<bool, ToyError> + Sync>;
type Next = Box<dyn Fn(u32, &mut Vec<(u32, u32)>) -> Result<(), ToyError> + Sync>;

/// A system given by functions on numbers. A check of steps takes both states.
pub(crate) struct Toy {
    pub(crate) initial: Vec<u32>,
    /// Whether the initial predicate fails after the initial states.
    pub(crate) initial_error: bool,
    /// Appends action and target.
    pub(crate) next: Next,
    pub(crate) invariant: Check<u32>,
    pub(crate) initial_property: Check<u32>,
    pub(crate) action_property: Check<(u32, u32)>,
    pub(crate) constraint: Check<u32>,
    pub(crate) action_constraint: Check<(u32, u32)>,
    pub(crate) assumption: bool,
    pub(crate) postcondition: bool,
    pub(crate) deadlock: bool,
    /// States that have the same image are the same to the search.
    pub(crate) view: Box<dyn Fn(u32) -> u32 + Sync>,
    pub(crate) in_order: bool,
    variables: Vec<Symbol>,
    parameters: [Symbol; 1],
    actions: Vec<ActionInfo>,
    checks: [CheckInfo; 4],
    /// Asked by the initial and next-state functions whether to stop.
    pub(crate) interrupted: Box<dyn Fn() -> bool + Sync>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ToyError(pub(crate) &'static str);

impl fmt::Display for ToyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for ToyError {}

pub(crate) fn span(start: u32) -> Span {
    Span {
        file: FileId(0),
        start,
        end: start + 5,
    }
}

fn check(name: &str, start: u32) -> CheckInfo {
    CheckInfo {
        name: Symbol::new(name),
        span: span(start),
    }
}

impl Toy {
    /// A system in which everything holds, with two actions, `A` and `B`.
    pub(crate) fn new(
        initial: Vec<u32>,
        next: impl Fn(u32, &mut Vec<(u32, u32)>) -> Result<(), ToyError> + Sync + 'static,
    ) -> Toy {
        Toy {
            initial,
            initial_error: false,
            next: Box::new(next),
            invariant: Box::new(|_| Ok(true)),
            initial_property: Box::new(|_| Ok(true)),
            action_property: Box::new(|_| Ok(true)),
            constraint: Box::new(|_| Ok(true)),
            action_constraint: Box::new(|_| Ok(true)),
            assumption: true,
            postcondition: true,
            deadlock: false,
            view: Box::new(|state| state),
            in_order: false,
            variables: vec![Symbol::new("even"), Symbol::new("number")],
            parameters: [Symbol::new("to")],
            actions: ["A", "B"]
                .into_iter()
                .zip([10, 20])
                .map(|(name, start)| ActionInfo {
                    name: Symbol::new(name),
                    span: span(start),
                })
                .collect(),
            checks: [
                check("Assumption", 30),
                check("Inv", 40),
                check("Start", 50),
                check("Steps", 60),
            ],
            interrupted: Box::new(|| false),
        }
    }
}

/// The state that stands for a number: whether it is even, and itself.
pub(crate) fn encode(number: u32) -> State {
    State(Box::new([
        Value::Bool(number.is_multiple_of(2)),
        Value::Int(number.into()),
    ]))
}

/// The number a state stands for.
pub(crate) fn decode(state: &State) -> u32 {
    decode_values(state.0.iter())
}

/// The number that values stand for.
pub(crate) fn decode_values<'a>(mut values: impl Iterator<Item = &'a Value>) -> u32 {
    match values.nth(1) {
        Some(&Value::Int(number)) => u32::try_from(number).unwrap(),
        other => panic!("{other:?}"),
    }
}

pub(crate) struct ToyWorker<'a>(&'a Toy);

impl System for Toy {
    type Worker<'a> = ToyWorker<'a>;

    fn worker(&self) -> ToyWorker<'_> {
        ToyWorker(self)
    }

    fn variables(&self) -> &[Symbol] {
        &self.variables
    }

    fn actions(&self) -> &[ActionInfo] {
        &self.actions
    }

    fn assumptions(&self) -> &[CheckInfo] {
        &self.checks[..1]
    }

    fn invariants(&self) -> &[CheckInfo] {
        &self.checks[1..2]
    }

    fn initial_properties(&self) -> &[CheckInfo] {
        &self.checks[2..3]
    }

    fn action_properties(&self) -> &[CheckInfo] {
        &self.checks[3..]
    }

    fn parameters(&self, action: ActionId) -> &[Symbol] {
        // Only `B` has one.
        &self.parameters[..action.0 as usize]
    }

    fn checks_deadlock(&self) -> bool {
        self.deadlock
    }

    fn depends_on_order(&self) -> bool {
        self.in_order
    }
}

impl Worker for ToyWorker<'_> {
    type Error = ToyError;

    fn assumption(&mut self, _index: usize) -> Result<bool, ToyError> {
        Ok(self.0.assumption)
    }

    fn initial_states(
        &mut self,
        found: &mut dyn FnMut(State) -> ControlFlow<()>,
    ) -> Result<(), ToyError> {
        for &number in &self.0.initial {
            if (self.0.interrupted)() {
                return Err(ToyError("interrupted"));
            }
            if found(encode(number)).is_break() {
                return Ok(());
            }
        }
        if self.0.initial_error {
            return Err(ToyError("no more initial states"));
        }
        Ok(())
    }

    fn successors(&mut self, state: &State, found: &mut Vec<Successor>) -> Result<(), ToyError> {
        let from = decode(state);
        let mut steps = Vec::new();
        let result = (self.0.next)(from, &mut steps);
        for (action, to) in steps {
            if (self.0.interrupted)() {
                return Err(ToyError("interrupted"));
            }
            found.push(Successor {
                action: ActionId(action),
                arguments: Box::new([(Symbol::new("to"), Value::Int(to.into()))]),
                state: encode(to),
            });
        }
        result
    }

    fn within_constraints(&mut self, state: &State) -> Result<bool, ToyError> {
        (self.0.constraint)(decode(state))
    }

    fn step_within_constraints(&mut self, from: &State, to: &State) -> Result<bool, ToyError> {
        (self.0.action_constraint)((decode(from), decode(to)))
    }

    fn invariant(&mut self, _index: usize, state: &State) -> Result<bool, ToyError> {
        (self.0.invariant)(decode(state))
    }

    fn initial_property(&mut self, _index: usize, state: &State) -> Result<bool, ToyError> {
        (self.0.initial_property)(decode(state))
    }

    fn action_property(
        &mut self,
        _index: usize,
        from: &State,
        to: &State,
    ) -> Result<bool, ToyError> {
        (self.0.action_property)((decode(from), decode(to)))
    }

    fn fingerprint(&mut self, state: &State) -> Result<u64, ToyError> {
        Ok(u64::from((self.0.view)(decode(state))).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5555)
    }

    fn shown(
        &mut self,
        state: &State,
        _next: &State,
        _level: u32,
    ) -> Result<Vec<(Symbol, Value)>, ToyError> {
        Ok(self
            .0
            .variables
            .iter()
            .copied()
            .zip(state.0.iter().cloned())
            .collect())
    }

    fn set_progress(&mut self, _progress: Progress) {}

    fn places(_error: &ToyError) -> Vec<Span> {
        vec![span(70)]
    }

    fn postcondition(&mut self) -> Result<Option<usize>, ToyError> {
        Ok((!self.0.postcondition).then_some(0))
    }
}
