//! Small specifications and what is said about them.

use super::{InMemory, Loaded, load};
use crate::diagnostic::{Code, Severity};
use crate::spec::{Body, Level, Spec};
use crate::stack::with_deep_stack;
use crate::symbol::Symbol;

/// Reads a module body; `modules` are further modules that it may use.
fn read(body: &str, modules: &[(&str, &str)]) -> Loaded {
    let text = format!("---- MODULE Test ----\n{body}\n====\n");
    let source = modules.iter().fold(
        InMemory::new().with("Test", text),
        |source, (name, body)| {
            source.with(*name, format!("---- MODULE {name} ----\n{body}\n====\n"))
        },
    );
    with_deep_stack(|| load(&source, "Test")).unwrap()
}

fn codes(loaded: &Loaded) -> Vec<Code> {
    loaded
        .diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .map(|found| found.code)
        .collect()
}

fn check(cases: &[(&str, &[Code])]) {
    for (body, wanted) in cases {
        let loaded = read(body, &[]);
        assert_eq!(codes(&loaded), *wanted, "{body}\n{:?}", loaded.diagnostics);
    }
}

#[test]
fn names_must_be_known_and_new() {
    use Code::{Duplicate, Unknown};
    check(&[
        ("VARIABLE x\nInit == x = TRUE", &[]),
        ("Init == x = y", &[Unknown, Unknown]),
        ("F(a) == a\nF(b) == b", &[Duplicate]),
        ("VARIABLE x\nF(x) == x", &[Duplicate]),
        ("VARIABLE x\nF == \\A x \\in {} : TRUE", &[Duplicate]),
        ("F == LET a == 1 IN LET a == 2 IN a", &[Duplicate]),
        ("F == LET a == 1 IN a\nG == LET a == 2 IN a", &[]),
        ("F == \\A a, a \\in {1} : TRUE", &[Duplicate]),
        ("F == \\A a \\in {a} : TRUE", &[Unknown]),
        ("EXTENDS Naturals\na + b == a", &[Duplicate]),
        ("a \\cup b == a", &[Duplicate]),
        ("EXTENDS FiniteSetsExt\nMax(S) == S", &[Duplicate]),
        ("F == [a |-> 1, a |-> 2]", &[Duplicate]),
        ("VARIABLE x\nVARIABLE x", &[]),
        ("EXTENDS Sequences\nLOCAL INSTANCE Sequences", &[]),
        ("LOCAL INSTANCE Naturals\nF == 1 + 1", &[]),
        ("EXTENDS FiniteSets\nF == 1 + 1", &[Unknown]),
        ("f[n \\in {1}] == n\nG == f[1]", &[]),
        ("f[f \\in {1}] == 1", &[Duplicate]),
        ("ASSUME A == TRUE\nB == A", &[]),
    ]);
}

#[test]
fn operators_get_the_arguments_they_take() {
    use Code::Arity;
    check(&[
        ("F(a, b) == a\nG == F(1)", &[Arity]),
        ("F(a) == a\nG == F", &[Arity]),
        ("F == 1\nG == F(1)", &[Arity]),
        ("F(G(_)) == G(1)\nH == F(1)", &[Arity]),
        ("F(G(_)) == G(1)\nI(a, b) == a\nH == F(I)", &[Arity]),
        ("F(G(_)) == G(1)\nI(a) == a\nH == F(I)", &[]),
        ("F(G(_)) == G(1)\nH == F(LAMBDA a : a)", &[]),
        ("F(G(_)) == G(1)\nH == F(LAMBDA a, b : a)", &[Arity]),
        (
            "EXTENDS Integers\nF(G(_, _)) == G(1, 2)\nH == F( + )\nI == F(\\cup)",
            &[],
        ),
        ("F(G(_)) == G(1)\nH(J(_)) == J(1)\nK == F(H)", &[Arity]),
        ("f[a \\in {1}, b \\in {2}] == a\nG == f[1, 2, 3]", &[Arity]),
        ("f[a \\in {1}, b \\in {2}] == a\nG == f[<<1, 2>>]", &[]),
        ("CONSTANT C(_)\nF == C", &[Arity]),
    ]);
}

