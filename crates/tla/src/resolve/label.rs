//! Labels of expressions, `lab(x) :: e`: they change nothing, but have rules of their own.

use std::collections::{HashMap, HashSet};

use super::Resolver;
use super::entity::Entity;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::spec::Expr;
use crate::spec::{DefinitionId, LocalId};
use crate::symbol::Symbol;
use crate::syntax::ast::{self, Ident};

/// The labels of a definition, named theorem or outer label that is being read.
#[derive(Debug, Default)]
struct Section {
    names: HashSet<Symbol>,
    bound: Vec<Vec<LocalId>>,
    /// The labels inside, those in labels included.
    found: Vec<Label>,
    /// How many `LET` bodies were open when it started.
    lets: usize,
}

/// A labelled part of a definition.
#[derive(Debug, Clone)]
pub(super) struct Label {
    /// The labels around it and its own.
    path: Vec<Symbol>,
    /// Names bound around it, since the label around it.
    pub(super) params: Vec<LocalId>,
    /// The definitions of each `LET` around it.
    pub(super) lets: Vec<Vec<DefinitionId>>,
    /// What is labelled.
    pub(super) body: Expr,
}

/// The definitions and labels around the present place.
#[derive(Debug, Default)]
pub(super) struct Labels {
    sections: Vec<Section>,
    /// The definitions of each `LET` whose body is being read.
    lets: Vec<Vec<DefinitionId>>,
    known: HashMap<DefinitionId, Vec<Label>>,
}

impl Labels {
    /// Starts a definition, named theorem or label.
    pub(super) fn start(&mut self) {
        self.sections.push(Section {
            lets: self.lets.len(),
            ..Section::default()
        });
    }

    /// Ends it and gives the labels in it.
    pub(super) fn end(&mut self) -> Vec<Label> {
        self.sections
            .pop()
            .map(|section| section.found)
            .unwrap_or_default()
    }

    /// Keeps the labels of a definition.
    pub(super) fn keep(&mut self, id: DefinitionId, labels: Vec<Label>) {
        if !labels.is_empty() {
            self.known.insert(id, labels);
        }
    }

    /// Starts the body of a `LET`.
    pub(super) fn enter_let(&mut self, definitions: &[DefinitionId]) {
        self.lets.push(definitions.to_vec());
    }

    /// Ends it.
    pub(super) fn leave_let(&mut self) {
        self.lets.pop();
    }

    /// Starts the scope of bound names.
    pub(super) fn bind(&mut self, locals: Vec<LocalId>) {
        if let Some(section) = self.sections.last_mut() {
            section.bound.push(locals);
        }
    }

    /// Ends it.
    pub(super) fn unbind(&mut self) {
        if let Some(section) = self.sections.last_mut() {
            section.bound.pop();
        }
    }
}

impl Resolver<'_> {
    /// Resolves `name(params) :: body` to its body.
    pub(super) fn label(
        &mut self,
        name: Ident,
        params: &[Ident],
        body: &ast::Expr,
        span: Span,
    ) -> Expr {
        if self.labels.sections.is_empty() {
            self.error(
                Code::Semantics,
                span,
                format!("the label `{}` is outside of a definition", name.name),
            );
            return self.expr(body);
        }
        if self.except_depth > 0 {
            self.error(
                Code::Semantics,
                span,
                format!("the label `{}` is inside of an EXCEPT", name.name),
            );
            return self.expr(body);
        }
        self.labels.start();
        let body = self.expr(body);
        let inner = self.labels.end();
        self.check_label_params(name, params, span);
        self.keep_label(name.name, params, &body, inner);
        let is_new = self
            .labels
            .sections
            .last_mut()
            .is_none_or(|section| section.names.insert(name.name));
        if !is_new {
            self.error(
                Code::Duplicate,
                name.span,
                format!("the label `{}` is used twice in one definition", name.name),
            );
        }
        body
    }

    /// The label of a definition with this path.
    pub(super) fn label_of(&self, id: DefinitionId, path: &[Symbol]) -> Option<Label> {
        let labels = self.labels.known.get(&id)?;
        labels.iter().find(|label| label.path == path).cloned()
    }

    fn keep_label(&mut self, name: Symbol, params: &[Ident], body: &Expr, inner: Vec<Label>) {
        let params = params
            .iter()
            .filter_map(|param| match self.lookup(param.name)?.entity {
                Entity::Local(local) => Some(local),
                _ => None,
            })
            .collect();
        let Some(section) = self.labels.sections.last_mut() else {
            return;
        };
        let lets = self.labels.lets.get(section.lets..).unwrap_or_default();
        for mut label in inner {
            label.path.insert(0, name);
            label.lets.splice(0..0, lets.iter().cloned());
            section.found.push(label);
        }
        section.found.push(Label {
            path: vec![name],
            params,
            lets: lets.to_vec(),
            body: body.clone(),
        });
    }

    /// The parameters of a label are exactly the names bound between the definition and it.
    fn check_label_params(&mut self, name: Ident, params: &[Ident], span: Span) {
        let expected: Vec<LocalId> = self
            .labels
            .sections
            .last()
            .map(|section| section.bound.concat())
            .unwrap_or_default();
        let given: Vec<Option<LocalId>> = params
            .iter()
            .map(
                |param| match self.lookup(param.name).map(|entry| entry.entity) {
                    Some(Entity::Local(local)) => Some(local),
                    _ => None,
                },
            )
            .collect();
        let distinct: HashSet<_> = given.iter().collect();
        let same = given.len() == expected.len()
            && distinct.len() == given.len()
            && expected.iter().all(|local| given.contains(&Some(*local)));
        if !same {
            let names: Vec<&str> = expected
                .iter()
                .map(|&local| self.spec.local(local).name.as_str())
                .collect();
            let wanted = if names.is_empty() {
                format!("write `{} ::` without parameters", name.name)
            } else {
                format!("write `{}({}) ::`", name.name, names.join(", "))
            };
            self.report(
                Diagnostic::error(
                    Code::Semantics,
                    span,
                    format!(
                        "the parameters of the label `{}` must be the names bound around it",
                        name.name
                    ),
                )
                .with_help(wanted),
            );
        }
    }
}
