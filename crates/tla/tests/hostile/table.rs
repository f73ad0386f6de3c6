//! Evaluations without end and values beyond all bounds.

use tla::resolve::InMemory;

use super::Case;

const LARGE: &[&str] = &["too many elements"];
const TIME: &[&str] = &["limit time"];
const ROOM: &[&str] = &["limit time", "limit memory", "too many elements"];
/// A deep recursion holds much, so either bound may be met first.
const STACK: &[&str] = &["too deep", "limit memory", "limit time"];
/// Either bound may be met first on a slow machine.
const GROWS: &[&str] = &["too many elements", "limit time"];

const HEAD: &str = "---- MODULE M ----\nEXTENDS Integers, Sequences, FiniteSets, TLC, SequencesExt, \
                    FiniteSetsExt, Relation, Json, Bags\nVARIABLE x\n";

/// What is evaluated in an invariant: definitions, the formula, and what is expected.
const EVALUATIONS: &[(&str, &str, &str, &[&str])] = &[
    (
        "all subsets looked at",
        "",
        r"\E s \in SUBSET (1 .. 60) : s = {0}",
        TIME,
    ),
    (
        "all subsets filtered",
        "",
        r"{s \in SUBSET (1 .. 60) : 1 \in s} = {}",
        ROOM,
    ),
    (
        "all subsets mapped",
        "",
        r"{<<s>> : s \in SUBSET (1 .. 60)} = {}",
        ROOM,
    ),
    (
        "all subsets held",
        "",
        r"SetToSeq(SUBSET (1 .. 60)) = <<>>",
        &["too many", "Overflow"],
    ),
    (
        "functions of all subsets",
        "",
        r"[s \in SUBSET (1 .. 60) |-> s] = <<>>",
        ROOM,
    ),
    (
        "meeting subsets",
        "",
        r"(SUBSET (1 .. 60)) \cap (SUBSET (2 .. 61)) = {{}}",
        ROOM,
    ),
    (
        "parting subsets",
        "",
        r"(SUBSET (1 .. 60)) \ (SUBSET (1 .. 60)) = {}",
        TIME,
    ),
    (
        "subsets within",
        "",
        r"SUBSET (1 .. 60) \subseteq {s \in SUBSET (1 .. 60) : TRUE}",
        ROOM,
    ),
    (
        "united subsets",
        "",
        r"UNION (SUBSET (1 .. 60)) = 1 .. 60",
        ROOM,
    ),
    (
        "subsets of subsets",
        "",
        r"\A s \in SUBSET SUBSET SUBSET (1 .. 5) : s # {{{6}}}",
        ROOM,
    ),
    (
        "all functions looked at",
        "",
        r"\A f \in [1 .. 40 -> 1 .. 40] : f[1] > 0",
        TIME,
    ),
    (
        "one function looked up",
        "",
        r"[i \in 1 .. 40 |-> 41] \in [1 .. 40 -> 1 .. 40]",
        &["invariant"],
    ),
    (
        "functions of functions",
        "",
        r"\E f \in [1 .. 999 -> [1 .. 999 -> [1 .. 999 -> 0 .. 1]]] : f = <<>>",
        GROWS,
    ),
    (
        "functions to subsets",
        "",
        r"\E f \in [1 .. 900000 -> SUBSET (1 .. 1000)] : f = <<>>",
        ROOM,
    ),
    (
        "pairs of pairs",
        "",
        r"{<<a, b>> : a, b \in (1 .. 3000) \X (1 .. 3000)} = {}",
        ROOM,
    ),
    (
        "choosing from all numbers",
        "",
        r"(CHOOSE y \in Nat : y < 0) = 0",
        &["enumerate", "unbounded"],
    ),
    (
        "choosing from many numbers",
        "",
        r"(CHOOSE y \in 1 .. 4000000000000 : y < 0) = 0",
        TIME,
    ),
    (
        "an unbounded quantifier",
        "",
        r"\E y \in Nat : y < 0",
        &["enumer"],
    ),
    (
        "intersecting long intervals",
        "",
        r"(1 .. 4000000000) \cap {i \in Nat : i < 0} = {}",
        TIME,
    ),
    (
        "endless operators",
        "RECURSIVE F(_)\nF(n) == F(n + 1) + 1",
        "F(0) = 0",
        STACK,
    ),
    (
        "endless functions",
        r"f[n \in Nat] == f[n + 1] + 1",
        "f[0] = 0",
        STACK,
    ),
    (
        "endless local operators",
        "F == LET RECURSIVE G(_) G(n) == 1 + G(n) IN G(0)",
        "F = 0",
        STACK,
    ),
    (
        "operators that go round",
        "RECURSIVE F(_), G(_)\nF(n) == <<G(n)>>\nG(n) == {F(n)}",
        "F(0) = 0",
        STACK,
    ),
    (
        "endless conditions",
        "RECURSIVE F(_)\nF(n) == IF F(n + 1) THEN 1 ELSE 2",
        "F(0) = 0",
        STACK,
    ),
    (
        "endless sets",
        r"RECURSIVE F(_)
F(n) == {y \in 1 .. 2 : y \in F(n + 1)}",
        "F(0) = {}",
        STACK,
    ),
    (
        "endless enabling",
        "RECURSIVE F(_)\nF(n) == ENABLED (F(n + 1) /\\ x' = n)",
        "F(0)",
        STACK,
    ),
    (
        "endless tails",
        "RECURSIVE F(_)\nF(n) == F(n + 1)",
        "F(0) = 0",
        &["too deep", "limit time"],
    ),
    (
        "exponential calls",
        "RECURSIVE F(_)\nF(n) == IF n = 0 THEN 1 ELSE F(n - 1) + F(n - 1)",
        "F(60) = 0",
        TIME,
    ),
    (
        "doubling sets",
        "RECURSIVE F(_, _)\nF(n, s) == IF n = 0 THEN s ELSE F(n - 1, {s, {s}})",
        "F(2000, {}) = {}",
        LARGE,
    ),
    (
        "doubling sequences",
        "RECURSIVE F(_, _)\nF(n, s) == IF n = 0 THEN s ELSE F(n - 1, s \\o s)",
        "F(60, <<1>>) = <<>>",
        GROWS,
    ),
    (
        "doubling texts",
        "RECURSIVE F(_, _)\nF(n, s) == IF n = 0 THEN s ELSE F(n - 1, s \\o s)",
        r#"F(60, "a") = """#,
        GROWS,
    ),
    (
        "doubling replacements",
        "RECURSIVE F(_, _)\nF(n, s) == IF n = 0 THEN s ELSE F(n - 1, ReplaceAllSubSeqs(s, \"a\", s))",
        r#"F(60, "aa") = """#,
        GROWS,
    ),
    (
        "doubling printed",
        "RECURSIVE F(_, _)\nF(n, s) == IF n = 0 THEN s ELSE F(n - 1, ToString(<<s, s>>))",
        r#"F(60, "a") = """#,
        GROWS,
    ),
    (
        "doubling JSON",
        "RECURSIVE F(_, _)\nF(n, s) == IF n = 0 THEN s ELSE F(n - 1, ToJson(<<s, s>>))",
        r#"F(60, "a") = """#,
        GROWS,
    ),
    (
        "equal values of different make",
        "RECURSIVE F(_, _)\nF(n, s) == IF n = 0 THEN s ELSE F(n - 1, <<s, s>>)",
        r"\A i \in 1 .. 1000 : F(22, <<i>>) # F(22, <<i + 0>>)",
        &["invariant", "limit time"],
    ),
    (
        "sorting equal values",
        "RECURSIVE F(_, _)\nF(n, s) == IF n = 0 THEN s ELSE F(n - 1, <<s, s>>)",
        r"Cardinality({F(16, <<i % 2>>) : i \in 1 .. 200}) = 1",
        &["invariant", "limit", "too many"],
    ),
    (
        "a large function",
        "",
        r"[i \in 1 .. 100000000 |-> i][1] = 2",
        &["invariant"],
    ),
    (
        "many large functions",
        "",
        r"{[i \in 1 .. 100000 |-> i + j] : j \in 1 .. 100000} = {}",
        ROOM,
    ),
    ("all permutations", "", r"Permutations(1 .. 10) = {}", LARGE),
    ("all orders", "", r"SetToSeqs(1 .. 12) = {}", LARGE),
    (
        "all suffixes",
        "",
        r"Suffixes([i \in 1 .. 100000 |-> i]) = {}",
        LARGE,
    ),
    (
        "all parts",
        "",
        r"AllSubSeqs([i \in 1 .. 63 |-> i]) = {}",
        LARGE,
    ),
    (
        "sorting backwards",
        "",
        r"SortSeq([i \in 1 .. 50000 |-> -i], <)[1] = 0",
        TIME,
    ),
    (
        "a closure",
        "",
        r"TransitiveClosure([p \in (1 .. 1000) \X (1 .. 1000) |-> TRUE], 1 .. 1000) = 0",
        ROOM,
    ),
    (
        "a closure too large",
        "",
        r"TransitiveClosure([p \in {} |-> TRUE], 1 .. 1001) = 0",
        LARGE,
    ),
    (
        "folding all subsets",
        "",
        r"FoldSet(LAMBDA s, n : n + 1, 0, SUBSET (1 .. 60)) = 0",
        TIME,
    ),
    (
        "counting a bag",
        "",
        r"BagCardinality(SetToBag(SUBSET (1 .. 30))) = 0",
        &["too many"],
    ),
    (
        "counting overflows",
        "",
        r"Cardinality(SUBSET (1 .. 100)) = 0",
        &["Overflow"],
    ),
    ("powers", "", "2 ^ 63 = 0", &["Overflow"]),
    ("sums", "", "9223372036854775807 + 1 = 0", &["Overflow"]),
    (
        "numbers beyond all bounds",
        "",
        "99999999999999999999999999999 = 0",
        &["rejected", "Overflow", "number"],
    ),
    (
        "a flood of lines",
        "",
        r"\A i \in 1 .. 100000000 : PrintT(i)",
        TIME,
    ),
    (
        "a flood in one line",
        "RECURSIVE F(_, _)\nF(n, s) == IF n = 0 THEN s ELSE F(n - 1, <<s, s>>)",
        r"PrintT(F(23, 1)) /\ FALSE",
        &["invariant", "limit time"],
    ),
    (
        "a random subset",
        "",
        r"RandomElement(SUBSET (1 .. 60)) = 0",
        &["invariant", "equality"],
    ),
    (
        "deep enabling",
        "RECURSIVE F(_)\nF(n) == IF n = 0 THEN x' = 1 ELSE ENABLED (x' = n /\\ F(n - 1))",
        "ENABLED F(100000)",
        &["too deep", "limit", "invariant", "ok"],
    ),
];

