//! Values with nothing left to be computed.

use std::sync::atomic::Ordering;

use super::{Fault, Machine, is_deferred, value_fault};
use crate::source::Span;
use crate::value::Value;

impl Machine<'_> {
    /// A value that is not itself a closure left unevaluated (its parts may be).
    #[inline]
    pub(super) fn settled(&mut self, value: Value, span: Span) -> Result<Value, Fault> {
        match value {
            Value::Deferred(deferred) => self.whole(&deferred, span),
            value => Ok(value),
        }
    }

    /// A value without any closure left unevaluated.
    #[inline]
    pub(super) fn forced(&mut self, value: Value, span: Span) -> Result<Value, Fault> {
        match &value {
            Value::Deferred(deferred) => self.whole(deferred, span),
            Value::Tuple(_) | Value::Function(_) | Value::Set(_)
                if self.shared.has_deferred.load(Ordering::Relaxed) =>
            {
                self.forced_parts(value, span)
            }
            _ => Ok(value),
        }
    }

    #[inline(never)]
    fn forced_parts(&mut self, value: Value, span: Span) -> Result<Value, Fault> {
        // The hash is kept, so this looks at the parts of a value once only.
        if !value.fingerprint().is_err_and(|error| is_deferred(&error)) {
            return Ok(value);
        }
        self.descend(span)?;
        match &value {
            Value::Tuple(tuple) => {
                let parts = self.all_forced(tuple.as_slice(), span)?;
                Value::tuple(parts)
            }
            Value::Function(function) => {
                let parts = self.all_forced(function.values(), span)?;
                value
                    .domain()
                    .and_then(|domain| Value::function(&domain, parts))
            }
            _ => return Ok(value),
        }
        .map_err(|error| value_fault(error, span))
    }

    fn all_forced(&mut self, values: &[Value], span: Span) -> Result<Vec<Value>, Fault> {
        let mut forced = Vec::with_capacity(values.len());
        for value in values {
            forced.push(self.forced(value.clone(), span)?);
        }
        Ok(forced)
    }

    /// Values that can be compared with each other.
    pub(super) fn all_settled(
        &mut self,
        mut values: Vec<Value>,
        span: Span,
    ) -> Result<Vec<Value>, Fault> {
        if self.shared.has_deferred.load(Ordering::Relaxed) {
            for value in &mut values {
                let whole = self.forced(value.clone(), span)?;
                *value = whole;
            }
        }
        Ok(values)
    }
}
