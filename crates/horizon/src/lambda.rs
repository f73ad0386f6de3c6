//! The strength of the ridge penalty, with the values that published results used.

use serde::{Serialize, Serializer, ser::SerializeStruct};
use thiserror::Error;

/// Strength λ of the penalty (λ/2)·slope² on a fit whose weights add up to 1.
///
/// Because the weights add up to 1, λ acts against the *mean* loss: 0.1 on a thousand runs is
/// as strong as 100 against their sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lambda(f64);

/// A penalty that is negative, infinite or not a number.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("lambda is {0}; give a finite number, zero or above")]
pub struct LambdaError(pub f64);

impl Lambda {
    /// What METR's Time Horizon 1.0 and the launch of 1.1 used. It flattens curves and thereby
    /// lengthens the p50 of strong agents; METR has since called it a modelling mistake.
    pub const METR_TH1_0: Self = Self(0.1);
    /// What METR uses since March 2026, and the default here.
    pub const METR_2026_03: Self = Self(1e-5);
    /// No penalty: maximum likelihood.
    pub const NONE: Self = Self(0.0);

    /// A penalty of any strength.
    ///
    /// # Errors
    /// Refuses numbers that are negative or not finite.
    pub fn new(value: f64) -> Result<Self, LambdaError> {
        if value.is_finite() && value >= 0.0 {
            Ok(Self(value))
        } else {
            Err(LambdaError(value))
        }
    }

    /// λ as a number.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }

    /// The name written beside results: of a published preset, or `custom`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::METR_TH1_0 => "metr-th1.0",
            Self::METR_2026_03 => "metr-2026-03",
            Self::NONE => "none",
            _ => "custom",
        }
    }
}

impl Default for Lambda {
    fn default() -> Self {
        Self::METR_2026_03
    }
}

impl Serialize for Lambda {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Lambda", 2)?;
        fields.serialize_field("name", self.name())?;
        fields.serialize_field("value", &self.0)?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_recognised_by_value() {
        assert_eq!(Lambda::new(0.1).unwrap().name(), "metr-th1.0");
        assert_eq!(Lambda::default().name(), "metr-2026-03");
        assert_eq!(Lambda::new(0.05).unwrap().name(), "custom");
        assert!(Lambda::new(-1.0).is_err() && Lambda::new(f64::NAN).is_err());
    }
}
