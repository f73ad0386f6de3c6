//! The compiler: resolved expressions become [`Code`].
//!
//! Definitions are compiled when something first refers to them, once for each instance they are
//! used in, through a queue: recursion here is as deep as one expression nests, never as deep as
//! definitions refer to each other. Then passes over the finished code decide what needs all of
//! it: which constant parts are computed once ([`constants`]), which operands are passed as values
//! ([`operands`]), what closures carry with them ([`captures`]).

mod actions;
mod binders;
mod calls;
mod captures;
mod constants;
mod expressions;
mod formulas;
mod inputs;
mod instances;
mod lets;
mod levels;
mod memos;
mod operands;
mod operators;
mod scopes;
pub(super) mod walk;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet, VecDeque};

pub(super) use self::constants::called;
pub(super) use self::formulas::{Conjunct, Purpose};
pub(super) use self::scopes::{FrameId, Scope};

use self::actions::Naming;
use self::instances::{InstanceId, Instances};
use self::scopes::{Binding, Frames, Name, Names, Place};
use super::code::{
    Closure, ClosureId, Code, Entry, Local, Op, Operand, Program, Routine, RoutineId, VariableIndex,
};
use super::formula::Formula;
use super::model::Action;
use crate::source::Span;
use crate::spec::{Bound, Builtin, ConstantId, DefinitionId, Expr, Level, Spec, VariableId};
use crate::symbol::Symbol;
use crate::value::Value;

/// What the configuration puts in the place of a constant or definition.
#[derive(Debug, Clone)]
pub(super) enum Replacement {
    /// A value.
    Value(Value),
    /// The values of an operator, as a function of its argument or the tuple of its arguments.
    Table(Value),
    /// A definition of the root module.
    Definition(DefinitionId),
}

/// All replacements a configuration makes.
#[derive(Debug, Default)]
pub(super) struct Bindings {
    /// Constants of the root module.
    pub(super) constants: HashMap<ConstantId, Replacement>,
    /// Definitions.
    pub(super) definitions: HashMap<DefinitionId, Replacement>,
    /// Which of the definitions are replaced in their own module, by `Op <- [M] Other`.
    pub(super) in_modules: HashSet<DefinitionId>,
}

impl Bindings {
    /// The replacement of a definition where an instance stands for it. `I!Op` is a definition of
    /// its own: replacing the `Op` that the root module extends leaves it as it is.
    fn through_instance(&self, of: DefinitionId) -> Option<&Replacement> {
        self.in_modules
            .contains(&of)
            .then(|| self.definitions.get(&of))
            .flatten()
    }
}

/// Identifies a routine, so that it is compiled once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum RoutineKey {
    /// A definition in an instance; one of a `LET` also by the list of names it stands in.
    Definition {
        definition: DefinitionId,
        instance: InstanceId,
        names: Option<u32>,
        /// Whether its body is split into actions.
        split: bool,
    },
    /// The replacement of a variable.
    Variable(InstanceId, VariableId),
    /// The replacement of a constant.
    Constant(InstanceId, ConstantId),
    /// A constant operator whose values the configuration lists.
    Table(ConstantId),
    /// A built-in operator as an operand.
    Builtin(Builtin),
    /// `/\` as an operand.
    And,
    /// `\/` as an operand.
    Or,
    /// One `LAMBDA` at one place.
    Lambda(u32),
}

/// A routine that is to be compiled.
struct Written<'s> {
    name: Symbol,
    params: u32,
    source: Source<'s>,
    scope: Scope<'s>,
    span: Span,
}

