//! Uses of definitions, parameters and operators.

use super::super::code::{Code, IntOperator, Op, Operand, Operator, RoutineId};
use super::expressions::{builtin_op, code};
use super::instances::{InstanceId, unsupported};
use super::scopes::{Binding, FrameId, Name, Names, Scope, find};
use super::walk::Unit;
use super::{Compiler, Replacement, RoutineKey, Source, Written};
use crate::native::{self, Native};
use crate::source::Span;
use crate::spec::{Arg, Body, DefinitionId, Expr, ExprKind, LocalId, OpArg};
use crate::symbol::Symbol;

/// A definition that standard modules give another form.
pub(super) enum Known {
    /// Arithmetic on integers.
    Int(IntOperator),
    /// A native operator.
    Native(Native),
}

impl<'s> Compiler<'s> {
    /// A definition with its arguments: named in `from`, the arguments written in `here`.
    pub(super) fn apply(
        &mut self,
        id: DefinitionId,
        from: &Scope<'s>,
        args: &'s [Arg],
        span: Span,
        here: &Scope<'s>,
    ) -> Op {
        if let Some((_, Binding::Place(place))) = find(&from.names, Name::Definition(id)) {
            return self.read(*place, here);
        }
        if let Some(replacement) = self.bindings.definitions.get(&id) {
            return self.configured(replacement, args, span, here);
        }
        self.apply_defined(id, from, args, span, here)
    }

    /// Like `apply` for a definition that an instance stands for.
    fn apply_original(
        &mut self,
        of: DefinitionId,
        inside: &Scope<'s>,
        args: &'s [Arg],
        span: Span,
        here: &Scope<'s>,
    ) -> Op {
        match self.bindings.through_instance(of) {
            Some(replacement) => self.configured(replacement, args, span, here),
            None => self.apply_defined(of, inside, args, span, here),
        }
    }

    /// Like `apply` for a definition that the configuration leaves alone.
    fn apply_defined(
        &mut self,
        id: DefinitionId,
        from: &Scope<'s>,
        args: &'s [Arg],
        span: Span,
        here: &Scope<'s>,
    ) -> Op {
        if let Some(known) = self.known(id) {
            let operands = self.operands(id, args, here);
            return known_op(&known, operands, span);
        }
        let definition = self.spec.definition(id);
        if let Body::Instance { of, substitution } = &definition.body {
            let replacements = self.spec.substitution(*substitution);
            if replacements.params.is_empty() {
                let inside = self.scope_of(id, from);
                let instance = self.instance(*substitution, &inside);
                let inside = Scope {
                    names: None,
                    instance,
                    frame: here.frame,
                    at: None,
                };
                return self.apply_original(*of, &inside, args, span, here);
            }
        }
        if definition.params.is_empty() {
            let alias = match &definition.body {
                Body::Expr(body) => match &*body.kind {
                    ExprKind::Variable(_) | ExprKind::Apply(..) | ExprKind::Constant(..) => {
                        self.plain_body(id, from)
                    }
                    _ => None,
                },
                Body::Function { .. } | Body::Instance { .. } => None,
            };
            if let Some((body, inside)) = alias
                && let Some(index) = self.as_variable(body, &inside)
            {
                return Op::Variable(index);
            }
        }
        let (routine, _) = self.defined(id, from, false);
        let operands = self.operands(id, args, here);
        self.call(routine, operands, here)
    }

    /// The routine of a definition named in `from`, with the frame it is nested in.
    pub(super) fn defined(
        &mut self,
        id: DefinitionId,
        from: &Scope<'s>,
        split: bool,
    ) -> (RoutineId, Option<FrameId>) {
        let definition = self.spec.definition(id);
        let list = find(&from.names, Name::Definition(id)).map(|(list, _)| list.clone());
        let (parent, instance, at) = match &list {
            Some(list) => (Some(list.frame), from.instance, list.at),
            None if self.spec.module(definition.module).standard => (None, InstanceId::ROOT, None),
            None => (self.instances.get(from.instance).home, from.instance, None),
        };
        let key = RoutineKey::Definition {
            definition: id,
            instance,
            names: list.as_ref().map(|list| list.id),
            split,
        };
        let routine = self.routine(key, parent, |compiler, frame| {
            compiler.written(id, list, instance, frame, at, split)
        });
        (routine, parent)
    }

