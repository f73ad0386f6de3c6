//! Levels through `INSTANCE`: what replaces constants and variables.

use std::collections::{BTreeMap, BTreeSet};

use super::info::{DefinitionInfo, Info, Param, Place};
use super::{Checker, describe};
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::instance::InstanceCheck;
use crate::spec::{ConstantId, DefinitionId, Level, LocalId, OpArg, SubstitutionId};

/// What replaces a parameter.
#[derive(Debug)]
struct Replacement {
    info: Info,
    /// Where it is an operator that is a parameter itself.
    param: Option<Param>,
    /// Where it is an operator that is defined.
    definition: Option<DefinitionInfo>,
}

type Replacements = BTreeMap<Param, Replacement>;

impl Checker<'_> {
    fn replacements(&mut self, id: SubstitutionId) -> Replacements {
        let spec = self.spec;
        let substitution = spec.substitution(id);
        let mut replacements = Replacements::new();
        for (constant, by) in &substitution.constants {
            let replacement = self.replacement(by);
            replacements.insert(Param::Constant(*constant), replacement);
        }
        for (variable, by) in &substitution.variables {
            let replacement = Replacement {
                info: self.expr(by),
                param: None,
                definition: None,
            };
            replacements.insert(Param::Variable(*variable), replacement);
        }
        replacements
    }

    fn replacement(&mut self, by: &OpArg) -> Replacement {
        Replacement {
            info: self.operator(by),
            param: match by {
                OpArg::Constant(id) => Some(Param::Constant(*id)),
                OpArg::Local(id) => Some(Param::Local(*id)),
                _ => None,
            },
            definition: self.as_definition(by),
        }
    }

    /// The levels of a definition of an instantiated module.
    pub(super) fn instantiated(
        &mut self,
        of: DefinitionId,
        substitution: SubstitutionId,
        params: &[LocalId],
    ) -> Info {
        let spec = self.spec;
        let original = self.definition(of);
        let mut replacements = self.replacements(substitution);
        let module = spec.substitution(substitution).module;
        // The replacements speak of the parameters of the instance, this definition of its own.
        let instance_params = &spec.substitution(substitution).params;
        let own: BTreeMap<Param, Param> = instance_params
            .iter()
            .chain(&spec.definition(of).params)
            .zip(params)
            .map(|(&from, &to)| (Param::Local(from), Param::Local(to)))
            .collect();
        for replacement in replacements.values_mut() {
            replacement.info = rename(&replacement.info, &own);
            if let Some(param) = &mut replacement.param {
                *param = own.get(param).copied().unwrap_or(*param);
            }
        }
        let body = rename(&original.body, &own);
        let constant = self.is_constant(module);
        substitute(&body, &replacements, constant)
    }

    /// Whether a module has neither variables nor anything above the constant level.
    fn is_constant(&mut self, module: crate::spec::ModuleId) -> bool {
        if let Some(known) = self.levels.modules.get(&module) {
            return known.constant;
        }
        self.spec.module(module).variables.is_empty()
            && self
                .module_definitions(module)
                .into_iter()
                .all(|id| self.definition(id).outer.level == Level::Constant)
    }

    /// Checks an instance and gives what it asks of the constants of its own module.
    pub(super) fn instance(&mut self, instance: &InstanceCheck) -> Info {
        let spec = self.spec;
        let substitution = spec.substitution(instance.substitution);
        let module = substitution.module;
        let constant = self.is_constant(module);
        let replacements = self.replacements(instance.substitution);
        let asked = self.module_info(module);
        if !constant {
            for (variable, _) in &substitution.variables {
                let level = replacements
                    .get(&Param::Variable(*variable))
                    .map_or(Level::Constant, |by| by.info.level);
                if level > Level::State {
                    let name = spec.variable(*variable).name;
                    self.report_replacement(instance, name.as_str(), level, Level::State);
                }
            }
        }
        for (id, _) in &substitution.constants {
            let param = Param::Constant(*id);
            let Some(replacement) = replacements.get(&param) else {
                continue;
            };
            self.check_replacement(instance, *id, replacement, constant, &asked);
        }
        self.check_passed(instance, &replacements, &asked);
        let mut result = substitute(&asked, &replacements, constant);
        for replacement in replacements.values() {
            result.take_constraints(&replacement.info);
        }
        let own: BTreeSet<Param> = substitution
            .params
            .iter()
            .map(|&param| Param::Local(param))
            .collect();
        result.at_most.retain(|param, _| !own.contains(param));
        result
            .must_allow
            .retain(|place, _| !own.contains(&place.operator));
        result
            .passed
            .retain(|(place, param)| !own.contains(&place.operator) && !own.contains(param));
        result
    }

    fn check_replacement(
        &mut self,
        instance: &InstanceCheck,
        constant: ConstantId,
        replacement: &Replacement,
        constant_module: bool,
        asked: &Info,
    ) {
        let param = Param::Constant(constant);
        let name = self.spec.constant(constant).name.as_str();
        let level = replacement.info.level;
        let limit = if constant_module {
            asked
                .at_most
                .get(&param)
                .copied()
                .unwrap_or(Level::Temporal)
        } else {
            Level::Constant
        };
        if level > limit {
            self.report_replacement(instance, name, level, limit);
        }
        let Some(definition) = &replacement.definition else {
            return;
        };
        let arity = self.spec.constant(constant).arity as usize;
        let transparent = &definition.signature.transparent;
        if arity > 0 && transparent.iter().take(arity).any(|one| !one) {
            self.report(Diagnostic::error(
                Code::Level,
                instance.span,
                format!("the operator that replaces `{name}` primes or hides its argument"),
            ));
        }
        for argument in 0..arity {
            let place = Place {
                operator: param,
                argument,
            };
            let wanted = asked.must_allow.get(&place).copied();
            if wanted.is_some_and(|wanted| definition.at_most(argument) < wanted) {
                self.report(Diagnostic::error(
                    Code::Level,
                    instance.span,
                    format!(
                        "the operator that replaces `{name}` does not allow an argument of the level it gets"
                    ),
                ));
            }
        }
    }

    /// Constants that stand in arguments of constant operators, both replaced.
    fn check_passed(
        &mut self,
        instance: &InstanceCheck,
        replacements: &Replacements,
        asked: &Info,
    ) {
        for (place, param) in &asked.passed {
            let (Some(operator), Some(argument)) =
                (replacements.get(&place.operator), replacements.get(param))
            else {
                continue;
            };
            let Some(definition) = &operator.definition else {
                continue;
            };
            let limit = definition.at_most(place.argument);
            if argument.info.level > limit
                && let Param::Constant(id) = param
            {
                let name = self.spec.constant(*id).name.as_str();
                self.report_replacement(instance, name, argument.info.level, limit);
            }
        }
    }

    fn report_replacement(
        &mut self,
        instance: &InstanceCheck,
        name: &str,
        level: Level,
        limit: Level,
    ) {
        let must = match limit {
            Level::Constant => "must be constant",
            Level::State => "must not contain primes or temporal operators",
            Level::Action | Level::Temporal => "must not be temporal",
        };
        self.report(Diagnostic::error(
            Code::Level,
            instance.span,
            format!("what replaces `{name}` {must}, but it {}", describe(level)),
        ));
    }
}

