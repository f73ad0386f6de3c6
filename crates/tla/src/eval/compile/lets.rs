//! `LET`: definitions without parameters become thunks, the others nested routines.

use std::collections::{HashMap, HashSet};

use super::super::code::{Closure, ClosureKind, Code, Op, Slot};
use super::Compiler;
use super::scopes::{Binding, FrameId, Name, Place, Scope};
use super::walk::{self, Unit};
use crate::source::Span;
use crate::spec::{Body, Bound, DefinitionId, Expr};

impl<'s> Compiler<'s> {
    /// `LET definitions IN …`, with what makes the body.
    pub(super) fn let_in(
        &mut self,
        definitions: &'s [DefinitionId],
        scope: &Scope<'s>,
        body: impl FnOnce(&mut Compiler<'s>, &Scope<'s>) -> Code,
    ) -> Op {
        let mut entries = Vec::with_capacity(definitions.len());
        let mut thunks = Vec::new();
        for &id in definitions {
            let definition = self.spec.definition(id);
            let thunk =
                definition.params.is_empty() && !matches!(definition.body, Body::Instance { .. });
            let binding = if thunk {
                let place = self.frames.slot(scope.frame);
                thunks.push((id, place.slot));
                Binding::Place(place)
            } else {
                Binding::Definition
            };
            entries.push((Name::Definition(id), binding));
        }
        let inside = scope.with(self.bind(scope, entries));
        let thunks: Box<[(Slot, Code)]> = thunks
            .into_iter()
            .map(|(id, slot)| (slot, self.definition_code(id, &inside)))
            .collect();
        Op::Let(thunks, Box::new(body(self, &inside)))
    }

    /// The code of a definition without parameters.
    fn definition_code(&mut self, id: DefinitionId, scope: &Scope<'s>) -> Code {
        let definition = self.spec.definition(id);
        let span = definition.body_span;
        match &definition.body {
            Body::Expr(body) => self.expression(body, scope),
            Body::Function { bounds, body } => Code {
                op: self.function_definition(id, bounds, body, span, scope),
                span,
            },
            Body::Instance { .. } => Code {
                op: self.apply(id, scope, &[], span, scope),
                span,
            },
        }
    }

    /// `f[x \in S] == e`
    pub(super) fn function_definition(
        &mut self,
        id: DefinitionId,
        bounds: &'s [Bound],
        body: &'s Expr,
        span: Span,
        scope: &Scope<'s>,
    ) -> Op {
        if !self.spec.definition(id).recursive {
            return self.function(bounds, body, span, scope);
        }
        let itself = self.value_slot(scope.frame);
        let named =
            scope.with(self.bind(scope, vec![(Name::Definition(id), Binding::Place(itself))]));
        let (binders, inside) = self.binders(bounds, &named);
        let body = self.expression(body, &inside);
        let closure = Closure {
            kind: ClosureKind::RecursiveFunction {
                itself: itself.slot,
            },
            binders,
            body,
            filters_a_lazy_set: false,
            captures: Box::default(),
            span,
        };
        Op::Closure(self.closure(closure, scope))
    }
}

/// Drops thunks that nothing reads, and slots for `@` that nothing reads.
pub(super) fn drop_unused(unit: &mut Unit) {
    let used = used_places(unit);
    unit.each_mut(&mut |frame, code| match &mut code.op {
        Op::Let(definitions, _) => {
            let unused = |slot| !used.contains(&Place { frame, slot });
            if definitions.iter().any(|(slot, _)| unused(*slot)) {
                let kept = std::mem::take(definitions).into_vec();
                *definitions = kept
                    .into_iter()
                    .filter(|(slot, _)| !unused(*slot))
                    .collect();
            }
        }
        Op::Except { updates, .. } => {
            for update in updates {
                update.at = update
                    .at
                    .filter(|&slot| used.contains(&Place { frame, slot }));
            }
        }
        _ => {}
    });
}

/// The places that are read by what runs; a thunk runs only if its own place is read.
fn used_places(unit: &Unit) -> HashSet<Place> {
    let mut reads = Reads {
        unit,
        by_thunk: HashMap::new(),
        waiting: Vec::new(),
    };
    for (frame, code) in unit.bodies() {
        reads.collect(frame, code, None);
    }
    let mut used = HashSet::new();
    while let Some(place) = reads.waiting.pop() {
        if used.insert(place)
            && let Some(more) = reads.by_thunk.remove(&place)
        {
            reads.waiting.extend(more);
        }
    }
    used
}

struct Reads<'u> {
    unit: &'u Unit,
    /// Places that are read by the thunk in another place.
    by_thunk: HashMap<Place, Vec<Place>>,
    /// Places that are read otherwise.
    waiting: Vec<Place>,
}

impl Reads<'_> {
    fn collect(&mut self, frame: FrameId, code: &Code, thunk: Option<Place>) {
        walk::locals(&code.op, &mut |local| {
            if let Some(place) = self.unit.frames.place(frame, local) {
                match thunk {
                    Some(thunk) => self.by_thunk.entry(thunk).or_default().push(place),
                    None => self.waiting.push(place),
                }
            }
        });
        if let Op::Let(definitions, body) = &code.op {
            for &(slot, ref definition) in definitions {
                self.collect(frame, definition, Some(Place { frame, slot }));
            }
            return self.collect(frame, body, thunk);
        }
        walk::children(&code.op, &mut |child| self.collect(frame, child, thunk));
    }
}
