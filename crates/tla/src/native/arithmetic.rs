//! Modules Naturals and Integers.
//!
//! TLC computes with 32 bits; these compute with 64 and fail beyond.

use super::{Native, R, integer};
use crate::value::{Problem, Value, ValueError};

pub(super) fn lookup(module: &str, operator: &str) -> Option<Native> {
    Some(match operator {
        "+" => Native::Pure2(add),
        "-" => Native::Pure2(subtract),
        "*" => Native::Pure2(multiply),
        "\\div" => Native::Pure2(divide),
        "%" => Native::Pure2(modulo),
        "^" => Native::Pure2(power),
        "<" => Native::Pure2(less),
        "<=" | "=<" | "\\leq" => Native::Pure2(less_or_equal),
        ">" => Native::Pure2(greater),
        ">=" | "\\geq" => Native::Pure2(greater_or_equal),
        ".." => Native::Pure2(range),
        "Nat" => Native::Pure(|_| Ok(Value::nat_set())),
        "-." if module == "Integers" => Native::Pure1(negate),
        "Int" if module == "Integers" => Native::Pure(|_| Ok(Value::int_set())),
        _ => return None,
    })
}

fn both(a: &Value, b: &Value, operator: &'static str) -> Result<(i64, i64), ValueError> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Ok((*a, *b)),
        _ => Ok((
            integer(a, operator, "first", "integer")?,
            integer(b, operator, "second", "integer")?,
        )),
    }
}

#[cold]
fn overflow(a: i64, operator: &str, b: i64) -> ValueError {
    Problem::Overflow(format!("{a}{operator}{b}")).into()
}

/// `a + b`
pub(crate) fn add(a: &Value, b: &Value) -> R {
    let (a, b) = both(a, b, "+")?;
    let sum = a.checked_add(b).ok_or_else(|| overflow(a, "+", b))?;
    Ok(Value::Int(sum))
}

/// `a - b`
pub(crate) fn subtract(a: &Value, b: &Value) -> R {
    let (a, b) = both(a, b, "-")?;
    let difference = a.checked_sub(b).ok_or_else(|| overflow(a, "-", b))?;
    Ok(Value::Int(difference))
}

/// `a * b`
pub(crate) fn multiply(a: &Value, b: &Value) -> R {
    let (a, b) = both(a, b, "*")?;
    let product = a.checked_mul(b).ok_or_else(|| overflow(a, "*", b))?;
    Ok(Value::Int(product))
}

/// `a \div b`, rounded down.
pub(crate) fn divide(a: &Value, b: &Value) -> R {
    let (a, b) = both(a, b, "\\div")?;
    if b == 0 {
        return Err(Problem::DivisionByZero.into());
    }
    let quotient = a.checked_div(b).ok_or_else(|| overflow(a, " \\div ", b))?;
    let exact = a.wrapping_rem(b) == 0;
    let down = !exact && (a < 0) != (b < 0);
    Ok(Value::Int(quotient - i64::from(down)))
}

/// `a % b`, never negative.
pub(crate) fn modulo(a: &Value, b: &Value) -> R {
    let (a, b) = both(a, b, "%")?;
    if b <= 0 {
        let found = Value::Int(b);
        return Err(ValueError::argument(
            "%",
            "second",
            "positive number",
            &found,
        ));
    }
    Ok(Value::Int(a.rem_euclid(b)))
}

/// `a ^ b`
pub(crate) fn power(a: &Value, b: &Value) -> R {
    let (a, b) = both(a, b, "^")?;
    if b < 0 {
        let found = Value::Int(b);
        return Err(ValueError::argument(
            "^",
            "second",
            "natural number",
            &found,
        ));
    }
    if (a, b) == (0, 0) {
        return Err(ValueError::other("0^0 is undefined."));
    }
    let power = match (a, u32::try_from(b)) {
        (_, Ok(0)) => Some(1),
        (0 | 1, _) => Some(a),
        (-1, _) => Some(if b % 2 == 0 { 1 } else { -1 }),
        (_, Ok(exponent)) => a.checked_pow(exponent),
        (_, Err(_)) => None,
    };
    Ok(Value::Int(power.ok_or_else(|| overflow(a, "^", b))?))
}

/// `a < b`
pub(crate) fn less(a: &Value, b: &Value) -> R {
    let (a, b) = both(a, b, "<")?;
    Ok(Value::Bool(a < b))
}

/// `a <= b`
pub(crate) fn less_or_equal(a: &Value, b: &Value) -> R {
    let (a, b) = both(a, b, "<=")?;
    Ok(Value::Bool(a <= b))
}

/// `a > b`
pub(crate) fn greater(a: &Value, b: &Value) -> R {
    let (a, b) = both(a, b, ">")?;
    Ok(Value::Bool(a > b))
}

/// `a >= b`
pub(crate) fn greater_or_equal(a: &Value, b: &Value) -> R {
    let (a, b) = both(a, b, ">=")?;
    Ok(Value::Bool(a >= b))
}

/// `a .. b`
pub(crate) fn range(a: &Value, b: &Value) -> R {
    let (a, b) = both(a, b, "..")?;
    Value::interval(a, b)
}

/// `-a`
pub(crate) fn negate(a: &Value) -> R {
    let a = integer(a, "-", "first", "integer")?;
    let negated = a
        .checked_neg()
        .ok_or_else(|| Problem::Overflow(format!("-{a}")))?;
    Ok(Value::Int(negated))
}
