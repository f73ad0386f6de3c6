//! How much of a model was exercised, for people.

use std::fmt;

use super::Place;
use crate::explore::Report;
use crate::source::SourceMap;

/// Per action the states first found by it and the successors it gave; then, where they were
/// counted, how often each expression was evaluated.
pub fn coverage<'a>(report: &'a Report, sources: &'a SourceMap) -> impl fmt::Display + 'a {
    fmt::from_fn(move |f| {
        let coverage = &report.coverage;
        let names = coverage.actions.iter().map(|action| action.name.as_str());
        let width = names.map(|name| name.chars().count()).max().unwrap_or(0);
        if !coverage.actions.is_empty() {
            writeln!(f, "\nActions: distinct states found, successors generated")?;
        }
        for action in &coverage.actions {
            let place = Place::new(sources, action.span).short();
            writeln!(
                f,
                "  {:width$} {:>10} {:>10}  [{place}]",
                action.name.as_str(),
                action.distinct,
                action.generated
            )?;
        }
        if !coverage.expressions.is_empty() {
            writeln!(f, "\nExpressions: evaluations")?;
        }
        for &(span, count) in &coverage.expressions {
            writeln!(f, "  {count:>10}  {}", Place::new(sources, span))?;
        }
        Ok(())
    })
}
