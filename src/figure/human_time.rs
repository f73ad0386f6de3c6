//! Durations as people write them, and the places on a logarithmic axis where people look for them.
//!
//! Durations are never written in days: a day of work is eight hours to one reader and twenty-four
//! to another, so hours go on beyond the day, as `32 h`, `64 h` and further powers of two on axes.

/// Writes human minutes for a reader, to two or three significant figures.
///
/// `250 ms`, `1.5 s`, `42 s`, `3.7 min`, `42 min`, `1 h 40 min`, `36 h`. From ten hours on, minutes
/// are dropped. Zero and less give `0 s`; what is no number gives `undefined`, infinity `∞`.
#[must_use]
pub fn format_minutes(minutes: f64) -> String {
    if minutes.is_nan() {
        return "undefined".to_owned();
    }
    if minutes <= 0.0 {
        return "0 s".to_owned();
    }
    if minutes.is_infinite() {
        return "∞".to_owned();
    }
    let seconds = minutes * 60.0;
    // The bounds sit half a rounding step below the round number, so that 59.7 s reads `1 min`.
    if seconds < 0.000_995 {
        // No task is so short: how far below does not matter.
        "< 1 ms".to_owned()
    } else if seconds < 0.995 {
        format!("{} ms", two_figures(seconds * 1000.0))
    } else if seconds < 59.5 {
        format!("{} s", two_figures(seconds))
    } else if minutes < 59.5 {
        format!("{} min", two_figures(minutes))
    } else if minutes < 599.5 {
        let whole = minutes.round();
        let hours = (whole / 60.0).floor();
        let rest = whole - hours * 60.0;
        if rest == 0.0 {
            format!("{hours:.0} h")
        } else {
            format!("{hours:.0} h {rest:.0} min")
        }
    } else if minutes < 6.0e6 {
        format!("{:.0} h", minutes / 60.0)
    } else {
        format!("{:.1e} h", minutes / 60.0)
    }
}

