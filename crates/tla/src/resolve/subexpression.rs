//! Parts of definitions by their position or label, such as `Def!1!<<` and `Def!label(x)`.
//!
//! A part becomes a definition of its own, whose parameters are those of the definition and the
//! bound names around the part.

use super::Resolver;
use super::binder::{locals_of, pattern_locals};
use super::copy::Copies;
use super::entity::{Entity, Entry};
use super::expression::{count, make};
use super::reference::part_span;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::spec::{
    Arg, Body, Definition, DefinitionId, Expr, ExprKind, LocalId, OpArg, SubstitutionId,
};
use crate::symbol::Symbol;
use crate::syntax::ast::{self, ReferencePart};

/// How far a reference to a part has been followed.
#[derive(Debug)]
struct Selection {
    /// Parameters of the definition, then names that are bound around the part.
    params: Vec<LocalId>,
    /// What they stand for, as far as it is given.
    arguments: Vec<Arg>,
    /// The definitions of each `LET` around the part.
    lets: Vec<Vec<DefinitionId>>,
    /// The part.
    node: Node,
}

/// A part of a definition.
#[derive(Debug)]
enum Node {
    Expr(Expr),
    /// `LAMBDA` as an argument.
    Lambda(Vec<LocalId>, Expr),
    /// A condition and its result in CASE; the condition is missing for OTHER.
    Arm(Option<Expr>, Expr),
    /// A place without an expression, such as an operator that is passed by its name.
    Empty,
    /// A function definition: what it binds and its body.
    Function(Vec<crate::spec::Bound>, Expr),
}

