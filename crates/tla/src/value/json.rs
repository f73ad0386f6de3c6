//! Values as JSON, as TLC's module Json maps them.

use serde_json::{Map, Value as Json};

use super::{Problem, UNBOUNDED, Value, ValueError};

impl Value {
    /// This value as TLC's `ToJson` writes it: numbers, Booleans and strings as such, model values
    /// as their names, sequences and sets as arrays, other functions as objects whose names are the
    /// arguments as TLC prints them (strings without quotes).
    ///
    /// # Errors
    /// When a lazy set in it cannot be enumerated, and when a value is deferred.
    pub fn to_json(&self) -> Result<Json, ValueError> {
        match self {
            Value::Bool(value) => Ok(Json::Bool(*value)),
            Value::Int(number) => Ok(Json::from(*number)),
            Value::String(text) => Ok(Json::from(text.as_str())),
            Value::Model(model) => Ok(Json::from(model.name().as_str())),
            Value::Tuple(tuple) => array(tuple.as_slice()),
            Value::Set(set) => array(set.as_slice()),
            Value::Interval(_) | Value::Lazy(_) => array(&self.to_vec()?),
            Value::Function(function) => {
                let mut object = Map::new();
                for (argument, value) in function.pairs() {
                    let name = match &argument {
                        Value::String(name) => name.as_str().to_owned(),
                        other => other.display(UNBOUNDED).to_string(),
                    };
                    object.insert(name, value.to_json()?);
                }
                Ok(Json::Object(object))
            }
            Value::Deferred(_) => Err(Problem::Deferred.into()),
        }
    }
}

fn array(values: &[Value]) -> Result<Json, ValueError> {
    Ok(Json::Array(
        values
            .iter()
            .map(Value::to_json)
            .collect::<Result<_, _>>()?,
    ))
}
