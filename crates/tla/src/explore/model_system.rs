//! A compiled model as a system to explore.

use std::ops::ControlFlow;
use std::sync::OnceLock;

use super::symmetry;
use super::{ActionId, ActionInfo, CheckInfo, Progress, State, Successor, System, Worker};
use crate::control::Control;
use crate::eval::error::{ErrorKind, EvalError};
use crate::eval::machine::{Fault, Machine, Shared};
use crate::eval::model::{Check, Model};
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::{Hasher, ImageHashes, Permutation, Value, ValueError};

/// A model with what its threads share.
#[derive(Debug)]
pub struct ModelSystem<'r> {
    model: &'r Model,
    control: &'r Control,
    shared: Shared,
    depends_on_order: bool,
    /// Whether states that symmetry or the view takes for the same are.
    reduces: bool,
    symmetry: OnceLock<Result<Vec<Permutation>, Fault>>,
    actions: Vec<ActionInfo>,
    assumptions: Vec<CheckInfo>,
    invariants: Vec<CheckInfo>,
    initial_properties: Vec<CheckInfo>,
    action_properties: Vec<CheckInfo>,
}

impl<'r> ModelSystem<'r> {
    /// A run of a model, which stops when `control` says so. The seed is that of `RandomElement`.
    #[must_use]
    pub fn new(model: &'r Model, control: &'r Control, seed: u64) -> ModelSystem<'r> {
        ModelSystem {
            model,
            control,
            shared: Shared::new(&model.program, seed),
            depends_on_order: model.depends_on_order(),
            reduces: true,
            symmetry: OnceLock::new(),
            actions: model
                .actions
                .iter()
                .map(|action| ActionInfo {
                    name: action.name,
                    span: action.span,
                })
                .collect(),
            assumptions: infos(&model.assumptions),
            invariants: infos(&model.invariants),
            initial_properties: infos(&model.initial_properties),
            action_properties: infos(&model.action_properties),
        }
    }

    /// The same, but states are told apart whatever the symmetry and the view of the model.
    #[must_use]
    pub fn without_reductions(mut self) -> ModelSystem<'r> {
        self.reduces = false;
        self
    }

    /// What the model's threads share, such as what they print.
    #[must_use]
    pub fn shared(&self) -> &Shared {
        &self.shared
    }
}

fn infos(checks: &[Check]) -> Vec<CheckInfo> {
    checks
        .iter()
        .map(|check| CheckInfo {
            name: check.name,
            span: check.span,
        })
        .collect()
}

impl System for ModelSystem<'_> {
    type Worker<'a>
        = ModelWorker<'a>
    where
        Self: 'a;

    fn worker(&self) -> ModelWorker<'_> {
        ModelWorker {
            model: self.model,
            machine: Machine::new(self.model, &self.shared, self.control),
            symmetry: &self.symmetry,
            reduces: self.reduces,
            images: ImageHashes::default(),
        }
    }

    fn variables(&self) -> &[Symbol] {
        &self.model.program.variables
    }

    fn actions(&self) -> &[ActionInfo] {
        &self.actions
    }

    fn assumptions(&self) -> &[CheckInfo] {
        &self.assumptions
    }

    fn invariants(&self) -> &[CheckInfo] {
        &self.invariants
    }

    fn initial_properties(&self) -> &[CheckInfo] {
        &self.initial_properties
    }

    fn action_properties(&self) -> &[CheckInfo] {
        &self.action_properties
    }

    fn checks_deadlock(&self) -> bool {
        self.model.check_deadlock
    }

    fn parameters(&self, action: ActionId) -> &[Symbol] {
        self.model
            .actions
            .get(action.0 as usize)
            .map_or(&[], |action| &action.parameters)
    }

    fn depends_on_order(&self) -> bool {
        self.depends_on_order
    }
}

/// Evaluates a model on one thread.
#[derive(Debug)]
pub struct ModelWorker<'a> {
    model: &'a Model,
    machine: Machine<'a>,
    symmetry: &'a OnceLock<Result<Vec<Permutation>, Fault>>,
    reduces: bool,
    images: ImageHashes,
}

impl<'a> ModelWorker<'a> {
    /// The machine, for what is not a check of the model.
    pub fn machine(&mut self) -> &mut Machine<'a> {
        &mut self.machine
    }

    /// The group of permutations, computed when it is first needed.
    fn group(&mut self) -> Result<&'a [Permutation], Fault> {
        if self.model.symmetry.is_empty() || !self.reduces {
            return Ok(&[]);
        }
        let group = match self.symmetry.get() {
            Some(group) => group,
            None => {
                let group = symmetry::group(&mut self.machine, &self.model.symmetry);
                self.symmetry.get_or_init(|| group)
            }
        };
        match group {
            Ok(group) => Ok(group),
            Err(fault) => Err(fault.clone()),
        }
    }

    /// A truth value, unless it is that of a claim that is false whatever the state.
    fn claimed(&self, check: &Check, holds: bool) -> Result<bool, Fault> {
        if !holds && self.model.constant_claims.contains(&check.name) {
            let kind = ErrorKind::FalseClaim { name: check.name };
            return Err(EvalError::new(kind, check.span));
        }
        Ok(holds)
    }

    fn view_fingerprint(&mut self, values: &[Value]) -> Result<u64, Fault> {
        let mut hasher = Hasher::new();
        if let Some(view) = self.model.view.as_ref().filter(|_| self.reduces) {
            let value = self.machine.value_in(&view.code, values)?;
            hasher.word(hash(&value, view.span)?);
        } else {
            for value in values {
                hasher.word(hash(value, self.model.init.body.span)?);
            }
        }
        Ok(hasher.finish())
    }
}