impl Resolver<'_> {
    /// A part of a definition as a value.
    pub(super) fn subexpression(
        &mut self,
        entry: Entry,
        arguments: &[&ast::Expr],
        rest: &[ReferencePart],
        span: Span,
    ) -> Expr {
        let Some(definition) = self.with_parts(entry, rest, span) else {
            for argument in arguments {
                self.visit(argument);
            }
            return self.nothing(span);
        };
        let wanted = self.arity(entry.entity);
        if arguments.len() != wanted {
            self.error(
                Code::Arity,
                span,
                format!(
                    "`{}` takes {}, here are {}",
                    entry.name,
                    count(wanted, "argument"),
                    arguments.len()
                ),
            );
            return self.nothing(span);
        }
        let arguments = self.arguments(entry.entity, entry.name, arguments);
        if matches!(rest, [ReferencePart::Whole(_)]) {
            return self.apply(entry.entity, arguments, span);
        }
        let Some((part, arguments)) = self.select(definition, arguments, rest, true) else {
            return self.nothing(span);
        };
        let wanted = self.spec.definition(part).params.len();
        if wanted != arguments.len() {
            self.report(
                Diagnostic::error(
                    Code::Arity,
                    span,
                    format!(
                        "this part depends on {}, and {} given",
                        count(wanted, "name"),
                        match arguments.len() {
                            0 => "none is".to_owned(),
                            1 => "one is".to_owned(),
                            given => format!("{given} are"),
                        }
                    ),
                )
                .with_help("say what bound names stand for with `!(value)`"),
            );
            return self.nothing(span);
        }
        make(ExprKind::Apply(part, arguments), span)
    }

    /// A part of a definition as an operator.
    pub(super) fn subexpression_operator(
        &mut self,
        entry: Entry,
        rest: &[ReferencePart],
        arity: u32,
        span: Span,
    ) -> Option<OpArg> {
        let definition = self.with_parts(entry, rest, span)?;
        let part = if matches!(rest, [ReferencePart::Whole(_)]) {
            definition
        } else {
            self.select(definition, Vec::new(), rest, false)?.0
        };
        let given = self.spec.definition(part).params.len();
        if given != arity as usize {
            self.error(
                Code::Arity,
                span,
                format!(
                    "an operator of {} is needed, this part depends on {}",
                    count(arity as usize, "argument"),
                    count(given, "name")
                ),
            );
            return None;
        }
        Some(OpArg::Definition(part))
    }

    /// The definition whose parts are named, if it has any.
    fn with_parts(
        &mut self,
        entry: Entry,
        rest: &[ReferencePart],
        span: Span,
    ) -> Option<DefinitionId> {
        let at = rest.first().map_or(span, part_span);
        let id = match entry.entity {
            Entity::Definition(id) | Entity::Fact(id) => id,
            _ => {
                self.error(
                    Code::Semantics,
                    at,
                    format!(
                        "`{}` is {}: it has no parts to name with `!`",
                        entry.name,
                        entry.entity.kind().describe()
                    ),
                );
                return None;
            }
        };
        if self.is_unfinished(id) {
            self.error(
                Code::Semantics,
                at,
                format!(
                    "a part of `{}` cannot be used in its own definition",
                    entry.name
                ),
            );
            return None;
        }
        Some(id)
    }

    /// Follows `rest` into a definition, through the instances it comes from, and makes a
    /// definition of what is found. `applied` tells whether arguments are given.
    fn select(
        &mut self,
        id: DefinitionId,
        arguments: Vec<Arg>,
        rest: &[ReferencePart],
        applied: bool,
    ) -> Option<(DefinitionId, Vec<Arg>)> {
        let mut layers: Vec<SubstitutionId> = Vec::new();
        let mut original = id;
        while let Body::Instance { of, substitution } = &self.spec.definition(original).body {
            layers.push(*substitution);
            original = *of;
        }
        let definition: Definition = self.spec.definition(original).clone();
        let node = match &definition.body {
            Body::Function { bounds, body } => Node::Function(bounds.clone(), body.clone()),
            Body::Expr(body) => Node::Expr(body.clone()),
            Body::Instance { .. } => return None,
        };
        let mut selection = Selection {
            params: definition.params.clone(),
            arguments,
            lets: Vec::new(),
            node,
        };
        let mut rest = rest;
        if let Some(ReferencePart::Name(..)) = rest.first() {
            rest = self.follow_labels(original, &mut selection, rest, applied)?;
        }
        while let Some((part, after)) = rest.split_first() {
            rest = self.step(&mut selection, part, after, applied)?;
        }
        let part = self.define_part(
            &definition,
            &selection.params,
            &selection.lets,
            selection.node,
        )?;
        let part = layers
            .into_iter()
            .rev()
            .fold(part, |of, substitution| self.wrap(of, substitution));
        Some((part, selection.arguments))
    }

    /// Follows labels, one inside the other.
    fn follow_labels<'p>(
        &mut self,
        id: DefinitionId,
        selection: &mut Selection,
        rest: &'p [ReferencePart],
        applied: bool,
    ) -> Option<&'p [ReferencePart]> {
        let mut path: Vec<Symbol> = Vec::new();
        for (at, part) in rest.iter().enumerate() {
            let ReferencePart::Name(name, arguments) = part else {
                return rest.get(at..);
            };
            path.push(name.name);
            let Some(label) = self.label_of(id, &path) else {
                self.error(
                    Code::Unknown,
                    name.span,
                    format!(
                        "`{}` has no label `{}`",
                        self.spec.definition(id).name,
                        name.name
                    ),
                );
                return None;
            };
            if applied && arguments.len() != label.params.len() {
                self.error(
                    Code::Arity,
                    name.span,
                    format!(
                        "the label `{}` takes {}",
                        name.name,
                        count(label.params.len(), "argument")
                    ),
                );
                return None;
            }
            selection.params.extend(label.params);
            selection.lets = label.lets;
            selection.node = Node::Expr(label.body);
            let given = self.exprs(arguments);
            selection.arguments.extend(given.into_iter().map(Arg::Expr));
        }
        Some(&[])
    }

    /// Follows one part, and gives what is left.
    fn step<'p>(
        &mut self,
        selection: &mut Selection,
        part: &ReferencePart,
        after: &'p [ReferencePart],
        applied: bool,
    ) -> Option<&'p [ReferencePart]> {
        let span = part_span(part);
        if let (ReferencePart::Whole(_), Some(ReferencePart::Name(..))) = (part, after.first()) {
            return Some(after);
        }
        let placeholder = Node::Expr(self.nothing(span));
        let node = std::mem::replace(&mut selection.node, placeholder);
        if let ReferencePart::Name(name, arguments) = part {
            return self.step_into_let(selection, node, name.name, arguments, after, span);
        }
        let (bound, operands, body) = parts_of(node, &self.spec.sources);
        let inside = matches!(part, ReferencePart::Body(_) | ReferencePart::Arguments(..));
        match (body, inside) {
            (Some(body), true) => {
                if let ReferencePart::Arguments(values, _) = part {
                    if values.len() != bound.len() || !applied {
                        self.error(
                            Code::Arity,
                            span,
                            format!(
                                "here are {}, to be given a value",
                                count(bound.len(), "bound name")
                            ),
                        );
                        return None;
                    }
                    let values = self.exprs(values);
                    selection
                        .arguments
                        .extend(values.into_iter().map(Arg::Expr));
                }
                selection.params.extend(bound);
                selection.node = body;
                return Some(after);
            }
            (_, true) => {
                self.error(Code::Semantics, span, "no names are bound here");
                return None;
            }
            _ => {}
        }
        let number = match part {
            ReferencePart::Operand(number, _) => *number as usize,
            ReferencePart::First(_) => 1,
            ReferencePart::Second(_) if operands.len() == 2 => 2,
            _ => 0,
        };
        let Some(operand) = number
            .checked_sub(1)
            .and_then(|at| operands.into_iter().nth(at))
        else {
            self.error(Code::Semantics, span, "there is no such part");
            return None;
        };
        let (lets, operand) = operand;
        selection.lets.extend(lets);
        selection.node = operand;
        Some(after)
    }

    /// A definition of the `LET` that has been reached.
    fn step_into_let<'p>(
        &mut self,
        selection: &mut Selection,
        node: Node,
        name: Symbol,
        arguments: &[ast::Expr],
        after: &'p [ReferencePart],
        span: Span,
    ) -> Option<&'p [ReferencePart]> {
        let Node::Expr(Expr { kind, .. }) = node else {
            self.error(Code::Semantics, span, "a name can only follow a LET here");
            return None;
        };
        let ExprKind::Let { definitions, .. } = *kind else {
            self.error(Code::Semantics, span, "a name can only follow a LET here");
            return None;
        };
        let found = definitions
            .iter()
            .copied()
            .find(|&id| self.spec.definition(id).name == name);
        let Some(found) = found else {
            self.error(
                Code::Unknown,
                span,
                format!("the LET here does not define `{name}`"),
            );
            return None;
        };
        let params = self.spec.definition(found).params.clone();
        let given = self.exprs(arguments);
        selection.arguments.extend(given.into_iter().map(Arg::Expr));
        selection.node = if after.is_empty() {
            let operands = params
                .iter()
                .map(|&param| match self.spec.local(param).arity {
                    0 => Arg::Expr(make(ExprKind::Local(param, Vec::new()), span)),
                    _ => Arg::Op(OpArg::Local(param)),
                })
                .collect();
            Node::Expr(make(ExprKind::Apply(found, operands), span))
        } else {
            match self.spec.definition(found).body.clone() {
                Body::Expr(body) => Node::Expr(body),
                Body::Function { bounds, body } => Node::Function(bounds, body),
                Body::Instance { .. } => Node::Empty,
            }
        };
        selection.params.extend(params);
        selection.lets.push(definitions);
        Some(after)
    }

    /// Makes a definition of a part.
    fn define_part(
        &mut self,
        of: &Definition,
        params: &[LocalId],
        lets: &[Vec<DefinitionId>],
        node: Node,
    ) -> Option<DefinitionId> {
        let part = match node {
            Node::Expr(part) => part,
            Node::Lambda(..) | Node::Arm(..) | Node::Function(..) | Node::Empty => {
                self.error(
                    Code::Semantics,
                    of.span,
                    "a part of a definition must be an expression",
                );
                return None;
            }
        };
        let mut copies = Copies::default();
        let params = self.copy_locals(params, &mut copies);
        let lets: Vec<Vec<DefinitionId>> = lets
            .iter()
            .map(|ids| self.copy_definitions(ids, &mut copies))
            .collect();
        let span = part.span;
        let part = self.copy(&part, &mut copies);
        let body = lets.into_iter().rev().fold(part, |body, definitions| {
            make(ExprKind::Let { definitions, body }, span)
        });
        let id = self.new_definition(of.name, params, Body::Expr(body), span, span);
        self.note_section(id);
        Some(id)
    }

    /// A definition as an instance sees it.
    fn wrap(&mut self, of: DefinitionId, substitution: SubstitutionId) -> DefinitionId {
        let own: Vec<LocalId> = self
            .spec
            .substitution(substitution)
            .params
            .iter()
            .chain(&self.spec.definition(of).params)
            .copied()
            .collect();
        let params = self.copy_locals(&own, &mut Copies::default());
        let definition = self.spec.definition(of);
        let (name, span) = (definition.name, definition.span);
        let id = self.new_definition(
            name,
            params,
            Body::Instance { of, substitution },
            span,
            span,
        );
        self.note_section(id);
        id
    }
}