    /// What the routine of a definition is made from.
    fn written(
        &mut self,
        id: DefinitionId,
        names: Names<'s>,
        instance: InstanceId,
        frame: FrameId,
        at: Option<super::scopes::Place>,
        split: bool,
    ) -> Written<'s> {
        let definition = self.spec.definition(id);
        let around = Scope {
            names,
            instance,
            frame,
            at,
        };
        let mut entries = Vec::with_capacity(definition.params.len());
        for &param in &definition.params {
            let place = self.frames.slot(frame);
            entries.push((Name::Local(param), Binding::Place(place)));
        }
        if let Body::Instance { substitution, .. } = &definition.body {
            // The replacements may name the instance's parameters by ids of their own.
            let own = &self.spec.substitution(*substitution).params;
            let bound: Vec<_> = own
                .iter()
                .zip(&entries)
                .map(|(&param, (_, binding))| (Name::Local(param), binding.clone()))
                .collect();
            entries.extend(bound);
        }
        let scope = if entries.is_empty() {
            around
        } else {
            around.with(self.bind(&around, entries))
        };
        let source = match &definition.body {
            Body::Expr(body) if split => {
                let naming = self.naming(id);
                Source::Split(body, naming)
            }
            Body::Expr(body) => Source::Expr(body),
            Body::Function { bounds, body } => Source::Function(id, bounds, body),
            Body::Instance { of, substitution } => {
                Source::Op(self.through_instance(id, *of, *substitution, &scope))
            }
        };
        Written {
            name: definition.name,
            params: super::index(definition.params.len()),
            source,
            scope,
            span: definition.body_span,
        }
    }

    /// The body of `I(p)!Op(a)`: the original, nested in the frame that holds `p`.
    fn through_instance(
        &mut self,
        id: DefinitionId,
        of: DefinitionId,
        substitution: crate::spec::SubstitutionId,
        scope: &Scope<'s>,
    ) -> Op {
        let span = self.spec.definition(id).body_span;
        let skipped = self.spec.substitution(substitution).params.len();
        let params = self.spec.definition(id).params.iter().skip(skipped);
        let mut operands = Vec::new();
        for &param in params {
            operands.push(self.own_param(param, span, scope));
        }
        let instance = self.instance(substitution, scope);
        let inside = Scope {
            names: None,
            instance,
            frame: scope.frame,
            at: None,
        };
        if let Some(known) = self.known(of) {
            return known_op(&known, operands, span);
        }
        if self.bindings.through_instance(of).is_some() || operands.is_empty() {
            return self.apply_original(of, &inside, &[], span, scope);
        }
        let (routine, _) = self.defined(of, &inside, false);
        self.call(routine, operands, scope)
    }

    /// A parameter of the routine at hand, passed on.
    fn own_param(&self, param: LocalId, span: Span, scope: &Scope<'s>) -> Operand {
        let place = match find(&scope.names, Name::Local(param)) {
            Some((_, Binding::Place(place))) => *place,
            _ => return Operand::Lazy(code(unsupported("a parameter out of reach"), span)),
        };
        match self.local(place, scope) {
            Some(local) if self.spec.local(param).arity > 0 => {
                Operand::Operator(Operator::Param(local))
            }
            Some(local) => Operand::Lazy(code(Op::Local(local), span)),
            None => Operand::Lazy(code(unsupported("a parameter out of reach"), span)),
        }
    }

    /// A call of a routine from `here`.
    pub(super) fn call(&self, routine: RoutineId, operands: Vec<Operand>, here: &Scope<'s>) -> Op {
        let operands = operands.into();
        let frame = self.routine_frames[routine.0 as usize];
        let Some(parent) = self.frames.parent(frame) else {
            return Op::Call(routine, operands);
        };
        match self.frames.distance(here.frame, parent) {
            Some(depth) => Op::CallNested {
                routine,
                depth,
                operands,
            },
            None => unsupported("a definition that is out of reach here"),
        }
    }

    /// What the configuration puts in a place.
    pub(super) fn configured(
        &mut self,
        replacement: &'s Replacement,
        args: &'s [Arg],
        span: Span,
        here: &Scope<'s>,
    ) -> Op {
        match replacement {
            Replacement::Value(value) => Op::Value(value.clone()),
            Replacement::Table(table) => {
                let mut codes: Vec<Code> = args
                    .iter()
                    .map(|arg| self.plain_argument(arg, span, here))
                    .collect();
                let key = match codes.len() {
                    1 => codes.swap_remove(0),
                    _ => code(Op::Tuple(codes.into()), span),
                };
                let table = code(Op::Value(table.clone()), span);
                Op::FnApply(Box::new([table, key]))
            }
            Replacement::Definition(id) => {
                let root = Scope {
                    names: None,
                    instance: InstanceId::ROOT,
                    frame: here.frame,
                    at: None,
                };
                self.apply_defined(*id, &root, args, span, here)
            }
        }
    }

    /// A parameter or bound name.
    pub(super) fn local_name(
        &mut self,
        id: LocalId,
        from: &Scope<'s>,
        args: &'s [Arg],
        span: Span,
        here: &Scope<'s>,
    ) -> Op {
        let Some((_, binding)) = find(&from.names, Name::Local(id)) else {
            return unsupported(format!(
                "the name {} is out of reach",
                self.spec.local(id).name
            ));
        };
        match binding {
            Binding::Place(place) if args.is_empty() => self.read(*place, here),
            Binding::Place(place) => {
                let Some(local) = self.local(*place, here) else {
                    return unsupported("an operator that is out of reach here");
                };
                Op::CallParam(local, self.arguments(args, here).into())
            }
            Binding::Expr(expr, scope) => {
                let inside = scope.clone().inside(here);
                self.expression(expr, &inside).op
            }
            Binding::Operator(operator, scope) => {
                let inside = scope.clone().inside(here);
                self.apply_operator(operator, &inside, args, span, here)
            }
            Binding::Definition => unsupported("a definition in the place of a parameter"),
        }
    }

    /// The expression substituted for a parameter, if it is one.
    pub(super) fn substituted(
        &self,
        expr: &'s Expr,
        scope: &Scope<'s>,
    ) -> Option<(&'s Expr, Scope<'s>)> {
        let ExprKind::Local(id, args) = &*expr.kind else {
            return None;
        };
        match find(&scope.names, Name::Local(*id)) {
            Some((_, Binding::Expr(expr, elsewhere))) if args.is_empty() => {
                Some((expr, elsewhere.inside(scope)))
            }
            _ => None,
        }
    }

    /// An operator with arguments: named in `from`, the arguments written in `here`.
    pub(super) fn apply_operator(
        &mut self,
        operator: &'s OpArg,
        from: &Scope<'s>,
        args: &'s [Arg],
        span: Span,
        here: &Scope<'s>,
    ) -> Op {
        match operator {
            OpArg::Expr(expr) => self.expression(expr, &from.inside(here)).op,
            OpArg::Definition(id) => self.apply(*id, from, args, span, here),
            OpArg::Constant(id) => self.constant(*id, from, args, span, here),
            OpArg::Local(id) => self.local_name(*id, from, args, span, here),
            OpArg::Builtin(builtin) => {
                let codes = args
                    .iter()
                    .map(|arg| self.plain_argument(arg, span, here))
                    .collect();
                builtin_op(*builtin, codes)
            }
            OpArg::And | OpArg::Or => {
                let codes = args
                    .iter()
                    .map(|arg| self.plain_argument(arg, span, here))
                    .collect();
                match operator {
                    OpArg::And => Op::And(codes),
                    _ => Op::Or(codes),
                }
            }
            OpArg::Lambda(params, body) => {
                let routine = self.lambda(params, body, &from.inside(here));
                let operands = self.arguments(args, here);
                self.call(routine, operands, here)
            }
        }
    }

    /// A routine for a `LAMBDA`, nested in the frame of the scope.
    pub(super) fn lambda(
        &mut self,
        params: &'s [LocalId],
        body: &'s Expr,
        scope: &Scope<'s>,
    ) -> RoutineId {
        self.lambdas += 1;
        let key = RoutineKey::Lambda(self.lambdas);
        self.routine(key, Some(scope.frame), |compiler, frame| {
            let around = Scope {
                frame,
                ..scope.clone()
            };
            let entries = params
                .iter()
                .map(|&param| {
                    let place = compiler.frames.slot(frame);
                    (Name::Local(param), Binding::Place(place))
                })
                .collect();
            let names = compiler.bind(&around, entries);
            Written {
                name: Symbol::new("LAMBDA"),
                params: super::index(params.len()),
                source: Source::Expr(body),
                scope: around.with(names),
                span: body.span,
            }
        })
    }

    /// The operands of a call: evaluated where they are used until [`super::operands`] decides
    /// otherwise.
    pub(super) fn arguments(&mut self, args: &'s [Arg], here: &Scope<'s>) -> Vec<Operand> {
        args.iter()
            .map(|arg| match arg {
                Arg::Expr(expr) => Operand::Lazy(self.expression(expr, here)),
                Arg::Op(operator) => Operand::Operator(self.operator(operator, here, here)),
            })
            .collect()
    }

    /// The operands of a definition. A plain parameter may be given an operator without arguments.
    fn operands(&mut self, id: DefinitionId, args: &'s [Arg], here: &Scope<'s>) -> Vec<Operand> {
        let definition = self.spec.definition(id);
        let params = definition.params.iter();
        params
            .zip(args)
            .map(|(&param, arg)| match arg {
                Arg::Op(operator) if self.spec.local(param).arity > 0 => {
                    Operand::Operator(self.operator(operator, here, here))
                }
                Arg::Expr(_) | Arg::Op(_) => {
                    Operand::Lazy(self.plain_argument(arg, definition.span, here))
                }
            })
            .collect()
    }

    /// The code of an argument that is an expression.
    fn plain_argument(&mut self, arg: &'s Arg, span: Span, here: &Scope<'s>) -> Code {
        match arg {
            Arg::Expr(expr) => self.expression(expr, here),
            Arg::Op(operator) => code(self.apply_operator(operator, here, &[], span, here), span),
        }
    }

    /// What a definition of a standard module has instead of a routine.
    pub(super) fn known(&self, id: DefinitionId) -> Option<Known> {
        let definition = self.spec.definition(id);
        let module = self.spec.module(definition.module);
        if !module.standard {
            return None;
        }
        let (module, name) = (module.name.as_str(), definition.name.as_str());
        if matches!(module, "Naturals" | "Integers" | "Reals") && definition.params.len() == 2 {
            let operator = match name {
                "+" => Some(IntOperator::Add),
                "-" => Some(IntOperator::Subtract),
                "*" => Some(IntOperator::Multiply),
                "<" => Some(IntOperator::Less),
                "<=" => Some(IntOperator::LessEqual),
                ">" => Some(IntOperator::Greater),
                ">=" => Some(IntOperator::GreaterEqual),
                _ => None,
            };
            if let Some(operator) = operator {
                return Some(Known::Int(operator));
            }
        }
        native::lookup(module, name).map(Known::Native)
    }
}

