//! Horizons in words, the same in every table.

use horizon::{Horizon, Reach};

use crate::figure::human_time;

/// A horizon as text, however far it is extrapolated.
pub(super) fn horizon(horizon: Horizon) -> String {
    match horizon {
        Horizon::Minutes(minutes) => human_time::format_minutes(minutes),
        Horizon::BelowAll => "below all tasks".into(),
        Horizon::BeyondAll => "beyond all tasks".into(),
        Horizon::Undefined => "–".into(),
    }
}

/// A horizon as text; beyond the lengths that were tried, `(shortest, longest)` in minutes, only as
/// the bound that they are.
pub(super) fn bounded_horizon(value: Horizon, (shortest, longest): (f64, f64)) -> String {
    match value.minutes() {
        Some(minutes) if minutes < shortest => {
            format!("< {}", human_time::format_minutes(shortest))
        }
        Some(minutes) if minutes > longest => format!("> {}", human_time::format_minutes(longest)),
        _ => horizon(value),
    }
}

/// Where a horizon lies among the tasks that were tried, as a word for files.
pub(super) fn reach(reach: Reach) -> &'static str {
    match reach {
        Reach::Within => "within",
        Reach::BelowShortest => "below_shortest",
        Reach::BeyondLongest => "beyond_longest",
        Reach::Undefined => "undefined",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_beyond_the_tasks_is_a_bound() {
        let range = (1.0, 60.0);
        let texts = [0.0, 0.5, 1.0, 60.0, 61.0, f64::INFINITY]
            .map(|minutes| bounded_horizon(Horizon::from_minutes(minutes), range));
        assert_eq!(
            texts,
            ["< 1 min", "< 1 min", "1 min", "1 h", "> 1 h", "> 1 h"]
        );
        assert_eq!(bounded_horizon(Horizon::Undefined, range), "–");
    }
}
