//! Facts about values that TLC's output shows, and laws.

use std::cmp::Ordering;

use super::*;

fn int(number: i64) -> Value {
    Value::Int(number)
}

fn set(elements: impl IntoIterator<Item = Value>) -> Value {
    Value::set(elements.into_iter().collect()).unwrap()
}

fn tuple(elements: impl IntoIterator<Item = Value>) -> Value {
    Value::tuple(elements.into_iter().collect()).unwrap()
}

fn ints(numbers: impl IntoIterator<Item = i64>) -> Value {
    set(numbers.into_iter().map(int))
}

fn interval(low: i64, high: i64) -> Value {
    Value::interval(low, high).unwrap()
}

fn model(name: &str) -> Value {
    Value::model(Symbol::new(name))
}

fn record(fields: &[(&str, Value)]) -> Value {
    Value::record(
        fields
            .iter()
            .map(|(name, value)| (Symbol::new(name), value.clone()))
            .collect(),
    )
    .unwrap()
}

fn elements(set: &Value) -> String {
    let shown: Vec<String> = set
        .elements()
        .unwrap()
        .map(|element| element.unwrap().to_string())
        .collect();
    shown.join(" ")
}

#[test]
fn prints_as_tlc_does() {
    let function = Value::function(&ints([0, 1, 5]), vec![int(1), int(2), int(3)]).unwrap();
    let cases = [
        (Value::Bool(true), "TRUE"),
        (int(-3), "-3"),
        (Value::string("a\"b\\\n"), "\"a\\\"b\\\\\\n\""),
        (model("m1"), "m1"),
        (tuple([]), "<<>>"),
        (tuple([int(1), Value::string("a")]), "<<1, \"a\">>"),
        (set([]), "{}"),
        (ints([3, 1, 2, 1]), "{1, 2, 3}"),
        (interval(1, 3), "1..3"),
        (interval(3, 1), "{}"),
        (
            record(&[("b", int(1)), ("a", int(2))]),
            "[a |-> 2, b |-> 1]",
        ),
        (function, "(0 :> 1 @@ 1 :> 2 @@ 5 :> 3)"),
        (Value::boolean_set(), "{FALSE, TRUE}"),
        (
            Value::power_set(interval(1, 2)).unwrap(),
            "{{}, {1}, {2}, {1, 2}}",
        ),
        (Value::power_set(interval(1, 9)).unwrap(), "SUBSET (1..9)"),
        (
            Value::fn_set(interval(1, 2), ints([0, 1])).unwrap(),
            "{<<0, 0>>, <<0, 1>>, <<1, 0>>, <<1, 1>>}",
        ),
        (Value::seq_set(Value::nat_set()).unwrap(), "Seq(Nat)"),
    ];
    for (value, shown) in cases {
        assert_eq!(value.to_string(), shown);
    }
}

#[test]
fn equal_values_are_equal_in_every_form() {
    let pairs = [
        (interval(1, 3), ints([1, 2, 3])),
        (
            tuple([int(7), int(8)]),
            Value::function(&ints([1, 2]), vec![int(7), int(8)]).unwrap(),
        ),
        (
            record(&[("a", int(1))]),
            Value::function(&set([Value::string("a")]), vec![int(1)]).unwrap(),
        ),
        (
            Value::power_set(interval(1, 2)).unwrap(),
            set([ints([]), ints([1]), ints([2]), ints([2, 1])]),
        ),
        (tuple([]), Value::function(&set([]), vec![]).unwrap()),
        (
            Value::product(vec![interval(1, 1), interval(1, 2)]).unwrap(),
            set([tuple([int(1), int(2)]), tuple([int(1), int(1)])]),
        ),
        (
            Value::record_set(vec![(Symbol::new("f"), interval(1, 2))]).unwrap(),
            set([record(&[("f", int(1))]), record(&[("f", int(2))])]),
        ),
        (
            interval(1, 2)
                .union(
                    &Value::product(vec![])
                        .unwrap()
                        .difference(&Value::any_set())
                        .unwrap(),
                )
                .unwrap(),
            ints([2, 1]),
        ),
    ];
    for (a, b) in pairs {
        assert!(a.equals(&b).unwrap(), "{a} = {b}");
        assert!(b.equals(&a).unwrap(), "{b} = {a}");
        assert_eq!(a.compare(&b).unwrap(), Ordering::Equal, "{a} and {b}");
        assert_eq!(a.fingerprint().unwrap(), b.fingerprint().unwrap(), "{a}");
    }
}

#[test]
fn elements_come_in_tlcs_order() {
    let cases = [
        (ints([5, -1, 3]), "-1 3 5"),
        (
            Value::power_set(interval(1, 3)).unwrap(),
            "{} {1} {2} {3} {1, 2} {1, 3} {2, 3} {1, 2, 3}",
        ),
        (Value::power_set(set([])).unwrap(), "{}"),
        (
            Value::fn_set(ints([0, 5]), ints([7, 8])).unwrap(),
            "(0 :> 7 @@ 5 :> 7) (0 :> 7 @@ 5 :> 8) (0 :> 8 @@ 5 :> 7) (0 :> 8 @@ 5 :> 8)",
        ),
        (Value::fn_set(set([]), set([])).unwrap(), "<<>>"),
        (Value::fn_set(ints([1]), set([])).unwrap(), ""),
        (
            Value::product(vec![interval(1, 2), Value::boolean_set()]).unwrap(),
            "<<1, FALSE>> <<1, TRUE>> <<2, FALSE>> <<2, TRUE>>",
        ),
        (
            Value::record_set(vec![
                (Symbol::new("b"), interval(1, 2)),
                (Symbol::new("a"), interval(3, 4)),
            ])
            .unwrap(),
            "[a |-> 3, b |-> 1] [a |-> 3, b |-> 2] [a |-> 4, b |-> 1] [a |-> 4, b |-> 2]",
        ),
        (set([model("m"), int(1)]), "m 1"),
        (set([ints([1, 2]), ints([3])]), "{3} {1, 2}"),
    ];
    for (set, expected) in cases {
        assert_eq!(elements(&set), expected, "{set}");
    }
}
