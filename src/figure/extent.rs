//! A length of work that may lie outside what the tasks can show.

use super::human_time::format_minutes;
use super::table::optional;

/// A length of work in human minutes, or the reason there is no number for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Extent {
    /// Human minutes, positive and finite.
    Minutes(f64),
    /// Shorter than anything the tasks or the axis can show.
    Below,
    /// Longer than anything the tasks or the axis can show.
    Beyond,
    /// Not defined, for example because success does not fall with length.
    Undefined,
}

impl Extent {
    /// The minutes, if there is a positive finite number of them.
    #[must_use]
    pub fn minutes(self) -> Option<f64> {
        match self {
            Extent::Minutes(minutes) if minutes.is_finite() && minutes > 0.0 => Some(minutes),
            _ => None,
        }
    }

    /// The same extent, with numbers no axis can show turned into what they mean: zero lies below,
    /// infinity beyond, and not-a-number is undefined.
    #[must_use]
    pub fn normalised(self) -> Extent {
        match self {
            Extent::Minutes(minutes) if minutes.is_nan() => Extent::Undefined,
            Extent::Minutes(minutes) if minutes <= 0.0 => Extent::Below,
            Extent::Minutes(minutes) if minutes.is_infinite() => Extent::Beyond,
            other => other,
        }
    }

    /// One word for tables: `minutes`, `below`, `beyond` or `undefined`.
    #[must_use]
    pub fn status(self) -> &'static str {
        match self.normalised() {
            Extent::Minutes(_) => "minutes",
            Extent::Below => "below",
            Extent::Beyond => "beyond",
            Extent::Undefined => "undefined",
        }
    }
}

impl std::fmt::Display for Extent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.normalised() {
            Extent::Minutes(minutes) => formatter.write_str(&format_minutes(minutes)),
            other => formatter.write_str(other.status()),
        }
    }
}

/// An estimate of a length with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The point estimate.
    pub value: Extent,
    /// The lower end of the interval.
    pub low: Extent,
    /// The upper end of the interval.
    pub high: Extent,
}

impl Estimate {
    /// Whether neither end of the interval is known.
    #[must_use]
    pub fn has_interval(&self) -> bool {
        self.low.normalised() != Extent::Undefined || self.high.normalised() != Extent::Undefined
    }

    /// Minutes and status of the value and of both ends, for tables.
    pub(crate) fn cells(&self) -> [String; 6] {
        let [value, low, high] = [self.value, self.low, self.high]
            .map(|extent| (optional(extent.minutes()), extent.status().to_owned()));
        [value.0, value.1, low.0, low.1, high.0, high.1]
    }
}

impl std::fmt::Display for Estimate {
    /// `42 min [1.9 min – 5 h]`; without the brackets if there is no interval.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.value)?;
        if self.has_interval() {
            let [low, high] = [self.low, self.high].map(|end| match end.normalised() {
                Extent::Undefined => "?".to_owned(),
                known => known.to_string(),
            });
            write!(formatter, " [{low} – {high}]")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_a_person_would_write_it() {
        let estimate = |value, low, high| Estimate { value, low, high }.to_string();
        assert_eq!(
            estimate(
                Extent::Minutes(42.0),
                Extent::Minutes(1.9),
                Extent::Minutes(300.0)
            ),
            "42 min [1.9 min – 5 h]"
        );
        assert_eq!(
            estimate(
                Extent::Minutes(42.0),
                Extent::Below,
                Extent::Minutes(f64::INFINITY)
            ),
            "42 min [below – beyond]"
        );
        assert_eq!(
            estimate(Extent::Beyond, Extent::Undefined, Extent::Undefined),
            "beyond"
        );
    }

    #[test]
    fn numbers_without_a_place_on_an_axis_are_named() {
        assert_eq!(Extent::Minutes(0.0).status(), "below");
        assert_eq!(Extent::Minutes(f64::NAN).status(), "undefined");
        assert_eq!(Extent::Minutes(f64::INFINITY).minutes(), None);
    }
}
