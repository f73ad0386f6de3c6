//! Reports for people: the verdict first, then what led to it, then how much was looked at.

use std::fmt;

use super::{Place, names, probability, subject};
use crate::explore::{Again, Because, Move, Outcome, Report};
use crate::source::{SourceMap, Span};

/// Most conditions of fairness that are shown.
const FAIRNESS_SHOWN: usize = 12;

/// Most characters printed of a value.
const VALUE_LIMIT: usize = 2_000;

/// A collision more likely than this is worth a word.
const NOTEWORTHY: f64 = 1e-6;

/// A report as people like to read it: of a trace, the first state in full, then only what changes.
pub fn text<'a>(report: &'a Report, sources: &'a SourceMap) -> impl fmt::Display + 'a {
    fmt::from_fn(move |f| {
        verdict(f, report, sources)?;
        trace(f, report, sources)?;
        summary(f, report)?;
        never_taken(f, report, sources)
    })
}

/// What was found and what led to it, without how much was looked at and how long it took.
pub fn finding<'a>(report: &'a Report, sources: &'a SourceMap) -> impl fmt::Display + 'a {
    fmt::from_fn(move |f| {
        verdict(f, report, sources)?;
        trace(f, report, sources)
    })
}

fn verdict(f: &mut fmt::Formatter<'_>, report: &Report, sources: &SourceMap) -> fmt::Result {
    let at = |span: Span| Place::new(sources, span).short();
    match &report.outcome {
        Outcome::Ok => match report.simulation {
            Some(simulation) => writeln!(
                f,
                "No error found in {} random behaviours (seed {}).",
                simulation.traces, simulation.seed
            ),
            None => writeln!(f, "No error found."),
        },
        Outcome::Limit(reason) => writeln!(f, "Undecided: {reason}."),
        Outcome::Unsupported(properties) => writeln!(
            f,
            "Undecided: no safety error found, but liveness is not supported and was not checked: \
             {}.",
            names(properties)
        ),
        Outcome::Deadlock => writeln!(f, "Deadlock: the last state has no successor."),
        Outcome::PostconditionFalse(index) => {
            writeln!(f, "Postcondition {} does not hold.", index + 1)
        }
        Outcome::AssumptionFalse(check) => {
            writeln!(
                f,
                "Assumption {} does not hold ({}).",
                check.name,
                at(check.span)
            )
        }
        Outcome::Invariant(check) => {
            writeln!(
                f,
                "Invariant {} is violated ({}).",
                check.name,
                at(check.span)
            )
        }
        Outcome::InitialProperty(check) => writeln!(
            f,
            "Property {} is violated by an initial state ({}).",
            check.name,
            at(check.span)
        ),
        Outcome::ActionProperty(check) => writeln!(
            f,
            "Property {} is violated by the last step ({}).",
            check.name,
            at(check.span)
        ),
        Outcome::Liveness(check) => writeln!(
            f,
            "Property {} is violated by a behaviour that goes on for ever ({}).",
            check.name,
            at(check.span)
        ),
        Outcome::EvaluationError(error) | Outcome::Refused(error) => {
            let kind = match error.is_refusal {
                true => "Undecided, not supported",
                false => "Error",
            };
            writeln!(f, "{kind} in {}: {}", subject(error), error.message)?;
            for &span in &error.places {
                writeln!(f, "  at {}", at(span))?;
            }
            Ok(())
        }
    }
}

