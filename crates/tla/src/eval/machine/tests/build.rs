//! Code, programs and models for tests.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::control::Control;
use crate::eval::code::{
    Binder, Closure, ClosureId, ClosureKind, Code, Entry, IntOperator, Local, Op, Operand, Program,
    Routine, RoutineId, Target,
};
use crate::eval::machine::{Fault, Machine, Shared};
use crate::eval::model::Model;
use crate::explore::{State, Successor};
use crate::source::{FileId, Span};
use crate::spec::Spec;
use crate::stack::with_deep_stack;
use crate::symbol::Symbol;
use crate::value::{Ranks, Value};

pub(super) const NOWHERE: Span = Span {
    file: FileId(0),
    start: 0,
    end: 0,
};

pub(super) fn code(op: Op) -> Code {
    Code { op, span: NOWHERE }
}

pub(super) fn int(number: i64) -> Code {
    code(Op::Value(Value::Int(number)))
}

pub(super) fn interval(low: i64, high: i64) -> Code {
    code(Op::Value(Value::interval(low, high).unwrap()))
}

pub(super) fn variable(index: u32) -> Code {
    code(Op::Variable(index))
}

pub(super) fn primed(index: u32) -> Code {
    code(Op::Primed(index))
}

pub(super) fn local(slot: u32) -> Code {
    outer(0, slot)
}

pub(super) fn outer(depth: u32, slot: u32) -> Code {
    code(Op::Local(Local { depth, slot }))
}

pub(super) fn pair(left: Code, right: Code) -> Box<[Code; 2]> {
    Box::new([left, right])
}

pub(super) fn equal(left: Code, right: Code) -> Code {
    code(Op::Equal(pair(left, right)))
}

pub(super) fn add(left: Code, right: Code) -> Code {
    code(Op::Int(IntOperator::Add, pair(left, right)))
}

pub(super) fn and(parts: Vec<Code>) -> Code {
    code(Op::And(parts.into()))
}

pub(super) fn or(parts: Vec<Code>) -> Code {
    code(Op::Or(parts.into()))
}

pub(super) fn is_in(element: Code, set: Code) -> Code {
    code(Op::In(pair(element, set)))
}

pub(super) fn if_else(condition: Code, positive: Code, negative: Code) -> Code {
    code(Op::If(Box::new([condition, positive, negative])))
}

pub(super) fn apply(function: Code, argument: Code) -> Code {
    code(Op::FnApply(pair(function, argument)))
}

pub(super) fn bind(slots: &[u32], domain: Code) -> Binder {
    Binder {
        targets: slots.iter().map(|slot| Target::Slot(*slot)).collect(),
        domain,
    }
}

pub(super) fn quantified(for_all: bool, binders: Vec<Binder>, body: Code) -> Code {
    code(Op::Quantified {
        for_all,
        binders: binders.into(),
        body: Box::new(body),
    })
}

pub(super) fn call(routine: u32, operands: Vec<Operand>) -> Code {
    code(Op::Call(RoutineId(routine), operands.into()))
}

/// Code that must not be evaluated.
pub(super) fn never() -> Code {
    code(Op::Unsupported("was evaluated".into()))
}

pub(super) fn routine(params: u32, frame_size: u32, body: Code) -> Routine {
    Routine {
        name: Symbol::new("Op"),
        params,
        frame_size,
        body,
    }
}

/// A program being built.
#[derive(Default)]
pub(super) struct Setting {
    pub(super) program: Program,
}

impl Setting {
    pub(super) fn with_variables(names: &[&str]) -> Setting {
        let mut setting = Setting::default();
        setting.program.variables = names.iter().map(|name| Symbol::new(name)).collect();
        setting
    }

    pub(super) fn routine(&mut self, routine: Routine) -> u32 {
        self.program.routines.push(routine);
        u32::try_from(self.program.routines.len() - 1).unwrap()
    }

