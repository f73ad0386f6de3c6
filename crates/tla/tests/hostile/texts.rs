//! Texts that are long, deep, or refer to each other again and again.

use std::fmt::Write;

use tla::resolve::InMemory;

use super::Case;

const LARGE: &[&str] = &["rejected too-large"];
const REJECTED: &[&str] = &["rejected"];
const OK: &[&str] = &["ok"];

fn module(name: &str, body: &str) -> String {
    format!("---- MODULE {name} ----\n{body}\n====\n")
}

/// A case of one module in which `body` comes first.
fn case(name: &'static str, body: &str, expected: &'static [&'static str]) -> Case {
    modules(name, body, InMemory::new(), expected)
}

fn modules(
    name: &'static str,
    body: &str,
    others: InMemory,
    expected: &'static [&'static str],
) -> Case {
    let text = format!("EXTENDS Naturals\nVARIABLE x\n{body}\nInit == x = 0\nNext == x' = x\n");
    Case {
        name,
        modules: others.with("M", module("M", &text)),
        config: "INIT Init NEXT Next".to_owned(),
        states: Some(1_000),
        expected,
    }
}

/// Lines made of a number each.
fn lines(count: u32, line: impl Fn(u32) -> String) -> String {
    let mut text = String::new();
    for number in 1..=count {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", line(number));
    }
    text
}

/// Modules `M1`, `M2` … of which each is made from the number of the one before.
fn chain(count: u32, body: impl Fn(u32) -> String) -> InMemory {
    let first = InMemory::new().with("M0", module("M0", "A == 1"));
    (1..=count).fold(first, |others, number| {
        let name = format!("M{number}");
        let text = module(&name, &body(number - 1));
        others.with(name, text)
    })
}

fn nested(open: &str, core: &str, close: &str, times: usize) -> String {
    format!("A == {}{core}{}", open.repeat(times), close.repeat(times))
}

