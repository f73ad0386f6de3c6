//! Finding the way to a state again by running again.

use std::ops::ControlFlow;

use super::outcome::{Again, Move, Shown, Step, Trace};
use super::system::{System, Worker};
use crate::control::Progress;
use crate::step::{ActionId, State, Successor};
use crate::symbol::Symbol;
use crate::value::Value;

/// A state of a path and what led to it.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    /// How it was reached; `None` for an initial state.
    pub(super) by: Option<Taken>,
    /// The state.
    pub(super) state: State,
}

/// An action that was taken.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    pub(super) action: ActionId,
    pub(super) arguments: Box<[(Symbol, Value)]>,
}

/// Runs along a way: which initial state, then which successor each time. Ends early, saying why,
/// when it cannot go on.
pub(super) fn follow<W: Worker>(
    worker: &mut W,
    way: &[u32],
    progress: Progress,
) -> (Vec<Visit>, Option<String>) {
    let mut visits = Vec::with_capacity(way.len());
    let Some((&first, rest)) = way.split_first() else {
        return (visits, None);
    };
    worker.set_progress(Progress {
        level: 0,
        ..progress
    });
    let mut left = first;
    let end = worker.initial_states(&mut |state| {
        if left == 0 {
            visits.push(Visit { by: None, state });
            return ControlFlow::Break(());
        }
        left -= 1;
        ControlFlow::Continue(())
    });
    if visits.is_empty() {
        return (visits, Some(lost(end.err())));
    }
    let mut successors: Vec<Successor> = Vec::new();
    worker.want_arguments(true);
    for (level, &ordinal) in (1..).zip(rest) {
        let Some(last) = visits.last() else { break };
        worker.set_progress(Progress { level, ..progress });
        successors.clear();
        let end = worker.successors(&last.state, &mut successors);
        if ordinal as usize >= successors.len() {
            return (visits, Some(lost(end.err())));
        }
        let taken = successors.swap_remove(ordinal as usize);
        visits.push(Visit {
            by: Some(Taken {
                action: taken.action,
                arguments: taken.arguments,
            }),
            state: taken.state,
        });
    }
    (visits, None)
}

fn lost<E: std::error::Error>(error: Option<E>) -> String {
    match error {
        Some(error) => format!("the way on could not be computed again: {error}"),
        None => "the way on could not be found again: the specification gives other states when \
                 it is evaluated again"
            .to_owned(),
    }
}

/// Makes a path presentable.
pub(super) fn present<S: System>(
    system: &S,
    worker: &mut S::Worker<'_>,
    visits: Vec<Visit>,
    progress: Progress,
    mut flaw: Option<String>,
) -> Trace {
    let mut steps: Vec<Step> = Vec::with_capacity(visits.len());
    let mut rest = visits.into_iter().peekable();
    let mut level = 0;
    while let Some(visit) = rest.next() {
        level += 1;
        worker.set_progress(Progress { level, ..progress });
        let next = rest.peek().map_or(&visit.state, |next| &next.state);
        let shown = worker
            .shown(&visit.state, next, level)
            .unwrap_or_else(|error| {
                flaw.get_or_insert_with(|| format!("the alias could not be evaluated: {error}"));
                system
                    .variables()
                    .iter()
                    .copied()
                    .zip(visit.state.0.iter().cloned())
                    .collect()
            });
        let before = steps.last().map(|step| step.shown.as_slice());
        let shown = shown
            .into_iter()
            .enumerate()
            .map(|(at, (name, value))| Shown {
                name,
                changed: !before.is_some_and(|before| stays(before, at, name, &value)),
                value,
            })
            .collect();
        steps.push(Step {
            by: visit.by.and_then(|taken| tell(system, taken)),
            shown,
        });
    }
    Trace {
        steps,
        flaw,
        again: None,
        fairness: Vec::new(),
    }
}

/// Makes a behaviour presentable that goes round for ever: the states of a way, of which the last
/// is the first of the cycle, and the other states of the cycle.
pub(crate) fn present_lasso<S: System>(
    system: &S,
    worker: &mut S::Worker<'_>,
    way: Vec<State>,
    cycle: Vec<State>,
) -> Trace {
    let first = way.len().saturating_sub(1);
    let stutters = cycle.is_empty();
    let mut visits: Vec<Visit> = Vec::with_capacity(way.len() + cycle.len());
    worker.want_arguments(true);
    for state in way.into_iter().chain(cycle) {
        let by = visits
            .last()
            .and_then(|before| taken(worker, &before.state, &state));
        visits.push(Visit { by, state });
    }
    let again = match (visits.get(first), visits.last()) {
        (Some(to), Some(last)) if !stutters => Some(Again::Back {
            to: first,
            by: taken(worker, &last.state, &to.state).and_then(|taken| tell(system, taken)),
        }),
        (Some(_), Some(_)) => Some(Again::Stutters),
        _ => None,
    };
    let mut trace = present(system, worker, visits, Progress::default(), None);
    trace.again = again;
    trace
}

/// The action that leads from a state to another; `None` for a step that changes nothing.
fn taken<W: Worker>(worker: &mut W, from: &State, to: &State) -> Option<Taken> {
    let mut successors = Vec::new();
    // Whoever found the step could evaluate it.
    let _ = worker.successors(from, &mut successors);
    let step = successors.into_iter().find(|step| step.state == *to)?;
    Some(Taken {
        action: step.action,
        arguments: step.arguments,
    })
}

/// Whether what is shown at this place was shown in the state before.
fn stays(before: &[Shown], at: usize, name: Symbol, value: &Value) -> bool {
    before
        .get(at)
        .filter(|shown| shown.name == name)
        .or_else(|| before.iter().find(|shown| shown.name == name))
        .is_some_and(|shown| shown.value == *value)
}

/// Says which action was taken, its parameters first.
fn tell<S: System>(system: &S, taken: Taken) -> Option<Move> {
    let info = system.actions().get(taken.action.0 as usize)?;
    let parameters = system.parameters(taken.action);
    let rank = |name: &Symbol| {
        parameters
            .iter()
            .position(|parameter| parameter == name)
            .unwrap_or(usize::MAX)
    };
    let mut arguments = taken.arguments.into_vec();
    arguments.sort_by_key(|(name, _)| rank(name));
    let count = arguments.partition_point(|(name, _)| rank(name) != usize::MAX);
    Some(Move {
        action: info.name,
        span: info.span,
        arguments,
        parameters: count,
    })
}
