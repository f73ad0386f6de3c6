//! Instances: what the constants and variables of an instantiated module stand for.

use std::collections::HashMap;

use super::super::code::{Code, Enabled, Op, VariableIndex};
use super::scopes::{FrameId, Name, Names, Scope, find};
use super::{Compiler, Replacement, RoutineKey, Source, Written};
use crate::source::Span;
use crate::spec::{
    Arg, Body, Builtin, ConstantId, DefinitionId, Expr, ExprKind, Level, OpArg, SubstitutionId,
    VariableId,
};
use crate::symbol::Symbol;

/// An instance that is in use; 0 is the specification itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct InstanceId(pub(super) u32);

impl InstanceId {
    /// No instance: the root module and what it extends.
    pub(super) const ROOT: InstanceId = InstanceId(0);
}

/// One use of an `INSTANCE`.
#[derive(Debug)]
pub(super) struct Instance<'s> {
    /// The replacements; `None` for the specification itself.
    substitution: Option<SubstitutionId>,
    /// What the replacements' own constants and variables stand for.
    outer: InstanceId,
    /// Local names where the `INSTANCE` stands.
    names: Names<'s>,
    /// The frame that holds these names; routines of the instance are nested in it.
    pub(super) home: Option<FrameId>,
    /// Variables that are free in the next state: see [`Enabled::shadows`].
    shadows: Vec<(VariableId, VariableIndex)>,
}

/// All instances of a model.
#[derive(Debug)]
pub(super) struct Instances<'s> {
    table: Vec<Instance<'s>>,
    known: HashMap<(SubstitutionId, InstanceId, Option<u32>), InstanceId>,
    /// Each instance as seen from within `ENABLED`, with how it shadows its variables.
    in_enabled: HashMap<InstanceId, (InstanceId, Vec<Shadow<'s>>)>,
    /// How many variables are shadowed.
    shadows: u32,
}

/// A variable with a number of its own, what it stands for, and the instance that says so.
type Shadow<'s> = (VariableIndex, &'s Expr, InstanceId);

impl<'s> Instances<'s> {
    /// The specification itself alone.
    pub(super) fn new() -> Instances<'s> {
        Instances {
            table: vec![Instance {
                substitution: None,
                outer: InstanceId::ROOT,
                names: None,
                home: None,
                shadows: Vec::new(),
            }],
            known: HashMap::new(),
            in_enabled: HashMap::new(),
            shadows: 0,
        }
    }

    /// An instance by id.
    pub(super) fn get(&self, id: InstanceId) -> &Instance<'s> {
        &self.table[id.0 as usize]
    }
}

