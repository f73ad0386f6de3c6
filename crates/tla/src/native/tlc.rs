//! Module TLC.

use super::{Argument, CallError, Caller, ContextOperator, Native, R, operator, test, value};
use crate::value::{Function, MAX_SET, MAX_SIZE, Problem, Shown, Value, ValueError};

pub(super) fn lookup(operator: &str) -> Option<Native> {
    Some(match operator {
        ":>" => Native::Pure2(|argument, value| {
            Value::function_from_pairs(vec![(argument.clone(), value.clone())])
        }),
        "@@" => Native::Pure2(combine),
        "Permutations" => Native::Pure1(permutations),
        "ToString" => Native::Pure1(to_string),
        "Any" => Native::Pure(|_| Ok(Value::any_set())),
        "SortSeq" => Native::Higher(sort_seq),
        "Print" => Native::Context(ContextOperator::Print),
        "PrintT" => Native::Context(ContextOperator::PrintT),
        "Assert" => Native::Context(ContextOperator::Assert),
        "TLCGet" => Native::Context(ContextOperator::TLCGet),
        "TLCSet" => Native::Context(ContextOperator::TLCSet),
        "TLCEval" => Native::Context(ContextOperator::TLCEval),
        "JavaTime" => Native::Context(ContextOperator::JavaTime),
        "RandomElement" => Native::Context(ContextOperator::RandomElement),
        _ => return None,
    })
}

/// `f @@ g`: `f` where it is defined, elsewhere `g`.
pub(super) fn combine(first: &Value, second: &Value) -> R {
    let (mut pairs, others) = (
        pairs_of(first, "@@", "first")?,
        pairs_of(second, "@@", "second")?,
    );
    if let (Value::Function(a), Value::Function(b)) = (first, second)
        && Function::shares_domain(a, b)
    {
        return Ok(first.clone());
    }
    if pairs.is_empty() {
        return Ok(second.clone());
    }
    for (argument, value) in others {
        if !first.is_argument(&argument)? {
            pairs.push((argument, value));
        }
    }
    Value::function_from_pairs(pairs)
}

/// Arguments and values of a function.
pub(super) fn pairs_of(
    function: &Value,
    operator: &'static str,
    position: &'static str,
) -> Result<Vec<(Value, Value)>, ValueError> {
    match function {
        Value::Tuple(tuple) => Ok((1..)
            .map(Value::Int)
            .zip(tuple.as_slice().iter().cloned())
            .collect()),
        Value::Function(function) => Ok(function
            .pairs()
            .map(|(argument, value)| (argument, value.clone()))
            .collect()),
        Value::Deferred(_) => Err(Problem::Deferred.into()),
        _ => Err(ValueError::argument(
            operator, position, "function", function,
        )),
    }
}

/// The elements of a set, or why it is not a finite one.
pub(super) fn finite_set(set: &Value, operator: &str) -> Result<Vec<Value>, ValueError> {
    match set {
        Value::Deferred(_) => Err(Problem::Deferred.into()),
        _ if set.is_set() => set.to_vec(),
        _ => Err(ValueError::other(format!(
            "Applying {operator} to the following value,\nwhich is not a finite set:\n{}",
            Shown(set)
        ))),
    }
}

/// All orders of some elements, in the order of their places.
pub(super) fn orders(elements: &[Value]) -> Result<Vec<Vec<Value>>, ValueError> {
    let mut count = 1_usize;
    for factor in 2..=elements.len() {
        count = count.saturating_mul(factor);
        if count > MAX_SET {
            return Err(Problem::TooLarge.into());
        }
    }
    let mut orders = Vec::with_capacity(count);
    let mut places: Vec<usize> = (0..elements.len()).collect();
    loop {
        orders.push(
            places
                .iter()
                .map(|place| elements[*place].clone())
                .collect(),
        );
        // The next arrangement: raise the last place that has a greater one behind it.
        let Some(pivot) = places.windows(2).rposition(|pair| pair[0] < pair[1]) else {
            return Ok(orders);
        };
        let Some(successor) = places.iter().rposition(|place| *place > places[pivot]) else {
            return Ok(orders);
        };
        places.swap(pivot, successor);
        places[pivot + 1..].reverse();
    }
}

/// `Permutations(S)`
fn permutations(set: &Value) -> R {
    let elements = finite_set(set, "Permutations")?;
    let domain = set.materialize()?;
    let functions = orders(&elements)?
        .into_iter()
        .map(|values| Value::function(&domain, values))
        .collect::<Result<_, _>>()?;
    Value::set(functions)
}

/// `ToString(v)`
fn to_string(value: &Value) -> R {
    if matches!(value, Value::Deferred(_)) {
        return Err(Problem::Deferred.into());
    }
    let text = value.display(MAX_SIZE as usize).to_string();
    if text.len() > MAX_SIZE as usize {
        return Err(Problem::TooLarge.into());
    }
    Ok(Value::string(&text))
}

/// `SortSeq(s, Op)`
fn sort_seq(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let value = value(arguments, 0)?;
    match value.as_tuple() {
        Some(elements) => sort(caller, operator(arguments, 1)?, elements),
        // The wording is TLC's.
        None => Err(ValueError::argument("SortSeq", "first", "natural number", value).into()),
    }
}

/// Sorts by insertion, from the right, so that the result is TLC's for operators that are no strict
/// orders.
pub(super) fn sort(
    caller: &mut dyn Caller,
    precedes: usize,
    elements: &[Value],
) -> Result<Value, CallError> {
    let mut sorted: Vec<Value> = Vec::with_capacity(elements.len());
    for element in elements {
        let mut place = sorted.len();
        while place > 0 {
            let pair = [element.clone(), sorted[place - 1].clone()];
            if !test(caller, precedes, "SortSeq", &pair)? {
                break;
            }
            place -= 1;
        }
        sorted.insert(place, element.clone());
    }
    Ok(Value::tuple(sorted)?)
}
