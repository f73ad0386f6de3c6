//! Laws that hold for all values, tested on generated ones.

use std::cmp::Ordering;

use proptest::prelude::*;

use super::*;

/// Values that can all be compared with each other, of one of several shapes.
fn comparable() -> impl Strategy<Value = Vec<Value>> {
    let int = || (-3_i64..6).prop_map(Value::Int).boxed();
    let name = || "[ab]{0,2}".prop_map(|text| Value::string(&text)).boxed();
    let model = || {
        "m[1-4]"
            .prop_map(|name| Value::model(Symbol::new(&name)))
            .boxed()
    };
    let mixed = prop_oneof![3 => int(), 1 => model()].boxed();
    let shapes = vec![
        int(),
        name(),
        mixed.clone(),
        sets(int()),
        sets(sets(mixed.clone())),
        intervals(),
        tuples(mixed.clone()),
        tuples(sets(int())),
        functions(name(), int()),
        functions(int(), mixed),
        sets(functions(name(), sets(int()))),
        products(),
    ];
    proptest::sample::select(shapes).prop_flat_map(|shape| proptest::collection::vec(shape, 2..6))
}

fn sets(of: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    proptest::collection::vec(of, 0..5)
        .prop_map(|elements| Value::set(elements).unwrap())
        .boxed()
}

/// Sets of integers in all their forms.
fn intervals() -> BoxedStrategy<Value> {
    let interval = (-2_i64..3, -2_i64..6).prop_map(|(a, b)| Value::interval(a, b).unwrap());
    let lazy = interval.clone().prop_map(|interval| {
        let all = Value::nat_set();
        let negative = Value::interval(-9, -1).unwrap();
        let both = all.union(&negative).unwrap();
        both.intersection(&Value::int_set())
            .unwrap()
            .intersection(&interval)
            .unwrap()
    });
    prop_oneof![
        interval,
        lazy,
        sets((-2_i64..6).prop_map(Value::Int).boxed())
    ]
    .boxed()
}

fn tuples(of: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    proptest::collection::vec(of, 0..4)
        .prop_map(|elements| Value::tuple(elements).unwrap())
        .boxed()
}

fn functions(
    arguments: BoxedStrategy<Value>,
    values: BoxedStrategy<Value>,
) -> BoxedStrategy<Value> {
    let values = proptest::collection::vec(values, 5);
    (sets(arguments), values)
        .prop_map(|(domain, mut values)| {
            values.truncate(domain.to_vec().unwrap().len());
            Value::function(&domain, values).unwrap()
        })
        .boxed()
}

/// Sets of pairs, lazy and not.
fn products() -> BoxedStrategy<Value> {
    let side = || sets((0_i64..3).prop_map(Value::Int).boxed());
    (side(), side(), any::<bool>())
        .prop_map(|(a, b, lazy)| {
            let product = Value::product(vec![a, b]).unwrap();
            if lazy {
                product
            } else {
                product.materialize().unwrap()
            }
        })
        .boxed()
}

fn hash(value: &Value) -> u64 {
    value.fingerprint().unwrap()
}

