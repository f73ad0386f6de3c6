//! Union, intersection and difference, also of filters that were left unevaluated.

use super::force::is_open;
use super::{Fault, Machine, is_deferred, value_fault};
use crate::eval::code::Code;
use crate::source::Span;
use crate::value::{Value, ValueError};

impl<'m> Machine<'m> {
    /// `S \cup T`
    #[inline(never)]
    pub(super) fn union(&mut self, operands: &'m [Code; 2], span: Span) -> Result<Value, Fault> {
        match self.with_both(operands, Value::union)? {
            Ok(value) => Ok(value),
            Err(error) => {
                let (left, right) = self.again(operands, error, span)?;
                self.united(&left, &right, span)
            }
        }
    }

    /// `S \cap T`
    #[inline(never)]
    pub(super) fn intersection(
        &mut self,
        operands: &'m [Code; 2],
        span: Span,
    ) -> Result<Value, Fault> {
        match self.with_both(operands, Value::intersection)? {
            Ok(value) => Ok(value),
            Err(error) => {
                let (left, right) = self.again(operands, error, span)?;
                self.intersected(&left, &right, span)
            }
        }
    }

    /// `S \ T`
    #[inline(never)]
    pub(super) fn difference(
        &mut self,
        operands: &'m [Code; 2],
        span: Span,
    ) -> Result<Value, Fault> {
        match self.with_both(operands, Value::difference)? {
            Ok(value) => Ok(value),
            Err(error) => {
                let (left, right) = self.again(operands, error, span)?;
                self.subtracted(&left, &right, span)
            }
        }
    }

    /// The union of sets, which may be filters left unevaluated.
    pub(super) fn united(
        &mut self,
        left: &Value,
        right: &Value,
        span: Span,
    ) -> Result<Value, Fault> {
        let (left, right) = (self.open_set(left, span)?, self.open_set(right, span)?);
        if is_deferred_set(&left) || is_deferred_set(&right) {
            let made = Value::lazy_union(left, right);
            return made.map_err(|error| value_fault(error, span));
        }
        self.operate(&left, &right, span, Value::union)
    }

    /// The intersection of sets, which may be filters left unevaluated.
    pub(super) fn intersected(
        &mut self,
        left: &Value,
        right: &Value,
        span: Span,
    ) -> Result<Value, Fault> {
        let (left, right) = (self.open_set(left, span)?, self.open_set(right, span)?);
        match (is_open(&left), is_open(&right)) {
            (false, false) => self.operate(&left, &right, span, Value::intersection),
            (true, _) if is_held(&right) => self.chosen(&right, &left, true, span),
            (_, true) if is_held(&left) => self.chosen(&left, &right, true, span),
            _ => Value::lazy_intersection(left, right).map_err(|error| value_fault(error, span)),
        }
    }

    /// The difference of sets, which may be filters left unevaluated.
    pub(super) fn subtracted(
        &mut self,
        left: &Value,
        right: &Value,
        span: Span,
    ) -> Result<Value, Fault> {
        let (left, right) = (self.open_set(left, span)?, self.open_set(right, span)?);
        match (is_open(&left), is_open(&right)) {
            (false, false) => self.operate(&left, &right, span, Value::difference),
            (false, true) if is_held(&left) => self.chosen(&left, &right, false, span),
            _ => Value::lazy_difference(left, right).map_err(|error| value_fault(error, span)),
        }
    }

    /// The operands of an operation that failed for what is not computed yet.
    fn again(
        &mut self,
        operands: &'m [Code; 2],
        error: ValueError,
        span: Span,
    ) -> Result<(Value, Value), Fault> {
        if !is_deferred(&error) {
            return Err(value_fault(error, span));
        }
        Ok((self.eval(&operands[0])?, self.eval(&operands[1])?))
    }

    /// A value that is not left unevaluated unless it is a filter.
    fn open_set(&mut self, value: &Value, span: Span) -> Result<Value, Fault> {
        if self.is_filter(value) {
            return Ok(value.clone());
        }
        self.settled(value.clone(), span)
    }

    /// The elements of one set that are, or are not, in another, asked one by one.
    pub(super) fn chosen(
        &mut self,
        listed: &Value,
        other: &Value,
        are_in: bool,
        span: Span,
    ) -> Result<Value, Fault> {
        let mut kept = Vec::new();
        for element in self.elements(listed, span)? {
            self.step(span)?;
            let element = element.map_err(|error| value_fault(error, span))?;
            if self.contains(other, &element, span)? == are_in {
                kept.push(element);
            }
        }
        self.set_of(kept, span)
    }
}

fn is_deferred_set(set: &Value) -> bool {
    matches!(set, Value::Deferred(_))
}

/// Whether a set is held as its elements.
pub(super) fn is_held(set: &Value) -> bool {
    matches!(set, Value::Set(_) | Value::Interval(_))
}
