//! Values as JSON in the Informal Trace Format, which loses nothing: sets and functions have tags.

use serde_json::{Map, Value as Json, json};

use super::{ModelValue, Problem, Value, ValueError};
use crate::symbol::Symbol;

/// Deepest nesting that is read.
const MAX_DEPTH: u32 = 128;

impl Value {
    /// The value that ITF JSON shows: `true`, `3`, `"a"`, `[…]` a sequence, `{…}` a record,
    /// `{"#set": […]}`, `{"#tup": […]}`, `{"#map": [[argument, value], …]}`, `{"#bigint": "3"}`.
    /// Besides what ITF defines, `{"#model": "a"}` is a model value. See Apalache's ADR 015.
    ///
    /// # Errors
    /// When there is a null, a number that is no integer or does not fit, an unknown tag, or a
    /// value that TLA+ does not have; and when the value is too large.
    pub fn from_itf(json: &Json) -> Result<Value, ValueError> {
        read(json, MAX_DEPTH)
    }

    /// This value as ITF JSON. `room` is how many values and characters it may have.
    ///
    /// # Errors
    /// When a lazy set in it cannot be enumerated, when a value is deferred, and when there is not
    /// enough room.
    pub fn to_itf(&self, room: &mut usize) -> Result<Json, ValueError> {
        let all = |values: &[Value], room: &mut usize| {
            let values = values.iter().map(|value| value.to_itf(room));
            Ok::<_, ValueError>(Json::Array(values.collect::<Result<_, _>>()?))
        };
        *room = room.checked_sub(1).ok_or(Problem::TooLarge)?;
        Ok(match self {
            Value::Bool(value) => json!(value),
            Value::Int(number) => json!(number),
            Value::String(text) => {
                let text = text.as_str();
                *room = room.checked_sub(text.len()).ok_or(Problem::TooLarge)?;
                json!(text)
            }
            Value::Model(model) => json!({ "#model": model.name().as_str() }),
            Value::Tuple(tuple) => all(tuple.as_slice(), room)?,
            Value::Set(set) => json!({ "#set": all(set.as_slice(), room)? }),
            Value::Interval(_) | Value::Lazy(_) => {
                let elements: Vec<Value> = self.elements()?.collect::<Result<_, _>>()?;
                json!({ "#set": all(&elements, room)? })
            }
            Value::Function(function) => {
                let is_record = function
                    .pairs()
                    .all(|(name, _)| matches!(name, Value::String(_)));
                if is_record {
                    let mut record = Map::new();
                    for (name, value) in function.pairs() {
                        if let Value::String(name) = name {
                            record.insert(name.as_str().to_owned(), value.to_itf(room)?);
                        }
                    }
                    Json::Object(record)
                } else {
                    let mut pairs = Vec::new();
                    for (argument, value) in function.pairs() {
                        pairs.push(json!([argument.to_itf(room)?, value.to_itf(room)?]));
                    }
                    json!({ "#map": pairs })
                }
            }
            Value::Deferred(_) => return Err(Problem::Deferred.into()),
        })
    }
}

fn read(json: &Json, depth: u32) -> Result<Value, ValueError> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(ValueError::other("JSON that nests too deep"));
    };
    let all = |items: &Json, tag: &str| match items {
        Json::Array(items) => items.iter().map(|item| read(item, depth)).collect(),
        _ => Err(ValueError::other(format!("{tag} needs an array"))),
    };
    match json {
        Json::Bool(value) => Ok(Value::Bool(*value)),
        Json::String(text) => Ok(Value::string(text)),
        Json::Array(_) => Value::tuple(all(json, "a sequence")?),
        Json::Object(members) => {
            let tagged = members.iter().next().filter(|_| members.len() == 1);
            match tagged.map(|(tag, inner)| (tag.as_str(), inner)) {
                Some(("#set", inner)) => Value::set(all(inner, "#set")?),
                Some(("#tup", inner)) => Value::tuple(all(inner, "#tup")?),
                Some(("#map", inner)) => {
                    let pairs: Vec<Value> = all(inner, "#map")?;
                    let pairs = pairs.iter().map(|pair| match pair.as_tuple() {
                        Some([argument, value]) => Ok((argument.clone(), value.clone())),
                        _ => Err(ValueError::other("#map needs pairs")),
                    });
                    Value::function_from_pairs(pairs.collect::<Result<_, _>>()?)
                }
                Some(("#bigint", Json::String(digits))) => digits
                    .parse()
                    .map(Value::Int)
                    .map_err(|_| ValueError::other(format!("{digits} is no 64-bit integer"))),
                Some(("#model", Json::String(name))) => {
                    Ok(Value::Model(ModelValue::new(Symbol::new(name))))
                }
                Some((tag, _)) if tag.starts_with('#') => {
                    Err(ValueError::other(format!("the tag {tag} is not known")))
                }
                _ => {
                    let fields = members
                        .iter()
                        .map(|(name, value)| Ok((Symbol::new(name), read(value, depth)?)));
                    Value::record(fields.collect::<Result<_, ValueError>>()?)
                }
            }
        }
        Json::Null | Json::Number(_) => match json.as_i64() {
            Some(number) => Ok(Value::Int(number)),
            None => Err(ValueError::other(format!("{json} is no value of TLA+"))),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::value::Value;

    #[test]
    fn what_is_written_is_read_again() {
        for text in [
            json!(true),
            json!(-3),
            json!("a"),
            json!([1, [], "x"]),
            json!({ "b": { "#set": [1, 2] }, "a": { "#map": [[1, "one"], [3, "three"]] } }),
            json!({ "#model": "a1" }),
        ] {
            let value = Value::from_itf(&text).unwrap();
            let again = value.to_itf(&mut 1000).unwrap();
            assert_eq!(text, again);
        }
        let tagged = json!({ "#tup": [{ "#bigint": "7" }, 2] });
        assert_eq!(Value::from_itf(&tagged).unwrap().to_string(), "<<7, 2>>");
    }

    #[test]
    fn what_is_no_value_is_refused() {
        for text in [
            json!(null),
            json!(1.5),
            json!({ "#set": 1 }),
            json!({ "#map": [[1]] }),
            json!({ "#bag": [] }),
            json!({ "#bigint": "99999999999999999999" }),
            json!({ "#set": [1, "a"] }),
        ] {
            assert!(Value::from_itf(&text).is_err(), "{text}");
        }
        let mut deep = json!(1);
        for _ in 0..200 {
            deep = json!([deep]);
        }
        assert!(Value::from_itf(&deep).is_err());
    }
}
