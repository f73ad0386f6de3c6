//! Values with nothing left to be computed.

use std::sync::atomic::Ordering;

use super::{Fault, Machine, is_deferred, value_fault};
use crate::source::Span;
use crate::value::{Form, LazySet, Value};

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
            Value::Tuple(_) | Value::Function(_) | Value::Set(_) | Value::Lazy(_)
                if self.shared.has_deferred.load(Ordering::Relaxed) =>
            {
                self.forced_parts(value, span)
            }
            _ => Ok(value),
        }
    }

    #[inline(never)]
    fn forced_parts(&mut self, value: Value, span: Span) -> Result<Value, Fault> {
        if let Value::Lazy(set) = &value {
            return if is_made_of_deferred(set) {
                self.forced_form(set, span)
            } else {
                Ok(value)
            };
        }
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

    /// A set that is not held as its elements, made of computed sets.
    fn forced_form(&mut self, set: &LazySet, span: Span) -> Result<Value, Fault> {
        self.descend(span)?;
        match set.form() {
            Form::Cap(a, b) if is_open(a) => return self.chosen(b, a, true, span),
            Form::Cap(a, b) => return self.chosen(a, b, true, span),
            Form::Diff(a, b) => return self.chosen(a, b, false, span),
            _ => {}
        }
        let mut parts = self.all_forced(set.form().parts(), span)?.into_iter();
        let mut part = || parts.next().ok_or_else(|| super::broken(span));
        match set.form() {
            Form::Seq(_) => Value::seq_set(part()?),
            Form::PowerSet(_) => Value::power_set(part()?),
            Form::FnSet(..) => Value::fn_set(part()?, part()?),
            Form::RecordSet(names, _) => Value::record_set_over(names.clone(), parts),
            Form::Product(_) => Value::product(parts.collect()),
            Form::Cup(..) => part()?.union(&part()?),
            // Made of sets that are held, or of none.
            _ => Ok(Value::Lazy(set.clone())),
        }
        .map_err(|error| value_fault(error, span))
    }

    fn all_forced<'a>(
        &mut self,
        values: impl IntoIterator<Item = &'a Value>,
        span: Span,
    ) -> Result<Vec<Value>, Fault> {
        let mut forced = Vec::new();
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

/// Whether a set, or one that it is made of, is left unevaluated.
pub(super) fn is_open(set: &Value) -> bool {
    match set {
        Value::Deferred(_) => true,
        Value::Lazy(set) => is_made_of_deferred(set),
        _ => false,
    }
}

/// Whether any of the sets that a set is made of is left unevaluated.
fn is_made_of_deferred(set: &LazySet) -> bool {
    set.form().parts().any(is_open)
}
