//! Whether what a model evaluates depends on what was evaluated before.

use std::collections::HashSet;

use super::Model;
use crate::eval::code::{Code, Op, Program};
use crate::eval::compile::called;
use crate::eval::compile::walk::children;
use crate::native::ContextOperator;
use crate::value::Value;

impl Model {
    /// Whether the model sets registers, asks for counters of the search or takes anything at
    /// random, so that the order of evaluation matters.
    #[must_use]
    pub fn depends_on_order(&self) -> bool {
        let program = &self.program;
        let routines = program.routines.iter().map(|routine| &routine.body);
        let cells = program.cells.iter().map(|cell| &cell.body);
        let closures = program.closures.iter().flat_map(|closure| {
            let domains = closure.binders.iter().map(|binder| &binder.domain);
            domains.chain(std::iter::once(&closure.body))
        });
        let checks = [
            &self.assumptions,
            &self.invariants,
            &self.initial_properties,
            &self.action_properties,
            &self.constraints,
            &self.action_constraints,
        ];
        let checks = checks.into_iter().flatten().chain(&self.view);
        let roots = std::iter::once(&self.init).chain(&self.next);
        roots
            .chain(checks.map(|check| &check.code))
            .map(|entry| &entry.body)
            .chain(routines)
            .chain(cells)
            .chain(closures)
            .any(depends)
    }
}

fn depends(code: &Code) -> bool {
    use ContextOperator as C;
    if let Op::Context(operator, operands) = &code.op {
        let depends = match operator {
            // The level of a state is the same whenever it is looked at.
            C::TLCGet => !operands.iter().any(is_level),
            C::TLCSet
            | C::TLCGetOrDefault
            | C::RandomElement
            | C::RandomSubset
            | C::RandomSetOfSubsets => true,
            _ => false,
        };
        if depends {
            return true;
        }
    }
    let mut found = false;
    children(&code.op, &mut |child| found = found || depends(child));
    found
}

fn is_level(code: &Code) -> bool {
    matches!(&code.op, Op::Value(Value::String(name)) if name.as_str() == "level")
}

/// Whether code asks the checker something, or tells it, so that its value is not a constant
/// though it depends on no variable.
pub(super) fn talks_to_checker(program: &Program, code: &Code) -> bool {
    let mut waiting = vec![code];
    let mut routines = HashSet::new();
    let mut cells = HashSet::new();
    while let Some(code) = waiting.pop() {
        use ContextOperator as C;
        match &code.op {
            Op::Context(
                C::TLCGet | C::TLCSet | C::Trace | C::CounterExample | C::PickSuccessor,
                _,
            ) => return true,
            Op::Cell(id) if cells.insert(*id) => {
                let cell = program.cells.get(id.0 as usize);
                waiting.extend(cell.map(|cell| &cell.body));
            }
            Op::Closure(id) => {
                if let Some(closure) = program.closures.get(id.0 as usize) {
                    waiting.push(&closure.body);
                    waiting.extend(closure.binders.iter().map(|binder| &binder.domain));
                }
            }
            op => called(op, &mut |id| {
                if routines.insert(id) {
                    let routine = program.routines.get(id.0 as usize);
                    waiting.extend(routine.map(|routine| &routine.body));
                }
            }),
        }
        children(&code.op, &mut |child| waiting.push(child));
    }
    false
}
