//! Reports as TLC prints them (without its `-tool` markers).

use std::fmt;

use super::{Place, Room, names, probability};
use crate::explore::{Again, EvaluationError, Move, Outcome, Phase, Report, Shown, Step};
use crate::source::{SourceMap, Span};

/// What TLC prints from the end of the search on; a limit, which TLC does not have, is told in the
/// same style.
pub fn tlc<'a>(report: &'a Report, sources: &'a SourceMap) -> impl fmt::Display + 'a {
    fmt::from_fn(move |f| {
        Writer {
            out: f,
            report,
            sources,
            room: Room::new(),
        }
        .write()
    })
}

struct Writer<'a, 'f, 'b> {
    out: &'f mut fmt::Formatter<'b>,
    report: &'a Report,
    sources: &'a SourceMap,
    room: Room,
}

impl Writer<'_, '_, '_> {
    fn write(&mut self) -> fmt::Result {
        let trace = &self.report.trace;
        let initial = trace.steps.len() == 1 && trace.flaw.is_none();
        let mut statistics = true;
        match &self.report.outcome {
            Outcome::Ok => self.success()?,
            Outcome::Limit(reason) => writeln!(self.out, "Error: Stopped: {reason}.")?,
            Outcome::Unsupported(properties) => writeln!(
                self.out,
                "Error: Liveness is not supported; these properties were not checked: {}.",
                names(properties)
            )?,
            Outcome::AssumptionFalse(check) => {
                let place = self.place(check.span);
                writeln!(self.out, "Error: Assumption {place} is false.")?;
                statistics = false;
            }
            Outcome::PostconditionFalse(index) => {
                writeln!(self.out, "Error: Postcondition {} is false.", index + 1)?;
            }
            Outcome::Invariant(check) if initial => {
                let name = check.name;
                writeln!(
                    self.out,
                    "Error: Invariant {name} is violated by the initial state:"
                )?;
                self.first_state()?;
                statistics = false;
            }
            Outcome::InitialProperty(check) => {
                let name = check.name;
                writeln!(
                    self.out,
                    "Error: Property {name} is violated by the initial state:"
                )?;
                self.first_state()?;
                statistics = false;
            }
            Outcome::Invariant(check) => {
                writeln!(self.out, "Error: Invariant {} is violated.", check.name)?;
                self.behavior()?;
            }
            Outcome::ActionProperty(check) => {
                writeln!(
                    self.out,
                    "Error: Action property {} is violated.",
                    check.name
                )?;
                self.behavior()?;
            }
            Outcome::Liveness(check) => {
                let name = check.name;
                writeln!(self.out, "Error: Temporal property {name} was violated.\n")?;
                writeln!(
                    self.out,
                    "Error: The following behavior constitutes a counter-example:\n"
                )?;
                self.states()?;
                self.again()?;
                writeln!(self.out)?;
            }
            Outcome::Deadlock => {
                writeln!(self.out, "Error: Deadlock reached.")?;
                self.behavior()?;
            }
            Outcome::EvaluationError(error) | Outcome::Refused(error) => {
                self.error(error)?;
                statistics = !matches!(error.phase, Phase::Assumption(_));
            }
        }
        if statistics {
            self.statistics()?;
        }
        Ok(())
    }

    fn success(&mut self) -> fmt::Result {
        if self.report.simulation.is_some() {
            return Ok(());
        }
        let collision = self.report.collision;
        writeln!(
            self.out,
            "Model checking completed. No error has been found.\n  \
             Estimates of the probability that TLC did not check all reachable states\n  \
             because two distinct states had the same fingerprint:\n  \
             calculated (optimistic):  val = {}",
            probability(collision.estimated)
        )?;
        if let Some(observed) = collision.observed {
            writeln!(
                self.out,
                "  based on the actual fingerprints:  val = {}",
                probability(observed)
            )?;
        }
        Ok(())
    }

    fn error(&mut self, error: &EvaluationError) -> fmt::Result {
        let message = &error.message;
        let check = error.check.as_ref();
        match (error.phase, check) {
            (Phase::Assumption(_), Some(check)) => {
                let place = self.place(check.span);
                writeln!(
                    self.out,
                    "Error: Evaluating assumption {place} failed.\n{message}"
                )?;
            }
            (Phase::Invariant(_), Some(check)) if self.report.trace.steps.len() > 1 => {
                let name = check.name;
                writeln!(
                    self.out,
                    "Error: Evaluating invariant {name} failed.\n{message}"
                )?;
            }
            (Phase::ActionProperty(_), Some(check)) => {
                let name = check.name;
                writeln!(
                    self.out,
                    "Error: Evaluating action property {name} failed.\n{message}"
                )?;
            }
            (Phase::Postcondition, _) => {
                writeln!(
                    self.out,
                    "Error: Evaluating postcondition failed.\n{message}"
                )?;
            }
            _ => writeln!(self.out, "Error: {message}")?,
        }
        let is_about_a_step =
            self.report.trace.steps.len() > 1 || matches!(error.phase, Phase::Next);
        if is_about_a_step {
            self.behavior()?;
        }
        if !error.places.is_empty() && !matches!(error.phase, Phase::Assumption(_)) {
            writeln!(
                self.out,
                "Error: The error occurred when TLC was evaluating the nested\n\
                 expressions at the following positions:"
            )?;
            for (number, &span) in error.places.iter().rev().enumerate() {
                let place = self.place(span).nested();
                writeln!(self.out, "{number}. {place}")?;
            }
            self.out.write_str("\n\n")?;
        }
        Ok(())
    }

    fn behavior(&mut self) -> fmt::Result {
        if self.report.trace.steps.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "Error: The behavior up to this point is:")?;
        self.states()
    }

    fn states(&mut self) -> fmt::Result {
        for (number, step) in (1..).zip(&self.report.trace.steps) {
            write!(self.out, "State {number}: ")?;
            self.state(step)?;
        }
        Ok(())
    }

    /// How the behavior goes on for ever.
    fn again(&mut self) -> fmt::Result {
        match &self.report.trace.again {
            None => Ok(()),
            Some(Again::Stutters) => {
                let next = self.report.trace.steps.len() + 1;
                writeln!(self.out, "State {next}: Stuttering")
            }
            Some(Again::Back { to, by }) => {
                write!(self.out, "Back to state {}", to + 1)?;
                match by {
                    Some(taken) => {
                        self.out.write_str(": ")?;
                        self.action(taken)
                    }
                    None => writeln!(self.out),
                }
            }
        }
    }

    fn action(&mut self, taken: &Move) -> fmt::Result {
        let place = self.place(taken.span);
        let parameters = parameters(taken, &mut self.room);
        writeln!(self.out, "<{}{parameters} {place}>", taken.action)
    }

    fn first_state(&mut self) -> fmt::Result {
        match self.report.trace.steps.first() {
            Some(step) => self.variables(&step.shown),
            None => Ok(()),
        }
    }

    fn state(&mut self, step: &Step) -> fmt::Result {
        match &step.by {
            None => writeln!(self.out, "<Initial predicate>")?,
            Some(taken) => self.action(taken)?,
        }
        self.variables(&step.shown)
    }

    /// TLC orders variables by name.
    fn variables(&mut self, shown: &[Shown]) -> fmt::Result {
        let mut sorted: Vec<&Shown> = shown.iter().collect();
        sorted.sort_by_key(|shown| shown.name);
        let bullet = if sorted.len() == 1 { "" } else { "/\\ " };
        for Shown { name, value, .. } in sorted {
            let value = self.room.text(value);
            writeln!(self.out, "{bullet}{name} = {value}")?;
        }
        writeln!(self.out)
    }

    fn statistics(&mut self) -> fmt::Result {
        let counts = self.report.counts;
        if let Some(simulation) = self.report.simulation {
            return writeln!(
                self.out,
                "The number of states generated: {}\nSimulation using seed {}",
                counts.generated, simulation.seed
            );
        }
        writeln!(
            self.out,
            "{} states generated, {} distinct states found, {} states left on queue.\n\
             The depth of the complete state graph search is {}.",
            counts.generated, counts.distinct, counts.queue, counts.depth
        )
    }

    fn place(&self, span: Span) -> Place {
        Place::new(self.sources, span)
    }
}

/// Arguments for the parameters of an action: `(1,"a")`.
fn parameters(taken: &Move, room: &mut Room) -> String {
    let mut text = String::new();
    for (_, value) in taken.arguments.iter().take(taken.parameters) {
        text.push(if text.is_empty() { '(' } else { ',' });
        text.push_str(&room.text(value));
    }
    if !text.is_empty() {
        text.push(')');
    }
    text
}
