//! What uncertain human times do to horizons and their trend.

use horizon::human_time::censored::{CensoredError, CensoredTimes, SpreadSource, censored_times};
use horizon::human_time::noise::{NoiseEffect, noise_effects, noisy_bootstrap};
use horizon::human_time::reliance::Reliance;
use horizon::human_time::simex::{Simex, SimexError, SimexSettings, simex};
use horizon::human_time::{HumanTimeError, HumanTimes, NoiseSettings};
use horizon::trend::{ShortHorizons, Trend, TrendError};
use horizon::{Horizon, Release, Window, trend};
use serde::Serialize;

use super::{HumanEvidence, Measurement};

/// Standard deviation of ln minutes of one person's time where nothing tells it: METR's figure of
/// 2025 for its own baselines.
pub const USUAL_LN_SD: f64 = 0.85;

/// Why nothing could be found.
#[derive(Debug, thiserror::Error)]
pub enum NoiseError {
    /// The human times make no sense.
    #[error(transparent)]
    HumanTimes(#[from] HumanTimeError),
    /// The curves could not be corrected.
    #[error(transparent)]
    Simex(#[from] SimexError),
    /// The failed baselines could not be used.
    #[error(transparent)]
    Censored(#[from] CensoredError),
}

/// What uncertain human times do to horizons and their trend.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HumanTimeFindings {
    /// How well the length of every task is known.
    pub times: HumanTimes,
    /// What failed baselines say, where there are any.
    pub censored: Option<CensoredTimes>,
    /// One entry an agent.
    pub agents: Vec<AgentFinding>,
    /// The trend with lengths as they are.
    pub trend: Result<Trend, TrendError>,
    /// The same with noise in the replicates.
    pub trend_with_noise: Result<Trend, TrendError>,
    /// The trend through corrected horizons.
    pub trend_corrected: Result<Trend, TrendError>,
}

/// What noise does to one agent's horizons.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgentFinding {
    /// Interval of p50 with and without noise.
    pub noise: NoiseEffect,
    /// p50 with lengths as they are.
    pub p50: Horizon,
    /// p50 of the curve freed of noise.
    pub corrected_p50: Horizon,
    /// p80 of the same.
    pub corrected_p80: Horizon,
    /// What the horizon rests on.
    pub reliance: Reliance,
    /// The correction itself.
    pub simex: Simex,
}

impl HumanTimeFindings {
    /// Finds what noise does to a measurement, and to the trend in a window.
    ///
    /// # Errors
    /// Evidence or settings that make no sense.
    pub fn of(
        measurement: &Measurement,
        evidence: &HumanEvidence,
        noise: NoiseSettings,
        window: Window,
    ) -> Result<Self, NoiseError> {
        let dataset = &measurement.dataset;
        let times = HumanTimes::new(dataset, &evidence.by_task, noise)?;
        let settings = &measurement.analysis.settings;
        let (weighting, lambda) = (settings.weighting, settings.lambda);
        let corrections = SimexSettings {
            seed: settings.seed,
            ..SimexSettings::default()
        };
        let corrected = simex(dataset, &times, weighting, lambda, &corrections)?;
        let noisy = noisy_bootstrap(
            dataset,
            &times,
            weighting,
            lambda,
            settings.replicates,
            settings.seed,
        )?;
        let effects = noise_effects(dataset, &measurement.analysis.bootstrap, &noisy, 0.5);

        let through = |releases: &[Release]| trend(releases, window, ShortHorizons::LeaveOut);
        let plain = measurement.releases(0.5);
        let position = |release: &Release| dataset.agent_index(&release.agent);
        let with_noise: Vec<Release> = plain
            .iter()
            .filter_map(|release| {
                let agent = position(release)?;
                Some(Release {
                    replicates_minutes: noisy.crossings_minutes(agent, 0.5),
                    ..release.clone()
                })
            })
            .collect();
        let without: Vec<Release> = plain
            .iter()
            .filter_map(|release| {
                let agent = position(release)?;
                Some(Release {
                    horizon: corrected.get(agent)?.horizon(0.5),
                    replicates_minutes: Vec::new(),
                    ..release.clone()
                })
            })
            .collect();
        let failed = evidence
            .baselines
            .iter()
            .any(|baselines| !baselines.failed_minutes.is_empty());
        let usual = noise.fallback_ln_sd.unwrap_or(USUAL_LN_SD);
        let spread = times.baseline_spread.map_or(usual, |it| it.ln_sd);
        let censored = failed
            .then(|| censored_times(&evidence.baselines, SpreadSource::Fixed(spread)))
            .transpose()?;
        let agents = effects
            .into_iter()
            .zip(corrected)
            .zip(&measurement.reliance)
            .zip(&measurement.analysis.agents)
            .map(|(((noise, simex), reliance), agent)| AgentFinding {
                p50: agent.fit.horizon(0.5),
                corrected_p50: simex.horizon(0.5),
                corrected_p80: simex.horizon(0.8),
                noise,
                reliance: reliance.clone(),
                simex,
            })
            .collect();
        Ok(Self {
            times,
            censored,
            agents,
            trend: through(&plain),
            trend_with_noise: through(&with_noise),
            trend_corrected: through(&without),
        })
    }
}