/// What the body of a routine comes from.
enum Source<'s> {
    /// An expression.
    Expr(&'s Expr),
    /// An expression that is split into actions.
    Split(&'s Expr, Naming),
    /// `f[x \in S] == e`
    Function(DefinitionId, &'s [Bound], &'s Expr),
    /// Code made on the spot.
    Op(Op),
}

/// A piece of code that the model keeps: handed out when all is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RootId(usize);

#[derive(Debug)]
struct Root {
    frame: FrameId,
    code: Code,
}

/// Turns a specification into code.
pub(super) struct Compiler<'s> {
    spec: &'s Spec,
    bindings: &'s Bindings,
    coverage: bool,
    variables: HashMap<VariableId, VariableIndex>,
    frames: Frames,
    instances: Instances<'s>,
    lists: u32,
    lambdas: u32,
    known: HashMap<RoutineKey, RoutineId>,
    queue: VecDeque<(RoutineId, Written<'s>)>,
    routines: Vec<Option<Routine>>,
    routine_frames: Vec<FrameId>,
    closures: Vec<Option<Closure>>,
    closure_frames: Vec<FrameId>,
    roots: Vec<Root>,
    /// Slots that always hold a value, never a thunk.
    values: HashSet<Place>,
    actions: Vec<Action>,
    action_ids: HashMap<(Symbol, Span), u32>,
    counted: Vec<Span>,
}

/// Everything compiled.
pub(super) struct Compiled {
    /// The code that is shared.
    pub(super) program: Program,
    /// Parts of the next-state relation.
    pub(super) actions: Vec<Action>,
    /// What [`Op::Count`] counts.
    pub(super) counted: Vec<Span>,
    roots: Vec<Option<Entry>>,
    frame_sizes: Vec<u32>,
}

impl Compiled {
    /// A root as an entry of its own.
    pub(super) fn entry(&mut self, root: RootId) -> Option<Entry> {
        self.roots.get_mut(root.0).and_then(Option::take)
    }

    /// A formula with the code of its parts, and the size of the frame they share.
    pub(super) fn formula(
        &mut self,
        formula: Formula<RootId>,
        frame: FrameId,
    ) -> (Formula<Code>, u32) {
        let size = self.frame_sizes[frame.0 as usize];
        let formula = formula.map(&mut |root| match self.entry(root) {
            Some(entry) => entry.body,
            None => Code {
                op: instances::unsupported("code that was handed out before"),
                span: super::model::nowhere(),
            },
        });
        (formula, size)
    }
}

impl<'s> Compiler<'s> {
    /// A compiler of a specification under a configuration.
    pub(super) fn new(spec: &'s Spec, bindings: &'s Bindings, coverage: bool) -> Compiler<'s> {
        let root = spec.root.map(|root| spec.module(root));
        let variables = root
            .map(|root| root.variables.as_slice())
            .unwrap_or_default()
            .iter()
            .enumerate()
            .map(|(at, &id)| (id, index(at)))
            .collect();
        Compiler {
            spec,
            bindings,
            coverage,
            variables,
            frames: Frames::default(),
            instances: Instances::new(),
            lists: 0,
            lambdas: 0,
            known: HashMap::new(),
            queue: VecDeque::new(),
            routines: Vec::new(),
            routine_frames: Vec::new(),
            closures: Vec::new(),
            closure_frames: Vec::new(),
            roots: Vec::new(),
            values: HashSet::new(),
            actions: Vec::new(),
            action_ids: HashMap::new(),
            counted: Vec::new(),
        }
    }

    /// The scope of the root module with a fresh frame.
    pub(super) fn root_scope(&mut self) -> Scope<'s> {
        Scope {
            names: None,
            instance: InstanceId::ROOT,
            frame: self.frames.push(None),
            at: None,
        }
    }

    /// The use of a definition of the root module without parameters.
    pub(super) fn use_definition(&mut self, id: DefinitionId, scope: &Scope<'s>) -> Code {
        let span = self.spec.definition(id).body_span;
        Code {
            op: self.apply(id, scope, &[], span, scope),
            span,
        }
    }

    /// The use of a definition of the root module on the values that will be in the first slots of a
    /// frame, as many as it has parameters.
    pub(super) fn use_on_slots(&mut self, id: DefinitionId, scope: &Scope<'s>) -> Code {
        let definition = self.spec.definition(id);
        let span = definition.body_span;
        let (routine, _) = self.defined(id, scope, false);
        let places: Vec<_> = definition
            .params
            .iter()
            .map(|_| self.value_slot(scope.frame))
            .collect();
        let operands = places
            .into_iter()
            .map(|place| {
                let op = self.read(place, scope);
                Operand::Eager(Code { op, span })
            })
            .collect();
        Code {
            op: self.call(routine, operands, scope),
            span,
        }
    }

    /// The level of a definition of the root module without parameters, as it is configured.
    pub(super) fn definition_level(&self, id: DefinitionId) -> Level {
        match self.bindings.definitions.get(&id) {
            Some(Replacement::Definition(other)) => self.spec.definition(*other).level,
            Some(Replacement::Value(_) | Replacement::Table(_)) => Level::Constant,
            None => self.spec.definition(id).level,
        }
    }

    /// Keeps code for the model.
    pub(super) fn root(&mut self, code: Code, scope: &Scope<'s>) -> RootId {
        let id = RootId(self.roots.len());
        self.roots.push(Root {
            frame: scope.frame,
            code,
        });
        id
    }

    /// Compiles what is still to be compiled and runs the passes.
    pub(super) fn finish(mut self) -> Compiled {
        while let Some((id, written)) = self.queue.pop_front() {
            let routine = self.write(written);
            self.routines[id.0 as usize] = Some(routine);
        }
        let names = self.spec.root.map(|root| {
            let variables = &self.spec.module(root).variables;
            let name = |&id| self.spec.variable(id).name;
            variables.iter().map(name).collect()
        });
        let mut unit = walk::Unit {
            routines: self.routines.into_iter().flatten().collect(),
            routine_frames: self.routine_frames,
            closures: self.closures.into_iter().flatten().collect(),
            closure_frames: self.closure_frames,
            cells: Vec::new(),
            cell_frames: Vec::new(),
            memos: 0,
            roots: self
                .roots
                .into_iter()
                .map(|root| (root.frame, root.code))
                .collect(),
            frames: self.frames,
            values: self.values,
        };
        lets::drop_unused(&mut unit);
        calls::lift(&mut unit);
        constants::fold_and_hoist(&mut unit);
        if !self.coverage {
            memos::place(&mut unit, self.variables.len());
        }
        operands::decide(&mut unit);
        captures::collect(&mut unit);
        unit.into_compiled(names.unwrap_or_default(), self.actions, self.counted)
    }

    /// Compiles the body of a routine.
    fn write(&mut self, written: Written<'s>) -> Routine {
        let Written {
            name,
            params,
            source,
            scope,
            span,
        } = written;
        let body = match source {
            Source::Expr(expr) => self.expression(expr, &scope),
            Source::Split(expr, naming) => self.split(expr, &scope, &naming),
            Source::Function(id, bounds, body) => Code {
                op: self.function_definition(id, bounds, body, span, &scope),
                span,
            },
            Source::Op(op) => Code { op, span },
        };
        Routine {
            name,
            params,
            // Set when all slots are known: nested code may still add some.
            frame_size: self.frames.size(scope.frame),
            body,
        }
    }

    /// The routine of a key, to be compiled later if it is new.
    fn routine(
        &mut self,
        key: RoutineKey,
        parent: Option<FrameId>,
        make: impl FnOnce(&mut Compiler<'s>, FrameId) -> Written<'s>,
    ) -> RoutineId {
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        let frame = self.frames.push(parent);
        let id = RoutineId(index(self.routines.len()));
        self.known.insert(key, id);
        self.routines.push(None);
        self.routine_frames.push(frame);
        let written = make(self, frame);
        self.queue.push_back((id, written));
        id
    }

    /// Binds names together.
    fn bind(&mut self, scope: &Scope<'s>, entries: Vec<(Name, Binding<'s>)>) -> Names<'s> {
        self.lists += 1;
        scopes::extend(&scope.names, self.lists, scope, entries)
    }

    /// A slot as seen from a scope's frame.
    fn local(&self, place: Place, scope: &Scope<'s>) -> Option<Local> {
        let depth = self.frames.distance(scope.frame, place.frame)?;
        Some(Local {
            depth,
            slot: place.slot,
        })
    }

    /// Code that reads a slot.
    fn read(&self, place: Place, scope: &Scope<'s>) -> Op {
        match self.local(place, scope) {
            Some(local) => Op::Local(local),
            None => instances::unsupported("a name that is out of reach here"),
        }
    }

    /// A slot that always holds a value.
    fn value_slot(&mut self, frame: FrameId) -> Place {
        let place = self.frames.slot(frame);
        self.values.insert(place);
        place
    }

    fn closure(&mut self, closure: Closure, scope: &Scope<'s>) -> ClosureId {
        let id = ClosureId(index(self.closures.len()));
        self.closures.push(Some(closure));
        self.closure_frames.push(scope.frame);
        id
    }

    /// The id of an action with this name and place.
    fn action(&mut self, name: Symbol, span: Span, parameters: &[Symbol]) -> u32 {
        let actions = &mut self.actions;
        *self.action_ids.entry((name, span)).or_insert_with(|| {
            actions.push(Action {
                name,
                span,
                parameters: parameters.into(),
            });
            index(actions.len() - 1)
        })
    }
}

/// An index into one of the tables, which never grow past what 32 bits count.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
