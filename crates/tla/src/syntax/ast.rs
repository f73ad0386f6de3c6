//! The syntax tree: what the text says, before names mean anything.
//!
//! The parser limits how deep a tree may nest ([`super::MAX_DEPTH`]), so walking it recursively is
//! safe on an engine thread. Operators have their canonical spelling (`\leq` and `=<` are both
//! `<=`, `#` is `/=`, `\union` is `\cup`, …).

use crate::source::Span;
use crate::symbol::Symbol;

/// A name or operator symbol at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ident {
    /// Canonical text.
    pub name: Symbol,
    /// Where it stands.
    pub span: Span,
}

/// A module, from `---- MODULE` to `====`.
#[derive(Debug, Clone, PartialEq)]
pub struct Module {
    /// Its name.
    pub name: Ident,
    /// The names after `EXTENDS`.
    pub extends: Vec<Ident>,
    /// Its units in order; separators are dropped.
    pub units: Vec<Unit>,
    /// The whole text.
    pub span: Span,
}

/// One unit of a module.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// What it is.
    pub kind: UnitKind,
    /// The whole text.
    pub span: Span,
}

/// What a unit of a module can be.
#[derive(Debug, Clone, PartialEq)]
pub enum UnitKind {
    /// `CONSTANT C, F(_), _ \prec _`
    Constants(Vec<OpDecl>),
    /// `VARIABLE x, y`
    Variables(Vec<Ident>),
    /// `RECURSIVE F(_)`
    Recursive(Vec<OpDecl>),
    /// `F(a, G(_)) == e`, `a \prec b == e`, `-. a == e`, `a^+ == e`, `f[x \in S] == e`
    Definition(Definition),
    /// `INSTANCE M WITH …` and `I(p) == INSTANCE M WITH …`
    Instance(Instance),
    /// `ASSUME`, `ASSUMPTION`, `AXIOM`
    Assume {
        /// `ASSUME name == …`
        name: Option<Ident>,
        /// The assumption.
        body: Expr,
    },
    /// `THEOREM`, `LEMMA`, `PROPOSITION`, `COROLLARY`; its proof is parsed and dropped.
    Theorem {
        /// `THEOREM name == …`
        name: Option<Ident>,
        /// What it states.
        body: TheoremBody,
    },
    /// A module inside a module.
    Module(Module),
    /// `USE` or `HIDE`: parsed, without meaning here.
    UseHide,
}

/// What a theorem states.
#[derive(Debug, Clone, PartialEq)]
pub enum TheoremBody {
    /// A formula.
    Expr(Expr),
    /// `ASSUME … PROVE …`: parsed and dropped.
    AssumeProve,
}

/// A name with its number of arguments: `F(_, _)`, `x`, `_ + _`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpDecl {
    /// The name.
    pub name: Ident,
    /// How many arguments it takes.
    pub arity: u32,
}

/// A definition at the top of a module or inside `LET`.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Whether it starts with `LOCAL`.
    pub local: bool,
    /// Name or operator symbol.
    pub name: Ident,
    /// Parameters and body.
    pub kind: DefinitionKind,
    /// The whole text.
    pub span: Span,
}

/// The two forms of a definition.
#[derive(Debug, Clone, PartialEq)]
pub enum DefinitionKind {
    /// `F(a, G(_)) == body`; no parameters for `F == body`.
    Operator {
        /// Parameters; those with an arity are operators themselves.
        params: Vec<OpDecl>,
        /// The body.
        body: Expr,
    },
    /// `f[x \in S, <<y, z>> \in T] == body`
    Function {
        /// At least one.
        bounds: Vec<Bound>,
        /// The body.
        body: Expr,
    },
}

/// `INSTANCE M WITH a <- e, …`, with or without a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// Whether it starts with `LOCAL`.
    pub local: bool,
    /// `I` of `I(p) == INSTANCE M`.
    pub name: Option<Ident>,
    /// `p` of `I(p) == INSTANCE M`.
    pub params: Vec<OpDecl>,
    /// `M`.
    pub module: Ident,
    /// The substitutions, in order; the right side may be an operator name or `LAMBDA`.
    pub substitutions: Vec<(Ident, Expr)>,
    /// The whole text.
    pub span: Span,
}

/// An expression at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: Box<ExprKind>,
    /// The whole text.
    pub span: Span,
}

