//! Applying definitions and operators of the language: argument levels.

use super::info::{DefinitionInfo, Info, Param, Place};
use super::{Checker, describe};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::spec::{Arg, Builtin, DefinitionId, Expr, Level, LocalId, OpArg};

/// An operator of the language as levels see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    /// Name for messages.
    pub(super) name: &'static str,
    /// Level of an application to constants.
    pub(super) level: Level,
    /// Highest level of each operand; the last one is for all further ones.
    pub(super) at_most: &'static [Level],
    /// Whether the levels of operands count.
    pub(super) counts: bool,
}

impl Rule {
    /// An operator whose level is that of its operands.
    pub(super) const fn plain(name: &'static str, at_most: &'static [Level]) -> Rule {
        Rule {
            name,
            level: Level::Constant,
            at_most,
            counts: true,
        }
    }

    /// An operator with a level of its own.
    pub(super) const fn fixed(name: &'static str, level: Level, at_most: &'static [Level]) -> Rule {
        Rule {
            name,
            level,
            at_most,
            counts: false,
        }
    }

    /// Highest level of an operand.
    pub(super) fn limit(self, operand: usize) -> Level {
        self.at_most
            .get(operand)
            .or(self.at_most.last())
            .copied()
            .unwrap_or(Level::Temporal)
    }
}

/// The rule of an operator of the language.
pub(super) fn rule(operator: Builtin) -> Rule {
    use Level::{Action, State, Temporal};
    match operator {
        Builtin::Not => Rule::plain("~", &[Temporal]),
        Builtin::Implies => Rule::plain("=>", &[Temporal]),
        Builtin::Equivalent => Rule::plain("<=>", &[Temporal]),
        Builtin::Equal => Rule::plain("=", &[Action]),
        Builtin::NotEqual => Rule::plain("/=", &[Action]),
        Builtin::In => Rule::plain("\\in", &[Action]),
        Builtin::NotIn => Rule::plain("\\notin", &[Action]),
        Builtin::SubsetEq => Rule::plain("\\subseteq", &[Action]),
        Builtin::Union => Rule::plain("\\cup", &[Action]),
        Builtin::Intersection => Rule::plain("\\cap", &[Action]),
        Builtin::Difference => Rule::plain("\\", &[Action]),
        Builtin::PowerSet => Rule::plain("SUBSET", &[Action]),
        Builtin::BigUnion => Rule::plain("UNION", &[Action]),
        Builtin::Domain => Rule::plain("DOMAIN", &[Action]),
        Builtin::Prime => Rule::fixed("'", Action, &[State]),
        Builtin::Enabled => Rule::fixed("ENABLED", State, &[Action]),
        Builtin::Unchanged => Rule::fixed("UNCHANGED", Action, &[State]),
        Builtin::Compose => Rule::fixed("\\cdot", Action, &[Action]),
        Builtin::Always => Rule::fixed("[]", Temporal, &[Temporal]),
        Builtin::Eventually => Rule::fixed("<>", Temporal, &[Temporal]),
        Builtin::LeadsTo => Rule::fixed("~>", Temporal, &[Temporal]),
        Builtin::Guarantees => Rule::fixed("-+->", Temporal, &[Temporal]),
    }
}

