//! Module Bags, and what is computed of community module BagsExt.

use super::tlc::{finite_set, pairs_of};
use super::{Argument, CallError, Caller, Native, R, arithmetic, integer, operator, value};
use crate::value::{Problem, Shown, Value, ValueError};

pub(super) fn lookup(operator: &str) -> Option<Native> {
    Some(match operator {
        "EmptyBag" => Native::Pure(|_| Ok(Value::empty_tuple())),
        "IsABag" => Native::Pure1(is_a_bag),
        "BagToSet" => Native::Pure1(|bag| {
            counted(bag, "BagToSet")?;
            bag.domain()
        }),
        "SetToBag" => Native::Pure1(set_to_bag),
        "BagIn" => {
            Native::Pure2(|element, bag| Ok(Value::Bool(copies(element, bag, "BagIn")? > 0)))
        }
        "CopiesIn" => {
            Native::Pure2(|element, bag| Ok(Value::Int(copies(element, bag, "CopiesIn")?)))
        }
        "BagCardinality" => Native::Pure1(bag_cardinality),
        "(+)" | "\\oplus" => Native::Pure2(add),
        "(-)" | "\\ominus" => Native::Pure2(subtract),
        "\\sqsubseteq" => Native::Pure2(is_sub_bag),
        "BagUnion" => Native::Pure1(bag_union),
        "BagOfAll" => Native::Higher(bag_of_all),
        _ => return None,
    })
}

pub(super) fn lookup_ext(operator: &str) -> Option<Native> {
    (operator == "FoldBag").then_some(Native::Higher(fold_bag))
}

fn not_counted(bag: &Value, operator: &str, what: &str) -> ValueError {
    ValueError::other(format!(
        "Applying {operator} to the following value,\nwhich is not {what}:\n{}",
        Shown(bag)
    ))
}

/// The elements of a bag with their numbers: any function.
fn counted(bag: &Value, operator: &'static str) -> Result<Vec<(Value, Value)>, ValueError> {
    match bag {
        Value::Deferred(_) => Err(Problem::Deferred.into()),
        _ if bag.is_function() => pairs_of(bag, operator, ""),
        _ => Err(not_counted(
            bag,
            operator,
            "a function with a finite domain",
        )),
    }
}

fn count(number: &Value) -> Result<i64, ValueError> {
    integer(number, "bag", "", "natural number")
}

fn is_a_bag(bag: &Value) -> R {
    let positive = |number: &Value| matches!(number, Value::Int(1..));
    Ok(Value::Bool(match bag {
        Value::Tuple(tuple) => tuple.as_slice().iter().all(positive),
        Value::Function(function) => function.values().iter().all(positive),
        Value::Deferred(_) => return Err(Problem::Deferred.into()),
        _ => false,
    }))
}

fn set_to_bag(set: &Value) -> R {
    let count = finite_set(set, "SetToBag")?.len();
    Value::function(&set.materialize()?, vec![Value::Int(1); count])
}

/// How often an element is in a bag.
fn copies(element: &Value, bag: &Value, operator: &'static str) -> Result<i64, ValueError> {
    counted(bag, operator)?;
    if !bag.is_argument(element)? {
        return Ok(0);
    }
    integer(&bag.apply(element)?, operator, "second", "bag")
}

fn bag_cardinality(bag: &Value) -> R {
    let mut sum = Value::Int(0);
    for (_, number) in counted(bag, "BagCardinality")? {
        if !matches!(number, Value::Int(1..)) {
            return Err(not_counted(bag, "BagCardinality", "a bag"));
        }
        sum = arithmetic::add(&sum, &number)?;
    }
    Ok(sum)
}

/// Adds numbers of elements that occur several times.
fn gather(mut pairs: Vec<(Value, Value)>) -> R {
    let arguments = Value::set(pairs.iter().map(|(element, _)| element.clone()).collect())?;
    let mut numbers = vec![None; arguments.to_vec()?.len()];
    for (element, number) in pairs.drain(..) {
        let place = match &arguments {
            Value::Set(set) => set.position(&element)?,
            _ => None,
        };
        if let Some(sum) = place.and_then(|place| numbers.get_mut(place)) {
            *sum = Some(match sum.take() {
                Some(sum) => arithmetic::add(&sum, &number)?,
                None => number,
            });
        }
    }
    Value::function(&arguments, numbers.into_iter().flatten().collect())
}

/// `B (+) C`
fn add(left: &Value, right: &Value) -> R {
    for (bag, position) in [(left, "first"), (right, "second")] {
        if is_a_bag(bag)? != Value::Bool(true) {
            return Err(ValueError::argument("(+)", position, "bag", bag));
        }
    }
    let mut pairs = pairs_of(left, "(+)", "first")?;
    pairs.extend(pairs_of(right, "(+)", "second")?);
    gather(pairs)
}

/// `B (-) C`
fn subtract(left: &Value, right: &Value) -> R {
    for (bag, position) in [(left, "first"), (right, "second")] {
        if !bag.is_function() && !matches!(bag, Value::Deferred(_)) {
            return Err(ValueError::argument("(-)", position, "bag", bag));
        }
    }
    let pairs = pairs_of(left, "(-)", "first")?;
    let mut rest = Vec::new();
    for (element, number) in pairs {
        let removed = Value::Int(copies(&element, right, "(-)")?);
        let left_over = arithmetic::subtract(&number, &removed)?;
        if count(&left_over)? > 0 {
            rest.push((element, left_over));
        }
    }
    Value::function_from_pairs(rest)
}

/// `B \sqsubseteq C`
fn is_sub_bag(left: &Value, right: &Value) -> R {
    let pairs = counted(left, "\\sqsubseteq")?;
    counted(right, "\\sqsubseteq")?;
    for (element, number) in pairs {
        if count(&number)? > copies(&element, right, "\\sqsubseteq")? {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

fn bag_union(bags: &Value) -> R {
    let bags = finite_set(bags, "BagUnion")?;
    if let [only] = bags.as_slice() {
        return Ok(only.clone());
    }
    let mut pairs = Vec::new();
    for bag in &bags {
        pairs.extend(counted(bag, "BagUnion")?);
    }
    gather(pairs)
}

fn bag_of_all(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let map = operator(arguments, 0)?;
    let mut pairs = Vec::new();
    for (element, number) in pairs_of(value(arguments, 1)?, "BagOfAll", "second")? {
        pairs.push((caller.call(map, &[element])?, number));
    }
    Ok(gather(pairs)?)
}

/// `FoldBag(op, base, B)`: each element as often as it is in the bag.
fn fold_bag(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let fold = operator(arguments, 0)?;
    let mut result = value(arguments, 1)?.clone();
    for (element, number) in pairs_of(value(arguments, 2)?, "FoldBag", "third")? {
        let Value::Int(times @ 1..) = number else {
            let text = format!(
                "Applying FoldBag to the following value,\nwhich is not an element of Nat:\n\
                 {number} (in: {element}:>{number})"
            );
            return Err(ValueError::other(text).into());
        };
        for _ in 0..times {
            result = caller.call(fold, &[result, element.clone()])?;
        }
    }
    Ok(result)
}