proptest! {
    #[test]
    fn order_is_total(values in comparable()) {
        for a in &values {
            prop_assert_eq!(a.compare(a).unwrap(), Ordering::Equal);
            for b in &values {
                let order = a.compare(b).unwrap();
                prop_assert_eq!(order, b.compare(a).unwrap().reverse());
                prop_assert_eq!(order.is_eq(), a.equals(b).unwrap());
                prop_assert_eq!(order.is_eq(), hash(a) == hash(b), "{} and {}", a, b);
                for c in &values {
                    if order.is_le() && b.compare(c).unwrap().is_le() {
                        prop_assert!(a.compare(c).unwrap().is_le());
                    }
                }
            }
        }
    }

    #[test]
    fn elements_are_in_order_and_members(values in comparable()) {
        let set = Value::set(values.clone()).unwrap();
        let elements: Vec<Value> = set.elements().unwrap().map(Result::unwrap).collect();
        for pair in elements.windows(2) {
            prop_assert!(pair[0].compare(&pair[1]).unwrap().is_lt());
        }
        for value in &values {
            prop_assert!(set.contains(value).unwrap());
        }
        prop_assert_eq!(set.cardinality().unwrap(), length(elements.len()));
        let mut reversed = values;
        reversed.reverse();
        prop_assert_eq!(hash(&Value::set(reversed).unwrap()), hash(&set));
    }

    #[test]
    fn sets_form_an_algebra(a in intervals(), b in intervals(), c in intervals()) {
        let union = |a: &Value, b: &Value| a.union(b).unwrap();
        let meet = |a: &Value, b: &Value| a.intersection(b).unwrap();
        let minus = |a: &Value, b: &Value| a.difference(b).unwrap();
        prop_assert_eq!(union(&a, &b), union(&b, &a));
        prop_assert_eq!(meet(&a, &b), meet(&b, &a));
        prop_assert_eq!(union(&a, &union(&b, &c)), union(&union(&a, &b), &c));
        prop_assert_eq!(meet(&a, &union(&b, &c)), union(&meet(&a, &b), &meet(&a, &c)));
        prop_assert_eq!(minus(&a, &union(&b, &c)), minus(&minus(&a, &b), &c));
        prop_assert_eq!(union(&minus(&a, &b), &meet(&a, &b)), a.clone());
        prop_assert!(meet(&a, &b).subset_eq(&a).unwrap());
        prop_assert_eq!(a.subset_eq(&b).unwrap(), union(&a, &b) == b);
        let family = Value::set(vec![a.clone(), b.clone()]).unwrap();
        prop_assert_eq!(family.big_union().unwrap(), union(&a, &b));
        for number in -4..7 {
            let number = Value::Int(number);
            let (x, y) = (a.contains(&number).unwrap(), b.contains(&number).unwrap());
            prop_assert_eq!(union(&a, &b).contains(&number).unwrap(), x || y);
            prop_assert_eq!(meet(&a, &b).contains(&number).unwrap(), x && y);
            prop_assert_eq!(minus(&a, &b).contains(&number).unwrap(), x && !y);
        }
    }

    #[test]
    fn lazy_sets_agree_with_their_elements(
        a in intervals(),
        b in sets("[ab]".prop_map(|text| Value::string(&text)).boxed()),
    ) {
        let name = Symbol::new("f");
        let forms = [
            Value::power_set(a.clone()).unwrap(),
            Value::fn_set(b.clone(), a.clone()).unwrap(),
            Value::product(vec![a.clone(), b.clone()]).unwrap(),
            Value::record_set(vec![(name, a.clone()), (Symbol::new("g"), b.clone())]).unwrap(),
        ];
        for set in forms {
            let elements: Vec<Value> = set.elements().unwrap().map(Result::unwrap).collect();
            prop_assert_eq!(set.cardinality().unwrap(), length(elements.len()));
            for pair in elements.windows(2) {
                prop_assert!(pair[0].compare(&pair[1]).unwrap().is_lt(), "{}", set);
            }
            for element in &elements {
                prop_assert!(set.contains(element).unwrap());
            }
            let held = Value::set(elements).unwrap();
            prop_assert!(set.equals(&held).unwrap() && held.equals(&set).unwrap());
            prop_assert_eq!(hash(&set), hash(&held));
        }
    }

    #[test]
    fn except_changes_one_value(function in functions(
        (-3_i64..6).prop_map(Value::Int).boxed(),
        (0_i64..3).prop_map(Value::Int).boxed(),
    )) {
        let domain = function.domain().unwrap();
        for key in domain.elements().unwrap().map(Result::unwrap) {
            let changed = function.except(std::slice::from_ref(&key), Value::Int(9)).unwrap();
            prop_assert_eq!(changed.domain().unwrap(), domain.clone());
            for argument in domain.elements().unwrap().map(Result::unwrap) {
                let expected = if argument == key {
                    Value::Int(9)
                } else {
                    function.apply(&argument).unwrap()
                };
                prop_assert_eq!(changed.apply(&argument).unwrap(), expected);
            }
        }
        let outside = function.except(&[Value::Int(99)], Value::Int(9)).unwrap();
        prop_assert_eq!(outside, function);
    }

    #[test]
    fn printing_can_be_read_back(values in comparable()) {
        for value in values {
            prop_assert_eq!(literal(&value.to_string()), value);
        }
    }

    #[test]
    fn permutations_act_as_a_group(values in comparable()) {
        let swap = |a: &str, b: &str| {
            let (a, b) = (Value::model(Symbol::new(a)), Value::model(Symbol::new(b)));
            let pairs = vec![(a.clone(), b.clone()), (b, a)];
            Permutation::from_function(&Value::function_from_pairs(pairs).unwrap()).unwrap()
        };
        let (first, second) = (swap("m1", "m2"), swap("m2", "m3"));
        for value in values {
            let twice = value.permute(&first).unwrap().permute(&first).unwrap();
            prop_assert_eq!(hash(&twice), hash(&value));
            let steps = value.permute(&first).unwrap().permute(&second).unwrap();
            prop_assert_eq!(value.permute(&second.after(&first)).unwrap(), steps);
        }
    }
}
