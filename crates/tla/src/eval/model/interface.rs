//! What is asked of a specification from outside: its view and its actions.

use super::Interface;
use super::build::Draft;
use super::checks::{Names, described};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::spec::{DefinitionId, Level};
use crate::symbol::Symbol;

impl Names<'_, '_> {
    /// Compiles an interface: the view, and the actions on values in their first slots. `None` if
    /// the specification does not have it.
    pub(super) fn interface(&mut self, asked: &Interface) -> Option<(Draft, Vec<Draft>)> {
        let view = self.asked(asked.view, 0, Level::State, "the view");
        let actions: Vec<_> = asked
            .actions
            .iter()
            .map(|&(name, arity)| (name, self.asked(name, arity, Level::Action, "the action")))
            .collect();
        let view = self.draft(asked.view, view?);
        let mut drafts = Vec::with_capacity(actions.len());
        for (name, id) in actions {
            let id = id?;
            let scope = self.compiler.root_scope();
            let code = self.compiler.use_on_slots(id, &scope);
            drafts.push(Draft {
                name,
                span: self.spec.definition(id).body_span,
                root: self.compiler.root(code, &scope),
            });
        }
        Some((view, drafts))
    }

    /// A definition of the root module with so many parameters.
    fn asked(
        &mut self,
        name: Symbol,
        arity: usize,
        most: Level,
        words: &str,
    ) -> Option<DefinitionId> {
        let Some(&id) = self.root.scope.get(&name) else {
            let module = self.root.name;
            let message = format!("{words} `{name}` is not defined");
            let help = match self.similar(name) {
                Some(similar) => format!("did you mean `{similar}`?"),
                None => format!("define `{name}` in the module {module}"),
            };
            // It is missing where the module ends.
            let end = Span {
                start: self.root.span.end,
                ..self.root.span
            };
            let found = Diagnostic::error(Code::Unknown, end, message);
            self.found.push(found.with_help(help));
            return None;
        };
        let definition = self.spec.definition(id);
        let is_plain = definition
            .params
            .iter()
            .all(|&param| self.spec.local(param).arity == 0);
        if definition.params.len() != arity || !is_plain {
            let message = format!(
                "{words} `{name}` takes {} parameters, not {arity} values",
                definition.params.len()
            );
            self.found
                .push(Diagnostic::error(Code::Arity, definition.span, message));
            return None;
        }
        if definition.level > most {
            let message = format!("{words} `{name}` {}", described(definition.level));
            self.found
                .push(Diagnostic::error(Code::Level, definition.span, message));
            return None;
        }
        Some(id)
    }
}
