//! Community modules FiniteSetsExt and Folds.

use super::{Argument, CallError, Caller, Native, R, arithmetic, integer, operator, test, value};
use crate::value::{Problem, Value, ValueError};

/// Greatest set that `MapThenFoldSet` folds: it takes a new set at each step.
const MAX_FOLD: i64 = 20_000;

pub(super) fn lookup(operator: &str) -> Option<Native> {
    Some(match operator {
        "FoldSet" => Native::Higher(fold_set),
        "ReduceSet" => Native::Higher(reduce_set),
        "SumSet" => Native::Pure1(|set| fold_integers(set, Value::Int(0), arithmetic::add)),
        "ProductSet" => {
            Native::Pure1(|set| fold_integers(set, Value::Int(1), arithmetic::multiply))
        }
        "MapThenSumSet" => Native::Higher(map_then_sum_set),
        "MapThenFoldSet" => Native::Higher(map_then_fold_set),
        "Quantify" => Native::Higher(quantify),
        "kSubset" => Native::Pure2(k_subset),
        "Max" => Native::Pure1(|set| extreme(set, true)),
        "Min" => Native::Pure1(|set| extreme(set, false)),
        _ => return None,
    })
}

fn fold(
    caller: &mut dyn Caller,
    operator: usize,
    base: &Value,
    set: &Value,
) -> Result<Value, CallError> {
    let mut result = base.clone();
    for element in set.elements()? {
        result = caller.call(operator, &[element?, result])?;
    }
    Ok(result)
}

fn fold_set(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let fold_with = operator(arguments, 0)?;
    fold(
        caller,
        fold_with,
        value(arguments, 1)?,
        value(arguments, 2)?,
    )
}

fn reduce_set(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let fold_with = operator(arguments, 0)?;
    fold(
        caller,
        fold_with,
        value(arguments, 2)?,
        value(arguments, 1)?,
    )
}

fn fold_integers(set: &Value, base: Value, combine: fn(&Value, &Value) -> R) -> R {
    set.elements()?
        .try_fold(base, |result, element| combine(&element?, &result))
}

fn map_then_sum_set(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let map = operator(arguments, 0)?;
    let mut terms = Vec::new();
    for element in value(arguments, 1)?.elements()? {
        terms.push(caller.call(map, &[element?])?);
    }
    let sum = terms
        .iter()
        .rev()
        .try_fold(Value::Int(0), |sum, term| arithmetic::add(term, &sum))?;
    Ok(sum)
}

/// `MapThenFoldSet(op, base, f, choose, S)`: `choose` picks from what is left, `op` combines from
/// the last picked to the first.
fn map_then_fold_set(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let (combine, base) = (operator(arguments, 0)?, value(arguments, 1)?);
    let (map, choose) = (operator(arguments, 2)?, operator(arguments, 3)?);
    let mut left = value(arguments, 4)?.materialize()?;
    if left.cardinality()? > MAX_FOLD {
        return Err(ValueError::from(Problem::TooLarge).into());
    }
    let mut mapped = Vec::new();
    while left.cardinality()? > 0 {
        let chosen = caller.call(choose, &[left.clone()])?;
        if !left.contains(&chosen)? {
            let text = "MapThenFoldSet chose what is not an element of the set.";
            return Err(ValueError::other(text).into());
        }
        mapped.push(caller.call(map, std::slice::from_ref(&chosen))?);
        left = left.difference(&Value::set(vec![chosen])?)?;
    }
    let mut result = base.clone();
    for element in mapped.into_iter().rev() {
        result = caller.call(combine, &[element, result])?;
    }
    Ok(result)
}

fn quantify(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let holds = operator(arguments, 1)?;
    let mut count = 0_i64;
    for element in value(arguments, 0)?.elements()? {
        count += i64::from(test(caller, holds, "Quantify", &[element?])?);
    }
    Ok(Value::Int(count))
}

/// `kSubset(k, S)`: the subsets of `k` elements.
fn k_subset(count: &Value, set: &Value) -> R {
    let count = integer(count, "kSubset", "first", "natural number")?;
    let size = set.cardinality()?;
    match u32::try_from(count) {
        Ok(0) => Value::set(vec![Value::empty_set()]),
        Ok(count) if i64::from(count) <= size => Value::k_subsets(count, set.clone()),
        _ => Ok(Value::empty_set()),
    }
}

/// The greatest or least of a set of integers.
fn extreme(set: &Value, greatest: bool) -> R {
    if let Value::Interval(interval) = set
        && !interval.is_empty()
    {
        return Ok(Value::Int(if greatest {
            interval.high()
        } else {
            interval.low()
        }));
    }
    let operator = if greatest { ">=" } else { "<=" };
    let mut found: Option<i64> = None;
    for element in set.elements()? {
        let number = integer(&element?, operator, "first", "integer")?;
        found = Some(match found {
            Some(other) if greatest => other.max(number),
            Some(other) => other.min(number),
            None => number,
        });
    }
    match found {
        Some(number) => Ok(Value::Int(number)),
        None => Err(Problem::EmptyChoose.into()),
    }
}
