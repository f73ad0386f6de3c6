//! What specifications compile to, read off a short form of the code.

use std::fmt::Write as _;

use crate::eval::code::{Binder, Code, Op, Operand, Operator, Program, Target};
use crate::eval::model::Model;
use crate::eval::model::tests::build;

/// Writes code in a short form: `x0` a variable, `l1.2` slot 2 one link up, `c3` a cell, `r4` a
/// routine, `!` an operand passed by value, `?` one that is not.
fn show(program: &Program, code: &Code) -> String {
    let all = |codes: &[Code]| {
        let parts: Vec<_> = codes.iter().map(|code| show(program, code)).collect();
        parts.join(" ")
    };
    let operands = |operands: &[Operand]| {
        let mut text = String::new();
        for operand in operands {
            let _ = match operand {
                Operand::Eager(code) => write!(text, " !{}", show(program, code)),
                Operand::Lazy(code) => write!(text, " ?{}", show(program, code)),
                Operand::Operator(Operator::Routine(id)) => write!(text, " op r{}", id.0),
                Operand::Operator(Operator::Nested { routine, depth }) => {
                    write!(text, " op r{}^{depth}", routine.0)
                }
                Operand::Operator(Operator::Param(local)) => {
                    write!(text, " op l{}.{}", local.depth, local.slot)
                }
            };
        }
        text
    };
    let binders = |binders: &[Binder]| {
        let mut text = String::new();
        for binder in binders {
            for target in &binder.targets {
                let _ = match target {
                    Target::Slot(slot) => write!(text, "{slot} "),
                    Target::Tuple(slots) => write!(text, "{slots:?} "),
                };
            }
            let _ = write!(text, "in {}: ", show(program, &binder.domain));
        }
        text
    };
    match &code.op {
        Op::Value(value) => value.to_string(),
        Op::Variable(index) => format!("x{index}"),
        Op::Primed(index) => format!("x{index}'"),
        Op::Local(local) => format!("l{}.{}", local.depth, local.slot),
        Op::Cell(id) => format!("c{}", id.0),
        Op::Call(id, args) => format!("(r{}{})", id.0, operands(args)),
        Op::CallNested {
            routine,
            depth,
            operands: args,
        } => format!("(r{}^{depth}{})", routine.0, operands(args)),
        Op::CallParam(local, args) => {
            format!("(l{}.{}{})", local.depth, local.slot, operands(args))
        }
        Op::Let(definitions, body) => {
            let mut text = String::new();
            for (slot, thunk) in definitions {
                let _ = write!(text, "{slot}={} ", show(program, thunk));
            }
            format!("(let {text}{})", show(program, body))
        }
        Op::And(items) => format!("(and {})", all(items)),
        Op::Or(items) => format!("(or {})", all(items)),
        Op::Not(one) => format!("(not {})", show(program, one)),
        Op::Equal(two) => format!("(= {})", all(&**two)),
        Op::In(two) => format!("(in {})", all(&**two)),
        Op::Int(operator, two) => format!("({operator:?} {})", all(&**two)),
        Op::Quantified {
            for_all,
            binders: bound,
            body,
        } => format!(
            "({} {}{})",
            if *for_all { "A" } else { "E" },
            binders(bound),
            show(program, body)
        ),
        Op::Closure(id) => {
            let closure = &program.closures[id.0 as usize];
            let captures: Vec<_> = closure.captures.iter().map(|c| &c.slots).collect();
            format!(
                "(fn {}{} takes {captures:?})",
                binders(&closure.binders),
                show(program, &closure.body)
            )
        }
        Op::FnApply(two) => format!("(app {})", all(&**two)),
        Op::Tuple(items) => format!("<<{}>>", all(items)),
        Op::SetEnum(items) => format!("{{{}}}", all(items)),
        Op::Prime(one) => format!("(prime {})", show(program, one)),
        Op::Unchanged(variables) => format!("(same {variables:?})"),
        Op::UnchangedExpr(one) => format!("(same {})", show(program, one)),
        Op::Enabled(enabled) => format!("(enabled {})", show(program, &enabled.action)),
        Op::Action {
            action,
            arguments,
            body,
        } => {
            let names: Vec<_> = arguments.iter().map(|(name, _)| name.as_str()).collect();
            format!("(action {action}{names:?} {})", show(program, body))
        }
        Op::Native2(_, two) => format!("(native {})", all(&**two)),
        Op::Except { base, updates } => {
            let mut text = show(program, base);
            for update in updates {
                let _ = write!(
                    text,
                    " [{}]@{:?}={}",
                    all(&update.path),
                    update.at,
                    show(program, &update.value)
                );
            }
            format!("(except {text})")
        }
        Op::Memo(memo) => format!(
            "(kept by {}: {})",
            all(&memo.inputs),
            show(program, &memo.body)
        ),
        other => format!("{other:?}").chars().take(20).collect(),
    }
}

