//! The operators of the language itself, by name.

use crate::spec::Builtin;
use crate::symbol::Symbol;

/// What a name of the language stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BuiltinName {
    /// `TRUE` or `FALSE`
    Bool(bool),
    /// `BOOLEAN`
    Boolean,
    /// `STRING`
    String,
    /// `/\`
    And,
    /// `\/`
    Or,
    /// `\X`
    Times,
    /// Any other operator.
    Operator(Builtin),
}

impl BuiltinName {
    /// The operator or name of the language with this spelling.
    pub(super) fn of(name: Symbol) -> Option<BuiltinName> {
        let operator = match name.as_str() {
            "TRUE" => return Some(BuiltinName::Bool(true)),
            "FALSE" => return Some(BuiltinName::Bool(false)),
            "BOOLEAN" => return Some(BuiltinName::Boolean),
            "STRING" => return Some(BuiltinName::String),
            "/\\" | "\\land" => return Some(BuiltinName::And),
            "\\/" | "\\lor" => return Some(BuiltinName::Or),
            "\\X" | "\\times" => return Some(BuiltinName::Times),
            "~" | "\\lnot" | "\\neg" => Builtin::Not,
            "=>" => Builtin::Implies,
            "<=>" | "\\equiv" => Builtin::Equivalent,
            "=" => Builtin::Equal,
            "/=" | "#" => Builtin::NotEqual,
            "\\in" => Builtin::In,
            "\\notin" => Builtin::NotIn,
            "\\subseteq" => Builtin::SubsetEq,
            "\\cup" | "\\union" => Builtin::Union,
            "\\cap" | "\\intersect" => Builtin::Intersection,
            "\\" => Builtin::Difference,
            "SUBSET" => Builtin::PowerSet,
            "UNION" => Builtin::BigUnion,
            "DOMAIN" => Builtin::Domain,
            "'" => Builtin::Prime,
            "ENABLED" => Builtin::Enabled,
            "UNCHANGED" => Builtin::Unchanged,
            "\\cdot" => Builtin::Compose,
            "[]" => Builtin::Always,
            "<>" => Builtin::Eventually,
            "~>" => Builtin::LeadsTo,
            "-+->" => Builtin::Guarantees,
            _ => return None,
        };
        Some(BuiltinName::Operator(operator))
    }

    /// How many operands it takes.
    pub(super) fn arity(self) -> u32 {
        match self {
            BuiltinName::Bool(_) | BuiltinName::Boolean | BuiltinName::String => 0,
            BuiltinName::And | BuiltinName::Or | BuiltinName::Times => 2,
            BuiltinName::Operator(operator) => operator.arity(),
        }
    }
}
