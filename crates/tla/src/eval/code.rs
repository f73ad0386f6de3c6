//! Compiled code: names are slots, definitions are routines, instances are gone.
//!
//! Code is a tree that the machine walks in two ways: as an expression that has a value, and as an
//! action (or initial predicate) that assigns variables. The same tree serves both.
//!
//! *Frames.* Each running [`Routine`] has a frame of slots: its parameters first, then every name
//! bound anywhere in its body, each with a slot of its own (so a lazily evaluated operand never
//! meets another's names). A routine defined inside another (a `LET` operator with parameters, a
//! `LAMBDA`) finds the names around it through static links: [`Local::depth`] counts them.
//!
//! *Laziness.* TLA+ definitions are substituted, not called, so an operand is evaluated only where
//! it is used, in the state it is used in. An operand that cannot fail and does not depend on that
//! is passed as a value ([`Operand::Eager`]); any other as a thunk ([`Operand::Lazy`]), evaluated
//! at most once as long as it reads no primed variable. `LET` definitions without parameters are
//! thunks too.

use crate::native::{ContextOperator, HigherNative, Pure, Pure1, Pure2};
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::Value;

/// Index into [`Program::routines`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoutineId(pub u32);
/// Index into [`Program::cells`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellId(pub u32);
/// Index into [`Program::closures`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClosureId(pub u32);
/// One of [`Program::memos`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MemoId(pub u32);
/// A variable of the model, in declaration order of the root module.
pub type VariableIndex = u32;
/// A slot of a frame.
pub type Slot = u32;

/// All code of a model.
#[derive(Debug, Default)]
pub struct Program {
    /// Names of the variables.
    pub variables: Vec<Symbol>,
    /// Definitions with their frames.
    pub routines: Vec<Routine>,
    /// Constant expressions whose value is computed at most once, on first use.
    pub cells: Vec<Entry>,
    /// How many parts there are whose values are kept.
    pub memos: u32,
    /// Function constructors and set filters, which may be left unevaluated.
    pub closures: Vec<Closure>,
}

/// A definition's code.
#[derive(Debug)]
pub struct Routine {
    /// Its name, for call traces.
    pub name: Symbol,
    /// How many leading slots are parameters.
    pub params: u32,
    /// Slots of its frame.
    pub frame_size: u32,
    /// What it computes.
    pub body: Code,
}

/// Code that runs in a frame of its own without parameters.
#[derive(Debug)]
pub struct Entry {
    /// Slots of its frame.
    pub frame_size: u32,
    /// What it computes.
    pub body: Code,
}

/// A function constructor or set filter: `[x \in S |-> e]`, `{x \in S : p}`.
///
/// Evaluated eagerly it runs in the frame around it. Left unevaluated (an infinite set, a recursive
/// function, an element that fails but may never be asked for) it becomes a `Deferred` value that
/// holds copies of the slots it needs; to apply it the machine puts those back into fresh frames of
/// the same layout, so the code is the same.
#[derive(Debug)]
pub struct Closure {
    /// Which of the two.
    pub kind: ClosureKind,
    /// What it binds, in slots of the frame it stands in.
    pub binders: Box<[Binder]>,
    /// `e` or `p`.
    pub body: Code,
    /// Whether this is the filter of a set that is hardly ever made in full, such as the functions
    /// from one set to another: whether something is in it is better asked of its parts.
    pub filters_a_lazy_set: bool,
    /// What to copy: the first for the frame it stands in, the next for that around it, and so on.
    pub captures: Box<[Capture]>,
    /// Where it stands.
    pub span: Span,
}

/// Which closure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClosureKind {
    /// `[x \in S |-> e]`
    Function,
    /// `f[x \in S] == e` with `f` in `e`: always deferred; the slot holds the function itself.
    RecursiveFunction {
        /// Where the body finds the function, in the frame the closure stands in.
        itself: Slot,
    },
    /// `{x \in S : p}`
    Filter,
}

/// The slots of one frame that a closure uses.
#[derive(Debug)]
pub struct Capture {
    /// Size of that frame.
    pub frame_size: u32,
    /// The slots, in increasing order.
    pub slots: Box<[Slot]>,
}

