//! Parts of definitions by their position, such as `Def!1!<<`.

use super::Resolver;
use super::entity::Entry;
use super::reference::part_span;
use crate::diagnostic::Code;
use crate::source::Span;
use crate::spec::{Expr, OpArg};
use crate::syntax::ast::{self, ReferencePart};

impl Resolver<'_> {
    /// A part of a definition as a value.
    pub(super) fn subexpression(
        &mut self,
        entry: Entry,
        arguments: &[&ast::Expr],
        rest: &[ReferencePart],
        span: Span,
    ) -> Expr {
        for argument in arguments {
            self.visit(argument);
        }
        self.report_subexpression(&entry, rest, span);
        self.nothing(span)
    }

    /// A part of a definition as an operator.
    pub(super) fn subexpression_operator(
        &mut self,
        entry: Entry,
        rest: &[ReferencePart],
        _arity: u32,
        span: Span,
    ) -> Option<OpArg> {
        self.report_subexpression(&entry, rest, span);
        None
    }

    fn report_subexpression(&mut self, entry: &Entry, rest: &[ReferencePart], span: Span) {
        let at = rest.first().map_or(span, part_span);
        self.error(
            Code::Semantics,
            at,
            format!(
                "`{}` is {}: its parts cannot be named with `!`",
                entry.name,
                entry.entity.kind().describe()
            ),
        );
    }
}
