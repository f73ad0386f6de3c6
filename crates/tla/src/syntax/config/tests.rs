//! Configuration files, right and wrong.

use super::{ConfigValue, ConstantValue, Named, parse_config};
use crate::source::FileId;

fn names(named: &[Named]) -> Vec<&str> {
    named.iter().map(|one| one.name.as_str()).collect()
}

#[test]
fn reads_every_statement() {
    let text = r#"\* a comment
SPECIFICATION Spec (* another *)
CONSTANTS
  N = 3  S = {a, "b", {TRUE, 2}} M = M
  Op <- Other  Ballot <-[Voting] MCBallot NoVal = [Nano]none
  F(1, a) = 2  F(2, a) = 3  I!C = 4  + <- Plus
INVARIANTS Inv Typed
INVARIANT More PROPERTY Live
CONSTRAINT Small ACTION_CONSTRAINTS A B
SYMMETRY Sym VIEW view ALIAS alias POSTCONDITION Post CHECK_DEADLOCK FALSE
INIT Init NEXT Next"#;
    let parsed = parse_config(FileId(0), text);
    assert!(
        parsed.is_valid() && parsed.diagnostics.is_empty(),
        "{:?}",
        parsed.diagnostics
    );
    let config = parsed.config;
    assert_eq!(names(&config.invariants), ["Inv", "Typed", "More"]);
    assert_eq!(names(&config.properties), ["Live"]);
    assert_eq!(names(&config.constraints), ["Small"]);
    assert_eq!(names(&config.action_constraints), ["A", "B"]);
    assert_eq!(names(&config.symmetry), ["Sym"]);
    assert_eq!(names(&config.postcondition), ["Post"]);
    assert_eq!(config.check_deadlock, Some(false));
    let single = [
        &config.specification,
        &config.init,
        &config.next,
        &config.view,
        &config.alias,
    ];
    let single = single.map(|name| name.as_ref().unwrap().name.as_str());
    assert_eq!(single, ["Spec", "Init", "Next", "view", "alias"]);
    let set: Vec<&str> = config
        .constants
        .iter()
        .map(|one| one.name.name.as_str())
        .collect();
    assert_eq!(
        set,
        ["N", "S", "M", "Op", "Ballot", "NoVal", "F", "F", "I!C", "+"]
    );
    let ConstantValue::Value { value, .. } = &config.constants[1].value else {
        panic!("a value");
    };
    let ConfigValue::Set(elements) = value else {
        panic!("a set");
    };
    assert_eq!(
        elements[2],
        ConfigValue::Set(vec![ConfigValue::Bool(true), ConfigValue::Int(2)])
    );
    let ConstantValue::OperatorIn { module, operator } = &config.constants[4].value else {
        panic!("an operator in a module");
    };
    assert_eq!(
        (module.name.as_str(), operator.name.as_str()),
        ("Voting", "MCBallot")
    );
    assert!(matches!(&config.constants[6].value,
            ConstantValue::Value { arguments, .. } if arguments.len() == 2));
}

#[test]
fn explains_mistakes() {
    for (text, message, help) in [
        ("INVARIANTS: Inv", "found `:`", "no colon"),
        ("INVARIANTS A, B", "found `,`", "without commas"),
        ("INVARIANT I!Inv", "found `!`", "define a name"),
        ("Invariant Inv", "expected a keyword", "INVARIANT"),
        ("SPEC Spec", "expected a keyword", "SPECIFICATION"),
        ("INIT Init INIT Other", "appears twice", "remove"),
        ("SYMMETRY A SYMMETRY B", "appears twice", "remove"),
        ("INIT", "expected a name after `INIT`, found the end", ""),
        ("CONSTANTS N == 3", "found `==`", "write `=`"),
        ("CONSTANT N := 3", "found `:=`", "write `=`"),
        ("CONSTANT N = -1", "found `-`", "define anything else"),
        ("CONSTANT S = {1..3}", "found `..`", "an interval"),
        ("CONSTANT S = 1..3", "found `..`", ""),
        ("CONSTANT S <- {1}", "found `{`", "define one in the module"),
        ("CONSTANT N = 99999999999", "cannot be read", "2147483648"),
        ("CONSTANT N 3", "expected `=` or `<-`", ""),
        ("CHECK_DEADLOCK false", "expected TRUE or FALSE", ""),
        ("CONSTANT N = 3;", "no character ';'", ""),
        ("_POSSIBLE P", "not supported", ""),
    ] {
        let parsed = parse_config(FileId(0), text);
        assert!(!parsed.is_valid(), "{text}");
        let first = &parsed.diagnostics[0];
        assert!(first.message.contains(message), "{text}: {first:?}");
        let given = first.help.as_deref().unwrap_or_default();
        assert!(given.contains(help), "{text}: {first:?}");
    }
    let deep = format!("CONSTANT S = {}", "{".repeat(100_000));
    assert!(!parse_config(FileId(0), &deep).is_valid());
}

#[test]
fn warns_of_what_is_likely_unwanted() {
    for text in [
        "CONSTANT N = 1 N = 2",
        "INVARIANT Inv PROPERTYS Live",
        "_PERIODIC P",
    ] {
        let parsed = parse_config(FileId(0), text);
        assert!(parsed.is_valid() && parsed.diagnostics.len() == 1, "{text}");
    }
}
