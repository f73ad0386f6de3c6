//! Community module SequencesExt.

use super::tlc::{finite_set, orders, sort};
use super::{
    Argument, CallError, Caller, Native, R, functions, integer, operator, sequence, test, value,
};
use crate::value::{MAX_SET, MAX_SIZE, Problem, Shown, Value, ValueError, length};

pub(super) fn lookup(operator: &str) -> Option<Native> {
    Some(match operator {
        "SetToSeq" => Native::Pure1(|set| Value::tuple(finite_set(set, "SetToSeq")?)),
        "SetToSeqs" => Native::Pure1(set_to_seqs),
        "SetToSortSeq" => Native::Higher(set_to_sort_seq),
        "ToSet" => Native::Pure1(functions::range),
        "Contains" => Native::Pure2(contains),
        "LongestCommonPrefix" => Native::Pure1(longest_common_prefix),
        "FoldSeq" => Native::Higher(functions::fold_function),
        "FoldLeft" => Native::Higher(fold_left),
        "FoldRight" => Native::Higher(fold_right),
        "FoldLeftDomain" => Native::Higher(fold_left_domain),
        "FoldRightDomain" => Native::Higher(fold_right_domain),
        "IsPrefix" => Native::Pure2(is_prefix),
        "SelectInSeq" => Native::Higher(select_in_seq),
        "SelectInSubSeq" => Native::Higher(select_in_sub_seq),
        "SelectLastInSeq" => Native::Higher(select_last_in_seq),
        "SelectLastInSubSeq" => Native::Higher(select_last_in_sub_seq),
        "RemoveFirst" => Native::Pure2(remove_first),
        "RemoveFirstMatch" => Native::Higher(remove_first_match),
        "Suffixes" => Native::Pure1(suffixes),
        "AllSubSeqs" => Native::Pure1(all_sub_seqs),
        "Reverse" => Native::Pure1(reverse),
        "FlattenSeq" => Native::Pure1(flatten_seq),
        "ReplaceFirstSubSeq" => Native::Pure(|arguments| replace(arguments, true)),
        "ReplaceAllSubSeqs" => Native::Pure(|arguments| replace(arguments, false)),
        _ => return None,
    })
}

fn set_to_seqs(set: &Value) -> R {
    let elements = finite_set(set, "SetToSeqs")?;
    let sequences = orders(&elements)?
        .into_iter()
        .map(Value::tuple)
        .collect::<Result<_, _>>()?;
    Value::set(sequences)
}

fn set_to_sort_seq(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let elements = finite_set(value(arguments, 0)?, "SetToSortSeq")?;
    sort(caller, operator(arguments, 1)?, &elements)
}