type Lets = Vec<Vec<DefinitionId>>;

/// The names that are bound in a node, its operands (with the `LET`s on the way) and, where names
/// are bound, its body.
fn parts_of(
    node: Node,
    sources: &crate::source::SourceMap,
) -> (Vec<LocalId>, Vec<(Lets, Node)>, Option<Node>) {
    let plain = |items: Vec<Expr>| -> Vec<(Lets, Node)> {
        items
            .into_iter()
            .map(|item| (Vec::new(), Node::Expr(item)))
            .collect()
    };
    let none = (Vec::new(), Vec::new(), None);
    let expr = match node {
        Node::Expr(expr) => expr,
        Node::Lambda(params, body) => return (params, Vec::new(), Some(Node::Expr(body))),
        Node::Function(bounds, body) => return bounded(bounds, body),
        Node::Empty => return none,
        Node::Arm(condition, result) => {
            let condition = condition.map_or(Node::Empty, Node::Expr);
            let operands = vec![(Vec::new(), condition), (Vec::new(), Node::Expr(result))];
            return (Vec::new(), operands, None);
        }
    };
    let span = expr.span;
    let operands = match *expr.kind {
        ExprKind::And(items) => junction(items, span, sources, ExprKind::And),
        ExprKind::Or(items) => junction(items, span, sources, ExprKind::Or),
        ExprKind::Builtin(_, items)
        | ExprKind::SetEnum(items)
        | ExprKind::Tuple(items)
        | ExprKind::Product(items) => items,
        ExprKind::If(condition, then, otherwise) => vec![condition, then, otherwise],
        ExprKind::FnApply(one, other)
        | ExprKind::FnSet(one, other)
        | ExprKind::BoxAction(one, other)
        | ExprKind::AngleAction(one, other)
        | ExprKind::WeakFairness(one, other)
        | ExprKind::StrongFairness(one, other) => vec![one, other],
        ExprKind::Record(fields) | ExprKind::RecordSet(fields) => {
            fields.into_iter().map(|(_, value)| value).collect()
        }
        ExprKind::Field(record, field) => {
            vec![record, make(ExprKind::String(field), span)]
        }
        ExprKind::Except { base, .. } => vec![base],
        ExprKind::Let { definitions, body } => {
            return (
                Vec::new(),
                vec![(vec![definitions], Node::Expr(body))],
                None,
            );
        }
        ExprKind::Case { arms, other } => {
            let arms = arms
                .into_iter()
                .map(|(condition, result)| (Vec::new(), Node::Arm(Some(condition), result)));
            let other = other.map(|other| (Vec::new(), Node::Arm(None, other)));
            return (Vec::new(), arms.chain(other).collect(), None);
        }
        ExprKind::Constant(_, arguments)
        | ExprKind::Local(_, arguments)
        | ExprKind::Apply(_, arguments) => {
            let operands = arguments
                .into_iter()
                .map(|argument| {
                    let node = match argument {
                        Arg::Expr(value) | Arg::Op(OpArg::Expr(value)) => Node::Expr(value),
                        Arg::Op(OpArg::Lambda(params, body)) => Node::Lambda(params, *body),
                        Arg::Op(_) => Node::Empty,
                    };
                    (Vec::new(), node)
                })
                .collect();
            return (Vec::new(), operands, None);
        }
        ExprKind::Quantified { bounds, body, .. }
        | ExprKind::SetMap { body, bounds }
        | ExprKind::Function { bounds, body } => return bounded(bounds, body),
        ExprKind::Unbounded { locals, body, .. } => {
            return (locals, Vec::new(), Some(Node::Expr(body)));
        }
        ExprKind::Choose {
            pattern,
            domain,
            body,
        } => {
            let locals = pattern_locals(&pattern).to_vec();
            let domains = plain(domain.into_iter().collect());
            return (locals, domains, Some(Node::Expr(body)));
        }
        ExprKind::SetFilter {
            pattern,
            domain,
            body,
        } => {
            let locals = pattern_locals(&pattern).to_vec();
            return (locals, plain(vec![domain]), Some(Node::Expr(body)));
        }
        ExprKind::Int(_)
        | ExprKind::Decimal(_)
        | ExprKind::String(_)
        | ExprKind::Bool(_)
        | ExprKind::Special(_)
        | ExprKind::Variable(_)
        | ExprKind::At => return none,
    };
    (Vec::new(), plain(operands), None)
}

