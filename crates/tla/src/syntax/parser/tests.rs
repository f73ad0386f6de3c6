//! The shape of what is read, written out with every operator before its arguments.

use super::{Parsed, check_file_name, parse_module};
use crate::source::FileId;
use crate::symbol::Symbol;
use crate::syntax::ast::{
    Bound, DefinitionKind, ExceptSelector, Expr, ExprKind, Ident, Module, Pattern, Quantifier,
    Reference, ReferencePart, TheoremBody, Unit, UnitKind,
};
use std::fmt::Write;

fn list<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    items.iter().map(show).collect::<Vec<String>>().join(" ")
}

fn names(names: &[Ident]) -> String {
    list(names, |name| name.name.to_string())
}

fn bounds(bounds: &[Bound]) -> String {
    list(bounds, |bound| {
        let patterns = list(&bound.patterns, pattern);
        format!("({patterns} in {})", show(&bound.domain))
    })
}

fn pattern(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Name(name) => name.name.to_string(),
        Pattern::Tuple(parts, _) => format!("<{}>", names(parts)),
    }
}

fn reference(reference: &Reference) -> String {
    let parts = reference.parts.iter().map(|part| match part {
        ReferencePart::Name(name, arguments) if arguments.is_empty() => name.name.to_string(),
        ReferencePart::Name(name, arguments) => {
            format!("({} {})", name.name, list(arguments, show))
        }
        ReferencePart::Operand(number, _) => number.to_string(),
        ReferencePart::First(_) => "<<".into(),
        ReferencePart::Second(_) => ">>".into(),
        ReferencePart::Body(_) => "@".into(),
        ReferencePart::Whole(_) => ":".into(),
        ReferencePart::Arguments(arguments, _) => format!("({})", list(arguments, show)),
    });
    parts.collect::<Vec<String>>().join("!")
}

fn show(expr: &Expr) -> String {
    let fields = |fields: &[(Ident, Expr)]| {
        list(fields, |(name, value)| {
            format!("{}:{}", name.name, show(value))
        })
    };
    match &*expr.kind {
        ExprKind::Number(digits) | ExprKind::Decimal(digits) => digits.clone(),
        ExprKind::String(text) => format!("{text:?}"),
        ExprKind::Apply(name) => reference(name),
        ExprKind::And(items) => format!("(and {})", list(items, show)),
        ExprKind::Or(items) => format!("(or {})", list(items, show)),
        ExprKind::If(a, b, c) => format!("(if {} {} {})", show(a), show(b), show(c)),
        ExprKind::Case { arms, other } => {
            let mut text = String::from("(case");
            for (condition, value) in arms {
                let _ = write!(text, " {}:{}", show(condition), show(value));
            }
            if let Some(other) = other {
                let _ = write!(text, " other:{}", show(other));
            }
            text + ")"
        }
        ExprKind::Let { units, body } => format!("(let {} {})", list(units, unit), show(body)),
        ExprKind::Quantified {
            quantifier,
            bounds: over,
            body,
        } => {
            let word = if *quantifier == Quantifier::ForAll {
                "all"
            } else {
                "some"
            };
            format!("({word} {} {})", bounds(over), show(body))
        }
        ExprKind::Unbounded {
            names: over, body, ..
        } => format!("(any {} {})", names(over), show(body)),
        ExprKind::Choose {
            pattern: over,
            domain,
            body,
        } => {
            let domain = domain.as_ref().map_or(String::new(), show);
            format!("(choose {} {domain} {})", pattern(over), show(body))
        }
        ExprKind::SetEnum(items) => format!("{{{}}}", list(items, show)),
        ExprKind::SetFilter {
            pattern: over,
            domain,
            body,
        } => {
            format!("(filter {} {} {})", pattern(over), show(domain), show(body))
        }
        ExprKind::SetMap { body, bounds: over } => format!("(map {} {})", show(body), bounds(over)),
        ExprKind::Function { bounds: over, body } => {
            format!("(fn {} {})", bounds(over), show(body))
        }
        ExprKind::FnApply(function, arguments) => {
            format!("{}[{}]", show(function), list(arguments, show))
        }
        ExprKind::FnSet(from, to) => format!("(fnset {} {})", show(from), show(to)),
        ExprKind::Record(parts) => format!("(record {})", fields(parts)),
        ExprKind::RecordSet(parts) => format!("(recordset {})", fields(parts)),
        ExprKind::Field(record, name) => format!("{}.{}", show(record), name.name),
        ExprKind::Except { base, updates } => {
            let updates = list(updates, |(path, value)| {
                let path = list(path, |selector| match selector {
                    ExceptSelector::Index(arguments) => format!("[{}]", list(arguments, show)),
                    ExceptSelector::Field(name) => format!(".{}", name.name),
                });
                format!("{path}={}", show(value))
            });
            format!("(except {} {updates})", show(base))
        }
        ExprKind::At => "@".into(),
        ExprKind::Tuple(items) => format!("<{}>", list(items, show)),
        ExprKind::Product(items) => format!("(x {})", list(items, show)),
        ExprKind::BoxAction(action, of) => format!("(box {} {})", show(action), show(of)),
        ExprKind::AngleAction(action, of) => format!("(angle {} {})", show(action), show(of)),
        ExprKind::WeakFairness(of, action) => format!("(wf {} {})", show(of), show(action)),
        ExprKind::StrongFairness(of, action) => format!("(sf {} {})", show(of), show(action)),
        ExprKind::Lambda { params, body } => format!("(lambda {} {})", names(params), show(body)),
        ExprKind::Label { name, body, .. } => format!("(label {} {})", name.name, show(body)),
        ExprKind::Paren(inner) => format!("'{}'", show(inner)),
    }
}