fn contains(value: &Value, element: &Value) -> R {
    for own in sequence(value, "Contains", "")? {
        if own.equals(element)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

/// The longest sequence that all elements of a set begin with.
fn longest_common_prefix(set: &Value) -> R {
    let elements = finite_set(set, "LongestCommonPrefix")?;
    let wrong = |expected| ValueError::argument("LongestCommonPrefix", "", expected, set);
    match elements.split_first() {
        None => Err(wrong("non-empty set")),
        Some((Value::String(first), rest)) => {
            let mut prefix = first.as_str();
            for other in rest {
                let Value::String(other) = other else {
                    return Err(wrong("sequence"));
                };
                let differs = prefix
                    .char_indices()
                    .zip(other.as_str().chars())
                    .find(|((_, a), b)| a != b)
                    .map(|((place, _), _)| place);
                let end = differs.unwrap_or(prefix.len().min(other.as_str().len()));
                prefix = &prefix[..end];
            }
            Ok(Value::string(prefix))
        }
        Some((first, rest)) => {
            let mut prefix = first.as_tuple().ok_or_else(|| wrong("sequence"))?;
            for other in rest {
                let other = other.as_tuple().ok_or_else(|| wrong("sequence"))?;
                let mut end = prefix.len().min(other.len());
                for (place, (a, b)) in prefix.iter().zip(other).enumerate() {
                    if !a.equals(b)? {
                        end = place;
                        break;
                    }
                }
                prefix = &prefix[..end];
            }
            Value::tuple(prefix.to_vec())
        }
    }
}

fn fold_left(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let fold = operator(arguments, 0)?;
    let mut result = value(arguments, 1)?.clone();
    for element in sequence(value(arguments, 2)?, "FoldLeft", "third")? {
        result = caller.call(fold, &[result, element.clone()])?;
    }
    Ok(result)
}

fn fold_right(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let fold = operator(arguments, 0)?;
    let mut result = value(arguments, 2)?.clone();
    for element in sequence(value(arguments, 1)?, "FoldRight", "second")?
        .iter()
        .rev()
    {
        result = caller.call(fold, &[element.clone(), result])?;
    }
    Ok(result)
}

fn fold_left_domain(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let fold = operator(arguments, 0)?;
    let mut result = value(arguments, 1)?.clone();
    let elements = sequence(value(arguments, 2)?, "FoldLeftDomain", "third")?;
    for index in 1..=length(elements.len()) {
        result = caller.call(fold, &[result, Value::Int(index)])?;
    }
    Ok(result)
}

fn fold_right_domain(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let fold = operator(arguments, 0)?;
    let mut result = value(arguments, 2)?.clone();
    let elements = sequence(value(arguments, 1)?, "FoldRightDomain", "second")?;
    for index in (1..=length(elements.len())).rev() {
        result = caller.call(fold, &[Value::Int(index), result])?;
    }
    Ok(result)
}

fn is_prefix(prefix: &Value, of: &Value) -> R {
    if let (Value::String(prefix), Value::String(of)) = (prefix, of) {
        return Ok(Value::Bool(of.as_str().starts_with(prefix.as_str())));
    }
    let prefix = sequence(prefix, "IsPrefix", "first")?;
    let of = sequence(of, "IsPrefix", "second")?;
    Ok(Value::Bool(
        prefix.len() <= of.len() && is_at(prefix, of, 0)?,
    ))
}

/// Whether a sequence stands within another from a place on, where there is room for it.
fn is_at(part: &[Value], whole: &[Value], place: usize) -> Result<bool, ValueError> {
    for (a, b) in part.iter().zip(&whole[place..]) {
        if !a.equals(b)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The index of the first (or last) element that satisfies an operator, 0 if none does.
fn select(
    caller: &mut dyn Caller,
    holds: usize,
    name: &'static str,
    elements: impl Iterator<Item = (usize, Value)>,
) -> Result<Value, CallError> {
    for (place, element) in elements {
        if test(caller, holds, name, &[element])? {
            return Ok(Value::Int(length(place + 1)));
        }
    }
    Ok(Value::Int(0))
}

fn select_in_seq(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let elements = sequence(value(arguments, 0)?, "SelectInSeq", "first")?;
    let indexed = elements.iter().cloned().enumerate();
    select(caller, operator(arguments, 1)?, "SelectInSeq", indexed)
}

fn select_last_in_seq(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let elements = sequence(value(arguments, 0)?, "SelectLastInSeq", "first")?;
    let indexed = elements.iter().cloned().enumerate().rev();
    select(caller, operator(arguments, 1)?, "SelectLastInSeq", indexed)
}

fn select_in_sub_seq(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let name = "SelectInSubSeq";
    let part = sub_sequence(arguments, name)?;
    select(caller, operator(arguments, 3)?, name, part.into_iter())
}

fn select_last_in_sub_seq(
    caller: &mut dyn Caller,
    arguments: &[Argument],
) -> Result<Value, CallError> {
    let name = "SelectLastInSubSeq";
    let part = sub_sequence(arguments, name)?;
    select(
        caller,
        operator(arguments, 3)?,
        name,
        part.into_iter().rev(),
    )
}

/// The elements of the first argument from the second to the third, with their places.
fn sub_sequence(
    arguments: &[Argument],
    name: &'static str,
) -> Result<Vec<(usize, Value)>, ValueError> {
    let whole = value(arguments, 0)?;
    let elements = sequence(whole, name, "first")?;
    let from = integer(value(arguments, 1)?, name, "second", "natural")?;
    let to = integer(value(arguments, 2)?, name, "third", "natural")?;
    if from > to {
        return Ok(Vec::new());
    }
    let within = |index: i64, position: &str| match usize::try_from(index) {
        Ok(index) if (1..=elements.len()).contains(&index) => Ok(index),
        _ => Err(ValueError::other(format!(
            "The {position} argument of {name} must be in the domain of its first \
             argument:\n{}\n, but instead it is\n{index}",
            Shown(whole)
        ))),
    };
    let (from, to) = (within(from, "second")?, within(to, "third")?);
    Ok(elements[from - 1..to]
        .iter()
        .enumerate()
        .map(|(offset, element)| (from - 1 + offset, element.clone()))
        .collect())
}

fn remove_first(value: &Value, element: &Value) -> R {
    let elements = sequence(value, "RemoveFirst", "first")?;
    for (place, own) in elements.iter().enumerate() {
        if own.equals(element)? {
            return without(elements, place);
        }
    }
    Ok(value.clone())
}

fn remove_first_match(caller: &mut dyn Caller, arguments: &[Argument]) -> Result<Value, CallError> {
    let elements = sequence(value(arguments, 0)?, "RemoveFirstMatch", "first")?;
    let matches = operator(arguments, 1)?;
    for (place, element) in elements.iter().enumerate() {
        let element = std::slice::from_ref(element);
        if test(caller, matches, "RemoveFirstMatch", element)? {
            return Ok(without(elements, place)?);
        }
    }
    Ok(value(arguments, 0)?.clone())
}

fn without(elements: &[Value], place: usize) -> R {
    let mut rest = elements.to_vec();
    rest.remove(place);
    Value::tuple(rest)
}

fn suffixes(value: &Value) -> R {
    let elements = sequence(value, "Suffixes", "")?;
    if elements.len().saturating_mul(elements.len()) / 2 > MAX_SIZE as usize {
        return Err(Problem::TooLarge.into());
    }
    let suffixes = (0..=elements.len())
        .rev()
        .map(|from| Value::tuple(elements[from..].to_vec()))
        .collect::<Result<_, _>>()?;
    Value::set(suffixes)
}

fn all_sub_seqs(value: &Value) -> R {
    let elements = sequence(value, "AllSubSeqs", "")?;
    let count = u32::try_from(elements.len())
        .ok()
        .and_then(|bits| 1_usize.checked_shl(bits))
        .filter(|count| *count <= MAX_SET)
        .ok_or(Problem::TooLarge)?;
    let parts = (0..count)
        .map(|chosen| {
            let part = elements.iter().enumerate();
            let part = part.filter(|(place, _)| chosen >> place & 1 == 1);
            Value::tuple(part.map(|(_, element)| element.clone()).collect())
        })
        .collect::<Result<_, _>>()?;
    Value::set(parts)
}

fn reverse(value: &Value) -> R {
    let elements = sequence(value, "Reverse", "")?;
    Value::tuple(elements.iter().rev().cloned().collect())
}

/// All elements of a sequence of sequences, or all characters of a sequence of strings.
fn flatten_seq(value: &Value) -> R {
    let parts = sequence(value, "FlattenSeq", "")?;
    if let Some(Value::String(_)) = parts.first() {
        let mut text = String::new();
        for part in parts {
            let Value::String(part) = part else {
                return Err(ValueError::argument("\\o", "second", "string", part));
            };
            text.push_str(part.as_str());
            if text.len() > MAX_SIZE as usize {
                return Err(Problem::TooLarge.into());
            }
        }
        return Ok(Value::string(&text));
    }
    let mut elements = Vec::new();
    for part in parts {
        elements.extend_from_slice(sequence(part, "\\o", "first")?);
    }
    Value::tuple(elements)
}

/// `ReplaceFirstSubSeq(r, s, t)` and `ReplaceAllSubSeqs(r, s, t)`: `t` with `r` for `s`. An empty
/// `s` stands before the first element, and before every element.
fn replace(arguments: &[Value], first_only: bool) -> R {
    let [by, part, whole] = arguments else {
        return Err(ValueError::other("ReplaceSubSeq takes three arguments."));
    };
    if let (Value::String(by), Value::String(part), Value::String(whole)) = (by, part, whole) {
        let (by, part, whole) = (by.as_str(), part.as_str(), whole.as_str());
        let times = whole.matches(part).count();
        if times.saturating_mul(by.len()).saturating_add(whole.len()) > MAX_SIZE as usize {
            return Err(Problem::TooLarge.into());
        }
        return Ok(Value::string(&match (part.is_empty(), first_only) {
            (false, true) => whole.replacen(part, by, 1),
            (false, false) => whole.replace(part, by),
            (true, false) if !whole.is_empty() => {
                whole.chars().fold(String::new(), |mut text, character| {
                    text.push_str(by);
                    text.push(character);
                    text
                })
            }
            (true, _) => format!("{by}{whole}"),
        }));
    }
    let by = sequence(by, "ReplaceSubSeq", "first")?;
    let part = sequence(part, "ReplaceSubSeq", "second")?;
    let elements = sequence(whole, "ReplaceSubSeq", "third")?;
    let mut replaced = Vec::new();
    let mut place = 0;
    let mut found = false;
    while place + part.len() <= elements.len() {
        if (!found || !first_only) && is_at(part, elements, place)? {
            found = true;
            replaced.extend_from_slice(by);
            if replaced.len() > MAX_SIZE as usize {
                return Err(Problem::TooLarge.into());
            }
            place += part.len();
            if !part.is_empty() {
                continue;
            }
        }
        match elements.get(place) {
            // An empty part does not stand behind the last element, except in no elements.
            Some(element) if place + 1 < elements.len() || !part.is_empty() => {
                replaced.push(element.clone());
                place += 1;
            }
            _ => break,
        }
    }
    replaced.extend_from_slice(&elements[place..]);
    Value::tuple(replaced)
}