/// What an expression can be.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `12`, `\b1010`, `\o17`, `\hFF`: as the digits of a natural number in base ten.
    Number(String),
    /// `1.5`: as written.
    Decimal(String),
    /// `"text"`, escapes resolved.
    String(Symbol),
    /// A name or operator, applied or not; also every prefix, infix and postfix operator, such as
    /// `+` with two arguments, `-.` (unary minus), `'`, `^+`, `~`, `=>`, `[]`, `ENABLED`,
    /// `UNCHANGED`, `SUBSET`, `UNION`, `DOMAIN`, and the names `TRUE`, `FALSE`, `BOOLEAN`,
    /// `STRING`; as an argument also an operator alone, such as the `+` of `Fold(+, 0, s)`.
    Apply(Reference),
    /// `/\` as a bulleted list or a chain; at least one item.
    And(Vec<Expr>),
    /// `\/` as a bulleted list or a chain; at least one item.
    Or(Vec<Expr>),
    /// `IF c THEN t ELSE e`
    If(Expr, Expr, Expr),
    /// `CASE c -> e [] … [] OTHER -> e`
    Case {
        /// Conditions with their results, in order.
        arms: Vec<(Expr, Expr)>,
        /// `OTHER`.
        other: Option<Expr>,
    },
    /// `LET … IN e`
    Let {
        /// Definitions, `RECURSIVE` declarations and instances only.
        units: Vec<Unit>,
        /// The expression.
        body: Expr,
    },
    /// `\A x, y \in S, <<a, b>> \in T : e` and `\E`
    Quantified {
        /// Which.
        quantifier: Quantifier,
        /// At least one.
        bounds: Vec<Bound>,
        /// The body.
        body: Expr,
    },
    /// `\A x, y : e`, `\E x : e`, `\AA x : e`, `\EE x : e`
    Unbounded {
        /// Which.
        quantifier: Quantifier,
        /// At least one.
        names: Vec<Ident>,
        /// The body.
        body: Expr,
    },
    /// `CHOOSE x \in S : p`, `CHOOSE <<x, y>> : p`
    Choose {
        /// What is bound.
        pattern: Pattern,
        /// `S`.
        domain: Option<Expr>,
        /// `p`.
        body: Expr,
    },
    /// `{a, b}`
    SetEnum(Vec<Expr>),
    /// `{x \in S : p}`
    SetFilter {
        /// What is bound.
        pattern: Pattern,
        /// `S`.
        domain: Expr,
        /// `p`.
        body: Expr,
    },
    /// `{e : x \in S, y \in T}`
    SetMap {
        /// `e`.
        body: Expr,
        /// At least one.
        bounds: Vec<Bound>,
    },
    /// `[x \in S |-> e]`
    Function {
        /// At least one.
        bounds: Vec<Bound>,
        /// `e`.
        body: Expr,
    },
    /// `f[a, b]`
    FnApply(Expr, Vec<Expr>),
    /// `[S -> T]`
    FnSet(Expr, Expr),
    /// `[a |-> e, b |-> f]`
    Record(Vec<(Ident, Expr)>),
    /// `[a : S, b : T]`
    RecordSet(Vec<(Ident, Expr)>),
    /// `r.a`
    Field(Expr, Ident),
    /// `[f EXCEPT ![a].b = e, …]`
    Except {
        /// `f`.
        base: Expr,
        /// The updates in order.
        updates: Vec<(Vec<ExceptSelector>, Expr)>,
    },
    /// `@`
    At,
    /// `<<a, b>>`
    Tuple(Vec<Expr>),
    /// `S \X T \X U`: one node for the whole chain.
    Product(Vec<Expr>),
    /// `[A]_v`
    BoxAction(Expr, Expr),
    /// `<<A>>_v`
    AngleAction(Expr, Expr),
    /// `WF_v(A)`: first `v`, then `A`.
    WeakFairness(Expr, Expr),
    /// `SF_v(A)`: first `v`, then `A`.
    StrongFairness(Expr, Expr),
    /// `LAMBDA x, y : e`, only as an argument or in a substitution.
    Lambda {
        /// At least one.
        params: Vec<Ident>,
        /// `e`.
        body: Expr,
    },
    /// `label(x, y) :: e`
    Label {
        /// The label.
        name: Ident,
        /// Its parameters.
        params: Vec<Ident>,
        /// `e`.
        body: Expr,
    },
    /// `( e )`: kept, because parentheses end precedence conflicts.
    Paren(Expr),
}

/// A possibly qualified name with its arguments, such as `F(a)`, `I(p)!F(a, b)` or `D!1!<<`.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// At least one; all but the last are instances or outer definitions.
    pub parts: Vec<ReferencePart>,
}

/// One element of a [`Reference`] between exclamation marks.
#[derive(Debug, Clone, PartialEq)]
pub enum ReferencePart {
    /// A name or operator symbol with its arguments.
    Name(Ident, Vec<Expr>),
    /// `!1`: the operand with this number.
    Operand(u32, Span),
    /// `!<<`: the first operand.
    First(Span),
    /// `!>>`: the second operand.
    Second(Span),
    /// `!@`: the body of a quantifier or the like.
    Body(Span),
    /// `!:` : the definition itself.
    Whole(Span),
    /// `!(a, b)`: arguments for bound names.
    Arguments(Vec<Expr>, Span),
}

/// Which quantifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// `\A`
    ForAll,
    /// `\E`
    Exists,
    /// `\AA`
    TemporalForAll,
    /// `\EE`
    TemporalExists,
}

/// `x, y \in S` or `<<x, y>> \in S`.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// At least one.
    pub patterns: Vec<Pattern>,
    /// `S`, evaluated outside the names it binds.
    pub domain: Expr,
}

/// What a bound binds.
#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    /// `x`
    Name(Ident),
    /// `<<x, y>>`
    Tuple(Vec<Ident>, Span),
}

/// `[a, b]` or `.name` after `!` in `EXCEPT`.
#[derive(Debug, Clone, PartialEq)]
pub enum ExceptSelector {
    /// `[a, b]`
    Index(Vec<Expr>),
    /// `.name`
    Field(Ident),
}