fn unit(of: &Unit) -> String {
    match &of.kind {
        UnitKind::Definition(definition) => {
            let local = if definition.local { "local " } else { "" };
            let name = definition.name.name;
            match &definition.kind {
                DefinitionKind::Operator { params, body } => {
                    let params = list(params, |param| {
                        format!("{}/{}", param.name.name, param.arity)
                    });
                    format!("({local}{name} [{params}] {})", show(body))
                }
                DefinitionKind::Function { bounds: over, body } => {
                    format!("({local}{name} {} {})", bounds(over), show(body))
                }
            }
        }
        UnitKind::Constants(declared) | UnitKind::Recursive(declared) => {
            list(declared, |one| format!("{}/{}", one.name.name, one.arity))
        }
        UnitKind::Variables(declared) => names(declared),
        UnitKind::Instance(instance) => {
            let substitutions = list(&instance.substitutions, |(name, value)| {
                format!("{}<-{}", name.name, show(value))
            });
            let name = instance
                .name
                .map_or(String::new(), |name| format!("{} ", name.name));
            format!("(instance {name}{} {substitutions})", instance.module.name)
        }
        UnitKind::Assume { name, body } => {
            format!(
                "(assume {} {})",
                name.map_or(Symbol::new("-"), |name| name.name),
                show(body)
            )
        }
        UnitKind::Theorem { body, .. } => match body {
            TheoremBody::Expr(body) => format!("(theorem {})", show(body)),
            TheoremBody::AssumeProve => "(theorem)".into(),
        },
        UnitKind::Module(module) => format!(
            "(module {} {})",
            module.name.name,
            list(&module.units, unit)
        ),
        UnitKind::UseHide => "use".into(),
    }
}

fn read(units: &str) -> Parsed {
    parse_module(FileId(0), &format!("---- MODULE M ----\n{units}\n===="))
}

fn module(units: &str) -> Module {
    let parsed = read(units);
    parsed
        .module
        .unwrap_or_else(|| panic!("{units}\n{:?}", parsed.diagnostics))
}

