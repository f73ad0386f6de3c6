//! Model configuration files (`.cfg`) as TLC reads them.

mod read;
#[cfg(test)]
mod tests;

pub use read::{ParsedConfig, parse_config};

use crate::source::Span;
use crate::symbol::Symbol;

/// A name in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name; may be qualified (`I!Inv`).
    pub name: Symbol,
    /// Where it stands.
    pub span: Span,
}

/// What a configuration says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Config {
    /// `SPECIFICATION`
    pub specification: Option<Named>,
    /// `INIT`
    pub init: Option<Named>,
    /// `NEXT`
    pub next: Option<Named>,
    /// `INVARIANT`, `INVARIANTS`
    pub invariants: Vec<Named>,
    /// `PROPERTY`, `PROPERTIES`
    pub properties: Vec<Named>,
    /// `CONSTRAINT`, `CONSTRAINTS`
    pub constraints: Vec<Named>,
    /// `ACTION_CONSTRAINT`, `ACTION_CONSTRAINTS`
    pub action_constraints: Vec<Named>,
    /// `SYMMETRY`
    pub symmetry: Vec<Named>,
    /// `VIEW`
    pub view: Option<Named>,
    /// `ALIAS`
    pub alias: Option<Named>,
    /// `POSTCONDITION`
    pub postcondition: Vec<Named>,
    /// `CHECK_DEADLOCK`
    pub check_deadlock: Option<bool>,
    /// `CONSTANT`, `CONSTANTS`
    pub constants: Vec<ConstantSetting>,
}

/// One line under `CONSTANTS`.
#[derive(Debug, Clone, PartialEq)]
pub struct ConstantSetting {
    /// The constant or operator that is set.
    pub name: Named,
    /// What it becomes.
    pub value: ConstantValue,
}

/// The right side under `CONSTANTS`.
#[derive(Debug, Clone, PartialEq)]
pub enum ConstantValue {
    /// `C = value`; with arguments `F(1, 2) = value`, one setting per tuple of arguments.
    Value {
        /// Arguments of the left side.
        arguments: Vec<ConfigValue>,
        /// The value.
        value: ConfigValue,
    },
    /// `C <- Operator`
    Operator(Named),
    /// `C <- [Module] Operator`: only where the module defines or declares `C`.
    OperatorIn {
        /// The module.
        module: Named,
        /// The operator.
        operator: Named,
    },
    /// `C = [Module] value`, TLC's form for a value inside a module.
    ValueIn {
        /// The module.
        module: Named,
        /// The value.
        value: ConfigValue,
    },
}

/// A value written in a configuration file.
#[derive(Debug, Clone, PartialEq)]
pub enum ConfigValue {
    /// A number.
    Int(i64),
    /// `"text"`
    String(Symbol),
    /// `TRUE`, `FALSE`
    Bool(bool),
    /// An identifier: a model value.
    Model(Symbol),
    /// `{a, b}`
    Set(Vec<ConfigValue>),
}