/// Two significant figures below ten, whole numbers from there, no trailing `.0`.
fn two_figures(value: f64) -> String {
    if value >= 9.95 {
        return format!("{value:.0}");
    }
    let digits = if value < 0.995 { 2 } else { 1 };
    let text = format!("{value:.digits$}");
    match text.strip_suffix(".0") {
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

/// A place on a time axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Where, in human minutes.
    pub minutes: f64,
    /// What is written there, such as `15 min`.
    pub label: String,
}

/// The rungs below one second, from half a second down, in milliseconds.
const MILLISECOND_RUNGS: [f64; 10] = [500.0, 250.0, 125.0, 60.0, 30.0, 15.0, 8.0, 4.0, 2.0, 1.0];
/// The rungs between one unit and the next, for seconds and for minutes.
const SIXTIETH_RUNGS: [f64; 6] = [1.0, 2.0, 4.0, 8.0, 15.0, 30.0];
/// The first rung, one millisecond.
const LOWEST_RUNG: i32 = -10;
/// The last rung, 2²⁰ hours, past any working life.
const HIGHEST_RUNG: i32 = 32;

/// How many rungs apart the ticks may be: each divides the twelve rungs from one second to one hour,
/// so that whatever is left out, `1 s`, `1 h` and for all but the last also `1 min` stay.
pub const STRIDES: [i32; 5] = [1, 2, 3, 6, 12];

/// The ticks between two lengths: 1, 2, 4, 8, 15, 30 of seconds and of minutes, then hours by powers
/// of two, and milliseconds below one second; every `stride`-th of them, counted from one second.
#[must_use]
pub fn ticks(low_minutes: f64, high_minutes: f64, stride: i32) -> Vec<Tick> {
    (LOWEST_RUNG..=HIGHEST_RUNG)
        .filter(|rung| rung.rem_euclid(stride.max(1)) == 0)
        .map(rung)
        // A hair of tolerance, so that an axis that ends on a tick has it.
        .filter(|tick| {
            tick.minutes >= low_minutes * (1.0 - 1e-9)
                && tick.minutes <= high_minutes * (1.0 + 1e-9)
        })
        .collect()
}

/// Steps of a linear axis up to half an hour, in minutes; from there on, hours by powers of two.
const EVEN_STEPS_MINUTES: [f64; 21] = [
    0.001 / 60.0,
    0.002 / 60.0,
    0.005 / 60.0,
    0.01 / 60.0,
    0.02 / 60.0,
    0.05 / 60.0,
    0.1 / 60.0,
    0.2 / 60.0,
    0.5 / 60.0,
    1.0 / 60.0,
    2.0 / 60.0,
    5.0 / 60.0,
    10.0 / 60.0,
    15.0 / 60.0,
    0.5,
    1.0,
    2.0,
    5.0,
    10.0,
    15.0,
    30.0,
];

/// The ticks of a linear axis from zero to `high_minutes`, by the least round step that is no
/// shorter than `step_minutes`.
#[must_use]
pub fn even_ticks(high_minutes: f64, step_minutes: f64) -> Vec<Tick> {
    let hours = (0..=HIGHEST_RUNG).map(|power| 60.0 * 2f64.powi(power));
    let step = EVEN_STEPS_MINUTES
        .into_iter()
        .chain(hours)
        .find(|step| *step >= step_minutes)
        .unwrap_or(f64::INFINITY);
    // An axis has a few dozen ticks at most, whatever it is asked for.
    (0..64u32)
        .map(|count| {
            if count == 0 {
                0.0
            } else {
                f64::from(count) * step
            }
        })
        .take_while(|minutes| *minutes <= high_minutes * (1.0 + 1e-9))
        .map(|minutes| Tick {
            minutes,
            label: if minutes == 0.0 {
                "0".to_owned()
            } else {
                format_minutes(minutes)
            },
        })
        .collect()
}

/// The tick of one rung; rung 0 is one second, 6 one minute, 12 one hour.
fn rung(index: i32) -> Tick {
    let step = |rungs: &[f64], offset: i32| {
        usize::try_from(offset)
            .ok()
            .and_then(|place| rungs.get(place))
            .copied()
            .unwrap_or(1.0)
    };
    let (count, unit, minutes) = match index {
        ..=-1 => {
            let milliseconds = step(&MILLISECOND_RUNGS, -1 - index);
            (milliseconds, "ms", milliseconds / 60_000.0)
        }
        0..=5 => {
            let seconds = step(&SIXTIETH_RUNGS, index);
            (seconds, "s", seconds / 60.0)
        }
        6..=11 => {
            let minutes = step(&SIXTIETH_RUNGS, index - 6);
            (minutes, "min", minutes)
        }
        12.. => {
            let hours = 2f64.powi(index - 12);
            (hours, "h", hours * 60.0)
        }
    };
    Tick {
        minutes,
        label: format!("{count:.0} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_durations_as_people_do() {
        let cases = [
            (0.0, "0 s"),
            (0.25 / 60.0, "250 ms"),
            (1.5 / 60.0, "1.5 s"),
            (2.0 / 60.0, "2 s"),
            (9.97 / 60.0, "10 s"),
            (42.0 / 60.0, "42 s"),
            (59.7 / 60.0, "1 min"),
            (3.7, "3.7 min"),
            (42.2, "42 min"),
            (59.8, "1 h"),
            (100.0, "1 h 40 min"),
            (599.9, "10 h"),
            (3_312.0, "55 h"),
            (f64::INFINITY, "∞"),
            (f64::NAN, "undefined"),
        ];
        for (minutes, text) in cases {
            assert_eq!(format_minutes(minutes), text, "{minutes} minutes");
        }
    }

    #[test]
    fn ticks_are_the_round_numbers_of_each_unit() {
        let labels = |low, high, stride| {
            ticks(low, high, stride)
                .into_iter()
                .map(|tick| tick.label)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            labels(0.5 / 60.0, 240.0, 2),
            [
                "1 s", "4 s", "15 s", "1 min", "4 min", "15 min", "1 h", "4 h"
            ]
        );
        assert_eq!(
            labels(15.0, 3_840.0, 1)[..4],
            ["15 min", "30 min", "1 h", "2 h"]
        );
        assert_eq!(
            labels(15.0, 3_840.0, 1).last().map(String::as_str),
            Some("64 h")
        );
        assert_eq!(
            labels(0.2 / 60.0, 1.0 / 60.0, 1),
            ["250 ms", "500 ms", "1 s"]
        );
    }

    #[test]
    fn even_ticks_step_by_round_numbers() {
        let labels = |high, step| -> Vec<String> {
            even_ticks(high, step)
                .into_iter()
                .map(|tick| tick.label)
                .collect()
        };
        assert_eq!(labels(3.2, 0.7), ["0", "1 min", "2 min", "3 min"]);
        assert_eq!(labels(1_000.0, 200.0), ["0", "4 h", "8 h", "12 h", "16 h"]);
        assert_eq!(labels(1.0, f64::INFINITY), ["0"]);
    }

    #[test]
    fn ticks_ascend_by_about_a_doubling() {
        let all = ticks(0.0, f64::MAX, 1);
        for pair in all.windows(2) {
            let ratio = pair[1].minutes / pair[0].minutes;
            assert!((1.8..=2.1).contains(&ratio), "{pair:?}");
        }
    }
}