/// The shape of an expression.
fn shape(expression: &str) -> String {
    let module = module(&format!("A ==\n{expression}"));
    match &module.units[0].kind {
        UnitKind::Definition(definition) => match &definition.kind {
            DefinitionKind::Operator { body, .. } => show(body),
            DefinitionKind::Function { .. } => panic!("{expression}"),
        },
        _ => panic!("{expression}"),
    }
}

#[test]
fn operators_bind_by_precedence() {
    for (text, expected) in [
        ("a + b * c", "(+ a (* b c))"),
        ("a * b + c", "(+ (* a b) c)"),
        ("a - b - c", "(- (- a b) c)"),
        ("a /\\ b /\\ c \\land d", "(and a b c d)"),
        ("a /\\ (b /\\ c)", "(and a '(and b c)')"),
        ("a => b /\\ c", "(=> a (and b c))"),
        ("~a /\\ b", "(and (~ a) b)"),
        ("~a = b", "(~ (= a b))"),
        ("[]a /\\ <>b", "(and ([] a) (<> b))"),
        ("-a + b", "(+ (-. a) b)"),
        ("a + -b", "(+ a (-. b))"),
        ("- - a", "(-. (-. a))"),
        ("-a ^ b", "(-. (^ a b))"),
        ("-.(a)", "(-. a)"),
        ("a \\X b \\times c", "(x a b c)"),
        ("a \\X (b \\X c)", "(x a '(x b c)')"),
        ("x' = y[1]'.z", "(= (' x) (' y[1]).z)"),
        ("SUBSET a \\cup b", "(\\cup (SUBSET a) b)"),
        ("UNCHANGED <<x>> /\\ y", "(and (UNCHANGED <x>) y)"),
        ("a \\leq b", "(<= a b)"),
        ("a # b", "(/= a b)"),
        ("a (+) b", "(\\oplus a b)"),
        ("a ≤ b ∧ ¬c", "(and (<= a b) (~ c))"),
        ("DOMAIN f \\ {x}", "(\\ (DOMAIN f) {x})"),
        ("a..b-1", "(.. a (- b 1))"),
        ("f[x].y[1, 2]^+", "(^+ f[x].y[1 2])"),
        ("1.5 + \\hFF", "(+ 1.5 255)"),
        ("a \\o b \\circ c", "(\\o (\\o a b) c)"),
    ] {
        assert_eq!(shape(text), expected, "{text}");
    }
}

#[test]
fn conflicts_are_rejected() {
    for text in [
        "a /\\ b \\/ c",
        "a => b => c",
        "x = y = z",
        "a <=> b => c ~> d <=> e",
        "x \\in S \\in T",
        "a * -b",
        "[]a'",
        "a \\cup b \\cap c",
        "a -> b",
        "1 + lab :: 2 = 3",
    ] {
        assert!(read(&format!("A == {text}")).module.is_none(), "{text}");
    }
}

