//! The contract: what an answer must define, and the modules that put its parts to the test.

use std::fmt::Write as _;

use tla::check::ConfigText;
use tla::diagnostic::{Code, Diagnostic};
use tla::eval::model::Interface;
use tla::resolve::InMemory;
use tla::source::Span;
use tla::spec::{Level, Module, Spec};
use tla::symbol::Symbol;

use crate::task::ModeledSystem;

/// Name to show for the configurations that the grader writes.
const CONFIG_NAME: &str = "task.cfg";

/// A module of properties over the variable `view`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PropertyModule {
    /// The name in its header.
    pub(super) name: &'static str,
    pub(super) text: String,
}

/// An answer together with what its task asks of it.
pub(super) struct Contract<'t> {
    pub(super) system: &'t ModeledSystem,
    /// The name of the answer's module.
    pub(super) module: String,
    /// The text of the answer.
    text: String,
    /// What is defined over its observation.
    properties: PropertyModule,
    /// What the names of the grader's own definitions begin with; nowhere in the answer.
    prefix: String,
}

impl<'t> Contract<'t> {
    pub(super) fn new(system: &'t ModeledSystem, text: &str, properties: PropertyModule) -> Self {
        let mut prefix = "Sextant".to_owned();
        while text.contains(&prefix) {
            prefix.push('x');
        }
        Self {
            system,
            module: module_name(text).unwrap_or("Spec").to_owned(),
            text: text.to_owned(),
            properties,
            prefix,
        }
    }

    /// The module that is checked: the answer with the grader's definitions.
    pub(super) fn root(&self) -> String {
        format!("{}Grading", self.prefix)
    }

    /// What says that `View` is what the interface says.
    pub(super) fn fits(&self) -> String {
        format!("{}Fits", self.prefix)
    }

    /// The name under which a property is checked.
    pub(super) fn property(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// A text whose names that begin with `@` are given names that are nowhere in the answer.
    pub(super) fn own_names(&self, text: &str) -> String {
        text.replace('@', &self.prefix)
    }

    /// The answer alone.
    pub(super) fn answer_source(&self) -> InMemory {
        InMemory::new().with(&self.module, &self.text)
    }

    /// All modules as texts by name: the answer, what it is held against, and the root.
    pub(super) fn modules(&self, properties: &[&str]) -> Vec<(String, String)> {
        let prefix = &self.prefix;
        let constants: Vec<&str> = self.system.constants.keys().map(String::as_str).collect();
        let declared = match constants.is_empty() {
            true => String::new(),
            false => format!("CONSTANTS {}\n", constants.join(", ")),
        };
        let fields = self.system.observables.iter();
        let fields: Vec<String> = fields
            .map(|it| format!("{} : {}", it.name, it.set))
            .collect();
        let interface = format!(
            "---- MODULE {prefix}Interface ----\nEXTENDS Integers, Sequences, FiniteSets\n\
             {declared}VARIABLE view\nFits == view \\in [{}]\n====\n",
            fields.join(", ")
        );
        let mut root = format!(
            "---- MODULE {} ----\nEXTENDS {}\n\
             {prefix}Interface == INSTANCE {prefix}Interface WITH view <- View\n\
             {} == {prefix}Interface!Fits\n",
            self.root(),
            self.module,
            self.fits(),
        );
        if !properties.is_empty() {
            let _ = writeln!(
                root,
                "{prefix}Properties == INSTANCE {} WITH view <- View",
                self.properties.name
            );
        }
        for name in properties {
            let own = self.property(name);
            let _ = writeln!(root, "{own} == {prefix}Properties!{name}");
        }
        root.push_str("====\n");
        let mut modules = vec![
            (self.module.clone(), self.text.clone()),
            (format!("{prefix}Interface"), interface),
            (self.root(), root),
        ];
        if !properties.is_empty() {
            modules.push((
                self.properties.name.to_owned(),
                self.properties.text.clone(),
            ));
        }
        modules
    }

    /// [`Contract::modules`], for the engine.
    pub(super) fn sources(&self, properties: &[&str]) -> InMemory {
        self.modules(properties)
            .into_iter()
            .fold(InMemory::new(), |all, (name, text)| all.with(name, text))
    }

    /// The configuration of the task, with more lines.
    pub(super) fn config(&self, bounded: bool, more: &str) -> String {
        let mut text = "SPECIFICATION Spec\n".to_owned();
        for (name, value) in &self.system.constants {
            let _ = writeln!(text, "CONSTANT {name} = {value}");
        }
        if bounded {
            text.push_str("CONSTRAINT Bound\n");
        }
        text.push_str(more);
        text
    }

    /// What is asked of an answer that has these actions.
    pub(super) fn interface(&self, missing: &[String]) -> Interface {
        let actions = self.system.actions.iter();
        Interface {
            view: Symbol::new("View"),
            actions: actions
                .filter(|action| !missing.contains(&action.name))
                .map(|action| (Symbol::new(&action.name), action.parameters.len()))
                .collect(),
        }
    }
}

/// A configuration as the engine takes it.
pub(super) fn config_text(text: &str) -> ConfigText<'_> {
    ConfigText {
        name: CONFIG_NAME,
        text,
    }
}

