//! Everything TLA+ and its standard modules have a word for.

use tla::syntax::operators::Op;

/// Words and signs that are not operators, standard operators, and numbers at the edges.
const WORDS: &str = r#"
ACTION ASSUME ASSUMPTION AXIOM BY CASE CHOOSE CONSTANT CONSTANTS COROLLARY DEF DEFINE DEFS ELSE
EXCEPT EXTENDS HAVE HIDE IF IN INSTANCE LAMBDA LEMMA LET LOCAL MODULE NEW OBVIOUS OMITTED ONLY OTHER
PICK PROOF PROVE QED RECURSIVE SF_ STATE SUFFICES TAKE TEMPORAL THEN THEOREM USE VARIABLE VARIABLES
WF_ WITH WITNESS BOOLEAN STRING TRUE FALSE
, : :: . _ == ( ) [ ] ]_ { } << >> >>_ ! -> <- |-> @ \E \A \EE \AA ∃ ∀ ⟨ ⟩ → ← ↦ ≜ ∷
---- ==== <1> <1>1. <*> (* *) \* -- " ' ;
0 1 2 3 7 -1 10 100 1000 2147483647 2147483648 4000000000 9223372036854775807 9223372036854775808
99999999999999999999999 \b101 \hFF \o17 0.5 1e9 "" "a" "\n" "\u0000" "é"
Nat Int Real Infinity Seq Len Append Head Tail SubSeq SelectSeq Cardinality IsFiniteSet Permutations
SortSeq Print PrintT Assert TLCGet TLCSet TLCEval JavaTime RandomElement ToString Any TLCCache
EmptyBag SetToBag BagToSet BagIn BagOfAll BagCardinality CopiesIn SubBag BagUnion
SetToSeq SetToSeqs Reverse ToSet FoldLeft FoldRight FoldSet FoldFunction Range kSubset Max Min
Sum Product Quantify AllSubSeqs Interleave SetToSortSeq SelectInSeq RandomSubset ToJson
TransitiveClosure AreConnected Antifunction Inverse Restrict IsInjective Image Pad Zip Remove
x y n f s S p q a b c d e i v v1 v2 Init Next Spec Inv Inv1 TypeOK vars Act0 Act1 Wide Leaf Naturals
Integers Sequences FiniteSets TLC Bags Reals SequencesExt FiniteSetsExt Functions Folds Graphs Json
Randomization Bitwise TLCExt Relation UndirectedGraphs BagsExt Combinatorics Statistics VectorClocks
"#;

/// Fragments that ask for much.
pub(crate) const FRAGMENTS: &[&str] = &[
    "SUBSET (1..60)",
    "SUBSET (0..24)",
    "[1..40 -> 1..40]",
    "[1..6 -> 0..9]",
    "(1..1000000)",
    "(1..2000) \\X (1..2000)",
    "Nat \\cap Int",
    "UNION {1..100000, 2..100001}",
    "{i + j : i, j \\in 0..900}",
    "{X \\in SUBSET (1..40) : X = {}}",
    "SUBSET (1..50) \\cap SUBSET (2..50)",
    "SUBSET SUBSET SUBSET {1}",
    "Seq({1})",
    "Seq(Seq(Nat))",
    "[a : Nat, b : SUBSET Nat]",
    "[n \\in Nat |-> n + 1]",
    "[i \\in 1..100000 |-> i]",
    "Permutations(1..9)",
    "SetToSeqs(1..9)",
    "CHOOSE z \\in 1..10000000 : z < 0",
    "\\E z \\in 1..10000000 : z < 0",
    "\\A z \\in Nat : z >= 0",
    "LET R[k \\in Nat] == R[k + 1] IN R[0]",
    "LET RECURSIVE G(_) G(k) == G(k + 1) + 1 IN G(0)",
    "LET a1 == <<1, 1>> a2 == <<a1, a1>> a3 == <<a2, a2>> a4 == <<a3, a3>> IN <<a4, a4>>",
    "x' = <<x, x>>",
    "x' = x \\cup {x}",
    "s' = s \\o s",
    "x' \\in SUBSET (1..22)",
    "PrintT(x)",
    "\\A i, j, k, l \\in 1..100 : i + j + k + l > 0",
    "ENABLED ENABLED ENABLED Next",
    "2^62 * 4",
    "UNCHANGED UNCHANGED vars",
    "[][Next]_vars",
    "TLCSet(1, <<x, x>>)",
];

/// Statements of configuration files.
pub(crate) const CONFIG: &[&str] = &[
    "SPECIFICATION Spec",
    "INIT Init",
    "NEXT Next",
    "INVARIANT Inv",
    "PROPERTY Live",
    "CONSTANT N = 3",
    "CONSTANT N <- Nat",
    "CONSTANT Nat <- Seq",
    "CONSTANT Seq <- [Sequences]Seq",
    "CONSTANTS Proc = {p1, p2, p3, p4, p5, p6, p7, p8, p9}",
    "CONSTANT x = 1",
    "SYMMETRY Symm",
    "VIEW vars",
    "VIEW Next",
    "CONSTRAINT Inv",
    "ACTION_CONSTRAINT Next",
    "ALIAS Shown",
    "POSTCONDITION Post",
    "CHECK_DEADLOCK TRUE",
    "_PERIODIC Inv",
    "{a, {b, {\"c\", 4000000000}}}",
    "=",
    "<-",
    "\\*",
    "(*",
    "\"",
    "{",
    "[",
];

/// All tokens.
pub(crate) fn tokens() -> Vec<&'static str> {
    let operators = Op::ALL.iter().flat_map(|op| op.spellings().iter().copied());
    WORDS
        .split_whitespace()
        .chain(operators)
        .chain(FRAGMENTS.iter().copied())
        // Again, because they are few among many.
        .chain(FRAGMENTS.iter().copied())
        .collect()
}