/// A standard operator on operands; those of natives are evaluated before.
pub(super) fn known_op(known: &Known, operands: Vec<Operand>, span: Span) -> Op {
    let native = match known {
        Known::Int(operator) => {
            return match <[Code; 2]>::try_from(plain(operands, span)) {
                Ok(pair) => Op::Int(*operator, Box::new(pair)),
                Err(_) => unsupported("an arithmetic operator without two operands"),
            };
        }
        Known::Native(native) => native,
    };
    match native {
        Native::Pure1(pure) => match <[Code; 1]>::try_from(plain(operands, span)) {
            Ok([one]) => Op::Native1(*pure, Box::new(one)),
            Err(_) => unsupported("a native operator without its operand"),
        },
        Native::Pure2(pure) => match <[Code; 2]>::try_from(plain(operands, span)) {
            Ok(pair) => Op::Native2(*pure, Box::new(pair)),
            Err(_) => unsupported("a native operator without its two operands"),
        },
        Native::Pure(pure) => Op::Native(*pure, plain(operands, span).into()),
        Native::Context(context) => Op::Context(*context, plain(operands, span).into()),
        Native::Higher(higher) => Op::Higher(
            *higher,
            operands
                .into_iter()
                .map(|operand| match operand {
                    Operand::Lazy(code) => Operand::Eager(code),
                    other => other,
                })
                .collect(),
        ),
    }
}