impl Checker<'_> {
    /// Applies an operator of the language to operands with known levels.
    pub(super) fn operands(&mut self, rule: Rule, operands: Vec<(Info, Span)>) -> Info {
        let mut result = Info::of(rule.level);
        for (at, (mut operand, span)) in operands.into_iter().enumerate() {
            let limit = rule.limit(at);
            if operand.level > limit {
                self.report_operand(rule, operand.level, limit, span);
            }
            let params = std::mem::take(&mut operand.params);
            for &param in &params {
                operand.limit(param, limit);
            }
            if rule.counts {
                operand.params = params;
            } else {
                operand.level = Level::Constant;
                let all = operand.all.clone();
                operand.opaque.extend(all);
            }
            result.take(operand);
        }
        result
    }

    fn report_operand(&mut self, rule: Rule, level: Level, limit: Level, span: Span) {
        let (message, help) = match (rule.name, limit, level) {
            ("'", _, Level::Action) => (
                "this is primed twice".to_owned(),
                Some("a prime cannot stand inside a primed expression"),
            ),
            ("'" | "UNCHANGED", _, _) => (
                format!(
                    "only an expression without primes and temporal operators can stand in {}, this {}",
                    if rule.name == "'" {
                        "a primed expression"
                    } else {
                        "UNCHANGED"
                    },
                    describe(level)
                ),
                None,
            ),
            (name, _, Level::Temporal) => (
                format!("a temporal formula cannot be an operand of `{name}`"),
                Some(
                    "use `[]`, `<>`, `~>`, WF_ and SF_ only in whole formulas, joined by `/\\`, `\\/`, `~`, `=>` and quantifiers",
                ),
            ),
            (name, ..) => (
                format!(
                    "an operand of `{name}` is of too high a level: it {}",
                    describe(level)
                ),
                None,
            ),
        };
        let mut error = Diagnostic::error(Code::Level, span, message);
        error.help = help.map(str::to_owned);
        self.report(error);
    }

    /// The levels of an argument.
    pub(super) fn argument(&mut self, argument: &Arg) -> Info {
        match argument {
            Arg::Expr(value) => self.expr(value),
            Arg::Op(operator) => self.operator(operator),
        }
    }

    /// The levels of an operator as an argument, apart from what it asks of its own arguments.
    pub(super) fn operator(&mut self, operator: &OpArg) -> Info {
        match operator {
            OpArg::Expr(value) => self.expr(value),
            OpArg::Definition(id) => {
                let mut info = self.definition(*id).outer.clone();
                // An operator argument adds no opaque names (SANY does not copy them).
                info.opaque.clear();
                info
            }
            OpArg::Constant(id) => Info::param(Param::Constant(*id)),
            OpArg::Local(id) => Info::param(Param::Local(*id)),
            OpArg::Builtin(operator) => Info::of(rule(*operator).level),
            OpArg::And | OpArg::Or => Info::default(),
            OpArg::Lambda(..) => {
                let mut info = self
                    .as_definition(operator)
                    .map_or_else(Info::default, |info| info.outer);
                info.opaque.clear();
                info
            }
        }
    }

    /// What an operator argument asks of its own arguments; `None` for a parameter or constant,
    /// of which nothing is known.
    pub(super) fn as_definition(&mut self, operator: &OpArg) -> Option<DefinitionInfo> {
        match operator {
            OpArg::Definition(id) => Some((*self.definition(*id)).clone()),
            OpArg::Lambda(params, body) => {
                let info = self.expr(body);
                let assumed = DefinitionInfo::assumed(params.len(), Level::Temporal, false);
                Some(self.close(info, params, &assumed))
            }
            OpArg::Builtin(operator) => {
                let rule = rule(*operator);
                let mut info = DefinitionInfo::assumed(2, Level::Temporal, rule.counts);
                info.outer.level = rule.level;
                for (at, limit) in info.signature.at_most.iter_mut().enumerate() {
                    *limit = rule.limit(at);
                }
                info.signature.transparent = vec![rule.counts; 2];
                Some(info)
            }
            OpArg::And | OpArg::Or => Some(DefinitionInfo::assumed(2, Level::Temporal, true)),
            OpArg::Expr(_) | OpArg::Constant(_) | OpArg::Local(_) => None,
        }
    }

    /// Applies a definition.
    pub(super) fn apply(&mut self, id: DefinitionId, arguments: &[Arg], span: Span) -> Info {
        let infos: Vec<Info> = arguments.iter().map(|one| self.argument(one)).collect();
        let definition = self.definition(id);
        if arguments.is_empty() {
            return definition.outer.clone();
        }
        let operators: Vec<Option<DefinitionInfo>> = arguments
            .iter()
            .map(|one| match one {
                Arg::Op(operator) => self.as_definition(operator),
                Arg::Expr(_) => None,
            })
            .collect();
        let params = self.spec.definition(id).params.clone();
        self.check_arguments(
            id,
            &definition,
            &params,
            arguments,
            &infos,
            &operators,
            span,
        );
        let mut result = definition.outer.clone();
        for (at, info) in infos.iter().enumerate() {
            let limit = definition.at_most(at);
            for &param in &info.params {
                result.limit(param, limit);
            }
            result.take_constraints(info);
            result.take_names(info);
            if definition.signature.counts.get(at).copied().unwrap_or(true) {
                result.level = result.level.max(info.level);
                result.params.extend(&info.params);
            }
            if !definition
                .signature
                .transparent
                .get(at)
                .copied()
                .unwrap_or(true)
            {
                result.opaque.extend(&info.all);
            }
        }
        for (at, argument) in arguments.iter().enumerate() {
            let Some(&operator) = params.get(at) else {
                continue;
            };
            let passed = passed_to(&definition, operator, &params);
            match (argument, &operators[at]) {
                (_, Some(known)) => {
                    for &(place, other) in &passed {
                        let limit = known.at_most(place);
                        let Some(info) = infos.get(other) else {
                            continue;
                        };
                        for &param in &info.params {
                            result.limit(param, limit);
                        }
                        if !known
                            .signature
                            .transparent
                            .get(place)
                            .copied()
                            .unwrap_or(true)
                        {
                            result.opaque.extend(&info.all);
                        }
                    }
                }
                (Arg::Op(OpArg::Local(_) | OpArg::Constant(_)), None) => {
                    let name = operator_param(argument);
                    if let Some(name) = name {
                        let wanted = definition.signature.must_allow.get(at).cloned();
                        pass_on(
                            &mut result,
                            name,
                            &wanted.unwrap_or_default(),
                            &passed,
                            &infos,
                        );
                    }
                }
                _ => {}
            }
        }
        self.replace_passed(
            &mut result,
            &definition,
            &params,
            arguments,
            &infos,
            &operators,
        );
        result
    }

    /// Arguments of a definition that stand in arguments of operator parameters, where only one of
    /// the two is a parameter of the definition.
    fn replace_passed(
        &mut self,
        result: &mut Info,
        definition: &DefinitionInfo,
        params: &[LocalId],
        arguments: &[Arg],
        infos: &[Info],
        operators: &[Option<DefinitionInfo>],
    ) {
        let position = |param: Param| match param {
            Param::Local(local) => params.iter().position(|&one| one == local),
            Param::Constant(_) | Param::Variable(_) => None,
        };
        for &(place, param) in &definition.outer.passed {
            match (position(place.operator), position(param)) {
                (None, None) => {}
                (None, Some(at)) => {
                    result.passed.remove(&(place, param));
                    for &inner in infos.get(at).map(|info| &info.params).into_iter().flatten() {
                        result.passed.insert((place, inner));
                    }
                }
                (Some(at), _) => {
                    result.passed.remove(&(place, param));
                    if let Some(Some(known)) = operators.get(at) {
                        result.limit(param, known.at_most(place.argument));
                    } else if let Some(name) = arguments.get(at).and_then(operator_param) {
                        let place = Place {
                            operator: name,
                            argument: place.argument,
                        };
                        result.passed.insert((place, param));
                    }
                }
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one application, seen from all its sides"
    )]
    fn check_arguments(
        &mut self,
        id: DefinitionId,
        definition: &DefinitionInfo,
        params: &[LocalId],
        arguments: &[Arg],
        infos: &[Info],
        operators: &[Option<DefinitionInfo>],
        span: Span,
    ) {
        for (at, info) in infos.iter().enumerate() {
            let limit = definition.at_most(at);
            if info.level > limit {
                let span = argument_span(arguments.get(at), span);
                self.report_argument(id, at, info.level, limit, span);
            }
            let (Some(Some(known)), Some(&operator)) = (operators.get(at), params.get(at)) else {
                continue;
            };
            let wanted = definition.signature.must_allow.get(at).cloned();
            for (place, wanted) in wanted.unwrap_or_default().into_iter().enumerate() {
                if known.at_most(place) < wanted {
                    let name = self.spec.definition(id).name;
                    self.report(Diagnostic::error(
                        Code::Level,
                        argument_span(arguments.get(at), span),
                        format!(
                            "`{name}` applies this operator to something that {}, which it does not allow",
                            describe(wanted)
                        ),
                    ));
                }
            }
            for (place, other) in passed_to(definition, operator, params) {
                if let Some(info) = infos.get(other)
                    && info.level > known.at_most(place)
                {
                    let limit = known.at_most(place);
                    let span = argument_span(arguments.get(other), span);
                    self.report_argument(id, other, info.level, limit, span);
                }
            }
        }
    }

    fn report_argument(
        &mut self,
        id: DefinitionId,
        at: usize,
        level: Level,
        limit: Level,
        span: Span,
    ) {
        let definition = self.spec.definition(id);
        let (name, defined) = (definition.name, definition.span);
        let mut error = Diagnostic::error(
            Code::Level,
            span,
            format!(
                "argument {} of `{name}` {}, but {}",
                at + 1,
                describe(level),
                match limit {
                    Level::Constant => "must be constant",
                    Level::State => "must not contain primes or temporal operators",
                    Level::Action | Level::Temporal => "must not contain temporal operators",
                }
            ),
        );
        if limit == Level::State {
            error.help = Some(format!("`{name}` primes its argument"));
        }
        self.report(error.with_related(defined, "defined here"));
    }
}

