//! What the configuration puts in the place of constants and definitions.

use std::collections::HashMap;

use super::super::compile::{Bindings, Replacement};
use super::checks::Found;
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::{Body, ConstantId, DefinitionId, Level, Module, ModuleId, Spec};
use crate::symbol::Symbol;
use crate::syntax::config::{Config, ConfigValue, ConstantSetting, ConstantValue, Named};
use crate::value::Value;

/// The configuration's constants, checked.
pub(super) struct Configured {
    pub(super) bindings: Bindings,
}

/// A name on the left side.
#[derive(Clone, Copy)]
enum Left {
    Constant(ConstantId),
    Definition(DefinitionId),
}

struct Reader<'a> {
    spec: &'a Spec,
    root: &'a Module,
    found: &'a mut Found,
    bindings: Bindings,
    /// Lines `F(1, 2) = value`, by operator.
    tables: HashMap<Symbol, Table<'a>>,
    /// Names on the left of `<-`.
    redirected: Vec<Symbol>,
    /// The constants of the root module.
    constants: HashMap<Symbol, ConstantId>,
}

struct Table<'a> {
    name: &'a Named,
    left: Left,
    arity: u32,
    lines: Vec<(Value, Value)>,
}

impl Configured {
    /// Reads all constants; what is wrong goes to `found`.
    pub(super) fn read(
        spec: &Spec,
        root: &Module,
        config: &Config,
        found: &mut Found,
    ) -> Configured {
        let redirected = config
            .constants
            .iter()
            .filter(|setting| matches!(setting.value, ConstantValue::Operator(_)))
            .map(|setting| setting.name.name)
            .collect();
        let mut reader = Reader {
            spec,
            root,
            found,
            bindings: Bindings::default(),
            tables: HashMap::new(),
            redirected,
            constants: root
                .constants
                .iter()
                // Of two with one name the first counts.
                .rev()
                .map(|&id| (spec.constant(id).name, id))
                .collect(),
        };
        // Values first: an operator on a right side may be a constant that has one.
        let (values, operators): (Vec<_>, Vec<_>) = config
            .constants
            .iter()
            .partition(|setting| matches!(setting.value, ConstantValue::Value { .. }));
        for setting in values.into_iter().chain(operators) {
            reader.setting(setting);
        }
        reader.finish_tables();
        reader.missing();
        Configured {
            bindings: reader.bindings,
        }
    }
}

impl<'a> Reader<'a> {
    fn setting(&mut self, setting: &'a ConstantSetting) {
        match &setting.value {
            ConstantValue::Value { arguments, value } => {
                self.value(&setting.name, arguments, value);
            }
            ConstantValue::Operator(operator) => self.operator(&setting.name, operator),
            ConstantValue::OperatorIn { module, operator } => {
                self.in_module(&setting.name, module, |reader, id| {
                    reader.definition_replacement(id, operator)
                });
            }
            ConstantValue::ValueIn { module, value } => {
                self.in_module(&setting.name, module, |reader, _| {
                    let value = reader.config_value(value, &setting.name)?;
                    Some(Replacement::Value(value))
                });
            }
        }
    }

    fn left(&self, name: Symbol) -> Option<Left> {
        match self.constants.get(&name) {
            Some(&id) => Some(Left::Constant(id)),
            None => self.root.scope.get(&name).map(|&id| Left::Definition(id)),
        }
    }

    fn arity(&self, left: Left) -> u32 {
        match left {
            Left::Constant(id) => self.spec.constant(id).arity,
            Left::Definition(id) => count(self.spec.definition(id).params.len()),
        }
    }

    fn bind(&mut self, left: Left, replacement: Replacement) {
        match left {
            Left::Constant(id) => {
                self.bindings.constants.insert(id, replacement);
            }
            Left::Definition(id) => {
                self.bindings.definitions.insert(id, replacement);
            }
        }
    }

