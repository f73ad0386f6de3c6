//! References: a name, perhaps through instances, with its arguments.

use super::Resolver;
use super::builtin::BuiltinName;
use super::entity::{Entity, Entry};
use super::expression::{count, make};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::spec::{Arg, Expr, ExprKind, OpArg};
use crate::symbol::Symbol;
use crate::syntax::ast::{self, Reference, ReferencePart};

/// A reference whose name is found.
#[derive(Debug)]
struct Found<'a> {
    entry: Entry,
    /// The name with those of the instances, such as `I!Op`.
    name: Symbol,
    /// Arguments of the instances and of the name itself.
    arguments: Vec<&'a ast::Expr>,
    /// What follows, where it selects a subexpression.
    rest: &'a [ReferencePart],
}

/// What a reference is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// A value: every argument must be there.
    Apply,
    /// An operator as an argument: the arguments are still to come.
    Name,
}

/// The place of a part.
pub(super) fn part_span(part: &ReferencePart) -> Span {
    match part {
        ReferencePart::Name(name, _) => name.span,
        ReferencePart::Operand(_, span)
        | ReferencePart::First(span)
        | ReferencePart::Second(span)
        | ReferencePart::Body(span)
        | ReferencePart::Whole(span)
        | ReferencePart::Arguments(_, span) => *span,
    }
}