#[test]
fn recursion_is_declared() {
    use Code::{Arity, Recursion};
    check(&[
        ("F(n) == F(n)", &[Recursion]),
        ("RECURSIVE F(_)\nF(n) == F(n)", &[]),
        ("RECURSIVE F(_)", &[Recursion]),
        ("RECURSIVE F(_)\nF(a, b) == 1", &[Arity]),
        ("RECURSIVE F(_), G(_)\nF(n) == G(n)\nG(n) == F(n)", &[]),
        ("RECURSIVE F(_)\nVARIABLE x\nF(n) == n", &[Recursion]),
        (
            "RECURSIVE F(_)\nG == LET F(n) == n IN 1\nF(n) == n",
            &[Recursion],
        ),
        ("F == LET RECURSIVE g(_) g(n) == g(n) IN g(1)", &[]),
        ("f[n \\in {1}] == f[n]", &[]),
        ("F == G\nG == 1", &[Recursion]),
        (
            "VARIABLE x\nRECURSIVE F(_)\nF(n) == n' = F(n)",
            &[Code::Level],
        ),
    ]);
}

#[test]
fn levels_are_those_of_sany() {
    use Code::Level;
    let cases: &[(&str, &[Code])] = &[
        ("A == (x')'", &[Level]),
        ("A == (x' = 1)'", &[Level]),
        ("F(a) == a'\nA == F(x')", &[Level]),
        ("F(a) == a'\nA == F(x)", &[]),
        ("CONSTANT C\nA == C' = C", &[]),
        ("ASSUME x = 1", &[Level]),
        ("A == [](x' = x)", &[Level]),
        ("A == [][x' = x]_x", &[]),
        ("A == <><<x' = x>>_x", &[]),
        ("A == <>(x' = x)", &[Level]),
        ("A == x' = x /\\ []TRUE", &[Level]),
        ("A == x = 1 /\\ [][x' = x]_x", &[]),
        ("A == WF_x([]TRUE)", &[Level]),
        ("A == [x' = x]_(x')", &[Level]),
        ("A == UNCHANGED (x')", &[Level]),
        ("A == ENABLED (x' = 1) /\\ x = 1", &[]),
        ("A == ENABLED []TRUE", &[Level]),
        ("A == (x' = 1) ~> TRUE", &[Level]),
        ("A == {[]TRUE}", &[Level]),
        ("A == CHOOSE a : []a", &[Level]),
        ("A == \\A a \\in {x'} : []TRUE", &[Level]),
        ("A == \\A a \\in {x} : [](a = x)", &[]),
        ("A == [x EXCEPT ![1] = @']", &[]),
        ("A == [x' EXCEPT ![1] = @']", &[Level]),
        ("F(G(_)) == G(x')\nH(a) == a'\nA == F(H)", &[Level]),
        ("F(G(_)) == G(x)\nH(a) == a'\nA == F(H)", &[]),
        ("F(G(_), a) == G(a)\nH(a) == a'\nA == F(H, x')", &[Level]),
    ];
    for (body, wanted) in cases {
        let loaded = read(&format!("VARIABLE x\n{body}"), &[]);
        assert_eq!(codes(&loaded), *wanted, "{body}\n{:?}", loaded.diagnostics);
    }
}