    /// `C = value` and `F(1) = value`
    fn value(&mut self, name: &'a Named, arguments: &[ConfigValue], value: &ConfigValue) {
        let Some(left) = self.left(name.name) else {
            self.found.push(
                Diagnostic::warning(
                    Code::Config,
                    name.span,
                    format!(
                        "`{}` is not declared or defined in the specification",
                        name.name
                    ),
                )
                .with_help("remove the line, or declare it with CONSTANT; it has no effect now"),
            );
            return;
        };
        let arity = self.arity(left);
        if arity != count(arguments.len()) {
            self.found.push(
                Diagnostic::error(
                    Code::Arity,
                    name.span,
                    format!(
                        "`{}` takes {arity} arguments, but is given a value for {}",
                        name.name,
                        arguments.len()
                    ),
                )
                .with_help(format!(
                    "replace it by an operator of the specification: `{} <- Operator`",
                    name.name
                )),
            );
            return;
        }
        let Some(value) = self.config_value(value, name) else {
            return;
        };
        if arguments.is_empty() {
            self.bind(left, Replacement::Value(value));
            return;
        }
        let mut key = Vec::new();
        for argument in arguments {
            match self.config_value(argument, name) {
                Some(argument) => key.push(argument),
                None => return,
            }
        }
        let key = match key.len() {
            1 => key.swap_remove(0),
            _ => match Value::tuple(key) {
                Ok(key) => key,
                Err(error) => {
                    self.unusable(name, &error.to_string());
                    return;
                }
            },
        };
        let table = self.tables.entry(name.name).or_insert_with(|| Table {
            name,
            left,
            arity,
            lines: Vec::new(),
        });
        table.lines.push((key, value));
    }

    fn finish_tables(&mut self) {
        for (_, table) in std::mem::take(&mut self.tables) {
            debug_assert!(table.arity > 0, "a table belongs to an operator");
            match Value::function_from_pairs(table.lines) {
                Ok(function) => self.bind(table.left, Replacement::Table(function)),
                Err(error) => self.unusable(table.name, &error.to_string()),
            }
        }
    }

    /// `C <- Operator`
    fn operator(&mut self, name: &Named, operator: &Named) {
        let Some(left) = self.left(name.name) else {
            self.found.push(
                Diagnostic::error(
                    Code::Config,
                    name.span,
                    format!(
                        "`{}` is not declared or defined in the specification",
                        name.name
                    ),
                )
                .with_help(format!(
                    "declare it with CONSTANT {}, or remove the line",
                    name.name
                )),
            );
            return;
        };
        if self.redirected.contains(&operator.name) {
            self.found.push(
                Diagnostic::error(
                    Code::Config,
                    operator.span,
                    format!(
                        "`{}` is itself replaced by this configuration",
                        operator.name
                    ),
                )
                .with_help(format!(
                    "replace `{}` by what `{}` is replaced by",
                    name.name, operator.name
                )),
            );
            return;
        }
        let replacement = match self.left(operator.name) {
            None => {
                self.not_defined(operator);
                return;
            }
            Some(Left::Constant(id)) => match self.bindings.constants.get(&id) {
                Some(replacement) => replacement.clone(),
                None => return,
            },
            Some(Left::Definition(id)) => match self.bindings.definitions.get(&id) {
                Some(Replacement::Value(value)) => Replacement::Value(value.clone()),
                _ => Replacement::Definition(id),
            },
        };
        let arity = self.arity(left);
        if let Replacement::Definition(id) = replacement {
            let definition = self.spec.definition(id);
            if count(definition.params.len()) != arity {
                self.wrong_arity(name, operator, arity, id);
                return;
            }
            if matches!(left, Left::Constant(_)) && arity == 0 && definition.level > Level::Constant
            {
                self.found.push(
                    Diagnostic::error(
                        Code::Level,
                        operator.span,
                        format!(
                            "the constant `{}` cannot be replaced by `{}`, which depends on the \
                             state",
                            name.name, operator.name
                        ),
                    )
                    .with_related(definition.span, "defined here"),
                );
                return;
            }
        }
        self.bind(left, replacement);
    }

