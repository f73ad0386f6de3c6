//! What is known of ln minutes on a day, as a distribution.

use statrs::distribution::{Continuous, ContinuousCDF, StudentsT};

use crate::horizon::Horizon;
use crate::quantile::{HorizonInterval, interval_ends};

/// Halvings of the bracket around a quantile.
const BISECTIONS: usize = 60;

/// Student's t of one scale around several equally likely centres, of which some may be infinite.
///
/// One centre is a fitted curve with its scatter. Many are the curves of bootstrap replicates: then
/// the distribution also says how uncertain the curve is for other reasons than scatter, above all
/// because other tasks would have shifted all horizons together.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictive {
    /// Finite centres, sorted.
    centres: Vec<f64>,
    /// Centres that are infinite: replicates whose curve has passed a singularity.
    infinite: usize,
    scale: f64,
    standard: StudentsT,
}

impl Predictive {
    /// Equally likely centres in ln minutes, a scale of zero or above, and the degrees of freedom.
    /// `None` without a centre, or where any of this is no number.
    pub(crate) fn new(mut centres: Vec<f64>, scale: f64, freedom: usize) -> Option<Self> {
        let all = centres.len();
        centres.retain(|centre| centre.is_finite());
        centres.sort_by(f64::total_cmp);
        let possible = all > 0 && scale.is_finite() && scale >= 0.0;
        let standard = StudentsT::new(0.0, 1.0, freedom as f64).ok()?;
        possible.then(|| Self {
            infinite: all - centres.len(),
            centres,
            scale,
            standard,
        })
    }

    /// Chance that ln minutes is at most a value.
    #[must_use]
    pub fn cdf(&self, ln_minutes: f64) -> f64 {
        let one = |centre: &f64| {
            if self.scale > 0.0 {
                self.standard.cdf((ln_minutes - centre) / self.scale)
            } else {
                f64::from(u8::from(ln_minutes >= *centre))
            }
        };
        self.centres.iter().map(one).sum::<f64>() / self.count()
    }

    /// ln of the density at a value: the log score of a prediction that came out so. `None` for a
    /// distribution without scatter, which has no density.
    #[must_use]
    pub fn ln_density(&self, ln_minutes: f64) -> Option<f64> {
        let one = |centre: &f64| self.standard.pdf((ln_minutes - centre) / self.scale) / self.scale;
        let density = self.centres.iter().map(one).sum::<f64>() / self.count();
        let ln = density.ln();
        (self.scale > 0.0 && ln.is_finite()).then_some(ln)
    }

    /// The value below which a share, above 0 and below 1, of the probability lies; infinite where
    /// so much of it is.
    #[must_use]
    pub fn quantile(&self, share: f64) -> f64 {
        let (Some(first), Some(last)) = (self.centres.first(), self.centres.last()) else {
            return f64::INFINITY;
        };
        let finite = self.centres.len() as f64 / self.count();
        if share >= finite {
            return f64::INFINITY;
        }
        // The quantile of a mixture lies between those of its parts.
        let reach = if self.scale > 0.0 {
            self.scale * self.standard.inverse_cdf(share / finite)
        } else {
            0.0
        };
        let (mut low, mut high) = (first + reach, last + reach);
        for _ in 0..BISECTIONS {
            let middle = 0.5 * (low + high);
            if self.cdf(middle) < share {
                low = middle;
            } else {
                high = middle;
            }
            if high - low <= 1e-12 * (1.0 + high.abs()) {
                break;
            }
        }
        high
    }

    /// The central interval of [`crate::quantile::INTERVAL_COVERAGE`], as horizons.
    #[must_use]
    pub fn interval(&self) -> HorizonInterval {
        let (low, high) = interval_ends();
        let end = |share| Horizon::from_minutes(self.quantile(share).exp());
        HorizonInterval {
            low: end(low),
            high: end(high),
        }
    }

    fn count(&self) -> f64 {
        (self.centres.len() + self.infinite) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_centre_is_students_t() {
        // scipy.stats.t(5, 2, 0.5): ppf(0.975), cdf(2.7), logpdf(2.7).
        let t = Predictive::new(vec![2.0], 0.5, 5).unwrap();
        assert!((t.quantile(0.975) - 3.285_290_917_8).abs() < 1e-8);
        assert!((t.cdf(2.7) - 0.889_798_060_0).abs() < 1e-8);
        assert!((t.ln_density(2.7).unwrap() - -1.267_697_094_2).abs() < 1e-7);
    }

    #[test]
    fn without_scatter_there_are_only_centres() {
        let steps = Predictive::new(vec![3.0, 1.0, f64::INFINITY, 2.0], 0.0, 1).unwrap();
        assert_eq!(steps.ln_density(1.0), None);
        assert!((steps.cdf(2.0) - 0.5).abs() < 1e-15);
        assert!((steps.quantile(0.5) - 2.0).abs() < 1e-9);
        assert!(steps.quantile(0.75).is_infinite());
        assert_eq!(steps.interval().high, Horizon::BeyondAll);
        let nowhere = Predictive::new(vec![f64::INFINITY], 1.0, 1).unwrap();
        assert!(nowhere.quantile(0.1).is_infinite());
        assert_eq!(Predictive::new(Vec::new(), 1.0, 1), None);
        assert_eq!(Predictive::new(vec![1.0], 1.0, 0), None);
        assert_eq!(Predictive::new(vec![1.0], f64::NAN, 1), None);
    }

    proptest! {
        #[test]
        fn quantiles_invert_the_distribution(
            centres in prop::collection::vec(-5.0..5.0_f64, 1..20),
            infinite in 0..5_usize,
            scale in 0.01..2.0_f64,
            freedom in 1..20_usize,
            share in 0.01..0.6_f64,
        ) {
            let mut all = centres;
            let finite = all.len() as f64;
            all.extend(vec![f64::INFINITY; infinite]);
            let share = share * finite / all.len() as f64;
            let mixture = Predictive::new(all, scale, freedom).unwrap();
            let there = mixture.quantile(share);
            prop_assert!((mixture.cdf(there) - share).abs() < 1e-8, "{there}");
        }
    }
}
