//! How much horizons depend on the penalty.
//!
//! The ridge penalty of METR's earlier fits flattens curves, which moves the p50 of strong agents
//! up and their p80 down. Fits under the published penalties and under none, side by side, show by
//! how much.

use serde::Serialize;

use crate::data::Dataset;
use crate::horizon::Horizon;
use crate::lambda::Lambda;
use crate::logistic::{Fit, fit};
use crate::observe::observations;
use crate::weights::Weighting;

/// The penalties held side by side: METR's two, and none.
pub const PENALTIES: [Lambda; 3] = [Lambda::METR_TH1_0, Lambda::METR_2026_03, Lambda::NONE];

/// One agent under one penalty.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Penalised {
    /// The penalty.
    pub lambda: Lambda,
    /// The fit under it.
    pub fit: Fit,
    /// Its horizons, in the order asked for.
    pub horizons: Vec<PenalisedHorizon>,
}

/// A horizon under a penalty, relative to the same under none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PenalisedHorizon {
    /// Chance of success at the horizon.
    pub probability: f64,
    /// The horizon.
    pub horizon: Horizon,
    /// It, divided by the unpenalised one; `None` unless both are numbers of minutes.
    pub ratio_to_unpenalised: Option<f64>,
}

/// Fits one agent under each of [`PENALTIES`], with horizons at given chances of success.
#[must_use]
pub fn lambda_sensitivity(
    dataset: &Dataset,
    agent: usize,
    weighting: Weighting,
    probabilities: &[f64],
) -> Vec<Penalised> {
    let observations = observations(dataset, agent, weighting);
    let unpenalised = fit(&observations, Lambda::NONE);
    let penalised = |&lambda: &Lambda| {
        let fit = fit(&observations, lambda);
        let horizon = |&probability: &f64| {
            let horizon = fit.horizon(probability);
            PenalisedHorizon {
                probability,
                horizon,
                ratio_to_unpenalised: ratio(horizon, unpenalised.horizon(probability)),
            }
        };
        Penalised {
            lambda,
            fit,
            horizons: probabilities.iter().map(horizon).collect(),
        }
    };
    PENALTIES.iter().map(penalised).collect()
}

fn ratio(horizon: Horizon, unpenalised: Horizon) -> Option<f64> {
    match (horizon, unpenalised) {
        (Horizon::Minutes(minutes), Horizon::Minutes(reference)) => {
            Some(minutes / reference).filter(|ratio| ratio.is_finite())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Run;

    fn dataset(rates: &[f64]) -> Dataset {
        let runs = (0_u32..).zip(rates).map(|(doublings, &success)| Run {
            agent: "a".to_owned(),
            task: format!("f/{doublings}"),
            family: "f".to_owned(),
            human_minutes: f64::from(doublings).exp2(),
            success,
        });
        Dataset::new(runs).unwrap()
    }

    #[test]
    fn a_penalty_lengthens_a_p50_beyond_most_tasks_and_shortens_the_p80() {
        let strong = dataset(&[1.0, 1.0, 0.9, 0.95, 0.9, 0.8, 0.6, 0.4]);
        let found = lambda_sensitivity(&strong, 0, Weighting::Equal, &[0.5, 0.8]);
        let ratios: Vec<f64> = found[0]
            .horizons
            .iter()
            .map(|horizon| horizon.ratio_to_unpenalised.unwrap())
            .collect();
        assert!(ratios[0] > 1.2 && ratios[1] < 0.95, "{ratios:?}");
        let light = found[1].horizons[0].ratio_to_unpenalised.unwrap();
        assert!((light - 1.0).abs() < 1e-3, "{light}");
        assert_eq!(found[2].horizons[1].ratio_to_unpenalised, Some(1.0));
    }

    #[test]
    fn ends_have_no_ratio() {
        let failing = dataset(&[0.0, 0.0]);
        let found = lambda_sensitivity(&failing, 0, Weighting::Equal, &[0.5]);
        assert_eq!(found[0].horizons[0].horizon, Horizon::BelowAll);
        assert_eq!(found[0].horizons[0].ratio_to_unpenalised, None);
        let separated = dataset(&[1.0, 0.0]);
        let found = lambda_sensitivity(&separated, 0, Weighting::Equal, &[0.5]);
        assert!(matches!(found[2].fit, Fit::Separated { .. }));
        assert!(found[0].horizons[0].horizon.minutes().is_some());
        assert_eq!(found[0].horizons[0].ratio_to_unpenalised, None);
    }
}