#[test]
fn instances_replace_what_is_declared() {
    use Code::{Arity, Duplicate, Level, Module, Unknown};
    const INNER: &str = "CONSTANT C, F(_)\nVARIABLE v\na + b == <<a, b>>\n\
                         Op(a) == F(a) + C + v\nNext == v' = C\nLOCAL Hidden == 1";
    let cases: &[(&str, &[Code])] = &[
        (
            "I == INSTANCE Inner WITH C <- 1, F <- LAMBDA a : a, v <- x\nA == I!Op(1)",
            &[],
        ),
        ("I == INSTANCE Inner WITH C <- 1, v <- x", &[Unknown]),
        (
            "I == INSTANCE Inner WITH D <- 1, C <- 1, F <- LAMBDA a : a, v <- x",
            &[Unknown],
        ),
        (
            "I == INSTANCE Inner WITH C <- 1, C <- 2, F <- LAMBDA a : a, v <- x",
            &[Duplicate],
        ),
        ("I == INSTANCE Inner WITH C <- 1, F <- 2, v <- x", &[Arity]),
        (
            "I == INSTANCE Inner WITH C <- x, F <- LAMBDA a : a, v <- x",
            &[Level],
        ),
        (
            "I == INSTANCE Inner WITH C <- 1, F <- LAMBDA a : a, v <- x'",
            &[Level],
        ),
        (
            "F(a) == a\nC == 1\nv == x\nINSTANCE Inner\nA == Op(1) /\\ Next",
            &[],
        ),
        (
            "I(C) == INSTANCE Inner WITH F <- LAMBDA a : a, v <- x\nA == I(1)!Op(2)",
            &[],
        ),
        (
            "I(C) == INSTANCE Inner WITH F <- LAMBDA a : a, v <- x\nA == I!Op(2)",
            &[Arity],
        ),
        (
            "I(C) == INSTANCE Inner WITH F <- LAMBDA a : a, v <- x\nA == I(x)!Op(2)",
            &[Level],
        ),
        (
            "I(v) == INSTANCE Inner WITH F <- LAMBDA a : a, C <- 1\nA == I(x')!Next",
            &[Level],
        ),
        (
            "I == INSTANCE Inner WITH C <- 1, F <- LAMBDA a : a, v <- x\nA == I!Hidden",
            &[Unknown],
        ),
        (
            "I == INSTANCE Inner WITH C <- 1, F <- LAMBDA a : a, v <- x\nA == I",
            &[Code::Semantics],
        ),
        (
            "A == LET I == INSTANCE Inner WITH C <- 1, F <- LAMBDA a : a, v <- x IN I!Op(1)",
            &[],
        ),
        ("INSTANCE Nowhere", &[Module]),
        ("EXTENDS Test2", &[Module]),
    ];
    for (body, wanted) in cases {
        let body = match body.strip_prefix("EXTENDS") {
            Some(_) => (*body).to_owned(),
            None => format!("VARIABLE x\n{body}"),
        };
        let loaded = read(&body, &[("Inner", INNER), ("Test2", "EXTENDS Test")]);
        assert_eq!(codes(&loaded), *wanted, "{body}\n{:?}", loaded.diagnostics);
    }
}

fn spec(body: &str) -> Spec {
    let loaded = read(body, &[]);
    let messages = format!("{:?}", loaded.diagnostics);
    loaded.spec.expect(&messages)
}

#[test]
fn tables_say_what_was_read() {
    let spec = spec(
        "EXTENDS Naturals\nCONSTANT N\nVARIABLES x, y\nInit == x = 0 /\\ y = N\n\
         f[n \\in Nat] == IF n = 0 THEN 1 ELSE n * f[n - 1]\nNext == x' = f[x] /\\ UNCHANGED y\n\
         Spec == Init /\\ [][Next]_<<x, y>>\nASSUME N \\in Nat",
    );
    let root = spec.module(spec.root.unwrap());
    let names: Vec<&str> = root
        .variables
        .iter()
        .map(|&id| spec.variable(id).name.as_str())
        .collect();
    assert_eq!(names, ["x", "y"]);
    assert_eq!(root.assumptions.len(), 1);
    let definition = |name: &str| spec.definition(root.scope[&Symbol::new(name)]);
    assert_eq!(definition("Init").level, Level::State);
    assert_eq!(definition("Next").level, Level::Action);
    assert_eq!(definition("Spec").level, Level::Temporal);
    assert!(definition("f").recursive);
    assert!(matches!(definition("f").body, Body::Function { .. }));
    assert!(spec.module(definition("+").module).standard);
}