const MEGA: usize = 1 << 20;

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("open parentheses", &nested("(", "", "", 10 * MEGA), LARGE),
        case(
            "open tuples in sets",
            &nested("{<<", "", "", 3 * MEGA),
            LARGE,
        ),
        case(
            "conjunctions without operands",
            &nested("/\\ ", "", "", 3 * MEGA),
            LARGE,
        ),
        case("comments in comments", &"(* ".repeat(3 * MEGA), REJECTED),
        case("a long name", &format!("{} == 1", "a".repeat(MEGA)), OK),
        case(
            "a long text",
            &format!("A == \"{}\"", "a".repeat(10 * MEGA)),
            OK,
        ),
        case("a long number", &format!("A == {}", "9".repeat(MEGA)), OK),
        case(
            "a long sum",
            &format!("A == 1{}", " + 1".repeat(200_000)),
            LARGE,
        ),
        case(
            "a long conjunction",
            &format!("A == TRUE{}", " /\\ TRUE".repeat(200_000)),
            OK,
        ),
        case(
            "a wide tuple",
            &format!("A == <<{}1>>", "1, ".repeat(200_000)),
            OK,
        ),
        case(
            "a wide set",
            &format!("A == {{{}1}}", "x, ".repeat(200_000)),
            OK,
        ),
        case(
            "many operands",
            &format!("A == CASE x = 0 -> 1{}", " [] x = 1 -> 2".repeat(50_000)),
            OK,
        ),
        case(
            "many updates",
            &format!("A == [x EXCEPT ![1] = 1{}]", ", ![2] = @".repeat(50_000)),
            OK,
        ),
        case(
            "many bounds",
            &format!(
                "A == \\A {} \\in {{1}} : TRUE",
                (0..50_000)
                    .map(|i| format!("b{i}"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            &["ok", "rejected"],
        ),
        case(
            "many parameters",
            &format!(
                "A({}) == 1",
                (0..50_000)
                    .map(|i| format!("b{i}"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            &["ok", "rejected"],
        ),
        case(
            "many variables",
            &lines(20_000, |i| format!("VARIABLE v{i}")),
            &["error", "rejected"],
        ),
        case(
            "many definitions",
            &lines(100_000, |i| {
                format!(
                    "D{i} == {}",
                    if i == 1 {
                        "x".into()
                    } else {
                        format!("<<D{0}, D{0}>>", i - 1)
                    }
                )
            }),
            &["ok", "too-large"],
        ),
        case(
            "many definitions in use",
            &format!(
                "{}ASSUME D20000 = 1",
                lines(20_000, |i| format!(
                    "D{i} == {}",
                    if i == 1 {
                        "1".into()
                    } else {
                        format!("IF D{0} = 1 THEN D{0} ELSE 2", i - 1)
                    }
                ))
            ),
            &["ok", "too-large", "too deep"],
        ),
        case(
            "many mistakes",
            &lines(100_000, |i| format!("D{i} == )")),
            REJECTED,
        ),
        case(
            "many unknown names",
            &lines(20_000, |i| format!("D{i} == unknown{i}")),
            REJECTED,
        ),
        case(
            "many names alike",
            &lines(20_000, |_| "D == 1".to_owned()),
            REJECTED,
        ),
        case(
            "many theorems",
            &lines(50_000, |i| {
                format!("THEOREM T{i} == TRUE\n<1>1. TRUE\n<1>2. QED")
            }),
            OK,
        ),
        case(
            "deep proofs",
            &format!(
                "THEOREM TRUE\n{}",
                lines(20_000, |i| format!("<{i}>1. TRUE"))
            ),
            REJECTED,
        ),
        case(
            "names in names",
            &format!("A == x{}", "!x".repeat(200_000)),
            REJECTED,
        ),
        case(
            "unknown names in names",
            &format!("A == y{}", "!y".repeat(MEGA)),
            LARGE,
        ),
        case(
            "parts of parts",
            &format!("A == (1 + 1)\nB == A{}", "!1".repeat(200_000)),
            REJECTED,
        ),
        case("primes", &format!("A == x{}", "'".repeat(MEGA)), LARGE),
        case(
            "fields of fields",
            &format!("A == x{}", ".a".repeat(MEGA)),
            LARGE,
        ),
        case(
            "modules in modules",
            &"---- MODULE N ----\n".repeat(100_000),
            REJECTED,
        ),
        modules(
            "instances twice over",
            "I == INSTANCE M60",
            chain(60, |last| {
                format!("A == INSTANCE M{last}\nB == INSTANCE M{last}")
            }),
            &["ok", "too-large"],
        ),
        modules(
            "instances twice over, unnamed",
            "INSTANCE M60",
            chain(60, |last| {
                format!(
                    "VARIABLE v\nINSTANCE M{last} WITH v <- v\nB == INSTANCE M{last} WITH v <- 1"
                )
            }),
            &["ok", "rejected"],
        ),
        modules(
            "instances in a row",
            "I == INSTANCE M3000",
            chain(3_000, |last| format!("A == INSTANCE M{last}")),
            &["more than 1000 modules"],
        ),
        modules(
            "extensions in a row",
            "EXTENDS M3000",
            chain(3_000, |last| format!("EXTENDS M{last}")),
            REJECTED,
        ),
        modules(
            "extensions twice over",
            "I == INSTANCE M60",
            chain(60, |last| {
                format!("EXTENDS M{last}, M{}\nB{last} == 1", last.saturating_sub(1))
            }),
            OK,
        ),
    ];
    for (name, open, core, close) in [
        ("deep sets", "{", "1", "}"),
        ("deep tuples", "<<", "1", ">>"),
        ("deep conditions", "IF TRUE THEN ", "1", " ELSE 1"),
        ("deep choices", "CASE TRUE -> ", "1", ""),
        ("deep quantifiers", "\\A i \\in {1} : ", "TRUE", ""),
        ("deep definitions", "LET a == 1 IN ", "1", ""),
        ("deep functions", "[i \\in {1} |-> ", "1", "]"),
        ("deep updates", "[x EXCEPT ![1] = ", "1", "]"),
        ("deep negations", "~", "TRUE", ""),
        ("deep unions", "UNION ", "{}", ""),
        ("deep operators", "(LAMBDA l : l)(", "1", ")"),
    ] {
        cases.push(case(
            name,
            &nested(open, core, close, 4_000),
            &["ok", "too-large", "rejected"],
        ));
    }
    for (name, config) in [
        (
            "configuration: open sets",
            format!("CONSTANT A = {}", "{".repeat(3 * MEGA)),
        ),
        ("configuration: comments", "(*".repeat(3 * MEGA)),
        (
            "configuration: names",
            "INVARIANT ".to_owned() + &"Inv ".repeat(MEGA / 4),
        ),
        (
            "configuration: constants",
            lines(100_000, |i| format!("CONSTANT A{i} = {i}")),
        ),
        (
            "configuration: a large set",
            format!("CONSTANT A = {{{}1}}", "m, ".repeat(500_000)),
        ),
        (
            "configuration: a long text",
            format!("CONSTANT A = \"{}", "a".repeat(10 * MEGA)),
        ),
    ] {
        let mut case = case(name, "", REJECTED);
        case.config = config;
        cases.push(case);
    }
    cases
}