fn routine(model: &Model, name: &str) -> String {
    let program = &model.program;
    let found = program
        .routines
        .iter()
        .find(|routine| routine.name.as_str() == name);
    let routine = found.unwrap_or_else(|| panic!("no routine {name}"));
    show(program, &routine.body)
}

/// A module `M` with variables `x` and `y`, a configuration with `INIT Init` and `NEXT Next`.
fn compiled(definitions: &str) -> Model {
    let text = format!(
        "---- MODULE M ----\nEXTENDS Naturals\nCONSTANT N\nVARIABLES x, y\n{definitions}\n===="
    );
    build(&[("M", &text)], "CONSTANT N = 3\nINIT Init NEXT Next").unwrap()
}

#[test]
fn bodies_compile_to_the_expected_code() {
    let cases = [
        // Names get slots of their own; the constant set becomes a cell.
        (
            "Init == \\E i, j \\in 1 .. N : x = i /\\ y = j  Next == TRUE",
            "Init",
            "(E 0 1 in c0: (and (= x0 l0.0) (= x1 l0.1)))",
        ),
        // UNCHANGED looks through definitions and nested tuples.
        (
            "vars == <<x, <<y>>>>  A == UNCHANGED vars /\\ y' = x  Init == TRUE  Next == A",
            "A",
            "(action 0[] (and (same [0, 1]) (= x1' x0)))",
        ),
        // What is not a tuple of variables stays an expression.
        (
            "Init == TRUE  Next == UNCHANGED <<x, x + y, y>>",
            "Next",
            "(action 0[] (and (same [0]) (same (Add x0 x1)) (same [1])))",
        ),
        // [A]_v and <<A>>_v are spelled out.
        (
            "Init == ENABLED <<x' = 1>>_<<x, y>>  Next == [y' = 1]_x",
            "Init",
            "(enabled (and (= x0' 1) (not (same [0, 1]))))",
        ),
        // A name of a variable is the variable.
        (
            "a == x  Init == a = 0  Next == a' = 1 /\\ UNCHANGED y",
            "Next",
            "(action 0[] (and (= x0' 1) (same [1])))",
        ),
        // Of the definitions of a LET only those that are used stay.
        (
            "Init == LET a == x + y  b == y + 1 IN b = 2  Next == TRUE",
            "Init",
            "(let 1=(Add x1 1) (= l0.1 2))",
        ),
        // @ has a slot only where it is read. What depends on little is kept.
        (
            "Init == x = [y EXCEPT ![1] = @ + 1, ![2] = 0]  Next == TRUE",
            "Init",
            "(= x0 (kept by x1: (except x1 [1]@Some(0)=(Add l0.0 1) [2]@None=0)))",
        ),
        // A function carries what its body reads.
        (
            "Init == \\E i \\in {1, 2} : x = [k \\in {y} |-> k + i]  Next == TRUE",
            "Init",
            "(E 0 in {1, 2}: (= x0 (kept by x1 l0.0: (fn 1 in {x1}: (Add l0.1 l0.0) takes [[0]]))))",
        ),
        // So does a path that starts at a bound name and goes through one that is not.
        (
            "Init == \\E i \\in {1} : \\/ x = 1 /\\ \\E m \\in y : m[i] = 1\n  Next == TRUE",
            "Init",
            "(E 0 in {1}: (or (and (= x0 1) (kept by x1 l0.0: (E 1 in x1: (= (app l0.1 l0.0) 1))))))",
        ),
        // A LET operator reads the frame around it; one that reads nothing of it is on its own.
        (
            "Init == \\E i \\in {1} : LET F(a) == a + i  G(a) == a + 1 IN F(G(x)) = y  Next == TRUE",
            "Init",
            "(E 0 in {1}: (let (= (r2^0 ?(r3 !x0)) x1)))",
        ),
    ];
    for (definitions, name, expected) in cases {
        assert_eq!(
            routine(&compiled(definitions), name),
            expected,
            "{definitions}"
        );
    }
}

