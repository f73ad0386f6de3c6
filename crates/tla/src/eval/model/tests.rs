//! Models of small specifications and configurations.

use std::sync::Arc;

use super::{Model, Options};
use crate::diagnostic::Diagnostic;
use crate::eval::formula::Formula;
use crate::resolve::{InMemory, load};
use crate::stack::with_deep_stack;
use crate::syntax::config::parse_config;

/// The model of modules, the first the root, under a configuration.
pub(in super::super) fn build(
    modules: &[(&str, &str)],
    config: &str,
) -> Result<Model, Vec<Diagnostic>> {
    with_deep_stack(|| {
        let mut source = InMemory::new();
        for (name, text) in modules {
            source = source.with(*name, *text);
        }
        let loaded = load(&source, modules[0].0);
        let mut spec = loaded.spec.ok_or(loaded.diagnostics)?;
        let file = spec.sources.add("M.cfg", config);
        let parsed = parse_config(file, config);
        assert!(parsed.is_valid(), "{:?}", parsed.diagnostics);
        Model::build(Arc::new(spec), &parsed.config, Options::default())
    })
    .unwrap()
}

const SYSTEM: &str = "---- MODULE M ----\nEXTENDS Naturals\nVARIABLES x, y\nvars == <<x, y>>\n\
    Init == x = 0 /\\ y = 0\n\
    Send(p, q) == x' = p /\\ y' = q\n\
    Wait == UNCHANGED vars\n\
    Act(p) == \\E q \\in {1, 2} : Send(p, q) \\/ (x = q /\\ Wait)\n\
    Next == \\/ \\E p \\in 1 .. 2 : Act(p)\n\
    \x20       \\/ Send(x, 1)\n\
    \x20       \\/ LET z == 3 IN Wait\n\
    \x20       \\/ \\E p \\in {x} : Wait\n\
    Live == []<>(x = 1)\n\
    Fair == WF_vars(Next) /\\ \\A p \\in {1, 2} : SF_vars(Send(p, p))\n\
    Spec == Init /\\ [][Next]_vars /\\ Fair\n";

fn system(more: &str, config: &str) -> Result<Model, Vec<Diagnostic>> {
    build(&[("M", &format!("{SYSTEM}{more}\n===="))], config)
}

#[test]
fn the_next_state_relation_is_split_as_tlc_splits_it() {
    let model = system("", "SPECIFICATION Spec").unwrap();
    let actions: Vec<_> = model
        .actions
        .iter()
        .map(|action| {
            let place = model.spec.sources.location(action.span).begin;
            (action.name.as_str(), place.line)
        })
        .collect();
    let mut sorted = actions.clone();
    sorted.sort_unstable();
    // The call of Send with a state-dependent argument and the quantifier over one are whole.
    let expected = [
        ("Act", 8),
        ("Next", 12),
        ("Send", 6),
        ("Send", 10),
        ("Wait", 7),
    ];
    assert_eq!(sorted, expected);
    assert_eq!(model.fairness.len(), 2);
    assert!(matches!(
        model.fairness[1].formula,
        Formula::Quantified { for_all: true, .. }
    ));
}

#[test]
fn properties_are_sorted_by_what_checks_them() {
    let other = "---- MODULE High ----\nVARIABLE h\nInit == h = 0\nNext == h' = 1\n\
                 Spec == Init /\\ [][Next]_h /\\ WF_h(Next)\n====";
    let more = "H(k) == INSTANCE High WITH h <- x + k\n\
                Ref == \\A k \\in {0} : H(k)!Spec\n\
                All == /\\ x = 0\n       /\\ [](y < 5)\n       /\\ [][x' > x]_vars\n       /\\ Live\n\
                ====";
    let text = format!("{SYSTEM}{more}");
    let model = build(
        &[("M", &text), ("High", other)],
        "SPECIFICATION Spec\nPROPERTIES All Ref\nINVARIANT Init",
    )
    .unwrap();
    let names = |checks: &[super::Check]| -> Vec<String> {
        checks.iter().map(|check| check.name.to_string()).collect()
    };
    assert_eq!(names(&model.invariants), ["Init", "All"]);
    assert_eq!(names(&model.initial_properties).len(), 2);
    assert_eq!(names(&model.action_properties), ["All", "H!Spec"]);
    let temporal: Vec<_> = model
        .temporal_properties
        .iter()
        .map(|property| property.name.as_str())
        .collect();
    assert_eq!(temporal, ["All", "Ref"]);
}

#[test]
fn mistakes_in_a_configuration_are_found() {
    let cases = [
        (
            "SPECIFICATION Specc",
            "the specification `Specc` is not defined",
        ),
        (
            "SPECIFICATION spec",
            "the specification `spec` is not defined",
        ),
        (
            "SPECIFICATION Spec INIT Init",
            "both SPECIFICATION and INIT or NEXT",
        ),
        ("INVARIANT Init", "has no initial predicate"),
        ("INIT Init INVARIANT Init", "has no next-state relation"),
        (
            "SPECIFICATION Spec INVARIANT Wait",
            "the invariant `Wait` depends on the next state",
        ),
        (
            "SPECIFICATION Spec INVARIANT Send",
            "takes 2 arguments, but must take none",
        ),
        ("SPECIFICATION Spec INVARIANT x", "is declared, not defined"),
        (
            "SPECIFICATION Spec PROPERTY Next",
            "the property `Next` is an action",
        ),
        (
            "SPECIFICATION Spec CONSTANT C <- Init",
            "`C` is not declared or defined",
        ),
        (
            "SPECIFICATION Spec CONSTANT K = 1",
            "the configuration does not give the constant `N` a value",
        ),
        (
            "SPECIFICATION Spec CONSTANT N <- Init",
            "which depends on the state",
        ),
        (
            "SPECIFICATION Spec CONSTANT N <- Send",
            "takes 0 arguments, but `Send` takes 2",
        ),
        (
            "SPECIFICATION Spec CONSTANT N <- Nope",
            "`Nope` is not defined",
        ),
        ("SPECIFICATION Two", "more than one next-state relation"),
        (
            "SPECIFICATION Odd",
            "has a conjunct `[]P` of a state predicate",
        ),
        (
            "INIT Next NEXT Next",
            "the initial predicate `Next` depends on the next state",
        ),
    ];
    for (config, expected) in cases {
        let more = "CONSTANT N\nTwo == Spec /\\ [][x' = N]_x\nOdd == Spec /\\ [](x = 0)";
        let config = if config.contains("CONSTANT") {
            config.to_owned()
        } else {
            format!("{config} CONSTANT N = 1")
        };
        let found = system(more, &config).expect_err(&config);
        assert!(
            found.iter().any(|one| one.message.contains(expected)),
            "{config}: {found:?}"
        );
    }
}

#[test]
fn what_tlc_ignores_is_a_warning() {
    let model = system(
        "Less == Init /\\ [][Next]_x",
        "SPECIFICATION Less CONSTANT K = 1",
    )
    .unwrap();
    let messages: Vec<_> = model
        .warnings
        .iter()
        .map(|warning| warning.message.as_str())
        .collect();
    assert!(messages[0].contains("`K` is not declared"), "{messages:?}");
    assert!(
        messages[1].contains("lacks the variable `y`"),
        "{messages:?}"
    );
    assert!(model.check_deadlock);
}