fn bounded(
    bounds: Vec<crate::spec::Bound>,
    body: Expr,
) -> (Vec<LocalId>, Vec<(Lets, Node)>, Option<Node>) {
    let locals = locals_of(&bounds);
    let domains = bounds
        .into_iter()
        .map(|bound| (Vec::new(), Node::Expr(bound.domain)))
        .collect();
    (locals, domains, Some(Node::Expr(body)))
}

/// A bulleted list has all its items as operands, a chain has two: all but the last, and the last.
fn junction(
    mut items: Vec<Expr>,
    span: Span,
    sources: &crate::source::SourceMap,
    make_kind: fn(Vec<Expr>) -> ExprKind,
) -> Vec<Expr> {
    let is_list = items
        .first()
        .is_some_and(|first| first.span.start > span.start)
        && sources.file(span.file).is_some_and(|file| {
            let text = file.text().get(span.start as usize..).unwrap_or("");
            ["/\\", "\\/", "\\land", "\\lor", "∧", "∨"]
                .iter()
                .any(|bullet| text.starts_with(bullet))
        });
    if is_list || items.len() <= 2 {
        return items;
    }
    let Some(last) = items.pop() else {
        return items;
    };
    let front_span = items
        .first()
        .zip(items.last())
        .map_or(span, |(first, last)| first.span.to(last.span));
    vec![make(make_kind(items), front_span), last]
}