#[test]
fn lists_end_by_column() {
    for (text, expected) in [
        ("/\\ a\n/\\ b", "(and a b)"),
        (" /\\ a => b\n /\\ c", "(and (=> a b) c)"),
        ("  (/\\ a => b\n   /\\ c)", "'(and (=> a b) c)'"),
        (" /\\ \\/ a\n    \\/ b\n /\\ c", "(and (or a b) c)"),
        ("( /\\ \\/ a \n     \\/ b\n  /\\ c )", "'(and (or a b) c)'"),
        // Further to the right: an infix operator.
        ("/\\ a\n   /\\ b", "(and (and a b))"),
        // Another kind in the same column: the list ends, the operator takes it whole.
        (" /\\ a\n /\\ b\n \\/ c", "(or (and a b) c)"),
        // What runs on does so although it stands further to the left.
        (
            "  \\A i \\in S :\n    a\n  /\\ b",
            "(all (i in S) (and a b))",
        ),
        (
            "  IF a\n    THEN b\n    ELSE c\n  /\\ d",
            "(if a b (and c d))",
        ),
        (
            "IF /\\ a => b /\\ c\n   /\\ d THEN e ELSE /\\ f\n                    /\\ g",
            "(if (and (=> a (and b c)) d) e (and f g))",
        ),
        ("/\\ \\A x \\in S : p\n/\\ q", "(and (all (x in S) p) q)"),
        (
            "[a |-> /\\ IF p THEN q ELSE r\n       /\\ s]",
            "(record a:(and (if p q r) s))",
        ),
        (
            "CASE a -> /\\ b\n          /\\ c\n  [] d -> e [] OTHER -> f",
            "(case a:(and b c) d:e other:f)",
        ),
        (
            " LET ok == /\\ x\n           /\\ y\n IN ~ok",
            "(let (ok [] (and x y)) (~ ok))",
        ),
        // A tab reaches to column eight.
        ("\t/\\ a\n        /\\ b", "(and a b)"),
        // The list is an operand.
        ("  /\\ a\n  /\\ b\n=> c", "(=> (and a b) c)"),
        ("a = \n /\\ b\n /\\ c", "(= a (and b c))"),
        (" ∧ a\n /\\ b", "(and a b)"),
    ] {
        assert_eq!(shape(text), expected, "{text}");
    }
    for text in ["/\\ (a\n)", " /\\ IF a\n THEN b ELSE c", " /\\ f[\n 1]"] {
        assert!(read(&format!("A ==\n{text}")).module.is_none(), "{text}");
    }
}

#[test]
fn brackets_are_told_apart() {
    for (text, expected) in [
        ("{}", "{}"),
        ("{x \\in S : p}", "(filter x S p)"),
        ("{<<x, y>> \\in S : p}", "(filter <x y> S p)"),
        ("{x \\in S}", "{(\\in x S)}"),
        ("{x \\in S, y}", "{(\\in x S) y}"),
        (
            "{f[x] : x \\in S, <<y, z>> \\in T}",
            "(map f[x] (x in S) (<y z> in T))",
        ),
        ("{x, y : x \\in S}", ""),
        (
            "[x, y \\in S, z \\in T |-> x]",
            "(fn (x y in S) (z in T) x)",
        ),
        ("[a |-> 1, b |-> 2]", "(record a:1 b:2)"),
        ("[IF |-> 1]", "(record IF:1)"),
        ("[a : S, b : T]", "(recordset a:S b:T)"),
        ("[S -> T]", "(fnset S T)"),
        (
            "[f EXCEPT ![a, b].c = @ + 1, !.d = 2]",
            "(except f [a b] .c=(+ @ 1) .d=2)",
        ),
        ("[][A]_v", "([] (box A v))"),
        ("[A]_<<x, y>>", "(box A <x y>)"),
        ("<<A, B>>", "<A B>"),
        ("<<A>>_v", "(angle A v)"),
        ("<<A>>_I!v", "(angle A I!v)"),
        ("WF_v(A)", "(wf v A)"),
        ("SF_f(x)(A)", "(sf (f x) A)"),
        ("WF_<<x>>(A)", "(wf <x> A)"),
        ("\"a\\\"b\\n\"", "\"a\\\"b\\n\""),
    ] {
        if expected.is_empty() {
            assert!(read(&format!("A == {text}")).module.is_none(), "{text}");
        } else {
            assert_eq!(shape(text), expected, "{text}");
        }
    }
}

#[test]
fn names_are_qualified_and_applied() {
    for (text, expected) in [
        ("Fold(+, 0, s)", "(Fold + 0 s)"),
        ("F(LAMBDA x, y : x + y, ~)", "(F (lambda x y (+ x y)) ~)"),
        ("I(1)!J!F(a)", "(I 1)!J!(F a)"),
        ("A!1!<<!>>!@!:!(x)", "A!1!<<!>>!@!:!(x)"),
        ("I!+(a, b)", "I!(+ a b)"),
        ("CHOOSE <<x, y>> \\in S : p", "(choose <x y> S p)"),
        ("\\E x, y : p", "(any x y p)"),
        ("\\AA x : p", "(any x p)"),
        ("l(x) :: a + b", "(label l (+ a b))"),
        ("r.IF.x", "r.IF.x"),
        ("1a_ + WFx", "(+ 1a_ WFx)"),
    ] {
        assert_eq!(shape(text), expected, "{text}");
    }
}