/// The same with other parameters.
fn rename(info: &Info, names: &BTreeMap<Param, Param>) -> Info {
    if names.is_empty() {
        return info.clone();
    }
    let to = |param: &Param| names.get(param).copied().unwrap_or(*param);
    let place = |place: &Place| Place {
        operator: to(&place.operator),
        ..*place
    };
    Info {
        level: info.level,
        params: info.params.iter().map(to).collect(),
        all: info.all.iter().map(to).collect(),
        opaque: info.opaque.iter().map(to).collect(),
        at_most: info
            .at_most
            .iter()
            .map(|(one, &level)| (to(one), level))
            .collect(),
        must_allow: info
            .must_allow
            .iter()
            .map(|(one, &level)| (place(one), level))
            .collect(),
        passed: info
            .passed
            .iter()
            .map(|(one, param)| (place(one), to(param)))
            .collect(),
    }
}

/// The parameters that stand where `param` stood.
fn params_of(param: Param, replacements: &Replacements) -> BTreeSet<Param> {
    replacements
        .get(&param)
        .map_or_else(|| BTreeSet::from([param]), |by| by.info.params.clone())
}

/// The levels of an expression with constants replaced.
fn substitute(body: &Info, replacements: &Replacements, constant_module: bool) -> Info {
    let mut result = Info::of(body.level);
    for &param in &body.params {
        if let Some(by) = replacements.get(&param) {
            result.level = result.level.max(by.info.level);
        }
        result.params.extend(params_of(param, replacements));
    }
    result.all.clone_from(&body.all);
    result.opaque.clone_from(&body.opaque);
    for (param, by) in replacements {
        if result.all.remove(param) {
            result.all.extend(&by.info.all);
            result.opaque.extend(&by.info.opaque);
            if result.opaque.remove(param) {
                result.opaque.extend(&by.info.all);
            }
        }
    }
    for (&param, &level) in &body.at_most {
        let level = match param {
            Param::Constant(_) if !constant_module => Level::Constant,
            Param::Variable(_) if !constant_module => Level::State,
            _ => level,
        };
        for param in params_of(param, replacements) {
            result.limit(param, level);
        }
    }
    for (&place, &level) in &body.must_allow {
        match replacements.get(&place.operator) {
            None => result.require(place, level),
            Some(Replacement {
                param: Some(operator),
                ..
            }) => {
                let operator = *operator;
                result.require(Place { operator, ..place }, level);
            }
            Some(_) => {}
        }
    }
    for &(place, param) in &body.passed {
        let by = replacements.get(&place.operator);
        if let Some(definition) = by.and_then(|by| by.definition.as_ref()) {
            let level = definition.at_most(place.argument);
            for param in params_of(param, replacements) {
                result.limit(param, level);
            }
            continue;
        }
        let operator = by.and_then(|by| by.param).unwrap_or(place.operator);
        let place = Place { operator, ..place };
        if let Some(argument) = replacements.get(&param) {
            result.require(place, argument.info.level);
        }
        match by {
            None => {
                result.passed.insert((place, param));
            }
            Some(_) => {
                for param in params_of(param, replacements) {
                    result.passed.insert((place, param));
                }
            }
        }
    }
    result
}
