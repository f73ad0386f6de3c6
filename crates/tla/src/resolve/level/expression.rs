//! The levels of every form of expression.

use super::apply::{Rule, rule};
use super::info::{Info, Param, Place};
use super::{Checker, describe};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::spec::{
    Arg, Body, Bound, Builtin, DefinitionId, Expr, ExprKind, Level, Quantifier, Selector,
};

use Level::{Action, Constant, State, Temporal};

const CHOOSE: Rule = Rule::plain("CHOOSE", &[Action]);
const TUPLE: Rule = Rule::plain("<<…>>", &[Action]);
const EXCEPT: Rule = Rule::plain("EXCEPT", &[Action]);
const BODY: Rule = Rule::plain("a body", &[Temporal]);

impl Checker<'_> {
    /// Checks an expression and gives its levels.
    pub(super) fn expr(&mut self, expr: &Expr) -> Info {
        let span = expr.span;
        match &*expr.kind {
            ExprKind::Int(_)
            | ExprKind::Decimal(_)
            | ExprKind::String(_)
            | ExprKind::Bool(_)
            | ExprKind::Special(_) => Info::default(),
            ExprKind::Variable(id) => Info {
                level: State,
                ..Info::param(Param::Variable(*id))
            },
            ExprKind::Constant(id, arguments) => self.apply_param(Param::Constant(*id), arguments),
            ExprKind::Local(id, arguments) => self.apply_param(Param::Local(*id), arguments),
            ExprKind::Apply(id, arguments) => self.apply(*id, arguments, span),
            ExprKind::Builtin(operator, operands) => self.builtin(*operator, operands, span),
            ExprKind::And(items) => self.logical("/\\", items, span),
            ExprKind::Or(items) => self.logical("\\/", items, span),
            ExprKind::If(condition, then, otherwise) => {
                self.each(BODY, [condition, then, otherwise])
            }
            ExprKind::Case { arms, other } => self.each(
                BODY,
                arms.iter()
                    .flat_map(|(condition, result)| [condition, result])
                    .chain(other),
            ),
            ExprKind::Let { definitions, body } => self.let_in(definitions, body),
            ExprKind::Quantified { bounds, body, .. } => {
                let domains = self.domains(bounds);
                let mut result = self.each(BODY, [body]);
                if result.level == Temporal
                    || domains.iter().any(|(info, _)| info.level == Temporal)
                {
                    self.check_temporal_bounds(&domains);
                }
                for (domain, _) in domains {
                    result.take(domain);
                }
                result
            }
            ExprKind::Unbounded {
                quantifier, body, ..
            } => match quantifier {
                Quantifier::ForAll | Quantifier::Exists => self.each(BODY, [body]),
                Quantifier::TemporalForAll => {
                    self.each(Rule::fixed("\\AA", Temporal, &[Temporal]), [body])
                }
                Quantifier::TemporalExists => {
                    self.each(Rule::fixed("\\EE", Temporal, &[Temporal]), [body])
                }
            },
            ExprKind::Choose { domain, body, .. } => self.bound_by(domain.iter(), CHOOSE, body),
            ExprKind::SetEnum(items) => self.each(Rule::plain("{…}", &[Action]), items),
            ExprKind::SetFilter { domain, body, .. } => {
                self.bound_by([domain], Rule::plain("{x \\in S : …}", &[Action]), body)
            }
            ExprKind::SetMap { body, bounds } => {
                let domains = bounds.iter().map(|bound| &bound.domain);
                self.bound_by(domains, Rule::plain("{… : x \\in S}", &[Action]), body)
            }
            ExprKind::Function { bounds, body } => self.function(bounds, body),
            ExprKind::FnApply(function, argument) => {
                self.each(Rule::plain("f[…]", &[Action]), [function, argument])
            }
            ExprKind::FnSet(from, to) => self.each(Rule::plain("[S -> T]", &[Action]), [from, to]),
            ExprKind::Record(fields) => self.each(BODY, fields.iter().map(|(_, value)| value)),
            ExprKind::RecordSet(fields) => self.each(
                Rule::plain("[a : S]", &[Action]),
                fields.iter().map(|(_, value)| value),
            ),
            ExprKind::Field(record, _) => self.each(Rule::plain(".", &[Action]), [record]),
            ExprKind::Except { base, updates } => self.except(base, updates),
            ExprKind::At => self.at.last().cloned().unwrap_or_default(),
            ExprKind::Tuple(items) => self.each(TUPLE, items),
            ExprKind::Product(items) => self.each(Rule::plain("\\X", &[Action]), items),
            ExprKind::BoxAction(action, subscript) => self.each(
                Rule::fixed("[…]_v", Action, &[Action, State]),
                [action, subscript],
            ),
            ExprKind::AngleAction(action, subscript) => self.each(
                Rule::fixed("<<…>>_v", Action, &[Action, State]),
                [action, subscript],
            ),
            ExprKind::WeakFairness(subscript, action) => self.each(
                Rule::fixed("WF_", Temporal, &[State, Action]),
                [subscript, action],
            ),
            ExprKind::StrongFairness(subscript, action) => self.each(
                Rule::fixed("SF_", Temporal, &[State, Action]),
                [subscript, action],
            ),
        }
    }

    /// Applies an operator of the language to expressions.
    fn each<'e>(&mut self, rule: Rule, operands: impl IntoIterator<Item = &'e Expr>) -> Info {
        let operands = operands
            .into_iter()
            .map(|operand| (self.expr(operand), operand.span))
            .collect();
        self.operands(rule, operands)
    }

    /// `/\` or `\/`: a mixture of actions and temporal formulas has no meaning.
    fn logical(&mut self, name: &'static str, items: &[Expr], span: Span) -> Info {
        let operands: Vec<(Info, Span)> = items
            .iter()
            .map(|operand| (self.expr(operand), operand.span))
            .collect();
        self.check_not_mixed(name, &operands, span);
        self.operands(Rule::plain(name, &[Temporal]), operands)
    }

    fn check_not_mixed(&mut self, name: &str, operands: &[(Info, Span)], span: Span) {
        let has = |level| operands.iter().any(|(info, _)| info.level == level);
        if !(has(Temporal) && has(Action)) {
            return;
        }
        let action = operands
            .iter()
            .find(|(info, _)| info.level == Action)
            .map_or(span, |&(_, span)| span);
        self.report(
            Diagnostic::error(
                Code::Level,
                action,
                format!("`{name}` joins this action with a temporal formula"),
            )
            .with_help("write an action as `[][A]_vars` (or `<><<A>>_vars`) in a temporal formula"),
        );
    }

    fn builtin(&mut self, operator: Builtin, items: &[Expr], span: Span) -> Info {
        let rule = rule(operator);
        let operands: Vec<(Info, Span)> = items
            .iter()
            .map(|operand| (self.expr(operand), operand.span))
            .collect();
        match operator {
            Builtin::Implies | Builtin::Equivalent => {
                self.check_not_mixed(rule.name, &operands, span);
            }
            Builtin::Always | Builtin::Eventually => {
                self.check_stuttering(operator, items, &operands);
            }
            Builtin::LeadsTo | Builtin::Guarantees => {
                for (info, span) in &operands {
                    if info.level == Action {
                        self.report(Diagnostic::error(
                            Code::Level,
                            *span,
                            format!("an operand of `{}` cannot be an action", rule.name),
                        ));
                    }
                }
            }
            _ => {}
        }
        self.operands(rule, operands)
    }

    /// `[]` of an action must be of the form `[][A]_v`, `<>` of the form `<><<A>>_v`.
    fn check_stuttering(&mut self, operator: Builtin, items: &[Expr], operands: &[(Info, Span)]) {
        let (Some(item), Some((info, span))) = (items.first(), operands.first()) else {
            return;
        };
        let always = operator == Builtin::Always;
        let allowed = match &*item.kind {
            ExprKind::BoxAction(..) => always,
            ExprKind::AngleAction(..) => !always,
            ExprKind::Let { .. } | ExprKind::At => true,
            _ => false,
        };
        if info.level != Action || allowed {
            return;
        }
        let (symbol, form) = if always {
            ("[]", "[][A]_vars")
        } else {
            ("<>", "<><<A>>_vars")
        };
        self.report(
            Diagnostic::error(
                Code::Level,
                *span,
                format!("`{symbol}` of an action must have the form `{form}`"),
            )
            .with_help(format!(
                "write `{form}`, where `vars` is the tuple of all variables"
            )),
        );
    }

    fn domains(&mut self, bounds: &[Bound]) -> Vec<(Info, Span)> {
        bounds
            .iter()
            .map(|bound| (self.domain(&bound.domain), bound.domain.span))
            .collect()
    }

    /// A set that names range over.
    fn domain(&mut self, domain: &Expr) -> Info {
        let info = self.expr(domain);
        if info.level == Temporal {
            self.report(Diagnostic::error(
                Code::Level,
                domain.span,
                "a temporal formula cannot be the set of a bound name",
            ));
        }
        info
    }

    fn check_temporal_bounds(&mut self, domains: &[(Info, Span)]) {
        for (info, span) in domains {
            if info.level == Action {
                self.report(Diagnostic::error(
                    Code::Level,
                    *span,
                    "the set of a quantified temporal formula cannot contain primes",
                ));
            }
        }
    }

    /// An expression inside names that range over sets.
    fn bound_by<'e>(
        &mut self,
        domains: impl IntoIterator<Item = &'e Expr>,
        rule: Rule,
        body: &Expr,
    ) -> Info {
        let domains: Vec<Info> = domains
            .into_iter()
            .map(|domain| self.domain(domain))
            .collect();
        let mut result = self.each(rule, [body]);
        for domain in domains {
            result.take(domain);
        }
        result
    }

    /// `[x \in S |-> e]`, also as a definition.
    pub(super) fn function(&mut self, bounds: &[Bound], body: &Expr) -> Info {
        let domains = bounds.iter().map(|bound| &bound.domain);
        self.bound_by(domains, BODY, body)
    }

    fn except(&mut self, base: &Expr, updates: &[(Vec<Selector>, Expr)]) -> Info {
        let mut before = self.expr(base);
        let mut operands = vec![(before.clone(), base.span)];
        for (selectors, value) in updates {
            let indices: Vec<(Info, Span)> = selectors
                .iter()
                .filter_map(|selector| match selector {
                    Selector::Index(index) => Some((self.expr(index), index.span)),
                    Selector::Field(_) => None,
                })
                .collect();
            let mut update = self.operands(EXCEPT, indices);
            self.at.push(before.clone());
            let value_info = self.expr(value);
            self.at.pop();
            update.take(self.operands(BODY, vec![(value_info, value.span)]));
            before.take(update.clone());
            operands.push((update, value.span));
        }
        self.operands(EXCEPT, operands)
    }

    fn let_in(&mut self, definitions: &[DefinitionId], body: &Expr) -> Info {
        let inner: Vec<_> = definitions.iter().map(|&id| self.definition(id)).collect();
        let mut result = self.expr(body);
        for definition in inner {
            result.take_constraints(&definition.outer);
        }
        result
    }

    /// Applies a parameter or declared constant.
    fn apply_param(&mut self, operator: Param, arguments: &[Arg]) -> Info {
        let mut result = Info::param(operator);
        for (argument, value) in arguments.iter().enumerate() {
            let info = self.argument(value);
            let place = Place { operator, argument };
            result.require(place, info.level);
            for &param in &info.params {
                result.passed.insert((place, param));
            }
            result.take(info);
        }
        result
    }

    /// Checks that an assumption is constant.
    pub(super) fn assumption(&mut self, body: &Expr) -> Info {
        let info = self.expr(body);
        // The place of a named assumption is that of its definition.
        if info.level != Constant {
            self.report(
                Diagnostic::error(
                    Code::Level,
                    body.span,
                    format!(
                        "an assumption must be constant, this one {}",
                        describe(info.level)
                    ),
                )
                .with_help(
                    "an ASSUME is about constants: state what holds of variables as an invariant",
                ),
            );
        }
        info
    }

    /// The body of a definition.
    pub(super) fn definition_body(&mut self, id: DefinitionId) -> Info {
        let spec = self.spec;
        let definition = spec.definition(id);
        match &definition.body {
            Body::Expr(body) => self.expr(body),
            Body::Function { bounds, body } => self.function(bounds, body),
            Body::Instance { of, substitution } => {
                self.instantiated(*of, *substitution, &definition.params)
            }
        }
    }
}
