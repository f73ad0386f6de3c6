//! `[f EXCEPT ![i][j] = e]`

use super::{Fault, Machine, Slot, is_deferred, value_fault};
use crate::eval::code::{Code, Slot as SlotIndex, Update};
use crate::source::Span;
use crate::value::Value;

impl<'m> Machine<'m> {
    /// Applies the updates in order; one whose key is not in the domain changes nothing.
    #[inline(never)]
    pub(super) fn except(
        &mut self,
        base: &'m Code,
        updates: &'m [Update],
        span: Span,
    ) -> Result<Value, Fault> {
        let mut result = self.eval(base)?;
        if matches!(result, Value::Deferred(_)) {
            result = self.forced(result, span)?;
        }
        for update in updates {
            result = self.updated(&result, update, &update.path, span)?;
        }
        Ok(result)
    }

    /// A value with an update at the end of a path.
    fn updated(
        &mut self,
        value: &Value,
        update: &'m Update,
        path: &'m [Code],
        span: Span,
    ) -> Result<Value, Fault> {
        let Some((key, rest)) = path.split_first() else {
            return match update.at {
                Some(at) => self.with_at(at, value, &update.value),
                None => self.eval(&update.value),
            };
        };
        let key = self.eval(key)?;
        let key = self.settled(key, span)?;
        if let Value::Deferred(_) = value {
            let value = self.forced(value.clone(), span)?;
            return self.updated_at(&value, &key, update, rest, span);
        }
        self.updated_at(value, &key, update, rest, span)
    }

    fn updated_at(
        &mut self,
        value: &Value,
        key: &Value,
        update: &'m Update,
        rest: &'m [Code],
        span: Span,
    ) -> Result<Value, Fault> {
        let place = match value.place(key) {
            Err(error) if is_deferred(&error) => {
                let key = self.forced(key.clone(), span)?;
                let value = self.forced(value.clone(), span)?;
                return self.updated_at(&value, &key, update, rest, span);
            }
            place => place.map_err(|error| value_fault(error, span))?,
        };
        let Some((position, old)) = place else {
            return Ok(value.clone());
        };
        let new = self.updated(old, update, rest, span)?;
        value
            .with_value_at(position, new)
            .map_err(|error| value_fault(error, span))
    }

    /// Evaluates with `@` bound.
    fn with_at(&mut self, at: SlotIndex, old: &Value, code: &'m Code) -> Result<Value, Fault> {
        let before = self.bind(at, Slot::Value(old.clone()));
        let result = self.eval(code);
        self.bind(at, before);
        result
    }
}
