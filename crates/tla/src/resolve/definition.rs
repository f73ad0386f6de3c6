//! Definitions of operators and functions, and the recursion that must be declared.

use super::Resolver;
use super::binder::locals_of;
use super::entity::{Entity, Entry, Kind};
use super::expression::{count, make};
use super::scope::index;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::spec::{Body, Definition, DefinitionId, Expr, ExprKind, Level, LocalId};
use crate::symbol::Symbol;
use crate::syntax::ast::{self, DefinitionKind, Ident, OpDecl};

/// Definitions a specification may have, those of its instances included.
pub(super) const MAX_DEFINITIONS: usize = 300_000;

/// How deep `LET` may stand in definitions of `LET` (SANY's limit).
const MAX_LET_DEPTH: u32 = 100;

/// An operator that is declared `RECURSIVE` and not yet defined.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pending {
    definition: DefinitionId,
    let_depth: u32,
    span: Span,
}

/// A definition in a recursive section: from a `RECURSIVE` to the last definition it announces.
#[derive(Debug, Clone, Copy)]
pub(super) struct SectionMember {
    /// The definition.
    pub(super) definition: DefinitionId,
    /// Number of the section in its module.
    pub(super) section: u32,
    /// Whether it was declared `RECURSIVE`.
    pub(super) declared: bool,
    /// Whether its own `LET` or module still had undefined recursive operators.
    pub(super) inside: bool,
}

/// What is known of recursion at the present place.
#[derive(Debug, Default)]
pub(super) struct Recursion {
    pending: Vec<Pending>,
    let_depth: u32,
    section: u32,
    functions: Vec<DefinitionId>,
}