/// The name in the first header of a module.
fn module_name(text: &str) -> Option<&str> {
    text.lines().find_map(|line| {
        let line = line.trim_start();
        let rest = line.trim_start_matches('-');
        let name = rest.trim_start().strip_prefix("MODULE")?;
        let is_header = line.len() >= rest.len() + 4 && name.starts_with([' ', '\t']);
        let name = name.trim().trim_end_matches('-').trim_end();
        is_header.then_some(name).filter(|name| !name.is_empty())
    })
}

/// How far an answer that can be read keeps the contract.
#[derive(Default)]
pub(super) struct Kept {
    /// How many demands there are.
    pub(super) demands: usize,
    /// What is wrong.
    pub(super) broken: Vec<Diagnostic>,
    /// Actions that are not there, or not as they should be.
    pub(super) missing_actions: Vec<String>,
    /// Whether nothing more can be asked of it.
    pub(super) is_fatal: bool,
    /// Whether it defines `Bound`.
    pub(super) is_bounded: bool,
}

impl Kept {
    /// The share of the demands that are met.
    #[expect(clippy::cast_precision_loss, reason = "a handful of demands")]
    pub(super) fn share(&self) -> f64 {
        let met = self.demands.saturating_sub(self.broken.len());
        met as f64 / self.demands.max(1) as f64
    }

    /// Holds the definitions of an answer against its task's interface.
    pub(super) fn of(contract: &Contract<'_>, spec: &Spec) -> Self {
        let Some(root) = spec.root.map(|root| spec.module(root)) else {
            return Self {
                is_fatal: true,
                ..Self::default()
            };
        };
        let mut kept = Self::default();
        for (name, level) in [
            ("Init", Level::State),
            ("Next", Level::Action),
            ("Spec", Level::Temporal),
            ("View", Level::State),
        ] {
            kept.is_fatal |= !kept.demand(spec, root, name, 0, level);
        }
        for action in &contract.system.actions {
            let arity = action.parameters.len();
            if !kept.demand(spec, root, &action.name, arity, Level::Action) {
                kept.missing_actions.push(action.name.clone());
            }
        }
        for name in contract.system.constants.keys() {
            kept.demands += 1;
            let symbol = Symbol::new(name);
            let declared = |id: &&_| spec.constant(**id).name == symbol;
            if !root.constants.iter().any(|id| declared(&id)) && !root.scope.contains_key(&symbol) {
                kept.is_fatal = true;
                let message = format!("the constant `{name}` is not declared");
                kept.broken.push(
                    Diagnostic::error(Code::Unknown, end_of(root), message)
                        .with_help(format!("add `CONSTANT {name}`")),
                );
            }
        }
        for &id in &root.constants {
            let constant = spec.constant(id);
            if !contract
                .system
                .constants
                .contains_key(constant.name.as_str())
            {
                kept.demands += 1;
                kept.is_fatal = true;
                let message = format!("nothing gives the constant `{}` a value", constant.name);
                kept.broken.push(
                    Diagnostic::error(Code::Config, constant.span, message)
                        .with_help("define it in the specification instead of declaring it"),
                );
            }
        }
        if root.scope.contains_key(&Symbol::new("Bound")) {
            kept.is_bounded = kept.demand(spec, root, "Bound", 0, Level::State);
        }
        kept
    }

    /// Whether the root module has a definition of this name, with so many parameters and at most
    /// this level.
    fn demand(
        &mut self,
        spec: &Spec,
        root: &Module,
        name: &str,
        arity: usize,
        most: Level,
    ) -> bool {
        self.demands += 1;
        let fault = match root.scope.get(&Symbol::new(name)) {
            None => {
                let with = match arity {
                    0 => String::new(),
                    1 => " with one parameter".to_owned(),
                    _ => format!(" with {arity} parameters"),
                };
                Diagnostic::error(
                    Code::Unknown,
                    end_of(root),
                    format!("`{name}` is not defined; the task asks for it{with}"),
                )
            }
            Some(&id) => {
                let definition = spec.definition(id);
                let plain = definition
                    .params
                    .iter()
                    .all(|&param| spec.local(param).arity == 0);
                if definition.params.len() != arity || !plain {
                    let message = format!(
                        "`{name}` has {} parameters; the task asks for {arity}",
                        definition.params.len()
                    );
                    Diagnostic::error(Code::Arity, definition.span, message)
                } else if definition.level > most {
                    let words = match most {
                        Level::Constant => "a constant",
                        Level::State => "about one state, without primes",
                        Level::Action => "about one step, not a temporal formula",
                        Level::Temporal => "a temporal formula",
                    };
                    let message = format!("`{name}` must be {words}");
                    Diagnostic::error(Code::Level, definition.span, message)
                } else {
                    return true;
                }
            }
        };
        self.broken.push(fault);
        false
    }
}

/// Where a module ends: what is missing is missing there.
fn end_of(module: &Module) -> Span {
    Span {
        start: module.span.end,
        ..module.span
    }
}

#[cfg(test)]
mod tests {
    use super::module_name;

    #[test]
    fn the_module_is_found_by_its_header() {
        for (text, name) in [
            ("---- MODULE Spec ----\n====", Some("Spec")),
            ("Here it is:\n------MODULE  A_1 ---\n", Some("A_1")),
            ("the MODULE keyword\n--- MODULE no", None),
            ("", None),
            ("----", None),
        ] {
            assert_eq!(module_name(text), name, "{text:?}");
        }
    }
}
