//! Levels: constant, state, action and temporal expressions, each only where it may stand.
//!
//! The rules are SANY's. The level of a definition is computed once, together with what it asks of
//! its arguments and of the constants of its module ([`info::Info`]); applying it and replacing
//! constants in an instance are then checked without looking at its body again.

mod apply;
mod expression;
mod info;
mod instance;
mod section;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::entity::Entity;
use super::scope::index;
use super::{ModuleInfo, Resolver};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::spec::{DefinitionId, Level, LocalId, ModuleId, Spec};
use info::{DefinitionInfo, Info, Param, Place};

/// Levels of the modules checked so far.
#[derive(Debug, Default)]
pub(super) struct Levels {
    definitions: HashMap<DefinitionId, Rc<DefinitionInfo>>,
    /// Definitions that are being checked.
    open: HashSet<DefinitionId>,
    /// What instances of a module have to keep to.
    modules: HashMap<ModuleId, ModuleLevels>,
    /// How many modules have been checked.
    checked_modules: usize,
    /// How many definitions have been checked.
    checked_definitions: usize,
    /// Each mistake is reported once, though recursive sections are checked twice.
    reported: HashSet<(Span, String)>,
}

/// What a module asks of the replacements of its constants.
#[derive(Debug, Default)]
struct ModuleLevels {
    info: Info,
    /// Whether it has no variables and nothing above the constant level.
    constant: bool,
}

/// Checks the levels of the modules read since the last call, and writes them into the
/// specification.
pub(super) fn check(resolver: &mut Resolver<'_>) {
    let levels = std::mem::take(&mut resolver.levels);
    let first = levels.checked_definitions;
    let mut checker = Checker {
        spec: &*resolver.spec,
        modules: &resolver.infos,
        levels,
        at: Vec::new(),
        found: Vec::new(),
    };
    checker.check_new_modules();
    let Checker { levels, found, .. } = checker;
    resolver.diagnostics.extend(found);
    let definitions = resolver.spec.definitions.iter_mut().enumerate();
    for (at, definition) in definitions.skip(first) {
        if let Some(info) = levels.definitions.get(&DefinitionId(index(at))) {
            definition.level = info.outer.level;
        }
    }
    resolver.levels = levels;
}