/// Something declared, as looked up in an instance.
enum Replaced<'s> {
    /// A plain constant or variable.
    Expr(&'s Expr, InstanceId),
    /// An operator.
    Operator(&'s OpArg, InstanceId),
    /// Declared by the root module.
    Declared,
}

/// A variable, as looked up in an instance.
enum VariableMeaning<'s> {
    /// One of the model, or one that is [shadowed](Enabled::shadows), by its number.
    Numbered(VariableIndex),
    /// What an instance replaces it by.
    Expr(&'s Expr, InstanceId),
    /// The root module does not have it.
    Unknown,
}

/// How far aliases of variables are followed.
const ALIASES: u32 = 200;

impl<'s> Compiler<'s> {
    /// The instance made by `INSTANCE` where `scope` is; one without replacements is no instance.
    pub(super) fn instance(&mut self, id: SubstitutionId, scope: &Scope<'s>) -> InstanceId {
        let substitution = self.spec.substitution(id);
        if substitution.constants.is_empty() && substitution.variables.is_empty() {
            return scope.instance;
        }
        let key = (
            id,
            scope.instance,
            scope.names.as_ref().map(|names| names.id),
        );
        if let Some(&known) = self.instances.known.get(&key) {
            return known;
        }
        let home = match &scope.names {
            Some(names) => Some(names.frame),
            None => self.instances.get(scope.instance).home,
        };
        let made = InstanceId(super::index(self.instances.table.len()));
        self.instances.table.push(Instance {
            substitution: Some(id),
            outer: scope.instance,
            names: scope.names.clone(),
            home,
            shadows: Vec::new(),
        });
        self.instances.known.insert(key, made);
        made
    }

    /// The scope in which replacements made by an instance are compiled, for code in `here`.
    fn outside(&self, instance: InstanceId, here: &Scope<'s>) -> Scope<'s> {
        let found = self.instances.get(instance);
        Scope {
            names: found.names.clone(),
            instance: found.outer,
            frame: here.frame,
            at: None,
        }
    }

    fn replaced_constant(&self, constant: ConstantId, from: InstanceId) -> Replaced<'s> {
        let mut at = from;
        while let Some(id) = self.instances.get(at).substitution {
            let spec = self.spec;
            let replacements = &spec.substitution(id).constants;
            match replacements.iter().find(|(known, _)| *known == constant) {
                Some((_, OpArg::Expr(expr))) => return Replaced::Expr(expr, at),
                Some((_, operator)) => return Replaced::Operator(operator, at),
                None => at = self.instances.get(at).outer,
            }
        }
        Replaced::Declared
    }

    /// What a variable stands for, as seen from an instance.
    fn variable_meaning(&self, variable: VariableId, from: InstanceId) -> VariableMeaning<'s> {
        let mut at = from;
        loop {
            let instance = self.instances.get(at);
            let shadow = instance
                .shadows
                .iter()
                .find(|(known, _)| *known == variable);
            if let Some(&(_, index)) = shadow {
                return VariableMeaning::Numbered(index);
            }
            let Some(id) = instance.substitution else {
                return match self.variables.get(&variable) {
                    Some(&index) => VariableMeaning::Numbered(index),
                    None => VariableMeaning::Unknown,
                };
            };
            let spec = self.spec;
            let replacements = &spec.substitution(id).variables;
            if let Some((_, expr)) = replacements.iter().find(|(known, _)| *known == variable) {
                return VariableMeaning::Expr(expr, at);
            }
            at = instance.outer;
        }
    }

    /// `ENABLED` of an action that is compiled in a scope where the variables of instances are free
    /// in the next state.
    pub(super) fn enabled(
        &mut self,
        scope: &Scope<'s>,
        action: impl FnOnce(&mut Self, &Scope<'s>) -> Code,
    ) -> Op {
        let (instance, shadows) = self.in_enabled(scope);
        let mut present = Vec::with_capacity(shadows.len());
        for (index, expr, from) in shadows {
            let outside = self.outside(from, scope);
            present.push((index, self.expression(expr, &outside)));
        }
        let inside = Scope {
            instance,
            ..scope.clone()
        };
        Op::Enabled(Box::new(Enabled {
            shadows: present.into(),
            action: action(self, &inside),
        }))
    }

    /// An instance as seen from within `ENABLED`.
    fn in_enabled(&mut self, scope: &Scope<'s>) -> (InstanceId, Vec<Shadow<'s>>) {
        if let Some((instance, shadows)) = self.instances.in_enabled.get(&scope.instance) {
            return (*instance, shadows.clone());
        }
        let mut shadows = Vec::new();
        let mut numbers = Vec::new();
        let mut at = scope.instance;
        let spec = self.spec;
        while let Some(id) = self.instances.get(at).substitution {
            for (variable, expr) in &spec.substitution(id).variables {
                let outside = self.outside(at, scope);
                if self.as_variable(expr, &outside).is_none() {
                    let first = super::index(self.variables.len());
                    let index = first + self.instances.shadows;
                    self.instances.shadows += 1;
                    shadows.push((index, expr, at));
                    numbers.push((*variable, index));
                }
            }
            at = self.instances.get(at).outer;
        }
        let mut made = scope.instance;
        if !shadows.is_empty() {
            made = InstanceId(super::index(self.instances.table.len()));
            let own = self.instances.get(scope.instance);
            let copy = Instance {
                substitution: own.substitution,
                outer: own.outer,
                names: own.names.clone(),
                home: own.home,
                shadows: numbers,
            };
            self.instances.table.push(copy);
        }
        // ENABLED within ENABLED sees the same.
        for instance in [scope.instance, made] {
            let known = (made, shadows.clone());
            self.instances.in_enabled.insert(instance, known);
        }
        (made, shadows)
    }

    /// A variable.
    pub(super) fn variable(&mut self, id: VariableId, span: Span, scope: &Scope<'s>) -> Op {
        match self.variable_meaning(id, scope.instance) {
            VariableMeaning::Numbered(index) => Op::Variable(index),
            VariableMeaning::Unknown => {
                unsupported("a variable that the root module does not have")
            }
            VariableMeaning::Expr(expr, instance) => {
                let key = RoutineKey::Variable(instance, id);
                self.replacement(key, expr, instance, span, scope)
            }
        }
    }

    /// A constant, applied when it is an operator.
    pub(super) fn constant(
        &mut self,
        id: ConstantId,
        from: &Scope<'s>,
        args: &'s [Arg],
        span: Span,
        here: &Scope<'s>,
    ) -> Op {
        match self.replaced_constant(id, from.instance) {
            Replaced::Expr(expr, instance) => {
                let key = RoutineKey::Constant(instance, id);
                self.replacement(key, expr, instance, span, here)
            }
            Replaced::Operator(operator, instance) => {
                let outside = self.outside(instance, here);
                self.apply_operator(operator, &outside, args, span, here)
            }
            Replaced::Declared => match self.bindings.constants.get(&id) {
                Some(replacement) => self.configured(replacement, args, span, here),
                None => unsupported(format!(
                    "the constant {} has no value",
                    self.spec.constant(id).name
                )),
            },
        }
    }

    /// What replaces a constant operator that is passed as an operand, if anything does.
    pub(super) fn constant_operator(
        &self,
        id: ConstantId,
        scope: &Scope<'s>,
    ) -> Option<(&'s OpArg, Scope<'s>)> {
        match self.replaced_constant(id, scope.instance) {
            Replaced::Operator(operator, instance) => {
                Some((operator, self.outside(instance, scope)))
            }
            Replaced::Expr(..) | Replaced::Declared => None,
        }
    }

    /// Code of a replacement: in place when it is no more than a name, else a routine of its own,
    /// so that chains of instances stay small.
    fn replacement(
        &mut self,
        key: RoutineKey,
        expr: &'s Expr,
        instance: InstanceId,
        span: Span,
        scope: &Scope<'s>,
    ) -> Op {
        let outside = self.outside(instance, scope);
        let plain = match &*expr.kind {
            ExprKind::Int(_)
            | ExprKind::String(_)
            | ExprKind::Bool(_)
            | ExprKind::Special(_)
            | ExprKind::Variable(_) => true,
            ExprKind::Constant(_, args) | ExprKind::Local(_, args) | ExprKind::Apply(_, args) => {
                args.is_empty()
            }
            _ => false,
        };
        if plain {
            return self.expression(expr, &outside).op;
        }
        let home = self.instances.get(instance).home;
        let routine = self.routine(key, home, |_, frame| Written {
            name: Symbol::new("INSTANCE"),
            params: 0,
            span,
            source: Source::Expr(expr),
            scope: Scope {
                frame,
                ..outside.clone()
            },
        });
        self.call(routine, Vec::new(), scope)
    }

    /// The variable of the model that an expression is another name of, if it is one.
    pub(super) fn as_variable(
        &mut self,
        expr: &'s Expr,
        scope: &Scope<'s>,
    ) -> Option<VariableIndex> {
        self.alias(expr, scope, ALIASES)
    }

    fn alias(&mut self, expr: &'s Expr, scope: &Scope<'s>, fuel: u32) -> Option<VariableIndex> {
        let fuel = fuel.checked_sub(1)?;
        match &*expr.kind {
            ExprKind::Variable(id) => match self.variable_meaning(*id, scope.instance) {
                VariableMeaning::Numbered(index) => Some(index),
                VariableMeaning::Unknown => None,
                VariableMeaning::Expr(expr, instance) => {
                    let outside = self.outside(instance, scope);
                    self.alias(expr, &outside, fuel)
                }
            },
            ExprKind::Constant(id, args) if args.is_empty() => {
                match self.replaced_constant(*id, scope.instance) {
                    Replaced::Expr(expr, instance) => {
                        let outside = self.outside(instance, scope);
                        self.alias(expr, &outside, fuel)
                    }
                    Replaced::Operator(..) | Replaced::Declared => None,
                }
            }
            ExprKind::Local(..) => {
                let (expr, elsewhere) = self.substituted(expr, scope)?;
                self.alias(expr, &elsewhere, fuel)
            }
            ExprKind::Apply(id, args) if args.is_empty() => {
                let (body, inside) = self.plain_body(*id, scope)?;
                self.alias(body, &inside, fuel)
            }
            _ => None,
        }
    }

    /// Splits `UNCHANGED` of an expression into variables and what is left, in order.
    pub(super) fn unchanged(&mut self, expr: &'s Expr, scope: &Scope<'s>) -> Op {
        let mut parts = Vec::new();
        self.unchanged_parts(expr, scope, ALIASES, &mut parts);
        let mut codes: Vec<Code> = Vec::new();
        for part in parts {
            match (part, codes.last_mut().map(|code| &mut code.op)) {
                (Op::Unchanged(more), Some(Op::Unchanged(known))) => {
                    let mut all = std::mem::take(known).into_vec();
                    all.extend(more);
                    *known = all.into();
                }
                (op, _) => codes.push(Code {
                    op,
                    span: expr.span,
                }),
            }
        }
        match codes.len() {
            0 => Op::Unchanged(Box::default()),
            1 => codes.swap_remove(0).op,
            _ => Op::And(codes.into()),
        }
    }

    fn unchanged_parts(
        &mut self,
        expr: &'s Expr,
        scope: &Scope<'s>,
        fuel: u32,
        parts: &mut Vec<Op>,
    ) {
        if let (Some(fuel), ExprKind::Tuple(items)) = (fuel.checked_sub(1), &*expr.kind) {
            for item in items {
                self.unchanged_parts(item, scope, fuel, parts);
            }
            return;
        }
        if let Some(index) = self.as_variable(expr, scope) {
            parts.push(Op::Unchanged(Box::new([index])));
            return;
        }
        match (self.named(expr, scope), fuel.checked_sub(1)) {
            (Some((body, inside)), Some(fuel)) if self.is_tuple(body, &inside, fuel) => {
                self.unchanged_parts(body, &inside, fuel, parts);
            }
            _ => {
                let code = self.expression(expr, scope);
                parts.push(Op::UnchangedExpr(Box::new(code)));
            }
        }
    }

    /// The variables in a subscript of `[A]_v` that is a tuple of them; what else is in it is left
    /// out.
    pub(in super::super) fn subscript_variables(
        &mut self,
        expr: &'s Expr,
        scope: &Scope<'s>,
    ) -> Vec<VariableIndex> {
        let mut parts = Vec::new();
        self.unchanged_parts(expr, scope, ALIASES, &mut parts);
        let mut known = Vec::new();
        for part in parts {
            if let Op::Unchanged(variables) = part {
                known.extend(variables);
            }
        }
        known
    }

    /// The expression that a name stands for.
    fn named(&mut self, expr: &'s Expr, scope: &Scope<'s>) -> Option<(&'s Expr, Scope<'s>)> {
        match &*expr.kind {
            ExprKind::Local(..) => self.substituted(expr, scope),
            ExprKind::Apply(id, args) if args.is_empty() => self.plain_body(*id, scope),
            ExprKind::Variable(id) => match self.variable_meaning(*id, scope.instance) {
                VariableMeaning::Expr(expr, instance) => {
                    Some((expr, self.outside(instance, scope)))
                }
                VariableMeaning::Numbered(_) | VariableMeaning::Unknown => None,
            },
            _ => None,
        }
    }

    /// Whether an expression is a tuple, perhaps behind names.
    fn is_tuple(&mut self, expr: &'s Expr, scope: &Scope<'s>, fuel: u32) -> bool {
        let Some(fuel) = fuel.checked_sub(1) else {
            return false;
        };
        if matches!(&*expr.kind, ExprKind::Tuple(_)) {
            return true;
        }
        self.named(expr, scope)
            .is_some_and(|(body, inside)| self.is_tuple(body, &inside, fuel))
    }

    /// `e'`: a primed variable if `e` is a name of one.
    pub(super) fn prime(&mut self, expr: &'s Expr, scope: &Scope<'s>) -> Op {
        match self.as_variable(expr, scope) {
            Some(index) => Op::Primed(index),
            None => Op::Prime(Box::new(self.expression(expr, scope))),
        }
    }

    /// The body of a definition without parameters, with its scope, for code that looks through
    /// names; `None` for recursive ones, functions and what the configuration replaces by values.
    pub(super) fn plain_body(
        &mut self,
        id: DefinitionId,
        scope: &Scope<'s>,
    ) -> Option<(&'s Expr, Scope<'s>)> {
        let mut id = id;
        let mut scope = scope.clone();
        let mut replacement = self.bindings.definitions.get(&id);
        for _ in 0..ALIASES {
            match replacement {
                Some(Replacement::Definition(other)) => {
                    id = *other;
                    scope = Scope {
                        names: None,
                        instance: InstanceId::ROOT,
                        frame: scope.frame,
                        at: None,
                    };
                }
                Some(Replacement::Value(_) | Replacement::Table(_)) => return None,
                None => {}
            }
            let definition = self.spec.definition(id);
            if definition.recursive || !definition.params.is_empty() {
                return None;
            }
            let inside = self.scope_of(id, &scope);
            match &definition.body {
                Body::Expr(_) if self.known(id).is_some() => return None,
                Body::Expr(body) => return Some((body, inside)),
                Body::Function { .. } => return None,
                Body::Instance { of, substitution } => {
                    let instance = self.instance(*substitution, &inside);
                    scope = Scope {
                        names: None,
                        instance,
                        frame: scope.frame,
                        at: None,
                    };
                    id = *of;
                    replacement = self.bindings.through_instance(id);
                }
            }
        }
        None
    }

    /// The level of a variable: that of what replaces it.
    pub(super) fn variable_level(&mut self, id: VariableId, scope: &Scope<'s>) -> Level {
        match self.variable_meaning(id, scope.instance) {
            VariableMeaning::Numbered(_) | VariableMeaning::Unknown => Level::State,
            VariableMeaning::Expr(expr, instance) => {
                let outside = self.outside(instance, scope);
                self.level(expr, &outside)
            }
        }
    }

    /// The level of a constant: that of what replaces it.
    pub(super) fn constant_level(&mut self, id: ConstantId, scope: &Scope<'s>) -> Level {
        match self.replaced_constant(id, scope.instance) {
            Replaced::Declared => Level::Constant,
            Replaced::Expr(expr, instance) => {
                let outside = self.outside(instance, scope);
                self.level(expr, &outside)
            }
            Replaced::Operator(operator, instance) => {
                let outside = self.outside(instance, scope);
                self.operator_level(operator, &outside)
            }
        }
    }

    /// The highest level that an instance gives the constants of its module.
    pub(super) fn instance_level(&mut self, scope: &Scope<'s>) -> Level {
        let mut most = Level::Constant;
        let mut at = scope.instance;
        while let Some(id) = self.instances.get(at).substitution {
            let spec = self.spec;
            let outside = self.outside(at, scope);
            for (_, replacement) in &spec.substitution(id).constants {
                most = most.max(self.operator_level(replacement, &outside));
            }
            at = self.instances.get(at).outer;
        }
        most
    }

    /// The names and instance a definition's body is read in, when it is used in `scope` and its
    /// parameters are left aside.
    pub(super) fn scope_of(&self, id: DefinitionId, scope: &Scope<'s>) -> Scope<'s> {
        let list = find(&scope.names, Name::Definition(id)).map(|(list, _)| list.clone());
        Scope {
            at: list.as_ref().and_then(|list| list.at),
            names: list,
            instance: scope.instance,
            frame: scope.frame,
        }
    }
}

/// Code that fails with a reason when it is run.
pub(super) fn unsupported(reason: impl Into<Box<str>>) -> Op {
    Op::Unsupported(reason.into())
}

/// Whether a builtin is temporal, with the words for it.
pub(super) fn temporal_words(builtin: Builtin) -> Option<&'static str> {
    match builtin {
        Builtin::Always => Some("[]"),
        Builtin::Eventually => Some("<>"),
        Builtin::LeadsTo => Some("~>"),
        Builtin::Guarantees => Some("-+->"),
        _ => None,
    }
}
