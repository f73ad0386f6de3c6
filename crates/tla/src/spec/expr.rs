//! Resolved expressions.

use super::{ConstantId, DefinitionId, LocalId, VariableId};
use crate::source::Span;
use crate::symbol::Symbol;
use crate::syntax::ast::Quantifier;

/// An expression with its place.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: Box<ExprKind>,
    /// Where it stands.
    pub span: Span,
}

/// What a resolved expression can be.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// A natural number; the resolver rejects what does not fit 64 bits as too large to evaluate.
    Int(i64),
    /// A decimal number: valid TLA+, but not evaluated (TLC's rule).
    Decimal(Symbol),
    /// A string.
    String(Symbol),
    /// `TRUE` or `FALSE`.
    Bool(bool),
    /// `BOOLEAN` or `STRING`.
    Special(SpecialSet),
    /// A declared constant, with arguments when it is an operator.
    Constant(ConstantId, Vec<Arg>),
    /// A declared variable.
    Variable(VariableId),
    /// A parameter or bound name, with arguments when it is an operator parameter.
    Local(LocalId, Vec<Arg>),
    /// A definition with all its arguments; also those of standard modules (`+`, `Cardinality`).
    Apply(DefinitionId, Vec<Arg>),
    /// A built-in operator of the language with all its operands.
    Builtin(Builtin, Vec<Expr>),
    /// `/\`: list or chain.
    And(Vec<Expr>),
    /// `\/`: list or chain.
    Or(Vec<Expr>),
    /// `IF c THEN t ELSE e`
    If(Expr, Expr, Expr),
    /// `CASE`
    Case {
        /// Conditions and results.
        arms: Vec<(Expr, Expr)>,
        /// `OTHER`.
        other: Option<Expr>,
    },
    /// `LET defs IN body`: definitions in order (instances in `LET` included).
    Let {
        /// What it defines.
        definitions: Vec<DefinitionId>,
        /// Its body.
        body: Expr,
    },
    /// `\A` or `\E` over sets.
    Quantified {
        /// Which.
        quantifier: Quantifier,
        /// At least one.
        bounds: Vec<Bound>,
        /// The body.
        body: Expr,
    },
    /// `\A` or `\E` without a set, `\AA`, `\EE`.
    Unbounded {
        /// Which.
        quantifier: Quantifier,
        /// At least one.
        locals: Vec<LocalId>,
        /// The body.
        body: Expr,
    },
    /// `CHOOSE`
    Choose {
        /// What is bound.
        pattern: Pattern,
        /// The set, if there is one.
        domain: Option<Expr>,
        /// The condition.
        body: Expr,
    },
    /// `{a, b}`
    SetEnum(Vec<Expr>),
    /// `{x \in S : p}`
    SetFilter {
        /// What is bound.
        pattern: Pattern,
        /// The set.
        domain: Expr,
        /// The condition.
        body: Expr,
    },
    /// `{e : x \in S}`
    SetMap {
        /// The element.
        body: Expr,
        /// At least one.
        bounds: Vec<Bound>,
    },
    /// `[x \in S |-> e]`
    Function {
        /// At least one.
        bounds: Vec<Bound>,
        /// The value.
        body: Expr,
    },
    /// `f[a]`; `f[a, b]` has a tuple as its argument here.
    FnApply(Expr, Expr),
    /// `[S -> T]`
    FnSet(Expr, Expr),
    /// `[a |-> e]`; field names are distinct.
    Record(Vec<(Symbol, Expr)>),
    /// `[a : S]`; field names are distinct.
    RecordSet(Vec<(Symbol, Expr)>),
    /// `r.a`
    Field(Expr, Symbol),
    /// `[f EXCEPT !…]`
    Except {
        /// `f`.
        base: Expr,
        /// Selectors (at least one) and new value, which may contain [`ExprKind::At`].
        updates: Vec<(Vec<Selector>, Expr)>,
    },
    /// `@`: the old value at the place of the innermost update.
    At,
    /// `<<a, b>>`
    Tuple(Vec<Expr>),
    /// `S \X T`: two or more.
    Product(Vec<Expr>),
    /// `[A]_v`
    BoxAction(Expr, Expr),
    /// `<<A>>_v`
    AngleAction(Expr, Expr),
    /// `WF_v(A)`: `v`, `A`.
    WeakFairness(Expr, Expr),
    /// `SF_v(A)`: `v`, `A`.
    StrongFairness(Expr, Expr),
}