struct Checker<'a> {
    spec: &'a Spec,
    modules: &'a [ModuleInfo],
    levels: Levels,
    /// For each EXCEPT around the present place: what `@` stands for.
    at: Vec<Info>,
    found: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn check_new_modules(&mut self) {
        let first = self.levels.checked_modules;
        let end = self.modules.len();
        self.levels.checked_modules = end;
        let modules = self.modules;
        for module in modules.iter().skip(first) {
            for section in module
                .members
                .chunk_by(|one, other| one.section == other.section)
            {
                // What stands above a section has no part in it.
                if let Some(member) = section.first() {
                    self.check_definitions(member.definition.0 as usize);
                }
                self.check_section(section);
            }
        }
        self.check_definitions(self.spec.definitions.len());
        // Inner modules are numbered after the one around them, which may instantiate them.
        for at in (first..end).rev() {
            self.module(ModuleId(index(at)));
        }
    }

    /// Checks all definitions up to a number. Each stands after those it uses, so this does not
    /// recurse deeply.
    fn check_definitions(&mut self, end: usize) {
        for at in self.levels.checked_definitions..end {
            self.definition(DefinitionId(index(at)));
        }
        self.levels.checked_definitions = end.max(self.levels.checked_definitions);
    }

    /// The levels of a definition, or what is assumed of it while its body is checked.
    fn definition(&mut self, id: DefinitionId) -> Rc<DefinitionInfo> {
        if let Some(known) = self.levels.definitions.get(&id) {
            return Rc::clone(known);
        }
        let params = self.spec.definition(id).params.len();
        let assumed = DefinitionInfo::assumed(params, Level::Temporal, false);
        if !self.levels.open.insert(id) {
            return Rc::new(assumed);
        }
        let info = Rc::new(self.compute(id, &assumed));
        self.levels.open.remove(&id);
        self.levels.definitions.insert(id, Rc::clone(&info));
        info
    }

    /// Computes the levels of a definition, starting from what is known of it.
    fn compute(&mut self, id: DefinitionId, known: &DefinitionInfo) -> DefinitionInfo {
        let mut info = self.definition_body(id);
        info.level = info.level.max(known.outer.level);
        let info = if is_product_of_naturals(self.spec, id) {
            Info::default()
        } else {
            info
        };
        self.close(info, &self.spec.definition(id).params, known)
    }
    /// Splits the levels of a body into those of its parameters and the rest.
    fn close(&self, body: Info, params: &[LocalId], known: &DefinitionInfo) -> DefinitionInfo {
        let mut signature = known.signature.clone();
        for (at, &param) in params.iter().enumerate() {
            let name = Param::Local(param);
            if let (Some(limit), Some(&found)) =
                (signature.at_most.get_mut(at), body.at_most.get(&name))
            {
                *limit = found.min(*limit);
            }
            if let Some(counts) = signature.counts.get_mut(at) {
                *counts |= body.params.contains(&name);
            }
            if let Some(transparent) = signature.transparent.get_mut(at) {
                *transparent &= !body.opaque.contains(&name);
            }
            if let Some(must_allow) = signature.must_allow.get_mut(at) {
                *must_allow = (0..self.spec.local(param).arity as usize)
                    .map(|argument| {
                        let place = Place {
                            operator: name,
                            argument,
                        };
                        body.must_allow
                            .get(&place)
                            .copied()
                            .unwrap_or(Level::Constant)
                    })
                    .collect();
            }
        }
        let is_own = |param: &Param| matches!(param, Param::Local(local) if params.contains(local));
        let mut outer = body.clone();
        if !params.is_empty() {
            outer.params.retain(|param| !is_own(param));
            outer.all.retain(|param| !is_own(param));
            outer.opaque.retain(|param| !is_own(param));
            outer.at_most.retain(|param, _| !is_own(param));
            outer.must_allow.retain(|place, _| !is_own(&place.operator));
            outer
                .passed
                .retain(|(place, param)| !(is_own(&place.operator) && is_own(param)));
        }
        DefinitionInfo {
            body,
            outer,
            signature,
        }
    }

    /// Definitions and facts that are visible in a module.
    fn module_definitions(&self, id: ModuleId) -> Vec<DefinitionId> {
        let Some(info) = self.modules.get(id.0 as usize) else {
            return Vec::new();
        };
        info.context
            .entries()
            .iter()
            .filter_map(|entry| match entry.entity {
                Entity::Definition(id) | Entity::Fact(id) => Some(id),
                _ => None,
            })
            .chain(info.theorems.iter().copied())
            .collect()
    }

    /// What a module asks of the replacements of its constants.
    fn module_info(&self, id: ModuleId) -> Info {
        self.levels
            .modules
            .get(&id)
            .map(|known| known.info.clone())
            .unwrap_or_default()
    }

    /// Checks the instances and assumptions of a module, and gathers what it asks of instances of
    /// itself.
    fn module(&mut self, id: ModuleId) {
        let (spec, modules) = (self.spec, self.modules);
        let module = spec.module(id);
        let mut gathered = Info::default();
        let mut constant = module.variables.is_empty();
        for definition in self.module_definitions(id) {
            let level = self.definition(definition);
            constant &= level.outer.level == Level::Constant;
            gathered.take_constraints(&level.outer);
        }
        for assumption in &module.assumptions {
            let level = self.assumption(&assumption.body);
            gathered.take_constraints(&level);
        }
        if !constant {
            for &constant in &module.constants {
                gathered.limit(Param::Constant(constant), Level::Constant);
            }
        }
        if let Some(info) = modules.get(id.0 as usize) {
            for &extended in &info.extends {
                let known = self.module_info(extended);
                gathered.take_constraints(&known);
            }
            for instance in &info.instances {
                let level = self.instance(instance);
                if !instance.in_let {
                    gathered.take_constraints(&level);
                }
            }
        }
        let levels = ModuleLevels {
            info: gathered,
            constant,
        };
        self.levels.modules.insert(id, levels);
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        let is_new = diagnostic.span.is_none_or(|span| {
            let key = (span, diagnostic.message.clone());
            self.levels.reported.insert(key)
        });
        if is_new {
            self.found.push(diagnostic);
        }
    }
}

/// SANY gives the product of two naturals no level at all, whatever its factors are.
fn is_product_of_naturals(spec: &Spec, id: DefinitionId) -> bool {
    let definition = spec.definition(id);
    let module = spec.module(definition.module);
    module.standard && module.name.as_str() == "Naturals" && definition.name.as_str() == "*"
}

/// What an expression of a level depends on, as the predicate of a sentence.
fn describe(level: Level) -> &'static str {
    match level {
        Level::Constant => "is constant",
        Level::State => "depends on the values of variables",
        Level::Action => "contains a prime, so it is an action",
        Level::Temporal => "is a temporal formula",
    }
}
