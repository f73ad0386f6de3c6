//! Recursive sections: the levels of operators that are declared `RECURSIVE`.
//!
//! They are computed twice. The first time nothing is known of the declared operators but that an
//! argument may be an action and counts; the second time their level is known.

use std::rc::Rc;

use super::Checker;
use super::info::DefinitionInfo;
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::definition::SectionMember;
use crate::spec::{DefinitionId, Level};

impl Checker<'_> {
    /// Checks a recursive section.
    pub(super) fn check_section(&mut self, members: &[SectionMember]) {
        for member in members.iter().filter(|member| member.declared) {
            let params = self.spec.definition(member.definition).params.len();
            let assumed = DefinitionInfo::assumed(params, Level::Action, true);
            self.levels
                .definitions
                .insert(member.definition, Rc::new(assumed));
        }
        for member in members {
            self.recompute(member.definition, member.declared);
            if member.declared {
                self.check_not_primed(member.definition);
            }
        }
        let mut common = super::Info::default();
        for member in members.iter().filter(|member| member.declared) {
            if let Some(known) = self.levels.definitions.get(&member.definition) {
                common.level = common.level.max(known.outer.level);
                common.params.extend(&known.outer.params);
                common.all.extend(&known.outer.all);
            }
        }
        for member in members {
            if let Some(known) = self.levels.definitions.get_mut(&member.definition) {
                let known = Rc::make_mut(known);
                for info in [&mut known.outer, &mut known.body] {
                    info.level = info.level.max(common.level);
                    info.params.extend(&common.params);
                    info.all.extend(&common.all);
                }
            }
        }
        for member in members.iter().filter(|member| member.inside) {
            self.recompute(member.definition, true);
        }
    }

    /// Computes the levels of a definition, again where they are known.
    fn recompute(&mut self, id: DefinitionId, again: bool) {
        match self.levels.definitions.get(&id).cloned() {
            Some(known) if again => {
                let mut info = self.compute(id, &known);
                info.outer.take(known.outer.clone());
                info.body.take(known.body.clone());
                self.levels.definitions.insert(id, Rc::new(info));
            }
            Some(_) => {}
            None => {
                self.definition(id);
            }
        }
    }

    fn check_not_primed(&mut self, id: DefinitionId) {
        let Some(known) = self.levels.definitions.get(&id) else {
            return;
        };
        let Some(at) = known
            .signature
            .at_most
            .iter()
            .position(|&level| level < Level::Action)
        else {
            return;
        };
        let definition = self.spec.definition(id);
        let (name, span) = (definition.name, definition.span);
        let param = definition
            .params
            .get(at)
            .map(|&param| self.spec.local(param).name);
        self.report(Diagnostic::error(
            Code::Level,
            span,
            format!(
                "the parameter {} of the recursive operator `{name}` is primed in it",
                param.map_or_else(|| (at + 1).to_string(), |param| format!("`{param}`"))
            ),
        ));
    }
}
