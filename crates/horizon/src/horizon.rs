//! A horizon: the length of task at which success falls to a given probability.

use serde::Serialize;

/// The length of task, in human minutes, at which an agent's success falls to a probability.
///
/// Serialises as `{"minutes": 42.0}`, `"below_all"`, `"beyond_all"` or `"undefined"`, so that
/// no infinity ever reaches a file.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Horizon {
    /// A finite, positive length. It may lie outside the lengths that were tried: see
    /// [`Horizon::reach`].
    Minutes(f64),
    /// Shorter than any task could be: the agent never succeeds. Counts as zero minutes.
    BelowAll,
    /// Longer than any task could be: the agent never fails. Counts as infinite minutes.
    BeyondAll,
    /// There is no such length: no runs, a curve that does not fall, or one that is not
    /// determined by the data.
    Undefined,
}

/// Where a horizon lies relative to the lengths of the tasks that were tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Between the shortest and the longest task: supported by data on both sides.
    Within,
    /// Shorter than the shortest task: an extrapolation.
    BelowShortest,
    /// Longer than the longest task: an extrapolation.
    BeyondLongest,
    /// The horizon itself is undefined.
    Undefined,
}

impl Horizon {
    /// The horizon of so many minutes; zero, infinity and "not a number" become named cases.
    #[must_use]
    pub fn from_minutes(minutes: f64) -> Self {
        if minutes.is_nan() || minutes < 0.0 {
            Self::Undefined
        } else if minutes == 0.0 {
            Self::BelowAll
        } else if minutes.is_infinite() {
            Self::BeyondAll
        } else {
            Self::Minutes(minutes)
        }
    }

    /// The horizon in minutes, zero or infinite at the ends; `None` where it is undefined.
    #[must_use]
    pub fn minutes(self) -> Option<f64> {
        match self {
            Self::Minutes(minutes) => Some(minutes),
            Self::BelowAll => Some(0.0),
            Self::BeyondAll => Some(f64::INFINITY),
            Self::Undefined => None,
        }
    }

    /// Whether the horizon lies within `(shortest, longest)` task lengths, in minutes.
    #[must_use]
    pub fn reach(self, (shortest, longest): (f64, f64)) -> Reach {
        match self.minutes() {
            None => Reach::Undefined,
            Some(minutes) if minutes < shortest => Reach::BelowShortest,
            Some(minutes) if minutes > longest => Reach::BeyondLongest,
            Some(_) => Reach::Within,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_named_and_convert_back() {
        for (minutes, horizon) in [
            (0.0, Horizon::BelowAll),
            (3.5, Horizon::Minutes(3.5)),
            (f64::INFINITY, Horizon::BeyondAll),
        ] {
            assert_eq!(Horizon::from_minutes(minutes), horizon);
            assert_eq!(horizon.minutes(), Some(minutes));
        }
        assert_eq!(Horizon::from_minutes(f64::NAN), Horizon::Undefined);
        assert_eq!(Horizon::Undefined.minutes(), None);
    }

    #[test]
    fn reach_compares_with_the_tasks() {
        let range = (1.0, 60.0);
        assert_eq!(Horizon::Minutes(1.0).reach(range), Reach::Within);
        assert_eq!(Horizon::Minutes(0.9).reach(range), Reach::BelowShortest);
        assert_eq!(Horizon::BelowAll.reach(range), Reach::BelowShortest);
        assert_eq!(Horizon::BeyondAll.reach(range), Reach::BeyondLongest);
        assert_eq!(Horizon::Undefined.reach(range), Reach::Undefined);
    }
}