pub(crate) fn evaluations() -> Vec<Case> {
    EVALUATIONS
        .iter()
        .map(|&(name, definitions, formula, expected)| Case {
            name,
            modules: InMemory::new().with(
                "M",
                format!(
                    "{HEAD}{definitions}\nInit == x = 0\nNext == FALSE\nInv == x = 0 => ({formula})\n===="
                ),
            ),
            config: "INIT Init NEXT Next INVARIANT Inv CHECK_DEADLOCK FALSE".to_owned(),
            states: None,
            expected,
        })
        .collect()
}

/// Initial predicate, next-state relation, more of the configuration, and what is expected.
const MACHINES: &[(&str, &str, &str, &str, &[&str])] = &[
    ("sequences that nest", "x = <<>>", "x' = <<x>>", "", GROWS),
    ("sets that nest", "x = {}", "x' = {x}", "", GROWS),
    ("records that nest", "x = 0", "x' = [a |-> x]", "", GROWS),
    (
        "sequences that share",
        "x = <<>>",
        "x' = <<x, x>>",
        "",
        GROWS,
    ),
    ("sets that share", "x = {}", "x' = {x, {x}}", "", LARGE),
    (
        "functions that share",
        "x = 0",
        "x' = [i \\in 3 .. 4 |-> x]",
        "",
        LARGE,
    ),
    (
        "sequences that grow",
        "x = <<1>>",
        "x' = x \\o x",
        "",
        GROWS,
    ),
    (
        "sets that grow",
        "x = {1}",
        "x' = x \\cup {Cardinality(x) + 1}",
        "",
        TIME,
    ),
    (
        "numbers that grow",
        "x = 1",
        "x' = x * 2",
        "",
        &["Overflow"],
    ),
    ("states without end", "x = 0", "x' = x + 1", "", TIME),
    (
        "subsets as successors",
        "x = {}",
        r"x' \in SUBSET (1 .. 24)",
        "",
        ROOM,
    ),
    (
        "functions as successors",
        "x = <<>>",
        r"x' \in [1 .. 8 -> 1 .. 8]",
        "",
        ROOM,
    ),
    (
        "wide functions as successors",
        "x = <<>>",
        r"x' \in [1 .. 1000000 -> 1 .. 8]",
        "",
        ROOM,
    ),
    (
        "all sums as successors",
        "x = 0",
        r"\E a, b, c, d \in 1 .. 1000 : x' = a + b + c + d",
        "",
        ROOM,
    ),
    (
        "subsets as initial states",
        r"x \in SUBSET (1 .. 60)",
        "x' = x",
        "",
        ROOM,
    ),
    (
        "functions as initial states",
        r"x \in [1 .. 30 -> 0 .. 1]",
        "x' = x",
        "",
        ROOM,
    ),
    (
        "all numbers as successors",
        "x = 0",
        r"x' \in Nat",
        "",
        &["enumer"],
    ),
    (
        "successors without a value",
        "x = 0",
        "x' > 0",
        "",
        &["error"],
    ),
    (
        "a view without end",
        "x = 0",
        "x' = 1",
        "VIEW Subsets",
        &["too many", "error"],
    ),
    (
        "a view that grows",
        "x = <<>>",
        "x' = <<x, x>>",
        "VIEW Twice",
        LARGE,
    ),
    (
        "an alias without end",
        "x = 0",
        "x' = x + 1",
        "ALIAS Many INVARIANT Small",
        &["invariant"],
    ),
    (
        "a constraint without end",
        "x = 0",
        "x' = x + 1",
        "CONSTRAINT Endless",
        TIME,
    ),
    (
        "twelve values alike",
        "x = 0",
        "x' = x",
        "CONSTANT P = {p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12} SYMMETRY Symm",
        LARGE,
    ),
    (
        "nine values alike",
        "x = {}",
        "x' \\in SUBSET P",
        "CONSTANT P = {p1, p2, p3, p4, p5, p6, p7, p8, p9} SYMMETRY Symm",
        &["limit", "ok"],
    ),
    (
        "seven values alike",
        "x = {}",
        "\\E p \\in P : x' = x \\cup {p}",
        "CONSTANT P = {p1, p2, p3, p4, p5, p6, p7} SYMMETRY Symm",
        &["ok", "limit time"],
    ),
    (
        "registers that grow",
        "x = 0 /\\ TLCSet(1, <<>>)",
        "x' = x + 1 /\\ TLCSet(1, <<TLCGet(1), TLCGet(1)>>)",
        "",
        LARGE,
    ),
    (
        "printing successors",
        "x = 0",
        r"\E a \in 1 .. 100000000 : PrintT(a) /\ x' = 0",
        "",
        ROOM,
    ),
    (
        "a postcondition without end",
        "x = 0",
        "x' = x",
        "POSTCONDITION Endless",
        TIME,
    ),
    (
        "a property without end",
        "x = 0",
        "x' = x",
        "PROPERTY Always",
        TIME,
    ),
];

pub(crate) fn machines() -> Vec<Case> {
    MACHINES
        .iter()
        .map(|&(name, init, next, config, expected)| {
            let symmetry = if config.contains("CONSTANT") { "CONSTANT P\nSymm == Permutations(P)" } else { "" };
            let text = format!(
                "{HEAD}{symmetry}\nInit == {init}\nNext == {next}\nSubsets == <<x, SUBSET (1 .. 60)>>\n\
                 Twice == <<x, x>>\nMany == [a |-> SUBSET (1 .. 60)]\nSmall == x < 2\n\
                 Endless == \\A s \\in SUBSET (1 .. 60) : s # {{61}}\nAlways == [][Endless /\\ x = x]_<<x, x>>\n===="
            );
            Case {
                name,
                modules: InMemory::new().with("M", text),
                config: format!("INIT Init NEXT Next CHECK_DEADLOCK FALSE {config}"),
                states: None,
                expected,
            }
        })
        .collect()
}
