//! Modules Json and IOUtils, as far as they do not touch the world outside: evaluation reads no file
//! but those beside the specification, writes none, runs no programs and sees an empty environment.

use super::tlc::pairs_of;
use super::{ContextOperator, Native, R};
use crate::value::{MAX_SIZE, Problem, Value, ValueError};

pub(super) fn lookup(module: &str, operator: &str) -> Option<Native> {
    Some(match (module, operator) {
        ("Json", "ToJson") => Native::Pure1(|value| Ok(Value::string(&text(value)?))),
        ("Json", "ToJsonArray") => Native::Pure1(to_json_array),
        ("Json", "ToJsonObject") => Native::Pure1(to_json_object),
        ("Json", "JsonDeserialize") => Native::Context(ContextOperator::JsonDeserialize),
        ("Json", "ndJsonDeserialize") => Native::Context(ContextOperator::NdJsonDeserialize),
        ("IOUtils", "IOEnv") => Native::Pure(|_| Ok(Value::empty_tuple())),
        ("IOUtils", "atoi") => Native::Pure1(atoi),
        _ => return None,
    })
}

fn unsupported(value: &Value) -> ValueError {
    match value {
        Value::Deferred(_) => Problem::Deferred.into(),
        _ => ValueError::other(format!(
            "Cannot convert value: {}",
            crate::value::Shown(value)
        )),
    }
}

/// Compact JSON; the members of an object in the order of the domain.
fn text(value: &Value) -> Result<String, ValueError> {
    let mut out = String::new();
    write(value, &mut out)?;
    Ok(out)
}

fn write(value: &Value, out: &mut String) -> Result<(), ValueError> {
    match value {
        Value::Function(_) => object(pairs_of(value, "ToJson", "")?, out),
        Value::Tuple(tuple) => array(tuple.as_slice(), out),
        Value::Set(set) => array(set.as_slice(), out),
        Value::Interval(_) | Value::Lazy(_) => array(&value.to_vec()?, out),
        Value::Deferred(_) => Err(unsupported(value)),
        Value::Bool(_) | Value::Int(_) | Value::String(_) | Value::Model(_) => {
            let mut room = MAX_SIZE as usize;
            out.push_str(&value.to_json(&mut room)?.to_string());
            Ok(())
        }
    }
}

/// Lets no text grow beyond all bounds.
fn check(out: &str) -> Result<(), ValueError> {
    if out.len() > MAX_SIZE as usize {
        return Err(Problem::TooLarge.into());
    }
    Ok(())
}

fn array(values: &[Value], out: &mut String) -> Result<(), ValueError> {
    out.push('[');
    for (place, value) in values.iter().enumerate() {
        check(out)?;
        if place > 0 {
            out.push(',');
        }
        write(value, out)?;
    }
    out.push(']');
    Ok(())
}

fn object(members: Vec<(Value, Value)>, out: &mut String) -> Result<(), ValueError> {
    out.push('{');
    for (place, (name, value)) in members.into_iter().enumerate() {
        check(out)?;
        if place > 0 {
            out.push(',');
        }
        let name = match &name {
            Value::String(name) => name.as_str().to_owned(),
            other => other.display(MAX_SIZE as usize).to_string(),
        };
        out.push_str(&serde_json::Value::from(name).to_string());
        out.push(':');
        write(&value, out)?;
    }
    out.push('}');
    Ok(())
}

fn to_json_array(value: &Value) -> R {
    match value {
        Value::Function(function) if function.is_record() => Err(unsupported(value)),
        _ if value.is_function() || value.is_set() => Ok(Value::string(&text(value)?)),
        _ => Err(unsupported(value)),
    }
}

/// A sequence becomes an object of its elements, counted from 0.
fn to_json_object(value: &Value) -> R {
    match value {
        Value::Tuple(tuple) => {
            let mut out = String::new();
            let numbers = (0..).map(Value::Int);
            object(
                numbers.zip(tuple.as_slice().iter().cloned()).collect(),
                &mut out,
            )?;
            Ok(Value::string(&out))
        }
        Value::Function(_) => Ok(Value::string(&text(value)?)),
        _ => Err(unsupported(value)),
    }
}

/// `atoi(s)`: the integer that a string shows.
fn atoi(value: &Value) -> R {
    match value {
        Value::String(text) => match text.as_str().parse() {
            Ok(number) => Ok(Value::Int(number)),
            Err(_) => Err(ValueError::argument("atoi", "", "string", value)),
        },
        _ => Err(ValueError::argument("atoi", "", "string", value)),
    }
}
