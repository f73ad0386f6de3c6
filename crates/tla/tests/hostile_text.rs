//! Texts that nobody wrote by hand: random, cut, deep, long.

use proptest::prelude::*;
use std::time::{Duration, Instant};
use tla::diagnostic::{Code, render, to_json};
use tla::source::SourceMap;
use tla::stack::with_deep_stack;
use tla::syntax::{Parsed, parse_config, parse_module};

const SPEC: &str = r#"---- MODULE Clock ----
EXTENDS Naturals, Sequences
CONSTANT N, F(_, _)
VARIABLES hour, log
vars == <<hour, log>>
Init == /\ hour \in {h \in 1 .. N : h # 3}
        /\ log = [i \in {} |-> "x\n"]
Tick(k) == LET next == IF hour = N THEN 1 ELSE hour + k IN
             \/ /\ hour' = next
                /\ log' = [log EXCEPT ![k].a = @ + 1, ![1, 2] = -1]
             \/ UNCHANGED <<hour, log>>
Spec == Init /\ [][\E k \in 1..2, <<a, b>> \in S \X T : Tick(k)]_vars /\ WF_vars(Tick(1))
I(x) == INSTANCE Other WITH a <- x, b <- LAMBDA y : y
THEOREM Spec => []I(1)!Inv!1
<1>1. CASE \A x : CHOOSE y \in {x} : y = x (* nested (* comment *) *)
  BY <1>1 DEF Init
<1>2. QED \* done
====
"#;

/// Reads the text; every span must be inside it and every diagnostic can be shown.
fn check(text: &str) -> Parsed {
    let mut sources = SourceMap::default();
    let file = sources.add("M.tla", text);
    let parsed = parse_module(file, text);
    let config = parse_config(file, text);
    for found in parsed.diagnostics.iter().chain(&config.diagnostics) {
        let related = found.related.iter().map(|(span, _)| *span);
        for span in found.span.into_iter().chain(related) {
            assert!(
                span.start <= span.end && span.end as usize <= text.len(),
                "{found:?}"
            );
            assert!(
                text.get(span.start as usize..span.end as usize).is_some(),
                "{found:?}"
            );
        }
        assert!(render(found, &sources).contains(&found.message));
        assert!(to_json(found, &sources).is_object());
    }
    parsed
}

#[test]
fn reads_the_specification_that_is_mutated() {
    let parsed = check(SPEC);
    assert!(parsed.module.is_some(), "{:?}", parsed.diagnostics);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn random_text_never_panics(text in "\\PC{0,200}") {
        check(&text);
        check(&format!("---- MODULE M ----\n{text}\n===="));
    }

    #[test]
    fn random_tokens_never_panic(
        tokens in prop::collection::vec(
            prop::sample::select(
                SPEC.split_whitespace()
                    .chain(["(", ")", "[", "]_", "{", "<<", ">>", "!", "::", "'", "-", "/\\", "\n", "é", "\t"])
                    .collect::<Vec<&'static str>>(),
            ),
            0..60,
        )
    ) {
        check(&format!("---- MODULE M ----\nA == {}\n====", tokens.join(" ")));
    }

    #[test]
    fn a_changed_specification_never_panics(
        at in 0..SPEC.len(),
        removed in 0_usize..20,
        added in "[\\PC\n\t]{0,4}",
    ) {
        let end = (at + removed).min(SPEC.len());
        check(&format!("{}{added}{}", &SPEC[..at], &SPEC[end..]));
    }
}

/// Whether a text is refused as too large, and soon.
fn is_refused(text: &str) -> bool {
    let start = Instant::now();
    let code = with_deep_stack(|| {
        let found = check(text);
        found.diagnostics.first().map(|first| first.code)
    });
    code.is_ok_and(|code| code == Some(Code::TooLarge)) && start.elapsed() < Duration::from_secs(20)
}

#[test]
fn deep_nesting_is_refused() {
    for open in [
        "(",
        "[",
        "{",
        "<<",
        "f[",
        "F(",
        "/\\ ",
        "~ ",
        "- ",
        "IF ",
        "\\A x : ",
        "LET a == ",
        "[x \\in ",
        "WF_(",
        "lab :: ",
    ] {
        let text = format!("---- MODULE M ----\nA == {}", open.repeat(5_000));
        assert!(is_refused(&text), "{open}");
    }
    for (start, part) in [("A == 1", " + 1"), ("A == x", "'"), ("A == ", "(")] {
        let text = format!("---- MODULE M ----\n{start}{}\n====", part.repeat(50_000));
        assert!(is_refused(&text), "{part}");
    }
    assert!(is_refused(&"---- MODULE M ----\n".repeat(5_000)));
}

#[test]
fn long_chains_and_lists_are_read() {
    for item in [" /\\ x", " \\/ x", "\n/\\ x", "\n\\/ x"] {
        let text = format!("---- MODULE M ----\nA == x{}\n====", item.repeat(200_000));
        assert!(with_deep_stack(|| check(&text).module.is_some()).unwrap());
    }
    let wide = format!(
        "---- MODULE M ----\nA == <<{}1>>\n====",
        "1, ".repeat(200_000)
    );
    assert!(with_deep_stack(|| check(&wide).module.is_some()).unwrap());
}

/// Texts on which looking ahead again and again would take time that grows with the square.
#[test]
fn looking_ahead_stays_linear() {
    let start = Instant::now();
    for part in [
        "{<<", "<<a, ", "a, ", "{a, ", "[a, ", "\\A a, ", "(* ", "---- ", "<1>a ", "x == ",
    ] {
        let text = format!("---- MODULE M ----\nA == {}", part.repeat(50_000));
        let found = with_deep_stack(|| check(&text)).unwrap();
        assert!(found.module.is_none());
    }
    assert!(start.elapsed() < Duration::from_secs(40));
}
