//! The resolved specification: every name bound, every arity and level checked.
//!
//! `resolve` makes it from syntax trees, `eval` compiles it. Everything is held in tables of one
//! [`Spec`] and referred to by index. Instances are not expanded here: a definition that comes
//! from `INSTANCE` refers to the original and a [`Substitution`]; the compiler applies it where the
//! definition is used, so chains of instances and definitions cost only what is used.

mod expr;

pub use expr::{Arg, Bound, Builtin, Expr, ExprKind, OpArg, Pattern, Selector, SpecialSet};

use std::collections::HashMap;

use crate::source::{SourceMap, Span};
use crate::symbol::Symbol;

pub use crate::syntax::ast::Quantifier;

/// A module of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleId(pub u32);
/// A declared constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConstantId(pub u32);
/// A declared variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VariableId(pub u32);
/// A definition, at the top of a module or in `LET`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DefinitionId(pub u32);
/// A substitution of an `INSTANCE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubstitutionId(pub u32);
/// A parameter or bound name: unique within the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalId(pub u32);

/// The level of an expression (Specifying Systems, section 17.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The same in every state.
    Constant,
    /// Depends on one state.
    State,
    /// Depends on two states.
    Action,
    /// Depends on a behaviour.
    Temporal,
}

/// A whole specification: the root module and all it extends and instantiates.
#[derive(Debug, Default)]
pub struct Spec {
    /// The texts.
    pub sources: SourceMap,
    /// Modules; the root is [`Spec::root`].
    pub modules: Vec<Module>,
    /// The module that was asked for.
    pub root: Option<ModuleId>,
    /// Constants of all modules.
    pub constants: Vec<Constant>,
    /// Variables of all modules, in declaration order; those of the root module (with what it
    /// extends) are [`Module::variables`] of the root.
    pub variables: Vec<Variable>,
    /// Definitions of all modules and all `LET`.
    pub definitions: Vec<Definition>,
    /// Substitutions of all instances.
    pub substitutions: Vec<Substitution>,
    /// Parameters and bound names.
    pub locals: Vec<Local>,
    /// Every word and string, in the order in which TLC comes across it, which is its order of
    /// strings.
    pub texts: Vec<Symbol>,
}

/// A module.
#[derive(Debug)]
pub struct Module {
    /// Its name.
    pub name: Symbol,
    /// Whether it ships with the engine (Naturals, Sequences, TLC …).
    pub standard: bool,
    /// Constants visible here: its own and those of extended modules, in order.
    pub constants: Vec<ConstantId>,
    /// Variables visible here: those of extended modules first, then its own, in order.
    pub variables: Vec<VariableId>,
    /// Every definition visible at the end of the module by name, `I!Op` for those of a named
    /// instance, including those of extended modules and `LOCAL` ones of the module itself.
    pub scope: HashMap<Symbol, DefinitionId>,
    /// Assumptions of the module and of those it extends, in order.
    pub assumptions: Vec<Assumption>,
    /// From header to end.
    pub span: Span,
}

/// `ASSUME name == body`
#[derive(Debug, Clone)]
pub struct Assumption {
    /// Its name.
    pub name: Option<Symbol>,
    /// What is assumed.
    pub body: Expr,
}

/// A declared constant.
#[derive(Debug, Clone)]
pub struct Constant {
    /// Its name.
    pub name: Symbol,
    /// The module that declares it.
    pub module: ModuleId,
    /// Number of arguments; 0 for a plain constant.
    pub arity: u32,
    /// Where.
    pub span: Span,
}

/// A declared variable.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its name.
    pub name: Symbol,
    /// The module that declares it.
    pub module: ModuleId,
    /// Where.
    pub span: Span,
}

/// A parameter or bound name.
#[derive(Debug, Clone)]
pub struct Local {
    /// Its name.
    pub name: Symbol,
    /// Number of arguments; more than 0 for an operator parameter.
    pub arity: u32,
}

/// A definition.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its name; `I!Op` when it comes from the named instance `I`.
    pub name: Symbol,
    /// The module in whose text it stands (for an instance: where the `INSTANCE` stands).
    pub module: ModuleId,
    /// Parameters; for `I(p)!Op(a)` first those of the instance.
    pub params: Vec<LocalId>,
    /// Body.
    pub body: Body,
    /// Whether it was declared `RECURSIVE` or is a function that uses itself.
    pub recursive: bool,
    /// Whether it is inside a `LET`.
    pub in_let: bool,
    /// Level of the body when all parameters are constants.
    pub level: Level,
    /// The whole definition, from its name.
    pub span: Span,
    /// The body alone (what TLC prints as the place of an action).
    pub body_span: Span,
}

/// What a definition stands for.
#[derive(Debug, Clone)]
pub enum Body {
    /// `F(a) == e`
    Expr(Expr),
    /// `f[x \in S] == e`: a function, recursive when the definition says so (then `e` refers to
    /// it with [`ExprKind::Apply`] of this definition).
    Function {
        /// What it binds.
        bounds: Vec<Bound>,
        /// `e`.
        body: Expr,
    },
    /// A definition of an instantiated module: `of`, with its module's constants and variables
    /// replaced. Its own parameters are the leading parameters of this definition (those of the
    /// instance), then those of `of` in order.
    Instance {
        /// The original.
        of: DefinitionId,
        /// The replacements.
        substitution: SubstitutionId,
    },
}

/// The replacements made by one `INSTANCE`.
#[derive(Debug, Clone)]
pub struct Substitution {
    /// The instantiated module.
    pub module: ModuleId,
    /// Parameters of the instance (`p` of `I(p) == INSTANCE M`), which the replacements may use.
    pub params: Vec<LocalId>,
    /// Replacement of each constant of the module (explicit, or the same name in scope).
    pub constants: Vec<(ConstantId, OpArg)>,
    /// Replacement of each variable of the module.
    pub variables: Vec<(VariableId, Expr)>,
}

macro_rules! table {
    ($name:ident, $id:ty, $field:ident, $item:ty, $doc:literal) => {
        #[doc = $doc]
        #[must_use]
        pub fn $name(&self, id: $id) -> &$item {
            &self.$field[id.0 as usize]
        }
    };
}

/// Look-ups by id. An id is only made by the specification it belongs to.
impl Spec {
    table!(module, ModuleId, modules, Module, "A module.");
    table!(constant, ConstantId, constants, Constant, "A constant.");
    table!(variable, VariableId, variables, Variable, "A variable.");
    table!(
        definition,
        DefinitionId,
        definitions,
        Definition,
        "A definition."
    );
    table!(
        substitution,
        SubstitutionId,
        substitutions,
        Substitution,
        "A substitution."
    );
    table!(local, LocalId, locals, Local, "A parameter or bound name.");
}
