//! What is seen of a lock under every schedule, and under seeded ones.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use schedule::{Error, Every, Explored, Schedule, Step, perform};

use crate::clients::{Clients, DISTURBED};
use crate::locks::Lock;
use crate::observe::{Observation, name};

/// A step that has a name, and what is seen around it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Window {
    pub(crate) action: &'static str,
    thread: usize,
    before: Observation,
    after: Observation,
}

impl Window {
    /// The window of a step, if it has one.
    fn of<L: Lock>(step: &Step<'_>) -> Option<Self> {
        let before = Observation::new(step.before, L::WORD);
        let after = Observation::new(step.after, L::WORD);
        let action = before.action(step, &after)?;
        Some(Self {
            action,
            thread: step.thread,
            before,
            after,
        })
    }

    /// As a line of JSON.
    pub(crate) fn line(&self) -> String {
        format!("{{\"before\":{},{}", self.before.value(), self.event())
    }

    /// The rest of the line: the action and what is seen after it.
    fn event(&self) -> String {
        let Self {
            action,
            thread,
            after,
            ..
        } = self;
        let (thread, after) = (name(thread + 1), after.value());
        format!("\"action\":\"{action}\",\"args\":[\"{thread}\"],\"after\":{after}}}\n")
    }
}

/// All that is seen of a lock.
pub(crate) struct Seen {
    pub(crate) explored: Explored,
    pub(crate) observations: BTreeSet<Observation>,
    pub(crate) windows: BTreeSet<Window>,
    /// Whether a holder ever saw another use the value.
    pub(crate) disturbed: bool,
}

/// Takes every step.
pub(crate) fn explore<L: Lock>(clients: &Clients<L>) -> Result<Seen, Error> {
    let mut windows = BTreeSet::new();
    let mut disturbed = false;
    let explored = Every::default().explore(clients, |step| {
        disturbed |= step.after.notes.iter().any(|note| note & DISTURBED != 0);
        windows.extend(Window::of::<L>(step));
    })?;
    let both = |window: &Window| [window.before.clone(), window.after.clone()];
    let observations = windows.iter().flat_map(both).collect();
    Ok(Seen {
        explored,
        observations,
        windows,
        disturbed,
    })
}

/// A run under a schedule until so many windows are seen, a line each.
pub(crate) fn trace<L: Lock>(
    clients: &Clients<L>,
    schedule: &mut impl Schedule,
    windows: usize,
) -> Result<String, Error> {
    let mut lines = Vec::new();
    perform(clients, schedule, |step| {
        if let Some(window) = Window::of::<L>(step) {
            if lines.is_empty() {
                lines.push(format!("{{\"state\":{}}}\n", window.before.value()));
            }
            lines.push(format!("{{{}", window.event()));
        }
        if lines.len() > windows {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    Ok(lines.concat())
}

/// The windows of a run of a broken lock that the real one does not have, until it is where the
/// real one never is: from there every step is impossible, and tells nothing.
pub(crate) fn strange<L: Lock>(
    clients: &Clients<L>,
    schedule: &mut impl Schedule,
    steps: usize,
    real: &Seen,
) -> Result<BTreeSet<Window>, Error> {
    let mut strange = BTreeSet::new();
    let mut taken = 0;
    perform(clients, schedule, |step| {
        let after = Observation::new(step.after, L::WORD);
        strange.extend(Window::of::<L>(step).filter(|window| !real.windows.contains(window)));
        taken += 1;
        if taken == steps || !real.observations.contains(&after) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    Ok(strange)
}
