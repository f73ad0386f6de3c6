//! Puts a model together.

use std::sync::Arc;

use super::super::compile::{Compiled, Compiler, RootId};
use super::checks::Found;
use super::configuration::{Configured, texts};
use super::order::talks_to_checker;
use super::properties::Properties;
use super::specification::Behaviour;
use super::{Asked, Check, Model, Options, Temporal, nowhere};
use crate::data::DataFolder;
use crate::diagnostic::{Code as Class, Diagnostic};
use crate::eval::code::{Code, Entry, Op};
use crate::spec::Spec;
use crate::symbol::Symbol;
use crate::syntax::config::Config;
use crate::value::{Ranks, Value};

/// Code to be handed out as a [`Check`].
pub(super) struct Draft {
    pub(super) name: Symbol,
    pub(super) span: crate::source::Span,
    pub(super) root: RootId,
}

/// A formula to be handed out as a [`Temporal`].
pub(super) struct TemporalDraft {
    pub(super) name: Symbol,
    pub(super) span: crate::source::Span,
    pub(super) frame: crate::eval::compile::FrameId,
    pub(super) formula: crate::eval::formula::Formula<RootId>,
}

impl Model {
    /// Compiles a specification under a configuration.
    ///
    /// To be called on a thread of [`crate::stack::with_deep_stack`].
    ///
    /// # Errors
    /// What the configuration lacks or gets wrong, as far as TLC finds it before it runs the
    /// model; at least one finding is an error.
    pub fn build(
        spec: Arc<Spec>,
        config: &Config,
        options: Options<'_>,
    ) -> Result<Model, Vec<Diagnostic>> {
        let ranks = Ranks::new(texts(config).into_iter().chain(spec.texts.iter().copied()));
        ranks.take_effect();
        let drafts = compile(&spec, config, options);
        match drafts {
            Ok((compiled, drafts)) => Ok(finish(spec, config, compiled, drafts, ranks)),
            Err(found) => Err(found),
        }
    }
}

struct Drafts {
    assumptions: Vec<Draft>,
    behaviour: Behaviour,
    properties: Properties,
    constraints: Vec<Draft>,
    action_constraints: Vec<Draft>,
    view: Option<Draft>,
    alias: Option<Draft>,
    postconditions: Vec<Draft>,
    symmetry: Vec<Draft>,
    interface: Option<(Draft, Vec<Draft>)>,
    warnings: Vec<Diagnostic>,
}

fn compile(
    spec: &Spec,
    config: &Config,
    options: Options<'_>,
) -> Result<(Compiled, Drafts), Vec<Diagnostic>> {
    let Some(root) = spec.root.map(|root| spec.module(root)) else {
        return Err(vec![Diagnostic::error(
            Class::Module,
            nowhere(),
            "the specification has no root module",
        )]);
    };
    let mut found = Found::default();
    let Configured { bindings } = Configured::read(spec, root, config, &mut found);
    if found.is_fatal() {
        return Err(found.all);
    }
    let mut compiler = Compiler::new(spec, &bindings, options.coverage);
    let assumptions = root
        .assumptions
        .iter()
        .map(|assumption| {
            let scope = compiler.root_scope();
            let code = compiler.expression(&assumption.body, &scope);
            Draft {
                name: assumption.name.unwrap_or_else(|| Symbol::new("ASSUME")),
                span: code.span,
                root: compiler.root(code, &scope),
            }
        })
        .collect();
    let mut names = super::checks::Names {
        spec,
        root,
        compiler: &mut compiler,
        found: &mut found,
    };
    let behaviour = names.behaviour(config);
    let properties = names.properties(config);
    names.behaviour_is_whole(config, &behaviour, &properties);
    let drafts = Drafts {
        assumptions,
        behaviour,
        properties,
        constraints: names.constraints(&config.constraints),
        action_constraints: names.action_constraints(&config.action_constraints),
        view: names.view(config.view.as_ref()),
        alias: names.alias(config.alias.as_ref()),
        postconditions: names.postconditions(&config.postcondition),
        symmetry: names.symmetry(&config.symmetry),
        interface: options.interface.and_then(|asked| names.interface(asked)),
        warnings: Vec::new(),
    };
    if found.is_fatal() {
        return Err(found.all);
    }
    let compiled = compiler.finish();
    Ok((
        compiled,
        Drafts {
            warnings: found.all,
            ..drafts
        },
    ))
}

fn finish(
    spec: Arc<Spec>,
    config: &Config,
    mut compiled: Compiled,
    drafts: Drafts,
    ranks: Ranks,
) -> Model {
    let mut hand_out = |draft: Draft| Check {
        name: draft.name,
        span: draft.span,
        code: entry(&mut compiled, draft.root),
    };
    let assumptions = drafts.assumptions.into_iter().map(&mut hand_out).collect();
    let properties = drafts.properties;
    let invariants: Vec<Check> = properties
        .invariants
        .into_iter()
        .map(&mut hand_out)
        .collect();
    let initial_properties: Vec<Check> =
        properties.initial.into_iter().map(&mut hand_out).collect();
    let action_properties = properties.actions.into_iter().map(&mut hand_out).collect();
    let constraints = drafts.constraints.into_iter().map(&mut hand_out).collect();
    let action_constraints = drafts
        .action_constraints
        .into_iter()
        .map(&mut hand_out)
        .collect();
    let view = drafts.view.map(&mut hand_out);
    let alias = drafts.alias.map(&mut hand_out);
    let postconditions = drafts
        .postconditions
        .into_iter()
        .map(&mut hand_out)
        .collect();
    let symmetry = drafts.symmetry.into_iter().map(&mut hand_out).collect();
    let interface = drafts.interface.map(|(view, actions)| Asked {
        view: hand_out(view),
        actions: actions.into_iter().map(&mut hand_out).collect(),
    });
    let init = match drafts.behaviour.init {
        Some(root) => entry(&mut compiled, root),
        None => constant(Value::Bool(false)),
    };
    let next = drafts.behaviour.next.map(|root| entry(&mut compiled, root));
    let mut temporal = |draft: TemporalDraft| {
        let (formula, frame_size) = compiled.formula(draft.formula, draft.frame);
        Temporal {
            name: draft.name,
            span: draft.span,
            frame_size,
            formula,
        }
    };
    let temporal_properties = properties.temporal.into_iter().map(&mut temporal).collect();
    let fairness = drafts
        .behaviour
        .fairness
        .into_iter()
        .map(&mut temporal)
        .collect();
    let mut constant_claims = properties.constants;
    let claims = [&invariants, &initial_properties];
    for claim in claims.into_iter().flatten() {
        let claim: &Check = claim;
        if talks_to_checker(&compiled.program, &claim.code.body) {
            constant_claims.retain(|name| *name != claim.name);
        }
    }
    Model {
        spec,
        program: compiled.program,
        data: DataFolder::default(),
        ranks,
        assumptions,
        init,
        next,
        actions: compiled.actions,
        interface,
        invariants,
        initial_properties,
        action_properties,
        temporal_properties,
        fairness,
        constraints,
        action_constraints,
        view,
        alias,
        constant_claims,
        postconditions,
        symmetry,
        check_deadlock: config.check_deadlock.unwrap_or(true),
        counted: compiled.counted,
        warnings: drafts.warnings,
    }
}

fn entry(compiled: &mut Compiled, root: RootId) -> Entry {
    compiled
        .entry(root)
        .unwrap_or_else(|| constant(Value::Bool(false)))
}

fn constant(value: Value) -> Entry {
    Entry {
        frame_size: 0,
        body: Code {
            op: Op::Value(value),
            span: nowhere(),
        },
    }
}
