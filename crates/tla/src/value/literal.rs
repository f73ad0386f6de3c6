//! Reads values as TLC prints them, and some of the forms it does not print, for tests.

use super::{Value, ValueError};
use crate::symbol::Symbol;

/// Reads a value. Names are model values, except those of the special sets.
pub(crate) fn literal(text: &str) -> Value {
    try_literal(text).unwrap()
}

/// Reads a value, or tells why there is none.
pub(crate) fn try_literal(text: &str) -> R {
    let mut reader = Reader { rest: text };
    let value = reader.value()?;
    assert!(
        reader.rest.trim().is_empty(),
        "{text}: left {}",
        reader.rest
    );
    Ok(value)
}

type R = Result<Value, ValueError>;

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn take(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn need(&mut self, token: &str) {
        assert!(self.take(token), "{token} expected at {}", self.rest);
    }

    fn list(&mut self, close: &str) -> Result<Vec<Value>, ValueError> {
        let mut values = Vec::new();
        while !self.take(close) {
            values.push(self.value()?);
            self.take(",");
        }
        Ok(values)
    }

    fn value(&mut self) -> R {
        let value = self.primary()?;
        match (&value, self.take("..")) {
            (_, false) => Ok(value),
            (Value::Int(low), true) => match self.primary()? {
                Value::Int(high) => Value::interval(*low, high),
                other => panic!("not an integer: {other}"),
            },
            (other, true) => panic!("not an integer: {other}"),
        }
    }

    fn primary(&mut self) -> R {
        if self.take("<<") {
            return Value::tuple(self.list(">>")?);
        }
        if self.take("{") {
            return Value::set(self.list("}")?);
        }
        if self.take("[") {
            return self.bracketed();
        }
        if self.take("(") {
            return self.parenthesised();
        }
        if self.take("\"") {
            return Ok(self.string());
        }
        let end = self
            .rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
            .unwrap_or(self.rest.len());
        let word = &self.rest[..end];
        self.rest = &self.rest[end..];
        Ok(match word {
            "TRUE" => Value::Bool(true),
            "FALSE" => Value::Bool(false),
            "BOOLEAN" => Value::boolean_set(),
            "Nat" => Value::nat_set(),
            "Int" => Value::int_set(),
            "STRING" => Value::string_set(),
            "SUBSET" => Value::power_set(self.value()?)?,
            "UNION" => self.value()?.big_union()?,
            "Seq" => Value::seq_set(self.value()?)?,
            _ => match word.parse() {
                Ok(number) => Value::Int(number),
                Err(_) => Value::model(Symbol::new(word)),
            },
        })
    }

    fn string(&mut self) -> Value {
        let mut text = String::new();
        let mut characters = self.rest.chars();
        loop {
            match characters.next() {
                Some('"') => break,
                Some('\\') => text.extend(characters.next().map(|c| match c {
                    'n' => '\n',
                    't' => '\t',
                    other => other,
                })),
                Some(other) => text.push(other),
                None => panic!("the string does not end"),
            }
        }
        self.rest = characters.as_str();
        Value::string(&text)
    }

    /// `[a |-> 1]`, `[a : S]` or `[S -> T]`
    fn bracketed(&mut self) -> R {
        let name = self
            .rest
            .find(|c: char| !c.is_alphanumeric())
            .map(|end| self.rest.split_at(end));
        let arrow = |rest: &str| rest.trim_start().starts_with("|->");
        let colon = |rest: &str| rest.trim_start().starts_with(':');
        match name {
            Some((_, rest)) if arrow(rest) => Value::record(self.fields("|->")?),
            Some((_, rest)) if colon(rest) => Value::record_set(self.fields(":")?),
            _ => {
                let domain = self.value()?;
                self.need("->");
                let range = self.value()?;
                self.need("]");
                Value::fn_set(domain, range)
            }
        }
    }

    fn fields(&mut self, separator: &str) -> Result<Vec<(Symbol, Value)>, ValueError> {
        let mut fields = Vec::new();
        while !self.take("]") {
            self.rest = self.rest.trim_start();
            let end = self.rest.find(|c: char| !c.is_alphanumeric()).unwrap();
            let name = Symbol::new(&self.rest[..end]);
            self.rest = &self.rest[end..];
            self.need(separator);
            fields.push((name, self.value()?));
            self.take(",");
        }
        Ok(fields)
    }

    /// `(a :> b @@ c :> d)`, `(S \X T)`, `(S \cup T)` and the like, or a value in parentheses.
    fn parenthesised(&mut self) -> R {
        let first = self.value()?;
        let value = if self.take(":>") {
            let mut pairs = vec![(first, self.value()?)];
            while self.take("@@") {
                let argument = self.value()?;
                self.need(":>");
                pairs.push((argument, self.value()?));
            }
            Value::function_from_pairs(pairs)?
        } else if self.take("\\cup") {
            first.union(&self.value()?)?
        } else if self.take("\\cap") {
            first.intersection(&self.value()?)?
        } else if self.take("\\X") {
            let mut sets = vec![first, self.value()?];
            while self.take("\\X") {
                sets.push(self.value()?);
            }
            Value::product(sets)?
        } else if self.take("\\") {
            first.difference(&self.value()?)?
        } else {
            first
        };
        self.need(")");
        Ok(value)
    }
}
