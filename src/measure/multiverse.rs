//! How far the trend moves with every choice and chance behind it.

use horizon::human_time::{HumanTimes, NoiseSettings};
use horizon::multiverse::{MultiverseError, MultiverseSettings, SourceSpread, Varied, multiverse};
use serde::Serialize;

use super::{HumanEvidence, Measurement, USUAL_LN_SD};

/// Spreads of the trend by what is behind it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Multiverse {
    /// Everything that determines them, besides data.
    pub settings: MultiverseSettings,
    /// One source at a time, and everything at once as the last.
    pub sources: Vec<SourceSpread>,
}

impl Multiverse {
    /// Varies weighting and λ, models, tasks, runs and human times around the settings of a
    /// measurement, `universes` times each.
    ///
    /// # Errors
    /// Human times that make no sense.
    pub fn of(
        measurement: &Measurement,
        evidence: &HumanEvidence,
        target_minutes: f64,
        universes: usize,
    ) -> Result<Self, MultiverseError> {
        let dataset = &measurement.dataset;
        let noise = NoiseSettings {
            fallback_ln_sd: Some(USUAL_LN_SD),
            ..NoiseSettings::default()
        };
        let times = HumanTimes::new(dataset, &evidence.by_task, noise)?;
        let base = &measurement.analysis.settings;
        let settings = MultiverseSettings {
            base_weighting: base.weighting,
            base_lambda: base.lambda,
            target_minutes,
            window: measurement.window,
            universes,
            seed: base.seed,
            ..MultiverseSettings::default()
        };
        let day_of = |agent: &str| measurement.release_days.get(agent).map(|&day| day.into());
        let sources = multiverse(
            dataset,
            Some(&times),
            &Varied::EACH_AND_ALL,
            &settings,
            day_of,
        )?;
        Ok(Self { settings, sources })
    }
}