fn plain(operands: Vec<Operand>, span: Span) -> Vec<Code> {
    operands
        .into_iter()
        .map(|operand| match operand {
            Operand::Eager(code) | Operand::Lazy(code) => code,
            Operand::Operator(_) => code(unsupported("an operator in the place of a value"), span),
        })
        .collect()
}

/// Makes nested routines that use nothing of the frames around them routines of their own.
pub(super) fn lift(unit: &mut Unit) {
    let free = super::captures::free_places(unit);
    let routine_frames = unit.routine_frames.clone();
    let lifted = |routine: RoutineId| {
        let frame = routine_frames[routine.0 as usize];
        free.get(routine.0 as usize)
            .is_some_and(|places| places.iter().all(|place| place.frame == frame))
    };
    unit.each_mut(&mut |_, code| {
        if let Op::CallNested {
            routine, operands, ..
        } = &mut code.op
            && lifted(*routine)
        {
            code.op = Op::Call(*routine, std::mem::take(operands));
        }
        if let Op::Call(_, operands)
        | Op::CallNested { operands, .. }
        | Op::CallParam(_, operands)
        | Op::Higher(_, operands) = &mut code.op
        {
            for operand in operands {
                if let Operand::Operator(operator) = operand
                    && let Operator::Nested { routine, .. } = operator
                    && lifted(*routine)
                {
                    *operator = Operator::Routine(*routine);
                }
            }
        }
    });
}