#[test]
fn units_are_read() {
    for (text, expected) in [
        (
            "CONSTANTS C, F(_, _), _ \\prec _, -. _, _^+",
            "C/0 F/2 \\prec/2 -./1 ^+/1",
        ),
        ("VARIABLE x, y", "x y"),
        ("RECURSIVE F(_)", "F/1"),
        ("F(a, G(_), _+_) == a", "(F [a/0 G/1 +/2] a)"),
        ("a \\prec b == a\nx == 1", "(\\prec [a/0 b/0] a) (x [] 1)"),
        ("a^+ == a", "(^+ [a/0] a)"),
        ("-. a == a", "(-. [a/0] a)"),
        ("LOCAL f[x \\in S] == x", "(local f (x in S) x)"),
        (
            "I(x) == INSTANCE N WITH a <- x, \\prec <- <, f <- LAMBDA y : y\nB == 1",
            "(instance I N a<-x \\prec<-< f<-(lambda y y)) (B [] 1)",
        ),
        ("LOCAL INSTANCE N", "(instance N )"),
        (
            "INSTANCE N WITH p <- +\na ++ b == 1",
            "(instance N p<-+) (++ [a/0 b/0] 1)",
        ),
        ("ASSUME n == 1\nASSUME 2", "(assume n 1) (assume - 2)"),
        (
            "THEOREM ASSUME NEW x \\in S, P PROVE Q OBVIOUS\nA == 1",
            "(theorem) (A [] 1)",
        ),
        (
            "THEOREM T == P\n<1> DEFINE a == 1\n<1>1. P BY <1>1\n<1>2 QED\n  <2> QED BY DEF P\nA == 1",
            "(theorem P) (A [] 1)",
        ),
        (
            "---- MODULE N ----\nx == 1\n====\nA == 2",
            "(module N (x [] 1)) (A [] 2)",
        ),
        ("USE DEF A\n----\nA == 1", "use (A [] 1)"),
    ] {
        assert_eq!(list(&module(text).units, unit), expected, "{text}");
    }
}

#[test]
fn text_around_the_module_is_free() {
    let text = "what (* ever \"\n---\n---- MODULE M ----\nA == 1\n==== ; ` (*";
    assert!(parse_module(FileId(0), text).module.is_some());
    for text in [
        "",
        "A == 1",
        "--- MODULE M ---\n====",
        "---- MODULE M ----\nA == 1",
    ] {
        assert!(parse_module(FileId(0), text).module.is_none(), "{text}");
    }
}

#[test]
fn a_module_is_named_as_its_file() {
    let module = module("");
    assert_eq!(check_file_name(&module, "M"), None);
    let found = check_file_name(&module, "N").unwrap();
    assert_eq!(found.message, "module `M` is in the file `N.tla`");
}

#[test]
fn spans_cover_the_text() {
    let text = "---- MODULE M ----\nA == f(x)' + 1\n====";
    let module = parse_module(FileId(0), text).module.unwrap();
    let UnitKind::Definition(definition) = &module.units[0].kind else {
        panic!("a definition");
    };
    let DefinitionKind::Operator { body, .. } = &definition.kind else {
        panic!("an operator");
    };
    let slice = |span: crate::source::Span| &text[span.start as usize..span.end as usize];
    assert_eq!(slice(definition.span), "A == f(x)' + 1");
    assert_eq!(slice(body.span), "f(x)' + 1");
    assert_eq!(slice(module.span), text);
}
