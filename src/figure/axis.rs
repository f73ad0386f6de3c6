//! From human time and dates to places on the page.

use super::calendar::{self, Day};
use super::error::FigureError;
use super::font::{self, Weight};
use super::human_time::{self, STRIDES, Tick};

/// How lengths of work are laid along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// Doublings are equally far apart.
    #[default]
    Log,
    /// Minutes are equally far apart, from zero on.
    Linear,
}

/// An axis of human minutes along the page, in either direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TimeAxis {
    pub(crate) scale: Scale,
    pub(crate) low_minutes: f64,
    pub(crate) high_minutes: f64,
    /// Where `low_minutes` is.
    pub(crate) low_px: f64,
    /// Where `high_minutes` is.
    pub(crate) high_px: f64,
}

impl TimeAxis {
    /// A logarithmic axis from one place to another.
    pub(crate) fn log(
        (low_minutes, high_minutes): (f64, f64),
        (low_px, high_px): (f64, f64),
    ) -> TimeAxis {
        TimeAxis {
            scale: Scale::Log,
            low_minutes,
            high_minutes,
            low_px,
            high_px,
        }
    }

    /// The ends of a logarithmic axis that shows `low` to `high` with a factor of `margin` to
    /// spare, and at least a factor of `least` from end to end, so that small differences look
    /// small.
    ///
    /// No axis goes below a billionth of a minute or beyond a billion hours, whatever the numbers:
    /// what lies outside is drawn at its edge.
    pub(crate) fn span(low_minutes: f64, high_minutes: f64, margin: f64, least: f64) -> (f64, f64) {
        let bounded = |minutes: f64, otherwise: f64| {
            if minutes.is_nan() {
                otherwise
            } else {
                minutes.clamp(FIRST_MINUTES, LAST_MINUTES)
            }
        };
        let low = bounded(low_minutes, 1.0);
        let high = bounded(high_minutes, 60.0).max(low);
        let short = (least / (high / low)).max(1.0).sqrt();
        (low / margin / short, high * margin * short)
    }

    /// The ends of a linear axis that shows zero to `high` with a little to spare.
    pub(crate) fn linear_span(high_minutes: f64) -> (f64, f64) {
        let high = if high_minutes.is_nan() {
            60.0
        } else {
            high_minutes.clamp(FIRST_MINUTES, LAST_MINUTES)
        };
        (0.0, 1.08 * high)
    }

    /// Where a length is; lengths outside the axis are outside its ends.
    pub(crate) fn place(&self, minutes: f64) -> f64 {
        let (low, high) = (self.low_minutes, self.high_minutes);
        let share = match self.scale {
            Scale::Log => (minutes / low).ln() / (high / low).ln(),
            Scale::Linear => (minutes - low) / (high - low),
        };
        self.low_px + share * (self.high_px - self.low_px)
    }

    /// The length at a place.
    pub(crate) fn minutes(&self, px: f64) -> f64 {
        let share = (px - self.low_px) / (self.high_px - self.low_px);
        let (low, high) = (self.low_minutes, self.high_minutes);
        match self.scale {
            Scale::Log => low * (high / low).powf(share),
            Scale::Linear => low + share * (high - low),
        }
    }

    pub(crate) fn holds(&self, minutes: f64) -> bool {
        (self.low_minutes..=self.high_minutes).contains(&minutes)
    }

    /// Every tick at least `gap_px` apart, for labels above one another.
    pub(crate) fn ticks_apart(&self, gap_px: f64) -> Vec<Tick> {
        if self.scale == Scale::Linear {
            let px_per_minute = (self.high_px - self.low_px).abs() / self.high_minutes;
            return human_time::even_ticks(self.high_minutes, 3.0 * gap_px / px_per_minute);
        }
        let of = |stride| human_time::ticks(self.low_minutes, self.high_minutes, stride);
        STRIDES
            .into_iter()
            .map(of)
            .find(|ticks| {
                ticks.windows(2).all(|pair| {
                    (self.place(pair[1].minutes) - self.place(pair[0].minutes)).abs() >= gap_px
                })
            })
            .unwrap_or_else(|| of(12))
    }

