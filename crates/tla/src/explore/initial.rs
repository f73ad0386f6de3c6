//! Finding and checking the initial states.

use std::ops::ControlFlow;

use super::checks::{Checker, problem};
use super::finding::{Failure, Finding, Problem};
use super::merge::{End, Merger, at_initial};
use super::outcome::Phase;
use super::system::{System, Worker};
use crate::control::Control;
use crate::control::Progress;
use crate::step::State;

/// Why the enumeration is ended.
enum Break {
    Stopped,
    End(End),
}

/// Finds and checks all initial states; those to be expanded are added to `new`. Tells whether
/// all were found (`Ok(false)` when the computation was stopped).
pub(super) fn initial_states<'a, S: System>(
    system: &'a S,
    control: &'a Control,
    checker: &mut Checker<'a, S::Worker<'a>>,
    merger: &mut Merger<'_>,
    new: &mut Vec<State>,
) -> Result<bool, End> {
    // The one that enumerates is busy while the states are checked.
    let mut generator: Checker<'a, S::Worker<'a>> = Checker::new(system, control);
    // While there is no state yet, `TLCGet("level")` is 0.
    generator.set_progress(Progress::default());
    let expands = merger.expands(1);
    let mut broken = None;
    let mut ordinal = 0;
    let end = generator.worker.initial_states(&mut |state| {
        if control.stopped().is_some() {
            broken = Some(Break::Stopped);
            return ControlFlow::Break(());
        }
        merger.counts.generated += 1;
        merger.counts.initial_generated += 1;
        let result = take(checker, merger, ordinal, &state);
        ordinal = ordinal.saturating_add(1);
        match result {
            Ok(true) if expands => new.push(state),
            Ok(_) => {}
            Err(reason) => {
                broken = Some(reason);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    });
    merger.publish();
    match (broken, end) {
        (Some(Break::Stopped), _) => Ok(false),
        (Some(Break::End(end)), _) => Err(end),
        (None, Ok(())) => Ok(true),
        (None, Err(error)) => match generator.failure(&error, Phase::Initial) {
            Failure::Stopped => Ok(false),
            Failure::Error(error) => Err(End::Finding(Finding {
                problem: Problem::Evaluation(error),
                parent: None,
                ordinal: None,
            })),
        },
    }
}

/// Checks one initial state; whether it is new and within the constraints.
fn take<W: Worker>(
    checker: &mut Checker<'_, W>,
    merger: &mut Merger<'_>,
    ordinal: u32,
    state: &State,
) -> Result<bool, Break> {
    let failed = |failure| match failure {
        Failure::Stopped => Break::Stopped,
        Failure::Error(error) => Break::End(at_initial(Problem::Evaluation(error), ordinal)),
    };
    checker.set_progress(merger.progress(1));
    let within = checker.within(state).map_err(failed)?;
    let mut new = false;
    if within {
        let fingerprint = checker.fingerprint(state).map_err(failed)?;
        new = merger
            .add_initial(fingerprint, ordinal)
            .map_err(Break::End)?;
        checker.set_progress(merger.progress(1));
    }
    if new || !within {
        for check in [Checker::invariants, Checker::initial_properties] {
            let found = problem(check(checker, state)).map_err(|_| Break::Stopped)?;
            if let Some(problem) = found {
                if new {
                    // It was found but does not wait.
                    merger.counts.queue -= 1;
                }
                return Err(Break::End(at_initial(problem, ordinal)));
            }
        }
    }
    Ok(new)
}
