//! Community module Functions.

use super::{Argument, CallError, Caller, Native, R, operator, tlc::pairs_of, value};
use crate::value::{Problem, Value, ValueError};

pub(super) fn lookup(operator: &str) -> Option<Native> {
    Some(match operator {
        "Range" => Native::Pure1(range),
        "IsInjective" => Native::Pure1(is_injective),
        "AntiFunction" => Native::Pure1(anti_function),
        "FoldFunction" => Native::Higher(fold_function),
        "FoldFunctionOnSet" => Native::Higher(fold_function_on_set),
        _ => return None,
    })
}

/// The values of a function, in the order of its domain.
fn values<'a>(
    function: &'a Value,
    operator: &'static str,
    position: &'static str,
) -> Result<&'a [Value], ValueError> {
    match function {
        Value::Tuple(tuple) => Ok(tuple.as_slice()),
        Value::Function(function) => Ok(function.values()),
        Value::Deferred(_) => Err(Problem::Deferred.into()),
        _ => Err(ValueError::argument(
            operator, position, "function", function,
        )),
    }
}

/// `Range(f)`, which for a sequence is `ToSet(f)`.
pub(super) fn range(function: &Value) -> R {
    if !function.is_function() {
        return function.domain();
    }
    Value::set(values(function, "Range", "")?.to_vec())
}

fn is_injective(function: &Value) -> R {
    let values = values(function, "IsInjective", "")?;
    let distinct = Value::set(values.to_vec())?;
    Ok(Value::Bool(
        distinct.cardinality()? == crate::value::length(values.len()),
    ))
}

fn anti_function(function: &Value) -> R {
    let pairs = pairs_of(function, "AntiFunction", "")?;
    Value::function_from_pairs(pairs.into_iter().map(|(a, b)| (b, a)).collect())
}

/// `FoldFunction(op, base, f)`, which for a sequence is `FoldSeq(op, base, f)`.
pub(super) fn fold_function(
    caller: &mut dyn Caller,
    arguments: &[Argument],
) -> Result<Value, CallError> {
    let fold = operator(arguments, 0)?;
    let mut result = value(arguments, 1)?.clone();
    for element in values(value(arguments, 2)?, "FoldFunction", "third")? {
        result = caller.call(fold, &[element.clone(), result])?;
    }
    Ok(result)
}

fn fold_function_on_set(
    caller: &mut dyn Caller,
    arguments: &[Argument],
) -> Result<Value, CallError> {
    let fold = operator(arguments, 0)?;
    let mut result = value(arguments, 1)?.clone();
    let function = value(arguments, 2)?;
    values(function, "FoldFunctionOnSet", "third")?;
    for argument in value(arguments, 3)?.elements()? {
        let element = function.apply(&argument?)?;
        result = caller.call(fold, &[element, result])?;
    }
    Ok(result)
}