#[test]
fn parts_of_definitions_are_definitions() {
    use Code::{Arity, Semantics, Unknown};
    check(&[
        ("D == /\\ TRUE\n     /\\ FALSE\nE == D!2", &[]),
        ("D == /\\ TRUE\n     /\\ FALSE\nE == D!3", &[Semantics]),
        ("D(a) == \\E b \\in {a} : b = a\nE == D(1)!(2)!<<", &[]),
        ("D(a) == \\E b \\in {a} : b = a\nE == D(1)!@", &[Arity]),
        ("D == lab :: TRUE\nE == D!lab", &[]),
        ("D == lab :: TRUE\nE == D!other", &[Unknown]),
        ("D == \\A a \\in {1} : lab(a) :: a = 1\nE == D!lab(1)", &[]),
        ("D == \\A a \\in {1} : lab :: a = 1", &[Semantics]),
        ("D == LET a == 1 IN a\nE == D!1\nF == D!:!a", &[]),
        ("CONSTANT C\nE == C!1", &[Semantics]),
    ]);
}

#[test]
fn helps_say_what_to_write() {
    let cases = [
        (
            "F == 1 + 1",
            "`+` is defined by module Integers: add `EXTENDS Integers`",
        ),
        (
            "F == Len(<<>>)",
            "`Len` is defined by module Sequences: add `EXTENDS Sequences`",
        ),
        ("EXTENDS Sequences\nF == Hed(<<1>>)", "did you mean `Head`?"),
        (
            "F == G\nG == 1",
            "it is defined at line 3: move that definition above this one",
        ),
        (
            "F(a, b) == a\nG == F(1)",
            "it is defined as `F(a, b)`, with 2 arguments",
        ),
        (
            "EXTENDS Functions\nRange(f) == f",
            "module Functions defines `Range`: remove this definition, or choose another name",
        ),
    ];
    for (body, wanted) in cases {
        let loaded = read(body, &[]);
        let help = loaded
            .diagnostics
            .first()
            .and_then(|found| found.help.clone());
        assert_eq!(
            help.as_deref(),
            Some(wanted),
            "{body}\n{:?}",
            loaded.diagnostics
        );
    }
}

#[test]
fn every_module_that_ships_is_accepted() {
    for name in crate::modules::names() {
        let loaded = read(&format!("EXTENDS {name}"), &[]);
        assert!(
            loaded.diagnostics.is_empty(),
            "{name}: {:?}",
            loaded.diagnostics
        );
    }
}

#[test]
fn chains_of_definitions_and_instances_stay_small() {
    let mut body = String::from("A0 == 1\n");
    for i in 0..2_000 {
        body += &format!("A{} == <<A{i}, A{i}>>\n", i + 1);
    }
    assert_eq!(spec(&body).definitions.len(), 2_001);
    let mut modules = vec![("M0".to_owned(), "VARIABLE v\nA == v\nB == v".to_owned())];
    for i in 0..30 {
        let body = format!("VARIABLE v\nI == INSTANCE M{i}\nJ == INSTANCE M{i}");
        modules.push((format!("M{}", i + 1), body));
    }
    let modules: Vec<(&str, &str)> = modules
        .iter()
        .map(|(name, body)| (name.as_str(), body.as_str()))
        .collect();
    let loaded = read("EXTENDS M30", &modules);
    assert_eq!(codes(&loaded), [Code::TooLarge]);
}

#[test]
fn further_modules_may_follow_in_the_file_of_the_root() {
    let text = "---- MODULE Test ----\nEXTENDS Other\nB == A\n====\n\
                ---- MODULE Other ----\nA == 1\n====\n";
    let source = InMemory::new().with("Test", text);
    let loaded = with_deep_stack(|| load(&source, "Test")).unwrap();
    assert!(loaded.spec.is_some(), "{:?}", loaded.diagnostics);
}