/// Which arguments stand in which places of an operator parameter.
fn passed_to(
    definition: &DefinitionInfo,
    operator: LocalId,
    params: &[LocalId],
) -> Vec<(usize, usize)> {
    let first = (
        Place {
            operator: Param::Local(operator),
            argument: 0,
        },
        Param::Constant(crate::spec::ConstantId(0)),
    );
    definition
        .body
        .passed
        .range(first..)
        .take_while(|(place, _)| place.operator == Param::Local(operator))
        .filter_map(|&(place, param)| match param {
            Param::Local(local) => params
                .iter()
                .position(|&one| one == local)
                .map(|at| (place.argument, at)),
            Param::Constant(_) | Param::Variable(_) => None,
        })
        .collect()
}

fn pass_on(
    result: &mut Info,
    operator: Param,
    wanted: &[Level],
    passed: &[(usize, usize)],
    infos: &[Info],
) {
    for (argument, &level) in wanted.iter().enumerate() {
        result.require(Place { operator, argument }, level);
    }
    for &(argument, other) in passed {
        let Some(info) = infos.get(other) else {
            continue;
        };
        let place = Place { operator, argument };
        result.require(place, info.level);
        for &param in &info.params {
            result.passed.insert((place, param));
        }
    }
}

fn operator_param(argument: &Arg) -> Option<Param> {
    match argument {
        Arg::Op(OpArg::Local(id)) => Some(Param::Local(*id)),
        Arg::Op(OpArg::Constant(id)) => Some(Param::Constant(*id)),
        _ => None,
    }
}

fn argument_span(argument: Option<&Arg>, otherwise: Span) -> Span {
    match argument {
        Some(Arg::Expr(Expr { span, .. }) | Arg::Op(OpArg::Expr(Expr { span, .. }))) => *span,
        _ => otherwise,
    }
}