/// `x, <<y, z>> \in S`
#[derive(Debug)]
pub struct Binder {
    /// At least one; each takes an element of the set.
    pub targets: Box<[Target]>,
    /// The set; evaluated once, before any name of the same list of binders is bound.
    pub domain: Code,
}

/// Where an element goes.
#[derive(Debug, Clone)]
pub enum Target {
    /// `x`
    Slot(Slot),
    /// `<<x, y>>`
    Tuple(Box<[Slot]>),
}

impl Target {
    /// The slots it fills.
    #[must_use]
    #[inline]
    pub fn slots(&self) -> &[Slot] {
        match self {
            Target::Slot(slot) => std::slice::from_ref(slot),
            Target::Tuple(slots) => slots,
        }
    }
}

/// A name of this routine or of one around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Local {
    /// How many static links up.
    pub depth: u32,
    /// Slot of that frame.
    pub slot: Slot,
}

/// An operand of a call.
#[derive(Debug)]
pub enum Operand {
    /// Evaluated before the call: cannot fail, costs little, and is not used primed.
    Eager(Code),
    /// Evaluated where it is used.
    Lazy(Code),
    /// For an operator parameter.
    Operator(Operator),
}

/// An operator as an operand.
#[derive(Debug)]
pub enum Operator {
    /// A routine at the top of a module.
    Routine(RoutineId),
    /// A routine inside the frame `depth` static links up (0: the present one).
    Nested {
        /// The routine.
        routine: RoutineId,
        /// Where its surroundings are.
        depth: u32,
    },
    /// An operator parameter in scope.
    Param(Local),
}

/// Arithmetic and comparison of integers: the hot operators, without a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

/// A piece of code with the place it came from.
#[derive(Debug)]
pub struct Code {
    /// What it does.
    pub op: Op,
    /// Where it stands in the text.
    pub span: Span,
}

/// What code does.
#[derive(Debug)]
pub enum Op {
    /// A value known at compile time.
    Value(Value),
    /// A variable in the present state (in the next one under [`Op::Prime`]; in the one being made
    /// by an initial predicate).
    Variable(VariableIndex),
    /// A primed variable.
    Primed(VariableIndex),
    /// A parameter, bound name, `LET` definition or `@`.
    Local(Local),
    /// A constant computed at most once per model.
    Cell(CellId),
    /// A definition at the top of a module with its operands.
    Call(RoutineId, Box<[Operand]>),
    /// A `LET` operator with parameters; its surroundings are `depth` static links up.
    CallNested {
        /// The routine.
        routine: RoutineId,
        /// Where its surroundings are.
        depth: u32,
        /// Operands.
        operands: Box<[Operand]>,
    },
    /// An operator parameter, applied.
    CallParam(Local, Box<[Operand]>),
    /// `LET`: makes thunks of the definitions without parameters, then runs the body.
    Let(Box<[(Slot, Code)]>, Box<Code>),

    /// `/\`
    And(Box<[Code]>),
    /// `\/`
    Or(Box<[Code]>),
    /// `~`
    Not(Box<Code>),
    /// `=>`
    Implies(Box<[Code; 2]>),
    /// `<=>`
    Equivalent(Box<[Code; 2]>),
    /// `IF`
    If(Box<[Code; 3]>),
    /// `CASE`
    Case {
        /// Conditions and results.
        arms: Box<[(Code, Code)]>,
        /// `OTHER`.
        other: Option<Box<Code>>,
    },
    /// `\A` (`true`) or `\E` (`false`)
    Quantified {
        /// Whether it is `\A`.
        for_all: bool,
        /// At least one.
        binders: Box<[Binder]>,
        /// The body.
        body: Box<Code>,
    },
    /// `CHOOSE`
    Choose {
        /// What is bound.
        target: Target,
        /// The set; without one it cannot be evaluated.
        domain: Option<Box<Code>>,
        /// The condition.
        body: Box<Code>,
    },