impl Resolver<'_> {
    /// `RECURSIVE F(_), G(_, _)`
    pub(super) fn recursive(&mut self, declarations: &[OpDecl]) {
        if self.recursion.pending.is_empty() {
            self.recursion.section += 1;
        }
        for declaration in declarations {
            let name = declaration.name;
            let params = (0..declaration.arity)
                .map(|_| self.new_local(Symbol::new("_"), 0))
                .collect();
            let body = Body::Expr(self.nothing(name.span));
            let definition = self.new_definition(name.name, params, body, name.span, name.span);
            if let Some(definition) = self.spec.definitions.get_mut(definition.0 as usize) {
                definition.recursive = true;
            }
            self.declare(Entry {
                name: name.name,
                entity: Entity::Definition(definition),
                local: false,
                span: Some(name.span),
            });
            self.recursion.pending.push(Pending {
                definition,
                let_depth: self.recursion.let_depth,
                span: name.span,
            });
            let member = SectionMember {
                definition,
                section: self.recursion.section,
                declared: true,
                inside: true,
            };
            self.info_mut().members.push(member);
        }
    }

    /// A definition; gives its id, unless the name is taken.
    pub(super) fn definition(&mut self, definition: &ast::Definition) -> Option<DefinitionId> {
        match &definition.kind {
            DefinitionKind::Operator { params, body } => {
                self.operator_definition(definition, params, body)
            }
            DefinitionKind::Function { bounds, body } => {
                self.function_definition(definition, bounds, body)
            }
        }
    }

    fn operator_definition(
        &mut self,
        definition: &ast::Definition,
        params: &[OpDecl],
        body: &ast::Expr,
    ) -> Option<DefinitionId> {
        let name = definition.name;
        let span = from_name(definition);
        let mark = self.scope.enter();
        let params: Vec<LocalId> = params
            .iter()
            .map(|param| self.declare_local(param.name, param.arity))
            .collect();
        let present = self.lookup(name.name);
        let announced = self.announced(name, present.as_ref());
        if let Some(announced) = announced {
            self.check_announced_arity(announced, &params, name);
            if let Some(definition) = self.definition_mut(announced) {
                definition.params.clone_from(&params);
            }
        }
        self.labels.start();
        let resolved = self.expr(body);
        let labels = self.labels.end();
        self.scope.leave(mark);
        if let Some(announced) = announced {
            self.labels.keep(announced, labels);
            self.complete(announced, Body::Expr(resolved), span, body.span);
            return Some(announced);
        }
        let id = self.new_definition(name.name, params, Body::Expr(resolved), span, body.span);
        self.note_section(id);
        self.labels.keep(id, labels);
        if present.is_some() {
            return None;
        }
        self.declare_definition(name, id, definition.local);
        Some(id)
    }

    fn function_definition(
        &mut self,
        definition: &ast::Definition,
        bounds: &[ast::Bound],
        body: &ast::Expr,
    ) -> Option<DefinitionId> {
        let name = definition.name;
        let span = from_name(definition);
        let mark = self.scope.enter();
        let bounds = self.bounds(bounds);
        let present = self.lookup(name.name);
        let announced = self.announced(name, present.as_ref());
        let bound_names = self.scope.take_since(mark);
        self.scope.leave(mark);
        let locals = locals_of(&bounds);
        // The function is visible in its own body, its bounds included.
        let unfinished = Body::Function {
            bounds,
            body: self.nothing(span),
        };
        let id = if let Some(announced) = announced {
            self.check_announced_arity(announced, &[], name);
            self.complete(announced, unfinished, span, body.span);
            announced
        } else {
            let id = self.new_definition(name.name, Vec::new(), unfinished, span, body.span);
            self.note_section(id);
            if present.is_none() {
                self.declare_definition(name, id, definition.local);
            }
            id
        };
        let mark = self.scope.enter();
        self.scope.restore(bound_names);
        self.recursion.functions.push(id);
        self.labels.start();
        let resolved = self.body(body, locals);
        let labels = self.labels.end();
        self.labels.keep(id, labels);
        self.recursion.functions.pop();
        self.scope.leave(mark);
        if let Some(Definition {
            body: Body::Function { body, .. },
            ..
        }) = self.definition_mut(id)
        {
            *body = resolved;
        }
        (present.is_none() || announced.is_some()).then_some(id)
    }

    /// Marks a function as recursive when it is used inside itself.
    pub(super) fn note_use(&mut self, id: DefinitionId) {
        if self.recursion.functions.contains(&id)
            && let Some(definition) = self.definition_mut(id)
        {
            definition.recursive = true;
        }
    }

    /// Whether a definition is announced or being read.
    pub(super) fn is_unfinished(&self, id: DefinitionId) -> bool {
        self.recursion.functions.contains(&id)
            || self
                .recursion
                .pending
                .iter()
                .any(|pending| pending.definition == id)
    }

    /// The `RECURSIVE` declaration that the definition of `name` completes; reports a name that is
    /// taken.
    fn announced(&mut self, name: Ident, present: Option<&Entry>) -> Option<DefinitionId> {
        let present = present?;
        let pending = match present.entity {
            Entity::Definition(id) => self
                .recursion
                .pending
                .iter()
                .copied()
                .find(|pending| pending.definition == id),
            _ => None,
        };
        let Some(pending) = pending else {
            self.report_duplicate(name.name, name.span, Kind::Definition, present);
            return None;
        };
        if pending.let_depth != self.recursion.let_depth {
            self.report(
                Diagnostic::error(
                    Code::Recursion,
                    name.span,
                    format!(
                        "`{}` is declared RECURSIVE outside of this LET and must be defined there",
                        name.name
                    ),
                )
                .with_related(pending.span, "declared here"),
            );
            return None;
        }
        Some(pending.definition)
    }

    /// As SANY does it: of operator parameters, only a last one is noticed.
    fn check_announced_arity(&mut self, announced: DefinitionId, params: &[LocalId], name: Ident) {
        let declared = self.spec.definition(announced);
        let wanted = declared.params.len();
        let last_is_operator = params
            .last()
            .is_some_and(|&last| self.spec.local(last).arity > 0);
        if wanted == params.len() && !last_is_operator {
            return;
        }
        let declared_at = declared.span;
        let message = if last_is_operator {
            format!(
                "a RECURSIVE operator such as `{}` cannot take an operator",
                name.name
            )
        } else {
            format!(
                "`{}` is declared RECURSIVE with {}, but defined with {}",
                name.name,
                count(wanted, "argument"),
                count(params.len(), "argument")
            )
        };
        self.report(
            Diagnostic::error(Code::Arity, name.span, message)
                .with_related(declared_at, "declared here"),
        );
    }

    fn complete(&mut self, id: DefinitionId, body: Body, span: Span, body_span: Span) {
        self.recursion
            .pending
            .retain(|pending| pending.definition != id);
        if let Some(definition) = self.definition_mut(id) {
            definition.body = body;
            definition.span = span;
            definition.body_span = body_span;
        }
    }

    /// Reports operators that were declared in the `LET` or module that ends, but not defined.
    pub(super) fn check_all_defined(&mut self) {
        let depth = self.recursion.let_depth;
        let (ended, pending) = std::mem::take(&mut self.recursion.pending)
            .into_iter()
            .partition(|pending| pending.let_depth == depth);
        self.recursion.pending = pending;
        let ended: Vec<Pending> = ended;
        for pending in ended {
            let name = self.spec.definition(pending.definition).name;
            self.report(
                Diagnostic::error(
                    Code::Recursion,
                    pending.span,
                    format!("`{name}` is declared RECURSIVE, but never defined"),
                )
                .with_help(format!(
                    "define `{name}` after this declaration, or remove it"
                )),
            );
        }
    }

    /// Reports a unit that cannot stand between a `RECURSIVE` and the definitions it announces.
    pub(super) fn check_not_recursive_section(&mut self, span: Span, what: &str) {
        let Some(pending) = self.recursion.pending.first().copied() else {
            return;
        };
        let name = self.spec.definition(pending.definition).name;
        self.report(
            Diagnostic::error(
                Code::Recursion,
                span,
                format!(
                    "{what} cannot stand between `RECURSIVE {name}` and the definition of `{name}`"
                ),
            )
            .with_related(pending.span, "declared here")
            .with_help("move the RECURSIVE declaration directly above the definitions it is for"),
        );
    }

    /// Notes that a definition stands in a recursive section.
    pub(super) fn note_section(&mut self, definition: DefinitionId) {
        if self.recursion.pending.is_empty() {
            return;
        }
        let depth = self.recursion.let_depth;
        let member = SectionMember {
            definition,
            section: self.recursion.section,
            declared: false,
            inside: self
                .recursion
                .pending
                .iter()
                .any(|pending| pending.let_depth == depth),
        };
        self.info_mut().members.push(member);
    }

    /// Makes a name visible for a definition.
    pub(super) fn declare_definition(&mut self, name: Ident, id: DefinitionId, local: bool) {
        self.declare(Entry {
            name: name.name,
            entity: Entity::Definition(id),
            local,
            span: Some(name.span),
        });
    }

    /// Adds a definition to the table.
    pub(super) fn new_definition(
        &mut self,
        name: Symbol,
        params: Vec<LocalId>,
        body: Body,
        span: Span,
        body_span: Span,
    ) -> DefinitionId {
        let length = self.spec.definitions.len();
        if length >= MAX_DEFINITIONS {
            if !self.too_large {
                self.too_large = true;
                self.error(
                    Code::TooLarge,
                    span,
                    format!("more than {MAX_DEFINITIONS} definitions, those of instances included"),
                );
            }
            return DefinitionId(0);
        }
        self.spec.definitions.push(Definition {
            name,
            module: self.module,
            params,
            body,
            recursive: false,
            in_let: self.let_nesting > 0,
            level: Level::Constant,
            span,
            body_span,
        });
        DefinitionId(index(length))
    }

    fn definition_mut(&mut self, id: DefinitionId) -> Option<&mut Definition> {
        self.spec.definitions.get_mut(id.0 as usize)
    }

    /// `LET units IN body`
    pub(super) fn let_in(&mut self, units: &[ast::Unit], body: &ast::Expr, span: Span) -> Expr {
        let mark = self.scope.enter();
        self.recursion.let_depth += 1;
        self.let_nesting += 1;
        if self.recursion.let_depth >= MAX_LET_DEPTH {
            self.error(
                Code::TooLarge,
                span,
                format!("LET stands in definitions of LET more than {MAX_LET_DEPTH} deep"),
            );
        }
        let mut definitions = Vec::new();
        if self.recursion.let_depth < MAX_LET_DEPTH {
            for unit in units {
                match &unit.kind {
                    ast::UnitKind::Definition(definition) => {
                        definitions.extend(self.definition(definition));
                    }
                    ast::UnitKind::Recursive(declarations) => self.recursive(declarations),
                    ast::UnitKind::Instance(instance) => {
                        definitions.extend(self.instance(instance));
                    }
                    _ => self.error(
                        Code::Syntax,
                        unit.span,
                        "only definitions, RECURSIVE and instances can stand in LET",
                    ),
                }
            }
        }
        self.check_all_defined();
        self.recursion.let_depth -= 1;
        self.let_nesting -= 1;
        self.labels.enter_let(&definitions);
        let body = self.expr(body);
        self.labels.leave_let();
        self.scope.leave(mark);
        make(ExprKind::Let { definitions, body }, span)
    }
}

/// The text of a definition without `LOCAL`.
fn from_name(definition: &ast::Definition) -> Span {
    if definition.local {
        Span {
            start: definition.name.span.start,
            ..definition.span
        }
    } else {
        definition.span
    }
}
