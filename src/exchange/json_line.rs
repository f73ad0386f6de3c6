//! Single values out of a line of JSON, without holding the rest of it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::columns::Field;
use super::table::{Cell, Cells};

/// The keys that are read, with what they hold.
pub(super) struct Keys<'k>(Vec<(&'k str, Field)>);

/// The keys of an object.
pub(super) fn keys_of(line: &str) -> Result<Vec<String>, String> {
    let mut keys = Vec::new();
    read(line, AllKeys(&mut keys))?;
    Ok(keys)
}

impl<'k> Keys<'k> {
    pub(super) fn new(keys: impl Iterator<Item = (&'k str, Field)>) -> Self {
        Self(keys.collect())
    }

    /// The values of an object that are asked for. Null is absent, and so is what a value cannot be:
    /// a list or an object.
    pub(super) fn cells<'t>(&self, line: &'t str) -> Result<Cells<'t>, String> {
        read(line, Wanted(self))
    }
}

fn read<'t, V: Visitor<'t>>(line: &'t str, visitor: V) -> Result<V::Value, String> {
    let mut json = serde_json::Deserializer::from_str(line);
    json.deserialize_map(visitor)
        .and_then(|value| json.end().map(|()| value))
        .map_err(|error| format!("is no JSON object: {error}"))
}

struct AllKeys<'k>(&'k mut Vec<String>);

impl<'t> Visitor<'t> for AllKeys<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            map.next_value::<IgnoredAny>()?;
            self.0.push(key);
        }
        Ok(())
    }
}

struct Wanted<'k>(&'k Keys<'k>);

impl<'t> Visitor<'t> for Wanted<'_> {
    type Value = Cells<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Cells<'t>, A::Error> {
        let mut cells = Cells::default();
        while let Some(key) = map.next_key::<Text<'t>>()? {
            let mut fields = self.0.0.iter().filter(|(name, _)| *name == key.0);
            match fields.next() {
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some((_, first)) => {
                    let cell = map.next_value_seed(OneCell)?;
                    // One column may be mapped to two fields.
                    for (_, field) in fields {
                        cells[*field as usize] = cell.clone();
                    }
                    cells[*first as usize] = cell;
                }
            }
        }
        Ok(cells)
    }
}

/// A key, borrowed unless it is written with escapes.
struct Text<'t>(Cow<'t, str>);

impl<'t> serde::Deserialize<'t> for Text<'t> {
    fn deserialize<D: serde::Deserializer<'t>>(json: D) -> Result<Self, D::Error> {
        match json.deserialize_str(OneCell)? {
            Cell::Text(text) => Ok(Self(text)),
            _ => Ok(Self(Cow::Borrowed(""))),
        }
    }
}

#[derive(Clone, Copy)]
struct OneCell;

impl<'t> DeserializeSeed<'t> for OneCell {
    type Value = Cell<'t>;

    fn deserialize<D: serde::Deserializer<'t>>(self, json: D) -> Result<Cell<'t>, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for OneCell {
    type Value = Cell<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Cell<'t>, E> {
        Ok(Cell::Absent)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Cell<'t>, E> {
        Ok(Cell::Truth(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Cell<'t>, E> {
        Ok(Cell::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Cell<'t>, E> {
        Ok(Cell::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Cell<'t>, E> {
        Ok(Cell::Number(number))
    }

    fn visit_borrowed_str<E>(self, text: &'t str) -> Result<Cell<'t>, E> {
        Ok(match text {
            "" => Cell::Absent,
            _ => Cell::Text(Cow::Borrowed(text)),
        })
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell<'t>, E> {
        Ok(match text {
            "" => Cell::Absent,
            _ => Cell::Text(Cow::Owned(text.to_owned())),
        })
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut list: A) -> Result<Cell<'t>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::Absent)
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Cell<'t>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cell::Absent)
    }
}