#[test]
fn variables_are_passed_by_value_unless_they_may_be_primed() {
    let model = compiled(
        "Plain(a) == a + 1\n\
         Primes(a) == a' = 1\n\
         Passes(a) == Primes(a)\n\
         Keeps(a) == UNCHANGED a\n\
         Through(F(_), a) == F(a)\n\
         Init == Plain(x) = 1\n\
         Next == /\\ Plain(x) = 2\n\
                 /\\ Primes(x) = TRUE\n\
                 /\\ Passes(x) = TRUE\n\
                 /\\ Keeps(y) = TRUE\n\
                 /\\ Through(Primes, x) = TRUE\n\
                 /\\ Passes(y)",
    );
    let next = routine(&model, "Next");
    let passed: Vec<char> = next.chars().filter(|c| "!?".contains(*c)).collect();
    // Plain, Primes, Passes, Keeps, Through; the last stands where it is a step.
    assert_eq!(passed, ['!', '?', '?', '?', '?', '?'], "{next}");
}

#[test]
fn constants_are_computed_once_and_chance_is_not() {
    let text = "---- MODULE M ----\nEXTENDS Naturals, TLC\nVARIABLE x\n\
                Big == {n \\in 1 .. 9 : n % 2 = 0}\n\
                Twice(S) == {n + n : n \\in S}\n\
                Draw == RandomElement(1 .. 3)\n\
                Init == x \\in Big \\cup Twice(Big)\n\
                Next == x' = RandomElement(1 .. 3) + Draw + TLCGet(\"level\")\n====";
    let model = build(&[("M", text)], "INIT Init NEXT Next").unwrap();
    let init = routine(&model, "Init");
    assert!(init.starts_with("(in x0 c"), "{init}");
    let Op::Action { body, .. } = &model
        .program
        .routines
        .iter()
        .find(|routine| routine.name.as_str() == "Next")
        .unwrap()
        .body
        .op
    else {
        panic!("no action");
    };
    let next = format!("{body:?}");
    // The set it draws from and the definition are cells; drawing and the level are not.
    assert_eq!(next.matches("Cell(").count(), 2, "{next}");
    assert_eq!(next.matches("Context(").count(), 2, "{next}");
}

#[test]
fn instances_compose() {
    let inner = "---- MODULE Inner ----\nEXTENDS Naturals\nCONSTANT K\nVARIABLE v\n\
                 Inc == v' = v + K\nNone == UNCHANGED v\n====";
    let middle = "---- MODULE Middle ----\nEXTENDS Naturals\nVARIABLE w\n\
                  I(k) == INSTANCE Inner WITH v <- w, K <- k\n\
                  Step(a) == I(a)!Inc\nStay == I(1)!None\n====";
    let root = "---- MODULE M ----\nEXTENDS Naturals\nVARIABLES x, y\n\
                A == INSTANCE Middle WITH w <- y\n\
                B == INSTANCE Middle WITH w <- x + y\n\
                Init == x = 0 /\\ y = 0\n\
                Next == (A!Step(2) /\\ B!Stay) \\/ B!Step(5)\n====";
    let modules = [("M", root), ("Middle", middle), ("Inner", inner)];
    let model = build(&modules, "INIT Init NEXT Next").unwrap();
    let program = &model.program;
    let bodies: Vec<_> = program
        .routines
        .iter()
        .filter(|routine| matches!(routine.name.as_str(), "Inc" | "None"))
        .map(|routine| show(program, &routine.body))
        .collect();
    // A: a variable stays a variable; `k` is one link up. B: an expression is primed as a whole.
    assert!(
        bodies.contains(&"(= x1' (Add x1 l1.0))".to_owned()),
        "{bodies:?}"
    );
    assert!(
        bodies.iter().any(|body| body.starts_with("(= (prime (r")),
        "{bodies:?}"
    );
    assert!(
        bodies.iter().any(|body| body.starts_with("(same (r")),
        "{bodies:?}"
    );
}
