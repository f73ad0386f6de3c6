//! Horizons in words, the same in every table.

use horizon::quantile::HorizonInterval;
use horizon::trend::Arrival;
use horizon::{Horizon, Reach, Trend};

use crate::figure::human_time;
use crate::measure::ReleaseDates;

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

/// A length of time as text, in the words of a horizon.
pub(super) fn minutes(minutes: f64) -> String {
    horizon(Horizon::from_minutes(minutes))
}

/// An interval as text: `4.2 min – 1 h`.
pub(super) fn range(interval: Option<HorizonInterval>) -> String {
    interval.map_or("–".into(), |interval| {
        format!("{} – {}", horizon(interval.low), horizon(interval.high))
    })
}

/// When a curve reaches a target, as text.
pub(super) fn arrival(arrival: Arrival) -> String {
    match arrival {
        Arrival::Day(day) => ReleaseDates::iso(day),
        Arrival::Never => "never".into(),
        Arrival::Always => "always".into(),
    }
}

/// How fast a trend grows: `doubles in 166.1 days [90.5 – 338.1]`.
pub(super) fn doubling(trend: &Trend) -> String {
    match (trend.doubling_days, trend.doubling_interval) {
        (Some(days), Some(interval)) => format!(
            "doubles in {days:.1} days [{:.1} – {:.1}]",
            interval.low_days, interval.high_days
        ),
        (Some(days), None) => format!("doubles in {days:.1} days"),
        (None, _) => "does not grow".into(),
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
