//! Predicates of temporal formulas, under the names that quantifiers around them bind.

use super::{Fault, Machine, Slot};
use crate::eval::code::{Code, Entry, Target};
use crate::source::Span;
use crate::value::Value;

/// A name, or tuple of names, that a quantifier binds, and its value.
pub type Bound<'m> = (&'m Target, Value);

impl<'m> Machine<'m> {
    /// Whether a predicate is true of a step, or of a state if there is no next one. It runs in a
    /// frame of `frame_size` slots, of which `bound` fills some.
    ///
    /// # Errors
    /// When it cannot be evaluated to a Boolean.
    pub fn holds_bound(
        &mut self,
        frame_size: u32,
        bound: &[Bound<'m>],
        predicate: &'m Code,
        from: &[Value],
        to: Option<&[Value]>,
    ) -> Result<bool, Fault> {
        self.begin(from, to);
        self.in_entry(frame_size, |machine| {
            machine.bind_names(bound, predicate.span)?;
            machine.eval_bool(predicate)
        })
    }

    /// The elements, in TLC's order, of a constant set over which a temporal formula is quantified.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub fn elements_bound(
        &mut self,
        frame_size: u32,
        bound: &[Bound<'m>],
        set: &'m Code,
    ) -> Result<Vec<Value>, Fault> {
        self.begin_constant();
        self.in_entry(frame_size, |machine| {
            machine.bind_names(bound, set.span)?;
            let value = machine.eval(set)?;
            let mut elements = Vec::new();
            machine.all_elements(&value, set.span, |machine, element| {
                elements.push(machine.forced(element, set.span)?);
                Ok(())
            })?;
            Ok(elements)
        })
    }

    /// Whether an action is taken by a step, with these values in the first slots of its frame.
    ///
    /// # Errors
    /// When it cannot be evaluated to a Boolean.
    pub fn holds_applied(
        &mut self,
        action: &'m Entry,
        arguments: &[Value],
        from: &[Value],
        to: &[Value],
    ) -> Result<bool, Fault> {
        self.begin(from, Some(to));
        self.in_entry(action.frame_size, |machine| {
            for (slot, value) in (0..).zip(arguments) {
                machine.bind(slot, Slot::Value(value.clone()));
            }
            machine.eval_bool(&action.body)
        })
    }

    fn bind_names(&mut self, bound: &[Bound<'m>], span: Span) -> Result<(), Fault> {
        for (target, value) in bound {
            self.bind_target(target, value.clone(), span)?;
        }
        Ok(())
    }
}
