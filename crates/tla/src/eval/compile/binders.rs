//! Everything that binds names to elements of sets.

use super::super::code::{Binder, Closure, ClosureKind, Op, Target};
use super::Compiler;
use super::scopes::{Binding, Name, Scope};
use crate::source::Span;
use crate::spec::{Bound, Expr, Pattern};

impl<'s> Compiler<'s> {
    /// Binders with the scope of what is inside them; their sets are compiled outside.
    pub(super) fn binders(
        &mut self,
        bounds: &'s [Bound],
        scope: &Scope<'s>,
    ) -> (Box<[Binder]>, Scope<'s>) {
        let mut entries = Vec::new();
        let binders = bounds
            .iter()
            .map(|bound| {
                let domain = self.expression(&bound.domain, scope);
                let targets = bound
                    .patterns
                    .iter()
                    .map(|pattern| self.target(pattern, scope, &mut entries))
                    .collect();
                Binder { targets, domain }
            })
            .collect();
        let names = self.bind(scope, entries);
        (binders, scope.with(names))
    }

    /// One binder of one target.
    fn binder(
        &mut self,
        pattern: &'s Pattern,
        domain: &'s Expr,
        scope: &Scope<'s>,
    ) -> (Box<[Binder]>, Scope<'s>) {
        let domain = self.expression(domain, scope);
        let (target, inside) = self.bind_pattern(pattern, scope);
        let binder = Binder {
            targets: Box::new([target]),
            domain,
        };
        (Box::new([binder]), inside)
    }

    /// Binds the names of a pattern.
    pub(super) fn bind_pattern(
        &mut self,
        pattern: &'s Pattern,
        scope: &Scope<'s>,
    ) -> (Target, Scope<'s>) {
        let mut entries = Vec::new();
        let target = self.target(pattern, scope, &mut entries);
        let names = self.bind(scope, entries);
        (target, scope.with(names))
    }

    /// The target of a pattern; its names are added to `entries`.
    pub(super) fn target(
        &mut self,
        pattern: &'s Pattern,
        scope: &Scope<'s>,
        entries: &mut Vec<(Name, Binding<'s>)>,
    ) -> Target {
        let mut slot = |id| {
            let place = self.value_slot(scope.frame);
            entries.push((Name::Local(id), Binding::Place(place)));
            place.slot
        };
        match pattern {
            Pattern::Name(id) => Target::Slot(slot(*id)),
            Pattern::Tuple(ids) => Target::Tuple(ids.iter().map(|&id| slot(id)).collect()),
        }
    }

    /// `[x \in S |-> e]`
    pub(super) fn function(
        &mut self,
        bounds: &'s [Bound],
        body: &'s Expr,
        span: Span,
        scope: &Scope<'s>,
    ) -> Op {
        let (binders, inside) = self.binders(bounds, scope);
        let body = self.expression(body, &inside);
        let closure = Closure {
            kind: ClosureKind::Function,
            binders,
            body,
            filters_a_lazy_set: false,
            captures: Box::default(),
            span,
        };
        Op::Closure(self.closure(closure, scope))
    }

    /// `{x \in S : p}`
    pub(super) fn filter(
        &mut self,
        pattern: &'s Pattern,
        domain: &'s Expr,
        body: &'s Expr,
        span: Span,
        scope: &Scope<'s>,
    ) -> Op {
        let (binders, inside) = self.binder(pattern, domain, scope);
        let body = self.expression(body, &inside);
        let filters_a_lazy_set = binders
            .iter()
            .all(|binder| matches!(binder.domain.op, Op::PowerSet(_) | Op::FnSet(_)));
        let closure = Closure {
            kind: ClosureKind::Filter,
            binders,
            body,
            filters_a_lazy_set,
            captures: Box::default(),
            span,
        };
        Op::Closure(self.closure(closure, scope))
    }
}