fn trace(f: &mut fmt::Formatter<'_>, report: &Report, sources: &SourceMap) -> fmt::Result {
    let trace = &report.trace;
    if trace.steps.is_empty() {
        return Ok(());
    }
    writeln!(f)?;
    let names = trace.steps.iter().flat_map(|step| &step.shown);
    let width = names
        .map(|shown| shown.name.as_str().chars().count())
        .max()
        .unwrap_or(0);
    for (number, step) in (1..).zip(&trace.steps) {
        write!(f, "{number:>3}. ")?;
        match &step.by {
            Some(taken) => action(f, taken, sources)?,
            None if number == 1 => writeln!(f, "Initial state")?,
            // A behaviour may wait for ever without ending.
            None => writeln!(f, "Waiting")?,
        }
        let mut any = false;
        for shown in step.shown.iter().filter(|shown| shown.changed) {
            any = true;
            let value = shown.value.display(VALUE_LIMIT);
            writeln!(f, "       {:width$} = {value}", shown.name.as_str())?;
        }
        if !any {
            writeln!(f, "       (nothing changes)")?;
        }
    }
    match &trace.again {
        Some(Again::Stutters) => writeln!(f, "     and so for ever: nothing changes any more")?,
        Some(Again::Back { to, by }) => {
            write!(f, "     back to {}", to + 1)?;
            match by {
                Some(taken) => {
                    f.write_str(" by ")?;
                    action(f, taken, sources)?;
                }
                None => writeln!(f)?,
            }
        }
        None => {}
    }
    for fair in trace.fairness.iter().take(FAIRNESS_SHOWN) {
        let kind = if fair.weak { "WF" } else { "SF" };
        write!(f, "     fair by {kind} ")?;
        for value in &fair.bound {
            write!(f, "for {} ", value.display(VALUE_LIMIT))?;
        }
        write!(f, "[{}]: ", Place::new(sources, fair.span).short())?;
        match fair.because {
            Because::Taken(at) => writeln!(f, "taken in the step from state {}", at + 1),
            Because::Disabled(at) => writeln!(f, "not enabled in state {}", at + 1),
            Because::NeverEnabled => writeln!(f, "enabled in no state of the cycle"),
        }?;
    }
    if trace.fairness.len() > FAIRNESS_SHOWN {
        let more = trace.fairness.len() - FAIRNESS_SHOWN;
        writeln!(f, "     and by {more} more conditions of fairness")?;
    }
    if let Some(flaw) = &trace.flaw {
        writeln!(f, "  Note: {flaw}.")?;
    }
    Ok(())
}

fn action(f: &mut fmt::Formatter<'_>, taken: &Move, sources: &SourceMap) -> fmt::Result {
    write!(f, "{}", taken.action)?;
    for (at, (name, value)) in taken.arguments.iter().enumerate() {
        let before = if at == 0 { "(" } else { ", " };
        write!(f, "{before}{name} = {}", value.display(VALUE_LIMIT))?;
    }
    let after = if taken.arguments.is_empty() { "" } else { ")" };
    writeln!(f, "{after}  [{}]", Place::new(sources, taken.span).short())
}

fn summary(f: &mut fmt::Formatter<'_>, report: &Report) -> fmt::Result {
    let counts = report.counts;
    writeln!(f)?;
    if report.simulation.is_some() {
        write!(f, "{} states generated, ", counts.generated)?;
        write!(f, "behaviours of up to {} states", counts.depth)?;
    } else {
        write!(
            f,
            "{} distinct states, {} generated, depth {}",
            counts.distinct, counts.generated, counts.depth
        )?;
        if counts.queue > 0 {
            write!(f, ", {} not expanded", counts.queue)?;
        }
    }
    let plural = if report.threads == 1 { "" } else { "s" };
    writeln!(
        f,
        "; {:.3} s on {} thread{plural}.",
        report.duration.as_secs_f64(),
        report.threads
    )?;
    let collision = report.collision;
    let likely = collision.observed.unwrap_or(0.0).max(collision.estimated);
    if likely > NOTEWORTHY {
        writeln!(
            f,
            "Two states may have had the same fingerprint, with probability {}.",
            probability(likely)
        )?;
    }
    Ok(())
}

/// After a search that saw everything, an action that was never taken is likely a mistake.
fn never_taken(f: &mut fmt::Formatter<'_>, report: &Report, sources: &SourceMap) -> fmt::Result {
    if report.outcome != Outcome::Ok {
        return Ok(());
    }
    for action in &report.coverage.actions {
        if action.generated == 0 {
            let place = Place::new(sources, action.span).short();
            writeln!(f, "Action {} was never enabled ({place}).", action.name)?;
        }
    }
    Ok(())
}
