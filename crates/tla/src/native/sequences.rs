//! Module Sequences. Where TLC lets them, the operators take strings as sequences of characters;
//! TLC's characters are UTF-16 units, which are characters in nearly all texts.

use super::{Argument, CallError, Caller, Native, R, integer, operator, sequence, test, value};
use crate::value::{MAX_SIZE, Problem, Shown, Value, ValueError, length};

pub(super) fn lookup(operator: &str) -> Option<Native> {
    Some(match operator {
        "Seq" => Native::Pure1(|set| Value::seq_set(set.clone())),
        "Len" => Native::Pure1(len),
        "Head" => Native::Pure1(head),
        "Tail" => Native::Pure1(tail),
        "Append" => Native::Pure2(append),
        "\\o" | "\\circ" => Native::Pure2(concatenate),
        "SubSeq" => Native::Pure(|arguments| match arguments {
            [sequence, from, to] => sub_seq(sequence, from, to),
            _ => Err(ValueError::other("SubSeq takes three arguments.")),
        }),
        "SelectSeq" => Native::Higher(select_seq),
        _ => return None,
    })
}

/// An expression of a form that needs something else in its place.
fn evaluating(form: &str, needed: &str, found: &Value) -> ValueError {
    if matches!(found, Value::Deferred(_)) {
        return Problem::Deferred.into();
    }
    ValueError::other(format!(
        "Evaluating an expression of the form {form} when s is not a {needed}:\n{}",
        Shown(found)
    ))
}

fn empty(operator: &str) -> ValueError {
    ValueError::other(format!(
        "Attempted to apply {operator} to the empty sequence."
    ))
}

/// `Len(s)`
fn len(value: &Value) -> R {
    if let Value::String(text) = value {
        return Ok(Value::Int(length(text.as_str().encode_utf16().count())));
    }
    Ok(Value::Int(length(sequence(value, "Len", "")?.len())))
}

/// `Head(s)`
fn head(value: &Value) -> R {
    match sequence(value, "Head", "")? {
        [first, ..] => Ok(first.clone()),
        [] => Err(empty("Head")),
    }
}

/// `Tail(s)`
fn tail(value: &Value) -> R {
    if let Value::String(text) = value {
        let mut characters = text.as_str().chars();
        return match characters.next() {
            Some(_) => Ok(Value::string(characters.as_str())),
            None => Err(empty("Tail")),
        };
    }
    match sequence(value, "Tail", "")? {
        [_, rest @ ..] => Value::tuple(rest.to_vec()),
        [] => Err(empty("Tail")),
    }
}

/// `Append(s, v)`
fn append(value: &Value, last: &Value) -> R {
    let Value::Tuple(tuple) = value else {
        return Err(evaluating("Append(s, v)", "sequence", value));
    };
    tuple.append(last)
}

/// `s \o t`
fn concatenate(left: &Value, right: &Value) -> R {
    match (left, right) {
        (Value::String(a), Value::String(b)) => {
            let (a, b) = (a.as_str(), b.as_str());
            if a.len() + b.len() > MAX_SIZE as usize {
                return Err(Problem::TooLarge.into());
            }
            Ok(Value::string(&format!("{a}{b}")))
        }
        (Value::String(_), _) => Err(evaluating("t \\o s", "string", right)),
        (Value::Tuple(a), Value::Tuple(b)) => {
            if a.is_empty() {
                return Ok(right.clone());
            }
            if b.is_empty() {
                return Ok(left.clone());
            }
            let mut elements = Vec::with_capacity(a.len() + b.len());
            elements.extend_from_slice(a.as_slice());
            elements.extend_from_slice(b.as_slice());
            Value::tuple(elements)
        }
        (Value::Tuple(_), _) => Err(evaluating("t \\o s", "sequence", right)),
        _ => Err(evaluating("s \\o t", "sequence", left)),
    }
}

/// `SubSeq(s, from, to)`
fn sub_seq(value: &Value, from: &Value, to: &Value) -> R {
    let text: Option<Vec<char>> = match value {
        Value::String(text) => Some(text.as_str().chars().collect()),
        _ => None,
    };
    let elements = match &text {
        Some(_) => &[],
        None => sequence(value, "SubSeq", "first")?,
    };
    let count = text.as_ref().map_or(elements.len(), Vec::len);
    let first = integer(from, "SubSeq", "second", "natural number")?;
    let last = integer(to, "SubSeq", "third", "natural number")?;
    if first > last {
        return match text {
            Some(_) => Ok(Value::string("")),
            None => Ok(Value::empty_tuple()),
        };
    }
    let within = |index: i64, position: &str, found: &Value| match usize::try_from(index) {
        Ok(index) if (1..=count).contains(&index) => Ok(index),
        _ => Err(ValueError::other(format!(
            "The {position} argument of SubSeq must be in the domain of its first \
             argument:\n{}\n, but instead it is\n{}",
            Shown(value),
            Shown(found)
        ))),
    };
    let (first, last) = (within(first, "second", from)?, within(last, "third", to)?);
    match text {
        Some(characters) => Ok(Value::string(
            &characters[first - 1..last].iter().collect::<String>(),
        )),
        None if elements.len() == last && first == 1 => Ok(value.clone()),
        None => Value::tuple(elements[first - 1..last].to_vec()),
    }
}

/// `SelectSeq(s, Test)`
fn select_seq(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let elements = sequence(value(arguments, 0)?, "SelectSeq", "first")?;
    let keeps = operator(arguments, 1)?;
    let mut kept = Vec::new();
    for element in elements {
        if test(caller, keeps, "SelectSeq", std::slice::from_ref(element))? {
            kept.push(element.clone());
        }
    }
    Ok(Value::tuple(kept)?)
}
