//! Community modules Bitwise, Combinatorics and DyadicRationals.

use super::{Native, R, integer};
use crate::symbol::Symbol;
use crate::value::{Problem, Value, ValueError};

pub(super) fn lookup(module: &str, operator: &str) -> Option<Native> {
    Some(match (module, operator) {
        ("Bitwise", "&") => Native::Pure2(|a, b| bits(a, b, "&", |a, b| a & b)),
        ("Bitwise", "|") => Native::Pure2(|a, b| bits(a, b, "|", |a, b| a | b)),
        ("Bitwise", "^^") => Native::Pure2(|a, b| bits(a, b, "^^", |a, b| a ^ b)),
        ("Bitwise", "Not") => Native::Pure1(not),
        ("Bitwise", "shiftR") => Native::Pure2(shift_right),
        ("Combinatorics", "choose") => Native::Pure2(choose),
        ("DyadicRationals", "Reduce") => Native::Pure1(reduce),
        _ => return None,
    })
}

fn bits(a: &Value, b: &Value, operator: &'static str, combine: fn(i64, i64) -> i64) -> R {
    let a = integer(a, operator, "first", "integer")?;
    let b = integer(b, operator, "second", "integer")?;
    Ok(Value::Int(combine(a, b)))
}

/// Flips the bits up to the highest that is set; of a negative number none.
fn not(a: &Value) -> R {
    let a = integer(a, "Not", "", "integer")?;
    Ok(Value::Int(match a {
        1.. => !a & (i64::MAX >> (a.leading_zeros() - 1)),
        _ => 0,
    }))
}

/// TLC shifts 32 bits without sign, by the distance modulo 32; numbers of more bits are shifted by
/// the distance modulo 64.
fn shift_right(a: &Value, distance: &Value) -> R {
    let a = integer(a, "shiftR", "first", "integer")?;
    let distance = integer(distance, "shiftR", "second", "integer")?;
    Ok(Value::Int(match i32::try_from(a) {
        Ok(small) => i64::from(small.cast_unsigned() >> (distance & 31)),
        Err(_) => (a.cast_unsigned() >> (distance & 63)).cast_signed(),
    }))
}

/// `choose(n, k)`
fn choose(n: &Value, k: &Value) -> R {
    let natural = |number: &Value, position| match number {
        Value::Int(number @ 0..) => Ok(*number),
        _ => Err(ValueError::argument(
            "choose",
            position,
            "natural number",
            number,
        )),
    };
    let (n, k) = (natural(n, "first")?, natural(k, "second")?);
    if k > n {
        return Ok(Value::Int(0));
    }
    let mut result = 1_i128;
    for i in 1..=k.min(n - k) {
        result = result * i128::from(n - i + 1) / i128::from(i);
        if result > i128::from(i64::MAX) {
            return Err(Problem::Overflow(format!("{n}choose{k}")).into());
        }
    }
    match i64::try_from(result) {
        Ok(result) => Ok(Value::Int(result)),
        Err(_) => Err(Problem::Overflow(format!("{n}choose{k}")).into()),
    }
}

/// `Reduce(p)`: the fraction `p` in lowest terms.
fn reduce(fraction: &Value) -> R {
    let (numerator, denominator) = (Symbol::new("num"), Symbol::new("den"));
    let part = |name| integer(&fraction.apply_field(name)?, "Reduce", "", "fraction");
    let (above, below) = (part(numerator)?, part(denominator)?);
    let (mut a, mut b) = (above.unsigned_abs(), below.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    match i64::try_from(a) {
        Ok(1) => Ok(fraction.clone()),
        Ok(divisor @ 1..) => Value::record(vec![
            (numerator, Value::Int(above / divisor)),
            (denominator, Value::Int(below / divisor)),
        ]),
        _ => Err(Problem::DivisionByZero.into()),
    }
}
