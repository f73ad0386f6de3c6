//! Days, and the places on a date axis where people look for them.

use jiff::civil::Date;
use jiff::{Span, Unit};

/// A calendar day, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

const EPOCH: Date = Date::constant(1970, 1, 1);

impl Day {
    /// The day of a proleptic Gregorian date, if there is such a date.
    #[must_use]
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Option<Day> {
        Day::from_date(Date::new(year, month, day).ok()?)
    }

    /// The date as `2026-11-22`; `day N` beyond the years -9999 to 9999.
    #[must_use]
    pub fn iso(self) -> String {
        self.date()
            .map_or_else(|| format!("day {}", self.0), |date| date.to_string())
    }

    fn date(self) -> Option<Date> {
        EPOCH.checked_add(Span::new().try_days(self.0).ok()?).ok()
    }

    fn from_date(date: Date) -> Option<Day> {
        let days = date.since((Unit::Day, EPOCH)).ok()?.get_days();
        Some(Day(days))
    }
}

/// A place on a date axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DateTick {
    /// Where.
    pub(crate) day: Day,
    /// What is written there; nothing at a minor tick.
    pub(crate) label: Option<String>,
}

/// Months between labels, and between the minor ticks below them.
const STEPS: [(i32, i32); 7] = [
    (1, 1),
    (3, 1),
    (6, 3),
    (12, 3),
    (24, 12),
    (60, 12),
    (120, 60),
];

/// The ticks between two days: a label every year with minor ticks every quarter, or finer or
/// coarser so that there are at most `most` labels.
pub(crate) fn ticks(first: Day, last: Day, most: usize) -> Vec<DateTick> {
    let attempt = |(major, minor)| month_starts(first, last, major, minor);
    let labels = |ticks: &[DateTick]| ticks.iter().filter(|tick| tick.label.is_some()).count();
    STEPS
        .into_iter()
        .map(attempt)
        .find(|ticks| labels(ticks) <= most)
        .unwrap_or_default()
}

fn month_starts(first: Day, last: Day, major: i32, minor: i32) -> Vec<DateTick> {
    let (Some(start), Some(end)) = (first.date(), last.date()) else {
        return Vec::new();
    };
    let month_index = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
    (month_index(start)..=month_index(end))
        .filter(|index| index.rem_euclid(minor) == 0)
        .filter_map(|index| {
            let year = i16::try_from(index.div_euclid(12)).ok()?;
            let month = i8::try_from(index.rem_euclid(12) + 1).ok()?;
            let date = Date::new(year, month, 1).ok()?;
            let label = (index.rem_euclid(major) == 0).then(|| {
                if major >= 12 {
                    year.to_string()
                } else {
                    date.strftime("%b %Y").to_string()
                }
            });
            Some(DateTick {
                day: Day::from_date(date)?,
                label,
            })
        })
        .filter(|tick| tick.day >= first && tick.day <= last)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        assert_eq!(Day(0).iso(), "1970-01-01");
        assert_eq!(
            Day::from_ymd(2026, 11, 22).map(Day::iso).as_deref(),
            Some("2026-11-22")
        );
        assert_eq!(Day::from_ymd(2026, 2, 30), None);
        assert_eq!(Day(i32::MAX).iso(), "day 2147483647");
    }

    #[test]
    fn seven_years_have_year_labels_and_quarters_between() {
        let (first, last) = (
            Day::from_ymd(2019, 2, 1).unwrap(),
            Day::from_ymd(2026, 4, 1).unwrap(),
        );
        let ticks = ticks(first, last, 10);
        let labels: Vec<_> = ticks
            .iter()
            .filter_map(|tick| tick.label.as_deref())
            .collect();
        assert_eq!(
            labels,
            ["2020", "2021", "2022", "2023", "2024", "2025", "2026"]
        );
        assert_eq!(
            ticks.len(),
            29,
            "every quarter from April 2019 to April 2026"
        );
    }

    #[test]
    fn a_short_span_has_months() {
        let (first, last) = (
            Day::from_ymd(2025, 1, 20).unwrap(),
            Day::from_ymd(2025, 5, 2).unwrap(),
        );
        let labels: Vec<_> = ticks(first, last, 10)
            .into_iter()
            .filter_map(|t| t.label)
            .collect();
        assert_eq!(labels, ["Feb 2025", "Mar 2025", "Apr 2025", "May 2025"]);
    }

    #[test]
    fn absurd_days_give_no_ticks_and_no_panic() {
        assert_eq!(ticks(Day(i32::MIN), Day(i32::MAX), 10), []);
        assert_eq!(ticks(Day(10), Day(0), 10), []);
    }
}