    /// A closure over one name, in slot 0.
    pub(super) fn closure(&mut self, kind: ClosureKind, domain: Code, body: Code) -> Code {
        self.program.closures.push(Closure {
            kind,
            binders: [bind(&[0], domain)].into(),
            body,
            filters_a_lazy_set: false,
            captures: [crate::eval::code::Capture {
                frame_size: FRAME,
                slots: Box::default(),
            }]
            .into(),
            span: NOWHERE,
        });
        let id = u32::try_from(self.program.closures.len() - 1).unwrap();
        code(Op::Closure(ClosureId(id)))
    }

    fn model(self, body: Code) -> Model {
        let entry = |body| Entry {
            frame_size: FRAME,
            body,
        };
        Model {
            spec: Arc::new(Spec::default()),
            program: self.program,
            init: entry(code(Op::Value(Value::Bool(true)))),
            next: Some(entry(body)),
            assumptions: Vec::new(),
            actions: Vec::new(),
            interface: None,
            invariants: Vec::new(),
            initial_properties: Vec::new(),
            action_properties: Vec::new(),
            temporal_properties: Vec::new(),
            fairness: Vec::new(),
            constraints: Vec::new(),
            action_constraints: Vec::new(),
            view: None,
            alias: None,
            constant_claims: Vec::new(),
            data: crate::data::DataFolder::default(),
            postconditions: Vec::new(),
            symmetry: Vec::new(),
            ranks: Ranks::default(),
            counted: Vec::new(),
            warnings: Vec::new(),
            check_deadlock: true,
        }
    }

    pub(super) fn run_controlled<R: Send>(
        self,
        body: Code,
        control: &Control,
        run: impl for<'m> FnOnce(&mut Machine<'m>, &'m Entry) -> R + Send,
    ) -> R {
        let model = self.model(body);
        let shared = Shared::new(&model.program, 0);
        with_deep_stack(|| {
            let mut machine = Machine::new(&model, &shared, control);
            run(&mut machine, model.next.as_ref().unwrap())
        })
        .unwrap()
    }
}

/// Slots of the frame that tested code runs in.
pub(super) const FRAME: u32 = 4;

impl Setting {
    /// The value of constant code.
    pub(super) fn value(self, body: Code) -> Result<Value, Fault> {
        self.run_controlled(body, &Control::new(), |machine, entry| {
            machine.constant(entry)
        })
    }

    /// The successors of a state, each as text; those found before an error, and the error.
    pub(super) fn successors(self, state: &[i64], body: Code) -> (Vec<String>, Option<String>) {
        let state: Vec<Value> = state.iter().map(|&number| Value::Int(number)).collect();
        self.run_controlled(body, &Control::new(), |machine, entry| {
            let mut found: Vec<Successor> = Vec::new();
            let result = machine.successors(entry, &state, &mut found);
            let found = found.iter().map(|step| text(&step.state)).collect();
            (found, result.err().map(|fault| fault.to_string()))
        })
    }

    /// The states that satisfy an initial predicate.
    pub(super) fn initial(self, body: Code) -> Vec<String> {
        self.run_controlled(body, &Control::new(), |machine, entry| {
            let mut found = Vec::new();
            machine
                .initial_states(entry, &mut |state| {
                    found.push(text(&state));
                    ControlFlow::Continue(())
                })
                .unwrap();
            found
        })
    }

    /// Whether code is true of a step.
    pub(super) fn holds_of(self, from: &[i64], to: &[i64], body: Code) -> Result<bool, Fault> {
        let values = |numbers: &[i64]| -> Vec<Value> {
            numbers.iter().map(|&number| Value::Int(number)).collect()
        };
        let (from, to) = (values(from), values(to));
        self.run_controlled(body, &Control::new(), |machine, entry| {
            machine.holds_of(entry, &from, &to)
        })
    }
}

fn text(state: &State) -> String {
    let values: Vec<String> = state.0.iter().map(Value::to_string).collect();
    values.join(" ")
}