    /// As many ticks as have room for their labels side by side.
    pub(crate) fn ticks_with_room(&self, size_px: f64) -> Result<Vec<Tick>, FigureError> {
        let mut chosen = Vec::new();
        for stride in STRIDES {
            chosen = human_time::ticks(self.low_minutes, self.high_minutes, stride);
            let mut free_from = f64::NEG_INFINITY;
            let mut fits = true;
            for tick in &chosen {
                let half = font::width_px(&tick.label, size_px, Weight::Regular)? / 2.0;
                let centre = self.place(tick.minutes);
                fits &= centre - half >= free_from;
                free_from = centre + half + size_px;
            }
            if fits {
                break;
            }
        }
        Ok(chosen)
    }
}

/// No axis begins below this.
const FIRST_MINUTES: f64 = 1e-9;
/// No axis ends beyond this.
const LAST_MINUTES: f64 = 6e10;

/// A linear axis of days from left to right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct DateAxis {
    pub(crate) first: Day,
    pub(crate) last: Day,
    pub(crate) left_px: f64,
    pub(crate) right_px: f64,
}

impl DateAxis {
    /// Where a day, or a moment between days, is.
    pub(crate) fn place(&self, day: f64) -> f64 {
        let (first, last) = (f64::from(self.first.0), f64::from(self.last.0));
        self.left_px + (day - first) / (last - first).max(1.0) * (self.right_px - self.left_px)
    }

    /// Labelled and minor ticks.
    pub(crate) fn ticks(&self) -> Vec<calendar::DateTick> {
        // A label such as `Nov 2026` wants about 90 px.
        let most = (2..=30)
            .rev()
            .find(|count| f64::from(*count) * 90.0 <= self.right_px - self.left_px);
        calendar::ticks(
            self.first,
            self.last,
            usize::try_from(most.unwrap_or(2)).unwrap_or(2),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AXIS: TimeAxis = TimeAxis {
        scale: Scale::Log,
        low_minutes: 1.0,
        high_minutes: 1024.0,
        low_px: 600.0,
        high_px: 100.0,
    };

    #[test]
    fn doublings_are_evenly_spaced() {
        assert!((AXIS.place(1.0) - 600.0).abs() < 1e-9);
        assert!((AXIS.place(2.0) - 550.0).abs() < 1e-9);
        assert!((AXIS.place(1024.0) - 100.0).abs() < 1e-9);
        assert!((AXIS.minutes(550.0) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn labels_side_by_side_never_touch() {
        for width in [90.0, 150.0, 260.0, 420.0, 900.0] {
            let axis = TimeAxis::log((1.0 / 60.0, 3840.0), (0.0, width));
            let mut free_from = f64::NEG_INFINITY;
            let ticks = axis.ticks_with_room(11.0).unwrap();
            assert!(!ticks.is_empty());
            for tick in ticks {
                let half = font::width_px(&tick.label, 11.0, Weight::Regular).unwrap() / 2.0;
                assert!(
                    axis.place(tick.minutes) - half > free_from,
                    "{width} px: {}",
                    tick.label
                );
                free_from = axis.place(tick.minutes) + half;
            }
        }
    }

    #[test]
    fn a_linear_axis_begins_at_zero_and_has_round_steps() {
        let (low_minutes, high_minutes) = TimeAxis::linear_span(240.0);
        let axis = TimeAxis {
            scale: Scale::Linear,
            low_minutes,
            high_minutes,
            ..AXIS
        };
        assert!((axis.place(0.0) - 600.0).abs() < 1e-9);
        assert!((axis.minutes(axis.place(90.0)) - 90.0).abs() < 1e-9);
        let labels: Vec<_> = axis
            .ticks_apart(19.0)
            .into_iter()
            .map(|t| t.label)
            .collect();
        assert_eq!(
            labels,
            [
                "0",
                "30 min",
                "1 h",
                "1 h 30 min",
                "2 h",
                "2 h 30 min",
                "3 h",
                "3 h 30 min",
                "4 h"
            ]
        );
    }

    #[test]
    fn ticks_above_one_another_keep_their_distance() {
        let ticks = AXIS.ticks_apart(80.0);
        assert_eq!(
            ticks.iter().map(|t| t.label.as_str()).collect::<Vec<_>>(),
            ["1 min", "4 min", "15 min", "1 h", "4 h", "16 h"]
        );
    }
}
