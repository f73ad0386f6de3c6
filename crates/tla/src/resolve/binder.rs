//! Names that quantifiers, functions and sets bind.

use super::Resolver;
use crate::spec::{Bound, Pattern};
use crate::spec::{Expr, LocalId};
use crate::syntax::ast;

/// The names bound by a list of bounds, in order.
pub(super) fn locals_of(bounds: &[Bound]) -> Vec<LocalId> {
    bounds
        .iter()
        .flat_map(|bound| &bound.patterns)
        .flat_map(pattern_locals)
        .copied()
        .collect()
}

/// The names of a pattern, in order.
pub(super) fn pattern_locals(pattern: &Pattern) -> &[LocalId] {
    match pattern {
        Pattern::Name(local) => std::slice::from_ref(local),
        Pattern::Tuple(locals) => locals,
    }
}

impl Resolver<'_> {
    /// Resolves the sets, all outside the names they bind, and then declares the names.
    pub(super) fn bounds(&mut self, bounds: &[ast::Bound]) -> Vec<Bound> {
        let domains: Vec<Expr> = bounds
            .iter()
            .map(|bound| self.expr(&bound.domain))
            .collect();
        bounds
            .iter()
            .zip(domains)
            .map(|(bound, domain)| Bound {
                patterns: bound
                    .patterns
                    .iter()
                    .map(|pattern| self.pattern(pattern))
                    .collect(),
                domain,
            })
            .collect()
    }

    /// Declares the names of a pattern.
    pub(super) fn pattern(&mut self, pattern: &ast::Pattern) -> Pattern {
        match pattern {
            ast::Pattern::Name(name) => Pattern::Name(self.declare_local(*name, 0)),
            ast::Pattern::Tuple(names, _) => Pattern::Tuple(
                names
                    .iter()
                    .map(|name| self.declare_local(*name, 0))
                    .collect(),
            ),
        }
    }

    /// Resolves what stands in the scope of `locals`, for which labels inside must have parameters.
    pub(super) fn body(&mut self, body: &ast::Expr, locals: Vec<LocalId>) -> Expr {
        self.labels.bind(locals);
        let body = self.expr(body);
        self.labels.unbind();
        body
    }

    /// Resolves an expression with bounds: first `bounds`, then `body` inside them.
    pub(super) fn bounded(
        &mut self,
        bounds: &[ast::Bound],
        body: &ast::Expr,
    ) -> (Vec<Bound>, Expr) {
        let mark = self.scope.enter();
        let bounds = self.bounds(bounds);
        let body = self.body(body, locals_of(&bounds));
        self.scope.leave(mark);
        (bounds, body)
    }

    /// Resolves `x \in S : p` or `x : p`.
    pub(super) fn single(
        &mut self,
        pattern: &ast::Pattern,
        domain: Option<&ast::Expr>,
        body: &ast::Expr,
    ) -> (Pattern, Option<Expr>, Expr) {
        let domain = domain.map(|domain| self.expr(domain));
        let mark = self.scope.enter();
        let pattern = self.pattern(pattern);
        let body = self.body(body, pattern_locals(&pattern).to_vec());
        self.scope.leave(mark);
        (pattern, domain, body)
    }
}