    /// `=`
    Equal(Box<[Code; 2]>),
    /// `/=`
    NotEqual(Box<[Code; 2]>),
    /// `\in`
    In(Box<[Code; 2]>),
    /// `\notin`
    NotIn(Box<[Code; 2]>),
    /// `\subseteq`
    SubsetEq(Box<[Code; 2]>),
    /// `\cup`
    Union(Box<[Code; 2]>),
    /// `\cap`
    Intersection(Box<[Code; 2]>),
    /// `\`
    Difference(Box<[Code; 2]>),
    /// `SUBSET`
    PowerSet(Box<Code>),
    /// `UNION`
    BigUnion(Box<Code>),
    /// `{a, b}`
    SetEnum(Box<[Code]>),
    /// `{e : x \in S}`
    SetMap(Box<[Binder]>, Box<Code>),
    /// `{x \in S : p}` or `[x \in S |-> e]`
    Closure(ClosureId),

    /// `f[a]`
    FnApply(Box<[Code; 2]>),
    /// `DOMAIN`
    Domain(Box<Code>),
    /// `[S -> T]`
    FnSet(Box<[Code; 2]>),
    /// `[a |-> e]`: the shape is the set of field names (the domain); values in its order.
    Record {
        /// The field names as a set of strings.
        shape: Value,
        /// Values in the order of the shape.
        values: Box<[Code]>,
    },
    /// `[a : S]`
    RecordSet(Box<[(Symbol, Code)]>),
    /// `r.a`
    Field(Box<Code>, Symbol),
    /// `[f EXCEPT …]`
    Except {
        /// `f`.
        base: Box<Code>,
        /// Updates in order.
        updates: Box<[Update]>,
    },
    /// `<<a, b>>`
    Tuple(Box<[Code]>),
    /// `S \X T`
    Product(Box<[Code]>),

    /// `a + b` and the like on integers.
    Int(IntOperator, Box<[Code; 2]>),
    /// A native operator of one operand.
    Native1(Pure1, Box<Code>),
    /// A native operator of two operands.
    Native2(Pure2, Box<[Code; 2]>),
    /// A native operator.
    Native(Pure, Box<[Code]>),
    /// A native operator that takes operators.
    Higher(HigherNative, Box<[Operand]>),
    /// An operator of TLC's own modules that needs the evaluator.
    Context(ContextOperator, Box<[Code]>),

    /// `e'` where `e` is more than a variable.
    Prime(Box<Code>),
    /// `UNCHANGED <<x, y>>` of plain variables.
    Unchanged(Box<[VariableIndex]>),
    /// `UNCHANGED e` of anything else.
    UnchangedExpr(Box<Code>),
    /// `ENABLED A`
    Enabled(Box<Enabled>),
    /// `A \cdot B`
    Compose(Box<[Code; 2]>),

    /// Marks the code of a named action: successors found inside it belong to it.
    Action {
        /// Index into the model's actions.
        action: u32,
        /// Names to report as its arguments, with their slots.
        arguments: Box<[(Symbol, Local)]>,
        /// The action.
        body: Box<Code>,
    },
    /// A part whose values are kept.
    Memo(Box<Memo>),
    /// Counts how often the code inside runs; only present when coverage is asked for.
    Count(u32, Box<Code>),
    /// Valid TLA+ that cannot be evaluated, with the reason (a temporal formula, an unbounded
    /// quantifier, a decimal number).
    Unsupported(Box<str>),
}

/// A part whose values are kept, because what they depend on often comes again.
#[derive(Debug)]
pub struct Memo {
    /// Where they are kept.
    pub id: MemoId,
    /// It depends on nothing but the state: the value is kept as long as the state stays.
    pub for_state: bool,
    /// All that it depends on, in places that can be looked at without evaluating anything, if its
    /// values are kept by the values of these.
    pub inputs: Box<[Code]>,
    /// The part.
    pub body: Code,
}

/// `ENABLED A`
#[derive(Debug)]
pub struct Enabled {
    /// Variables of an instance that stand for more than a variable of the model, by numbers beyond
    /// those of the model, with what each is in the present state. In the next one they are free:
    /// `ENABLED` quantifies over the variables of the module it stands in, and replacements are made
    /// outside of that (Specifying Systems, section 17.8).
    pub shadows: Box<[(VariableIndex, Code)]>,
    /// `A`
    pub action: Code,
}

/// One `![i][j] = e` of `EXCEPT`.
#[derive(Debug)]
pub struct Update {
    /// Keys from the outside in; field names are string values.
    pub path: Box<[Code]>,
    /// Where `e` finds the old value, if it uses `@`.
    pub at: Option<Slot>,
    /// `e`.
    pub value: Code,
}
