//! `\A` in an action.

use super::action::{Rest, Sink};
use super::quantify::Range;
use super::{Fault, Machine, Step};
use crate::eval::code::{Binder, Code};
use crate::value::Value;

/// Every binding of a `\A`, in the order they are satisfied in.
pub(super) struct Bindings<'m> {
    pub(super) body: &'m Code,
    ranges: Vec<Range<'m>>,
    /// An element for each range.
    pub(super) elements: Vec<Vec<Value>>,
}

impl<'m> Machine<'m> {
    /// `\A x \in S : A`: as a conjunction, the first element before the last to the second.
    #[inline(never)]
    pub(super) fn for_all(
        &mut self,
        binders: &'m [Binder],
        body: &'m Code,
        rest: &Rest<'_, 'm>,
        sink: &mut dyn Sink<'m>,
    ) -> Step {
        let ranges = self.ranges(binders)?;
        let mut elements = vec![Vec::new()];
        // The first name varies fastest, so what it adds comes innermost.
        for range in ranges.iter().rev() {
            let mut longer = Vec::new();
            for chosen in &elements {
                self.all_elements(&range.set, range.span, |_, element| {
                    let mut more = Vec::with_capacity(chosen.len() + 1);
                    more.push(element);
                    more.extend_from_slice(chosen);
                    longer.push(more);
                    Ok(())
                })?;
            }
            elements = longer;
        }
        if let Some(others) = elements.get_mut(1..) {
            others.reverse();
        }
        let all = Bindings {
            body,
            ranges,
            elements,
        };
        self.satisfy(&all, 0, rest, sink)
    }

    pub(super) fn satisfy(
        &mut self,
        all: &Bindings<'m>,
        from: usize,
        rest: &Rest<'_, 'm>,
        sink: &mut dyn Sink<'m>,
    ) -> Step {
        if from >= all.elements.len() {
            return self.go_on(rest, sink);
        }
        self.descend(all.body.span)?;
        let base = self.base;
        let rest = Rest::Bindings {
            all,
            from: from + 1,
            base,
            next: rest,
        };
        self.with_binding(all, from, |machine| machine.act(all.body, &rest, sink))
    }

    pub(super) fn with_binding<R>(
        &mut self,
        all: &Bindings<'m>,
        index: usize,
        run: impl FnOnce(&mut Self) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        for range in &all.ranges {
            self.unbind(range.target);
        }
        let elements = all.elements.get(index).map_or(&[][..], Vec::as_slice);
        let mut bound = Ok(());
        for (range, element) in all.ranges.iter().zip(elements) {
            bound =
                bound.and_then(|()| self.bind_target(range.target, element.clone(), range.span));
        }
        let result = bound.and_then(|()| run(self));
        for range in all.ranges.iter().rev() {
            self.rebind(range.target);
        }
        result
    }
}
