//! Values as JSON, as TLC's module Json maps them.

use serde_json::{Map, Value as Json};

use super::{Problem, Value, ValueError};
use crate::symbol::Symbol;

impl Value {
    /// This value as TLC's `ToJson` writes it: numbers, Booleans and strings as such, model values
    /// as their names, sequences and sets as arrays, other functions as objects whose names are the
    /// arguments as TLC prints them (strings without quotes).
    ///
    /// `room` is how many values and characters it may have, and then what is left of that.
    ///
    /// # Errors
    /// When a lazy set in it cannot be enumerated, when a value is deferred, and when there is not
    /// enough room.
    pub fn to_json(&self, room: &mut usize) -> Result<Json, ValueError> {
        take(room, 1)?;
        match self {
            Value::Bool(value) => Ok(Json::Bool(*value)),
            Value::Int(number) => Ok(Json::from(*number)),
            Value::String(text) => {
                take(room, text.as_str().len())?;
                Ok(Json::from(text.as_str()))
            }
            Value::Model(model) => Ok(Json::from(model.name().as_str())),
            Value::Tuple(tuple) => array(tuple.as_slice(), room),
            Value::Set(set) => array(set.as_slice(), room),
            Value::Interval(_) | Value::Lazy(_) => {
                let mut values = Vec::new();
                for element in self.elements()? {
                    values.push(element?.to_json(room)?);
                }
                Ok(Json::Array(values))
            }
            Value::Function(function) => {
                let mut object = Map::new();
                for (argument, value) in function.pairs() {
                    let name = match &argument {
                        Value::String(name) => name.as_str().to_owned(),
                        other => other.display(*room).to_string(),
                    };
                    take(room, name.len())?;
                    object.insert(name, value.to_json(room)?);
                }
                Ok(Json::Object(object))
            }
            Value::Deferred(_) => Err(Problem::Deferred.into()),
        }
    }
}

impl Value {
    /// The value that JSON shows, as TLC reads it: arrays are sequences and objects records.
    ///
    /// # Errors
    /// When there is a null or a number that is no integer, and when the value is too large.
    pub fn from_json(json: &Json) -> Result<Value, ValueError> {
        match json {
            Json::Bool(value) => Ok(Value::Bool(*value)),
            Json::String(text) => Ok(Value::string(text)),
            Json::Array(items) => {
                let items = items.iter().map(Value::from_json);
                Value::tuple(items.collect::<Result<_, _>>()?)
            }
            Json::Object(members) => {
                let members = members
                    .iter()
                    .map(|(name, value)| Ok((Symbol::new(name), Value::from_json(value)?)));
                Value::record(members.collect::<Result<_, ValueError>>()?)
            }
            Json::Null | Json::Number(_) => match json.as_i64() {
                Some(number) => Ok(Value::Int(number)),
                None => Err(ValueError::other(format!(
                    "Cannot convert value: unsupported JSON value {json}"
                ))),
            },
        }
    }
}

fn array(values: &[Value], room: &mut usize) -> Result<Json, ValueError> {
    let values = values.iter().map(|value| value.to_json(room));
    Ok(Json::Array(values.collect::<Result<_, _>>()?))
}

fn take(room: &mut usize, needed: usize) -> Result<(), ValueError> {
    *room = room.checked_sub(needed).ok_or(Problem::TooLarge)?;
    Ok(())
}