    /// `C <- [M] Operator` and `C = [M] value`
    fn in_module(
        &mut self,
        name: &Named,
        module: &Named,
        replacement: impl FnOnce(&mut Reader<'a>, DefinitionId) -> Option<Replacement>,
    ) {
        let spec = self.spec;
        let found = (0..)
            .map(ModuleId)
            .zip(&spec.modules)
            .find(|(_, known)| known.name == module.name);
        let Some((_, inside)) = found else {
            self.found.push(Diagnostic::error(
                Code::Config,
                module.span,
                format!("the specification has no module `{}`", module.name),
            ));
            return;
        };
        let Some(&id) = inside.scope.get(&name.name) else {
            self.found.push(
                Diagnostic::error(
                    Code::Config,
                    name.span,
                    format!(
                        "the module `{}` does not define `{}`",
                        module.name, name.name
                    ),
                )
                .with_help(
                    "only definitions can be replaced inside a module; a constant of an \
                     instantiated module is replaced by INSTANCE … WITH",
                ),
            );
            return;
        };
        let Some(replacement) = replacement(self, id) else {
            return;
        };
        self.bindings.definitions.insert(id, replacement.clone());
        self.bindings.in_modules.insert(id);
        // A definition that comes from an instance without replacements is the original.
        if let Body::Instance { of, substitution } = &self.spec.definition(id).body {
            let made = self.spec.substitution(*substitution);
            if made.constants.is_empty() && made.variables.is_empty() {
                self.bindings.definitions.insert(*of, replacement);
                self.bindings.in_modules.insert(*of);
            }
        }
    }

    fn definition_replacement(
        &mut self,
        id: DefinitionId,
        operator: &Named,
    ) -> Option<Replacement> {
        match self.left(operator.name) {
            None => {
                self.not_defined(operator);
                None
            }
            Some(Left::Constant(constant)) => self.bindings.constants.get(&constant).cloned(),
            Some(Left::Definition(by)) => {
                let arity = count(self.spec.definition(id).params.len());
                if count(self.spec.definition(by).params.len()) == arity {
                    return Some(Replacement::Definition(by));
                }
                self.wrong_arity(operator, operator, arity, by);
                None
            }
        }
    }

    fn not_defined(&mut self, operator: &Named) {
        self.found.push(
            Diagnostic::error(
                Code::Unknown,
                operator.span,
                format!("`{}` is not defined in the specification", operator.name),
            )
            .with_help(
                "the right side of `<-` is the name of a definition; write `=` to assign a value",
            ),
        );
    }

    fn wrong_arity(&mut self, name: &Named, operator: &Named, arity: u32, by: DefinitionId) {
        let definition = self.spec.definition(by);
        self.found.push(
            Diagnostic::error(
                Code::Arity,
                operator.span,
                format!(
                    "`{}` takes {arity} arguments, but `{}` takes {}",
                    name.name,
                    operator.name,
                    definition.params.len()
                ),
            )
            .with_related(definition.span, "defined here"),
        );
    }

    fn unusable(&mut self, name: &Named, error: &str) {
        self.found.push(Diagnostic::error(
            Code::Config,
            name.span,
            format!("the value of `{}` cannot be used: {error}", name.name),
        ));
    }

    /// A value as written in the configuration.
    fn config_value(&mut self, value: &ConfigValue, name: &Named) -> Option<Value> {
        match value {
            ConfigValue::Int(number) => Some(Value::Int(*number)),
            ConfigValue::String(text) => Some(Value::symbol_string(*text)),
            ConfigValue::Bool(truth) => Some(Value::Bool(*truth)),
            ConfigValue::Model(model) => Some(Value::model(*model)),
            ConfigValue::Set(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    values.push(self.config_value(item, name)?);
                }
                match Value::set(values) {
                    Ok(set) => Some(set),
                    Err(error) => {
                        self.unusable(name, &error.to_string());
                        None
                    }
                }
            }
        }
    }

    /// Constants that got nothing.
    fn missing(&mut self) {
        for &id in &self.root.constants {
            if self.bindings.constants.contains_key(&id) {
                continue;
            }
            let constant = self.spec.constant(id);
            let help = if constant.arity == 0 {
                format!(
                    "add `CONSTANT {0} = …` (or `{0} <- Definition`)",
                    constant.name
                )
            } else {
                format!("add `CONSTANT {} <- Operator`", constant.name)
            };
            self.found.push(
                Diagnostic::error(
                    Code::Config,
                    constant.span,
                    format!(
                        "the configuration does not give the constant `{}` a value",
                        constant.name
                    ),
                )
                .with_help(format!("{help} to the configuration")),
            );
        }
    }
}

/// The strings and model values of a configuration, in the order of its text.
pub(super) fn texts(config: &Config) -> Vec<Symbol> {
    fn visit(value: &ConfigValue, texts: &mut Vec<Symbol>) {
        match value {
            ConfigValue::Model(text) | ConfigValue::String(text) => texts.push(*text),
            ConfigValue::Set(items) => items.iter().for_each(|item| visit(item, texts)),
            ConfigValue::Int(_) | ConfigValue::Bool(_) => {}
        }
    }
    let mut texts = Vec::new();
    for setting in &config.constants {
        match &setting.value {
            ConstantValue::Value { arguments, value } => {
                arguments.iter().for_each(|value| visit(value, &mut texts));
                visit(value, &mut texts);
            }
            ConstantValue::ValueIn { value, .. } => visit(value, &mut texts),
            ConstantValue::Operator(_) | ConstantValue::OperatorIn { .. } => {}
        }
    }
    texts
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
