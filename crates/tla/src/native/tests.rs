//! What TLC prints for applications of native operators.

use super::*;
use crate::value::literal;

/// Applies the operators that the table names.
struct Named(Vec<String>);

impl Caller for Named {
    fn call(&mut self, operator: usize, arguments: &[Value]) -> Result<Value, CallError> {
        let int = |number| integer(number, "test", "", "integer");
        Ok(match (self.0[operator].as_str(), arguments) {
            ("pair", [_, _]) => Value::tuple(arguments.to_vec())?,
            ("always", [_, _]) => Value::Bool(true),
            ("odd", [number]) => Value::Bool(int(number)? % 2 == 1),
            ("twice", [number]) => Value::Int(2 * int(number)?),
            ("half", [number]) => Value::Int(int(number)? / 2),
            ("same", [value]) => value.clone(),
            ("first", [set]) => set.to_vec()?.remove(0),
            ("last", [set]) => set.to_vec()?.pop().unwrap(),
            (name, [left, right]) => match lookup("Integers", name) {
                Some(Native::Pure2(operator)) => operator(left, right)?,
                _ => panic!("no operator {name}"),
            },
            (name, _) => panic!("no operator {name}"),
        })
    }
}

fn apply(native: Native, arguments: &str) -> Result<Value, CallError> {
    let mut named = Named(Vec::new());
    let mut parsed = Vec::new();
    for argument in arguments
        .split(" ; ")
        .filter(|argument| !argument.is_empty())
    {
        parsed.push(match argument.strip_prefix("op ") {
            Some(name) => {
                named.0.push(name.to_owned());
                Argument::Operator(named.0.len() - 1)
            }
            None => Argument::Value(literal(argument)),
        });
    }
    let values: Vec<Value> = parsed
        .iter()
        .filter_map(|argument| match argument {
            Argument::Value(value) => Some(value.clone()),
            Argument::Operator(_) => None,
        })
        .collect();
    Ok(match (native, values.as_slice()) {
        (Native::Pure1(operator), [value]) => operator(value)?,
        (Native::Pure2(operator), [left, right]) => operator(left, right)?,
        (Native::Pure(operator), values) => operator(values)?,
        (Native::Higher(operator), _) => operator(&mut named, &parsed)?,
        (native, _) => panic!("{native:?} does not take {arguments}"),
    })
}

/// Module, operator, arguments and what TLC printed; after `!` the message of an error, where TLC
/// has one of its own.
#[test]
fn gives_what_tlc_gives() {
    let mut wrong = Vec::new();
    for row in include_str!("tests.tsv").lines() {
        let [module, operator, arguments, expected] = row.split('\t').collect::<Vec<_>>()[..]
        else {
            panic!("{row}");
        };
        let native = lookup(module, operator).unwrap_or_else(|| panic!("no {module}!{operator}"));
        let shown = match apply(native, arguments) {
            Ok(value) => value.to_string(),
            Err(error) => format!("! {}", error.to_string().replace('\n', " ")),
        };
        if shown != expected && !(expected == "!" && shown.starts_with('!')) {
            wrong.push(format!("{operator}({arguments}): {shown}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn knows_only_what_modules_define() {
    assert!(lookup("Naturals", "-.").is_none());
    assert!(lookup("Naturals", "Len").is_none());
    assert!(lookup("MyModule", "+").is_none());
}

/// Also in a specification that extends Naturals only.
#[test]
fn naturals_divide_rounding_down() {
    let Some(Native::Pure2(divide)) = lookup("Naturals", "\\div") else {
        panic!("no division");
    };
    for (a, b, quotient) in [(-1, 2, -1), (-3, 2, -2), (-4, 2, -2), (7, 2, 3)] {
        let result = divide(&Value::Int(a), &Value::Int(b)).unwrap();
        assert_eq!(result, Value::Int(quotient));
    }
}

#[test]
fn closes_relations() {
    let Some(Native::Pure2(close)) = lookup("Relation", "TransitiveClosure") else {
        panic!("no closure");
    };
    let relation = |related: &[(i64, i64)]| {
        let pairs = (1..=4).flat_map(|a| (1..=4).map(move |b| (a, b)));
        let pairs = pairs.map(|(a, b)| {
            let pair = Value::tuple(vec![Value::Int(a), Value::Int(b)]).unwrap();
            (pair, Value::Bool(related.contains(&(a, b))))
        });
        Value::function_from_pairs(pairs.collect()).unwrap()
    };
    let closed = close(
        &relation(&[(1, 2), (2, 3), (3, 2), (4, 4)]),
        &literal("1..4"),
    )
    .unwrap();
    let expected = [(1, 2), (1, 3), (2, 2), (2, 3), (3, 2), (3, 3), (4, 4)];
    assert_eq!(closed, relation(&expected));
}

#[test]
fn what_is_too_large_is_an_error_at_once() {
    let too_large = [
        ("TLC", "Permutations", "1..20"),
        ("SequencesExt", "SetToSeqs", "1..100"),
        ("Integers", "^", "3 ; 1000000000000"),
        ("Integers", "+", "9223372036854775807 ; 1"),
        ("Integers", "*", "9223372036854775807 ; 2"),
        ("Integers", "-.", "-9223372036854775808"),
        ("Combinatorics", "choose", "1000 ; 500"),
        ("SequencesExt", "SetToSeq", "1..1000000000"),
        ("FiniteSets", "Cardinality", "[1..64 -> 1..64]"),
    ];
    for (module, operator, arguments) in too_large {
        assert!(
            apply(lookup(module, operator).unwrap(), arguments).is_err(),
            "{operator}"
        );
    }
}