impl Resolver<'_> {
    /// Resolves a reference that stands for a value.
    pub(super) fn reference(&mut self, reference: &Reference, span: Span) -> Expr {
        let Some(found) = self.find(&reference.parts, span, Purpose::Apply) else {
            self.visit_arguments(&reference.parts);
            return self.nothing(span);
        };
        if !found.rest.is_empty() {
            return self.subexpression(found.entry, &found.arguments, found.rest, span);
        }
        if !self.check_usable(&found, span) {
            return self.nothing(span);
        }
        let wanted = self.arity(found.entry.entity);
        if found.arguments.len() != wanted {
            self.wrong_argument_count(&found, wanted, span);
            for argument in found.arguments {
                self.visit(argument);
            }
            return self.nothing(span);
        }
        let arguments = self.arguments(found.entry.entity, found.name, &found.arguments);
        self.apply(found.entry.entity, arguments, span)
    }

    /// Resolves the operator that a parameter or constant with `arity` arguments stands for.
    pub(super) fn operator(&mut self, argument: &ast::Expr, arity: u32, role: &str) -> OpArg {
        let span = argument.span;
        match &*argument.kind {
            ast::ExprKind::Lambda { params, body } => {
                if params.len() != arity as usize {
                    self.error(
                        Code::Arity,
                        span,
                        format!(
                            "{role} must be an operator of {}, this LAMBDA has {}",
                            count(arity as usize, "argument"),
                            params.len()
                        ),
                    );
                }
                let mark = self.scope.enter();
                let params: Vec<_> = params
                    .iter()
                    .map(|param| self.declare_local(*param, 0))
                    .collect();
                let body = self.body(body, params.clone());
                self.scope.leave(mark);
                OpArg::Lambda(params, Box::new(body))
            }
            ast::ExprKind::Apply(reference) => self
                .named_operator(reference, arity, role, span)
                .unwrap_or_else(|| OpArg::Expr(self.nothing(span))),
            _ => {
                self.report(
                    Diagnostic::error(
                        Code::Arity,
                        span,
                        format!(
                            "{role} must be an operator of {}, not a value",
                            count(arity as usize, "argument")
                        ),
                    )
                    .with_help("name an operator without arguments, or write `LAMBDA x : …`"),
                );
                self.visit(argument);
                OpArg::Expr(self.nothing(span))
            }
        }
    }

    fn named_operator(
        &mut self,
        reference: &Reference,
        arity: u32,
        role: &str,
        span: Span,
    ) -> Option<OpArg> {
        let found = self.find(&reference.parts, span, Purpose::Name)?;
        if !found.rest.is_empty() {
            return self.subexpression_operator(found.entry, found.rest, arity, span);
        }
        if !found.arguments.is_empty() {
            self.report(
                Diagnostic::error(
                    Code::Arity,
                    span,
                    format!(
                        "{role} must be an operator of {}: `{}` must stand without arguments here",
                        count(arity as usize, "argument"),
                        found.name
                    ),
                )
                .with_help("name the operator alone, or write `LAMBDA x : …`"),
            );
            return None;
        }
        if !self.check_usable(&found, span) {
            return None;
        }
        let entity = found.entry.entity;
        let given = self.arity(entity);
        if given != arity as usize {
            let mut error = Diagnostic::error(
                Code::Arity,
                span,
                format!(
                    "{role} must be an operator of {}, `{}` takes {}",
                    count(arity as usize, "argument"),
                    found.name,
                    if given == 0 {
                        "none".to_owned()
                    } else {
                        given.to_string()
                    }
                ),
            );
            error.related = defined_here(&found.entry);
            self.report(error);
            return None;
        }
        if self
            .parameter_arities(entity)
            .iter()
            .any(|&arity| arity > 0)
        {
            self.error(
                Code::Arity,
                span,
                format!(
                    "`{}` takes an operator itself and cannot be passed as an operator",
                    found.name
                ),
            );
            return None;
        }
        self.as_operator(entity, span)
    }

    /// An entity as an operator argument.
    pub(super) fn as_operator(&mut self, entity: Entity, span: Span) -> Option<OpArg> {
        Some(match entity {
            Entity::Constant(id) => OpArg::Constant(id),
            Entity::Local(id) => OpArg::Local(id),
            Entity::Definition(id) | Entity::Fact(id) => OpArg::Definition(id),
            Entity::Builtin(BuiltinName::And) => OpArg::And,
            Entity::Builtin(BuiltinName::Or) => OpArg::Or,
            Entity::Builtin(BuiltinName::Operator(operator)) => OpArg::Builtin(operator),
            Entity::Builtin(BuiltinName::Times) => {
                let sets =
                    [Symbol::new("left"), Symbol::new("right")].map(|name| self.new_local(name, 0));
                let factors = sets
                    .iter()
                    .map(|&local| make(ExprKind::Local(local, Vec::new()), span))
                    .collect();
                OpArg::Lambda(
                    sets.to_vec(),
                    Box::new(make(ExprKind::Product(factors), span)),
                )
            }
            Entity::Builtin(_) | Entity::Variable(_) | Entity::Sequent | Entity::Instance(_) => {
                return None;
            }
        })
    }

    /// Applies an entity to as many arguments as it takes.
    pub(super) fn apply(&mut self, entity: Entity, arguments: Vec<Arg>, span: Span) -> Expr {
        let values = |arguments: Vec<Arg>| -> Vec<Expr> {
            arguments
                .into_iter()
                .map(|argument| match argument {
                    Arg::Expr(value) => value,
                    Arg::Op(_) => make(ExprKind::Bool(false), span),
                })
                .collect()
        };
        let kind = match entity {
            Entity::Constant(id) => ExprKind::Constant(id, arguments),
            Entity::Variable(id) => ExprKind::Variable(id),
            Entity::Local(id) => ExprKind::Local(id, arguments),
            Entity::Definition(id) | Entity::Fact(id) => {
                self.note_use(id);
                ExprKind::Apply(id, arguments)
            }
            Entity::Builtin(BuiltinName::Bool(value)) => ExprKind::Bool(value),
            Entity::Builtin(BuiltinName::Boolean) => {
                ExprKind::Special(crate::spec::SpecialSet::Boolean)
            }
            Entity::Builtin(BuiltinName::String) => {
                ExprKind::Special(crate::spec::SpecialSet::String)
            }
            Entity::Builtin(BuiltinName::And) => ExprKind::And(values(arguments)),
            Entity::Builtin(BuiltinName::Or) => ExprKind::Or(values(arguments)),
            Entity::Builtin(BuiltinName::Times) => ExprKind::Product(values(arguments)),
            Entity::Builtin(BuiltinName::Operator(operator)) => {
                ExprKind::Builtin(operator, values(arguments))
            }
            Entity::Sequent | Entity::Instance(_) => return self.nothing(span),
        };
        make(kind, span)
    }

    /// Finds what a reference names, with the arguments on the way.
    fn find<'a>(
        &mut self,
        parts: &'a [ReferencePart],
        span: Span,
        purpose: Purpose,
    ) -> Option<Found<'a>> {
        let mut name: Option<Symbol> = None;
        let mut arguments = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let ReferencePart::Name(ident, own) = part else {
                self.report_unknown(parts, at.saturating_sub(1));
                return None;
            };
            let full = name.map_or(ident.name, |name| {
                Symbol::new(&format!("{name}!{}", ident.name))
            });
            arguments.extend(own);
            name = Some(full);
            let Some(entry) = self.lookup(full) else {
                continue;
            };
            let found = Found {
                entry,
                name: full,
                arguments,
                rest: parts.get(at + 1..).unwrap_or_default(),
            };
            if !matches!(entry.entity, Entity::Instance(_)) || found.rest.is_empty() {
                return Some(found);
            }
            let wanted = self.arity(entry.entity);
            if found.arguments.len() != wanted && purpose == Purpose::Apply {
                self.wrong_argument_count(&found, wanted, span);
                return None;
            }
            arguments = found.arguments;
        }
        self.report_unknown(parts, parts.len().saturating_sub(1));
        None
    }

    /// Whether a name can stand in an expression at all.
    fn check_usable(&mut self, found: &Found<'_>, span: Span) -> bool {
        let message = match found.entry.entity {
            Entity::Instance(_) => format!(
                "`{}` is an instance: an operator of it is written `{}!Op`",
                found.name, found.name
            ),
            Entity::Sequent => format!(
                "`{}` is a theorem of the form ASSUME … PROVE …, not a formula",
                found.name
            ),
            _ => return true,
        };
        self.error(Code::Semantics, span, message);
        false
    }

    fn wrong_argument_count(&mut self, found: &Found<'_>, wanted: usize, span: Span) {
        let given = found.arguments.len();
        let name = found.name;
        let message = if given == 0 {
            format!(
                "`{name}` is an operator of {}: it cannot stand alone as a value",
                count(wanted, "argument")
            )
        } else if wanted == 0 {
            format!(
                "`{name}` takes no arguments, here {} {given}",
                if given == 1 { "is" } else { "are" }
            )
        } else {
            format!(
                "`{name}` takes {}, here {} {given}",
                count(wanted, "argument"),
                if given == 1 { "is" } else { "are" }
            )
        };
        let mut error = Diagnostic::error(Code::Arity, span, message);
        error.related = defined_here(&found.entry);
        error.help = self.argument_count_help(&found.entry, given);
        self.report(error);
    }

    /// Resolves arguments: operators where the parameter is one, values elsewhere.
    pub(super) fn arguments(
        &mut self,
        entity: Entity,
        name: Symbol,
        arguments: &[&ast::Expr],
    ) -> Vec<Arg> {
        let arities = self.parameter_arities(entity);
        arguments
            .iter()
            .zip(arities)
            .enumerate()
            .map(|(at, (argument, arity))| {
                if arity == 0 {
                    Arg::Expr(self.expr(argument))
                } else {
                    let role = format!("argument {} of `{name}`", at + 1);
                    Arg::Op(self.operator(argument, arity, &role))
                }
            })
            .collect()
    }

    /// Looks for errors in the arguments of a reference that has one itself.
    fn visit_arguments(&mut self, parts: &[ReferencePart]) {
        for part in parts {
            if let ReferencePart::Name(_, arguments) | ReferencePart::Arguments(arguments, _) = part
            {
                for argument in arguments {
                    self.visit(argument);
                }
            }
        }
    }

    /// Looks for errors in an argument that may be an operator.
    pub(super) fn visit(&mut self, argument: &ast::Expr) {
        match &*argument.kind {
            ast::ExprKind::Lambda { params, .. } => {
                let arity = super::scope::index(params.len());
                self.operator(argument, arity, "this");
            }
            ast::ExprKind::Apply(reference) => {
                let plain = matches!(&*reference.parts, [ReferencePart::Name(_, arguments)] if arguments.is_empty());
                if plain {
                    self.find(&reference.parts, argument.span, Purpose::Name);
                } else {
                    self.expr(argument);
                }
            }
            _ => {
                self.expr(argument);
            }
        }
    }
}

fn defined_here(entry: &Entry) -> Vec<(Span, String)> {
    entry
        .span
        .map(|span| (span, "defined here".to_owned()))
        .into_iter()
        .collect()
}