/// Sets the language itself defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpecialSet {
    /// `BOOLEAN`
    Boolean,
    /// `STRING`
    String,
}

/// Operators of the language, as against those that a module defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Builtin {
    /// `~`
    Not,
    /// `=>`
    Implies,
    /// `<=>`
    Equivalent,
    /// `=`
    Equal,
    /// `/=`
    NotEqual,
    /// `\in`
    In,
    /// `\notin`
    NotIn,
    /// `\subseteq`
    SubsetEq,
    /// `\cup`
    Union,
    /// `\cap`
    Intersection,
    /// `\`
    Difference,
    /// `SUBSET`
    PowerSet,
    /// `UNION`
    BigUnion,
    /// `DOMAIN`
    Domain,
    /// `'`
    Prime,
    /// `ENABLED`
    Enabled,
    /// `UNCHANGED`
    Unchanged,
    /// `\cdot`
    Compose,
    /// `[]`
    Always,
    /// `<>`
    Eventually,
    /// `~>`
    LeadsTo,
    /// `-+->`
    Guarantees,
}

impl Builtin {
    /// How many operands it takes.
    #[must_use]
    pub fn arity(self) -> u32 {
        match self {
            Builtin::Not
            | Builtin::PowerSet
            | Builtin::BigUnion
            | Builtin::Domain
            | Builtin::Prime
            | Builtin::Enabled
            | Builtin::Unchanged
            | Builtin::Always
            | Builtin::Eventually => 1,
            Builtin::Implies
            | Builtin::Equivalent
            | Builtin::Equal
            | Builtin::NotEqual
            | Builtin::In
            | Builtin::NotIn
            | Builtin::SubsetEq
            | Builtin::Union
            | Builtin::Intersection
            | Builtin::Difference
            | Builtin::Compose
            | Builtin::LeadsTo
            | Builtin::Guarantees => 2,
        }
    }
}

/// `x, <<y, z>> \in S`
#[derive(Debug, Clone)]
pub struct Bound {
    /// At least one.
    pub patterns: Vec<Pattern>,
    /// The set.
    pub domain: Expr,
}

/// What is bound to one element.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// `x`
    Name(LocalId),
    /// `<<x, y>>`
    Tuple(Vec<LocalId>),
}

/// A place inside a function or record, in `EXCEPT`.
#[derive(Debug, Clone)]
pub enum Selector {
    /// `[e]`; `[a, b]` has a tuple here.
    Index(Expr),
    /// `.name`
    Field(Symbol),
}

/// An argument of a definition, constant operator or operator parameter.
#[derive(Debug, Clone)]
pub enum Arg {
    /// For a plain parameter.
    Expr(Expr),
    /// For an operator parameter.
    Op(OpArg),
}

/// An operator passed as an argument, or what replaces a constant in an instance.
#[derive(Debug, Clone)]
pub enum OpArg {
    /// An expression (replaces a constant without arguments).
    Expr(Expr),
    /// A definition, such as `Max` or `+`.
    Definition(DefinitionId),
    /// A declared constant operator.
    Constant(ConstantId),
    /// An operator parameter in scope.
    Local(LocalId),
    /// A built-in operator, such as `\cup`.
    Builtin(Builtin),
    /// `/\` (as an operator of two arguments).
    And,
    /// `\/` (as an operator of two arguments).
    Or,
    /// `LAMBDA`
    Lambda(Vec<LocalId>, Box<Expr>),
}