fn hash(value: &Value, span: Span) -> Result<u64, Fault> {
    value.fingerprint().map_err(|error| fault(error, span))
}

fn fault(error: ValueError, span: Span) -> Fault {
    EvalError::new(ErrorKind::Value(error), span)
}

/// A check by its index. An index that does not exist holds.
fn check(checks: &[Check], index: usize) -> Option<&Check> {
    checks.get(index)
}

impl Worker for ModelWorker<'_> {
    type Error = Fault;

    fn assumption(&mut self, index: usize) -> Result<bool, Fault> {
        check(&self.model.assumptions, index)
            .map_or(Ok(true), |check| self.machine.holds(&check.code))
    }

    fn initial_states(
        &mut self,
        found: &mut dyn FnMut(State) -> ControlFlow<()>,
    ) -> Result<(), Fault> {
        self.machine.initial_states(&self.model.init, found)
    }

    fn want_arguments(&mut self, wanted: bool) {
        self.machine.want_arguments(wanted);
    }

    fn successors(&mut self, state: &State, found: &mut Vec<Successor>) -> Result<(), Fault> {
        match &self.model.next {
            Some(next) => self.machine.successors(next, &state.0, found),
            None => Ok(()),
        }
    }

    fn within_constraints(&mut self, state: &State) -> Result<bool, Fault> {
        for constraint in &self.model.constraints {
            if !self.machine.holds_in(&constraint.code, &state.0)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn step_within_constraints(&mut self, from: &State, to: &State) -> Result<bool, Fault> {
        for constraint in &self.model.action_constraints {
            if !self.machine.holds_of(&constraint.code, &from.0, &to.0)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn invariant(&mut self, index: usize, state: &State) -> Result<bool, Fault> {
        check(&self.model.invariants, index).map_or(Ok(true), |check| {
            let holds = self.machine.holds_in(&check.code, &state.0)?;
            self.claimed(check, holds)
        })
    }

    fn initial_property(&mut self, index: usize, state: &State) -> Result<bool, Fault> {
        check(&self.model.initial_properties, index).map_or(Ok(true), |check| {
            let holds = self.machine.holds_in(&check.code, &state.0)?;
            self.claimed(check, holds)
        })
    }

    fn action_property(&mut self, index: usize, from: &State, to: &State) -> Result<bool, Fault> {
        check(&self.model.action_properties, index).map_or(Ok(true), |check| {
            self.machine.holds_of(&check.code, &from.0, &to.0)
        })
    }

    fn fingerprint(&mut self, state: &State) -> Result<u64, Fault> {
        let group = self.group()?;
        let fail = |error| fault(error, self.model.init.body.span);
        if group.is_empty() {
            return self.view_fingerprint(&state.0);
        }
        if self.model.view.is_none() {
            return symmetry::common_fingerprint(group, &state.0, &mut self.images).map_err(fail);
        }
        // TLC takes the view of the least image.
        let least = symmetry::least_image(group, &state.0).map_err(fail)?;
        self.view_fingerprint(least.as_deref().unwrap_or(&state.0))
    }

    fn shown(
        &mut self,
        state: &State,
        next: &State,
        level: u32,
    ) -> Result<Vec<(Symbol, Value)>, Fault> {
        let names = self.model.program.variables.iter();
        let variables = || names.copied().zip(state.0.iter().cloned()).collect();
        let Some(alias) = &self.model.alias else {
            return Ok(variables());
        };
        self.machine.set_progress(Progress {
            level,
            ..self.machine.progress()
        });
        let value = self.machine.value_of(&alias.code, &state.0, &next.0)?;
        let Value::Function(record) = &value else {
            return Ok(variables());
        };
        let mut fields = Vec::with_capacity(record.len());
        for (name, value) in record.pairs() {
            let Value::String(name) = name else {
                return Ok(variables());
            };
            fields.push((Symbol::new(name.as_str()), value.clone()));
        }
        Ok(fields)
    }

    fn set_progress(&mut self, progress: Progress) {
        self.machine.set_progress(progress);
    }

    fn postcondition(&mut self) -> Result<Option<usize>, Fault> {
        for (index, check) in self.model.postconditions.iter().enumerate() {
            if !self.machine.holds(&check.code)? {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }

    fn coverage(&self) -> Vec<(Span, u64)> {
        let counts = self.machine.counts().iter().copied();
        let counted = self.model.counted.iter().copied();
        counted.zip(counts.chain(std::iter::repeat(0))).collect()
    }

    fn is_refusal(error: &Fault) -> bool {
        error.is_refusal()
    }

    fn places(error: &Fault) -> Vec<Span> {
        let calls = error.calls.iter().map(|call| call.span);
        std::iter::once(error.span).chain(calls).collect()
    }
}
